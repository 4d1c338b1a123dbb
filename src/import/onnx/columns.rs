//! What a branch asks of a column, as cuts of the feature behind it.
//!
//! A forest's split asks `x < cut` of a feature. A branch compares what the operators between have made of `x`; none of them ever makes less
//! of more, so that each comparison has a cut, which is found exactly: among all floats there are.

use crate::narrowing::Input;

/// One column of a tree ensemble's input.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    /// The feature whose values it has.
    pub(super) feature: usize,
    /// Whether these are 32-bit floats before anything is done to them.
    pub(super) is_single: bool,
    /// What is done to them on their way, first things first.
    pub(super) steps: Vec<Step>,
}

/// What an operator does to a value on its way to the trees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) operation: Operation,
    /// Whether what it makes is a 32-bit float.
    pub(super) is_single: bool,
}

/// An operation with a constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operation {
    /// A missing value becomes this one.
    Impute(f64),
    Add(f64),
    Multiply(f64),
    Divide(f64),
    /// None, but what it makes is rounded.
    Round,
}

impl Operation {
    /// Whether it never makes less of more, and a number of every number.
    pub(super) fn is_rising(self) -> bool {
        match self {
            Self::Impute(number) | Self::Add(number) => number.is_finite(),
            Self::Multiply(number) | Self::Divide(number) => number.is_finite() && number > 0.0,
            Self::Round => true,
        }
    }
}

impl Step {
    fn made_of(self, value: f64) -> f64 {
        let made = match self.operation {
            Operation::Impute(number) if value.is_nan() => number,
            Operation::Impute(_) | Operation::Round => value,
            Operation::Add(number) => value + number,
            Operation::Multiply(number) => value * number,
            Operation::Divide(number) => value / number,
        };
        // Of two 32-bit floats the 64-bit result, rounded, is the 32-bit one: it has more than twice the digits.
        if self.is_single { f64::from(made as f32) } else { made }
    }
}

impl Column {
    /// Makes 32-bit floats of its values.
    pub(super) fn narrow(&mut self) {
        match self.steps.last() {
            None => self.is_single = true,
            Some(last) if last.is_single => {}
            Some(_) => self.steps.push(Step { operation: Operation::Round, is_single: true }),
        }
    }

    /// How the feature behind is seen.
    pub(super) fn input(&self) -> Input {
        if self.is_single { Input::Single } else { Input::Double { zero_is_missing: false } }
    }

    /// What becomes of a missing value, where it is one of the numbers then.
    pub(super) fn imputed(&self) -> Option<f64> {
        let value = self.made_of(f64::NAN);
        (!value.is_nan()).then_some(value)
    }

    /// The cut below which values are below `threshold`.
    pub(super) fn below(&self, threshold: f64) -> f64 {
        self.first_that(|value| value >= threshold)
    }

    /// The cut below which values are at most `threshold`.
    pub(super) fn at_most(&self, threshold: f64) -> f64 {
        self.first_that(|value| value > threshold)
    }

    /// The least float of which the operators make a number that is as asked: true of all above it too. Infinite where it is of none, or of
    /// all.
    fn first_that(&self, is_so: impl Fn(f64) -> bool) -> f64 {
        let is_so = |place: i64| is_so(self.made_of(self.float_at(place)));
        let highest = if self.is_single { place_of_single(f32::MAX) } else { place_of_double(f64::MAX) };
        // Floats of opposite signs are as far from the middle, of which -0 and 0 are the two sides.
        let lowest = -1 - highest;
        if is_so(lowest) {
            return f64::NEG_INFINITY;
        }
        if !is_so(highest) {
            return f64::INFINITY;
        }
        let (mut before, mut after) = (lowest, highest);
        while before + 1 < after {
            let middle = before.midpoint(after);
            if is_so(middle) {
                after = middle;
            } else {
                before = middle;
            }
        }
        // Zeros are equal, whatever their signs.
        self.float_at(after) + 0.0
    }

    fn float_at(&self, place: i64) -> f64 {
        if self.is_single { single_at(place).into() } else { double_at(place) }
    }

    /// What the trees see of a feature's value.
    fn made_of(&self, value: f64) -> f64 {
        self.steps.iter().fold(value, |value, step| step.made_of(value))
    }
}

