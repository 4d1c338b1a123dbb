//! `e^x` in `f32` with the bits of the C library that trainers run on.
//!
//! XGBoost calls `expf`; on Linux that is glibc's (2.28 and later), which computes in `f64`: `x = (k + r) ln 2 / 32`
//! with `k` whole and `|r| <= 1/2`, then `2^(k/32)` from a 32-entry table times a cubic in `r`. Rounding a better
//! `exp` to `f32` differs from it on 0.05 % of inputs. Done the same way here, so that a browser and every native
//! platform give the trainer's bits.
//!
//! On processors with fused multiply-add (all since 2013) glibc fuses the products below; wasm has no such instruction. Of
//! all 2^32 inputs two have another last bit for it, unless `x log2(e)` is made of two products whose first is exact. So
//! done, none differs from glibc 2.36 (`cargo xtask elementary`).

use wide::f32x4;

/// 2^(i/32) for i in 0..32, correctly rounded to `f64`, as bits.
const POWERS: [u64; 32] = [
    0x3ff0_0000_0000_0000,
    0x3ff0_59b0_d315_8574,
    0x3ff0_b558_6cf9_890f,
    0x3ff1_1301_d012_5b51,
    0x3ff1_72b8_3c7d_517b,
    0x3ff1_d487_3168_b9aa,
    0x3ff2_387a_6e75_6238,
    0x3ff2_9e9d_f51f_dee1,
    0x3ff3_06fe_0a31_b715,
    0x3ff3_71a7_373a_a9cb,
    0x3ff3_dea6_4c12_3422,
    0x3ff4_4e08_6061_892d,
    0x3ff4_bfda_d536_2a27,
    0x3ff5_342b_569d_4f82,
    0x3ff5_ab07_dd48_5429,
    0x3ff6_247e_b03a_5585,
    0x3ff6_a09e_667f_3bcd,
    0x3ff7_1f75_e8ec_5f74,
    0x3ff7_a114_73eb_0187,
    0x3ff8_2589_994c_ce13,
    0x3ff8_ace5_422a_a0db,
    0x3ff9_3737_b0cd_c5e5,
    0x3ff9_c491_82a3_f090,
    0x3ffa_5503_b23e_255d,
    0x3ffa_e89f_995a_d3ad,
    0x3ffb_7f76_f2fb_5e47,
    0x3ffc_199b_dd85_529c,
    0x3ffc_b720_dcef_9069,
    0x3ffd_5818_dcfb_a487,
    0x3ffd_fc97_337b_9b5f,
    0x3ffe_a4af_a2a4_90da,
    0x3fff_5076_5b6e_4540,
];

/// The cubic that stands for 2^(r/32), highest power first, without its constant 1: the minimax coefficients that
/// Arm's optimized-routines publish and glibc adopted, for 2^t on |t| <= 1/64.
const CUBIC: [f64; 3] = [0.055_503_615_593_415_35, 0.240_228_452_244_572_2, 0.693_147_180_691_620_3];

/// e to each of four numbers. Not inlined: it would be there twice.
#[inline(never)]
fn exp_four(numbers: [f32; 4]) -> [f32; 4] {
    let numbers = f32x4::new(numbers);
    // Above 88.72 the power is above `f32::MAX`, below -103.98 below half the smallest subnormal. Kept so near, all others
    // take the same way; asking for each costs more than the rest.
    let kept = numbers.fast_max(f32x4::splat(-104.0)).fast_min(f32x4::splat(89.0));
    // What becomes of `NaN` there depends on the machine. A comparison's yes is one too.
    let [a, b, c, d] = (kept | numbers.simd_ne(numbers)).to_array();
    let power = |x: f32| {
        const STEPS: f64 = 32.0;
        /// Numbers from here to its double and a third are whole: adding it rounds, ties to even, and the whole number is
        /// in the lowest bits. Twice as fast as asking for a whole number.
        const ROUNDS: f64 = 6_755_399_441_055_744.0;
        /// So few digits that their product with an `f32` is exact; and the rest.
        const HIGH: f64 = f64::from_bits((std::f64::consts::LOG2_E * STEPS).to_bits() & !((1 << 28) - 1));
        const LOW: f64 = std::f64::consts::LOG2_E * STEPS - HIGH;
        let (high, low) = (f64::from(x) * HIGH, f64::from(x) * LOW);
        let rounded = (high + low) + ROUNDS;
        let r = ((high - (rounded - ROUNDS)) + low) / STEPS;
        let step = rounded.to_bits();
        let power = f64::from_bits(POWERS[(step % 32) as usize].wrapping_add((step >> 5) << 52));
        let high = CUBIC[0] * r + CUBIC[1];
        let low = CUBIC[2] * r + 1.0;
        ((high * (r * r) + low) * power) as f32
    };
    [power(a), power(b), power(c), power(d)]
}

