//! What onnxruntime makes of the sums of votes: rules of its own, which the specification leaves open.

use super::graph::Kind;
use super::outputs::Answer;
use super::trees::{Aggregate, Ensemble, Node, Transform};
use crate::error::{Result, invalid, unsupported};
use crate::link::{Link, OtherLink};

/// Which votes are summed, and what becomes of the sums.
#[derive(Debug, PartialEq)]
pub(super) struct Rule {
    /// The one target whose votes count, where it is one.
    pub(super) only: Option<usize>,
    /// One for each output.
    pub(super) base_margins: Vec<f64>,
    pub(super) link: Link,
    /// What the sums are divided by.
    pub(super) divisor: f64,
}

impl Rule {
    /// The rule of this ensemble for the answer that is asked of it.
    pub(super) fn of(ensemble: &Ensemble, kind: Kind, answer: &Answer) -> Result<Self> {
        let count = ensemble.target_count;
        if let Some(chosen) = answer.chosen.iter().find(|&&chosen| chosen >= count) {
            return Err(invalid(format_args!("score {chosen} is chosen of {count}")));
        }
        let mut rule = match kind {
            Kind::Classifier if count == 1 => {
                return Err(unsupported(format_args!("a classifier of one class has no answer")));
            }
            Kind::Classifier if count == 2 => Self::of_two_classes(ensemble)?,
            _ => Self::of_many(ensemble, kind)?,
        };
        let outputs = rule.base_margins.len();
        let is_all = answer.chosen.is_empty() || answer.chosen.len() == count;
        // Of two classes the second's is the answer.
        if !(is_all || kind == Kind::Classifier && outputs == 1 && answer.chosen == [1]) {
            return Err(unsupported(format_args!(
                "scores {:?} alone of {count} come out, which is not supported",
                answer.chosen
            )));
        }
        // The first and the second class's are two.
        if answer.is_reshaped && count > 1 {
            return Err(unsupported(format_args!("the scores of several outputs are put in another shape")));
        }
        if ensemble.is_double && answer.is_narrowed && kind == Kind::Ensemble {
            return Err(unsupported(format_args!("scores of 64 bits that are rounded to 32 are not supported")));
        }
        if answer.divisor != 1.0 {
            if rule.divisor != 1.0 || ensemble.is_double || rule.link != Link::Identity || kind == Kind::Classifier {
                return Err(unsupported(format_args!(
                    "scores that are divided by {} are supported of regressors of 32-bit floats that sum up",
                    answer.divisor
                )));
            }
            rule.divisor = answer.divisor;
        }
        Ok(rule)
    }

    /// How many numbers a leaf has: 1 where each tree adds to one output.
    pub(super) fn leaf_width(&self, ensemble: &Ensemble) -> Result<usize> {
        let adds_to_one = |tree: &Vec<Node>| {
            let mut votes = tree.iter().flat_map(|node| match *node {
                Node::Leaf { first_vote, end_vote } => ensemble.votes_of(first_vote, end_vote),
                Node::Branch(_) => &[],
            });
            let first = votes.next();
            votes.all(|vote| first.is_some_and(|first| first.target == vote.target))
        };
        let outputs = self.base_margins.len();
        if outputs == 1 || ensemble.trees.iter().all(adds_to_one) {
            return Ok(1);
        }
        // Numbers that are not in the file are 0: so many that few are is more than a model may take.
        const SPARE: usize = 1 << 20;
        let leaves = ensemble.trees.iter().flatten().filter(|node| matches!(node, Node::Leaf { .. })).count();
        if leaves.saturating_mul(outputs) > ensemble.votes.len().saturating_mul(4).saturating_add(SPARE) {
            return Err(unsupported(format_args!(
                "{leaves} leaves with {} weights for some of {outputs} outputs each: they would be too many",
                ensemble.votes.len()
            )));
        }
        Ok(outputs)
    }

