//! How much of two features' contributions is of the pair.
//!
//! The interaction of `f` and `g` is the integral of [`super::plan`] with both factors taken out: each pair of edges on one
//! path, on different features, adds the lower one's sum, weighed by what both add at each point. XGBoost gives each of
//! `(f, g)` and `(g, f)` half of it, and what is left of a feature's contribution to `(f, f)`.

use super::Explainer;
use super::plan::{Plan, Split, plus, times};
use super::quadrature::{POINTS, Points, Rule};
use super::trees::{Scratch, Trees};
use crate::error::{Code, Error, Result};
use crate::schema::Row;

/// The most numbers that one answer may have: half a gigabyte.
const MOST_NUMBERS: usize = 1 << 26;

impl Explainer<'_> {
    /// For each output a square matrix, row after row, of what each pair of features adds to the margin together, as
    /// XGBoost's `pred_interactions` without the base: symmetric, the rows' sums are the contributions. Takes some ten
    /// times as long as [`Explainer::explain`].
    ///
    /// # Errors
    /// `unsupported_model` where the matrices would have more than 2²⁶ numbers.
    pub fn interactions(&self, row: &Row) -> Result<Vec<Vec<f64>>> {
        let width = row.values().len();
        let outputs = self.bases().len();
        if width.saturating_mul(width).saturating_mul(outputs) > MOST_NUMBERS {
            let message = "the interactions of # features, # outputs are too many";
            return Err(Error::plain(Code::UnsupportedModel, message, &[width, outputs]));
        }
        let row: Vec<f32> = row.values().iter().map(|&value| value as f32).collect();
        let mut contributions = vec![0.0; width * outputs];
        self.trees.explain(&row, width, &mut Scratch::new(), &mut contributions);
        let mut matrices = vec![vec![0.0; width * width]; outputs];
        self.trees.interact(&row, &mut matrices);
        for (matrix, contributions) in matrices.iter_mut().zip(contributions.chunks_exact(width)) {
            for (feature, contribution) in contributions.iter().enumerate() {
                let others: f64 = matrix[feature * width..][..width].iter().sum();
                matrix[feature * width + feature] = contribution - others;
            }
        }
        Ok(matrices)
    }
}

impl Trees {
    /// Adds half of each interaction to both of its places.
    fn interact(&self, row: &[f32], matrices: &mut [Vec<f64>]) {
        let mut codes = Vec::new();
        self.write_codes(row, row.len(), &mut codes);
        let (mut states, mut parts) = (Vec::new(), Vec::new());
        for (plan, rules) in self.plans() {
            plan.states(&codes, 1, &mut states);
            let count = plan.features.len();
            parts.clear();
            parts.resize(count * count, 0.0);
            for rule in rules {
                plan.interact(&states, rule, &mut parts);
            }
            let matrix = &mut matrices[plan.output as usize];
            for (index, part) in parts.iter().enumerate() {
                let (one, other) = (plan.features[index / count] as usize, plan.features[index % count] as usize);
                matrix[one * row.len() + other] += 0.5 * part;
                matrix[other * row.len() + one] += 0.5 * part;
            }
        }
    }
}

impl Plan {
    /// Adds each pair's interaction to one of its two places.
    fn interact(&self, states: &[u8], rule: &Rule, parts: &mut [f64]) {
        let factors: Vec<[Points; 4]> =
            self.splits.iter().zip(states).map(|(split, &state)| split.factors(rule, state)).collect();
        let mut sums = vec![[0.0; POINTS]; self.node_count];
        sums[0] = rule.weights;
        for (split, [left, right, ..]) in self.splits.iter().zip(&factors) {
            let own = sums[split.node as usize];
            sums[split.node as usize + 1] = times(own, left);
            sums[split.right as usize] = times(own, right);
        }
        for split in self.splits.iter().rev() {
            sums[split.node as usize] = plus(sums[split.node as usize + 1], &sums[split.right as usize]);
        }
        // The split above each node, and whether the node is on its right.
        let mut above = vec![None; self.node_count];
        for (index, split) in self.splits.iter().enumerate() {
            above[split.node as usize + 1] = Some((index, false));
            above[split.right as usize] = Some((index, true));
        }
        for (split, [.., left_up, right_up]) in self.splits.iter().zip(&factors) {
            let left = times(sums[split.node as usize + 1], left_up);
            let own = plus(left, &times(sums[split.right as usize], right_up));
            let mut up = above[split.node as usize];
            while let Some((index, right)) = up {
                let other: &Split = &self.splits[index];
                if other.feature != split.feature {
                    let weights = &factors[index][if right { 3 } else { 2 }];
                    let part: f64 = times(own, weights).iter().sum();
                    parts[split.feature as usize * self.features.len() + other.feature as usize] += part;
                }
                up = above[other.node as usize];
            }
        }
    }
}
