//! Categories → bytes: of 128 rows at once, whether each is in a set. Models have sets by the thousand, each a column of codes.

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

/// The categories of 128 rows: which byte of a set's bits each is in, which bit of it, and the code of a row that is not in a set.
#[derive(Clone, Copy, Debug)]
pub struct Categories {
    byte: Line,
    bit: Line,
    outside: Line,
}

impl Categories {
    /// Those of the values of up to 128 rows. A fraction is cut off; a negative value, or one from [`MOST_CATEGORIES`] up, is in no set.
    #[inline]
    pub fn of<'a>(values: impl Iterator<Item = &'a f32>) -> Self {
        let mut own = Self { byte: Line::splat(0), bit: Line::splat(0), outside: Line::splat(0) };
        for (row, &value) in values.enumerate().take(LANES) {
            let is_any = value >= 0.0 && value < MOST_CATEGORIES as f32;
            let category = if is_any { value as u32 as u8 } else { 0 };
            // Behind the last byte there is nothing.
            own.byte.0[row] = if is_any { category / 8 } else { u8::MAX };
            own.bit.0[row] = 1 << (category % 8);
            own.outside.0[row] = if value.is_nan() { MISSING } else { biased(1) } as u8;
        }
        own
    }

    /// Writes the codes of the rows for sets, each to its line: 2 in it, 1 outside, 0 where missing.
    ///
    /// # Panics
    /// If a line is not there.
    pub fn encode(&self, sets: &[(Bits, u32)], lines: &mut [Line]) {
        #[cfg(target_arch = "x86_64")]
        if crate::vectors::has_thirty_two() {
            // SAFETY: the processor has AVX2.
            #[allow(unsafe_code)]
            return unsafe { self.encode_by_thirty_two(sets, lines) };
        }
        self.encode_by::<u8x16>(sets, lines);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn encode_by_thirty_two(&self, sets: &[(Bits, u32)], lines: &mut [Line]) {
        self.encode_by::<ThirtyTwo>(sets, lines);
    }

    #[inline(always)]
    fn encode_by<B: Bytes>(&self, sets: &[(Bits, u32)], lines: &mut [Line]) {
        for ([low, high], line) in sets {
            let line = &mut lines[*line as usize];
            for vector in 0..LANES / B::COUNT {
                let byte = B::load(&self.byte, vector);
                let bits = byte.look_up(low).or(byte.minus(B::splat(16)).look_up(high));
                let bit = B::load(&self.bit, vector);
                let is_in = bits.and(bit).equal(bit);
                B::load(&self.outside, vector).minus(is_in).store(line, vector);
            }
        }
    }
}

/// A set that one row's value is looked up in.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Where the value is in the row.
    pub feature: u32,
    /// Where the answer goes: [`MEMBER`] if the value is in the set, else 0; where it is missing, what a walk takes to be missing, or
    /// infinity for a split that sends missing values right.
    pub place: u32,
    /// Whether it does.
    pub missing_right: bool,
    /// The set.
    pub bits: Bits,
}

/// What is said of a value that is in a set.
pub const MEMBER: f32 = 1.0;

/// Looks up values of a row, which stand in front, and puts the answers behind them. Lookups of one feature after another are faster.
///
/// # Panics
/// If a value or a place is not there.
pub fn look_up(lookups: &[Lookup], row: &mut [f32]) {
    let (mut of, mut category, mut is_any, mut is_missing) = (u32::MAX, 0, 0, 0);
    for Lookup { feature, place, missing_right, bits } in lookups {
        if of != *feature {
            of = *feature;
            let value = row[of as usize];
            category = value as usize % MOST_CATEGORIES;
            is_any = u8::from(value >= 0.0 && value < MOST_CATEGORIES as f32);
            is_missing = u32::from(value.is_nan()).wrapping_neg();
        }
        // No branch, which would be guessed wrong: sets hold half of all values.
        let is_in = bits.as_flattened()[category / 8] >> (category % 8) & is_any;
        let missing = [f32::NAN, f32::INFINITY][usize::from(*missing_right)].to_bits();
        let answer = (f32::from(is_in) * MEMBER).to_bits();
        row[*place as usize] = f32::from_bits(answer & !is_missing | missing & is_missing);
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
                    let mut lines = [Line::splat(77); 3];
                    Categories::of(values.iter()).encode(&[([[0; 16]; 2], 0), (set, 2)], &mut lines);
                    for (row, value) in values.iter().enumerate() {
                        let is_in = (0.0..256.0).contains(value) && member(*value as usize);
                        let expected = |is_in| if value.is_nan() { MISSING } else { biased(1 + u32::from(is_in)) };
                        assert_eq!(lines[0].bytes()[row], expected(false), "{value}, {width}");
                        assert_eq!(lines[1].bytes()[row], 77);
                        assert_eq!(lines[2].bytes()[row], expected(is_in), "{value}, {width}");
                        for missing_right in [false, true] {
                            let lookup = Lookup { feature: 1, place: 2, missing_right, bits: set };
                            let mut row = [7.0, *value, 7.0];
                            look_up(&[lookup], &mut row);
                            let expected = match (value.is_nan(), missing_right) {
                                (true, true) => f32::INFINITY,
                                (true, false) => f32::NAN,
                                (false, _) => f32::from(u8::from(is_in)),
                            };
                            assert_eq!(row[2].to_bits(), expected.to_bits(), "{value}, {missing_right}");
                            assert_eq!(row[0], 7.0);
                        }
                    }
                }
            });
        }
    }
}
