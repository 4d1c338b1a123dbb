//! Trees of any size, eight walks side by side: a processor waits for one walk's next node while it is at the others'.
//!
//! A split asks whether a row's value is at least a threshold, as the trainer does: for few rows, finding codes first takes longer
//! than all splits on the way. What is no number is not at least anything, so a missing value goes left; where it is to go right, a
//! split asks another place of the row, where infinity stands for it. The two sides of a split stand side by side, so that a step is
//! a number and an answer added, and no branch depends on the row. A leaf leads to itself: all walks of a tree take as many steps
//! as its deepest leaf needs.

use crate::number::Number;

/// How many walks go side by side.
pub const WALKS: usize = 8;

/// A node: right of it is where a row's value is at least the threshold.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    threshold: f32,
    /// The value's place in a row.
    place: u32,
    /// The node on its left; that on its right is the next one.
    left: u32,
}

impl Node {
    /// A split that compares the value at a place of a row. The node on its left is `left`, that on its right the next one.
    pub fn split(place: u32, threshold: f32, left: u32) -> Self {
        Self { threshold, place, left }
    }

    /// A leaf, which is the node `index`.
    pub fn leaf(index: u32) -> Self {
        // No value is at least what is no number.
        Self { threshold: f32::NAN, place: 0, left: index }
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
    /// How many values a row has: at least one.
    pub width: usize,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// For each node the leaf that it is, if it is one.
    pub leaf_of: Vec<u32>,
    /// The trees, in the order that their leaves are added.
    pub trees: Vec<Tree>,
    /// What the leaves add, and how many numbers each of them has.
    pub leaves: Vec<N>,
    /// How many numbers a leaf has.
    pub leaf_width: usize,
}

/// Trees that are walked, every step checked when they are made.
#[derive(Clone, Debug)]
pub struct Walk<N>(Parts<N>);

impl<N: Number> Walk<N> {
    /// The trees of these parts.
    ///
    /// # Panics
    /// If a tree has no root, or a split asks for a value or leads to a node that is not there.
    #[inline]
    pub fn new(parts: Parts<N>) -> Self {
        let Parts { width, nodes, leaf_of, trees, .. } = &parts;
        let is_there = |node: &Node| {
            // A leaf's right side is never gone to, but read as if it were.
            let next = node.left as usize + usize::from(!node.threshold.is_nan());
            (node.place as usize) < *width && next < nodes.len()
        };
        assert!(nodes.iter().all(is_there) && leaf_of.len() == nodes.len());
        assert!(trees.iter().all(|tree| (tree.root as usize) < nodes.len()));
        Self(parts)
    }

    /// [`Number::walk`].
    ///
    /// Checking each node and value takes half as long again (measured in wasm).
    #[allow(unsafe_code)]
    #[inline(always)]
    pub(crate) fn add_row(&self, row: &[f32], sums: &mut [N]) {
        let nodes = &self.0.nodes;
        assert!(row.len() >= self.0.width);
        for eight in self.0.trees.chunks(WALKS) {
            // Where there are fewer, the first again and again.
            let tree = |walk: usize| eight.get(walk).unwrap_or(&eight[0]);
            let mut at: [usize; WALKS] = std::array::from_fn(|walk| tree(walk).root as usize);
            for _ in 0..eight.iter().fold(0, |most, tree| most.max(tree.depth)) {
                for index in &mut at {
                    // SAFETY: a walk begins at a tree's root and goes on to a node's `left`, or, of a split, whose threshold is a number,
                    // to the next one: `Walk::new` has found all of these among the nodes, which nobody changes afterwards. The row has at
                    // least `width` values, as was asked, and `Walk::new` has found every place below it.
                    let (node, value) = unsafe {
                        let node = *nodes.get_unchecked(*index);
                        (node, *row.get_unchecked(node.place as usize))
                    };
                    *index = node.left as usize + usize::from(value >= node.threshold);
                }
            }
            for (tree, index) in eight.iter().zip(at) {
                self.add(tree.output as usize, index, sums);
            }
        }
    }

