//! Bytes → UTF-8, whatever wrote them.
//!
//! By hand: `encoding_rs`, which every browser's decoders follow, brings tables of all of East Asia's encodings, and they would be
//! four fifths of the module that reads rows on a page.

use serde::{Deserialize, Serialize};

/// How a file's characters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with a byte order mark or without.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, the low byte first: what Excel calls "Unicode text".
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, the high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// What Windows writes in the west of Europe and in America; also Latin-1, which is a part of it.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// The encoding of a file that begins so: by its byte order mark; else UTF-16 where every other byte is zero, UTF-8 where
    /// these bytes are that, Windows-1252 where they are not. `is_whole` tells whether the last character may be cut off.
    pub fn of(start: &[u8], is_whole: bool) -> Self {
        match start {
            [0xff, 0xfe, ..] => return Self::Utf16Le,
            [0xfe, 0xff, ..] => return Self::Utf16Be,
            [0xef, 0xbb, 0xbf, ..] => return Self::Utf8,
            _ => {}
        }
        let (pairs, _) = start[..start.len().min(1000)].as_chunks::<2>();
        let zeros = |place: usize| pairs.iter().filter(|pair| pair[place] == 0).count();
        let pairs = pairs.len();
        // Digits and delimiters have a zero byte each; text of other scripts has few, but is not all that a table has.
        match (2 * zeros(0) > pairs, 2 * zeros(1) > pairs) {
            (false, true) => return Self::Utf16Le,
            (true, false) => return Self::Utf16Be,
            _ => {}
        }
        match std::str::from_utf8(start) {
            Ok(_) => Self::Utf8,
            Err(error) if error.error_len().is_none() && !is_whole => Self::Utf8,
            Err(_) => Self::Windows1252,
        }
    }

    /// The name that programs use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// The encoding of this name, as [`Encoding::name`] gives it, in any case; also `latin1`, `iso-8859-1`, `cp1252`, `utf8` and `utf-16`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Self::Utf8,
            "utf-16le" | "utf-16" | "utf16" => Self::Utf16Le,
            "utf-16be" => Self::Utf16Be,
            "windows-1252" | "cp1252" | "latin1" | "latin-1" | "iso-8859-1" => Self::Windows1252,
            _ => return None,
        })
    }
}

/// What Windows puts before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What Windows-1252 has from 0x80 to 0x9f, where Latin-1 has control characters; five places are empty, and stay those.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Makes UTF-8 of a file's bytes, a piece at a time. UTF-8 goes through as it is, so that a byte that is none of a character
/// harms the one field that it is in.
pub(super) struct Decoding {
    encoding: Encoding,
    /// The first bytes, while they may still become a byte order mark.
    start: Option<Vec<u8>>,
    /// Of UTF-16 a byte whose second is still to come, and a first half of a character.
    half: Option<u8>,
    surrogate: Option<u16>,
    text: String,
    bytes: Vec<u8>,
}

impl Decoding {
    pub(super) fn new(encoding: Encoding) -> Self {
        let (text, bytes) = (String::new(), Vec::new());
        Self { encoding, start: Some(Vec::new()), half: None, surrogate: None, text, bytes }
    }

