//! Categories → bytes: of 128 rows at once, whether each is in a set. Models have sets by the thousand, each a column of codes.

use wide::u8x16;

#[cfg(target_arch = "x86_64")]
use crate::avx2::ThirtyTwo;
use crate::fold::{LANES, Line};
use crate::vectors::Bytes;
use crate::{MISSING, biased};

/// The categories that a set may have here: below this. A byte says which byte of a set's bits a category is in, or that it is in none.
pub const MOST_CATEGORIES: usize = 8 * u8::MAX as usize;

/// A bit for each category, as far as there is one that is in the set.
pub type Bits = Vec<[u8; 16]>;

/// Sets of one feature, and the lines that they are.
#[derive(Clone, Debug, Default)]
pub struct Sets {
    /// Set after set: in one place, as they are read one after another.
    bits: Bits,
    /// For each where its bits end, and its line.
    ends: Vec<(u32, u32)>,
}

impl Sets {
    /// Appends a set.
    #[inline]
    pub fn push(&mut self, bits: &[[u8; 16]], line: u32) {
        self.bits.extend_from_slice(bits);
        self.ends.push((self.bits.len() as u32, line));
    }
}

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
            let category = if is_any { value as usize } else { 0 };
            // Behind the last byte there is nothing.
            own.byte.0[row] = if is_any { (category / 8) as u8 } else { u8::MAX };
            own.bit.0[row] = 1 << (category % 8);
            own.outside.0[row] = if value.is_nan() { MISSING } else { biased(1) } as u8;
        }
        own
    }

    /// Writes the codes of the rows for sets, each to its line: 2 in it, 1 outside, 0 where missing.
    ///
    /// # Panics
    /// If a line is not there.
    pub fn encode(&self, sets: &Sets, lines: &mut [Line]) {
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
    fn encode_by_thirty_two(&self, sets: &Sets, lines: &mut [Line]) {
        self.encode_by::<ThirtyTwo>(sets, lines);
    }

    #[inline(always)]
    fn encode_by<B: Bytes>(&self, sets: &Sets, lines: &mut [Line]) {
        let mut rest = &sets.bits[..];
        let mut start = 0;
        for (end, line) in &sets.ends {
            let (chunks, others) = rest.split_at((end - start) as usize);
            (rest, start) = (others, *end);
            // As many as vectors of sixteen need.
            let mut found = [B::splat(0); LANES / 16];
            let mut before = B::splat(0);
            for chunk in chunks {
                for (vector, found) in found.iter_mut().enumerate().take(LANES / B::COUNT) {
                    *found = found.or(B::load(&self.byte, vector).minus(before).look_up(chunk));
                }
                before = before.plus(B::splat(16));
            }
            let line = &mut lines[*line as usize];
            for (vector, found) in found.iter().enumerate().take(LANES / B::COUNT) {
                let bit = B::load(&self.bit, vector);
                B::load(&self.outside, vector).minus(found.and(bit).equal(bit)).store(line, vector);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_each_width;

    #[test]
    fn each_category_is_in_its_sets() {
        let values: Vec<f32> = (0..MOST_CATEGORIES + 30)
            .flat_map(|category| [category as f32, category as f32 + 0.75])
            .chain([-0.0, -0.5, -1.0, 256.0, 300.0, 1e30, f32::NAN, f32::NEG_INFINITY])
            .collect();
        type IsMember = fn(usize) -> bool;
        let members: [(IsMember, usize); 4] = [
            (|category| category.is_multiple_of(3), MOST_CATEGORIES - 1),
            (|category| category > 127, 255),
            (|category| category == 255, 255),
            (|category| category == 2, 2),
        ];
        for (member, highest) in members {
            let mut set = vec![[0; 16]; highest / 128 + 1];
            for category in (0..=highest).filter(|&category| member(category)) {
                set[category / 128][category / 8 % 16] |= 1 << (category % 8);
            }
            let mut sets = Sets::default();
            sets.push(&[], 0);
            sets.push(&set, 2);
            by_each_width(|width| {
                for values in values.chunks(LANES) {
                    let mut lines = [Line::splat(77); 3];
                    Categories::of(values.iter()).encode(&sets, &mut lines);
                    for (row, value) in values.iter().enumerate() {
                        let is_in = *value >= 0.0 && *value as usize <= highest && member(*value as usize);
                        let expected = |is_in| if value.is_nan() { MISSING } else { biased(1 + u32::from(is_in)) };
                        assert_eq!(lines[0].bytes()[row], expected(false), "{value}, {width}");
                        assert_eq!(lines[1].bytes()[row], 77);
                        assert_eq!(lines[2].bytes()[row], expected(is_in), "{value}, {width}");
                    }
                }
            });
        }
    }
}
