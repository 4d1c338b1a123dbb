//! Trees of any size and with leaves of any kind, for `wardian_kernels::walk`.

use wardian_kernels::sets::{self, Lookup, MEMBER};
use wardian_kernels::walk::{Node, Parts, Tree, Walk};

use crate::codes::Set;
use crate::forest::{self, Forest, MissingSide, Split, Test};

/// The trees, and what a row has behind its own values.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    walk: Walk,
    more: Vec<More>,
    /// Whether values are in sets of few categories.
    lookups: Vec<Lookup>,
}

/// A value that splits ask for and a row has not: it is that of a feature, or whether this is in a set of categories.
#[derive(Clone, Debug)]
struct More {
    place: usize,
    feature: usize,
    set: Option<Set>,
    missing: MissingSide,
}

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
            lookups: Vec::new(),
            places: vec![NONE; width + 2 * forest.columns().len()],
        };
        for &forest::Tree { root, output, depth } in forest.trees() {
            let tree = Tree { root: builder.parts.nodes.len() as u32, depth, output };
            builder.parts.trees.push(tree);
            builder.push(root);
        }
        let Builder { parts, more, mut lookups, .. } = builder;
        // What is made of a feature's value is made once.
        lookups.sort_unstable_by_key(|lookup| lookup.feature);
        Self { walk: Walk::new(parts), more, lookups }
    }

    /// A row, and behind its values what splits ask for beside them.
    pub(super) fn with_more<'a>(&self, row: &'a [f32], values: &'a mut Vec<f32>) -> &'a [f32] {
        if self.walk.width() == row.len() {
            return row;
        }
        values.clear();
        values.extend_from_slice(row);
        values.resize(self.walk.width(), 0.0);
        for more in &self.more {
            values[more.place] = more.of(row);
        }
        sets::look_up(&self.lookups, values);
        values
    }

    /// Adds the leaves of all trees to the sums of a row that has more, one for each output.
    pub(super) fn add_row(&self, row: &[f32], sums: &mut [f32]) {
        self.walk.add_row(row, sums);
    }
}

/// No place yet.
const NONE: u32 = u32::MAX;

/// Trees, as they are made.
struct Builder<'a> {
    forest: &'a Forest,
    parts: Parts,
    more: Vec<More>,
    lookups: Vec<Lookup>,
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
            let place = self.parts.width;
            self.places[known] = place as u32;
            self.parts.width += 1;
            match set.map(|set| Set::new(set)) {
                Some(set) if set.is_small() => self.lookups.push(Lookup {
                    feature: asked.feature,
                    place: place as u32,
                    missing_right: is_right,
                    bits: set.bits,
                }),
                set => self.more.push(More { place, feature, set, missing }),
            }
        }
        (self.places[known], threshold)
    }
}
