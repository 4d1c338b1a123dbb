//! `TreeEnsemble`, of ai.onnx.ml 5: branches and leaves have lists of their own, and each tree is named by its root.

use super::messages::Operator;
use super::tensor::element;
use super::trees::{Aggregate, Branch, Ensemble, MODES, Mode, Node, Transform, Vote, column, flag, threshold};
use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::forest::{MAX_NODES, MAX_OUTPUTS};
use crate::import::draft::Labels;

/// The number of `BRANCH_MEMBER` among modes.
const MEMBER: i64 = 6;

/// Reads the operator's attributes; `input` is the type of numbers that it takes.
pub(super) fn read(operator: &Operator<'_>, input: i64) -> Result<Ensemble> {
    check_names(operator)?;
    let lists = Lists::read(operator, input == element::DOUBLE)?;
    let count = operator.whole("n_targets")?.unwrap_or(0);
    let target_count = usize::try_from(count).ok().filter(|count| (1..=MAX_OUTPUTS).contains(count));
    let Some(target_count) = target_count else {
        return Err(invalid(format_args!("n_targets is {count}; a model has 1 to {MAX_OUTPUTS}")));
    };
    let mut targets_used = vec![false; target_count];
    let mut votes = Vec::with_capacity(lists.weights.len());
    for (index, (target, &weight)) in operator.wholes("leaf_targetids")?.zip(&lists.weights).enumerate() {
        let Some(used) = usize::try_from(target).ok().and_then(|target| targets_used.get_mut(target)) else {
            let message = format_args!("target {target} does not exist; there are {target_count}");
            return Err(invalid(message).at(format_args!("leaf {index}")));
        };
        *used = true;
        votes.push(Vote { target: target as u32, weight });
    }
    let mut met = Met { branches: vec![false; lists.branches.len()], leaves: vec![false; votes.len()], count: 0 };
    let roots = operator.wholes("tree_roots")?;
    let (mut trees, count) = (Vec::new(), roots.len());
    for (index, root) in roots.enumerate() {
        let size = met.left() / (count - index);
        trees.push(lists.tree(root, size, &mut met).map_err(|error| error.at(format_args!("tree {index}")))?);
    }
    let ensemble = Ensemble {
        trees,
        votes,
        sets: lists.sets,
        target_count,
        labels: Labels::default(),
        base_values: Vec::new(),
        aggregate: Aggregate::named(match operator.whole("aggregate_function")?.unwrap_or(1) {
            0 => "AVERAGE",
            1 => "SUM",
            2 => "MIN",
            3 => "MAX",
            other => return Err(invalid(format_args!("aggregate_function is {other}"))),
        })?,
        transform: match operator.whole("post_transform")?.unwrap_or(0) {
            0 => Transform::None,
            // Of 1 and 2 the specification says SOFTMAX and LOGISTIC, onnxruntime does the other.
            other => return Err(unsupported(format_args!("post_transform is {other}; 0 (NONE) is supported"))),
        },
        targets_used,
        is_double: input == element::DOUBLE,
    };
    ensemble.check_votes()?;
    Ok(ensemble)
}

/// Refuses what is not known, by name.
fn check_names(operator: &Operator<'_>) -> Result<()> {
    const KNOWN: [&str; 16] = [
        "aggregate_function",
        "leaf_targetids",
        "leaf_weights",
        "membership_values",
        "n_targets",
        "nodes_falseleafs",
        "nodes_falsenodeids",
        "nodes_featureids",
        "nodes_hitrates",
        "nodes_missing_value_tracks_true",
        "nodes_modes",
        "nodes_splits",
        "nodes_trueleafs",
        "nodes_truenodeids",
        "post_transform",
        "tree_roots",
    ];
    match operator.attributes().find(|attribute| !KNOWN.contains(&attribute.name)) {
        None => Ok(()),
        Some(attribute) => Err(unsupported(format_args!("the attribute {} is not known", quoted(attribute.name)))),
    }
}

