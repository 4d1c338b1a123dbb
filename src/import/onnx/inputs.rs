//! From the columns that a tree ensemble sees back to the features that a user gives.

use super::graph::{Maker, Values, cast_to, not_evaluated};
use super::messages::{Operator, element};
use crate::error::{Result, invalid, quoted, unsupported};
use crate::schema::{MAX_FEATURES, Schema};

/// One column of a tree ensemble's input.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    /// The feature whose values it has.
    pub(super) feature: usize,
    /// Whether they are 32-bit floats when the trees compare them, or were on their way.
    pub(super) is_single: bool,
    /// What is done to them on their way, first things first.
    pub(super) steps: Vec<Step>,
}

/// What an operator does to a value on its way to the trees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    /// A missing value becomes this one.
    Impute(f32),
    /// (x − offset) · scale in 32-bit floats; the scale is above 0.
    Scale { offset: f32, scale: f32 },
}

/// What goes in.
pub(super) struct Inputs {
    /// The features' names.
    pub(super) names: Vec<String>,
    /// What the trees see.
    pub(super) columns: Vec<Column>,
    /// The type of numbers that the ensemble's operator takes.
    pub(super) element: i64,
}

/// Finds out what the columns of this value are; of an input of unknown width there are `needed`.
pub(super) fn inputs(values: &Values<'_, '_>, name: &str, needed: usize) -> Result<Inputs> {
    let mut walk = Walk { values, firsts: Vec::new(), work: 0 };
    let mut names = Vec::new();
    let asked: Vec<_> = values.inputs().collect();
    for &(index, input) in &asked {
        let width = match input.shape[..] {
            [_, Some(width)] => usize::try_from(width).ok().filter(|width| *width <= MAX_FEATURES),
            // Only where there is nothing else can the trees say it.
            [_, None] | [] if asked.len() == 1 => Some(needed),
            _ => None,
        };
        let Some(width) = width else {
            return Err(unsupported(format_args!(
                "the input {} has the shape {}; inputs of rows and columns are supported",
                quoted(input.name),
                shape(&input.shape)
            )));
        };
        if names.len() + width > MAX_FEATURES {
            return Err(invalid(format_args!("the inputs have more than {MAX_FEATURES} columns, the most of a model")));
        }
        walk.firsts.resize(index, 0..0);
        walk.firsts.push(names.len()..names.len() + width);
        match width {
            _ if asked.len() == 1 && width > 1 => names.extend(Schema::invented_names(width)),
            1 => names.push(input.name.to_owned()),
            _ => names.extend((0..width).map(|column| format!("{}_{column}", input.name))),
        }
    }
    let seen = walk.columns(name, 0)?;
    Ok(Inputs { names, columns: seen.columns, element: seen.element })
}

fn shape(shape: &[Option<i64>]) -> String {
    let dimensions: Vec<String> =
        shape.iter().map(|size| size.map_or_else(|| "?".to_owned(), |size| size.to_string())).collect();
    format!("[{}]", dimensions.join(", "))
}

struct Walk<'v, 'g, 'a> {
    values: &'v Values<'g, 'a>,
    /// The features of each of the graph's inputs.
    firsts: Vec<std::ops::Range<usize>>,
    /// How many values and columns were looked at.
    work: usize,
}

/// Columns, and the type of their numbers.
struct Seen {
    columns: Vec<Column>,
    element: i64,
}

/// How many values and columns are looked at before a graph is given up: each column may pass many operators.
const MOST_WORK: usize = 64 * MAX_FEATURES;

/// Where an operator stands that is refused.
const PLACE: &str = "between the inputs and the trees";

