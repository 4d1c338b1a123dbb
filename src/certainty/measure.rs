//! Figures of answers beside labels, equal to scikit-learn's.

use super::arithmetic::{Z, logarithm, mean, share, standard_error, within};
use super::file::{Bin, ClassMeasures, Confusion, Estimate, Measures, NumberMeasures, RiskMeasures};
use super::sets::most_likely;

/// What answers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// The probability that a row is positive; labels are 0 and 1.
    Risk,
    /// The probability of each class, or the class's index; labels are the indices of classes.
    Classes,
    /// A number; labels are numbers.
    Number,
    /// How many of something are expected; labels are numbers.
    Count,
}

/// Answers, and what was seen.
#[derive(Clone, Copy, Debug)]
pub struct Labelled<'a> {
    /// What answers are.
    pub task: Task,
    /// The answers, row after row.
    pub answers: &'a [f64],
    /// How many a row has.
    pub width: usize,
    /// The labels, one a row.
    pub labels: &'a [f64],
}

impl Labelled<'_> {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The answers to one row.
    pub(super) fn row(&self, place: usize) -> &[f64] {
        &self.answers[place * self.width..][..self.width]
    }
}

/// Of more classes neither every pair of them is counted nor each judged against the rest.
const MOST_CLASSES: usize = 100;

/// The figures of rows, of which there is at least one; `threshold` is that from which on a risk is told positive, `classes` are the
/// names of the classes.
///
/// # Panics
/// If there are not as many answers as labels ask for, or a label is no index of a class.
pub fn measures(rows: &Labelled<'_>, threshold: f64, classes: &[String]) -> Measures {
    let mut out = Measures::default();
    match rows.task {
        Task::Risk => out.risk = Some(of_risks(rows, threshold)),
        Task::Classes => out.classes = Some(of_classes(rows, classes)),
        Task::Number | Task::Count => out.number = Some(of_numbers(rows)),
    }
    out
}

/// The area under the ROC curve of answers to positive and to other rows, and its standard error (DeLong, DeLong and Clarke-Pearson 1988);
/// none where there are none of either.
fn auc(rows: impl Iterator<Item = (f64, bool)>) -> Option<(f64, Option<f64>)> {
    let mut rows: Vec<(f64, bool)> = rows.map(|(answer, is_positive)| (answer + 0.0, is_positive)).collect();
    rows.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let positive = rows.iter().filter(|row| row.1).count() as u64;
    let negative = rows.len() as u64 - positive;
    if positive == 0 || negative == 0 {
        return None;
    }
    // Twice the pairs in which the positive row has the larger answer; half a pair for one as large.
    let mut doubled = 0_u128;
    // For each kind the sums, and the sums of squares, of the pairs that each of its rows wins, doubled: `f64` has them exactly for
    // hundreds of thousands of rows, and nearly for more.
    let mut squares = [0.0_f64; 2];
    let (mut below_positive, mut below_negative, mut begin) = (0_u64, 0_u64, 0);
    while begin < rows.len() {
        let end = begin + rows[begin..].partition_point(|row| row.0 == rows[begin].0);
        let own_positive = rows[begin..end].iter().filter(|row| row.1).count() as u64;
        let own_negative = (end - begin) as u64 - own_positive;
        let won = 2 * below_negative + own_negative;
        let lost = 2 * (positive - below_positive - own_positive) + own_positive;
        doubled += u128::from(own_positive) * u128::from(won);
        squares[0] += own_positive as f64 * (won as f64 * won as f64);
        squares[1] += own_negative as f64 * (lost as f64 * lost as f64);
        below_positive += own_positive;
        below_negative += own_negative;
        begin = end;
    }
    let (positive, negative) = (positive as f64, negative as f64);
    let area = doubled as f64 / (2.0 * positive * negative);
    // The variance of the share of the others that a row of each kind wins.
    let variance = |squares: f64, own: f64, others: f64| {
        let mean_square = squares / (4.0 * others * others * own);
        (own > 1.0).then(|| ((mean_square - area * area) * own / (own - 1.0)).max(0.0) / own)
    };
    let of_positive = variance(squares[0], positive, negative);
    let of_negative = variance(squares[1], negative, positive);
    Some((area, of_positive.zip(of_negative).map(|(one, other)| (one + other).sqrt())))
}

/// A share with an interval, which stays a share.
fn bounded(value: f64, error: Option<f64>) -> Estimate {
    let Estimate { value, low, high } = within(value, error);
    Estimate { value, low: low.map(|low| low.max(0.0)), high: high.map(|high| high.min(1.0)) }
}

/// The logarithmic loss of the probability of what was seen, clipped as scikit-learn clips it.
fn loss(probability: f64) -> f64 {
    -logarithm(probability.clamp(f64::EPSILON, 1.0 - f64::EPSILON))
}

fn of_risks(rows: &Labelled<'_>, threshold: f64) -> RiskMeasures {
    let pairs = || rows.answers.iter().zip(rows.labels).map(|(&answer, &label)| (answer, label == 1.0));
    let of_seen = |(answer, is_positive): (f64, bool)| if is_positive { answer } else { 1.0 - answer };
    let square = |(answer, is_positive): (f64, bool)| {
        let off = if is_positive { answer - 1.0 } else { answer };
        off * off
    };
    RiskMeasures {
        positive: pairs().filter(|pair| pair.1).count() as u32,
        auc: auc(pairs()).map(|(area, error)| bounded(area, error)),
        brier: mean(pairs().map(square)),
        log_loss: mean(pairs().map(|pair| loss(of_seen(pair)))),
        calibration: calibration(pairs()),
        confusion: confusion(pairs(), threshold),
    }
}

