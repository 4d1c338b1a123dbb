//! XGBoost's model files, JSON and UBJSON, as versions 1.0 to 3.x write them.
//!
//! Read twice: first an outline with the names of what the file holds, so that what is not evaluated is refused by
//! name; then the whole, with no unknown key let through.

mod categories;
mod file;
mod gains;
mod objective;
mod rounds;
mod tree;

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use self::file::{Booster, File, Outline, Trees};
use self::objective::Objective;
use super::source::{self, Frame};
use super::{Options, ubjson};
use crate::error::{Error, Result, invalid, quoted, shown, unsupported};
use crate::forest::MAX_OUTPUTS;
use crate::model::Model;
use crate::schema::{Feature, MAX_FEATURES, Schema};

/// Reads a JSON file.
pub(super) fn read_json(bytes: &[u8], options: &Options) -> Result<Model> {
    let bytes = with_nulls(bytes);
    let facts = facts(&parse_json(&bytes)?)?;
    model(parse_json(&bytes)?, facts, options)
}

/// Reads a UBJSON file.
pub(super) fn read_ubjson(bytes: &[u8], options: &Options) -> Result<Model> {
    let facts = facts(&parse_ubjson(bytes)?)?;
    model(parse_ubjson(bytes)?, facts, options)
}

/// What each feature's splits gained, of a JSON file.
pub(super) fn gains_json(bytes: &[u8], options: &Options) -> Result<Option<Vec<f64>>> {
    let bytes = with_nulls(bytes);
    gains::gains(parse_json(&bytes)?, &facts(&parse_json(&bytes)?)?, options)
}

/// What each feature's splits gained, of a UBJSON file.
pub(super) fn gains_ubjson(bytes: &[u8], options: &Options) -> Result<Option<Vec<f64>>> {
    gains::gains(parse_ubjson(bytes)?, &facts(&parse_ubjson(bytes)?)?, options)
}

/// The same JSON with `null` for the words that XGBoost writes where JSON has none: `NaN` and `Infinity`.
fn with_nulls(bytes: &[u8]) -> Cow<'_, [u8]> {
    const WORDS: [&[u8]; 3] = [b"NaN", b"-Infinity", b"Infinity"];
    let mut replaced: Option<Vec<u8>> = None;
    let (mut copied, mut index, mut in_text) = (0, 0, false);
    while index < bytes.len() {
        let word = match bytes[index] {
            b'"' => {
                in_text = !in_text;
                None
            }
            b'\\' if in_text => {
                // Whatever is escaped ends no text.
                index += 1;
                None
            }
            b'N' | b'-' | b'I' if !in_text => WORDS.into_iter().find(|word| bytes[index..].starts_with(word)),
            _ => None,
        };
        let Some(word) = word else {
            index += 1;
            continue;
        };
        let out = replaced.get_or_insert_default();
        out.extend_from_slice(&bytes[copied..index]);
        out.extend_from_slice(b"null");
        index += word.len();
        copied = index;
    }
    match replaced {
        None => Cow::Borrowed(bytes),
        Some(mut out) => {
            out.extend_from_slice(&bytes[copied..]);
            Cow::Owned(out)
        }
    }
}

fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut source).map_err(placed)?;
    source.end().map_err(|error| invalid(format_args!("{error}")))?;
    Ok(value)
}

fn parse_ubjson<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut source = ubjson::Deserializer::new(bytes);
    let value = serde_path_to_error::deserialize(&mut source).map_err(|error| {
        let error = placed(error);
        // The reader's own errors say where they are; those of the types it fills do not.
        if error.message().starts_with("offset ") {
            error
        } else {
            invalid(format_args!("{} before offset {}", error, source.offset()))
        }
    })?;
    source.end().map_err(|error| invalid(format_args!("{error}")))?;
    Ok(value)
}

fn placed<E: std::fmt::Display>(error: serde_path_to_error::Error<E>) -> Error {
    let path = error.path().to_string();
    let message = error.inner().to_string();
    // serde goes on to list every field it knows.
    let message = match message.split_once(", expected one of") {
        Some((unknown, _)) => unknown,
        None => &message,
    };
    // Both repeat names that the file has made up.
    let error = invalid(format_args!("{}", shown(message)));
    if path == "." { error } else { error.at(format_args!("{}", shown(&path))) }
}

/// What the outline says: enough to refuse by name, and to read the rest by.
struct Facts {
    objective: Objective,
    feature_count: usize,
    base_margins: Vec<f32>,
}

