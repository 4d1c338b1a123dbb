//! Sets of classes by split conformal prediction: those whose probability is at least that of the true class of `level` rows of 100 (Sadinle,
//! Lei and Wasserman 2019, "least ambiguous").
//!
//! Of the common scores this one alone needs no chance to keep its claim, and its sets are the smallest; adaptive ones (APS) claim too much
//! without chance, or give other sets each time. A set that would be empty has the most likely class: that can only add to what it covers.

use super::LEVELS;
use super::arithmetic::share_error;
use super::file::SetLevel;
use super::folds::{parts, rank, shuffled};
use super::measure::{Labelled, Task};

/// The most likely class: the first, of several that are as likely.
pub(super) fn most_likely(probabilities: &[f64]) -> usize {
    let mut best = 0;
    for (class, probability) in probabilities.iter().enumerate() {
        if *probability > probabilities[best] {
            best = class;
        }
    }
    best
}

/// The set of these probabilities.
pub(super) fn set(probabilities: &[f64], least: f64) -> Vec<usize> {
    let best = most_likely(probabilities);
    (0..probabilities.len()).filter(|&class| class == best || probabilities[class] >= least).collect()
}

/// The probabilities of the true classes, descending.
fn of_true(rows: &Labelled<'_>, places: &[u32]) -> Vec<f64> {
    let true_one = |&place: &u32| rows.row(place as usize)[rows.labels[place as usize] as usize];
    let mut numbers: Vec<f64> = places.iter().map(true_one).collect();
    numbers.sort_unstable_by(|one, other| other.total_cmp(one));
    numbers
}

pub(super) fn levels(rows: &Labelled<'_>) -> Vec<SetLevel> {
    let mut measured = [(0_usize, 0_usize, 0_usize); LEVELS.len()];
    for (others, own) in parts(rows.len()) {
        let scores = of_true(rows, &others);
        for (level, (asked, had, size)) in LEVELS.iter().zip(&mut measured) {
            let Some(rank) = rank(scores.len(), *level) else { continue };
            for &place in &own {
                let set = set(rows.row(place as usize), scores[rank]);
                *asked += 1;
                *had += usize::from(set.contains(&(rows.labels[place as usize] as usize)));
                *size += set.len();
            }
        }
    }
    let scores = of_true(rows, &shuffled(rows.len()));
    let level = |(&level, (asked, had, size)): (&u8, (usize, usize, usize))| {
        let least = scores[rank(scores.len(), level)?];
        (asked == rows.len()).then(|| SetLevel {
            level,
            least,
            coverage: had as f64 / asked as f64,
            standard_error: share_error(had, asked),
            size: size as f64 / asked as f64,
        })
    };
    LEVELS.iter().zip(measured).filter_map(level).collect()
}

/// Whether every label is the model's own answer. Of classes it is what a model without fault would do as well: those are believed.
pub fn is_own(rows: &Labelled<'_>) -> bool {
    match rows.task {
        Task::Classes => false,
        _ => rows.labels.iter().zip(rows.answers).all(|(label, answer)| label == answer),
    }
}
