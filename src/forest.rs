//! Trees over integer codes: the strict form that everything downstream evaluates.
//!
//! A [`Forest`] is checked once, when it is made, and cannot hold nonsense afterwards: every node's children exist
//! and come after it, every leaf belongs to exactly one tree, every rank is one of its column's cuts. That is what
//! lets the evaluators walk without checks of their own and always stop.

use crate::error::{Error, Result, invalid};
use crate::link::Link;
use crate::number::decimal;

/// The most nodes, splits and leaves together, that a forest may have.
pub const MAX_NODES: usize = 1 << 28;

/// The side that a missing value takes in every split of one code column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MissingSide {
    /// Missing has code 0, below every cut: it goes left.
    Left,
    /// Missing has the highest code, above every cut: it goes right.
    Right,
}

/// One column of codes: a feature, the thresholds it is ever compared with, and where missing goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The feature's index.
    pub feature: u32,
    /// Where a missing value goes.
    pub missing: MissingSide,
    /// The thresholds, strictly ascending and finite.
    pub cuts: Vec<f32>,
}

/// One node. A tree is its nodes in pre-order: a split's left child is the next node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node {
    /// Left if the row's code in `column` is at most `rank`.
    Split {
        /// The code column's index.
        column: u32,
        /// The index of the threshold among the column's cuts.
        rank: u32,
        /// The right child's index, counted over all nodes of the forest.
        right: u32,
    },
    /// The end of a walk.
    Leaf {
        /// What the tree adds to the margin.
        value: f32,
    },
}

/// Trees, the columns they compare, the margin they start from and the link at their end.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    columns: Vec<Column>,
    roots: Vec<u32>,
    nodes: Vec<Node>,
    base_margin: f32,
    link: Link,
}

impl Forest {
    /// A forest of `nodes`, all trees one after another, each in pre-order.
    ///
    /// # Errors
    /// `invalid_model`, naming the tree and node, unless: columns are in ascending order of feature and missing side
    /// and have at least one cut, all finite and strictly ascending; splits name an existing column and rank; the
    /// nodes are whole trees; leaves and the base margin are finite.
    pub fn new(columns: Vec<Column>, nodes: Vec<Node>, base_margin: f32, link: Link) -> Result<Self> {
        if nodes.len() > MAX_NODES {
            return Err(invalid(format_args!("{} nodes; the limit is {MAX_NODES}", nodes.len())));
        }
        if !base_margin.is_finite() {
            return Err(invalid(format_args!("the base margin is {}", decimal(base_margin))));
        }
        check_columns(&columns)?;
        let roots = check_nodes(&columns, &nodes)?;
        Ok(Self { columns, roots, nodes, base_margin, link })
    }

    /// The code columns, in ascending order of feature and missing side.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The index of each tree's root among the nodes, in tree order.
    pub fn roots(&self) -> &[u32] {
        &self.roots
    }

    /// All nodes, tree after tree, each tree in pre-order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The margin before the first tree.
    pub fn base_margin(&self) -> f32 {
        self.base_margin
    }

    /// What maps a margin to a prediction.
    pub fn link(&self) -> Link {
        self.link
    }

    /// How many splits all trees have.
    pub fn split_count(&self) -> usize {
        // Every tree has one leaf more than it has splits.
        (self.nodes.len() - self.roots.len()) / 2
    }

    /// The most splits between a root and a leaf.
    pub fn depth(&self) -> usize {
        let mut deepest = 0;
        // The depths of the right children still to come, nearest last.
        let mut pending: Vec<usize> = Vec::new();
        let mut depth = 0;
        for node in &self.nodes {
            match node {
                Node::Split { .. } => {
                    depth += 1;
                    pending.push(depth);
                }
                Node::Leaf { .. } => {
                    deepest = deepest.max(depth);
                    depth = pending.pop().unwrap_or(0);
                }
            }
        }
        deepest
    }
}

fn check_columns(columns: &[Column]) -> Result<()> {
    for (index, column) in columns.iter().enumerate() {
        let place = |error: Error| error.at(format_args!("code column {index}"));
        if column.cuts.is_empty() {
            return Err(place(invalid(format_args!("it has no cuts"))));
        }
        if let Some(cut) = column.cuts.iter().find(|cut| !cut.is_finite()) {
            return Err(place(invalid(format_args!("a cut is {}", decimal(*cut)))));
        }
        if column.cuts.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(place(invalid(format_args!("its cuts are not strictly ascending"))));
        }
        let key = |column: &Column| (column.feature, column.missing);
        if index > 0 && key(&columns[index - 1]) >= key(column) {
            return Err(place(invalid(format_args!("columns are not in ascending order of feature"))));
        }
    }
    Ok(())
}

/// Checks that `nodes` are whole trees in pre-order; returns the roots.
fn check_nodes(columns: &[Column], nodes: &[Node]) -> Result<Vec<u32>> {
    let mut roots = Vec::new();
    // The right children announced by the splits above, nearest last: pre-order means that after a leaf comes
    // exactly the nearest one.
    let mut pending: Vec<u32> = Vec::new();
    let mut expects_root = true;
    for (index, node) in nodes.iter().enumerate() {
        let index = index as u32;
        if expects_root {
            roots.push(index);
            expects_root = false;
        }
        let fault = |message| {
            let root = roots.last().copied().unwrap_or(0);
            Err(invalid(message).at(format_args!("tree {}, node {}", roots.len() - 1, index - root)))
        };
        match *node {
            Node::Split { column, rank, right } => {
                let Some(cuts) = columns.get(column as usize).map(|column| &column.cuts) else {
                    return fault(format_args!("code column {column} does not exist"));
                };
                if rank as usize >= cuts.len() {
                    return fault(format_args!("cut {rank} does not exist; its column has {}", cuts.len()));
                }
                pending.push(right);
            }
            Node::Leaf { value } => {
                if !value.is_finite() {
                    return fault(format_args!("the leaf is {}", decimal(value)));
                }
                match pending.pop() {
                    Some(right) if right == index + 1 => {}
                    Some(right) => return fault(format_args!("node {} follows where {right} is due", index + 1)),
                    None => expects_root = true,
                }
            }
        }
    }
    if !expects_root {
        return Err(invalid(format_args!("the last tree ends before its last leaf")));
    }
    Ok(roots)
}
