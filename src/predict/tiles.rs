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
const MOST_GROUPS: usize = 3;

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
    /// How many groups of byte columns its splits are in.
    groups: u32,
    output: u32,
}

/// Seven splits in the order of their depth, a byte each of which the eighth is unused, and what follows.
#[derive(Clone, Copy, Debug)]
struct Tile {
    /// The byte column of each split.
    columns: u64,
    /// Its threshold.
    thresholds: u64,
    /// What is taken off the byte first: 1 where missing goes right.
    shifts: u64,
    /// The tile, or at the last level the leaf, of slot 0.
    base: u32,
}

/// A tile that every row leaves by slot 0.
const PASS: Tile = Tile { columns: 0, thresholds: u64::from_le_bytes([ALWAYS_LEFT as u8; SLOTS]), shifts: 0, base: 0 };

/// Eight bytes, and eight of 0.
#[inline(always)]
fn lanes(bytes: u64) -> i8x16 {
    bytemuck::cast([bytes.to_le(), 0])
}

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
            let levels_of_tree = depth.div_ceil(3).max(1) as u32;
            let first = builder.tiles.len();
            builder.tree(root, levels_of_tree, most_tiles)?;
            let columns = builder.tiles[first..].iter().flat_map(|tile| tile.columns.to_le_bytes());
            let groups = usize::from(columns.max().unwrap_or(0)) / GROUP + 1;
            let tree = Tree { root: first as u32, levels: levels_of_tree, groups: groups as u32, output };
            levels += f64::from(tree.levels);
            mean_depths += mean;
            trees.push(tree);
        }
        // Measured: a node of the portable walk costs about as much as a tile of one group and a half.
        if levels * (1.0 + groups as f64) > 5.0 * mean_depths.max(1.0) {
            return None;
        }
        let (tiles, leaves) = (builder.tiles, builder.leaves);
        Some(Self { columns, groups, tiles, trees, leaves, leaf_width: forest.leaf_width() })
    }

    /// Adds the trees' leaves to the margins of a block of rows.
    pub(super) fn add(&self, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        let row_count = rows.len() / width;
        let bytes = &mut scratch.bytes;
        bytes.resize(row_count * self.groups * GROUP, 0);
        self.columns.encode(rows, width, &mut Block { bytes, row_step: self.groups * GROUP, column_step: 1 });
        let rows = bytes.as_chunks::<GROUP>().0;
        let output_count = margins.len() / row_count.max(1);
        for tree in &self.trees {
            match tree.groups {
                1 => self.add_tree::<1>(tree, rows, margins, output_count),
                2 => self.add_tree::<2>(tree, rows, margins, output_count),
                _ => self.add_tree::<MOST_GROUPS>(tree, rows, margins, output_count),
            }
        }
    }

    fn add_tree<const GROUPS: usize>(
        &self,
        tree: &Tree,
        rows: &[[i8; GROUP]],
        margins: &mut [f32],
        output_count: usize,
    ) {
        let margins = &mut margins[tree.output as usize..];
        if self.leaf_width > 1 {
            return self.add_leaves::<GROUPS>(rows, margins, output_count, |row| self.walk(tree, row));
        }
        // Steps written out let the compiler keep the first tile from row to row; each such loop costs bytes.
        match tree.levels {
            2 => self.add_leaves::<GROUPS>(rows, margins, output_count, |row| {
                step(&self.tiles[step(&self.tiles[tree.root as usize], row)], row)
            }),
            3 if GROUPS > 1 => self.add_leaves::<GROUPS>(rows, margins, output_count, |row| {
                let second = step(&self.tiles[tree.root as usize], row);
                step(&self.tiles[step(&self.tiles[second], row)], row)
            }),
            _ => self.add_leaves::<GROUPS>(rows, margins, output_count, |row| self.walk(tree, row)),
        }
    }

    #[inline(always)]
    fn add_leaves<const GROUPS: usize>(
        &self,
        rows: &[[i8; GROUP]],
        margins: &mut [f32],
        output_count: usize,
        leaf: impl Fn(&[[i8; GROUP]; GROUPS]) -> usize,
    ) {
        let (mut margin, mut row) = (0, 0);
        while let Some(groups) = rows.get(row..).and_then(<[_]>::first_chunk::<GROUPS>) {
            let leaf = leaf(groups) * self.leaf_width;
            margins[margin] += self.leaves[leaf];
            for more in 1..self.leaf_width {
                margins[margin + more] += self.leaves[leaf + more];
            }
            margin += output_count;
            row += self.groups;
        }
    }

    /// The leaf where a row ends.
    #[inline(always)]
    fn walk<const GROUPS: usize>(&self, tree: &Tree, row: &[[i8; GROUP]; GROUPS]) -> usize {
        let mut index = tree.root as usize;
        for _ in 0..tree.levels {
            index = step(&self.tiles[index], row);
        }
        index
    }
}

/// What comes after a tile for a row.
#[inline(always)]
fn step<const GROUPS: usize>(tile: &Tile, row: &[[i8; GROUP]; GROUPS]) -> usize {
    let mut columns = lanes(tile.columns);
    let mut values = i8x16::new(row[0]).shuffle_zeroing(columns.cast_unsigned());
    // A column of another group is out of a shuffle's reach and gives 0. Written out, as a compiler that saves bytes does
    // not do it by itself.
    if GROUPS > 1 {
        columns -= i8x16::splat(GROUP as i8);
        values |= i8x16::new(row[1]).shuffle_zeroing(columns.cast_unsigned());
    }
    if GROUPS > 2 {
        columns -= i8x16::splat(GROUP as i8);
        values |= i8x16::new(row[2]).shuffle_zeroing(columns.cast_unsigned());
    }
    let right = (values - lanes(tile.shifts)).simd_gt(lanes(tile.thresholds)).to_bitmask() as usize;
    tile.base as usize + usize::from(SLOT[right % SLOT.len()])
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
        let mut nodes = [None; SPLITS + SLOTS];
        nodes[0] = Some(node);
        for position in 0..SPLITS {
            let Some(node) = nodes[position] else { continue };
            match self.forest.nodes()[node as usize] {
                Node::Split { column, rank, right } => {
                    let split = self.columns.split(self.forest, column, rank);
                    columns[position] = split.column as u8;
                    thresholds[position] = split.threshold as u8;
                    shifts[position] = u8::from(split.missing_right);
                    nodes[2 * position + 1] = Some(node + 1);
                    nodes[2 * position + 2] = Some(right);
                }
                Node::Leaf { .. } => nodes[2 * position + 1] = Some(node),
            }
        }
        let [columns, thresholds, shifts] = [columns, thresholds, shifts].map(u64::from_le_bytes);
        let tile = Tile { columns, thresholds, shifts, base: 0 };
        let slots = &nodes[SPLITS..];
        let used = slots.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        (tile, slots[..used].to_vec())
    }
}
