//! Ranges of risks by inductive Venn-Abers prediction (Vovk, Petej and Fedorova 2015, "Large-scale probabilistic predictors").
//!
//! A new answer is put among those of the rows, once as a negative row and once as a positive one, and a rising function is fitted to the
//! labels each time (isotonic regression): what both say at the answer are the ends of its range. One of them is calibrated, whatever the
//! rows are. A row that is put in changes the fit like one of the neighbour's answer (a positive one is never below what follows, a negative
//! one never above what precedes), so that one fit for each answer of the rows is enough: both ends are step functions.
//!
//! Labels are 0 and 1, so all is counted in whole numbers: a fit is the slope of the lowest rising-slope line below the cumulative counts,
//! and the line is found where the hull left of an answer and the hull right of it, moved by the row that is put in, are bridged.

use super::arithmetic::share_error;
use super::file::{Agreement, RiskRanges, Steps};
use super::folds::{parts, shuffled};
use super::measure::Labelled;

/// Ends are told in so many parts: the lower one down to the next, the upper one up.
const PARTS: i64 = 10_000;
/// Into how many groups of similar answers rows are put to compare ranges with what was seen.
const GROUPS: usize = 10;

/// A point of the cumulative counts: rows, and positive ones among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Point {
    rows: i64,
    positive: i64,
}

impl Point {
    fn moved(self, by: Self) -> Self {
        Self { rows: self.rows + by.rows, positive: self.positive + by.positive }
    }

    fn from(self, other: Self) -> Self {
        Self { rows: self.rows - other.rows, positive: self.positive - other.positive }
    }

    /// Whether the way to another point is at least as steep as the way to this one.
    fn is_at_most(self, other: Self) -> bool {
        other.positive * self.rows >= self.positive * other.rows
    }
}

/// Both ends of the range of each answer, exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VennAbers {
    /// The different answers, ascending, as bits of `f64`.
    answers: Vec<u64>,
    /// The lower end from each answer on, as positive rows and rows.
    low: Vec<[i64; 2]>,
    /// The upper end up to each answer.
    high: Vec<[i64; 2]>,
}

impl VennAbers {
    /// Of answers, and whether each row was positive.
    pub fn new(rows: impl Iterator<Item = (f64, bool)>) -> Self {
        // A zero's sign says nothing.
        let mut rows: Vec<(f64, bool)> = rows.map(|(answer, is_positive)| (answer + 0.0, is_positive)).collect();
        rows.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let mut answers: Vec<f64> = Vec::new();
        let mut points = vec![Point { rows: 0, positive: 0 }];
        for (answer, is_positive) in rows {
            if answers.last() != Some(&answer) {
                answers.push(answer);
                points.push(points[points.len() - 1]);
            }
            let last = points.len() - 1;
            points[last].rows += 1;
            points[last].positive += i64::from(is_positive);
        }
        let fits = |positive: i64| fits(&points, Point { rows: 1, positive });
        Self { low: fits(0), high: fits(1), answers: answers.into_iter().map(f64::to_bits).collect() }
    }

    /// Both ends at an answer: positive rows and rows.
    pub fn at(&self, answer: f64) -> [[i64; 2]; 2] {
        let from = self.answers.partition_point(|&at| f64::from_bits(at) <= answer);
        let to = self.answers.partition_point(|&at| f64::from_bits(at) < answer);
        let low = from.checked_sub(1).map_or([0, 1], |place| self.low[place]);
        [low, self.high.get(to).copied().unwrap_or([1, 1])]
    }

    /// The step functions, as they are told.
    fn told(&self) -> [Steps; 2] {
        let number = |parts: i64| parts as f64 / PARTS as f64;
        let mut low = Steps::default();
        let mut high = Steps::default();
        for (place, &bits) in self.answers.iter().enumerate() {
            let answer = f64::from_bits(bits);
            let [positive, rows] = self.low[place];
            let value = number((positive * PARTS).div_euclid(rows));
            if low.values.last().copied().unwrap_or(0.0) != value {
                low.at.push(answer);
                low.values.push(value);
            }
            let [positive, rows] = self.high[place];
            let value = number(-(-positive * PARTS).div_euclid(rows));
            // It is said up to its last answer.
            if high.values.last() == Some(&value) {
                high.at.pop();
                high.values.pop();
            }
            high.at.push(answer);
            high.values.push(value);
        }
        [low, high]
    }
}

