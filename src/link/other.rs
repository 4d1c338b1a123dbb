//! Links that XGBoost has none of. A module that knows XGBoost's models alone has none of them.

use wardian_kernels::catboost::{catboost_exponential, catboost_mean_and_variance, catboost_softmax};
use wardian_kernels::exp64::{exp, power_of_two};
use wardian_kernels::log64::log1p;

use super::{onnx, sklearn};
use crate::numbers::Precision;

/// The function between a row's margins and its predictions, of another trainer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherLink {
    /// A prediction is its margin times the margin's size: LightGBM's of a model that was trained on roots.
    SignedSquare,
    /// A prediction is log(1 + e^m) of its margin m: LightGBM's.
    Softplus,
    /// As `Softmax`, with the e to a number that is CatBoost's own.
    CatboostSoftmax,
    /// As `Exponential`, likewise.
    CatboostExponential,
    /// The first of two predictions is its margin, a mean; the second the variance of which its margin is the logarithm of the root,
    /// likewise.
    CatboostMeanAndVariance,
    /// A prediction is its margin as a 32-bit float: what ONNX's classic operators answer, whatever they add up in.
    Narrowed,
    /// As `Logistic`, as onnxruntime computes it: of the margin's distance from 0, in 32-bit floats.
    OnnxLogistic,
    /// As `Softmax`, as onnxruntime computes it: the sum is one of 32-bit floats too.
    OnnxSoftmax,
    /// As `Softmax`, the sum added up as numpy does it: scikit-learn's of gradient boosting.
    SklearnSoftmax,
    /// A prediction is -2^-m of its margin m: the score of an isolation forest, whose margin is a mean length of paths.
    Isolation,
}

impl OtherLink {
    /// All of them.
    pub(crate) const ALL: [Self; 10] = [
        Self::SignedSquare,
        Self::Softplus,
        Self::CatboostSoftmax,
        Self::CatboostExponential,
        Self::CatboostMeanAndVariance,
        Self::Narrowed,
        Self::OnnxLogistic,
        Self::OnnxSoftmax,
        Self::SklearnSoftmax,
        Self::Isolation,
    ];

    /// Whether a prediction depends on one margin only.
    pub(super) const fn takes_each_by_itself(self) -> bool {
        !matches!(
            self,
            Self::CatboostSoftmax | Self::CatboostMeanAndVariance | Self::OnnxSoftmax | Self::SklearnSoftmax
        )
    }

    /// The type of margins that its trainer computes it of; `None` for either.
    pub(crate) const fn precision(self) -> Option<Precision> {
        match self {
            Self::Narrowed | Self::OnnxLogistic | Self::OnnxSoftmax => None,
            _ => Some(Precision::Double),
        }
    }

    /// Turns the margins of one row into its predictions, in place: of 32 bits.
    pub(super) fn apply(self, margins: &mut [f32]) {
        match self {
            Self::OnnxLogistic => onnx::logistic(margins),
            Self::OnnxSoftmax => onnx::softmax(margins),
            // Those of 64 bits alone no forest of 32 bits has: `Forest::new` refuses it.
            _ => {}
        }
    }

    /// The same of 64 bits.
    pub(super) fn apply_double(self, margins: &mut [f64]) {
        match self {
            Self::SignedSquare => margins.iter_mut().for_each(|margin| *margin *= margin.abs()),
            Self::Softplus => margins.iter_mut().for_each(|margin| *margin = log1p(exp(*margin))),
            Self::CatboostSoftmax => catboost_softmax(margins),
            Self::CatboostExponential => catboost_exponential(margins),
            Self::CatboostMeanAndVariance => catboost_mean_and_variance(margins),
            Self::SklearnSoftmax => sklearn::softmax(margins),
            Self::Isolation => margins.iter_mut().for_each(|margin| *margin = -power_of_two(-*margin)),
            Self::Narrowed | Self::OnnxLogistic | Self::OnnxSoftmax => {
                let mut narrow: Vec<f32> = margins.iter().map(|&margin| margin as f32).collect();
                self.apply(&mut narrow);
                margins.iter_mut().zip(narrow).for_each(|(margin, narrow)| *margin = narrow.into());
            }
        }
    }

    /// The name in the field's own terms.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SignedSquare => "signed square",
            Self::Softplus => "softplus",
            Self::CatboostSoftmax => "softmax (CatBoost)",
            Self::CatboostExponential => "exponential (CatBoost)",
            Self::CatboostMeanAndVariance => "mean and variance (CatBoost)",
            Self::Narrowed => "identity, in 32 bits",
            Self::OnnxLogistic => "logistic (onnxruntime)",
            Self::OnnxSoftmax => "softmax (onnxruntime)",
            Self::SklearnSoftmax => "softmax (scikit-learn)",
            Self::Isolation => "isolation score",
        }
    }
}
