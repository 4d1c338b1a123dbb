//! What a branch asks of a column, as cuts of the feature behind it.
//!
//! A forest's split asks `x < cut` of a feature. A branch compares what the operators between have made of `x`; none of them ever makes less
//! of more, so that each comparison has a cut, which is found exactly.

use super::inputs::{Column, Step};
use crate::narrowing::Input;

/// A column that branches compare.
#[derive(Clone, Copy)]
pub(super) struct Compared<'c> {
    pub(super) column: &'c Column,
    /// Whether thresholds are 64-bit floats.
    pub(super) is_double: bool,
}

impl Compared<'_> {
    /// How the feature behind is seen.
    pub(super) fn input(self) -> Input {
        if self.is_double && !self.column.is_single { Input::Double { zero_is_missing: false } } else { Input::Single }
    }

    /// What becomes of a missing value, where it is one of the numbers then.
    pub(super) fn imputed(self) -> Option<f64> {
        let value = self.made_of(f32::NAN);
        (!value.is_nan()).then_some(value)
    }

    /// The cut below which values are below `threshold`.
    pub(super) fn below(self, threshold: f64) -> f64 {
        match self.input() {
            Input::Single => self.first_that(|value| value >= threshold),
            // Zeros are equal, whatever their signs.
            _ => threshold + 0.0,
        }
    }

    /// The cut below which values are at most `threshold`.
    pub(super) fn at_most(self, threshold: f64) -> f64 {
        match self.input() {
            Input::Single => self.first_that(|value| value > threshold),
            _ => threshold.next_up(),
        }
    }

    /// The least 32-bit float of which the operators make a number that is as asked: true of all above it too. Infinite where it is of none,
    /// or of all.
    fn first_that(self, is_so: impl Fn(f64) -> bool) -> f64 {
        let is_so = |place: i32| is_so(self.made_of(float_at(place)));
        let (lowest, highest) = (place_of(f32::MIN), place_of(f32::MAX));
        if is_so(lowest) {
            return f64::NEG_INFINITY;
        }
        if !is_so(highest) {
            return f64::INFINITY;
        }
        let (mut before, mut after) = (lowest, highest);
        while before + 1 < after {
            // One may be below 0 and the other above, further apart than the type's greatest number.
            let middle = before.midpoint(after);
            if is_so(middle) {
                after = middle;
            } else {
                before = middle;
            }
        }
        f64::from(float_at(after)) + 0.0
    }

    /// What the trees see of a feature's value.
    fn made_of(self, value: f32) -> f64 {
        let made = self.column.steps.iter().fold(value, |value, step| match *step {
            Step::Impute(instead) if value.is_nan() => instead,
            Step::Impute(_) => value,
            Step::Scale { offset, scale } => (value - offset) * scale,
        });
        f64::from(made)
    }
}

/// The place of a float among all, in ascending order; -0 is before 0.
fn place_of(value: f32) -> i32 {
    let bits = value.to_bits() as i32;
    bits ^ ((bits >> 31) as u32 >> 1) as i32
}

fn float_at(place: i32) -> f32 {
    f32::from_bits((place ^ ((place >> 31) as u32 >> 1) as i32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(steps: Vec<Step>) -> Column {
        Column { feature: 0, is_single: true, steps }
    }

    #[test]
    fn floats_have_places_in_their_order() {
        let floats = [f32::MIN, -1.0, -1e-45, -0.0, 0.0, 1e-45, 1.0, f32::MAX];
        assert!(floats.windows(2).all(|pair| place_of(pair[0]) < place_of(pair[1])));
        assert!(floats.iter().all(|float| float_at(place_of(*float)).to_bits() == float.to_bits()));
    }

    #[test]
    fn a_cut_is_the_first_float_that_goes_the_other_way() {
        let plain = column(Vec::new());
        let single = Compared { column: &plain, is_double: false };
        let half = f64::from(0.5_f32.next_up());
        assert_eq!((single.below(0.5), single.at_most(0.5)), (0.5, half));
        assert_eq!((single.below(0.0), single.at_most(-0.0)), (0.0, f64::from(f32::from_bits(1))));
        assert!(single.below(-0.0).is_sign_positive());
        assert_eq!(single.at_most(f32::MAX.into()), f64::INFINITY);
        assert_eq!((single.below(f64::INFINITY), single.below(f64::NEG_INFINITY)), (f64::INFINITY, f64::NEG_INFINITY));
        assert_eq!(single.below(f32::MIN.into()), f64::NEG_INFINITY);

        // Thresholds of 64 bits, values of 32.
        let narrow = Compared { column: &plain, is_double: true };
        assert_eq!(narrow.below(0.1), f64::from(0.1_f32));
        assert_eq!(narrow.at_most(0.1), f64::from(0.1_f32));
        let wide = Column { is_single: false, ..plain.clone() };
        let wide = Compared { column: &wide, is_double: true };
        assert_eq!((wide.below(0.1), wide.at_most(0.1)), (0.1, 0.1_f64.next_up()));
    }

    #[test]
    fn scaled_columns_are_cut_where_rounding_puts_it() {
        let scaled = column(vec![Step::Impute(3.0), Step::Scale { offset: 12.34, scale: 0.077 }]);
        let compared = Compared { column: &scaled, is_double: false };
        for threshold in [-1.5_f32, -0.949, 0.0, 0.1, 7.0, 1e30] {
            let cut = compared.at_most(threshold.into()) as f32;
            let made = |value: f32| (value - 12.34) * 0.077;
            assert!(made(cut) > threshold && made(cut.next_down()) <= threshold, "{threshold}");
        }
        assert_eq!(compared.imputed(), Some(f64::from((3.0 - 12.34_f32) * 0.077)));
        assert_eq!(Compared { column: &column(Vec::new()), is_double: false }.imputed(), None);
    }
}
