//! Trees of any shape over any number of columns: one step a split, for 64 rows.
//!
//! The leaves of a tree are numbered from left to right. From the leaves up, the number of the leaf that a row comes to below a
//! split is `max(left, answer & right)`: of two numbers every right one is greater than every left one, and the answer, all
//! ones where a row goes right, keeps it or takes it away. One load, one comparison, and two instructions a split: no shuffle,
//! so that there may be any number of columns; no branch, and nothing is made perfect, so that a tree may have any shape.
//! What a byte can count is the limit: 256 leaves.
//!
//! Most splits are near the leaves: a split above two leaves, and three splits above four, are steps of their own, which need
//! no numbers made before them. The steps of a few trees are taken together, kind by kind, so that no branch depends on a
//! tree's shape.

use std::hint::black_box;
use std::ops::Range;

use wide::{f32x4, i8x16, u8x16};

/// How many rows are folded together.
pub const LANES: usize = 64;
/// The most leaves of a tree whose leaves a byte can count.
pub const MOST_LEAVES: usize = 256;
/// How many trees' leaves are added together.
pub const TREES: usize = 4;
/// How many leaves' bytes one shuffle reaches.
const CHUNK: usize = 16;
/// The most chunks that are faster than one load for each row.
const MOST_CHUNKS: usize = if crate::HAS_SHUFFLE { 4 } else { 0 };
/// The places of numbers: first the leaves' own, then what is made of them. A power of two, so that no place is outside.
pub const PLACES: usize = 512;
/// The place of the first number that is made: [`TREES`] roots, and then all others.
pub const FIRST_ROOT: u16 = MOST_LEAVES as u16;
/// The first place that is no leaf's and no root's.
pub const FIRST_FREE: u16 = FIRST_ROOT + TREES as u16;

/// A byte of each of 64 rows: of a column, or the numbers of leaves.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Line([u8; LANES]);

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

/// How many vectors a line has.
const VECTORS: usize = LANES / 16;

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

/// A split above two leaves.
#[derive(Clone, Copy, Debug)]
struct Two {
    split: Split,
    first_leaf: u8,
    to: u16,
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

/// Steps that need nothing but what is there, kind after kind.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    twos: Vec<Two>,
    threes: Vec<Three>,
    any: Vec<Any>,
}

impl Steps {
    /// The first and second leaf, by a split.
    #[inline]
    pub fn two(&mut self, split: Split, first_leaf: u8, to: u16) {
        self.twos.push(Two { split, first_leaf, to });
    }

    /// Four leaves, by a split and those below it on its left and right.
    #[inline]
    pub fn three(&mut self, splits: [Split; 3], first_leaf: u8, to: u16) {
        let (lines, thresholds) = (splits.map(|split| split.line), splits.map(|split| split.threshold));
        self.threes.push(Three { lines, to, thresholds, first_leaf });
    }

    /// One of two numbers, by a split. Steps of this kind are taken in the order that they are put in, after all others.
    #[inline]
    pub fn any(&mut self, split: Split, left: u16, right: u16, to: u16) {
        self.any.push(Any { split, left, right, to });
    }
}

/// As many steps of each kind as one batch has.
#[derive(Clone, Debug)]
struct Batch {
    twos: Range<u32>,
    threes: Range<u32>,
    any: Range<u32>,
}

/// Trees of one output whose leaves are added one after another.
#[derive(Clone, Debug)]
struct Group {
    batches: Range<u32>,
    roots: [u16; TREES],
    /// Where each tree's leaves begin.
    leaves: [u32; TREES],
    /// Where the bytes of the first tree's leaves begin, and how many chunks each tree has; 0 if they are loaded row by row.
    planes: u32,
    chunks: u32,
}

/// Trees as steps.
#[derive(Clone, Debug, Default)]
pub struct Fold {
    steps: Steps,
    batches: Vec<Batch>,
    groups: Vec<Group>,
    leaves: Vec<f32>,
    /// Of each sixteen leaves the lowest bytes, then the others.
    planes: Vec<[u8; CHUNK]>,
}

