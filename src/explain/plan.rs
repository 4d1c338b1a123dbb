//! A tree made ready: what does not depend on the row.
//!
//! The value of a set of features `S` is the tree's mean over the covers where the features of `S` are known and the
//! others are not: `Σ leaf · Π_f (f ∈ S ? o_f : z_f)`, the product over the distinct features of the leaf's path; `o_f` is
//! 1 if the row takes the path at all splits on `f` and else 0, `z_f` is the share of the training data that does. The
//! Shapley value of such a product is an integral, of a polynomial, which a few points give exactly (Quadrature TreeSHAP,
//! arXiv 2605.04497):
//!
//! ```text
//! φ_f = Σ leaf · (o_f - z_f) ∫ Π_{g ≠ f} F_g(t) dt    with F_g(t) = z_g + (o_g - z_g) t, t from 0 to 1
//! ```
//!
//! At each point a split divides what it is given, `q` to the left and `1 - q` to the right: as `F` of its feature is the
//! sum of the `F` of both sides, so is `q` the left one's over it. With `M` the mean of the leaves below at that point, each
//! leaf times the `q` from here to it, and `P` the product of the `q` from the root to here, the split adds to its feature
//!
//! ```text
//! ∫ P · h · (M_left - M_right) dt    with h = (o_left - z_left - q (o - z)) / F
//! ```
//!
//! where `o`, `z` and `F` are those of the feature before this split: 1, 1 and 1 where no split above asks for it. Both `q`
//! and `h` depend on the row in three ways only: it goes left, it goes right, or it went the other way at an earlier split
//! on the feature, where the split can only stay without weight. `kernels`' `quadrature` walks over them.

use std::ops::Range;

use wardian_kernels::answers::{Answer, DEAD};

use super::quadrature::{POINTS, Points, Rule};
use crate::codes::ByteSplit;
use crate::error::{Code, Error, Result};
use crate::forest::{Forest, Node, Tree};

/// The most distinct features on one path: more have not been seen, and the points would be many.
const MOST_FEATURES: usize = 256;

/// One split of a tree. Its left child is the next split, if it has one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Split {
    /// The split on its right, or 0 for a leaf.
    pub(super) right: u32,
    /// Whether a split is on its left.
    pub(super) has_left: bool,
    /// How many splits there are from here down.
    pub(super) size: u32,
    /// Its feature's place among those of the tree.
    pub(super) feature: u32,
    /// The values of the children that are leaves.
    pub(super) values: [f64; 2],
    /// The share of the training data that takes the path so far at all splits on this feature.
    share: f64,
    /// Of that, the share that goes left.
    left_share: f64,
}

/// A tree for one output.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) output: u32,
    /// In pre-order.
    pub(super) splits: Vec<Split>,
    /// What each split asks.
    pub(super) answers: Vec<Answer>,
    /// The distinct features of its splits.
    pub(super) features: Vec<u32>,
    /// The most distinct features on one path.
    pub(super) longest: usize,
    /// The mean of the leaves over the covers.
    pub(super) mean: f64,
}

impl Plan {
    /// The plans of all trees, one for each output that a tree adds to.
    pub(super) fn all(forest: &Forest, shares: &[f64]) -> Result<Vec<Self>> {
        let mut plans = Vec::new();
        let width = forest.leaf_width();
        // Each feature's place among those of the tree at hand, plus 1.
        let mut places = vec![0; forest.columns().iter().map(|column| column.feature as usize + 1).max().unwrap_or(0)];
        for (tree, &Tree { root, output, .. }) in forest.trees().iter().enumerate() {
            let end = forest.trees().get(tree + 1).map_or(forest.nodes().len(), |next| next.root as usize);
            for part in 0..width {
                let plan = Self::new(forest, root as usize..end, shares, part, &mut places);
                if plan.longest > MOST_FEATURES {
                    let message = "a path has # features; explained are up to #";
                    let error = Error::plain(Code::UnsupportedModel, message, &[plan.longest, MOST_FEATURES]);
                    return Err(error.place("tree #", &[tree]));
                }
                plans.push(Self { output: output + part as u32, ..plan });
            }
        }
        Ok(plans)
    }

