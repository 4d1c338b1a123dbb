//! Trees over integer codes: the strict form that everything downstream evaluates.
//!
//! A [`Forest`] is checked once, when it is made, and cannot hold nonsense afterwards: every node's children exist
//! and come after it, every leaf belongs to exactly one tree, every rank is one of its column's. That is what
//! lets the evaluators walk without checks of their own and always stop.

use crate::error::{Error, Result, broken};
use crate::link::Link;

/// The most nodes, splits and leaves together, that a forest may have.
pub const MAX_NODES: usize = 1 << 28;
/// The most outputs that a forest may have.
pub const MAX_OUTPUTS: usize = 1 << 16;

/// The side that a missing value takes in a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MissingSide {
    /// It goes left.
    Left,
    /// It goes right.
    Right,
}

/// One column of codes: a feature, and what it is asked. A feature may have several.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The feature's index.
    pub feature: u32,
    /// What the column's splits ask.
    pub test: Test,
}

/// What the splits of one column ask of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Is it below the cut of some rank? Yes goes left. The cuts are strictly ascending and finite, at most
    /// [`MOST_CUTS`].
    Below(Vec<f32>),
    /// Is it one of these categories? Yes goes right. Strictly ascending, each below [`MAX_CATEGORY`]; there is one
    /// rank, 0. A fraction is cut off; a negative value, or one from [`MAX_CATEGORY`] up, is in no set.
    InSet(Vec<u32>),
}

/// The first whole number that is no category: XGBoost counts categories in 32-bit floats, exact to here.
pub const MAX_CATEGORY: u32 = 1 << 24;

/// The most cuts of a column: its codes, and missing, fit a byte.
pub const MOST_CUTS: usize = wardian_kernels::buckets::MOST_CUTS;

impl Column {
    /// How many ranks the column's splits may name.
    pub fn rank_count(&self) -> usize {
        match &self.test {
            Test::Below(cuts) => cuts.len(),
            Test::InSet(_) => 1,
        }
    }
}

/// One node. A tree is its nodes in pre-order: a split's left child is the next node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node {
    /// Left if the row's value is below the cut, or in no set.
    Split {
        /// The code column's index.
        column: u32,
        /// The index of the threshold among the column's cuts.
        rank: u8,
        /// Where a missing value goes.
        missing: MissingSide,
        /// The right child's index, counted over all nodes of the forest.
        right: u32,
    },
    /// The end of a walk.
    Leaf {
        /// Which leaf: leaves are counted over all nodes of the forest.
        leaf: u32,
    },
}

/// What a [`Forest`] is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// The code columns. Evaluators take sixteen at a time, so those that few splits ask for should come last.
    pub columns: Vec<Column>,
    /// All trees one after another, each in pre-order.
    pub nodes: Vec<Node>,
    /// What the leaves add to the margins: one number a leaf, or, where a leaf adds to every output, as many as there
    /// are outputs.
    pub leaves: Vec<f32>,
    /// The output that each tree adds to; all 0 where leaves add to every output.
    pub tree_outputs: Vec<u32>,
    /// The margin of each output before the first tree.
    pub base_margins: Vec<f32>,
    /// What maps margins to predictions.
    pub link: Link,
}

/// Trees, the columns they compare, the margins they start from and the link at their end.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    parts: Parts,
    roots: Vec<u32>,
    leaf_width: usize,
}

impl Forest {
    /// A forest of these parts.
    ///
    /// # Errors
    /// `invalid_model`, naming the tree and node, unless: there are 1 to [`MAX_OUTPUTS`] outputs; columns hold at least
    /// one cut or category, finite and strictly ascending; splits name an existing column and rank; the nodes are whole trees; every tree has an output; there are as many leaf values as leaves,
    /// or so many for every output; leaves and base margins are finite.
    pub fn new(parts: Parts) -> Result<Self> {
        if parts.nodes.len() > MAX_NODES {
            return Err(broken("# nodes; the limit is #", &[parts.nodes.len(), MAX_NODES]));
        }
        let outputs = parts.base_margins.len();
        if outputs == 0 || outputs > MAX_OUTPUTS {
            return Err(broken("# outputs; a model has 1 to #", &[outputs, MAX_OUTPUTS]));
        }
        if parts.base_margins.iter().any(|margin| !margin.is_finite()) {
            return Err(broken("a base margin is not finite", &[]));
        }
        check_columns(&parts.columns)?;
        let roots = check_nodes(&parts.columns, &parts.nodes)?;
        let leaf_width = check_leaves(&parts, &roots)?;
        Ok(Self { parts, roots, leaf_width })
    }

    /// The code columns.
    pub fn columns(&self) -> &[Column] {
        &self.parts.columns
    }

    /// The index of each tree's root among the nodes, in tree order.
    pub fn roots(&self) -> &[u32] {
        &self.roots
    }

    /// All nodes, tree after tree, each tree in pre-order.
    pub fn nodes(&self) -> &[Node] {
        &self.parts.nodes
    }

    /// What the leaves add: [`Forest::leaf_width`] numbers for each leaf, in the order of the nodes.
    pub fn leaves(&self) -> &[f32] {
        &self.parts.leaves
    }

    /// How many numbers a leaf has: 1, or as many as there are outputs.
    pub fn leaf_width(&self) -> usize {
        self.leaf_width
    }

    /// The output that each tree adds to, or the first that its leaves' numbers add to.
    pub fn tree_outputs(&self) -> &[u32] {
        &self.parts.tree_outputs
    }

