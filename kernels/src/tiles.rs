//! Deep trees: three splits at once, and two trees at once.
//!
//! A tile is a subtree of depth 3: seven splits, compared in one instruction, whose answers are seven bits. A table
//! turns them into one of eight slots: the next tile, or at the last level a leaf. Seven of sixteen bytes would be half
//! of each instruction wasted, so two trees walk side by side. All tiles of one level are as many steps from the root, so
//! a walk has no branch that depends on the row. Rows are taken a block at a time with the trees outside, so that a tree
//! is fetched once a block.

use wide::i8x16;

use crate::{ALWAYS_LEFT, BLOCK, SLOTS, SPLITS};

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
    pub pairs: Vec<Pair>,
    /// What the leaves add.
    pub leaves: Vec<f32>,
}

/// Two trees, the first of which is added first.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// Their first tiles.
    pub roots: [u32; 2],
    /// The outputs that they add to.
    pub outputs: [u32; 2],
    /// How many tiles every walk passes: at least one.
    pub levels: u32,
    /// How many groups of byte columns their splits are in.
    pub groups: u32,
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

/// The bytes of two tiles.
#[inline(always)]
fn lanes(bytes: [u64; 2]) -> i8x16 {
    bytemuck::cast(bytes.map(u64::to_le))
}

/// The slot for each answer of a tile's seven splits; bit 0 is the root's, a set bit is a step to the right. The eighth
/// bit is never set.
static SLOT: [u8; 1 << SLOTS] = slots();

const fn slots() -> [u8; 1 << SLOTS] {
    let mut table = [0; 1 << SLOTS];
    let mut mask = 0;
    while mask < 1 << SPLITS {
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
    /// Adds the trees' leaves to the sums of a block of rows, [`BLOCK`] for each output, however many rows there are. The
    /// rows' bytes are row after row, [`GROUP`] for each of the groups.
    pub fn add(&self, bytes: &[i8], sums: &mut [f32]) {
        let rows = bytes.as_chunks::<GROUP>().0;
        for pair in &self.pairs {
            match pair.groups {
                1 => self.add_pair::<1>(pair, rows, sums),
                2 => self.add_pair::<2>(pair, rows, sums),
                _ => self.add_pair::<MOST_GROUPS>(pair, rows, sums),
            }
        }
    }

    fn add_pair<const GROUPS: usize>(&self, pair: &Pair, rows: &[[i8; GROUP]], sums: &mut [f32]) {
        // Kept from row to row.
        let roots = self.roots(pair);
        let [mut first, mut second] = pair.outputs.map(|output| output as usize * BLOCK);
        let mut row = 0;
        while let Some(groups) = rows.get(row..).and_then(<[_]>::first_chunk::<GROUPS>) {
            let [one, other] = self.walk(pair, roots, groups);
            sums[first] += self.leaves[one];
            sums[second] += self.leaves[other];
            first += 1;
            second += 1;
            row += self.groups;
        }
    }

    #[inline(always)]
    fn roots(&self, pair: &Pair) -> [Tile; 2] {
        pair.roots.map(|root| self.tiles[root as usize])
    }

    /// The leaves where a row ends.
    #[inline(always)]
    fn walk<const GROUPS: usize>(&self, pair: &Pair, roots: [Tile; 2], row: &[[i8; GROUP]; GROUPS]) -> [usize; 2] {
        let (mut tiles, mut left) = (roots, pair.levels);
        loop {
            let places = step(tiles, row);
            left -= 1;
            if left == 0 {
                return places;
            }
            tiles = places.map(|place| self.tiles[place]);
        }
    }
}

/// What comes after two tiles for a row.
#[inline(always)]
fn step<const GROUPS: usize>(tiles: [Tile; 2], row: &[[i8; GROUP]; GROUPS]) -> [usize; 2] {
    let mut columns = lanes(tiles.map(|tile| tile.columns));
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
    let shifted = values - lanes(tiles.map(|tile| tile.shifts));
    let right = shifted.simd_gt(lanes(tiles.map(|tile| tile.thresholds))).to_bitmask();
    let slots = [right as u8, (right >> SLOTS) as u8].map(|answers| usize::from(SLOT[usize::from(answers)]));
    [tiles[0].base as usize + slots[0], tiles[1].base as usize + slots[1]]
}
