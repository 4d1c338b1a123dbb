//! The columns between the steps of a pipeline: each is a function of one raw column.

use std::rc::Rc;

use crate::error::{Result, unsupported};

/// What becomes of a number on its way. None of these ever falls where the number rises, as each rounds one operation
/// correctly; so whatever a threshold asks of the end is asked of the beginning by another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    /// What is missing becomes this.
    Fill(f64),
    /// What is missing becomes 1, all else 0.
    IsMissing,
    Subtract(f64),
    /// By a number above 0.
    Divide(f64),
    /// By a number above 0.
    Multiply(f64),
    Add(f64),
    Clip(f64, f64),
    /// All values of the column were missing in training, and what scales it is no number.
    Lose,
}

impl Step {
    fn of(self, value: f64) -> f64 {
        match self {
            Self::Fill(filled) if value.is_nan() => filled,
            Self::Fill(_) => value,
            Self::IsMissing => f64::from(u8::from(value.is_nan())),
            Self::Subtract(other) => value - other,
            Self::Divide(other) => value / other,
            Self::Multiply(other) => value * other,
            Self::Add(other) => value + other,
            // As numpy's clip: what is missing stays so.
            Self::Clip(low, _) if value < low => low,
            Self::Clip(_, high) if value > high => high,
            Self::Clip(..) => value,
            Self::Lose => f64::NAN,
        }
    }
}

/// What an encoder tells apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Category {
    Text(String),
    Number(f64),
    /// What is missing, as Python's `None` or as `nan`.
    Missing,
}

/// What an encoder makes of a column.
#[derive(Debug)]
pub(super) struct Categories {
    pub(super) categories: Vec<Category>,
    /// The number of each.
    pub(super) codes: Vec<f64>,
    /// Of what is none of them.
    pub(super) unknown: f64,
    /// Of what is missing.
    pub(super) missing: f64,
    /// Whether what is missing is a category, or what is unknown has a number.
    pub(super) takes_missing: bool,
    /// Whether the encoder refuses what is unknown.
    pub(super) refuses_unknown: bool,
}

/// The code of what no column of an encoder stands for.
pub(super) const NOWHERE: f64 = -1.0;

/// Where a column's numbers come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The raw column as it is.
    Value,
    /// Whether the raw column's category has this code: 1 or 0.
    Is(Rc<Categories>, u32),
    /// The code of the raw column's category.
    Code(Rc<Categories>),
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// The raw column that it comes from.
    pub(super) feature: usize,
    pub(super) source: Source,
    /// The raw number that is missing, beside NaN.
    pub(super) missing_code: Option<f64>,
    /// The text that a missing raw value becomes, before it is encoded.
    pub(super) filled: Option<Rc<str>>,
    pub(super) steps: Vec<Step>,
    /// Whether its numbers are 32-bit floats, in which a scaler would compute.
    pub(super) is_single: bool,
}

impl Column {
    /// A raw column.
    pub(super) fn raw(feature: usize) -> Self {
        Self { feature, source: Source::Value, missing_code: None, filled: None, steps: Vec::new(), is_single: false }
    }

    /// What the column is where its source is this.
    pub(super) fn of(&self, value: f64) -> f64 {
        self.steps.iter().fold(value, |value, step| step.of(value))
    }

    /// What it is where the raw value's code is this.
    pub(super) fn of_code(&self, code: f64) -> f64 {
        self.of(match &self.source {
            Source::Is(_, wanted) => f64::from(u8::from(code == f64::from(*wanted))),
            _ => code,
        })
    }

    /// What it is where the raw value is missing.
    pub(super) fn of_missing(&self) -> f64 {
        match self.categories() {
            Some(categories) => self.of_code(categories.missing),
            None => self.of(f64::NAN),
        }
    }

    pub(super) fn categories(&self) -> Option<&Rc<Categories>> {
        match &self.source {
            Source::Value => None,
            Source::Is(categories, _) | Source::Code(categories) => Some(categories),
        }
    }

    /// Whether it is the raw column, but for what is missing.
    pub(super) fn is_raw(&self) -> bool {
        matches!(self.source, Source::Value) && self.steps.iter().all(|step| matches!(step, Step::Fill(_)))
    }

    /// One more step.
    ///
    /// # Errors
    /// `unsupported_model` for more than any pipeline has.
    pub(super) fn then(&mut self, step: Step) -> Result<()> {
        const MOST: usize = 16;
        if self.steps.len() == MOST {
            return Err(unsupported(format_args!("more than {MOST} operations on one column are not supported")));
        }
        self.steps.push(step);
        Ok(())
    }
}

/// All columns after some step.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    /// Whether scikit-learn keeps them in a sparse matrix, in which zeros are not written.
    pub(super) is_sparse: bool,
}
