//! Shallow trees: thirty-two rows at a time, every split of a tree compared for all of them.
//!
//! A tree of depth 3 has at most seven splits and eight leaves. Comparing gives -1 for a step to the right and 0 for one
//! to the left, and the leaves are counted from 0 down to -7. Below a split whose left side ends in leaf `l` and whose
//! right side in leaf `r`, every `r` is less than every `l`, so the leaf is `min(l, answer & r)`: two instructions, where
//! choosing one of the two by the answer takes three and the leaf's bits more. The leaf's four bytes come from four
//! shuffles of the leaves' bytes. There is no limit on columns, and nothing depends on the rows' values but values.

use wide::{f32x4, i8x16, u8x16};

use crate::{BLOCK, SLOTS, SPLITS};

/// How many rows one vector holds.
const LANES: usize = 16;
/// How many vectors go together: each threshold is fetched once for all.
const VECTORS: usize = 2;
/// How many rows go together.
pub const ROWS: usize = LANES * VECTORS;

/// A tree made perfect: where it is shallower, every row goes left.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The byte column of each split, in the order of their depth.
    pub columns: [u32; SPLITS],
    /// A row goes right if its byte is above.
    pub thresholds: [i8; SPLITS],
    /// The leaves' lowest bytes, the last leaf's first, then their second ones; their third and highest.
    pub planes: [[u8; 2 * SLOTS]; 2],
}

/// Adds the leaves of the trees to the sums of a block of rows, one number for each; what is behind the last whole
/// [`ROWS`] is left alone. The rows' bytes are column after column, [`BLOCK`] for each, however many rows there are.
pub fn add(trees: &[Tree], bytes: &[i8], sums: &mut [f32]) {
    let rows = bytes.as_chunks::<ROWS>().0;
    for (place, sums) in sums.as_chunks_mut::<ROWS>().0.iter_mut().enumerate() {
        let mut vectors: [[f32x4; 4]; VECTORS] = bytemuck::cast(*sums);
        for tree in trees {
            tree.add(rows, place, &mut vectors);
        }
        *sums = bytemuck::cast(vectors);
    }
}

impl Tree {
    #[inline(always)]
    fn add(&self, rows: &[[i8; ROWS]], place: usize, sums: &mut [[f32x4; 4]; VECTORS]) {
        let mut right = [[i8x16::default(); SPLITS]; VECTORS];
        for split in 0..SPLITS {
            let bytes: [[i8; LANES]; VECTORS] =
                bytemuck::cast(rows[self.columns[split] as usize * (BLOCK / ROWS) + place]);
            let threshold = i8x16::splat(self.thresholds[split]);
            for vector in 0..VECTORS {
                right[vector][split] = i8x16::new(bytes[vector]).simd_gt(threshold);
            }
        }
        let [low, high] = self.planes.map(u8x16::new);
        for (right, sums) in right.into_iter().zip(sums) {
            let below = |number: i8| i8x16::splat(number);
            let left = right[3].min(right[1] & (right[4] + below(-2)));
            let other = (right[5] + below(-4)).min(right[2] & (right[6] + below(-6)));
            let leaf = left.min(right[0] & other);
            let [leaf, behind] = [7, 15].map(|last| bytemuck::cast::<i8x16, u8x16>(leaf + i8x16::splat(last)));
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
}
