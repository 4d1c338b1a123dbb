//! Shallow trees: sixteen rows at a time, every split of a tree compared for all of them.
//!
//! A tree of depth 3 has at most seven splits and eight leaves. For sixteen rows at once, all seven answers choose,
//! from the bottom up, each row's leaf; the leaf's four bytes come from four shuffles of the leaves' bytes. There is no
//! limit on columns, and nothing depends on the rows' values but values.

use wide::{f32x4, i8x16, u8x16};

use crate::{SLOTS, SPLITS};

/// How many rows go together.
pub const LANES: usize = 16;

/// A tree made perfect: where it is shallower, every row goes left.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The byte column of each split, in the order of their depth.
    pub columns: [u32; SPLITS],
    /// A row goes right if its byte is above.
    pub thresholds: [i8; SPLITS],
    /// The leaves' lowest bytes, then their second ones; their third and highest.
    pub planes: [[u8; 2 * SLOTS]; 2],
}

/// Adds the leaves of the trees of each output to the margins of a block of rows, whose bytes are column after column,
/// `column_step` (a multiple of [`LANES`]) from one to the next.
pub fn add(outputs: &[Vec<Tree>], bytes: &[i8], column_step: usize, margins: &mut [f32]) {
    let output_count = outputs.len();
    let bytes = bytes.as_chunks::<LANES>().0;
    let lanes_per_column = column_step / LANES;
    for (lane, margins) in margins.chunks_mut(LANES * output_count).enumerate() {
        for (output, trees) in outputs.iter().enumerate() {
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
        let behind = leaf | u8x16::splat(SLOTS as u8);
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
