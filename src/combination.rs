//! What becomes of the sums of several estimators' trees: an ensemble of ensembles answers the mean of its members, a calibrated
//! classifier what a curve makes of another's answer.
//!
//! A forest has the sums of all members beside each other. A combination is a list of steps, each of which makes numbers of earlier ones:
//! the first of all are a row's margins, and the last step's are its predictions. So it has no loops, and whatever a file says, its
//! work is bounded when it is made.

use wardian_kernels::exp64::exp;

use crate::error::{Result, broken};
use crate::finish::Finish;
use crate::forest::MAX_OUTPUTS;
use crate::link::{Link, numpy_sum};
use crate::numbers::Precision;

/// A list of steps between a row's margins and its predictions.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    steps: Vec<Step>,
}

/// Makes numbers of earlier ones, which it names by their places: those of the margins come first, then those that steps have made, in
/// their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// What a finish and a link make of so many numbers: an estimator's answer.
    Linked {
        /// The first of them.
        from: u32,
        /// How many.
        count: u32,
        /// Its scale is no part of it.
        finish: Finish,
        /// What makes answers of them.
        link: Link,
    },
    /// 1 / (1 + e^(slope · number + offset)): Platt's calibration.
    Sigmoid {
        /// The number.
        from: u32,
        /// What it is multiplied by.
        slope: f64,
        /// What is added then.
        offset: f64,
    },
    /// What a curve of straight lines has at a number, which is kept within its ends: isotonic calibration.
    Isotonic {
        /// The number.
        from: u32,
        /// Where the lines begin and end, strictly ascending.
        places: Vec<f64>,
        /// What the curve has there.
        values: Vec<f64>,
    },
    /// Each number divided by the sum of all; of a sum of 0 the same for all.
    Shares {
        /// The first.
        from: u32,
        /// How many.
        count: u32,
    },
    /// 1 in the place of what rounding has made a little more than 1.
    Capped {
        /// The first.
        from: u32,
        /// How many.
        count: u32,
    },
    /// Numbers with the same one added.
    Shifted {
        /// The first.
        from: u32,
        /// How many.
        count: u32,
        /// What is added.
        by: f64,
    },
    /// Numbers from here and there.
    Gathered {
        /// Their places; [`Step::NO_PLACE`] for a 0.
        from: Vec<u32>,
    },
    /// The sum of several rows of numbers, one after another from 0, divided by the same number.
    Mean {
        /// The first number of each row.
        from: Vec<u32>,
        /// How many a row has.
        count: u32,
        /// What each row is multiplied by; empty if by nothing.
        weights: Vec<f64>,
        /// What the sums are divided by.
        divisor: f64,
    },
    /// The first number, from the least on, up to which the weights come to half of all.
    Median {
        /// The first.
        from: u32,
        /// The weight of each.
        weights: Vec<f64>,
    },
}

/// How much all steps may look at together for one row: a thousand members of a thousand classes.
const MOST_WORK: u64 = 1 << 22;

/// As much above 1 as scikit-learn takes for 1.
const HARDLY_ABOVE_ONE: f64 = 1.0 + 1e-5;

impl Step {
    /// No place: of a number that is 0.
    pub const NO_PLACE: u32 = u32::MAX;

    /// How many numbers it makes.
    pub(crate) fn made(&self) -> u64 {
        match self {
            Self::Linked { count, link, .. } => link.prediction_count(*count as usize) as u64,
            Self::Shares { count, .. }
            | Self::Capped { count, .. }
            | Self::Shifted { count, .. }
            | Self::Mean { count, .. } => (*count).into(),
            Self::Gathered { from } => from.len() as u64,
            Self::Sigmoid { .. } | Self::Isotonic { .. } | Self::Median { .. } => 1,
        }
    }

    /// How much it looks at.
    fn work(&self) -> u64 {
        match self {
            Self::Mean { from, count, .. } => from.len() as u64 * u64::from(*count),
            // It sorts.
            Self::Median { weights, .. } => 16 * weights.len() as u64,
            Self::Linked { count, .. } => (*count).into(),
            _ => self.made(),
        }
    }