/// For each group the fit at it, where a row is put into it.
fn fits(points: &[Point], put: Point) -> Vec<[i64; 2]> {
    let count = points.len() - 1;
    // The hull of the points from each on: the last is at the bottom. What a point writes over is kept, so that it can be taken off.
    let mut right: Vec<Point> = Vec::with_capacity(count);
    let mut undo = Vec::with_capacity(count);
    let mut length = 0;
    for &point in points[1..].iter().rev() {
        while length > 1 && right[length - 2].from(point).is_at_most(right[length - 1].from(point)) {
            length -= 1;
        }
        let before = right.len().max(length);
        let written = right.get(length).copied();
        undo.push((before, length, written));
        if length < right.len() {
            right[length] = point;
        } else {
            right.push(point);
        }
        length += 1;
    }
    let mut lengths: Vec<usize> = undo.iter().map(|&(_, length, _)| length + 1).collect();
    let mut left: Vec<Point> = Vec::new();
    let mut fits = Vec::with_capacity(count);
    for &point in &points[..count] {
        while let [.., before, last] = left[..] {
            if !point.from(before).is_at_most(last.from(before)) {
                break;
            }
            left.pop();
        }
        left.push(point);
        let length = lengths.pop().unwrap_or(1);
        fits.push(bridge(&left, &right[..length], put));
        // What follows sees one point fewer.
        if let Some((_, place, written)) = undo.pop()
            && let Some(written) = written
        {
            right[place] = written;
        }
    }
    fits
}

