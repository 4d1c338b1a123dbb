//! Models in Python's pickles: whose they are, and where in them the model is.
//!
//! scikit-learn's estimators are read out of the values themselves. Those of the other trainers hold their own model file, as bytes
//! or text, which is handed to its reader.

mod booster;

use super::pickle::{Id, Pickle, Value, Values};
use super::{Imported, Options, sklearn};
use crate::error::{Error, Result, invalid, quoted, shown, unsupported};

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
    let values = &pickle.values;
    let class = values.class(pickle.root).unwrap_or_default();
    match class.split('.').next().unwrap_or_default() {
        "sklearn" => sklearn::read(&pickle, options),
        "xgboost" => xgboost(values, pickle.root, &class, options),
        _ => Err(refused(values, pickle.root, &class)),
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
        return unsupported(format_args!(
            "the pickle is a dictionary ({}), and no model; save the model in it by itself",
            keys.join(", ")
        ));
    }
    if class.is_empty() {
        return unsupported(format_args!("the pickle is {}, and no model; save the model by itself", values.described(root)));
    }
    unsupported(format_args!(
        "the pickle is of the class {}, which is not read: of pickles, models of scikit-learn and XGBoost are",
        quoted(class)
    ))
}

/// An estimator or booster of XGBoost.
fn xgboost(values: &Values, root: Id, class: &str, options: &Options) -> Result<Imported> {
    const BOOSTER: &str = "xgboost.core.Booster";
    let name = class.rsplit('.').next().unwrap_or_default();
    let is_wrapper = class.strip_prefix("xgboost.sklearn.").is_some_and(|name| name.starts_with("XGB"));
    let booster = match is_wrapper {
        true => values.attribute(root, "_Booster")?.filter(|&booster| !values.is_none(booster)),
        false => Some(root),
    };
    let Some(booster) = booster else {
        return Err(invalid(format_args!("it was never fitted: it has no booster")).at(format_args!("{}", shown(name))));
    };
    if values.class(booster).as_deref() != Some(BOOSTER) {
        return Err(refused(values, booster, class));
    }
    let handle = values.required(booster, "handle")?;
    let Some(handle) = values.bytes(handle)? else {
        return Err(invalid(format_args!("the booster's handle is {}, not its bytes", values.described(handle))));
    };
    let (options, note) = match is_wrapper {
        true => with_missing(values, root, options)?,
        false => (*options, None),
    };
    let mut imported = booster::read(&handle, &options)?;
    imported.notes.extend(note);
    Ok(imported)
}

/// The options with the value that the wrapper takes for missing, where none was said.
fn with_missing(values: &Values, wrapper: Id, options: &Options) -> Result<(Options, Option<String>)> {
    if options.missing.is_some() {
        return Ok((*options, None));
    }
    let said = values.attribute(wrapper, "missing")?.filter(|&said| !values.is_none(said));
    let Some(said) = said else { return Ok((*options, None)) };
    let Some(missing) = values.number(said) else {
        return Err(unsupported(format_args!("the wrapper takes {} for missing, which is no number", values.described(said))));
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
