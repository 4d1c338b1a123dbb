//! What to know of a file's rows before trusting their answers: what a single row is warned of, counted.

use std::io::{self, Write};

use wardian::{Schema, decimal};

/// Values that training never saw.
pub(crate) struct Seen<'a> {
    schema: &'a Schema,
    rows: u64,
    /// For each feature how many rows have a value outside its range, and how many have none though every training row had one.
    outside: Vec<u64>,
    absent: Vec<u64>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(schema: &'a Schema) -> Self {
        let none = vec![0; schema.features().len()];
        Self { schema, rows: 0, outside: none.clone(), absent: none }
    }

    /// Whole rows, `NaN` and missing codes for what was not measured.
    pub(crate) fn add(&mut self, values: &[f64]) {
        let features = self.schema.features();
        self.rows += (values.len() / features.len()) as u64;
        for (index, feature) in features.iter().enumerate() {
            let values = || values.iter().skip(index).step_by(features.len());
            let is_missing = |value: f64| value.is_nan() || feature.missing_codes.contains(&value);
            if let Some((low, high)) = feature.range {
                let is_outside = |&&value: &&f64| (value < low || value > high) && !is_missing(value);
                self.outside[index] += values().filter(is_outside).count() as u64;
            }
            if !feature.may_be_missing {
                self.absent[index] += values().filter(|&&value| is_missing(value)).count() as u64;
            }
        }
    }

    /// Says on standard error what there was.
    pub(crate) fn tell(&self, place: &str) {
        let shown = |value: f64| decimal(value as f32).trim_end_matches(".0").to_owned();
        for (index, feature) in self.schema.features().iter().enumerate() {
            let say = |count: u64, what: &str| {
                if count > 0 {
                    // Nobody may be listening.
                    let _ = writeln!(
                        io::stderr(),
                        "wardian: warning: {place}: {}: {count} of {} rows {what}",
                        feature.name,
                        self.rows
                    );
                }
            };
            if let Some((low, high)) = feature.range {
                let range = format!("are outside the range seen in training, {} to {}", shown(low), shown(high));
                say(self.outside[index], &range);
            }
            say(self.absent[index], "lack it, but every training row had it");
        }
    }
}