    /// The rows of numbers that it looks at: where they begin, and how many each has.
    fn sources(&self) -> (&[u32], u64) {
        match self {
            Self::Linked { from, count, .. }
            | Self::Shares { from, count }
            | Self::Capped { from, count }
            | Self::Shifted { from, count, .. } => (std::slice::from_ref(from), (*count).into()),
            Self::Sigmoid { from, .. } | Self::Isotonic { from, .. } => (std::slice::from_ref(from), 1),
            Self::Gathered { from } => (from, 1),
            Self::Mean { from, count, .. } => (from, (*count).into()),
            Self::Median { from, weights } => (std::slice::from_ref(from), weights.len() as u64),
        }
    }

    /// The same step where the numbers are elsewhere.
    #[cfg(feature = "import")]
    pub(crate) fn moved(mut self, place: impl Fn(u32) -> u32) -> Self {
        let places = match &mut self {
            Self::Linked { from, .. }
            | Self::Shares { from, .. }
            | Self::Capped { from, .. }
            | Self::Shifted { from, .. }
            | Self::Sigmoid { from, .. }
            | Self::Isotonic { from, .. }
            | Self::Median { from, .. } => std::slice::from_mut(from),
            Self::Gathered { from } | Self::Mean { from, .. } => &mut from[..],
        };
        places.iter_mut().filter(|from| **from != Step::NO_PLACE).for_each(|from| *from = place(*from));
        self
    }

    /// What is wrong with its own numbers.
    fn fault(&self) -> Option<&'static str> {
        let finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
        let (is_good, fault) = match self {
            Self::Linked { finish, link, .. } => (
                finish.check().is_ok() && link.precision() != Some(Precision::Single),
                "its finish is not finite, or its link not of 64 bits",
            ),
            Self::Sigmoid { slope, offset, .. } => (finite(&[*slope, *offset]), "its curve is not finite"),
            Self::Isotonic { places, values, .. } => (
                !places.is_empty()
                    && places.len() == values.len()
                    && finite(places)
                    && finite(values)
                    && places.windows(2).all(|pair| pair[0] < pair[1]),
                "its curve is not finite and ascending",
            ),
            Self::Shifted { by, .. } => (by.is_finite(), "what it adds is not finite"),
            Self::Mean { from, weights, divisor, .. } => (
                (weights.is_empty() || weights.len() == from.len())
                    && finite(weights)
                    && divisor.is_finite()
                    && *divisor != 0.0,
                "its weights are not finite, or not one for each, or come to 0",
            ),
            Self::Median { weights, .. } => (finite(weights), "its weights are not finite"),
            Self::Shares { .. } | Self::Capped { .. } | Self::Gathered { .. } => (true, ""),
        };
        (!is_good).then_some(fault)
    }

    /// Appends what it makes of the numbers so far.
    fn take(&self, numbers: &mut Vec<f64>) {
        let part = |from: u32, count: u32| from as usize..from as usize + count as usize;
        let end = numbers.len();
        match self {
            Self::Linked { from, count, finish, link } => {
                numbers.extend_from_within(part(*from, *count));
                link.apply_double(finish, &mut numbers[end..]);
                numbers.truncate(end + link.prediction_count(*count as usize));
            }
            Self::Sigmoid { from, slope, offset } => {
                let number = numbers[*from as usize];
                numbers.push(1.0 / (1.0 + exp(slope * number + offset)));
            }
            Self::Isotonic { from, places, values } => {
                numbers.push(interpolated(places, values, numbers[*from as usize]));
            }
            Self::Shares { from, count } => {
                let sum = numpy_sum(&numbers[part(*from, *count)]);
                let same = 1.0 / f64::from(*count);
                numbers.extend_from_within(part(*from, *count));
                numbers[end..].iter_mut().for_each(|number| *number = if sum == 0.0 { same } else { *number / sum });
            }
            Self::Capped { from, count } => {
                numbers.extend_from_within(part(*from, *count));
                let above = numbers[end..].iter_mut().filter(|number| **number > 1.0 && **number <= HARDLY_ABOVE_ONE);
                above.for_each(|number| *number = 1.0);
            }
            Self::Shifted { from, count, by } => {
                numbers.extend_from_within(part(*from, *count));
                numbers[end..].iter_mut().for_each(|number| *number += by);
            }
            Self::Gathered { from } => {
                for &from in from {
                    let number = numbers.get(from as usize).copied();
                    numbers.push(number.filter(|_| from != Step::NO_PLACE).unwrap_or(0.0));
                }
            }
            Self::Mean { from, count, weights, divisor } => {
                numbers.resize(end + *count as usize, 0.0);
                for (row, &from) in from.iter().enumerate() {
                    let weight = weights.get(row).copied();
                    for place in 0..*count as usize {
                        let number = numbers[from as usize + place];
                        numbers[end + place] += weight.map_or(number, |weight| number * weight);
                    }
                }
                numbers[end..].iter_mut().for_each(|sum| *sum /= divisor);
            }
            Self::Median { from, weights } => {
                let median = median(&numbers[part(*from, weights.len() as u32)], weights);
                numbers.push(median);
            }
        }
    }
}

