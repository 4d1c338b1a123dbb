//! CatBoost's models: `.cbm` files and its JSON, as versions 0.2x to 1.2 write them.
//!
//! Both are read into a [`Content`] and made a model of here. Sums are of 64-bit floats, from 0 in tree order, then multiplied by a scale, and a
//! bias is added.

mod categories;
mod cbm;
mod columns;
mod info;
mod json;
mod loss;
#[cfg(test)]
mod tests;
mod trees;

use self::columns::Columns;
use self::info::Information;
use self::loss::{Answer, Loss};
use super::draft::{Draft, Labels};
use super::source::{Frame, SourceTree};
use super::{Options, Origin};
use crate::error::{Error, Result, invalid, unsupported};
use crate::finish::Finish;
use crate::forest::Base;
use crate::link::{Link, OtherLink};
use crate::narrowing::Input;
use crate::numbers::Precision;
use crate::schema::{Feature, Schema};

/// What a file holds, of either format.
struct Content {
    columns: Columns,
    /// The names of categories, which are the same in all columns of them; in the order of their codes.
    categories: Vec<String>,
    /// How many raw values a row has.
    dimension: usize,
    trees: Vec<SourceTree>,
    scale: f64,
    bias: Vec<f64>,
    information: Information,
}

/// Whether a JSON text, without white space before it, is one of CatBoost's: by its first key. Its keys are sorted.
pub(super) fn is_json(text: &[u8]) -> bool {
    let after_brace = text.strip_prefix(b"{").unwrap_or_default().trim_ascii_start();
    [&b"\"ctr_data\""[..], b"\"features_info\"", b"\"model_info\"", b"\"oblivious_trees\""]
        .into_iter()
        .any(|key| after_brace.starts_with(key))
}

/// Whether bytes are a `.cbm` file.
pub(super) fn is_cbm(bytes: &[u8]) -> bool {
    bytes.starts_with(cbm::BEGINNING)
}

/// Reads a `.cbm` file.
pub(super) fn read_cbm(bytes: &[u8], options: &Options) -> Result<Draft> {
    model(cbm::read(bytes)?, Vec::new(), options)
}

/// Reads a JSON file.
pub(super) fn read_json(bytes: &[u8], options: &Options) -> Result<Draft> {
    let note = "the answers are those of the numbers as the JSON file has them: CatBoost itself reads some of them off by the last bit";
    model(json::read(bytes)?, vec![note.to_owned()], options)
}

fn model(content: Content, mut notes: Vec<String>, options: &Options) -> Result<Draft> {
    let Content { columns, categories, dimension, trees, scale, bias, information } = content;
    if bias.len() != dimension {
        return Err(invalid(format_args!("{} biases, for {dimension} outputs", bias.len())));
    }
    if !scale.is_finite() {
        return Err(invalid(format_args!("the scale is {scale}")));
    }
    information.check_threshold()?;
    let loss = information.loss()?;
    let link = match loss {
        Some(loss) => link(loss, dimension)?,
        None => {
            notes.push(
                "the file does not say what the model was trained for, as of models that were summed: the answers are its raw values".to_owned(),
            );
            Link::Identity
        }
    };
    let classes = loss.map_or(Ok(Labels::default()), |loss| information.classes(loss, dimension))?;
    let mut inputs = vec![Input::Single; columns.count()];
    for column in columns.categorical() {
        inputs[column as usize] = Input::Whole;
    }
    let frame = Frame {
        feature_count: columns.count(),
        leaf_width: dimension,
        precision: Precision::Double,
        base_margins: bias,
        base: Base::Last,
        finish: Finish { scale, ..Finish::PLAIN },
        link,
        inputs,
        steps: Vec::new(),
    };
    let schema = classes.name(schema(&columns, &categories, options.missing, &mut notes)?)?;
    let origin = Origin::new("CatBoost", information.version(), loss.map_or("", Loss::name));
    Ok(Draft { trees, frame, schema, notes, origin })
}

fn link(loss: Loss, dimension: usize) -> Result<Link> {
    let (link, wanted) = match loss.answer() {
        Answer::Raw => (Link::Identity, None),
        Answer::Probability => (Link::Logistic, None),
        Answer::Softmax => (Link::Other(OtherLink::CatboostSoftmax), None),
        Answer::Exponential => (Link::Other(OtherLink::CatboostExponential), Some(1)),
        Answer::MeanAndVariance => (Link::Other(OtherLink::CatboostMeanAndVariance), Some(2)),
    };
    if wanted.is_some_and(|wanted| wanted != dimension) {
        return Err(invalid(format_args!("{dimension} outputs, of the loss function {}", loss.name())));
    }
    Ok(link)
}

fn schema(columns: &Columns, categories: &[String], missing: Option<f64>, notes: &mut Vec<String>) -> Result<Schema> {
    /// The most bytes of names, in all columns together.
    const MOST: usize = 1 << 25;
    let categorical: Vec<u32> = columns.categorical().collect();
    let names: usize = categories.iter().map(|name| name.len() + size_of::<String>()).sum();
    if names.saturating_mul(categorical.len()) > MOST {
        return Err(unsupported(format_args!(
            "{} categories in each of {} columns are more than is supported: train with fewer, or with numbers in their place",
            categories.len(),
            categorical.len()
        )));
    }
    let mut features: Vec<Feature> = columns.names().into_iter().map(Feature::named).collect();
    let missing = missing.filter(|missing| !missing.is_nan());
    for feature in &mut features {
        feature.missing_codes.extend(missing);
    }
    for &column in &categorical {
        features[column as usize].categories = categories.to_vec();
        // It is none that a split asks for.
        features[column as usize].takes_unseen = true;
    }
    if let Some(&first) = categorical.first() {
        let called = columns.called(first);
        notes.push(match categories {
            [] => format!("feature {called} is categorical, and no tree asks for it: leave it empty"),
            _ => format!(
                "feature {called} is categorical: every category of the training data is taken in every categorical column, as the file does not \
                 say of which it is; one that is missing is answered as one that no tree asks for, where CatBoost refuses the row"
            ),
        });
    }
    Schema::new("", "", "", features)
}

/// How many categories an error names.
const SOME: usize = 3;

/// The error of a model that asks for statistics of the target: of these categorical features, by their own indices.
fn uses_statistics(features: &[i32], columns: &Columns) -> Error {
    let called: Vec<String> = features.iter().map(|&index| columns.category_called(index)).collect();
    unsupported(format_args!(
        "the categorical feature {} is replaced by statistics of the target (CTR), which are not evaluated: train with one_hot_max_size as \
         large as its number of categories, or with numbers in its place",
        called.join(" with ")
    ))
}
