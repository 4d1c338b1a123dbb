//! What is asked of one row, as JSON: short to ask, and its answer is a small document.

use serde::Deserialize;
use serde_json::{Value as Json, json};
use wardian::case::{HeldOut, THRESHOLD};
use wardian::certainty::Certainty;
use wardian::{Code, Numbers, Observed, Row, Values};

use crate::fault::Fault;
use crate::held::Held;

/// A question. Rows are values in the model's order, `null` for "not measured".
#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "camelCase", deny_unknown_fields)]
enum Question {
    /// What the predictions would be at every other value of one feature: [`wardian::Model::curve`].
    Curve { row: Vec<Option<f64>>, feature: usize, most: usize },
    /// Between which answers the row's lies if a value that it lacks were measured: [`wardian::Model::unknown`]. Over the values that were
    /// observed, or over all that the trees tell apart.
    Unknown { row: Vec<Option<f64>>, observed: Option<Vec<ValuesAndCounts>> },
    /// What to know about the row before trusting its answer: [`wardian::Schema::warnings`].
    Warnings { row: Vec<Option<f64>> },
    /// How good and how sure the model's answers to rows are, by what was then seen: what `wardian figures --json` says. `answers` are the
    /// predictions, one row's behind another's; `groups`, of what `group` names, may be absent.
    Figures {
        answers: Vec<Option<f64>>,
        labels: Vec<String>,
        #[serde(default)]
        groups: Vec<String>,
        group: Option<String>,
        positive: Option<String>,
        kind: Option<String>,
        threshold: Option<f64>,
    },
    /// How sure answers are, by the certainty that figures have told: of a number an interval, of a risk its range, of classes the set of
    /// those that are to be expected, at a level of 100.
    Interval { certainty: Box<Certainty>, answers: Vec<f64>, level: u8 },
    /// How often trees ask for each feature, and what it means at most: importance from 0 to 1.
    Importance {},
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValuesAndCounts {
    values: Vec<f64>,
    counts: Vec<u64>,
}

impl Held {
    /// The answer to a question, both JSON.
    ///
    /// # Errors
    /// `invalid_option` for what is no question; else as what is asked.
    pub fn ask(&self, question: &str) -> Result<Json, Fault> {
        let question = serde_json::from_str(question)
            .map_err(|error| Fault::new(Code::InvalidOption, format!("the question: {error}")))?;
        let model = self.model();
        Ok(match question {
            Question::Curve { row, feature, most } => {
                let curve = model.curve(&self.row(row)?, feature, most)?;
                let steps = curve.steps.iter().map(|step| {
                    json!({"from": end(step.from), "to": end(step.to), "value": step.value, "predictions": list(&step.predictions)})
                });
                json!({"steps": steps.collect::<Vec<_>>(), "missing": list(&curve.missing)})
            }
            Question::Unknown { row, observed } => {
                let observed = match observed {
                    None => Observed::of_model(model)?,
                    Some(observed) => {
                        let values = |own: ValuesAndCounts| Values { values: own.values, counts: own.counts };
                        Observed::of_values(model, observed.into_iter().map(values).collect())?
                    }
                };
                let told = model.unknown(&self.row(row)?, &observed)?;
                let features = model.schema().features();
                let told = told.iter().map(|unknown| {
                    json!({
                        "feature": features[unknown.feature].name,
                        "low": unknown.low, "high": unknown.high, "spread": unknown.spread,
                    })
                });
                Json::Array(told.collect())
            }
            Question::Warnings { row } => {
                let warnings = model.schema().warnings(&self.row(row)?);
                let said = |warning: &wardian::Warning| json!({"code": warning.code, "field": warning.field, "message": warning.message});
                Json::Array(warnings.iter().map(said).collect())
            }
            Question::Figures { answers, labels, groups, group, positive, kind, threshold } => {
                let kind = match kind {
                    None => self.opened().kind(),
                    Some(name) => crate::sealing::kind_named(&name)?,
                };
                let held_out = HeldOut::new(kind, model)?;
                let mut held_out = match positive {
                    None => held_out,
                    Some(text) => held_out.with_positive(&text, model)?,
                };
                let answers = answers.into_iter().map(|answer| answer.unwrap_or(f64::NAN));
                let answers = Numbers::of(model.forest().precision(), answers);
                let cells = labels.iter().enumerate();
                held_out.add(&answers, cells.map(|(row, label)| (&**label, groups.get(row).map(String::as_str))))?;
                let figures = held_out.figures(group.as_deref(), threshold.unwrap_or(THRESHOLD))?;
                let certainty = held_out.certainty();
                json!({
                    "figures": figures, "certainty": certainty.as_ref().ok(), "notKnown": certainty.as_ref().err(),
                    "notes": held_out.notes(),
                })
            }
            Question::Interval { certainty, answers, level } => {
                let width = model.prediction_count();
                let told = answers.chunks_exact(width).map(|own| match &*certainty {
                    Certainty { risk: Some(_), .. } => certainty.risk(own[0]).map(|range| {
                        json!({"low": range.low, "high": range.high, "merged": range.merged, "outside": range.outside})
                    }),
                    Certainty { sets, .. } if !sets.is_empty() => certainty.set(own, level).map(|set| json!({"classes": set})),
                    _ => certainty.interval(own[0], level).map(|[low, high]| json!({"low": low, "high": high})),
                });
                json!(told.collect::<Vec<_>>())
            }
            Question::Importance {} => {
                json!({"splits": model.split_counts(), "importance": self.opened().importance()})
            }
        })
    }

    fn row(&self, values: Vec<Option<f64>>) -> Result<Row, Fault> {
        Ok(self
            .model()
            .schema()
            .row_from_values(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())?)
    }
}

/// An end of a step: none where there is no end, as JSON has no infinity.
fn end(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// Numbers, widened exactly.
fn list(numbers: &Numbers) -> Vec<f64> {
    numbers.iter().collect()
}
