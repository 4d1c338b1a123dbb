//! Branches → splits, which ask whether a feature is below a cut, or one of a set of categories.

use std::collections::BTreeMap;

use super::columns::Column;
use super::equals::{Equals, asks_for_equals, check_shape};
use super::trees::{Branch, Mode, Node};
use crate::error::{Result, invalid, unsupported};
use crate::forest::MissingSide;
use crate::import::source::{SourceNode, SourceTest};
use crate::narrowing::Input;

/// Makes splits of the branches of one ensemble.
pub(super) struct Splits<'e> {
    /// Those that branches ask for.
    sets: &'e [Vec<f64>],
    columns: &'e [Column],
    /// How each feature is seen.
    inputs: &'e [Input],
    /// How many nodes more may be made than the file has.
    spare: usize,
}

impl<'e> Splits<'e> {
    /// For these trees, and the sets that they ask for.
    pub(super) fn new(trees: &[Vec<Node>], sets: &'e [Vec<f64>], columns: &'e [Column], inputs: &'e [Input]) -> Self {
        /// How many nodes more than a file's a model may have, at least.
        const SPARE: usize = 1 << 16;
        let count: usize = trees.iter().map(Vec::len).sum();
        Self { sets, columns, inputs, spare: SPARE + count }
    }

    /// The nodes of a tree, its root first; each leaf's numbers begin where `first_value` says, given the leaf's index among the tree's nodes.
    pub(super) fn nodes(&mut self, tree: &[Node], first_value: &[u32]) -> Result<Vec<SourceNode>> {
        if tree.iter().any(asks_for_equals) {
            check_shape(tree)?;
            return self.grown(tree, first_value);
        }
        // Each node is one node, and whoever takes them checks their shape.
        let node = |(index, node): (usize, &Node)| match *node {
            Node::Leaf { .. } => Ok(SourceNode::Leaf { first_value: first_value[index] as usize }),
            Node::Branch(branch) => self.split(branch).map_err(|error| error.at(format_args!("node {index}"))),
        };
        // Gathered into a result a list would grow by doubling.
        let mut nodes = Vec::with_capacity(tree.len());
        for entry in tree.iter().enumerate() {
            nodes.push(node(entry)?);
        }
        Ok(nodes)
    }

    fn column(&self, branch: Branch) -> Result<&'e Column> {
        self.columns.get(branch.column as usize).ok_or_else(|| {
            invalid(format_args!("feature {} does not exist; the trees get {}", branch.column, self.columns.len()))
        })
    }

    /// The split of a branch that compares, its children those of the branch.
    fn split(&self, branch: Branch) -> Result<SourceNode> {
        let column = self.column(branch)?;
        let Branch { mode, value, .. } = branch;
        let cut = match mode {
            Mode::AtMost | Mode::Above => column.at_most(value),
            _ => column.below(value),
        };
        let is_left_true = matches!(mode, Mode::AtMost | Mode::Below);
        let goes_true = match column.imputed() {
            None => branch.missing_is_true,
            Some(number) => match mode {
                Mode::AtMost => number <= value,
                Mode::Below => number < value,
                Mode::AtLeast => number >= value,
                _ => number > value,
            },
        };
        let (left, right) =
            if is_left_true { (branch.on_true, branch.on_false) } else { (branch.on_false, branch.on_true) };
        let missing = side(goes_true == is_left_true);
        Ok(SourceNode::split(column.feature as i64, SourceTest::Below(cut), missing, left.into(), right.into()))
    }

    /// The nodes of a tree with branches that ask for equal numbers. Of a feature that is asked for nothing but categories these are sets. Of
    /// others, what such a branch leads to otherwise is there once below each number and once above.
    fn grown(&mut self, tree: &[Node], first_value: &[u32]) -> Result<Vec<SourceNode>> {
        let mut nodes: Vec<SourceNode> = Vec::with_capacity(tree.len());
        let mut left = vec![(Part::Node(0), None)];
        while let Some((part, parent)) = left.pop() {
            let part = match part {
                Part::Node(index) => match tree[index as usize] {
                    Node::Branch(_) if asks_for_equals(&tree[index as usize]) => {
                        let part = self.part(tree, index).map_err(|error| error.at(format_args!("node {index}")))?;
                        // Where all values go one way, that is asked next in this node's place.
                        left.push((part, parent));
                        continue;
                    }
                    _ => part,
                },
                part => part,
            };
            let place = nodes.len();
            if place >= tree.len() {
                self.spend(1)?;
            }
            if let Some((parent, is_left)) = parent {
                let parent: &mut SourceNode = &mut nodes[parent];
                if let SourceNode::Split { left, right, .. } = parent {
                    *(if is_left { left } else { right }) = place as i32;
                }
            }
            let (split, on_left, on_right) = match part {
                Part::Node(index) => match tree[index as usize] {
                    Node::Leaf { .. } => {
                        nodes.push(SourceNode::Leaf { first_value: first_value[index as usize] as usize });
                        continue;
                    }
                    Node::Branch(branch) => {
                        let split = self.split(branch).map_err(|error| error.at(format_args!("node {index}")))?;
                        let SourceNode::Split { left, right, .. } = split else { continue };
                        (split, Part::Node(left as u32), Part::Node(right as u32))
                    }
                },
                Part::Ranges { feature, mut cuts, mut targets, missing } => {
                    let middle = cuts.len() / 2;
                    let (upper_cuts, upper_targets) = (cuts.split_off(middle + 1), targets.split_off(middle + 1));
                    let test = SourceTest::Below(cuts.pop().unwrap_or(f64::INFINITY));
                    let split = SourceNode::split(feature, test, side(missing <= middle), 0, 0);
                    let upper = Part::ranges(feature, upper_cuts, upper_targets, missing.saturating_sub(middle + 1));
                    (split, Part::ranges(feature, cuts, targets, missing.min(middle)), upper)
                }
                Part::Sets { feature, mut sets, otherwise, missing } => {
                    let Some((set, target)) = sets.pop() else { continue };
                    let split =
                        SourceNode::split(feature, SourceTest::InSet(set.into()), side(missing != target), 0, 0);
                    (split, Part::sets(feature, sets, otherwise, missing), Part::Node(target))
                }
            };
            nodes.push(split);
            left.push((on_right, Some((place, false))));
            left.push((on_left, Some((place, true))));
        }
        Ok(nodes)
    }

    fn spend(&mut self, nodes: usize) -> Result<()> {
        self.spare = self.spare.checked_sub(nodes).ok_or_else(|| {
            unsupported(format_args!(
                "its splits that ask for equal numbers (BRANCH_EQ, BRANCH_NEQ, BRANCH_MEMBER) follow each other so often that it would have \
                 too many nodes"
            ))
        })?;
        Ok(())
    }

    /// What a branch that asks for equal numbers, with those behind it that ask the same column, makes of a feature's values.
    fn part(&mut self, tree: &[Node], index: u32) -> Result<Part> {
        let Node::Branch(first) = tree[index as usize] else { return Ok(Part::Node(index)) };
        let column = self.column(first)?;
        let imputed = column.imputed();
        // What is equal to a number goes where the first branch says that asks for it.
        let mut equals: Vec<(f64, u32)> = Vec::new();
        let (mut missing, mut otherwise) = (None, index);
        for asked in Equals::of(tree, index) {
            let one = [asked.branch.value];
            let numbers = asked.numbers(self.sets, &one);
            let is_met = match imputed {
                None => asked.branch.missing_is_true && asked.branch.mode != Mode::Unequal,
                Some(value) => numbers.contains(&value),
            };
            if is_met {
                missing = missing.or(Some(asked.equal));
            }
            equals.extend(numbers.iter().map(|&number| (number + 0.0, asked.equal)));
            otherwise = asked.otherwise;
        }
        self.spend(equals.len().saturating_sub(tree.len()))?;
        // Stable: of equal ones the first branch's stays first.
        equals.sort_by(|one, other| one.0.total_cmp(&other.0));
        equals.dedup_by(|later, earlier| later.0 == earlier.0);
        let (feature, missing) = (column.feature as i64, missing.unwrap_or(otherwise));
        if self.inputs.get(column.feature) == Some(&Input::Exact) {
            return Ok(Part::of_categories(feature, equals, otherwise, missing));
        }
        let ranges = equals.into_iter().map(|(number, target)| (column.below(number), column.at_most(number), target));
        Ok(Part::of_numbers(feature, ranges, otherwise, missing))
    }
}