    /// How many margins a row has.
    pub fn output_count(&self) -> usize {
        self.parts.base_margins.len()
    }

    /// The margin of each output before the first tree.
    pub fn base_margins(&self) -> &[f32] {
        &self.parts.base_margins
    }

    /// What maps margins to predictions.
    pub fn link(&self) -> Link {
        self.parts.link
    }

    /// How many splits all trees have.
    pub fn split_count(&self) -> usize {
        // Every tree has one leaf more than it has splits.
        (self.parts.nodes.len() - self.roots.len()) / 2
    }

    /// The most splits between a root and a leaf.
    pub fn depth(&self) -> usize {
        leaf_depths(&self.parts.nodes).max().unwrap_or(0)
    }
}

/// How many splits are above each leaf of whole trees in pre-order.
pub(crate) fn leaf_depths(nodes: &[Node]) -> impl Iterator<Item = usize> {
    // The depths of the right children still to come, nearest last.
    let mut pending: Vec<usize> = Vec::new();
    let mut depth = 0;
    nodes.iter().filter_map(move |node| match node {
        Node::Split { .. } => {
            depth += 1;
            pending.push(depth);
            None
        }
        Node::Leaf { .. } => Some(std::mem::replace(&mut depth, pending.pop().unwrap_or(0))),
    })
}

fn check_columns(columns: &[Column]) -> Result<()> {
    for (index, column) in columns.iter().enumerate() {
        let place = |error: Error| error.place("code column #", &[index]);
        let fault = match &column.test {
            Test::Below(cuts) if cuts.is_empty() => "it has no cuts",
            Test::Below(cuts) if cuts.len() > MOST_CUTS => "it has too many cuts",
            Test::Below(cuts) if cuts.iter().any(|cut| !cut.is_finite()) => "a cut is not finite",
            Test::Below(cuts) if cuts.windows(2).any(|pair| pair[0] >= pair[1]) => {
                "its cuts are not strictly ascending"
            }
            Test::InSet(set) if set.is_empty() => "its set is empty",
            Test::InSet(set) if set.windows(2).any(|pair| pair[0] >= pair[1]) => {
                "its categories are not strictly ascending"
            }
            Test::InSet(set) if set.last().is_some_and(|&last| last >= MAX_CATEGORY) => "a category is too large",
            _ => continue,
        };
        return Err(place(broken(fault, &[])));
    }
    Ok(())
}

/// Checks that there are as many leaf values and outputs as the trees need; returns how many numbers a leaf has.
fn check_leaves(parts: &Parts, roots: &[u32]) -> Result<usize> {
    let outputs = parts.base_margins.len();
    let leaf_count = (parts.nodes.len() + roots.len()) / 2;
    let leaf_width = match parts.leaves.len() {
        count if count == leaf_count => 1,
        count if count == leaf_count * outputs => outputs,
        count => {
            return Err(broken("# leaf values for # leaves, # outputs", &[count, leaf_count, outputs]));
        }
    };
    if let Some(index) = parts.leaves.iter().position(|value| !value.is_finite()) {
        return Err(broken("it is not finite", &[]).place("leaf #", &[(index / leaf_width)]));
    }
    if parts.tree_outputs.len() != roots.len() {
        return Err(broken("# outputs for # trees", &[parts.tree_outputs.len(), roots.len()]));
    }
    // A vector leaf begins at output 0.
    let most = outputs - leaf_width;
    if let Some(tree) = parts.tree_outputs.iter().position(|&output| output as usize > most) {
        return Err(broken("output # does not exist", &[parts.tree_outputs[tree] as usize]).place("tree #", &[tree]));
    }
    Ok(leaf_width)
}

/// Checks that `nodes` are whole trees in pre-order; returns the roots.
fn check_nodes(columns: &[Column], nodes: &[Node]) -> Result<Vec<u32>> {
    let mut roots = Vec::new();
    // The right children announced by the splits above, nearest last: pre-order means that after a leaf comes
    // exactly the nearest one.
    let mut pending: Vec<u32> = Vec::new();
    let mut expects_root = true;
    let mut leaf_count = 0;
    for (index, node) in nodes.iter().enumerate() {
        let index = index as u32;
        if expects_root {
            roots.push(index);
            expects_root = false;
        }
        let fault = |message, numbers: &[usize]| {
            let root = roots.last().copied().unwrap_or(0);
            Err(broken(message, numbers).place("tree #, node #", &[(roots.len() - 1), (index - root) as usize]))
        };
        match *node {
            Node::Split { column, rank, right, .. } => {
                let Some(ranks) = columns.get(column as usize).map(Column::rank_count) else {
                    return fault("code column # does not exist", &[column as usize]);
                };
                if rank as usize >= ranks {
                    return fault("cut # does not exist; its column has #", &[rank as usize, ranks]);
                }
                pending.push(right);
            }
            Node::Leaf { leaf } => {
                if leaf != leaf_count {
                    return fault("it is leaf # where # is due", &[leaf as usize, leaf_count as usize]);
                }
                leaf_count += 1;
                match pending.pop() {
                    Some(right) if right == index + 1 => {}
                    Some(right) => {
                        return fault("node # follows where # is due", &[(index + 1) as usize, right as usize]);
                    }
                    None => expects_root = true,
                }
            }
        }
    }
    if !expects_root {
        return Err(broken("the last tree ends before its last leaf", &[]));
    }
    Ok(roots)
}