/// The slope between two hulls: `left` from left to right, `right` from right to left and moved by `put`.
fn bridge(left: &[Point], right: &[Point], put: Point) -> [i64; 2] {
    // Where the line from a point touches the right hull: where the next way on is as steep.
    let touched = |from: Point| {
        let (mut low, mut high) = (0, right.len() - 1);
        while low < high {
            let middle = (low + high) / 2;
            // Counted from the left: `right` ends with its leftmost.
            let (here, next) = (right[right.len() - 1 - middle], right[right.len() - 2 - middle]);
            let to_here = here.moved(put).from(from);
            if to_here.is_at_most(next.from(here)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        right[right.len() - 1 - low].moved(put).from(from)
    };
    let (mut low, mut high) = (0, left.len() - 1);
    while low < high {
        let middle = (low + high) / 2;
        if touched(left[middle]).is_at_most(left[middle + 1].from(left[middle])) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let way = touched(left[low]);
    [way.positive, way.rows]
}

/// A row, and the range that the others gave it.
struct Judged {
    answer: f64,
    low: f64,
    high: f64,
    label: f64,
}

fn mean(rows: &[Judged], of: fn(&Judged) -> f64) -> f64 {
    rows.iter().map(of).sum::<f64>() / rows.len() as f64
}

fn square(number: f64) -> f64 {
    number * number
}

/// The ranges that rows tell, and how they did on parts that they were not made from.
pub(super) fn ranges(rows: &Labelled<'_>) -> RiskRanges {
    let of = |places: &[u32]| {
        let row = |&place: &u32| (rows.answers[place as usize], rows.labels[place as usize] == 1.0);
        VennAbers::new(places.iter().map(row))
    };
    let mut judged: Vec<Judged> = Vec::with_capacity(rows.len());
    for (others, own) in parts(rows.len()) {
        let ranges = of(&others);
        for place in own {
            let (answer, label) = (rows.answers[place as usize], rows.labels[place as usize]);
            let [low, high] = ranges.at(answer).map(|[positive, rows]| positive as f64 / rows as f64);
            judged.push(Judged { answer, low, high, label });
        }
    }
    // By the answer, of equal ones by label, so that the sums are always in one order.
    judged.sort_by(|one, other| one.answer.total_cmp(&other.answer).then(one.label.total_cmp(&other.label)));
    let groups = judged.len().min(GROUPS);
    let agreement = (0..groups).map(|group| {
        let own = &judged[group * judged.len() / groups..(group + 1) * judged.len() / groups];
        Agreement {
            rows: own.len() as u32,
            low: mean(own, |row| row.low),
            high: mean(own, |row| row.high),
            seen: mean(own, |row| row.label),
        }
    });
    let agreement = agreement.collect();
    let positive = rows.labels.iter().filter(|&&label| label == 1.0).count();
    let [low, high] = of(&shuffled(rows.len())).told();
    RiskRanges {
        low,
        high,
        positive: positive as u32,
        chosen: mean(&judged, |row| if row.label == 1.0 { row.high } else { row.low }),
        standard_error: share_error(positive, rows.len()),
        brier: mean(&judged, |row| square(row.answer - row.label)),
        brier_merged: mean(&judged, |row| square(row.high / (1.0 - row.low + row.high) - row.label)),
        agreement,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Isotonic regression by pooling neighbours, at one of the groups.
    fn pooled(groups: &[(i64, i64)], wanted: usize) -> f64 {
        let mut pools: Vec<(i64, i64, usize)> = Vec::new();
        for (place, &(positive, rows)) in groups.iter().enumerate() {
            pools.push((positive, rows, place));
            while let [.., before, last] = pools[..] {
                if before.0 * last.1 < last.0 * before.1 {
                    break;
                }
                pools.truncate(pools.len() - 2);
                pools.push((before.0 + last.0, before.1 + last.1, last.2));
            }
        }
        let pool = pools.iter().find(|pool| pool.2 >= wanted).expect("a pool");
        pool.0 as f64 / pool.1 as f64
    }

    /// Both ends by the definition: a row is put in, and all is fitted anew.
    fn by_definition(rows: &[(f64, bool)], answer: f64) -> [f64; 2] {
        [false, true].map(|put| {
            let mut all = rows.to_vec();
            all.push((answer, put));
            all.sort_by(|one, other| one.0.total_cmp(&other.0));
            let mut groups: Vec<(i64, i64)> = Vec::new();
            let mut answers = Vec::new();
            for (own, is_positive) in all {
                if answers.last() != Some(&own) {
                    answers.push(own);
                    groups.push((0, 0));
                }
                let last = groups.len() - 1;
                groups[last].0 += i64::from(is_positive);
                groups[last].1 += 1;
            }
            pooled(&groups, answers.iter().position(|&own| own == answer).expect("it is there"))
        })
    }

    #[test]
    fn ends_are_those_of_the_definition() {
        let mut state = 7_u64;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for (count, answers) in [(1, 1), (2, 2), (5, 3), (20, 8), (40, 200), (60, 12), (150, 1000)] {
            for _ in 0..40 {
                let rows: Vec<(f64, bool)> = (0..count)
                    .map(|_| {
                        let answer = draw(answers);
                        (answer as f64 / answers as f64, draw(answers + 2) < answer + 1)
                    })
                    .collect();
                let ranges = VennAbers::new(rows.iter().copied());
                for half in 0..=2 * answers + 1 {
                    let answer = (half as f64 - 1.0) / (2 * answers) as f64;
                    let own = ranges.at(answer).map(|[positive, rows]| positive as f64 / rows as f64);
                    assert_eq!(own, by_definition(&rows, answer), "{rows:?} at {answer}");
                    assert!(own[0] <= own[1]);
                }
            }
        }
    }

    #[test]
    fn what_is_told_is_no_narrower() {
        let rows = (0..500).map(|row| (f64::from(row % 83) / 83.0, row * 7919 % 97 < row % 83));
        let ranges = VennAbers::new(rows);
        let [low, high] = ranges.told();
        for answer in (0..=1000).map(|part| f64::from(part) / 1000.0) {
            let [exact_low, exact_high] = ranges.at(answer).map(|[positive, rows]| positive as f64 / rows as f64);
            let place = low.at.partition_point(|&at| at <= answer);
            let own_low = place.checked_sub(1).map_or(0.0, |place| low.values[place]);
            let own_high = high.values.get(high.at.partition_point(|&at| at < answer)).copied().unwrap_or(1.0);
            assert!(own_low <= exact_low && exact_low < own_low + 1e-4, "{answer}");
            assert!(own_high >= exact_high && exact_high > own_high - 1e-4, "{answer}");
        }
    }
}
