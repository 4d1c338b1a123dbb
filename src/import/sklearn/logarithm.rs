//! The logarithm in 64 bits, of which first margins are made, on any machine the same.
//!
//! It is done operation by operation as glibc does them on processors that multiply and add at once: `crate::elementary` says
//! why.

mod table;

use wardian_kernels::exp64;

use self::table::LOGARITHMS;

/// The natural logarithm of a number above 0 that is no subnormal.
///
/// `x = 2^k z` with `z` near one of 128 numbers, and a polynomial for what is left; near 1 a polynomial alone.
pub(super) fn log(x: f64) -> f64 {
    /// The parts of `ln 2`: the first has so few digits that multiples of it are exact.
    const LN_2: [f64; 2] = [0.693_147_180_559_890_3, 5.497_923_018_708_371e-14];
    /// The polynomial for `log(1 + r)` less `r`, by powers of `r` from the square on.
    const SERIES: [f64; 5] = [
        -0.500_000_000_000_000_1,
        0.333_333_333_318_255_93,
        -0.249_999_999_962_295_5,
        0.200_003_045_118_144_96,
        -0.166_670_548_276_276_67,
    ];
    /// The least `z`.
    const LEAST: u64 = 0x3fe6_0000_0000_0000;
    /// Where a polynomial alone is enough: 1 - 2^-4 to 1 + 1.09 2^-4, the fraction in base 16.
    const NEAR: std::ops::Range<u64> = 0x3fee_0000_0000_0000..0x3ff1_0900_0000_0000;
    const MANTISSA: u32 = 52;
    let bits = x.to_bits();
    if NEAR.contains(&bits) {
        return log_near(x - 1.0);
    }
    let above = bits.wrapping_sub(LEAST);
    let k = (above as i64 >> MANTISSA) as f64;
    let z = f64::from_bits(bits.wrapping_sub(above & 0xfff << MANTISSA));
    let (reciprocal, logarithm) = LOGARITHMS[(above >> (MANTISSA - 7)) as usize % LOGARITHMS.len()];
    let r = fused(z, f64::from_bits(reciprocal), -1.0);
    let whole = fused(k, LN_2[0], f64::from_bits(logarithm));
    let high = whole + r;
    let low = fused(k, LN_2[1], (whole - high) + r);
    let square = r * r;
    let pair = |index: usize| fused(r, SERIES[index + 1], SERIES[index]);
    fused(r * square, fused(pair(3), square, pair(1)), fused(square, SERIES[0], low)) + high
}

/// `log(1 + r)` for an `r` near 0.
fn log_near(r: f64) -> f64 {
    /// By powers of `r` from the square on.
    const SERIES: [f64; 11] = [
        -0.5,
        0.333_333_333_333_335_2,
        -0.249_999_999_999_984_32,
        0.199_999_999_993_203_28,
        -0.166_666_666_699_297_06,
        0.142_857_150_765_608_68,
        -0.124_999_978_639_825_55,
        0.111_107_120_329_360_46,
        -0.100_004_867_578_181_93,
        0.091_819_940_061_954_67,
        -0.083_283_630_622_893_41,
    ];
    const HALVES: f64 = (1_u64 << 27) as f64;
    if r == 0.0 {
        return 0.0;
    }
    let square = r * r;
    let cube = r * square;
    let three = |index: usize| fused(square, SERIES[index + 2], fused(r, SERIES[index + 1], SERIES[index]));
    let series = fused(cube, fused(cube, fused(cube, SERIES[10], three(7)), three(4)), three(1));
    // The square is taken of the upper half of r, exactly, and what that leaves out is added.
    let upper = fused(HALVES, -r, fused(r, HALVES, r));
    let lower = r - upper;
    let half = upper * upper;
    let high = fused(half, SERIES[0], r);
    let low = fused(SERIES[0] * lower, r + upper, fused(half, SERIES[0], r - high));
    fused(series, cube, low) + high
}

/// `a * b + c`, rounded once.
#[inline(never)]
fn fused(a: f64, b: f64, c: f64) -> f64 {
    exp64::fused(a, b, c)
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    fn shares() -> impl Iterator<Item = f64> {
        // Shares as data have them, and ratios of them.
        (1..400_u32).flat_map(|of| (1..of).step_by(7).map(move |part| f64::from(part) / f64::from(of)))
    }

    #[test]
    fn log_is_the_c_librarys() {
        // Ratios from 2^-64 to 2^64, and many near 1.
        let spread =
            (0..400_000_u64).map(|step| f64::from_bits(0x3bf0_0000_0000_0000 + step * 0x013a_1b5d_7731 % (128 << 52)));
        let near = (0..100_000).map(|step| 0.93 + f64::from(step) * 1.4e-6);
        let all = shares().flat_map(|share| [share, share / (1.0 - share)]).chain(spread).chain(near);
        let different = all.filter(|&x| log(x).to_bits() != x.ln().to_bits()).count();
        assert_eq!(different, 0);
    }
}
