//! Shares, means and logarithms, with the same bits on every machine.

use wardian_kernels::log64::log1p;

use super::file::Estimate;

/// So many standard errors are to either side of a 95 % interval.
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// The natural logarithm of a positive number: the platform's is another on each.
pub fn logarithm(x: f64) -> f64 {
    const TWO_54: f64 = 18_014_398_509_481_984.0;
    let (x, shift) = if x < f64::MIN_POSITIVE { (x * TWO_54, -54) } else { (x, 0) };
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i32 - 1023;
    let fraction = f64::from_bits(bits & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000);
    // What is left is between the roots of a half and of 2.
    let is_above = fraction > std::f64::consts::SQRT_2;
    let (fraction, exponent) = if is_above { (fraction / 2.0, exponent + 1) } else { (fraction, exponent) };
    f64::from(exponent + shift) * std::f64::consts::LN_2 + log1p(fraction - 1.0)
}

/// A share with its interval by Wilson; none of no rows.
pub(super) fn share(part: usize, all: usize) -> Option<Estimate> {
    if all == 0 {
        return None;
    }
    let (count, value) = (all as f64, part as f64 / all as f64);
    let spread = Z * Z / count;
    let middle = (value + spread / 2.0) / (1.0 + spread);
    let half = Z * (value * (1.0 - value) / count + spread / (4.0 * count)).sqrt() / (1.0 + spread);
    // Of none and of all it ends there, whatever rounding says.
    let low = if part == 0 { 0.0 } else { middle - half };
    let high = if part == all { 1.0 } else { middle + half };
    Some(Estimate { value, low: Some(low), high: Some(high) })
}

/// The standard error of a share: by two more of either kind (Agresti and Coull), so that of all or none it is not 0.
pub(super) fn share_error(part: usize, all: usize) -> f64 {
    let count = all as f64 + 4.0;
    let share = (part as f64 + 2.0) / count;
    (share * (1.0 - share) / count).sqrt()
}

/// A mean with its interval by the normal distribution, of more than one number.
pub(super) fn mean(numbers: impl Iterator<Item = f64> + Clone) -> Estimate {
    let (count, sum) = numbers.clone().fold((0_usize, 0.0), |(count, sum), number| (count + 1, sum + number));
    let value = sum / count as f64;
    within(value, standard_error(numbers, value, count))
}

/// The standard error of a mean; none of a single number.
pub(super) fn standard_error(numbers: impl Iterator<Item = f64>, mean: f64, count: usize) -> Option<f64> {
    let squares: f64 = numbers.map(|number| (number - mean) * (number - mean)).sum();
    (count > 1).then(|| (squares / (count - 1) as f64 / count as f64).sqrt())
}

/// A number with its interval by a standard error.
pub(super) fn within(value: f64, error: Option<f64>) -> Estimate {
    let half = error.map(|error| Z * error);
    Estimate { value, low: half.map(|half| value - half), high: half.map(|half| value + half) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn logarithms_are_the_platforms_to_two_units() {
        let mut x = 5e-324_f64;
        while x < 1e308 {
            for x in [x, x * 1.37, x * 1.999] {
                let (own, theirs) = (logarithm(x), x.ln());
                assert!((own - theirs).abs() <= 4e-16 * theirs.abs().max(1.0), "{x}: {own} {theirs}");
            }
            x *= 1.7;
        }
        assert_eq!(logarithm(1.0), 0.0);
    }

    #[test]
    fn shares_are_wilsons() {
        // scipy.stats.binomtest(7, 10).proportion_ci(method="wilson")
        let Estimate { low, high, .. } = share(7, 10).expect("a share");
        assert!((low.expect("low") - 0.396_778_147_461_145_26).abs() < 1e-15);
        assert!((high.expect("high") - 0.892_208_732_593_699).abs() < 1e-15);
        assert_eq!(share(0, 5).and_then(|share| share.low), Some(0.0));
        assert_eq!(share(0, 0), None);
    }
}
