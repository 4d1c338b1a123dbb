//! A model: what its inputs mean, and the trees.

use crate::error::{Code, Error, Result};
use crate::forest::Forest;
use crate::predict;
use crate::schema::{Row, Schema, Warning};

/// A trained model, checked when it is made: its trees compare only features that its schema has.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    schema: Schema,
    forest: Forest,
}

/// The answer for one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// What the trainer's `predict` gives: for a binary model, the probability of the positive class.
    pub value: f32,
    /// The sum of the trees, before the link.
    pub margin: f32,
    /// What to know before trusting it.
    pub warnings: Vec<Warning>,
}

impl Model {
    /// A model of `forest`, its inputs described by `schema`.
    ///
    /// # Errors
    /// `invalid_model` if a tree compares a feature that the schema does not have.
    pub fn new(schema: Schema, forest: Forest) -> Result<Self> {
        let count = schema.features().len();
        // Columns are in ascending order of feature.
        if let Some(last) = forest.columns().last()
            && last.feature as usize >= count
        {
            return Err(Error::new(
                Code::InvalidModel,
                format_args!("the trees compare feature {}; the schema has {count}", last.feature),
            ));
        }
        Ok(Self { schema, forest })
    }

    /// The same trees with their inputs described by another schema.
    ///
    /// # Errors
    /// `invalid_schema` unless it has as many features as this model's.
    pub fn with_schema(self, schema: Schema) -> Result<Self> {
        let (has, wanted) = (schema.features().len(), self.schema.features().len());
        if has != wanted {
            return Err(Error::new(
                Code::InvalidSchema,
                format_args!("it describes {has} features; the model has {wanted}"),
            ));
        }
        Self::new(schema, self.forest)
    }

    /// What the inputs mean.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The trees.
    pub fn forest(&self) -> &Forest {
        &self.forest
    }

    /// The prediction, its margin and its warnings for one row.
    pub fn predict(&self, row: &Row) -> Prediction {
        let margin = self.margin(row);
        Prediction { value: self.forest.link().apply(margin), margin, warnings: self.schema.warnings(row) }
    }

    /// The prediction alone for one row.
    pub fn predict_value(&self, row: &Row) -> f32 {
        self.forest.link().apply(self.margin(row))
    }

    /// The margin alone for one row: bit for bit the trainer's.
    pub fn margin(&self, row: &Row) -> f32 {
        predict::margin(&self.forest, row.values())
    }

    /// One prediction for each row of a row-major matrix of 32-bit floats, `NaN` for "not measured"; the schema's
    /// missing codes apply.
    ///
    /// # Errors
    /// `wrong_field_count` unless `values` is whole rows; `not_finite` naming row and field.
    pub fn predict_many(&self, values: &[f32]) -> Result<Vec<f32>> {
        let width = self.schema.features().len();
        self.schema.check_whole_rows(values.len())?;
        values
            .chunks_exact(width)
            .enumerate()
            .map(|(index, row)| {
                let row = self
                    .schema
                    .row_from_values(row.iter().map(|&value| f64::from(value)).collect())
                    .map_err(|error| error.at(format_args!("row {}", index + 1)))?;
                Ok(self.predict_value(&row))
            })
            .collect()
    }
}
