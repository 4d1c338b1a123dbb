//! Trainers' files → [`Model`]. The format is found from the bytes, never from a file's name; anything that a file
//! holds and Wardian does not evaluate is refused by name, never guessed.

mod catboost;
mod decimal;
mod draft;
mod elementary;
mod flatbuffer;
mod foreign;
mod lightgbm;
mod onnx;
mod packed;
mod pickle;
mod pickled;
mod pipeline;
mod protobuf;
mod reader;
pub mod schema_file;
mod sklearn;
mod skops;
pub(crate) mod source;
mod xgboost;

use crate::error::{Code, Error, Result};
use crate::format;
use crate::model::Model;
#[cfg(feature = "seal")]
pub(crate) use foreign::Foreign;

#[cfg(feature = "train")]
pub(crate) use elementary::log as natural_logarithm;

/// What kind of file some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// Our own format.
    Wardian,
    /// XGBoost's JSON.
    XgboostJson,
    /// XGBoost's UBJSON, its default since 2.1.
    XgboostUbjson,
    /// LightGBM's text, as `save_model` writes it.
    LightgbmText,
    /// LightGBM's `dump_model()` as JSON.
    LightgbmJson,
    /// CatBoost's `.cbm`.
    CatboostCbm,
    /// CatBoost's JSON.
    CatboostJson,
    /// ONNX, of one tree ensemble.
    Onnx,
    /// A Python pickle, plain or joblib's: of scikit-learn's estimators, or of what holds another trainer's model.
    Pickle,
    /// skops' zip, of the same estimators.
    Skops,
}

impl FileKind {
    /// The kind of a file from its first bytes; of one that is packed with gzip or zlib, that of what is packed.
    ///
    /// # Errors
    /// `unsupported_model`, naming the format where it is a known one.
    pub fn of(bytes: &[u8]) -> Result<Self> {
        /// Enough to know any file by.
        const BEGINNING: usize = 4096;
        Self::of_plain(&packed::beginning(bytes, BEGINNING)?)
    }

    fn of_plain(bytes: &[u8]) -> Result<Self> {
        if format::recognises(bytes) {
            return Ok(Self::Wardian);
        }
        if catboost::is_cbm(bytes) {
            return Ok(Self::CatboostCbm);
        }
        if onnx::recognises(bytes) {
            return Ok(Self::Onnx);
        }
        if skops::recognises(bytes) {
            return Ok(Self::Skops);
        }
        let first = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
        match first.map(|first| &bytes[first..]) {
            None => Err(Error::new(Code::InvalidModel, format_args!("the file is empty"))),
            Some(rest) => {
                if let Some(foreign) = foreign::what(bytes, rest) {
                    return Err(Error::new(Code::UnsupportedModel, format_args!("{}", foreign.what)));
                }
                match rest {
                    // In JSON a key or the end follows the brace; in UBJSON the marker of the key's length.
                    [b'{', marker, ..] if b"iUIlL$#".contains(marker) => Ok(Self::XgboostUbjson),
                    _ if lightgbm::is_text(rest) => Ok(Self::LightgbmText),
                    _ if lightgbm::is_json(rest) => Ok(Self::LightgbmJson),
                    _ if catboost::is_json(rest) => Ok(Self::CatboostJson),
                    [b'{', ..] => Ok(Self::XgboostJson),
                    _ if pickled::recognises(bytes) => Ok(Self::Pickle),
                    _ => Err(Error::new(
                        Code::UnsupportedModel,
                        format_args!(
                            "the file is none of the supported models: .wardian, XGBoost, LightGBM, CatBoost, ONNX, a pickle of these or of \
                             scikit-learn's, or a file of skops"
                        ),
                    )),
                }
            }
        }
    }

    /// What a file is that is known and no model, by its first bytes, and whether it is no file of rows either.
    #[cfg(feature = "seal")]
    pub(crate) fn foreign(start: &[u8]) -> Option<(Foreign, bool)> {
        const ENOUGH: usize = 8192;
        let start = packed::beginning(start, ENOUGH).unwrap_or(start.into());
        let foreign = foreign::what(&start, start.trim_ascii_start())?;
        Some((foreign, foreign.is_no_rows(&start)))
    }

    /// The format's name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wardian => "Wardian",
            Self::XgboostJson => "XGBoost JSON",
            Self::XgboostUbjson => "XGBoost UBJSON",
            Self::LightgbmText => "LightGBM",
            Self::LightgbmJson => "LightGBM JSON",
            Self::CatboostCbm => "CatBoost",
            Self::CatboostJson => "CatBoost JSON",
            Self::Onnx => "ONNX",
            Self::Pickle => "Python pickle",
            Self::Skops => "skops",
        }
    }
}

/// The model in any supported file. Time and memory are linear in `bytes`.
///
/// # Errors
/// `unsupported_model` for what is not evaluated, by name; `invalid_model` for what is broken, naming the place.
pub fn read(bytes: &[u8]) -> Result<Model> {
    read_with(bytes, &Options::default())
}

/// The model with the covers of its leaves, where the file has them and there is anything to need them.
fn with_covers(model: Model, leaf_covers: Option<Vec<f32>>) -> Result<Model> {
    #[cfg(feature = "explain")]
    if let Some(leaves) = leaf_covers {
        return model.with_covers(leaves);
    }
    #[cfg(not(feature = "explain"))]
    drop(leaf_covers);
    Ok(model)
}

