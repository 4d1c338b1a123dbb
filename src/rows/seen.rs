//! What to know of a file's rows before trusting their answers: what a single row is warned of, counted.

use crate::number::shown;
use crate::schema::{Doubt, Schema};

/// How many rows have values that training never saw.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    schema: &'a Schema,
    rows: u64,
    /// For each feature how many rows have a value outside its range, a category that training did not see, and none though
    /// every training row had one.
    counts: Vec<[u64; 3]>,
}

impl<'a> Seen<'a> {
    /// No rows yet, of a model of this schema.
    pub fn new(schema: &'a Schema) -> Self {
        Self { schema, rows: 0, counts: vec![[0; 3]; schema.features().len()] }
    }

    /// Counts whole rows of values in feature order, `NaN` and missing codes for what was not measured.
    pub fn add(&mut self, values: &[f64]) {
        let features = self.schema.features();
        self.rows += (values.len() / features.len()) as u64;
        for (index, (feature, [outside, unseen, absent])) in features.iter().zip(&mut self.counts).enumerate() {
            for &value in values.iter().skip(index).step_by(features.len()) {
                match feature.doubt(value) {
                    None => {}
                    Some(Doubt::Outside(..)) => *outside += 1,
                    Some(Doubt::Unseen) => *unseen += 1,
                    Some(Doubt::Absent) => *absent += 1,
                }
            }
        }
    }

    /// What there was, a sentence each, the feature's name in front.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        for (feature, &[outside, unseen, absent]) in self.schema.features().iter().zip(&self.counts) {
            let mut say = |count: u64, what: &str| {
                if count > 0 {
                    sentences.push(format!("{}: {count} of {} rows {what}", feature.name, self.rows));
                }
            };
            let (low, high) = feature.range.map_or_else(Default::default, |(low, high)| (shown(low), shown(high)));
            say(outside, &format!("are outside the range seen in training, {low} to {high}"));
            say(unseen, "have a category that training did not see");
            say(absent, "lack it, but every training row had it");
        }
        sentences
    }
}
