//! Margins and predictions beside XGBoost's: everything that differs is counted before anything fails.

use std::ops::AddAssign;

use crate::models::{Case, Rows};

/// What was compared of some models.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) models: usize,
    /// Models that we do not read.
    pub(crate) refused: usize,
    pub(crate) margins: usize,
    pub(crate) different_margins: usize,
    pub(crate) predictions: usize,
    pub(crate) different_predictions: usize,
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, other: &Self) {
        self.models += other.models;
        self.refused += other.refused;
        self.margins += other.margins;
        self.different_margins += other.different_margins;
        self.predictions += other.predictions;
        self.different_predictions += other.different_predictions;
    }
}

impl Tally {
    pub(crate) fn heading(of: &str) -> String {
        format!(
            "{of:30} {:>7} {:>8} {:>10} {:>10} {:>12} {:>10}",
            "models", "refused", "margins", "different", "predictions", "different"
        )
    }

    pub(crate) fn line(&self, name: &str) -> String {
        let Self { models, refused, margins, different_margins, predictions, different_predictions } = self;
        format!(
            "{name:30} {models:>7} {refused:>8} {margins:>10} {different_margins:>10} {predictions:>12} \
             {different_predictions:>10}"
        )
    }
}

/// What became of one model.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) tally: Tally,
    pub(crate) failures: Vec<String>,
}

/// How many differ; says so among the failures.
fn differing(ours: &[f32], theirs: &[f32], what: &str, case: &Case, failures: &mut Vec<String>) -> usize {
    if ours.len() != theirs.len() {
        failures.push(format!("{}: {} {what}, XGBoost has {}", case.name(), ours.len(), theirs.len()));
        return theirs.len();
    }
    let differ = |&index: &usize| ours[index].to_bits() != theirs[index].to_bits();
    let different = (0..ours.len()).filter(differ).count();
    if let Some(index) = (0..ours.len()).find(differ) {
        failures.push(format!(
            "{}: {different} of {} {what} differ; number {index}: ours {:e}, XGBoost's {:e}",
            case.name(),
            ours.len(),
            ours[index],
            theirs[index]
        ));
    }
    different
}

/// Our answers to a model's rows beside XGBoost's.
pub(crate) fn compare(case: &Case) -> Outcome {
    let mut outcome = Outcome::default();
    outcome.tally.models = 1;
    if let Err(message) = compare_into(case, &mut outcome) {
        outcome.tally.refused = 1;
        outcome.failures.push(message);
    }
    outcome
}

fn compare_into(case: &Case, Outcome { tally, failures }: &mut Outcome) -> Result<(), String> {
    let rows = case.rows();
    let model = case.import(false)?;
    let named = |message| format!("{}: {message}", case.name());
    let mut margins_of = |model, rows: &Rows, kind| {
        let margins = rows.margins(model).map_err(named)?;
        tally.margins += margins.len();
        tally.different_margins += differing(&margins, &case.answers(kind), kind, case, failures);
        Ok::<(), String>(())
    };
    margins_of(&model, &rows, "margins")?;
    if case.is_stopped() {
        margins_of(&case.import(true)?, &rows, "all")?;
    }
    if case.has_own_base_margins() {
        let own = case.answers("own");
        let count = own.len() / model.forest().output_count() * model.schema().features().len();
        let margins = rows.first(count).margins_from(&model, &own).map_err(named)?;
        tally.margins += margins.len();
        tally.different_margins += differing(&margins, &case.answers("from"), "margins from their own", case, failures);
    }
    let predictions = rows.predictions(&model).map_err(named)?;
    tally.predictions += predictions.len();
    tally.different_predictions += differing(&predictions, &case.answers("predictions"), "predictions", case, failures);
    Ok(())
}
