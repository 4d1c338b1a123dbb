//! Rows of numbers → predictions, in blocks: what a model does once its words are set aside. The page's module holds
//! nothing else.

use crate::error::{Result, broken};
use crate::forest::Forest;
use crate::link::Link;
use crate::predict::{Evaluator, Scratch};
use crate::schema::Value;

/// Trees and link, and what of the schema changes a row.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    feature_count: usize,
    /// The feature and the value of each missing code.
    missing_codes: Vec<(usize, f64)>,
    evaluator: Evaluator,
    output_count: usize,
    link: Link,
}

/// Memory for one batch after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    rows: Vec<f32>,
    results: Vec<f32>,
    scratch: Scratch,
}

impl Engine {
    /// The engine of a forest for rows of `feature_count` values.
    ///
    /// # Errors
    /// `invalid_model` if a tree compares a feature that a row does not have.
    pub(crate) fn new(forest: &Forest, feature_count: usize, missing_codes: Vec<(usize, f64)>) -> Result<Self> {
        for column in forest.columns() {
            if column.feature as usize >= feature_count {
                return Err(broken(
                    "the trees compare feature #; the schema has #",
                    &[column.feature as usize, feature_count],
                ));
            }
        }
        Ok(Self {
            feature_count,
            missing_codes,
            evaluator: Evaluator::new(forest),
            output_count: forest.output_count(),
            link: forest.link(),
        })
    }

    /// The same with other missing codes.
    pub(crate) fn with_missing_codes(self, missing_codes: Vec<(usize, f64)>) -> Self {
        Self { missing_codes, ..self }
    }

    /// How many values a row has.
    pub(crate) fn feature_count(&self) -> usize {
        self.feature_count
    }

    /// How many margins a row has.
    pub(crate) fn output_count(&self) -> usize {
        self.output_count
    }

    /// How many predictions a row has.
    pub(crate) fn prediction_count(&self) -> usize {
        self.link.prediction_count(self.output_count)
    }

    /// The predictions (or, unless `linked`, the margins) for whole rows of values; `None` if one of them is infinite in
    /// 32 bits, and no missing code.
    pub(crate) fn run<'a, T: Value>(&self, values: &[T], memory: &'a mut Memory, linked: bool) -> Option<&'a [f32]> {
        let Memory { rows, results, scratch } = memory;
        let rows = self.prepare(values, rows);
        if wardian_kernels::has_infinite(rows) {
            return None;
        }
        results.resize(rows.len() / self.feature_count * self.output_count, 0.0);
        self.evaluator.margins(rows, self.feature_count, scratch, results);
        if linked {
            self.apply_link(results);
        }
        Some(results)
    }

    /// Whole rows of values as trainers see them: rounded to 32 bits, `NaN` for missing codes. They are written into
    /// `rows`, unless they are so already.
    fn prepare<'a, T: Value>(&self, values: &'a [T], rows: &'a mut Vec<f32>) -> &'a [f32] {
        if let Some(narrow) = T::as_narrow(values)
            && self.missing_codes.is_empty()
        {
            return narrow;
        }
        rows.clear();
        rows.extend(values.iter().map(|value| value.narrow()));
        for &(feature, code) in &self.missing_codes {
            let own = values[feature..].iter().step_by(self.feature_count);
            for (value, row) in own.zip(rows[feature..].iter_mut().step_by(self.feature_count)) {
                if value.wide() == code {
                    *row = f32::NAN;
                }
            }
        }
        rows
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
