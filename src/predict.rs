//! The evaluators: codes → margins. Each adds the leaves of an output's trees in tree order in the trainer's own
//! precision, so all of them give the same bits; which one serves a forest is settled by its shape when the model is
//! made.

#[cfg(any(fuzzing, all(test, not(target_arch = "wasm32"))))]
pub mod answers;
mod blend;
mod fold;
mod lines;
mod portable;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod tiles;
mod walk;

use wardian_kernels::compare::Turned;
use wardian_kernels::fold::{LANES, Line, Places};
use wardian_kernels::{BLOCK, ROWS, SLOTS, SPLITS};

use crate::codes::{Block, Coders};
use crate::forest::{Forest, Node};

/// Whether comparing and shuffling sixteen bytes is one instruction each on the machine compiled for.
const HAS_SIMD: bool = cfg!(any(target_feature = "simd128", target_feature = "ssse3", target_feature = "neon"));

/// A forest in the forms that are fastest to evaluate.
#[derive(Clone, Debug)]
pub(crate) struct Evaluator {
    output_count: usize,
    coders: Coders,
    lines: lines::Lines,
    /// For many rows of shallow trees.
    blend: Option<blend::Trees>,
    /// For many rows of any others.
    fold: Option<fold::Trees>,
    /// For few rows over few columns.
    tiles: Option<tiles::Trees>,
    /// For few rows over many; and for many rows of what does not fold.
    walk: Option<walk::Trees>,
    /// For what none of the others takes.
    portable: Option<portable::Trees>,
}

/// From so many rows on, comparing them sixteen at a time is faster than one by one.
const BLEND_ROWS: usize = 4;
/// From so many rows on, comparing 64 at a time is.
const FOLD_ROWS: usize = 13;

/// The most codes, a byte each, that more than one row has: of a million columns, a block would have a gigabyte of them.
const MOST_CODES: usize = 1 << 26;

/// Memory that evaluators reuse from call to call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    /// The codes of a block of rows, in the evaluator's own order.
    pub(crate) bytes: Vec<i8>,
    /// The same as lines.
    pub(crate) lines: Vec<Line>,
    /// Values of some columns together.
    turned: Option<Turned>,
    /// Numbers of leaves under way.
    places: Option<Places>,
    /// The rows' margins, output after output, [`BLOCK`] for each.
    pub(crate) sums: Vec<f32>,
}

impl Evaluator {
    pub(crate) fn new(forest: &Forest) -> Self {
        let lines = lines::Lines::new(forest);
        let blend = if HAS_SIMD { blend::Trees::new(forest) } else { None };
        let tiles = if HAS_SIMD { tiles::Trees::new(forest) } else { None };
        let fold = if blend.is_none() { fold::Trees::new(forest, &lines) } else { None };
        let is_walked = tiles.is_none() || fold.as_ref().is_some_and(fold::Trees::has_walks);
        let walk = if is_walked { walk::Trees::new(forest, &lines) } else { None };
        let portable = if is_walked && walk.is_none() { Some(portable::Trees::new(forest)) } else { None };
        let (output_count, coders) = (forest.output_count(), Coders::new(forest));
        Self { output_count, coders, lines, blend, fold, tiles, walk, portable }
    }

    /// Adds the leaves of whole `rows` of `width` 32-bit floats, `NaN` for missing, to what their sums begin with: as many for
    /// each row as the forest has outputs.
    pub(crate) fn margins(&self, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        let outputs = self.output_count;
        let most_rows = self.block_rows();
        for (rows, margins) in rows.chunks(most_rows * width).zip(margins.chunks_mut(most_rows * outputs)) {
            let row_count = rows.len() / width;
            if let Some(trees) = self.blend.as_ref().filter(|_| row_count >= BLEND_ROWS) {
                self.sum(trees, rows, width, scratch, margins);
            } else if self.fold.is_some() && row_count >= FOLD_ROWS {
                self.sum_lines(rows, width, scratch, margins);
            } else if let Some(trees) = &self.tiles {
                self.sum(trees, rows, width, scratch, margins);
            } else if let Some(trees) = &self.walk {
                if row_count >= FOLD_ROWS && self.lines.count() <= MOST_CODES / LANES {
                    self.sum_lines(rows, width, scratch, margins);
                    continue;
                }
                for (row, margins) in rows.chunks_exact(width).zip(margins.chunks_exact_mut(outputs)) {
                    self.begin(margins, scratch);
                    self.lines.encode_row(&self.coders, row, &mut scratch.bytes);
                    trees.add_row(&scratch.bytes, &mut scratch.sums);
                    self.end(margins, scratch);
                }
            } else if let Some(trees) = &self.portable {
                self.sum(trees, rows, width, scratch, margins);
            }
        }
    }

