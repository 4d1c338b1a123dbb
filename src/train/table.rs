//! A CSV with a header → rows, labels and the schema that they show.

use crate::error::{Code, Error, Result, quoted};
use crate::schema::{Feature, Row, Schema};

/// Rows to train on, with their labels and the schema of their columns.
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) schema: Schema,
    pub(super) rows: Vec<Row>,
    pub(super) labels: Vec<f32>,
}

impl Table {
    /// Reads a CSV whose first line names the columns. The column `label` is what to predict, every other one a
    /// feature. `known` may give labels, units and missing codes by name; ranges are taken from the rows.
    ///
    /// # Errors
    /// `invalid_data`, `unknown_field`, `not_a_number` …, naming the row (the first after the header is row 1) and the
    /// field.
    pub fn read(bytes: &[u8], label: &str, known: Option<&Schema>) -> Result<Self> {
        let fault = |error: csv::Error| Error::new(Code::InvalidData, format_args!("{error}"));
        let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
        let header = reader.headers().map_err(fault)?.clone();
        let Some(label_index) = header.iter().position(|name| name == label) else {
            return Err(Error::in_field(
                Code::UnknownField,
                label,
                format_args!("no such column; the header has {}", header.iter().collect::<Vec<_>>().join(", ")),
            ));
        };
        let names = header.iter().enumerate().filter(|&(index, _)| index != label_index);
        let features = names.map(|(_, name)| feature(name, known)).collect::<Result<Vec<_>>>()?;
        let (name, title, outcome) =
            known.map_or(("", "", label), |known| (known.name(), known.title(), known.outcome()));
        let schema = Schema::new(name, title, outcome, features)?;

        let (mut rows, mut labels) = (Vec::new(), Vec::new());
        for (index, record) in reader.records().enumerate() {
            let place = |error: Error| error.at(format_args!("row {}", index + 1));
            let record = record.map_err(|error| place(fault(error)))?;
            let fields = record.iter().enumerate().filter(|&(index, _)| index != label_index);
            rows.push(schema.row_from_fields(fields.map(|(_, field)| field)).map_err(place)?);
            let text = &record[label_index];
            match text.trim().parse::<f32>() {
                Ok(value) if value.is_finite() => labels.push(value),
                _ => {
                    return Err(place(Error::in_field(
                        Code::NotANumber,
                        label,
                        format_args!("the label {} is not a finite number", quoted(text)),
                    )));
                }
            }
        }
        let mut features = schema.features().to_vec();
        for (index, feature) in features.iter_mut().enumerate() {
            let measured = || rows.iter().map(|row: &Row| row.values()[index]).filter(|value| !value.is_nan());
            feature.may_be_missing = measured().count() < rows.len();
            feature.range = measured().fold(None, |range, value| match range {
                Some((low, high)) => Some((value.min(low), value.max(high))),
                None => Some((value, value)),
            });
        }
        Ok(Self { schema: Schema::new(name, title, outcome, features)?, rows, labels })
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }
}

fn feature(name: &str, known: Option<&Schema>) -> Result<Feature> {
    match known {
        Some(known) => Ok(known.features()[known.index_of(name)?].clone()),
        None => Ok(Feature::named(name)),
    }
}
