//! Contributions beside XGBoost's: ours are exact in `f64`, XGBoost's are rounded on their way.

use crate::models::Case;

/// How far a contribution may be from XGBoost's, beside the largest margin of the model's rows, or base margin, or
/// contribution: XGBoost's are sums in `f32`. The largest seen is 2.2e-5, of a model stopped early in 1.5.
const TOLERANCE: f64 = 5e-5;

/// What was explained of some models.
#[derive(Default)]
pub(crate) struct Explained {
    pub(crate) models: usize,
    pub(crate) contributions: usize,
    /// Beside the largest margin of the model's rows, or base margin, or contribution.
    pub(crate) largest: f64,
    worst: String,
    /// Models that XGBoost does not explain.
    pub(crate) refused: usize,
}

impl Explained {
    pub(crate) fn add(&mut self, other: &Self) {
        self.models += other.models;
        self.contributions += other.contributions;
        self.refused += other.refused;
        if other.models > 0 && (self.worst.is_empty() || other.largest > self.largest) {
            self.largest = other.largest;
            self.worst.clone_from(&other.worst);
        }
    }

    pub(crate) fn heading() -> String {
        format!("{:24} {:>7} {:>13} {:>12}  {:16} {:>7}", "kind", "models", "contributions", "largest", "in", "refused")
    }

    pub(crate) fn line(&self, kind: &str) -> String {
        let Self { models, contributions, largest, worst, refused } = self;
        format!("{kind:24} {models:>7} {contributions:>13} {largest:>12.1e}  {worst:16} {refused:>7}")
    }
}

/// Our contributions beside XGBoost's, for the first rows.
pub(crate) fn compare(case: &Case) -> Result<Explained, String> {
    let model = case.import(false)?;
    if !case.is_explained() {
        return Ok(Explained { refused: 1, ..Explained::default() });
    }
    let fault = |message: String| format!("{}: {message}", case.name());
    // Covers below 0, of which nothing is explained; XGBoost takes them for shares all the same.
    if case.text("objective") == "survival:cox" && model.covers().is_none() {
        return Ok(Explained { refused: 1, ..Explained::default() });
    }
    // Only of vector leaves do files lack the covers, before 3.2.
    let explainer = model.explainer().map_err(|error| fault(error.to_string()))?;
    let theirs = case.answers("contributions");
    let (width, outputs) = (model.schema().features().len(), model.forest().output_count());
    let rows = case.rows();
    let count = theirs.len() / ((width + 1) * outputs) * width;
    if count > rows.len() {
        return Err(fault(format!("{} contributions are those of other rows", theirs.len())));
    }
    let rows = rows.first(count);
    let ours = rows.contributions(&explainer).map_err(fault)?;
    if ours.len() != theirs.len() {
        return Err(fault(format!("{} contributions, XGBoost has {}", ours.len(), theirs.len())));
    }
    let margins = rows.margins(&model).map_err(fault)?;
    for (parts, &margin) in ours.chunks_exact(width + 1).zip(&margins) {
        let sum: f64 = parts.iter().sum();
        // Leaves of 1e16, as there are without regularization, cancel each other out; what is left has the bits of `f64`.
        let magnitude: f64 = parts.iter().map(|part| part.abs()).sum();
        if (sum - f64::from(margin)).abs() > 1e-6 * f64::from(margin.abs()).max(1.0) + 1e-14 * magnitude {
            return Err(fault(format!("contributions make {sum}, not the margin {margin}")));
        }
    }
    // XGBoost adds up in `f32`, the base margin too, which may be far from what the trees make of it.
    let bases: Vec<f32> = model.forest().base_margins().clone().into_single();
    let scale = margins.iter().chain(&bases);
    let scale = scale.chain(&theirs).fold(0.0_f64, |scale, number| scale.max(f64::from(number.abs())));
    let mut largest = 0.0_f64;
    for (ours, theirs) in ours.iter().zip(&theirs) {
        let difference = (ours - f64::from(*theirs)).abs();
        if difference.is_nan() {
            return Err(fault(format!("ours {ours}, XGBoost's {theirs}")));
        }
        largest = largest.max(difference);
    }
    let largest = if largest == 0.0 { 0.0 } else { largest / scale };
    if largest > TOLERANCE {
        return Err(fault(format!("contributions differ by {largest:.1e} of the margins' scale")));
    }
    let worst = case.name().split_whitespace().next().unwrap_or_default().to_owned();
    Ok(Explained { models: 1, contributions: ours.len(), largest, worst, refused: 0 })
}
