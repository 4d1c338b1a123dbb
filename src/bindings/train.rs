//! Training for JavaScript, a module of its own: what `wardian train` does between reading a file and writing one. The studio loads it
//! in a worker. A file comes in parts, and training goes on a tree at a time: so a page can say how far it is, and is stopped by ending
//! the worker.
//!
//! ```text
//! const looking = new Looking(start, isWhole, options);      // then again and again:
//! looking.add(bytes, isLast);
//! const look = looking.finish();                             // look.told(): { columns, rows, notes }
//! const reading = new Reading(look, start, isWhole, options, asked);
//! reading.add(bytes, isLast);
//! const table = reading.finish();                            // table.told(): { rows, features, isBinary, leftOut, … }
//! const validation = new CrossValidation(table, options, folds);
//! while (validation.step() < validation.trees) post(validation.done)
//! const validated = validation.finish();                     // { folds, figures, answers, labels, foldOf }
//! const training = new Training(table, options);
//! while (training.step() < training.trees) post(training.done)
//! const bytes = training.finish();                           // a .wardian file, with covers
//! ```

use std::rc::Rc;

use js_sys::{Array, Float32Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::given::{said, thrown, wrong};
use crate::error::Result;
use crate::format;
use crate::rows;
use crate::train::{self, Asked, FoldFigures, Table};

type Answer<T> = std::result::Result<T, JsValue>;

/// `gbdt` makes a generator of random numbers for each split, to choose among features, and asks it nothing where all are looked at:
/// which is always here. A module without a system has no random numbers to begin it with.
#[cfg(target_arch = "wasm32")]
fn nothing_random(bytes: &mut [u8]) -> std::result::Result<(), getrandom::Error> {
    bytes.fill(0);
    Ok(())
}
#[cfg(target_arch = "wasm32")]
getrandom::register_custom_getrandom!(nothing_random);

/// A look at a file.
#[wasm_bindgen]
pub struct Looking(train::Looking);

#[wasm_bindgen]
impl Looking {
    /// Of a file that begins so (256 KB tell enough); `is_whole` tells whether that is all of it. Options are those of `wardian train` by
    /// name, as `[["decimal", ","], …]`: delimiter, decimal, thousands, encoding, skip, missing-text.
    ///
    /// # Errors
    /// An `Error` with the stable `code` of [`crate::Code`], and the `field` at fault where there is one; as of all here.
    #[wasm_bindgen(constructor)]
    pub fn new(start: &[u8], is_whole: bool, options: &Array) -> Answer<Self> {
        let read = || train::Looking::new(start, is_whole, &reading(options)?);
        read().map(Self).map_err(|error| thrown(&error))
    }

    /// The file's next bytes, from its first on; `last` tells that no more come.
    ///
    /// # Errors
    /// Those of its rows.
    pub fn add(&mut self, bytes: &[u8], last: bool) -> Answer<()> {
        self.0.add(bytes, last).map_err(|error| thrown(&error))
    }

    /// What was seen.
    ///
    /// # Errors
    /// For a file without a row.
    pub fn finish(self) -> Answer<Look> {
        self.0.finish().map(Look).map_err(|error| thrown(&error))
    }
}

/// What was seen of a file.
#[wasm_bindgen]
pub struct Look(train::Look);

#[wasm_bindgen]
impl Look {
    /// `{ rows, notes, columns: [{ name, place, kind, label, missing, distinct, choices, range, texts, text, zeros, taken, whyNot }], few }`.
    /// `few` is `few` or `very_few` of a table of so few rows that it has to be said.
    pub fn told(&self) -> Answer<JsValue> {
        let mut said = serde_json::to_value(&self.0).unwrap_or_default();
        for (column, said) in self.0.columns.iter().zip(said["columns"].as_array_mut().into_iter().flatten()) {
            said["taken"] = column.is_taken().into();
            said["whyNot"] = column.why_not().into();
        }
        said["few"] = serde_json::to_value(self.0.few()).unwrap_or_default();
        js_sys::JSON::parse(&said.to_string())
    }
}

/// Rows that are being read.
#[wasm_bindgen]
pub struct Reading(train::Reading);

#[wasm_bindgen]
impl Reading {
    /// The rows of a file that was looked at. `asked` is `{ label, positive?, without?: names }`.
    ///
    /// # Errors
    /// For a label that is none, and where no feature is left.
    #[wasm_bindgen(constructor)]
    pub fn new(look: &Look, start: &[u8], is_whole: bool, options: &Array, asked: &JsValue) -> Answer<Self> {
        let read = || train::Reading::new(&look.0, start, is_whole, &reading(options)?, &self::asked(asked)?);
        read().map(Self).map_err(|error| thrown(&error))
    }

    /// As of [`Looking`].
    ///
    /// # Errors
    /// Those of its rows.
    pub fn add(&mut self, bytes: &[u8], last: bool) -> Answer<()> {
        self.0.add(bytes, last).map_err(|error| thrown(&error))
    }

    /// The rows.
    ///
    /// # Errors
    /// For features that cannot be.
    pub fn finish(self) -> Answer<Rows> {
        self.0.finish().map(|table| Rows(Rc::new(table))).map_err(|error| thrown(&error))
    }
}

/// Rows to train on.
#[wasm_bindgen]
pub struct Rows(Rc<Table>);

#[wasm_bindgen]
impl Rows {
    /// `{ rows, features: names, isBinary, classes: names, outcome, share (of ones, or the mean), leftOut: [[name, why]] }`.
    pub fn told(&self) -> Answer<JsValue> {
        let table = &self.0;
        let sum: f64 = table.labels().iter().map(|&label| f64::from(label)).sum();
        let schema = table.schema();
        let names: Vec<&str> = schema.features().iter().map(|feature| &*feature.name).collect();
        let said = serde_json::json!({
            "rows": table.row_count(),
            "features": names,
            "isBinary": table.is_binary(),
            "classes": schema.classes(),
            "outcome": schema.outcome(),
            "share": sum / table.row_count() as f64,
            "leftOut": table.left_out(),
        });
        js_sys::JSON::parse(&said.to_string())
    }
}

/// Training that goes on a tree at a time.
#[wasm_bindgen]
pub struct Training(train::Training<Rc<Table>>);

#[wasm_bindgen]
impl Training {
    /// On all rows. Options are `{ trees?, depth?, shrinkage?, smallestLeaf? }`.
    ///
    /// # Errors
    /// For rows that nothing is to be learnt of, and options out of range.
    #[wasm_bindgen(constructor)]
    pub fn new(rows: &Rows, options: &JsValue) -> Answer<Self> {
        let start = || train::Training::new(rows.0.clone(), &growing(options)?);
        start().map(Self).map_err(|error| thrown(&error))
    }

    /// How many trees there will be.
    #[wasm_bindgen(getter)]
    pub fn trees(&self) -> usize {
        self.0.trees()
    }

    /// Grows the next tree; how many there are then.
    ///
    /// # Errors
    /// For a tree that is none.
    pub fn step(&mut self) -> Answer<usize> {
        self.0.step().map_err(|error| thrown(&error))
    }

    /// The bytes of a `.wardian` file, covers and all.
    ///
    /// # Errors
    /// For trees that are no model.
    pub fn finish(self) -> Answer<Uint8Array> {
        self.0.finish().map(|model| Uint8Array::from(&*format::write(&model))).map_err(|error| thrown(&error))
    }
}

/// A cross-validation that goes on a tree at a time.
#[wasm_bindgen]
pub struct CrossValidation(train::CrossValidation<Rc<Table>>, Rc<Table>);

#[wasm_bindgen]
impl CrossValidation {
    /// With so many folds; options as of [`Training`].
    ///
    /// # Errors
    /// As of [`Training`], and for more folds than there are rows.
    #[wasm_bindgen(constructor)]
    pub fn new(rows: &Rows, options: &JsValue, folds: usize) -> Answer<Self> {
        let start = || train::CrossValidation::new(rows.0.clone(), &growing(options)?, folds);
        start().map(|validation| Self(validation, rows.0.clone())).map_err(|error| thrown(&error))
    }

    /// How many trees there will be, of all folds.
    #[wasm_bindgen(getter)]
    pub fn trees(&self) -> usize {
        self.0.trees()
    }

    /// Grows the next tree; how many there are then.
    ///
    /// # Errors
    /// For a tree that is none.
    pub fn step(&mut self) -> Answer<usize> {
        self.0.step().map_err(|error| thrown(&error))
    }

    /// `{ isBinary, folds: [{ rows, … }], figures: { auc: { mean, spread, baseline }, brier | rmse, explained }, answers, labels, foldOf }`:
    /// figures of each fold, their means and standard deviations, and beside them what the mean label alone gives; and for each row
    /// the answer of the model that was not trained on it.
    pub fn finish(self) -> Answer<JsValue> {
        let (validated, table) = (self.0.finish(), self.1);
        type Figure = (&'static str, fn(&FoldFigures) -> f64, fn(&FoldFigures) -> f64);
        let figures: &[Figure] = if validated.is_binary {
            &[("auc", |fold| fold.auc, |_| 0.5), ("brier", |fold| fold.error, |fold| fold.baseline)]
        } else {
            &[("rmse", |fold| fold.error, |fold| fold.baseline), ("explained", |fold| fold.explained, |_| 0.0)]
        };
        let folds: Vec<serde_json::Value> = validated
            .folds
            .iter()
            .map(|fold| {
                let mut said = serde_json::json!({ "rows": fold.rows });
                figures.iter().for_each(|(name, figure, _)| said[*name] = figure(fold).into());
                said
            })
            .collect();
        let mut summary = serde_json::json!({});
        for (name, figure, baseline) in figures {
            let (mean, spread) = validated.spread(figure);
            let baseline = validated.spread(baseline).0;
            summary[*name] = serde_json::json!({ "mean": mean, "spread": spread, "baseline": baseline });
        }
        let said = serde_json::json!({ "isBinary": validated.is_binary, "folds": folds, "figures": summary });
        let out = js_sys::JSON::parse(&said.to_string())?;
        Reflect::set(&out, &"answers".into(), &Float32Array::from(&*validated.answers))?;
        Reflect::set(&out, &"labels".into(), &Float32Array::from(table.labels()))?;
        Reflect::set(&out, &"foldOf".into(), &Uint8Array::from(&*validated.fold_of))?;
        Ok(out)
    }
}

/// How a file is read, where it does not say.
fn reading(given: &Array) -> Result<rows::Options> {
    let mut options = rows::Options::new();
    for pair in given.iter() {
        let pair = Array::from(&pair);
        let text = |place: u32| pair.get(place).as_string().ok_or_else(|| wrong("options"));
        options.set(&text(0)?, &text(1)?)?;
    }
    Ok(options)
}

fn asked(given: &JsValue) -> Result<Asked> {
    let text = |key: &str| said(given, key).map(|value| value.as_string().ok_or_else(|| wrong(key))).transpose();
    let without = said(given, "without").map_or_else(Array::new, |names| Array::from(&names));
    let without = without.iter().map(|name| name.as_string().ok_or_else(|| wrong("without"))).collect::<Result<_>>()?;
    let label = text("label")?.ok_or_else(|| wrong("label"))?;
    Ok(Asked { label, positive: text("positive")?, without, known: None })
}

fn growing(given: &JsValue) -> Result<train::Options> {
    let number = |key: &str, usual: f64| match said(given, key) {
        Some(value) => value.as_f64().filter(|number| number.is_finite()).ok_or_else(|| wrong(key)),
        None => Ok(usual),
    };
    let usual = train::Options::default();
    Ok(train::Options {
        trees: number("trees", usual.trees as f64)? as usize,
        depth: number("depth", usual.depth.into())? as u32,
        shrinkage: number("shrinkage", usual.shrinkage.into())? as f32,
        smallest_leaf: number("smallestLeaf", usual.smallest_leaf as f64)? as usize,
    })
}
