//! One of scikit-learn's trees: arrays of nodes, and of what each node answers.

use super::super::pickle::{Array, Id, Values};
use super::super::source::{SourceNode, SourceTest, SourceTree};
use crate::error::{Result, invalid, unsupported};
use crate::forest::MissingSide;

/// The class of a tree.
const CLASS: &str = "sklearn.tree._tree.Tree";
/// What stands for a child where there is none.
const NO_CHILD: i64 = -1;

/// A tree as the pickle has it.
pub(super) struct Tree {
    left: Vec<i64>,
    right: Vec<i64>,
    features: Vec<i64>,
    thresholds: Vec<f64>,
    /// Whether a missing value goes left, of each node; before 1.3 there are none.
    missing_left: Option<Vec<i64>>,
    covers: Vec<f64>,
    /// How many rows of the training data came to each node.
    rows: Vec<i64>,
    /// What each node answers: for each output, for each class.
    values: Vec<f64>,
    /// How many outputs there are, and how many numbers each has.
    pub(super) outputs: usize,
    pub(super) width: usize,
}

impl Tree {
    /// The tree of an estimator that is one.
    pub(super) fn of(values: &Values, estimator: Id, feature_count: usize) -> Result<Self> {
        let id = values.required(estimator, "tree_")?;
        if values.class(id).as_deref() != Some(CLASS) {
            return Err(invalid(format_args!("tree_ is {}, not a tree", values.described(id))));
        }
        let features = values.call(id, &[CLASS]).and_then(|arguments| values.integer(*arguments.first()?));
        if features.and_then(|count| usize::try_from(count).ok()) != Some(feature_count) {
            return Err(invalid(format_args!("the tree has another number of features than n_features_in_")));
        }
        let array = |name: &str| -> Result<Array> {
            let array =
                Array::of(values, values.required(id, name)?).map_err(|error| error.at(format_args!("{name}")))?;
            array.ok_or_else(|| invalid(format_args!("{name} is no array")))
        };
        let nodes = array("nodes")?;
        check_records(&nodes)?;
        let integers = |name: &str| nodes.field_integers(name).ok_or_else(|| lacks(name));
        let numbers = |name: &str| nodes.field_numbers(name).ok_or_else(|| lacks(name));
        let answers = array("values")?;
        let &[count, outputs, width] = answers.shape.as_slice() else {
            return Err(invalid(format_args!(
                "the tree's values are of shape {:?}, not of three lengths",
                answers.shape
            )));
        };
        if !answers.is_double() {
            return Err(unsupported(format_args!("the tree's values are other numbers than 64-bit floats")));
        }
        if count != nodes.len() {
            return Err(invalid(format_args!("the tree has {} nodes, and values of {count}", nodes.len())));
        }
        Ok(Self {
            left: integers("left_child")?,
            right: integers("right_child")?,
            features: integers("feature")?,
            thresholds: numbers("threshold")?,
            missing_left: nodes.field_integers("missing_go_to_left"),
            covers: numbers("weighted_n_node_samples")?,
            rows: integers("n_node_samples")?,
            values: answers.numbers().ok_or_else(|| invalid(format_args!("the tree's values are no numbers")))?,
            outputs,
            width,
        })
    }

    /// How many rows of the training data came to each node.
    pub(super) fn rows(&self) -> &[i64] {
        &self.rows
    }

    /// How many nodes there are from the root to each, both counted; 0 for those that no path leads to.
    pub(super) fn depths(&self) -> Result<Vec<f64>> {
        let mut depths = vec![0.0; self.left.len()];
        let mut stack = vec![(0, 1.0)];
        while let Some((index, depth)) = stack.pop() {
            let node = usize::try_from(index).ok().and_then(|index| depths.get_mut(index).map(|place| (index, place)));
            let Some((index, place)) = node else {
                return Err(invalid(format_args!("node {index} does not exist; the tree has {}", self.left.len())));
            };
            // Nobody comes to a node twice.
            if std::mem::replace(place, depth) != 0.0 {
                return Err(invalid(format_args!("node {index} is the child of two")));
            }
            if self.left[index] != NO_CHILD {
                stack.extend([self.left[index], self.right[index]].map(|child| (child, depth + 1.0)));
            }
        }
        Ok(depths)
    }

