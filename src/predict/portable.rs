//! The evaluator that runs everywhere and takes any forest: one row, one node at a time.

use super::{Memory, Scratch};
use crate::codes::{Block, ByteSplit, Coders};
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

    /// Writes the margins of a block of rows, the leaves added in tree order.
    ///
    /// XGBoost starts from the base margin and adds the trees' leaves in tree order, all in `f32` (checked against 3.2:
    /// adding the base last gives other bits in five rows of six).
    pub(super) fn write(&self, coders: &Coders, base_margins: &[f32], rows: &[f32], width: usize, memory: Memory<'_>) {
        let Memory { scratch: Scratch { bytes, .. }, margins } = memory;
        let (row_count, output_count) = (rows.len() / width, base_margins.len());
        for margins in margins.chunks_exact_mut(output_count) {
            margins.copy_from_slice(base_margins);
        }
        // A forest of leaves alone has no columns.
        let row_step = coders.count().max(1);
        bytes.resize(row_count * row_step, 0);
        coders.encode(rows, width, Block { bytes, row_step, column_step: 1 });
        for &Tree { root, output, .. } in &self.trees {
            for (codes, margins) in bytes.chunks_exact(row_step).zip(margins.chunks_exact_mut(output_count)) {
                let mut index = root as usize;
                // A child comes after its parent, so this ends.
                let leaf = loop {
                    let node = self.nodes[index];
                    let Some(split) = node.split else { break node.right as usize };
                    let code = codes[split.column as usize].wrapping_sub(i8::from(split.missing_right));
                    index = if code > split.threshold { node.right as usize } else { index + 1 };
                };
                let values = &self.leaves[leaf * self.leaf_width..][..self.leaf_width];
                for (margin, value) in margins[output as usize..].iter_mut().zip(values) {
                    *margin += value;
                }
            }
        }
    }
}
