//! How much of two features' contributions is of the pair.
//!
//! The interaction of `f` and `g` is the integral of [`super::plan`] with both factors taken out: each pair of edges on one
//! path, on different features, adds the lower one's sum, weighed by what both add at each point. XGBoost gives each of
//! `(f, g)` and `(g, f)` half of it, and what is left of a feature's contribution to `(f, f)`.

use wardian_kernels::answers::DEAD;

use super::Explainer;
use super::plan::Plan;
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
        let mut narrow = Vec::new();
        let row = self.model.prepare(row.values(), &mut narrow);
        let mut contributions = vec![0.0; width * outputs];
        self.trees.explain(row, width, &mut Scratch::new(), &mut contributions);
        let mut matrices = vec![vec![0.0; width * width]; outputs];
        self.trees.interact(row, &mut matrices);
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
        let step = self.write_codes(row, row.len(), &mut codes);
        let (mut parts, mut walk) = (Vec::new(), Walk::default());
        for (plan, rules) in self.plans() {
            walk.answers.clear();
            for answer in &plan.answers {
                let is_dead = answer.earlier > 0 && walk.answers[answer.earlier as usize - 1] != answer.side;
                let right = u8::from(answer.is_right(codes[answer.column as usize * step]));
                walk.answers.push(if is_dead { DEAD } else { right });
            }
            let count = plan.features.len();
            parts.clear();
            parts.resize(count * count, 0.0);
            for rule in rules {
                walk.interact(plan, rule, &mut parts);
            }
            let matrix = &mut matrices[plan.output as usize];
            for (parts, &one) in parts.chunks_exact(count).zip(&plan.features) {
                for (part, &other) in parts.iter().zip(&plan.features) {
                    matrix[one as usize * row.len() + other as usize] += 0.5 * part;
                    matrix[other as usize * row.len() + one as usize] += 0.5 * part;
                }
            }
        }
    }
}

/// One row's answers, and memory that is used again from tree to tree.
#[derive(Default)]
struct Walk {
    answers: Vec<u8>,
    numbers: Vec<[Points; 2]>,
    means: Vec<Points>,
    differences: Vec<Points>,
    products: Vec<Points>,
    path: Vec<Above>,
}

/// A split above another.
struct Above {
    split: usize,
    feature: u32,
    weights: [Points; 2],
}

impl Walk {
    /// Adds each pair's interaction to one of its two places.
    fn interact(&mut self, plan: &Plan, rule: &Rule, parts: &mut [f64]) {
        let splits = plan.splits.iter().zip(&self.answers);
        self.numbers.clear();
        self.numbers.extend(splits.map(|(split, &answer)| split.numbers(rule, answer)));
        for memory in [&mut self.means, &mut self.differences, &mut self.products] {
            memory.resize(memory.len().max(plan.splits.len()), [0.0; POINTS]);
        }
        for (index, split) in plan.splits.iter().enumerate().rev() {
            let [left, right] = plan.below(index);
            let mean = |below: Option<usize>, value: f64| match below {
                Some(below) => self.means[below],
                None => [value; POINTS],
            };
            let (left, right) = (mean(left, split.values[0]), mean(right, split.values[1]));
            let [q, _] = &self.numbers[index];
            let difference: Points = std::array::from_fn(|point| left[point] - right[point]);
            self.means[index] = std::array::from_fn(|point| right[point] + q[point] * difference[point]);
            self.differences[index] = difference;
        }
        self.products[0] = rule.weights;
        self.path.clear();
        for (index, split) in plan.splits.iter().enumerate() {
            let product = self.products[index];
            let [q, h] = &self.numbers[index];
            let difference = &self.differences[index];
            let own: Points = std::array::from_fn(|point| product[point] * h[point] * difference[point]);
            let [left, right] = plan.below(index);
            let to_left: Points = std::array::from_fn(|point| product[point] * q[point]);
            if let Some(left) = left {
                self.products[left] = to_left;
            }
            if let Some(right) = right {
                self.products[right] = std::array::from_fn(|point| product[point] - to_left[point]);
            }
            while self.path.pop_if(|above| above.split + plan.splits[above.split].size as usize <= index).is_some() {}
            let parts = &mut parts[split.feature as usize * plan.features.len()..][..plan.features.len()];
            for above in &self.path {
                if above.feature != split.feature {
                    let right = plan.splits[above.split].right as usize;
                    let weights = &above.weights[usize::from(right > 0 && index >= right)];
                    parts[above.feature as usize] += (0..POINTS).map(|point| own[point] * weights[point]).sum::<f64>();
                }
            }
            if split.size > 1 {
                let weights = split.weights(rule, self.answers[index]);
                self.path.push(Above { split: index, feature: split.feature, weights });
            }
        }
    }
}
