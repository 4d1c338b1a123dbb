//! The codes of rows as lines: for 128 rows together, a byte of each column, and behind them, of the columns where some split
//! sends missing values right, the same less 1.

use wardian_kernels::BLOCK;
use wardian_kernels::fold::{LANES, Line};
use wardian_kernels::tiles::{self, MOST_COLUMNS, Part};

use crate::codes::ByteSplit;
use crate::codes::lines::LineCoders;
use crate::codes::values::Values;
use crate::forest::{Forest, MissingSide, Node, Split};

/// The most lines that steps tell apart. Of more, rows are walked one by one: their codes would be as large as all else.
pub(super) const MOST_LINES: usize = u16::MAX as usize;

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

    /// How many of them are columns.
    pub(super) fn columns(&self) -> usize {
        self.columns
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

    /// The features, of so many, that no column is of.
    pub(super) fn unasked(&self, width: usize) -> impl Iterator<Item = usize> {
        (0..width).filter(|&feature| !self.coders.asks(feature))
    }

    /// How many rows are best coded and folded together: their lines stay in the processor's second memory.
    pub(super) fn block_rows(&self) -> usize {
        LANES * (256 / self.count()).clamp(1, BLOCK / LANES)
    }

    /// The same where each column is by itself in memory: more, as a processor waits for the first values of each.
    pub(super) fn block_rows_of_columns(&self) -> usize {
        LANES * (1024 / self.count()).clamp(1, BLOCK / LANES)
    }

    /// The codes of whole rows, in as many blocks of lines as they take; what lies behind the last row is of any value.
    #[inline(always)]
    pub(super) fn encode(&self, rows: &mut dyn Values, lines: &mut Vec<Line>) {
        let count = self.count();
        lines.resize(rows.row_count().div_ceil(LANES) * count, Line::splat(0));
        self.coders.encode(rows, lines, count);
        for block in lines.chunks_exact_mut(count) {
            let (plain, shifted) = block.split_at_mut(self.columns);
            for (line, &column) in shifted.iter_mut().zip(&self.shifted) {
                wardian_kernels::take_one(plain[column as usize].bytes(), line.bytes_mut());
            }
        }
    }

    /// Blocks of lines row by row, their columns alone.
    #[inline(always)]
    pub(super) fn by_row(&self, lines: &[Line], by_row: &mut Vec<Part>) {
        let blocks = lines.chunks_exact(self.count());
        let parts = LANES * tiles::parts(self.columns);
        by_row.resize(blocks.len() * parts, [0; MOST_COLUMNS]);
        for (block, rows) in blocks.zip(by_row.chunks_exact_mut(parts)) {
            tiles::by_row(block, self.columns, rows);
        }
    }
}
