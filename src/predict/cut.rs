//! Where trees are cut: what is above is folded, and what is below is leaves, or tiles.

use wardian_kernels::tiles::Tile;
use wardian_kernels::{ALWAYS_LEFT, DEPTH, SLOTS, SPLITS};

use crate::codes::ByteSplit;
use crate::forest::{Forest, Node};

/// How many leaves a tree has.
pub(super) fn leaf_count(forest: &Forest, index: usize) -> usize {
    let end = forest.trees().get(index + 1).map_or(forest.nodes().len(), |next| next.root as usize);
    (end - forest.trees()[index].root as usize).div_ceil(2)
}

/// Where a tree is cut: what is above is folded.
pub(super) struct Cut {
    /// The tree's root.
    pub(super) root: u32,
    /// The nodes that are numbered, ascending, which is from left to right: leaves, or roots of tiles.
    pub(super) ends: Vec<u32>,
}

impl Cut {
    pub(super) fn new(forest: &Forest, index: usize, is_tiled: bool) -> Self {
        let root = forest.trees()[index].root;
        let nodes = &forest.nodes()[root as usize..][..2 * leaf_count(forest, index) - 1];
        // How many splits are on a path below each node, 0 at a leaf; of more than a tile has, one more.
        let most = if is_tiled { DEPTH as u8 } else { 0 };
        let mut depths = vec![0_u8; nodes.len()];
        for (place, node) in nodes.iter().enumerate().rev() {
            if let Node::Split { right, .. } = node {
                depths[place] = (most + 1).min(1 + depths[place + 1].max(depths[(right - root) as usize]));
            }
        }
        let mut is_end = vec![false; nodes.len()];
        is_end[0] = depths[0] <= most;
        for (place, node) in nodes.iter().enumerate() {
            if let Node::Split { right, .. } = node
                && depths[place] > most
            {
                for below in [place + 1, (right - root) as usize] {
                    is_end[below] = depths[below] <= most;
                }
            }
        }
        Self { root, ends: (root..).zip(is_end).filter_map(|(node, is_end)| is_end.then_some(node)).collect() }
    }

    /// How many ends are left of a node.
    pub(super) fn number(&self, node: u32) -> u16 {
        self.ends.partition_point(|&end| end < node) as u16
    }
}

/// The tile that begins with `root`. A leaf higher up stays on the left all the way down.
pub(super) fn tile(forest: &Forest, root: u32) -> Tile {
    let (mut columns, mut thresholds) = ([0; SLOTS], [ALWAYS_LEFT; SLOTS]);
    let (mut shifts, mut leaves) = ([0; SLOTS], [0.0; SLOTS]);
    let mut nodes = [None; SPLITS + SLOTS];
    nodes[0] = Some(root);
    for place in 0..nodes.len() {
        let Some(node) = nodes[place] else { continue };
        match forest.nodes()[node as usize] {
            Node::Leaf { leaf } if place >= SPLITS => leaves[place - SPLITS] = forest.leaves()[leaf as usize],
            Node::Leaf { .. } => nodes[2 * place + 1] = Some(node),
            Node::Split { split, right } => {
                // No tile is deeper.
                let ByteSplit { column, threshold, missing_right } = split.into();
                (columns[place], thresholds[place]) = (column as u8, threshold);
                shifts[place] = u8::from(missing_right);
                (nodes[2 * place + 1], nodes[2 * place + 2]) = (Some(node + 1), Some(right));
            }
        }
    }
    Tile::new(columns, thresholds, shifts, leaves)
}
