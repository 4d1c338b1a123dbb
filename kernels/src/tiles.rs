//! The lower parts of deep trees: subtrees of three splits a path, whose seven splits are compared in one instruction.
//!
//! Of a deep tree a row passes few splits, and folding compares all. So only the upper part is folded; what is below is tiles. A tile's
//! seven answers are seven bits, and a table says which of its eight exits they lead to: a leaf, or another tile. Seven of sixteen bytes
//! would be half of each instruction wasted, so two trees go side by side.
//!
//! Where no tile has another behind it, which is so of trees of up to eight splits a path, nothing depends on a row but what is looked
//! up. Where some have, rows go on until all of four trees have come to leaves.

use std::hint::black_box;

use wide::i8x16;

use crate::fold::{LANES, Line, MOST_LEAVES, TREES};
use crate::number::Leaf;
use crate::{ALWAYS_LEFT, SLOTS, SPLITS};

/// How many byte columns one shuffle reaches.
pub(crate) const REACH: usize = 16;
/// The codes of a row in so many columns. Four shuffles, even where there are fewer columns: a number of them that is not fixed takes
/// longer (measured in wasm, 2000 trees of depth 8 and 40 columns: 5.6 us a row, with three 5.3, with as many as there are 6.4).
pub type Part = [i8; 4 * REACH];
/// The most columns of codes for tiles that have none behind them.
pub const MOST_COLUMNS: usize = size_of::<Part>();
/// The most for those that have: a tile names them by a byte.
pub const MOST_CHAINED: usize = 1 << 8;

/// The codes of 128 rows in all columns, row by row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a> {
    parts: &'a [Part],
    count: usize,
}

/// How many parts a row has of so many columns.
pub fn parts(columns: usize) -> usize {
    columns.div_ceil(MOST_COLUMNS).max(1)
}

impl<'a> Rows<'a> {
    /// Those of a block, among those of all blocks.
    #[inline(always)]
    pub(crate) fn new(all: &'a [Part], columns: usize, block: usize) -> Self {
        let count = parts(columns);
        Self { parts: &all[block * LANES * count..][..LANES * count], count }
    }

    /// Row after row, its parts.
    #[inline(always)]
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a [Part]> {
        self.parts.chunks_exact(self.count)
    }

    /// The same where each row has one.
    #[inline(always)]
    pub(crate) fn single(self) -> &'a [[Part; 1]; LANES] {
        &self.parts.as_chunks().0.as_chunks().0[0]
    }
}

/// Seven splits in the order of their depth, and eight exits.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Tile {
    /// The column of each split, and its threshold; the eighth of both is unused.
    pub(crate) columns: [u8; SLOTS],
    pub(crate) thresholds: [i8; SLOTS],
    /// What is taken off each split's byte first: 1 where missing goes right.
    pub(crate) shifts: [u8; SLOTS],
    /// A bit for each exit: whether another tile is behind it.
    further: u32,
    /// The place of that tile; or the bits of a leaf, or the place of its numbers.
    exits: [u32; SLOTS],
}

/// What is behind a tile.
#[derive(Clone, Copy, Debug)]
pub enum Exit {
    /// Another tile, by its place.
    Tile(u32),
    /// A leaf.
    Leaf(f32),
    /// A leaf of several numbers, by the place of the first; or of one that a tile has no room for.
    Numbers(u32),
}

impl Tile {
    /// A tile of these columns, thresholds and shifts, and of exits of leaves that are 0. There is no eighth split, whatever is said of
    /// it.
    #[inline]
    pub fn new(columns: [u8; SLOTS], mut thresholds: [i8; SLOTS], shifts: [u8; SLOTS]) -> Self {
        thresholds[SPLITS] = ALWAYS_LEFT;
        Self { columns, thresholds, shifts, further: 0, exits: [0; SLOTS] }
    }

    /// Says what is behind an exit.
    #[inline]
    pub fn set_exit(&mut self, slot: usize, exit: Exit) {
        self.exits[slot] = match exit {
            Exit::Leaf(leaf) => leaf.to_bits(),
            Exit::Numbers(place) => place,
            Exit::Tile(place) => {
                self.further |= 1 << slot;
                place
            }
        };
    }

    /// The exit that answers lead to.
    #[inline(always)]
    fn slot(answers: u8) -> usize {
        usize::from(SLOT[usize::from(answers)]) % SLOTS
    }

    /// The leaf that these answers lead to.
    #[inline(always)]
    pub(crate) fn leaf<N: Leaf>(&self, answers: u8, numbers: &[N]) -> N {
        N::of_exit(self.exits[Self::slot(answers)], numbers)
    }