/// What a curve of straight lines has at a number, as numpy's `interp` computes it.
fn interpolated(places: &[f64], values: &[f64], number: f64) -> f64 {
    let next = places.partition_point(|&place| place <= number);
    let (Some(last), true) = (next.checked_sub(1), next < places.len()) else {
        // Beyond its ends it goes on as at them.
        return if next == 0 { values[0] } else { values[values.len() - 1] };
    };
    if places[last] == number {
        return values[last];
    }
    let slope = (values[next] - values[last]) / (places[next] - places[last]);
    slope * (number - places[last]) + values[last]
}

/// As scikit-learn's boosting of regressors takes it: of the numbers in ascending order the first up to which the weights are half of all.
fn median(numbers: &[f64], weights: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|&one, &other| numbers[one].total_cmp(&numbers[other]));
    let sums: Vec<f64> = order
        .iter()
        .scan(0.0, |sum, &place| {
            *sum += weights[place];
            Some(*sum)
        })
        .collect();
    let half = 0.5 * sums.last().copied().unwrap_or(0.0);
    let place = sums.iter().position(|&sum| sum >= half).unwrap_or(0);
    order.get(place).map_or(f64::NAN, |&place| numbers[place])
}

impl Combination {
    /// A combination of these steps.
    pub fn new(steps: Vec<Step>) -> Self {
        Self { steps }
    }

    /// Its steps.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many predictions it makes.
    pub(crate) fn prediction_count(&self) -> usize {
        self.steps.last().map_or(0, |step| step.made() as usize)
    }

    /// Checks that every step has what it looks at, for a forest of so many outputs, and what all steps come to.
    ///
    /// # Errors
    /// `invalid_model`, naming the step.
    pub(crate) fn check(&self, outputs: usize) -> Result<()> {
        let (mut known, mut work) = (outputs as u64, 0);
        for (index, step) in self.steps.iter().enumerate() {
            let fault = |fault| Err(broken(fault, &[]).place("step # of the combination", &[index]));
            let (sources, count) = step.sources();
            let is_known = |&from: &u32| {
                from == Step::NO_PLACE && matches!(step, Step::Gathered { .. }) || u64::from(from) + count <= known
            };
            if count == 0 || sources.is_empty() || !sources.iter().all(is_known) {
                return fault("it looks at numbers that are not there");
            }
            if let Some(own) = step.fault() {
                return fault(own);
            }
            known += step.made();
            work += step.work();
            if known > MAX_OUTPUTS as u64 + outputs as u64 || work > MOST_WORK {
                return fault("all steps up to it are too much for one row");
            }
        }
        match self.prediction_count() {
            count if (1..=outputs).contains(&count) => Ok(()),
            count => Err(broken("the combination makes # predictions of # outputs", &[count, outputs])),
        }
    }

    /// Turns the margins of whole rows, `outputs` each, into their predictions.
    pub(crate) fn apply(&self, outputs: usize, results: &mut Vec<f64>) {
        let kept = self.prediction_count();
        let row_count = results.len() / outputs;
        let mut numbers = Vec::new();
        for row in 0..row_count {
            numbers.clear();
            numbers.extend_from_slice(&results[row * outputs..][..outputs]);
            self.steps.iter().for_each(|step| step.take(&mut numbers));
            results[row * kept..][..kept].copy_from_slice(&numbers[numbers.len() - kept..]);
        }
        results.truncate(row_count * kept);
    }
}

#[cfg(test)]
mod tests;
