//! Logarithms in 64 bits, of which first margins are made, on any machine the same.
//!
//! `log` is rounded correctly, from a series in pairs of numbers: it is asked some few times a model, and glibc's differs for one
//! argument of 1600. `log1p` is done operation by operation as glibc does it on processors that multiply and add at once:
//! `crate::elementary` says why.

/// `ln 2` in two parts: the second is what rounding the first lost.
const LN_2: Pair = Pair(std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17);

/// A number as the sum of two, the second below the last bit of the first.
#[derive(Clone, Copy)]
struct Pair(f64, f64);

impl Pair {
    /// The sum of two numbers.
    fn sum(a: f64, b: f64) -> Self {
        let sum = a + b;
        let of_b = sum - a;
        Self(sum, (a - (sum - of_b)) + (b - of_b))
    }

    /// The product of two numbers, by Dekker's halves.
    fn product(a: f64, b: f64) -> Self {
        const HALVES: f64 = ((1_u64 << 27) + 1) as f64;
        let halves = |number: f64| {
            let high = HALVES * number;
            let high = high - (high - number);
            (high, number - high)
        };
        let product = a * b;
        let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
        Self(product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low)
    }

    fn plus(self, other: Self) -> Self {
        let high = Self::sum(self.0, other.0);
        let low = Self::sum(self.1, other.1);
        let high = Self::sum(high.0, high.1 + low.0);
        Self::sum(high.0, high.1 + low.1)
    }

    fn times(self, other: Self) -> Self {
        let product = Self::product(self.0, other.0);
        Self::sum(product.0, product.1 + (self.0 * other.1 + self.1 * other.0))
    }

    fn over(self, other: Self) -> Self {
        let first = self.0 / other.0;
        let rest = self.plus(other.times(Self(-first, 0.0)));
        let second = rest.0 / other.0;
        let rest = rest.plus(other.times(Self(-second, 0.0)));
        Self::sum(first, second).plus(Self(rest.0 / other.0, 0.0))
    }
}

/// The natural logarithm of a number above 0 that is no subnormal.
pub(super) fn log(x: f64) -> f64 {
    /// Terms of the series, of which each is at least 34 times smaller than the one before.
    const TERMS: i32 = 24;
    const MANTISSA: u32 = 52;
    const BIAS: i32 = 1023;
    let exponent = (x.to_bits() >> MANTISSA) as i32 - BIAS;
    let mantissa = f64::from_bits(x.to_bits() & ((1 << MANTISSA) - 1) | (BIAS as u64) << MANTISSA);
    let (exponent, mantissa) =
        if mantissa > std::f64::consts::SQRT_2 { (exponent + 1, 0.5 * mantissa) } else { (exponent, mantissa) };
    // log(1 + f) is 2 (s + s³/3 + s⁵/5 + …) for s = f / (2 + f).
    let f = mantissa - 1.0;
    let s = Pair(f, 0.0).over(Pair::sum(2.0, f));
    let square = s.times(s);
    let term = |index: i32| Pair(1.0, 0.0).over(Pair(f64::from(2 * index + 1), 0.0));
    let series = (0..TERMS).rev().fold(Pair(0.0, 0.0), |sum, index| term(index).plus(square.times(sum)));
    let part = s.times(series).times(Pair(2.0, 0.0));
    let whole = LN_2.times(Pair(exponent.into(), 0.0)).plus(part);
    whole.0 + whole.1
}

pub(super) use wardian_kernels::exp64::exp;

/// `log(1 + x)` for `x` from -0.5 to 0.5.
pub(super) fn log1p(x: f64) -> f64 {
    const LN_2_HIGH: f64 = 6.931_471_803_691_238_164_90e-1;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;
    /// For `log(1 + f)` with `s = f / (2 + f)`, by powers of `s` squared, lowest first.
    const SERIES: [f64; 7] = [
        6.666_666_666_666_735_130e-1,
        3.999_999_999_940_941_908e-1,
        2.857_142_874_366_239_149e-1,
        2.222_219_843_214_978_396e-1,
        1.818_357_216_161_805_012e-1,
        1.531_383_769_920_937_332e-1,
        1.479_819_860_511_658_591e-1,
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
    fn logarithms_are_nearly_always_the_c_librarys() {
        let all: Vec<f64> = shares().flat_map(|share| [share, share / (1.0 - share)]).collect();
        let different = all.iter().filter(|&&x| log(x).to_bits() != x.ln().to_bits()).count();
        println!("log: {different} of {} differ", all.len());
        assert!(different * 50 < all.len(), "{different} of {}", all.len());
        assert!(all.iter().all(|&x| (log(x) - x.ln()).abs() <= 1.2 * f64::EPSILON * x.ln().abs()));
    }

    #[test]
    fn log1p_is_the_c_librarys() {
        let different = shares().map(|share| share - 0.5).filter(|&x| log1p(x).to_bits() != x.ln_1p().to_bits()).count();
        assert_eq!(different, 0);
    }
}
