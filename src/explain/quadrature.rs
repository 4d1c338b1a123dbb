//! Gauss-Legendre points on [0, 1]: `n` of them integrate polynomials up to degree `2n - 1` exactly.

use wardian_kernels::quadrature::MOST_POINTS;

/// The most points that are worked on together: enough for the eight features that a path of a tree of depth 8 can have.
pub(super) const POINTS: usize = MOST_POINTS;

/// A number for each of the points that are worked on together.
pub(super) type Points = [f64; POINTS];

/// Some points and their weights; points of weight 0 fill the last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// How many there are, two at least.
    pub(super) count: usize,
    pub(super) points: Points,
    pub(super) weights: Points,
}

/// The rule of `count` points in parts of at most [`POINTS`], all of them alike in length.
pub(super) fn rules(count: usize) -> Vec<Rule> {
    let parts = count.div_ceil(POINTS);
    let each = count.div_ceil(parts).max(2);
    let mut rules = vec![Rule { count: each, points: [0.5; POINTS], weights: [0.0; POINTS] }; parts];
    for index in 0..count {
        let (point, weight) = root(count, index);
        let rule = &mut rules[index / each];
        rule.points[index % each] = 0.5 + 0.5 * point;
        rule.weights[index % each] = 0.5 * weight;
    }
    rules
}

/// The root `index` of the Legendre polynomial of degree `count`, largest first, and its weight on [-1, 1].
fn root(count: usize, index: usize) -> (f64, f64) {
    // As close as Newton's steps need: they double the digits of it.
    let mut x = cosine(std::f64::consts::PI * (index as f64 + 0.75) / (count as f64 + 0.5));
    let mut slope = 1.0;
    for _ in 0..8 {
        let (mut before, mut value) = (0.0, 1.0);
        for degree in 0..count {
            let degree = degree as f64;
            let next = ((2.0 * degree + 1.0) * x * value - degree * before) / (degree + 1.0);
            (before, value) = (value, next);
        }
        slope = count as f64 * (x * value - before) / (x * x - 1.0);
        x -= value / slope;
    }
    (x, 2.0 / ((1.0 - x * x) * slope * slope))
}

/// The cosine of 0 to π to eight digits: the C library's would be a fifth of the page's module.
fn cosine(angle: f64) -> f64 {
    let x = std::f64::consts::FRAC_PI_2 - angle;
    let square = x * x;
    // The sine of -π/2 to π/2, by its series.
    let mut sum = 0.0;
    for term in (0..8).rev() {
        let next = (2 * term + 2) * (2 * term + 3);
        sum = 1.0 - square / f64::from(next) * sum;
    }
    x * sum
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_are_integrated_exactly() {
        for count in 1..=128 {
            for degree in [0, 1, count, 2 * count - 1] {
                let sum: f64 = rules(count)
                    .iter()
                    .flat_map(|rule| rule.points.into_iter().zip(rule.weights))
                    .map(|(point, weight)| weight * point.powi(degree as i32))
                    .sum();
                let exact = 1.0 / (degree as f64 + 1.0);
                assert!((sum - exact).abs() < 1e-13, "{count} points, degree {degree}: {sum}, not {exact}");
            }
        }
    }
}
