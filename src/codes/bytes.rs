//! Codes as bytes, for evaluators that compare sixteen at once.
//!
//! A column of up to 255 ranks has codes 0 to 255: one byte. A longer one becomes several byte columns of 255 ranks
//! each: the byte of part `p` is `code - 255 p`, kept within 0 to 255, and a split at rank `r` asks part `r / 255`
//! whether its byte is at most `r % 255`. If the true difference lies outside the byte's range, it is kept on the side
//! of the answer: below 0 it becomes 0, at most every rank; above 255 it becomes 255, more than the highest, 254.
//!
//! Bytes are stored less 128, as signed numbers in the same order: comparing signed bytes is one instruction on every
//! machine, unsigned ones take up to four.

use wide::f32x4;

use super::code;
use crate::forest::{Column, Forest, MissingSide, Test};

/// How many ranks a byte tells apart.
const RANKS: usize = 255;
/// How many cuts one step of the search compares.
const STEP: usize = 16;

/// A threshold that no byte is above: every row goes left.
pub(crate) const ALWAYS_LEFT: i8 = i8::MAX;

/// The byte columns of a forest, and how to find them and their values.
#[derive(Clone, Debug)]
pub(crate) struct ByteColumns {
    /// The first byte column of each code column.
    first: Vec<u32>,
    coders: Vec<Coder>,
    count: usize,
}

/// How one code column's values become bytes.
#[derive(Clone, Debug)]
enum Coder {
    /// Up to 255 cuts: a search of two steps, each a comparison with [`STEP`] cuts at once.
    Search {
        feature: usize,
        /// The last cut of each whole step. `NaN` fills up: nothing is above or equal to it.
        pivots: [f32; STEP],
        /// How many groups of four pivots there are.
        groups: usize,
        steps: Vec<[f32; STEP]>,
        missing: i8,
    },
    /// Any other: the code, then its parts.
    Parts { column: Column, parts: usize },
}

/// Where the bytes of a block of rows are put.
pub(crate) struct Block<'a> {
    pub(crate) bytes: &'a mut [i8],
    /// From one row to the next in the same column.
    pub(crate) row_step: usize,
    /// From one column to the next in the same row.
    pub(crate) column_step: usize,
}

impl ByteColumns {
    pub(crate) fn new(forest: &Forest) -> Self {
        let (mut first, mut count) = (Vec::new(), 0);
        for column in forest.columns() {
            first.push(count as u32);
            count += column.rank_count().div_ceil(RANKS);
        }
        Self { first, coders: forest.columns().iter().map(Coder::new).collect(), count }
    }

    /// How many byte columns there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The byte column and the threshold of a split: a row goes right if its byte is above the threshold.
    pub(crate) fn split(&self, column: u32, rank: u32) -> (u32, i8) {
        let part = rank / RANKS as u32;
        (self.first[column as usize] + part, biased(rank % RANKS as u32))
    }

    /// Writes the bytes of whole `rows` of `width` values, `NaN` for missing.
    pub(crate) fn encode(&self, rows: &[f32], width: usize, block: &mut Block<'_>) {
        for (coder, &first) in self.coders.iter().zip(&self.first) {
            let bytes = &mut block.bytes[first as usize * block.column_step..];
            match coder {
                Coder::Search { feature, pivots, groups, steps, missing } => {
                    let values = rows[*feature..].iter().step_by(width);
                    let out = bytes.iter_mut().step_by(block.row_step);
                    match groups {
                        0 => search::<0>(values, out, pivots, steps, *missing),
                        1 => search::<1>(values, out, pivots, steps, *missing),
                        2 => search::<2>(values, out, pivots, steps, *missing),
                        3 => search::<3>(values, out, pivots, steps, *missing),
                        _ => search::<4>(values, out, pivots, steps, *missing),
                    }
                }
                Coder::Parts { column, parts } => {
                    let values = rows[column.feature as usize..].iter().step_by(width);
                    for (row, &value) in values.enumerate() {
                        let code = code(column, value);
                        for part in 0..*parts {
                            let byte = code.saturating_sub((part * RANKS) as u32).min(RANKS as u32);
                            bytes[row * block.row_step + part * block.column_step] = biased(byte);
                        }
                    }
                }
            }
        }
    }
}

fn biased(byte: u32) -> i8 {
    (byte as u8 ^ 0x80) as i8
}

impl Coder {
    fn new(column: &Column) -> Self {
        match &column.test {
            Test::Below(cuts) if cuts.len() <= RANKS => {
                let mut pivots = [f32::NAN; STEP];
                for (pivot, step) in pivots.iter_mut().zip(cuts.chunks_exact(STEP)) {
                    *pivot = step[STEP - 1];
                }
                // One more than there are whole steps: the search may end behind the last.
                let steps = (0..=cuts.len() / STEP)
                    .map(|step| {
                        let mut padded = [f32::NAN; STEP];
                        let cuts = &cuts[step * STEP..cuts.len().min((step + 1) * STEP)];
                        padded[..cuts.len()].copy_from_slice(cuts);
                        padded
                    })
                    .collect();
                let missing = match column.missing {
                    MissingSide::Left => 0,
                    MissingSide::Right => cuts.len() as u32,
                };
                let groups = (cuts.len() / STEP).div_ceil(4);
                Self::Search { feature: column.feature as usize, pivots, groups, steps, missing: biased(missing) }
            }
            _ => Self::Parts { column: column.clone(), parts: column.rank_count().div_ceil(RANKS) },
        }
    }
}

#[inline(always)]
fn search<'a, const GROUPS: usize>(
    values: impl Iterator<Item = &'a f32>,
    out: impl Iterator<Item = &'a mut i8>,
    pivots: &[f32; STEP],
    steps: &[[f32; STEP]],
    missing: i8,
) {
    for (&value, out) in values.zip(out) {
        let step = at_most::<GROUPS>(pivots, value) as usize;
        let rank = at_most::<4>(&steps[step], value);
        let code = biased(step as u32 * STEP as u32 + rank);
        *out = if value.is_nan() { missing } else { code };
    }
}

/// How many of the first `4 * GROUPS` cuts are at most `value`.
#[inline(always)]
fn at_most<const GROUPS: usize>(cuts: &[f32; STEP], value: f32) -> u32 {
    let value = f32x4::splat(value);
    let mut mask = 0;
    for (group, cuts) in cuts.as_chunks::<4>().0.iter().take(GROUPS).enumerate() {
        mask |= f32x4::new(*cuts).simd_le(value).to_bitmask() << (4 * group);
    }
    mask.count_ones()
}
