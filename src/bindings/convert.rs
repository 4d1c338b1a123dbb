//! The importers for JavaScript, a module of its own that is loaded by whoever has a trainer's file: the only file that
//! names `js_sys`.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::given::{self, thrown, wrong};
use crate::error::Result;
use crate::import::{self, CategoriesFrom, FileKind, Imported, schema_file};
use crate::numbers::Precision;

/// What may be asked of [`convert`].
struct Options {
    /// Names, units, ranges and missing codes of the inputs: the text of a `schema.json`.
    schema: Option<String>,
    /// Leave out what only explanations need.
    no_covers: bool,
    /// Keep the trees that were grown after the best round; the number that means "not measured" in every feature; where the training
    /// data's categories came from.
    asked: import::Options,
}

/// The options of an object; the script that calls this has refused those that are not known.
fn options(options: &JsValue) -> Result<Options> {
    let said = |key: &str| given::said(options, key);
    let truth = |key| said(key).map_or(Ok(false), |value| value.as_bool().ok_or_else(|| wrong(key)));
    let text = |key| said(key).map(|value| value.as_string().ok_or_else(|| wrong(key))).transpose();
    let missing = said("missing").map(|value| value.as_f64().ok_or_else(|| wrong("missing"))).transpose()?;
    let categories_from = match text("categoriesFrom")?.as_deref() {
        None => None,
        Some("pandas") => Some(CategoriesFrom::Pandas),
        Some("arrow") => Some(CategoriesFrom::Arrow),
        Some(_) => return Err(wrong("categoriesFrom")),
    };
    Ok(Options {
        schema: text("schema")?,
        no_covers: truth("noCovers")?,
        asked: import::Options { all_trees: truth("allTrees")?, missing, categories_from },
    })
}

fn read(bytes: &[u8], options: &Options) -> Result<Imported> {
    let Imported { model, notes, origin } = import::read_noting(bytes, &options.asked)?;
    let model = match &options.schema {
        Some(schema) => model.with_schema(schema_file::read(schema.as_bytes())?)?,
        None => model,
    };
    let model = if options.no_covers { model.without_covers() } else { model };
    Ok(Imported { model, notes, origin })
}

/// The `.wardian` bytes of a model in any supported file, what `wardian convert` writes; and behind them, each an item of its own,
/// what is to be known of how the file was read. Options are `schema` (the text of a
/// schema file), `allTrees`, `noCovers`, `missing` and `categoriesFrom`.
///
/// # Errors
/// An `Error` with the stable `code` of [`crate::Code`], and the `field` at fault where there is one.
#[wasm_bindgen]
pub fn convert(bytes: &[u8], options: JsValue) -> std::result::Result<Vec<JsValue>, JsValue> {
    let Imported { model, notes, .. } =
        self::options(&options).and_then(|options| read(bytes, &options)).map_err(|error| thrown(&error))?;
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
    let Imported { model, notes, .. } =
        self::options(&options).and_then(|options| read(bytes, &options)).map_err(|error| thrown(&error))?;
    let forest = model.forest();
    let description = Object::new();
    let say = |key: &str, value: JsValue| {
        // Setting a property of an object just made cannot fail.
        let _ = Reflect::set(&description, &key.into(), &value);
    };
    let list = |texts: &mut dyn Iterator<Item = &str>| JsValue::from(texts.map(JsValue::from).collect::<Array>());
    let count = |count: usize| JsValue::from(count as f64);
    say("kind", FileKind::of(bytes).map_err(|error| thrown(&error))?.name().into());
    say("features", list(&mut model.schema().features().iter().map(|feature| &*feature.name)));
    say("outputs", count(forest.output_count()));
    say("trees", count(forest.trees().len()));
    say("splits", count(forest.split_count()));
    say("depth", count(forest.depth()));
    say("link", forest.link_name().into());
    say("classes", list(&mut model.schema().classes().iter().map(|class| &**class)));
    say("bits", count(if forest.precision() == Precision::Double { 64 } else { 32 }));
    say("hasCovers", model.covers().is_some().into());
    // What was decided for the user, and what was never compared.
    say("notes", list(&mut notes.iter().map(|note| &**note)));
    Ok(description.into())
}
