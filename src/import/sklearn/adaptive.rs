//! Adaptive boosting over trees. Of a classifier each tree says one class, and its weight is added to it ("SAMME"), or the logarithms of
//! its shares are ("SAMME.R", up to 1.7). A regressor answers one of its trees' answers: the weighted median.

use super::bagging::divided;
use super::logarithm::log;
use super::tree::Tree;
use super::{Decision, Estimator, Id, Parts, SEVERAL_SUMS, Task, name_of, note_of_avx_512, places};
use crate::combination::Step;
use crate::error::{Result, invalid, quoted, unsupported};
use crate::finish::Finish;
use crate::forest::MAX_OUTPUTS;
use crate::import::pickle::Array;
use crate::import::source::SourceTree;
use crate::link::{Link, OtherLink, numpy_sum};

/// What a leaf adds.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// To the class that it says the tree's weight, and to others what they lose by it.
    Loses,
    /// To the class that it says the tree's weight, and nothing to others.
    Wins,
    /// To each class the logarithm of its share.
    Shares,
}

/// The trees, and the weight of each; those of trees that training did not come to are behind.
fn members<'p>(estimator: &Estimator<'p, '_>, kind: &str) -> Result<(&'p [Id], Vec<f64>)> {
    let ids = estimator.members("estimators_")?;
    for (index, &id) in ids.iter().enumerate() {
        let class = estimator.values.class(id).unwrap_or_default();
        if !["DecisionTree", "ExtraTree"].iter().any(|tree| name_of(&class).strip_prefix(tree) == Some(kind)) {
            return Err(unsupported(format_args!(
                "adaptive boosting of {} is not read: that of decision trees is",
                estimator.values.described(id)
            ))
            .at(format_args!("estimator {index}")));
        }
    }
    let weights = estimator.numbers("estimator_weights_")?;
    if weights.len() < ids.len() || !weights.iter().all(|weight| weight.is_finite()) {
        return Err(invalid(format_args!("estimator_weights_ is not a finite number for each estimator")));
    }
    Ok((ids, weights))
}

/// Reads a classifier.
pub(super) fn classifier(estimator: &Estimator, _: Task) -> Result<Parts> {
    let values = estimator.values;
    let names = estimator.classes()?.names;
    let count = estimator.class_count()?;
    let (ids, weights) = members(estimator, "Classifier")?;
    let way = match values.attribute(estimator.id, "algorithm")?.and_then(|algorithm| values.text(algorithm)) {
        Some("SAMME.R") => Way::Shares,
        None | Some("SAMME" | "deprecated") if estimator.version.has_losing_classes() => Way::Loses,
        Some("SAMME") => Way::Wins,
        other => {
            return Err(unsupported(format_args!("algorithm={} is not supported", quoted(other.unwrap_or("None")))));
        }
    };
    // Of two classes what one wins the other loses, to the last bit: one number is enough.
    let width = if way == Way::Loses && count == 2 { 1 } else { count };
    let mut trees = Vec::with_capacity(ids.len());
    for (index, (&id, &weight)) in ids.iter().zip(&weights).enumerate() {
        let tree = || -> Result<SourceTree> {
            let own = Array::of(values, values.required(id, "classes_")?)?.and_then(|own| own.names(values));
            let own = own.ok_or_else(|| invalid(format_args!("it has no classes")))?;
            let classes = places(&names, &own);
            let classes = classes.ok_or_else(|| invalid(format_args!("it has other classes")))?;
            if way == Way::Shares && classes.len() != count {
                return Err(invalid(format_args!("it was trained with {} of {count} classes", classes.len())));
            }
            let tree = Tree::of(values, id, estimator.feature_count)?;
            if (tree.outputs, tree.width) != (1, classes.len()) {
                return Err(invalid(format_args!("its values are not of {} classes", classes.len())));
            }
            let has_counts = !estimator.version.has_shares();
            tree.source(0, width, |answer, out| match way {
                Way::Shares => out.extend(logarithms(answer, has_counts)),
                _ => {
                    let loss = if way == Way::Loses { -1.0 / (count - 1) as f64 * weight } else { 0.0 * weight };
                    let said = classes.get(largest(answer)).copied().unwrap_or_default();
                    let first = count - width;
                    out.extend((first..count).map(|class| if class == said { weight } else { loss }));
                }
            })
        };
        trees.push(tree().map_err(|error| error.at(format_args!("estimator {index}")))?);
    }
    let divisor = numpy_sum(&weights);
    if divisor == 0.0 {
        return Err(invalid(format_args!("the weights come to 0")));
    }
    let decision = decision(width, count, divisor);
    let decided = width as u32 + decision.iter().map(|step| step.made() as u32).sum::<u32>();
    let mut steps = decision.clone();
    if count == 2 {
        let half = |slope| {
            let finish = Finish { slope, ..Finish::PLAIN };
            Step::Linked { from: decided - 1, count: 1, finish, link: Link::Identity }
        };
        let softmax = Step::Linked { from: decided, count: 2, finish: Finish::PLAIN, link: Link::Softmax };
        steps.extend([half(-0.5), half(0.5), softmax, Step::Gathered { from: vec![decided + 3] }]);
    } else {
        let count = count as u32;
        // numpy adds up columns one after another where they are stored so, as votes are, and rows in several sums.
        let link = if way == Way::Shares { Link::Other(OtherLink::SklearnSoftmax) } else { Link::Softmax };
        let finish = Finish { divisor: f64::from(count - 1), ..Finish::PLAIN };
        steps.push(Step::Linked { from: decided - count, count, finish, link });
    }
    let mut parts = parts(trees, width, vec![0.0; width], steps, Decision::Steps(decision));
    if way == Way::Shares {
        parts.notes.push(note_of_avx_512("logarithms"));
    } else if count >= SEVERAL_SUMS {
        parts.notes.push(format!(
            "probabilities are scikit-learn's for many rows at once: of one row by itself numpy adds {SEVERAL_SUMS} classes and more in \
             another order, and the last bits differ"
        ));
    }
    Ok(parts)
}

