//! Trees of any shape over any number of columns: one step a split, for 128 rows.
//!
//! The leaves of a tree are numbered from left to right. From the leaves up, the number of the leaf that a row comes to below a
//! split is `max(left, answer & right)`: of two numbers every right one is greater than every left one, and the answer, all
//! ones where a row goes right, keeps it or takes it away. One load, one comparison, and two instructions a split: no shuffle,
//! so that there may be any number of columns; no branch, and nothing is made perfect, so that a tree may have any shape.
//! What a byte can count is the limit: 256 leaves.
//!
//! Most splits are near the leaves: three splits above four leaves are a step of their own, which needs no numbers made before it. The
//! steps of a few trees are taken together, kind by kind, so that no branch depends on a tree's shape.

use std::hint::black_box;
use std::ops::Range;

use wide::u8x16;

#[cfg(target_arch = "x86_64")]
use crate::avx2::ThirtyTwo;
use crate::number::{Leaf, Number};
use crate::tiles::{Chains, Part, Rows, Tile};
use crate::vectors::Bytes;

/// How many rows are folded together: what a step is told is read, and spread over vectors, once for all of them. Of 64 a batch takes up
/// to a fifth longer; of 256 the numbers under way do not fit into the nearest memory.
pub const LANES: usize = 128;
/// The most leaves of a tree whose leaves a byte can count.
pub const MOST_LEAVES: usize = 256;
/// How many trees' leaves are added together.
pub const TREES: usize = 4;
/// How many leaves' bytes one shuffle reaches.
pub(crate) const CHUNK: usize = 16;
/// The most chunks that are faster than one load for each row, where a shuffle is one instruction.
const MOST_CHUNKS: usize = 4;
/// The places of numbers: first the leaves' own, then what is made of them. A power of two, so that no place is outside.
pub const PLACES: usize = 512;
/// The place of the first number that is made: [`TREES`] roots, and then all others.
pub const FIRST_ROOT: u16 = MOST_LEAVES as u16;
/// The first place that is no leaf's and no root's.
pub const FIRST_FREE: u16 = FIRST_ROOT + TREES as u16;

/// A byte of each of 128 rows: of a column, or the numbers of leaves.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Line(pub(crate) [u8; LANES]);

impl Line {
    /// The same byte in every row.
    pub const fn splat(byte: u8) -> Self {
        Self([byte; LANES])
    }

    /// The bytes.
    pub fn bytes(&self) -> &[i8; LANES] {
        bytemuck::cast_ref(&self.0)
    }

    /// The bytes, to be written.
    pub fn bytes_mut(&mut self) -> &mut [i8; LANES] {
        bytemuck::cast_mut(&mut self.0)
    }

    /// Sets the first row's byte.
    #[inline(always)]
    pub fn set_first(&mut self, byte: u8) {
        self.0[0] = byte;
    }

    /// A row's byte.
    #[inline(always)]
    pub(crate) fn byte(&self, row: usize) -> i8 {
        self.0[row % LANES] as i8
    }

    #[inline(always)]
    pub(crate) fn load(&self, vector: usize) -> u8x16 {
        u8x16::new(self.0.as_chunks::<16>().0[vector])
    }

    #[inline(always)]
    pub(crate) fn store(&mut self, vector: usize, bytes: u8x16) {
        self.0.as_chunks_mut::<16>().0[vector] = bytes.to_array();
    }
}

/// Numbers of leaves under way.
#[derive(Clone, Debug)]
pub struct Places(Box<[Line; PLACES]>);

impl Default for Places {
    // Inlined, so compiled for size, as all is that makes and does not run.
    #[inline]
    fn default() -> Self {
        let mut lines = vec![Line::splat(0); PLACES];
        for (number, line) in lines.iter_mut().take(MOST_LEAVES).enumerate() {
            *line = Line::splat(number as u8);
        }
        // As long as they are.
        Self(lines.into_boxed_slice().try_into().unwrap_or_else(|_| unreachable!()))
    }
}

