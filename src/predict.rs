//! The evaluators: codes → margin. Each adds the leaves in tree order in the trainer's own precision, so all of them
//! give the same bits.

mod portable;

use crate::codes;
use crate::forest::Forest;

/// The margin of one row of values in feature order, `NaN` for missing.
pub(crate) fn margin(forest: &Forest, row: &[f64]) -> f32 {
    let mut row_codes = Vec::with_capacity(forest.columns().len());
    codes::encode(forest.columns(), row, &mut row_codes);
    portable::margin(forest, &row_codes)
}
