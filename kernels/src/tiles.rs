//! Deep trees: one row at a time, three splits at once.
//!
//! A tile is a subtree of depth 3: seven splits, compared in one instruction, whose answers are seven bits. A table
//! turns them into one of eight slots: the next tile, or at the last level a leaf. All tiles of one level are as many
//! steps from the root, so a walk has no branch that depends on the row. Rows are taken a block at a time with the trees
//! outside, so that a tree is fetched once a block.

use wide::i8x16;

use crate::{ALWAYS_LEFT, SLOTS, SPLITS};

/// How many byte columns one shuffle reaches.
pub const GROUP: usize = 16;
/// The most shuffles a tile may need; beyond, walking node by node is faster.
pub const MOST_GROUPS: usize = 3;

/// The trees as tiles.
#[derive(Clone, Debug)]
pub struct Tiles {
    /// How many groups of byte columns a row has.
    pub groups: usize,
    /// All trees' tiles.
    pub tiles: Vec<Tile>,
    /// The trees, in the order that their leaves are added.
    pub trees: Vec<Tree>,
    /// What the leaves add, `leaf_width` numbers each.
    pub leaves: Vec<f32>,
    /// How many numbers a leaf has.
    pub leaf_width: usize,
}

/// One tree.
#[derive(Clone, Copy, Debug)]
pub struct Tree {
    /// Its first tile.
    pub root: u32,
    /// How many tiles every walk passes.
    pub levels: u32,
    /// How many groups of byte columns its splits are in.
    pub groups: u32,
    /// The output that it adds to.
    pub output: u32,
}

/// Seven splits in the order of their depth, a byte each of which the eighth is unused, and what follows.
#[derive(Clone, Copy, Debug)]
pub struct Tile {
    /// The byte column of each split.
    pub columns: u64,
    /// Its threshold.
    pub thresholds: u64,
    /// What is taken off the byte first: 1 where missing goes right.
    pub shifts: u64,
    /// The tile, or at the last level the leaf, of slot 0.
    pub base: u32,
}

/// A tile that every row leaves by slot 0.
pub const PASS: Tile =
    Tile { columns: 0, thresholds: u64::from_le_bytes([ALWAYS_LEFT as u8; SLOTS]), shifts: 0, base: 0 };

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

impl Tiles {
    /// Adds the trees' leaves to the margins of `row_count` rows, whose bytes are row after row, [`GROUP`] for each of
    /// the groups.
    pub fn add(&self, bytes: &[i8], row_count: usize, margins: &mut [f32]) {
        let rows = bytes.as_chunks::<GROUP>().0;
        if row_count == 1 && self.leaf_width == 1 {
            // A loop around each tree would cost one row as much as the tree.
            return match self.groups {
                1 => self.add_row::<1>(rows, margins),
                2 => self.add_row::<2>(rows, margins),
                _ => self.add_row::<MOST_GROUPS>(rows, margins),
            };
        }
        let output_count = margins.len() / row_count.max(1);
        for tree in &self.trees {
            match tree.groups {
                1 => self.add_tree::<1>(tree, rows, margins, output_count),
                2 => self.add_tree::<2>(tree, rows, margins, output_count),
                _ => self.add_tree::<MOST_GROUPS>(tree, rows, margins, output_count),
            }
        }
    }

    fn add_row<const GROUPS: usize>(&self, rows: &[[i8; GROUP]], margins: &mut [f32]) {
        let Some(row) = rows.first_chunk::<GROUPS>() else { return };
        for tree in &self.trees {
            margins[tree.output as usize] += self.leaves[self.walk(tree, row)];
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
