//! Trees as trainers write them, children by index and thresholds as numbers, → [`Forest`].
//!
//! This is where a foreign tree is checked: each child exists and has one parent, nothing goes round in circles,
//! features are in range and numbers finite. Work and memory are linear in the nodes, and no recursion follows the
//! file's depth.

use std::collections::BTreeMap;

use crate::codes::columns::{Columns, Wanted};
use crate::combination::{Combination, Step};
use crate::dialect::Dialect;
use crate::error::{Result, invalid, unsupported};
use crate::finish::Finish;
use crate::forest::{Base, Forest, MAX_NODES, MissingSide, Parts, Split};
use crate::link::Link;
use crate::narrowing::{self, Input, Wide};
use crate::numbers::{Numbers, Precision};

/// One node of a trainer's tree. All trees of a file are in memory at once, so it is small: half of what it was with wide indices and a
/// vector in it.
pub(crate) enum SourceNode {
    /// Left or right by the answer to `test`.
    Split { feature: i32, test: SourceTest, missing: MissingSide, left: i32, right: i32 },
    /// What it adds begins here among the tree's values.
    Leaf { first_value: usize },
    /// Pruned by the trainer and left in its arrays: no walk may reach it.
    Deleted,
}

/// What a split asks.
pub(crate) enum SourceTest {
    /// Below this threshold goes left: on the numbers that the feature's [`Input`] makes of values. An infinite one is the same for all of
    /// them, so that only what is missing is told apart.
    Below(f64),
    /// One of these categories, ascending, goes right.
    InSet(Box<[u32]>),
}

/// Beside each number of a file stand at most so many bytes of nodes.
const _: () = assert!(size_of::<SourceNode>() == 32);

impl SourceNode {
    /// A split, of a file's numbers. An index that is beyond 32 bits is as far as these go: no tree has so many nodes, nor a model
    /// features.
    pub(crate) fn split(feature: i64, test: SourceTest, missing: MissingSide, left: i64, right: i64) -> Self {
        let index = |number: i64| number.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        Self::Split { feature: index(feature), test, missing, left: index(left), right: index(right) }
    }
}

/// One trainer's tree; node 0 is the root.
pub(crate) struct SourceTree {
    pub(crate) nodes: Vec<SourceNode>,
    /// What the leaves add: as many numbers for each as the forest's leaves have.
    pub(crate) values: Vec<f64>,
    /// The output that the tree adds to.
    pub(crate) output: u32,
    /// How much of the training data came to each node; empty where the file does not say.
    pub(crate) covers: Vec<f64>,
}

/// What else a forest needs.
pub(crate) struct Frame {
    pub(crate) feature_count: usize,
    /// How many numbers a leaf has: 1, one for each output, or one for each of a group of outputs.
    pub(crate) leaf_width: usize,
    /// The type of leaves, their sums and the answers.
    pub(crate) precision: Precision,
    /// One for each output.
    pub(crate) base_margins: Vec<f64>,
    pub(crate) base: Base,
    pub(crate) finish: Finish,
    pub(crate) link: Link,
    /// How each feature's values are seen before they are compared; none where all are [`Input::Single`].
    pub(crate) inputs: Vec<Input>,
    /// What makes predictions of several estimators' sums; none if the link does it.
    pub(crate) steps: Vec<Step>,
}

impl Frame {
    /// Of a trainer that computes in 32-bit floats.
    pub(crate) fn single(
        feature_count: usize,
        leaf_width: usize,
        base_margins: &[f32],
        base: Base,
        link: Link,
    ) -> Self {
        Self {
            feature_count,
            leaf_width,
            precision: Precision::Single,
            base_margins: base_margins.iter().map(|&margin| margin.into()).collect(),
            base,
            finish: Finish::PLAIN,
            link,
            inputs: Vec::new(),
            steps: Vec::new(),
        }
    }
}

