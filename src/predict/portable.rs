//! The evaluator that runs everywhere: one row, one node at a time.

use crate::forest::{Forest, Node};

/// The margin of one row of codes.
///
/// XGBoost starts from the base margin and adds the trees' leaves in tree order, all in `f32` (checked against 3.2:
/// adding the base last gives other bits in five rows of six).
pub(super) fn margin(forest: &Forest, codes: &[u32]) -> f32 {
    let nodes = forest.nodes();
    let mut margin = forest.base_margin();
    for &root in forest.roots() {
        let mut index = root as usize;
        // A child comes after its parent, so this ends.
        margin += loop {
            match nodes[index] {
                Node::Split { column, rank, right } => {
                    index = if codes[column as usize] <= rank { index + 1 } else { right as usize };
                }
                Node::Leaf { value } => break value,
            }
        };
    }
    margin
}
