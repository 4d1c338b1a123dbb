//! XGBoost's model files, JSON and UBJSON, as versions 1.0 to 3.x write them.
//!
//! Read twice: first an outline with the names of what the file holds, so that what is not evaluated is refused by
//! name; then the whole, with no unknown key let through.

mod attributes;
mod categories;
mod file;
mod gains;
mod objective;
mod rounds;
mod tree;
mod version;

use std::borrow::Cow;

use self::attributes::Attributes;
use self::file::{Booster, BoosterOutline, File, Outline, Trees};
use self::objective::Objective;
use self::version::Version;
use super::draft::Draft;
use super::reader::Reader;
use super::reader::take::{Fill, whole_file};
use super::source::Frame;
use super::{Options, Origin};
use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::forest::MAX_OUTPUTS;
use crate::schema::{Feature, MAX_FEATURES, Schema};

/// Reads a JSON file.
pub(super) fn read_json(bytes: &[u8], options: &Options) -> Result<Draft> {
    let bytes = with_nulls(bytes);
    let facts = facts(&parse_json(&bytes)?)?;
    model(parse_json(&bytes)?, facts, options)
}

/// Reads a UBJSON file.
pub(super) fn read_ubjson(bytes: &[u8], options: &Options) -> Result<Draft> {
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

fn parse_json<T: Fill + Default>(bytes: &[u8]) -> Result<T> {
    whole_file(Reader::json(bytes))
}

fn parse_ubjson<T: Fill + Default>(bytes: &[u8]) -> Result<T> {
    whole_file(Reader::ubjson(bytes))
}

/// What the outline says: enough to refuse by name, and to read the rest by.
struct Facts {
    version: Version,
    objective: Objective,
    feature_count: usize,
    base_margins: Vec<f32>,
    origin: Origin,
}

fn facts(outline: &Outline) -> Result<Facts> {
    let version = Version::of(outline.version.as_deref())?;
    let learner = &outline.learner;
    let booster = &learner.gradient_booster.name;
    if !["gbtree", "dart"].contains(&booster.as_str()) {
        return Err(unsupported(format_args!("the booster {} is not supported: it has no trees", quoted(booster))));
    }
    let objective = Objective::named(&learner.objective.name, version)?;
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
    // What a booster has that was never trained, whatever its file says.
    const UNFITTED_BASE: f32 = 0.5;
    let is_unfitted = version.takes_unfitted_base_for_margin()
        && parameters.boost_from_average.as_deref() == Some("1")
        && tree_count(&learner.gradient_booster)? == 0;
    let base_margins = if is_unfitted {
        vec![UNFITTED_BASE; outputs]
    } else {
        objective.base_margins(&parameters.base_score, outputs, version)?
    };
    let numbers: Vec<String> = outline.version.iter().flatten().map(i64::to_string).collect();
    let origin = Origin::new("XGBoost", numbers.join("."), &learner.objective.name);
    Ok(Facts { version, objective, feature_count, base_margins, origin })
}

/// How many trees the file says it has.
fn tree_count(booster: &BoosterOutline) -> Result<usize> {
    let inner = booster.gbtree.as_deref().unwrap_or(booster);
    let trees = inner.model.as_ref().and_then(|model| model.gbtree_model_param.as_ref()).ok_or_else(no_trees)?;
    parameter("num_trees", &trees.num_trees)
}

fn no_trees() -> Error {
    invalid(format_args!("learner.gradient_booster has no model"))
}

fn model(file: File, facts: Facts, options: &Options) -> Result<Draft> {
    let Facts { version, objective, feature_count, base_margins, origin } = facts;
    let mut notes: Vec<String> = version.note().into_iter().collect();
    let learner = file.learner;
    let (mut trees, weights) = trees(learner.gradient_booster)?;
    let output_count = base_margins.len();
    if let Some((kept, rounds)) = rounds::keep(&mut trees, output_count, &learner.attributes, version, options)? {
        notes.push(format!(
            "training was stopped early: {kept} of {rounds} rounds are kept, those up to the best, as XGBoost's scikit-learn \
             wrapper does (all: --all-trees, allTrees in JavaScript)"
        ));
    }
    let leaf_width = tree::leaf_width(&trees.trees, output_count)?;
    let mut source_trees = Vec::with_capacity(trees.trees.len());
    for (index, (tree, &output)) in trees.trees.into_iter().zip(&trees.tree_info).enumerate() {
        let tree = tree::source_tree(tree, leaf_width, output, version)
            .map_err(|error| error.at(format_args!("tree {index}")))?;
        source_trees.push(tree);
    }
    if let Some(weights) = &weights {
        if version.dart() == version::Dart::AroundBase {
            notes.push(String::from(
                "the booster is dart: the answers are those of XGBoost's scikit-learn wrapper and of inplace_predict, from \
                 which its own predict(DMatrix) differs in the last bit of some rows",
            ));
        }
        tree::drop_out(&mut source_trees, weights, &base_margins, leaf_width, version.dart())?;
    }
    let base = version.base(weights.is_some(), source_trees.is_empty());
    let categories = categories::names(trees.cats.as_ref(), feature_count, version, options.categories_from)?;
    for (feature, lost) in &categories.lost {
        notes.push(format!(
            "the file has lost the names of the last {lost} categories of feature {feature}, which XGBoost 3.1 to 3.3 cut off: \
             rows that hold them are refused, unless a schema names them"
        ));
    }
    let frame = Frame::single(feature_count, leaf_width, &base_margins, base, objective.link(output_count));
    let (missing, note) = missing(&learner.attributes, options);
    notes.extend(note);
    let schema = schema(learner.feature_names, categories.names, missing, frame.feature_count)?;
    Ok(Draft { trees: source_trees, frame, schema, notes, origin })
}

/// The value that stands for a missing one in every feature, and whether the file says so.
fn missing(attributes: &Attributes, options: &Options) -> (Option<f64>, Option<String>) {
    if let Some(said) = options.missing {
        return (Some(said).filter(|said| !said.is_nan()), None);
    }
    let missing = attributes.wrapper().missing.filter(|missing| missing.is_finite());
    let note = missing.map(|missing| {
        format!(
            "{missing} is taken for missing in every feature, as the wrapper that wrote the file did (otherwise: --missing, \
             missing in JavaScript)"
        )
    });
    (missing, note)
}

/// The trees and, for `dart`, their weights: beside the trees' booster to 3.2, beside the trees in 3.3, among them since.
fn trees(booster: Booster) -> Result<(Trees, Option<Vec<f32>>)> {
    let (booster, outer) = match booster.gbtree {
        Some(inner) => (*inner, booster.weight_drop),
        None => (booster, None),
    };
    let mut trees = booster.model.ok_or_else(no_trees)?;
    let weights = outer.or(booster.weight_drop).or(trees.weight_drop.take());
    if let Some(weights) = &weights
        && weights.len() != trees.trees.len()
    {
        return Err(invalid(format_args!("weight_drop has {} entries for {} trees", weights.len(), trees.trees.len())));
    }
    Ok((trees, weights.map(|weights| weights.iter().map(|weight| weight.0).collect())))
}

fn schema(
    names: Vec<String>,
    categories: Vec<Vec<String>>,
    missing: Option<f64>,
    feature_count: usize,
) -> Result<Schema> {
    if !names.is_empty() && names.len() != feature_count {
        return Err(invalid(format_args!("feature_names has {} names; num_feature is {feature_count}", names.len())));
    }
    let names = if names.is_empty() { Schema::invented_names(feature_count) } else { names };
    let features = names
        .into_iter()
        .zip(categories)
        .map(|(name, categories)| Feature {
            categories,
            missing_codes: missing.into_iter().collect(),
            ..Feature::named(name)
        })
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
