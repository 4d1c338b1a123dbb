//! Deep trees: three splits at once, and two trees at once.
//!
//! A tile is a subtree of depth 3: seven splits, compared in one instruction, whose answers are seven bits. A table
//! turns them into one of eight slots: the next tile, or at the last level a leaf. Seven of sixteen bytes would be half
//! of each instruction wasted, so two trees walk side by side. All tiles of one level are as many steps from the root, so
//! a walk has no branch that depends on the row. Rows are taken a block at a time with the trees outside, so that a tree
//! is fetched once a block.
//!
//! All rows of a block begin with a tree's first tile, so that one is a `Subtree`: sixteen rows at a time. A batch of
//! trees of depth 6 takes two thirds of the time so.

use std::cell::Cell;
use std::hint::black_box;

use wide::i8x16;

use crate::subtree::{Subtree, Unknown};
use crate::{ALWAYS_LEFT, BLOCK, ROWS, SLOTS, SPLITS};

/// How many byte columns one shuffle reaches.
pub const GROUP: usize = 16;
/// The most shuffles a tile may need; beyond, walking node by node is faster.
pub const MOST_GROUPS: usize = 3;

/// The trees as tiles, every way through them checked when they are made.
#[derive(Clone, Debug)]
pub struct Tiles {
    columns: usize,
    groups: usize,
    tiles: Vec<Tile>,
    pairs: Vec<Pair>,
    /// The first tiles of each pair.
    subtrees: Vec<[Subtree; 2]>,
    leaves: Vec<f32>,
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

/// Seven splits in the order of their depth, and what follows. A vector for each half, as two tiles' halves are put
/// together by one instruction; from numbers of eight bytes it would take six.
#[derive(Clone, Copy, Debug)]
pub struct Tile {
    /// The byte column of each split, its threshold; the eighth of both is unused.
    splits: i8x16,
    /// What is taken off each split's byte first: 1 where missing goes right; then four bytes of [`Tile::base`].
    rest: i8x16,
}

impl Tile {
    /// A tile of these columns, thresholds and shifts, followed by nothing yet. There is no eighth split, whatever is said
    /// of it.
    pub fn new(columns: [u8; SLOTS], mut thresholds: [i8; SLOTS], shifts: [u8; SLOTS]) -> Self {
        thresholds[SPLITS] = ALWAYS_LEFT;
        let thresholds: [u8; SLOTS] = bytemuck::cast(thresholds);
        Self { splits: bytemuck::cast([columns, thresholds]), rest: bytemuck::cast([shifts, [0; SLOTS]]) }
    }

    /// The byte columns.
    pub fn columns(&self) -> [u8; SLOTS] {
        bytemuck::cast::<i8x16, [[u8; SLOTS]; 2]>(self.splits)[0]
    }

    /// The same tile, with the tile, or at the last level the leaf, of slot 0.
    pub fn followed_by(self, base: u32) -> Self {
        let mut rest: [u32; 4] = bytemuck::cast(self.rest);
        rest[2] = base;
        Self { rest: bytemuck::cast(rest), ..self }
    }

    /// The places of the tiles, or at the last level the leaves, that some row can come to from here. No byte is above
    /// [`ALWAYS_LEFT`], whatever is taken off it first.
    fn followers(&self) -> impl Iterator<Item = usize> + use<> {
        let thresholds = bytemuck::cast::<i8x16, [[i8; SLOTS]; 2]>(self.splits)[1];
        let base = self.base();
        (0..SLOTS)
            .filter(move |slot| {
                let mut place = SPLITS + slot;
                while place > 0 {
                    let (above, is_right) = ((place - 1) / 2, place.is_multiple_of(2));
                    if is_right && thresholds[above] == ALWAYS_LEFT {
                        return false;
                    }
                    place = above;
                }
                true
            })
            .map(move |slot| base + slot)
    }

