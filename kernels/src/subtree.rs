//! Three splits deep, sixteen rows at a time: every split of a subtree is compared for all of them.
//!
//! Comparing gives 0 for a step to the left and -1 for one to the right, so a number less the answer is that number or the
//! next one: the pairs of slots below the four lowest splits are counted from 0, 2, 4 and 6. Below a split whose left side
//! ends in slot `l` and whose right side in slot `r`, every `r` is greater than every `l`, so the slot is
//! `max(l, answer & r)`: two instructions, where choosing one of the two by the answer takes three. There is no limit on
//! columns, and nothing but values depends on the rows' values.

use std::hint::black_box;

use wide::{i8x16, u8x16};

use crate::{ALWAYS_LEFT, BLOCK, ROWS, SPLITS};

/// The splits of a subtree made perfect: where it is shallower, every row goes left.
#[derive(Clone, Debug)]
pub(crate) struct Subtree {
    /// A row goes right at a split if its byte is above: sixteen times the same, as one load is faster than spreading it.
    thresholds: [i8x16; SPLITS],
    /// Where the byte column of each split begins.
    starts: [u32; SPLITS],
}

impl Default for Subtree {
    fn default() -> Self {
        Self { thresholds: [i8x16::splat(ALWAYS_LEFT); SPLITS], starts: [0; SPLITS] }
    }
}

impl Subtree {
    /// All zeros, so that many of them are no bytes of a module. No subtree yet.
    pub(crate) const ZEROS: Self = Self { thresholds: [i8x16::ZERO; SPLITS], starts: [0; SPLITS] };
}

/// Numbers that the compiler must not know. It would make choices of the maxima again, which is slower; and wasm engines
/// make a vector that they know anew wherever it is used, by three instructions.
#[derive(Clone, Copy)]
pub(crate) struct Unknown {
    counts: [i8x16; 4],
    pub(crate) eight: i8x16,
}

impl Unknown {
    pub(crate) fn new() -> Self {
        let [counts @ .., eight] = black_box([0, 2, 4, 6, 8].map(i8x16::splat));
        Self { counts, eight }
    }
}

impl Subtree {
    /// Puts a split in its place, in the order of their depth. A column so high that its start is no `u32` begins behind
    /// all others: where it wrapped around, the split would compare another column, within its reach and wrong.
    pub(crate) fn set_split(&mut self, place: usize, column: u32, threshold: i8) {
        self.thresholds[place] = i8x16::splat(threshold);
        self.starts[place] = column.saturating_mul(BLOCK as u32);
    }

    /// How many bytes of columns must be there for [`Subtree::slots`]: at least those of one column, which places that were
    /// never set ask for. More than memory has where a start is no `u32`, and where the sum is no `usize`.
    pub(crate) fn reach(&self) -> usize {
        self.starts.iter().fold(BLOCK, |reach, &start| reach.max((start as usize).saturating_add(BLOCK)))
    }

    /// The slots of sixteen rows from row `first` on, whose bytes are column after column, [`BLOCK`] for each.
    ///
    /// Checking each column's place takes a sixth of the time of a batch (measured in wasm, trees of depth 3).
    ///
    /// # Safety
    /// `columns` has at least [`Subtree::reach`] bytes, and `first` is at most `BLOCK - ROWS`.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub(crate) unsafe fn slots(&self, columns: &[i8], first: usize, unknown: Unknown) -> u8x16 {
        let right = |split: usize| {
            let start = self.starts[split] as usize + first;
            // SAFETY: `start` is at most `self.starts[split] + BLOCK - ROWS`, as `first` is at most `BLOCK - ROWS`; the sixteen
            // bytes from there on end within `reach`, which is at least `self.starts[split] + BLOCK`, and `columns` has so
            // many, as promised. Neither sum wraps: they are no more than the length of a slice. An array of bytes may
            // begin anywhere.
            let bytes = unsafe { columns.as_ptr().add(start).cast::<[i8; ROWS]>().read() };
            i8x16::new(bytes).simd_gt(self.thresholds[split])
        };
        let [none, two, four, six] = unknown.counts;
        let other = right(0) & (four - right(5)).max(right(2) & (six - right(6)));
        // Never, but the compiler does not know. V8's older compiler (Node 20) moves all that is loaded in front of all that
        // is computed, as far as the next branch: without this one, half of it has no register, and a batch takes a fourth
        // longer. Its newer one is neither faster nor slower for it.
        if other.to_bitmask() != 0 {
            return bytemuck::cast(none);
        }
        let left = (none - right(3)).max(right(1) & (two - right(4)));
        bytemuck::cast(left.max(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_behind_all_that_a_start_can_say_is_out_of_reach() {
        let reach = |column| {
            let mut subtree = Subtree::default();
            subtree.set_split(4, column, 0);
            subtree.reach()
        };
        assert_eq!([reach(0), reach(1), reach(48)], [BLOCK, 2 * BLOCK, 49 * BLOCK]);
        let highest = (1 << 22) - 1;
        assert_eq!(reach(highest), ((highest as usize) + 1).saturating_mul(BLOCK));
        // It was `BLOCK`: the split compared column 0.
        assert!(reach(highest + 1) > (1 << 22) - 1);
        assert!(reach(highest + 1) >= reach(highest) - 1);
        assert!(reach(u32::MAX) >= reach(highest) - 1);
    }
}
