//! A model as a whole: which features it asks for, and how much they matter over some rows.

use super::Explainer;
use crate::error::Result;
use crate::forest::Node;
use crate::model::Model;
use crate::schema::Value;

impl Model {
    /// How many splits ask for each feature, in feature order.
    pub fn split_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.schema().features().len()];
        for node in self.forest().nodes() {
            if let Node::Split { split, .. } = *node {
                counts[self.forest().columns()[split.column as usize].feature as usize] += 1;
            }
        }
        counts
    }
}

impl Explainer<'_> {
    /// The mean over the rows of what each feature adds or takes away, its sign left out: for each output one number for
    /// each feature, on the margin's scale. Zeros where there are no rows. Memory does not grow with the rows.
    ///
    /// # Errors
    /// As [`Model::predict_many`].
    pub fn mean_absolute<T: Value>(&self, values: &[T]) -> Result<Vec<f64>> {
        let width = self.model.schema().features().len();
        let mut sums = vec![0.0; self.bases().len() * width];
        self.explain_blocks(values, |block| {
            for row in block.contributions.chunks_exact(sums.len()) {
                for (sum, contribution) in sums.iter_mut().zip(row) {
                    *sum += contribution.abs();
                }
            }
        })?;
        let count = (values.len() / width).max(1) as f64;
        for sum in &mut sums {
            *sum /= count;
        }
        Ok(sums)
    }
}
