//! XGBoost's model files, JSON and UBJSON, as versions 1.0 to 3.x write them.
//!
//! Read twice: first an outline with the names of what the file holds, so that what is not evaluated is refused by
//! name; then the whole, with no unknown key let through. Evaluated today: `gbtree` with numeric splits and the
//! objective `binary:logistic`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::source::{self, SourceNode, SourceTree};
use super::ubjson;
use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::forest::MissingSide;
use crate::link::Link;
use crate::model::Model;
use crate::schema::{MAX_FEATURES, Schema};

/// Reads a JSON file.
pub(super) fn read_json(bytes: &[u8]) -> Result<Model> {
    check_outline(&parse_json(bytes)?)?;
    model(parse_json(bytes)?)
}

/// Reads a UBJSON file.
pub(super) fn read_ubjson(bytes: &[u8]) -> Result<Model> {
    check_outline(&parse_ubjson(bytes)?)?;
    model(parse_ubjson(bytes)?)
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
    let error = invalid(format_args!("{message}"));
    if path == "." { error } else { error.at(format_args!("{path}")) }
}

#[derive(Deserialize)]
struct Outline {
    learner: LearnerOutline,
    version: Option<Vec<i64>>,
}

#[derive(Deserialize)]
struct LearnerOutline {
    gradient_booster: Named,
    objective: Named,
    learner_model_param: LearnerParameters,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct LearnerParameters {
    base_score: String,
    num_class: Option<String>,
    num_feature: String,
    num_target: Option<String>,
}

fn check_outline(outline: &Outline) -> Result<()> {
    if let Some(version) = &outline.version
        && !matches!(version.first(), Some(1..=3))
    {
        return Err(unsupported(format_args!("the file was written by XGBoost {version:?}; versions 1 to 3 are read")));
    }
    let learner = &outline.learner;
    let refuse =
        |what: &str, name: &str| Err(unsupported(format_args!("{what} {} is not supported yet", quoted(name))));
    if learner.gradient_booster.name != "gbtree" {
        return refuse("the booster", &learner.gradient_booster.name);
    }
    if learner.objective.name != "binary:logistic" {
        return refuse("the objective", &learner.objective.name);
    }
    for (name, text, most) in [
        ("num_class", &learner.learner_model_param.num_class, 1),
        ("num_target", &learner.learner_model_param.num_target, 1),
    ] {
        if let Some(text) = text
            && parameter::<u32>(name, text)? > most
        {
            return refuse("a model with more than one output,", &format!("{name}={text}"));
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    learner: Learner,
    #[serde(rename = "version")]
    _version: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Learner {
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    feature_names: Vec<String>,
    #[serde(default)]
    feature_types: Vec<String>,
    gradient_booster: Booster,
    learner_model_param: LearnerParameters,
    #[serde(rename = "objective")]
    _objective: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Booster {
    model: Trees,
    #[serde(rename = "name")]
    _name: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trees {
    gbtree_model_param: TreesParameters,
    trees: Vec<Tree>,
    tree_info: Vec<i64>,
    iteration_indptr: Option<Vec<i64>>,
    cats: Option<Categories>,
    weight_drop: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct TreesParameters {
    num_trees: String,
    num_parallel_tree: Option<String>,
}

#[derive(Deserialize)]
struct Categories {
    #[serde(default)]
    enc: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tree {
    tree_param: TreeParameters,
    left_children: Vec<i64>,
    right_children: Vec<i64>,
    split_indices: Vec<i64>,
    /// Thresholds at splits, values at leaves.
    split_conditions: Vec<f32>,
    default_left: Vec<Flag>,
    #[serde(default)]
    split_type: Vec<i64>,
    #[serde(default)]
    categories: Vec<i64>,
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[serde(rename = "parents")]
    _parents: Option<IgnoredAny>,
    #[serde(rename = "base_weights")]
    _base_weights: Option<IgnoredAny>,
    #[serde(rename = "loss_changes")]
    _loss_changes: Option<IgnoredAny>,
    #[serde(rename = "sum_hessian")]
    _sum_hessian: Option<IgnoredAny>,
    #[serde(rename = "categories_nodes")]
    _categories_nodes: Option<IgnoredAny>,
    #[serde(rename = "categories_segments")]
    _categories_segments: Option<IgnoredAny>,
    #[serde(rename = "categories_sizes")]
    _categories_sizes: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct TreeParameters {
    num_nodes: String,
    size_leaf_vector: Option<String>,
}

/// `true` and `false` in the JSON of XGBoost 1.x, 1 and 0 since.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Boolean(bool),
    Number(i64),
}

impl Flag {
    fn is_set(&self) -> bool {
        match self {
            Self::Boolean(flag) => *flag,
            Self::Number(number) => *number != 0,
        }
    }
}

/// What XGBoost writes for the feature of a pruned node.
const DELETED_FEATURE: i64 = i32::MAX as i64;
const NO_CHILD: i64 = -1;

fn model(file: File) -> Result<Model> {
    let learner = file.learner;
    let parameters = &learner.learner_model_param;
    let feature_count = parameter::<usize>("num_feature", &parameters.num_feature)?;
    if feature_count == 0 || feature_count > MAX_FEATURES {
        return Err(invalid(format_args!("num_feature is {feature_count}; a model has 1 to {MAX_FEATURES} features")));
    }
    if let Some(kind) = learner.feature_types.iter().find(|kind| kind.as_str() == "c") {
        return Err(unsupported(format_args!("categorical features (feature type {kind:?}) are not supported yet")));
    }
    let trees = learner.gradient_booster.model;
    check_rounds(&trees, &learner.attributes)?;
    let source_trees = trees
        .trees
        .into_iter()
        .enumerate()
        .map(|(index, tree)| source_tree(tree).map_err(|error| error.at(format_args!("tree {index}"))))
        .collect::<Result<Vec<_>>>()?;
    let base_margin = base_margin(&parameters.base_score)?;
    let forest = source::forest(&source_trees, feature_count, base_margin, Link::Logistic)?;
    Model::new(schema(learner.feature_names, feature_count)?, forest)
}

fn schema(names: Vec<String>, feature_count: usize) -> Result<Schema> {
    if names.is_empty() {
        return Schema::of_count(feature_count);
    }
    if names.len() != feature_count {
        return Err(invalid(format_args!("feature_names has {} names; num_feature is {feature_count}", names.len())));
    }
    Schema::of_names(names)
}

fn check_rounds(trees: &Trees, attributes: &BTreeMap<String, String>) -> Result<()> {
    let count = trees.trees.len();
    let claimed = parameter::<usize>("num_trees", &trees.gbtree_model_param.num_trees)?;
    if claimed != count {
        return Err(invalid(format_args!("num_trees is {claimed}; the file has {count} trees")));
    }
    if trees.tree_info.len() != count {
        return Err(invalid(format_args!("tree_info has {} entries for {count} trees", trees.tree_info.len())));
    }
    if let Some(index) = trees.tree_info.iter().position(|&class| class != 0) {
        return Err(invalid(format_args!("it is of class {}; binary:logistic has one output", trees.tree_info[index]))
            .at(format_args!("tree {index}")));
    }
    if trees.weight_drop.is_some() {
        return Err(unsupported(format_args!("the booster \"dart\" (weight_drop) is not supported yet")));
    }
    if trees.cats.as_ref().is_some_and(|cats| !cats.enc.is_empty()) {
        return Err(unsupported(format_args!("categorical features (cats) are not supported yet")));
    }
    if let Some(text) = &trees.gbtree_model_param.num_parallel_tree
        && parameter::<u32>("num_parallel_tree", text)? > 1
    {
        return Err(unsupported(format_args!("random forests (num_parallel_tree={text}) are not supported yet")));
    }
    if let Some(starts) = &trees.iteration_indptr
        && !starts.iter().copied().eq(0..=count as i64)
    {
        return Err(invalid(format_args!("iteration_indptr is not one tree a round for {count} trees")));
    }
    if let Some(text) = attributes.get("best_iteration")
        && parameter::<usize>("best_iteration", text)?.checked_add(1) != Some(count)
    {
        return Err(unsupported(format_args!(
            "early stopping (best_iteration={text} of {count} rounds) is not supported yet; save model[:{text} + 1]"
        )));
    }
    Ok(())
}

fn source_tree(tree: Tree) -> Result<SourceTree> {
    let count = parameter::<usize>("num_nodes", &tree.tree_param.num_nodes)?;
    if let Some(text) = &tree.tree_param.size_leaf_vector
        && parameter::<u32>("size_leaf_vector", text)? > 1
    {
        return Err(unsupported(format_args!("vector leaves (size_leaf_vector={text}) are not supported yet")));
    }
    if !tree.categories.is_empty() || tree.split_type.iter().any(|&kind| kind != 0) {
        return Err(unsupported(format_args!("categorical splits are not supported yet")));
    }
    for (name, length) in [
        ("left_children", tree.left_children.len()),
        ("right_children", tree.right_children.len()),
        ("split_indices", tree.split_indices.len()),
        ("split_conditions", tree.split_conditions.len()),
        ("default_left", tree.default_left.len()),
    ] {
        if length != count {
            return Err(invalid(format_args!("{name} has {length} entries; num_nodes is {count}")));
        }
    }
    let node = |index: usize| {
        let (left, right) = (tree.left_children[index], tree.right_children[index]);
        let (feature, number) = (tree.split_indices[index], tree.split_conditions[index]);
        if (left, right) != (NO_CHILD, NO_CHILD) {
            SourceNode::Split {
                feature,
                threshold: number,
                missing: if tree.default_left[index].is_set() { MissingSide::Left } else { MissingSide::Right },
                left,
                right,
            }
        } else if feature == DELETED_FEATURE {
            SourceNode::Deleted
        } else {
            SourceNode::Leaf { value: number }
        }
    };
    Ok(SourceTree((0..count).map(node).collect()))
}

/// The margin that the trees are added to. `base_score` is a probability in a string, since 3.1 in a vector of one.
///
/// XGBoost takes it to a margin with `-logf(1.0f / p - 1.0f)`, and 3.x first keeps it a millionth away from 0 and 1
/// (found by the oracle: a base score of 1e-7 gives the margin of 1e-6). `f32::ln` is the platform's `logf`, so on the
/// platform that trained the model these are the trainer's bits; a `.wardian` file then carries the margin itself.
fn base_margin(text: &str) -> Result<f32> {
    let fault = || invalid(format_args!("base_score {} is not a probability between 0 and 1", quoted(text)));
    let inner = match text.trim().strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').ok_or_else(fault)?,
        None => text,
    };
    let score: f32 = inner.trim().parse().map_err(|_| fault())?;
    if !(0.0..=1.0).contains(&score) {
        return Err(fault());
    }
    const MARGIN_OF_SAFETY: f32 = 1e-6;
    let score = score.clamp(MARGIN_OF_SAFETY, 1.0 - MARGIN_OF_SAFETY);
    Ok(-(1.0 / score - 1.0).ln())
}

/// A number that XGBoost keeps in a string.
fn parameter<T: std::str::FromStr>(name: &str, text: &str) -> Result<T> {
    text.trim().parse().map_err(|_| invalid(format_args!("{name} is {}, not a count", quoted(text))))
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    /// What XGBoost 3.2 makes of these base scores in a file.
    #[test]
    fn base_scores_become_xgboosts_margins() {
        for (text, margin) in [
            ("[5E-1]", -0.0),
            ("5E-1", -0.0),
            ("[0]", -13.815_51),
            ("[1E-8]", -13.815_51),
            ("[1E-6]", -13.815_51),
            ("[1.1E-6]", -13.720_2),
            ("[9.9999E-1]", 11.511_568),
            ("[9.99999E-1]", 13.745_16),
            ("[1]", 13.745_16),
        ] {
            assert_eq!(base_margin(text).map(f32::to_bits), Ok(f32::to_bits(margin)), "{text}");
        }
    }
}