    /// The next piece in UTF-8; `last` tells that no more come.
    pub(super) fn next<'a>(&'a mut self, bytes: &'a [u8], last: bool) -> &'a [u8] {
        match self.encoding {
            Encoding::Utf8 => self.without_mark(bytes, last),
            Encoding::Windows1252 => {
                self.text.clear();
                self.text.extend(bytes.iter().map(|&byte| match byte {
                    0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
                    other => char::from(other),
                }));
                self.text.as_bytes()
            }
            Encoding::Utf16Le | Encoding::Utf16Be => {
                self.text.clear();
                for &byte in bytes {
                    let Some(first) = self.half.take() else {
                        self.half = Some(byte);
                        continue;
                    };
                    let pair = [first, byte];
                    let is_little = self.encoding == Encoding::Utf16Le;
                    self.unit(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) });
                }
                if last && (self.half.take().is_some() | self.surrogate.take().is_some()) {
                    self.text.push(char::REPLACEMENT_CHARACTER);
                }
                self.text.as_bytes()
            }
        }
    }

    /// UTF-8 without its byte order mark.
    fn without_mark<'a>(&'a mut self, bytes: &'a [u8], last: bool) -> &'a [u8] {
        let Some(start) = &mut self.start else { return bytes };
        start.extend_from_slice(bytes);
        if start.len() < BYTE_ORDER_MARK.len() && !last {
            return &[];
        }
        self.bytes = self.start.take().unwrap_or_default();
        self.bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&self.bytes)
    }

    /// One unit of UTF-16: a character, or a half of one. A half without the other is no character, and shown as that.
    fn unit(&mut self, unit: u16) {
        let is_first = self.start.take().is_some();
        if is_first && unit == 0xfeff {
            return;
        }
        let is_second_half = (0xdc00..0xe000).contains(&unit);
        match self.surrogate.take() {
            Some(first) if is_second_half => {
                let code = 0x1_0000 + ((u32::from(first) & 0x3ff) << 10 | u32::from(unit) & 0x3ff);
                self.text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            one_half => {
                self.text.extend(one_half.map(|_| char::REPLACEMENT_CHARACTER));
                match char::from_u32(u32::from(unit)) {
                    Some(character) => self.text.push(character),
                    None if is_second_half => self.text.push(char::REPLACEMENT_CHARACTER),
                    None => self.surrogate = Some(unit),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn a_files_encoding_is_told_by_its_beginning() {
        assert_eq!(Encoding::of(b"", true), Encoding::Utf8);
        assert_eq!(Encoding::of(b"\xef\xbb\xbfa,b", true), Encoding::Utf8);
        assert_eq!(Encoding::of("é,1".as_bytes(), true), Encoding::Utf8);
        // A character that the sample's end cuts is none that is wrong.
        assert_eq!(Encoding::of(&"é".as_bytes()[..1], false), Encoding::Utf8);
        assert_eq!(Encoding::of(&"é".as_bytes()[..1], true), Encoding::Windows1252);
        assert_eq!(Encoding::of(b"caf\xe9,1", true), Encoding::Windows1252);
        for big in [false, true] {
            let expected = if big { Encoding::Utf16Be } else { Encoding::Utf16Le };
            for text in ["\u{feff}a,b\n1,2\n", "a,b\n1,2\n", "血糖,age\n1.5,2\n2.5,3\n"] {
                assert_eq!(Encoding::of(&utf16(text, big), true), expected, "{text}");
            }
        }
    }

    #[test]
    fn pieces_of_any_size_give_the_same_text() {
        let text = "\u{feff}naïve 血糖 😀 €\n1,2\n";
        let windows = b"na\xefve \x80\n".to_vec();
        let cases = [
            (Encoding::Utf8, text.as_bytes().to_vec(), &text[3..]),
            (Encoding::Utf16Le, utf16(text, false), &text[3..]),
            (Encoding::Utf16Be, utf16(text, true), &text[3..]),
            (Encoding::Windows1252, windows, "naïve €\n"),
        ];
        for (encoding, bytes, expected) in cases {
            for size in [1, 2, 3, 4, 5, 1000] {
                let mut decoding = Decoding::new(encoding);
                let mut found = Vec::new();
                for piece in bytes.chunks(size) {
                    found.extend_from_slice(decoding.next(piece, false));
                }
                found.extend_from_slice(decoding.next(&[], true));
                assert_eq!(String::from_utf8(found).expect("UTF-8"), expected, "{encoding:?} by {size}");
            }
        }
        // Halves of characters, and of units.
        let mut decoding = Decoding::new(Encoding::Utf16Le);
        let broken = [0xd83d_u16, 0x61, 0xde00, 0xd83d, 0xde00, 0xd83d].map(u16::to_le_bytes).concat();
        let mut found = decoding.next(&broken, false).to_vec();
        found.extend_from_slice(decoding.next(&[0x61], true));
        assert_eq!(String::from_utf8(found).expect("UTF-8"), "\u{fffd}a\u{fffd}😀\u{fffd}");
        for name in ["utf-8", "utf-16le", "utf-16be", "windows-1252"] {
            let encoding = Encoding::named(name).expect("a name");
            assert_eq!(encoding.name(), name);
            assert_eq!(serde_json::to_value(encoding).expect("a text"), name);
        }
    }
}
