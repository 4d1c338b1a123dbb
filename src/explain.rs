//! Why a model answers what it answers: how much each feature adds to the margin.
//!
//! The contributions are path-dependent SHAP values, as XGBoost's `pred_contribs=True` gives them: exact, on the same trees
//! and codes as the prediction, so that missing values, categories, dart's weights and leaves for several outputs count as
//! they do there. They are on the margin's scale (log-odds for a binary model), and 64-bit floats.
//!
//! ```
//! # fn main() -> Result<(), wardian::Error> {
//! let model = wardian::diabetes();
//! let row = model.schema().row_from_text("1,106,70,28,135,34.2,0.142,22")?;
//! let explanation = &model.explainer()?.explain(&row)[0];
//! let sum = explanation.base + explanation.contributions.iter().sum::<f64>();
//! assert!((sum - explanation.margin).abs() < 1e-12);
//! # Ok(())
//! # }
//! ```

mod curve;
mod global;
mod interactions;
mod plan;
mod quadrature;
mod tables;
mod trees;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use std::ops::Range;

use crate::engine::Memories;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::numbers::Numbers;
use crate::parts::in_parts;
use crate::schema::{Row, Value};
pub use curve::{Curve, Step};
pub(crate) use trees::{Scratch, Trees};

/// What explains the rows of one model. Making one costs as much as some hundred explanations: make it once.
#[derive(Clone, Debug)]
pub struct Explainer<'a> {
    model: &'a Model,
    trees: Trees,
}

/// Why one output of a row is what it is: `base` and the sum of `contributions` make `margin`.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The mean margin of the training data, weighted by the leaves' covers; with it the row's rounding. The margin is the
    /// trainer's own sum in 32-bit floats, the contributions are exact: what the rounding of the sum makes of it (a few
    /// units in the margin's last place, whatever the features are) belongs to none of them. [`Explainer::bases`] has the
    /// mean alone.
    pub base: f64,
    /// What each feature adds to the margin, in feature order.
    pub contributions: Vec<f64>,
    /// The output's margin, bit for bit the trainer's.
    pub margin: f64,
}

/// Explanations of some rows, one after another.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The index of the first of these rows among all.
    pub first_row: usize,
    /// For each row and output, the contribution of each feature.
    pub contributions: &'a [f64],
    /// For each row, the margin of each output.
    pub margins: &'a Numbers,
}

impl Model {
    /// What explains this model's rows.
    ///
    /// # Errors
    /// `no_covers` if the model has no covers: its file came from a trainer, or a `convert`, that left them out.
    /// `unsupported_model` for a path that asks for more than 256 distinct features.
    pub fn explainer(&self) -> Result<Explainer<'_>> {
        let Some(covers) = self.covers() else {
            return Err(Error::no_covers());
        };
        Ok(Explainer { model: self, trees: Trees::new(self.forest(), covers)? })
    }
}

