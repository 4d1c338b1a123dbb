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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::import::reader::take::of_json;

    /// As many trees as there are outputs of trees, of a file that says this of itself.
    fn file(outputs: &[i64], parameters: Value, starts: Option<&[i64]>) -> Trees {
        let tree = json!({
            "tree_param": { "num_nodes": "1" }, "left_children": [-1], "right_children": [-1], "split_indices": [0],
            "split_conditions": [0.5], "default_left": [0],
        });
        let file = json!({
            "gbtree_model_param": parameters, "trees": vec![tree; outputs.len()], "tree_info": outputs, "iteration_indptr": starts,
        });
        of_json(file.to_string().as_bytes()).expect("trees")
    }

    fn attributes(texts: &[(&str, &str)]) -> Attributes {
        let texts: serde_json::Map<String, Value> =
            texts.iter().map(|&(name, text)| (name.to_owned(), Value::from(text))).collect();
        of_json(Value::from(texts).to_string().as_bytes()).expect("texts")
    }

    /// How many trees are kept, and of how many rounds how many.
    fn kept(
        mut trees: Trees,
        output_count: usize,
        texts: &[(&str, &str)],
        numbers: [i64; 2],
        all_trees: bool,
    ) -> std::result::Result<(usize, Option<(usize, usize)>), String> {
        let version = Version::of(Some(&numbers)).expect("a version");
        let options = Options { all_trees, ..Options::default() };
        let left = keep(&mut trees, output_count, &attributes(texts), version, &options);
        let left = left.map_err(|error| error.to_string())?;
        assert_eq!(trees.trees.len(), trees.tree_info.len());
        Ok((trees.trees.len(), left))
    }

    fn plain(count: usize) -> Trees {
        file(&vec![0; count], json!({ "num_trees": count.to_string() }), None)
    }

    #[test]
    fn rounds_after_the_best_one_are_left_out() {
        let best = [("best_iteration", "2")];
        assert_eq!(kept(plain(5), 1, &best, [3, 2], false), Ok((3, Some((3, 5)))));
        assert_eq!(kept(plain(5), 1, &best, [3, 2], true), Ok((5, None)));
        assert_eq!(kept(plain(3), 1, &best, [3, 2], false), Ok((3, None)));
        assert_eq!(kept(plain(5), 1, &[], [3, 2], false), Ok((5, None)));
        let error = "best_iteration is 2; the file has 2 rounds".to_owned();
        assert_eq!(kept(plain(2), 1, &best, [3, 2], false), Err(error));
        // Three outputs are three trees a round.
        let several = file(&[0, 1, 2, 0, 1, 2], json!({ "num_trees": "6" }), None);
        assert_eq!(kept(several, 3, &[("best_iteration", "0")], [3, 2], false), Ok((3, Some((1, 2)))));
        let forest = file(&[0; 6], json!({ "num_trees": "6", "num_parallel_tree": "3" }), None);
        assert_eq!(kept(forest, 1, &[("best_iteration", "0")], [1, 7], false), Ok((3, Some((1, 2)))));
    }

    #[test]
    fn before_1_4_what_the_wrapper_wrote_counts_alone() {
        assert_eq!(kept(plain(5), 1, &[("best_iteration", "2")], [1, 3], false), Ok((5, None)));
        let limited = [("best_iteration", "2"), ("best_ntree_limit", "3")];
        assert_eq!(kept(plain(5), 1, &limited, [1, 3], false), Ok((3, Some((3, 5)))));
        let other = [("best_iteration", "0"), ("best_ntree_limit", "3")];
        // Since 1.4 the best round counts, whatever the limit.
        assert_eq!(kept(plain(3), 1, &other, [1, 3], false), Ok((3, None)));
        let wrapper = [("scikit_learn", "{\"best_ntree_limit\": 2, \"missing\": NaN}")];
        assert_eq!(kept(plain(5), 1, &wrapper, [1, 3], false), Ok((2, Some((2, 5)))));
        assert_eq!(kept(plain(5), 1, &wrapper, [1, 4], false), Ok((5, None)));
        for no_limit in ["0", "7"] {
            assert_eq!(kept(plain(5), 1, &[("best_ntree_limit", no_limit)], [1, 3], false), Ok((5, None)));
        }
    }

    #[test]
    fn only_a_booster_of_no_rounds_has_a_best_one_of_minus_one() {
        let none = [("best_iteration", "-1")];
        assert_eq!(kept(plain(0), 1, &none, [1, 7], false), Ok((0, None)));
        assert!(kept(plain(1), 1, &none, [1, 7], false).is_err());
        assert!(kept(plain(0), 1, &[("best_iteration", "-2")], [1, 7], false).is_err());
    }

    #[test]
    fn trees_are_as_many_as_is_said_and_of_outputs_that_there_are() {
        let count = json!({ "num_trees": "2" });
        for (outputs, wrong) in [(vec![0, 2], 2), (vec![0, -1], -1)] {
            let message = format!("tree 1: it is of output {wrong}; the model has 2");
            assert_eq!(kept(file(&outputs, count.clone(), None), 2, &[], [3, 2], false), Err(message));
        }
        assert_eq!(kept(file(&[0, 1], count.clone(), None), 2, &[], [3, 2], false), Ok((2, None)));
        let other = Err("num_trees is 2; the file has 3 trees".to_owned());
        assert_eq!(kept(file(&[0; 3], count, None), 1, &[], [3, 2], false), other);
    }

    #[test]
    fn rounds_are_as_the_file_says_if_it_ascends() {
        let count = json!({ "num_trees": "4" });
        let best = [("best_iteration", "1")];
        let of = |starts: &[i64]| kept(file(&[0; 4], count.clone(), Some(starts)), 1, &best, [3, 2], false);
        assert_eq!(of(&[0, 1, 3, 4]), Ok((3, Some((2, 3)))));
        // A round may have no tree.
        assert_eq!(of(&[0, 0, 3, 4]), Ok((3, Some((2, 3)))));
        assert_eq!(of(&[0, 4, 4]), Ok((4, None)));
        for broken in [&[0, 3, 1, 4][..], &[1, 3, 4], &[0, 1, 3], &[0, -1, 4], &[0, 1, 5]] {
            let error = of(broken).expect_err("no order");
            assert_eq!(error, "iteration_indptr does not ascend from 0 to 4, the number of trees", "{broken:?}");
        }
    }
}
