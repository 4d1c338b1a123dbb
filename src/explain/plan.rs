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
//! Going down, a node's product `Π F` is its parent's times a factor of the edge; going up, a node's sum of `leaf · Π F` is
//! that of its children. Each edge adds its sum, times `(o_f - z_f) / F_f` at each point, to its feature. An edge on a
//! feature that was asked for above changes `F_f`: its factor is the new over the old, and it adds the new less the old.
//! The factors of an edge depend on the row in three ways only: taken, not taken, or not taken already above, where a
//! repeated feature can only stay so. They are computed once, and the row picks.

use super::quadrature::{POINTS, Points, Rule};
use crate::codes::ByteSplit;
use crate::error::{Code, Error, Result};
use crate::forest::{Forest, Node, Tree};

/// The row went to the other side at an earlier split on this feature.
pub(super) const DEAD: u8 = 2;

/// The most distinct features on one path: more have not been seen, and the points would be many.
const MOST_FEATURES: usize = 256;

/// One split of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Split {
    pub(super) asks: ByteSplit,
    /// Its node, and its right child's, counted within the tree. The left child is the next node.
    pub(super) node: u32,
    pub(super) right: u32,
    /// The split above that asks for the same feature, plus 1; 0 for none.
    pub(super) earlier: u32,
    /// The answer there that leads here.
    pub(super) side: u8,
    /// Its feature's place among those of the tree.
    pub(super) feature: u32,
    /// Whether both children are leaves.
    is_last: bool,
    /// The share of the training data that takes the path so far at all splits on this feature.
    share: f64,
    /// Of that, the share that goes left.
    left_share: f64,
    /// What the children are: a leaf's value, or 1.
    values: [f64; 2],
}

/// A tree for one output.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) output: u32,
    pub(super) splits: Vec<Split>,
    pub(super) node_count: usize,
    /// The distinct features of its splits.
    pub(super) features: Vec<u32>,
    /// The most distinct features on one path.
    pub(super) longest: usize,
    /// The mean of the leaves over the covers.
    pub(super) mean: f64,
    /// The splits above others, in pre-order, and those above leaves only, which are half of a full tree's: nothing below
    /// them needs to be remembered, so they take two factors where the others take four.
    pub(super) inner: Vec<Step>,
    pub(super) last: Vec<Step>,
    /// How many factors there are.
    pub(super) factor_count: usize,
}

