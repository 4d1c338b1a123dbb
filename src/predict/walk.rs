//! Trees of any size and with leaves of any kind, for `wardian_kernels::walk`.

use wardian_kernels::BLOCK;
use wardian_kernels::walk::{Node, Parts, Tree, Walk};

use crate::codes::Set;
use crate::forest::{self, Forest, MissingSide, Split, Test};

/// The trees, and what a row has behind its own values.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    walk: Walk,
    own: usize,
    more: Vec<More>,
}

/// A value that splits ask for and a row has not.
#[derive(Clone, Debug)]
struct More {
    feature: usize,
    /// Whether it says, by 1, that the row's value is in a set of categories, or else is that value.
    set: Option<Set>,
    missing: MissingSide,
}

/// What a member of a set is at least, and no other.
const MEMBER: f32 = 1.0;

impl More {
    fn of(&self, row: &[f32]) -> f32 {
        let value = row[self.feature];
        if value.is_nan() {
            return if self.missing == MissingSide::Right { f32::INFINITY } else { f32::NAN };
        }
        self.set.as_ref().map_or(value, |set| if set.contains(value) { MEMBER } else { 0.0 })
    }
}

impl Trees {
    /// The forest in this form, for rows of so many values.
    pub(super) fn new(forest: &Forest, width: usize) -> Self {
        let mut builder = Builder {
            forest,
            parts: Parts {
                width,
                leaves: forest.leaves().to_vec(),
                leaf_width: forest.leaf_width(),
                ..Parts::default()
            },
            more: Vec::new(),
            places: vec![NONE; width + 2 * forest.columns().len()],
        };
        for &forest::Tree { root, output, depth } in forest.trees() {
            let tree = Tree { root: builder.parts.nodes.len() as u32, depth, output };
            builder.parts.trees.push(tree);
            builder.push(root);
        }
        let Builder { parts, more, .. } = builder;
        Self { walk: Walk::new(parts), own: width, more }
    }

    /// Rows, and behind the values of each what splits ask for beside them.
    pub(super) fn with_more<'a>(&self, rows: &'a [f32], values: &'a mut Vec<f32>) -> &'a [f32] {
        if self.more.is_empty() {
            return rows;
        }
        values.clear();
        for row in rows.chunks_exact(self.own) {
            values.extend_from_slice(row);
            values.extend(self.more.iter().map(|more| more.of(row)));
        }
        values
    }

    /// Adds the leaves of all trees to the sums of a row that has more, one for each output.
    pub(super) fn add_row(&self, row: &[f32], sums: &mut [f32]) {
        self.walk.add_row(row, sums);
    }

    /// Adds the leaves of one tree to the sums of rows that have more; those of an output are [`BLOCK`] apart.
    pub(super) fn add_tree(&self, tree: usize, rows: &[f32], sums: &mut [f32]) {
        self.walk.add_tree(tree, rows, sums, BLOCK);
    }
}

/// No place yet.
const NONE: u32 = u32::MAX;

/// Trees, as they are made.
struct Builder<'a> {
    forest: &'a Forest,
    parts: Parts,
    more: Vec<More>,
    /// Where what splits ask for is in a row: for each feature its value where missing ones go right; for each column of a set
    /// whether the value is in it, where missing ones go left, and right.
    places: Vec<u32>,
}

impl Builder<'_> {
    /// Appends the nodes of the tree at `root`, level after level.
    fn push(&mut self, root: u32) {
        let mut level = vec![root];
        while !level.is_empty() {
            let below = self.parts.nodes.len() + level.len();
            let mut next = Vec::new();
            for node in level {
                let (packed, leaf) = match self.forest.nodes()[node as usize] {
                    forest::Node::Split { split, right } => {
                        let (place, threshold) = self.question(split);
                        let left = below + next.len();
                        next.extend([node + 1, right]);
                        (Node::split(place, threshold, left as u32), 0)
                    }
                    forest::Node::Leaf { leaf } => (Node::leaf(self.parts.nodes.len() as u32), leaf),
                };
                self.parts.nodes.push(packed);
                self.parts.leaf_of.push(leaf);
            }
            level = next;
        }
    }

    /// The place of the value that a split asks for, and what it is compared with.
    fn question(&mut self, Split { column, rank, missing }: Split) -> (u32, f32) {
        let asked = &self.forest.columns()[column as usize];
        let own = self.places.len() - 2 * self.forest.columns().len();
        let feature = asked.feature as usize;
        let is_right = missing == MissingSide::Right;
        let (known, set, threshold) = match &asked.test {
            Test::Below(cuts) if !is_right => return (asked.feature, cuts[usize::from(rank)]),
            Test::Below(cuts) => (feature, None, cuts[usize::from(rank)]),
            Test::InSet(set) => (own + 2 * column as usize + usize::from(is_right), Some(set), MEMBER),
        };
        if self.places[known] == NONE {
            self.places[known] = self.parts.width as u32;
            self.parts.width += 1;
            self.more.push(More { feature, set: set.map(|set| Set::new(set)), missing });
        }
        (self.places[known], threshold)
    }
}