fn facts(outline: &Outline) -> Result<Facts> {
    let version = outline.version.as_deref().unwrap_or(&[]);
    if !matches!(version.first(), None | Some(1..=3)) {
        return Err(unsupported(format_args!("the file was written by XGBoost {version:?}; versions 1 to 3 are read")));
    }
    let learner = &outline.learner;
    let booster = &learner.gradient_booster.name;
    if !["gbtree", "dart"].contains(&booster.as_str()) {
        return Err(unsupported(format_args!("the booster {} is not supported: it has no trees", quoted(booster))));
    }
    let objective = Objective::named(&learner.objective.name)?;
    let parameters = &learner.learner_model_param;
    let feature_count = parameter::<usize>("num_feature", &parameters.num_feature)?;
    if feature_count == 0 || feature_count > MAX_FEATURES {
        return Err(invalid(format_args!("num_feature is {feature_count}; a model has 1 to {MAX_FEATURES} features")));
    }
    let count = |name, text: &Option<String>| text.as_deref().map_or(Ok(1), |text| parameter::<usize>(name, text));
    let classes = count("num_class", &parameters.num_class)?.max(1);
    let targets = count("num_target", &parameters.num_target)?.max(1);
    if classes > 1 && targets > 1 {
        return Err(unsupported(format_args!("num_class={classes} with num_target={targets} is not supported")));
    }
    let outputs = classes.max(targets);
    if outputs > MAX_OUTPUTS {
        return Err(invalid(format_args!("{outputs} outputs; a model has 1 to {MAX_OUTPUTS}")));
    }
    let base_margins = objective.base_margins(&parameters.base_score, outputs, version)?;
    Ok(Facts { objective, feature_count, base_margins })
}

fn model(file: File, facts: Facts, options: &Options) -> Result<Model> {
    let learner = file.learner;
    let (mut trees, weights) = trees(learner.gradient_booster)?;
    rounds::keep(&mut trees, facts.base_margins.len(), &learner.attributes, options)?;
    let leaf_width = tree::leaf_width(&trees.trees, facts.base_margins.len())?;
    let mut source_trees = Vec::with_capacity(trees.trees.len());
    for (index, (tree, &output)) in trees.trees.into_iter().zip(&trees.tree_info).enumerate() {
        let tree =
            tree::source_tree(tree, leaf_width, output).map_err(|error| error.at(format_args!("tree {index}")))?;
        source_trees.push(tree);
    }
    if let Some(weights) = weights {
        tree::drop_out(&mut source_trees, &weights, &facts.base_margins, leaf_width)?;
    }
    let categories = categories::names(trees.cats.as_ref(), facts.feature_count)?;
    let frame = Frame {
        feature_count: facts.feature_count,
        leaf_width,
        base_margins: facts.base_margins,
        link: facts.objective.link(),
    };
    let schema = schema(learner.feature_names, categories, frame.feature_count)?;
    let (forest, leaf_covers) = source::forest(&source_trees, frame)?;
    super::with_covers(Model::new(schema, forest)?, leaf_covers)
}

/// The trees and, for `dart`, their weights: beside the trees' booster before version 3, among the trees since.
fn trees(booster: Booster) -> Result<(Trees, Option<Vec<f32>>)> {
    let (booster, outer) = match booster.gbtree {
        Some(inner) => (*inner, booster.weight_drop),
        None => (booster, None),
    };
    let Some(mut trees) = booster.model else {
        return Err(invalid(format_args!("learner.gradient_booster has no model")));
    };
    let weights = outer.or(trees.weight_drop.take());
    if let Some(weights) = &weights
        && weights.len() != trees.trees.len()
    {
        return Err(invalid(format_args!("weight_drop has {} entries for {} trees", weights.len(), trees.trees.len())));
    }
    Ok((trees, weights.map(|weights| weights.iter().map(|weight| weight.0).collect())))
}

fn schema(names: Vec<String>, categories: Vec<Vec<String>>, feature_count: usize) -> Result<Schema> {
    if !names.is_empty() && names.len() != feature_count {
        return Err(invalid(format_args!("feature_names has {} names; num_feature is {feature_count}", names.len())));
    }
    let names = if names.is_empty() { Schema::invented_names(feature_count) } else { names };
    let features = names
        .into_iter()
        .zip(categories)
        .map(|(name, categories)| Feature { categories, ..Feature::named(name) })
        .collect();
    Schema::new("", "", "", features)
}

/// A number that XGBoost keeps in a string.
fn parameter<T: std::str::FromStr>(name: &str, text: &str) -> Result<T> {
    text.trim().parse().map_err(|_| invalid(format_args!("{name} is {}, not a count", quoted(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_json_lacks_become_null_outside_texts() {
        let text = br#"{"NaN \" NaN":[NaN,-Infinity,1],"b":"Infinity"}"#;
        let expected = br#"{"NaN \" NaN":[null,null,1],"b":"Infinity"}"#;
        assert_eq!(with_nulls(text).as_ref(), expected);
        assert!(matches!(with_nulls(b"[1,-2]"), Cow::Borrowed(_)));
    }
}