/// Replaces numbers, four at a time; behind the last ones there are zeros.
#[inline(always)]
fn by_fours(numbers: &mut [f32], change: impl Fn([f32; 4]) -> [f32; 4]) {
    let (fours, rest) = numbers.as_chunks_mut();
    for four in fours {
        *four = change(*four);
    }
    if !rest.is_empty() {
        let mut last = [0.0; 4];
        last[..rest.len()].copy_from_slice(rest);
        rest.copy_from_slice(&change(last)[..rest.len()]);
    }
}

/// Replaces each number by e to it.
pub fn exponential(numbers: &mut [f32]) {
    by_fours(numbers, exp_four);
}

/// The most that XGBoost takes a power of in its logistic function, so that it stays finite: since 1.6; before, nothing.
pub const LOGISTIC_CAP: f32 = 88.7;

/// Replaces each margin by XGBoost's logistic function of it, operation for operation in `f32`, with this cap or an infinite
/// one. No margin is `NaN`, as no leaf is. XGBoost also adds 1e-16 to the denominator; that is less than half a unit in
/// the last place of anything from 1 up, so it changes no bit.
pub fn logistic(margins: &mut [f32], cap: f32) {
    by_fours(margins, |four| logistic_four(four, cap));
}

// Not inlined: it would be there twice.
#[inline(never)]
fn logistic_four(margins: [f32; 4], cap: f32) -> [f32; 4] {
    let one = f32x4::splat(1.0);
    let odds_against = exp_four(f32x4::splat(cap).fast_min(-f32x4::new(margins)).to_array());
    (one / (f32x4::new(odds_against) + one)).to_array()
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    fn exp(x: f32) -> f32 {
        exp_four([x; 4])[0]
    }

    #[test]
    fn agrees_with_the_c_library() {
        // A prime step through all bit patterns: 8 million of the 2^32; and the two that a fused product rounds otherwise. Each is unknown
        // to the compiler, which would ask its own machine's library.
        const STEP: usize = 521;
        let different = (0..=u32::MAX)
            .step_by(STEP)
            .chain([32.564_632_f32, -63.099_46].map(f32::to_bits))
            .map(f32::from_bits)
            .filter(|x| !x.is_nan())
            .filter(|&x| exp(x).to_bits() != std::hint::black_box(x).exp().to_bits())
            .count();
        assert_eq!(different, 0);
    }

    #[test]
    #[ignore = "takes half a minute when optimised: cargo xtask elementary"]
    fn agrees_with_the_c_library_for_every_argument() {
        let (mut numbers, mut different) = (vec![0.0; 1 << 16], 0_u32);
        for high in 0..1 << 16 {
            let arguments = (0..1 << 16).map(|low| f32::from_bits(high << 16 | low));
            numbers.clear();
            numbers.extend(arguments.clone());
            exponential(&mut numbers);
            let same = |(x, ours): (f32, &f32)| ours.to_bits() == x.exp().to_bits() || ours.is_nan() && x.is_nan();
            different += arguments.zip(&numbers).map(|pair| u32::from(!same(pair))).sum::<u32>();
        }
        println!("seen elementary: exp: 4294967296 arguments, {different} different");
        assert_eq!(different, 0);
    }

    #[test]
    fn numbers_of_any_count_are_replaced() {
        for count in 0..10 {
            let mut numbers: Vec<f32> = (0..count).map(|index| index as f32 - 4.5).collect();
            let expected: Vec<f32> = numbers.iter().map(|&number| exp(number)).collect();
            exponential(&mut numbers);
            assert_eq!(numbers, expected);
        }
    }

    #[test]
    fn keeps_the_edges() {
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(exp(f32::INFINITY), f32::INFINITY);
        assert!(exp(88.722_83) > 3.4e38 && exp(88.722_83).is_finite());
        assert_eq!(exp(88.722_84), f32::INFINITY);
        assert!(exp(f32::NAN).is_nan());
    }
}