    /// The same splits for a block of rows in `columns` byte columns, and behind them the same less 1. Once, and as a loop
    /// whose length the compiler does not know: written out for each split and root it would be a thirtieth of the module.
    #[inline(never)]
    fn subtree(&self, columns: usize) -> Subtree {
        let mut subtree = Subtree::default();
        let [split_columns, thresholds, shifts, _]: [[u8; SLOTS]; 4] = bytemuck::cast([self.splits, self.rest]);
        for place in 0..black_box(SPLITS) {
            let column = u32::from(split_columns[place]) + u32::from(shifts[place]) * columns as u32;
            subtree.set_split(place, column, thresholds[place] as i8);
        }
        subtree
    }

    #[inline(always)]
    fn base(&self) -> usize {
        bytemuck::cast::<i8x16, [u32; 4]>(self.rest)[2] as usize
    }
}

/// A tile that every row leaves by slot 0.
pub fn pass() -> Tile {
    Tile::new([0; SLOTS], [ALWAYS_LEFT; SLOTS], [0; SLOTS])
}

/// [`GROUP`] in every lane, unknown to the compiler: see [`Unknown`]; told of it, engines would make it twice a step.
#[inline(always)]
fn group() -> i8x16 {
    black_box(i8x16::splat(GROUP as i8))
}

/// Two tiles side by side.
#[derive(Clone, Copy)]
struct Two {
    columns: i8x16,
    thresholds: i8x16,
    shifts: i8x16,
    bases: [usize; 2],
}

impl Two {
    #[inline(always)]
    fn new(one: &Tile, other: &Tile) -> Self {
        let halves = |one, other| -> [i8x16; 2] {
            let ([a, b], [c, d]) = (bytemuck::cast::<i8x16, [u64; 2]>(one), bytemuck::cast::<i8x16, [u64; 2]>(other));
            [bytemuck::cast([a, c]), bytemuck::cast([b, d])]
        };
        let [columns, thresholds] = halves(one.splits, other.splits);
        let [shifts, _] = halves(one.rest, other.rest);
        Self { columns, thresholds, shifts, bases: [one.base(), other.base()] }
    }
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

/// Whether every row that is at `place` comes to one of so many leaves in so many levels.
fn leads_on(tiles: &[Tile], leaves: usize, place: usize, levels: u32) -> bool {
    match levels.checked_sub(1) {
        None => place < leaves,
        Some(below) => tiles
            .get(place)
            .is_some_and(|tile| tile.followers().all(|follower| leads_on(tiles, leaves, follower, below))),
    }
}

impl Tiles {
    /// These tiles, for rows of `columns` byte columns, one at least; the trees in the order that their leaves are added.
    ///
    /// # Panics
    /// If a row could come to a tile or leaf that is not there, or a tree's first tile asks for a column that is not. A tile
    /// that several others lead to is gone through for each.
    pub fn new(columns: usize, tiles: Vec<Tile>, pairs: Vec<Pair>, leaves: Vec<f32>) -> Self {
        let groups = columns.div_ceil(GROUP);
        for pair in &pairs {
            let has_groups = (1..=groups).contains(&(pair.groups as usize));
            assert!(groups <= MOST_GROUPS && has_groups && pair.levels > 0);
            let is_whole = pair.roots.iter().all(|&root| leads_on(&tiles, leaves.len(), root as usize, pair.levels));
            assert!(is_whole, "a row could come to a tile or leaf that is not there");
        }
        let subtree = |root| tiles[root as usize].subtree(columns);
        let subtrees: Vec<[Subtree; 2]> = pairs.iter().map(|pair| pair.roots.map(subtree)).collect();
        assert!(subtrees.iter().flatten().all(|subtree| subtree.reach() <= 2 * columns * BLOCK));
        Self { columns, groups, tiles, pairs, subtrees, leaves }
    }

    /// How many bytes one row has: [`GROUP`] for each group of columns.
    pub fn row_length(&self) -> usize {
        self.groups * GROUP
    }

