//! Contributions beside the trainers' own, or beside their definition where a trainer has none.

use wardian::{Model, Numbers};

/// How far a contribution may be from its trainer's, beside the sum of the sizes of its row's contributions to all outputs: both are of 64-bit floats.
const TOLERANCE: f64 = 1e-9;

/// The same where covers are no 32-bit floats, as which they are kept: they are rounded by 6e-8 at most.
const TOLERANCE_OF_ROUNDED: f64 = 1e-6;

/// What was compared, and how far apart it is.
#[derive(Clone, Default)]
pub(super) struct Explained {
    pub(super) models: usize,
    pub(super) contributions: usize,
    /// Of those whose covers are 32-bit floats, and of others.
    pub(super) largest: [f64; 2],
}

impl std::ops::AddAssign<&Self> for Explained {
    fn add_assign(&mut self, other: &Self) {
        self.models += other.models;
        self.contributions += other.contributions;
        for (largest, other) in self.largest.iter_mut().zip(other.largest) {
            *largest = largest.max(other);
        }
    }
}

impl Explained {
    pub(super) const HEADING: &str = "models  contributions    largest  of rounded covers";

    pub(super) fn line(&self) -> String {
        let Self { models, contributions, largest: [exact, rounded] } = self;
        format!("{models:6} {contributions:14} {exact:10.1e} {rounded:18.1e}")
    }
}

/// The contributions of the first rows beside theirs: for each row and output one a feature, and what they are added to.
pub(super) fn compare(
    model: &Model,
    rows: &[f64],
    theirs: &[f64],
    has_exact_covers: bool,
) -> Result<Explained, String> {
    let (features, outputs) = (model.schema().features().len(), model.forest().output_count());
    let count = theirs.len() / ((features + 1) * outputs);
    let rows = &rows[..count * features];
    let explainer = model.explainer().map_err(|error| error.to_string())?;
    let ours = explainer.explain_many(rows).map_err(|error| error.to_string())?;
    if ours.len() != theirs.len() {
        return Err(format!("{} contributions, theirs are {}", ours.len(), theirs.len()));
    }
    let Ok(Numbers::Double(margins)) = model.margins_many(rows) else {
        return Err(String::from("margins that are explained have 64 bits"));
    };
    let mut largest = 0.0_f64;
    // Of all outputs: one of them may be nothing but the rounding of the others'.
    let size = |row: &[f64]| row.iter().map(|part| part.abs()).sum::<f64>().max(f64::MIN_POSITIVE);
    let sizes: Vec<f64> = ours.chunks_exact((features + 1) * outputs).map(size).collect();
    let pairs = ours.chunks_exact(features + 1).zip(theirs.chunks_exact(features + 1));
    for (place, ((ours, theirs), margin)) in pairs.zip(margins).enumerate() {
        let size = sizes[place / outputs];
        let sum: f64 = ours.iter().sum();
        if (sum - margin).abs() > 1e-12 * size {
            return Err(format!("row {}: contributions make {sum}, not the margin {margin}", place / outputs));
        }
        // What is left of the margin is the mean over the training data, which does not depend on the row.
        let (base, mean) = (ours[features], explainer.bases()[place % outputs]);
        if (base - mean).abs() > TOLERANCE * size {
            return Err(format!("row {}: {base} is left of the margin, the mean is {mean}", place / outputs));
        }
        // Of some outputs a trainer explains nothing.
        if theirs.iter().all(|part| part.is_nan()) {
            continue;
        }
        for (feature, (one, other)) in ours.iter().zip(theirs).enumerate() {
            let difference = (one - other).abs() / size;
            let tolerance = if has_exact_covers { TOLERANCE } else { TOLERANCE_OF_ROUNDED };
            // What is no number differs, too.
            if difference.is_nan() || difference > tolerance {
                return Err(format!(
                    "row {}, output {}, contribution {feature}: {one:e}, theirs is {other:e}: {difference:.1e} of {size:e}",
                    place / outputs,
                    place % outputs
                ));
            }
            largest = largest.max(difference);
        }
    }
    let largest = if has_exact_covers { [largest, 0.0] } else { [0.0, largest] };
    Ok(Explained { models: 1, contributions: ours.len(), largest })
}