    /// The plan of the tree of `nodes`, with the number `part` of each leaf.
    fn new(forest: &Forest, nodes: Range<usize>, shares: &[f64], part: usize, places: &mut [u32]) -> Self {
        let value = |index: usize| match forest.nodes()[index] {
            Node::Leaf { leaf } => forest.leaf(leaf, part),
            Node::Split { .. } => 0.0,
        };
        let mut plan = Self {
            output: 0,
            // There is a leaf more than there are splits.
            splits: Vec::with_capacity(nodes.len() / 2),
            answers: Vec::with_capacity(nodes.len() / 2),
            features: Vec::new(),
            longest: 0,
            mean: mean(forest, nodes.clone(), shares, value),
        };
        // The nearest split above that asks for each feature, plus 1; and the splits above, nearest last, with the side
        // that they were left by.
        let mut nearest: Vec<u32> = Vec::new();
        let mut path: Vec<(usize, u8)> = Vec::new();
        let mut distinct = 0;
        for index in nodes {
            let Node::Split { split, right } = forest.nodes()[index] else {
                // On to the right of the nearest split that was left by the left.
                while let Some((index, side)) = path.pop() {
                    if side == 0 {
                        path.push((index, 1));
                        break;
                    }
                    let earlier = plan.answers[index].earlier;
                    nearest[plan.splits[index].feature as usize] = earlier;
                    distinct -= usize::from(earlier == 0);
                }
                continue;
            };
            let asked = forest.columns()[split.column as usize].feature;
            let place = &mut places[asked as usize];
            if *place == 0 {
                plan.features.push(asked);
                nearest.push(0);
                *place = plan.features.len() as u32;
            }
            let feature = *place as usize - 1;
            let earlier = nearest[feature];
            let own = plan.splits.len();
            let (mut share, mut side) = (1.0, 0);
            for &(index, left_by) in &path {
                if index + 1 == earlier as usize {
                    let above = &plan.splits[index];
                    side = left_by;
                    share = above.share * if side == 0 { above.left_share } else { 1.0 - above.left_share };
                }
            }
            if let Some(&(parent, side)) = path.last() {
                let parent = &mut plan.splits[parent];
                if side == 0 { parent.has_left = true } else { parent.right = own as u32 }
            }
            let ByteSplit { column, threshold, missing_right } = split.into();
            plan.answers.push(Answer { column, threshold, missing_right, side, earlier });
            plan.splits.push(Split {
                right: 0,
                has_left: false,
                size: 1,
                feature: feature as u32,
                values: [value(index + 1), value(right as usize)],
                share,
                left_share: shares[index],
            });
            nearest[feature] = own as u32 + 1;
            path.push((own, 0));
            distinct += usize::from(earlier == 0);
            plan.longest = plan.longest.max(distinct);
        }
        for &feature in &plan.features {
            places[feature as usize] = 0;
        }
        for index in (0..plan.splits.len()).rev() {
            let below = plan.below(index).into_iter().flatten();
            plan.splits[index].size += below.map(|index| plan.splits[index].size).sum::<u32>();
        }
        plan
    }

    /// The splits on the left and on the right of a split.
    #[inline]
    pub(super) fn below(&self, index: usize) -> [Option<usize>; 2] {
        let split = &self.splits[index];
        [split.has_left.then_some(index + 1), (split.right > 0).then_some(split.right as usize)]
    }

    /// The feature that a split asks for.
    pub(super) fn feature(&self, index: usize) -> u32 {
        self.features[self.splits[index].feature as usize]
    }

    /// How many answers a split has.
    pub(super) fn states(&self, index: usize) -> usize {
        2 + usize::from(self.answers[index].earlier > 0)
    }

    /// How many points its sums need.
    pub(super) fn points(&self) -> usize {
        self.longest.div_ceil(2)
    }
}

#[cfg(test)]
impl Plan {
    /// The bytes of its lists.
    pub(super) fn bytes(&self) -> usize {
        self.splits.capacity() * size_of::<Split>()
            + self.answers.capacity() * size_of::<Answer>()
            + self.features.capacity() * size_of::<u32>()
    }
}

impl Split {
    /// `q` and `h` at each point of a rule, for an answer.
    pub(super) fn numbers(&self, rule: &Rule, answer: u8) -> [Points; 2] {
        let mut numbers = [[0.0; POINTS]; 2];
        let new = self.share * self.left_share;
        for (point, t) in rule.points.into_iter().enumerate() {
            let old = self.share + (1.0 - self.share) * t;
            let (q, added) = match answer {
                DEAD => (self.left_share, 0.0),
                0 => ((new + (1.0 - new) * t) / old, 1.0 - new),
                _ => (new * (1.0 - t) / old, -new),
            };
            numbers[0][point] = q;
            if answer != DEAD {
                numbers[1][point] = (added - q * (1.0 - self.share)) / old;
            }
        }
        numbers
    }

    /// What the sum of leaves times their products on the left, and on the right, is weighed by: `(o - z) / F` of the
    /// feature there, less that before this split.
    pub(super) fn weights(&self, rule: &Rule, answer: u8) -> [Points; 2] {
        let mut weights = [[0.0; POINTS]; 2];
        if answer == DEAD {
            return weights;
        }
        let own = if answer == 0 { self.left_share } else { 1.0 - self.left_share };
        let new = self.share * own;
        for (point, t) in rule.points.into_iter().enumerate() {
            let before = (1.0 - self.share) / (self.share + (1.0 - self.share) * t);
            weights[usize::from(answer)][point] = (1.0 - new) / (new + (1.0 - new) * t) - before;
            weights[usize::from(answer ^ 1)][point] = -1.0 / (1.0 - t) - before;
        }
        weights
    }
}

/// The mean of a tree's leaves over the covers.
fn mean(forest: &Forest, nodes: Range<usize>, shares: &[f64], value: impl Fn(usize) -> f64) -> f64 {
    let root = nodes.start;
    let mut means = vec![0.0; nodes.len()];
    for index in nodes.rev() {
        means[index - root] = match forest.nodes()[index] {
            Node::Leaf { .. } => value(index),
            Node::Split { right, .. } => {
                let (left, right) = (means[index + 1 - root], means[right as usize - root]);
                shares[index] * left + (1.0 - shares[index]) * right
            }
        };
    }
    means[0]
}
