//! A model: what its inputs mean, and the trees.

#[cfg(feature = "explain")]
use crate::covers::Covers;
use crate::error::{Code, Error, Result};
use crate::forest::Forest;
use crate::predict::{Evaluator, Scratch};
use crate::schema::{Row, Schema, Value, Warning};

/// A trained model, checked when it is made: its trees compare only features that its schema has.
#[derive(Clone, Debug)]
pub struct Model {
    schema: Schema,
    forest: Forest,
    evaluator: Evaluator,
    #[cfg(feature = "explain")]
    covers: Option<Covers>,
}

impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        #[cfg(feature = "explain")]
        if self.covers != other.covers {
            return false;
        }
        // The evaluator follows from the forest.
        self.schema == other.schema && self.forest == other.forest
    }
}

/// The answer for one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// What the trainer's `predict` gives: for a binary model the probability of the positive class, for several
    /// classes the probability of each, for several targets a number for each.
    pub values: Vec<f32>,
    /// The sums of the trees, one for each output, before the link.
    pub margins: Vec<f32>,
    /// What to know before trusting it.
    pub warnings: Vec<Warning>,
}

impl Prediction {
    /// The only prediction, or the first.
    pub fn value(&self) -> f32 {
        // A model has at least one output.
        self.values[0]
    }
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
            return Err(Error::plain(
                Code::InvalidModel,
                "the trees compare feature #; the schema has #",
                &[last.feature as usize, count],
            ));
        }
        let evaluator = Evaluator::new(&forest);
        Ok(Self {
            schema,
            forest,
            evaluator,
            #[cfg(feature = "explain")]
            covers: None,
        })
    }

    /// The same trees with their inputs described by another schema.
    ///
    /// # Errors
    /// `invalid_schema` unless it has as many features as this model's. Categories that it does not name keep their
    /// names.
    pub fn with_schema(self, schema: Schema) -> Result<Self> {
        let (has, wanted) = (schema.features().len(), self.schema.features().len());
        if has != wanted {
            return Err(Error::plain(Code::InvalidSchema, "it describes # features; the model has #", &[has, wanted]));
        }
        Ok(Self { schema: schema.with_categories_of(&self.schema), ..self })
    }

    /// The covers of the leaves, which explanations need; `None` where the trainer's file had none.
    #[cfg(feature = "explain")]
    pub fn covers(&self) -> Option<&Covers> {
        self.covers.as_ref()
    }

    /// The same model with these covers of its leaves, in their order.
    ///
    /// # Errors
    /// `invalid_model`, naming the leaf, unless there is one for each leaf, finite and not negative.
    #[cfg(feature = "explain")]
    pub fn with_covers(self, leaves: Vec<f32>) -> Result<Self> {
        let covers = Some(Covers::new(&self.forest, leaves)?);
        Ok(Self { covers, ..self })
    }

    /// The same model without covers: a smaller file, which explains nothing.
    #[cfg(feature = "explain")]
    pub fn without_covers(self) -> Self {
        Self { covers: None, ..self }
    }

    /// What the inputs mean.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The trees.
    pub fn forest(&self) -> &Forest {
        &self.forest
    }

    /// The predictions, their margins and the warnings for one row.
    pub fn predict(&self, row: &Row) -> Prediction {
        let margins = self.margins(row);
        let mut values = margins.clone();
        self.forest.link().apply(&mut values);
        values.truncate(self.prediction_count());
        Prediction { values, margins, warnings: self.schema.warnings(row) }
    }

    /// The margins alone for one row, one for each output: bit for bit the trainer's.
    pub fn margins(&self, row: &Row) -> Vec<f32> {
        let mut margins = vec![0.0; self.forest.output_count()];
        let row: Vec<f32> = row.values().iter().map(|&value| value as f32).collect();
        self.evaluator.margins(&row, row.len(), &mut Scratch::default(), &mut margins);
        margins
    }

    /// How many predictions a row has.
    pub fn prediction_count(&self) -> usize {
        self.forest.link().prediction_count(self.forest.output_count())
    }

    /// The predictions for each row of a row-major matrix, `NaN` for "not measured"; [`Model::prediction_count`] for
    /// each row, one row after another. The schema's missing codes apply. Memory is that of the answer.
    ///
    /// # Errors
    /// `wrong_field_count` unless `values` is whole rows; `not_finite` naming row and field.
    pub fn predict_many<T: Value>(&self, values: &[T]) -> Result<Vec<f32>> {
        self.many(values, true)
    }

    /// The margins for each row, as [`Model::predict_many`] gives predictions: one for each output.
    ///
    /// # Errors
    /// As [`Model::predict_many`].
    pub fn margins_many<T: Value>(&self, values: &[T]) -> Result<Vec<f32>> {
        self.many(values, false)
    }

    fn many<T: Value>(&self, values: &[T], linked: bool) -> Result<Vec<f32>> {
        let width = self.schema.features().len();
        self.schema.check_whole_rows(values.len())?;
        let mut results = Vec::new();
        let mut batch = Batch::default();
        for (block, values) in values.chunks(BATCH_ROWS * width).enumerate() {
            results.extend_from_slice(batch.run(self, values, block * BATCH_ROWS + 1, linked)?);
        }
        Ok(results)
    }
}

/// How many rows are read, evaluated and given back together.
const BATCH_ROWS: usize = 1024;

/// Memory for one batch after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batch {
    rows: Vec<f32>,
    results: Vec<f32>,
    scratch: Scratch,
}

impl Batch {
    /// The predictions (or, unless `linked`, the margins) for whole rows of values, the first of which is row
    /// `first_row` in errors.
    pub(crate) fn run<T: Value>(
        &mut self,
        model: &Model,
        values: &[T],
        first_row: usize,
        linked: bool,
    ) -> Result<&[f32]> {
        let Self { rows, results, scratch } = self;
        model.schema.prepare(values, rows, first_row)?;
        let (width, outputs) = (model.schema.features().len(), model.forest.output_count());
        results.resize(rows.len() / width * outputs, 0.0);
        model.evaluator.margins(rows, width, scratch, results);
        if linked {
            let link = model.forest.link();
            let kept = link.prediction_count(outputs);
            if link.takes_each_by_itself() {
                link.apply(results);
            } else {
                for row in 0..results.len() / outputs {
                    link.apply(&mut results[row * outputs..][..outputs]);
                    results.copy_within(row * outputs..row * outputs + kept, row * kept);
                }
            }
            results.truncate(results.len() / outputs * kept);
        }
        Ok(results)
    }
}
