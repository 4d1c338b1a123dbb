//! Functions of one number that make margins of what a file holds, with the C library's bits: `crate::elementary` says why.

use crate::elementary::{LN_2, SMALLEST_GAP};

/// For each sixteenth of a power of two the reciprocal of a number near its middle, and that number's logarithm, as bits:
/// the table that Arm's optimized-routines publish and glibc adopted.
const LOGARITHMS: [(u64, u64); 16] = [
    (0x3ff6_61ec_79f8_f3be, 0xbfd5_7bf7_808c_aade),
    (0x3ff5_71ed_4aaf_883d, 0xbfd2_bef0_a7c0_6ddb),
    (0x3ff4_9539_f0f0_10b0, 0xbfd0_1eae_7f51_3a67),
    (0x3ff3_c995_b0b8_0385, 0xbfcb_31d8_a682_24e9),
    (0x3ff3_0d19_0c88_64a5, 0xbfc6_574f_0ac0_7758),
    (0x3ff2_5e22_7b0b_8ea0, 0xbfc1_aa2b_c79c_8100),
    (0x3ff1_bb4a_4a1a_343f, 0xbfba_4e76_ce8c_0e5e),
    (0x3ff1_2358_f08a_e5ba, 0xbfb1_973c_5a61_1ccc),
    (0x3ff0_953f_4199_00a7, 0xbfa2_52f4_38e1_0c1e),
    (0x3ff0_0000_0000_0000, 0x0000_0000_0000_0000),
    (0x3fee_608c_fd9a_47ac, 0x3faa_a5aa_5df2_5984),
    (0x3fec_a4b3_1f02_6aa0, 0x3fbc_5e53_aa36_2eb4),
    (0x3feb_2036_576a_fce6, 0x3fc5_26e5_7720_db08),
    (0x3fe9_c2d1_63a1_aa2d, 0x3fcb_c286_0d22_4770),
    (0x3fe8_86e6_0378_41ed, 0x3fd1_058b_c8a0_7ee1),
    (0x3fe7_67dc_f553_4862, 0x3fd4_0430_57b6_ee09),
];

/// The natural logarithm: `logf`. Computed in `f64`, `x = 2^k z` with `z` near one of sixteen numbers, and a cubic.
pub(crate) fn log(x: f32) -> f32 {
    /// The polynomial for `log(1 + r)` less `r`, highest power first.
    const CUBIC: [f64; 3] = [-0.250_893_422_142_371_54, 0.333_456_765_744_066, -0.499_999_748_580_210_3];
    /// The bits of the least `z`; what is above them in `x`'s bits is where it lies.
    const LEAST: u32 = 0x3f33_0000;
    const MANTISSA: u32 = 23;
    if x == 0.0 {
        return f32::NEG_INFINITY;
    }
    if x < 0.0 || x.is_nan() {
        return f32::NAN;
    }
    if x == f32::INFINITY {
        return x;
    }
    let bits = if x.is_normal() {
        x.to_bits()
    } else {
        (x * (1 << MANTISSA) as f32).to_bits().wrapping_sub(MANTISSA << MANTISSA)
    };
    let above = bits.wrapping_sub(LEAST);
    let k = f64::from(above as i32 >> MANTISSA);
    let z = f64::from(f32::from_bits(bits.wrapping_sub(above & 0xff80_0000)));
    let (reciprocal, logarithm) = LOGARITHMS[(above >> (MANTISSA - 4)) as usize % 16];
    let r = z * f64::from_bits(reciprocal) - 1.0;
    let whole = f64::from_bits(logarithm) + k * std::f64::consts::LN_2;
    let squared = r * r;
    let polynomial = CUBIC[0] * squared + (CUBIC[1] * r + CUBIC[2]);
    (polynomial * squared + (whole + r)) as f32
}

