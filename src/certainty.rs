//! How sure a model's answers are, and how good: what follows from rows with labels that it was not trained on.
//!
//! Answers and labels come as numbers, a row after the other; there are no files, no clock and no chance here: the same rows in the same
//! order give the same bits on every machine. [`Certainty`] and [`Figures`] are what a `case.json` holds of it, and [`Certainty::interval`],
//! [`Certainty::risk`] and [`Certainty::set`] say how sure a new answer is: by comparisons, one multiplication and one sum, so that
//! JavaScript (`npm/model/sure.js`) says the same bits.

mod arithmetic;
mod file;
mod folds;
mod measure;
mod numbers;
mod sets;
mod venn_abers;
mod words;

use std::fmt;

pub use self::arithmetic::logarithm;
pub use self::file::{
    Agreement, Bin, Certainty, ClassMeasures, Confusion, Estimate, Figures, GroupFigures, IntervalLevel, Intervals,
    Measures, Method, NumberMeasures, RiskMeasures, RiskRange, RiskRanges, SetLevel, Steps,
};
pub use self::folds::FOLDS;
pub use self::measure::{Labelled, Task, measures};
pub use self::sets::is_own;
pub use self::venn_abers::VennAbers;
pub use self::words::per_hundred;

/// The levels that are told, of 100.
pub const LEVELS: [u8; 3] = [80, 90, 95];
/// The fewest rows that tell how sure an answer is.
pub const FEWEST: usize = 30;

/// Why rows do not tell how sure an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKnown {
    /// There are so few rows.
    TooFew(usize),
    /// All labels are of one class.
    OneClass,
    /// The labels are the model's own answers.
    OwnAnswers,
    /// The model gives the class and no probabilities.
    NoProbabilities,
}

impl fmt::Display for NotKnown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFew(rows) => {
                write!(out, "{rows} rows are too few to tell how sure an answer is: {FEWEST} are the fewest")
            }
            Self::OneClass => out.write_str("all labels are of one class, which does not tell how sure an answer is"),
            Self::OwnAnswers => out.write_str(
                "every label is the model's own answer: the column holds predictions, and not what was seen; it does not tell how sure an \
                 answer is",
            ),
            Self::NoProbabilities => {
                out.write_str("the model gives a class and no probabilities, which do not tell how sure it is")
            }
        }
    }
}

impl Certainty {
    /// What rows tell, of answers of this kind. `least` is a number that no label is below.
    ///
    /// # Errors
    /// Why they do not tell it.
    ///
    /// # Panics
    /// If there are not as many answers as labels ask for, or a label is no index of a class.
    pub fn of(rows: &Labelled<'_>, least: Option<f64>) -> Result<Self, NotKnown> {
        if rows.len() < FEWEST {
            return Err(NotKnown::TooFew(rows.len()));
        }
        if is_own(rows) {
            return Err(NotKnown::OwnAnswers);
        }
        let mut out = Self { rows: rows.len() as u32, folds: FOLDS as u32, ..Self::default() };
        match rows.task {
            Task::Risk => {
                let positive = rows.labels.iter().filter(|&&label| label == 1.0).count();
                if positive == 0 || positive == rows.len() {
                    return Err(NotKnown::OneClass);
                }
                out.risk = Some(venn_abers::ranges(rows));
            }
            Task::Classes => {
                if rows.width == 1 {
                    return Err(NotKnown::NoProbabilities);
                }
                if rows.labels.iter().all(|label| label == &rows.labels[0]) {
                    return Err(NotKnown::OneClass);
                }
                out.sets = sets::levels(rows);
            }
            Task::Number | Task::Count => {
                out.least = least;
                out.intervals = numbers::intervals(rows);
            }
        }
        Ok(out)
    }

    /// The interval in which a number is to be expected at a level, of 100; none where the rows do not tell that.
    pub fn interval(&self, answer: f64, level: u8) -> Option<[f64; 2]> {
        let intervals = self.intervals.first()?;
        let half = intervals.half(answer, level)?;
        let least = self.least.unwrap_or(f64::NEG_INFINITY);
        let [low, high] = [answer - half, answer + half];
        Some([low.max(least), high.max(least)])
    }

    /// The range of a risk by Venn-Abers; none where the rows do not tell it.
    pub fn risk(&self, answer: f64) -> Option<RiskRange> {
        let ranges = self.risk.as_ref()?;
        let low =
            ranges.low.at.partition_point(|&at| at <= answer).checked_sub(1).map(|place| ranges.low.values[place]);
        let high = ranges.high.values.get(ranges.high.at.partition_point(|&at| at < answer)).copied();
        let (low, high) = (low.unwrap_or(0.0), high.unwrap_or(1.0));
        Some(RiskRange { low, high, merged: high / (1.0 - low + high), outside: answer < low || answer > high })
    }

    /// The classes that are to be expected at a level, of 100, in the model's order: never none. None where the rows do not tell it.
    pub fn set(&self, probabilities: &[f64], level: u8) -> Option<Vec<usize>> {
        let level = self.sets.iter().find(|own| own.level == level)?;
        Some(sets::set(probabilities, level.least))
    }
}

impl Intervals {
    /// Half the interval's width at an answer; none for a level that the rows do not tell.
    pub fn half(&self, answer: f64, level: u8) -> Option<f64> {
        let score = self.levels.iter().find(|own| own.level == level)?.score;
        Some(score * self.scale(answer))
    }

    fn scale(&self, answer: f64) -> f64 {
        let part = self.bounds.partition_point(|&bound| bound <= answer);
        self.scales.get(part).copied().unwrap_or(1.0)
    }
}