/// The place of a float among all, in ascending order: 0 is at 0, -0 before it.
fn place_of_double(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

fn double_at(place: i64) -> f64 {
    f64::from_bits((place ^ ((place >> 63) as u64 >> 1) as i64) as u64)
}

fn place_of_single(value: f32) -> i64 {
    let bits = value.to_bits() as i32;
    (bits ^ ((bits >> 31) as u32 >> 1) as i32).into()
}

fn single_at(place: i64) -> f32 {
    let place = place as i32;
    f32::from_bits((place ^ ((place >> 31) as u32 >> 1) as i32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(is_single: bool, steps: Vec<Step>) -> Column {
        Column { feature: 0, is_single, steps }
    }

    #[test]
    fn floats_have_places_in_their_order() {
        let floats = [f32::MIN, -1.0, -1e-45, -0.0, 0.0, 1e-45, 1.0, f32::MAX];
        assert!(floats.windows(2).all(|pair| place_of_single(pair[0]) < place_of_single(pair[1])));
        assert!(floats.iter().all(|float| single_at(place_of_single(*float)).to_bits() == float.to_bits()));
        let floats = [f64::MIN, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1.0, f64::MAX];
        assert!(floats.windows(2).all(|pair| place_of_double(pair[0]) < place_of_double(pair[1])));
        assert!(floats.iter().all(|float| double_at(place_of_double(*float)).to_bits() == float.to_bits()));
        assert_eq!(place_of_single(f32::MIN), -1 - place_of_single(f32::MAX));
        assert_eq!(place_of_double(f64::MIN), -1 - place_of_double(f64::MAX));
    }

    #[test]
    fn a_cut_is_the_first_float_that_goes_the_other_way() {
        let single = column(true, Vec::new());
        let half = f64::from(0.5_f32.next_up());
        assert_eq!((single.below(0.5), single.at_most(0.5)), (0.5, half));
        assert_eq!((single.below(0.0), single.at_most(-0.0)), (0.0, f64::from(f32::from_bits(1))));
        assert!(single.below(-0.0).is_sign_positive());
        assert_eq!(single.at_most(f32::MAX.into()), f64::INFINITY);
        assert_eq!((single.below(f64::INFINITY), single.below(f64::NEG_INFINITY)), (f64::INFINITY, f64::NEG_INFINITY));
        assert_eq!(single.below(f32::MIN.into()), f64::NEG_INFINITY);
        // A threshold of 64 bits that is no float of 32.
        assert_eq!((single.below(0.1), single.at_most(0.1)), (f64::from(0.1_f32), f64::from(0.1_f32)));

        let double = column(false, Vec::new());
        assert_eq!((double.below(0.1), double.at_most(0.1)), (0.1, 0.1_f64.next_up()));
        assert_eq!((double.below(-0.0), double.at_most(0.0)), (0.0, 5e-324));
    }

    #[test]
    fn a_column_that_operators_have_changed_is_cut_where_their_rounding_puts_it() {
        let steps = |is_single, operations: &[Operation]| {
            operations.iter().map(|&operation| Step { operation, is_single }).collect::<Vec<_>>()
        };
        let (offset, scale) = (f64::from(12.34_f32), f64::from(0.077_f32));
        let scaled = [Operation::Impute(3.0), Operation::Add(-offset), Operation::Multiply(scale)];
        let single = column(true, steps(true, &scaled));
        for threshold in [-1.5_f32, -0.949, 0.0, 0.1, 7.0, 1e30] {
            let cut = single.at_most(threshold.into()) as f32;
            let made = |value: f32| (value - 12.34) * 0.077;
            assert!(made(cut) > threshold && made(cut.next_down()) <= threshold, "{threshold}");
        }
        assert_eq!(single.imputed(), Some(f64::from((3.0 - 12.34_f32) * 0.077)));
        assert_eq!(column(true, Vec::new()).imputed(), None);

        let mut double = column(false, steps(false, &[Operation::Add(-12.34), Operation::Divide(3.7)]));
        double.narrow();
        let cut = double.below(f64::from(0.1_f32));
        let made = |value: f64| ((value - 12.34) / 3.7) as f32;
        assert!(made(cut) >= 0.1 && made(cut.next_down()) < 0.1);
    }

    #[test]
    fn what_falls_where_values_rise_is_none_of_it() {
        use Operation::{Add, Divide, Impute, Multiply, Round};
        for (operation, is_rising) in [
            (Multiply(0.0), false),
            (Multiply(-1.0), false),
            (Divide(f64::INFINITY), false),
            (Add(f64::NAN), false),
            (Impute(f64::NAN), false),
            (Divide(0.1), true),
            (Add(-3.0), true),
            (Round, true),
        ] {
            assert_eq!(operation.is_rising(), is_rising, "{operation:?}");
        }
    }
}
