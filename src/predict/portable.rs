//! The evaluator that runs everywhere and takes any forest: one row, one node at a time.

use wardian_kernels::BLOCK;

use super::Layout;
use crate::codes::ByteSplit;
use crate::forest::{Forest, Node, Tree};

/// The trees, each node in 12 bytes.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    nodes: Vec<Packed>,
    trees: Vec<Tree>,
    leaves: Vec<f32>,
    leaf_width: usize,
}

/// A split and its right child; or a leaf, whose index is `right`.
#[derive(Clone, Copy, Debug)]
struct Packed {
    split: Option<ByteSplit>,
    right: u32,
}

impl Trees {
    pub(super) fn new(forest: &Forest) -> Self {
        let nodes = forest.nodes().iter().map(|&node| match node {
            Node::Split { split, right } => Packed { split: Some(split.into()), right },
            Node::Leaf { leaf } => Packed { split: None, right: leaf },
        });
        Self {
            nodes: nodes.collect(),
            trees: forest.trees().to_vec(),
            leaves: forest.leaves().to_vec(),
            leaf_width: forest.leaf_width(),
        }
    }
}

impl super::Trees for Trees {
    fn layout(&self, columns: usize, rows: usize) -> Layout {
        // A forest of leaves alone has no columns.
        let row_step = columns.max(1);
        Layout { length: rows * row_step, row_step, column_step: 1 }
    }

    /// In tree order: XGBoost starts from the base margin and adds the trees' leaves in tree order, all in `f32` (checked
    /// against 3.2: adding the base last gives other bits in five rows of six).
    fn add(&self, codes: &mut [i8], rows: usize, sums: &mut [f32]) {
        for &Tree { root, output, .. } in &self.trees {
            for (row, codes) in codes.chunks_exact(codes.len() / rows).enumerate() {
                let mut index = root as usize;
                // A child comes after its parent, so this ends.
                let leaf = loop {
                    let node = self.nodes[index];
                    let Some(split) = node.split else { break node.right as usize };
                    let goes_right = split.goes_right(codes[split.column as usize]);
                    index = if goes_right { node.right as usize } else { index + 1 };
                };
                for more in 0..self.leaf_width {
                    sums[(output as usize + more) * BLOCK + row] += self.leaves[leaf * self.leaf_width + more];
                }
            }
        }
    }
}
