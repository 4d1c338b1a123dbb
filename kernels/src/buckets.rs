//! Values → bytes.
//!
//! A column's cuts are spread over [`BUCKETS`] buckets by a function that never falls as its argument rises. A cut in a
//! lower bucket than a value's is below the value, one in a higher bucket is above it, so only the cuts of the value's
//! own bucket are compared: four at a time, and four are nearly always all there are. The function rounds; that it
//! never falls is all that the argument needs.

use std::hint::black_box;

use wide::{f32x4, i32x4};

use crate::biased;

/// How many buckets there are. Bucket 0 is for missing values.
pub const BUCKETS: usize = 1024;
/// The most cuts that a column may have: a byte tells their ranks apart, and missing.
pub const MOST_CUTS: usize = 254;
/// How many cuts are compared at once.
pub const STEP: usize = 4;
/// How many codes there are: one of a missing value, and one more than a column has cuts.
pub const CODES: usize = 256;

/// A column's cuts, and where to look for a value among them.
#[derive(Clone, Debug)]
pub struct Buckets {
    /// What turns a value into its bucket.
    pub scale: Scale,
    /// For each bucket, 1 and the number of cuts in lower buckets; 0 for the first.
    pub first: Box<[u8; BUCKETS]>,
    /// The cut that a value of each code is compared with first. `NaN` where there is none, which no value is above or
    /// equal to: at 0, behind the last cut, and behind the last code, so that [`STEP`] are always there.
    ///
    /// Places are codes and not their bytes, which turn over in the middle: the four behind a full column's last cut would be
    /// its first cuts.
    pub cuts: Box<[f32; CODES + STEP]>,
}

/// A linear function of a value, or of its bits in the order of the floats, which spread like its logarithm.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Whether of its bits.
    pub by_bits: bool,
    /// What is taken off first.
    pub offset: f32,
    /// What the difference is multiplied by: above 0, finite.
    pub factor: f32,
}

impl Scale {
    /// The values, or their bits, that are scaled.
    #[inline(always)]
    fn keys(self, values: f32x4) -> f32x4 {
        if !self.by_bits {
            return values;
        }
        // Adding 0 makes 0.0 of -0.0: the two are equal, and their bits are not.
        let bits: i32x4 = bytemuck::cast(values + f32x4::ZERO);
        let ordered = bits ^ ((bits >> 31) & i32x4::splat(i32::MAX));
        f32x4::from_i32x4(ordered)
    }

    /// The buckets of four values: 0 for `NaN`, else 1 to the last.
    #[inline(always)]
    fn buckets(self, values: f32x4) -> [u32; 4] {
        const FIRST: f32 = 1.0;
        const LAST: f32 = (BUCKETS - 1) as f32;
        /// Floats from here to its double are whole: adding it rounds, and leaves the number in the lowest bits.
        const ROUNDS: f32 = 8_388_608.0;
        let scaled = (self.keys(values) - f32x4::splat(self.offset)) * f32x4::splat(self.factor);
        let kept = scaled.fast_max(f32x4::splat(FIRST)).fast_min(f32x4::splat(LAST));
        let known = kept & values.simd_eq(values);
        bytemuck::cast(known + f32x4::splat(ROUNDS))
    }
}

impl Scale {
    /// The value, or its bits, that is scaled.
    pub fn key(self, value: f32) -> f32 {
        self.keys(f32x4::splat(value)).to_array()[0]
    }

    /// The bucket of a value.
    pub fn bucket(self, value: f32) -> u32 {
        self.buckets(f32x4::splat(value))[0] % BUCKETS as u32
    }
}

impl Buckets {
    /// Writes the bytes of `rows` values, every `width`th from the first on, `NaN` for missing, to every `row_step`th place
    /// from the first on: how many cuts are at most the value, and 1; 0 for a missing one.
    ///
    /// Checking each place takes a quarter of the time (measured in wasm).
    ///
    /// # Panics
    /// If values or places are too few.
    #[allow(unsafe_code)]
    pub fn encode(&self, rows: usize, values: &[f32], width: usize, bytes: &mut [i8], row_step: usize) {
        let Some(last) = rows.checked_sub(1) else { return };
        let reaches = |step, length| last.checked_mul(step).is_some_and(|place| place < length);
        assert!(reaches(width, values.len()) && reaches(row_step, bytes.len()));
        let (mut from, mut to) = (values.as_ptr(), bytes.as_mut_ptr());
        // SAFETY, of all that follows: `next` and `put` are called once for each of `rows` rows, four times `rows / 4` and
        // `rows % 4`. The place of the last, `rows - 1` steps from the first, is in its slice, as asserted, in numbers
        // that do not wrap; so are all before it. The pointers go one step further, but nothing is read or written there.
        // The slices are borrowed until the end, and those written to by nobody else.
        let mut next = || {
            let value = unsafe { from.read() };
            from = from.wrapping_add(width);
            value
        };
        let mut put = |byte| {
            unsafe { to.write(byte) };
            to = to.wrapping_add(row_step);
        };
        for _ in 0..rows / 4 {
            let four = [next(), next(), next(), next()];
            let buckets = self.scale.buckets(f32x4::new(four));
            for (value, bucket) in four.into_iter().zip(buckets) {
                put(self.byte(value, bucket));
            }
        }
        // Three at most, which the compiler must not know: it would write them out.
        for _ in 0..black_box(rows % 4) {
            let value = next();
            put(self.byte(value, self.scale.bucket(value)));
        }
    }

