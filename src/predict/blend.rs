//! The evaluator for shallow trees: sixteen rows at a time, every split of a tree compared for all of them.
//!
//! A tree of depth 3 has at most seven splits and eight leaves. For sixteen rows at once, all seven answers choose,
//! from the bottom up, each row's leaf; the leaf's four bytes come from four shuffles of the leaves' bytes. There is no
//! limit on columns, and nothing depends on the rows' values but values.

use wide::{f32x4, i8x16, u8x16};

use super::{BLOCK, Scratch};
use crate::codes::bytes::{ALWAYS_LEFT, Block, ByteColumns};
use crate::forest::{Forest, Node};

/// How many rows go together.
const LANES: usize = 16;
const SPLITS: usize = 7;
const LEAVES: usize = 8;
const DEPTH: usize = 3;

/// The trees, those of one output together.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    columns: ByteColumns,
    /// The byte columns that are wanted less 1 too, where missing goes right: they come after the others.
    shifted: Vec<u32>,
    /// The trees of each output.
    outputs: Vec<Vec<Tree>>,
}

/// A tree made perfect: where it is shallower, every row goes left.
#[derive(Clone, Debug)]
struct Tree {
    columns: [u32; SPLITS],
    thresholds: [i8; SPLITS],
    /// The leaves' lowest bytes, then their second ones; their third and highest.
    planes: [[u8; 2 * LEAVES]; 2],
}

impl Trees {
    /// The forest in this form; `None` if a tree is deeper, or leaves are vectors.
    pub(super) fn new(forest: &Forest) -> Option<Self> {
        if forest.depth() > DEPTH || forest.leaf_width() > 1 || forest.columns().is_empty() {
            return None;
        }
        let columns = ByteColumns::new(forest);
        let mut trees = Self { columns, shifted: Vec::new(), outputs: vec![Vec::new(); forest.output_count()] };
        for (&root, &output) in forest.roots().iter().zip(forest.tree_outputs()) {
            let tree = trees.tree(forest, root);
            trees.outputs[output as usize].push(tree);
        }
        Some(trees)
    }

    /// The tree at `root`, made perfect.
    fn tree(&mut self, forest: &Forest, root: u32) -> Tree {
        let mut tree = Tree { columns: [0; SPLITS], thresholds: [ALWAYS_LEFT; SPLITS], planes: [[0; 2 * LEAVES]; 2] };
        // The splits and leaves by position: the children of `p` are `2p + 1` and `2p + 2`.
        let mut nodes = [None; SPLITS + LEAVES];
        nodes[0] = Some(root);
        for position in 0..nodes.len() {
            let Some(node) = nodes[position] else { continue };
            match forest.nodes()[node as usize] {
                Node::Split { column, rank, right } if position < SPLITS => {
                    let split = self.columns.split(forest, column, rank);
                    tree.columns[position] =
                        if split.missing_right { self.shifted(split.column) } else { split.column };
                    tree.thresholds[position] = split.threshold;
                    nodes[2 * position + 1] = Some(node + 1);
                    nodes[2 * position + 2] = Some(right);
                }
                Node::Leaf { .. } if position < SPLITS => nodes[2 * position + 1] = Some(node),
                Node::Leaf { leaf } => {
                    let bytes = forest.leaves()[leaf as usize].to_le_bytes();
                    for (index, byte) in bytes.into_iter().enumerate() {
                        tree.planes[index / 2][index % 2 * LEAVES + position - SPLITS] = byte;
                    }
                }
                // No tree here is deeper than its positions.
                Node::Split { .. } => {}
            }
        }
        tree
    }

    /// The place of a byte column's copy less 1.
    fn shifted(&mut self, column: u32) -> u32 {
        let known = self.shifted.iter().position(|&shifted| shifted == column);
        let place = known.unwrap_or(self.shifted.len());
        if known.is_none() {
            self.shifted.push(column);
        }
        (self.columns.count() + place) as u32
    }

    /// Adds the trees' leaves to the margins of a block of rows.
    pub(super) fn add(&self, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        let row_count = rows.len() / width;
        let output_count = self.outputs.len();
        // Columns one after another, each as long as whole lanes need: what lies behind the last row is never read out.
        let bytes = &mut scratch.bytes;
        let column_step = BLOCK.min(row_count.next_multiple_of(LANES));
        let unshifted = self.columns.count() * column_step;
        bytes.resize(unshifted + self.shifted.len() * column_step, 0);
        self.columns.encode(rows, width, &mut Block { bytes, row_step: 1, column_step });
        let (unshifted, shifted) = bytes.split_at_mut(unshifted);
        for (to, &column) in shifted.chunks_exact_mut(column_step).zip(&self.shifted) {
            for (to, byte) in to.iter_mut().zip(&unshifted[column as usize * column_step..]) {
                *to = byte.wrapping_sub(1);
            }
        }
        let bytes = bytes.as_chunks::<LANES>().0;
        let lanes_per_column = column_step / LANES;
        for (lane, margins) in margins.chunks_mut(LANES * output_count).enumerate() {
            for (output, trees) in self.outputs.iter().enumerate() {
                let mut sums = [0.0; LANES];
                let own = margins[output..].iter().step_by(output_count);
                for (sum, margin) in sums.iter_mut().zip(own) {
                    *sum = *margin;
                }
                let mut sums: [f32x4; 4] = bytemuck::cast(sums);
                for tree in trees {
                    tree.add(|column| i8x16::new(bytes[column as usize * lanes_per_column + lane]), &mut sums);
                }
                let sums: [f32; LANES] = bytemuck::cast(sums);
                let own = margins[output..].iter_mut().step_by(output_count);
                for (sum, margin) in sums.iter().zip(own) {
                    *margin = *sum;
                }
            }
        }
    }
}

impl Tree {
    #[inline(always)]
    fn add(&self, bytes: impl Fn(u32) -> i8x16, sums: &mut [f32x4; 4]) {
        let right = |split: usize| -> u8x16 {
            bytemuck::cast(bytes(self.columns[split]).simd_gt(i8x16::splat(self.thresholds[split])))
        };
        let first = right(0);
        let second = first.bitselect(right(2), right(1));
        let third = first.bitselect(second.bitselect(right(6), right(5)), second.bitselect(right(4), right(3)));
        let leaf = (first & u8x16::splat(4)) | (second & u8x16::splat(2)) | (third & u8x16::splat(1));
        let behind = leaf | u8x16::splat(LEAVES as u8);
        let [low, high] = self.planes.map(u8x16::new);
        let (first, second) = (low.shuffle_zeroing(leaf), low.shuffle_zeroing(behind));
        let (third, fourth) = (high.shuffle_zeroing(leaf), high.shuffle_zeroing(behind));
        // Interleaving bytes 0 with 2 and 1 with 3, then the two, puts each leaf's four bytes together.
        let (even, odd) = (u8x16::unpack_low(first, third), u8x16::unpack_low(second, fourth));
        sums[0] += bytemuck::cast::<u8x16, f32x4>(u8x16::unpack_low(even, odd));
        sums[1] += bytemuck::cast::<u8x16, f32x4>(u8x16::unpack_high(even, odd));
        let (even, odd) = (u8x16::unpack_high(first, third), u8x16::unpack_high(second, fourth));
        sums[2] += bytemuck::cast::<u8x16, f32x4>(u8x16::unpack_low(even, odd));
        sums[3] += bytemuck::cast::<u8x16, f32x4>(u8x16::unpack_high(even, odd));
    }
}
