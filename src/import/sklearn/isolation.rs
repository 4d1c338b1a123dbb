//! Isolation forests: the lengths of the paths to a row's leaves, added up. The shorter they are, the sooner a row is alone.

use super::bagging::{Features, place};
use super::forest::takes_missing;
use super::logarithm::log;
use super::tree::Tree;
use super::{Decision, Estimator, Id, Parts, Task, note_of_avx_512};
use crate::combination::Step;
use crate::error::{Result, invalid, unsupported};
use crate::finish::Finish;
use crate::import::pickle::Array;
use crate::import::source::SourceTree;
use crate::link::{Link, OtherLink};
use crate::narrowing::Input;

/// Reads one. It answers what `decision_function` does: below 0 is an outlier.
pub(super) fn read(estimator: &Estimator, _: Task) -> Result<Parts> {
    let values = estimator.values;
    let ids = estimator.members("estimators_")?;
    let features = Features::of(estimator, ids.len())?;
    let offset = estimator.number("offset_")?;
    // Earlier versions have the second alone, and both are the same.
    let rows = match values.attribute(estimator.id, "_max_samples")? {
        Some(rows) => values.number(rows),
        None => values.number(estimator.required("max_samples_")?),
    };
    let rows = rows.filter(|rows| rows.fract() == 0.0 && (0.0..1e15).contains(rows));
    let rows = rows.ok_or_else(|| invalid(format_args!("max_samples_ is no count of rows")))?;
    let divisor = ids.len() as f64 * mean_length(rows);
    if divisor == 0.0 {
        return Err(unsupported(format_args!("each tree was trained with one row: every score is the same")));
    }
    let mut trees = Vec::with_capacity(ids.len());
    for (index, &id) in ids.iter().enumerate() {
        let tree = tree(estimator, id, index, &features.get(index)?)
            .map_err(|error| error.at(format_args!("estimator {index}")));
        trees.push(tree?);
    }
    let finish = Finish { divisor, ..Finish::PLAIN };
    let score = Step::Linked { from: 0, count: 1, finish, link: Link::Other(OtherLink::Isolation) };
    Ok(Parts {
        trees,
        leaf_width: 1,
        base_margins: vec![0.0],
        finish: Finish::PLAIN,
        link: Link::Identity,
        inputs: Vec::<Input>::new(),
        categories: Vec::new(),
        takes_missing: estimator.version.is_from(6) && takes_missing(estimator, ids[0])?,
        notes: vec![
            format!(
                "the answers are decision_function's: below 0 is an outlier, and score_samples is the answer and {offset:?}"
            ),
            note_of_avx_512("powers and logarithms"),
        ],
        steps: vec![score, Step::Shifted { from: 1, count: 1, by: -offset }],
        decision: Decision::Other,
    })
}

/// The mean length of a path in a tree of so many rows.
fn mean_length(rows: f64) -> f64 {
    /// Euler's constant.
    const GAMMA: f64 = 0.577_215_664_901_532_9;
    if rows <= 1.0 {
        return 0.0;
    }
    if rows == 2.0 {
        return 1.0;
    }
    2.0 * (log(rows - 1.0) + GAMMA) - 2.0 * (rows - 1.0) / rows
}

fn tree(estimator: &Estimator, id: Id, index: usize, features: &[usize]) -> Result<SourceTree> {
    let tree = Tree::of(estimator.values, id, features.len())?;
    let lengths = lengths(estimator, index, tree.rows())?;
    let depths = tree.depths()?;
    let mut tree = tree.source_by_node(|node| depths[node] + lengths[node] - 1.0)?;
    place(&mut tree.nodes, features)?;
    Ok(tree)
}

/// What the rows of each node would still have to go, were it a leaf: as the trainer has kept it, since 1.3.
fn lengths(estimator: &Estimator, index: usize, rows: &[i64]) -> Result<Vec<f64>> {
    const NAME: &str = "_average_path_length_per_tree";
    let values = estimator.values;
    let Some(kept) = values.attribute(estimator.id, NAME)? else {
        return Ok(rows.iter().map(|&rows| mean_length(rows as f64)).collect());
    };
    let own = values.sequence(kept).and_then(|trees| trees.get(index).copied());
    let own = own.ok_or_else(|| invalid(format_args!("{NAME} has no such tree")))?;
    let numbers = Array::of(values, own)?.filter(Array::is_double).and_then(|array| array.numbers());
    let numbers = numbers.filter(|numbers| numbers.len() == rows.len());
    numbers.ok_or_else(|| invalid(format_args!("{NAME} is not a number for each node")))
}
