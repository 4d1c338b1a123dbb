//! The `e^x` of CatBoost's own that its `Probability` of several classes and its `Exponent` are made with, and these.
//!
//! CatBoost computes `x = (k + r) ln 2 / 2048` with `k` whole, then `2^(k/2048)` from a table of 2048 entries times a cubic in `r`: on
//! x86 processors, in the order of operations below, with nothing fused. (Elsewhere it calls the C library's `exp`.) Its table is `pow`'s of
//! the C library: of these numbers glibc's are all correctly rounded. Here each is the product of one of 128 and one of 16: a
//! table would take 16 KB.
//!
//! Four numbers at a time it keeps within what floats reach; of those that are left over, it says 0 and infinity at once. So what is beyond has
//! two answers, and a row's place among others decides for `Exponent`: here a row is answered as one alone is.

use crate::exp64::{POWERS, two_product};

/// 2^(i/2048) for i in 0..16 as bits: the nearest number, and what it lacks.
const FINE_POWERS: [(u64, u64); 16] = [
    (0x3ff0_0000_0000_0000, 0x0000_0000_0000_0000),
    (0x3ff0_0162_f390_4052, 0xbc57_b5d0_d58e_a8f4),
    (0x3ff0_02c6_05e2_e8cf, 0xbc8d_7c96_f201_bb2f),
    (0x3ff0_0429_36fa_a3d8, 0xbc80_4842_4524_3777),
    (0x3ff0_058c_86da_1c0a, 0xbc75_e00e_62d6_b30d),
    (0x3ff0_06ef_f583_fc3d, 0xbc94_acf1_97a0_0142),
    (0x3ff0_0853_82fa_ef83, 0x3c7d_a93f_9083_5f75),
    (0x3ff0_09b7_2f41_a12b, 0x3c98_6364_f8fb_e8f8),
    (0x3ff0_0b1a_fa5a_bcbf, 0xbc84_f6b2_a760_9f71),
    (0x3ff0_0c7e_e448_ee02, 0x3c74_362c_a5bc_26f1),
    (0x3ff0_0de2_ed0e_e0f5, 0xbc64_06ac_4e81_a645),
    (0x3ff0_0f47_14af_41d3, 0xbc99_1b20_6085_9321),
    (0x3ff0_10ab_5b2c_bd11, 0x3c9c_1d06_6052_4e08),
    (0x3ff0_120f_c089_ff63, 0x3c88_43aa_8b9c_bbc6),
    (0x3ff0_1374_44c9_b5b5, 0xbc72_b6ae_b617_6892),
    (0x3ff0_14d8_e7ee_8d2f, 0x3c72_edc0_8e5d_a99a),
];

/// How many steps there are from one power of two to the next.
const STEPS: u64 = 2048;
/// Below this number a power is 0, from the other it is infinite.
const LOWEST: f64 = -708.396_418_532_264_1;
const HIGHEST: f64 = 709.782_712_893_384;
/// Where numbers are kept below, four at a time.
const HIGHEST_OF_FOUR: f64 = 709.782_725_693_384;

/// 2^(step/2048) without its whole powers of two: the nearest number from 1 to 2.
fn power(step: u64) -> f64 {
    let step = step % STEPS;
    let (coarse, short) = POWERS[(step / 16) as usize];
    let (fine, lacks) = FINE_POWERS[(step % 16) as usize];
    let [coarse, short, fine, lacks] = [coarse, short, fine, lacks].map(f64::from_bits);
    let (product, lost) = two_product(coarse, fine);
    product + (lost + coarse * (short * fine + lacks))
}

/// e to a number that is not beyond what floats reach.
fn exp_within(x: f64) -> f64 {
    const SCALE: f64 = STEPS as f64 / std::f64::consts::LN_2;
    /// Numbers from here to its double and a third are whole: adding it rounds, and the whole number is in the lowest bits.
    const ROUNDS: f64 = 6_755_399_441_055_744.0;
    /// A float counts its powers of two from here.
    const BIAS: u64 = 1023 * STEPS;
    let rounded = x * SCALE + ROUNDS;
    let step = rounded.to_bits();
    // With its sign changed.
    let rest = (rounded - ROUNDS) * (1.0 / SCALE) - x;
    let cubic = (3.000_000_002_795_539_4 - rest) * (rest * rest) * 0.166_666_666_852_278_35 - rest + 1.0;
    let whole = (step.wrapping_add(BIAS) / STEPS) << 52;
    cubic * f64::from_bits(whole | power(step).to_bits() << 12 >> 12)
}

