//! Sentences, put together. The standard library's macros would do it with a fifth more of a page's reader of rows.

use super::plan::Note;
use crate::error::{Code, Error};
use crate::number::digits_of;

/// A template with a part in the place of each `{}`.
pub(super) fn filled(template: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut out = String::new();
    for character in template.chars() {
        match character {
            '{' => out.push_str(parts.next().unwrap_or(&"")),
            '}' => {}
            other => out.push(other),
        }
    }
    out
}

/// An error that says this.
#[cold]
#[inline(never)]
pub(super) fn fault(code: Code, template: &str, parts: &[&str]) -> Error {
    Error::of(code, filled(template, parts).into_bytes())
}

/// A note that says this.
#[cold]
#[inline(never)]
pub(super) fn note(code: &'static str, template: &str, parts: &[&str]) -> Note {
    Note { code, message: filled(template, parts) }
}

/// Texts with commas between them.
pub(super) fn list(texts: &[&str], between: &str) -> String {
    let mut out = String::new();
    for (place, text) in texts.iter().enumerate() {
        if place > 0 {
            out.push_str(between);
        }
        out.push_str(text);
    }
    out
}

/// Whether a text has this character. What of the standard library looks for characters and words is a thirtieth of a page's
/// reader of rows.
pub(super) fn has(text: &str, sign: char) -> bool {
    text.chars().any(|character| character == sign)
}

/// What stands before a character's first place in a text, and what behind it.
pub(crate) fn split(text: &str, sign: char) -> Option<(&str, &str)> {
    let (place, _) = text.char_indices().find(|&(_, character)| character == sign)?;
    Some((&text[..place], &text[place + sign.len_utf8()..]))
}

/// Likewise of its last.
pub(super) fn split_last(text: &str, sign: char) -> Option<(&str, &str)> {
    let (place, _) = text.char_indices().rfind(|&(_, character)| character == sign)?;
    Some((&text[..place], &text[place + sign.len_utf8()..]))
}

/// What stands between these characters in a text.
pub(crate) fn parts(mut text: &str, between: char) -> Vec<String> {
    let mut parts = Vec::new();
    while let Some((part, rest)) = split(text, between) {
        parts.push(part.to_owned());
        text = rest;
    }
    parts.push(text.to_owned());
    parts
}

/// A text without this character.
pub(super) fn without(text: &str, sign: char) -> String {
    text.chars().filter(|&character| character != sign).collect()
}

/// A count's, or a place's.
pub(super) fn count(number: usize) -> String {
    digits_of(number as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_put_together() {
        assert_eq!(filled("{} is no {}", &["a", "b"]), "a is no b");
        assert_eq!(list(&["a", "b", "c"], " and "), "a and b and c");
        assert_eq!([0, 7, 10, u64::MAX].map(digits_of), ["0", "7", "10", "18446744073709551615"]);
    }
}
