//! Tree ensembles in the form that both kinds of operators are read into.

use crate::error::{Result, invalid, quoted, unsupported};
use crate::import::draft::Labels;

/// Everything that a tree ensemble's operator says.
pub(super) struct Ensemble {
    pub(super) trees: Vec<Vec<Node>>,
    /// What leaves add, leaf by leaf.
    pub(super) votes: Vec<Vote>,
    /// The sets that branches ask for, ascending.
    pub(super) sets: Vec<Vec<f64>>,
    /// How many targets, or classes, there are.
    pub(super) target_count: usize,
    /// The names of a classifier's classes.
    pub(super) labels: Labels,
    pub(super) base_values: Vec<f64>,
    pub(super) aggregate: Aggregate,
    pub(super) transform: Transform,
    /// For which targets there are votes, of those too that no leaf has.
    pub(super) targets_used: Vec<bool>,
    /// Whether thresholds, votes and sums are 64-bit floats.
    pub(super) is_double: bool,
}

/// A node of a tree; the first is the root.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Node {
    Branch(Branch),
    /// The places of its votes.
    Leaf {
        first_vote: u32,
        end_vote: u32,
    },
}

/// A node that asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Branch {
    pub(super) column: u32,
    pub(super) mode: Mode,
    /// Whether a missing value goes the true way, whatever the comparison says.
    pub(super) missing_is_true: bool,
    pub(super) value: f64,
    pub(super) on_true: u32,
    pub(super) on_false: u32,
}

/// What a leaf adds to one target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Vote {
    pub(super) target: u32,
    pub(super) weight: f64,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    AtMost,
    Below,
    AtLeast,
    Above,
    Equal,
    Unequal,
    /// It is one of the numbers of this set of the ensemble's.
    Member(u32),
}

/// How the trees' votes come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregate {
    Sum,
    Average,
}

/// What becomes of the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transform {
    None,
    Logistic,
    Softmax,
}

/// The names of ONNX's modes of nodes, in the order of `TreeEnsemble`'s numbers.
pub(super) const MODES: [(&str, Mode); 6] = [
    ("BRANCH_LEQ", Mode::AtMost),
    ("BRANCH_LT", Mode::Below),
    ("BRANCH_GTE", Mode::AtLeast),
    ("BRANCH_GT", Mode::Above),
    ("BRANCH_EQ", Mode::Equal),
    ("BRANCH_NEQ", Mode::Unequal),
];

impl Aggregate {
    /// The one of ONNX's name.
    pub(super) fn named(name: &str) -> Result<Self> {
        match name {
            "SUM" => Ok(Self::Sum),
            "AVERAGE" => Ok(Self::Average),
            _ => {
                Err(unsupported(format_args!("aggregate_function is {}; SUM and AVERAGE are supported", quoted(name))))
            }
        }
    }
}

impl Transform {
    /// The one of ONNX's name.
    pub(super) fn named(name: &str) -> Result<Self> {
        match name {
            "NONE" => Ok(Self::None),
            "LOGISTIC" => Ok(Self::Logistic),
            "SOFTMAX" => Ok(Self::Softmax),
            _ => Err(unsupported(format_args!(
                "post_transform is {}; NONE, LOGISTIC and SOFTMAX are supported",
                quoted(name)
            ))),
        }
    }
}

/// A missing value's flag in the file: 0 or 1.
pub(super) fn flag(value: i64, name: &str) -> Result<bool> {
    match value {
        0 | 1 => Ok(value == 1),
        _ => Err(invalid(format_args!("{name} is {value}, neither 0 nor 1"))),
    }
}

/// A column's index.
pub(super) fn column(value: i64) -> Result<u32> {
    u32::try_from(value).map_err(|_| invalid(format_args!("feature {value} does not exist")))
}

/// A threshold: anything but NaN, which no value compares with.
pub(super) fn threshold(value: f64) -> Result<f64> {
    if value.is_nan() { Err(invalid(format_args!("the threshold is NaN"))) } else { Ok(value) }
}

impl Ensemble {
    /// How many columns the trees need.
    pub(super) fn columns_needed(&self) -> usize {
        let branches = self.trees.iter().flatten().filter_map(|node| match node {
            Node::Branch(branch) => Some((branch.column as usize).saturating_add(1)),
            Node::Leaf { .. } => None,
        });
        branches.max().unwrap_or(1)
    }

    /// The votes of a leaf.
    pub(super) fn votes_of(&self, first_vote: u32, end_vote: u32) -> &[Vote] {
        &self.votes[first_vote as usize..end_vote as usize]
    }

    /// Checks the votes: each is a number, and no leaf has two for one target.
    pub(super) fn check_votes(&self) -> Result<()> {
        let mut last_leaf = vec![0; self.target_count];
        let mut leaf = 0_usize;
        for (index, tree) in self.trees.iter().enumerate() {
            for (place, node) in tree.iter().enumerate() {
                let Node::Leaf { first_vote, end_vote } = *node else { continue };
                leaf += 1;
                for vote in self.votes_of(first_vote, end_vote) {
                    let target = vote.target;
                    let fault = if !vote.weight.is_finite() {
                        format!("its weight is {}", vote.weight)
                    } else if std::mem::replace(&mut last_leaf[target as usize], leaf) == leaf {
                        format!("it has two weights for target {target}, of which onnxruntime adds one or both")
                    } else {
                        continue;
                    };
                    return Err(invalid(format_args!("{fault}")).at(format_args!("tree {index}, node {place}")));
                }
            }
        }
        Ok(())
    }
}
