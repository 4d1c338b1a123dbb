//! A model: what its inputs mean, and the trees.

use std::ops::Range;
use std::sync::OnceLock;

use crate::columns::{Block, Blocks, Series};
#[cfg(feature = "explain")]
use crate::covers::Covers;
use crate::engine::{Engine, Memories, Memory, Typed, check_width, with_engine};
use crate::error::{Code, Error, Result};
use crate::forest::{Base, Forest};
use crate::link::Link;
use crate::narrowing::Narrowing;
use crate::numbers::{Number, Numbers, Slice};
use crate::parts::in_parts;
use crate::schema::{Row, Schema, Value, Warning};

/// A trained model, checked when it is made: its trees compare only features that its schema has.
#[derive(Clone, Debug)]
pub struct Model {
    schema: Schema,
    forest: Forest,
    /// Made when a row is first answered: what only reads files and writes them needs none, and the module that converts has none.
    ready: OnceLock<Ready>,
    /// The feature and the value of each missing code.
    missing_codes: Vec<(usize, f64)>,
    #[cfg(feature = "explain")]
    covers: Option<Covers>,
}

/// What answers rows.
#[derive(Clone, Debug)]
struct Ready {
    engine: Typed,
    narrowing: Narrowing,
}

impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        #[cfg(feature = "explain")]
        if self.covers != other.covers {
            return false;
        }
        // The engine follows from the two.
        self.schema == other.schema && self.forest == other.forest
    }
}

/// The answer for one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// What the trainer's `predict` gives: for a binary model the probability of the positive class, for several
    /// classes the probability of each, for several targets a number for each.
    pub values: Numbers,
    /// The sums of the trees, one for each output, before the link.
    pub margins: Numbers,
    /// What to know before trusting it.
    pub warnings: Vec<Warning>,
}

impl Prediction {
    /// The only prediction, or the first.
    pub fn value(&self) -> f64 {
        // A model has at least one output.
        self.values.get(0).unwrap_or(f64::NAN)
    }
}

impl Model {
    /// A model of `forest`, its inputs described by `schema`.
    ///
    /// # Errors
    /// `invalid_model` if a tree compares a feature that the schema does not have.
    pub fn new(schema: Schema, forest: Forest) -> Result<Self> {
        check_width(&forest, schema.features().len())?;
        let missing_codes = schema.missing_codes();
        Ok(Self {
            schema,
            forest,
            ready: OnceLock::new(),
            missing_codes,
            #[cfg(feature = "explain")]
            covers: None,
        })
    }

    /// What answers rows; made now, if no row was answered before.
    fn ready(&self) -> &Ready {
        self.ready.get_or_init(|| {
            let (forest, width) = (&self.forest, self.schema.features().len());
            Ready { engine: Typed::new(forest, width), narrowing: Narrowing::new(forest.dialect().wide()) }
        })
    }

    /// The same trees with their inputs described by another schema.
    ///
    /// # Errors
    /// `invalid_schema` unless it has as many features as this model's, of the same names where the model has names. Categories that it does not name keep their
    /// names, and what meant "not measured" in training still does.
    pub fn with_schema(self, schema: Schema) -> Result<Self> {
        let (has, wanted) = (schema.features().len(), self.schema.features().len());
        if has != wanted {
            return Err(Error::plain(Code::InvalidSchema, "it describes # features; the model has #", &[has, wanted]));
        }
        // In another order than the model's it would give each value to the wrong feature.
        let pairs = schema.features().iter().zip(self.schema.features()).enumerate();
        for (index, (described, own)) in pairs.filter(|_| !self.schema.has_invented_names()) {
            if described.name != own.name {
                let message =
                    format_args!("feature {index} is {:?}; in the model it is {:?}", described.name, own.name);
                return Err(Error::new(Code::InvalidSchema, message));
            }
        }
        let schema = schema.with_training_of(&self.schema);
        let missing_codes = schema.missing_codes();
        Ok(Self { schema, missing_codes, ..self })
    }

    /// The same model with another value that means "not measured" in every feature: the trainer's `missing=`.
    ///
    /// # Errors
    /// `invalid_schema` unless it is finite.
    pub fn with_missing_code(self, code: f64) -> Result<Self> {
        if !code.is_finite() {
            return Err(Error::plain(Code::InvalidSchema, "a missing code is not a finite number", &[]));
        }
        let schema = self.schema.with_missing_code(code);
        let missing_codes = schema.missing_codes();
        Ok(Self { schema, missing_codes, ..self })
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
        self.answered(row, None)
    }

