//! What a file of rows is, decided once, before any row is read.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::names::Vocabulary;
use super::planner;
use super::text::Encoding;
use super::units::Conversion;
use crate::error::{Code, Error, Result, quoted};
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
    /// A feature's column: its name, or `#` and its number from 1.
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
            Some(doubt) => Err(Error::new(Code::AmbiguousInput, format_args!("{}", doubt.message))),
        }
    }

    /// Checks that a plan that was kept is for this model.
    ///
    /// # Errors
    /// `invalid_option`, naming what differs.
    pub fn check(&self, schema: &Schema) -> Result<()> {
        let invalid = |message: std::fmt::Arguments<'_>| Err(Error::new(Code::InvalidOption, message));
        let (ours, theirs) = (schema.features().len(), self.columns.len());
        if ours != theirs {
            return invalid(format_args!("the plan is for {theirs} features, and the model has {ours}"));
        }
        let mut taken = HashSet::new();
        for (feature, column) in schema.features().iter().zip(&self.columns) {
            if feature.name != column.feature {
                let (ours, theirs) = (quoted(&feature.name), quoted(&column.feature));
                return invalid(format_args!("the plan has {theirs} where the model has {ours}"));
            }
            if column.column.is_some_and(|place| place >= self.names.len()) {
                return invalid(format_args!(
                    "the plan takes a column that is not there for {}",
                    quoted(&feature.name)
                ));
            }
            if column.unit.is_some() != column.conversion.is_some() {
                let message = format_args!("the plan has a unit or a conversion alone for {}", quoted(&feature.name));
                return invalid(message);
            }
            if column.column.is_some_and(|place| !taken.insert(place)) {
                return invalid(format_args!(
                    "the plan takes one column for {} and for another",
                    quoted(&feature.name)
                ));
            }
            if column
                .conversion
                .is_some_and(|conversion| !(conversion.times.is_finite() && conversion.minus.is_finite()))
            {
                return invalid(format_args!("the plan converts {} by no number", quoted(&feature.name)));
            }
        }
        for &place in &self.base_margins {
            if place >= self.names.len() || !taken.insert(place) {
                return invalid(format_args!(
                    "the plan takes column #{} for a base margin, which is not there or is taken for something else",
                    place.saturating_add(1)
                ));
            }
        }
        if !self.delimiter.is_ascii()
            || "\"\r\n".contains(self.delimiter)
            || !['.', ','].contains(&self.decimal)
            || self.thousands == Some(self.decimal)
        {
            return invalid(format_args!("the plan's signs are not one ASCII character, and . or ,"));
        }
        Ok(())
    }
}