    /// The tree with leaves that add one number each, by what node they are.
    pub(super) fn source_by_node(mut self, leaf: impl Fn(usize) -> f64) -> Result<SourceTree> {
        (self.outputs, self.width) = (1, 1);
        self.values = (0..self.left.len()).map(leaf).collect();
        self.source(0, 1, |answer, out| out.extend(answer))
    }

    /// The tree with leaves that add what `leaf` makes of a node's numbers, `leaf_width` numbers each.
    pub(super) fn source(
        self,
        output: u32,
        leaf_width: usize,
        leaf: impl Fn(&[f64], &mut Vec<f64>),
    ) -> Result<SourceTree> {
        let mut nodes = Vec::with_capacity(self.left.len());
        let mut values = Vec::new();
        let answer_width = self.outputs * self.width;
        for (index, (&left, &right)) in self.left.iter().zip(&self.right).enumerate() {
            if left == NO_CHILD {
                let answer = self.values.get(index * answer_width..).and_then(|answer| answer.get(..answer_width));
                let first_value = values.len();
                leaf(answer.unwrap_or_default(), &mut values);
                if values.len() != first_value + leaf_width {
                    return Err(invalid(format_args!(
                        "node {index} has {answer_width} values, of which no leaf is made"
                    )));
                }
                nodes.push(SourceNode::Leaf { first_value });
                continue;
            }
            let threshold = self.thresholds[index];
            // Without a side of its own a missing value is compared as any other, and is not below.
            let missing_left = self.missing_left.as_ref().is_some_and(|sides| sides[index] != 0);
            let missing = if missing_left { MissingSide::Left } else { MissingSide::Right };
            let test = SourceTest::Below(cut(threshold));
            nodes.push(SourceNode::split(self.features[index], test, missing, left, right));
        }
        Ok(SourceTree { nodes, values, output, covers: self.covers })
    }
}

/// Checks that a tree's nodes are as large as any version's: a node of few bytes would become many times as much.
pub(super) fn check_records(nodes: &Array) -> Result<()> {
    /// The least is that of a machine of 32 bits.
    const LEAST: usize = 40;
    if nodes.record_size() < LEAST {
        let size = nodes.record_size();
        return Err(unsupported(format_args!(
            "the tree's nodes are of {size} bytes: no version that is read writes such"
        )));
    }
    Ok(())
}

fn lacks(field: &str) -> crate::Error {
    unsupported(format_args!("the tree's nodes have no {field}: no version of scikit-learn that is read writes such"))
}

/// The 32-bit float below which a 32-bit float is where it is `threshold` at most. Nothing is at most NaN, which 1.5 writes where a split
/// tells missing values from all others.
fn cut(threshold: f64) -> f64 {
    if threshold.is_nan() {
        return f64::NEG_INFINITY;
    }
    let nearest = threshold as f32;
    let floor = if f64::from(nearest) > threshold { nearest.next_down() } else { nearest };
    floor.next_up().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_at_most_what_is_no_number() {
        assert_eq!(cut(f64::NAN), f64::NEG_INFINITY);
        assert_eq!(cut(f64::INFINITY), f64::INFINITY);
    }

    #[test]
    fn below_the_cut_is_what_is_at_most_the_threshold() {
        let edges =
            [0.0, -0.0, 0.1, 0.5, 1e-46, -1e-46, 1e38, -3.5, f64::from(f32::MAX), f64::from(f32::MIN), 1e300, -1e300];
        let singles: Vec<f32> = edges
            .iter()
            .map(|&edge| edge as f32)
            .filter(|single| single.is_finite())
            .flat_map(|single| [single.next_down(), single, single.next_up()])
            .filter(|single| single.is_finite())
            .collect();
        for threshold in edges {
            for &single in &singles {
                let wide = f64::from(single);
                assert_eq!(wide < cut(threshold), wide <= threshold, "{single} at {threshold}");
            }
        }
    }
}
