//! Bytes that travel in a script, as a text of as many characters: `npm/inside/text.js` reads it. `xtask/package.mjs` writes the wasm
//! modules likewise.

/// How many bytes at most change places with others: what more would save is less than what they add.
const MOST_EXCHANGED: usize = 15;
/// A module's beginning, by which it is found in a bundle; and what begins an escape where a bundler writes a template.
const KEPT: &[u8] = b"\x01asm${";

/// The script for `import`.
pub(super) fn module(bytes: &[u8]) -> Vec<u8> {
    script(bytes, "export const ")
}

/// The script for `require`.
pub(super) fn required(bytes: &[u8]) -> Vec<u8> {
    script(bytes, "exports.")
}

fn script(bytes: &[u8], export: &str) -> Vec<u8> {
    let pairs = exchanged_in(bytes);
    let mut other: Vec<u8> = (0..=255).collect();
    for &[one, two] in &pairs {
        other.swap(usize::from(one), usize::from(two));
    }
    let text: Vec<u8> = bytes.iter().map(|&byte| other[usize::from(byte)]).collect();
    let length = bytes.len();
    let (exchanged, text) = (written(&pairs.concat()), written(&text));
    format!("{export}length={length};{export}exchanged={exchanged};{export}text={text};\n").into_bytes()
}

/// Whether a byte is more than one byte of a script: an escape, or two of UTF-8.
fn is_long(byte: u8) -> bool {
    byte >= 128 || matches!(byte, 0 | b'\n' | b'\r' | b'"' | b'\\')
}

/// Pairs of bytes that change places, so that what is frequent is one byte of the script.
fn exchanged_in(bytes: &[u8]) -> Vec<[u8; 2]> {
    let mut counts = [0_usize; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let count = |byte: u8| counts[usize::from(byte)];
    let (mut long, mut short): (Vec<u8>, Vec<u8>) = (0..=255).partition(|&byte| is_long(byte));
    short.retain(|byte| !KEPT.contains(byte));
    long.sort_by_key(|&byte| std::cmp::Reverse(count(byte)));
    short.sort_by_key(|&byte| count(byte));
    let pairs = long.into_iter().zip(short).take(MOST_EXCHANGED);
    pairs.filter(|&(one, two)| count(one) > count(two)).map(|(one, two)| [one, two]).collect()
}

/// Bytes as what stands between two quotes of a script.
fn written(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    out.push('"');
    for (place, &byte) in bytes.iter().enumerate() {
        match byte {
            // `\0` before a digit would be another character's escape.
            0 if bytes.get(place + 1).is_some_and(u8::is_ascii_digit) => out.push_str("\\x00"),
            0 => out.push_str("\\0"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            byte => out.push(char::from(byte)),
        }
    }
    out.push('"');
    out
}

/// The bytes that a script carries; nothing if it is none of these.
pub(super) fn bytes_of(script: &[u8]) -> Option<Vec<u8>> {
    let script = std::str::from_utf8(script).ok()?;
    let literal = |name: &str| {
        let (_, rest) = script.split_once(&format!("{name}=\""))?;
        let mut bytes = Vec::new();
        let mut characters = rest.chars();
        loop {
            match characters.next()? {
                '"' => return Some(bytes),
                '\\' => match characters.next()? {
                    '0' => bytes.push(0),
                    'n' => bytes.push(b'\n'),
                    'r' => bytes.push(b'\r'),
                    'x' => {
                        characters.nth(1)?;
                        bytes.push(0);
                    }
                    other => bytes.push(u8::try_from(other).ok()?),
                },
                character => bytes.push(u8::try_from(u32::from(character)).ok()?),
            }
        }
    };
    let (exchanged, mut bytes) = (literal("exchanged")?, literal("text")?);
    for byte in &mut bytes {
        if let Some(place) = exchanged.iter().position(|each| each == byte) {
            *byte = *exchanged.get(place ^ 1)?;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_is_read_again() {
        let all: Vec<u8> = (0..=255).collect();
        let zeros = [&[0; 100][..], b"0\\\"\r\n 0", &all].concat();
        for bytes in [Vec::new(), all, zeros, crate::shipped::diabetes_bytes().to_vec()] {
            for script in [module(&bytes), required(&bytes)] {
                assert_eq!(bytes_of(&script), Some(bytes.clone()));
            }
        }
        assert_eq!(bytes_of(b"export const text=\""), None);
    }

    #[test]
    fn few_bytes_are_escaped() {
        let script = module(crate::shipped::diabetes_bytes());
        // Base64 would be a third more.
        assert!(script.len() < crate::shipped::diabetes_bytes().len() * 4 / 3, "{}", script.len());
    }
}
