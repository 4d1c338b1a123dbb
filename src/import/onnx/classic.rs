//! `TreeEnsembleClassifier` and `TreeEnsembleRegressor`: every list has an entry a node, or a vote.

use super::graph::Kind;
use super::messages::Operator;
use super::tensor::element;
use super::trees::{Aggregate, Branch, Ensemble, MODES, Node, Transform, Vote, column, flag, threshold};
use crate::error::{Result, invalid, quoted, unsupported};
use crate::import::draft::Labels;

/// Reads the operator's attributes; `input` is the type of numbers that it takes.
pub(super) fn read(operator: &Operator<'_>, kind: Kind, input: i64) -> Result<Ensemble> {
    let is_classifier = kind == Kind::Classifier;
    let prefix = if is_classifier { "class" } else { "target" };
    check_names(operator, is_classifier)?;
    let is_double = input == element::DOUBLE;
    if !is_classifier && matches!(input, element::INT32 | element::INT64) {
        let input = element::name(input);
        return Err(unsupported(format_args!(
            "its input is {input}: onnxruntime has no such regressor; of float and double it has"
        )));
    }
    let labels = if is_classifier { labels(operator)? } else { Labels::default() };
    let target_count = if is_classifier {
        labels.names.len()
    } else {
        let count = operator.whole("n_targets")?.unwrap_or(0);
        usize::try_from(count).map_err(|_| invalid(format_args!("n_targets is {count}")))?
    };
    if target_count == 0 || target_count > crate::forest::MAX_OUTPUTS {
        return Err(invalid(format_args!(
            "{target_count} {prefix} ids; a model has 1 to {}",
            crate::forest::MAX_OUTPUTS
        )));
    }
    let forest = nodes(operator, is_double)?;
    let Votes { trees, votes, targets_used } = votes(operator, prefix, is_double, forest, target_count)?;
    let ensemble = Ensemble {
        trees,
        votes,
        sets: Vec::new(),
        target_count,
        labels,
        base_values: floats(operator, "base_values", is_double)?,
        aggregate: Aggregate::named(operator.text("aggregate_function")?.unwrap_or("SUM"))?,
        transform: Transform::named(operator.text("post_transform")?.unwrap_or("NONE"))?,
        targets_used,
        is_double,
    };
    ensemble.check_votes()?;
    Ok(ensemble)
}

/// Refuses what is not known, by name.
fn check_names(operator: &Operator<'_>, is_classifier: bool) -> Result<()> {
    const NODES: [&str; 13] = [
        "base_values",
        "base_values_as_tensor",
        "nodes_falsenodeids",
        "nodes_featureids",
        "nodes_hitrates",
        "nodes_hitrates_as_tensor",
        "nodes_missing_value_tracks_true",
        "nodes_modes",
        "nodes_nodeids",
        "nodes_treeids",
        "nodes_truenodeids",
        "nodes_values",
        "nodes_values_as_tensor",
    ];
    const CLASSES: [&str; 7] = [
        "class_ids",
        "class_nodeids",
        "class_treeids",
        "class_weights",
        "class_weights_as_tensor",
        "classlabels_int64s",
        "classlabels_strings",
    ];
    const TARGETS: [&str; 7] = [
        "aggregate_function",
        "n_targets",
        "target_ids",
        "target_nodeids",
        "target_treeids",
        "target_weights",
        "target_weights_as_tensor",
    ];
    let own = if is_classifier { CLASSES } else { TARGETS };
    match operator.attributes().find(|attribute| {
        attribute.name != "post_transform" && !NODES.contains(&attribute.name) && !own.contains(&attribute.name)
    }) {
        None => Ok(()),
        Some(attribute) => Err(unsupported(format_args!("the attribute {} is not known", quoted(attribute.name)))),
    }
}

/// The names of the classes: texts, or whole numbers as such.
fn labels(operator: &Operator<'_>) -> Result<Labels> {
    let mut names = Vec::new();
    for text in operator.texts("classlabels_strings") {
        names.push(text?.to_owned());
    }
    let are_texts = !names.is_empty();
    let numbers = operator.wholes("classlabels_int64s")?;
    if !are_texts {
        names.extend(numbers.map(|label| label.to_string()));
    } else if numbers.len() > 0 {
        return Err(invalid(format_args!(
            "the classes have two names each: classlabels_strings and classlabels_int64s"
        )));
    }
    Ok(Labels { names, are_texts })
}

/// Floats that stand in an attribute as such, or in a tensor that another attribute holds.
fn floats(operator: &Operator<'_>, name: &str, is_double: bool) -> Result<Vec<f64>> {
    let singles = operator.singles(name)?;
    let as_tensor = format!("{name}_as_tensor");
    let Some(tensor) = operator.tensor(&as_tensor)? else { return Ok(singles.map(f64::from).collect()) };
    if singles.len() > 0 {
        return Err(invalid(format_args!("{name} and {as_tensor} are both there")));
    }
    let wanted = if is_double { element::DOUBLE } else { element::SINGLE };
    if tensor.element() != wanted {
        let (own, input) = (element::name(tensor.element()), element::name(wanted));
        return Err(invalid(format_args!(
            "{as_tensor} holds {own}; onnxruntime wants {input}, as the operator's input has"
        )));
    }
    tensor.floats()
}

