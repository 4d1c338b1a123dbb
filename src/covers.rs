//! How much of the training data came to each leaf: what explanations weigh the ways through a tree by.

use crate::error::{Result, broken};
use crate::forest::{Forest, Node};
use crate::sealed::IS_SEALED;

/// The cover of each leaf of a forest, in the order of its leaves: the sum of the training rows' second derivatives
/// (XGBoost's `sum_hessian`), or any other amount of rows. Finite and not negative.
#[derive(Clone, Debug, PartialEq)]
pub struct Covers(Vec<f32>);

impl Covers {
    /// The covers of the leaves of `forest`.
    ///
    /// # Errors
    /// `invalid_model`, naming the leaf, unless there is one for each leaf, finite and not negative.
    pub fn new(forest: &Forest, leaves: Vec<f32>) -> Result<Self> {
        if IS_SEALED {
            return Ok(Self(leaves));
        }
        let due = forest.leaves().len() / forest.leaf_width();
        if leaves.len() != due {
            return Err(broken("# covers for # leaves", &[leaves.len(), due]));
        }
        if let Some(leaf) = leaves.iter().position(|cover| !(cover.is_finite() && *cover >= 0.0)) {
            return Err(broken("its cover is negative or not finite", &[]).place("leaf #", &[leaf]));
        }
        Ok(Self(leaves))
    }

    /// The cover of each leaf, in the order of the forest's leaves.
    pub fn leaves(&self) -> &[f32] {
        &self.0
    }

    /// For each node, the share of its cover that goes left, 0 to 1; at a split that no training row came to, half. (A
    /// leaf's is of no use.) An inner node's cover is the sum of its leaves'.
    pub(crate) fn left_shares(&self, forest: &Forest) -> Vec<f64> {
        let nodes = forest.nodes();
        let mut covers = vec![0.0; nodes.len()];
        let mut shares = vec![0.5; nodes.len()];
        // In pre-order children come after their parents.
        for (index, node) in nodes.iter().enumerate().rev() {
            match *node {
                Node::Leaf { leaf } => covers[index] = f64::from(self.0[leaf as usize]),
                Node::Split { right, .. } => {
                    let left = covers[index + 1];
                    covers[index] = left + covers[right as usize];
                    if covers[index] > 0.0 {
                        shares[index] = left / covers[index];
                    }
                }
            }
        }
        shares
    }
}
