//! Bagging: the mean of what estimators of the same kind answer, each of which may be given some of the features only. Of trees it is a
//! forest.

use super::ensemble::{Answer, Joined, Member};
use super::forest::Leaves;
use super::tree::Tree;
use super::{Decision, Estimator, Id, Parts, Task, name_of};
use crate::combination::Step;
use crate::error::{Result, invalid, unsupported};
use crate::finish::Finish;
use crate::import::pickle::Array;
use crate::import::source::SourceNode;

/// The classes of trees.
const TREES: [&str; 4] =
    ["DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor"];

/// Reads one.
pub(super) fn read(estimator: &Estimator, task: Task) -> Result<Parts> {
    let values = estimator.values;
    let ids = estimator.members("estimators_")?;
    // What is divided by, whatever there is.
    if estimator.number("n_estimators")? != ids.len() as f64 {
        return Err(unsupported(format_args!(
            "n_estimators was changed after training: set it to {}, how many estimators there are, or train again",
            ids.len()
        )));
    }
    let features = Features::of(estimator, ids.len())?;
    let class = |id: Id| values.class(id).unwrap_or_default();
    let mut parts = if ids.iter().all(|&id| TREES.contains(&name_of(&class(id)))) {
        trees(estimator, task, ids, &features)?
    } else {
        members(estimator, task, ids, &features)?
    };
    let jobs = values.attribute(estimator.id, "n_jobs")?.filter(|&jobs| !values.is_none(jobs));
    if jobs.is_some_and(|jobs| values.integer(jobs) != Some(1)) {
        parts.notes.push(String::from(
            "the answers are those of n_jobs=1: with more jobs scikit-learn adds up each job's estimators first, and the last bits differ",
        ));
    }
    Ok(parts)
}

/// The features that each is given: looked up one by one, as many of them may be one and the same list.
pub(super) struct Features<'e, 'p, 'a> {
    estimator: &'e Estimator<'p, 'a>,
    lists: &'p [Id],
}

impl<'e, 'p, 'a> Features<'e, 'p, 'a> {
    const NAME: &'static str = "estimators_features_";

    /// Those of so many estimators.
    pub(super) fn of(estimator: &'e Estimator<'p, 'a>, count: usize) -> Result<Self> {
        let lists = estimator.required(Self::NAME)?;
        match estimator.values.sequence(lists).filter(|lists| lists.len() == count) {
            Some(lists) => Ok(Self { estimator, lists }),
            None => Err(invalid(format_args!("{} is not a list for each of {count} estimators", Self::NAME))),
        }
    }

    /// Those of one.
    pub(super) fn get(&self, index: usize) -> Result<Vec<usize>> {
        let Estimator { values, feature_count, .. } = self.estimator;
        let features = match self.lists.get(index) {
            Some(&list) => Array::of(values, list)?.and_then(|array| array.indices(*feature_count)),
            None => None,
        };
        features.ok_or_else(|| {
            invalid(format_args!("it is no list of features")).at(format_args!("{} of estimator {index}", Self::NAME))
        })
    }
}

/// A tree whose features are some of the estimator's.
pub(super) fn place(nodes: &mut [SourceNode], features: &[usize]) -> Result<()> {
    for node in nodes {
        let SourceNode::Split { feature, .. } = node else { continue };
        let place = usize::try_from(*feature).ok().and_then(|feature| features.get(feature));
        let place =
            place.ok_or_else(|| invalid(format_args!("it asks for feature {feature}, which it is not given")))?;
        *feature = *place as i32;
    }
    Ok(())
}

/// The classes that one of them knows, by their places among all.
fn classes(values: &super::Values, id: Id, count: usize) -> Result<Vec<usize>> {
    let known = Array::of(values, values.required(id, "classes_")?)?.and_then(|classes| classes.indices(count));
    match known {
        Some(known) if !known.is_empty() && known.windows(2).all(|pair| pair[0] < pair[1]) => Ok(known),
        _ => Err(invalid(format_args!("its classes are not some of the {count}"))),
    }
}

fn trees(estimator: &Estimator, task: Task, ids: &[Id], features: &Features) -> Result<Parts> {
    let leaves = Leaves::of_tree(estimator, ids[0], task)?;
    let mut trees = Vec::with_capacity(ids.len());
    for (index, &id) in ids.iter().enumerate() {
        let features = features.get(index)?;
        let tree = Tree::of(estimator.values, id, features.len()).and_then(|tree| {
            let mut tree = match task {
                Task::Regression => leaves.source(tree)?,
                Task::Classification => {
                    leaves.source_of(tree, &classes(estimator.values, id, estimator.class_count()?)?)?
                }
            };
            place(&mut tree.nodes, &features)?;
            Ok(tree)
        });
        trees.push(tree.map_err(|error| error.at(format_args!("estimator {index}")))?);
    }
    leaves.parts(estimator, ids[0], trees, 0.0)
}

fn members(estimator: &Estimator, task: Task, ids: &[Id], features: &Features) -> Result<Parts> {
    let count = match task {
        Task::Classification => estimator.class_count()?,
        Task::Regression => 0,
    };
    let mut members = Vec::with_capacity(ids.len());
    let mut known = Vec::new();
    let mut decision = Decision::None;
    for (index, &id) in ids.iter().enumerate() {
        let features = features.get(index)?;
        let at = |error: crate::Error| error.at(format_args!("estimator {index}"));
        let (member, parts, own_task) = estimator.member(id).map_err(at)?;
        if own_task != task || member.feature_count != features.len() {
            return Err(at(invalid(format_args!("it is of another kind, or has other features"))));
        }
        if !matches!(parts.decision, Decision::None) {
            decision = Decision::Other;
        }
        if task == Task::Classification {
            known.push(classes(estimator.values, id, count).map_err(at)?);
        }
        members.push(Member::of(parts, Some(&features), false).map_err(at)?);
    }
    let mut joined = Joined::of(estimator.feature_count, members)?;
    let mut answers = joined.answers.clone();
    for (index, (answer, known)) in answers.iter_mut().zip(&known).enumerate() {
        let is_whole = known.len() == count;
        if !is_whole && known.len() < 3 {
            return Err(unsupported(format_args!(
                "it was trained with {} of {count} classes: train with more rows for each estimator (max_samples)",
                known.len()
            ))
            .at(format_args!("estimator {index}")));
        }
        let due = if count == 2 { 1 } else { known.len() };
        if answer.count as usize != due {
            return Err(invalid(format_args!("it answers another number of classes than it has"))
                .at(format_args!("estimator {index}")));
        }
        if !is_whole {
            *answer = scattered(&mut joined, *answer, known, count);
        }
    }
    if task == Task::Regression {
        let first = answers.first().map_or(0, |answer| answer.count as usize);
        joined.check(first)?;
    }
    joined.mean(&answers, Vec::new(), ids.len() as f64);
    Ok(joined.parts(decision))
}

/// What is known of some classes, with nothing for the others.
pub(super) fn scattered(joined: &mut Joined, answer: Answer, known: &[usize], count: usize) -> Answer {
    let mut from = vec![Step::NO_PLACE; count];
    for (place, &class) in known.iter().enumerate() {
        from[class] = answer.from + place as u32;
    }
    joined.push(Step::Gathered { from })
}

/// A step that divides numbers.
pub(super) fn divided(from: u32, count: u32, divisor: f64) -> Step {
    Step::Linked { from, count, finish: Finish { divisor, ..Finish::PLAIN }, link: crate::link::Link::Identity }
}
