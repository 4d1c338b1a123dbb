//! Training in pure Rust, through the `gbdt` crate: a file of rows → [`Model`].
//!
//! `gbdt` only grows the trees; they are then read out of it and evaluated like any other trainer's. It knows no
//! `NaN`, and stops half-way down a tree at the value that it calls missing. Missing values therefore stand behind all
//! measured ones (`ranked.rs`): it learns splits that set them apart where that helps, and sends
//! them right everywhere else, which is exactly a code column whose missing side is right.
//!
//! The same rows and options give the same bytes on every machine, natively and in wasm.

mod boosting;
mod dates;
mod folds;
mod look;
mod ranked;
mod table;

use crate::error::{Code, Error, Result};
use crate::model::Model;

pub use boosting::Training;
pub use folds::{CrossValidation, FoldFigures, Validated};
pub use look::{Column, Few, Kind, LabelKind, Look, Looking};
pub use table::{Asked, MOST_VALUES, Reading, START, Table};

/// How to grow the trees.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many trees.
    pub trees: usize,
    /// The most splits between a root and a leaf.
    pub depth: u32,
    /// What each tree's leaves are multiplied by.
    pub shrinkage: f32,
    /// The fewest rows that are still split.
    pub smallest_leaf: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { trees: 100, depth: 3, shrinkage: 0.1, smallest_leaf: 10 }
    }
}

/// Trains on `table`. Labels that are all 0 or 1 give a binary model that answers the probability of 1; any others a
/// regression on squared error. The same table and options always give the same model.
///
/// # Errors
/// `invalid_data` where there is nothing to learn from (fewer than two rows, one label value only), for options out of
/// range, or for a value that is the largest float of 32 bits.
pub fn train(table: &Table, options: &Options) -> Result<Model> {
    let mut training = Training::new(table, options)?;
    while training.step()? < training.trees() {}
    training.finish()
}

fn check(table: &Table, options: &Options) -> Result<()> {
    let fault = |message: &str| Err(Error::new(Code::InvalidData, format_args!("{message}")));
    if options.trees == 0 || options.trees > 100_000 {
        return fault("the number of trees must be 1 to 100000");
    }
    if options.depth == 0 || options.depth > 30 {
        return fault("the depth must be 1 to 30");
    }
    if !(options.shrinkage > 0.0 && options.shrinkage <= 1.0) {
        return fault("the shrinkage must be above 0 and at most 1");
    }
    if table.labels.len() < 2 {
        return fault("at least two rows are needed to train");
    }
    if table.labels.iter().all(|label| *label == table.labels[0]) {
        return fault("all rows have the same label: there is nothing to learn");
    }
    if let Some(row) = table.labels.iter().position(|label| label.abs() > f32::MAX / 4.0) {
        let error = Error::in_field(
            Code::InvalidData,
            table.schema.outcome(),
            format_args!("the label is too large to train on"),
        );
        return Err(error.place("row #", &[row + 1]));
    }
    for (feature, column) in table.schema.features().iter().zip(&table.columns) {
        if let Some(row) = column.iter().position(|value| *value == f32::MAX) {
            let error =
                Error::in_field(Code::InvalidData, &feature.name, format_args!("the value is too large to train on"));
            return Err(error.place("row #", &[row + 1]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