/// The forest of these trees, every comparison turned into codes; and the covers of its leaves, where all trees have
/// them and none is negative.
///
/// # Errors
/// `invalid_model`, naming tree and node.
pub(crate) fn forest(trees: Vec<SourceTree>, frame: Frame) -> Result<(Forest, Option<Vec<f32>>)> {
    let mut preorders = Vec::with_capacity(trees.len());
    for (index, tree) in trees.iter().enumerate() {
        preorders.push(preorder(tree, &frame).map_err(|error| error.at(format_args!("tree {index}")))?);
    }
    let cuts = Cuts::of(&trees, &preorders, &frame)?;
    let columns = columns(&trees, &preorders, &cuts);

    let node_count = preorders.iter().map(Vec::len).sum();
    let mut nodes: Vec<Option<Split>> = Vec::with_capacity(node_count);
    for (tree, order) in trees.iter().zip(&preorders) {
        for &source in order {
            nodes.push(match &tree.nodes[source as usize] {
                SourceNode::Split { feature, test, missing, .. } => {
                    let (column, rank) = match test {
                        SourceTest::Below(threshold) => {
                            columns.place(*feature as u32, cuts.narrowed(*feature as u32, *threshold))
                        }
                        SourceTest::InSet(set) => (columns.place_of_set(*feature as u32, set), 0),
                    };
                    Some(Split { column, rank, missing: *missing })
                }
                // `preorder` refuses a walk that comes to a node that was deleted.
                SourceNode::Leaf { .. } | SourceNode::Deleted => None,
            });
        }
    }
    let combination = (!frame.steps.is_empty()).then(|| Combination::new(frame.steps));
    let columns = columns.columns;
    let tree_outputs = trees.iter().map(|tree| tree.output).collect();
    let leaf_count = (node_count + trees.len()) / 2;
    let mut leaves = Vec::with_capacity(leaf_count * frame.leaf_width);
    let mut covers = Vec::with_capacity(leaf_count);
    // Each tree goes when it is taken: it takes more memory than its part of the forest.
    for (tree, order) in trees.into_iter().zip(preorders) {
        for source in order {
            if let SourceNode::Leaf { first_value } = tree.nodes[source as usize] {
                leaves.extend_from_slice(&tree.values[first_value..][..frame.leaf_width]);
                covers.extend(tree.covers.get(source as usize).map(|&cover| cover as f32));
            }
        }
    }
    let forest = Forest::new(Parts {
        columns,
        nodes,
        leaves: Numbers::of(frame.precision, leaves),
        tree_outputs,
        base_margins: Numbers::of(frame.precision, frame.base_margins),
        base: frame.base,
        link: frame.link,
        dialect: Dialect::new(frame.finish, cuts.wide).with_combination(combination),
    })?;
    // Answers need none. `survival:cox` has second derivatives below 0, and so covers that are: nothing is explained by those.
    let are_covers = covers.len() == leaf_count && covers.iter().all(|cover| cover.is_finite() && *cover >= 0.0);
    Ok((forest, are_covers.then_some(covers)))
}

/// The order in which a walk meets the nodes, left before right. Checks everything that a walk relies on.
fn preorder(tree: &SourceTree, frame: &Frame) -> Result<Vec<u32>> {
    /// No node's.
    const NONE: u32 = u32::MAX;
    let nodes = &tree.nodes;
    if nodes.is_empty() {
        return Err(invalid(format_args!("it has no nodes")));
    }
    if nodes.len() > MAX_NODES {
        return Err(invalid(format_args!("it has {} nodes; a model has at most {MAX_NODES}", nodes.len())));
    }
    let mut order = Vec::with_capacity(nodes.len());
    let mut parents: Vec<u32> = vec![NONE; nodes.len()];
    let mut stack: Vec<u32> = vec![0];
    while let Some(node) = stack.pop() {
        order.push(node);
        let index = node as usize;
        let fault = |message| Err(invalid(message).at(format_args!("node {index}")));
        match &nodes[index] {
            SourceNode::Deleted => return fault(format_args!("a deleted node is in use")),
            SourceNode::Leaf { first_value } => {
                let values = tree.values.get(*first_value..).and_then(|values| values.get(..frame.leaf_width));
                let Some(values) = values else {
                    return fault(format_args!("its leaf values do not exist"));
                };
                if let Some(value) = values.iter().find(|value| !value.is_finite()) {
                    return fault(format_args!("the leaf is {value}"));
                }
            }
            SourceNode::Split { feature, test, left, right, .. } => {
                match test {
                    SourceTest::Below(threshold) if threshold.is_nan() => {
                        return fault(format_args!("the threshold is {threshold}"));
                    }
                    SourceTest::InSet(set) if set.is_empty() => {
                        return fault(format_args!("its set of categories is empty"));
                    }
                    _ => {}
                }
                if !usize::try_from(*feature).is_ok_and(|feature| feature < frame.feature_count) {
                    return fault(format_args!(
                        "feature {feature} does not exist; the model has {}",
                        frame.feature_count
                    ));
                }
                for child in [right, left] {
                    let Some(child) = usize::try_from(*child).ok().filter(|&child| child < nodes.len()) else {
                        return fault(format_args!("child {child} does not exist; the tree has {} nodes", nodes.len()));
                    };
                    // The root has no parent, and any other node has one: so no node is met twice, and no walk
                    // goes in a circle.
                    if child == 0 {
                        return fault(format_args!("its child is the root: a cycle"));
                    }
                    match std::mem::replace(&mut parents[child], node) {
                        NONE => stack.push(child as u32),
                        other => return fault(format_args!("child {child} is already a child of node {other}")),
                    }
                }
            }
        }
    }
    if let Some(lost) = (1..nodes.len()).find(|&index| parents[index] == NONE && !nodes[index].is_deleted()) {
        return Err(invalid(format_args!("no path from the root leads here")).at(format_args!("node {lost}")));
    }
    Ok(order)
}

