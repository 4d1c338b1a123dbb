//! Codes by a search of the cuts: the same codes in a twentieth of the instructions that the buckets are made of.

use wardian_kernels::{MISSING, biased};

/// The cuts of a column, ascending.
#[derive(Clone, Debug)]
pub(super) struct Cuts(Vec<f32>);

impl Cuts {
    pub(super) fn new(cuts: &[f32]) -> Self {
        Self(cuts.to_vec())
    }

    /// Writes the codes of `rows` values, every `width`th, to every `row_step`th byte.
    pub(super) fn encode(&self, rows: usize, values: &[f32], width: usize, bytes: &mut [i8], row_step: usize) {
        for (value, byte) in values.iter().step_by(width).zip(bytes.iter_mut().step_by(row_step)).take(rows) {
            let rank = self.0.partition_point(|cut| cut <= value);
            *byte = if value.is_nan() { MISSING } else { biased(1 + rank as u32) };
        }
    }
}
