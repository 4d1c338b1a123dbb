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
    let covers: Vec<f64> = tree.sum_hessian.iter().map(|cover| cover.0.into()).collect();
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
                (false, None) => SourceTest::Below(tree.split_conditions[index].0.into()),
                (true, Some(set)) => SourceTest::InSet(set.into()),
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
                    unknown_for_missing(set.into_vec(), feature, missing, left, right)
                        .ok_or_else(|| node_fault(index, "it has more categories than are supported of XGBoost 1.6"))?
                }
                test => SourceNode::split(feature, test, missing, left, right),
            }
        });
    }
    let values = match tree.leaf_weights {
        _ if leaf_width == 1 => tree.split_conditions,
        Some(weights) => weights,
        None => tree.base_weights,
    };
    let values = values.into_iter().map(|value| value.0.into()).collect();
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
        return Some(SourceNode::split(feature, SourceTest::InSet(set.into()), missing, left, right));
    }
    let end = (set.last()? / WORD + 1) * WORD;
    if end > MOST {
        return None;
    }
    let others: Vec<u32> = (0..end).filter(|category| set.binary_search(category).is_err()).collect();
    Some(if others.is_empty() {
        // Nothing goes left: no value is below the least there is.
        SourceNode::split(feature, SourceTest::Below(f32::MIN.into()), missing, left, right)
    } else {
        let (test, missing) = (SourceTest::InSet(others.into()), MissingSide::Left);
        SourceNode::split(feature, test, missing, right, left)
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
            // It is a 32-bit float.
            let leaf = *value as f32;
            *value = f64::from(match dart {
                Dart::Product => leaf * weight,
                Dart::AroundBase => ((base + leaf) - base) * weight,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::import::reader::take::of_json;

    /// A split on categories, and two leaves.
    fn tree(edit: impl FnOnce(&mut Value)) -> Tree {
        let mut tree = json!({
            "tree_param": { "num_nodes": "3" }, "left_children": [1, -1, -1], "right_children": [2, -1, -1],
            "split_indices": [0, 0, 0], "split_conditions": [0.0, 1.5, 2.5], "default_left": [0, 0, 0],
            "split_type": [1, 0, 0], "categories": [3, 1, 3], "categories_nodes": [0], "categories_segments": [0],
            "categories_sizes": [3],
        });
        edit(&mut tree);
        of_json(tree.to_string().as_bytes()).expect("a tree")
    }

    fn read(tree: Tree, numbers: [i64; 2]) -> std::result::Result<SourceTree, String> {
        let version = Version::of(Some(&numbers)).expect("a version");
        source_tree(tree, 1, 0, version).map_err(|error| error.to_string())
    }

    /// The categories that a tree's root asks for, where a missing value goes, and its children.
    fn root(tree: &SourceTree) -> (&[u32], MissingSide, [i32; 2]) {
        match &tree.nodes[0] {
            SourceNode::Split { test: SourceTest::InSet(set), missing, left, right, .. } => {
                (set, *missing, [*left, *right])
            }
            _ => panic!("no set"),
        }
    }

    #[test]
    fn categories_are_compared_since_1_6_and_unknown_ones_since_1_7_as_others() {
        assert_eq!(root(&read(tree(|_| ()), [1, 7]).expect("a tree")), (&[1, 3][..], MissingSide::Right, [1, 2]));
        // In 1.6 all others of the words that hold the set go left, and what is in none of them goes with the missing.
        let old = read(tree(|_| ()), [1, 6]).expect("a tree");
        let others: Vec<u32> = (0..32).filter(|category| ![1, 3].contains(category)).collect();
        assert_eq!(root(&old), (&others[..], MissingSide::Left, [2, 1]));
        let left = |tree: &mut Value| tree["default_left"][0] = json!(1);
        assert_eq!(root(&read(tree(left), [1, 6]).expect("a tree")), (&[1, 3][..], MissingSide::Left, [1, 2]));
        let error = "node 0: splits on categories are supported from XGBoost 1.6 on".to_owned();
        assert_eq!(read(tree(|_| ()), [1, 5]).map(|_| ()), Err(error));
    }

    #[test]
    fn a_set_of_1_6_is_no_longer_than_can_be_listed() {
        let of = |last: u32| {
            let made = unknown_for_missing(vec![0, last], 0, MissingSide::Right, 1, 2)?;
            match made {
                SourceNode::Split { test: SourceTest::InSet(set), .. } => Some(set.len()),
                _ => None,
            }
        };
        assert_eq!(of(31), Some(30));
        assert_eq!(of(32), Some(62));
        assert_eq!(of((1 << 16) - 1), Some((1 << 16) - 2));
        assert_eq!(of(1 << 16), None);
        // A set of all categories of its words sends every value right.
        let all = unknown_for_missing((0..32).collect(), 0, MissingSide::Right, 1, 2).expect("a split");
        assert!(
            matches!(all, SourceNode::Split { test: SourceTest::Below(cut), left: 1, right: 2, .. } if cut == f64::from(f32::MIN))
        );
    }

    #[test]
    fn a_trees_categories_are_within_it_and_of_one_node_each() {
        let two = |segments: [i64; 2], sizes: [i64; 2]| {
            tree(|tree| {
                tree["categories_nodes"] = json!([0, 1]);
                tree["categories_segments"] = json!(segments);
                tree["categories_sizes"] = json!(sizes);
            })
        };
        let sets = |tree: &Tree| category_sets(tree, 3).map_err(|error| error.to_string());
        assert_eq!(sets(&two([0, 2], [2, 1])), Ok(vec![Some(vec![1, 3]), Some(vec![3]), None]));
        let shared = "node 1: its categories are another node's too".to_owned();
        assert_eq!(sets(&two([0, 1], [2, 2])), Err(shared));
        let outside = "node 1: its categories are not within the tree's".to_owned();
        assert_eq!(sets(&two([0, 2], [2, 2])), Err(outside));
        let category = |number: i64| sets(&tree(|tree| tree["categories"][1] = json!(number)));
        let last = i64::from(MAX_CATEGORY) - 1;
        assert_eq!(category(last), Ok(vec![Some(vec![3, last as u32]), None, None]));
        let refused = Err("node 0: a category is not a whole number from 0 to 16777215".to_owned());
        assert_eq!(category(last + 1), refused);
        assert_eq!(category(-1), refused);
    }

    #[test]
    fn weights_of_dart_are_taken_as_the_version_takes_them() {
        let tree = |output| SourceTree {
            nodes: Vec::new(),
            values: [0.1_f32, 1e-8].map(f64::from).to_vec(),
            output,
            covers: Vec::new(),
        };
        let dropped = |leaf_width, dart| {
            let mut trees = [tree(0), tree(1)];
            drop_out(&mut trees, &[0.3, 0.7], &[0.5, 2.0], leaf_width, dart).map_err(|error| error.to_string())?;
            Ok(trees.map(|tree| tree.values))
        };
        let product =
            [[0.1_f32 * 0.3, 1e-8 * 0.3], [0.1 * 0.7, 1e-8 * 0.7]].map(|leaves| leaves.map(f64::from).to_vec());
        assert_eq!(dropped(1, Dart::Product), Ok(product.clone()));
        assert_eq!(dropped(2, Dart::Product), Ok(product));
        let around = |base: f32, leaf: f32, weight: f32| ((base + leaf) - base) * weight;
        let expected = [[0.5, 0.3], [2.0, 0.7]]
            .map(|[base, weight]| [0.1, 1e-8].map(|leaf| around(base, leaf, weight).into()).to_vec());
        assert_eq!(dropped(1, Dart::AroundBase), Ok(expected));
        let refused = "the booster \"dart\" with vector leaves is not supported before XGBoost 3.3".to_owned();
        assert_eq!(dropped(2, Dart::AroundBase), Err(refused));
    }
}
