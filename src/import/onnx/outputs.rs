//! From the graph's outputs back to the tree ensemble's scores.

use std::collections::HashSet;

use super::graph::{Kind, Maker, Values, cast_to, not_evaluated};
use super::messages::{Operator, element};
use crate::error::{Error, Result, quoted, unsupported};

/// Which of the ensemble's scores come out, and how.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    /// Those that are chosen, ascending; none where all are.
    pub(super) chosen: Vec<usize>,
    /// Whether they are put in another shape, which is only then the same answer when there is one of them.
    pub(super) is_reshaped: bool,
    /// Whether they become 32-bit floats.
    pub(super) is_narrowed: bool,
    /// What they are divided by.
    pub(super) divisor: f64,
}

/// Where an operator stands that is refused.
const PLACE: &str = "between the trees and the output";

/// Finds the output that the scores come out at, or several of them with the same numbers. Labels and what is made of them are of no
/// interest: they follow from the scores.
pub(super) fn answer(values: &Values<'_, '_>, ensemble: &Operator<'_>, kind: Kind) -> Result<Answer> {
    const MOST_OUTPUTS: usize = 64;
    let outputs = &values.graph.outputs;
    if outputs.len() > MOST_OUTPUTS {
        return Err(unsupported(format_args!(
            "the graph has {} outputs; up to {MOST_OUTPUTS} are supported",
            outputs.len()
        )));
    }
    let mut answer: Option<Answer> = None;
    for output in outputs {
        if !has_scores(values, ensemble, kind, output.name)? {
            continue;
        }
        let mut way = way(values, ensemble, kind, output.name)?;
        if let Some(other) = answer {
            let chosen = other.chosen.clone();
            if chosen.is_empty() != way.chosen.is_empty() || other != (Answer { chosen, ..way.clone() }) {
                return Err(unsupported(format_args!("the graph's outputs have different scores of the trees")));
            }
            way.chosen.extend(other.chosen);
            way.chosen.sort_unstable();
            way.chosen.dedup();
        }
        answer = Some(way);
    }
    answer.ok_or_else(|| {
        unsupported(format_args!("none of the graph's outputs has the trees' scores: labels alone are not answered"))
    })
}

/// Whether any of the scores may get into this value other than as a label.
fn has_scores(values: &Values<'_, '_>, ensemble: &Operator<'_>, kind: Kind, name: &str) -> Result<bool> {
    let (mut left, mut seen) = (vec![name], HashSet::from([name]));
    while let Some(name) = left.pop() {
        let Maker::Operator(operator, index) = values.maker(name)? else { continue };
        if std::ptr::eq(operator, ensemble) {
            if index == kind.scores() {
                return Ok(true);
            }
        } else if operator.kind != "ArgMax" {
            left.extend(operator.inputs.iter().copied().filter(|&name| !name.is_empty() && seen.insert(name)));
        }
    }
    Ok(false)
}

/// What becomes of the scores on the way to this value.
fn way(values: &Values<'_, '_>, ensemble: &Operator<'_>, kind: Kind, name: &str) -> Result<Answer> {
    let mut answer = Answer { chosen: Vec::new(), is_reshaped: false, is_narrowed: false, divisor: 1.0 };
    let mut name = name;
    // Each operator is passed once, unless they go in a circle.
    for _ in 0..=values.graph.operators.len() {
        let Maker::Operator(operator, index) = values.maker(name)? else { break };
        if std::ptr::eq(operator, ensemble) {
            if index == kind.scores() {
                return Ok(answer);
            }
            break;
        }
        let refused = || not_evaluated(operator, PLACE);
        let Some(&first) = operator.inputs.first() else { return Err(refused()) };
        match (operator.domain, operator.kind) {
            ("", "Identity") | ("ai.onnx.ml", "ZipMap") => {}
            ("", "Cast") => answer.is_narrowed |= cast_to(operator, PLACE)? == element::SINGLE,
            // Whatever is chosen of them has been, or they are one.
            ("", "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze") if answer.chosen.is_empty() => {
                answer.is_reshaped = true
            }
            ("", "Gather" | "Slice") | ("ai.onnx.ml", "ArrayFeatureExtractor") if answer.chosen.is_empty() => {
                let chosen = chosen(values, operator)?.and_then(|index| usize::try_from(index).ok());
                answer.chosen.push(chosen.ok_or_else(refused)?);
                // One column keeps its numbers in any shape.
                answer.is_reshaped = false;
            }
            // An exporter's way to give its output a name.
            ("", "Mul") if number(values, operator)? == Some(1.0) => {}
            ("", "Div") if answer.divisor == 1.0 => {
                answer.divisor = number(values, operator)?.filter(|divisor| *divisor > 0.0).ok_or_else(refused)?;
            }
            _ => return Err(refused()),
        }
        name = first;
    }
    Err(unsupported(format_args!("how the output {} is made of the trees' scores is not understood", quoted(name))))
}

/// The one column that an operator chooses; `None` if it does anything else.
fn chosen(values: &Values<'_, '_>, operator: &Operator<'_>) -> Result<Option<i64>> {
    let one = |name: &str| {
        Ok::<_, Error>(Some(values.wholes(name)?).filter(|numbers| numbers.len() == 1).map(|numbers| numbers[0]))
    };
    match (operator.kind, &operator.inputs[..]) {
        ("Gather", _) if !matches!(operator.whole("axis")?, Some(1 | -1)) => Ok(None),
        ("Gather" | "ArrayFeatureExtractor", &[_, index]) => one(index),
        ("Slice", &[_, starts, ends, axes]) => {
            let (start, end, axis) = (one(starts)?, one(ends)?, one(axes)?);
            Ok(start.filter(|&start| end == start.checked_add(1) && axis == Some(1)))
        }
        _ => Ok(None),
    }
}

/// The one finite number that an operator's second input is.
fn number(values: &Values<'_, '_>, operator: &Operator<'_>) -> Result<Option<f64>> {
    let &[_, constant] = &operator.inputs[..] else { return Ok(None) };
    let Some(tensor) = values.constant(constant)? else { return Ok(None) };
    let numbers = tensor.floats()?;
    Ok((numbers.len() == 1 && numbers[0].is_finite()).then(|| numbers[0]))
}
