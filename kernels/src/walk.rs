//! Trees, eight walks side by side: a processor waits for one walk's next node while it is at the others'.
//!
//! A split asks whether a row's value is at least a threshold, as the trainer does: for few rows, finding codes first takes longer
//! than all splits on the way. What is no number is not at least anything, so a missing value goes left; where it is to go right, a
//! split asks another place of the row, where infinity stands for it. The two sides of a split stand side by side, so that a step is
//! a number and an answer added, and no branch depends on the row. A leaf asks for the last place of a row, which holds no number,
//! and leads to itself: all walks of a tree take as many steps as its deepest leaf needs. What it adds is where splits have their
//! threshold.
//!
//! A node has eight bytes: with twelve, and leaves looked up beside, one row takes an eighth to a quarter longer (500 trees of depth
//! 6). Trees that are too large for it are few, and walked otherwise.

use crate::number::{Leaf, Number};
use crate::tiles::Exit;

/// How many walks go side by side.
pub const WALKS: usize = 8;

/// A node: right of it is where a row's value is at least the threshold.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The threshold; the bits of what a leaf adds, or of the place of its numbers.
    threshold: f32,
    /// The value's place in a row.
    place: u16,
    /// How many nodes further on that on its left is, with that on its right behind it; 0 of a leaf.
    left: u16,
}

impl Node {
    /// A split that compares the value at a place of a row. The node on its left is `left` further on, that on its right the next one.
    /// `None` if a node has no room for these.
    pub fn split(place: u32, threshold: f32, left: usize) -> Option<Self> {
        Some(Self { threshold, place: place.try_into().ok()?, left: left.try_into().ok()? })
    }

    /// A leaf.
    pub fn leaf(exit: Exit) -> Self {
        let bits = match exit {
            Exit::Leaf(leaf) => leaf.to_bits(),
            Exit::Numbers(place) | Exit::Tile(place) => place,
        };
        Self { threshold: f32::from_bits(bits), place: 0, left: 0 }
    }
}

/// A tree among the nodes.
#[derive(Clone, Copy, Debug)]
pub struct Tree {
    /// Its root.
    pub root: u32,
    /// The most steps from there to a leaf.
    pub depth: u32,
    /// The output that it adds to; the first, where leaves are vectors.
    pub output: u32,
}

/// What the trees are made of.
#[derive(Clone, Debug, Default)]
pub struct Parts<N> {
    /// How many values a row has: the last is no number, and no split asks for it.
    pub width: usize,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The trees, in the order that their leaves are added.
    pub trees: Vec<Tree>,
    /// What the leaves add, where nodes have no room for it.
    pub leaves: Vec<N>,
    /// How many numbers a leaf has.
    pub leaf_width: usize,
}

/// Trees that are walked, every step checked when they are made.
#[derive(Clone, Debug)]
pub struct Walk<N>(Parts<N>);

impl<N: Number> Walk<N> {
    /// The trees of these parts; `None` if a row has more values than nodes have room for.
    ///
    /// # Panics
    /// If a tree has no root, or a split asks for a value or leads to a node that is not there.
    #[inline]
    pub fn new(mut parts: Parts<N>) -> Option<Self> {
        let count = parts.nodes.len();
        let last = u16::try_from(parts.width - 1).ok()?;
        for (index, node) in parts.nodes.iter_mut().enumerate() {
            if node.left == 0 {
                node.place = last;
            }
            let is_there = node.left == 0 || node.place < last && index + usize::from(node.left) + 1 < count;
            assert!(is_there);
        }
        assert!(parts.trees.iter().all(|tree| (tree.root as usize) < count));
        Some(Self(parts))
    }
}

// All numbers are leaves; what the loops ask of them is nobody else's.
#[allow(private_bounds)]
impl<N: Leaf> Walk<N> {
    /// [`Number::walk`].
    ///
    /// Checking each node and value takes half as long again (measured in wasm).
    #[allow(unsafe_code)]
    #[inline(always)]
    pub(crate) fn add_row(&self, row: &[f32], sums: &mut [N]) {
        let Parts { width, nodes, trees, leaves, leaf_width } = &self.0;
        let row = &row[..*width];
        assert!(row[row.len() - 1].is_nan());
        for eight in trees.chunks(WALKS) {
            // Where there are fewer, the first again and again.
            let tree = |walk: usize| eight.get(walk).unwrap_or(&eight[0]);
            let mut at: [usize; WALKS] = std::array::from_fn(|walk| tree(walk).root as usize);
            for _ in 0..eight.iter().fold(0, |most, tree| most.max(tree.depth)) {
                for index in &mut at {
                    // SAFETY: a walk begins at a tree's root. From a split it goes on by its `left`, or by one more; from a leaf it does not,
                    // as what the row has in the last place is at least nothing. `Walk::new` has found all of these among the nodes, which
                    // nobody changes afterwards, and every place below the row's length.
                    let (node, value) = unsafe {
                        let node = *nodes.get_unchecked(*index);
                        (node, *row.get_unchecked(usize::from(node.place)))
                    };
                    *index += usize::from(node.left) + usize::from(value >= node.threshold);
                }
            }
            for (tree, index) in eight.iter().zip(at) {
                let exit = nodes[index].threshold.to_bits();
                if *leaf_width == 1 {
                    sums[tree.output as usize] += N::of_exit(exit, leaves);
                } else {
                    self.add_numbers(exit, &mut sums[tree.output as usize..]);
                }
            }
        }
    }

