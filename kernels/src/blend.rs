//! Shallow trees, sixteen rows at a time.
//!
//! A tree of depth 3 has at most eight leaves. The slots of sixteen rows choose the leaves' bytes by four shuffles; they
//! are laid out so that interleaving what two of them give puts the four bytes of each leaf together.

use wide::{f32x4, u8x16};

use crate::subtree::{Subtree, Unknown};
use crate::{BLOCK, ROWS, SLOTS};

/// A tree made perfect.
#[derive(Clone, Debug)]
pub struct Tree {
    splits: Subtree,
    /// The leaves' lowest bytes and their third ones; their second and highest.
    planes: [u8x16; 2],
}

impl Default for Tree {
    // Inlined it would be there twice.
    #[inline(never)]
    fn default() -> Self {
        Self { splits: Subtree::default(), planes: [u8x16::ZERO; 2] }
    }
}

impl Tree {
    const ZEROS: Self = Self { splits: Subtree::ZEROS, planes: [u8x16::ZERO; 2] };

    /// Puts a split in its place, in the order of their depth: a row goes right if its byte in `column` is above. Inlined into its one
    /// caller it would be more bytes.
    #[inline(never)]
    pub fn set_split(&mut self, place: usize, column: u32, threshold: i8) {
        self.splits.set_split(place, column, threshold);
    }

    /// Puts a leaf in its place.
    pub fn set_leaf(&mut self, place: usize, value: f32) {
        let mut planes: [[[u8; SLOTS]; 2]; 2] = bytemuck::cast(self.planes);
        for (byte, value) in value.to_le_bytes().into_iter().enumerate() {
            planes[byte % 2][byte / 2][place] = value;
        }
        self.planes = bytemuck::cast(planes);
    }
}

/// The trees of one output, in an array.
#[derive(Clone, Debug)]
pub struct Trees<Storage> {
    trees: Storage,
    reach: usize,
}

impl<const COUNT: usize> Trees<[Tree; COUNT]> {
    /// Places for as many trees: all zeros, which a module need not hold. To be set before anything is added: a place that
    /// is not adds zeros, by the bytes of the first column.
    pub const ZEROS: Self = Self { trees: [Tree::ZEROS; COUNT], reach: 0 };

    /// Puts a tree in its place.
    pub fn set(&mut self, place: usize, tree: Tree) {
        self.reach = self.reach.max(tree.splits.reach());
        self.trees[place] = tree;
    }
}

impl<Storage: AsRef<[Tree]>> Trees<Storage> {
    /// Adds the trees' leaves to the sums of the first rows of a block, a multiple of [`ROWS`]. The rows' bytes are column
    /// after column, [`BLOCK`] for each, however many rows there are.
    ///
    /// # Panics
    /// If there are more sums than [`BLOCK`], or a column is not there.
    pub fn add(&self, bytes: &[i8], sums: &mut [f32]) {
        add(self.trees.as_ref(), self.reach, bytes, sums);
    }
}

/// As [`Trees::add`], no tree's reach more than `reach`. What is generic is compiled where it is used, and so for size.
fn add(trees: &[Tree], reach: usize, bytes: &[i8], sums: &mut [f32]) {
    // A tree that was never set reaches through the first column too, and told nobody.
    assert!(sums.len() <= BLOCK && reach.max(BLOCK) <= bytes.len());
    let unknown = Unknown::new();
    for (place, sums) in sums.as_chunks_mut::<ROWS>().0.iter_mut().enumerate() {
        let mut vectors: [f32x4; 4] = bytemuck::cast(*sums);
        for tree in trees {
            // SAFETY: no tree's reach is more than all trees', or it was never set and its reach is `BLOCK`: both are in
            // `bytes`, as asserted. Of at most `BLOCK` sums whole sixteens are taken, so the first row of the last is at
            // most `BLOCK - ROWS`.
            #[allow(unsafe_code)]
            let slots = unsafe { tree.splits.slots(bytes, place * ROWS, unknown) };
            let behind = slots + bytemuck::cast::<_, u8x16>(unknown.eight);
            let [even, odd] = tree.planes;
            let halves = [u8x16::unpack_low(slots, behind), u8x16::unpack_high(slots, behind)];
            for (half, sums) in halves.into_iter().zip(vectors.as_chunks_mut::<2>().0) {
                let (even, odd) = (even.shuffle_zeroing(half), odd.shuffle_zeroing(half));
                sums[0] += bytemuck::cast::<u8x16, f32x4>(u8x16::unpack_low(even, odd));
                sums[1] += bytemuck::cast::<u8x16, f32x4>(u8x16::unpack_high(even, odd));
            }
        }
        *sums = bytemuck::cast(vectors);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "reach.max(BLOCK) <= bytes.len()")]
    fn trees_that_were_never_set_need_a_column_too() {
        Trees::<[Tree; 2]>::ZEROS.add(&[0; BLOCK - 1], &mut [0.0; ROWS]);
    }

    #[test]
    #[should_panic(expected = "reach.max(BLOCK) <= bytes.len()")]
    fn a_column_that_is_not_there_is_refused() {
        let mut trees = Trees::<[Tree; 1]>::ZEROS;
        let mut tree = Tree::default();
        tree.set_split(0, 1 << 22, 0);
        trees.set(0, tree);
        trees.add(&[0; 4 * BLOCK], &mut [0.0; ROWS]);
    }

    #[test]
    fn what_was_never_set_adds_zeros() {
        let mut trees = Trees::<[Tree; 2]>::ZEROS;
        let mut tree = Tree::default();
        tree.set_split(0, 0, 3);
        tree.set_leaf(0, 1.5);
        tree.set_leaf(4, -2.25);
        trees.set(1, tree);
        let mut sums = [0.25; 2 * ROWS + 3];
        let mut bytes = [3; BLOCK];
        bytes[ROWS + 1] = 4;
        trees.add(&bytes, &mut sums);
        let mut expected = [1.75; 2 * ROWS + 3];
        expected[ROWS + 1] = -2.0;
        // Rows that are no whole sixteen are not added to.
        expected[2 * ROWS..].fill(0.25);
        assert_eq!(sums, expected);
    }
}
