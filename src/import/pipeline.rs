//! scikit-learn's pipelines, folded into the trees of their last step: the model takes the raw rows, and costs no more.
//!
//! Every column that the last step sees is made of one raw column (`columns.rs`). Of a number nothing on its way ever falls where
//! it rises, so what a tree asks of the end is asked of the beginning by another threshold. Of a category it is a
//! number for each, so that a threshold is a set of categories (`fold.rs`). What mixes columns, or is no such step, is refused
//! by name.

mod columns;
mod encoders;
mod estimator;
mod features;
mod fold;
mod numbers;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use self::columns::{Column, Table};
use self::estimator::Estimator;
use super::draft::Draft;
use super::pickle::{Array, Id, Value, Values};
use super::{Options, pickled};
use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::schema::{MAX_FEATURES, Schema};

/// The class of a pipeline.
pub(super) const CLASS: &str = "sklearn.pipeline.Pipeline";

/// Reads a pipeline out of a file of so many bytes.
///
/// # Errors
/// `unsupported_model` for steps that cannot be folded, by name; as the reader of the last step.
pub(super) fn read(values: &Values, id: Id, options: &Options, bytes: usize) -> Result<Draft> {
    let pipeline = Pipeline::new(values, bytes);
    let note = version_note(values, id)?;
    let (transformers, last) = pipeline.flattened(id)?;
    // What the user says is missing is so in the raw columns.
    let mut draft = pickled::draft(values, last, &Options { missing: None, ..*options })?;
    draft.notes.extend(note);
    let raw = match transformers.iter().chain([&last]).find_map(|&id| pipeline.raw_columns(id, 0).transpose()) {
        Some(raw) => raw?,
        // All that comes before the model is passed through.
        None => Raw {
            count: draft.frame.feature_count,
            names: Some(draft.schema.features().iter().map(|feature| feature.name.clone()).collect()),
        },
    };
    let mut table = Table { columns: (0..raw.count).map(Column::raw).collect(), is_sparse: false };
    for &transformer in &transformers {
        table = pipeline.transformed(transformer, table, 0)?;
    }
    let zero_is_missing = table.is_sparse
        && values.class(last).is_some_and(|class| class.split('.').next().is_some_and(|module| module == "xgboost"));
    fold::folded(draft, table, raw, fold::Ways { zero_is_missing, missing: options.missing, bytes })
}

/// What the user should know of a pipeline by the version of scikit-learn that wrote it.
///
/// # Errors
/// `unsupported_model` for one whose steps were never compared.
fn version_note(values: &Values, id: Id) -> Result<Option<String>> {
    /// The versions 1.x whose pipelines were compared with ours.
    const COMPARED: std::ops::RangeInclusive<u32> = 2..=9;
    let said = values.attribute(id, "_sklearn_version")?.and_then(|said| values.text(said)).unwrap_or_default();
    let mut numbers = said.split('.').map(|number| number.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(1), Some(minor)) if COMPARED.contains(&minor) => Ok(None),
        (Some(1), Some(minor)) if minor > *COMPARED.end() => Ok(Some(format!(
            "the pipeline was written by scikit-learn 1.{minor}, whose pipelines Wardian was never compared with (1.2 to 1.{} were): \
             compare some answers yourself before you trust the rest",
            COMPARED.end()
        ))),
        _ => Err(unsupported(format_args!(
            "the pipeline was written by scikit-learn {}; pipelines of 1.2 and later are read",
            quoted(said)
        ))),
    }
}

/// The columns that a pipeline is given.
struct Raw {
    count: usize,
    /// Their names, unless the pipeline was fitted to an array.
    names: Option<Vec<String>>,
}

/// How deep pipelines, unions and tables may be in each other.
const MOST_NESTED: usize = 16;

/// What is left of what any file may ask for.
struct Pipeline<'p, 'a> {
    values: &'p Values<'a>,
    /// How many more columns may come to steps: a file can name the same step again and again.
    work: Cell<usize>,
    categories: Cell<usize>,
}

/// Checks how many columns there are.
fn check_columns(count: usize) -> Result<()> {
    match count {
        ..=MAX_FEATURES => Ok(()),
        _ => Err(unsupported(format_args!("a step has more than {MAX_FEATURES} columns"))),
    }
}

impl<'p, 'a> Pipeline<'p, 'a> {
    fn new(values: &'p Values<'a>, bytes: usize) -> Self {
        const WORK: usize = 1 << 21;
        const FEW_CATEGORIES: usize = 1 << 16;
        Self { values, work: Cell::new(WORK), categories: Cell::new(FEW_CATEGORIES + bytes / 2) }
    }