    /// One leaf, of -0.0: adding it changes no number, and no zero.
    pub const NOTHING: Self = Self {
        columns: [0; SLOTS],
        thresholds: [ALWAYS_LEFT; SLOTS],
        shifts: [0; SLOTS],
        further: 0,
        exits: [(-0.0_f32).to_bits(); SLOTS],
    };
}

/// Four trees whose tiles have others behind them, and the rows of a block that come to them.
#[derive(Clone, Copy)]
pub(crate) struct Chains<'a, N> {
    pub(crate) tiles: &'a [Tile],
    /// The tiles of number 0, and each row's numbers.
    pub(crate) starts: [u32; TREES],
    pub(crate) numbers: [&'a [i8; LANES]; TREES],
    pub(crate) rows: Rows<'a>,
    /// The numbers of leaves that have several, and how many.
    pub(crate) leaves: &'a [N],
    pub(crate) outputs: usize,
}

impl<'a, N: Leaf> Chains<'a, N> {
    /// The places of the tiles that a row comes to first.
    #[inline(always)]
    pub(crate) fn first(&self, row: usize) -> [u32; TREES] {
        std::array::from_fn(|tree| self.starts[tree] + u32::from(self.numbers[tree][row] as u8))
    }

    /// The tiles of these places.
    #[inline(always)]
    pub(crate) fn at(&self, places: [u32; TREES]) -> [&'a Tile; TREES] {
        places.map(|place| &self.tiles[place as usize])
    }

    /// Goes on by the answers of these tiles. Once there are leaves behind all, adds these, tree after tree, to the sums of a row, which
    /// are `step` apart, and says so; until then a row waits at the tile behind which it has come to one.
    #[inline(always)]
    pub(crate) fn go_on(
        &self,
        places: &mut [u32; TREES],
        answers: [u8; TREES],
        tiles: [&Tile; TREES],
        sums: &mut [N],
        step: usize,
    ) -> bool {
        let slots: [usize; TREES] = std::array::from_fn(|tree| Tile::slot(answers[tree]));
        let exits: [u32; TREES] = std::array::from_fn(|tree| tiles[tree].exits[slots[tree]]);
        let further: [u32; TREES] = std::array::from_fn(|tree| tiles[tree].further >> slots[tree] & 1);
        if further[0] | further[1] | further[2] | further[3] == 0 {
            self.add(exits, sums, step);
            return true;
        }
        for tree in 0..TREES {
            // Not a choice, of which the compiler might make a branch: it would be guessed wrong.
            places[tree] ^= (places[tree] ^ exits[tree]) & further[tree].wrapping_neg();
        }
        false
    }

    /// Adds the leaves, or their numbers.
    #[inline(always)]
    fn add(&self, exits: [u32; TREES], sums: &mut [N], step: usize) {
        if self.outputs > 1 {
            return self.add_numbers(&exits, sums, step);
        }
        let mut now = sums[0];
        for exit in exits {
            now += N::of_exit(exit, self.leaves);
        }
        sums[0] = now;
    }

    // Not inlined, and not told how many exits there are: it is rare, and would be there for each.
    #[inline(never)]
    fn add_numbers(&self, exits: &[u32], sums: &mut [N], step: usize) {
        for exit in black_box(exits) {
            for (output, number) in self.leaves[*exit as usize..][..self.outputs].iter().enumerate() {
                sums[output * step] += *number;
            }
        }
    }
}

/// Writes the codes of 128 rows in so many columns row by row.
///
/// # Panics
/// If columns are not there, or there is no room for them.
pub fn by_row(block: &[Line], columns: usize, rows: &mut [Part]) {
    for (column, line) in block[..columns].iter().enumerate() {
        for (row, byte) in rows.chunks_exact_mut(parts(columns)).zip(line.bytes()) {
            row[column / MOST_COLUMNS][column % MOST_COLUMNS] = *byte;
        }
    }
}

/// The leaf for each answer of a tile's seven splits; bit 0 is the root's, a set bit is a step to the right. The eighth
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

/// Two halves of eight bytes.
#[inline(always)]
fn halves(one: [u8; SLOTS], other: [u8; SLOTS]) -> i8x16 {
    bytemuck::cast([one, other])
}

/// What the splits of two tiles answer: those of the second in the higher byte.
#[inline(always)]
fn answers(one: &Tile, other: &Tile, row: &[Part], reach: i8x16) -> [u8; 2] {
    let mut columns = halves(one.columns, other.columns);
    let mut values = i8x16::ZERO;
    for part in row {
        for sixteen in part.as_chunks().0 {
            // A column that is not among these is out of a shuffle's reach and gives 0.
            values |= i8x16::new(*sixteen).shuffle_zeroing(columns.cast_unsigned());
            columns -= reach;
        }
    }
    let thresholds: i8x16 = bytemuck::cast([one.thresholds, other.thresholds]);
    let right = (values - halves(one.shifts, other.shifts)).simd_gt(thresholds).to_bitmask();
    [right as u8, (right >> SLOTS) as u8]
}