/// A split: where its byte is among the lines of a block, and the byte above which a row goes right.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// The line.
    pub line: u16,
    /// The threshold.
    pub threshold: i8,
}

/// Three splits above four leaves.
#[derive(Clone, Copy, Debug)]
struct Three {
    lines: [u16; 3],
    to: u16,
    thresholds: [i8; 3],
    first_leaf: u8,
}

/// A split above two numbers that are there.
#[derive(Clone, Copy, Debug)]
struct Any {
    split: Split,
    left: u16,
    right: u16,
    to: u16,
}

/// As many steps of each kind as one batch has: none of a kind needs more than what is there and what kinds before it make.
#[derive(Clone, Debug)]
struct Batch {
    threes: Range<u32>,
    any: Range<u32>,
}

/// Trees whose leaves are added one after another.
#[derive(Clone, Debug)]
struct Group {
    batches: Range<u32>,
    roots: [u16; TREES],
    /// One for each output that they add to.
    ends: Range<u32>,
}

/// Four trees that ask the same on all paths: the split of each level, from the root down, and where the leaves of each begin.
#[cfg(feature = "double")]
#[derive(Clone, Debug)]
struct Levels {
    splits: [Vec<Split>; TREES],
    starts: [u32; TREES],
}

/// How rows come from numbers to what is added.
#[derive(Clone, Copy, Debug)]
enum End {
    /// The bytes of leaves are shuffled: where those of the first tree begin, and how many leaves the largest tree has.
    Shuffles { planes: u32, leaves: u32 },
    /// Leaves are loaded row by row: where those of each tree begin.
    Loads([u32; TREES]),
    /// Numbers are of tiles: where those of each tree begin.
    Tiles([u32; TREES]),
    /// The same, with other tiles behind them, and how many numbers their leaves have.
    Chains([u32; TREES], u32),
    /// Leaves are loaded by numbers that the answers of each level make: the place of the trees.
    #[cfg(feature = "double")]
    Levels(u32),
}

/// Trees as steps, and what their leaves add. They are put in group after group; of each, batch after batch.
#[derive(Clone, Debug, Default)]
pub struct Fold<N> {
    threes: Vec<Three>,
    any: Vec<Any>,
    batches: Vec<Batch>,
    groups: Vec<Group>,
    ends: Vec<End>,
    leaves: Vec<N>,
    /// Of each sixteen leaves the lowest bytes, then the others.
    planes: Vec<[u8; CHUNK]>,
    tiles: Vec<Tile>,
    /// Trees that ask the same on all paths, four by four.
    #[cfg(feature = "double")]
    levels: Vec<Levels>,
    /// Those of leaves of several numbers that tiles lead to, or of leaves that tiles have no room for.
    numbers: Vec<N>,
}

/// The codes of blocks of 128 rows.
#[derive(Clone, Copy, Debug)]
pub struct Codes<'a> {
    /// Block after block, its lines.
    pub lines: &'a [Line],
    /// How many lines a block has.
    pub count: usize,
    /// How many of these, the first ones, are columns: the others say the same again.
    pub columns: usize,
    /// The columns row by row, in as many [`parts`](crate::tiles::parts) as they need, where some group has tiles.
    pub by_row: &'a [Part],
}

impl<N: Number> Fold<N> {
    /// Four ends, by a split and those below it on its left and right.
    #[inline]
    pub fn three(&mut self, splits: [Split; 3], first_leaf: u8, to: u16) {
        let [top, left, right] = splits;
        let (lines, thresholds) = ([top.line, left.line, right.line], [top.threshold, left.threshold, right.threshold]);
        self.threes.push(Three { lines, to, thresholds, first_leaf });
    }

    /// One of two numbers, by a split. Steps of this kind are taken in the order that they are put in, after all others of the
    /// batch.
    #[inline]
    pub fn any(&mut self, split: Split, left: u16, right: u16, to: u16) {
        self.any.push(Any { split, left, right, to });
    }

