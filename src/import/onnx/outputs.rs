//! From the graph's outputs back to the tree ensemble's scores.

use std::collections::HashSet;

use super::graph::{Kind, Maker, Values, cast_to, not_evaluated};
use super::messages::{Operator, element};
use crate::error::{Result, quoted, unsupported};

/// Which of the ensemble's scores come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// The one that is chosen, where one is.
    pub(super) chosen: Option<usize>,
    /// Whether they are put in another shape, which is only then the same answer when there is one of them.
    pub(super) is_reshaped: bool,
    /// Whether they become 32-bit floats.
    pub(super) is_narrowed: bool,
}

/// Where an operator stands that is refused.
const PLACE: &str = "between the trees and the output";

/// Finds the output that the scores come out at, or several of them with the same numbers. Labels and what is made of them are of no
/// interest: they follow from the scores.
pub(super) fn answer(values: &Values<'_, '_>, ensemble: &Operator<'_>, kind: Kind) -> Result<Answer> {
    const MOST_OUTPUTS: usize = 64;
    let outputs = &values.graph.outputs;
    if outputs.len() > MOST_OUTPUTS {
        return Err(unsupported(format_args!("the graph has {} outputs; up to {MOST_OUTPUTS} are supported", outputs.len())));
    }
    let mut answer: Option<Answer> = None;
    for output in outputs {
        if !has_scores(values, ensemble, kind, output.name)? {
            continue;
        }
        let way = way(values, ensemble, kind, output.name)?;
        match answer {
            Some(other) if other != way => {
                return Err(unsupported(format_args!("the graph's outputs have different scores of the trees")));
            }
            _ => answer = Some(way),
        }
    }
    answer.ok_or_else(|| unsupported(format_args!("none of the graph's outputs has the trees' scores: labels alone are not answered")))
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
    let mut answer = Answer::default();
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
        let Some(&first) = operator.inputs.first() else { return Err(not_evaluated(operator, PLACE)) };
        match (operator.domain, operator.kind) {
            ("", "Identity") | ("ai.onnx.ml", "ZipMap") => {}
            ("", "Cast") => answer.is_narrowed |= cast_to(operator, PLACE)? == element::SINGLE,
            ("", "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze") => answer.is_reshaped = true,
            ("", "Gather") if !matches!(operator.whole("axis")?, Some(1 | -1)) => return Err(not_evaluated(operator, PLACE)),
            ("", "Gather") | ("ai.onnx.ml", "ArrayFeatureExtractor") => {
                let [_, indexes] = operator.inputs[..] else { return Err(not_evaluated(operator, PLACE)) };
                let chosen = match values.wholes(indexes)?[..] {
                    [index] if answer.chosen.is_none() && !answer.is_reshaped => usize::try_from(index).ok(),
                    _ => None,
                };
                answer.chosen = Some(chosen.ok_or_else(|| not_evaluated(operator, PLACE))?);
            }
            _ => return Err(not_evaluated(operator, PLACE)),
        }
        name = first;
    }
    Err(unsupported(format_args!("how the output {} is made of the trees' scores is not understood", quoted(name))))
}
