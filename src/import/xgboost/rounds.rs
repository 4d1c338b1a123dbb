//! Which of a file's trees count: those of the rounds up to the best one.

use std::collections::BTreeMap;

use super::file::Trees;
use super::parameter;
use crate::error::{Result, invalid};
use crate::import::Options;

/// Drops the trees after the best round, as XGBoost's scikit-learn wrapper does, unless all are asked for.
pub(super) fn keep(
    trees: &mut Trees,
    output_count: usize,
    attributes: &BTreeMap<String, String>,
    options: &Options,
) -> Result<()> {
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
    let starts = round_starts(trees, output_count)?;
    let Some(text) = attributes.get("best_iteration").filter(|_| !options.all_trees) else {
        return Ok(());
    };
    let best = parameter::<usize>("best_iteration", text)?;
    let Some(&end) = best.checked_add(1).and_then(|end| starts.get(end)) else {
        return Err(invalid(format_args!("best_iteration is {best}; the file has {} rounds", starts.len() - 1)));
    };
    trees.trees.truncate(end);
    trees.tree_info.truncate(end);
    Ok(())
}

/// The first tree of each round, and the count of trees after the last. In the file since 2.0.
fn round_starts(trees: &Trees, output_count: usize) -> Result<Vec<usize>> {
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
    let text = trees.gbtree_model_param.num_parallel_tree.as_deref().unwrap_or("1");
    let parallel = parameter::<usize>("num_parallel_tree", text)?.max(1);
    let step = parallel.saturating_mul(output_count);
    if !count.is_multiple_of(step) {
        return Err(invalid(format_args!("{count} trees are not whole rounds of {step}")));
    }
    Ok((0..=count).step_by(step).collect())
}