    /// Adds the trees' leaves to the sums of a block of rows, [`BLOCK`] for each output, however many rows there are. The
    /// rows' bytes are given twice: column after column, [`BLOCK`] for each, and those less 1 behind them; and row after
    /// row, [`Tiles::row_length`] for each.
    ///
    /// # Panics
    /// If a column or a sum is not there, or rows are more than [`BLOCK`].
    pub fn add(&self, columns: &[i8], rows: &[i8], sums: &mut [f32]) {
        let count = rows.len() / self.row_length();
        assert!(count <= BLOCK && columns.len() >= 2 * self.columns * BLOCK);
        let rows = rows.as_chunks::<GROUP>().0;
        let sums = Cell::from_mut(sums).as_slice_of_cells();
        let group = group();
        let unknown = Unknown::new();
        let mut slots = [[[0; ROWS]; BLOCK / ROWS]; 2];
        for (pair, subtrees) in self.pairs.iter().zip(&self.subtrees) {
            for (slots, subtree) in slots.iter_mut().zip(subtrees) {
                // SAFETY: as `Tiles::new` asserts, no subtree reaches behind `2 * self.columns` columns of `BLOCK` bytes, and so
                // many are there, as asserted above.
                #[allow(unsafe_code)]
                unsafe {
                    subtree.fill(columns, &mut slots[..count.div_ceil(ROWS)], unknown);
                }
            }
            let slots = slots.each_ref().map(|slots| &slots.as_flattened()[..count]);
            let sums = pair.outputs.map(|output| &sums[output as usize * BLOCK..][..count]);
            match pair.groups {
                1 => self.add_pair::<1>(pair, slots, rows, group, sums),
                2 => self.add_pair::<2>(pair, slots, rows, group, sums),
                _ => self.add_pair::<MOST_GROUPS>(pair, slots, rows, group, sums),
            }
        }
    }

    /// As [`Tiles::add`] from the trees' first slots on. Not inlined, as it would share the processor's registers with
    /// what finds those.
    #[inline(never)]
    fn add_pair<const GROUPS: usize>(
        &self,
        pair: &Pair,
        [first_slots, second_slots]: [&[u8]; 2],
        rows: &[[i8; GROUP]],
        group: i8x16,
        [first_sums, second_sums]: [&[Cell<f32>]; 2],
    ) {
        let bases = pair.roots.map(|root| self.tiles[root as usize].base());
        let slots = first_slots.iter().zip(second_slots);
        let sums = first_sums.iter().zip(second_sums);
        for ((row, (first, second)), sums) in rows.chunks_exact(self.groups).zip(slots).zip(sums) {
            let Some(row) = row.first_chunk::<GROUPS>() else { return };
            let places = [bases[0] + usize::from(*first), bases[1] + usize::from(*second)];
            let [first, second] = self.walk(pair.levels - 1, places, row, group).map(|leaf| self.leaf(leaf));
            sums.0.set(sums.0.get() + first);
            sums.1.set(sums.1.get() + second);
        }
    }

    /// As [`Tiles::add`] for one row, its bytes given once, its sum kept out of memory from pair to pair: storing and
    /// loading it again takes longer than the walk.
    pub fn add_row(&self, row: &[i8], sums: &mut [f32]) {
        let row = row.as_chunks::<GROUP>().0;
        match self.groups {
            1 => self.add_groups::<1>(row, sums),
            _ => self.add_groups::<MOST_GROUPS>(row, sums),
        }
    }

    fn add_groups<const GROUPS: usize>(&self, given: &[[i8; GROUP]], sums: &mut [f32]) {
        let mut row = [[0; GROUP]; GROUPS];
        for (to, from) in row.iter_mut().zip(given) {
            *to = *from;
        }
        let group = group();
        let (mut output, mut sum) = (0, sums[0]);
        for pair in &self.pairs {
            let leaves = self.walk(pair.levels, pair.roots.map(|root| root as usize), &row, group);
            for (next, leaf) in pair.outputs.into_iter().zip(leaves) {
                if next != output {
                    sums[output as usize * BLOCK] = sum;
                    sum = sums[next as usize * BLOCK];
                    output = next;
                }
                sum += self.leaf(leaf);
            }
        }
        sums[output as usize * BLOCK] = sum;
    }