    /// Ends a batch of steps. What it has made, but for roots, may be overwritten by the next.
    #[inline]
    pub fn end_batch(&mut self) {
        let (threes, any) = self.batches.last().map_or((0, 0), |last| (last.threes.end, last.any.end));
        self.batches.push(Batch { threes: threes..self.threes.len() as u32, any: any..self.any.len() as u32 });
    }

    /// Appends a tile.
    #[inline]
    pub fn tile(&mut self, tile: Tile) {
        self.tiles.push(tile);
    }

    /// How many tiles there are: the place of the next one.
    #[inline]
    pub fn tile_count(&self) -> u32 {
        self.tiles.len() as u32
    }

    /// Appends the numbers of leaves that tiles lead to. The place of the first.
    #[inline]
    pub fn numbers(&mut self, numbers: &[N]) -> u32 {
        self.numbers.extend_from_slice(numbers);
        (self.numbers.len() - numbers.len()) as u32
    }

    /// The numbers of the group under way are of leaves, here from left to right: for the first output that it adds to, and then for the
    /// next ones. Beside a tree that is not there stands a leaf of -0.0.
    ///
    /// # Panics
    /// If a tree has no leaves, or more than [`MOST_LEAVES`].
    // Not inlined, here and where tiles are put in: a quarter of a kilobyte less in the module that predicts.
    #[inline(never)]
    pub fn end_in_leaves(&mut self, trees: [&[N]; TREES]) {
        let mut most = 0;
        for leaves in trees {
            assert!((1..=MOST_LEAVES).contains(&leaves.len()));
            most = most.max(leaves.len());
        }
        let chunks = most.div_ceil(CHUNK);
        if N::PLANES == 0 || chunks > MOST_CHUNKS || !crate::has_shuffle() {
            let mut starts = [0; TREES];
            for (start, leaves) in starts.iter_mut().zip(trees) {
                *start = self.leaves.len() as u32;
                self.leaves.extend_from_slice(leaves);
            }
            return self.ends.push(End::Loads(starts));
        }
        let planes = self.planes.len() as u32;
        for leaves in trees {
            let first = self.planes.len();
            self.planes.resize(first + N::PLANES * chunks, [0; CHUNK]);
            for (place, leaf) in leaves.iter().enumerate() {
                for byte in 0..N::PLANES {
                    self.planes[first + place / CHUNK * N::PLANES + byte][place % CHUNK] = leaf.byte(byte);
                }
            }
        }
        self.ends.push(End::Shuffles { planes, leaves: most as u32 });
    }

    /// The numbers of the group under way are of tiles: here those of number 0 are among all that were put in. Beside a tree that is not
    /// there stands a leaf of -0.0, which changes no number, and no zero.
    #[inline]
    pub fn end_in_tiles(&mut self, starts: [u32; TREES]) {
        self.ends.push(End::Tiles(starts));
    }

    /// They are of tiles that have others behind them, and leaves of so many numbers, each for an output.
    #[inline]
    pub fn end_in_chains(&mut self, starts: [u32; TREES], outputs: u32) {
        self.ends.push(End::Chains(starts, outputs));
    }

    /// The group under way is of trees that ask the same on all paths: the split of each level, from the root down, and the leaves from left
    /// to right. Beside a tree that is not there stands a leaf of -0.0.
    ///
    /// # Panics
    /// If a tree has more levels than a byte has bits, or not as many leaves as they make.
    #[cfg(feature = "double")]
    #[inline]
    pub fn end_in_levels(&mut self, trees: [(&[Split], &[N]); TREES]) {
        let mut levels = Levels { splits: trees.map(|(splits, _)| splits.to_vec()), starts: [0; TREES] };
        for (start, (splits, leaves)) in levels.starts.iter_mut().zip(trees) {
            assert!(splits.len() <= 8 && leaves.len() == 1 << splits.len());
            *start = self.leaves.len() as u32;
            self.leaves.extend_from_slice(leaves);
        }
        self.ends.push(End::Levels(self.levels.len() as u32));
        self.levels.push(levels);
    }

