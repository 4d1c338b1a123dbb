//! The evaluator: codes → margins. Many rows are folded, few are walked; the leaves of an output's trees are added in tree order
//! in the trainer's own precision, so both give the same bits.

#[cfg(any(fuzzing, all(test, not(target_arch = "wasm32"))))]
pub mod answers;
mod cut;
mod lines;
mod steps;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod walk;

use std::ops::Range;

use wardian_kernels::BLOCK;
use wardian_kernels::compare::Turned;
use wardian_kernels::fold::{Codes, Line, Places};
use wardian_kernels::tiles::Part;

use crate::codes::values::{Rows, Values};
use crate::columns::Blocks;
use crate::forest::Forest;
use crate::numbers::Number;
use lines::Lines;

/// From so many rows on, comparing 64 at a time is faster than one by one.
const FEWEST_ROWS: usize = 16;

/// A forest in the forms that are fastest to evaluate.
#[derive(Clone, Debug)]
pub(crate) struct Evaluator<N> {
    output_count: usize,
    lines: Lines,
    /// `None` of what does not fold: very many columns, or large trees by many.
    steps: Option<steps::Trees<N>>,
    walk: walk::Trees<N>,
}

/// Memory that is used from call to call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch<N> {
    /// A row, and what stands behind it.
    values: Vec<f32>,
    turned: Option<Turned>,
    folding: Folding<N>,
}

/// What folding takes of it.
#[derive(Clone, Debug, Default)]
struct Folding<N> {
    /// The codes of blocks of rows.
    lines: Vec<Line>,
    /// The same row by row.
    by_row: Vec<Part>,
    /// The rows' margins, output after output, [`BLOCK`] for each.
    sums: Vec<N>,
    places: Option<Places>,
}

#[cfg(feature = "wasm")]
impl<N> Scratch<N> {
    pub(crate) const fn new() -> Self {
        let folding = Folding { lines: Vec::new(), by_row: Vec::new(), sums: Vec::new(), places: None };
        Self { values: Vec::new(), turned: None, folding }
    }
}

impl<N: Number> Evaluator<N> {
    /// The evaluator of a forest for rows of so many values.
    pub(crate) fn new(forest: &Forest, width: usize) -> Self {
        let lines = Lines::new(forest);
        Self {
            output_count: forest.output_count(),
            steps: steps::Trees::new(forest, &lines),
            walk: walk::Trees::new(forest, width),
            lines,
        }
    }

    /// Adds the leaves of whole `rows` of `width` 32-bit floats, `NaN` for missing, to what their sums begin with: as many for
    /// each row as the forest has outputs.
    pub(crate) fn margins(&self, rows: &[f32], width: usize, scratch: &mut Scratch<N>, margins: &mut [N]) {
        let outputs = self.output_count;
        let most_rows = self.lines.block_rows();
        for (rows, margins) in rows.chunks(most_rows * width).zip(margins.chunks_mut(most_rows * outputs)) {
            let Some(steps) = self.steps.as_ref().filter(|_| rows.len() / width >= FEWEST_ROWS) else {
                for (row, margins) in rows.chunks_exact(width).zip(margins.chunks_exact_mut(outputs)) {
                    self.walk.add_row(row, &mut scratch.values, margins);
                }
                continue;
            };
            let Scratch { turned, folding, .. } = scratch;
            let mut rows = Rows::new(rows, width, turned.get_or_insert_default());
            self.fold(steps, &mut rows, folding, margins);
        }
    }

    #[inline(always)]
    fn fold(&self, steps: &steps::Trees<N>, rows: &mut dyn Values, folding: &mut Folding<N>, margins: &mut [N]) {
        let Folding { lines, by_row, sums, places } = folding;
        begin(margins, self.output_count, sums);
        self.lines.encode(rows, lines);
        if steps.has_tiles() {
            self.lines.by_row(lines, by_row);
        }
        let codes = Codes { lines, count: self.lines.count(), columns: self.lines.columns(), by_row };
        steps.add(codes, places.get_or_insert_default(), sums);
        end(margins, self.output_count, sums);
    }

    /// The same of `rows` of columns. Whether they were asked for: not if they are too few, or the trees do not fold, or a value is infinite;
    /// sums are any then.
    pub(crate) fn margins_of_columns(
        &self,
        columns: &mut dyn Blocks,
        width: usize,
        rows: Range<usize>,
        scratch: &mut Scratch<N>,
        margins: &mut [N],
    ) -> bool {
        let Some(steps) = self.steps.as_ref().filter(|_| rows.len() >= FEWEST_ROWS) else { return false };
        let most_rows = self.lines.block_rows_of_columns();
        for (block, margins) in margins.chunks_mut(most_rows * self.output_count).enumerate() {
            let first = rows.start + block * most_rows;
            columns.go_to(first..rows.end.min(first + most_rows));
            self.fold(steps, columns, &mut scratch.folding, margins);
            // What no tree asks for is looked at as well.
            self.lines.unasked(width).for_each(|feature| {
                columns.of(feature);
            });
            if columns.has_infinite() {
                return false;
            }
        }
        true
    }

    /// The same, all by walks.
    #[cfg(any(fuzzing, all(test, not(target_arch = "wasm32"))))]
    fn walked(self) -> Self {
        Self { steps: None, ..self }
    }
}

/// What the sums of a block of rows begin with, output after output.
#[inline(always)]
fn begin<N: Number>(margins: &[N], outputs: usize, sums: &mut Vec<N>) {
    sums.resize(outputs * BLOCK, N::default());
    for (output, sums) in sums.chunks_exact_mut(BLOCK).enumerate() {
        for (sum, margin) in sums.iter_mut().zip(margins[output..].iter().step_by(outputs)) {
            *sum = *margin;
        }
    }
}

/// What they have become.
#[inline(always)]
fn end<N: Number>(margins: &mut [N], outputs: usize, sums: &[N]) {
    for (output, sums) in sums.chunks_exact(BLOCK).enumerate() {
        for (margin, sum) in margins[output..].iter_mut().step_by(outputs).zip(sums) {
            *margin = *sum;
        }
    }
}