/// The steps that make the decision of sums.
fn decision(width: usize, count: usize, divisor: f64) -> Vec<Step> {
    let sums = width as u32;
    let mut decision = vec![divided(0, sums, divisor)];
    if count == 2 {
        let (from, weights) = match width {
            // What the first class has is turned around and added.
            2 => (vec![sums, sums + 1], vec![-1.0, 1.0]),
            _ => (vec![sums, sums], vec![1.0, 1.0]),
        };
        decision.push(Step::Mean { from, count: 1, weights, divisor: 1.0 });
    }
    decision
}

/// The place of the largest number, the first of equals.
fn largest(numbers: &[f64]) -> usize {
    (1..numbers.len()).fold(0, |best, place| if numbers[place] > numbers[best] { place } else { best })
}

/// What "SAMME.R" makes of the shares of a leaf.
fn logarithms(answer: &[f64], has_counts: bool) -> Vec<f64> {
    let sum = if has_counts { numpy_sum(answer) } else { 1.0 };
    let sum = if sum == 0.0 { 1.0 } else { sum };
    // A share of 0 has no logarithm.
    let logarithms: Vec<f64> = answer.iter().map(|count| log((count / sum).max(f64::EPSILON))).collect();
    let count = answer.len() as f64;
    let middle = 1.0 / count * numpy_sum(&logarithms);
    logarithms.iter().map(|logarithm| (count - 1.0) * (logarithm - middle)).collect()
}

/// Reads a regressor: each tree has an output of its own.
pub(super) fn regressor(estimator: &Estimator, _: Task) -> Result<Parts> {
    let (ids, mut weights) = members(estimator, "Regressor")?;
    if ids.len() > MAX_OUTPUTS {
        return Err(unsupported(format_args!("it has {} trees; up to {MAX_OUTPUTS} are read", ids.len())));
    }
    weights.truncate(ids.len());
    let mut trees = Vec::with_capacity(ids.len());
    for (index, &id) in ids.iter().enumerate() {
        let tree = Tree::of(estimator.values, id, estimator.feature_count).and_then(|tree| {
            if (tree.outputs, tree.width) != (1, 1) {
                return Err(invalid(format_args!("its values are not of one number each")));
            }
            tree.source(index as u32, 1, |answer, out| out.extend(answer))
        });
        trees.push(tree.map_err(|error| error.at(format_args!("estimator {index}")))?);
    }
    // A leaf of -0.0 is answered as it is: only -0.0 keeps it.
    let base_margins = vec![-0.0; ids.len()];
    Ok(parts(trees, 1, base_margins, vec![Step::Median { from: 0, weights }], Decision::None))
}

fn parts(
    trees: Vec<SourceTree>,
    leaf_width: usize,
    base_margins: Vec<f64>,
    steps: Vec<Step>,
    decision: Decision,
) -> Parts {
    Parts {
        trees,
        leaf_width,
        base_margins,
        finish: Finish::PLAIN,
        link: Link::Identity,
        inputs: Vec::new(),
        categories: Vec::new(),
        takes_missing: false,
        notes: Vec::new(),
        steps,
        decision,
    }
}
