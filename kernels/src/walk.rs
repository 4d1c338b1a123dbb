//! Trees of any size, eight walks side by side: a processor waits for one walk's next node while it is at the others'.
//!
//! A split asks whether a row's value is at least a threshold, as the trainer does: for few rows, finding codes first takes longer
//! than all splits on the way. What is no number is not at least anything, so a missing value goes left; where it is to go right, a
//! split asks another place of the row, where infinity stands for it. The two sides of a split stand side by side, so that a step is
//! a number and an answer added, and no branch depends on the row. A leaf leads to itself: all walks of a tree take as many steps
//! as its deepest leaf needs.

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
pub struct Parts {
    /// How many values a row has: at least one.
    pub width: usize,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// For each node the leaf that it is, if it is one.
    pub leaf_of: Vec<u32>,
    /// The trees, in the order that their leaves are added.
    pub trees: Vec<Tree>,
    /// What the leaves add, and how many numbers each of them has.
    pub leaves: Vec<f32>,
    /// How many numbers a leaf has.
    pub leaf_width: usize,
}

/// Trees that are walked, every step checked when they are made.
#[derive(Clone, Debug)]
pub struct Walk(Parts);

impl Walk {
    /// The trees of these parts.
    ///
    /// # Panics
    /// If a tree has no root, or a split asks for a value or leads to a node that is not there.
    #[inline]
    pub fn new(parts: Parts) -> Self {
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

    /// How many values a row has.
    pub fn width(&self) -> usize {
        self.0.width
    }

    /// How many trees there are.
    pub fn tree_count(&self) -> usize {
        self.0.trees.len()
    }

    /// Where eight walks that are at these nodes come to by one step.
    ///
    /// Checking each node and value takes half as long again (measured in wasm).
    #[inline(always)]
    #[allow(unsafe_code)]
    fn step(&self, nodes: &mut [usize; WALKS], rows: [&[f32]; WALKS]) {
        for (index, row) in nodes.iter_mut().zip(rows) {
            // SAFETY: a walk begins at a tree's root and goes on to a node's `left`, or, of a split, whose threshold is a number, to
            // the next one: `Walk::new` has found all of these among the nodes, which nobody changes afterwards. A row
            // has at least `width` values, as those who call assert, and `Walk::new` has found every place below it.
            let (node, value) = unsafe {
                let node = *self.0.nodes.get_unchecked(*index);
                (node, *row.get_unchecked(node.place as usize))
            };
            *index = node.left as usize + usize::from(value >= node.threshold);
        }
    }

    /// Adds the leaves of all trees to a row's sums, one for each output.
    ///
    /// # Panics
    /// If the row has fewer values than are due, or an output has no sum.
    pub fn add_row(&self, row: &[f32], sums: &mut [f32]) {
        assert!(row.len() >= self.0.width);
        for eight in self.0.trees.chunks(WALKS) {
            // Where there are fewer, the first again and again.
            let tree = |walk: usize| eight.get(walk).unwrap_or(&eight[0]);
            let mut nodes: [usize; WALKS] = std::array::from_fn(|walk| tree(walk).root as usize);
            for _ in 0..eight.iter().fold(0, |most, tree| most.max(tree.depth)) {
                self.step(&mut nodes, [row; WALKS]);
            }
            for (tree, node) in eight.iter().zip(nodes) {
                self.add(tree.output as usize, node, sums, 1);
            }
        }
    }

    /// Adds the leaves of one tree to the sums of rows, of whose values each has [`Walk::width`]; those of an output are `step`
    /// apart.
    ///
    /// # Panics
    /// If the tree is not there, or an output of a row has no sum.
    pub fn add_tree(&self, tree: usize, rows: &[f32], sums: &mut [f32], step: usize) {
        let Tree { root, depth, output } = self.0.trees[tree];
        let width = self.0.width;
        for (first, eight) in rows.chunks(WALKS * width).enumerate() {
            let count = eight.len() / width;
            let row = |walk: usize| eight[if walk < count { walk } else { 0 } * width..].split_at(width).0;
            let rows = std::array::from_fn(row);
            let mut nodes = [root as usize; WALKS];
            for _ in 0..depth {
                self.step(&mut nodes, rows);
            }
            for (walk, node) in nodes.into_iter().take(count).enumerate() {
                self.add(output as usize * step + first * WALKS + walk, node, sums, step);
            }
        }
    }

    #[inline(always)]
    fn add(&self, first: usize, node: usize, sums: &mut [f32], step: usize) {
        let leaf = self.0.leaf_of[node] as usize * self.0.leaf_width;
        for (more, value) in self.0.leaves[leaf..leaf + self.0.leaf_width].iter().enumerate() {
            sums[first + more * step] += value;
        }
    }
}