    // Not inlined: it would be there for each walk.
    #[inline(never)]
    fn add(&self, first: usize, node: usize, sums: &mut [N]) {
        let leaf = self.0.leaf_of[node] as usize * self.0.leaf_width;
        for (more, value) in self.0.leaves[leaf..leaf + self.0.leaf_width].iter().enumerate() {
            sums[first + more] += *value;
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
        let first_leaf = parts.leaves.len() as u32;
        for rung in 0..splits {
            let left = root + 2 * rung + 1;
            let split = Node::split(rung, 0.5, left);
            // The split stands where the one above it has its right side.
            if rung == 0 {
                parts.nodes.push(split);
                parts.leaf_of.push(0);
            } else {
                parts.nodes[left as usize - 1] = split;
            }
            parts.nodes.extend([Node::leaf(left), Node::leaf(left + 1)]);
            parts.leaf_of.extend([first_leaf + rung, first_leaf + rung + 1]);
        }
        if splits == 0 {
            parts.nodes.push(Node::leaf(root));
            parts.leaf_of.push(first_leaf);
        }
        parts.leaves.extend((0..=splits).map(|leaf| leaf as f32));
        parts.trees.push(Tree { root, depth: splits, output });
    }

    fn walk(splits: &[u32]) -> Walk<f32> {
        let mut parts = Parts { width: 20, leaf_width: 1, ..Parts::default() };
        for (index, splits) in splits.iter().enumerate() {
            ladder(&mut parts, *splits, index as u32 % 2);
        }
        Walk::new(parts)
    }

    /// A row that goes right so many times.
    fn row(rights: usize, missing: f32) -> Vec<f32> {
        (0..20)
            .map(|place| {
                if place < rights {
                    0.5
                } else if place == rights {
                    missing
                } else {
                    f32::MAX
                }
            })
            .collect()
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
    fn a_leaf_may_have_several_numbers() {
        let mut parts = Parts { width: 1, leaf_width: 3, ..Parts::default() };
        parts.nodes = vec![Node::split(0, 0.0, 1), Node::leaf(1), Node::leaf(2)];
        parts.leaf_of = vec![0, 0, 1];
        parts.leaves = vec![1.0, 2.0, 3.0, 10.0, 20.0, 30.0];
        parts.trees = vec![Tree { root: 0, depth: 1, output: 0 }];
        let walk = Walk::new(parts);
        let mut sums = [0.5; 3];
        walk.add_row(&[-0.0], &mut sums);
        assert_eq!(sums, [10.5, 20.5, 30.5]);
        walk.add_row(&[-1.0], &mut sums);
        assert_eq!(sums, [11.5, 22.5, 33.5]);
    }

    fn refused(node: Node, root: u32) {
        Walk::new(Parts {
            width: 2,
            nodes: vec![node, Node::leaf(1), Node::leaf(2)],
            leaf_of: vec![0; 3],
            trees: vec![Tree { root, depth: 1, output: 0 }],
            leaves: vec![0.0],
            leaf_width: 1,
        });
    }

    #[test]
    #[should_panic(expected = "is_there")]
    fn a_value_that_rows_have_not_is_refused() {
        refused(Node::split(2, 0.0, 1), 0);
    }

    #[test]
    #[should_panic(expected = "is_there")]
    fn a_right_side_that_is_not_there_is_refused() {
        refused(Node::split(0, 0.0, 2), 0);
    }

    #[test]
    #[should_panic(expected = "tree.root")]
    fn a_root_that_is_not_there_is_refused() {
        refused(Node::split(0, 0.0, 1), 3);
    }

    #[test]
    #[should_panic(expected = "row.len() >= self.0.width")]
    fn a_row_that_is_too_short_is_refused() {
        walk(&[1]).add_row(&[0.0; 19], &mut [0.0; 2]);
    }
}
