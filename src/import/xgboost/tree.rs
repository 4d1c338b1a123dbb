//! One tree of XGBoost's.

use super::file::Tree;
use super::parameter;
use super::version::{Dart, Version};
use crate::error::{Result, invalid, unsupported};
use crate::forest::{MAX_CATEGORY, MissingSide};
use crate::import::source::{SourceNode, SourceTest, SourceTree};

/// What XGBoost writes for the feature of a pruned node.
const DELETED_FEATURE: i64 = i32::MAX as i64;
const NO_CHILD: i64 = -1;

/// How many numbers a leaf has: 1, or one for each output; the same in every tree.
pub(super) fn leaf_width(trees: &[Tree], output_count: usize) -> Result<usize> {
    let mut width = None;
    for (index, tree) in trees.iter().enumerate() {
        let text = tree.tree_param.size_leaf_vector.as_deref().unwrap_or("1");
        // 1.x writes 0 for a leaf of one number.
        let size = parameter::<usize>("size_leaf_vector", text)?.max(1);
        if size != 1 && size != output_count {
            return Err(invalid(format_args!("size_leaf_vector is {size}; the model has {output_count} outputs"))
                .at(format_args!("tree {index}")));
        }
        if *width.get_or_insert(size) != size {
            return Err(invalid(format_args!("size_leaf_vector is {size}, unlike in the trees before"))
                .at(format_args!("tree {index}")));
        }
    }
    Ok(width.unwrap_or(1))
}

/// The tree in the form that all importers share.
pub(super) fn source_tree(tree: Tree, leaf_width: usize, output: i64, version: Version) -> Result<SourceTree> {
    let count = parameter::<usize>("num_nodes", &tree.tree_param.num_nodes)?;
    for (name, length) in [
        ("left_children", tree.left_children.len()),
        ("right_children", tree.right_children.len()),
        ("split_indices", tree.split_indices.len()),
        ("split_conditions", tree.split_conditions.len()),
        ("default_left", tree.default_left.len()),
    ] {
        if length != count {
            return Err(invalid(format_args!("{name} has {length} entries; num_nodes is {count}")));
        }
    }
    let covers: Vec<f32> = tree.sum_hessian.iter().map(|cover| cover.0).collect();
    if !covers.is_empty() && covers.len() != count {
        return Err(invalid(format_args!("sum_hessian has {} entries; num_nodes is {count}", covers.len())));
    }
    if leaf_width == 1 && tree.leaf_weights.is_some() {
        return Err(invalid(format_args!("leaf_weights beside leaves of one number")));
    }
    let sets = category_sets(&tree, count)?;
    let mut nodes = Vec::with_capacity(count);
    for (index, set) in sets.into_iter().enumerate() {
        let (left, right) = (tree.left_children[index], tree.right_children[index]);
        let feature = tree.split_indices[index];
        // Among vector leaves the right child is the leaf's number.
        let is_leaf = left == NO_CHILD && (right == NO_CHILD || tree.leaf_weights.is_some());
        nodes.push(if is_leaf && leaf_width == 1 && feature == DELETED_FEATURE {
            SourceNode::Deleted
        } else if is_leaf {
            let first_value = match &tree.leaf_weights {
                _ if leaf_width == 1 => Some(index),
                Some(_) => usize::try_from(right).ok().and_then(|leaf| leaf.checked_mul(leaf_width)),
                None => Some(index * leaf_width),
            };
            // What does not exist is refused when the tree is walked.
            SourceNode::Leaf { first_value: first_value.unwrap_or(usize::MAX) }
        } else {
            let categorical = tree.split_type.get(index).is_some_and(|&kind| kind != 0);
            let test = match (categorical, set) {
                (false, None) => SourceTest::Below(tree.split_conditions[index].0),
                (true, Some(set)) => SourceTest::InSet(set),
                (true, None) => return Err(node_fault(index, "it splits on categories and has none")),
                (false, Some(_)) => return Err(node_fault(index, "it has categories and does not split on them")),
            };
            let missing = if tree.default_left[index].is_set() { MissingSide::Left } else { MissingSide::Right };
            match test {
                SourceTest::InSet(_) if !version.compares_categories() => {
                    return Err(unsupported(format_args!("splits on categories are supported from XGBoost 1.6 on"))
                        .at(format_args!("node {index}")));
                }
                SourceTest::InSet(set) if version.takes_unknown_categories_for_missing() => {
                    unknown_for_missing(set, feature, missing, left, right)
                        .ok_or_else(|| node_fault(index, "it has more categories than are supported of XGBoost 1.6"))?
                }
                test => SourceNode::Split { feature, test, missing, left, right },
            }
        });
    }
    let values = match tree.leaf_weights {
        _ if leaf_width == 1 => tree.split_conditions,
        Some(weights) => weights,
        None => tree.base_weights,
    };
    let values = values.into_iter().map(|value| value.0).collect();
    Ok(SourceTree { nodes, values, output: output as u32, covers })
}

