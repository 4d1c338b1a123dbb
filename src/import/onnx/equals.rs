//! Branches that ask for equal numbers. Exporters write a set of categories as a branch for each, which lead to one node if the
//! value is equal and to the next branch otherwise.

use std::collections::HashSet;

use super::columns::Column;
use super::trees::{Branch, Ensemble, Mode, Node};
use crate::error::{Result, invalid, unsupported};
use crate::forest::MAX_CATEGORY;
use crate::narrowing::Input;

/// Whether a node is such a branch.
pub(super) fn asks_for_equals(node: &Node) -> bool {
    matches!(node, Node::Branch(branch) if matches!(branch.mode, Mode::Equal | Mode::Unequal | Mode::Member(_)))
}

/// Such a branch.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) branch: Branch,
    /// Where equal numbers go.
    pub(super) equal: u32,
    /// Where others go.
    pub(super) otherwise: u32,
}

impl Asked {
    fn of(branch: Branch) -> Self {
        let (equal, otherwise) = match branch.mode {
            Mode::Unequal => (branch.on_false, branch.on_true),
            _ => (branch.on_true, branch.on_false),
        };
        Self { branch, equal, otherwise }
    }

    /// The numbers that it asks for.
    pub(super) fn numbers<'n>(&self, sets: &'n [Vec<f64>], one: &'n [f64; 1]) -> &'n [f64] {
        match self.branch.mode {
            Mode::Member(set) => &sets[set as usize],
            _ => one,
        }
    }
}

/// A branch that asks for equal numbers, and those behind it that ask the same column.
pub(super) struct Equals<'t> {
    tree: &'t [Node],
    next: u32,
    column: Option<u32>,
}

impl<'t> Equals<'t> {
    /// Those that begin with this node.
    pub(super) fn of(tree: &'t [Node], first: u32) -> Self {
        Self { tree, next: first, column: None }
    }
}

impl Iterator for Equals<'_> {
    type Item = Asked;

    fn next(&mut self) -> Option<Asked> {
        let node = &self.tree[self.next as usize];
        let Node::Branch(branch) = *node else { return None };
        if !asks_for_equals(node) || *self.column.get_or_insert(branch.column) != branch.column {
            return None;
        }
        let asked = Asked::of(branch);
        self.next = asked.otherwise;
        Some(asked)
    }
}

/// Checks that the nodes are a tree: each but the root is the child of one other, or of several that one asks behind the other.
pub(super) fn check_shape(tree: &[Node]) -> Result<()> {
    let mut met = vec![false; tree.len()];
    let mut left = vec![0];
    let mut meet = |child: u32, parent: u32| match std::mem::replace(&mut met[child as usize], true) {
        false => Ok(()),
        true => Err(invalid(format_args!("child {child} is already another node's")).at(format_args!("node {parent}"))),
    };
    meet(0, 0)?;
    while let Some(index) = left.pop() {
        if !asks_for_equals(&tree[index as usize]) {
            if let Node::Branch(branch) = tree[index as usize] {
                for child in [branch.on_true, branch.on_false] {
                    meet(child, index)?;
                    left.push(child);
                }
            }
            continue;
        }
        let mut asking = index;
        let mut own = HashSet::new();
        for asked in Equals::of(tree, index) {
            if own.insert(asked.equal) {
                meet(asked.equal, asking)?;
                left.push(asked.equal);
            }
            meet(asked.otherwise, asking)?;
            asking = asked.otherwise;
        }
        left.push(asking);
    }
    match met.iter().position(|met| !met) {
        Some(lost) => Err(invalid(format_args!("no path from the root leads here")).at(format_args!("node {lost}"))),
        None => Ok(()),
    }
}

/// Refuses what onnxruntime 1.32 adds up wrongly. It makes one node of a chain's branches; where leaves go with them because others are equal,
/// their votes become those of the first node of all. That one passes them over, unless it is a leaf itself.
pub(super) fn check_first_tree(trees: &[Vec<Node>]) -> Result<()> {
    let is_leaf = matches!(trees.first().map(Vec::as_slice), Some([Node::Leaf { .. }]));
    let asks =
        |node: &Node| matches!(node, Node::Branch(branch) if matches!(branch.mode, Mode::Equal | Mode::Member(_)));
    if is_leaf && trees.iter().flatten().any(asks) {
        return Err(unsupported(format_args!(
            "the first tree is one leaf, and others ask for equal numbers (BRANCH_EQ, BRANCH_MEMBER): onnxruntime may add other leaves' weights to it"
        )));
    }
    Ok(())
}

/// Of each feature, whether it is asked for nothing but equal numbers that categories may have, as 32-bit floats that nothing has changed.
pub(super) fn are_categories(ensemble: &Ensemble, columns: &[Column], features: usize) -> Vec<bool> {
    let mut are = vec![None; features];
    for node in ensemble.trees.iter().flatten() {
        let Node::Branch(branch) = *node else { continue };
        let Some(column) = columns.get(branch.column as usize) else { continue };
        let is_category = |number: &f64| (0.0..f64::from(MAX_CATEGORY)).contains(number) && number.fract() == 0.0;
        let so = asks_for_equals(node)
            && column.input() == Input::Single
            && column.steps.is_empty()
            && Asked::of(branch).numbers(&ensemble.sets, &[branch.value]).iter().all(is_category);
        let feature = &mut are[column.feature];
        *feature = Some(so && *feature != Some(false));
    }
    are.into_iter().map(|are| are == Some(true)).collect()
}
