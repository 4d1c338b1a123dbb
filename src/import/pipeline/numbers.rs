//! Steps on numbers: what fills missing values, and what scales.

use std::rc::Rc;

use super::columns::{Column, Source, Step, Table};
use super::estimator::{Estimator, is_nan};
use crate::error::{Result, invalid, quoted, unsupported};
use crate::import::pickle::{Array, Id, Values};

/// What fills a column's missing values.
enum Statistic {
    Number(f64),
    Text(Rc<str>),
}

/// `SimpleImputer`.
pub(super) fn imputer(estimator: &Estimator, table: Table) -> Result<Table> {
    refuse_sparse(estimator, &table)?;
    check_width(estimator)?;
    let missing = missing_values(estimator)?;
    let statistics = statistics(estimator, table.columns.len())?;
    let keeps_empty = estimator.flag("keep_empty_features")?;
    let indicated = indicated(estimator, table.columns.len())?;
    let mut columns = Vec::with_capacity(table.columns.len());
    let mut indicators = Vec::with_capacity(indicated.len());
    for (index, (mut column, statistic)) in table.columns.into_iter().zip(statistics).enumerate() {
        let place = |error: crate::Error| error.at(format_args!("column {index}"));
        if let Some(code) = missing {
            is_missing_in(&mut column, code).map_err(place)?;
        }
        let is_indicated = indicated.binary_search(&index).is_ok();
        if is_indicated {
            if matches!(statistic, Statistic::Text(_)) || column.filled.is_some() {
                return Err(place(unsupported(format_args!(
                    "add_indicator beside texts is not supported: fill them with a text of their own (strategy=\"constant\")"
                ))));
            }
            let mut indicator = column.clone();
            indicator.then(Step::IsMissing).map_err(place)?;
            indicators.push(indicator);
        }
        match statistic {
            // All its values were missing in training.
            Statistic::Number(number) if number.is_nan() && !keeps_empty => continue,
            Statistic::Number(number) if number.is_infinite() => {
                return Err(place(invalid(format_args!("it is filled with {number:?}"))));
            }
            Statistic::Number(number) => column.then(Step::Fill(number)).map_err(place)?,
            Statistic::Text(text) => {
                if !matches!(column.source, Source::Value) || !column.steps.is_empty() {
                    return Err(place(unsupported(format_args!("numbers are filled with the text {}", quoted(&text)))));
                }
                // What was filled before is not missing any more.
                column.filled.get_or_insert(text);
            }
        }
        columns.push(column);
    }
    columns.append(&mut indicators);
    Ok(Table { columns, is_sparse: false })
}

/// The number that is missing beside NaN, if there is one.
fn missing_values(estimator: &Estimator) -> Result<Option<f64>> {
    const NAME: &str = "missing_values";
    let values = estimator.values;
    let Some(said) = estimator.attribute(NAME)? else { return Ok(None) };
    if is_nan(values, said) {
        return Ok(None);
    }
    match values.number(said) {
        Some(code) if code.is_nan() => Ok(None),
        // Rows are asked for it in 32 bits, too.
        Some(code) if f64::from(code as f32) == code && code.is_finite() => Ok(Some(code)),
        Some(code) => Err(unsupported(format_args!(
            "{NAME} is {code:?}, which is no 32-bit float: put NaN in its place, before the pipeline and in rows"
        ))),
        None => Err(unsupported(format_args!(
            "{NAME} is {}: texts that stand for what is missing are not supported; put nan in their place before the pipeline",
            values.described(said)
        ))),
    }
}

/// Makes a number missing in a column.
fn is_missing_in(column: &mut Column, code: f64) -> Result<()> {
    if !matches!(column.source, Source::Value) || !column.steps.is_empty() || column.filled.is_some() {
        return Err(unsupported(format_args!(
            "missing_values is {code:?} after another step: only as the first step of a column is it supported"
        )));
    }
    match column.missing_code {
        Some(other) if other != code => {
            Err(unsupported(format_args!("missing_values is {code:?}, and {other:?} in an earlier step")))
        }
        _ => {
            column.missing_code = Some(code);
            Ok(())
        }
    }
}

