//! Values → bytes.

use wide::f32x4;

use crate::{MISSING, biased};

/// How many cuts one step of the search compares.
const STEP: usize = 16;

/// The most cuts that a [`Search`] takes.
pub const MOST_CUTS: usize = STEP * STEP - 2;

/// A column's cuts, laid out so that two comparisons with sixteen cuts each find a value's rank.
#[derive(Clone, Debug)]
pub struct Search {
    /// The last cut of each whole step. `NaN` fills up: no value is above or equal to it.
    pivots: [f32; STEP],
    steps: Vec<[f32; STEP]>,
}

impl Search {
    /// The search of at most [`MOST_CUTS`] cuts, ascending.
    pub fn new(cuts: &[f32]) -> Self {
        let (mut pivots, mut steps) = ([f32::NAN; STEP], Vec::new());
        // One more than there are whole steps: the search may end behind the last.
        for step in 0..=cuts.len() / STEP {
            let cuts = &cuts[step * STEP..cuts.len().min((step + 1) * STEP)];
            let mut padded = [f32::NAN; STEP];
            padded[..cuts.len()].copy_from_slice(cuts);
            if cuts.len() == STEP {
                pivots[step] = cuts[STEP - 1];
            }
            steps.push(padded);
        }
        Self { pivots, steps }
    }

    /// Writes the byte of every `width`th value from the first on, `NaN` for missing, to every `row_step`th place from
    /// the first on: how many cuts are at most the value, and 1.
    pub fn encode(&self, values: &[f32], width: usize, bytes: &mut [i8], row_step: usize) {
        match self.steps.len() {
            0..=5 => self.search::<1>(values, width, bytes, row_step),
            6..=9 => self.search::<2>(values, width, bytes, row_step),
            _ => self.search::<4>(values, width, bytes, row_step),
        }
    }

    #[inline(always)]
    fn search<const GROUPS: usize>(&self, values: &[f32], width: usize, bytes: &mut [i8], row_step: usize) {
        let (mut index, mut out) = (0, 0);
        while index < values.len() {
            let value = values[index];
            let step = at_most::<GROUPS>(&self.pivots, value);
            let rank = at_most::<4>(&self.steps[step as usize], value);
            let byte = biased(step * STEP as u32 + rank + 1);
            bytes[out] = if value.is_nan() { MISSING } else { byte };
            index += width;
            out += row_step;
        }
    }
}

/// How many of the first `4 * GROUPS` cuts are at most `value`.
#[inline(always)]
fn at_most<const GROUPS: usize>(cuts: &[f32; STEP], value: f32) -> u32 {
    let value = f32x4::splat(value);
    let [a, b, c, d] = bytemuck::cast::<[f32; STEP], [[f32; 4]; 4]>(*cuts);
    let mask = |cuts: [f32; 4]| f32x4::new(cuts).simd_le(value).to_bitmask();
    let mut mask_of_all = mask(a);
    if GROUPS > 1 {
        mask_of_all |= mask(b) << 4;
    }
    if GROUPS > 2 {
        mask_of_all |= mask(c) << 8 | mask(d) << 12;
    }
    mask_of_all.count_ones()
}