    /// Two tiles, places as [`Tiles::walk`] comes to them.
    ///
    /// Checking each takes a fifth of the time of a batch (measured in wasm, trees of depth 6), so this and
    /// [`Tiles::leaf`] do without.
    #[inline(always)]
    #[allow(unsafe_code)]
    fn two(&self, [one, other]: [usize; 2]) -> Two {
        // SAFETY: a walk begins at a root of `self.pairs`, or, of a batch, at a follower of it that the root's subtree has
        // found, and goes on to a follower of the tile it is at, in all as many times as the pair has levels.
        // `Tiles::new` has gone the same ways, through every follower, with checks, and the fields cannot be changed
        // afterwards. A step goes to the place of the tile's `base` and a slot, the same sum of `usize` as a follower's;
        // to a slot on the right of a split only if a byte is above its threshold, which no byte is of those that are no
        // follower's, whatever bytes and shifts are given; and the subtree's slot is chosen by the same seven splits.
        unsafe { Two::new(self.tiles.get_unchecked(one), self.tiles.get_unchecked(other)) }
    }

    /// What the leaf adds that a walk ended at.
    #[inline(always)]
    #[allow(unsafe_code)]
    fn leaf(&self, place: usize) -> f32 {
        // SAFETY: as in `two`: after as many steps as the pair has levels, the follower is below the count of leaves.
        unsafe { *self.leaves.get_unchecked(place) }
    }

