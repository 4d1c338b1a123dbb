//! Shallow trees made perfect, for `wardian_kernels::blend`.

use wardian_kernels::blend::{self, Tree};
use wardian_kernels::{BLOCK, DEPTH, SPLITS};

use super::{Layout, subtree};
use crate::codes::ByteSplit;
use crate::forest::{Forest, Node};

/// The trees, those of one output together.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    /// The byte columns that are wanted less 1 too, where missing goes right: they come after the others.
    shifted: Vec<u32>,
    /// The trees of each output.
    outputs: Vec<Vec<Tree>>,
}

impl Trees {
    /// The forest in this form; `None` if a tree is deeper, or leaves are vectors.
    pub(super) fn new(forest: &Forest) -> Option<Self> {
        if forest.depth() > DEPTH || forest.leaf_width() > 1 || forest.columns().is_empty() {
            return None;
        }
        let mut trees = Self { shifted: Vec::new(), outputs: Vec::new() };
        trees.outputs.resize_with(forest.output_count(), Vec::new);
        for tree in forest.trees() {
            let perfect = trees.tree(forest, tree.root);
            trees.outputs[tree.output as usize].push(perfect);
        }
        Some(trees)
    }

    /// The tree at `root`, made perfect.
    fn tree(&mut self, forest: &Forest, root: u32) -> Tree {
        let mut tree = Tree::default();
        for (position, node) in subtree(forest, root).into_iter().enumerate() {
            match node.map(|node| forest.nodes()[node as usize]) {
                Some(Node::Split { split, .. }) if position < SPLITS => {
                    let ByteSplit { column, threshold, missing_right } = split.into();
                    let column = if missing_right { self.shifted(forest, column) } else { column };
                    tree.set_split(position, column, threshold);
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

    /// The place of a byte column's copy less 1.
    fn shifted(&mut self, forest: &Forest, column: u32) -> u32 {
        let known = self.shifted.iter().position(|&shifted| shifted == column);
        let place = known.unwrap_or(self.shifted.len());
        if known.is_none() {
            self.shifted.push(column);
        }
        (forest.columns().len() + place) as u32
    }
}

impl super::Trees for Trees {
    fn layout(&self, columns: usize, _: usize) -> Layout {
        Layout { length: (columns + self.shifted.len()) * BLOCK, row_step: 1, column_step: BLOCK }
    }

    fn add(&self, codes: &mut [i8], rows: usize, sums: &mut [f32]) {
        let (unshifted, shifted) = codes.split_at_mut(codes.len() - self.shifted.len() * BLOCK);
        for (to, &column) in shifted.chunks_exact_mut(BLOCK).zip(&self.shifted) {
            wardian_kernels::take_one(&unshifted[column as usize * BLOCK..], to);
        }
        for (trees, sums) in self.outputs.iter().zip(sums.chunks_exact_mut(BLOCK)) {
            blend::add(trees, codes, &mut sums[..rows.next_multiple_of(blend::ROWS)]);
        }
    }
}