/// What may be asked of an importer. Of a `.wardian` file only `missing`, beside what it has: all else is decided in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Keep the trees that were grown after the best round. Without it a model that was stopped early predicts with
    /// the rounds up to its best one, as XGBoost's scikit-learn wrapper does.
    pub all_trees: bool,
    /// The value that stands for a missing one in every feature, beside `NaN`: XGBoost's `missing=`, which most files do not
    /// say. `NaN` for none, also where the file says one.
    pub missing: Option<f64>,
    /// Where the categories of the training data came from, for the files in which that decides what their names are.
    pub categories_from: Option<CategoriesFrom>,
}

/// Where the categories of training data came from. XGBoost 3.1 to 3.3 write names that are not ASCII otherwise for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategoriesFrom {
    /// A pandas data frame.
    Pandas,
    /// Polars, pyarrow or anything else in Arrow's layout.
    Arrow,
}

/// A model, and what its user should know of how the file was read.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The model.
    pub model: Model,
    /// What was decided for the user, and what was never compared: a sentence each, of no fixed wording.
    pub notes: Vec<String>,
    /// Where the model comes from.
    pub origin: Origin,
}

/// Where a model comes from, as far as its file says; a `.wardian` file says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The trainer's name: `XGBoost`. Empty where the file does not say.
    pub trainer: String,
    /// The trainer's version: `3.2.0`. Empty where the file does not say.
    pub version: String,
    /// What the model was trained for, in the trainer's words: `binary:logistic`, `poisson`, `IsolationForest`.
    pub objective: String,
}

impl Origin {
    pub(crate) fn new(trainer: &str, version: impl Into<String>, objective: impl Into<String>) -> Self {
        Self { trainer: trainer.to_owned(), version: version.into(), objective: objective.into() }
    }

    /// Name and version: `XGBoost 3.2.0`; empty where the file does not say.
    pub fn name(&self) -> String {
        format!("{} {}", self.trainer, self.version).trim().to_owned()
    }
}

/// As [`read`], with options.
///
/// # Errors
/// As [`read`].
pub fn read_with(bytes: &[u8], options: &Options) -> Result<Model> {
    read_noting(bytes, options).map(|imported| imported.model)
}

/// As [`read_with`], with what the user should know.
///
/// # Errors
/// As [`read`].
pub fn read_noting(bytes: &[u8], options: &Options) -> Result<Imported> {
    let bytes = &*packed::plain(bytes)?;
    let kind = FileKind::of_plain(bytes)?;
    if kind == FileKind::XgboostJson && foreign::is_no_xgboosts(bytes) {
        return Err(Error::new(Code::UnsupportedModel, format_args!("{}", foreign::OTHER_JSON)));
    }
    match kind {
        FileKind::Wardian => {
            let model = format::read(bytes)?;
            let model = match options.missing.filter(|missing| !missing.is_nan()) {
                Some(missing) => model.with_missing_code(missing)?,
                None => model,
            };
            Ok(Imported { model, notes: Vec::new(), origin: Origin::default() })
        }
        FileKind::XgboostJson => xgboost::read_json(bytes, options)?.imported(),
        FileKind::XgboostUbjson => xgboost::read_ubjson(bytes, options)?.imported(),
        FileKind::LightgbmText => lightgbm::read_text(bytes, options)?.imported(),
        FileKind::LightgbmJson => lightgbm::read_json(bytes, options)?.imported(),
        FileKind::CatboostCbm => catboost::read_cbm(bytes, options)?.imported(),
        FileKind::CatboostJson => catboost::read_json(bytes, options)?.imported(),
        FileKind::Onnx => onnx::read(bytes, options),
        FileKind::Pickle => pickled::read(bytes, options),
        FileKind::Skops => skops::read(bytes, options),
    }
}

/// What gzip or zlib have packed; other bytes as they are.
///
/// # Errors
/// As [`read`], of a file that is packed.
#[cfg(feature = "seal")]
pub(crate) fn unpacked(bytes: &[u8]) -> Result<Vec<u8>> {
    packed::plain(bytes).map(std::borrow::Cow::into_owned)
}

/// The bytes of a file that is `.wardian`, unpacked; none for one of another kind.
///
/// # Errors
/// As [`read`], of a file that is packed.
#[cfg(feature = "case")]
pub(crate) fn own_bytes(bytes: &[u8]) -> Result<Option<Vec<u8>>> {
    let bytes = packed::plain(bytes)?;
    Ok(format::recognises(&bytes).then(|| bytes.into_owned()))
}

/// What Python would have imported, and could have called, if it had loaded this pickle: `module.name`, sorted. Nothing is
/// imported or called here.
///
/// # Errors
/// `unsupported_model` for a file that is no pickle; `invalid_model` for one that is broken.
pub fn pickle_globals(bytes: &[u8]) -> Result<Vec<String>> {
    let bytes = &*packed::plain(bytes)?;
    match FileKind::of_plain(bytes)? {
        FileKind::Pickle => pickled::globals(bytes),
        other => Err(Error::new(Code::UnsupportedModel, format_args!("the file is {}, and no pickle", other.name()))),
    }
}

/// The sum of what each feature's splits gained in training, in feature order: XGBoost's importance of the type
/// `total_gain`, of the trees that [`read_with`] keeps. `None` where the file does not say; a `.wardian` file never does.
///
/// # Errors
/// As [`read`].
pub fn gains(bytes: &[u8], options: &Options) -> Result<Option<Vec<f64>>> {
    // Whatever is wrong with the trees is said by the one that checks them.
    read_with(bytes, options)?;
    let bytes = &*packed::plain(bytes)?;
    match FileKind::of_plain(bytes)? {
        FileKind::XgboostJson => xgboost::gains_json(bytes, options),
        FileKind::XgboostUbjson => xgboost::gains_ubjson(bytes, options),
        // Others' files say it too; nobody has compared it yet.
        _ => Ok(None),
    }
}