    /// Of a regressor, or of three and more classes.
    fn of_many(ensemble: &Ensemble, kind: Kind) -> Result<Self> {
        let count = ensemble.target_count;
        let base_margins = match ensemble.base_values.len() {
            0 => vec![0.0; count],
            length if length == count => ensemble.base_values.clone(),
            length => return Err(invalid(format_args!("base_values has {length} entries for {count} scores"))),
        };
        let is_average = ensemble.aggregate == Aggregate::Average;
        if kind != Kind::Classifier {
            let is_lost = |&target: &usize| base_margins[target] != 0.0 && !is_in_all_rows(ensemble, target);
            if count == 1 && ensemble.transform != Transform::None {
                return Err(unsupported(format_args!(
                    "post_transform is {:?}: of a regressor of one target onnxruntime passes over it",
                    ensemble.transform
                )));
            } else if is_average && base_margins.iter().any(|&base| base != 0.0) {
                return Err(unsupported(format_args!("aggregate_function AVERAGE with base values is not supported")));
            } else if count > 1
                && let Some(target) = (0..count).find(is_lost)
            {
                return Err(unsupported(format_args!(
                    "target {target} has a base value and is not in all leaves of any tree: for rows without it onnxruntime answers 0"
                )));
            }
        }
        let divisor = if is_average { ensemble.trees.len() as f64 } else { 1.0 };
        Ok(Self { only: None, base_margins, link: link(ensemble, kind), divisor })
    }

    /// The second class's probability, which onnxruntime makes in one of several ways, by which classes have votes.
    fn of_two_classes(ensemble: &Ensemble) -> Result<Self> {
        let base = &ensemble.base_values[..];
        let link = link(ensemble, Kind::Classifier);
        let is_softmax = ensemble.transform == Transform::Softmax;
        let one = |target, base| Self { only: Some(target), base_margins: vec![base], link, divisor: 1.0 };
        Ok(match (&ensemble.targets_used[..], base) {
            // Votes that are all for the first class are for the second.
            ([true, false], [] | [_]) if !is_softmax => one(0, base.first().copied().unwrap_or(0.0)),
            ([false, true], []) if !is_softmax => one(1, 0.0),
            ([true, true], [] | [_]) if is_in_all_rows(ensemble, 1) => {
                let base = base.first().copied().unwrap_or(0.0);
                if is_softmax {
                    Self { only: None, base_margins: vec![base, 0.0], link, divisor: 1.0 }
                } else {
                    one(1, 0.0)
                }
            }
            ([true, true], [_, _]) => {
                return Err(unsupported(format_args!(
                    "two base values with votes for both classes: onnxruntime adds the first class's votes to the second's base value, so that \
                     it does not answer as the model that this was made of; save that one by its trainer's own means"
                )));
            }
            (used, base) => {
                let names = ["first", "second"].into_iter().zip(used).filter_map(|(name, used)| used.then_some(name));
                return Err(unsupported(format_args!(
                    "two classes, votes for the {} one, {} base values, post_transform {:?}: how onnxruntime answers then is not supported",
                    names.collect::<Vec<_>>().join(" and the "),
                    base.len(),
                    ensemble.transform
                )));
            }
        })
    }
}

/// What becomes of a sum. The classic operators answer in 32-bit floats, whatever they add up in.
fn link(ensemble: &Ensemble, kind: Kind) -> Link {
    match ensemble.transform {
        Transform::None if ensemble.is_double && kind != Kind::Ensemble => Link::Other(OtherLink::Narrowed),
        Transform::None => Link::Identity,
        Transform::Logistic => Link::Other(OtherLink::OnnxLogistic),
        Transform::Softmax => Link::Other(OtherLink::OnnxSoftmax),
    }
}

/// Whether some tree has a vote for this target in each leaf, so that no row is without one.
fn is_in_all_rows(ensemble: &Ensemble, target: usize) -> bool {
    let has_vote = |node: &Node| match *node {
        Node::Branch(_) => true,
        Node::Leaf { first_vote, end_vote } => {
            ensemble.votes_of(first_vote, end_vote).iter().any(|vote| vote.target as usize == target)
        }
    };
    ensemble.trees.iter().any(|tree| tree.iter().all(has_vote))
}
