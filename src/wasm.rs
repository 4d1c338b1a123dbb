//! The bindings for JavaScript: the only file that names `wasm_bindgen`, `js_sys` and `serde_wasm_bindgen`.
//!
//! Rows and results pass through this module's memory: JavaScript writes rows where [`Engine::input`] points, and reads
//! predictions where [`Engine::run`] points. Words (texts, names, the REST contract) are left to `npm/wardian.js`, where
//! they take a third of the bytes; `tests/cases` holds both languages to the same answers. Errors are `Error` objects with the stable `code` of
//! [`Code`](crate::Code) and the `field` at fault; nothing is ever thrown as a string.

use std::borrow::Cow;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::format;
use crate::model::{Batch, Model};
use crate::shipped::{diabetes, diabetes_sha256};

type JsResult<T> = std::result::Result<T, JsValue>;

/// A feature as `npm/wardian.js` takes it apart: name, label, unit, description, minimum, maximum, decimals, missing
/// codes, whether it may be missing, categories.
type FeatureView<'a> =
    (&'a str, &'a str, &'a str, &'a str, Option<f64>, Option<f64>, Option<u8>, &'a [f64], bool, &'a [String]);

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

    /// What the model is, in the order that `npm/wardian.js` takes apart: name, title, outcome, features, link, count
    /// of margins, of predictions, of trees, of splits, and the hash of the shipped model. Lists, because the names of
    /// an object's members would be written twice, here and for the compiler of JavaScript.
    pub fn describe(&self) -> JsResult<JsValue> {
        let (schema, forest) = (self.model.schema(), self.model.forest());
        let features: Vec<FeatureView<'_>> = schema
            .features()
            .iter()
            .map(|feature| {
                (
                    feature.name.as_str(),
                    feature.label.as_str(),
                    feature.unit.as_str(),
                    feature.description.as_str(),
                    feature.range.map(|(low, _)| low),
                    feature.range.map(|(_, high)| high),
                    feature.decimals,
                    feature.missing_codes.as_slice(),
                    feature.may_be_missing,
                    feature.categories.as_slice(),
                )
            })
            .collect();
        let view = (
            schema.name(),
            schema.title(),
            schema.outcome(),
            features,
            forest.link().name(),
            forest.output_count(),
            self.model.prediction_count(),
            forest.roots().len(),
            forest.split_count(),
            matches!(self.model, Cow::Borrowed(_)).then(diabetes_sha256),
        );
        Ok(serde_wasm_bindgen::to_value(&view)?)
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
    let object = js_sys::Error::new(&error.to_string());
    object.set_name("WardianError");
    // Setting a property of an object just made cannot fail.
    let _ = Reflect::set(&object, &"code".into(), &error.code().as_str().into());
    if let Some(field) = error.field() {
        let _ = Reflect::set(&object, &"field".into(), &field.into());
    }
    object.into()
}