    /// Ends a group, whose leaves are added after those of the groups before it: where the number of each tree is when all steps
    /// are taken.
    #[inline]
    pub fn end_group(&mut self, roots: [u16; TREES]) {
        let (batches, ends) = self.groups.last().map_or((0, 0), |last| (last.batches.end, last.ends.end));
        self.groups.push(Group {
            batches: batches..self.batches.len() as u32,
            roots,
            ends: ends..self.ends.len() as u32,
        });
    }

    /// Makes room behind the last leaves and tiles, so that each tree has [`MOST_LEAVES`] of them, its own and the next ones'. To be
    /// called when all groups are there.
    #[inline]
    pub fn finish(&mut self) {
        if !self.leaves.is_empty() {
            self.leaves.resize(self.leaves.len() + MOST_LEAVES, N::NOTHING);
        }
        if self.has_tiles() {
            self.tiles.resize(self.tiles.len() + MOST_LEAVES, Tile::NOTHING);
        }
    }

    /// Whether rows' codes are asked for row by row too.
    pub fn has_tiles(&self) -> bool {
        !self.tiles.is_empty()
    }

    /// How many groups are of trees that ask the same on all paths.
    #[cfg(feature = "double")]
    #[doc(hidden)]
    #[inline]
    pub fn count_of_levels(&self) -> usize {
        self.ends.iter().filter(|end| matches!(end, End::Levels(..))).count()
    }

    /// Whether some tiles have others behind them.
    #[doc(hidden)]
    #[inline]
    pub fn has_chains(&self) -> bool {
        self.ends.iter().any(|end| matches!(end, End::Chains(..)))
    }
}

