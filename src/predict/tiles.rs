//! The evaluator for deep trees: one row at a time, three splits at once.
//!
//! A tile is a subtree of depth 3: seven splits, compared in one instruction, whose answers are seven bits. A table
//! turns them into one of eight slots: the next tile, or at the last level a leaf. All tiles of one level are as many
//! steps from the root, so a walk has no branch that depends on the row. A leaf above the last level is followed by
//! tiles that every row leaves by slot 0. Rows are taken a block at a time with the trees outside, so that a tree is
//! fetched once a block.

use wide::i8x16;

use super::Scratch;
use crate::codes::bytes::{ALWAYS_LEFT, Block, ByteColumns};
use crate::forest::{Forest, Node};

/// The splits of a tile.
const SPLITS: usize = 7;
/// The ways out of a tile.
const SLOTS: usize = 8;
/// How many byte columns one shuffle reaches.
const GROUP: usize = 16;
/// The most shuffles a tile may need; beyond, walking node by node is faster.
const MOST_GROUPS: usize = 4;

/// The trees as tiles.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    columns: ByteColumns,
    groups: usize,
    tiles: Vec<Tile>,
    trees: Vec<Tree>,
    leaves: Vec<f32>,
    leaf_width: usize,
}

#[derive(Clone, Copy, Debug)]
struct Tree {
    root: u32,
    levels: u32,
    output: u32,
}

/// Seven splits in the order of their depth, and what follows.
#[derive(Clone, Copy, Debug)]
struct Tile {
    columns: [i8; GROUP],
    thresholds: [i8; GROUP],
    /// The tile, or at the last level the leaf, of slot 0.
    base: u32,
}

/// A tile that every row leaves by slot 0.
const PASS: Tile = Tile { columns: [0; GROUP], thresholds: [ALWAYS_LEFT; GROUP], base: 0 };

/// The slot for each answer of a tile's seven splits; bit 0 is the root's, a set bit is a step to the right.
static SLOT: [u8; 1 << SPLITS] = slots();

const fn slots() -> [u8; 1 << SPLITS] {
    let mut table = [0; 1 << SPLITS];
    let mut mask = 0;
    while mask < table.len() {
        let mut position = 0;
        while position < SPLITS {
            position = 2 * position + 1 + (mask >> position & 1);
        }
        table[mask] = (position - SPLITS) as u8;
        mask += 1;
    }
    table
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
            let (depth, mean) = depths(&forest.nodes()[root as usize..end]);
            let tree = Tree { root: builder.tiles.len() as u32, levels: depth.div_ceil(3).max(1) as u32, output };
            builder.tree(root, tree.levels, most_tiles)?;
            levels += f64::from(tree.levels);
            mean_depths += mean;
            trees.push(tree);
        }
        // Measured: a node of the portable walk costs about as much as a tile of one group and a half.
        if levels * (1.0 + groups as f64) > 5.0 * mean_depths.max(1.0) {
            return None;
        }
        // Outputs do not meet, so only the order of trees within each matters.
        trees.sort_by_key(|tree| tree.output);
        let (tiles, leaves) = (builder.tiles, builder.leaves);
        Some(Self { columns, groups, tiles, trees, leaves, leaf_width: forest.leaf_width() })
    }

    /// Adds the trees' leaves to the margins of a block of rows.
    pub(super) fn add(&self, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        match self.groups {
            1 => self.add_grouped::<1>(rows, width, scratch, margins),
            2 => self.add_grouped::<2>(rows, width, scratch, margins),
            3 => self.add_grouped::<3>(rows, width, scratch, margins),
            _ => self.add_grouped::<4>(rows, width, scratch, margins),
        }
    }

    fn add_grouped<const GROUPS: usize>(&self, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        let row_count = rows.len() / width;
        let output_count = margins.len() / row_count.max(1);
        let bytes = &mut scratch.bytes;
        bytes.resize(row_count * GROUPS * GROUP, 0);
        let mut block = Block { bytes, row_step: GROUPS * GROUP, column_step: 1 };
        self.columns.encode(rows, width, &mut block);
        let rows = bytes.as_chunks::<GROUP>().0.as_chunks::<GROUPS>().0;
        for tree in &self.trees {
            if self.leaf_width == 1 {
                let margins = margins[tree.output as usize..].iter_mut().step_by(output_count);
                for (row, margin) in rows.iter().zip(margins) {
                    *margin += self.leaves[self.walk(tree, row)];
                }
            } else {
                for (row, margins) in rows.iter().zip(margins.chunks_exact_mut(output_count)) {
                    let values = &self.leaves[self.walk(tree, row) * self.leaf_width..][..self.leaf_width];
                    for (margin, value) in margins.iter_mut().zip(values) {
                        *margin += value;
                    }
                }
            }
        }
    }

    /// The leaf where a row ends.
    #[inline(always)]
    fn walk<const GROUPS: usize>(&self, tree: &Tree, row: &[[i8; GROUP]; GROUPS]) -> usize {
        let mut index = tree.root as usize;
        for _ in 0..tree.levels {
            let tile = &self.tiles[index];
            let mut columns = i8x16::new(tile.columns);
            let mut values = i8x16::new(row[0]).shuffle_zeroing(columns.cast_unsigned());
            for group in &row[1..] {
                // A column of another group is out of this shuffle's reach and gives 0.
                columns = columns - i8x16::splat(GROUP as i8);
                values |= i8x16::new(*group).shuffle_zeroing(columns.cast_unsigned());
            }
            let right = values.simd_gt(i8x16::new(tile.thresholds)).to_bitmask() as usize;
            index = tile.base as usize + usize::from(SLOT[right % SLOT.len()]);
        }
        index
    }
}

/// The depth of the deepest leaf of one tree, and the mean over all.
fn depths(nodes: &[Node]) -> (usize, f64) {
    let (mut depth, mut deepest, mut sum, mut leaves) = (0_usize, 0, 0, 0);
    let mut pending = Vec::new();
    for node in nodes {
        match node {
            Node::Split { .. } => {
                depth += 1;
                pending.push(depth);
            }
            Node::Leaf { .. } => {
                deepest = deepest.max(depth);
                sum += depth;
                leaves += 1;
                depth = pending.pop().unwrap_or(0);
            }
        }
    }
    (deepest, sum as f64 / f64::from(leaves.max(1)))
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
                if depth + 1 < levels {
                    // Where nothing follows, no row comes; the index stays within the tiles all the same.
                    tile.base = if slots.is_empty() { 0 } else { (next + following.len()) as u32 };
                    following.extend(slots);
                } else {
                    let width = self.forest.leaf_width();
                    tile.base = (self.leaves.len() / width) as u32;
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
                }
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
        let mut tile = PASS;
        let mut nodes = [None; SPLITS + SLOTS];
        nodes[0] = Some(node);
        for position in 0..SPLITS {
            let Some(node) = nodes[position] else { continue };
            match self.forest.nodes()[node as usize] {
                Node::Split { column, rank, right } => {
                    let (column, threshold) = self.columns.split(column, rank);
                    tile.columns[position] = column as i8;
                    tile.thresholds[position] = threshold;
                    nodes[2 * position + 1] = Some(node + 1);
                    nodes[2 * position + 2] = Some(right);
                }
                Node::Leaf { .. } => nodes[2 * position + 1] = Some(node),
            }
        }
        let slots = &nodes[SPLITS..];
        let used = slots.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        (tile, slots[..used].to_vec())
    }
}
