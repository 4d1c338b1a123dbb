//! Shallow trees: thirty-two rows at a time, every split of a tree compared for all of them.
//!
//! A tree of depth 3 has at most seven splits and eight leaves. Comparing gives -1 for a step to the right and 0 for one
//! to the left, and the leaves are counted from 0 down to -7. Below a split whose left side ends in leaf `l` and whose
//! right side in leaf `r`, every `r` is less than every `l`, so the leaf is `min(l, answer & r)`: two instructions, where
//! choosing one of the two by the answer takes three and the leaf's bits more. The leaf's four bytes come from four
//! shuffles of the leaves' bytes. There is no limit on columns, and nothing depends on the rows' values but values.

use wide::{f32x4, i8x16, u8x16};

use crate::{ALWAYS_LEFT, BLOCK, SLOTS, SPLITS};

/// How many rows one vector holds.
const LANES: usize = 16;
/// How many vectors go together: each threshold is fetched once for all.
const VECTORS: usize = 2;
/// How many rows go together.
pub const ROWS: usize = LANES * VECTORS;

/// A tree made perfect: where it is shallower, every row goes left.
#[derive(Clone, Debug)]
pub struct Tree {
    /// A row goes right at a split if its byte is above: sixteen times the same, as one load is faster than spreading it.
    thresholds: [i8x16; SPLITS],
    /// The leaves' lowest bytes, the last leaf's first, then their second ones; their third and highest.
    planes: [u8x16; 2],
    /// Where the byte column of each split begins, in [`ROWS`].
    starts: [u32; SPLITS],
}

impl Default for Tree {
    fn default() -> Self {
        Self { thresholds: [i8x16::splat(ALWAYS_LEFT); SPLITS], planes: [u8x16::default(); 2], starts: [0; SPLITS] }
    }
}

impl Tree {
    /// Puts a split in its place, in the order of their depth.
    pub fn set_split(&mut self, place: usize, column: u32, threshold: i8) {
        self.thresholds[place] = i8x16::splat(threshold);
        self.starts[place] = column * (BLOCK / ROWS) as u32;
    }

    /// Puts a leaf in its place.
    pub fn set_leaf(&mut self, place: usize, value: f32) {
        let mut planes: [[u8; SLOTS]; 4] = bytemuck::cast(self.planes);
        for (plane, byte) in planes.iter_mut().zip(value.to_le_bytes()) {
            plane[SLOTS - 1 - place] = byte;
        }
        self.planes = bytemuck::cast(planes);
    }
}

/// Adds the leaves of the trees to the sums of a block of rows, one number for each; what is behind the last whole
/// [`ROWS`] is left alone. The rows' bytes are column after column, [`BLOCK`] for each, however many rows there are.
pub fn add(trees: &[Tree], bytes: &[i8], sums: &mut [f32]) {
    let rows = bytes.as_chunks::<ROWS>().0;
    // The compiler must not know them: it would make choices of the sums and minima again, and take a third longer.
    let below = std::hint::black_box([-2, -4, -6].map(i8x16::splat));
    for (place, sums) in sums.as_chunks_mut::<ROWS>().0.iter_mut().enumerate() {
        let mut vectors: [[f32x4; 4]; VECTORS] = bytemuck::cast(*sums);
        for tree in trees {
            tree.add(rows, place, below, &mut vectors);
        }
        *sums = bytemuck::cast(vectors);
    }
}

impl Tree {
    #[inline(always)]
    fn add(&self, rows: &[[i8; ROWS]], place: usize, below: [i8x16; 3], sums: &mut [[f32x4; 4]; VECTORS]) {
        let bytes = self.starts.map(|start| &rows[start as usize + place]);
        self.add_vector::<0>(bytes, below, &mut sums[0]);
        self.add_vector::<1>(bytes, below, &mut sums[1]);
    }

    #[inline(always)]
    fn add_vector<const VECTOR: usize>(&self, bytes: [&[i8; ROWS]; SPLITS], below: [i8x16; 3], sums: &mut [f32x4; 4]) {
        let right = |split: usize| {
            i8x16::new(bytemuck::cast::<[i8; ROWS], [[i8; LANES]; VECTORS]>(*bytes[split])[VECTOR])
                .simd_gt(self.thresholds[split])
        };
        let [two, four, six] = below;
        let left = right(3).min(right(1) & (right(4) + two));
        let other = (right(5) + four).min(right(2) & (right(6) + six));
        let leaf = left.min(right(0) & other);
        let [leaf, behind] = [7, 15].map(|last| bytemuck::cast::<i8x16, u8x16>(leaf + i8x16::splat(last)));
        let [low, high] = self.planes;
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
