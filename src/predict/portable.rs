//! The evaluator that runs everywhere and takes any forest: one row, one node at a time.

use super::Scratch;
use crate::codes;
use crate::forest::{Column, Forest, Node};

/// The trees, each node in 12 bytes.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    columns: Vec<Column>,
    nodes: Vec<Packed>,
    /// Each tree's root and output.
    trees: Vec<(u32, u32)>,
    leaves: Vec<f32>,
    leaf_width: usize,
}

/// A split, or where `column` is [`LEAF`] a leaf whose index is in `right`.
#[derive(Clone, Copy, Debug)]
struct Packed {
    column: u32,
    rank: u32,
    right: u32,
}

const LEAF: u32 = u32::MAX;

impl Trees {
    pub(super) fn new(forest: &Forest) -> Self {
        let nodes = forest.nodes().iter().map(|node| match *node {
            Node::Split { column, rank, right } => Packed { column, rank, right },
            Node::Leaf { leaf } => Packed { column: LEAF, rank: 0, right: leaf },
        });
        Self {
            columns: forest.columns().to_vec(),
            nodes: nodes.collect(),
            trees: forest.roots().iter().copied().zip(forest.tree_outputs().iter().copied()).collect(),
            leaves: forest.leaves().to_vec(),
            leaf_width: forest.leaf_width(),
        }
    }

    /// Adds the trees' leaves to the margins of a block of rows, in tree order.
    ///
    /// XGBoost starts from the base margin and adds the trees' leaves in tree order, all in `f32` (checked against 3.2:
    /// adding the base last gives other bits in five rows of six).
    pub(super) fn add(&self, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        let row_count = rows.len() / width;
        let output_count = margins.len() / row_count.max(1);
        let codes = &mut scratch.portable;
        codes.clear();
        for row in rows.chunks_exact(width) {
            codes.extend(self.columns.iter().map(|column| codes::code(column, row[column.feature as usize])));
        }
        for &(root, output) in &self.trees {
            for (row, margins) in margins.chunks_exact_mut(output_count).enumerate() {
                let codes = &codes[row * self.columns.len()..][..self.columns.len()];
                let mut index = root as usize;
                // A child comes after its parent, so this ends.
                let leaf = loop {
                    let node = self.nodes[index];
                    if node.column == LEAF {
                        break node.right as usize;
                    }
                    index = if codes[node.column as usize] <= node.rank { index + 1 } else { node.right as usize };
                };
                let values = &self.leaves[leaf * self.leaf_width..][..self.leaf_width];
                for (margin, value) in margins[output as usize..].iter_mut().zip(values) {
                    *margin += value;
                }
            }
        }
    }
}