// All numbers are leaves; what the loops ask of them is nobody else's.
#[allow(private_bounds)]
impl<N: Leaf> Fold<N> {
    /// [`Number::fold`].
    #[inline(always)]
    pub(crate) fn add(&self, group: usize, codes: Codes<'_>, places: &mut Places, sums: &mut [N], step: usize) {
        #[cfg(target_arch = "x86_64")]
        if crate::vectors::has_thirty_two() {
            // SAFETY: the processor has AVX2.
            #[allow(unsafe_code)]
            return unsafe { self.add_by_thirty_two(group, codes, places, sums, step) };
        }
        self.add_by::<u8x16>(group, codes, places, sums, step);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn add_by_thirty_two(&self, group: usize, codes: Codes<'_>, places: &mut Places, sums: &mut [N], step: usize) {
        self.add_by::<ThirtyTwo>(group, codes, places, sums, step);
    }

    #[inline(always)]
    fn add_by<B: Bytes>(&self, group: usize, codes: Codes<'_>, places: &mut Places, sums: &mut [N], step: usize) {
        let group = &self.groups[group];
        let batches = &self.batches[group.batches.start as usize..group.batches.end as usize];
        let ends = &self.ends[group.ends.start as usize..group.ends.end as usize];
        for (index, block) in codes.lines.chunks_exact(codes.count).enumerate() {
            for Batch { threes, any } in batches {
                take_threes::<B>(&self.threes[threes.start as usize..threes.end as usize], block, &mut places.0);
                take_any::<B>(&self.any[any.start as usize..any.end as usize], block, &mut places.0);
            }
            let roots = group.roots.map(|root| &places.0[root as usize % PLACES]);
            for (output, end) in ends.iter().enumerate() {
                let all = &mut sums[output * step + index * LANES..];
                let sums = &mut all.as_chunks_mut::<LANES>().0[0];
                match *end {
                    End::Shuffles { planes, leaves } => {
                        N::add_by_shuffles::<B>(leaves as usize, &self.planes[planes as usize..], roots, sums);
                    }
                    End::Loads(starts) => add_by_loads(many(&self.leaves, starts), roots, sums),
                    End::Tiles(starts) => {
                        let rows = Rows::new(codes.by_row, codes.columns, index);
                        B::add_tiles(many(&self.tiles, starts), roots.map(Line::bytes), rows, &self.numbers, sums);
                    }
                    #[cfg(feature = "double")]
                    End::Levels(place) => {
                        let Levels { splits, starts } = &self.levels[place as usize];
                        let mut numbers = [Line::splat(0); TREES];
                        for (numbers, splits) in numbers.iter_mut().zip(splits) {
                            take_levels::<B>(splits, block, numbers);
                        }
                        add_by_loads(many(&self.leaves, *starts), numbers.each_ref(), sums);
                    }
                    End::Chains(starts, outputs) => {
                        let chains = Chains {
                            tiles: &self.tiles,
                            starts,
                            numbers: roots.map(Line::bytes),
                            rows: Rows::new(codes.by_row, codes.columns, index),
                            leaves: &self.numbers,
                            outputs: outputs as usize,
                        };
                        B::add_chains(&chains, all, step);
                    }
                }
            }
        }
    }
}

/// So many from each start on as a byte can count: [`Fold::finish`] has made room.
#[inline(always)]
fn many<T>(all: &[T], starts: [u32; TREES]) -> [&[T; MOST_LEAVES]; TREES] {
    starts.map(|start| &all[start as usize..].as_chunks().0[0])
}

/// All ones where a row's byte is above the threshold.
#[inline(always)]
fn goes_right<B: Bytes>(line: &Line, vector: usize, threshold: i8) -> B {
    B::load(line, vector).above(B::splat(threshold as u8))
}

#[inline(always)]
fn take_threes<B: Bytes>(threes: &[Three], block: &[Line], places: &mut [Line; PLACES]) {
    // Unknown to the compiler: wasm engines would make it anew in every turn.
    let two = black_box(B::splat(2));
    for &Three { lines, to, thresholds, first_leaf } in threes {
        let [top, left, right] = lines.map(|line| &block[line as usize]);
        let to = &mut places[to as usize % PLACES];
        let first = B::splat(first_leaf);
        let third = first.plus(two);
        for vector in 0..LANES / B::COUNT {
            // An answer is 0 or -1: the leaf less the answer is it or the next.
            let left = first.minus(goes_right(left, vector, thresholds[1]));
            let right = third.minus(goes_right(right, vector, thresholds[2]));
            goes_right::<B>(top, vector, thresholds[0]).min(right).max(left).store(to, vector);
        }
    }
}

/// The leaves' numbers of a tree that asks the same on all paths: twice the number of the level above, and 1 more where a row goes right.
#[cfg(feature = "double")]
#[inline(always)]
fn take_levels<B: Bytes>(splits: &[Split], block: &[Line], numbers: &mut Line) {
    for vector in 0..LANES / B::COUNT {
        let mut number = B::splat(0);
        for &Split { line, threshold } in splits {
            // An answer is 0 or -1.
            number = number.plus(number).minus(goes_right(&block[line as usize], vector, threshold));
        }
        number.store(numbers, vector);
    }
}

#[inline(always)]
fn take_any<B: Bytes>(any: &[Any], block: &[Line], places: &mut [Line; PLACES]) {
    for &Any { split, left, right, to } in any {
        let line = &block[split.line as usize];
        for vector in 0..LANES / B::COUNT {
            let left = B::load(&places[left as usize % PLACES], vector);
            let right = B::load(&places[right as usize % PLACES], vector);
            // `min`, of numbers without a sign, is what `and` is here; of an `and` and a `max` the compiler makes choices, which take
            // longer.
            let number = goes_right::<B>(line, vector, split.threshold).min(right).max(left);
            number.store(&mut places[to as usize % PLACES], vector);
        }
    }
}

/// Adds the leaf of each row's number.
#[inline(always)]
fn add_by_loads<N: Number>(leaves: [&[N; MOST_LEAVES]; TREES], roots: [&Line; TREES], sums: &mut [N; LANES]) {
    let [first, second, third, fourth] = leaves;
    for (row, sum) in sums.iter_mut().enumerate() {
        let mut now = *sum;
        now += first[usize::from(roots[0].0[row])];
        now += second[usize::from(roots[1].0[row])];
        now += third[usize::from(roots[2].0[row])];
        now += fourth[usize::from(roots[3].0[row])];
        *sum = now;
    }
}

/// Adds leaves whose bytes are shuffled: so many at most of each tree.
#[inline(always)]
pub(crate) fn add_by_shuffles<B: Bytes>(
    leaves: usize,
    planes: &[[u8; CHUNK]],
    roots: [&Line; TREES],
    sums: &mut [f32; LANES],
) {
    let planes = planes.as_chunks::<4>().0;
    if leaves <= CHUNK / 2
        && let Some(planes) = planes.first_chunk()
    {
        return B::add_few(planes, roots, sums);
    }
    let (chunks, sixteen) = (leaves.div_ceil(CHUNK), B::splat(CHUNK as u8));
    for (root, planes) in roots.iter().zip(planes.chunks_exact(chunks)) {
        // Unknown to the compiler: made once for each vector it would be much code for little.
        for vector in 0..LANES / B::COUNT {
            let mut number = B::load(root, vector);
            let mut bytes = [B::splat(0); 4];
            for chunk in planes {
                for (bytes, plane) in bytes.iter_mut().zip(chunk) {
                    *bytes = bytes.or(number.look_up(plane));
                }
                number = number.minus(sixteen);
            }
            B::add_to(bytes, sums, vector);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_each_width;

    fn split(line: u16, threshold: i8) -> Split {
        Split { line, threshold }
    }

    /// A block of two lines: rows' own numbers, and these backwards.
    fn block() -> [Line; 2] {
        let mut block = [Line::splat(0); 2];
        for row in 0..LANES {
            block[0].bytes_mut()[row] = row as i8;
            block[1].bytes_mut()[row] = (LANES - 1 - row) as i8;
        }
        block
    }

    fn two_lines(lines: &[Line]) -> Codes<'_> {
        Codes { lines, count: 2, columns: 2, by_row: &[] }
    }

    /// A tree that is a ladder of so many splits: row `r` comes to leaf `r`, as far as there are any.
    fn ladder<N: Number>(splits: u16, root: u16) -> Fold<N> {
        let mut fold = Fold::default();
        let mut below = None;
        for rung in (0..splits).rev() {
            let to = if rung == 0 { root } else { FIRST_FREE + rung };
            match below {
                None => fold.any(split(0, rung as i8), rung, rung + 1, to),
                Some(right) => fold.any(split(0, rung as i8), rung, right, to),
            }
            below = Some(to);
        }
        fold
    }

    /// A tree of the steps that were put in, and three of nothing.
    fn alone<N: Number>(mut fold: Fold<N>, leaves: &[N]) -> Fold<N> {
        fold.end_batch();
        fold.end_in_leaves([leaves, &[N::NOTHING], &[N::NOTHING], &[N::NOTHING]]);
        fold.end_group([FIRST_ROOT, 0, 0, 0]);
        fold.finish();
        fold
    }

    #[test]
    fn each_row_comes_to_its_leaf_however_leaves_are_looked_up() {
        // From one shuffle to the load of each row's leaf.
        for splits in [1_u16, 2, 7, 8, 15, 16, 31, 32, 47, 48, 60, 63] {
            let leaves: Vec<f32> = (0..=splits).map(|leaf| f32::from(leaf) * 1.1 - 7.0).collect();
            let fold = alone(ladder(splits, FIRST_ROOT), &leaves);
            by_each_width(|width| {
                let mut sums = [0.5; LANES];
                fold.add(0, two_lines(&block()), &mut Places::default(), &mut sums, 0);
                for (row, sum) in sums.iter().enumerate() {
                    assert_eq!(*sum, 0.5 + leaves[row.min(usize::from(splits))], "{splits} splits, row {row}, {width}");
                }
            });
        }
    }

    #[test]
    fn many_leaves_are_loaded_and_whole_blocks_are_added_to() {
        let leaves: Vec<f32> = (0..MOST_LEAVES).map(|leaf| leaf as f32).collect();
        let mut fold = Fold::default();
        // Only the last two leaves are told apart.
        fold.any(split(1, 31), 254, 255, FIRST_ROOT);
        let fold = alone(fold, &leaves);
        let blocks = [block(), block()].concat();
        let mut sums = vec![0.0; 2 * LANES + 5];
        fold.add(0, two_lines(&blocks), &mut Places::default(), &mut sums, 0);
        for (row, sum) in sums.iter().enumerate() {
            let expected = if row >= 2 * LANES {
                0.0
            } else if LANES - 1 - row % LANES > 31 {
                255.0
            } else {
                254.0
            };
            assert_eq!(*sum, expected, "row {row}");
        }
    }

    #[test]
    fn a_number_is_of_a_leaf_for_each_output() {
        let mut fold = ladder(3, FIRST_ROOT);
        fold.end_batch();
        for leaves in [&[1.0, 2.0, 3.0, 4.0], &[10.0, 20.0, 30.0, 40.0]] {
            fold.end_in_leaves([leaves, &[-0.0], &[-0.0], &[-0.0]]);
        }
        fold.end_group([FIRST_ROOT, 0, 0, 0]);
        fold.finish();
        let blocks = [block(), block()].concat();
        let step = 2 * LANES + 22;
        let mut sums = vec![0.0; 2 * step];
        fold.add(0, two_lines(&blocks), &mut Places::default(), &mut sums, step);
        for row in 0..2 * LANES {
            let leaf = (row % LANES).min(3) as f32 + 1.0;
            assert_eq!([sums[row], sums[step + row]], [leaf, 10.0 * leaf], "row {row}");
        }
        assert!(sums[2 * LANES..step].iter().all(|sum| *sum == 0.0));
    }

    #[cfg(feature = "double")]
    #[test]
    fn trees_that_ask_the_same_on_all_paths_are_folded_by_their_levels() {
        let mut fold = Fold::default();
        let leaves: Vec<f64> = (0..8).map(|leaf| f64::from(leaf) + 0.1).collect();
        let splits = [split(0, 63), split(1, 95), split(0, 31)];
        fold.end_in_levels([(&splits, &leaves), (&splits[..1], &[100.0, 200.0]), (&[], &[-0.0]), (&[], &[0.25])]);
        fold.end_group([0; TREES]);
        fold.finish();
        let blocks = [block(), block()].concat();
        by_each_width(|width| {
            let mut sums = [0.5; 2 * LANES];
            fold.add(0, two_lines(&blocks), &mut Places::default(), &mut sums, 0);
            for (row, sum) in sums.iter().enumerate() {
                let row = row % LANES;
                let answers = [row > 63, LANES - 1 - row > 95, row > 31];
                let leaf = answers.iter().fold(0, |leaf, &answer| 2 * leaf + usize::from(answer));
                let expected = 0.5 + leaves[leaf] + if row > 63 { 200.0 } else { 100.0 } + -0.0 + 0.25;
                assert_eq!(*sum, expected, "row {row}, {width}");
            }
        });
    }

    #[test]
    fn three_splits_above_four_leaves_are_one_step() {
        let mut fold = Fold::default();
        fold.three([split(0, 31), split(0, 15), split(1, 15)], 3, FIRST_ROOT);
        let fold = alone(fold, &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let mut sums = [0.0; LANES];
        fold.add(0, two_lines(&block()), &mut Places::default(), &mut sums, 0);
        for (row, sum) in sums.iter().enumerate() {
            let expected = match row {
                0..16 => 3.0,
                16..32 => 4.0,
                _ if LANES - 1 - row > 15 => 6.0,
                _ => 5.0,
            };
            assert_eq!(*sum, expected, "row {row}");
        }
    }

    #[test]
    #[should_panic(expected = "MOST_LEAVES")]
    fn a_tree_of_more_leaves_than_a_byte_counts_is_refused() {
        alone(Fold::default(), &[0.0; MOST_LEAVES + 1]);
    }
}