/// What fills each column.
fn statistics(estimator: &Estimator, count: usize) -> Result<Vec<Statistic>> {
    const NAME: &str = "statistics_";
    let strategy = estimator.text("strategy")?;
    if !["mean", "median", "most_frequent", "constant"].contains(&strategy) {
        return Err(unsupported(format_args!("the strategy {} is not supported", quoted(strategy))));
    }
    let array = estimator.array(NAME)?;
    let values = estimator.values;
    let statistics: Option<Vec<Statistic>> = match (array.objects(), array.numbers()) {
        (Some(objects), _) => objects.into_iter().map(|id| statistic(values, id)).collect(),
        (None, Some(numbers)) => Some(numbers.into_iter().map(Statistic::Number).collect()),
        (None, None) => {
            array.names(values).map(|names| names.into_iter().map(|name| Statistic::Text(name.into())).collect())
        }
    };
    match statistics {
        Some(statistics) if statistics.len() == count => Ok(statistics),
        Some(statistics) => {
            Err(invalid(format_args!("{NAME} fills {} columns, and {count} come to it", statistics.len())))
        }
        None => Err(unsupported(format_args!("{NAME} has what is neither number nor text"))),
    }
}

fn statistic(values: &Values, id: Id) -> Option<Statistic> {
    match (values.text(id), values.boolean(id)) {
        (Some(text), _) => Some(Statistic::Text(text.into())),
        // Encoders have truth values as categories; as numbers they are not read.
        (None, Some(value)) => Some(Statistic::Text(if value { "True" } else { "False" }.into())),
        (None, None) => values.number(id).map(Statistic::Number),
    }
}

/// The columns beside which it says whether they were missing, ascending.
fn indicated(estimator: &Estimator, count: usize) -> Result<Vec<usize>> {
    if !estimator.flag("add_indicator")? {
        return Ok(Vec::new());
    }
    let indicator = estimator.required("indicator_")?;
    let features = estimator.values.required(indicator, "features_")?;
    let features = Array::of(estimator.values, features)?.and_then(|features| features.integers());
    let features: Option<Vec<usize>> = features.and_then(|features| {
        features.into_iter().map(|feature| usize::try_from(feature).ok().filter(|&feature| feature < count)).collect()
    });
    let features = features.filter(|features| features.windows(2).all(|pair| pair[0] < pair[1]));
    features.ok_or_else(|| invalid(format_args!("indicator_ is of columns that do not exist, or in no order")))
}

/// That it was not fitted to 32-bit floats: then its statistics, and all that follows, would be rounded to these.
fn check_width(estimator: &Estimator) -> Result<()> {
    let Some(dtype) = estimator.attribute("_fit_dtype")? else { return Ok(()) };
    let code = estimator.values.call(dtype, &["numpy.dtype"]).and_then(|code| estimator.values.text(*code.first()?));
    match code {
        Some("f2" | "f4") => Err(unsupported(format_args!(
            "it was fitted to 32-bit floats: fit the pipeline to 64-bit ones, in which rows are answered"
        ))),
        _ => Ok(()),
    }
}

/// scikit-learn multiplies by what it would divide by, where zeros are not written.
fn refuse_sparse(estimator: &Estimator, table: &Table) -> Result<()> {
    match table.is_sparse {
        false => Ok(()),
        true => Err(unsupported(format_args!(
            "{} after a sparse matrix is not supported: set sparse_output=False in the encoder, and sparse_threshold=0 in the \
             ColumnTransformer",
            estimator.name()
        ))),
    }
}

/// What a scaler does to a column's numbers.
fn scaled(table: Table, steps: impl Fn(usize) -> Result<Vec<Step>>) -> Result<Table> {
    let mut table = table;
    if !table.columns.is_empty() && table.columns.iter().all(|column| column.is_single) {
        return Err(unsupported(format_args!(
            "it computes in 32-bit floats, as the encoder before it has dtype=float32: leave that float64"
        )));
    }
    for (index, column) in table.columns.iter_mut().enumerate() {
        let steps = steps(index).map_err(|error| error.at(format_args!("column {index}")))?;
        if column.filled.is_some() {
            return Err(unsupported(format_args!("texts are scaled")).at(format_args!("column {index}")));
        }
        column.is_single = false;
        for step in steps {
            column.then(step)?;
        }
    }
    Ok(table)
}

