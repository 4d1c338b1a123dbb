//! Categories → bytes: of 64 rows at once, whether each is in a set. Models have sets by the thousand, each a column of codes.

use wide::u8x16;

#[cfg(target_arch = "x86_64")]
use crate::avx2::ThirtyTwo;
use crate::fold::{LANES, Line};
use crate::vectors::Bytes;
use crate::{MISSING, biased};

/// The categories that a set may have here: below this.
pub const MOST_CATEGORIES: usize = 256;

/// A bit for each category.
pub type Bits = [[u8; 16]; 2];

/// The categories of 64 rows: which byte of a set's bits each is in, which bit of it, and the code of a row that is not in a set.
#[derive(Clone, Copy, Debug)]
pub struct Categories {
    byte: Line,
    bit: Line,
    outside: Line,
}

impl Categories {
    /// No rows yet.
    pub const NONE: Self = Self { byte: Line::splat(0), bit: Line::splat(0), outside: Line::splat(0) };

    /// Takes the values of up to 64 rows. A fraction is cut off; a negative value, or one from [`MOST_CATEGORIES`] up, is in no set.
    pub fn take(&mut self, values: &[f32]) {
        for (row, &value) in values.iter().enumerate().take(LANES) {
            let is_any = value >= 0.0 && value < MOST_CATEGORIES as f32;
            let category = if is_any { value as u32 as u8 } else { 0 };
            // Behind the last byte there is nothing.
            self.byte.0[row] = if is_any { category / 8 } else { u8::MAX };
            self.bit.0[row] = 1 << (category % 8);
            self.outside.0[row] = if value.is_nan() { MISSING } else { biased(1) } as u8;
        }
    }

    /// Writes the codes of the rows for a set: 2 in it, 1 outside, 0 where missing.
    pub fn encode(&self, set: &Bits, line: &mut Line) {
        #[cfg(target_arch = "x86_64")]
        if crate::vectors::has_thirty_two() {
            // SAFETY: the processor has AVX2.
            #[allow(unsafe_code)]
            return unsafe { self.encode_by_thirty_two(set, line) };
        }
        self.encode_by::<u8x16>(set, line);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn encode_by_thirty_two(&self, set: &Bits, line: &mut Line) {
        self.encode_by::<ThirtyTwo>(set, line);
    }

    #[inline(always)]
    fn encode_by<B: Bytes>(&self, [low, high]: &Bits, line: &mut Line) {
        for vector in 0..LANES / B::COUNT {
            let byte = B::load(&self.byte, vector);
            let bits = byte.look_up(low).or(byte.minus(B::splat(16)).look_up(high));
            let bit = B::load(&self.bit, vector);
            let is_in = bits.and(bit).equal(bit);
            B::load(&self.outside, vector).minus(is_in).store(line, vector);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_each_width;

    #[test]
    fn each_category_is_in_its_sets() {
        let values: Vec<f32> = (0..MOST_CATEGORIES)
            .flat_map(|category| [category as f32, category as f32 + 0.75])
            .chain([-0.0, -0.5, -1.0, 256.0, 300.0, 1e30, f32::NAN, f32::NEG_INFINITY])
            .collect();
        for member in
            [|category: usize| category.is_multiple_of(3), |category| category > 127, |category| category == 255]
        {
            let mut set = [[0; 16]; 2];
            for category in (0..MOST_CATEGORIES).filter(|&category| member(category)) {
                set[category / 128][category / 8 % 16] |= 1 << (category % 8);
            }
            by_each_width(|width| {
                for values in values.chunks(LANES) {
                    let (mut categories, mut line) = (Categories::NONE, Line::splat(77));
                    categories.take(values);
                    categories.encode(&set, &mut line);
                    for (value, byte) in values.iter().zip(line.bytes()) {
                        let is_in = (0.0..256.0).contains(value) && member(*value as usize);
                        let expected = if value.is_nan() { MISSING } else { biased(1 + u32::from(is_in)) };
                        assert_eq!(*byte, expected, "{value}, {width}");
                    }
                }
            });
        }
    }
}
