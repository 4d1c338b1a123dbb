//! Several estimators as one: their trees in one forest, their sums beside each other, and what makes answers of each.

use std::collections::BTreeMap;

use super::{Decision, Parts};
use crate::combination::Step;
use crate::error::{Result, invalid, unsupported};
use crate::finish::Finish;
use crate::forest::MAX_OUTPUTS;
use crate::import::source::{SourceNode, SourceTest, SourceTree};
use crate::link::Link;
use crate::narrowing::Input;

/// An estimator that is part of another, its features those of the whole.
pub(super) struct Member {
    parts: Parts,
    /// How the features are seen that its trees ask for, of those that are not just rounded to 32 bits.
    inputs: BTreeMap<usize, Input>,
    /// The names of the categories of the features that have some.
    categories: Vec<(usize, Vec<String>)>,
    /// Whether its `decision_function` is asked for, where it has one.
    decides: bool,
}

impl Member {
    /// One that is given these of the features, or all. What it says of features that it does not ask for is forgotten: a small file
    /// could have many members, and each as many features as it likes.
    pub(super) fn of(mut parts: Parts, features: Option<&[usize]>, decides: bool) -> Result<Self> {
        let place = |feature: usize| features.map_or(Some(feature), |features| features.get(feature).copied());
        let mut inputs = BTreeMap::new();
        for node in parts.trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
            let SourceNode::Split { feature, .. } = node else { continue };
            let own = usize::try_from(*feature).ok();
            let Some(joint) = own.and_then(place) else {
                return Err(invalid(format_args!("a tree asks for feature {feature}, which it is not given")));
            };
            let input = own.and_then(|own| parts.inputs.get(own)).copied().unwrap_or(Input::Single);
            if input != Input::Single {
                inputs.insert(joint, input);
            }
            *feature = joint as i32;
        }
        parts.inputs = Vec::new();
        let categories = std::mem::take(&mut parts.categories).into_iter().enumerate();
        let categories = categories.filter(|(_, names)| !names.is_empty());
        let categories = categories.filter_map(|(own, names)| Some((place(own)?, names))).collect();
        Ok(Self { parts, inputs, categories, decides })
    }
}

/// What one of them answers: numbers of the combination.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) from: u32,
    pub(super) count: u32,
}

/// Estimators that were joined, and the steps that make answers of theirs.
pub(super) struct Joined {
    parts: Parts,
    pub(super) answers: Vec<Answer>,
    /// The place of the number that the next step makes first.
    next: u32,
}

impl Joined {
    /// Joins the members of an estimator of so many features.
    pub(super) fn of(feature_count: usize, members: Vec<Member>) -> Result<Self> {
        // Leaves of all trees have as many numbers, and each member begins with a group of so many outputs.
        let width = members.iter().map(|member| member.parts.leaf_width).max().unwrap_or(1);
        check_padding(&members, width)?;
        let outputs = |parts: &Parts| parts.base_margins.len().next_multiple_of(width);
        let inputs = inputs(feature_count, &members)?;
        let all: usize = members.iter().map(|member| outputs(&member.parts)).sum();
        if all > MAX_OUTPUTS {
            return Err(unsupported(format_args!(
                "all estimators have {all} outputs; a model has up to {MAX_OUTPUTS}"
            )));
        }
        let mut joined = Self { parts: empty(), answers: Vec::new(), next: all as u32 };
        joined.parts.leaf_width = width;
        for (index, member) in members.into_iter().enumerate() {
            joined.add(member, width, &inputs).map_err(|error| error.at(format_args!("estimator {index}")))?;
        }
        if inputs.iter().any(|&input| input != Input::Single) {
            joined.parts.inputs = inputs;
        }
        Ok(joined)
    }

