//! Models in Python's pickles: whose they are, and where in them the model is.
//!
//! scikit-learn's estimators are read out of the values themselves. Those of the other trainers hold their own model file, as bytes
//! or text, which is handed to its reader.

mod booster;

use super::draft::{Draft, Labels};
use super::pickle::{Array, Id, Pickle, Value, Values};
use super::{Imported, Options, catboost, lightgbm, pipeline, sklearn};
use crate::error::{Error, Result, invalid, quoted, shown, unsupported};
use crate::forest::MAX_OUTPUTS;
use crate::link::Link;

/// Whether these bytes are a pickle: by the mark that they begin with since protocol 2, or as protocol 0 and 1 begin.
pub(super) fn recognises(bytes: &[u8]) -> bool {
    matches!(bytes, [0x80, 2..=15, ..]) || matches!(bytes, [b'c' | b'(', ..] if is_text_pickle(bytes))
}

/// Whether these are a pickle's opcodes of protocol 0, which are text: brackets of tuples, then a module's name and a class's, a
/// line each.
fn is_text_pickle(text: &[u8]) -> bool {
    let begins = text.iter().position(|&byte| byte != b'(').unwrap_or(0);
    let mut lines = text[begins..].split(|&byte| byte == b'\n');
    let is_name = |line: &[u8]| {
        !line.is_empty() && line.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
    };
    let module = lines.next().and_then(|line| line.strip_prefix(b"c"));
    module.is_some_and(is_name) && lines.next().is_some_and(is_name)
}

/// Reads the model that a pickle is.
///
/// # Errors
/// `unsupported_model` for what is none, by the name of what it is.
pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Imported> {
    let pickle = Pickle::read(bytes).map_err(|error| error.at(format_args!("the pickle")))?;
    of_values(&pickle.values, pickle.root, options, bytes.len())
}

/// Reads the model that a value is, of a file of so many bytes.
///
/// # Errors
/// As [`read`].
pub(super) fn of_values(values: &Values, root: Id, options: &Options, bytes: usize) -> Result<Imported> {
    if values.class(root).as_deref() == Some(pipeline::CLASS) {
        return pipeline::read(values, root, options, bytes)?.imported();
    }
    draft(values, root, options)?.imported()
}

/// The model that a value of a pickle is.
///
/// # Errors
/// As [`read`].
pub(super) fn draft(values: &Values, id: Id, options: &Options) -> Result<Draft> {
    let class = values.class(id).unwrap_or_default();
    match class.split('.').next().unwrap_or_default() {
        "sklearn" => sklearn::read(values, id, options),
        "xgboost" => xgboost(values, id, &class, options),
        "lightgbm" => lightgbm(values, id, &class, options),
        "catboost" => catboost(values, id, &class, options),
        _ => Err(refused(values, id, &class)),
    }
}

/// What a pickle would have imported, and could have called.
///
/// # Errors
/// As [`read`], for what is no pickle.
pub(super) fn globals(bytes: &[u8]) -> Result<Vec<String>> {
    Pickle::read(bytes).map(|pickle| pickle.globals())
}

/// Why what a pickle holds is not read, and what to do.
fn refused(values: &Values, root: Id, class: &str) -> Error {
    if let Value::Dictionary(entries) = values.get(root) {
        /// As many keys are named.
        const SOME: usize = 5;
        let keys = entries.iter().filter_map(|(key, _)| values.text(*key).map(quoted)).take(SOME).collect::<Vec<_>>();
        let keys = keys.join(", ");
        let model =
            entries.iter().find_map(|&(key, value)| Some((quoted(values.text(key)?), model_class(values, value)?)));
        return match model {
            Some((key, class)) => held("a dictionary (", &format!("{keys})"), &class, &key),
            None => unsupported(format_args!(
                "the pickle is a dictionary ({keys}), and no model; save the model in it by itself"
            )),
        };
    }
    if let Some(items) = values.sequence(root)
        && let Some((place, class)) =
            items.iter().enumerate().find_map(|(place, &item)| Some((place, model_class(values, item)?)))
    {
        return held("", &values.described(root), &class, &place.to_string());
    }
    if class.is_empty() {
        return unsupported(format_args!(
            "the pickle is {}, and no model; save the model by itself",
            values.described(root)
        ));
    }
    unsupported(format_args!(
        "the pickle is of the class {}, which is not read: of pickles, models of scikit-learn, XGBoost, LightGBM and \
         CatBoost are",
        shown(class)
    ))
}

