//! Links of trainers that compute in `f64`, operation for operation.

use wardian_kernels::exp64::exp;

use super::Link;
use crate::finish::Finish;

impl Link {
    /// Turns the margins of one row into its predictions, in place.
    pub(crate) fn apply_double(self, finish: &Finish, margins: &mut [f64]) {
        if finish.divisor != 1.0 {
            margins.iter_mut().for_each(|margin| *margin /= finish.divisor);
        }
        if finish.slope != 1.0 {
            margins.iter_mut().for_each(|margin| *margin *= finish.slope);
        }
        match self {
            Self::Identity => {}
            Self::Logistic => margins.iter_mut().for_each(|margin| *margin = 1.0 / (1.0 + exp(-*margin))),
            Self::Exponential => margins.iter_mut().for_each(|margin| *margin = exp(*margin)),
            Self::Softmax => softmax(margins, |powers| powers.iter().fold(0.0, |sum, power| sum + power)),
            Self::Other(other) => other.apply_double(margins),
            // XGBoost's own, which computes in 32 bits: `Forest::new` refuses a forest of 64 bits that has them.
            Self::Expectiles | Self::Sorted | Self::Class | Self::Hinge | Self::UncappedLogistic => {}
        }
    }
}

/// Powers of what each margin is above the largest, divided by their sum: LightGBM adds it up in order.
pub(super) fn softmax(margins: &mut [f64], sum: impl Fn(&[f64]) -> f64) {
    let largest = margins.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    margins.iter_mut().for_each(|margin| *margin = exp(*margin - largest));
    let sum = sum(margins);
    margins.iter_mut().for_each(|margin| *margin /= sum);
}