    fn add(&mut self, member: Member, width: usize, inputs: &[Input]) -> Result<()> {
        let Member { mut parts, inputs: own_inputs, categories, decides } = member;
        let first = self.parts.base_margins.len();
        let own = parts.base_margins.len();
        self.parts.base_margins.append(&mut parts.base_margins);
        self.parts.base_margins.resize(first + own.next_multiple_of(width), 0.0);
        for mut tree in parts.trees {
            for node in &mut tree.nodes {
                let SourceNode::Split { feature, test, .. } = node else { continue };
                let is_wide = matches!(inputs.get(*feature as usize), Some(Input::Double { .. }));
                match test {
                    _ if !is_wide => {}
                    SourceTest::InSet(_) => {
                        return Err(unsupported(format_args!(
                            "feature {feature} is a category for it and a number for another: train all with the same \
                             categorical_features"
                        )));
                    }
                    SourceTest::Below(cut) if !own_inputs.contains_key(&(*feature as usize)) => *cut = widened(*cut),
                    SourceTest::Below(_) => {}
                }
            }
            pad(&mut tree, parts.leaf_width, width)?;
            tree.output += first as u32;
            self.parts.trees.push(tree);
        }
        self.names(categories)?;
        self.parts.takes_missing &= parts.takes_missing;
        for note in parts.notes {
            if !self.parts.notes.contains(&note) {
                self.parts.notes.push(note);
            }
        }
        let steps = match (decides, parts.decision) {
            (true, Decision::Margins) => {
                self.answers.push(Answer { from: first as u32, count: own as u32 });
                return Ok(());
            }
            (true, Decision::Steps(steps)) => steps,
            (true, Decision::Other) => {
                return Err(unsupported(format_args!(
                    "what it decides by is not read: calibrate its members by themselves, or answer without calibration"
                )));
            }
            _ if parts.steps.is_empty() => {
                vec![Step::Linked { from: 0, count: own as u32, finish: parts.finish, link: parts.link }]
            }
            _ => parts.steps,
        };
        let made = self.next;
        for step in steps {
            self.push(step.moved(|from| match (from as usize).checked_sub(own) {
                None => first as u32 + from,
                Some(step) => made + step as u32,
            }));
        }
        let count = self.parts.steps.last().map_or(0, Step::made) as u32;
        self.answers.push(Answer { from: self.next - count, count });
        Ok(())
    }

    /// Categories have the same names for all members.
    fn names(&mut self, categories: Vec<(usize, Vec<String>)>) -> Result<()> {
        for (feature, names) in categories {
            let all = &mut self.parts.categories;
            if all.len() <= feature {
                all.resize(feature + 1, Vec::new());
            }
            if all[feature].is_empty() {
                all[feature] = names;
            } else if all[feature] != names {
                return Err(unsupported(format_args!(
                    "the categories of feature {feature} are not those of an estimator before it"
                )));
            }
        }
        Ok(())
    }

    /// Adds a step; what it makes.
    pub(super) fn push(&mut self, step: Step) -> Answer {
        let answer = Answer { from: self.next, count: step.made() as u32 };
        self.next += answer.count;
        self.parts.steps.push(step);
        answer
    }

    /// Whether all members answer so many numbers.
    pub(super) fn check(&self, count: usize) -> Result<()> {
        match self.answers.iter().position(|answer| answer.count as usize != count) {
            None => Ok(()),
            Some(index) => Err(unsupported(format_args!(
                "it answers {} numbers a row, and {count} are due",
                self.answers[index].count
            ))
            .at(format_args!("estimator {index}"))),
        }
    }

    /// The mean of answers, of as many numbers each; with weights divided by their sum.
    pub(super) fn mean(&mut self, answers: &[Answer], weights: Vec<f64>, divisor: f64) -> Answer {
        let from = answers.iter().map(|answer| answer.from).collect();
        let count = answers.first().map_or(0, |answer| answer.count);
        self.push(Step::Mean { from, count, weights, divisor })
    }

    /// The whole, which answers what the last step makes.
    pub(super) fn parts(self, decision: Decision) -> Parts {
        Parts { decision, ..self.parts }
    }
}

fn empty() -> Parts {
    Parts {
        trees: Vec::new(),
        leaf_width: 1,
        base_margins: Vec::new(),
        finish: Finish::PLAIN,
        link: Link::Identity,
        inputs: Vec::new(),
        categories: Vec::new(),
        takes_missing: true,
        notes: Vec::new(),
        steps: Vec::new(),
        decision: Decision::None,
    }
}

