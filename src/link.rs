//! Margins → predictions: what the trainer's `predict` returns.

use crate::exp::exp;

/// The function between a margin and a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Link {
    /// The prediction is the margin.
    Identity,
    /// The prediction is the probability of the positive class.
    Logistic,
}

impl Link {
    /// The prediction for a margin.
    pub fn apply(self, margin: f32) -> f32 {
        match self {
            Self::Identity => margin,
            Self::Logistic => sigmoid(margin),
        }
    }

    /// The name in the field's own terms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Logistic => "logistic",
        }
    }
}

/// XGBoost's logistic function, operation for operation in `f32`. The cap keeps `exp` finite. XGBoost also adds 1e-16
/// to the denominator; that is less than half a unit in the last place of anything from 1 up, so it changes no bit.
fn sigmoid(margin: f32) -> f32 {
    let odds_against = exp((-margin).min(88.7));
    1.0 / (odds_against + 1.0)
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
}