/// e to a number.
fn exp(x: f64) -> f64 {
    match x {
        _ if x <= LOWEST => 0.0,
        _ if x >= HIGHEST => f64::INFINITY,
        _ => exp_within(x),
    }
}

/// Replaces each number by CatBoost's e to it.
#[inline(never)]
pub fn catboost_exponential(numbers: &mut [f64]) {
    numbers.iter_mut().for_each(|number| *number = exp(*number));
}

/// Replaces the margins of one row, one for each class, by CatBoost's probabilities of the classes.
#[inline(never)]
pub fn catboost_softmax(margins: &mut [f64]) {
    let largest = margins.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    margins.iter_mut().for_each(|margin| *margin -= largest);
    let (fours, rest) = margins.as_chunks_mut::<4>();
    for number in fours.as_flattened_mut() {
        *number = exp_within(number.clamp(LOWEST, HIGHEST_OF_FOUR));
    }
    catboost_exponential(rest);
    let sum: f64 = margins.iter().fold(0.0, |sum, power| sum + power);
    margins.iter_mut().for_each(|power| *power /= sum);
}

/// Leaves the first of two margins, a mean; replaces the second, the logarithm of a deviation, by the variance.
pub fn catboost_mean_and_variance(margins: &mut [f64]) {
    if let Some(deviation) = margins.get_mut(1) {
        *deviation = exp(*deviation * 2.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fowler, Noll and Vo's hash of numbers' bytes.
    fn hash(numbers: impl Iterator<Item = f64>) -> u64 {
        let bytes = numbers.flat_map(|number| number.to_le_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
    }

    #[test]
    fn all_powers_are_correctly_rounded() {
        // Of the same numbers, computed in whole numbers of 400 binary digits.
        assert_eq!(hash((0..STEPS).map(power)), 0xee35_ba9b_67ae_3755);
    }

    #[test]
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[allow(clippy::disallowed_methods)]
    fn all_powers_are_those_of_the_c_library() {
        let different =
            (0..STEPS).filter(|&step| power(step) != std::hint::black_box(2.0_f64).powf(step as f64 / 2048.0));
        assert_eq!(different.count(), 0);
    }

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn it_is_near_the_power_everywhere() {
        for step in -7_083..7_097 {
            let x = f64::from(step) / 10.0 + 0.0123;
            // What is taken off the number before the cubic is rounded, so it is the farther off the larger the number is.
            let share = exp(x) / x.exp() - 1.0;
            assert!(share.abs() < (x.abs() + 2.0) * 2.0 * f64::EPSILON, "{x}: {share}");
        }
    }

    #[test]
    fn what_is_beyond_has_two_answers() {
        let mut margins = [-750.0, 0.0, -750.0, -1.0, -750.0];
        catboost_softmax(&mut margins);
        let [first, _, second, _, last] = margins;
        assert!(first > 0.0 && first < 1e-307 && first == second && last == 0.0, "{margins:?}");
        let mut numbers = [-708.5, -708.3, 709.7, 709.8];
        catboost_exponential(&mut numbers);
        assert!(
            numbers[0] == 0.0 && numbers[1] > 0.0 && numbers[2].is_finite() && numbers[3].is_infinite(),
            "{numbers:?}"
        );
    }

    #[test]
    fn probabilities_are_of_the_classes_and_sum_to_one() {
        let mut margins = [1.0, 2.0, 3.0, 2.0, 0.5];
        catboost_softmax(&mut margins);
        assert!((margins.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert!(margins[2] > margins[1] && margins[1] == margins[3] && margins[0] > margins[4]);
    }

    #[test]
    fn a_variance_is_the_square_of_the_deviation() {
        let mut margins = [3.5, 0.0];
        catboost_mean_and_variance(&mut margins);
        assert_eq!(margins, [3.5, 1.0]);
    }
}