/// `e^x - 1` for `x` from 0 down: `expm1f`, of the same library.
pub(crate) fn expm1(x: f32) -> f32 {
    const SERIES: [f32; 5] = [-3.333_333_5e-2, 1.587_301_6e-3, -7.936_507_6e-5, 4.008_217_7e-6, -2.010_992_1e-7];
    const TINY: u32 = 0x3300_0000;
    const HALF_LN_2: u32 = 0x3eb1_7218;
    const THREE_HALVES_LN_2: u32 = 0x3f85_1592;
    const LARGE: u32 = 0x4195_b844;
    let magnitude = x.to_bits() & 0x7fff_ffff;
    if magnitude >= LARGE {
        return -1.0;
    }
    if magnitude < TINY {
        return x;
    }
    // x is k ln 2 and a rest, and `lost` is what rounding the rest lost of it.
    let (k, rest, lost) = if magnitude <= HALF_LN_2 {
        (0, x, 0.0)
    } else {
        let k = if magnitude < THREE_HALVES_LN_2 { -1 } else { (std::f32::consts::LOG2_E * x - 0.5) as i32 };
        let high = x - k as f32 * LN_2[0];
        let low = k as f32 * LN_2[1];
        let rest = high - low;
        (k, rest, (high - rest) - low)
    };
    let half = 0.5 * rest;
    let square = rest * half;
    let r = 1.0 + square * SERIES.iter().rev().fold(0.0, |sum, &factor| factor + square * sum);
    let t = 3.0 - r * half;
    let e = square * ((r - t) / (6.0 - rest * t));
    if k == 0 {
        return rest - (rest * e - square);
    }
    let e = (rest * (e - lost) - lost) - square;
    let scaled = |y: f32| f32::from_bits(y.to_bits().wrapping_add((k as u32) << 23));
    match k {
        -1 => 0.5 * (rest - e) - 0.5,
        _ => scaled(1.0 - (e - rest)) - 1.0,
    }
}

/// What [`softplus`] makes `x` of, as XGBoost computes it: for an `x` of less than a millionth, of that.
pub(crate) fn softplus_inverse(x: f32) -> f32 {
    let x = x.max(SMALLEST_GAP);
    x + log(-expm1(-x))
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// A prime step through the arguments.
    const STEP: usize = 521;

    /// How many of these bits are arguments for which the two functions differ.
    fn different(bits: impl Iterator<Item = u32>, ours: fn(f32) -> f32, theirs: fn(f32) -> f32) -> usize {
        let same = |ours: f32, theirs: f32| ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan();
        bits.map(f32::from_bits).filter(|&x| !same(ours(x), theirs(x))).count()
    }

    #[test]
    fn log_agrees_with_the_c_library() {
        let subnormal_and_next = (0..0x0100_0000).step_by(17);
        assert_eq!(different((0..=u32::MAX).step_by(STEP), log, f32::ln), 0);
        assert_eq!(different(subnormal_and_next, log, f32::ln), 0);
    }

    #[test]
    fn expm1_agrees_with_the_c_library() {
        let [zero, end] = [-0.0, f32::NEG_INFINITY].map(f32::to_bits);
        assert_eq!(different((zero..=end).step_by(STEP), expm1, f32::exp_m1), 0);
    }

    #[test]
    fn they_agree_where_their_ways_part() {
        // The bounds of `expm1`, and those of its rest; the least and the greatest of what `log` takes apart.
        let around = |bound: u32| bound.wrapping_sub(3000)..bound.saturating_add(3000);
        for bound in [0x3300_0000, 0x3eb1_7218, 0x3f85_1592, 0x4195_b844, 0x3f00_0000, 0x4000_0000, 0x40a0_0000] {
            assert_eq!(different(around(bound).map(|bits| bits | 0x8000_0000), expm1, f32::exp_m1), 0, "{bound:x}");
        }
        // Every tenth from one bound to the next, where the series has most terms that count.
        assert_eq!(different((0xbe80_0000..0xbeb1_7218).step_by(10), expm1, f32::exp_m1), 0);
        for bound in [0x0080_0000, 0x3f33_0000, 0x3f80_0000, 0x7f80_0000] {
            assert_eq!(different(around(bound), log, f32::ln), 0, "{bound:x}");
        }
        assert_eq!(different([0.0, -0.0, -1.0, f32::NAN].map(f32::to_bits).into_iter(), log, f32::ln), 0);
    }

    #[test]
    #[ignore = "takes a minute when optimised: cargo xtask elementary"]
    fn both_agree_with_the_c_library_for_every_argument() {
        let of_log = different(0..=u32::MAX, log, f32::ln);
        println!("seen elementary: log: 4294967296 arguments, {of_log} different");
        let [zero, end] = [-0.0, f32::NEG_INFINITY].map(f32::to_bits);
        let of_expm1 = different(zero..=end, expm1, f32::exp_m1);
        println!(
            "seen elementary: expm1: {} arguments from -inf to 0, {of_expm1} different",
            u64::from(end - zero) + 1
        );
        assert_eq!((of_log, of_expm1), (0, 0));
    }

    #[test]
    fn the_inverse_is_of_softplus() {
        for x in [1e-3, 0.7, 5.0, 60.0] {
            let back = crate::elementary::softplus(softplus_inverse(x));
            assert!((back - x).abs() <= x * 1e-6, "{back} for {x}");
        }
        assert_eq!(softplus_inverse(0.0), softplus_inverse(SMALLEST_GAP));
    }
}