    /// The steps before the last, and the last, which may be a pipeline itself.
    fn flattened(&self, id: Id) -> Result<(Vec<Id>, Id)> {
        let mut transformers = Vec::new();
        let mut last = id;
        for _ in 0..MOST_NESTED {
            if self.values.class(last).as_deref() != Some(CLASS) {
                break;
            }
            let steps = self.steps_of(last)?;
            let Some((&end, before)) = steps.split_last() else {
                return Err(invalid(format_args!("the pipeline has no steps")));
            };
            transformers.extend(before);
            last = end;
        }
        match self.values.text(last) {
            Some(text) => Err(unsupported(format_args!(
                "the pipeline ends with {}: only one that ends with a model of trees is read",
                quoted(text)
            ))),
            None => Ok((transformers, last)),
        }
    }

    /// The steps of a pipeline.
    fn steps_of(&self, id: Id) -> Result<Vec<Id>> {
        let estimator = Estimator { values: self.values, id };
        estimator.none("transform_input")?;
        let step = |&step: &Id| match self.values.sequence(step) {
            Some(&[_, step]) => Ok(step),
            _ => Err(invalid(format_args!("a step of the pipeline is {}", self.values.described(step)))),
        };
        estimator.sequence("steps")?.iter().map(step).collect()
    }

    /// The raw columns, if a step, or one in it, was fitted to them and so knows them.
    fn raw_columns(&self, id: Id, depth: usize) -> Result<Option<Raw>> {
        let values = self.values;
        self.pay(1, depth)?;
        let estimator = Estimator { values, id };
        if let Some(count) = estimator.attribute("n_features_in_")? {
            let count = values.integer(count).and_then(|count| usize::try_from(count).ok());
            let count = count.filter(|count| (1..=MAX_FEATURES).contains(count));
            let count = count.ok_or_else(|| invalid(format_args!("n_features_in_ is no count of columns")))?;
            let names = match estimator.attribute("feature_names_in_")? {
                None => None,
                Some(_) => estimator.array("feature_names_in_")?.names(values).filter(|names| names.len() == count),
            };
            return Ok(Some(Raw { count, names }));
        }
        // Feature unions, and pipelines, have no columns of their own.
        let within = match (estimator.attribute("steps")?, estimator.attribute("transformer_list")?) {
            (Some(list), _) | (None, Some(list)) => values.sequence(list).unwrap_or_default(),
            (None, None) => return Ok(None),
        };
        let mut members = within.iter().filter_map(|&step| values.sequence(step).and_then(|step| step.get(1).copied()));
        members.find_map(|id| self.raw_columns(id, depth + 1).transpose()).transpose()
    }

    /// Pays for a step to which so many columns come.
    fn pay(&self, columns: usize, depth: usize) -> Result<()> {
        match self.work.get().checked_sub(1 + columns) {
            Some(left) if depth < MOST_NESTED => self.work.set(left),
            _ => {
                return Err(unsupported(format_args!(
                    "the pipeline has more steps, one in the other, than are supported"
                )));
            }
        }
        Ok(())
    }

    /// What a step makes of the columns that come to it.
    fn transformed(&self, id: Id, table: Table, depth: usize) -> Result<Table> {
        self.pay(table.columns.len(), depth)?;
        let estimator = Estimator { values: self.values, id };
        match self.values.text(id) {
            Some("passthrough") => return Ok(table),
            Some(text) => return Err(unsupported(format_args!("the step {} is not supported", quoted(text)))),
            None if self.values.is_none(id) => return Ok(table),
            None => {}
        }
        let name = estimator.name();
        let at = |error: Error| error.at(format_args!("{name}"));
        let Some(class) = self.values.class(id).filter(|class| class.starts_with("sklearn.")) else {
            return Err(refused(&estimator));
        };
        estimator.takes(table.columns.len()).map_err(at)?;
        match class.rsplit('.').next().unwrap_or_default() {
            "Pipeline" => {
                let steps = self.steps_of(id).map_err(at)?;
                return steps.into_iter().try_fold(table, |table, step| self.transformed(step, table, depth + 1));
            }
            "ColumnTransformer" => return self.of_columns(&estimator, &table, depth),
            "FeatureUnion" => return self.united(&estimator, &table, depth),
            "SimpleImputer" => numbers::imputer(&estimator, table),
            "StandardScaler" => numbers::standard_scaler(&estimator, table),
            "MinMaxScaler" => numbers::range_scaler(&estimator, table),
            "RobustScaler" => numbers::robust_scaler(&estimator, table),
            "MaxAbsScaler" => numbers::largest_scaler(&estimator, table),
            "OneHotEncoder" => encoders::one_hot(&estimator, table, &self.categories),
            "OrdinalEncoder" => encoders::ordinal(&estimator, table, &self.categories),
            // What "passthrough" is since 1.5.
            "FunctionTransformer" if estimator.attribute("func")?.is_none() => Ok(table),
            _ => return Err(refused(&estimator)),
        }
        .map_err(at)
    }

