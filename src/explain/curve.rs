//! What if one value were another: the predictions for one row as one of its features changes (an ICE curve).

use crate::error::{Code, Error, Result};
use crate::forest::Test;
use crate::model::Model;
use crate::numbers::Numbers;
use crate::schema::Row;

/// The predictions for one row at each value that makes a difference of one feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// In ascending order of their values.
    pub steps: Vec<Step>,
    /// The predictions where the feature is not measured.
    pub missing: Numbers,
}

/// Values of a feature between which the trees do not tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The smallest of these values, or minus infinity; of a categorical feature the category.
    pub from: f64,
    /// The first value that is larger than these, or infinity; of a categorical feature the category again.
    pub to: f64,
    /// The one of them that was asked: the middle, where there are two ends.
    pub value: f64,
    /// The predictions there, [`Model::prediction_count`] of them.
    pub predictions: Numbers,
}

impl Model {
    /// The predictions for `row` as `feature`, an index, takes every value that makes a difference: between two cuts the
    /// trees do not tell values apart, so the curve is exact, not a sample of one. Where there are more steps than `most`,
    /// so many of them, evenly chosen with both ends. It needs no covers.
    ///
    /// The values of the outermost steps are within the schema's range, if the feature has one that reaches so far.
    ///
    /// # Errors
    /// `unknown_field` if there is no such feature.
    pub fn curve(&self, row: &Row, feature: usize, most: usize) -> Result<Curve> {
        self.curve_of(row, None, feature, most)
    }

    /// As [`Model::curve`], from the row's own base margins, one for each output.
    ///
    /// # Errors
    /// As [`Model::curve`] and [`Model::predict_many_from`].
    pub fn curve_from(&self, row: &Row, base_margins: &[f32], feature: usize, most: usize) -> Result<Curve> {
        self.check_base_margins(base_margins, 1)?;
        self.curve_of(row, Some(base_margins), feature, most)
    }

    fn curve_of(&self, row: &Row, base_margins: Option<&[f32]>, feature: usize, most: usize) -> Result<Curve> {
        let width = row.values().len();
        if feature >= width {
            return Err(Error::plain(
                Code::UnknownField,
                "feature # does not exist; the model has #",
                &[feature, width],
            ));
        }
        let mut places = self.places(feature);
        let count = places.len();
        if count > most {
            let kept = |index: usize| (index * (count - 1)).checked_div(most - 1).unwrap_or(0);
            places = (0..most).map(|index| places[kept(index)]).collect();
        }
        let mut values = Vec::with_capacity((places.len() + 1) * width);
        for value in places.iter().map(|place| place.2).chain([f64::NAN]) {
            let start = values.len();
            values.extend_from_slice(row.values());
            values[start + feature] = value;
        }
        let predictions = match base_margins {
            Some(base_margins) => self.predict_many_from(&values, &base_margins.repeat(places.len() + 1))?,
            None => self.predict_many(&values)?,
        };
        let each = self.prediction_count();
        let missing = predictions.all().part(places.len() * each..predictions.len()).to_numbers();
        let steps = places.into_iter().zip(predictions.all().chunks_exact(each));
        let steps = steps.map(|((from, to, value), own)| Step { from, to, value, predictions: own.to_numbers() });
        Ok(Curve { steps: steps.collect(), missing })
    }

    /// From, to and value of each step.
    fn places(&self, feature: usize) -> Vec<(f64, f64, f64)> {
        let described = &self.schema().features()[feature];
        let (mut cuts, mut categories) = (Vec::new(), Vec::new());
        for column in self.forest().columns().iter().filter(|column| column.feature as usize == feature) {
            match &column.test {
                Test::Below(own) => cuts = merged(&cuts, &own.iter().map(|&cut| cut.into()).collect::<Vec<f64>>()),
                Test::InSet(own) => categories = merged(&categories, own),
            }
        }
        let wide = self.forest().dialect().wide().iter().find(|wide| wide.feature as usize == feature);
        if let Some(wide) = wide.filter(|wide| !wide.cuts.is_empty()) {
            cuts.clone_from(&wide.cuts);
        }
        cuts.retain(|cut: &f64| cut.abs() < f64::from(f32::MAX) || wide.is_none() && cut.is_finite());
        if !described.categories.is_empty() {
            categories = (0..described.categories.len() as u32).collect();
        }
        let is_wide = wide.is_some();
        if cuts.is_empty() && !categories.is_empty() {
            return categories.into_iter().map(f64::from).map(|code| (code, code, code)).collect();
        }
        let (low, high) = described.range.unwrap_or((f64::NAN, f64::NAN));
        let ends = [f64::NEG_INFINITY].into_iter().chain(cuts).chain([f64::INFINITY]);
        let ends: Vec<f64> = ends.collect();
        let place = |pair: &[f64]| {
            let (from, to) = (pair[0], pair[1]);
            let middle = match (from.is_finite(), to.is_finite()) {
                (true, true) => from + (to - from) / 2.0,
                (false, true) if low < to && !described.missing_codes.contains(&low) => low,
                (false, true) if is_wide => to.next_down(),
                (false, true) => f64::from((to as f32).next_down()),
                (true, false) if high > from => high,
                (true, false) => from,
                // No split asks for the feature.
                (false, false) if low.is_finite() => low,
                (false, false) => 0.0,
            };
            // Trainers see 32 bits; so does whoever copies the value from here. The lower end always belongs to the step.
            let middle = if is_wide { middle } else { f64::from(middle as f32) };
            let fits = middle >= from && middle < to && !described.missing_codes.contains(&middle);
            (from, to, if fits || !from.is_finite() { middle } else { from })
        };
        ends.windows(2).map(place).collect()
    }
}

/// Both ascending lists in one, each number once.
fn merged<T: Copy + PartialOrd>(left: &[T], right: &[T]) -> Vec<T> {
    let mut all = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().copied().peekable(), right.iter().copied().peekable());
    loop {
        let next = match (left.peek(), right.peek()) {
            (None, None) => return all,
            (Some(_), None) => left.next(),
            (None, Some(_)) => right.next(),
            (Some(one), Some(other)) if one < other => left.next(),
            (Some(one), Some(other)) if one > other => right.next(),
            _ => {
                left.next();
                right.next()
            }
        };
        all.extend(next);
    }
}
