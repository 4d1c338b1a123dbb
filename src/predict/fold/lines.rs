//! The codes of rows as lines: for 64 rows together, a byte of each column, and behind them, of the columns where some split
//! sends missing values right, the same less 1.

use wardian_kernels::BLOCK;
use wardian_kernels::compare::Turned;
use wardian_kernels::fold::{LANES, Line};

use crate::codes::lines::LineCoders;
use crate::codes::{Block, ByteSplit, Coders};
use crate::forest::{Forest, MissingSide, Node, Split};

/// Which lines there are.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    columns: usize,
    coders: LineCoders,
    /// The columns that are there again less 1, ascending.
    shifted: Vec<u32>,
}

impl Lines {
    /// Those that the splits of a forest ask for.
    pub(super) fn new(forest: &Forest) -> Self {
        let columns = forest.columns().len();
        let mut is_shifted = vec![false; columns];
        for node in forest.nodes() {
            if let Node::Split { split: Split { column, missing: MissingSide::Right, .. }, .. } = node {
                is_shifted[*column as usize] = true;
            }
        }
        let coders = LineCoders::new(forest);
        Self { columns, coders, shifted: (0..columns as u32).filter(|&column| is_shifted[column as usize]).collect() }
    }

    /// How many there are: at least one, so that they can be taken block by block.
    pub(super) fn count(&self) -> usize {
        (self.columns + self.shifted.len()).max(1)
    }

    /// The line and threshold of a split.
    pub(super) fn of(&self, split: Split) -> (u32, i8) {
        let ByteSplit { column, threshold, missing_right } = split.into();
        if !missing_right {
            return (column, threshold);
        }
        // All that splits ask for are there.
        let place = self.shifted.binary_search(&column).unwrap_or_default();
        ((self.columns + place) as u32, threshold)
    }

    /// How many rows are best coded and folded together: their lines stay in the processor's second memory.
    pub(super) fn block_rows(&self) -> usize {
        LANES * (512 / self.count()).clamp(1, BLOCK / LANES)
    }

    /// The codes of whole rows, in as many blocks of lines as they take; what lies behind the last row is of any value.
    pub(super) fn encode(
        &self,
        coders: &Coders,
        rows: &[f32],
        width: usize,
        lines: &mut Vec<Line>,
        turned: &mut Turned,
    ) {
        let count = self.count();
        lines.resize((rows.len() / width).div_ceil(LANES) * count, Line::splat(0));
        self.coders.encode(coders, rows, width, lines, count, turned);
        for block in lines.chunks_exact_mut(count) {
            let (plain, shifted) = block.split_at_mut(self.columns);
            for (line, &column) in shifted.iter_mut().zip(&self.shifted) {
                wardian_kernels::take_one(plain[column as usize].bytes(), line.bytes_mut());
            }
        }
    }

    /// The codes of one row, one byte a line.
    pub(super) fn encode_row(&self, coders: &Coders, row: &[f32], bytes: &mut Vec<i8>) {
        bytes.resize(self.count(), 0);
        coders.encode(row, row.len(), Block { bytes, row_step: 1, column_step: 1 });
        let (plain, shifted) = bytes.split_at_mut(self.columns);
        for (byte, &column) in shifted.iter_mut().zip(&self.shifted) {
            *byte = plain[column as usize].wrapping_sub(1);
        }
    }
}