    // Not inlined: it would be there for each walk.
    #[inline(never)]
    fn add_numbers(&self, exit: u32, sums: &mut [N]) {
        let numbers = &self.0.leaves[exit as usize..][..self.0.leaf_width];
        for (sum, number) in sums[..numbers.len()].iter_mut().zip(numbers) {
            *sum += *number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree of so many splits on a path, its leaves 0, 1 and so on from left to right: leaf `n` where the value at `n` is the first
    /// below 0.5.
    fn ladder(parts: &mut Parts<f32>, splits: u32, output: u32) {
        let root = parts.nodes.len() as u32;
        for rung in 0..splits {
            // On its left the leaf behind it, on its right what follows.
            parts.nodes.extend([split(rung, 1), Node::leaf(Exit::Leaf(rung as f32))]);
        }
        parts.nodes.push(Node::leaf(Exit::Leaf(splits as f32)));
        parts.trees.push(Tree { root, depth: splits, output });
    }

    fn split(place: u32, left: usize) -> Node {
        Node::split(place, 0.5, left).expect("room")
    }

    fn made<N: Number>(parts: Parts<N>) -> Walk<N> {
        Walk::new(parts).expect("room")
    }

    /// Of rows of twenty values, and one that is no number.
    fn walk(splits: &[u32]) -> Walk<f32> {
        let mut parts = Parts { width: 21, leaf_width: 1, ..Parts::default() };
        for (index, splits) in splits.iter().enumerate() {
            ladder(&mut parts, *splits, index as u32 % 2);
        }
        made(parts)
    }

    /// A row that goes right so many times.
    fn row(rights: usize, missing: f32) -> Vec<f32> {
        let value = |place| match place {
            _ if place < rights => 0.5,
            _ if place == rights => missing,
            _ => f32::MAX,
        };
        (0..20).map(value).chain([f32::NAN]).collect()
    }

    #[test]
    fn each_row_comes_to_its_leaf() {
        // More trees than go side by side, and such as are deeper and shallower than their neighbours.
        for count in [1, 7, 8, 9, 17] {
            let splits: Vec<u32> = (0..count).map(|tree| tree * 5 % 17).collect();
            let walk = walk(&splits);
            for rights in 0..20 {
                for missing in [f32::NAN, 0.49999997, f32::MIN] {
                    let mut expected = [0.25; 2];
                    for (tree, splits) in splits.iter().enumerate() {
                        expected[tree % 2] += (*splits as usize).min(rights) as f32;
                    }
                    let mut sums = [0.25; 2];
                    walk.add_row(&row(rights, missing), &mut sums);
                    assert_eq!(sums, expected, "{count} trees, {rights} times right");
                }
            }
        }
    }

    #[test]
    fn what_a_node_has_no_room_for_is_told() {
        assert!(Node::split(65_535, 0.0, 65_535).is_some());
        assert!(Node::split(65_536, 0.0, 1).is_none());
        assert!(Node::split(0, 0.0, 65_536).is_none());
        let leaf = || vec![Node::leaf(Exit::Leaf(0.0))];
        for (width, fits) in [(65_536, true), (65_537, false)] {
            let parts = Parts::<f32> { width, nodes: leaf(), leaf_width: 1, ..Parts::default() };
            assert_eq!(Walk::new(parts).is_some(), fits, "{width}");
        }
    }

    #[test]
    fn a_leaf_may_have_several_numbers() {
        let leaf = |place| Node::leaf(Exit::Numbers(place));
        let walk = made::<f32>(Parts {
            width: 2,
            nodes: vec![split(0, 1), leaf(0), leaf(3)],
            trees: vec![Tree { root: 0, depth: 1, output: 0 }],
            leaves: vec![1.0, 2.0, 3.0, 10.0, 20.0, 30.0],
            leaf_width: 3,
        });
        let mut sums = [0.5; 3];
        walk.add_row(&[0.5, f32::NAN], &mut sums);
        assert_eq!(sums, [10.5, 20.5, 30.5]);
        walk.add_row(&[-1.0, f32::NAN], &mut sums);
        assert_eq!(sums, [11.5, 22.5, 33.5]);
    }

    #[test]
    fn a_leaf_may_have_one_of_64_bits() {
        let walk = made::<f64>(Parts {
            width: 2,
            nodes: vec![split(0, 1), Node::leaf(Exit::Numbers(1)), Node::leaf(Exit::Numbers(0))],
            trees: vec![Tree { root: 0, depth: 1, output: 0 }],
            leaves: vec![0.1, 0.2],
            leaf_width: 1,
        });
        let mut sums = [0.0];
        walk.add_row(&[f32::NAN, f32::NAN], &mut sums);
        assert_eq!(sums, [0.2]);
    }

    fn refused(node: Node, root: u32) {
        let leaf = Node::leaf(Exit::Leaf(0.0));
        let trees = vec![Tree { root, depth: 1, output: 0 }];
        made::<f32>(Parts { width: 3, nodes: vec![node, leaf, leaf], trees, leaves: vec![], leaf_width: 1 });
    }

    #[test]
    fn what_is_there_is_not_refused() {
        refused(split(1, 1), 2);
    }

    #[test]
    #[should_panic(expected = "is_there")]
    fn a_value_that_rows_have_not_is_refused() {
        refused(split(2, 1), 0);
    }

    #[test]
    #[should_panic(expected = "is_there")]
    fn a_right_side_that_is_not_there_is_refused() {
        refused(split(0, 2), 0);
    }

    #[test]
    #[should_panic(expected = "tree.root")]
    fn a_root_that_is_not_there_is_refused() {
        refused(split(0, 1), 3);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn a_row_that_is_too_short_is_refused() {
        walk(&[1]).add_row(&[f32::NAN; 20], &mut [0.0; 2]);
    }

    #[test]
    #[should_panic(expected = "is_nan")]
    fn a_row_that_ends_with_a_number_is_refused() {
        walk(&[1]).add_row(&[0.0; 21], &mut [0.0; 2]);
    }
}
