//! What a `case.json` holds of it. The comments are the descriptions in `docs/case.schema.json`.

use serde::{Deserialize, Serialize};

/// How sure the model's answers are, by rows with labels that it was not trained on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Certainty {
    /// How many rows.
    pub rows: u32,
    /// Whose rows they are, in the case's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Into how many parts they were dealt to measure: each part was judged by what the others gave.
    pub folds: u32,
    /// Of a number: intervals about it; the first is the one that is shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub intervals: Vec<Intervals>,
    /// What no interval goes below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<f64>,
    /// Of a risk: its range by Venn-Abers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<RiskRanges>,
    /// Of classes: sets of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<SetLevel>,
}

/// How an interval's width is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Split conformal: the same for every answer.
    #[default]
    Absolute,
    /// Split conformal, locally weighted: wider where rows with such answers were further off.
    Local,
}

/// Intervals of one method: an answer more or less the level's score times the scale of answers like it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Intervals {
    /// How the width is found.
    pub method: Method,
    /// How many rows the scores are of.
    pub rows: u32,
    /// Answers from which on the next scale is the one, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<f64>,
    /// How far off answers are: one more than bounds, or none where it is 1 for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scales: Vec<f64>,
    /// By level.
    pub levels: Vec<IntervalLevel>,
}

/// Intervals at one level.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IntervalLevel {
    /// The claim: in how many cases of 100 the interval has what is seen.
    pub level: u8,
    /// How many scales an interval goes to either side.
    pub score: f64,
    /// In what share of rows it had it, measured on parts that it was not made from.
    pub coverage: f64,
    /// The standard error of that share.
    pub standard_error: f64,
    /// How wide it was there on average.
    pub width: f64,
}

/// The range of a risk: two steps functions of the model's answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RiskRanges {
    /// Its lower end: a value from its answer on, 0 below the first.
    pub low: Steps,
    /// Its upper end: a value up to its answer, 1 above the last.
    pub high: Steps,
    /// How many of the rows were positive.
    pub positive: u32,
    /// The mean of the end that the theory holds to be calibrated (the upper one of positive rows, the lower one of others), on parts that
    /// the range was not made from: to be compared with the share of positive rows.
    pub chosen: f64,
    /// The standard error of that share.
    pub standard_error: f64,
    /// The Brier score of the model's answers.
    pub brier: f64,
    /// The Brier score of the number between both ends that loses least, on parts that it was not made from.
    pub brier_merged: f64,
    /// By answers like each other: the range, and the share of positive rows, on parts that the range was not made from.
    pub agreement: Vec<Agreement>,
}

/// A step function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// Answers, ascending.
    pub at: Vec<f64>,
    /// What is said there, as many, ascending.
    pub values: Vec<f64>,
}

/// A share that was said, and the share that was seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// How many rows.
    pub rows: u32,
    /// The mean of the lower ends.
    pub low: f64,
    /// The mean of the upper ends.
    pub high: f64,
    /// The share of positive rows.
    pub seen: f64,
}

/// The range of one risk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RiskRange {
    /// Its lower end: what the share of positive rows would be, were this one negative.
    pub low: f64,
    /// Its upper end: what it would be, were this one positive.
    pub high: f64,
    /// Between both, what loses least whichever it is: high ÷ (1 − low + high).
    pub merged: f64,
    /// Whether the model's own answer lies outside: among rows with such answers the share of positive ones was another than it says.
    pub outside: bool,
}

/// Sets of classes at one level: those whose probability is at least so large, and the most likely one in any case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetLevel {
    /// The claim: in how many cases of 100 the set has the class that is seen.
    pub level: u8,
    /// The least probability of a class of the set.
    pub least: f64,
    /// In what share of rows it had it, measured on parts that it was not made from.
    pub coverage: f64,
    /// The standard error of that share.
    pub standard_error: f64,
    /// How many classes a set had there on average.
    pub size: f64,
}

/// How good the model's answers are, by rows with labels that it was not trained on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Figures {
    /// How many rows.
    pub rows: u32,
    /// Whose rows they are, in the case's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Of all rows.
    pub all: Measures,
    /// The column that groups are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Of each group, from the largest to the smallest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupFigures>,
}

/// How good the answers are to one group of rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GroupFigures {
    /// What the column has; empty where it has nothing.
    pub name: String,
    /// How many rows.
    pub rows: u32,
    /// Of these rows.
    pub measures: Measures,
}

/// How good answers are: one of the three.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Measures {
    /// Of a risk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<RiskMeasures>,
    /// Of classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<ClassMeasures>,
    /// Of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberMeasures>,
}

/// A number with its 95 % interval, where there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Where its interval begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Where its interval ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// How good risks are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RiskMeasures {
    /// How many rows were positive.
    pub positive: u32,
    /// The area under the ROC curve, its interval by DeLong; none where all labels are of one class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auc: Option<Estimate>,
    /// The Brier score.
    pub brier: Estimate,
    /// The logarithmic loss.
    pub log_loss: Estimate,
    /// Answers of ten equal parts from 0 to 1, of those that have some, and the share of positive rows.
    pub calibration: Vec<Bin>,
    /// Answers at a threshold.
    pub confusion: Confusion,
}

/// Answers of one part, and the share of positive rows among them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bin {
    /// How many rows.
    pub rows: u32,
    /// The mean of the answers.
    pub mean: f64,
    /// The share of positive rows, its interval by Wilson.
    pub seen: Estimate,
}

/// Who is told positive from a threshold on, and who is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Confusion {
    /// From this answer on a row is told positive.
    pub threshold: f64,
    /// Positive, and told so.
    pub true_positive: u32,
    /// Negative, and told positive.
    pub false_positive: u32,
    /// Negative, and told so.
    pub true_negative: u32,
    /// Positive, and told negative.
    pub false_negative: u32,
    /// The share that is told right, its interval by Wilson.
    pub accuracy: Estimate,
    /// Of the positive, the share that is told so (recall); none where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Estimate>,
    /// Of the negative, the share that is told so; none where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specificity: Option<Estimate>,
    /// Of those that are told positive, the share that is; none where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Estimate>,
}

/// How good classes are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClassMeasures {
    /// The share of rows whose most likely class is the one that was seen, its interval by Wilson.
    pub accuracy: Estimate,
    /// The logarithmic loss; none of a model that gives no probabilities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_loss: Option<Estimate>,
    /// The mean of the areas under the ROC curves, one class against the rest; none where a class has no rows, and of more than
    /// 100 classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auc: Option<Estimate>,
    /// The names of the classes, in the model's order.
    pub classes: Vec<String>,
    /// For each class that was seen, how many of its rows were told to be of each class; of more than 100 classes
    /// nothing.
    pub confusion: Vec<Vec<u32>>,
}

/// How good numbers are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NumberMeasures {
    /// The root of the mean squared error.
    pub rmse: Estimate,
    /// The mean absolute error.
    pub mae: Estimate,
    /// The share of the labels' variance that answers explain; none of a single row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r2: Option<f64>,
    /// The mean of what answers are above labels.
    pub bias: Estimate,
    /// Of a count: the mean Poisson deviance; none where an answer is not above 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poisson_deviance: Option<f64>,
}