    /// The byte of one more than the number of cuts that are at most `value`, which is in `bucket`; of 0 for a missing one.
    #[inline(always)]
    fn byte(&self, value: f32, bucket: u32) -> i8 {
        let value = f32x4::splat(value);
        let mut code = self.first[bucket as usize % BUCKETS];
        // Four together, in one load: of `cuts[start]` and so on the compiler makes four.
        while let Some(&cuts) = self.cuts[usize::from(code)..].first_chunk::<STEP>() {
            let passed = f32x4::new(cuts).simd_le(value).to_bitmask().count_ones();
            // No more than there are cuts have passed, so a code stays one.
            code = code.wrapping_add(passed as u8);
            if passed < STEP as u32 {
                break;
            }
        }
        biased(u32::from(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two cuts, of which any column may be made: no bucket has more than the first four places.
    fn two_cuts() -> Buckets {
        let mut cuts = [f32::NAN; CODES + STEP];
        (cuts[1], cuts[2]) = (0.0, 1.0);
        let mut first = [1; BUCKETS];
        first[0] = 0;
        let scale = Scale { by_bits: false, offset: -1.0, factor: 100.0 };
        Buckets { scale, first: Box::new(first), cuts: Box::new(cuts) }
    }

    #[test]
    fn what_is_scaled_never_falls_and_takes_one_zero_for_the_other() {
        let values = [f32::NEG_INFINITY, f32::MIN, -3.5, -1e-30, -0.0, 1e-45, 2.0, 1e30, f32::INFINITY];
        for by_bits in [false, true] {
            let scale = Scale { by_bits, offset: 0.0, factor: 1.0 };
            let keys = values.map(|value| scale.key(value));
            assert!(keys.is_sorted(), "{by_bits}: {keys:?}");
            assert_eq!(scale.key(-0.0), scale.key(0.0));
        }
        // By their bits the floats of each power of two are as many as of the next, whatever their values.
        let by_bits = Scale { by_bits: true, offset: 0.0, factor: 1.0 };
        assert_eq!(by_bits.key(4e-30) - by_bits.key(2e-30), by_bits.key(4.0) - by_bits.key(2.0));
        assert_eq!(Scale { by_bits: false, ..by_bits }.key(4.0), 4.0);
    }

    #[test]
    fn buckets_are_one_to_the_last_and_nought_is_for_what_is_missing() {
        let scale = Scale { by_bits: false, offset: 10.0, factor: 2.0 };
        let bucket = |value| scale.bucket(value);
        assert_eq!([bucket(f32::NAN), bucket(-1e30), bucket(10.0), bucket(10.75)], [0, 1, 1, 2]);
        assert_eq!([bucket(20.0), bucket(1e30), bucket(f32::INFINITY)], [20, BUCKETS as u32 - 1, BUCKETS as u32 - 1]);
    }

    #[test]
    fn rows_are_written_as_far_as_they_are_asked_for() {
        let buckets = two_cuts();
        let values = [-1.0, 9.0, 0.0, 9.0, f32::NAN, 9.0, 1.0, 9.0, 0.5, 9.0, 7.0];
        for rows in 0..=6 {
            let mut bytes = [77; 16];
            buckets.encode(rows, &values, 2, &mut bytes, 3);
            let codes = [1, 2, 0, 3, 2, 3];
            for (place, byte) in bytes.into_iter().enumerate() {
                let is_asked = place % 3 == 0 && place / 3 < rows;
                assert_eq!(byte, if is_asked { biased(codes[place / 3]) } else { 77 }, "{rows} rows, place {place}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "reaches(width, values.len())")]
    fn values_that_are_not_there_are_not_read() {
        two_cuts().encode(3, &[0.0; 4], 2, &mut [0; 3], 1);
    }

    #[test]
    #[should_panic(expected = "reaches(width, values.len())")]
    fn places_that_are_not_there_are_not_written() {
        two_cuts().encode(3, &[0.0; 5], 2, &mut [0; 6], 3);
    }

    #[test]
    #[should_panic(expected = "reaches(width, values.len())")]
    fn places_that_numbers_do_not_reach_are_refused() {
        two_cuts().encode(3, &[0.0; 5], 1 << 63, &mut [0; 6], 3);
    }
}