/// [`REACH`] everywhere, unknown to the compiler: told of it, engines would make it anew in every turn.
#[inline(always)]
fn reach() -> i8x16 {
    black_box(i8x16::splat(REACH as i8))
}

/// Adds, tree after tree, the leaf of the tile that each row's number is of.
#[inline(always)]
pub(crate) fn add<N: Leaf>(
    tiles: [&[Tile; MOST_LEAVES]; TREES],
    numbers: [&[i8; LANES]; TREES],
    rows: Rows<'_>,
    leaves: &[N],
    sums: &mut [N; LANES],
) {
    let reach = reach();
    for (index, (row, sum)) in rows.single().iter().zip(sums).enumerate() {
        let mut now = *sum;
        for pair in [[0, 1], [2, 3]] {
            let [one, other] = pair.map(|tree| &tiles[tree][usize::from(numbers[tree][index] as u8)]);
            let [first, second] = answers(one, other, row, reach);
            now += one.leaf(first, leaves);
            now += other.leaf(second, leaves);
        }
        *sum = now;
    }
}

/// Adds, tree after tree, the leaf that each row comes to from the tile of its number.
// Not inlined, so that it has all registers.
#[inline(never)]
pub(crate) fn add_chains<N: Leaf>(chains: &Chains<'_, N>, sums: &mut [N], step: usize) {
    let reach = reach();
    for (index, row) in chains.rows.iter().enumerate() {
        let mut places = chains.first(index);
        loop {
            let tiles = chains.at(places);
            let [one, two] = answers(tiles[0], tiles[1], row, reach);
            let [three, four] = answers(tiles[2], tiles[3], row, reach);
            if chains.go_on(&mut places, [one, two, three, four], tiles, &mut sums[index..], step) {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_each_width;
    use crate::fold::{Codes, FIRST_ROOT, Fold, Places, Split};

    fn tile(columns: [u8; SLOTS], thresholds: [i8; SLOTS], shifts: [u8; SLOTS], leaves: [f32; SLOTS]) -> Tile {
        let mut tile = Tile::new(columns, thresholds, shifts);
        leaves.into_iter().enumerate().for_each(|(slot, leaf)| tile.set_exit(slot, Exit::Leaf(leaf)));
        tile
    }

    /// The eighth threshold would be a bit that no leaf is for.
    #[test]
    fn there_is_no_eighth_split() {
        let tile = tile([0; SLOTS], [-100; SLOTS], [0; SLOTS], std::array::from_fn(|leaf| leaf as f32));
        let tiles = [tile; MOST_LEAVES];
        let mut sums = [0.5_f32; LANES];
        let numbers = [1; LANES];
        let parts = [[50; MOST_COLUMNS]; LANES];
        add([&tiles; TREES], [&numbers; TREES], Rows::new(&parts, 1, 0), &[], &mut sums);
        // Right at every split of four trees: the last leaf, whatever an eighth answer would be.
        assert_eq!(sums, [28.5; LANES]);
        assert!(SLOT[1 << SPLITS..].iter().all(|&slot| slot == 0));
    }

    #[test]
    fn rows_have_the_codes_that_lines_have() {
        let block: Vec<Line> = (0..=200).map(Line::splat).collect();
        for columns in [0, 1, 4, 64, 65, 128, 200] {
            let mut rows = vec![[99; MOST_COLUMNS]; LANES * parts(columns)];
            by_row(&block, columns, &mut rows);
            let expected: Vec<i8> = (0..columns).map(|column| column as u8 as i8).collect();
            for row in Rows::new(&rows, columns, 0).iter() {
                assert_eq!(row.as_flattened()[..columns], expected);
                assert!(row.as_flattened()[columns..].iter().all(|byte| *byte == 99));
            }
        }
    }

    /// Numbers of a generator of L'Ecuyer's (1999).
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(3_037_000_493);
            (self.0 >> 33) as usize % bound
        }
    }

    /// Four trees whose numbers are of as many tiles as there are rows. Of a chain, the exits of these are tiles of other levels, half of them. Their leaves
    /// have so many numbers.
    fn tiles(random: &mut Random, columns: usize, levels: usize, outputs: usize) -> (Vec<Tile>, Vec<f32>) {
        let (mut tiles, mut leaves) = (Vec::new(), Vec::new());
        for level in 0..levels {
            for _ in 0..TREES * LANES {
                let mut tile = Tile::new(
                    std::array::from_fn(|_| random.below(columns) as u8),
                    std::array::from_fn(|_| random.below(256) as u8 as i8),
                    std::array::from_fn(|_| random.below(2) as u8),
                );
                for slot in 0..SLOTS {
                    let below = (level + 1) * TREES * LANES;
                    let exit = match (level + 1 < levels && random.below(2) == 0, outputs) {
                        (true, _) => Exit::Tile((below + random.below(levels * TREES * LANES - below)) as u32),
                        (false, 1) => Exit::Leaf(random.below(1 << 20) as f32 * 0.37),
                        (false, _) => {
                            leaves.extend((0..outputs).map(|_| random.below(1 << 20) as f32 * 0.37));
                            Exit::Numbers((leaves.len() - outputs) as u32)
                        }
                    };
                    tile.set_exit(slot, exit);
                }
                tiles.push(tile);
            }
        }
        (tiles, leaves)
    }

    /// What a row's sum becomes by a walk from split to split.
    fn walked(tiles: &[Tile], leaves: &[f32], outputs: usize, output: usize, first: [usize; TREES], row: &[i8]) -> f32 {
        let mut sum = 0.25;
        for mut place in first {
            loop {
                let tile = &tiles[place];
                let mut split = 0;
                while split < SPLITS {
                    let byte = row[usize::from(tile.columns[split])].wrapping_sub(tile.shifts[split] as i8);
                    split = 2 * split + 1 + usize::from(byte > tile.thresholds[split]);
                }
                let exit = tile.exits[split - SPLITS];
                if tile.further >> (split - SPLITS) & 1 == 0 {
                    sum += if outputs == 1 { f32::from_bits(exit) } else { leaves[exit as usize + output] };
                    break;
                }
                place = exit as usize;
            }
        }
        sum
    }

    /// Every split of every column, its missing values on either side, beside a walk from split to split: by vectors of each width,
    /// through one tile or several, to leaves of one number or three.
    #[test]
    fn each_row_comes_to_its_leaf() {
        let mut random = Random(7);
        for (columns, levels, outputs) in [1, 15, 16, 17, 32, 33, 48, 49, 63, 64]
            .map(|columns| (columns, 1, 1))
            .into_iter()
            .chain([(1, 2, 1), (40, 5, 1), (64, 3, 3), (65, 2, 1), (129, 4, 3), (256, 3, 1)])
        {
            let (tiles, leaves) = tiles(&mut random, columns, levels, outputs);
            let mut fold = Fold::default();
            // The numbers of all trees are those of a ladder of splits by the last line, in which each row has its own.
            let mut block: Vec<Line> = (0..=columns).map(|_| Line::splat(0)).collect();
            for line in &mut block {
                line.bytes_mut().iter_mut().for_each(|byte| *byte = random.below(256) as u8 as i8);
            }
            for row in 0..LANES {
                block[columns].bytes_mut()[row] = row as i8;
            }
            let mut right = None;
            for rung in (0..LANES as u16 - 1).rev() {
                let split = Split { line: columns as u16, threshold: rung as i8 };
                let to = FIRST_ROOT + TREES as u16 + rung;
                match right {
                    None => fold.any(split, rung, rung + 1, to),
                    Some(right) => fold.any(split, rung, right, to),
                }
                right = Some(to);
            }
            fold.end_batch();
            tiles.iter().for_each(|tile| fold.tile(*tile));
            let starts = std::array::from_fn(|tree| (tree * LANES) as u32);
            assert_eq!(fold.numbers(&leaves), 0);
            if levels == 1 {
                fold.end_in_tiles(starts);
            } else {
                fold.end_in_chains(starts, outputs as u32);
            }
            fold.end_group([right.unwrap_or_default(); TREES]);
            fold.finish();
            let mut parts = vec![[0; MOST_COLUMNS]; LANES * parts(columns)];
            by_row(&block, columns, &mut parts);
            by_each_width(|width| {
                let mut sums = vec![0.25; outputs * 2 * LANES];
                let codes = Codes { lines: &block, count: columns + 1, columns, by_row: &parts };
                fold.add(0, codes, &mut Places::default(), &mut sums, 2 * LANES);
                for row in 0..LANES {
                    let codes: Vec<i8> = block.iter().map(|line| line.bytes()[row]).collect();
                    for output in 0..outputs {
                        let first = std::array::from_fn(|tree| tree * LANES + row);
                        let expected = walked(&tiles, &leaves, outputs, output, first, &codes);
                        assert_eq!(sums[output * 2 * LANES + row], expected, "row {row} of {columns} columns, {width}");
                    }
                }
            });
        }
    }
}
