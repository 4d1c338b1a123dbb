//! What leaves add: numbers of 32 bits, or of 64. The loops over trees are written once for either.

use std::fmt::Debug;
use std::ops::AddAssign;

use crate::fold::{CHUNK, Codes, Fold, LANES, Line, Places, TREES, add_by_shuffles};
use crate::vectors::Bytes;
use crate::walk::Walk;

/// A number that leaves add to sums: `f32` or `f64`.
///
/// What takes long is here, not with what calls it: this crate is compiled for speed.
pub trait Number: Copy + Debug + Default + PartialEq + AddAssign + Send + Sync + sealed::Sealed + 'static {
    /// Adding it changes no number, and no zero.
    const NOTHING: Self;
    /// Whether a tile holds its leaves; if not, it holds their places among [`Fold::numbers`].
    const IN_TILES: bool;
    /// How many bytes it has, where leaves are looked up byte by byte; 0 where they are not.
    const PLANES: usize;

    /// One of its bytes, the lowest first.
    fn byte(self, place: usize) -> u8;

    /// The number in 64 bits.
    fn wide(self) -> f64;

    /// [`Fold`]'s work: adds the leaves of a group to the sums of blocks of 128 rows, one after another; those of the group's next
    /// output are `step` further on.
    ///
    /// # Panics
    /// If a split asks for a line that is not there, a sum is not, or a group has tiles and codes are not there row by row.
    fn fold(fold: &Fold<Self>, group: usize, codes: Codes<'_>, places: &mut Places, sums: &mut [Self], step: usize);

    /// [`Walk`]'s work: adds the leaves of all trees to a row's sums, one for each output.
    ///
    /// # Panics
    /// If the row has fewer values than are due, or an output has no sum.
    fn walk(walk: &Walk<Self>, row: &[f32], sums: &mut [Self]);
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// What the loops ask of a number.
pub(crate) trait Leaf: Number {
    /// The leaf behind a tile's exit.
    fn of_exit(exit: u32, numbers: &[Self]) -> Self;

    /// Adds leaves whose bytes are shuffled.
    fn add_by_shuffles<B: Bytes>(
        leaves: usize,
        planes: &[[u8; CHUNK]],
        roots: [&Line; TREES],
        sums: &mut [Self; LANES],
    );
}

impl Number for f32 {
    const NOTHING: Self = -0.0;
    const IN_TILES: bool = true;
    const PLANES: usize = 4;

    #[inline]
    fn byte(self, place: usize) -> u8 {
        self.to_le_bytes()[place]
    }

    #[inline]
    fn wide(self) -> f64 {
        self.into()
    }

    fn fold(fold: &Fold<Self>, group: usize, codes: Codes<'_>, places: &mut Places, sums: &mut [Self], step: usize) {
        fold.add(group, codes, places, sums, step);
    }

    fn walk(walk: &Walk<Self>, row: &[f32], sums: &mut [Self]) {
        walk.add_row(row, sums);
    }
}

impl Leaf for f32 {
    #[inline(always)]
    fn of_exit(exit: u32, _: &[Self]) -> Self {
        Self::from_bits(exit)
    }

    #[inline(always)]
    fn add_by_shuffles<B: Bytes>(
        leaves: usize,
        planes: &[[u8; CHUNK]],
        roots: [&Line; TREES],
        sums: &mut [Self; LANES],
    ) {
        add_by_shuffles::<B>(leaves, planes, roots, sums);
    }
}

impl Number for f64 {
    const NOTHING: Self = -0.0;
    const IN_TILES: bool = false;
    const PLANES: usize = 0;

    #[inline]
    fn byte(self, place: usize) -> u8 {
        self.to_le_bytes()[place]
    }

    #[inline]
    fn wide(self) -> f64 {
        self
    }

    fn fold(fold: &Fold<Self>, group: usize, codes: Codes<'_>, places: &mut Places, sums: &mut [Self], step: usize) {
        fold.add(group, codes, places, sums, step);
    }

    fn walk(walk: &Walk<Self>, row: &[f32], sums: &mut [Self]) {
        walk.add_row(row, sums);
    }
}

impl Leaf for f64 {
    #[inline(always)]
    fn of_exit(exit: u32, numbers: &[Self]) -> Self {
        numbers[exit as usize]
    }

    fn add_by_shuffles<B: Bytes>(_: usize, _: &[[u8; CHUNK]], _: [&Line; TREES], _: &mut [Self; LANES]) {
        // Eight shuffles a chunk are no faster than a load: `Fold::end_in_leaves` makes none of them.
        unreachable!()
    }
}
