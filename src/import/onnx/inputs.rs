//! From the columns that a tree ensemble sees back to the features that a user gives.

use super::columns::{Column, Operation, Step};
use super::graph::{Maker, Values, cast_to, not_evaluated};
use super::messages::Operator;
use super::tensor::element;
use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::schema::{MAX_FEATURES, Schema};

/// What goes in.
pub(super) struct Inputs {
    /// The features' names.
    pub(super) names: Vec<String>,
    /// What the trees see.
    pub(super) columns: Vec<Column>,
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
    Ok(Inputs { names, columns: walk.columns(name, 0)?.columns })
}

/// The type of a value's numbers.
pub(super) fn element(values: &Values<'_, '_>, name: &str) -> Result<i64> {
    let mut name = name;
    for _ in 0..DEEPEST {
        let operator = match values.maker(name)? {
            Maker::Input(index) => return Ok(values.graph.inputs[index].element),
            Maker::Constant(constant) => return Ok(constant.element()),
            Maker::Operator(operator, _) => operator,
        };
        match (operator.domain, operator.kind) {
            ("", "Cast") => return cast_to(operator, PLACE),
            ("ai.onnx.ml", "Scaler") => return Ok(element::SINGLE),
            _ => name = operator.inputs.first().copied().ok_or_else(|| not_evaluated(operator, PLACE))?,
        }
    }
    Err(too_deep())
}

fn too_deep() -> Error {
    invalid(format_args!("the operators {PLACE} are nested more than {DEEPEST} deep, or go in a circle"))
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

/// No exporter nests operators so deep.
const DEEPEST: usize = 64;

/// Where an operator stands that is refused.
const PLACE: &str = "between the inputs and the trees";

impl Walk<'_, '_, '_> {
    fn columns(&mut self, name: &str, depth: usize) -> Result<Seen> {
        if depth == DEEPEST {
            return Err(too_deep());
        }
        let seen = self.made(name, depth)?;
        self.work += 1 + seen.columns.len();
        if self.work > MOST_WORK {
            return Err(invalid(format_args!(
                "the operators {PLACE} make more than {MOST_WORK} columns: no model has them"
            )));
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
                if element == element::SINGLE {
                    seen.narrow();
                }
                seen.element = element;
                Ok(seen)
            }
            ("", "Concat") => self.concatenated(operator, depth),
            ("", "Gather") if matches!(operator.whole("axis")?, Some(1 | -1)) => self.chosen(operator, depth),
            ("ai.onnx.ml", "ArrayFeatureExtractor") => self.chosen(operator, depth),
            ("", "Add" | "Sub" | "Mul" | "Div") => self.computed(operator, depth),
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
        let columns =
            self.firsts[index].clone().map(|feature| Column { feature, is_single, steps: Vec::new() }).collect();
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

    /// A `Scaler`: (x − offset) · scale in 32-bit floats.
    fn scaled(&mut self, operator: &Operator<'_>, depth: usize) -> Result<Seen> {
        let [from] = operator.inputs[..] else { return Err(not_evaluated(operator, PLACE)) };
        let mut seen = self.columns(from, depth + 1)?;
        if !matches!(seen.element, element::SINGLE | element::INT64) {
            return Err(of_type(operator, seen.element));
        }
        seen.narrow();
        let floats = |name| Ok::<Vec<f64>, Error>(operator.singles(name)?.map(f64::from).collect());
        let (offsets, scales) = (floats("offset")?, floats("scale")?);
        seen.add(operator, &offsets, |offset| Operation::Add(-offset))?;
        seen.add(operator, &scales, Operation::Multiply)?;
        Ok(seen)
    }

    fn imputed(&mut self, operator: &Operator<'_>, depth: usize) -> Result<Seen> {
        let [from] = operator.inputs[..] else { return Err(not_evaluated(operator, PLACE)) };
        let mut seen = self.columns(from, depth + 1)?;
        let replaced = operator.single("replaced_value_float")?.unwrap_or(0.0);
        if seen.element != element::SINGLE {
            return Err(of_type(operator, seen.element));
        }
        if !replaced.is_nan() {
            return Err(unsupported(format_args!(
                "an Imputer that replaces {replaced}, {PLACE}, is not evaluated: of NaN it is"
            )));
        }
        let values: Vec<f64> = operator.singles("imputed_value_floats")?.map(f64::from).collect();
        seen.add(operator, &values, Operation::Impute)?;
        Ok(seen)
    }

    /// `Add`, `Sub`, `Mul` or `Div` with a constant.
    fn computed(&mut self, operator: &Operator<'_>, depth: usize) -> Result<Seen> {
        let [mut from, mut constant] = operator.inputs[..] else { return Err(not_evaluated(operator, PLACE)) };
        let operation = match operator.kind {
            "Add" => Operation::Add,
            "Sub" => |number: f64| Operation::Add(-number),
            "Mul" => Operation::Multiply,
            _ => Operation::Divide,
        };
        if matches!(operator.kind, "Add" | "Mul") && self.values.constant(constant)?.is_none() {
            std::mem::swap(&mut from, &mut constant);
        }
        let Some(tensor) = self.values.constant(constant)? else { return Err(not_evaluated(operator, PLACE)) };
        let mut seen = self.columns(from, depth + 1)?;
        if !matches!(seen.element, element::SINGLE | element::DOUBLE) || tensor.element() != seen.element {
            return Err(of_type(operator, seen.element));
        }
        let numbers = tensor.floats()?;
        // Along the columns, not along the rows.
        if numbers.len() > 1 && tensor.last_dimension()? != Some(numbers.len() as i64) {
            return Err(not_evaluated(operator, PLACE));
        }
        seen.add(operator, &numbers, operation)?;
        Ok(seen)
    }
}

fn of_type(operator: &Operator<'_>, element: i64) -> Error {
    unsupported(format_args!(
        "the operator {} of {}, {PLACE}, is not evaluated",
        quoted(operator.kind),
        element::name(element)
    ))
}

impl Seen {
    /// Makes 32-bit floats of the numbers.
    fn narrow(&mut self) {
        for column in &mut self.columns {
            column.narrow();
        }
        self.element = element::SINGLE;
    }

    /// Adds what an operator does with these numbers: one for each column, or one for all.
    fn add(&mut self, operator: &Operator<'_>, numbers: &[f64], operation: impl Fn(f64) -> Operation) -> Result<()> {
        if numbers.len() != 1 && numbers.len() != self.columns.len() {
            return Err(invalid(format_args!(
                "the operator {}, {PLACE}, has {} numbers for {} columns",
                quoted(operator.kind),
                numbers.len(),
                self.columns.len()
            )));
        }
        let is_single = self.element == element::SINGLE;
        for (index, column) in self.columns.iter_mut().enumerate() {
            let step = Step { operation: operation(numbers[if numbers.len() == 1 { 0 } else { index }]), is_single };
            if !step.operation.is_rising() {
                return Err(unsupported(format_args!(
                    "the operator {}, {PLACE}, is not evaluated with what it has for column {index}: {:?}",
                    quoted(operator.kind),
                    step.operation
                )));
            }
            column.steps.push(step);
        }
        Ok(())
    }
}