/// The code columns that the trees' splits need.
fn columns<'a>(trees: &'a [SourceTree], preorders: &[Vec<u32>], cuts: &Cuts) -> Columns<'a> {
    let mut wanted = Wanted::default();
    for (tree, order) in trees.iter().zip(preorders) {
        for &index in order {
            match &tree.nodes[index as usize] {
                SourceNode::Split { feature, test: SourceTest::Below(cut), .. } => {
                    wanted.cut(*feature as u32, cuts.narrowed(*feature as u32, *cut));
                }
                SourceNode::Split { feature, test: SourceTest::InSet(set), .. } => wanted.set(*feature as u32, set),
                _ => {}
            }
        }
    }
    wanted.columns()
}

/// The 32-bit cuts that stand for the trainer's: see `narrowing.rs`.
struct Cuts {
    wide: Vec<Wide>,
    /// Of the same features the cuts that stand for theirs.
    narrow: Vec<Vec<f32>>,
}

impl Cuts {
    fn of(trees: &[SourceTree], preorders: &[Vec<u32>], frame: &Frame) -> Result<Self> {
        let input = |feature: usize| frame.inputs.get(feature).copied().unwrap_or(Input::Single);
        // Of the features of 64 bits all cuts; of others those that are infinite.
        let mut cuts: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for (index, (tree, order)) in trees.iter().zip(preorders).enumerate() {
            for &node in order {
                let SourceNode::Split { feature, test, .. } = &tree.nodes[node as usize] else { continue };
                let fault = |message| {
                    Err(unsupported(message).at(format_args!("node {node}")).at(format_args!("tree {index}")))
                };
                match (input(*feature as usize), test) {
                    (Input::Double { .. }, SourceTest::Below(cut)) => {
                        cuts.entry(*feature as u32).or_default().push(*cut + 0.0);
                    }
                    (Input::Single, SourceTest::Below(cut)) if cut.is_infinite() => {
                        cuts.entry(*feature as u32).or_default();
                    }
                    (Input::Single, SourceTest::Below(cut)) if f64::from(*cut as f32) != *cut => {
                        return fault(format_args!("the threshold {cut} is no 32-bit float"));
                    }
                    // An infinite one tells apart only what is missing.
                    (Input::Whole | Input::Exact, SourceTest::Below(cut)) if cut.is_infinite() => {
                        cuts.entry(*feature as u32).or_default();
                    }
                    (Input::Whole | Input::Exact, SourceTest::InSet(_)) => {
                        cuts.entry(*feature as u32).or_default();
                    }
                    (Input::Whole | Input::Exact, SourceTest::Below(_))
                    | (Input::Double { .. }, SourceTest::InSet(_)) => {
                        return fault(format_args!("feature {feature} is compared as a number and as a category"));
                    }
                    _ => {}
                }
            }
        }
        // Zero is missing also where nothing is asked but that.
        let mut result = Self { wide: Vec::new(), narrow: Vec::new() };
        for (feature, mut own) in cuts {
            own.sort_by(f64::total_cmp);
            own.dedup();
            result.narrow.push(narrowing::narrowed(&own));
            result.wide.push(Wide { feature, input: input(feature as usize), cuts: own });
        }
        Ok(result)
    }

