//! What is not known: between which answers a row's lies as one of its missing values is any of those that were observed.
//!
//! All values between two neighbouring cuts of a feature have one code, and rows that differ in nothing else have one answer: bit for bit,
//! as trees compare nothing but codes. So of all values that were observed of a feature one for each code is enough, with how
//! many it stands for, and what is told is exact over all of them. A value is measured at a time, all others that are missing stay so:
//! together they would be as many answers as all their products.

use std::collections::BTreeMap;

use crate::codes::{Block, Coders};
use crate::error::{Code, Error, Result};
use crate::forest::Test;
use crate::model::Model;
use crate::schema::Row;

/// Of each feature the values that its answers differ by, and how often each was observed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed(Vec<Values>);

/// The values of one feature, ascending: one for all those that no tree tells apart, the least of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// The values.
    pub values: Vec<f64>,
    /// For how many rows each stands.
    pub counts: Vec<u64>,
}

/// What is not known of an answer for want of one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// The feature's place.
    pub feature: usize,
    /// For each prediction of a row the least over the observed values.
    pub low: Vec<f64>,
    /// Likewise the largest.
    pub high: Vec<f64>,
    /// Likewise the standard deviation over the observed values, each as often as it was observed.
    pub spread: Vec<f64>,
}

/// How many rows are looked at together.
const ROWS: usize = 1024;

impl Observed {
    /// The values in some rows, in feature order, one row after another; `NaN` and missing codes are none.
    ///
    /// # Errors
    /// `wrong_field_count` unless they are whole rows.
    pub fn of_rows(model: &Model, rows: &[f64]) -> Result<Self> {
        model.check_rows(rows, None)?;
        let width = model.schema().features().len();
        let coders = Coders::new(model.forest());
        let mut columns: Vec<Vec<usize>> = vec![Vec::new(); width];
        for (place, column) in model.forest().columns().iter().enumerate() {
            columns[column.feature as usize].push(place);
        }
        let count = coders.count();
        let (mut codes, mut narrow) = (vec![0; ROWS * count], Vec::new());
        let mut found: Vec<BTreeMap<Vec<i8>, (f64, u64)>> = vec![BTreeMap::new(); width];
        let mut key = Vec::new();
        for wide in rows.chunks(ROWS * width) {
            let narrow = model.prepare(wide, &mut narrow);
            coders.encode(narrow, width, Block { bytes: &mut codes, row_step: count, column_step: 1 });
            for (row, (wide, narrow)) in wide.chunks_exact(width).zip(narrow.chunks_exact(width)).enumerate() {
                let codes = &codes[row * count..][..count];
                // A feature that no tree asks for has no code: whatever it is, the answer is one.
                let asked = columns.iter().enumerate().filter(|(_, columns)| !columns.is_empty());
                for (feature, columns) in asked.filter(|&(feature, _)| !narrow[feature].is_nan()) {
                    key.clear();
                    key.extend(columns.iter().map(|&column| codes[column]));
                    match found[feature].get_mut(key.as_slice()) {
                        Some((least, seen)) => {
                            *least = least.min(wide[feature]);
                            *seen += 1;
                        }
                        None => {
                            found[feature].insert(key.clone(), (wide[feature], 1));
                        }
                    }
                }
            }
        }
        let of_feature = |found: BTreeMap<Vec<i8>, (f64, u64)>| {
            let mut pairs: Vec<(f64, u64)> = found.into_values().collect();
            pairs.sort_by(|one, other| one.0.total_cmp(&other.0));
            let (values, counts) = pairs.into_iter().unzip();
            Values { values, counts }
        };
        Ok(Self(found.into_iter().map(of_feature).collect()))
    }

    /// A value for each code that a feature has, each as often as any other: all that can be asked where nothing was observed.
    ///
    /// # Errors
    /// As [`Self::of_rows`].
    pub fn of_model(model: &Model) -> Result<Self> {
        let width = model.schema().features().len();
        let mut candidates: Vec<Vec<f64>> = vec![Vec::new(); width];
        let around = |cut: f64| {
            let narrow = cut as f32;
            [cut, cut.next_down(), cut.next_up(), narrow.next_down().into(), narrow.next_up().into()]
        };
        for column in model.forest().columns() {
            let own = &mut candidates[column.feature as usize];
            match &column.test {
                Test::Below(cuts) => own.extend(cuts.iter().flat_map(|&cut| around(cut.into()))),
                Test::InSet(set) => {
                    own.extend(set.iter().map(|&category| f64::from(category)));
                    own.extend(
                        (0..).map(f64::from).find(|category| !set.iter().any(|own| f64::from(*own) == *category)),
                    );
                }
            }
        }
        for wide in model.forest().dialect().wide() {
            candidates[wide.feature as usize].extend(wide.cuts.iter().flat_map(|&cut| around(cut)));
        }
        candidates.iter_mut().for_each(|own| own.retain(|value| (*value as f32).is_finite()));
        let count = candidates.iter().map(Vec::len).max().unwrap_or_default();
        let mut rows = vec![f64::NAN; count * width];
        for (feature, own) in candidates.iter().enumerate() {
            own.iter().enumerate().for_each(|(row, &value)| rows[row * width + feature] = value);
        }
        let mut observed = Self::of_rows(model, &rows)?;
        observed.0.iter_mut().for_each(|own| own.counts.fill(1));
        Ok(observed)
    }