    /// As [`Model::predict`], from the row's own base margins, one for each output: XGBoost's `base_margin`, which stands
    /// in the place of the model's base score. The logarithm of an exposure, say, or what another model has answered.
    ///
    /// # Errors
    /// As [`Model::predict_many_from`].
    pub fn predict_from(&self, row: &Row, base_margins: &[f32]) -> Result<Prediction> {
        self.check_base_margins(base_margins, 1)?;
        Ok(self.answered(row, Some(base_margins)))
    }

    fn answered(&self, row: &Row, base_margins: Option<&[f32]>) -> Prediction {
        let margins = self.one(row, base_margins);
        let values = with_engine!(&self.ready().engine, engine => linked(engine, &margins));
        Prediction { values, margins, warnings: self.schema.warnings(row) }
    }

    /// The margins alone for one row, one for each output: bit for bit the trainer's.
    pub fn margins(&self, row: &Row) -> Numbers {
        self.one(row, None)
    }

    /// As [`Model::margins`], from the row's own base margins.
    ///
    /// # Errors
    /// As [`Model::predict_many_from`].
    pub fn margins_from(&self, row: &Row, base_margins: &[f32]) -> Result<Numbers> {
        self.check_base_margins(base_margins, 1)?;
        Ok(self.one(row, Some(base_margins)))
    }

    fn one(&self, row: &Row, base_margins: Option<&[f32]>) -> Numbers {
        let mut narrow = Vec::new();
        let rows = self.prepare(row.values(), &mut narrow);
        // A row in hand has no missing codes, and is finite in 32 bits.
        with_engine!(&self.ready().engine, engine => margins(engine, rows, base_margins, &mut Memories::default()))
            .unwrap_or_default()
    }

    /// The name of the class that one row's predictions speak for: of several the one of the largest, the first of equals; of a
    /// binary model the second class where its probability is above a half; of a prediction that is a class's index that class. `None` where the file names
    /// no classes.
    pub fn label(&self, predictions: Slice<'_>) -> Option<&str> {
        let classes = self.schema.classes();
        let first = predictions.get(0)?;
        let class = if self.forest.link() == Link::Class {
            first as usize
        } else if predictions.len() == 1 {
            usize::from(first > 0.5)
        } else if predictions.len() == classes.len() {
            let larger = |best: (usize, f64), (class, value)| if value > best.1 { (class, value) } else { best };
            predictions.wide().enumerate().fold((0, first), larger).0
        } else {
            return None;
        };
        classes.get(class).map(String::as_str)
    }

    /// How many predictions a row has.
    pub fn prediction_count(&self) -> usize {
        self.forest.dialect().prediction_count(self.forest.link(), self.forest.output_count())
    }

    /// The predictions for each row of a row-major matrix, `NaN` for "not measured"; [`Model::prediction_count`] for
    /// each row, one row after another. The schema's missing codes apply. Memory is that of the answer.
    ///
    /// # Errors
    /// `wrong_field_count` unless `values` is whole rows; `not_finite` naming row and field.
    pub fn predict_many<T: Value>(&self, values: &[T]) -> Result<Numbers> {
        self.many(values, None, true)
    }

    /// As [`Model::predict_many`], each row from its own base margins, one for each output, row after row: XGBoost's
    /// `base_margin`, which stands in the place of the model's base score.
    ///
    /// # Errors
    /// As [`Model::predict_many`]; `wrong_field_count` unless there is one base margin for each row and output,
    /// `not_finite` naming the row; `unsupported_model` for a [`Base::Fixed`](crate::Base::Fixed), and for a forest that
    /// [is not XGBoost's](Forest::is_xgboosts).
    pub fn predict_many_from<T: Value>(&self, values: &[T], base_margins: &[f32]) -> Result<Numbers> {
        self.many(values, Some(base_margins), true)
    }

    /// The margins for each row, as [`Model::predict_many`] gives predictions: one for each output.
    ///
    /// # Errors
    /// As [`Model::predict_many`].
    pub fn margins_many<T: Value>(&self, values: &[T]) -> Result<Numbers> {
        self.many(values, None, false)
    }

    /// As [`Model::margins_many`], each row from its own base margins.
    ///
    /// # Errors
    /// As [`Model::predict_many_from`].
    pub fn margins_many_from<T: Value>(&self, values: &[T], base_margins: &[f32]) -> Result<Numbers> {
        self.many(values, Some(base_margins), false)
    }

