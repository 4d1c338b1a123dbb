//! Which characters are letters and digits, and what they are in lower case, of the scripts that tables are written in. The standard
//! library's tables of all scripts would be an eighth of a page's reader of rows.

/// A letter in lower case: Latin, Greek, Cyrillic, Armenian, and the wide Latin of East Asia.
pub(super) fn lower(character: char) -> char {
    let code = u32::from(character);
    let lower = match code {
        0x41..=0x5a | 0xc0..=0xd6 | 0xd8..=0xde | 0x391..=0x3a1 | 0x3a3..=0x3ab | 0x410..=0x42f | 0xff21..=0xff3a => {
            code + 0x20
        }
        0x400..=0x40f => code + 0x50,
        0x531..=0x556 => code + 0x30,
        // Pairs, the capital first: Latin's at even places, then at odd ones, then even again.
        0x100..=0x12f
        | 0x132..=0x137
        | 0x14a..=0x177
        | 0x460..=0x481
        | 0x48a..=0x4bf
        | 0x4d0..=0x52f
        | 0x1e00..=0x1e95
        | 0x1ea0..=0x1eff => code | 1,
        0x139..=0x148 | 0x179..=0x17e => code + (code & 1),
        0x130 => 0x69,
        0x178 => 0xff,
        0x386 => 0x3ac,
        0x388..=0x38a => code + 0x25,
        0x38c => 0x3cc,
        0x38e | 0x38f => code + 0x3f,
        _ => code,
    };
    char::from_u32(lower).unwrap_or(character)
}

/// Whether a character is a letter or a digit. Beyond ASCII that is whatever is no space, no mark that goes with a letter, and no
/// sign of the blocks of signs.
pub(super) fn is_letter_or_digit(character: char) -> bool {
    match u32::from(character) {
        0..0x80 => character.is_ascii_alphanumeric(),
        // Letters among the signs of Latin-1: ordinals and micro.
        0x80..0xc0 => matches!(character, 'ª' | 'µ' | 'º'),
        0xd7 | 0xf7 => false,
        0x2b0..0x370 | 0x2000..0x2c00 | 0x2e00..0x2e80 | 0x3000..0x3005 | 0x3008..0x3021 | 0xe000..0xf900 => false,
        0xfe00..0xfe70 | 0xff00..0xff10 | 0xff1a..0xff21 | 0xff3b..0xff41 | 0xff5b..0xff66 | 0xffe0..0x10000 => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_in_lower_case_as_the_standard_library_has_them() {
        for code in (0..0x250)
            .chain(0x370..0x3cf)
            .chain(0x400..0x588)
            .chain(0x1e00..0x1f00)
            .chain(0x4e00..0x4f00)
            .chain(0xff00..0xff60)
        {
            let Some(character) = char::from_u32(code) else { continue };
            let all: Vec<char> = character.to_lowercase().collect();
            // Some are two characters, or a letter of rare languages.
            let is_rare = matches!(code, 0x130 | 0x181..=0x24f | 0x370..=0x37f | 0x3cf | 0x4c0..=0x4cf | 0x1e9e);
            assert!(is_rare || all == [lower(character)], "{character} {code:x}");
        }
    }

    #[test]
    fn letters_and_digits_are_told_from_signs() {
        for code in (0..0x250).chain(0x370..0x588).chain(0x3000..0x3100).chain(0x4e00..0x4f00).chain(0xff00..0xffe0) {
            let Some(character) = char::from_u32(code) else { continue };
            let is_rare = matches!(code, 0x80..=0xbf | 0x375 | 0x378..=0x38d | 0x3a2 | 0x3f6 | 0x482..=0x489 | 0x530..=0x588 | 0x3021..=0x3100 | 0xff66..);
            assert!(is_rare || character.is_alphanumeric() == is_letter_or_digit(character), "{character} {code:x}");
        }
    }
}
