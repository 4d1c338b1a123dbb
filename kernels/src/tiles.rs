//! The ends of deep trees: subtrees of three splits a path, whose seven splits are compared in one instruction.
//!
//! Of a deep tree a row passes few splits, and folding compares all. So only the upper part is folded, down to where three splits a
//! path are left: a tile. Its seven answers are seven bits, and a table says which of its eight leaves they lead to. Seven of
//! sixteen bytes would be half of each instruction wasted, so two trees go side by side.

use std::hint::black_box;

use wide::i8x16;

use crate::fold::{LANES, Line, MOST_LEAVES, TREES};
use crate::{ALWAYS_LEFT, SLOTS, SPLITS};

/// How many byte columns one shuffle reaches.
const GROUP: usize = 16;
/// The most shuffles that a tile takes: of more, folding whole trees is faster.
const GROUPS: usize = 3;
/// The most columns of codes that rows may have.
pub const MOST_COLUMNS: usize = GROUP * GROUPS;

/// The codes of one row.
pub type Row = [i8; GROUP * GROUPS];

/// Seven splits in the order of their depth, and eight leaves.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Tile {
    /// The column of each split, and its threshold; the eighth of both is unused.
    pub(crate) columns: [u8; SLOTS],
    pub(crate) thresholds: [i8; SLOTS],
    /// What is taken off each split's byte first: 1 where missing goes right.
    pub(crate) shifts: [u8; SLOTS],
    unused: [u8; SLOTS],
    leaves: [f32; SLOTS],
}

impl Tile {
    /// A tile of these columns, thresholds, shifts and leaves. There is no eighth split, whatever is said of it.
    pub fn new(columns: [u8; SLOTS], mut thresholds: [i8; SLOTS], shifts: [u8; SLOTS], leaves: [f32; SLOTS]) -> Self {
        thresholds[SPLITS] = ALWAYS_LEFT;
        Self { columns, thresholds, shifts, unused: [0; SLOTS], leaves }
    }

    /// The leaf that these answers lead to.
    #[inline(always)]
    pub(crate) fn leaf(&self, answers: u8) -> f32 {
        self.leaves[usize::from(SLOT[usize::from(answers)]) % SLOTS]
    }

    /// One leaf, of -0.0: adding it changes no number, and no zero.
    pub const NOTHING: Self = Self {
        columns: [0; SLOTS],
        thresholds: [ALWAYS_LEFT; SLOTS],
        shifts: [0; SLOTS],
        unused: [0; SLOTS],
        leaves: [-0.0; SLOTS],
    };
}

