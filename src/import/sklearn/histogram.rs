//! Histogram gradient boosting: 64-bit values, and leaves in which the learning rate is already.
//!
//! Since 1.4 the estimator has a table of columns of its own where it has categories: these come first, then the numbers, and
//! the trees count features in that order.

use super::categories::Columns;
use super::{Decision, Estimator, Parts, Task};
use crate::error::{Result, invalid, quoted, unsupported};
use crate::finish::Finish;
use crate::forest::MissingSide;
use crate::import::pickle::{Array, Id};
use crate::import::source::{SourceNode, SourceTest, SourceTree};
use crate::link::Link;

/// The class of a tree.
const TREE: &str = "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor";

/// Reads one.
pub(super) fn read(estimator: &Estimator, task: Task) -> Result<Parts> {
    let values = estimator.values;
    let (outputs, link) = outputs(estimator, task)?;
    let columns = Columns::of(estimator)?;
    let rounds = estimator.required("_predictors")?;
    let rounds = values.sequence(rounds).ok_or_else(|| invalid(format_args!("_predictors is no list")))?;
    let mut trees = Vec::new();
    for (round, &members) in rounds.iter().enumerate() {
        let members = values.sequence(members).filter(|members| members.len() == outputs);
        let members = members
            .ok_or_else(|| invalid(format_args!("round {round} has not {outputs} trees, one for each output")))?;
        for (output, &member) in members.iter().enumerate() {
            let index = trees.len();
            estimator.once(&[member]).map_err(|error| error.at(format_args!("tree {index}")))?;
            let tree = tree(estimator, member, output as u32, &columns);
            trees.push(tree.map_err(|error| error.at(format_args!("tree {index}")))?);
        }
    }
    let mut notes = Vec::new();
    notes.extend(columns.note());
    if link == Link::Softmax {
        notes.extend(estimator.version.note_before(1));
    }
    Ok(Parts {
        trees,
        leaf_width: 1,
        base_margins: first(estimator, outputs)?,
        finish: Finish::PLAIN,
        link,
        inputs: columns.inputs(),
        categories: columns.names(),
        takes_missing: true,
        notes,
        steps: Vec::new(),
        decision: Decision::Margins,
    })
}

/// How many outputs there are, and what makes answers of them.
fn outputs(estimator: &Estimator, task: Task) -> Result<(usize, Link)> {
    let name = estimator.text("loss")?;
    let refused = || unsupported(format_args!("the loss {} is not supported", quoted(name)));
    match (task, name) {
        (Task::Classification, "log_loss" | "auto" | "binary_crossentropy" | "categorical_crossentropy") => {
            Ok(match estimator.class_count()? {
                2 => (1, Link::Logistic),
                count => (count, Link::Softmax),
            })
        }
        (
            Task::Regression,
            "squared_error" | "least_squares" | "absolute_error" | "least_absolute_deviation" | "quantile",
        ) => Ok((1, Link::Identity)),
        (Task::Regression, "poisson" | "gamma") => Ok((1, Link::Exponential)),
        _ => Err(refused()),
    }
}

/// The margins that the trees are added to.
fn first(estimator: &Estimator, outputs: usize) -> Result<Vec<f64>> {
    const NAME: &str = "_baseline_prediction";
    let values = estimator.values;
    let id = estimator.required(NAME)?;
    let margins = match Array::of(values, id)? {
        // The sum has the array's type.
        Some(array) if array.is_double() => array.numbers(),
        Some(_) => return Err(unsupported(format_args!("{NAME} has other numbers than 64-bit floats"))),
        None => values.number(id).map(|number| vec![number]),
    };
    let margins = margins.filter(|margins| margins.len() == outputs && margins.iter().all(|margin| margin.is_finite()));
    // The trainer adds it to zeros.
    let margins = margins.map(|margins| margins.iter().map(|margin| 0.0 + margin).collect());
    margins.ok_or_else(|| invalid(format_args!("{NAME} is not {outputs} finite numbers")))
}

fn tree(estimator: &Estimator, id: Id, output: u32, columns: &Columns) -> Result<SourceTree> {
    let values = estimator.values;
    if values.class(id).as_deref() != Some(TREE) {
        return Err(invalid(format_args!("it is {}, not a tree", values.described(id))));
    }
    let array = |name: &str| -> Result<Option<Array>> {
        let Some(found) = values.attribute(id, name)? else { return Ok(None) };
        Array::of(values, found).map_err(|error| error.at(format_args!("{name}")))
    };
    let nodes = array("nodes")?.ok_or_else(|| invalid(format_args!("it has no nodes")))?;
    super::tree::check_records(&nodes)?;
    let lacks = |name: &str| unsupported(format_args!("its nodes have no {name}: no version that is read writes such"));
    let integers = |name: &str| nodes.field_integers(name).ok_or_else(|| lacks(name));
    let numbers = |name: &str| nodes.field_numbers(name).ok_or_else(|| lacks(name));
    let (leaves, left, right) = (integers("is_leaf")?, integers("left")?, integers("right")?);
    let (features, thresholds) = (integers("feature_idx")?, numbers("num_threshold")?);
    let missing_left = integers("missing_go_to_left")?;
    let categorical = nodes.field_integers("is_categorical").unwrap_or_else(|| vec![0; nodes.len()]);
    let sets = nodes.field_integers("bitset_idx").unwrap_or_else(|| vec![0; nodes.len()]);
    let bits = array("raw_left_cat_bitsets")?.and_then(|bits| bits.integers()).unwrap_or_default();
    let mut source = Vec::with_capacity(nodes.len());
    for index in 0..nodes.len() {
        if leaves[index] != 0 {
            source.push(SourceNode::Leaf { first_value: index });
            continue;
        }
        let place = |error: crate::Error| error.at(format_args!("node {index}"));
        let feature = columns.feature(features[index]).map_err(place)?;
        let goes_left = missing_left[index] != 0;
        let missing = if goes_left { MissingSide::Left } else { MissingSide::Right };
        let (left, right) = (left[index], right[index]);
        if categorical[index] == 0 {
            let threshold = thresholds[index];
            if threshold.is_nan() || columns.is_categorical(feature) {
                return Err(place(invalid(format_args!("the threshold {threshold} is none of its feature"))));
            }
            let test = SourceTest::Below(threshold.next_up());
            source.push(SourceNode::split(feature as i64, test, missing, left, right));
            continue;
        }
        let set = columns.set(feature, &bits, sets[index], goes_left).map_err(place)?;
        source.push(set.split(feature as i64, missing, left, right));
    }
    Ok(SourceTree { nodes: source, values: numbers("value")?, output, covers: numbers("count")? })
}
