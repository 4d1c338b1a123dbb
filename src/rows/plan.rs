//! What a file of rows is, decided once, before any row is read.

use serde::{Deserialize, Serialize};

use super::names::Vocabulary;
use super::options::Options;
use super::planner;
use super::table;
use super::text::{Decoding, Encoding};
use super::units::Conversion;
use super::words;
use crate::error::{Code, Result, quoted};
use crate::schema::Schema;

/// What a file of rows is: how its bytes are to be read, and which column is which feature. It can be shown, corrected, kept
/// as JSON and given again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// How characters are written.
    pub encoding: Encoding,
    /// How many lines stand before the table: titles, or Excel's `sep=;`.
    pub skipped_lines: usize,
    /// What ends a cell.
    pub delimiter: char,
    /// What stands between a number's whole part and its fraction: `.` or `,`.
    pub decimal: char,
    /// What stands between each three digits of a number, if anything does.
    pub thousands: Option<char>,
    /// Whether the first record names the columns.
    pub header: bool,
    /// What the columns are called; without a header as many empty texts as the first record has cells.
    pub names: Vec<String>,
    /// For each feature, in the model's order, where its values are.
    pub columns: Vec<Column>,
    /// The places, from 0, of the columns of base margins, one for each of the model's outputs; none where rows have no base
    /// margins of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base_margins: Vec<usize>,
    /// Texts that mean "not measured", beside the empty one, and the codes that the model itself knows.
    pub missing: Vec<String>,
    /// What was decided that a user may want to know.
    #[serde(skip)]
    pub notes: Vec<Note>,
    /// What can be read in two ways, or not at all.
    #[serde(skip)]
    pub doubts: Vec<Note>,
}

/// Where a feature's values are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The feature's name.
    pub feature: String,
    /// The column's place, from 0; none if no row has the value.
    pub column: Option<usize>,
    /// The unit that the column is in, where it is not the model's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What makes the model's unit of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
}

/// Something about a file, in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Stable, for programs.
    pub code: &'static str,
    /// For people. A doubt's says what decides it.
    pub message: String,
}

impl Plan {
    /// The plan for a file that begins with `start`; `is_whole` tells whether that is all of it. 64 KB tell enough.
    ///
    /// # Errors
    /// `wrong_type` for a file that is no text, naming what it is; `empty_input` for a file without a record; `invalid_option`
    /// for an option that names what is not there. What is doubtful is no error here: see [`Plan::settled`].
    pub fn new(
        start: &[u8],
        is_whole: bool,
        schema: &Schema,
        vocabulary: &Vocabulary,
        options: &Options,
    ) -> Result<Self> {
        planner::plan(start, is_whole, schema, vocabulary, options)
    }

    /// The plan itself, if nothing in it is doubtful: where nobody can be asked, what can be read in two ways is refused.
    ///
    /// # Errors
    /// `ambiguous_input` with the first doubt, which names what decides it.
    pub fn settled(&self) -> Result<&Self> {
        match self.doubts.first() {
            None => Ok(self),
            Some(doubt) => Err(words::fault(Code::AmbiguousInput, "{}", &[&doubt.message])),
        }
    }

    /// The first rows of a file that begins so, cell by cell; its header is none.
    pub fn first_rows(&self, start: &[u8], is_whole: bool, most: usize) -> Vec<Vec<String>> {
        let mut decoding = Decoding::new(self.encoding);
        let text = String::from_utf8_lossy(decoding.next(start, is_whole));
        let text = table::without_lines(&text, self.skipped_lines);
        let header = usize::from(self.header);
        let mut records = table::records(text, is_whole, self.delimiter, most + header);
        if self.header && !records.is_empty() {
            records.remove(0);
        }
        records
    }

    /// The cells of a row's text.
    pub fn cells(&self, text: &[u8]) -> Vec<String> {
        table::records(&String::from_utf8_lossy(text), true, self.delimiter, 1).pop().unwrap_or_default()
    }

    /// Checks that a plan that was kept is for this model.
    ///
    /// # Errors
    /// `invalid_option`, naming what differs.
    pub fn check(&self, schema: &Schema) -> Result<()> {
        let invalid = |template: &str, parts: &[&str]| Err(words::fault(Code::InvalidOption, template, parts));
        let (ours, theirs) = (schema.features().len(), self.columns.len());
        if ours != theirs {
            let parts = [&*words::count(theirs), &*words::count(ours)];
            return invalid("the plan is for {} features, and the model has {}", &parts);
        }
        let mut taken = vec![false; self.names.len()];
        for (feature, column) in schema.features().iter().zip(&self.columns) {
            let name = quoted(&feature.name);
            let wrong = if feature.name != column.feature {
                return invalid("the plan has {} where the model has {}", &[&quoted(&column.feature), &name]);
            } else if column.column.is_some_and(|place| place >= self.names.len()) {
                "the plan takes a column that is not there for {}"
            } else if column.unit.is_some() != column.conversion.is_some() {
                "the plan has a unit or a conversion alone for {}"
            } else if column.column.is_some_and(|place| std::mem::replace(&mut taken[place], true)) {
                "the plan takes one column for {} and for another"
            } else if column
                .conversion
                .is_some_and(|conversion| !(conversion.times.is_finite() && conversion.minus.is_finite()))
            {
                "the plan converts {} by no number"
            } else {
                continue;
            };
            return invalid(wrong, &[&name]);
        }
        for &place in &self.base_margins {
            if taken.get_mut(place).is_none_or(|taken| std::mem::replace(taken, true)) {
                let message =
                    "the plan takes column #{} for a base margin, which is not there or is taken for something else";
                return invalid(message, &[&words::count(place.saturating_add(1))]);
            }
        }
        if !self.delimiter.is_ascii()
            || ['"', '\r', '\n'].contains(&self.delimiter)
            || !['.', ','].contains(&self.decimal)
            || self.thousands == Some(self.decimal)
        {
            return invalid("the plan's signs are not one ASCII character, and . or ,", &[]);
        }
        Ok(())
    }
}
