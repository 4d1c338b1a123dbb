//! Margins → predictions: what the trainer's `predict` returns.

#[cfg(feature = "double")]
mod double;
#[cfg(feature = "double")]
mod onnx;
#[cfg(feature = "double")]
mod other;
#[cfg(feature = "double")]
mod sklearn;

use wardian_kernels::{LOGISTIC_CAP, exponential, logistic};

use crate::elementary::{SMALLEST_GAP, softplus};
use crate::numbers::Precision;
#[cfg(feature = "double")]
pub use other::OtherLink;
#[cfg(feature = "double")]
pub(crate) use sklearn::numpy_sum;

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
    /// As `Logistic`, but 0 for margins below -88.72: XGBoost's before 1.6, which keeps no distance from 0.
    UncappedLogistic,
    /// The predictions are expectiles, ascending: the first is its margin, each further one is above the one before by the
    /// softplus of its own margin, log(1 + e^m), and a millionth.
    Expectiles,
    /// The predictions are the margins in ascending order: quantiles, none of which crosses another.
    Sorted,
    /// Another trainer's.
    #[cfg(feature = "double")]
    Other(OtherLink),
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
    pub(crate) const fn takes_each_by_itself(self) -> bool {
        match self {
            #[cfg(feature = "double")]
            Self::Other(other) => other.takes_each_by_itself(),
            _ => !matches!(self, Self::Softmax | Self::Class | Self::Expectiles | Self::Sorted),
        }
    }

    /// The type of margins that its trainer computes it of; `None` for either.
    pub(crate) const fn precision(self) -> Option<Precision> {
        match self {
            #[cfg(feature = "double")]
            Self::Other(other) => other.precision(),
            // Softplus and order are of 32 bits; the others nobody but XGBoost has.
            Self::Expectiles | Self::Sorted | Self::Class | Self::Hinge | Self::UncappedLogistic => {
                Some(Precision::Single)
            }
            _ => None,
        }
    }

    /// Turns the margins of one row into its predictions, in place; `Class` leaves its one in the first place.
    pub fn apply(self, margins: &mut [f32]) {
        match self {
            Self::Identity => {}
            Self::Logistic => logistic(margins, LOGISTIC_CAP),
            Self::UncappedLogistic => logistic(margins, f32::INFINITY),
            Self::Exponential => exponential(margins),
            Self::Hinge => margins.iter_mut().for_each(|margin| *margin = f32::from(u8::from(*margin > 0.0))),
            Self::Softmax => softmax(margins),
            Self::Class => class(margins),
            Self::Expectiles => expectiles(margins),
            Self::Sorted => sort(margins),
            #[cfg(feature = "double")]
            Self::Other(other) => other.apply(margins),
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
            Self::UncappedLogistic => "uncapped logistic",
            Self::Expectiles => "expectiles",
            Self::Sorted => "sorted",
            #[cfg(feature = "double")]
            Self::Other(other) => other.name(),
        }
    }
}

/// XGBoost's softmax: each power in `f32`, their sum in `f64`, rounded to `f32` before it divides.
fn softmax(margins: &mut [f32]) {
    let largest = margins.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for margin in margins.iter_mut() {
        *margin -= largest;
    }
    exponential(margins);
    let sum: f64 = margins.iter().map(|&power| f64::from(power)).sum();
    for margin in margins {
        *margin /= sum as f32;
    }
}

/// In XGBoost's order: the least gap is added to the softplus, and both to the expectile before.
fn expectiles(margins: &mut [f32]) {
    for place in 1..margins.len() {
        margins[place] = margins[place - 1] + (SMALLEST_GAP + softplus(margins[place]));
    }
}

/// By insertion, as XGBoost does it: of zeros of both signs none passes the other.
fn sort(margins: &mut [f32]) {
    for end in 1..margins.len() {
        for place in (0..end).rev() {
            if margins[place] > margins[place + 1] {
                margins.swap(place, place + 1);
            }
        }
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
        let sigmoid = |margin| {
            let mut margins = [margin];
            Link::Logistic.apply(&mut margins);
            margins[0]
        };
        assert_eq!(sigmoid(0.0), 0.5);
        assert_eq!(sigmoid(f32::MAX), 1.0);
        assert!(sigmoid(f32::MIN) > 0.0, "XGBoost's cap keeps the probability above zero");
    }

    #[test]
    fn without_a_cap_the_sigmoid_comes_to_zero() {
        let mut margins = [-88.71, -88.73, f32::MIN, 0.0, 100.0];
        Link::UncappedLogistic.apply(&mut margins);
        assert!(margins[0] > 0.0);
        assert_eq!(margins[1..], [0.0, 0.0, 0.5, 1.0]);
    }

    #[test]
    fn each_expectile_is_above_the_one_before() {
        let mut margins = [-3.0, -200.0, 0.0, 2.0, 200.0];
        Link::Expectiles.apply(&mut margins);
        // By log1p of numpy; the bits are the oracle's to compare.
        let expected = [-3.0, -2.999_999, -2.306_851, -0.179_922, 199.820_08];
        assert!(margins.iter().zip(expected).all(|(margin, expected)| (margin - expected).abs() < 1e-5), "{margins:?}");
        // Above zero, where floats are finer than the least gap, it is all that there is: a millionth, as XGBoost's kRtEps.
        let mut margins = [0.0, -200.0];
        Link::Expectiles.apply(&mut margins);
        assert_eq!(margins, [0.0, 1e-6]);
    }

    #[test]
    fn quantiles_are_sorted_and_zeros_stay_in_their_order() {
        let mut margins = [3.0, 0.0, -0.0, -1.0];
        Link::Sorted.apply(&mut margins);
        assert_eq!(margins.map(f32::to_bits), [-1.0, 0.0, -0.0, 3.0].map(f32::to_bits));
    }

    #[test]
    fn the_first_of_equal_margins_is_the_class() {
        let mut margins = [-1.0, 2.0, 2.0, 0.0];
        Link::Class.apply(&mut margins);
        assert_eq!(margins[0], 1.0);
    }
}
