//! CatBoost's trees → the form that all importers share.

use crate::error::{Result, invalid, unsupported};
use crate::forest::MissingSide;
use crate::import::source::{SourceNode, SourceTest, SourceTree};

/// What a split asks of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Question {
    /// Whether a number is above a border: then it goes right.
    Above { column: u32, border: f32, missing: MissingSide },
    /// Whether it is one category: then it goes right. One that is missing is another.
    Is { column: u32, category: u32 },
}

impl Question {
    /// The split that asks it, with these children.
    fn split(self, left: usize, right: usize) -> SourceNode {
        let (column, test, missing) = match self {
            // What is not above the border is below the next number.
            Self::Above { column, border, missing } => (column, SourceTest::Below(border.next_up().into()), missing),
            Self::Is { column, category } => (column, SourceTest::InSet([category].into()), MissingSide::Left),
        };
        SourceNode::split(column.into(), test, missing, left as i64, right as i64)
    }
}

/// The deepest tree in which all nodes of a level ask the same; CatBoost grows none deeper.
pub(super) const DEEPEST: usize = 16;

/// The most nodes that the trees of a model may have, all together: one takes a fifteenth of a kilobyte while they are made a forest of, and a
/// file has as few as four bytes for it.
pub(super) const MOST_NODES: usize = 1 << 25;

/// Checks that so many trees have not too many nodes.
pub(super) fn check_size(nodes: usize) -> Result<()> {
    if nodes > MOST_NODES {
        return Err(unsupported(format_args!("the trees have more than {MOST_NODES} nodes")));
    }
    Ok(())
}

/// Checks that not most of a file, of so many bytes, are trees of one leaf: one takes as few as twelve bytes of it, and a hundred and fifty
/// of memory. Trees that found nothing to ask are so; of thousands there is not one model.
pub(super) fn check_single_leaves(count: usize, bytes: usize) -> Result<()> {
    const MOST: usize = 1 << 16;
    const BYTES: usize = 64;
    if count > MOST + bytes / BYTES {
        return Err(unsupported(format_args!("{count} of its trees are of one leaf, more than any model has")));
    }
    Ok(())
}

/// A tree in which all nodes of a level ask the same. The first question decides the lowest bit of a leaf's index. `values` has as many numbers
/// for each leaf as there are outputs, `weights` one or is empty.
pub(super) fn symmetric(questions: &[Question], values: Vec<f64>, weights: &[f64]) -> Result<SourceTree> {
    if questions.len() > DEEPEST {
        return Err(invalid(format_args!(
            "it has {} levels; CatBoost's trees have at most {DEEPEST}",
            questions.len()
        )));
    }
    let leaves = 1_usize << questions.len();
    let width = values.len() / leaves;
    if width == 0 || width * leaves != values.len() {
        return Err(invalid(format_args!("it has {} leaf values for {leaves} leaves", values.len())));
    }
    if !weights.is_empty() && weights.len() != leaves {
        return Err(invalid(format_args!("it has {} leaf weights for {leaves} leaves", weights.len())));
    }
    let mut nodes = Vec::with_capacity(2 * leaves - 1);
    // Level by level, the last question first: so the leaves come in the order of their indices.
    for question in questions.iter().rev() {
        for _ in 0..=nodes.len() {
            let index = nodes.len();
            nodes.push(question.split(2 * index + 1, 2 * index + 2));
        }
    }
    nodes.extend((0..leaves).map(|leaf| SourceNode::Leaf { first_value: leaf * width }));
    let mut covers = Vec::new();
    if !weights.is_empty() {
        covers = vec![0.0; leaves - 1];
        covers.extend_from_slice(weights);
        for index in (0..leaves - 1).rev() {
            covers[index] = covers[2 * index + 1] + covers[2 * index + 2];
        }
    }
    Ok(SourceTree { nodes, values, output: 0, covers })
}

/// A node of a tree in which each node asks for itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// A question, and the indices of what follows within the tree.
    Ask { question: Question, left: u32, right: u32 },
    /// A leaf and its weight, if that is known.
    Leaf { weight: Option<f64> },
}

