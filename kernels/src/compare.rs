//! Values → bytes where a column has few cuts: all of them, or a fourth of them, are compared with sixteen values at once.
//! [`Buckets`](crate::buckets::Buckets) serve columns of many.

use std::hint::black_box;

use wide::f32x4;

use crate::BLOCK;
#[cfg(target_arch = "x86_64")]
use crate::avx2::Eight;
use crate::fold::{LANES, Line};
use crate::vectors::{Bytes, Four, Numbers};

/// How many columns are turned together.
pub const TURNED: usize = 4;
/// Up to so many cuts, comparing each is fastest.
pub const MOST_CUTS: usize = 12;
/// Up to so many, comparing a fourth of them, where a shuffle is one instruction.
pub const MOST_QUARTERED: usize = 48;

/// Values of up to [`BLOCK`] rows, those of a column together.
#[derive(Clone, Debug)]
pub struct Turned(Box<[[f32; BLOCK]; TURNED]>);

impl Default for Turned {
    #[inline]
    fn default() -> Self {
        Self(Box::new([[0.0; BLOCK]; TURNED]))
    }
}

impl Turned {
    /// Takes four columns of whole `rows` of `width` values, from column `first` on: as many as there are.
    ///
    /// # Panics
    /// If there are more rows than [`BLOCK`].
    pub fn turn(&mut self, rows: &[f32], width: usize, first: usize) {
        let count = rows.len() / width;
        for row in (0..count).step_by(TURNED) {
            // Behind a row's last column are the next row's first: they are nobody's.
            let value = |place: usize| Some(f32x4::new(*rows.get((row + place) * width + first..)?.first_chunk()?));
            if let (Some(one), Some(two), Some(three), Some(four)) = (value(0), value(1), value(2), value(3)) {
                // Interleaved twice; the library's own way is one by one in wasm.
                let (odd, even) =
                    ((one.unpack_lo(three), one.unpack_hi(three)), (two.unpack_lo(four), two.unpack_hi(four)));
                let columns = [
                    odd.0.unpack_lo(even.0),
                    odd.0.unpack_hi(even.0),
                    odd.1.unpack_lo(even.1),
                    odd.1.unpack_hi(even.1),
                ];
                for (column, values) in self.0.iter_mut().zip(columns) {
                    column.as_chunks_mut::<TURNED>().0[row / TURNED] = values.to_array();
                }
                continue;
            }
            // Few, which the compiler must not know: it would write them out.
            for row in row..count.min(row + black_box(TURNED)) {
                for place in 0..black_box(TURNED).min(width - first) {
                    self.0[place][row] = rows[row * width + first + place];
                }
            }
        }
    }

    /// The values of one of the columns.
    pub fn column(&self, place: usize) -> &[f32; BLOCK] {
        &self.0[place]
    }
}