/// The operator's lists.
struct Lists {
    branches: Vec<Linked>,
    sets: Vec<Vec<f64>>,
    weights: Vec<f64>,
}

/// A branch whose children are branches or leaves of the whole ensemble.
#[derive(Clone, Copy)]
struct Linked {
    branch: Branch,
    true_is_leaf: bool,
    false_is_leaf: bool,
}

impl Lists {
    fn read(operator: &Operator<'_>, is_double: bool) -> Result<Self> {
        let wanted = if is_double { element::DOUBLE } else { element::SINGLE };
        let floats = |name: &str| match operator.tensor(name)? {
            None => Ok(Vec::new()),
            Some(tensor) if tensor.element() == wanted => tensor.floats(),
            Some(tensor) => Err(invalid(format_args!(
                "{name} holds {}; onnxruntime wants {}, as the operator's input has",
                element::name(tensor.element()),
                element::name(wanted)
            ))),
        };
        let weights = floats("leaf_weights")?;
        check_length("leaf_targetids", operator.wholes("leaf_targetids")?.len(), weights.len(), "leaf_weights")?;
        let splits = floats("nodes_splits")?;
        let count = splits.len();
        if count == 0 || count > MAX_NODES || weights.len() > MAX_NODES {
            let message =
                format_args!("{count} branches and {} leaves; a model has 1 to {MAX_NODES} of each", weights.len());
            return Err(invalid(message));
        }
        let wholes = |name: &str| {
            let wholes = operator.wholes(name)?;
            check_length(name, wholes.len(), count, "nodes_splits")?;
            Ok::<_, Error>(wholes)
        };
        let modes = operator.tensor("nodes_modes")?.map_or(Ok(Vec::new()), |modes| modes.wholes())?;
        check_length("nodes_modes", modes.len(), count, "nodes_splits")?;
        // Where there are too few, the last branches have none.
        let mut flags = operator.wholes("nodes_missing_value_tracks_true")?.chain(std::iter::repeat(0));
        let members = floats("membership_values")?;
        let mut members = members.split(|value| value.is_nan());

        let mut lists = Self { branches: Vec::with_capacity(count), sets: Vec::new(), weights };
        let on_true = wholes("nodes_truenodeids")?.zip(wholes("nodes_trueleafs")?);
        let on_false = wholes("nodes_falsenodeids")?.zip(wholes("nodes_falseleafs")?);
        for (index, (((mode, split), feature), (on_true, on_false))) in
            modes.into_iter().zip(splits).zip(wholes("nodes_featureids")?).zip(on_true.zip(on_false)).enumerate()
        {
            let place = |error: Error| error.at(format_args!("branch {index}"));
            let mode = if mode == MEMBER {
                let set = members.next().unwrap_or_default().to_vec();
                if set.is_empty() {
                    return Err(place(invalid(format_args!("its set in membership_values is empty"))));
                }
                // Others onnxruntime asks for whole numbers, fractions cut off; the specification does not.
                if set.len() > 30 || set.iter().any(|number| !(0.0..=30.0).contains(number)) {
                    return Err(place(unsupported(format_args!(
                        "BRANCH_MEMBER of more than 30 numbers, or of others than 0 to 30"
                    ))));
                }
                lists.sets.push(set);
                Mode::Member(lists.sets.len() as u32 - 1)
            } else {
                let known = usize::try_from(mode).ok().and_then(|mode| MODES.get(mode));
                known.ok_or_else(|| place(unsupported(format_args!("the mode {mode} is not known"))))?.1
            };
            let leaf_count = lists.weights.len();
            let child = |(child, is_leaf): (i64, i64), name: &str| {
                let is_leaf = flag(is_leaf, name)?;
                let (what, count) = if is_leaf { ("leaf", leaf_count) } else { ("branch", count) };
                match u32::try_from(child).ok().filter(|&child| (child as usize) < count) {
                    Some(child) => Ok((child, is_leaf)),
                    None => Err(invalid(format_args!("{what} {child} does not exist; there are {count}"))),
                }
            };
            let (on_true, true_is_leaf) = child(on_true, "nodes_trueleafs").map_err(place)?;
            let (on_false, false_is_leaf) = child(on_false, "nodes_falseleafs").map_err(place)?;
            let branch = Branch {
                column: column(feature).map_err(place)?,
                mode,
                missing_is_true: flag(flags.next().unwrap_or(0), "nodes_missing_value_tracks_true").map_err(place)?,
                value: if let Mode::Member(_) = mode { 0.0 } else { threshold(split).map_err(place)? },
                on_true,
                on_false,
            };
            lists.branches.push(Linked { branch, true_is_leaf, false_is_leaf });
        }
        Ok(lists)
    }

