//! The importers for JavaScript, a module of its own that is loaded by whoever has a trainer's file: the only file that
//! names `js_sys` and `serde_wasm_bindgen`.

use js_sys::{Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};
use crate::import::{self, FileKind, Imported, schema_file};
use crate::numbers::Precision;

/// What may be asked of [`convert`].
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Options {
    /// Names, units, ranges and missing codes of the inputs: the text of a `schema.json`.
    schema: Option<String>,
    /// Keep the trees that were grown after the best round.
    all_trees: bool,
    /// Leave out what only explanations need.
    no_covers: bool,
    /// The number that means "not measured" in every feature.
    missing: Option<f64>,
    /// Where the training data's categories came from.
    categories_from: Option<CategoriesFrom>,
}

/// As [`import::CategoriesFrom`].
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum CategoriesFrom {
    Pandas,
    Arrow,
}

/// What [`inspect`] says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Description<'a> {
    kind: &'a str,
    features: Vec<&'a str>,
    outputs: usize,
    trees: usize,
    splits: usize,
    depth: usize,
    link: &'a str,
    classes: &'a [String],
    bits: u32,
    has_covers: bool,
    /// What was decided for the user, and what was never compared.
    notes: Vec<String>,
}

fn options(given: JsValue) -> std::result::Result<Options, JsValue> {
    Ok(if given.is_undefined() { Options::default() } else { serde_wasm_bindgen::from_value(given)? })
}

fn read(bytes: &[u8], options: &Options) -> Result<Imported> {
    let asked = import::Options {
        all_trees: options.all_trees,
        missing: options.missing,
        categories_from: options.categories_from.map(|from| match from {
            CategoriesFrom::Pandas => import::CategoriesFrom::Pandas,
            CategoriesFrom::Arrow => import::CategoriesFrom::Arrow,
        }),
    };
    let Imported { model, notes } = import::read_noting(bytes, &asked)?;
    let model = match &options.schema {
        Some(schema) => model.with_schema(schema_file::read(schema.as_bytes())?)?,
        None => model,
    };
    let model = if options.no_covers { model.without_covers() } else { model };
    Ok(Imported { model, notes })
}

/// The `.wardian` bytes of a model in any supported file, what `wardian convert` writes; and behind them, each an item of its own,
/// what is to be known of how the file was read. Options are `schema` (the text of a
/// schema file), `allTrees`, `noCovers`, `missing` and `categoriesFrom`.
///
/// # Errors
/// An `Error` with the stable `code` of [`crate::Code`], and the `field` at fault where there is one.
#[wasm_bindgen]
pub fn convert(bytes: &[u8], options: JsValue) -> std::result::Result<Vec<JsValue>, JsValue> {
    let options = self::options(options)?;
    let Imported { model, notes } = read(bytes, &options).map_err(thrown)?;
    let written = Uint8Array::from(crate::format::write(&model).as_slice());
    Ok([written.into()].into_iter().chain(notes.into_iter().map(JsValue::from)).collect())
}

/// What is in a model's file: its kind, features, outputs, trees, splits, depth, link, whether it can be explained, and
/// what is to be known of how it was read. Options as of [`convert`].
///
/// # Errors
/// As [`convert`].
#[wasm_bindgen]
pub fn inspect(bytes: &[u8], options: JsValue) -> std::result::Result<JsValue, JsValue> {
    let options = self::options(options)?;
    let Imported { model, notes } = read(bytes, &options).map_err(thrown)?;
    let forest = model.forest();
    let description = Description {
        kind: FileKind::of(bytes).map_err(thrown)?.name(),
        features: model.schema().features().iter().map(|feature| feature.name.as_str()).collect(),
        outputs: forest.output_count(),
        trees: forest.trees().len(),
        splits: forest.split_count(),
        depth: forest.depth(),
        link: forest.link().name(),
        classes: model.schema().classes(),
        bits: match forest.precision() {
            Precision::Single => 32,
            Precision::Double => 64,
        },
        has_covers: model.covers().is_some(),
        notes,
    };
    Ok(serde_wasm_bindgen::to_value(&description)?)
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
