//! Deep trees as tiles, for `wardian_kernels::tiles`. A leaf above a tree's last level is followed by tiles that every
//! row leaves by slot 0.

use wardian_kernels::tiles::{GROUP, MOST_GROUPS, PASS, Tile, Tiles, Tree};
use wardian_kernels::{ALWAYS_LEFT, SLOTS, SPLITS};

use super::{Scratch, subtree};
use crate::codes::bytes::{Block, ByteColumns};
use crate::forest::{Forest, Node, leaf_depths};

/// The trees as tiles.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    columns: ByteColumns,
    tiles: Tiles,
}

impl Trees {
    /// The forest as tiles; `None` where walking node by node is faster, or tiles would be many times the nodes.
    pub(super) fn new(forest: &Forest) -> Option<Self> {
        let columns = ByteColumns::new(forest);
        let groups = columns.count().div_ceil(GROUP).max(1);
        if groups > MOST_GROUPS {
            return None;
        }
        let most_tiles = 8 * forest.nodes().len() + 64;
        let mut builder = Builder { forest, columns: &columns, tiles: Vec::new(), leaves: Vec::new() };
        let mut trees = Vec::new();
        let (mut levels, mut mean_depths) = (0.0, 0.0);
        for (tree, (&root, &output)) in forest.roots().iter().zip(forest.tree_outputs()).enumerate() {
            let end = forest.roots().get(tree + 1).map_or(forest.nodes().len(), |&next| next as usize);
            let depths: Vec<usize> = leaf_depths(&forest.nodes()[root as usize..end]).collect();
            let deepest = depths.iter().copied().max().unwrap_or(0);
            let levels_of_tree = deepest.div_ceil(3).max(1) as u32;
            let first = builder.tiles.len();
            builder.tree(root, levels_of_tree, most_tiles)?;
            let columns = builder.tiles[first..].iter().flat_map(|tile| tile.columns.to_le_bytes());
            let groups = usize::from(columns.max().unwrap_or(0)) / GROUP + 1;
            let tree = Tree { root: first as u32, levels: levels_of_tree, groups: groups as u32, output };
            levels += f64::from(tree.levels);
            mean_depths += depths.iter().sum::<usize>() as f64 / depths.len().max(1) as f64;
            trees.push(tree);
        }
        // Measured: a node of the portable walk costs about as much as a tile of one group and a half.
        if levels * (1.0 + groups as f64) > 5.0 * mean_depths.max(1.0) {
            return None;
        }
        let (tiles, leaves) = (builder.tiles, builder.leaves);
        let tiles = Tiles { groups, tiles, trees, leaves, leaf_width: forest.leaf_width() };
        Some(Self { columns, tiles })
    }

    /// Adds the trees' leaves to the margins of a block of rows.
    pub(super) fn add(&self, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        let row_count = rows.len() / width;
        let row_step = self.tiles.groups * GROUP;
        let bytes = &mut scratch.bytes;
        bytes.resize(row_count * row_step, 0);
        self.columns.encode(rows, width, &mut Block { bytes, row_step, column_step: 1 });
        self.tiles.add(bytes, row_count, margins);
    }
}

struct Builder<'a> {
    forest: &'a Forest,
    columns: &'a ByteColumns,
    tiles: Vec<Tile>,
    leaves: Vec<f32>,
}

impl Builder<'_> {
    /// Appends the tiles of the tree at `root`, level after level.
    fn tree(&mut self, root: u32, levels: u32, most_tiles: usize) -> Option<()> {
        // What each tile of the level begins with; `None` is a place that no row reaches.
        let mut level: Vec<Option<u32>> = vec![Some(root)];
        for depth in 0..levels {
            let next = self.tiles.len() + level.len();
            let mut following = Vec::new();
            for place in level {
                let (mut tile, slots) = match place {
                    Some(node) => self.tile(node),
                    None => (PASS, Vec::new()),
                };
                tile.base = if depth + 1 < levels {
                    // Where nothing follows, no row comes; the index stays within the tiles all the same.
                    let base = if slots.is_empty() { 0 } else { next + following.len() };
                    following.extend(slots);
                    base as u32
                } else {
                    let width = self.forest.leaf_width();
                    let base = self.leaves.len() / width;
                    for slot in slots {
                        let leaf = match slot.map(|node| self.forest.nodes()[node as usize]) {
                            Some(Node::Leaf { leaf }) => Some(leaf as usize),
                            _ => None,
                        };
                        let values = leaf.map(|leaf| &self.forest.leaves()[leaf * width..][..width]);
                        match values {
                            Some(values) => self.leaves.extend_from_slice(values),
                            None => self.leaves.resize(self.leaves.len() + width, 0.0),
                        }
                    }
                    base as u32
                };
                self.tiles.push(tile);
                if self.tiles.len() + following.len() > most_tiles {
                    return None;
                }
            }
            level = following;
        }
        Some(())
    }

    /// The tile that begins with `node`, and what follows in each slot, up to the last that a row reaches.
    fn tile(&self, node: u32) -> (Tile, Vec<Option<u32>>) {
        let (mut columns, mut shifts) = ([0; SLOTS], [0; SLOTS]);
        let mut thresholds = [ALWAYS_LEFT as u8; SLOTS];
        let nodes = subtree(self.forest, node);
        for (position, node) in nodes[..SPLITS].iter().enumerate() {
            if let Some(Node::Split { column, rank, .. }) = node.map(|node| self.forest.nodes()[node as usize]) {
                let split = self.columns.split(self.forest, column, rank);
                columns[position] = split.column as u8;
                thresholds[position] = split.threshold as u8;
                shifts[position] = u8::from(split.missing_right);
            }
        }
        let [columns, thresholds, shifts] = [columns, thresholds, shifts].map(u64::from_le_bytes);
        let tile = Tile { columns, thresholds, shifts, base: 0 };
        let slots = &nodes[SPLITS..];
        let used = slots.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        (tile, slots[..used].to_vec())
    }
}
