//! Cross-validation: what a model is worth on rows that it was not trained on.
//!
//! Each row is answered once, by a model that was trained on the other folds, values' ranks and cuts and all. Rows are dealt out
//! in an order that is the same every time and has nothing to do with the file's; of a binary label each class by itself, so that
//! each fold has its share of both.

use std::ops::Deref;

use super::{Options, Table, Training, check};
use crate::error::{Code, Error, Result};

/// The most folds.
const MOST_FOLDS: usize = 20;

/// A cross-validation that goes on a tree at a time.
pub struct CrossValidation<T: Deref<Target = Table> + Clone> {
    table: T,
    options: Options,
    folds: usize,
    fold_of: Vec<u8>,
    /// What each row is answered by a model that was not trained on it.
    answers: Vec<f32>,
    figures: Vec<FoldFigures>,
    training: Option<Training<T>>,
}

/// What the model of one fold is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoldFigures {
    /// How many rows it was asked.
    pub rows: usize,
    /// Of a binary label the area under the ROC curve.
    pub auc: f64,
    /// Of a binary label the mean squared distance of probability and label; of others its root.
    pub error: f64,
    /// The same where each row is answered by the mean label of the rows that were trained on: what a model must be better than.
    pub baseline: f64,
    /// Of a label that is not binary how much of its variance in the fold is explained: 1 is all, 0 as good as its mean.
    pub explained: f64,
}

/// What a cross-validation gave.
#[derive(Clone, Debug)]
pub struct Validated {
    /// Whether the label is binary.
    pub is_binary: bool,
    /// Of each fold.
    pub folds: Vec<FoldFigures>,
    /// What each row of the table was answered by the model that was not trained on it.
    pub answers: Vec<f32>,
    /// In which fold each row was.
    pub fold_of: Vec<u8>,
}

impl<T: Deref<Target = Table> + Clone> CrossValidation<T> {
    /// A cross-validation with so many folds.
    ///
    /// # Errors
    /// As [`train`](super::train); `invalid_data` for fewer than two or more than twenty folds, and for fewer rows (of a binary label of
    /// either class) than folds.
    pub fn new(table: T, options: &Options, folds: usize) -> Result<Self> {
        check(&table, options)?;
        if !(2..=MOST_FOLDS).contains(&folds) {
            return Err(Error::plain(Code::InvalidData, "the number of folds must be 2 to #", &[MOST_FOLDS]));
        }
        let fold_of = dealt(&table, folds)?;
        let answers = vec![0.0; table.row_count()];
        Ok(Self { table, options: *options, folds, fold_of, answers, figures: Vec::new(), training: None })
    }

    /// How many trees are grown.
    pub fn done(&self) -> usize {
        self.figures.len() * self.options.trees + self.training.as_ref().map_or(0, Training::done)
    }

    /// How many there will be, of all folds.
    pub fn trees(&self) -> usize {
        self.folds * self.options.trees
    }

    /// Grows the next tree, if one is still to be grown; how many there are then.
    ///
    /// # Errors
    /// As [`Training::step`].
    pub fn step(&mut self) -> Result<usize> {
        let fold = self.figures.len();
        if fold == self.folds {
            return Ok(self.done());
        }
        let fold_of = &self.fold_of;
        let rows = |is_held_out: bool| {
            (0..fold_of.len() as u32).filter(move |&row| (usize::from(fold_of[row as usize]) == fold) == is_held_out)
        };
        let training = self
            .training
            .get_or_insert_with(|| Training::on(self.table.clone(), &self.options, &rows(false).collect::<Vec<_>>()));
        if training.step()? == self.options.trees
            && let Some(training) = self.training.take()
        {
            let held_out: Vec<u32> = rows(true).collect();
            let labels = |row: u32| f64::from(self.table.labels[row as usize]);
            let trained = self.table.row_count() - held_out.len();
            let mean = rows(false).map(labels).sum::<f64>() / trained as f64;
            let (table, model) = training.model()?;
            let width = table.columns.len();
            let mut values = vec![0.0; held_out.len() * width];
            for (&row, values) in held_out.iter().zip(values.chunks_exact_mut(width)) {
                table.put_row(row as usize, values);
            }
            let answers: Vec<f32> = model.predict_many(&values)?.iter().map(|answer| answer as f32).collect();
            for (&row, &answer) in held_out.iter().zip(&answers) {
                self.answers[row as usize] = answer;
            }
            let pairs: Vec<(f64, f64)> =
                held_out.iter().zip(answers).map(|(&row, answer)| (answer.into(), labels(row))).collect();
            self.figures.push(FoldFigures::of(&pairs, mean, self.table.is_binary()));
        }
        Ok(self.done())
    }

