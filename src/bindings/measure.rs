//! What rows and labels tell of a model, and its curves, for JavaScript, a module of its own: what `wardian figures` and
//! `wardian explain --curve` say. `npm/entries/measure.js` is the other side; who asks neither does not download it.

use js_sys::JSON;
use wasm_bindgen::prelude::*;

use super::given::{said, thrown, wrong};
use crate::case::{HeldOut, Kind, THRESHOLD, kind_of};
use crate::error::Result;
use crate::format;
use crate::model::Model;
use crate::numbers::Numbers;

/// A model that is measured.
#[wasm_bindgen]
pub struct Measuring(Model);

#[wasm_bindgen]
impl Measuring {
    /// The model in a `.wardian` file.
    ///
    /// # Errors
    /// An `Error` with the stable `code` of [`crate::Code`]; as of all here.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> std::result::Result<Self, JsValue> {
        format::read(bytes).map(Self).map_err(|error| thrown(&error))
    }

    /// The model's answers to rows, one after another, beside what was seen: `{ figures, certainty, not_known, notes }`, as
    /// `wardian figures --json` has them. `groups` has a text for each row, or none. Options are `kind`, `group` (the name of what groups
    /// are of) and `threshold`.
    ///
    /// # Errors
    /// Those of [`HeldOut`].
    pub fn judged(
        &self,
        answers: &[f64],
        labels: Vec<String>,
        groups: Vec<String>,
        options: &JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let text = judged(&self.0, answers, &labels, &groups, options).map_err(|error| thrown(&error))?;
        JSON::parse(&text)
    }

    /// The predictions for a row as one feature takes every value that makes a difference: from, to, value and predictions of each step, one
    /// after another, and at last the predictions where it is missing. `base_margins` are the row's own, or none.
    ///
    /// # Errors
    /// Those of [`Model::curve_from`].
    pub fn curve(
        &self,
        row: &[f64],
        base_margins: &[f32],
        feature: &str,
        most: usize,
    ) -> std::result::Result<Vec<f64>, JsValue> {
        curve(&self.0, row, base_margins, feature, most).map_err(|error| thrown(&error))
    }
}

fn judged(model: &Model, answers: &[f64], labels: &[String], groups: &[String], options: &JsValue) -> Result<String> {
    let text = |key: &str| match said(options, key) {
        Some(value) => value.as_string().map(Some).ok_or_else(|| wrong(key)),
        None => Ok(None),
    };
    let kind = match text("kind")? {
        Some(name) => Kind::named(&name).ok_or_else(|| wrong("kind"))?,
        None => kind_of(model),
    };
    let threshold = match said(options, "threshold") {
        Some(value) => value.as_f64().ok_or_else(|| wrong("threshold"))?,
        None => THRESHOLD,
    };
    let mut held_out = HeldOut::new(kind, model)?;
    let answers = Numbers::of(model.forest().precision(), answers.iter().copied());
    let cells = labels.iter().enumerate().map(|(row, label)| (label.as_str(), groups.get(row).map(String::as_str)));
    held_out.add(&answers, cells)?;
    let figures = held_out.figures(text("group")?.as_deref(), threshold)?;
    let certainty = held_out.certainty();
    let document = serde_json::json!({
        "figures": figures,
        "certainty": certainty.as_ref().ok(),
        "not_known": certainty.as_ref().err(),
        "notes": held_out.notes(),
    });
    Ok(document.to_string())
}

fn curve(model: &Model, row: &[f64], base_margins: &[f32], feature: &str, most: usize) -> Result<Vec<f64>> {
    let row = model.schema().row_from_values(row.to_vec())?;
    let feature = model.schema().index_of(feature)?;
    let curve = match base_margins {
        [] => model.curve(&row, feature, most)?,
        own => model.curve_from(&row, own, feature, most)?,
    };
    let mut out = Vec::new();
    for step in &curve.steps {
        out.extend([step.from, step.to, step.value]);
        out.extend(step.predictions.iter());
    }
    out.extend(curve.missing.iter());
    Ok(out)
}
