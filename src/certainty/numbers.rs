//! Intervals about numbers by split conformal prediction (Papadopoulos and others 2002; Lei and others 2018): as wide as rows were off.
//!
//! The locally weighted ones need nothing but answers and labels: half of the rows tell how far off answers of each part of the range are,
//! the other half how many times that. What they claim holds as for the others, as no row is in both halves.

use super::arithmetic::share_error;
use super::file::{IntervalLevel, Intervals, Method};
use super::folds::{parts, rank, shuffled};
use super::measure::Labelled;
use super::{FEWEST, LEVELS};

/// A part of the range has the scale of so many rows.
const ROWS_A_PART: usize = 30;
/// The most parts.
const MOST_PARTS: usize = 10;
/// A part's scale is drawn to that of all as if so many rows of it were as far off as all are: so it is never 0.
const DRAWN: f64 = 5.0;
/// The level by whose widths the method is chosen.
const CHOSEN_BY: u8 = 90;

/// What makes intervals: scores ascending, and what they are multiplied by.
struct Fitted {
    method: Method,
    bounds: Vec<f64>,
    scales: Vec<f64>,
    scores: Vec<f64>,
}

impl Fitted {
    fn absolute(rows: &Labelled<'_>, places: &[u32]) -> Option<Self> {
        let scores = ascending(places.iter().map(|&place| residual(rows, place)));
        Some(Self { method: Method::Absolute, bounds: Vec::new(), scales: Vec::new(), scores })
    }

    fn local(rows: &Labelled<'_>, places: &[u32]) -> Option<Self> {
        let half = |which: usize| places.iter().copied().skip(which).step_by(2);
        let answers = ascending(half(0).map(|place| rows.answers[place as usize]));
        let count = (answers.len() / ROWS_A_PART).min(MOST_PARTS);
        let mut bounds: Vec<f64> = (1..count).map(|part| answers[part * answers.len() / count]).collect();
        bounds.dedup();
        bounds.retain(|bound| *bound > answers[0]);
        if bounds.is_empty() || places.len() / 2 < FEWEST {
            return None;
        }
        let part_of = |answer: f64| bounds.partition_point(|&bound| bound <= answer);
        let mut sums = vec![(0.0, 0.0); bounds.len() + 1];
        for place in half(0) {
            let (sum, count) = &mut sums[part_of(rows.answers[place as usize])];
            *sum += residual(rows, place);
            *count += 1.0;
        }
        let all = sums.iter().map(|(sum, _)| sum).sum::<f64>() / answers.len() as f64;
        if !(all > 0.0 && all.is_finite()) {
            return None;
        }
        let scales: Vec<f64> = sums.iter().map(|(sum, count)| (sum + DRAWN * all) / (count + DRAWN)).collect();
        let score = |place: u32| residual(rows, place) / scales[part_of(rows.answers[place as usize])];
        let scores = ascending(half(1).map(score));
        Some(Self { method: Method::Local, bounds, scales, scores })
    }

    fn scale(&self, answer: f64) -> f64 {
        let part = self.bounds.partition_point(|&bound| bound <= answer);
        self.scales.get(part).copied().unwrap_or(1.0)
    }
}

fn residual(rows: &Labelled<'_>, place: u32) -> f64 {
    (rows.labels[place as usize] - rows.answers[place as usize]).abs()
}

fn ascending(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers
}

/// The intervals of both methods, the one that is to be shown first: the locally weighted, where it was narrower on parts that it was not
/// made from.
pub(super) fn intervals(rows: &Labelled<'_>) -> Vec<Intervals> {
    let absolute = of(rows, Fitted::absolute);
    let local = of(rows, Fitted::local);
    let width = |intervals: &Option<Intervals>| {
        let levels = intervals.iter().flat_map(|intervals| &intervals.levels);
        levels.filter(|level| level.level == CHOSEN_BY).map(|level| level.width).next().unwrap_or(f64::INFINITY)
    };
    let is_narrower = width(&local) < width(&absolute);
    let both = if is_narrower { [local, absolute] } else { [absolute, local] };
    both.into_iter().flatten().filter(|intervals| !intervals.levels.is_empty()).collect()
}

fn of(rows: &Labelled<'_>, fit: fn(&Labelled<'_>, &[u32]) -> Option<Fitted>) -> Option<Intervals> {
    let whole = fit(rows, &shuffled(rows.len()))?;
    // By level: how many rows were asked, in how many the interval had the label, and how wide they were together.
    let mut measured = [(0_usize, 0_usize, 0.0); LEVELS.len()];
    for (others, own) in parts(rows.len()) {
        let fitted = fit(rows, &others)?;
        for (level, (asked, had, width)) in LEVELS.iter().zip(&mut measured) {
            let Some(rank) = rank(fitted.scores.len(), *level) else { continue };
            let score = fitted.scores[rank];
            for &place in &own {
                let half = score * fitted.scale(rows.answers[place as usize]);
                *asked += 1;
                *had += usize::from(residual(rows, place) <= half);
                *width += 2.0 * half;
            }
        }
    }
    let level = |(&level, (asked, had, width)): (&u8, (usize, usize, f64))| {
        let score = whole.scores[rank(whole.scores.len(), level)?];
        let count = asked as f64;
        (asked == rows.len() && score.is_finite()).then(|| IntervalLevel {
            level,
            score,
            coverage: had as f64 / count,
            standard_error: share_error(had, asked),
            width: width / count,
        })
    };
    let levels = LEVELS.iter().zip(measured).filter_map(level).collect();
    let Fitted { method, bounds, scales, scores } = whole;
    Some(Intervals { method, rows: scores.len() as u32, bounds, scales, levels })
}