/// One group of trees, as it is made.
#[derive(Debug)]
pub struct Part {
    /// The trees' steps, in one or several batches: what a batch has made, but for roots, may be overwritten by the next.
    pub batches: Vec<Steps>,
    /// Where the number of each tree's leaf is when all steps are taken.
    pub roots: [u16; TREES],
    /// The trees' leaves from left to right; one leaf of -0.0 where there is no tree.
    pub leaves: [Vec<f32>; TREES],
}

impl Fold {
    /// Appends a group: its leaves are added after those of the groups before it.
    ///
    /// # Panics
    /// If a tree has no leaves, or more than [`MOST_LEAVES`].
    #[inline]
    pub fn push(&mut self, part: Part) {
        let first = self.batches.len() as u32;
        for steps in part.batches {
            let mut from =
                [self.steps.twos.len(), self.steps.threes.len(), self.steps.any.len()].map(|count| count as u32);
            self.steps.twos.extend(steps.twos);
            self.steps.threes.extend(steps.threes);
            self.steps.any.extend(steps.any);
            let mut range = |place: usize, end: usize| std::mem::replace(&mut from[place], end as u32)..end as u32;
            let twos = range(0, self.steps.twos.len());
            let threes = range(1, self.steps.threes.len());
            let any = range(2, self.steps.any.len());
            self.batches.push(Batch { twos, threes, any });
        }
        let most = part.leaves.iter().map(Vec::len).max().unwrap_or(0);
        assert!(most <= MOST_LEAVES && part.leaves.iter().all(|leaves| !leaves.is_empty()));
        let chunks = most.div_ceil(CHUNK);
        let mut group = Group {
            batches: first..self.batches.len() as u32,
            roots: part.roots,
            leaves: [0; TREES],
            planes: self.planes.len() as u32,
            chunks: if chunks <= MOST_CHUNKS { chunks as u32 } else { 0 },
        };
        for (start, leaves) in group.leaves.iter_mut().zip(&part.leaves) {
            if group.chunks > 0 {
                for chunk in 0..chunks {
                    for byte in 0..4 {
                        self.planes.push(std::array::from_fn(|place| {
                            leaves.get(chunk * CHUNK + place).map_or(0, |leaf| leaf.to_le_bytes()[byte])
                        }));
                    }
                }
            } else {
                *start = self.leaves.len() as u32;
                self.leaves.extend(leaves);
            }
        }
        self.groups.push(group);
    }

    /// Makes room behind the last leaves, so that each tree has [`MOST_LEAVES`] of them, its own and the next ones'. To be called
    /// when all groups are there.
    #[inline]
    pub fn finish(&mut self) {
        if !self.leaves.is_empty() {
            self.leaves.extend([0.0; MOST_LEAVES]);
        }
    }

    /// Adds the leaves of a group to the sums of blocks of 64 rows, one after another. A block has `lines` lines.
    ///
    /// # Panics
    /// If a split asks for a line that is not there, or sums are fewer than rows.
    pub fn add(&self, group: usize, blocks: &[Line], lines: usize, places: &mut Places, sums: &mut [f32]) {
        let group = &self.groups[group];
        let batches = &self.batches[group.batches.start as usize..group.batches.end as usize];
        for (block, sums) in blocks.chunks_exact(lines).zip(sums.as_chunks_mut::<LANES>().0) {
            for Batch { twos, threes, any } in batches {
                take_threes(&self.steps.threes[threes.start as usize..threes.end as usize], block, &mut places.0);
                take_twos(&self.steps.twos[twos.start as usize..twos.end as usize], block, &mut places.0);
                take_any(&self.steps.any[any.start as usize..any.end as usize], block, &mut places.0);
            }
            self.add_leaves(group, &places.0, sums);
        }
    }

