//! What a model was trained for decides what it answers.

use crate::error::{Result, quoted, unsupported};

/// A loss function that models of CatBoost's are read of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Loss(&'static str, Answer);

/// What becomes of a model's raw values by default: `predict_proba` of a classifier, `predict` of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The raw values themselves.
    Raw,
    /// A probability for each raw value by itself. Of two classes it is the second's.
    Probability,
    /// A probability for each class; they sum to 1.
    Softmax,
    /// e to the raw value.
    Exponential,
    /// A mean, and a variance of which the second raw value is the logarithm of the root.
    MeanAndVariance,
}

/// All that the oracle has compared.
const LOSSES: [Loss; 35] = [
    Loss("Logloss", Answer::Probability),
    Loss("CrossEntropy", Answer::Probability),
    Loss("Focal", Answer::Probability),
    Loss("MultiClass", Answer::Softmax),
    Loss("MultiClassOneVsAll", Answer::Probability),
    Loss("MultiLogloss", Answer::Probability),
    Loss("MultiCrossEntropy", Answer::Probability),
    Loss("Poisson", Answer::Exponential),
    Loss("Tweedie", Answer::Exponential),
    Loss("RMSEWithUncertainty", Answer::MeanAndVariance),
    Loss("RMSE", Answer::Raw),
    Loss("MAE", Answer::Raw),
    Loss("Quantile", Answer::Raw),
    Loss("MultiQuantile", Answer::Raw),
    Loss("LogLinQuantile", Answer::Raw),
    Loss("Expectile", Answer::Raw),
    Loss("MAPE", Answer::Raw),
    Loss("Huber", Answer::Raw),
    Loss("LogCosh", Answer::Raw),
    Loss("Lq", Answer::Raw),
    Loss("Cox", Answer::Raw),
    Loss("SurvivalAft", Answer::Raw),
    Loss("MultiRMSE", Answer::Raw),
    Loss("MultiRMSEWithMissingValues", Answer::Raw),
    Loss("GroupQuantile", Answer::Raw),
    Loss("PairLogit", Answer::Raw),
    Loss("PairLogitPairwise", Answer::Raw),
    Loss("YetiRank", Answer::Raw),
    Loss("YetiRankPairwise", Answer::Raw),
    Loss("QueryRMSE", Answer::Raw),
    Loss("QuerySoftMax", Answer::Raw),
    Loss("LambdaMart", Answer::Raw),
    Loss("StochasticRank", Answer::Raw),
    Loss("StochasticFilter", Answer::Raw),
    Loss("PythonUserDefinedPerObject", Answer::Raw),
];

impl Loss {
    /// The one with this name.
    ///
    /// # Errors
    /// `unsupported_model` for one that was never compared.
    pub(super) fn named(name: &str) -> Result<Self> {
        let known = LOSSES.into_iter().find(|loss| loss.0 == name);
        known.ok_or_else(|| unsupported(format_args!("the loss function {} is not supported", quoted(name))))
    }

    /// How many classes have names, of a model of so many outputs.
    pub(super) fn class_count(self, outputs: usize) -> usize {
        match self.1 {
            // Several labels, each an output's, are no classes of which a row has one.
            Answer::Probability if matches!(self.0, "MultiLogloss" | "MultiCrossEntropy") => 0,
            Answer::Probability if outputs == 1 && self.0 != "MultiClassOneVsAll" => 2,
            Answer::Probability | Answer::Softmax => outputs,
            Answer::Raw | Answer::Exponential | Answer::MeanAndVariance => 0,
        }
    }

    pub(super) fn answer(self) -> Answer {
        self.1
    }

    pub(super) fn name(self) -> &'static str {
        self.0
    }
}