/// The class of a value that is a model of a trainer that is read; a scaler or an encoder beside it is none.
fn model_class(values: &Values, id: Id) -> Option<String> {
    const BEGINNINGS: [&str; 3] = ["xgboost.", "lightgbm.", "catboost."];
    let is_model = |class: &String| {
        class == pipeline::CLASS || sklearn::is_read(class) || BEGINNINGS.iter().any(|start| class.starts_with(start))
    };
    values.class(id).filter(is_model)
}

/// That a model is within something else.
fn held(before: &str, what: &str, class: &str, key: &str) -> Error {
    unsupported(format_args!(
        "the pickle is {before}{what}, and no model: {} is in it, which can be saved by itself: joblib.dump(loaded[{key}], \
         \"model.joblib\")",
        shown(class)
    ))
}

/// The error of a model that was saved before it was fitted; it has none of `what` fitting gives.
pub(super) fn unfitted(model: &str, what: &str) -> Error {
    let model = if model.is_empty() { String::new() } else { format!("{model}: ") };
    invalid(format_args!("{model}the model was not fitted: call fit first, then save it (it has no {what})"))
}

/// An estimator or booster of XGBoost.
fn xgboost(values: &Values, root: Id, class: &str, options: &Options) -> Result<Draft> {
    const TRAINER: Trainer = Trainer { booster: "xgboost.core.Booster", wrappers: "xgboost.sklearn.XGB" };
    let (booster, is_wrapper) = TRAINER.booster(values, root, class)?;
    let handle = values.required(booster, "handle")?;
    let Some(handle) = values.bytes(handle)? else {
        return Err(invalid(format_args!("the booster's handle is {}, not its bytes", values.described(handle))));
    };
    let (options, note) = match is_wrapper {
        true => with_missing(values, root, options)?,
        false => (*options, None),
    };
    let mut draft = booster::read(&handle, &options)?;
    draft.notes.extend(note);
    // Several outputs of one question each, yes or no, are no classes of which a row has one: as many as there are labels they may be.
    let (outputs, link) = (draft.frame.base_margins.len(), draft.frame.link);
    if outputs > 1 && !matches!(link, Link::Softmax | Link::Class) {
        return Ok(draft);
    }
    Ok(draft.with_classes(classes(values, root)?))
}

/// An estimator or booster of LightGBM.
fn lightgbm(values: &Values, root: Id, class: &str, options: &Options) -> Result<Draft> {
    const TRAINER: Trainer = Trainer { booster: "lightgbm.basic.Booster", wrappers: "lightgbm.sklearn.LGBM" };
    let (booster, _) = TRAINER.booster(values, root, class)?;
    // Before version 4 it has no underscore.
    let text = match values.attribute(booster, "_handle")? {
        Some(text) => text,
        None => values.required(booster, "handle")?,
    };
    let Some(text) = values.text(text) else {
        return Err(invalid(format_args!(
            "the booster's handle is {}, not the text of its model",
            values.described(text)
        )));
    };
    // -1 and 0 are of a training that was not stopped.
    let best = values.attribute(booster, "best_iteration")?.and_then(|best| values.integer(best));
    let best = best.and_then(|best| usize::try_from(best).ok()).filter(|&best| best > 0);
    let draft = lightgbm::read_best(text.as_bytes(), best, options)?;
    // Of a classifier with an objective of its user's own LightGBM gives the raw scores, and no labels.
    if draft.frame.link == Link::Identity {
        return Ok(draft);
    }
    Ok(draft.with_classes(classes(values, root)?))
}