/// Writes the codes of 64 rows in so many columns row by row.
///
/// # Panics
/// If columns are more than [`MOST_COLUMNS`], or not there.
pub fn by_row(block: &[Line], columns: usize, rows: &mut [Row; LANES]) {
    for (column, line) in block[..columns].iter().enumerate() {
        for (row, byte) in rows.iter_mut().zip(line.bytes()) {
            row[column] = *byte;
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

/// Adds, tree after tree, the leaf of the tile that each row's number is of.
#[inline(always)]
pub(crate) fn add(
    tiles: [&[Tile; MOST_LEAVES]; TREES],
    numbers: [&[i8; LANES]; TREES],
    rows: &[Row; LANES],
    sums: &mut [f32; LANES],
) {
    // Unknown to the compiler: told of it, engines would make it anew in every turn.
    let group = black_box(i8x16::splat(GROUP as i8));
    for (index, (row, sum)) in rows.iter().zip(sums).enumerate() {
        let row = row.as_chunks::<GROUP>().0;
        let mut now = *sum;
        for pair in [[0, 1], [2, 3]] {
            let [one, other] = pair.map(|tree| &tiles[tree][usize::from(numbers[tree][index] as u8)]);
            let mut columns = halves(one.columns, other.columns);
            let mut values = i8x16::new(row[0]).shuffle_zeroing(columns.cast_unsigned());
            // A column of another group is out of a shuffle's reach and gives 0.
            for further in &row[1..] {
                columns -= group;
                values |= i8x16::new(*further).shuffle_zeroing(columns.cast_unsigned());
            }
            let thresholds: i8x16 = bytemuck::cast([one.thresholds, other.thresholds]);
            let right = (values - halves(one.shifts, other.shifts)).simd_gt(thresholds).to_bitmask();
            for (tile, answers) in [(one, right as u8), (other, (right >> SLOTS) as u8)] {
                now += tile.leaf(answers);
            }
        }
        *sum = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "x86_64")]
    use crate::{avx2::ThirtyTwo, vectors, vectors::Bytes};

    /// The eighth threshold would be a bit that no leaf is for.
    #[test]
    fn there_is_no_eighth_split() {
        let tile = Tile::new([0; SLOTS], [-100; SLOTS], [0; SLOTS], std::array::from_fn(|leaf| leaf as f32));
        let tiles = [tile; MOST_LEAVES];
        let mut sums = [0.5; LANES];
        let numbers = [1; LANES];
        add([&tiles; TREES], [&numbers; TREES], &[[50; GROUP * GROUPS]; LANES], &mut sums);
        // Right at every split of four trees: the last leaf, whatever an eighth answer would be.
        assert_eq!(sums, [28.5; LANES]);
        assert!(SLOT[1 << SPLITS..].iter().all(|&slot| slot == 0));
    }

    #[test]
    fn rows_have_the_codes_that_lines_have() {
        let block: Vec<Line> = (0..5).map(Line::splat).collect();
        let mut rows = [[9; GROUP * GROUPS]; LANES];
        by_row(&block, 4, &mut rows);
        assert!(rows.iter().all(|row| row[..5] == [0, 1, 2, 3, 9]));
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn add_by_thirty_two(
        tiles: [&[Tile; MOST_LEAVES]; TREES],
        numbers: [&[i8; LANES]; TREES],
        rows: &[Row; LANES],
        sums: &mut [f32; LANES],
    ) {
        ThirtyTwo::add_tiles(tiles, numbers, rows, sums);
    }

    /// Every split of every column, its missing values on either side, beside a walk from split to split.
    #[test]
    fn each_row_comes_to_its_leaf() {
        let mut state = 7_u64;
        let mut below = |bound: u64| {
            // A multiplier of L'Ecuyer's (1999).
            state = state.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(3_037_000_493);
            (state >> 33) % bound
        };
        for columns in [1, 15, 16, 17, 32, 33, 48] {
            let tiles: [[Tile; MOST_LEAVES]; TREES] = std::array::from_fn(|_| {
                std::array::from_fn(|_| {
                    Tile::new(
                        std::array::from_fn(|_| below(columns) as u8),
                        std::array::from_fn(|_| below(256) as u8 as i8),
                        std::array::from_fn(|_| below(2) as u8),
                        std::array::from_fn(|_| below(1 << 20) as f32 * 0.37),
                    )
                })
            });
            let rows: [Row; LANES] = std::array::from_fn(|_| std::array::from_fn(|_| below(256) as u8 as i8));
            let numbers: [[i8; LANES]; TREES] =
                std::array::from_fn(|_| std::array::from_fn(|_| below(256) as u8 as i8));
            let mut sums = [0.25; LANES];
            add(tiles.each_ref(), numbers.each_ref(), &rows, &mut sums);
            #[cfg(target_arch = "x86_64")]
            if vectors::has_thirty_two() {
                let mut by_thirty_two = [0.25; LANES];
                // SAFETY: the processor has AVX2.
                #[allow(unsafe_code)]
                unsafe {
                    add_by_thirty_two(tiles.each_ref(), numbers.each_ref(), &rows, &mut by_thirty_two);
                }
                assert_eq!(by_thirty_two, sums, "{columns} columns");
            }
            for (index, row) in rows.iter().enumerate() {
                let mut expected = 0.25;
                for (tiles, numbers) in tiles.iter().zip(&numbers) {
                    let tile = &tiles[usize::from(numbers[index] as u8)];
                    let mut split = 0;
                    while split < SPLITS {
                        let byte = row[usize::from(tile.columns[split])].wrapping_sub(tile.shifts[split] as i8);
                        split = 2 * split + 1 + usize::from(byte > tile.thresholds[split]);
                    }
                    expected += tile.leaves[split - SPLITS];
                }
                assert_eq!(sums[index], expected, "row {index} of {columns} columns");
            }
        }
    }
}