/// A tree in which each node asks for itself; node 0 is the root. `values` has `width` numbers for each leaf, in the leaves' order.
pub(super) fn asymmetric(steps: impl ExactSizeIterator<Item = Step>, values: Vec<f64>, width: usize) -> SourceTree {
    let mut nodes = Vec::with_capacity(steps.len());
    let mut covers = Vec::with_capacity(steps.len());
    let (mut leaves, mut weighed) = (0, 0);
    for step in steps {
        match step {
            Step::Ask { question, left, right } => {
                nodes.push(question.split(left as usize, right as usize));
                covers.push(0.0);
            }
            Step::Leaf { weight } => {
                nodes.push(SourceNode::Leaf { first_value: leaves * width });
                covers.push(weight.unwrap_or(0.0));
                leaves += 1;
                weighed += usize::from(weight.is_some());
            }
        }
    }
    if weighed < leaves {
        covers.clear();
    }
    SourceTree { nodes, values, output: 0, covers }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn above(column: u32, border: f32) -> Question {
        Question::Above { column, border, missing: MissingSide::Left }
    }

    /// The leaf that a walk comes to, where `answers` has the answer of each column's question.
    fn walked(tree: &SourceTree, answers: &[bool]) -> usize {
        let mut index = 0;
        loop {
            match &tree.nodes[index] {
                SourceNode::Split { feature, left, right, .. } => {
                    index = if answers[*feature as usize] { *right } else { *left } as usize;
                }
                SourceNode::Leaf { first_value } => return *first_value,
                SourceNode::Deleted => panic!("deleted"),
            }
        }
    }

    #[test]
    fn the_first_question_is_the_lowest_bit_of_a_leafs_index() {
        let questions = [above(0, 0.5), above(1, 0.5), above(2, 0.5)];
        let values: Vec<f64> = (0..16).map(f64::from).collect();
        let weights: Vec<f64> = (0..8).map(f64::from).collect();
        let tree = symmetric(&questions, values, &weights).expect("a tree");
        for leaf in 0..8 {
            let answers = [0, 1, 2].map(|bit| leaf >> bit & 1 == 1);
            assert_eq!(walked(&tree, &answers), 2 * leaf);
        }
        assert_eq!(tree.covers[0], 28.0);
        assert_eq!(tree.covers[7..], weights);
        let leaf = symmetric(&[], vec![1.5], &[]).expect("a leaf");
        assert_eq!((leaf.nodes.len(), leaf.covers.len()), (1, 0));
    }

    #[test]
    fn leaves_and_weights_are_as_many_as_there_are_answers() {
        let fault = |values: usize, weights: usize| {
            let tree = symmetric(&[above(0, 0.5)], vec![0.0; values], &vec![0.0; weights]);
            tree.map(|_| ()).map_err(|error| error.to_string())
        };
        assert_eq!(fault(2, 2), Ok(()));
        assert_eq!(fault(3, 0), Err("it has 3 leaf values for 2 leaves".to_owned()));
        assert_eq!(fault(0, 0), Err("it has 0 leaf values for 2 leaves".to_owned()));
        assert_eq!(fault(2, 1), Err("it has 1 leaf weights for 2 leaves".to_owned()));
        let deep = symmetric(&[above(0, 0.5); 17], vec![0.0; 2], &[]).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(deep, Err("it has 17 levels; CatBoost's trees have at most 16".to_owned()));
    }

    #[test]
    fn what_is_not_above_a_border_is_below_the_next_number() {
        for (border, cut) in
            [(0.5, 0.500_000_06), (-0.0, 1e-45), (f32::MAX, f32::INFINITY), (f32::MIN, f32::MIN.next_up())]
        {
            let SourceNode::Split { test: SourceTest::Below(below), .. } = above(0, border).split(1, 2) else {
                panic!("no split")
            };
            assert_eq!(below, f64::from(cut), "{border}");
        }
    }

    #[test]
    fn each_leaf_of_another_tree_has_the_next_values() {
        let weight = Some(2.0);
        let steps = [
            Step::Ask { question: above(0, 0.5), left: 1, right: 2 },
            Step::Leaf { weight },
            Step::Ask { question: above(1, 0.5), left: 3, right: 4 },
            Step::Leaf { weight },
            Step::Leaf { weight },
        ];
        let tree = asymmetric(steps.into_iter(), vec![0.0; 6], 2);
        let leaves = [[false, true], [true, false], [true, true]].map(|answers| walked(&tree, &answers));
        assert_eq!(leaves, [0, 2, 4]);
        assert_eq!(tree.covers, [0.0, 2.0, 0.0, 2.0, 2.0]);
        let unknown = asymmetric([Step::Leaf { weight: None }].into_iter(), vec![0.0], 1);
        assert!(unknown.covers.is_empty());
    }
}
