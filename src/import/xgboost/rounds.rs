//! Which of a file's trees count: those of the rounds up to the best one.

use super::attributes::Attributes;
use super::file::Trees;
use super::parameter;
use super::version::Version;
use crate::error::{Result, invalid};
use crate::import::Options;

/// Drops the trees after the best round, as XGBoost's scikit-learn wrapper does, unless all are asked for. How many rounds
/// are left of how many, if not all are.
pub(super) fn keep(
    trees: &mut Trees,
    output_count: usize,
    attributes: &Attributes,
    version: Version,
    options: &Options,
) -> Result<Option<(usize, usize)>> {
    let count = trees.trees.len();
    let claimed = parameter::<usize>("num_trees", &trees.gbtree_model_param.num_trees)?;
    if claimed != count {
        return Err(invalid(format_args!("num_trees is {claimed}; the file has {count} trees")));
    }
    if trees.tree_info.len() != count {
        return Err(invalid(format_args!("tree_info has {} entries for {count} trees", trees.tree_info.len())));
    }
    for (index, &output) in trees.tree_info.iter().enumerate() {
        if !usize::try_from(output).is_ok_and(|output| output < output_count) {
            return Err(invalid(format_args!("it is of output {output}; the model has {output_count}"))
                .at(format_args!("tree {index}")));
        }
    }
    let best = match attributes.get("best_iteration") {
        // What 1.7 writes of a booster that was trained for no round.
        Some(text) if text == "-1" && count == 0 => None,
        Some(text) => Some(parameter::<usize>("best_iteration", text)?),
        None => None,
    };
    // Of each class: in the file from 1.4 to 1.7, before only where the wrapper wrote it.
    let limit = match attributes.get("best_ntree_limit") {
        Some(text) => Some(parameter::<usize>("best_ntree_limit", text)?),
        None => attributes.wrapper().best_ntree_limit,
    };
    let starts = round_starts(trees, output_count, best.zip(limit))?;
    let end = match (best, limit) {
        _ if options.all_trees => count,
        (Some(best), _) if version.follows_best_iteration() => {
            let end = best.checked_add(1).and_then(|end| starts.get(end));
            *end.ok_or_else(|| {
                invalid(format_args!("best_iteration is {best}; the file has {} rounds", starts.len() - 1))
            })?
        }
        // 0 is no limit, and one of more trees than there are none either.
        (_, Some(limit @ 1..)) if !version.follows_best_iteration() => limit.saturating_mul(output_count).min(count),
        _ => count,
    };
    trees.trees.truncate(end);
    trees.tree_info.truncate(end);
    Ok((end < count).then(|| (starts.partition_point(|&start| start < end), starts.len() - 1)))
}

/// The first tree of each round, and the count of trees after the last. In the file since 2.0.
fn round_starts(trees: &Trees, output_count: usize, best: Option<(usize, usize)>) -> Result<Vec<usize>> {
    let count = trees.trees.len();
    if let Some(starts) = trees.iteration_indptr.as_ref().filter(|starts| !starts.is_empty()) {
        let fault = || invalid(format_args!("iteration_indptr does not ascend from 0 to {count}, the number of trees"));
        let starts = starts.iter().map(|&start| usize::try_from(start).ok()).collect::<Option<Vec<_>>>();
        let starts = starts.ok_or_else(fault)?;
        if starts[0] != 0 || starts.last() != Some(&count) || starts.windows(2).any(|pair| pair[0] > pair[1]) {
            return Err(fault());
        }
        return Ok(starts);
    }
    let parallel = match (&trees.gbtree_model_param.num_parallel_tree, best) {
        (Some(text), _) => parameter::<usize>("num_parallel_tree", text)?.max(1),
        // Before 1.6 files say at best how many trees the best rounds have, not how many a round has. 1.4 and 1.5 lose it
        // themselves: a forest that they have saved and loaded predicts with fewer trees than before. Here it is as trained.
        (None, Some((best, limit))) => best.checked_add(1).map_or(1, |rounds| limit / rounds).max(1),
        (None, None) => 1,
    };
    let step = parallel.saturating_mul(output_count);
    if !count.is_multiple_of(step) {
        return Err(invalid(format_args!("{count} trees are not whole rounds of {step}")));
    }
    Ok((0..=count).step_by(step).collect())
}
