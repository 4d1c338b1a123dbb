//! Branches → splits, which ask whether a feature is below a cut.

use super::columns::Column;
use super::trees::{Branch, Ensemble, Mode, Node};
use crate::error::{Result, invalid, unsupported};
use crate::forest::MissingSide;
use crate::import::source::{SourceNode, SourceTest};

/// Makes splits of the branches of one ensemble.
pub(super) struct Splits<'e> {
    pub(super) ensemble: &'e Ensemble,
    pub(super) columns: &'e [Column],
    /// How many nodes more may be made than the file has.
    pub(super) spare: usize,
}

impl Splits<'_> {
    /// The nodes of a tree, its root first; each leaf's numbers begin where `first_value` says, given the leaf's index among the tree's nodes.
    pub(super) fn nodes(&mut self, tree: &[Node], first_value: &[usize]) -> Result<Vec<SourceNode>> {
        let asks_for_equals =
            |node: &Node| matches!(node, Node::Branch(branch) if matches!(branch.mode, Mode::Equal | Mode::Unequal | Mode::Member(_)));
        if tree.iter().any(asks_for_equals) {
            check_shape(tree)?;
            return self.grown(tree, first_value);
        }
        // Each node is one node, and whoever takes them checks their shape.
        let node = |(index, node): (usize, &Node)| match *node {
            Node::Leaf { .. } => Ok(SourceNode::Leaf { first_value: first_value[index] }),
            Node::Branch(branch) => self.split(branch).map_err(|error| error.at(format_args!("node {index}"))),
        };
        tree.iter().enumerate().map(node).collect()
    }

    fn column(&self, branch: Branch) -> Result<&Column> {
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
        let (left, right) = if is_left_true { (branch.on_true, branch.on_false) } else { (branch.on_false, branch.on_true) };
        Ok(SourceNode::Split {
            feature: column.feature as i64,
            test: SourceTest::Below(cut),
            missing: if goes_true == is_left_true { MissingSide::Left } else { MissingSide::Right },
            left: left.into(),
            right: right.into(),
        })
    }

    /// The nodes of a tree with branches that ask for equal numbers: what such a branch leads to otherwise is there once below each of them and
    /// once above.
    fn grown(&mut self, tree: &[Node], first_value: &[usize]) -> Result<Vec<SourceNode>> {
        let mut nodes: Vec<SourceNode> = Vec::with_capacity(tree.len());
        let mut left = vec![(Part::Node(0), None)];
        while let Some((part, parent)) = left.pop() {
            let place = nodes.len();
            if place >= tree.len() {
                self.spend(1)?;
            }
            if let Some((parent, is_left)) = parent {
                let parent: &mut SourceNode = &mut nodes[parent];
                if let SourceNode::Split { left, right, .. } = parent {
                    *(if is_left { left } else { right }) = place as i64;
                }
            }
            let part = match part {
                Part::Node(index) => match tree[index as usize] {
                    Node::Leaf { .. } => {
                        nodes.push(SourceNode::Leaf { first_value: first_value[index as usize] });
                        continue;
                    }
                    Node::Branch(branch) if matches!(branch.mode, Mode::Equal | Mode::Unequal | Mode::Member(_)) => {
                        match self.ranges(tree, index).map_err(|error| error.at(format_args!("node {index}")))? {
                            Part::Node(only) => {
                                // All values go one way, which is asked next in this node's place.
                                left.push((Part::Node(only), parent));
                                continue;
                            }
                            ranges => ranges,
                        }
                    }
                    Node::Branch(branch) => {
                        let split = self.split(branch).map_err(|error| error.at(format_args!("node {index}")))?;
                        if let SourceNode::Split { left: on_left, right: on_right, .. } = split {
                            left.push((Part::Node(on_right as u32), Some((place, false))));
                            left.push((Part::Node(on_left as u32), Some((place, true))));
                        }
                        nodes.push(split);
                        continue;
                    }
                },
                part => part,
            };
            let Part::Ranges { feature, mut cuts, mut targets, missing } = part else { continue };
            let middle = cuts.len() / 2;
            let (upper_cuts, upper_targets) = (cuts.split_off(middle + 1), targets.split_off(middle + 1));
            let cut = cuts.pop().unwrap_or(f64::INFINITY);
            let goes_left = missing <= middle;
            nodes.push(SourceNode::Split {
                feature,
                test: SourceTest::Below(cut),
                missing: if goes_left { MissingSide::Left } else { MissingSide::Right },
                left: 0,
                right: 0,
            });
            let upper = missing.saturating_sub(middle + 1);
            left.push((Part::ranges(feature, upper_cuts, upper_targets, upper), Some((place, false))));
            left.push((Part::ranges(feature, cuts, targets, missing.min(middle)), Some((place, true))));
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

    /// The ranges that a branch that asks for equal numbers divides a feature's values into, and those behind it that ask the same column.
    fn ranges(&mut self, tree: &[Node], index: u32) -> Result<Part> {
        let Node::Branch(first) = tree[index as usize] else { return Ok(Part::Node(index)) };
        let column = self.column(first)?;
        // What is equal to a number goes where the first branch says that asks for it.
        let mut equals: Vec<(f64, f64, u32)> = Vec::new();
        let mut missing = None;
        let mut otherwise = index;
        while let Node::Branch(branch) = tree[otherwise as usize] {
            let one = [branch.value];
            let numbers: &[f64] = match branch.mode {
                _ if branch.column != first.column => break,
                Mode::Equal | Mode::Unequal => &one,
                Mode::Member(set) => &self.ensemble.sets[set as usize],
                _ => break,
            };
            let is_unequal = branch.mode == Mode::Unequal;
            let (equal, other) =
                if is_unequal { (branch.on_false, branch.on_true) } else { (branch.on_true, branch.on_false) };
            let is_met = match column.imputed() {
                None => branch.missing_is_true && !is_unequal,
                Some(value) => numbers.contains(&value),
            };
            if is_met {
                missing = missing.or(Some(equal));
            }
            equals.extend(numbers.iter().map(|&number| (column.below(number), column.at_most(number), equal)));
            otherwise = other;
        }
        let count = equals.len();
        let feature = column.feature as i64;
        // Stable: of equal ones the first branch's stays first.
        equals.sort_by(|a, b| a.0.total_cmp(&b.0));
        equals.dedup_by(|later, earlier| later.0 == earlier.0);
        let (mut cuts, mut targets) = (Vec::new(), vec![otherwise]);
        for (begins, ends, target) in equals {
            // No value is equal to it.
            if begins >= ends {
                continue;
            }
            if cuts.last() == Some(&begins) {
                targets.pop();
            } else {
                cuts.push(begins);
            }
            targets.extend([target, otherwise]);
            cuts.push(ends);
        }
        self.spend(count)?;
        let missing = missing.unwrap_or(otherwise);
        match targets.iter().position(|&target| target == missing) {
            Some(missing) => Ok(Part::ranges(feature, cuts, targets, missing)),
            // Nothing but missing values goes there: below a cut that no value is below.
            None => {
                cuts.insert(0, f64::NEG_INFINITY);
                targets.insert(0, missing);
                Ok(Part::ranges(feature, cuts, targets, 0))
            }
        }
    }
}

/// What comes in the place of a node.
enum Part {
    /// A node of the file's tree.
    Node(u32),
    /// What the ranges between some cuts lead to: a node for each, and the one of them that missing values go to.
    Ranges { feature: i64, cuts: Vec<f64>, targets: Vec<u32>, missing: usize },
}

impl Part {
    fn ranges(feature: i64, cuts: Vec<f64>, targets: Vec<u32>, missing: usize) -> Self {
        if cuts.is_empty() { Self::Node(targets[0]) } else { Self::Ranges { feature, cuts, targets, missing } }
    }
}

/// Checks that the nodes are a tree, each but the root the child of one other.
fn check_shape(tree: &[Node]) -> Result<()> {
    let mut parents = vec![None; tree.len()];
    for (index, node) in tree.iter().enumerate() {
        let Node::Branch(branch) = node else { continue };
        for child in [branch.on_true, branch.on_false] {
            let fault = if child == 0 {
                "its child is the root: a cycle".to_owned()
            } else if let Some(other) = parents[child as usize].replace(index) {
                format!("child {child} is already a child of node {other}")
            } else {
                continue;
            };
            return Err(invalid(format_args!("{fault}")).at(format_args!("node {index}")));
        }
    }
    // Each has one parent, so what the root does not lead to goes in a circle.
    match parents.iter().skip(1).position(Option::is_none) {
        Some(lost) => Err(invalid(format_args!("no path from the root leads here")).at(format_args!("node {}", lost + 1))),
        None => Ok(()),
    }
}
