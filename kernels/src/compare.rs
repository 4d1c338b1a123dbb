//! Values → bytes where a column has few cuts: all of them, or a fourth of them, are compared with sixteen values at once.
//! [`Buckets`](crate::buckets::Buckets) serve columns of many.

use wide::{f32x4, i16x8, i32x4, i32x8, u8x16};

use crate::BLOCK;
use crate::fold::{LANES, Line};

/// How many columns are turned together.
pub const TURNED: usize = 4;
/// Up to so many cuts, comparing each is fastest.
pub const MOST_CUTS: usize = 12;
/// Up to so many, comparing a fourth of them.
pub const MOST_QUARTERED: usize = if crate::HAS_SHUFFLE { 48 } else { 0 };

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
            for (place, values) in rows[row * width..].chunks_exact(width).take(TURNED).enumerate() {
                for (column, value) in self.0.iter_mut().zip(&values[first..]) {
                    column[row + place] = *value;
                }
            }
        }
    }

    /// The values of one of the columns.
    pub fn column(&self, place: usize) -> &[f32; BLOCK] {
        &self.0[place]
    }
}

/// The byte of a count of cuts for each of sixteen values.
#[inline(always)]
fn bytes_of(counts: [i32x4; 4]) -> u8x16 {
    let [low, high]: [i32x8; 2] = bytemuck::cast(counts);
    u8x16::narrow_i16x8(i16x8::from_i32x8_saturate(low), i16x8::from_i32x8_saturate(high)) ^ u8x16::splat(0x80)
}

/// -1 for each that is so.
#[inline(always)]
fn whole(mask: f32x4) -> i32x4 {
    bytemuck::cast(mask)
}

/// Writes to every `step`th line the bytes of 64 values: how many of the cuts are at most the value, and 1; 0 for a missing one. A
/// value of the last line that is not there may be any.
pub fn encode(cuts: &[f32], values: &[f32; BLOCK], lines: &mut [Line], step: usize) {
    for (line, values) in lines.iter_mut().step_by(step).zip(values.as_chunks::<LANES>().0) {
        for (vector, sixteen) in values.as_chunks::<16>().0.iter().enumerate() {
            let values: [f32x4; 4] = bytemuck::cast(*sixteen);
            // Taken from 0: the vectors' own `-` of one number is a call.
            let mut counts = values.map(|value| i32x4::ZERO - whole(value.simd_eq(value)));
            for &cut in cuts {
                let cut = f32x4::splat(cut);
                for (count, value) in counts.iter_mut().zip(values) {
                    *count -= whole(cut.simd_le(value));
                }
            }
            line.store(vector, bytes_of(counts));
        }
    }
}

/// Cuts in four parts: three cuts say which part a value is in, and with the cuts of that part it is compared.
#[derive(Clone, Debug)]
pub struct Quarters {
    pivots: [f32; 3],
    /// How many cuts are below each part, and in each byte of a number the same.
    below: [u8; 16],
    /// The first cut of each part, the second and so on.
    parts: Vec<[f32; 4]>,
}

impl Quarters {
    /// For ascending cuts, of which there are at least [`MOST_CUTS`].
    #[inline]
    pub fn new(cuts: &[f32]) -> Self {
        let length = cuts.len().saturating_sub(3).div_ceil(4);
        // No value is at or above what is no number.
        let cut = |place: usize| cuts.get(place).copied().unwrap_or(f32::NAN);
        let mut below = [0; 16];
        below.iter_mut().enumerate().for_each(|(place, below)| *below = (place / 4 * (length + 1)) as u8);
        Self {
            pivots: std::array::from_fn(|part| cut((part + 1) * (length + 1) - 1)),
            below,
            parts: (0..length).map(|place| std::array::from_fn(|part| cut(part * (length + 1) + place))).collect(),
        }
    }

    /// As [`encode`].
    pub fn encode(&self, values: &[f32; BLOCK], lines: &mut [Line], step: usize) {
        let pivots = self.pivots.map(f32x4::splat);
        let pattern = u8x16::new([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
        let (below, lowest) = (u8x16::new(self.below), i32x4::splat(0xff));
        for (line, values) in lines.iter_mut().step_by(step).zip(values.as_chunks::<LANES>().0) {
            for (vector, sixteen) in values.as_chunks::<16>().0.iter().enumerate() {
                let values: [f32x4; 4] = bytemuck::cast(*sixteen);
                // In each byte of a number how many pivots it is at or above, less than nothing; four times that is the way to the
                // bytes of its part.
                let parts: [u8x16; 4] = values.map(|value| {
                    let [first, second, third] = pivots.map(|pivot| bytemuck::cast::<_, u8x16>(pivot.simd_le(value)));
                    let passed = first + second + third;
                    let twice = passed + passed;
                    pattern - (twice + twice)
                });
                let mut counts: [i32x4; 4] = std::array::from_fn(|four| {
                    let below: i32x4 = bytemuck::cast(below.shuffle_zeroing(parts[four]));
                    (below & lowest) - whole(values[four].simd_eq(values[four]))
                });
                for part in &self.parts {
                    let cuts: u8x16 = bytemuck::cast(*part);
                    for four in 0..4 {
                        let cut: f32x4 = bytemuck::cast(cuts.shuffle_zeroing(parts[four]));
                        counts[four] -= whole(cut.simd_le(values[four]));
                    }
                }
                line.store(vector, bytes_of(counts));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MISSING, biased};

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
            let mut lines = [Line::splat(77); 3];
            encode(cuts, &values, &mut lines, 1);
            let mut quartered = [Line::splat(77); 3];
            Quarters::new(cuts).encode(&values, &mut quartered, 1);
            for place in 0..3 * LANES {
                let [each, quarter] = [lines, quartered].map(|lines| lines[place / LANES].bytes()[place % LANES]);
                assert_eq!(each, expected(values[place]), "{:e} among {count}", values[place]);
                assert_eq!(quarter, expected(values[place]), "{:e} among {count}, in quarters", values[place]);
            }
        }
    }
}
