//! What is said at the end of what was compared. `cargo xtask seen` writes it into docs/PROOF.md, and has a test that includes this file.

use std::fmt::{Display, Formatter, Result};

pub(crate) struct Answers {
    pub(crate) models: usize,
    pub(crate) versions: usize,
    pub(crate) refused: usize,
    pub(crate) margins: usize,
    pub(crate) different_margins: usize,
    pub(crate) predictions: usize,
    pub(crate) different_predictions: usize,
    /// Of the margins those on data as people have it.
    pub(crate) of_people: usize,
}

impl Display for Answers {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let Self {
            models,
            versions,
            refused,
            margins,
            different_margins,
            predictions,
            different_predictions,
            of_people,
        } = self;
        let share = of_people * 100 / (*margins).max(1);
        write!(
            formatter,
            "seen oracle: {models} models of {versions} versions, {refused} refused, {margins} margins (also from base margins of \
             the rows' own): {different_margins} different; {predictions} predictions: {different_predictions} different; {share} % \
             of the margins on data as people have it"
        )
    }
}

pub(crate) struct Contributions {
    pub(crate) models: usize,
    pub(crate) contributions: usize,
    pub(crate) largest: f64,
    /// Models that XGBoost does not explain.
    pub(crate) refused: usize,
}

impl Display for Contributions {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let Self { models, contributions, largest, refused } = self;
        write!(
            formatter,
            "seen contributions-xgboost: {models} models explained, {contributions} contributions: the largest difference from \
             XGBoost's is {largest:.1e} of the margins' scale; {refused} models XGBoost does not explain"
        )
    }
}