    /// What stands for a cut of a feature.
    fn narrowed(&self, feature: u32, cut: f64) -> f32 {
        let Ok(place) = self.wide.binary_search_by_key(&feature, |wide| wide.feature) else { return cut as f32 };
        match self.wide[place].cuts.binary_search_by(|other| other.total_cmp(&(cut + 0.0))) {
            Ok(rank) => self.narrow[place][rank],
            // Of a feature of 32 bits some cuts are infinite, and no value comes to what stands for these.
            Err(_) => (cut as f32).clamp(f32::MIN, f32::MAX),
        }
    }
}

impl SourceNode {
    fn is_deleted(&self) -> bool {
        matches!(self, Self::Deleted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(feature: i32, test: SourceTest, left: i32, right: i32) -> SourceNode {
        SourceNode::Split { feature, test, missing: MissingSide::Left, left, right }
    }

    fn leaf(first_value: usize) -> SourceNode {
        SourceNode::Leaf { first_value }
    }

    /// The forest of one tree, for a model of two features.
    fn made(nodes: Vec<SourceNode>, values: Vec<f64>, covers: Vec<f64>) -> Result<(Forest, Option<Vec<f32>>)> {
        let frame = Frame::single(2, 1, &[0.0], Base::First, Link::Identity);
        forest(vec![SourceTree { nodes, values, output: 0, covers }], frame)
    }

    fn with_root(root: SourceNode) -> String {
        let made = made(vec![root, leaf(0), leaf(1)], vec![1.0, 2.0], Vec::new());
        made.expect_err("a fault").to_string()
    }

    #[test]
    fn a_split_that_asks_nothing_is_named() {
        let below = SourceTest::Below;
        assert_eq!(with_root(split(0, below(f64::NAN), 1, 2)), "tree 0, node 0: the threshold is NaN");
        assert_eq!(with_root(split(0, below(0.1), 1, 2)), "tree 0, node 0: the threshold 0.1 is no 32-bit float");
        let empty = with_root(split(0, SourceTest::InSet(Box::new([])), 1, 2));
        assert_eq!(empty, "tree 0, node 0: its set of categories is empty");
        for feature in [2, -1] {
            let message = with_root(split(feature, below(0.0), 1, 2));
            assert_eq!(message, format!("tree 0, node 0: feature {feature} does not exist; the model has 2"));
        }
        let child = with_root(split(0, below(0.0), 1, 3));
        assert_eq!(child, "tree 0, node 0: child 3 does not exist; the tree has 3 nodes");
    }

    #[test]
    fn nodes_that_were_deleted_are_nobodys_and_others_are_somebodys() {
        let tree = |third| {
            let nodes = vec![split(1, SourceTest::Below(0.5), 1, 3), leaf(0), third, leaf(1)];
            made(nodes, vec![1.0, 2.0], vec![3.0, 1.0, 9.0, 2.0])
        };
        let (forest, covers) = tree(SourceNode::Deleted).expect("a tree");
        assert_eq!((forest.leaves(), covers), (&Numbers::Single(vec![1.0, 2.0]), Some(vec![1.0, 2.0])));
        assert_eq!(tree(leaf(0)).expect_err("lost").to_string(), "tree 0, node 2: no path from the root leads here");
    }

    #[test]
    fn covers_are_all_or_none() {
        let covers = |covers: Vec<f64>| {
            let nodes = vec![split(0, SourceTest::Below(0.5), 1, 2), leaf(0), leaf(1)];
            made(nodes, vec![1.0, 2.0], covers).expect("a tree").1
        };
        assert_eq!(covers(vec![3.0, 1.0, 2.0]), Some(vec![1.0, 2.0]));
        assert_eq!(covers(vec![3.0, 0.0, 2.0]), Some(vec![0.0, 2.0]));
        for odd in
            [Vec::new(), vec![3.0, 1.0], vec![3.0, -1.0, 2.0], vec![3.0, 1.0, f64::NAN], vec![3.0, f64::INFINITY, 2.0]]
        {
            assert_eq!(covers(odd.clone()), None, "{odd:?}");
        }
    }
}
