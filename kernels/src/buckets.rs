//! Values → bytes.
//!
//! A column's cuts are spread over [`BUCKETS`] buckets by a function that never falls as its argument rises. A cut in a
//! lower bucket than a value's is below the value, one in a higher bucket is above it, so only the cuts of the value's
//! own bucket are compared: four at a time, and four are nearly always all there are. The function rounds; that it
//! never falls is all that the argument needs.

use wide::{f32x4, i32x4};

use crate::biased;

/// How many buckets there are. Bucket 0 is for missing values.
pub const BUCKETS: usize = 1024;
/// The most cuts that a column may have: a byte tells their ranks apart, and missing.
pub const MOST_CUTS: usize = 254;
/// How many cuts are compared at once.
const STEP: usize = 4;

/// A column's cuts, and where to look for a value among them.
#[derive(Clone, Debug)]
pub struct Buckets {
    /// What turns a value into its bucket.
    pub scale: Scale,
    /// For each bucket, 1 and the number of cuts in lower buckets; 0 for the first.
    pub first: Box<[u8; BUCKETS]>,
    /// The cuts from place 1 on, ascending. `NaN` fills up: no value is above or equal to it.
    pub cuts: Box<[f32; MOST_CUTS + 2 + STEP]>,
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
    /// Writes the byte of every `width`th value from the first on, `NaN` for missing, to every `row_step`th place from
    /// the first on: how many cuts are at most the value, and 1; 0 for a missing one.
    pub fn encode(&self, values: &[f32], width: usize, bytes: &mut [i8], row_step: usize) {
        let mut out = bytes.iter_mut().step_by(row_step);
        let mut index = 0;
        while index < values.len() {
            let mut four = [f32::NAN; 4];
            for value in &mut four {
                if let Some(&given) = values.get(index) {
                    *value = given;
                }
                index += width;
            }
            let buckets = self.scale.buckets(f32x4::new(four));
            for ((value, bucket), byte) in four.into_iter().zip(buckets).zip(&mut out) {
                *byte = biased(self.place(value, bucket));
            }
        }
    }

    /// One more than the number of cuts that are at most `value`, which is in `bucket`; 0 for a missing one.
    #[inline(always)]
    fn place(&self, value: f32, bucket: u32) -> u32 {
        let value = f32x4::splat(value);
        let mut place = usize::from(self.first[bucket as usize % BUCKETS]);
        loop {
            // There are at most 255 places; saying so spares a check.
            let start = place % (MOST_CUTS + 2);
            let [a, b, c, d] = [0, 1, 2, 3].map(|step| self.cuts[start + step]);
            let passed = f32x4::new([a, b, c, d]).simd_le(value).to_bitmask().count_ones();
            place += passed as usize;
            if passed < STEP as u32 {
                return place as u32;
            }
        }
    }
}
