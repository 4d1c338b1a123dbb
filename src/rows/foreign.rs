//! Files of rows of other kinds, as the CSV text that the reader of rows takes: one reader has all the rules.

#[cfg(feature = "json-lines")]
mod json_lines;
#[cfg(feature = "workbooks")]
mod workbook;

#[cfg(feature = "json-lines")]
pub use json_lines::JsonLines;
#[cfg(feature = "workbooks")]
pub use workbook::{Book, LARGEST_WORKBOOK};

use super::options::Options;
use super::plan::Plan;
use super::text::Encoding;
use super::writer::push_cell;
use crate::error::{Code, Error, Result};

/// A kind of file that CSV text is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A workbook: `.xlsx`, `.xlsb`, `.xls`, `.ods`. `Book` reads it.
    Workbook,
    /// An object a line. `JsonLines` reads them.
    JsonLines,
}

impl Kind {
    /// What a file is that begins so; none if it is to be read as it is.
    ///
    /// # Errors
    /// `wrong_type` for a JSON list, which is no line of rows.
    pub fn of(start: &[u8]) -> Result<Option<Self>> {
        if start.starts_with(b"PK\x03\x04") || start.starts_with(b"\xd0\xcf\x11\xe0") {
            return Ok(Some(Self::Workbook));
        }
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Ok(Some(Self::JsonLines)),
            Some(b'[') if looks_like_json(start) => {
                let message = "it is a JSON list: write an object a line, as pandas' to_json(orient=\"records\", lines=True) \
                               does";
                Err(Error::plain(Code::WrongType, message, &[]))
            }
            _ => Ok(None),
        }
    }

    /// How many lines of the text the file does not have.
    pub fn made_lines(self) -> u64 {
        u64::from(self == Self::JsonLines)
    }

    /// What is known of the text, over what was said of the file.
    ///
    /// # Errors
    /// `invalid_option` for signs of numbers: the file's numbers are none of text, and 0.142 would be 142.
    pub fn options(self, said: Options) -> Result<Options> {
        self.check_signs(said.decimal, said.thousands)?;
        Ok(Options {
            encoding: Some(Encoding::Utf8),
            delimiter: Some(','),
            decimal: Some('.'),
            header: if self == Self::JsonLines { Some(true) } else { said.header },
            ..said
        })
    }

    /// Refuses a plan that was kept of a file of text, whose numbers have other signs.
    ///
    /// # Errors
    /// As [`Kind::options`].
    pub fn check(self, plan: &Plan) -> Result<()> {
        self.check_signs(Some(plan.decimal), plan.thousands)
    }

    fn check_signs(self, decimal: Option<char>, thousands: Option<char>) -> Result<()> {
        if thousands.is_some() || decimal.is_some_and(|sign| sign != '.') {
            let message = "numbers are numbers in this kind of file, whatever sign they are shown with: --decimal and --thousands are \
                           of text. Cells of text that are to be numbers can be made numbers in the spreadsheet";
            return Err(Error::plain(Code::InvalidOption, message, &[]));
        }
        Ok(())
    }
}

/// Whether a file that begins with a bracket is a list of objects or of lists.
fn looks_like_json(start: &[u8]) -> bool {
    let mut signs = start.iter().filter(|byte| !byte.is_ascii_whitespace());
    signs.next() == Some(&b'[') && matches!(signs.next(), Some(b'{' | b'['))
}

/// A record as a line of CSV, behind what `text` has.
fn push_record<T: AsRef<[u8]>>(text: &mut Vec<u8>, cells: impl IntoIterator<Item = T>) {
    let start = text.len();
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            text.push(b',');
        }
        push_cell(cell.as_ref(), b',', text);
    }
    if text.len() == start {
        // An empty line would be none.
        text.extend_from_slice(b"\"\"");
    }
    text.push(b'\n');
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use csv_core::{Terminator, WriterBuilder};
    use proptest::prelude::*;

    use super::push_record;

    /// The line that the widespread writer makes.
    fn line_of(cells: &[String]) -> Vec<u8> {
        let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).build();
        let (mut out, mut length) = (vec![0; 1 << 10], 0);
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                length += writer.delimiter(&mut out[length..]).1;
            }
            length += writer.field(cell.as_bytes(), &mut out[length..]).2;
        }
        length += writer.terminator(&mut out[length..]).1;
        out.truncate(length);
        out
    }

    proptest! {
        #[test]
        fn records_are_written_as_csv_core_writes_them(cells in prop::collection::vec("[ab,;\"\\r\\n \\t#é]{0,6}", 0..6)) {
            let mut text = b"before\n".to_vec();
            push_record(&mut text, &cells);
            prop_assert_eq!(&text[7..], line_of(&cells));
        }
    }
}