    #[inline(always)]
    fn add_leaves(&self, group: &Group, places: &[Line; PLACES], sums: &mut [f32; LANES]) {
        let roots = group.roots.map(|root| &places[root as usize % PLACES]);
        let planes = &self.planes[group.planes as usize..];
        if group.chunks > 0 {
            return add_by_shuffles(group.chunks as usize, planes, roots, sums);
        }
        let leaves = group.leaves.map(|start| self.leaves[start as usize..].first_chunk::<MOST_LEAVES>());
        let [Some(first), Some(second), Some(third), Some(fourth)] = leaves else { return };
        for (row, sum) in sums.iter_mut().enumerate() {
            let mut now = *sum + first[usize::from(roots[0].0[row])];
            now += second[usize::from(roots[1].0[row])];
            now += third[usize::from(roots[2].0[row])];
            *sum = now + fourth[usize::from(roots[3].0[row])];
        }
    }
}

/// All ones where a row's byte is above the threshold.
#[inline(always)]
fn goes_right(line: &Line, vector: usize, threshold: i8) -> u8x16 {
    bytemuck::cast(bytemuck::cast::<u8x16, i8x16>(line.load(vector)).simd_gt(i8x16::splat(threshold)))
}

#[inline(always)]
fn take_threes(threes: &[Three], block: &[Line], places: &mut [Line; PLACES]) {
    let two = black_box(u8x16::splat(2));
    for &Three { lines, to, thresholds, first_leaf } in threes {
        let [top, left, right] = lines.map(|line| &block[line as usize]);
        let to = &mut places[to as usize % PLACES];
        let first = u8x16::splat(first_leaf);
        let third = first + two;
        for vector in 0..VECTORS {
            // An answer is 0 or -1: the leaf less the answer is it or the next.
            let left = first - goes_right(left, vector, thresholds[1]);
            let right = third - goes_right(right, vector, thresholds[2]);
            to.store(vector, goes_right(top, vector, thresholds[0]).min(right).max(left));
        }
    }
}

#[inline(always)]
fn take_twos(twos: &[Two], block: &[Line], places: &mut [Line; PLACES]) {
    for &Two { split, first_leaf, to } in twos {
        let line = &block[split.line as usize];
        let to = &mut places[to as usize % PLACES];
        let first = u8x16::splat(first_leaf);
        for vector in 0..VECTORS {
            to.store(vector, first - goes_right(line, vector, split.threshold));
        }
    }
}

#[inline(always)]
fn take_any(any: &[Any], block: &[Line], places: &mut [Line; PLACES]) {
    for &Any { split, left, right, to } in any {
        let line = &block[split.line as usize];
        for vector in 0..VECTORS {
            let left = places[left as usize % PLACES].load(vector);
            let right = places[right as usize % PLACES].load(vector);
            // `min`, of numbers without a sign, is what `and` is here; of an `and` and a `max` the compiler makes choices, which take
            // longer.
            places[to as usize % PLACES].store(vector, goes_right(line, vector, split.threshold).min(right).max(left));
        }
    }
}

