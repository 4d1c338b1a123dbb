//! Shallow trees made perfect, for `wardian_kernels::blend`.

use wardian_kernels::blend::{self, Tree};
use wardian_kernels::{BLOCK, DEPTH, SPLITS};

use super::{Memory, Scratch, scatter, subtree};
use crate::codes::{Block, ByteSplit, Coders};
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

    /// Writes the margins of a block of rows.
    pub(super) fn write(&self, coders: &Coders, base_margins: &[f32], rows: &[f32], width: usize, memory: Memory<'_>) {
        // Column after column. What lies behind a column's last row is never read out.
        let Memory { scratch: Scratch { bytes, sums }, margins } = memory;
        bytes.resize((coders.count() + self.shifted.len()) * BLOCK, 0);
        coders.encode(rows, width, Block { bytes, row_step: 1, column_step: BLOCK });
        let (unshifted, shifted) = bytes.split_at_mut(coders.count() * BLOCK);
        for (to, &column) in shifted.chunks_exact_mut(BLOCK).zip(&self.shifted) {
            wardian_kernels::take_one(&unshifted[column as usize * BLOCK..], to);
        }
        sums.resize(base_margins.len() * BLOCK, 0.0);
        let padded = (rows.len() / width).next_multiple_of(blend::ROWS);
        for ((trees, base), sums) in self.outputs.iter().zip(base_margins).zip(sums.chunks_exact_mut(BLOCK)) {
            let sums = &mut sums[..padded];
            sums.fill(*base);
            blend::add(trees, bytes, sums);
        }
        scatter(sums, margins, base_margins.len());
    }
}