impl Walk<'_, '_, '_> {
    fn columns(&mut self, name: &str, depth: usize) -> Result<Seen> {
        /// No exporter nests operators so deep.
        const DEEPEST: usize = 64;
        if depth == DEEPEST {
            return Err(invalid(format_args!("the operators {PLACE} are nested more than {DEEPEST} deep, or go in a circle")));
        }
        let seen = self.made(name, depth)?;
        self.work += 1 + seen.columns.len();
        if self.work > MOST_WORK {
            return Err(invalid(format_args!("the operators {PLACE} make more than {MOST_WORK} columns: no model has them")));
        }
        Ok(seen)
    }

    /// What makes the value.
    fn made(&mut self, name: &str, depth: usize) -> Result<Seen> {
        let operator = match self.values.maker(name)? {
            Maker::Input(index) => return self.input(index),
            Maker::Constant(_) => {
                return Err(unsupported(format_args!("the constant {} {PLACE} is not evaluated", quoted(name))));
            }
            Maker::Operator(operator, 0) => operator,
            Maker::Operator(operator, _) => return Err(not_evaluated(operator, PLACE)),
        };
        let first = || operator.inputs.first().copied().ok_or_else(|| not_evaluated(operator, PLACE));
        match (operator.domain, operator.kind) {
            ("", "Identity") => self.columns(first()?, depth + 1),
            ("", "Cast") => {
                let element = cast_to(operator, PLACE)?;
                let mut seen = self.columns(first()?, depth + 1)?;
                seen.element = element;
                if element == element::SINGLE {
                    seen.columns.iter_mut().for_each(|column| column.is_single = true);
                }
                Ok(seen)
            }
            ("", "Concat") => self.concatenated(operator, depth),
            ("", "Gather") if matches!(operator.whole("axis")?, Some(1 | -1)) => self.chosen(operator, depth),
            ("ai.onnx.ml", "ArrayFeatureExtractor") => self.chosen(operator, depth),
            ("ai.onnx.ml", "Scaler") => self.scaled(operator, depth),
            ("ai.onnx.ml", "Imputer") => self.imputed(operator, depth),
            _ => Err(not_evaluated(operator, PLACE)),
        }
    }

    fn input(&self, index: usize) -> Result<Seen> {
        let input = &self.values.graph.inputs[index];
        let is_single = match input.element {
            element::SINGLE => true,
            // Whole numbers are compared as 32-bit floats, unless they are made 64-bit ones first.
            element::DOUBLE | element::INT32 | element::INT64 => false,
            other => {
                return Err(unsupported(format_args!(
                    "the input {} takes {}; those that take float, double, int32 or int64 are supported",
                    quoted(input.name),
                    element::name(other)
                )));
            }
        };
        let columns = self.firsts[index].clone().map(|feature| Column { feature, is_single, steps: Vec::new() }).collect();
        Ok(Seen { columns, element: input.element })
    }

    fn concatenated(&mut self, operator: &Operator<'_>, depth: usize) -> Result<Seen> {
        if !matches!(operator.whole("axis")?, Some(1 | -1)) {
            return Err(unsupported(format_args!("a Concat {PLACE} puts no columns side by side (its axis is not 1)")));
        }
        let mut all: Option<Seen> = None;
        for name in &operator.inputs {
            let seen = self.columns(name, depth + 1)?;
            match &mut all {
                None => all = Some(seen),
                Some(all) if all.element == seen.element => all.columns.extend(seen.columns),
                Some(_) => return Err(invalid(format_args!("a Concat {PLACE} has inputs of several types"))),
            }
            if all.as_ref().is_some_and(|all| all.columns.len() > MAX_FEATURES) {
                return Err(invalid(format_args!("more than {MAX_FEATURES} columns, the most of a model")));
            }
        }
        all.ok_or_else(|| invalid(format_args!("a Concat {PLACE} has no inputs")))
    }

    /// Some of the columns, by their indexes.
    fn chosen(&mut self, operator: &Operator<'_>, depth: usize) -> Result<Seen> {
        let [from, indexes] = operator.inputs[..] else { return Err(not_evaluated(operator, PLACE)) };
        let seen = self.columns(from, depth + 1)?;
        let indexes = self.values.wholes(indexes)?;
        if indexes.len() > MAX_FEATURES {
            return Err(invalid(format_args!("more than {MAX_FEATURES} columns, the most of a model")));
        }
        let column = |&index: &i64| {
            let column = usize::try_from(index).ok().and_then(|index| seen.columns.get(index));
            column.cloned().ok_or_else(|| {
                let count = seen.columns.len();
                invalid(format_args!("the operator {} takes column {index} of {count}", quoted(operator.kind)))
            })
        };
        Ok(Seen { columns: indexes.iter().map(column).collect::<Result<_>>()?, element: seen.element })
    }

    fn scaled(&mut self, operator: &Operator<'_>, depth: usize) -> Result<Seen> {
        let [from] = operator.inputs[..] else { return Err(not_evaluated(operator, PLACE)) };
        let mut seen = self.columns(from, depth + 1)?;
        let offsets: Vec<f32> = operator.singles("offset")?.collect();
        let scales: Vec<f32> = operator.singles("scale")?.collect();
        let count = seen.columns.len();
        if seen.element != element::SINGLE || offsets.len() != scales.len() || ![1, count].contains(&offsets.len()) {
            return Err(unsupported(format_args!(
                "a Scaler of {} numbers with {} offsets and {} scales, {PLACE}, is not evaluated: of float with one for each column it is",
                element::name(seen.element),
                offsets.len(),
                scales.len()
            )));
        }
        for (index, column) in seen.columns.iter_mut().enumerate() {
            // One stands for all columns.
            let own = if offsets.len() == 1 { 0 } else { index };
            let (offset, scale) = (offsets[own], scales[own]);
            if !(offset.is_finite() && scale.is_finite() && scale > 0.0) {
                return Err(unsupported(format_args!(
                    "a Scaler with offset {offset} and scale {scale}, {PLACE}, is not evaluated: with a scale above 0 it is"
                )));
            }
            column.steps.push(Step::Scale { offset, scale });
        }
        Ok(seen)
    }

    fn imputed(&mut self, operator: &Operator<'_>, depth: usize) -> Result<Seen> {
        let [from] = operator.inputs[..] else { return Err(not_evaluated(operator, PLACE)) };
        let mut seen = self.columns(from, depth + 1)?;
        let values: Vec<f32> = operator.singles("imputed_value_floats")?.collect();
        let replaced = operator.single("replaced_value_float")?.unwrap_or(0.0);
        let count = seen.columns.len();
        if seen.element != element::SINGLE || !replaced.is_nan() || ![1, count].contains(&values.len()) {
            return Err(unsupported(format_args!(
                "an Imputer of {} numbers that replaces {replaced} by one of {} values, {PLACE}, is not evaluated: of float that replaces NaN \
                 it is",
                element::name(seen.element),
                values.len()
            )));
        }
        for (index, column) in seen.columns.iter_mut().enumerate() {
            let value = values[if values.len() == 1 { 0 } else { index }];
            if !value.is_finite() {
                return Err(unsupported(format_args!("an Imputer that puts in {value}, {PLACE}, is not evaluated")));
            }
            column.steps.push(Step::Impute(value));
        }
        Ok(seen)
    }
}