    /// The tree of this root, in pre-order, of about so many nodes; `met` knows the branches and the leaves that another tree or another branch has.
    fn tree(&self, root: i64, size: usize, met: &mut Met) -> Result<Vec<Node>> {
        let Some((root, linked)) =
            usize::try_from(root).ok().and_then(|root| Some((root as u32, self.branches.get(root)?)))
        else {
            let count = self.branches.len();
            return Err(invalid(format_args!("its root {root} does not exist; there are {count} branches")));
        };
        let Branch { on_true, on_false, .. } = linked.branch;
        // A tree of one leaf has a branch whose two ways lead to it.
        let is_leaf = linked.true_is_leaf && linked.false_is_leaf && on_true == on_false;
        if is_leaf {
            met.branch(root)?;
        }
        let mut nodes = Vec::with_capacity(size);
        // Each with the branch and the side that it is a child of.
        let mut left = vec![(if is_leaf { on_true } else { root }, is_leaf, None)];
        while let Some((child, is_leaf, parent)) = left.pop() {
            let place = nodes.len() as u32;
            if let Some((parent, is_true)) = parent {
                let parent: &mut Node = &mut nodes[parent as usize];
                let Node::Branch(branch) = parent else { continue };
                *(if is_true { &mut branch.on_true } else { &mut branch.on_false }) = place;
            }
            if is_leaf {
                met.leaf(child)?;
                nodes.push(Node::Leaf { first_vote: child, end_vote: child + 1 });
                continue;
            }
            met.branch(child)?;
            let Linked { branch, true_is_leaf, false_is_leaf } = self.branches[child as usize];
            nodes.push(Node::Branch(branch));
            left.push((branch.on_false, false_is_leaf, Some((place, false))));
            left.push((branch.on_true, true_is_leaf, Some((place, true))));
        }
        nodes.shrink_to_fit();
        Ok(nodes)
    }
}

/// Which branches and leaves trees have.
struct Met {
    branches: Vec<bool>,
    leaves: Vec<bool>,
    /// How many of both.
    count: usize,
}

impl Met {
    /// How many no tree has yet.
    fn left(&self) -> usize {
        self.branches.len() + self.leaves.len() - self.count
    }

    fn branch(&mut self, index: u32) -> Result<()> {
        self.count += 1;
        Self::once(&mut self.branches, index, "branch")
    }

    fn leaf(&mut self, index: u32) -> Result<()> {
        self.count += 1;
        Self::once(&mut self.leaves, index, "leaf")
    }

    fn once(met: &mut [bool], index: u32, what: &str) -> Result<()> {
        match std::mem::replace(&mut met[index as usize], true) {
            false => Ok(()),
            true => Err(invalid(format_args!("{what} {index} is reached twice"))),
        }
    }
}

fn check_length(name: &str, length: usize, wanted: usize, other: &str) -> Result<()> {
    if length == wanted {
        return Ok(());
    }
    Err(invalid(format_args!("{name} has {length} entries; {other} has {wanted}")))
}