/// A split of 1.6: there a category beyond the words of 32 bits that hold the set goes the way of a missing one, and a
/// negative one too; since then they go left. Where missing goes right, the categories that go left are asked for instead, and
/// the sides change places. `None` where they are too many to be listed.
fn unknown_for_missing(set: Vec<u32>, feature: i64, missing: MissingSide, left: i64, right: i64) -> Option<SourceNode> {
    const WORD: u32 = 32;
    /// Ten times as many as any feature may have by default; a file of some bytes could ask for 16 million.
    const MOST: u32 = 1 << 16;
    if missing == MissingSide::Left {
        return Some(SourceNode::Split { feature, test: SourceTest::InSet(set), missing, left, right });
    }
    let end = (set.last()? / WORD + 1) * WORD;
    if end > MOST {
        return None;
    }
    let others: Vec<u32> = (0..end).filter(|category| set.binary_search(category).is_err()).collect();
    Some(if others.is_empty() {
        // Nothing goes left: no value is below the least there is.
        SourceNode::Split { feature, test: SourceTest::Below(f32::MIN), missing, left, right }
    } else {
        let (test, missing) = (SourceTest::InSet(others), MissingSide::Left);
        SourceNode::Split { feature, test, missing, left: right, right: left }
    })
}

fn node_fault(index: usize, message: &str) -> crate::error::Error {
    invalid(format_args!("{message}")).at(format_args!("node {index}"))
}

/// The categories that each node sends right.
fn category_sets(tree: &Tree, count: usize) -> Result<Vec<Option<Vec<u32>>>> {
    let mut sets = vec![None; count];
    let lengths = [tree.categories_nodes.len(), tree.categories_segments.len(), tree.categories_sizes.len()];
    if lengths.iter().any(|&length| length != lengths[0]) {
        return Err(invalid(format_args!(
            "categories_nodes, categories_segments and categories_sizes have {lengths:?} entries, not as many each"
        )));
    }
    let mut used = 0_usize;
    for (entry, &node) in tree.categories_nodes.iter().enumerate() {
        let slot = usize::try_from(node).ok().and_then(|node| sets.get_mut(node));
        let Some(slot) = slot.filter(|slot| slot.is_none()) else {
            return Err(invalid(format_args!("categories_nodes names node {node} twice, or it does not exist")));
        };
        let range = usize::try_from(tree.categories_segments[entry])
            .ok()
            .zip(usize::try_from(tree.categories_sizes[entry]).ok())
            .and_then(|(start, size)| tree.categories.get(start..)?.get(..size));
        let Some(range) = range else {
            return Err(node_fault(node as usize, "its categories are not within the tree's"));
        };
        // The segments of a file do not overlap; ones that did could make much of little.
        used += range.len();
        if used > tree.categories.len() {
            return Err(node_fault(node as usize, "its categories are another node's too"));
        }
        let set =
            range.iter().map(|&category| u32::try_from(category).ok().filter(|&category| category < MAX_CATEGORY));
        let Some(mut set) = set.collect::<Option<Vec<u32>>>() else {
            return Err(node_fault(node as usize, "a category is not a whole number from 0 to 16777215"));
        };
        set.sort_unstable();
        set.dedup();
        *slot = Some(set);
    }
    Ok(sets)
}

/// Takes the trees' `dart` weights into their leaves, as this version does.
pub(super) fn drop_out(
    trees: &mut [SourceTree],
    weights: &[f32],
    base_margins: &[f32],
    leaf_width: usize,
    dart: Dart,
) -> Result<()> {
    if leaf_width > 1 && dart == Dart::AroundBase {
        return Err(unsupported(format_args!(
            "the booster \"dart\" with vector leaves is not supported before XGBoost 3.3"
        )));
    }
    for (tree, weight) in trees.iter_mut().zip(weights) {
        let base = base_margins[tree.output as usize];
        for value in &mut tree.values {
            *value = match dart {
                Dart::Product => *value * weight,
                Dart::AroundBase => ((base + *value) - base) * weight,
            };
        }
    }
    Ok(())
}

/// Puts the base margins behind the trees: a tree of one leaf for each output, the sums beginning at 0. So XGBoost adds up
/// before 1.3: `base + (0 + leaf + leaf + …)`.
pub(super) fn base_last(trees: &mut Vec<SourceTree>, base_margins: &mut [f32]) {
    // Its cover is that of any root: a tree of one leaf gives no feature anything.
    if trees.is_empty() {
        // 0 is added all the same: -0.0 becomes 0.0.
        return base_margins.iter_mut().for_each(|base| *base += 0.0);
    }
    let cover: Vec<f32> = trees.first().and_then(|tree| tree.covers.first()).copied().into_iter().collect();
    for (output, base) in base_margins.iter_mut().enumerate() {
        let value = std::mem::replace(base, 0.0);
        // Adding 0 changes no sum, as none is -0.0 that begins with 0.0.
        if value != 0.0 {
            let (nodes, values) = (vec![SourceNode::Leaf { first_value: 0 }], vec![value]);
            trees.push(SourceTree { nodes, values, output: output as u32, covers: cover.clone() });
        }
    }
}
