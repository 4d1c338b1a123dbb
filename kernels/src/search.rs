//! Values → bytes by a search of the cuts: a twentieth of the instructions that [`Buckets`](crate::buckets::Buckets) and
//! their making are, and about four times the time (the shipped model's eight columns in wasm).

use crate::{MISSING, biased};

/// Writes the bytes of `rows` values, every `width`th from the first on, to every `row_step`th place from the first on, as
/// [`Buckets::encode`](crate::buckets::Buckets::encode) does. The cuts are ascending.
pub fn encode(cuts: &[f32], rows: usize, values: &[f32], width: usize, bytes: &mut [i8], row_step: usize) {
    for (value, byte) in values.iter().step_by(width).zip(bytes.iter_mut().step_by(row_step)).take(rows) {
        // All but the first `rank` of these `left` cuts are still to be compared. No branch depends on the value, which
        // would be a guess that half the time is wrong.
        let (mut rank, mut left) = (0, cuts.len());
        while left > 1 {
            let half = left / 2;
            rank = if cuts[rank + half - 1] <= *value { rank + half } else { rank };
            left -= half;
        }
        rank += usize::from(cuts.get(rank).is_some_and(|cut| cut <= value));
        *byte = if value.is_nan() { MISSING } else { biased(1 + rank as u32) };
    }
}
