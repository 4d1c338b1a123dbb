//! Logarithms in 64 bits, of which first margins are made, on any machine the same.
//!
//! They are done operation by operation as glibc does them on processors that multiply and add at once: `crate::elementary` says
//! why.

// Where a processor has no such instruction a library rounds once too: slowly, which does not matter here.
#![allow(clippy::disallowed_methods)]

mod table;

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
    let r = z.mul_add(f64::from_bits(reciprocal), -1.0);
    let whole = k.mul_add(LN_2[0], f64::from_bits(logarithm));
    let high = whole + r;
    let low = k.mul_add(LN_2[1], (whole - high) + r);
    let square = r * r;
    let pair = |index: usize| r.mul_add(SERIES[index + 1], SERIES[index]);
    (r * square).mul_add(pair(3).mul_add(square, pair(1)), square.mul_add(SERIES[0], low)) + high
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
    let three = |index: usize| square.mul_add(SERIES[index + 2], r.mul_add(SERIES[index + 1], SERIES[index]));
    let series = cube.mul_add(cube.mul_add(cube.mul_add(SERIES[10], three(7)), three(4)), three(1));
    // The square is taken of the upper half of r, exactly, and what that leaves out is added.
    let upper = HALVES.mul_add(-r, r.mul_add(HALVES, r));
    let lower = r - upper;
    let half = upper * upper;
    let high = half.mul_add(SERIES[0], r);
    let low = (SERIES[0] * lower).mul_add(r + upper, half.mul_add(SERIES[0], r - high));
    series.mul_add(cube, low) + high
}

pub(super) use wardian_kernels::exp64::exp;

/// `log(1 + x)` for `x` from -0.5 to 0.5.
pub(super) fn log1p(x: f64) -> f64 {
    const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    /// For `log(1 + f)` with `s = f / (2 + f)`, by powers of `s` squared, lowest first.
    const SERIES: [f64; 7] = [
        0.666_666_666_666_673_5,
        0.399_999_999_994_094_2,
        0.285_714_287_436_623_9,
        0.222_221_984_321_497_84,
        0.181_835_721_616_180_5,
        0.153_138_376_992_093_73,
        0.147_981_986_051_165_86,
    ];
    /// The high halves of 1 less than the square roots of 2 and of 1/2, between which 1 + x is not scaled; and of what is so
    /// small that a square is enough.
    const NEAR_TWO: u32 = 0x3fda_827a;
    const NEAR_HALF: u32 = 0xbfd2_bec3;
    const SMALL: u32 = 0x3e20_0000;
    const TINY: u32 = 0x3c90_0000;
    /// From here on the mantissa of 1 + x is halved.
    const HALVED: u32 = 0x6_a09e;
    let high = (x.to_bits() >> 32) as u32;
    let magnitude = high & 0x7fff_ffff;
    if magnitude < SMALL {
        return if magnitude < TINY { x } else { x - x * x * 0.5 };
    }
    let (k, lost, f, of_f) = if (high >> 31 == 0 && high < NEAR_TWO) || (high >> 31 == 1 && high <= NEAR_HALF) {
        (0, 0.0, x, 1)
    } else {
        let u = 1.0 + x;
        let of_u = (u.to_bits() >> 32) as u32;
        let k = (of_u >> 20) as i32 - 1023;
        let lost = if k > 0 { 1.0 - (u - x) } else { x - (u - 1.0) } / u;
        let mantissa = of_u & 0xf_ffff;
        let with = |high: u32| f64::from_bits(u64::from(high) << 32 | u.to_bits() & 0xffff_ffff);
        if mantissa < HALVED {
            (k, lost, with(mantissa | 0x3ff0_0000) - 1.0, mantissa)
        } else {
            (k + 1, lost, with(mantissa | 0x3fe0_0000) - 1.0, (0x10_0000 - mantissa) >> 2)
        }
    };
    let k = f64::from(k);
    let half_square = 0.5 * f * f;
    let low = k.mul_add(LN_2_LOW, lost);
    if of_f == 0 {
        // |f| is below 2^-20.
        if f == 0.0 {
            return if k == 0.0 { 0.0 } else { k.mul_add(LN_2_HIGH, low) };
        }
        let r = half_square * SERIES[0].mul_add(-f, 1.0);
        return if k == 0.0 { f - r } else { k.mul_add(LN_2_HIGH, -((r - low) - f)) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let (z2, z4) = (z * z, z * z * (z * z));
    let pair = |index: usize| z.mul_add(SERIES[index + 1], SERIES[index]);
    let r = (z2 * z4).mul_add(pair(5), z4.mul_add(pair(3), z.mul_add(SERIES[0], z2 * pair(1))));
    let r = s * (half_square + r);
    if k == 0.0 { f - (half_square - r) } else { k.mul_add(LN_2_HIGH, -((half_square - (r + low)) - f)) }
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

    #[test]
    fn log1p_is_the_c_librarys() {
        let different =
            shares().map(|share| share - 0.5).filter(|&x| log1p(x).to_bits() != x.ln_1p().to_bits()).count();
        assert_eq!(different, 0);
    }
}