    /// Where a row ends that is at these places and has so many levels to pass: the leaves.
    #[inline(always)]
    fn walk<const GROUPS: usize>(
        &self,
        levels: u32,
        mut places: [usize; 2],
        row: &[[i8; GROUP]; GROUPS],
        group: i8x16,
    ) -> [usize; 2] {
        for _ in 0..levels {
            places = step(self.two(places), row, group);
        }
        places
    }
}

/// What comes after two tiles for a row; `group` is [`GROUP`] in every lane.
#[inline(always)]
fn step<const GROUPS: usize>(tiles: Two, row: &[[i8; GROUP]; GROUPS], group: i8x16) -> [usize; 2] {
    let mut columns = tiles.columns;
    let mut values = i8x16::new(row[0]).shuffle_zeroing(columns.cast_unsigned());
    // A column of another group is out of a shuffle's reach and gives 0. Written out, as a compiler that saves bytes does
    // not do it by itself.
    if GROUPS > 1 {
        columns -= group;
        values |= i8x16::new(row[1]).shuffle_zeroing(columns.cast_unsigned());
    }
    if GROUPS > 2 {
        columns -= group;
        values |= i8x16::new(row[2]).shuffle_zeroing(columns.cast_unsigned());
    }
    let right = (values - tiles.shifts).simd_gt(tiles.thresholds).to_bitmask();
    let slots = [right as u8, (right >> SLOTS) as u8].map(|answers| usize::from(SLOT[usize::from(answers)]));
    [tiles.bases[0] + slots[0], tiles.bases[1] + slots[1]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiles(base: u32, leaves: usize) -> Tiles {
        let split = Tile::new([0; SLOTS], [3, ALWAYS_LEFT, 5, ALWAYS_LEFT, 0, 9, ALWAYS_LEFT, 0], [0; SLOTS]);
        let pair = Pair { roots: [0, 1], outputs: [0, 0], levels: 1, groups: 1 };
        Tiles::new(1, vec![split.followed_by(base), pass()], vec![pair], vec![0.0; leaves])
    }

    #[test]
    fn a_tile_is_followed_by_what_a_row_can_come_to() {
        // The root goes both ways; left of it only left, right of it both, and there left both, right only left.
        let split = Tile::new([0; SLOTS], [3, ALWAYS_LEFT, 5, ALWAYS_LEFT, 0, 9, ALWAYS_LEFT, 0], [0; SLOTS]);
        assert_eq!(split.followed_by(10).followers().collect::<Vec<_>>(), [10, 14, 15, 16]);
        assert_eq!(pass().followed_by(7).followers().collect::<Vec<_>>(), [7]);
        tiles(0, 7);
    }

    #[test]
    #[should_panic(expected = "subtree.reach() <= 2 * columns * BLOCK")]
    fn a_column_that_is_not_there_is_refused() {
        let tile = Tile::new([0, 3, 0, 0, 0, 0, 0, 0], [0; SLOTS], [0; SLOTS]);
        let pair = Pair { roots: [0; 2], outputs: [0; 2], levels: 1, groups: 1 };
        Tiles::new(1, vec![tile], vec![pair], vec![0.0; SLOTS]);
    }

    #[test]
    #[should_panic(expected = "a tile or leaf that is not there")]
    fn a_leaf_that_is_not_there_is_refused() {
        tiles(0, 6);
    }

    /// Numbers below `bound`, each from the last, by a multiplier of L'Ecuyer's (1999).
    fn numbers(seed: u64) -> impl FnMut(u64) -> usize {
        let mut state = seed;
        move |bound| {
            state = state.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(3_037_000_493);
            ((state >> 33) % bound) as usize
        }
    }

    /// Rows over `columns` columns, and trees of one to three levels of tiles whose every split may go both ways, beside a
    /// walk from split to split.
    fn compare(columns: usize, count: usize) {
        let groups = columns.div_ceil(GROUP);
        let mut below = numbers(columns as u64 + 7);
        let (mut tiles, mut pairs, mut leaves) = (Vec::new(), Vec::new(), Vec::new());
        // Each split as it is meant: its column, what is taken off first, and its threshold.
        let mut meant: Vec<[(usize, u8, i8); SPLITS]> = Vec::new();
        for (levels, outputs) in [(1, [0, 0]), (2, [0, 1]), (3, [1, 0]), (1, [1, 1])] {
            let mut roots = [0; 2];
            for root in &mut roots {
                *root = tiles.len() as u32;
                let mut first = tiles.len();
                for level in 0..levels {
                    let width = SLOTS.pow(level);
                    let next = if level + 1 == levels { leaves.len() } else { first + width };
                    for place in 0..width {
                        let splits =
                            [(); SPLITS].map(|()| (below(columns as u64), below(2) as u8, (below(20) as i8) - 10));
                        let mut slots = ([0; SLOTS], [-128; SLOTS], [0; SLOTS]);
                        for (split, &(column, shift, threshold)) in splits.iter().enumerate() {
                            (slots.0[split], slots.1[split], slots.2[split]) = (column as u8, threshold, shift);
                        }
                        let tile = Tile::new(slots.0, slots.1, slots.2);
                        assert_eq!(tile.columns(), slots.0);
                        tiles.push(tile.followed_by((next + place * SLOTS) as u32));
                        meant.push(splits);
                    }
                    first += width;
                }
                for _ in 0..SLOTS.pow(levels) {
                    leaves.push(below(1 << 20) as f32);
                }
            }
            pairs.push(Pair { roots, outputs, levels, groups: groups as u32 });
        }
        let trees = Tiles::new(columns, tiles.clone(), pairs.clone(), leaves.clone());
        assert_eq!(trees.row_length(), groups * GROUP);

        let rows: Vec<Vec<i8>> = (0..count).map(|_| (0..columns).map(|_| (below(24) as i8) - 12).collect()).collect();
        let mut by_row = vec![0; count * groups * GROUP];
        let mut by_column = vec![0; 2 * columns * BLOCK];
        for (index, row) in rows.iter().enumerate() {
            for (column, &byte) in row.iter().enumerate() {
                by_row[index * groups * GROUP + column] = byte;
                by_column[column * BLOCK + index] = byte;
                by_column[(columns + column) * BLOCK + index] = byte - 1;
            }
        }
        let mut sums = vec![0.5; 2 * BLOCK];
        trees.add(&by_column, &by_row, &mut sums);
        for (index, row) in rows.iter().enumerate() {
            let mut expected = [0.5; 2];
            for pair in &pairs {
                for (root, output) in pair.roots.into_iter().zip(pair.outputs) {
                    let mut place = root as usize;
                    for _ in 0..pair.levels {
                        let mut split = 0;
                        while split < SPLITS {
                            let (column, shift, threshold) = meant[place][split];
                            split = 2 * split + 1 + usize::from(row[column] - shift as i8 > threshold);
                        }
                        place = tiles[place].base() + split - SPLITS;
                    }
                    expected[output as usize] += leaves[place];
                }
            }
            assert_eq!([sums[index], sums[BLOCK + index]], expected, "row {index} of {columns} columns");
            let mut alone = vec![0.5; 2 * BLOCK];
            trees.add_row(&by_row[index * groups * GROUP..][..groups * GROUP], &mut alone);
            assert_eq!([alone[0], alone[BLOCK]], expected, "row {index} of {columns} columns, alone");
        }
        // What is no row of the block is not added to.
        assert!(sums[count..BLOCK].iter().chain(&sums[BLOCK + count..]).all(|&sum| sum == 0.5));
    }

    #[test]
    fn every_group_of_columns_is_reached() {
        // Miri takes a second for what a processor does in a millisecond.
        let most = if cfg!(miri) { 20 } else { BLOCK };
        for (columns, count) in [(1, 40), (16, 33), (17, 16), (32, 1), (33, 17), (48, most)] {
            compare(columns, count);
        }
    }

    /// The eighth threshold would be a bit that no slot is for.
    #[test]
    fn there_is_no_eighth_split() {
        let tile = Tile::new([0; SLOTS], [-100; SLOTS], [0; SLOTS]);
        let tiles = Tiles::new(
            1,
            vec![tile],
            vec![Pair { roots: [0; 2], outputs: [0; 2], levels: 1, groups: 1 }],
            vec![2.0; SLOTS],
        );
        let mut sums = [0.0; 1];
        tiles.add_row(&[50; GROUP], &mut sums);
        assert_eq!(sums, [4.0]);
        // Right at every split: the last slot, whatever a ninth answer would be.
        assert_eq!(SLOT[(1 << SPLITS) - 1], SPLITS as u8);
        assert!(SLOT[1 << SPLITS..].iter().all(|&slot| slot == 0));
    }

    fn refused(columns: usize, levels: u32, groups: u32) {
        let pair = Pair { roots: [0; 2], outputs: [0; 2], levels, groups };
        Tiles::new(columns, vec![pass()], vec![pair], vec![0.0; SLOTS]);
    }

    #[test]
    #[should_panic(expected = "has_groups")]
    fn trees_without_levels_are_refused() {
        refused(1, 0, 1);
    }

    #[test]
    #[should_panic(expected = "has_groups")]
    fn splits_in_no_group_are_refused() {
        refused(1, 1, 0);
    }

    #[test]
    #[should_panic(expected = "has_groups")]
    fn splits_in_a_group_that_rows_do_not_have_are_refused() {
        refused(16, 1, 2);
    }

    #[test]
    #[should_panic(expected = "has_groups")]
    fn more_groups_than_a_walk_reaches_are_refused() {
        refused(MOST_GROUPS * GROUP + 1, 1, 1);
    }

    #[test]
    fn columns_up_to_the_last_group_are_taken() {
        refused(MOST_GROUPS * GROUP, 1, MOST_GROUPS as u32);
    }

    #[test]
    #[should_panic(expected = "count <= BLOCK")]
    fn more_rows_than_a_block_are_refused() {
        tiles(0, 7).add(&[0; 2 * BLOCK], &[0; (BLOCK + 1) * GROUP], &mut [0.0; BLOCK]);
    }

    #[test]
    #[should_panic(expected = "columns.len() >=")]
    fn columns_that_are_not_there_are_refused() {
        tiles(0, 7).add(&[0; 2 * BLOCK - 1], &[0; GROUP], &mut [0.0; BLOCK]);
    }
}