/// All nodes, tree by tree, and how to find one by its ids.
struct Nodes {
    trees: Vec<Vec<Node>>,
    ids: Ids,
}

/// Node ids of all trees.
#[derive(Default)]
struct Ids {
    /// The id of each tree and its index, sorted by id.
    trees: Vec<(i64, u32)>,
    /// For each tree its nodes' ids and indexes sorted by id; empty where the ids are the indexes.
    nodes: Vec<Vec<(i64, u32)>>,
    counts: Vec<u32>,
}

impl Ids {
    fn tree(&self, id: i64) -> Option<usize> {
        let place = self.trees.binary_search_by_key(&id, |&(id, _)| id).ok()?;
        Some(self.trees[place].1 as usize)
    }

    fn node(&self, tree: usize, id: i64) -> Option<u32> {
        let nodes = &self.nodes[tree];
        if nodes.is_empty() {
            return u32::try_from(id).ok().filter(|&index| index < self.counts[tree]);
        }
        let place = nodes.binary_search_by_key(&id, |&(id, _)| id).ok()?;
        Some(nodes[place].1)
    }

    /// Adds a tree of nodes with these ids.
    fn add(&mut self, tree: i64, nodes: &[i64]) -> Result<()> {
        let mut sorted = Vec::new();
        if nodes.iter().zip(0..).any(|(&id, index)| id != index) {
            sorted.extend(nodes.iter().copied().zip(0..));
            sorted.sort_unstable();
            if let Some(pair) = sorted.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                return Err(invalid(format_args!("two of its nodes have the id {}", pair[0].0)));
            }
        }
        self.trees.push((tree, self.counts.len() as u32));
        self.nodes.push(sorted);
        self.counts.push(nodes.len() as u32);
        Ok(())
    }
}

fn nodes(operator: &Operator<'_>, is_double: bool) -> Result<Nodes> {
    let trees = operator.wholes("nodes_treeids")?;
    let count = trees.len();
    if count == 0 || count > crate::forest::MAX_NODES {
        return Err(invalid(format_args!("{count} nodes; a model has 1 to {}", crate::forest::MAX_NODES)));
    }
    let wholes = |name| {
        let wholes = operator.wholes(name)?;
        check_length(name, wholes.len(), count, "nodes_treeids")?;
        Ok(wholes)
    };
    let (ids, features) = (wholes("nodes_nodeids")?, wholes("nodes_featureids")?);
    let (on_true, on_false) = (wholes("nodes_truenodeids")?, wholes("nodes_falsenodeids")?);
    let values = floats(operator, "nodes_values", is_double)?;
    check_length("nodes_values", values.len(), count, "nodes_treeids")?;
    // Where there are too few, the last nodes have none.
    let flags = operator.wholes("nodes_missing_value_tracks_true")?;
    let mut flags = flags.chain(std::iter::repeat(0));
    let mut modes = operator.texts("nodes_modes");

    let mut read = Nodes { trees: Vec::new(), ids: Ids::default() };
    let mut open = Open { tree: -1, nodes: Vec::new(), ids: Vec::new(), children: Vec::new() };
    for ((((tree, id), feature), value), (on_true, on_false)) in
        trees.zip(ids).zip(features).zip(values).zip(on_true.zip(on_false))
    {
        if tree < 0 {
            return Err(invalid(format_args!("a tree has the id {tree}, which is below 0")));
        }
        if tree != open.tree {
            open.close(&mut read)?;
            open.tree = tree;
        }
        let place = |error: crate::error::Error| error.at(format_args!("tree {tree}, node {id}"));
        let mode = modes.next().unwrap_or(Ok("")).map_err(place)?;
        let flag = flag(flags.next().unwrap_or(0), "nodes_missing_value_tracks_true").map_err(place)?;
        open.ids.push(id);
        open.children.push((on_true, on_false));
        open.nodes.push(if mode == "LEAF" {
            Node::Leaf { first_vote: 0, end_vote: 0 }
        } else {
            let Some(&(_, mode)) = MODES.iter().find(|(name, _)| *name == mode) else {
                return Err(place(unsupported(format_args!("the mode {} is not known", quoted(mode)))));
            };
            let column = column(feature).map_err(place)?;
            let value = threshold(value).map_err(place)?;
            Node::Branch(Branch { column, mode, missing_is_true: flag, value, on_true: 0, on_false: 0 })
        });
    }
    open.close(&mut read)?;
    if modes.next().is_some() {
        return Err(invalid(format_args!("nodes_modes has more entries than nodes_treeids")));
    }
    read.ids.trees.sort_unstable();
    if let Some(pair) = read.ids.trees.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(unsupported(format_args!("the nodes of tree {} are not all together", pair[0].0)));
    }
    Ok(read)
}