    /// What it gave, once all trees are grown.
    pub fn finish(self) -> Validated {
        let (is_binary, folds) = (self.table.is_binary(), self.figures);
        Validated { is_binary, folds, answers: self.answers, fold_of: self.fold_of }
    }
}

impl FoldFigures {
    /// Of answers and labels, and the mean label of the rows that were trained on.
    pub(super) fn of(pairs: &[(f64, f64)], mean: f64, is_binary: bool) -> Self {
        let count = pairs.len() as f64;
        let squares = |answer: &dyn Fn(f64) -> f64| {
            pairs.iter().map(|&(given, label)| (answer(given) - label) * (answer(given) - label)).sum::<f64>()
        };
        let own = pairs.iter().map(|(_, label)| label).sum::<f64>() / count;
        let of_squares = |sum: f64| if is_binary { sum / count } else { (sum / count).sqrt() };
        Self {
            rows: pairs.len(),
            auc: if is_binary { auc(pairs) } else { f64::NAN },
            error: of_squares(squares(&|answer| answer)),
            baseline: of_squares(squares(&|_| mean)),
            explained: if is_binary { f64::NAN } else { 1.0 - squares(&|answer| answer) / squares(&|_| own) },
        }
    }
}

impl Validated {
    /// The mean over the folds of one of their figures, and its standard deviation.
    pub fn spread(&self, figure: impl Fn(&FoldFigures) -> f64) -> (f64, f64) {
        let figures: Vec<f64> = self.folds.iter().map(figure).collect();
        let mean = figures.iter().sum::<f64>() / figures.len() as f64;
        let squares = figures.iter().map(|figure| (figure - mean) * (figure - mean)).sum::<f64>();
        (mean, (squares / (figures.len() - 1) as f64).sqrt())
    }
}

/// The share of pairs of a 1 and a 0 in which the 1 has the larger answer, a tie being half a pair.
fn auc(pairs: &[(f64, f64)]) -> f64 {
    let mut ascending = pairs.to_vec();
    ascending.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let (mut zeros, mut won, mut ones) = (0.0, 0.0, 0.0);
    for same in ascending.chunk_by(|one, other| one.0 == other.0) {
        let own_ones = same.iter().filter(|(_, label)| *label == 1.0).count() as f64;
        let own_zeros = same.len() as f64 - own_ones;
        won += own_ones * (zeros + own_zeros / 2.0);
        ones += own_ones;
        zeros += own_zeros;
    }
    won / (ones * zeros)
}

/// Which fold each row is in.
fn dealt(table: &Table, folds: usize) -> Result<Vec<u8>> {
    let mut fold_of = vec![0; table.row_count()];
    let strata: &[Option<f32>] = if table.is_binary() { &[Some(0.0), Some(1.0)] } else { &[None] };
    let mut dealt = 0;
    for wanted in strata {
        let is_own = |label: f32| wanted.is_none_or(|wanted| label == wanted);
        let mut rows: Vec<usize> = (0..fold_of.len()).filter(|&row| is_own(table.labels[row])).collect();
        // The variance of a row alone is none.
        let least = if wanted.is_some() { folds } else { 2 * folds };
        if rows.len() < least {
            let of = match wanted {
                Some(label) => format!("{} rows with the label {label} are", rows.len()),
                None => format!("{} rows are", rows.len()),
            };
            let message = format_args!("{of} too few for {folds} folds: at least {least} are needed, or fewer folds");
            return Err(Error::new(Code::InvalidData, message));
        }
        rows.sort_unstable_by_key(|&row| (mixed(row as u64), row));
        for row in rows {
            fold_of[row] = (dealt % folds) as u8;
            dealt += 1;
        }
    }
    Ok(fold_of)
}

/// A number in which nothing of the row's place is left: SplitMix64.
fn mixed(row: u64) -> u64 {
    let mut mixed = (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