/// How each feature's values are seen: in 64 bits where a member sees them so.
fn inputs(feature_count: usize, members: &[Member]) -> Result<Vec<Input>> {
    let mut joint = vec![Input::Single; feature_count];
    for (&feature, &input) in members.iter().flat_map(|member| &member.inputs) {
        let place = joint.get_mut(feature);
        *place.ok_or_else(|| invalid(format_args!("an estimator has feature {feature}, which there is not")))? = input;
    }
    Ok(joint)
}

/// Members whose leaves have fewer numbers than others' are given leaves of as many: refused, where that would be far more than the
/// file has.
fn check_padding(members: &[Member], width: usize) -> Result<()> {
    /// As many numbers may be added, and for each node of all trees.
    const SOME: usize = 1 << 16;
    const A_NODE: usize = 8;
    let (mut numbers, mut nodes) = (0, 0_usize);
    for Member { parts, .. } in members {
        for tree in &parts.trees {
            nodes += tree.nodes.len();
            if parts.leaf_width < width {
                numbers += (tree.nodes.len() / 2 + 1) * width;
            }
        }
    }
    if numbers > SOME + A_NODE * nodes {
        return Err(unsupported(format_args!(
            "forests and boosted trees of {width} classes together are not supported: save each by itself"
        )));
    }
    Ok(())
}

/// Leaves of as many numbers as those of all members: what is added beside the tree's own changes no sum.
fn pad(tree: &mut SourceTree, own: usize, width: usize) -> Result<()> {
    if own == width {
        return Ok(());
    }
    let inside = tree.output as usize % width;
    if inside + own > width {
        return Err(unsupported(format_args!("its leaves of {own} numbers do not fit those of {width} of others")));
    }
    let mut values = Vec::new();
    for node in &mut tree.nodes {
        let SourceNode::Leaf { first_value } = node else { continue };
        let numbers = tree.values.get(*first_value..).and_then(|values| values.get(..own));
        let numbers = numbers.ok_or_else(|| invalid(format_args!("a leaf's values do not exist")))?;
        let begin = values.len();
        values.resize(begin + width, -0.0);
        values[begin + inside..][..own].copy_from_slice(numbers);
        *first_value = begin;
    }
    tree.values = values;
    tree.output -= inside as u32;
    Ok(())
}

/// The 64-bit cut below which are the numbers that are below a 32-bit one when they are rounded to 32 bits: halfway between it and the
/// one before, which number itself goes to the even one.
fn widened(cut: f64) -> f64 {
    let at = cut as f32;
    let before = at.next_down();
    if !at.is_finite() || !before.is_finite() {
        return cut;
    }
    let halfway = f64::midpoint(before.into(), at.into());
    if halfway as f32 == at { halfway } else { halfway.next_up() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_the_wide_cut_is_below_the_narrow_one_once_rounded() {
        let cuts =
            [0.0_f32, 1e-45, -1e-45, 1.0, -1.0, 0.1, 3.5e-39, 1e30, -7.25, 16_777_216.0, f32::MAX, f32::MIN_POSITIVE];
        for middle in cuts {
            for cut in [middle.next_down(), middle, middle.next_up()].into_iter().filter(|cut| cut.is_finite()) {
                let wide = widened(cut.into());
                let near = [cut.next_down().next_down(), cut.next_down(), cut, cut.next_up()].map(f64::from);
                let halves = [0, 1, 2].map(|place| f64::midpoint(near[place], near[place + 1]));
                let values =
                    near.into_iter().chain(halves).flat_map(|value| [value.next_down(), value, value.next_up()]);
                for value in values.filter(|value| value.abs() <= f64::from(f32::MAX)) {
                    assert_eq!(value < wide, (value as f32) < cut, "{value:e} at {cut:e}, which became {wide:e}");
                }
            }
        }
        assert_eq!(widened(f64::INFINITY), f64::INFINITY);
    }
}
