//! What is asked of one row, as JSON: short to ask, and its answer is a small document.

use serde::Deserialize;
use serde_json::{Value as Json, json};
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