/// Adds leaves whose bytes are shuffled: so many times sixteen for each tree.
#[inline(always)]
fn add_by_shuffles(chunks: usize, planes: &[[u8; CHUNK]], roots: [&Line; TREES], sums: &mut [f32; LANES]) {
    let sixteen = u8x16::splat(CHUNK as u8);
    let planes = planes.as_chunks::<4>().0;
    for (root, planes) in roots.iter().zip(planes.chunks_exact(chunks)) {
        for (vector, sums) in sums.as_chunks_mut::<16>().0.iter_mut().enumerate() {
            let mut number = root.load(vector);
            let mut bytes = [u8x16::ZERO; 4];
            for chunk in planes {
                for (bytes, plane) in bytes.iter_mut().zip(chunk) {
                    *bytes |= u8x16::new(*plane).shuffle_zeroing(number);
                }
                number -= sixteen;
            }
            // Interleaving twice puts the four bytes of each leaf together.
            let [lowest, second, third, highest] = bytes;
            let halves = |one, other| [u8x16::unpack_low(one, other), u8x16::unpack_high(one, other)];
            let (even, odd) = (halves(lowest, third), halves(second, highest));
            let leaves = [halves(even[0], odd[0]), halves(even[1], odd[1])];
            let leaves: [f32x4; 4] = bytemuck::cast(leaves);
            let mut now: [f32x4; 4] = bytemuck::cast(*sums);
            for (now, leaves) in now.iter_mut().zip(leaves) {
                *now += leaves;
            }
            *sums = bytemuck::cast(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// A tree that is a ladder of so many splits: row `r` comes to leaf `r`, as far as there are any.
    fn ladder(splits: u16, root: u16) -> Steps {
        let mut steps = Steps::default();
        let mut below = None;
        for rung in (0..splits).rev() {
            let to = if rung == 0 { root } else { FIRST_FREE + rung };
            match below {
                None => steps.two(split(0, rung as i8), rung as u8, to),
                Some(right) => steps.any(split(0, rung as i8), rung, right, to),
            }
            below = Some(to);
        }
        steps
    }

    fn alone(steps: Steps, leaves: Vec<f32>) -> Fold {
        let none = || vec![-0.0];
        let mut fold = Fold::default();
        fold.push(Part {
            batches: vec![steps],
            roots: [FIRST_ROOT, 0, 0, 0],
            leaves: [leaves, none(), none(), none()],
        });
        fold.finish();
        fold
    }

    #[test]
    fn each_row_comes_to_its_leaf_however_leaves_are_looked_up() {
        // From one shuffle to the load of each row's leaf.
        for splits in [1_u16, 2, 15, 16, 31, 32, 47, 48, 60, 63] {
            let leaves: Vec<f32> = (0..=splits).map(|leaf| f32::from(leaf) * 1.1 - 7.0).collect();
            let fold = alone(ladder(splits, FIRST_ROOT), leaves.clone());
            let mut sums = [0.5; LANES];
            fold.add(0, &block(), 2, &mut Places::default(), &mut sums);
            for (row, sum) in sums.iter().enumerate() {
                assert_eq!(*sum, 0.5 + leaves[row.min(usize::from(splits))], "{splits} splits, row {row}");
            }
        }
    }

    #[test]
    fn many_leaves_are_loaded_and_whole_blocks_are_added_to() {
        let leaves: Vec<f32> = (0..MOST_LEAVES).map(|leaf| leaf as f32).collect();
        let mut steps = Steps::default();
        // Only the last two leaves are told apart.
        steps.two(split(1, 31), 254, FIRST_ROOT);
        let fold = alone(steps, leaves);
        let blocks = [block(), block()].concat();
        let mut sums = vec![0.0; 2 * LANES + 5];
        fold.add(0, &blocks, 2, &mut Places::default(), &mut sums);
        for (row, sum) in sums.iter().enumerate() {
            let expected = if row >= 2 * LANES {
                0.0
            } else if row % LANES < 32 {
                255.0
            } else {
                254.0
            };
            assert_eq!(*sum, expected, "row {row}");
        }
    }

    #[test]
    fn three_splits_above_four_leaves_are_one_step() {
        let mut steps = Steps::default();
        steps.three([split(0, 31), split(0, 15), split(1, 15)], 3, FIRST_ROOT);
        let fold = alone(steps, (0..7).map(|leaf| leaf as f32).collect());
        let mut sums = [0.0; LANES];
        fold.add(0, &block(), 2, &mut Places::default(), &mut sums);
        for (row, sum) in sums.iter().enumerate() {
            let expected = [3.0, 4.0, 6.0, 5.0][row / 16];
            assert_eq!(*sum, expected, "row {row}");
        }
    }

    #[test]
    #[should_panic(expected = "MOST_LEAVES")]
    fn a_tree_of_more_leaves_than_a_byte_counts_is_refused() {
        alone(Steps::default(), vec![0.0; MOST_LEAVES + 1]);
    }
}