/// What comes in the place of a node.
enum Part {
    /// A node of the file's tree.
    Node(u32),
    /// What the ranges between some cuts lead to: a node for each, and the one of them that missing values go to.
    Ranges { feature: i64, cuts: Vec<f64>, targets: Vec<u32>, missing: usize },
    /// What sets of categories lead to, the last one asked first; what anything else does, and what missing values do.
    Sets { feature: i64, sets: Vec<(Vec<u32>, u32)>, otherwise: u32, missing: u32 },
}

impl Part {
    fn ranges(feature: i64, cuts: Vec<f64>, targets: Vec<u32>, missing: usize) -> Self {
        if cuts.is_empty() { Self::Node(targets[0]) } else { Self::Ranges { feature, cuts, targets, missing } }
    }

    fn sets(feature: i64, sets: Vec<(Vec<u32>, u32)>, otherwise: u32, missing: u32) -> Self {
        if sets.is_empty() { Self::Node(otherwise) } else { Self::Sets { feature, sets, otherwise, missing } }
    }

    /// Ascending ranges of equal values, each with what it leads to.
    fn of_numbers(feature: i64, ranges: impl Iterator<Item = (f64, f64, u32)>, otherwise: u32, missing: u32) -> Self {
        let (mut cuts, mut targets) = (Vec::new(), vec![otherwise]);
        // One that ends where it begins has no value.
        for (begins, ends, target) in ranges.filter(|(begins, ends, _)| begins < ends) {
            if cuts.last() == Some(&begins) {
                targets.pop();
            } else {
                cuts.push(begins);
            }
            targets.extend([target, otherwise]);
            cuts.push(ends);
        }
        let place = targets.iter().position(|&target| target == missing).unwrap_or_else(|| {
            // Nothing but missing values goes there: below a cut that no value is below.
            cuts.insert(0, f64::NEG_INFINITY);
            targets.insert(0, missing);
            0
        });
        Self::ranges(feature, cuts, targets, place)
    }

    /// Categories, each with what it leads to.
    fn of_categories(feature: i64, categories: Vec<(f64, u32)>, otherwise: u32, missing: u32) -> Self {
        let mut sets: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (category, target) in categories {
            sets.entry(target).or_default().push(category as u32);
        }
        let mut sets: Vec<_> = sets.into_iter().map(|(target, set)| (set, target)).collect();
        let is_lost = missing != otherwise && sets.iter().all(|(_, target)| *target != missing);
        if let Some((other, _)) = sets.last().filter(|_| is_lost) {
            // Nothing but missing values goes there: it is asked last for a category that has gone elsewhere before.
            sets.insert(0, (vec![other[0]], missing));
        }
        Self::sets(feature, sets, otherwise, missing)
    }
}

fn side(is_left: bool) -> MissingSide {
    if is_left { MissingSide::Left } else { MissingSide::Right }
}
