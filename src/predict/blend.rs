//! Shallow trees made perfect, for `wardian_kernels::blend`.

use wardian_kernels::blend::{self, Tree};
use wardian_kernels::{BLOCK, DEPTH, ROWS, SPLITS};

use super::{Layout, shift_columns, subtree};
use crate::codes::ByteSplit;
use crate::forest::{Forest, Node};

/// The trees, those of one output together.
#[derive(Clone, Debug)]
pub(super) struct Trees(Vec<blend::Trees>);

/// The most columns whose bytes are kept for a block of rows, and again less 1: 64 MB. More are not seen; each set of
/// categories is one, so that a file of 10 MB may have millions, whose bytes would be all the memory there is.
const MOST_COLUMNS: usize = 1 << 15;

impl Trees {
    /// The forest in this form; `None` if a tree is deeper, leaves are vectors, or columns are very many.
    pub(super) fn new(forest: &Forest) -> Option<Self> {
        let is_wide = forest.columns().len() > MOST_COLUMNS;
        if forest.depth() > DEPTH || forest.leaf_width() > 1 || forest.columns().is_empty() || is_wide {
            return None;
        }
        let mut outputs = Vec::new();
        outputs.resize_with(forest.output_count(), blend::Trees::default);
        for tree in forest.trees() {
            outputs[tree.output as usize].push(perfect(forest, tree.root));
        }
        Some(Self(outputs))
    }
}

/// The tree at `root`, made perfect.
fn perfect(forest: &Forest, root: u32) -> Tree {
    let mut tree = Tree::default();
    for (position, node) in subtree(forest, root).into_iter().enumerate() {
        match node.map(|node| forest.nodes()[node as usize]) {
            Some(Node::Split { split, .. }) if position < SPLITS => {
                let ByteSplit { column, threshold, missing_right } = split.into();
                let shifted = if missing_right { forest.columns().len() as u32 } else { 0 };
                tree.set_split(position, column + shifted, threshold);
            }
            Some(Node::Leaf { leaf }) if position >= SPLITS => {
                tree.set_leaf(position - SPLITS, forest.leaves()[leaf as usize]);
            }
            // A place that no row reaches, or a leaf on its way down. No tree here is deeper than its positions.
            _ => {}
        }
    }
    tree
}

impl super::Trees for Trees {
    fn layout(&self, columns: usize, _: usize) -> Layout {
        Layout { length: 2 * columns * BLOCK, row_step: 1, column_step: BLOCK }
    }

    fn add(&self, codes: &mut [i8], rows: usize, sums: &mut [f32]) {
        shift_columns(codes, rows);
        for (trees, sums) in self.0.iter().zip(sums.chunks_exact_mut(BLOCK)) {
            trees.add(codes, &mut sums[..rows.next_multiple_of(ROWS)]);
        }
    }
}
