//! Trees of any size and with leaves of any kind, for `wardian_kernels::walk`.

use wardian_kernels::BLOCK;
use wardian_kernels::fold::{LANES, Line};
use wardian_kernels::walk::{self, MOST_LINES, Node, WALKS};

use super::lines::Lines;
use crate::forest::{self, Forest};

/// The trees, the two sides of each split side by side.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    nodes: Vec<Node>,
    /// For each node the leaf that it is, if it is one.
    leaf_of: Vec<u32>,
    trees: Vec<Tree>,
    leaves: Vec<f32>,
    leaf_width: usize,
}

#[derive(Clone, Copy, Debug)]
struct Tree {
    tree: walk::Tree,
    output: u32,
}

impl Trees {
    /// The forest in this form; `None` if it has more lines than nodes can tell apart.
    pub(super) fn new(forest: &Forest, lines: &Lines) -> Option<Self> {
        if lines.count() > MOST_LINES {
            return None;
        }
        let mut trees = Self {
            nodes: Vec::new(),
            leaf_of: Vec::new(),
            trees: Vec::new(),
            leaves: forest.leaves().to_vec(),
            leaf_width: forest.leaf_width(),
        };
        for &forest::Tree { root, output, depth } in forest.trees() {
            let tree = walk::Tree { root: trees.nodes.len() as u32, depth };
            trees.push(forest, lines, root);
            trees.trees.push(Tree { tree, output });
        }
        Some(trees)
    }

    /// Appends the nodes of the tree at `root`, level after level.
    fn push(&mut self, forest: &Forest, lines: &Lines, root: u32) {
        let mut level = vec![root];
        while !level.is_empty() {
            let below = self.nodes.len() + level.len();
            let mut next = Vec::new();
            for node in level {
                let (packed, leaf) = match forest.nodes()[node as usize] {
                    forest::Node::Split { split, right } => {
                        let (line, threshold) = lines.of(split);
                        let left = below + next.len();
                        next.extend([node + 1, right]);
                        (Node::split(line, threshold, left as u32), 0)
                    }
                    forest::Node::Leaf { leaf } => (Node::leaf(self.nodes.len() as u32), leaf),
                };
                self.nodes.push(packed);
                self.leaf_of.push(leaf);
            }
            level = next;
        }
    }

    /// Adds the leaves of all trees to the sums of one row, whose bytes are one for each line; those of an output are
    /// [`BLOCK`] apart.
    pub(super) fn add_row(&self, bytes: &[i8], sums: &mut [f32]) {
        for eight in self.trees.chunks(WALKS) {
            // Where there are fewer, the first again and again.
            let trees = std::array::from_fn(|place| eight.get(place).unwrap_or(&eight[0]).tree);
            let places = walk::trees(&self.nodes, trees, bytes);
            for (tree, place) in eight.iter().zip(places) {
                self.add(tree.output, place, &mut sums[..], 0);
            }
        }
    }

    /// Adds the leaves of one tree to the sums of blocks of rows, of `lines` lines each.
    pub(super) fn add_tree(&self, tree: usize, blocks: &[Line], lines: usize, sums: &mut [f32]) {
        let Tree { tree, output } = self.trees[tree];
        let mut places = [0; LANES];
        for (block, lines) in blocks.chunks_exact(lines).enumerate() {
            walk::rows(&self.nodes, tree, lines, &mut places);
            for (row, place) in places.into_iter().enumerate() {
                self.add(output, place, sums, block * LANES + row);
            }
        }
    }

    fn add(&self, output: u32, place: u32, sums: &mut [f32], row: usize) {
        let leaf = self.leaf_of[place as usize] as usize * self.leaf_width;
        for (more, value) in self.leaves[leaf..leaf + self.leaf_width].iter().enumerate() {
            sums[(output as usize + more) * BLOCK + row] += value;
        }
    }

    /// How many trees there are.
    pub(super) fn count(&self) -> usize {
        self.trees.len()
    }
}
