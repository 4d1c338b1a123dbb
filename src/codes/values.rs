//! Where codes are made from: the values of a block of rows, a feature at a time, whether rows lie one after another or columns do.

use wardian_kernels::BLOCK;
use wardian_kernels::compare::{TURNED, Turned};
use wardian_kernels::fold::LANES;
use wardian_kernels::sets::Categories;

/// The values of up to [`BLOCK`] rows.
pub(crate) trait Values {
    /// How many rows there are.
    fn row_count(&self) -> usize;
    /// The values of a feature, `NaN` for missing; behind those of the last row there are any.
    fn of(&mut self, feature: usize) -> &[f32; BLOCK];
    /// The categories of a feature in the `place`th 128 rows.
    fn categories(&mut self, feature: usize, place: usize) -> Categories;
}

/// Whole rows, one after another.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    rows: &'a [f32],
    width: usize,
    turned: &'a mut Turned,
    /// The first of the columns that were turned last.
    first: Option<usize>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(rows: &'a [f32], width: usize, turned: &'a mut Turned) -> Self {
        Self { rows, width, turned, first: None }
    }
}

impl Values for Rows<'_> {
    fn row_count(&self) -> usize {
        self.rows.len() / self.width
    }

    #[inline(always)]
    fn of(&mut self, feature: usize) -> &[f32; BLOCK] {
        let wanted = feature / TURNED * TURNED;
        if self.first != Some(wanted) {
            self.turned.turn(self.rows, self.width, wanted);
            self.first = Some(wanted);
        }
        self.turned.column(feature % TURNED)
    }

    #[inline(always)]
    fn categories(&mut self, feature: usize, place: usize) -> Categories {
        let block = &self.rows[place * LANES * self.width..];
        Categories::of(block[feature..].iter().step_by(self.width))
    }
}
