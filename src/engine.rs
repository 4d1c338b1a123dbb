//! Rows of numbers → predictions, in blocks: what a model does once its words are set aside. The page's module holds
//! nothing else.

use crate::error::{Result, broken};
use crate::forest::Forest;
use crate::link::Link;
use crate::predict::{Evaluator, Scratch};

/// Trees and link.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    feature_count: usize,
    evaluator: Evaluator,
    output_count: usize,
    link: Link,
}

/// Memory for one batch after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    results: Vec<f32>,
    scratch: Scratch,
}

#[cfg(all(feature = "wasm", not(sealed)))]
impl Memory {
    pub(crate) const fn new() -> Self {
        Self { results: Vec::new(), scratch: Scratch { bytes: Vec::new(), sums: Vec::new() } }
    }
}

impl Engine {
    /// The engine of a forest for rows of `feature_count` values.
    ///
    /// # Errors
    /// `invalid_model` if a tree compares a feature that a row does not have.
    pub(crate) fn new(forest: &Forest, feature_count: usize) -> Result<Self> {
        for column in forest.columns() {
            if column.feature as usize >= feature_count {
                let numbers = [column.feature as usize, feature_count];
                return Err(broken("the trees compare feature #; the schema has #", &numbers));
            }
        }
        Ok(Self {
            feature_count,
            evaluator: Evaluator::new(forest),
            output_count: forest.output_count(),
            link: forest.link(),
        })
    }

    /// How many values a row has.
    #[cfg(all(feature = "wasm", not(sealed)))]
    pub(crate) fn feature_count(&self) -> usize {
        self.feature_count
    }

    /// How many margins a row has.
    #[cfg(all(feature = "wasm", not(sealed)))]
    pub(crate) fn output_count(&self) -> usize {
        self.output_count
    }

    /// How many predictions a row has.
    pub(crate) fn prediction_count(&self) -> usize {
        self.link.prediction_count(self.output_count)
    }

    /// The predictions (or, unless `linked`, the margins) for whole rows of values as trainers see them: 32-bit floats,
    /// `NaN` for missing. They begin with the rows' own base margins, one for each output, where those are given. `None`
    /// if a value is infinite.
    pub(crate) fn run<'a>(
        &self,
        rows: &[f32],
        base_margins: Option<&[f32]>,
        memory: &'a mut Memory,
        linked: bool,
    ) -> Option<&'a [f32]> {
        if wardian_kernels::has_infinite(rows) {
            return None;
        }
        let Memory { results, scratch } = memory;
        results.resize(rows.len() / self.feature_count * self.output_count, 0.0);
        self.evaluator.margins(rows, self.feature_count, base_margins, scratch, results);
        if linked {
            self.apply_link(results);
        }
        Some(results)
    }

    fn apply_link(&self, results: &mut Vec<f32>) {
        if self.link.takes_each_by_itself() {
            return self.link.apply(results);
        }
        let (outputs, kept) = (self.output_count, self.prediction_count());
        let row_count = results.len() / outputs;
        for row in 0..row_count {
            self.link.apply(&mut results[row * outputs..][..outputs]);
            results.copy_within(row * outputs..row * outputs + kept, row * kept);
        }
        results.truncate(row_count * kept);
    }
}