    /// How many rows are evaluated together: a block, fewer where its codes are more than the processor's memories hold, or of very
    /// many columns as many rows as have [`MOST_CODES`] codes.
    fn block_rows(&self) -> usize {
        if self.blend.is_none() && self.portable.is_none() {
            return self.lines.block_rows();
        }
        (MOST_CODES / self.coders.count().max(1)).clamp(1, BLOCK)
    }

    /// The same for a block of rows, by lines.
    fn sum_lines(&self, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        self.begin(margins, scratch);
        let Scratch { lines, turned, places, sums, .. } = scratch;
        self.lines.encode(&self.coders, rows, width, lines, turned.get_or_insert_default());
        let count = self.lines.count();
        match (&self.fold, &self.walk) {
            (Some(trees), walk) => {
                trees.add(walk.as_ref(), lines, count, places.get_or_insert_default(), sums);
            }
            (None, Some(trees)) => (0..trees.count()).for_each(|tree| trees.add_tree(tree, lines, count, sums)),
            (None, None) => {}
        }
        self.end(margins, scratch);
    }

    /// What the sums of rows begin with, output after output.
    fn begin(&self, margins: &[f32], scratch: &mut Scratch) {
        scratch.sums.resize(self.output_count * BLOCK, 0.0);
        for (output, sums) in scratch.sums.chunks_exact_mut(BLOCK).enumerate() {
            for (sum, margin) in sums.iter_mut().zip(margins[output..].iter().step_by(self.output_count)) {
                *sum = *margin;
            }
        }
    }

    /// What they have become.
    fn end(&self, margins: &mut [f32], scratch: &Scratch) {
        for (output, sums) in scratch.sums.chunks_exact(BLOCK).enumerate() {
            for (margin, sum) in margins[output..].iter_mut().step_by(self.output_count).zip(sums) {
                *margin = *sum;
            }
        }
    }

    /// The same for a block of rows.
    fn sum(&self, trees: &dyn Trees, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        self.begin(margins, scratch);
        let row_count = rows.len() / width;
        let Layout { length, row_step, column_step } = trees.layout(self.coders.count(), row_count);
        let Scratch { bytes, sums, .. } = scratch;
        bytes.resize(length, 0);
        self.coders.encode(rows, width, Block { bytes, row_step, column_step });
        trees.add(bytes, row_count, sums);
        self.end(margins, scratch);
    }
}

/// Where the codes of a block of rows are.
struct Layout {
    /// How many bytes they take.
    length: usize,
    row_step: usize,
    column_step: usize,
}

/// A forest in the form of one evaluator.
trait Trees {
    /// How the codes of `rows` rows in `columns` columns are laid out.
    fn layout(&self, columns: usize, rows: usize) -> Layout;

    /// Adds the leaves to the sums of the rows that these are the codes of. What lies behind the last row, of codes and of
    /// sums, is never read out.
    fn add(&self, codes: &mut [i8], rows: usize, sums: &mut [f32]);
}

/// Fills the second half of the columns with the first half's codes less 1, which splits compare that send missing values
/// right: as many rows of each as are compared.
pub(crate) fn shift_columns(columns: &mut [i8], rows: usize) {
    let (columns, shifted) = columns.split_at_mut(columns.len() / 2);
    for (from, to) in columns.chunks_exact(BLOCK).zip(shifted.chunks_exact_mut(BLOCK)) {
        wardian_kernels::take_one(&from[..rows.next_multiple_of(ROWS)], to);
    }
}

/// The nodes of the subtree at `root`, three splits deep, by position: the children of `p` are `2p + 1` and `2p + 2`, the
/// last eight are the ways out. A leaf higher up stays on the left all the way down.
fn subtree(forest: &Forest, root: u32) -> [Option<u32>; SPLITS + SLOTS] {
    let mut nodes = [None; SPLITS + SLOTS];
    nodes[0] = Some(root);
    for position in 0..SPLITS {
        let Some(node) = nodes[position] else { continue };
        match forest.nodes()[node as usize] {
            Node::Split { right, .. } => {
                nodes[2 * position + 1] = Some(node + 1);
                nodes[2 * position + 2] = Some(right);
            }
            Node::Leaf { .. } => nodes[2 * position + 1] = Some(node),
        }
    }
    nodes
}
