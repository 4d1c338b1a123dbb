//! Margins → predictions: what the trainer's `predict` returns.

use crate::exp::exp;

/// The function between a row's margins and its predictions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Link {
    /// A prediction is its margin.
    Identity,
    /// A prediction is the probability of the positive class, for each margin by itself.
    Logistic,
    /// A prediction is e to its margin: counts, amounts, hazard ratios, times.
    Exponential,
    /// The predictions are the probabilities of the classes, one for each margin; they sum to 1.
    Softmax,
    /// The one prediction is the index of the largest margin, the first of equals.
    Class,
    /// A prediction is 1 for a margin above 0, else 0.
    Hinge,
}

impl Link {
    /// How many predictions a row of `margins` margins has.
    pub fn prediction_count(self, margins: usize) -> usize {
        match self {
            Self::Class => 1,
            _ => margins,
        }
    }

    /// Whether a prediction depends on one margin only, so that rows need not be told apart.
    pub(crate) fn takes_each_by_itself(self) -> bool {
        !matches!(self, Self::Softmax | Self::Class)
    }

    /// Turns the margins of one row into its predictions, in place; `Class` leaves its one in the first place.
    pub fn apply(self, margins: &mut [f32]) {
        let each = match self {
            Self::Identity => return,
            Self::Logistic => sigmoid,
            Self::Exponential => exp,
            Self::Hinge => |margin| if margin > 0.0 { 1.0 } else { 0.0 },
            Self::Softmax => return softmax(margins),
            Self::Class => return class(margins),
        };
        for margin in margins {
            *margin = each(*margin);
        }
    }

    /// The name in the field's own terms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Logistic => "logistic",
            Self::Exponential => "exponential",
            Self::Softmax => "softmax",
            Self::Class => "class (largest margin)",
            Self::Hinge => "hinge (margin above 0)",
        }
    }
}

/// XGBoost's logistic function, operation for operation in `f32`. The cap keeps `exp` finite. XGBoost also adds 1e-16
/// to the denominator; that is less than half a unit in the last place of anything from 1 up, so it changes no bit.
fn sigmoid(margin: f32) -> f32 {
    let odds_against = exp((-margin).min(88.7));
    1.0 / (odds_against + 1.0)
}

/// XGBoost's softmax: each power in `f32`, their sum in `f64`, rounded to `f32` before it divides.
fn softmax(margins: &mut [f32]) {
    let largest = margins.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for margin in margins.iter_mut() {
        *margin = exp(*margin - largest);
        sum += f64::from(*margin);
    }
    for margin in margins {
        *margin /= sum as f32;
    }
}

fn class(margins: &mut [f32]) {
    let mut best = 0;
    for (index, margin) in margins.iter().enumerate() {
        if *margin > margins[best] {
            best = index;
        }
    }
    if let Some(first) = margins.first_mut() {
        *first = best as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sigmoid_is_total_and_symmetric_about_a_half() {
        assert_eq!(sigmoid(0.0), 0.5);
        assert_eq!(sigmoid(f32::MAX), 1.0);
        assert!(sigmoid(f32::MIN) > 0.0, "XGBoost's cap keeps the probability above zero");
    }

    #[test]
    fn the_first_of_equal_margins_is_the_class() {
        let mut margins = [-1.0, 2.0, 2.0, 0.0];
        Link::Class.apply(&mut margins);
        assert_eq!(margins[0], 1.0);
    }
}
