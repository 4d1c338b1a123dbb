//! Texts within texts: HTML, JSON and templates, escaped where they meet; hashes and packing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::case::wrong;
use crate::error::{Result, quoted};
use crate::format::checksum;

/// A text in HTML, also between double quotes.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

/// JSON that no HTML and no script ends: the same value.
pub(crate) fn json(value: &impl Serialize) -> String {
    let plain = serde_json::to_string(value).unwrap_or_default();
    let mut out = String::with_capacity(plain.len());
    for character in plain.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out
}

/// What CSP and `integrity` call a hash.
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}

/// The part of a hash that an address has.
pub(crate) fn short(bytes: &[u8]) -> String {
    integrity(bytes)[7..19].replace('+', "-").replace('/', "_")
}

/// Bytes in base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// What base64 stands for.
pub(crate) fn of_base64(text: &str) -> Result<Vec<u8>> {
    STANDARD.decode(text.trim()).map_err(|error| wrong("", error.to_string()))
}

/// Bytes packed as gzip does, without a time or a name: by one packer on every machine, so that they are the same everywhere.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    const LEVEL: u8 = 9;
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    let mut out = HEADER.to_vec();
    out.extend(miniz_oxide::deflate::compress_to_vec(bytes, LEVEL));
    out.extend(checksum(bytes).to_le_bytes());
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}

/// What stands in the place of each `@@token@@` of a template. What is put in is not looked at again.
pub(crate) fn filled(template: &str, file: &str, mut part: impl FnMut(&str) -> Option<String>) -> Result<String> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("@@") {
        out.push_str(before);
        let end =
            after.find(|character: char| !character.is_ascii_lowercase() && character != '-').unwrap_or(after.len());
        match after[end..].strip_prefix("@@").filter(|_| end > 0) {
            Some(behind) => {
                let token = &after[..end];
                let Some(part) = part(token) else {
                    return Err(wrong(file, format!("the shell asks for {}, which is unknown", quoted(token))));
                };
                out.push_str(&part);
                rest = behind;
            }
            None => {
                out.push_str("@@");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_end_nothing_that_they_are_in() {
        assert_eq!(html("<a href=\"x\" onclick='y'>&"), "&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp;");
        let text = json(&"</script><!--&\u{2028}\u{2029}é🙂\"");
        assert_eq!(text, "\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\\u2029é🙂\\\"\"");
        assert_eq!(serde_json::from_str::<String>(&text).expect("JSON"), "</script><!--&\u{2028}\u{2029}é🙂\"");
    }

    #[test]
    fn templates_are_filled_once() {
        let fill = |template| {
            filled(template, "x", |token| match token {
                "title" => Some("@@data@@".to_owned()),
                "data" => Some("D".to_owned()),
                _ => None,
            })
        };
        assert_eq!(fill("<b>@@title@@</b>@@data@@@@").expect("filled"), "<b>@@data@@</b>D@@");
        assert!(fill("@@other@@").expect_err("unknown").to_string().contains("\"other\""));
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let bytes: Vec<u8> = (0..10_000_u32).map(|index| (index % 251) as u8).collect();
        let packed = gzip(&bytes);
        assert_eq!(crate::import::unpacked(&packed).expect("gzip"), bytes);
    }
}
