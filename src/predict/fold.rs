//! Trees of any shape over any number of columns: many rows by the fold, few by walks side by side. Where there are tiles, few rows
//! are theirs.

mod lines;
mod steps;
mod walk;

use wardian_kernels::compare::Turned;
use wardian_kernels::fold::{LANES, Line, Places};

use super::{begin, end};
use crate::codes::Coders;
use crate::forest::Forest;
use lines::Lines;

/// From so many rows on, comparing 64 at a time is faster than one by one.
pub(super) const FEWEST_ROWS: usize = 13;

/// The most codes of 64 rows, a byte each: of a million columns they would be as large as all else.
const MOST_CODES: usize = 1 << 26;

/// A forest in both forms.
#[derive(Clone, Debug)]
pub(crate) struct Trees {
    output_count: usize,
    lines: Lines,
    /// `None` of what does not fold: leaves that are vectors, very many columns.
    steps: Option<steps::Trees>,
    walk: walk::Trees,
}

/// Memory that is used from call to call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    lines: Vec<Line>,
    turned: Option<Turned>,
    places: Option<Places>,
}

#[cfg(all(feature = "wasm", not(sealed)))]
impl Scratch {
    pub(super) const fn new() -> Self {
        Self { lines: Vec::new(), turned: None, places: None }
    }
}

impl Trees {
    /// The forest in these forms; `None` if it has more columns than a walk can tell apart.
    pub(super) fn new(forest: &Forest) -> Option<Self> {
        let lines = Lines::new(forest);
        let walk = walk::Trees::new(forest, &lines)?;
        Some(Self { output_count: forest.output_count(), steps: steps::Trees::new(forest, &lines), walk, lines })
    }

    /// Adds the leaves of whole `rows` of `width` values to what their margins begin with.
    pub(super) fn add(
        &self,
        coders: &Coders,
        rows: &[f32],
        width: usize,
        scratch: &mut super::Scratch,
        margins: &mut [f32],
    ) {
        let outputs = self.output_count;
        let most_rows = self.lines.block_rows();
        for (rows, margins) in rows.chunks(most_rows * width).zip(margins.chunks_mut(most_rows * outputs)) {
            if rows.len() / width < FEWEST_ROWS || self.lines.count() > MOST_CODES / LANES {
                for (row, margins) in rows.chunks_exact(width).zip(margins.chunks_exact_mut(outputs)) {
                    begin(margins, outputs, &mut scratch.sums);
                    self.lines.encode_row(coders, row, &mut scratch.bytes);
                    self.walk.add_row(&scratch.bytes, &mut scratch.sums);
                    end(margins, outputs, &scratch.sums);
                }
                continue;
            }
            let super::Scratch { sums, fold: Scratch { lines, turned, places }, .. } = &mut *scratch;
            begin(margins, outputs, sums);
            self.lines.encode(coders, rows, width, lines, turned.get_or_insert_default());
            let count = self.lines.count();
            match &self.steps {
                Some(steps) => steps.add(&self.walk, lines, count, places.get_or_insert_default(), sums),
                None => (0..self.walk.count()).for_each(|tree| self.walk.add_tree(tree, lines, count, sums)),
            }
            end(margins, outputs, sums);
        }
    }

    /// The same, all by walks.
    #[cfg(any(fuzzing, test))]
    pub(super) fn walked(self) -> Self {
        Self { steps: None, ..self }
    }
}