/// The tree whose nodes are being read.
struct Open {
    tree: i64,
    nodes: Vec<Node>,
    ids: Vec<i64>,
    children: Vec<(i64, i64)>,
}

impl Open {
    /// Ends the tree: its branches know their children by index.
    fn close(&mut self, read: &mut Nodes) -> Result<()> {
        let tree = self.tree;
        if self.nodes.is_empty() {
            return Ok(());
        }
        read.ids.add(tree, &self.ids).map_err(|error| error.at(format_args!("tree {tree}")))?;
        for ((node, id), &(on_true, on_false)) in self.nodes.iter_mut().zip(&self.ids).zip(&self.children) {
            let Node::Branch(branch) = node else { continue };
            for (child, own) in [(on_true, &mut branch.on_true), (on_false, &mut branch.on_false)] {
                let Some(index) = read.ids.node(read.trees.len(), child) else {
                    let message = format_args!("child {child} does not exist; the tree has {} nodes", self.ids.len());
                    return Err(invalid(message).at(format_args!("tree {tree}, node {id}")));
                };
                *own = index;
            }
        }
        read.trees.push(std::mem::take(&mut self.nodes));
        self.ids.clear();
        self.children.clear();
        Ok(())
    }
}

fn check_length(name: &str, length: usize, wanted: usize, other: &str) -> Result<()> {
    if length == wanted {
        return Ok(());
    }
    Err(invalid(format_args!("{name} has {length} entries; {other} has {wanted}")))
}

/// What [`votes`] makes of the nodes.
struct Votes {
    /// Whose leaves know their votes.
    trees: Vec<Vec<Node>>,
    /// Leaf by leaf.
    votes: Vec<Vote>,
    targets_used: Vec<bool>,
}

/// The trees with their leaves' votes.
fn votes(operator: &Operator<'_>, prefix: &str, is_double: bool, read: Nodes, target_count: usize) -> Result<Votes> {
    let Nodes { mut trees, ids } = read;
    let name = |what: &str| format!("{prefix}_{what}");
    let targets = operator.wholes(&name("ids"))?;
    let count = targets.len();
    let wholes = |what| {
        let wholes = operator.wholes(&name(what))?;
        check_length(&name(what), wholes.len(), count, &name("ids"))?;
        Ok(wholes)
    };
    let (tree_ids, node_ids) = (wholes("treeids")?, wholes("nodeids")?);
    let weights = floats(operator, &name("weights"), is_double)?;
    if u32::try_from(count).is_err() {
        return Err(invalid(format_args!("{count} weights are too many")));
    }
    check_length(&name("weights"), weights.len(), count, &name("ids"))?;

    let mut used = vec![false; target_count];
    // First counted, then each put in its leaf's place: as stable, and in less time than a sort.
    let mut owners = Vec::with_capacity(count);
    for ((tree_id, node_id), target) in tree_ids.zip(node_ids).zip(targets.clone()) {
        let found = ids.tree(tree_id).and_then(|tree| ids.node(tree, node_id).map(|node| (tree as u32, node)));
        let place = |error: crate::error::Error| error.at(format_args!("tree {tree_id}, node {node_id}"));
        let Some((tree, node)) = found else {
            return Err(place(invalid(format_args!("{} names it, and it does not exist", name("nodeids")))));
        };
        let Some(used) = usize::try_from(target).ok().and_then(|target| used.get_mut(target)) else {
            let message = format_args!("{} {target} does not exist; there are {target_count}", name("ids"));
            return Err(place(invalid(message)));
        };
        *used = true;
        if let Node::Leaf { end_vote, .. } = &mut trees[tree as usize][node as usize] {
            *end_vote += 1;
        }
        owners.push((tree, node));
    }
    let mut end = 0;
    for (tree, nodes) in trees.iter_mut().enumerate() {
        for (node, leaf) in nodes.iter_mut().enumerate() {
            let Node::Leaf { first_vote, end_vote } = leaf else { continue };
            if *end_vote == 0 {
                return Err(
                    invalid(format_args!("the leaf has no weight")).at(format_args!("tree {tree}, node {node}"))
                );
            }
            // Each ends where it begins until its votes come.
            end += std::mem::replace(end_vote, end);
            *first_vote = *end_vote;
        }
    }
    let mut votes = vec![Vote { target: 0, weight: 0.0 }; end as usize];
    for ((&(tree, node), target), &weight) in owners.iter().zip(targets).zip(&weights) {
        // Old exporters give branches weights too, which onnxruntime passes over.
        if let Node::Leaf { end_vote, .. } = &mut trees[tree as usize][node as usize] {
            votes[*end_vote as usize] = Vote { target: target as u32, weight };
            *end_vote += 1;
        }
    }
    Ok(Votes { trees, votes, targets_used: used })
}
