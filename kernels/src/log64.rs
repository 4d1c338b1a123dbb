//! `log(1 + x)` in `f64` with the bits of glibc 2.39 and later on processors with fused multiply-add; Debian's 2.36 has it too. (Older
//! ones, and other processors, have other bits for 1 of 10,000 numbers.)
//!
//! As the BSD library of 1993 does it: `1 + x = 2^k (1 + f)` with `1 + f` between the roots of a half and of 2; with `s = f / (2 + f)`,
//! `log(1 + f)` is `2s` and a polynomial in `s^2`, which is added up in pairs.

use crate::exp64::fused;

/// The coefficients of `s^2`, `s^4` and so on to `s^14`, nearly 2/3, 2/5, 2/7 and so on.
const POLYNOMIAL: [f64; 7] = [
    f64::from_bits(0x3fe5_5555_5555_5593),
    f64::from_bits(0x3fd9_9999_9997_fa04),
    f64::from_bits(0x3fd2_4924_9422_9359),
    f64::from_bits(0x3fcc_71c5_1d8e_78af),
    f64::from_bits(0x3fc7_4664_96cb_03de),
    f64::from_bits(0x3fc3_9a09_d078_c69f),
    f64::from_bits(0x3fc2_f112_df3e_5244),
];
/// The logarithm of 2, in two parts: a whole number times the first is not rounded.
const HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);

/// The bits above those of a fraction's lower half: what places are told by.
fn upper(number: f64) -> u32 {
    (number.to_bits() >> 32) as u32
}

/// The logarithm of 1 more than a number that is above -1.
#[inline(never)]
pub fn log1p(x: f64) -> f64 {
    /// 1 less than the root of 2, and than that of a half: between them 1 + x is not scaled.
    const ROOT: u32 = 0x3fda_827a;
    const HALF_ROOT: u32 = 0xbfd2_bec3;
    /// 2^-29 and 2^-54.
    const SMALL: u32 = 0x3e20_0000;
    const SMALLEST: u32 = 0x3c90_0000;
    /// 2^53: beyond it 1 more is nothing.
    const LARGE: u32 = 0x4340_0000;
    const INFINITE: u32 = 0x7ff0_0000;
    const SIGN: u32 = 0x8000_0000;
    const FRACTION: u32 = 0x000f_ffff;

    let place = upper(x);
    if !(SMALLEST..INFINITE).contains(&(place & !SIGN)) {
        return x;
    }
    if place & !SIGN < SMALL {
        return x - x * x * 0.5;
    }
    if place < ROOT || (SIGN..=HALF_ROOT).contains(&place) {
        return of_fraction(x, 0.0, 0.0);
    }
    // What rounding has taken off the sum, as a share of it.
    let (sum, lost) = match !(LARGE..SIGN).contains(&place) {
        true => {
            let sum = 1.0 + x;
            (sum, if sum < 2.0 { x - (sum - 1.0) } else { 1.0 - (sum - x) } / sum)
        }
        false => (x, 0.0),
    };
    let fraction = upper(sum) & FRACTION;
    // Above the root of 2 it is halved.
    let is_above = fraction >= 0x6_a09e;
    let k = f64::from((upper(sum) >> 20) as i32 - 1023 + i32::from(is_above));
    let exponent = if is_above { 0x3fe0_0000 } else { 0x3ff0_0000 };
    let f = f64::from_bits(sum.to_bits() & 0xffff_ffff | u64::from(fraction | exponent) << 32) - 1.0;
    let is_tiny = if is_above { FRACTION + 1 - fraction < 4 } else { fraction == 0 };
    if !is_tiny {
        return of_fraction(f, k, lost);
    }
    // Below 2^-20 a square is enough.
    let low = fused(k, LOW, lost);
    if f == 0.0 {
        return if k == 0.0 { 0.0 } else { fused(k, HIGH, low) };
    }
    let rest = fused(-f, 2.0 / 3.0, 1.0) * (0.5 * f * f);
    if k == 0.0 { f - rest } else { fused(k, HIGH, -((rest - low) - f)) }
}

/// `k log 2 + log(1 + f)`, and what was lost.
fn of_fraction(f: f64, k: f64, lost: f64) -> f64 {
    let half = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let [first, pairs @ ..] = POLYNOMIAL;
    let pair = |place: usize| fused(pairs[place + 1], z, pairs[place]);
    let (z2, z4) = (z * z, z * z * (z * z));
    let sum = fused(z, first, z2 * pair(0));
    let sum = fused(z2 * z4, pair(4), fused(z4, pair(2), sum));
    let more = s * (half + sum);
    if k == 0.0 {
        return f - (half - more);
    }
    fused(k, HIGH, -((half - (fused(k, LOW, lost) + more)) - f))
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    fn compare(numbers: impl Iterator<Item = f64>) -> (usize, usize) {
        let (mut count, mut different) = (0, 0);
        for x in numbers {
            count += 1;
            different += usize::from(log1p(x).to_bits() != std::hint::black_box(x).ln_1p().to_bits());
        }
        (count, different)
    }

    /// Powers of e, as the softplus takes them: mostly of margins, of every size, and beside powers of 2.
    fn numbers(count: usize) -> impl Iterator<Item = f64> {
        let mut state = 7_u64;
        (0..count).map(move |index| {
            state = state.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(3_037_000_493);
            let share = (state >> 11) as f64 / (1_u64 << 53) as f64;
            match index % 8 {
                0..5 => (16.0 * share - 8.0).exp(),
                5 => (1400.0 * share - 700.0).exp(),
                6 => f64::from_bits(state >> 1).min(f64::MAX),
                _ => 2.0_f64.powi((index / 8 % 60) as i32) * (1.0 + (share - 0.5) * 1e-6) - 1.0,
            }
        })
    }

    /// Shares as data have them, less a half.
    #[test]
    fn agrees_with_the_c_library_below_0_too() {
        let shares = (1..400_u32).flat_map(|of| (1..of).step_by(7).map(move |part| f64::from(part) / f64::from(of)));
        let steps = (1..1_000_000).map(|step| f64::from(step) / 1e6 - 0.999_999_5);
        let edges = [-1e-300, -1e-17, -(2.0_f64.powi(-29)), -0.292_89, -0.292_9, -0.5, -0.75, -1.0 + f64::EPSILON];
        let (count, different) = compare(shares.map(|share| share - 0.5).chain(steps).chain(edges));
        assert_eq!(different, 0, "of {count}");
    }

    #[test]
    fn agrees_with_the_c_library() {
        let edges =
            [0.0, 1e-300, 1e-17, 2.0_f64.powi(-29), 0.414_21, 0.414_22, 1.0, 2.0_f64.powi(53), f64::MAX, f64::INFINITY];
        let (count, different) = compare(numbers(1_000_000).filter(|&x| x >= 0.0).chain(edges));
        assert_eq!(different, 0, "of {count}: a C library without fused multiply-add has other bits for 1 of 10,000");
    }

    #[test]
    #[ignore = "takes a minute when optimised: cargo xtask elementary"]
    fn agrees_with_the_c_library_for_very_many() {
        let (count, different) = compare(numbers(200_000_000).filter(|&x| x >= 0.0));
        println!("seen elementary: log1p of 64 bits: {count} arguments, {different} different");
        assert_eq!(different, 0);
    }
}
