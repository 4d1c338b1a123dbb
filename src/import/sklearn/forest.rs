//! Decision trees and forests of them: what the trees answer is added up in their order, and divided by how many there are.
//!
//! A classifier's tree answers the share of each class in a leaf. Of two classes only the second's is kept: the first's is
//! what is left of 1, but for its last bit.

use super::tree::Tree;
use super::{Decision, Estimator, Parts, Task};
use crate::error::{Result, invalid};
use crate::finish::Finish;
use crate::forest::MAX_OUTPUTS;
use crate::import::pickle::Id;
use crate::import::source::SourceTree;
use crate::link::{Link, numpy_sum};

/// A tree by itself.
pub(super) fn tree(estimator: &Estimator, task: Task) -> Result<Parts> {
    let leaves = Leaves::of(estimator, task)?;
    let tree = Tree::of(estimator.values, estimator.id, estimator.feature_count)?;
    // A leaf of -0.0 is answered as it is: only -0.0 keeps it.
    leaves.parts(estimator, estimator.id, vec![leaves.source(tree)?], -0.0)
}

/// Random forests and extra trees.
pub(super) fn forest(estimator: &Estimator, task: Task) -> Result<Parts> {
    let leaves = Leaves::of(estimator, task)?;
    let list = estimator.required("estimators_")?;
    let members = estimator.values.sequence(list).filter(|members| !members.is_empty());
    let members = members.ok_or_else(|| invalid(format_args!("estimators_ is no list of trees")))?;
    estimator.once(members)?;
    let mut trees = Vec::with_capacity(members.len());
    for (index, &member) in members.iter().enumerate() {
        let tree = Tree::of(estimator.values, member, estimator.feature_count).and_then(|tree| leaves.source(tree));
        trees.push(tree.map_err(|error| error.at(format_args!("tree {index}")))?);
    }
    leaves.parts(estimator, members[0], trees, 0.0)
}

/// What leaves are made of.
#[derive(Clone, Copy)]
pub(super) struct Leaves {
    task: Task,
    /// The classes, or the outputs of a regressor.
    count: usize,
    /// Whether a node has counts, of which shares are to be made.
    has_counts: bool,
}

impl Leaves {
    fn of(estimator: &Estimator, task: Task) -> Result<Self> {
        Self::of_tree(estimator, estimator.id, task)
    }

    /// Of an estimator whose trees have as many outputs as this one.
    pub(super) fn of_tree(estimator: &Estimator, tree: Id, task: Task) -> Result<Self> {
        let outputs = estimator.values.required(tree, "n_outputs_")?;
        let outputs = estimator.values.integer(outputs).and_then(|outputs| usize::try_from(outputs).ok());
        let outputs = outputs.filter(|outputs| (1..=MAX_OUTPUTS).contains(outputs));
        let outputs = outputs.ok_or_else(|| invalid(format_args!("n_outputs_ is no count of outputs")))?;
        let count = match task {
            Task::Classification => estimator.class_count()?,
            Task::Regression => outputs,
        };
        Ok(Self { task, count, has_counts: task == Task::Classification && !estimator.version.has_shares() })
    }

    fn width(self) -> usize {
        match (self.task, self.count) {
            (Task::Classification, 2) => 1,
            (_, count) => count,
        }
    }

    pub(super) fn source(self, tree: Tree) -> Result<SourceTree> {
        let all: Vec<usize> = (0..self.count).collect();
        self.source_of(tree, &all)
    }

    /// Of a tree that knows only some of the classes: these.
    pub(super) fn source_of(self, tree: Tree, classes: &[usize]) -> Result<SourceTree> {
        let due = match self.task {
            Task::Classification => (1, classes.len()),
            Task::Regression => (self.count, 1),
        };
        if (tree.outputs, tree.width) != due {
            return Err(invalid(format_args!(
                "its values are of {} outputs and {} classes, and {} and {} are due",
                tree.outputs, tree.width, due.0, due.1
            )));
        }
        tree.source(0, self.width(), |answer, out| {
            let sum = if self.has_counts { numpy_sum(answer) } else { 1.0 };
            // A leaf that no row came to has nothing to share.
            let sum = if sum == 0.0 { 1.0 } else { sum };
            let begin = out.len();
            // To a class that it does not know it adds nothing.
            out.resize(begin + self.count, -0.0);
            for (count, &class) in answer.iter().zip(classes) {
                out[begin + class] = count / sum;
            }
            if self.width() < self.count {
                out.remove(begin);
            }
        })
    }

    pub(super) fn parts(self, estimator: &Estimator, member: Id, trees: Vec<SourceTree>, base: f64) -> Result<Parts> {
        Ok(Parts {
            leaf_width: self.width(),
            base_margins: vec![base; self.width()],
            finish: Finish { divisor: trees.len() as f64, ..Finish::PLAIN },
            link: Link::Identity,
            inputs: Vec::new(),
            categories: Vec::new(),
            takes_missing: takes_missing(estimator, member)?,
            notes: Vec::new(),
            steps: Vec::new(),
            decision: Decision::None,
            trees,
        })
    }
}

/// Whether scikit-learn answers rows in which a value is missing: trees since 1.3, forests since 1.4, and those of random cuts
/// since 1.6; by some criteria never.
pub(super) fn takes_missing(estimator: &Estimator, member: Id) -> Result<bool> {
    let values = estimator.values;
    let said = |name: &str| Ok::<_, crate::Error>(values.attribute(member, name)?.and_then(|id| values.text(id)));
    // A tree by itself, or one that is given to an ensemble as any other estimator.
    let is_forest = member != estimator.id && values.attribute(estimator.id, "n_outputs_")?.is_some();
    let has_random_cuts = said("splitter")? == Some("random");
    let first = if has_random_cuts { 6 } else { 3 + u32::from(is_forest) };
    let constrained = values.attribute(member, "monotonic_cst")?.is_some_and(|constraint| !values.is_none(constraint));
    Ok(estimator.version.is_from(first) && !constrained)
}
