//! Where trees are cut: what is above is folded, and what is below is leaves, or tiles.

use wardian_kernels::fold::Fold;
use wardian_kernels::tiles::{Exit, Tile};
use wardian_kernels::{ALWAYS_LEFT, DEPTH, SLOTS, SPLITS};

use crate::codes::ByteSplit;
use crate::forest::{Forest, Node};
use crate::numbers::Number;

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
    /// A tree cut above its leaves; or above tiles, one behind another: as few as there may be where its upper part stays small.
    pub(super) fn new(forest: &Forest, index: usize, is_tiled: bool) -> Self {
        let root = forest.trees()[index].root;
        let nodes = &forest.nodes()[root as usize..][..2 * leaf_count(forest, index) - 1];
        // The most splits on a path from each node.
        let mut levels = vec![0; nodes.len()];
        for (place, node) in nodes.iter().enumerate().rev() {
            if let Node::Split { right, .. } = node {
                levels[place] = 1 + levels[place + 1].max(levels[(right - root) as usize]);
            }
        }
        let mut ends = Vec::new();
        let mut below = if is_tiled { DEPTH } else { 0 };
        loop {
            let mut waiting = vec![root];
            while let Some(node) = waiting.pop() {
                let place = (node - root) as usize;
                match nodes[place] {
                    Node::Split { right, .. } if levels[place] > below => waiting.extend([right, node + 1]),
                    _ => ends.push(node),
                }
            }
            if !is_tiled || ends.len() <= MOST_TILES {
                return Self { root, ends };
            }
            ends.clear();
            below += DEPTH;
        }
    }

    /// How many ends are left of a node.
    pub(super) fn number(&self, node: u32) -> u16 {
        self.ends.partition_point(|&end| end < node) as u16
    }
}

/// The most tiles that a tree's upper part ends in.
const MOST_TILES: usize = 128;

/// Appends the tiles that begin with these nodes, in their order, and behind them those that follow. Whether there are any.
#[inline(never)]
pub(super) fn push_tiles<N: Number>(forest: &Forest, mut roots: Vec<u32>, fold: &mut Fold<N>) -> bool {
    let count = roots.len();
    let (first, mut next) = (fold.tile_count(), 0);
    while let Some(&root) = roots.get(next) {
        next += 1;
        let (mut tile, exits) = tile(forest, root);
        for (slot, node) in exits.into_iter().enumerate() {
            let exit = match forest.nodes()[node as usize] {
                Node::Leaf { leaf } => N::exit(forest, leaf),
                Node::Split { .. } => {
                    roots.push(node);
                    Exit::Tile(first + roots.len() as u32 - 1)
                }
            };
            tile.set_exit(slot, exit);
        }
        fold.tile(tile);
    }
    roots.len() > count
}

/// The splits of the tile that begins with `root`, and the nodes behind them. A leaf higher up stays on the left all the way down.
fn tile(forest: &Forest, root: u32) -> (Tile, [u32; SLOTS]) {
    let (mut columns, mut thresholds, mut shifts) = ([0; SLOTS], [ALWAYS_LEFT; SLOTS], [0; SLOTS]);
    let mut nodes = [root; SPLITS + SLOTS];
    for place in 0..SPLITS {
        let node = nodes[place];
        let below = match forest.nodes()[node as usize] {
            Node::Leaf { .. } => [node; 2],
            Node::Split { split, right } => {
                let ByteSplit { column, threshold, missing_right } = split.into();
                (columns[place], thresholds[place]) = (column as u8, threshold);
                shifts[place] = u8::from(missing_right);
                [node + 1, right]
            }
        };
        nodes[2 * place + 1..][..2].copy_from_slice(&below);
    }
    (Tile::new(columns, thresholds, shifts), *nodes.last_chunk().unwrap_or(&[root; SLOTS]))
}
