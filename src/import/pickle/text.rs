//! The texts of the oldest protocols, which are lines with escapes.

use std::borrow::Cow;

/// A line of Python's `raw-unicode-escape`: Latin-1, in which `\uXXXX` and `\UXXXXXXXX` are characters.
pub(super) fn unescaped(line: &[u8]) -> Option<Cow<'_, str>> {
    if line.is_ascii() && !line.contains(&b'\\') {
        return std::str::from_utf8(line).ok().map(Cow::Borrowed);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let [first, after @ ..] = rest {
        let digits = match after {
            [b'u', ..] if *first == b'\\' => 4,
            [b'U', ..] if *first == b'\\' => 8,
            _ => {
                out.push(char::from(*first));
                rest = after;
                continue;
            }
        };
        let number = after.get(1..=digits).and_then(|digits| std::str::from_utf8(digits).ok());
        let number = number.and_then(|digits| u32::from_str_radix(digits, 16).ok())?;
        // Half of a pair of surrogates is no character.
        out.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
        rest = &after[digits + 1..];
    }
    Some(Cow::Owned(out))
}

/// A line that is a text of Python 2 as its source has it: in quotes, bytes beyond ASCII as `\xHH`.
pub(super) fn unquoted(line: &[u8]) -> Option<Cow<'_, str>> {
    let inner = match line {
        [b'\'', inner @ .., b'\''] | [b'"', inner @ .., b'"'] => inner,
        _ => return None,
    };
    if !inner.contains(&b'\\') {
        return Some(latin_1(inner));
    }
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'\\' {
            out.push(char::from(*first));
            continue;
        }
        let [escaped, after @ ..] = rest else { return None };
        rest = after;
        out.push(match escaped {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'x' => {
                let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok())?;
                rest = &rest[2..];
                char::from(u8::from_str_radix(digits, 16).ok()?)
            }
            other => char::from(*other),
        });
    }
    Some(Cow::Owned(out))
}

/// Bytes each of which is the character of its number.
pub(super) fn latin_1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}
