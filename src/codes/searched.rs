//! Codes by a search of the cuts: the same codes in a twentieth of the instructions that the buckets are made of.

use wardian_kernels::search;

/// The cuts of a column, ascending.
#[derive(Clone, Debug)]
pub(super) struct Cuts(Vec<f32>);

impl Cuts {
    pub(super) fn new(cuts: &[f32]) -> Self {
        Self(cuts.to_vec())
    }

    /// Writes the codes of `rows` values, every `width`th, to every `row_step`th byte.
    pub(super) fn encode(&self, rows: usize, values: &[f32], width: usize, bytes: &mut [i8], row_step: usize) {
        search::encode(&self.0, rows, values, width, bytes, row_step);
    }
}
