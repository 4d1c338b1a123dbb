//! What is said of a file of rows.

use super::letters;
use super::text::Encoding;
use super::words;
use crate::error::{Code, Error, Result, quoted};

/// What is said of a file, which wins over what it looks like.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How characters are written.
    pub encoding: Option<Encoding>,
    /// How many lines stand before the table.
    pub skipped_lines: Option<usize>,
    /// What ends a cell: one ASCII character.
    pub delimiter: Option<char>,
    /// What stands before a number's fraction: `.` or `,`.
    pub decimal: Option<char>,
    /// What stands between each three digits.
    pub thousands: Option<char>,
    /// Whether the first record names the columns.
    pub header: Option<bool>,
    /// A feature's column: its name, or `#` and its number from 1; nothing where it has none.
    pub columns: Vec<(String, String)>,
    /// The unit that a feature's column is in.
    pub units: Vec<(String, String)>,
    /// The columns of base margins, one for each output: the name, or `#` and its number from 1.
    pub base_margins: Vec<String>,
    /// Texts that mean "not measured"; without any, pandas' own.
    pub missing: Option<Vec<String>>,
    /// Whether a feature may have no column: then no row has its value.
    pub absent: bool,
}

impl Options {
    /// Nothing is said.
    pub const fn new() -> Self {
        Self {
            encoding: None,
            skipped_lines: None,
            delimiter: None,
            decimal: None,
            thousands: None,
            header: None,
            columns: Vec::new(),
            units: Vec::new(),
            base_margins: Vec::new(),
            missing: None,
            absent: false,
        }
    }

    /// Takes up what an option of the command line says: `header` `yes`, `column` `age=#9`. Of those that may be said several times,
    /// `column`, `unit`, `base-margin` and `missing-text`, each is one more.
    ///
    /// # Errors
    /// `invalid_option` if there is no such option, or its text is none that it may have.
    pub fn set(&mut self, name: &str, text: &str) -> Result<()> {
        match name {
            "encoding" => match Encoding::named(text) {
                Some(encoding) => self.encoding = Some(encoding),
                None => return Err(is_not(name, "utf-8, utf-16le, utf-16be or windows-1252", text)),
            },
            "skip" => match text.parse() {
                Ok(lines) => self.skipped_lines = Some(lines),
                Err(_) => return Err(is_not(name, "a count of lines", text)),
            },
            "delimiter" if matches!(text, "tab" | "\\t" | "\t") => self.delimiter = Some('\t'),
            // What ends a cell is one byte.
            "delimiter" if !text.is_ascii() => return Err(is_not(name, "one ASCII sign", text)),
            "delimiter" => self.delimiter = Some(sign(name, text)?),
            "decimal" if !matches!(text, "." | ",") => return Err(is_not(name, ". or ,", text)),
            "decimal" => self.decimal = Some(sign(name, text)?),
            "thousands" => self.thousands = Some(sign(name, text)?),
            "header" if !matches!(text, "yes" | "no") => return Err(is_not(name, "yes or no", text)),
            "header" => self.header = Some(text == "yes"),
            "column" => self.columns.push(of_feature(name, text)?),
            "unit" => self.units.push(of_feature(name, text)?),
            "base-margin" => self.base_margins.push(text.to_owned()),
            "missing-text" => self.missing.get_or_insert_default().push(text.to_owned()),
            "absent" => self.absent = true,
            _ => {
                const UNKNOWN: &str = "there is no option {}; there are absent, base-margin, column, decimal, delimiter, encoding, \
                                       header, missing-text, skip, thousands and unit";
                return Err(words::fault(Code::InvalidOption, UNKNOWN, &[&quoted(name)]));
            }
        }
        Ok(())
    }
}

fn is_not(name: &str, wanted: &str, text: &str) -> Error {
    words::fault(Code::InvalidOption, "--{} is {}, not {}", &[name, wanted, &quoted(text)])
}

/// One sign: also the narrow spaces of French between thousands, and the apostrophes of Switzerland.
fn sign(name: &str, text: &str) -> Result<char> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(sign), None) if !letters::is_letter_or_digit(sign) && !['"', '\r', '\n', '+', '-'].contains(&sign) => {
            Ok(sign)
        }
        _ => Err(is_not(name, "one sign", text)),
    }
}

/// A feature and what is said of it. Its name may hold an equals sign; a column's number and a unit do not.
fn of_feature(name: &str, text: &str) -> Result<(String, String)> {
    match words::split_last(text, '=') {
        Some((feature, said)) => Ok((feature.to_owned(), said.to_owned())),
        None => Err(is_not(name, "a feature and something of it, as age=…", text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_taken_up_by_name() {
        let mut options = Options::default();
        for (name, text) in [
            ("encoding", "cp1252"),
            ("skip", "2"),
            ("delimiter", "tab"),
            ("decimal", ","),
            ("thousands", "\u{202f}"),
            ("header", "no"),
            ("column", "a=b=#3"),
            ("unit", "a=kg"),
            ("missing-text", "-"),
            ("missing-text", "?"),
            ("absent", ""),
        ] {
            options.set(name, text).expect(name);
        }
        let pair = |one: &str, other: &str| vec![(one.to_owned(), other.to_owned())];
        assert_eq!((options.encoding, options.skipped_lines), (Some(Encoding::Windows1252), Some(2)));
        assert_eq!((options.delimiter, options.decimal), (Some('\t'), Some(',')));
        assert_eq!((options.thousands, options.header), (Some('\u{202f}'), Some(false)));
        assert_eq!((options.columns, options.units), (pair("a=b", "#3"), pair("a", "kg")));
        assert_eq!((options.missing, options.absent), (Some(["-", "?"].map(str::to_owned).to_vec()), true));
    }

    #[test]
    fn what_an_option_may_not_say_is_refused() {
        for (name, text, wanted) in [
            ("encoding", "koi8-r", "--encoding is utf-8, utf-16le, utf-16be or windows-1252, not \"koi8-r\""),
            ("skip", "-1", "--skip is a count of lines, not \"-1\""),
            ("delimiter", "\u{202f}", "--delimiter is one ASCII sign, not \"\u{202f}\""),
            ("delimiter", "ab", "--delimiter is one sign, not \"ab\""),
            ("decimal", "·", "--decimal is . or ,, not \"·\""),
            ("thousands", "0", "--thousands is one sign, not \"0\""),
            ("header", "maybe", "--header is yes or no, not \"maybe\""),
            ("column", "age", "--column is a feature and something of it, as age=…, not \"age\""),
            ("sep", ";", "there is no option \"sep\""),
        ] {
            let error = Options::default().set(name, text).expect_err(name);
            assert!(error.code() == Code::InvalidOption && error.to_string().starts_with(wanted), "{error}");
        }
    }
}