/// Writes to every `step`th line the bytes of 128 values: how many of the cuts are at most the value, and 1; 0 for a missing one. A
/// value of the last line that is not there may be any.
pub fn encode(cuts: &[f32], values: &[f32; BLOCK], lines: &mut [Line], step: usize) {
    #[cfg(target_arch = "x86_64")]
    if crate::vectors::has_thirty_two() {
        // SAFETY: the processor has AVX2.
        #[allow(unsafe_code)]
        return unsafe { encode_by_eight(cuts, values, lines, step) };
    }
    encode_by::<Four>(cuts, values, lines, step);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn encode_by_eight(cuts: &[f32], values: &[f32; BLOCK], lines: &mut [Line], step: usize) {
    encode_by::<Eight>(cuts, values, lines, step);
}

/// One more for each value that is not missing. No closure: the compiler may use AVX2 in none.
#[inline(always)]
fn known<N: Numbers>(values: [N; 4], mut counts: [N; 4]) -> [N; 4] {
    for (count, value) in counts.iter_mut().zip(values) {
        *count = count.minus(value.at_most(value));
    }
    counts
}

#[inline(always)]
fn encode_by<N: Numbers>(cuts: &[f32], values: &[f32; BLOCK], lines: &mut [Line], step: usize) {
    for (line, values) in lines.iter_mut().step_by(step).zip(values.as_chunks::<LANES>().0) {
        for place in 0..LANES / N::Bytes::COUNT {
            let values = N::load(values, place);
            let mut counts = known(values, [N::ZERO; 4]);
            for &cut in cuts {
                let cut = N::splat(cut);
                for (count, value) in counts.iter_mut().zip(values) {
                    *count = count.minus(cut.at_most(value));
                }
            }
            N::biased(counts).store(line, place);
        }
    }
}

/// Cuts in four parts: three cuts say which part a value is in, and with the cuts of that part it is compared.
#[derive(Clone, Debug)]
pub struct Quarters {
    pivots: [f32; 3],
    /// How many cuts are below each part: whole numbers, in the bits of floats.
    below: [f32; 4],
    /// The first cut of each part, the second and so on.
    parts: Vec<[f32; 4]>,
}

impl Quarters {
    /// For ascending cuts, of which there are at least [`MOST_CUTS`].
    #[inline]
    pub fn new(cuts: &[f32]) -> Self {
        let length = cuts.len().saturating_sub(3).div_ceil(4);
        // No value is at or above what is no number.
        let mut quarters = Self { pivots: [f32::NAN; 3], below: [0.0; 4], parts: vec![[f32::NAN; 4]; length] };
        for part in 0..4 {
            quarters.below[part] = f32::from_bits((part * (length + 1)) as u32);
        }
        for (rank, &cut) in cuts.iter().enumerate() {
            let (part, place) = (rank / (length + 1), rank % (length + 1));
            match quarters.parts.get_mut(place) {
                Some(cuts) => cuts[part] = cut,
                None => quarters.pivots[part] = cut,
            }
        }
        quarters
    }

    /// As [`encode`].
    pub fn encode(&self, values: &[f32; BLOCK], lines: &mut [Line], step: usize) {
        #[cfg(target_arch = "x86_64")]
        if crate::vectors::has_thirty_two() {
            // SAFETY: the processor has AVX2.
            #[allow(unsafe_code)]
            return unsafe { self.encode_by_eight(values, lines, step) };
        }
        self.encode_by::<Four>(values, lines, step);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn encode_by_eight(&self, values: &[f32; BLOCK], lines: &mut [Line], step: usize) {
        self.encode_by::<Eight>(values, lines, step);
    }

    #[inline(always)]
    fn encode_by<N: Numbers>(&self, values: &[f32; BLOCK], lines: &mut [Line], step: usize) {
        let [first, second, third] = self.pivots;
        let (first, second, third) = (N::splat(first), N::splat(second), N::splat(third));
        for (line, values) in lines.iter_mut().step_by(step).zip(values.as_chunks::<LANES>().0) {
            for place in 0..LANES / N::Bytes::COUNT {
                let values = N::load(values, place);
                let mut counts = [N::ZERO; 4];
                let mut choices = [N::ZERO.choice(); 4];
                for four in 0..4 {
                    // How many pivots each value is at or above, less than nothing.
                    let value = values[four];
                    let passed =
                        first.at_most(value).plus_bytes(second.at_most(value)).plus_bytes(third.at_most(value));
                    choices[four] = passed.choice();
                    counts[four] = N::choose(choices[four], &self.below);
                }
                counts = known(values, counts);
                for part in &self.parts {
                    for four in 0..4 {
                        let cut = N::choose(choices[four], part);
                        counts[four] = counts[four].minus(cut.at_most(values[four]));
                    }
                }
                N::biased(counts).store(line, place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MISSING, biased, by_each_width};

    #[test]
    fn columns_are_turned_whatever_their_number() {
        for width in 1..10_usize {
            for rows in [1, 3, 4, 5, 64, 70] {
                let values: Vec<f32> = (0..rows * width).map(|place| place as f32).collect();
                let mut turned = Turned::default();
                for first in (0..width).step_by(TURNED) {
                    turned.turn(&values, width, first);
                    for column in first..width.min(first + TURNED) {
                        for row in 0..rows {
                            let value = turned.column(column - first)[row];
                            assert_eq!(
                                value,
                                values[row * width + column],
                                "width {width}, column {column}, row {row}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn bytes_count_the_cuts_that_are_at_most_a_value() {
        for count in 1..=48 {
            // Two zeros are one, and the largest cuts are far off.
            let cuts: Vec<f32> = (0..count).map(|cut| if cut == 40 { f32::MAX } else { cut as f32 - 7.0 }).collect();
            let cuts = if count > 40 { &cuts[..41] } else { &cuts[..] };
            let mut values = [f32::NAN; BLOCK];
            let near = cuts.iter().flat_map(|cut| [cut.next_down(), *cut, cut.next_up()]);
            let special = [f32::NAN, -0.0, 0.0, f32::INFINITY, f32::NEG_INFINITY, f32::MIN, f32::MAX, 1e-45];
            values.iter_mut().zip(near.chain(special)).for_each(|(to, value)| *to = value);
            let expected = |value: f32| match value.is_nan() {
                true => MISSING,
                false => biased(1 + cuts.iter().filter(|cut| **cut <= value).count() as u32),
            };
            by_each_width(|width| {
                let mut lines = [Line::splat(77); 3];
                encode(cuts, &values, &mut lines, 1);
                let mut quartered = [Line::splat(77); 3];
                Quarters::new(cuts).encode(&values, &mut quartered, 1);
                for place in 0..3 * LANES {
                    let [each, quarter] = [lines, quartered].map(|lines| lines[place / LANES].bytes()[place % LANES]);
                    assert_eq!(each, expected(values[place]), "{:e} among {count}, {width}", values[place]);
                    assert_eq!(
                        quarter,
                        expected(values[place]),
                        "{:e} among {count}, in quarters, {width}",
                        values[place]
                    );
                }
            });
        }
    }
}