    /// What was kept of other rows: values and counts for each feature, in the model's order.
    ///
    /// # Errors
    /// `wrong_field_count` unless there is one of each for each feature, and as many counts as values; `not_finite`, about the feature.
    pub fn of_values(model: &Model, values: Vec<Values>) -> Result<Self> {
        let features = model.schema().features();
        if values.len() != features.len() {
            let message = "# lists of observed values; the model has # features";
            return Err(Error::plain(Code::WrongFieldCount, message, &[values.len(), features.len()]));
        }
        for (own, feature) in values.iter().zip(features) {
            let wrong = |code, message| Err(Error::plain(code, message, &[]).about(&feature.name));
            if own.values.len() != own.counts.len() {
                return wrong(Code::WrongFieldCount, "there are not as many counts as observed values");
            }
            if !own.values.iter().all(|value| (*value as f32).is_finite()) {
                return wrong(Code::NotFinite, "an observed value is not a finite number");
            }
        }
        Ok(Self(values))
    }

    /// Those of each feature, in the model's order.
    pub fn features(&self) -> &[Values] {
        &self.0
    }
}

impl Model {
    /// For each value that the row lacks, and that was observed elsewhere, between which answers the row's lies if it is one of those; the
    /// one that would tell most comes first: over whose values answers vary most, by their standard deviation (of several
    /// predictions by the largest). What was never observed is left out, and so is what no tree asks for.
    ///
    /// # Errors
    /// `wrong_field_count` if the row or the values are of another model.
    pub fn unknown(&self, row: &Row, observed: &Observed) -> Result<Vec<Unknown>> {
        let row = row.values();
        self.check_rows(row, None)?;
        if observed.0.len() != row.len() {
            let message = "# lists of observed values; the model has # features";
            return Err(Error::plain(Code::WrongFieldCount, message, &[observed.0.len(), row.len()]));
        }
        let missing =
            observed.0.iter().enumerate().filter(|(feature, own)| row[*feature].is_nan() && !own.values.is_empty());
        // Feature by feature: of a row that lacks much all at once would be more than there is memory for.
        let mut rows = Vec::new();
        let mut told = Vec::new();
        for (feature, own) in missing {
            rows.clear();
            for &value in &own.values {
                let place = rows.len() + feature;
                rows.extend_from_slice(row);
                rows[place] = value;
            }
            let answers: Vec<f64> = self.predict_many(&rows)?.iter().collect();
            let answers: Vec<&[f64]> = answers.chunks_exact(self.prediction_count()).collect();
            told.push(Unknown::of(feature, &answers, &own.counts));
        }
        told.sort_by(|one, other| other.most().total_cmp(&one.most()));
        Ok(told)
    }
}

impl Unknown {
    fn of(feature: usize, answers: &[&[f64]], counts: &[u64]) -> Self {
        let all: f64 = counts.iter().map(|&count| count as f64).sum();
        let of = |place: usize| answers.iter().map(move |answer| answer[place]);
        let weighted = |place: usize, of_answer: &dyn Fn(f64) -> f64| {
            of(place).zip(counts).map(|(answer, &count)| of_answer(answer) * count as f64).sum::<f64>() / all
        };
        let places = 0..answers.first().map_or(0, |answer| answer.len());
        let spread = |place| {
            let mean = weighted(place, &|answer| answer);
            weighted(place, &|answer| (answer - mean) * (answer - mean)).sqrt()
        };
        Self {
            feature,
            low: places.clone().map(|place| of(place).fold(f64::INFINITY, f64::min)).collect(),
            high: places.clone().map(|place| of(place).fold(f64::NEG_INFINITY, f64::max)).collect(),
            spread: places.map(spread).collect(),
        }
    }

    /// The largest of its spreads.
    fn most(&self) -> f64 {
        self.spread.iter().copied().fold(0.0, f64::max)
    }
}