/// An estimator of CatBoost, whose state has the model's file; the names of classes are in it.
fn catboost(values: &Values, root: Id, class: &str, options: &Options) -> Result<Draft> {
    const NAMES: &str = "catboost.core.CatBoost";
    if !class.starts_with(NAMES) {
        return Err(refused(values, root, class));
    }
    let Some(file) = values.attribute(root, "__model")? else {
        return Err(unfitted(&shown(class), "model"));
    };
    match values.bytes(file)? {
        Some(file) => catboost::read_cbm(&file, options),
        None => Err(invalid(format_args!("its model is {}, not bytes", values.described(file)))),
    }
}

/// Whose classes are read: a booster, and estimators that hold one.
struct Trainer {
    booster: &'static str,
    /// How the names of estimators begin.
    wrappers: &'static str,
}

impl Trainer {
    /// The booster of an estimator, or itself; and whether it is an estimator's.
    fn booster(&self, values: &Values, root: Id, class: &str) -> Result<(Id, bool)> {
        if class == self.booster {
            return Ok((root, false));
        }
        if !class.starts_with(self.wrappers) {
            return Err(refused(values, root, class));
        }
        let booster = values.attribute(root, "_Booster")?.filter(|&booster| !values.is_none(booster));
        match booster {
            None => Err(unfitted(&shown(class), "booster")),
            Some(booster) if values.class(booster).as_deref() == Some(self.booster) => Ok((booster, true)),
            Some(booster) => Err(unsupported(format_args!(
                "the booster of {} is {}, which is not read",
                shown(class),
                values.described(booster)
            ))),
        }
    }
}

/// The names of an estimator's classes, as many as are known.
fn classes(values: &Values, estimator: Id) -> Result<Labels> {
    for name in ["classes_", "_classes"] {
        if let Some(classes) = values.attribute(estimator, name)? {
            return labels(values, classes);
        }
    }
    if let Some(encoder) = values.attribute(estimator, "_le")?
        && let Some(classes) = values.attribute(encoder, "classes_")?
    {
        return labels(values, classes);
    }
    // XGBoost's are counted since 1.6.
    let count = values.attribute(estimator, "n_classes_")?.and_then(|count| values.integer(count));
    let names = (0..count.unwrap_or(0).clamp(0, MAX_OUTPUTS as i64)).map(|class| class.to_string()).collect();
    Ok(Labels { names, are_texts: false })
}

fn labels(values: &Values, classes: Id) -> Result<Labels> {
    Ok(Array::of(values, classes)?.and_then(|classes| classes.labels(values)).unwrap_or_default())
}

/// The options with the value that the wrapper takes for missing, where none was said.
fn with_missing(values: &Values, wrapper: Id, options: &Options) -> Result<(Options, Option<String>)> {
    if options.missing.is_some() {
        return Ok((*options, None));
    }
    let said = values.attribute(wrapper, "missing")?.filter(|&said| !values.is_none(said));
    let Some(said) = said else { return Ok((*options, None)) };
    let Some(missing) = values.number(said) else {
        return Err(unsupported(format_args!(
            "the wrapper takes {} for missing, which is no number",
            values.described(said)
        )));
    };
    if missing.is_nan() {
        return Ok((*options, None));
    }
    if missing.is_infinite() {
        return Err(unsupported(format_args!("the wrapper takes {missing} for missing: rows have no infinite values")));
    }
    let note = format!(
        "{missing} is taken for missing in every feature, as the wrapper in the pickle does (otherwise: --missing, missing in \
         JavaScript)"
    );
    Ok((Options { missing: Some(missing), ..*options }, Some(note)))
}
