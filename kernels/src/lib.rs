//! The hot loops of `wardian`, over bytes and tables that it makes. They are a crate of their own for one reason: they
//! are compiled for speed, while everything else in the page's module is compiled for size. Compiled like the rest they
//! take 1.5 to 2 times as long; all compiled like them, the module would be a fifth larger.
//!
//! A byte is a rank code less 128, so that signed comparison orders it; `wardian`'s `codes.rs` has the proof that bytes
//! answer as the floats do.

pub mod answers;
#[cfg(target_arch = "x86_64")]
mod avx2;
pub mod blend;
pub mod buckets;
pub mod catboost;
pub mod compare;
mod exp;
pub mod exp64;
pub mod fold;
pub mod log64;
mod number;
pub mod quadrature;
pub mod search;
pub mod sets;
mod subtree;
pub mod tiles;
mod vectors;
pub mod walk;

use wide::{f32x4, i8x16};

pub use exp::{LOGISTIC_CAP, exponential, logistic};
pub use number::Number;
#[doc(hidden)]
pub use vectors::by_each_width;
pub use vectors::{has_shuffle, vector_bytes};

/// The most rows that are evaluated together: their bytes and margins stay in the processor's nearest memory.
pub const BLOCK: usize = 1024;
/// How many rows are compared at once.
pub const ROWS: usize = 16;
/// The depth of the subtrees that are taken at once.
pub const DEPTH: usize = 3;
/// The splits of such a subtree.
pub const SPLITS: usize = (1 << DEPTH) - 1;
/// The ways out of it: its leaves, or what follows.
pub const SLOTS: usize = 1 << DEPTH;

/// The byte of code `code`.
#[inline(always)]
pub fn biased(code: u32) -> i8 {
    (code as u8 ^ 0x80) as i8
}

/// The byte of a missing value: that of code 0.
pub const MISSING: i8 = i8::MIN;

/// A threshold that no byte is above: every row goes left.
pub const ALWAYS_LEFT: i8 = i8::MAX;

/// Whether any of the numbers is infinite. Inlined, so compiled for size: memory is slower than either way.
#[inline(always)]
pub fn has_infinite(numbers: &[f32]) -> bool {
    let infinite = f32x4::splat(f32::INFINITY);
    let (fours, rest) = numbers.as_chunks::<4>();
    let found = fours.iter().fold(f32x4::ZERO, |found, &four| found | f32x4::new(four).abs().simd_eq(infinite));
    found.any() || rest.iter().any(|number| number.is_infinite())
}

/// Writes `NaN` over each number whose bit is 0: of the first the `first`th, the lowest of a byte first. Whether any of the rest is
/// infinite.
///
/// # Panics
/// If there are fewer bits than numbers.
pub fn blank(numbers: &mut [f32], bits: &[u8], first: usize) -> bool {
    #[cfg(target_arch = "x86_64")]
    if vectors::has_thirty_two() {
        // SAFETY: the processor has AVX2.
        #[allow(unsafe_code)]
        return unsafe { blank_by_eight(numbers, bits, first) };
    }
    blank_by(numbers, bits, first)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn blank_by_eight(numbers: &mut [f32], bits: &[u8], first: usize) -> bool {
    blank_by(numbers, bits, first)
}

#[inline(always)]
fn blank_by(numbers: &mut [f32], bits: &[u8], first: usize) -> bool {
    let (bits, shift) = (&bits[first / 8..], first % 8);
    let (whole, rest) = numbers.as_chunks_mut::<32>();
    let done = 4 * whole.len();
    let mut found = 0;
    for (place, numbers) in whole.iter_mut().enumerate() {
        found |= blank_few(numbers, &bits[4 * place..], shift);
    }
    found |= blank_few(rest, &bits[done.min(bits.len())..], shift);
    found != 0
}

/// The same of up to 32: plain numbers, of which the compiler makes vectors as wide as there are. Not 0 if some is infinite.
#[inline(always)]
fn blank_few(numbers: &mut [f32], bits: &[u8], shift: usize) -> u32 {
    // By doubling the sign is lost.
    const INFINITE: u32 = f32::INFINITY.to_bits() << 1;
    let bytes = (shift + numbers.len()).div_ceil(8);
    let mut four = [0; 4];
    four[..bytes.min(4)].copy_from_slice(&bits[..bytes.min(4)]);
    // Of the next byte what the shift has left room for; where there is no room it need not be there.
    let high = if bytes > 4 { u32::from(bits[4]) << (32 - shift) } else { 0 };
    let there = u32::from_le_bytes(four) >> shift | high;
    let mut found = 0;
    for (place, number) in numbers.iter_mut().enumerate() {
        // All ones are a `NaN`, too.
        let kept = number.to_bits() | if there & (1 << place) == 0 { u32::MAX } else { 0 };
        found |= if kept << 1 == INFINITE { u32::MAX } else { 0 };
        *number = f32::from_bits(kept);
    }
    found
}

/// Writes each byte less 1, wrapping around, as far as both go in whole vectors. Inlined as [`has_infinite`] is.
#[inline(always)]
pub fn take_one(from: &[i8], to: &mut [i8]) {
    for (to, from) in to.as_chunks_mut::<16>().0.iter_mut().zip(from.as_chunks().0) {
        *to = (i8x16::new(*from) - i8x16::splat(1)).to_array();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_whose_bit_is_nought_are_blank() {
        let bits: Vec<u8> = (0..13_u8).map(|byte| byte.wrapping_mul(83) ^ 0x5a).collect();
        let is_there = |place: usize| bits[place / 8] >> (place % 8) & 1 == 1;
        by_each_width(|width| {
            for first in 0..20_usize {
                for count in 0..=13 * 8 - first {
                    let mut numbers: Vec<f32> = (0..count).map(|place| place as f32).collect();
                    // No byte more than there must be.
                    let bits = &bits[..(first + count).div_ceil(8)];
                    assert!(!blank(&mut numbers, bits, first));
                    for (place, number) in numbers.into_iter().enumerate() {
                        let expected = is_there(first + place).then_some(place as f32);
                        assert_eq!(expected, (!number.is_nan()).then_some(number), "{first}, {place}, {width}");
                    }
                    // Infinite is what is there alone.
                    let infinite = count * 7 % (count + 1);
                    let mut numbers: Vec<f32> = vec![f32::MAX; count];
                    if let Some(number) = numbers.get_mut(infinite) {
                        *number = if first % 2 == 0 { f32::INFINITY } else { f32::NEG_INFINITY };
                        assert_eq!(
                            blank(&mut numbers, bits, first),
                            is_there(first + infinite),
                            "{first}, {infinite}, {width}"
                        );
                    }
                }
            }
        });
    }
}
