//! Functions of one number, with the bits of the C library that trainers run on: glibc 2.28 to 2.40.
//!
//! IEEE 754 leaves these functions to whoever writes them, so `f32::ln` is one thing on Linux and another in wasm, where a
//! converted model then has other base margins. What a file becomes and what a row is answered must not depend on the
//! machine, so no path from file to answer calls the platform's (clippy's `disallowed-methods` sees to it). They are done
//! here operation by operation as glibc does them: these, those that only importers need (`import/elementary.rs`) and `exp`
//! (`kernels/src/exp.rs`).
//!
//! `cargo xtask elementary` compares each of them with the C library for every argument that it can be given; tests compare
//! a share. glibc 2.41 computes `log1pf` and `expm1f` anew; with it XGBoost itself gives other last bits for several
//! expectiles.

/// The two parts of `ln 2`: the first has so few digits that small multiples of it are exact.
pub(crate) const LN_2: [f32; 2] = [6.931_381e-1, 9.058_001e-6];

/// `log(1 + x)` for `x` from 0 to 1: `log1pf`, which computes in `f32` as the BSD library of 1993 does.
pub(crate) fn log1p(x: f32) -> f32 {
    /// For `log(1 + f)` with `s = f / (2 + f)`, by powers of `s` squared, lowest first.
    const SERIES: [f32; 7] =
        [6.666_667e-1, 4e-1, 2.857_143e-1, 2.222_219_9e-1, 1.818_357_3e-1, 1.531_383_8e-1, 1.479_819_9e-1];
    /// The square root of 2, less 1; from here on 1 + x is nearer to 2 than to 1.
    const NEAR_TWO: u32 = 0x3ed4_13d7;
    /// From here on 1 + x, rounded, is halved.
    const HALVED: u32 = 0x3fb5_04f7;
    let u = 1.0 + x;
    // 1 + x is 2^k (1 + f), and `lost` is what rounding 1 + x lost of it. glibc has ways of their own for the smallest x and
    // f; they come to the same bits.
    let (k, lost, f) = if x.to_bits() < NEAR_TWO {
        (0.0, 0.0, x)
    } else if u.to_bits() < HALVED {
        // Some few numbers, which rounding takes back to this side.
        (0.0, 0.0, u - 1.0)
    } else {
        let lost = if u >= 2.0 { 1.0 - (u - x) } else { x - (u - 1.0) };
        (1.0, lost / u, 0.5 * u - 1.0)
    };
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * SERIES.iter().rev().fold(0.0, |sum, &factor| factor + z * sum);
    k * LN_2[0] - ((half_square - (s * (half_square + r) + (k * LN_2[1] + lost))) - f)
}

/// `log(1 + e^x)` as XGBoost computes it.
pub(crate) fn softplus(x: f32) -> f32 {
    let mut power = [-x.abs()];
    wardian_kernels::exponential(&mut power);
    let smooth = log1p(power[0]);
    if x > 0.0 { x + smooth } else { smooth }
}

/// What XGBoost keeps between an expectile and the next, its `kRtEps`.
pub(crate) const SMALLEST_GAP: f32 = 1e-6;

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// A prime step through the arguments.
    const STEP: usize = 521;

    #[test]
    fn log1p_agrees_with_the_c_library() {
        let different = (0..=1f32.to_bits())
            .step_by(STEP)
            // Where rounding 1 + x decides which way is taken.
            .chain(0x3ed4_1300..0x3ed4_1400)
            .chain(0x3f7f_ff00..=0x3f80_0000)
            .map(f32::from_bits)
            .filter(|&x| log1p(x).to_bits() != x.ln_1p().to_bits())
            .count();
        assert_eq!(different, 0);
    }

    #[test]
    #[ignore = "takes ten seconds when optimised: cargo xtask elementary"]
    fn log1p_agrees_with_the_c_library_for_every_argument() {
        let end = 1f32.to_bits();
        let different = (0..=end).map(f32::from_bits).filter(|&x| log1p(x).to_bits() != x.ln_1p().to_bits()).count();
        println!("seen elementary: log1p: {} arguments from 0 to 1, {different} different", u64::from(end) + 1);
        assert_eq!(different, 0);
    }

    #[test]
    fn softplus_is_its_margin_far_out_and_nearly_nothing_at_the_other_end() {
        assert_eq!(softplus(200.0), 200.0);
        assert_eq!(softplus(-200.0), 0.0);
        assert_eq!(softplus(0.0), std::f32::consts::LN_2);
    }
}