/// A split as the walk over a row's factors sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Its place among the splits.
    pub(super) split: u32,
    pub(super) node: u32,
    pub(super) right: u32,
    pub(super) feature: u32,
    /// Where its factors begin among the tree's: those for left taken, for right taken, and, if there is an earlier split
    /// on the feature, for neither. Of an inner split they are what it multiplies by on the way down to the left and to the
    /// right, and what it weighs the sum of each side by; of a last split the sum, and the weighed sum, of its leaves.
    pub(super) factors: u32,
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
    fn new(forest: &Forest, nodes: std::ops::Range<usize>, shares: &[f64], part: usize, places: &mut [u32]) -> Self {
        let root = nodes.start;
        let is_leaf = |index: usize| matches!(forest.nodes()[index], Node::Leaf { .. });
        let value = |index: usize| match forest.nodes()[index] {
            Node::Leaf { leaf } => f64::from(forest.leaves()[leaf as usize * forest.leaf_width() + part]),
            Node::Split { .. } => 1.0,
        };
        let mut plan = Self {
            output: 0,
            splits: Vec::new(),
            node_count: nodes.len(),
            features: Vec::new(),
            longest: 0,
            mean: mean(forest, nodes.clone(), shares, value),
            inner: Vec::new(),
            last: Vec::new(),
            factor_count: 0,
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
                    let split: &Split = &plan.splits[index];
                    nearest[split.feature as usize] = split.earlier;
                    distinct -= usize::from(split.earlier == 0);
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
            let (mut share, mut side) = (1.0, 0);
            if earlier > 0 {
                let above: &Split = &plan.splits[earlier as usize - 1];
                // The path went left of it until its right child came by.
                side = u8::from(index - root >= above.right as usize);
                share = above.share * above.share_of(side);
            }
            plan.splits.push(Split {
                asks: split.into(),
                node: (index - root) as u32,
                right: right - root as u32,
                earlier,
                side,
                feature: feature as u32,
                is_last: is_leaf(index + 1) && is_leaf(right as usize),
                share,
                left_share: shares[index],
                values: [value(index + 1), value(right as usize)],
            });
            nearest[feature] = plan.splits.len() as u32;
            path.push((plan.splits.len() - 1, 0));
            distinct += usize::from(earlier == 0);
            plan.longest = plan.longest.max(distinct);
        }
        for &feature in &plan.features {
            places[feature as usize] = 0;
        }
        plan.lay_out();
        plan
    }

    /// Says where each split's factors are.
    fn lay_out(&mut self) {
        for (index, split) in self.splits.iter().enumerate() {
            let step = Step {
                split: index as u32,
                node: split.node,
                right: split.right,
                feature: split.feature,
                factors: self.factor_count as u32,
            };
            self.factor_count += split.states().len() * if split.is_last { 2 } else { 4 };
            if split.is_last { self.last.push(step) } else { self.inner.push(step) }
        }
    }

    /// Writes the factors of all splits at some points.
    pub(super) fn write_factors(&self, rule: &Rule, factors: &mut Vec<Points>) {
        factors.clear();
        for split in &self.splits {
            for &state in split.states() {
                let [left, right, left_up, right_up] = split.factors(rule, state);
                if split.is_last {
                    let (left_part, right_part) = (times(left, &left_up), times(right, &right_up));
                    factors.extend([plus(left, &right), plus(left_part, &right_part)]);
                } else {
                    factors.extend([left, right, left_up, right_up]);
                }
            }
        }
    }
}

impl Split {
    fn share_of(&self, side: u8) -> f64 {
        if side == 0 { self.left_share } else { 1.0 - self.left_share }
    }

    fn states(&self) -> &'static [u8] {
        if self.earlier == 0 { &[0, 1] } else { &[0, 1, DEAD] }
    }

    /// What the sides multiply by on the way down, left and right, and what their sums are weighed by on the way up.
    pub(super) fn factors(&self, rule: &Rule, state: u8) -> [Points; 4] {
        let mut factors = [[0.0; POINTS]; 4];
        for side in [0, 1] {
            let own = self.share_of(side);
            let new = self.share * own;
            for (point, t) in rule.points.into_iter().enumerate() {
                // `F` of the feature before this split, where the row takes the path, and what it adds to the feature.
                let old = self.share + (1.0 - self.share) * t;
                let (down, up) = if state == DEAD {
                    // `F` is the share times `1 - t`, before and after.
                    (own, 0.0)
                } else if state == side {
                    let taken = new + (1.0 - new) * t;
                    (taken / old, (1.0 - new) / taken - (1.0 - self.share) / old)
                } else {
                    (new * (1.0 - t) / old, -1.0 / (1.0 - t) - (1.0 - self.share) / old)
                };
                factors[side as usize][point] = down * self.values[side as usize];
                factors[side as usize + 2][point] = up;
            }
        }
        factors
    }
}

/// The products at each point.
pub(super) fn times(mut left: Points, right: &Points) -> Points {
    for (left, right) in left.iter_mut().zip(right) {
        *left *= right;
    }
    left
}

/// The sums at each point.
pub(super) fn plus(mut left: Points, right: &Points) -> Points {
    for (left, right) in left.iter_mut().zip(right) {
        *left += right;
    }
    left
}

/// The mean of a tree's leaves over the covers.
fn mean(forest: &Forest, nodes: std::ops::Range<usize>, shares: &[f64], value: impl Fn(usize) -> f64) -> f64 {
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
