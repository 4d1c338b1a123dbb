//! Trees as trainers write them, children by index and thresholds as numbers, → [`Forest`].
//!
//! This is where a foreign tree is checked: each child exists and has one parent, nothing goes round in circles,
//! features are in range and numbers finite. Work and memory are linear in the nodes, and no recursion follows the
//! file's depth.

use std::collections::BTreeMap;

use crate::error::{Result, invalid};
use crate::forest::{Column, Forest, MissingSide, Node};
use crate::link::Link;

/// One node of a trainer's tree.
pub(crate) enum SourceNode {
    /// Left if the value is below `threshold`.
    Split {
        feature: i64,
        threshold: f32,
        missing: MissingSide,
        left: i64,
        right: i64,
    },
    Leaf {
        value: f32,
    },
    /// Pruned by the trainer and left in its arrays: no walk may reach it.
    Deleted,
}

/// One trainer's tree; node 0 is the root.
pub(crate) struct SourceTree(pub(crate) Vec<SourceNode>);

/// The forest of these trees, every comparison turned into codes.
///
/// # Errors
/// `invalid_model`, naming tree and node.
pub(crate) fn forest(trees: &[SourceTree], feature_count: usize, base_margin: f32, link: Link) -> Result<Forest> {
    let mut preorders = Vec::with_capacity(trees.len());
    for (index, tree) in trees.iter().enumerate() {
        preorders.push(preorder(tree, feature_count).map_err(|error| error.at(format_args!("tree {index}")))?);
    }
    let columns = columns(trees, &preorders);
    let positions: BTreeMap<(u32, MissingSide), usize> =
        columns.iter().enumerate().map(|(position, column)| ((column.feature, column.missing), position)).collect();

    let mut nodes: Vec<Node> = Vec::with_capacity(preorders.iter().map(Vec::len).sum());
    let mut pending: Vec<usize> = Vec::new();
    for (tree, order) in trees.iter().zip(&preorders) {
        for &source in order {
            let index = nodes.len();
            match tree.0[source] {
                SourceNode::Split { feature, threshold, missing, .. } => {
                    let position = positions[&(feature as u32, missing)];
                    let rank = columns[position].cuts.partition_point(|&cut| cut < threshold);
                    pending.push(index);
                    nodes.push(Node::Split { column: position as u32, rank: rank as u32, right: 0 });
                }
                SourceNode::Leaf { value } => {
                    nodes.push(Node::Leaf { value });
                    if let Some(parent) = pending.pop()
                        && let Node::Split { right, .. } = &mut nodes[parent]
                    {
                        *right = index as u32 + 1;
                    }
                }
                SourceNode::Deleted => {}
            }
        }
    }
    Forest::new(columns, nodes, base_margin, link)
}

/// The order in which a walk meets the nodes, left before right. Checks everything that a walk relies on.
fn preorder(tree: &SourceTree, feature_count: usize) -> Result<Vec<usize>> {
    let nodes = &tree.0;
    if nodes.is_empty() {
        return Err(invalid(format_args!("it has no nodes")));
    }
    let mut order = Vec::with_capacity(nodes.len());
    let mut parents: Vec<Option<usize>> = vec![None; nodes.len()];
    let mut stack = vec![0];
    while let Some(index) = stack.pop() {
        order.push(index);
        let fault = |message| Err(invalid(message).at(format_args!("node {index}")));
        match nodes[index] {
            SourceNode::Deleted => return fault(format_args!("a deleted node is in use")),
            SourceNode::Leaf { value } if !value.is_finite() => return fault(format_args!("the leaf is {value}")),
            SourceNode::Leaf { .. } => {}
            SourceNode::Split { feature, threshold, left, right, .. } => {
                if !threshold.is_finite() {
                    return fault(format_args!("the threshold is {threshold}"));
                }
                if !usize::try_from(feature).is_ok_and(|feature| feature < feature_count) {
                    return fault(format_args!("feature {feature} does not exist; the model has {feature_count}"));
                }
                for child in [right, left] {
                    let Some(child) = usize::try_from(child).ok().filter(|&child| child < nodes.len()) else {
                        return fault(format_args!("child {child} does not exist; the tree has {} nodes", nodes.len()));
                    };
                    // The root has no parent, and any other node has one: so no node is met twice, and no walk
                    // goes in a circle.
                    if child == 0 {
                        return fault(format_args!("its child is the root: a cycle"));
                    }
                    if let Some(other) = parents[child].replace(index) {
                        return fault(format_args!("child {child} is already a child of node {other}"));
                    }
                    stack.push(child);
                }
            }
        }
    }
    if let Some(lost) = (1..nodes.len()).find(|&index| parents[index].is_none() && !nodes[index].is_deleted()) {
        return Err(invalid(format_args!("no path from the root leads here")).at(format_args!("node {lost}")));
    }
    Ok(order)
}

/// The code columns that the trees' splits need.
fn columns(trees: &[SourceTree], preorders: &[Vec<usize>]) -> Vec<Column> {
    let mut cuts: BTreeMap<(u32, MissingSide), Vec<f32>> = BTreeMap::new();
    for (tree, order) in trees.iter().zip(preorders) {
        for &index in order {
            if let SourceNode::Split { feature, threshold, missing, .. } = tree.0[index] {
                // -0.0 and 0.0 compare alike; adding zero leaves the one bit pattern.
                cuts.entry((feature as u32, missing)).or_default().push(threshold + 0.0);
            }
        }
    }
    cuts.into_iter()
        .map(|((feature, missing), mut cuts)| {
            cuts.sort_unstable_by(f32::total_cmp);
            cuts.dedup();
            Column { feature, missing, cuts }
        })
        .collect()
}

impl SourceNode {
    fn is_deleted(&self) -> bool {
        matches!(self, Self::Deleted)
    }
}
