//! Voting: the mean of what several estimators answer, as numpy's `average` computes it.

use super::ensemble::{Joined, Member};
use super::{Decision, Estimator, Id, Parts, SEVERAL_SUMS, Task};
use crate::error::{Result, invalid, quoted, unsupported};
use crate::link::numpy_sum;

/// Reads one.
pub(super) fn read(estimator: &Estimator, task: Task) -> Result<Parts> {
    let due = match task {
        Task::Regression => 1,
        Task::Classification => {
            let voting = estimator.text("voting")?;
            if voting != "soft" {
                return Err(unsupported(format_args!(
                    "voting={} counts classes and has no probabilities: train with voting='soft', or save its members (estimators_) by \
                     themselves and count what they say",
                    quoted(voting)
                )));
            }
            match estimator.class_count()? {
                2 => 1,
                count => count,
            }
        }
    };
    let ids = estimator.members("estimators_")?;
    let mut members = Vec::with_capacity(ids.len());
    for (index, &id) in ids.iter().enumerate() {
        let member = member(estimator, id, task).map_err(|error| error.at(format_args!("estimator {index}")))?;
        members.push(member);
    }
    let weights = weights(estimator, ids.len())?;
    let mut joined = Joined::of(estimator.feature_count, members)?;
    joined.check(due)?;
    let divisor = if weights.is_empty() { ids.len() as f64 } else { numpy_sum(&weights) };
    let answers = joined.answers.clone();
    joined.mean(&answers, weights, divisor);
    let mut parts = joined.parts(Decision::None);
    if task == Task::Regression && ids.len() >= SEVERAL_SUMS {
        parts.notes.push(format!(
            "the answers are scikit-learn's for many rows at once: of one row by itself numpy adds {SEVERAL_SUMS} members and more in \
             another order, and the last bits differ"
        ));
    }
    Ok(parts)
}

fn member(estimator: &Estimator, id: Id, task: Task) -> Result<Member> {
    let (member, parts, own_task) = estimator.member(id)?;
    if own_task != task || member.feature_count != estimator.feature_count {
        return Err(invalid(format_args!("it is of another kind, or has other features")));
    }
    if task == Task::Classification && member.class_count()? != estimator.class_count()? {
        return Err(invalid(format_args!("it has other classes")));
    }
    Member::of(parts, None, false)
}

/// The weights of the members that were not dropped; none where all weigh the same.
fn weights(estimator: &Estimator, count: usize) -> Result<Vec<f64>> {
    let values = estimator.values;
    if values.attribute(estimator.id, "weights")?.is_none_or(|weights| values.is_none(weights)) {
        return Ok(Vec::new());
    }
    let all = estimator.numbers("weights")?;
    let named = estimator.required("estimators")?;
    let named = values.sequence(named).ok_or_else(|| invalid(format_args!("estimators is no list")))?;
    if all.len() != named.len() {
        return Err(invalid(format_args!("{} weights for {} estimators", all.len(), named.len())));
    }
    let is_kept = |&id: &Id| {
        let member = values.sequence(id).and_then(|pair| pair.get(1));
        member.is_none_or(|&member| values.text(member) != Some("drop"))
    };
    let weights: Vec<f64> =
        all.into_iter().zip(named).filter(|(_, id)| is_kept(id)).map(|(weight, _)| weight).collect();
    if weights.len() != count || !weights.iter().all(|weight| weight.is_finite()) || numpy_sum(&weights) == 0.0 {
        return Err(invalid(format_args!("the weights are not one finite number for each estimator, or come to 0")));
    }
    Ok(weights)
}