/// The steps with these numbers, if they are numbers, and what scales is above 0.
fn checked(steps: Vec<Step>) -> Result<Vec<Step>> {
    let is_nan = |step: &Step| match *step {
        Step::Subtract(other) | Step::Add(other) | Step::Divide(other) | Step::Multiply(other) => other.is_nan(),
        _ => false,
    };
    if steps.iter().any(is_nan) {
        return Ok(vec![Step::Lose]);
    }
    for step in &steps {
        match *step {
            Step::Subtract(other) | Step::Add(other) if other.is_infinite() => {
                return Err(invalid(format_args!("it is moved by {other:?}")));
            }
            Step::Divide(other) | Step::Multiply(other) if !(other > 0.0 && other.is_finite()) => {
                return Err(unsupported(format_args!(
                    "it is scaled by {other:?}, and only numbers above 0 are supported"
                )));
            }
            Step::Clip(low, high) if low.is_nan() || high.is_nan() || low >= high => {
                return Err(invalid(format_args!("it is clipped to {low:?} and {high:?}, which do not ascend")));
            }
            _ => {}
        }
    }
    Ok(steps)
}

/// `StandardScaler`, `RobustScaler` and `MaxAbsScaler`: what is taken away, and what is divided by.
fn moved_and_divided(
    estimator: &Estimator,
    table: Table,
    (moves, center): (bool, &str),
    divides: bool,
    limits: Option<(f64, f64)>,
) -> Result<Table> {
    refuse_sparse(estimator, &table)?;
    let count = table.columns.len();
    let required = |wanted: bool, name: &str| -> Result<Option<Vec<f64>>> {
        match wanted {
            false => Ok(None),
            true => match estimator.numbers(name, count)? {
                Some(numbers) => Ok(Some(numbers)),
                None => Err(invalid(format_args!("it has no {name}"))),
            },
        }
    };
    let (center, scale) = (required(moves, center)?, required(divides, "scale_")?);
    scaled(table, |index| {
        let mut steps: Vec<Step> = center.iter().map(|center| Step::Subtract(center[index])).collect();
        steps.extend(scale.iter().map(|scale| Step::Divide(scale[index])));
        steps.extend(limits.map(|(low, high)| Step::Clip(low, high)));
        checked(steps)
    })
}

pub(super) fn standard_scaler(estimator: &Estimator, table: Table) -> Result<Table> {
    let (mean, deviation) = (estimator.flag("with_mean")?, estimator.flag("with_std")?);
    moved_and_divided(estimator, table, (mean, "mean_"), deviation, None)
}

pub(super) fn robust_scaler(estimator: &Estimator, table: Table) -> Result<Table> {
    let (centering, scaling) = (estimator.flag("with_centering")?, estimator.flag("with_scaling")?);
    moved_and_divided(estimator, table, (centering, "center_"), scaling, None)
}

pub(super) fn largest_scaler(estimator: &Estimator, table: Table) -> Result<Table> {
    let limits = estimator.flag("clip")?.then_some((-1.0, 1.0));
    moved_and_divided(estimator, table, (false, ""), true, limits)
}

/// `MinMaxScaler`.
pub(super) fn range_scaler(estimator: &Estimator, table: Table) -> Result<Table> {
    refuse_sparse(estimator, &table)?;
    let count = table.columns.len();
    let lacks = |name: &str| invalid(format_args!("it has no {name}"));
    let scale = estimator.numbers("scale_", count)?.ok_or_else(|| lacks("scale_"))?;
    let least = estimator.numbers("min_", count)?.ok_or_else(|| lacks("min_"))?;
    let clip = match estimator.flag("clip")? {
        false => None,
        true => {
            let range = estimator.sequence("feature_range")?;
            let range: Option<Vec<f64>> = range.iter().map(|&end| estimator.values.number(end)).collect();
            match range.as_deref() {
                Some(&[low, high]) => Some(Step::Clip(low, high)),
                _ => return Err(invalid(format_args!("feature_range is not two numbers"))),
            }
        }
    };
    scaled(table, |index| {
        let mut steps = vec![Step::Multiply(scale[index]), Step::Add(least[index])];
        steps.extend(clip);
        checked(steps)
    })
}