    /// The predictions, or unless `linked` the margins, for some rows of columns, one for each feature: the bits that
    /// [`Model::predict_many`] gives for the same rows, and no row is put together.
    ///
    /// `None` where only rows tell, and what is wrong if something is: few of them, base margins or values that are refused, trees that
    /// compare 64-bit numbers or do not fold.
    ///
    /// # Panics
    /// If there are not as many columns as features, or one has not all these rows.
    pub fn of_columns<T: Value>(
        &self,
        columns: &[Series<'_, T>],
        rows: Range<usize>,
        base_margins: Option<&[f32]>,
        linked: bool,
    ) -> Option<Numbers> {
        assert_eq!(columns.len(), self.schema.features().len(), "a column for each feature");
        assert!(columns.iter().all(|column| rows.end <= column.len()), "all these rows");
        if !self.ready().narrowing.is_rounding() {
            return None;
        }
        if let Some(base_margins) = base_margins {
            self.check_base_margins(base_margins, rows.len()).ok()?;
        }
        let mut columns = Block::new(columns, &self.missing_codes);
        let mut memories = Memories::default();
        with_engine!(&self.ready().engine, engine =>
            of_columns(engine, &mut columns, rows, base_margins, &mut memories, linked))
    }

    fn many<T: Value>(&self, values: &[T], base_margins: Option<&[f32]>, linked: bool) -> Result<Numbers> {
        self.check_rows(values, base_margins)?;
        with_engine!(&self.ready().engine, engine => self.many_by(engine, values, base_margins, linked))
    }

    fn many_by<T: Value, N: Number>(
        &self,
        engine: &Engine<N>,
        values: &[T],
        base_margins: Option<&[f32]>,
        linked: bool,
    ) -> Result<Numbers> {
        let row_count = values.len() / self.schema.features().len();
        let part = |rows: Range<usize>| self.part(engine, values, base_margins, rows, linked);
        let mut results = Vec::new();
        // Of several faulty rows it is the first that is told, whichever was found first.
        for part in in_parts(row_count, BATCH_ROWS, part) {
            let part = part?;
            if results.is_empty() { results = part } else { results.extend(part) }
        }
        Ok(N::numbers(results))
    }

    fn part<T: Value, N: Number>(
        &self,
        engine: &Engine<N>,
        values: &[T],
        base_margins: Option<&[f32]>,
        part: Range<usize>,
        linked: bool,
    ) -> Result<Vec<N>> {
        let width = self.schema.features().len();
        let mut results = Vec::new();
        let (mut memory, mut rows) = (Memory::default(), Vec::new());
        for (block, values) in values[part.start * width..part.end * width].chunks(BATCH_ROWS * width).enumerate() {
            let rows = self.prepare(values, &mut rows);
            let first_row = part.start + block * BATCH_ROWS;
            let base_margins = self.base_margins_of(base_margins, first_row, values.len() / width);
            match engine.run(rows, base_margins, &mut memory, linked) {
                Some(answers) => results.extend_from_slice(answers),
                None => return Err(self.fault(values, first_row + 1)),
            }
        }
        Ok(results)
    }

    /// Checks that values are whole rows, and that their base margins are some.
    pub(crate) fn check_rows<T: Value>(&self, values: &[T], base_margins: Option<&[f32]>) -> Result<()> {
        self.schema.check_whole_rows(values.len())?;
        match base_margins {
            None => Ok(()),
            Some(base_margins) => self.check_base_margins(base_margins, values.len() / self.schema.features().len()),
        }
    }

    /// Checks that these are the base margins of so many rows.
    pub(crate) fn check_base_margins(&self, base_margins: &[f32], rows: usize) -> Result<()> {
        let outputs = self.forest.output_count();
        if !self.forest.takes_base_margins() {
            let message = if self.forest.base() == Base::Fixed {
                "rows have no base margins of their own in a dart of XGBoost 1.7 to 3.2, which counts them once for every tree: load and \
                 save the model with XGBoost 3.3 or later"
            } else {
                "rows have base margins of their own in XGBoost's models only; add yours to this model's margin"
            };
            return Err(Error::plain(Code::UnsupportedModel, message, &[]));
        }
        if base_margins.len() as u64 != rows as u64 * outputs as u64 {
            let numbers = [base_margins.len(), rows, outputs];
            return Err(Error::plain(Code::WrongFieldCount, "# base margins for # rows of # outputs", &numbers));
        }
        match base_margins.iter().position(|base| !base.is_finite()) {
            None => Ok(()),
            Some(place) => {
                let error = Error::plain(Code::NotFinite, "a base margin is not a finite number", &[]);
                Err(error.place("row #", &[place / outputs + 1]))
            }
        }
    }

    /// Those of some rows among the base margins of all.
    pub(crate) fn base_margins_of<'a>(&self, all: Option<&'a [f32]>, first: usize, rows: usize) -> Option<&'a [f32]> {
        let outputs = self.forest.output_count();
        all.map(|all| &all[first * outputs..][..rows * outputs])
    }

    /// The margins for `rows`, which [`Model::prepare`] made of `values`; the first of them is row `first_row` in errors.
    #[cfg(feature = "explain")]
    pub(crate) fn margins_of<T: Value>(
        &self,
        rows: &[f32],
        base_margins: Option<&[f32]>,
        values: &[T],
        first_row: usize,
        memories: &mut Memories,
    ) -> Result<Numbers> {
        let margins = with_engine!(&self.ready().engine, engine => margins(engine, rows, base_margins, memories));
        margins.ok_or_else(|| self.fault(values, first_row))
    }

    /// What is wrong with the first of whole rows that is at fault, counted from `first_row` in what is said; `None` where nothing is.
    /// For who gives many rows in parts, and says which of all of them it was.
    pub fn first_fault<T: Value>(&self, values: &[T], first_row: usize) -> Option<Error> {
        let is_at_fault = |row: &[T]| row.iter().any(|value| value.narrow().is_infinite());
        let width = self.schema.features().len();
        let index = values.chunks_exact(width).position(is_at_fault)?;
        Some(self.fault(&values[index * width..][..width], first_row + index))
    }

    /// What is wrong with rows, some of which are at fault: found by the one way that knows what to say.
    fn fault<T: Value>(&self, values: &[T], first_row: usize) -> Error {
        for (index, row) in values.chunks_exact(self.schema.features().len()).enumerate() {
            let wide = row.iter().map(|value| value.wide()).collect();
            if let Err(error) = self.schema.row_from_values(wide) {
                return error.place("row #", &[first_row + index]);
            }
        }
        Error::plain(Code::NotFinite, "a value is infinite", &[])
    }

    /// Whole rows of values as trainers see them: rounded to 32 bits, `NaN` for missing codes. They are written into
    /// `rows`, unless they are so already.
    pub(crate) fn prepare<'a, T: Value>(&self, values: &'a [T], rows: &'a mut Vec<f32>) -> &'a [f32] {
        if let Some(narrow) = T::as_narrow(values)
            && self.missing_codes.is_empty()
            && self.ready().narrowing.is_rounding()
        {
            return narrow;
        }
        rows.clear();
        rows.extend(values.iter().map(|value| value.narrow()));
        let width = self.schema.features().len();
        for &(feature, code) in &self.missing_codes {
            let own = values[feature..].iter().step_by(width);
            for (value, row) in own.zip(rows[feature..].iter_mut().step_by(width)) {
                if value.wide() == code {
                    *row = f32::NAN;
                }
            }
        }
        self.ready().narrowing.narrow(width, |place| values[place].wide(), rows);
        rows
    }
}

/// An engine's answers for rows of columns, to be kept.
fn of_columns<N: Number>(
    engine: &Engine<N>,
    columns: &mut dyn Blocks,
    rows: Range<usize>,
    base_margins: Option<&[f32]>,
    memories: &mut Memories,
    linked: bool,
) -> Option<Numbers> {
    let answers = engine.run_columns(columns, rows, base_margins, N::memory(memories), linked);
    answers.map(|answers| N::numbers(answers.to_vec()))
}

/// An engine's margins for rows, to be kept.
fn margins<N: Number>(
    engine: &Engine<N>,
    rows: &[f32],
    base_margins: Option<&[f32]>,
    memories: &mut Memories,
) -> Option<Numbers> {
    engine.run(rows, base_margins, N::memory(memories), false).map(|margins| N::numbers(margins.to_vec()))
}

/// What its link makes of margins.
fn linked<N: Number>(engine: &Engine<N>, margins: &Numbers) -> Numbers {
    let mut values = N::all(margins).to_vec();
    engine.link(&mut values);
    N::numbers(values)
}

/// How many rows are read, evaluated and given back together.
const BATCH_ROWS: usize = wardian_kernels::BLOCK;
