//! What onnxruntime makes of the sums of votes: rules of its own, which the specification leaves open.

use super::graph::Kind;
use super::outputs::Answer;
use super::trees::{Aggregate, Ensemble, Node, Transform};
use crate::error::{Result, invalid, unsupported};
use crate::link::Link;

/// Which votes are summed, and what becomes of the sums.
#[derive(Debug, PartialEq)]
pub(super) struct Rule {
    /// The one target whose votes count, where it is one.
    pub(super) only: Option<usize>,
    /// One for each output.
    pub(super) base_margins: Vec<f64>,
    pub(super) link: Link,
    /// How many trees' mean it is.
    pub(super) divisor: usize,
}

impl Rule {
    /// The rule of this ensemble for the answer that is asked of it.
    pub(super) fn of(ensemble: &Ensemble, kind: Kind, answer: Answer) -> Result<Self> {
        let count = ensemble.target_count;
        if let Some(chosen) = answer.chosen.filter(|&chosen| chosen >= count) {
            return Err(invalid(format_args!("score {chosen} is chosen of {count}")));
        }
        let rule = match kind {
            Kind::Classifier if count == 1 => {
                return Err(unsupported(format_args!("a classifier of one class has no answer")));
            }
            Kind::Classifier if count == 2 => Self::of_two_classes(ensemble)?,
            _ => Self::of_many(ensemble, kind)?,
        };
        let outputs = rule.base_margins.len();
        match answer.chosen {
            Some(chosen) if outputs > 1 || count > 1 && rule.only != Some(chosen) => Err(unsupported(format_args!(
                "score {chosen} alone of {count} comes out, which is not supported: of two classes the second's is"
            ))),
            _ if answer.is_reshaped && outputs > 1 => {
                Err(unsupported(format_args!("the scores of several outputs are put in another shape")))
            }
            _ => Ok(rule),
        }
    }

    /// How many numbers a leaf has: 1 where each tree adds to one output.
    pub(super) fn leaf_width(&self, ensemble: &Ensemble) -> usize {
        let adds_to_one = |tree: &Vec<Node>| {
            let mut votes = tree.iter().flat_map(|node| match *node {
                Node::Leaf { first_vote, end_vote } => ensemble.votes_of(first_vote, end_vote),
                Node::Branch(_) => &[],
            });
            let first = votes.next();
            votes.all(|vote| first.is_some_and(|first| first.target == vote.target))
        };
        let outputs = self.base_margins.len();
        if outputs == 1 || ensemble.trees.iter().all(adds_to_one) { 1 } else { outputs }
    }

    /// Of a regressor, or of three and more classes.
    fn of_many(ensemble: &Ensemble, kind: Kind) -> Result<Self> {
        let count = ensemble.target_count;
        let base_margins = match ensemble.base_values.len() {
            0 => vec![0.0; count],
            length if length == count => ensemble.base_values.clone(),
            length => return Err(invalid(format_args!("base_values has {length} entries for {count} scores"))),
        };
        if kind != Kind::Classifier
            && count > 1
            && let Some(target) = (0..count).find(|&target| base_margins[target] != 0.0 && !is_in_all_rows(ensemble, target))
        {
            return Err(unsupported(format_args!(
                "target {target} has a base value and is not in all leaves of any tree: for rows without it onnxruntime answers 0"
            )));
        }
        let link = match ensemble.transform {
            // What has one score is not transformed.
            _ if count == 1 => Link::Identity,
            Transform::None => Link::Identity,
            Transform::Logistic => Link::OnnxLogistic,
            Transform::Softmax => Link::OnnxSoftmax,
        };
        let divisor = if ensemble.aggregate == Aggregate::Average { ensemble.trees.len() } else { 1 };
        Ok(Self { only: None, base_margins, link, divisor })
    }

    /// The second class's probability, which onnxruntime makes in one of several ways, by which classes have votes.
    fn of_two_classes(ensemble: &Ensemble) -> Result<Self> {
        let base = &ensemble.base_values[..];
        let sum = |target, base, link| Ok(Self { only: Some(target), base_margins: vec![base], link, divisor: 1 });
        let logistic = |transform| if transform == Transform::Logistic { Link::OnnxLogistic } else { Link::Identity };
        match (&ensemble.targets_used[..], base) {
            // Votes that are all for one class are for the second. Where none is below 0, they are probabilities already.
            ([true, false], [] | [_]) => {
                let link = if ensemble.has_negative_votes { logistic(ensemble.transform) } else { Link::Identity };
                sum(0, base.first().copied().unwrap_or(0.0), link)
            }
            ([false, true], []) if ensemble.transform != Transform::Softmax => sum(1, 0.0, logistic(ensemble.transform)),
            ([true, true], [] | [_]) if is_in_all_rows(ensemble, 1) => {
                let base = base.first().copied().unwrap_or(0.0);
                if ensemble.transform == Transform::Softmax {
                    Ok(Self { only: None, base_margins: vec![base, 0.0], link: Link::OnnxSoftmax, divisor: 1 })
                } else {
                    sum(1, 0.0, logistic(ensemble.transform))
                }
            }
            (used, base) => {
                let names: Vec<&str> =
                    ["first", "second"].into_iter().zip(used).filter_map(|(name, used)| used.then_some(name)).collect();
                Err(unsupported(format_args!(
                    "two classes with votes for the {} one and {} base values, post_transform {:?}: how onnxruntime answers then is not \
                     supported",
                    names.join(" and the "),
                    base.len(),
                    ensemble.transform
                )))
            }
        }
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