impl Explainer<'_> {
    /// The mean margin of each output over the training data, weighted by the leaves' covers.
    pub fn bases(&self) -> &[f64] {
        self.trees.bases()
    }

    /// Why the row's margins are what they are: one explanation for each output.
    pub fn explain(&self, row: &Row) -> Vec<Explanation> {
        self.explained(row, self.model.margins(row))
    }

    /// As [`Explainer::explain`], from the row's own base margins, one for each output. No contribution depends on them:
    /// they are in the base, as the model's base score is otherwise.
    ///
    /// # Errors
    /// As [`Model::predict_many_from`].
    pub fn explain_from(&self, row: &Row, base_margins: &[f32]) -> Result<Vec<Explanation>> {
        Ok(self.explained(row, self.model.margins_from(row, base_margins)?))
    }

    fn explained(&self, row: &Row, margins: Numbers) -> Vec<Explanation> {
        let width = row.values().len();
        let mut narrow = Vec::new();
        let row = self.model.prepare(row.values(), &mut narrow);
        let mut contributions = vec![0.0; width * margins.len()];
        self.trees.explain(row, width, &mut Scratch::new(), &mut contributions);
        contributions
            .chunks_exact(width)
            .zip(margins.iter())
            .map(|(contributions, margin)| Explanation {
                base: base(contributions, margin),
                contributions: contributions.to_vec(),
                margin,
            })
            .collect()
    }

    /// The contributions for each row of a row-major matrix, `NaN` for "not measured", laid out as XGBoost's: for each
    /// row and output the contribution of each feature, and then the base. The schema's missing codes apply. Memory is
    /// that of the answer.
    ///
    /// # Errors
    /// As [`Model::predict_many`].
    pub fn explain_many<T: Value>(&self, values: &[T]) -> Result<Vec<f64>> {
        self.many(values, None)
    }

    /// As [`Explainer::explain_many`], each row from its own base margins, one for each output, row after row.
    ///
    /// # Errors
    /// As [`Model::predict_many_from`].
    pub fn explain_many_from<T: Value>(&self, values: &[T], base_margins: &[f32]) -> Result<Vec<f64>> {
        self.many(values, Some(base_margins))
    }

    fn many<T: Value>(&self, values: &[T], base_margins: Option<&[f32]>) -> Result<Vec<f64>> {
        self.model.check_rows(values, base_margins)?;
        let width = self.model.schema().features().len();
        let row_count = values.len() / width;
        let mut all = Vec::new();
        for part in in_parts(row_count, self.trees.block_rows(width), |rows| self.part(values, base_margins, rows)) {
            let part = part?;
            if all.is_empty() { all = part } else { all.extend(part) }
        }
        Ok(all)
    }

    fn part<T: Value>(&self, values: &[T], base_margins: Option<&[f32]>, part: Range<usize>) -> Result<Vec<f64>> {
        let width = self.model.schema().features().len();
        let mut all = Vec::with_capacity(part.len() * self.bases().len() * (width + 1));
        self.blocks(values, base_margins, part, |block| {
            for (contributions, margin) in block.contributions.chunks_exact(width).zip(block.margins.iter()) {
                all.extend_from_slice(contributions);
                all.push(base(contributions, margin));
            }
        })?;
        Ok(all)
    }

    /// As [`Explainer::explain_many`], some rows at a time, each given to `visit` and then forgotten: memory does not grow
    /// with the rows.
    ///
    /// # Errors
    /// As [`Model::predict_many`]; the rows before have been visited.
    pub fn explain_blocks<T: Value>(&self, values: &[T], visit: impl FnMut(Block<'_>)) -> Result<()> {
        self.all_blocks(values, None, visit)
    }

    /// As [`Explainer::explain_blocks`], each row from its own base margins, one for each output, row after row.
    ///
    /// # Errors
    /// As [`Model::predict_many_from`]; the rows before an infinite value have been visited.
    pub fn explain_blocks_from<T: Value>(
        &self,
        values: &[T],
        base_margins: &[f32],
        visit: impl FnMut(Block<'_>),
    ) -> Result<()> {
        self.all_blocks(values, Some(base_margins), visit)
    }

    fn all_blocks<T: Value>(
        &self,
        values: &[T],
        base_margins: Option<&[f32]>,
        visit: impl FnMut(Block<'_>),
    ) -> Result<()> {
        self.model.check_rows(values, base_margins)?;
        self.blocks(values, base_margins, 0..values.len() / self.model.schema().features().len(), visit)
    }

    /// The blocks of some of the rows, which are checked.
    fn blocks<T: Value>(
        &self,
        values: &[T],
        base_margins: Option<&[f32]>,
        part: Range<usize>,
        mut visit: impl FnMut(Block<'_>),
    ) -> Result<()> {
        let (width, outputs) = (self.model.schema().features().len(), self.bases().len());
        let block_rows = self.trees.block_rows(width);
        let (mut memories, mut scratch) = (Memories::default(), Scratch::new());
        let (mut rows, mut contributions) = (Vec::new(), Vec::new());
        for (block, values) in values[part.start * width..part.end * width].chunks(block_rows * width).enumerate() {
            let first_row = part.start + block * block_rows;
            let rows = self.model.prepare(values, &mut rows);
            let base_margins = self.model.base_margins_of(base_margins, first_row, values.len() / width);
            let margins = &self.model.margins_of(rows, base_margins, values, first_row + 1, &mut memories)?;
            contributions.resize(rows.len() * outputs, 0.0);
            self.trees.explain(rows, width, &mut scratch, &mut contributions);
            visit(Block { first_row, contributions: &contributions, margins });
        }
        Ok(())
    }
}

/// What the contributions leave of the margin.
fn base(contributions: &[f64], margin: f64) -> f64 {
    margin - contributions.iter().sum::<f64>()
}
