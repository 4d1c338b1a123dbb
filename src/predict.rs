//! The evaluators: codes → margins. Each adds the leaves of an output's trees in tree order in the trainer's own
//! precision, so all of them give the same bits; which one serves a forest is settled by its shape when the model is
//! made.

#[cfg(any(fuzzing, all(test, not(target_arch = "wasm32"))))]
pub mod answers;
mod blend;
// In wasm it would be 9 KB of a download of 23, and single rows are not faster there.
#[cfg_attr(target_arch = "wasm32", path = "predict/no_fold.rs")]
mod fold;
mod portable;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod tiles;

use wardian_kernels::{BLOCK, ROWS, SLOTS, SPLITS};

use crate::codes::{Block, Coders};
use crate::forest::{Forest, Node};

/// Whether comparing and shuffling sixteen bytes is one instruction each on the machine compiled for.
const HAS_SIMD: bool = wardian_kernels::HAS_SHUFFLE;

/// A forest in the forms that are fastest to evaluate.
#[derive(Clone, Debug)]
pub(crate) struct Evaluator {
    output_count: usize,
    coders: Coders,
    /// For many rows of shallow trees.
    blend: Option<blend::Trees>,
    /// For many rows of any others; and for few where there are too many columns for tiles.
    fold: Option<fold::Trees>,
    /// For any other rows; none where the fold takes all.
    walk: Option<Walk>,
}

#[derive(Clone, Debug)]
enum Walk {
    Tiles(tiles::Trees),
    Portable(portable::Trees),
}

/// Whether many rows take tiles faster than they fold: through deep trees, where three splits of a path are seven that are compared,
/// and the fold compares all. Measured natively, ns a tree and row: 116 splits a tree 3.0 by tiles, 4.0 folded; 190 splits 5.1 and
/// 7.2; 37 splits 1.6 and 1.5; 13 splits 1.6 and 0.6.
fn are_deep(forest: &Forest) -> bool {
    const SPLITS_A_TREE: usize = 64;
    forest.split_count() > SPLITS_A_TREE * forest.trees().len()
}

/// From so many rows on, comparing them sixteen at a time is faster than one by one.
const BLEND_ROWS: usize = 4;

/// The most codes, a byte each, that more than one row has: of a million columns, a block would have a gigabyte of them.
const MOST_CODES: usize = 1 << 26;

/// Memory that evaluators reuse from call to call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    /// The codes of a block of rows, in the evaluator's own order.
    pub(crate) bytes: Vec<i8>,
    /// Their margins, output after output, [`BLOCK`] for each.
    pub(crate) sums: Vec<f32>,
    pub(crate) fold: fold::Scratch,
}

#[cfg(all(feature = "wasm", not(sealed)))]
impl Scratch {
    pub(crate) const fn new() -> Self {
        Self { bytes: Vec::new(), sums: Vec::new(), fold: fold::Scratch::new() }
    }
}

impl Evaluator {
    pub(crate) fn new(forest: &Forest) -> Self {
        let blend = if HAS_SIMD { blend::Trees::new(forest) } else { None };
        let tiles = if HAS_SIMD { tiles::Trees::new(forest) } else { None };
        let is_folded = blend.is_none() && (tiles.is_none() || !are_deep(forest));
        let fold = if is_folded { fold::Trees::new(forest) } else { None };
        let walk = match tiles {
            Some(tiles) => Some(Walk::Tiles(tiles)),
            None if fold.is_some() => None,
            None => Some(Walk::Portable(portable::Trees::new(forest))),
        };
        Self { output_count: forest.output_count(), coders: Coders::new(forest), blend, fold, walk }
    }

    /// Adds the leaves of whole `rows` of `width` 32-bit floats, `NaN` for missing, to what their sums begin with: as many for
    /// each row as the forest has outputs.
    pub(crate) fn margins(&self, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        if let Some(trees) = &self.fold
            && (rows.len() / width >= fold::FEWEST_ROWS || self.walk.is_none())
        {
            return trees.add(&self.coders, rows, width, scratch, margins);
        }
        let outputs = self.output_count;
        let most_rows = self.block_rows();
        for (rows, margins) in rows.chunks(most_rows * width).zip(margins.chunks_mut(most_rows * outputs)) {
            let row_count = rows.len() / width;
            match (&self.blend, &self.walk) {
                (Some(trees), _) if row_count >= BLEND_ROWS => self.sum(trees, rows, width, scratch, margins),
                (_, Some(Walk::Tiles(trees))) => self.sum(trees, rows, width, scratch, margins),
                (_, Some(Walk::Portable(trees))) => self.sum(trees, rows, width, scratch, margins),
                // The fold has taken all.
                (_, None) => {}
            }
        }
    }

    /// How many rows are evaluated together: a block, or of very many columns as many rows as have [`MOST_CODES`] codes.
    fn block_rows(&self) -> usize {
        (MOST_CODES / self.coders.count().max(1)).clamp(1, BLOCK)
    }

    /// The same for a block of rows.
    fn sum(&self, trees: &dyn Trees, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        let Scratch { bytes, sums, .. } = scratch;
        let row_count = rows.len() / width;
        let Layout { length, row_step, column_step } = trees.layout(self.coders.count(), row_count);
        bytes.resize(length, 0);
        self.coders.encode(rows, width, Block { bytes, row_step, column_step });
        begin(margins, self.output_count, sums);
        trees.add(bytes, row_count, sums);
        end(margins, self.output_count, sums);
    }
}

/// What the sums of a block of rows begin with, output after output.
fn begin(margins: &[f32], outputs: usize, sums: &mut Vec<f32>) {
    sums.resize(outputs * BLOCK, 0.0);
    for (output, sums) in sums.chunks_exact_mut(BLOCK).enumerate() {
        for (sum, margin) in sums.iter_mut().zip(margins[output..].iter().step_by(outputs)) {
            *sum = *margin;
        }
    }
}

/// What they have become.
fn end(margins: &mut [f32], outputs: usize, sums: &[f32]) {
    for (output, sums) in sums.chunks_exact(BLOCK).enumerate() {
        for (margin, sum) in margins[output..].iter_mut().step_by(outputs).zip(sums) {
            *margin = *sum;
        }
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