    /// A `ColumnTransformer`: other steps for other columns, and what they make side by side.
    fn of_columns(&self, estimator: &Estimator, table: &Table, depth: usize) -> Result<Table> {
        const INDICES: &str = "_transformer_to_input_indices";
        estimator.none("transformer_weights")?;
        let indices = estimator.required(INDICES)?;
        let mut columns = Vec::new();
        for &transformer in estimator.sequence("transformers_")? {
            let Some(&[name, step, _]) = self.values.sequence(transformer) else {
                return Err(invalid(format_args!("transformers_ has what is no name, step and columns")));
            };
            let text = self.values.text(name).unwrap_or_default();
            let own = self.values.entry(indices, text)?;
            let own = own.ok_or_else(|| invalid(format_args!("{INDICES} says nothing of {}", quoted(text))))?;
            if self.values.text(step) == Some("drop") {
                continue;
            }
            let own =
                self.places(own, table.columns.len()).map_err(|error| error.at(format_args!("{}", quoted(text))))?;
            // Such a step is never fitted.
            if own.is_empty() {
                continue;
            }
            let own = own.into_iter().map(|place| table.columns[place].clone()).collect();
            let own = Table { columns: own, is_sparse: table.is_sparse };
            let made = self.transformed(step, own, depth + 1).map_err(|error| match depth {
                0 => error.at(format_args!("{}", quoted(text))),
                // Errors are a line, however deep the tables are in each other.
                _ => error,
            })?;
            check_columns(columns.len() + made.columns.len())?;
            columns.extend(made.columns);
        }
        Ok(Table { columns, is_sparse: estimator.flag("sparse_output_")? })
    }

    /// Columns by their places.
    fn places(&self, id: Id, count: usize) -> Result<Vec<usize>> {
        let places: Option<Vec<i64>> = match self.values.sequence(id) {
            Some(places) => places.iter().map(|&place| self.values.integer(place)).collect(),
            None => Array::of(self.values, id)?.and_then(|places| places.integers()),
        };
        let place = |place: i64| usize::try_from(place).ok().filter(|&place| place < count);
        let places: Option<Vec<usize>> = places.and_then(|places| places.into_iter().map(place).collect());
        let places =
            places.ok_or_else(|| invalid(format_args!("its columns are not among the {count} that come to it")))?;
        check_columns(places.len())?;
        Ok(places)
    }

    /// A `FeatureUnion`: other steps for the same columns, and what they make side by side.
    fn united(&self, estimator: &Estimator, table: &Table, depth: usize) -> Result<Table> {
        estimator.none("transformer_weights")?;
        let mut united = Table { columns: Vec::new(), is_sparse: false };
        for &transformer in estimator.sequence("transformer_list")? {
            let Some(&[_, step]) = self.values.sequence(transformer) else {
                return Err(invalid(format_args!("transformer_list has what is no name and step")));
            };
            if self.values.text(step) == Some("drop") {
                continue;
            }
            let made = self.transformed(step, table.clone(), depth + 1)?;
            check_columns(united.columns.len() + made.columns.len())?;
            united.columns.extend(made.columns);
            united.is_sparse |= made.is_sparse;
        }
        Ok(united)
    }
}

/// Why a step is not folded, and what to do.
fn refused(estimator: &Estimator) -> Error {
    let values = estimator.values;
    let what = match values.get(estimator.id) {
        Value::Object { .. } => values.class(estimator.id).unwrap_or_default(),
        _ => values.described(estimator.id),
    };
    unsupported(format_args!(
        "the step {} cannot be folded into the trees, as imputers, scalers, encoders and tables of these are: save the model by itself \
         (pipeline[-1]), and give it what the steps before make of a row",
        crate::error::shown(&what)
    ))
}

/// The names of the raw columns.
fn names(raw: &Raw) -> Vec<String> {
    raw.names.clone().unwrap_or_else(|| Schema::invented_names(raw.count))
}
