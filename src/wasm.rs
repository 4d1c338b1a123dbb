//! The bindings for JavaScript: the only file that names `wasm_bindgen`, `js_sys` and `serde_wasm_bindgen`.
//!
//! Rows and results pass through this module's memory: JavaScript writes rows where [`Engine::input`] points, and reads
//! predictions where [`Engine::run`] points. Words (texts, names, the REST contract) are left to `npm/wardian.js`, where
//! they take a third of the bytes; `tests/e2e/module-cases.mjs` asks them what `tests/common` asks of Rust. Errors are
//! `Error` objects with the stable `code` of [`Code`](crate::Code) and the `field` at fault; nothing is ever thrown as a
//! string.

use std::borrow::Cow;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::format;
use crate::model::{Batch, Model};
use crate::shipped::{diabetes, diabetes_sha256};

type JsResult<T> = std::result::Result<T, JsValue>;

/// A model and the memory that its rows pass through.
#[wasm_bindgen]
pub struct Engine {
    model: Cow<'static, Model>,
    /// Rows of 32-bit floats, whole rows of the model's features.
    narrow: Vec<f32>,
    /// The same of 64-bit floats.
    wide: Vec<f64>,
    batch: Batch,
}

#[wasm_bindgen]
impl Engine {
    /// The model in the bytes of a `.wardian` file; without bytes the shipped one.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: Option<Box<[u8]>>) -> JsResult<Engine> {
        let model = match bytes {
            None => Cow::Borrowed(diabetes()),
            Some(bytes) => Cow::Owned(format::read(&bytes).map_err(thrown)?),
        };
        Ok(Self { model, narrow: Vec::new(), wide: Vec::new(), batch: Batch::default() })
    }

    /// The texts that describe the model, in the order that `npm/wardian.js` takes apart: name, title, outcome, link,
    /// the hash of the shipped model or nothing; for each feature name, label, unit, description and categories.
    pub fn texts(&self) -> JsResult<JsValue> {
        let (schema, forest) = (self.model.schema(), self.model.forest());
        let hash = if matches!(self.model, Cow::Borrowed(_)) { diabetes_sha256() } else { "" };
        let mut texts = vec![schema.name(), schema.title(), schema.outcome(), forest.link().name(), hash];
        for feature in schema.features() {
            texts.extend([&*feature.name, &feature.label, &feature.unit, &feature.description]);
            texts.extend(feature.categories.iter().map(String::as_str));
        }
        Ok(serde_wasm_bindgen::to_value(&texts)?)
    }

    /// The numbers that describe the model, likewise: counts of margins, predictions, trees, splits and features; for
    /// each feature minimum, maximum and decimals (`NaN` for none), whether it may be missing, the counts of its
    /// categories and of its missing codes, and these.
    pub fn numbers(&self) -> Vec<f64> {
        let (schema, forest) = (self.model.schema(), self.model.forest());
        let counts = [
            forest.output_count(),
            self.model.prediction_count(),
            forest.roots().len(),
            forest.split_count(),
            schema.features().len(),
        ];
        let mut numbers: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
        for feature in schema.features() {
            let (minimum, maximum) = feature.range.unwrap_or((f64::NAN, f64::NAN));
            numbers.extend([
                minimum,
                maximum,
                feature.decimals.map_or(f64::NAN, f64::from),
                f64::from(u8::from(feature.may_be_missing)),
                feature.categories.len() as f64,
                feature.missing_codes.len() as f64,
            ]);
            numbers.extend(&feature.missing_codes);
        }
        numbers
    }

    /// Where to write `rows` rows: the address of as many 64-bit (unless `wide`, 32-bit) floats as they have values.
    pub fn input(&mut self, rows: usize, wide: bool) -> usize {
        let count = rows * self.model.schema().features().len();
        if wide {
            self.wide.resize(count.max(self.wide.len()), 0.0);
            self.wide.as_ptr() as usize
        } else {
            self.narrow.resize(count.max(self.narrow.len()), 0.0);
            self.narrow.as_ptr() as usize
        }
    }

    /// Predicts the `rows` rows that were written, the first of which is row `first_row` in errors, or not named if
    /// that is 0; the address of the results, 32-bit floats.
    pub fn run(&mut self, rows: usize, wide: bool, first_row: usize, linked: bool) -> JsResult<usize> {
        let count = rows * self.model.schema().features().len();
        let results = if wide {
            self.batch.run(&self.model, &self.wide[..count], first_row, linked)
        } else {
            self.batch.run(&self.model, &self.narrow[..count], first_row, linked)
        };
        Ok(results.map_err(thrown)?.as_ptr() as usize)
    }
}

fn thrown(error: Error) -> JsValue {
    let object = js_sys::Error::new(&error.line());
    object.set_name("WardianError");
    // Setting a property of an object just made cannot fail.
    let _ = Reflect::set(&object, &"code".into(), &error.code().as_str().into());
    if let Some(field) = error.field() {
        let _ = Reflect::set(&object, &"field".into(), &field.into());
    }
    object.into()
}