/// Ten equal parts, as scikit-learn's `calibration_curve` has them.
fn calibration(pairs: impl Iterator<Item = (f64, bool)>) -> Vec<Bin> {
    const PARTS: usize = 10;
    // As numpy's linspace has them.
    let bounds: [f64; PARTS - 1] = std::array::from_fn(|part| (part + 1) as f64 * (1.0 / PARTS as f64));
    let mut parts = [(0_usize, 0_usize, 0.0); PARTS];
    for (answer, is_positive) in pairs {
        let (rows, positive, sum) = &mut parts[bounds.partition_point(|&bound| bound < answer)];
        *rows += 1;
        *positive += usize::from(is_positive);
        *sum += answer;
    }
    let bin = |(rows, positive, sum): (usize, usize, f64)| {
        Some(Bin { rows: rows as u32, mean: sum / rows as f64, seen: share(positive, rows)? })
    };
    parts.into_iter().filter_map(bin).collect()
}

fn confusion(pairs: impl Iterator<Item = (f64, bool)>, threshold: f64) -> Confusion {
    // By what a row is, and what it is told.
    let mut counts = [[0_usize; 2]; 2];
    for (answer, is_positive) in pairs {
        counts[usize::from(is_positive)][usize::from(answer >= threshold)] += 1;
    }
    let [[true_negative, false_positive], [false_negative, true_positive]] = counts;
    let all = true_negative + false_positive + false_negative + true_positive;
    Confusion {
        threshold,
        true_positive: true_positive as u32,
        false_positive: false_positive as u32,
        true_negative: true_negative as u32,
        false_negative: false_negative as u32,
        accuracy: share(true_positive + true_negative, all).unwrap_or_default(),
        sensitivity: share(true_positive, true_positive + false_negative),
        specificity: share(true_negative, true_negative + false_positive),
        precision: share(true_positive, true_positive + false_positive),
    }
}

fn of_classes(rows: &Labelled<'_>, classes: &[String]) -> ClassMeasures {
    let count = classes.len();
    let told = |place: usize| match rows.row(place) {
        // The class itself.
        [class] => *class as usize,
        probabilities => most_likely(probabilities),
    };
    let are_few = count <= MOST_CLASSES;
    let mut confusion = if are_few { vec![vec![0_u32; count]; count] } else { Vec::new() };
    let mut right = 0;
    for (place, &label) in rows.labels.iter().enumerate() {
        let told = told(place).min(count - 1);
        right += usize::from(told == label as usize);
        if let Some(counts) = confusion.get_mut(label as usize) {
            counts[told] += 1;
        }
    }
    let are_probabilities = rows.width > 1;
    let losses = (0..rows.len()).map(|place| loss(rows.row(place)[rows.labels[place] as usize]));
    let areas = || {
        let of = |class: usize| {
            let pair = move |place: usize| (rows.row(place)[class], rows.labels[place] == class as f64);
            auc((0..rows.len()).map(pair)).map(|(area, _)| area)
        };
        (0..count).map(of).collect::<Option<Vec<f64>>>()
    };
    let mean_area = |areas: Vec<f64>| areas.iter().sum::<f64>() / areas.len() as f64;
    ClassMeasures {
        accuracy: share(right, rows.len()).unwrap_or_default(),
        log_loss: are_probabilities.then(|| mean(losses)),
        auc: if are_probabilities && are_few { areas().map(mean_area).map(|area| within(area, None)) } else { None },
        classes: classes.to_vec(),
        confusion,
    }
}

fn of_numbers(rows: &Labelled<'_>) -> NumberMeasures {
    let errors = || rows.answers.iter().zip(rows.labels).map(|(answer, label)| answer - label);
    let squares = errors().map(|error| error * error);
    let Estimate { value, .. } = mean(squares.clone());
    let rmse = value.sqrt();
    // The root of a mean has the mean's error by its own doubled.
    let error = standard_error(squares.clone(), value, rows.len()).filter(|_| rmse > 0.0);
    let half = error.map(|error| Z * error / (2.0 * rmse));
    let label_mean = rows.labels.iter().sum::<f64>() / rows.len() as f64;
    let spread: f64 = rows.labels.iter().map(|label| (label - label_mean) * (label - label_mean)).sum();
    let residual: f64 = squares.sum();
    let r2 = match spread {
        // As scikit-learn says of labels that are all the same.
        0.0 if residual == 0.0 => 1.0,
        0.0 => 0.0,
        spread => 1.0 - residual / spread,
    };
    NumberMeasures {
        rmse: Estimate {
            value: rmse,
            low: half.map(|half| (rmse - half).max(0.0)),
            high: half.map(|half| rmse + half),
        },
        mae: mean(errors().map(f64::abs)),
        r2: (rows.len() > 1).then_some(r2),
        bias: mean(errors()),
        poisson_deviance: (rows.task == Task::Count).then(|| poisson_deviance(rows)).flatten(),
    }
}

/// The mean Poisson deviance; none where an answer is not above 0, or a label below it.
fn poisson_deviance(rows: &Labelled<'_>) -> Option<f64> {
    let mut sum = 0.0;
    for (&answer, &label) in rows.answers.iter().zip(rows.labels) {
        if !(answer > 0.0 && label >= 0.0) {
            return None;
        }
        let of_label = if label > 0.0 { label * logarithm(label / answer) } else { 0.0 };
        sum += 2.0 * (of_label - label + answer);
    }
    Some(sum / rows.len() as f64)
}
