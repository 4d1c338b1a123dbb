//! Codes of rows where they are wanted, for what explains and what trains.

use super::{ByteSplit, Coder};
use crate::forest::Forest;

/// What turns rows into codes: the feature of each code column of a forest, and its coder.
#[derive(Clone, Debug)]
pub(crate) struct Coders(Vec<(usize, Coder)>);

/// Where the codes of a block of rows are put.
pub(crate) struct Block<'a> {
    pub(crate) bytes: &'a mut [i8],
    /// From one row to the next in the same column.
    pub(crate) row_step: usize,
    /// From one column to the next in the same row.
    pub(crate) column_step: usize,
}

impl Coders {
    pub(crate) fn new(forest: &Forest) -> Self {
        Self(forest.columns().iter().map(|column| (column.feature as usize, Coder::new(column))).collect())
    }

    /// How many columns there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Writes the codes of whole `rows` of `width` values, `NaN` for missing.
    pub(crate) fn encode(&self, rows: &[f32], width: usize, block: Block<'_>) {
        let Block { bytes, row_step, column_step } = block;
        let row_count = rows.len() / width;
        for (index, (feature, coder)) in self.0.iter().enumerate() {
            coder.encode(row_count, &rows[*feature..], width, &mut bytes[index * column_step..], row_step);
        }
    }
}

impl ByteSplit {
    /// Whether a row of this code in the split's column goes right.
    #[cfg(any(feature = "train", all(test, not(target_arch = "wasm32"))))]
    pub(crate) fn goes_right(self, code: i8) -> bool {
        code.wrapping_sub(i8::from(self.missing_right)) > self.threshold
    }
}
