//! Few rows, one by one: trees with leaves of any kind, for `wardian_kernels::walk`; those that ask for sets of categories, and the
//! largest, from split to split, here.

use wardian_kernels::walk::{Node, Parts, Tree, Walk};

use crate::codes::Set;
use crate::forest::{self, Forest, MissingSide, Split, Test};
use crate::numbers::Number;

/// The trees.
#[derive(Clone, Debug)]
pub(super) enum Trees<N> {
    /// Every split asks whether a value is at least a cut.
    Cuts(Cuts<N>),
    /// Some ask whether it is in a set, or nodes have no room for them.
    Plain(Plain<N>),
}

impl<N: Number> Trees<N> {
    /// The forest in this form, for rows of so many values.
    pub(super) fn new(forest: &Forest, width: usize) -> Self {
        let has_sets = forest.columns().iter().any(|column| matches!(column.test, Test::InSet(_)));
        let cuts = if has_sets { None } else { Cuts::new(forest, width) };
        cuts.map_or_else(|| Self::Plain(Plain::new(forest)), Self::Cuts)
    }

    /// Whether they are walked one after another.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    /// Adds the leaves of all trees to the sums of a row, one for each output.
    pub(super) fn add_row(&self, row: &[f32], values: &mut Vec<f32>, sums: &mut [N]) {
        match self {
            Self::Cuts(trees) => trees.add_row(row, values, sums),
            Self::Plain(trees) => trees.add_row(row, sums),
        }
    }
}

/// Trees that are walked side by side, and the features whose values a row has again behind all.
#[derive(Clone, Debug)]
pub(super) struct Cuts<N> {
    walk: Walk<N>,
    /// Features of which some split sends missing values right: there infinity stands for them.
    again: Vec<u32>,
}

impl<N: Number> Cuts<N> {
    /// `None` if nodes have no room for the trees: of more than 65,000 columns, or nodes on a level.
    fn new(forest: &Forest, width: usize) -> Option<Self> {
        // Leaves that nodes have room for are there.
        let is_in_nodes = N::IN_TILES && forest.leaf_width() == 1;
        let leaves = if is_in_nodes { Vec::new() } else { N::all(forest.leaves()).to_vec() };
        let nodes = Vec::with_capacity(forest.nodes().len());
        let parts = Parts { width, leaves, leaf_width: forest.leaf_width(), nodes, ..Parts::default() };
        let mut builder = Builder { forest, parts, again: Vec::new(), places: vec![NONE; width] };
        for &forest::Tree { root, output, depth } in forest.trees() {
            let tree = Tree { root: builder.parts.nodes.len() as u32, depth, output };
            builder.parts.trees.push(tree);
            builder.push(root)?;
        }
        let Builder { mut parts, again, .. } = builder;
        // The last is no number.
        parts.width += 1;
        Some(Self { walk: Walk::new(parts)?, again })
    }

    fn add_row(&self, row: &[f32], values: &mut Vec<f32>, sums: &mut [N]) {
        values.clear();
        values.extend_from_slice(row);
        for &feature in &self.again {
            let value = row[feature as usize];
            values.push(if value.is_nan() { f32::INFINITY } else { value });
        }
        values.push(f32::NAN);
        N::walk(&self.walk, values, sums);
    }
}

/// No place yet.
const NONE: u32 = u32::MAX;

/// Trees, as they are made.
struct Builder<'a, N> {
    forest: &'a Forest,
    parts: Parts<N>,
    again: Vec<u32>,
    /// For each feature where its value is again.
    places: Vec<u32>,
}

impl<N: Number> Builder<'_, N> {
    /// Appends the nodes of the tree at `root`, level after level.
    fn push(&mut self, root: u32) -> Option<()> {
        let mut level = vec![root];
        while !level.is_empty() {
            let below = self.parts.nodes.len() + level.len();
            let mut next = Vec::new();
            for node in level {
                let node = match self.forest.nodes()[node as usize] {
                    forest::Node::Split { split, right } => {
                        let (place, threshold) = self.question(split);
                        let left = below + next.len() - self.parts.nodes.len();
                        next.extend([node + 1, right]);
                        Node::split(place, threshold, left)?
                    }
                    forest::Node::Leaf { leaf } => Node::leaf(N::exit(self.forest, leaf)),
                };
                self.parts.nodes.push(node);
            }
            level = next;
        }
        Some(())
    }

    /// The place of the value that a split asks for, and the cut.
    fn question(&mut self, Split { column, rank, missing }: Split) -> (u32, f32) {
        let asked = &self.forest.columns()[column as usize];
        let cut = match &asked.test {
            Test::Below(cuts) => cuts[usize::from(rank)],
            // There are none here.
            Test::InSet(_) => f32::NAN,
        };
        if missing == MissingSide::Left {
            return (asked.feature, cut);
        }
        let place = &mut self.places[asked.feature as usize];
        if *place == NONE {
            *place = self.parts.width as u32;
            self.parts.width += 1;
            self.again.push(asked.feature);
        }
        (*place, cut)
    }
}

/// Trees as the forest has them, one after another. Of sets only those on a row's way are looked into, as a model may have them by the
/// thousand.
#[derive(Clone, Debug)]
pub(super) struct Plain<N> {
    nodes: Vec<forest::Node>,
    trees: Vec<forest::Tree>,
    leaves: Vec<N>,
    leaf_width: usize,
    /// For each column its feature, its cuts, and where there are none its set.
    columns: Vec<(u32, Vec<f32>, Set)>,
}

impl<N: Number> Plain<N> {
    fn new(forest: &Forest) -> Self {
        let mut columns = Vec::new();
        for column in forest.columns() {
            let (cuts, set) = match &column.test {
                Test::Below(cuts) => (&cuts[..], &[][..]),
                Test::InSet(set) => (&[][..], &set[..]),
            };
            columns.push((column.feature, cuts.to_vec(), Set::new(set)));
        }
        Self {
            nodes: forest.nodes().to_vec(),
            trees: forest.trees().to_vec(),
            leaves: N::all(forest.leaves()).to_vec(),
            leaf_width: forest.leaf_width(),
            columns,
        }
    }

    fn is_right(&self, Split { column, rank, missing }: Split, row: &[f32]) -> bool {
        let (feature, cuts, set) = &self.columns[column as usize];
        let value = row[*feature as usize];
        if value.is_nan() {
            return missing == MissingSide::Right;
        }
        cuts.get(usize::from(rank)).map_or_else(|| set.contains(value), |cut| value >= *cut)
    }

    fn add_row(&self, row: &[f32], sums: &mut [N]) {
        for tree in &self.trees {
            let mut node = tree.root;
            let leaf = loop {
                match self.nodes[node as usize] {
                    forest::Node::Split { split, right } => {
                        node = if self.is_right(split, row) { right } else { node + 1 }
                    }
                    forest::Node::Leaf { leaf } => break leaf as usize * self.leaf_width,
                }
            };
            let leaf = &self.leaves[leaf..leaf + self.leaf_width];
            for (sum, number) in sums[tree.output as usize..].iter_mut().zip(leaf) {
                *sum += *number;
            }
        }
    }
}
