//! The boosting itself: one tree after another, each grown by `gbdt`'s `DecisionTree`.
//!
//! `GBDT::fit` does it in one call. Done here a tree at a time it tells how far it is and can be stopped, and it gives the same bits
//! everywhere, which the crate does not by itself:
//!
//! - it sorts each feature by an unstable sort, so that what lies where among equal values, and with it the last bits of sums over
//!   them, depend on machine and compiler. Here the gradients by which it chooses splits are whole numbers, so small that all of its
//!   sums, those of squares too, are exact, in whatever order they are added. For 100,000 rows the largest is 2^18: finer than any
//!   split's gain is known. What a leaf adds is made of the unrounded gradients, in the rows' order.
//! - it calls the platform's `exp` and `ln`. Here they are glibc's everywhere.

use std::ops::Deref;

use gbdt::config::Loss;
use gbdt::decision_tree::{Data, DataVec, DecisionTree, TrainingCache};
use serde::Deserialize;

use super::ranked::Ranked;
use super::{Options, Table, check};
use crate::codes::{Block, ByteSplit, Coders};
use crate::error::{Code, Error, Result};
use crate::forest::{Base, Forest, MissingSide, Node};
use crate::import::natural_logarithm;
use crate::import::source::{self, Frame, SourceNode, SourceTest, SourceTree};
use crate::link::Link;
use crate::model::Model;

/// The orderings are made once and shared out to a node's children: of `gbdt`'s three ways the fastest. All give the same trees.
const CACHE_LEVEL: u8 = 2;

/// Training that goes on a tree at a time.
pub struct Training<T: Deref<Target = Table>> {
    table: T,
    options: Options,
    features: Vec<Ranked>,
    data: DataVec,
    cache: TrainingCache,
    /// What each row's answer is so far, before the link.
    margins: Vec<f32>,
    /// What is left over of each row's label.
    gradients: Vec<f32>,
    bias: f32,
    trees: Vec<SourceTree>,
}

impl<T: Deref<Target = Table>> Training<T> {
    /// Training on all rows of a table.
    ///
    /// # Errors
    /// As [`train`](super::train).
    pub fn new(table: T, options: &Options) -> Result<Self> {
        check(&table, options)?;
        let rows: Vec<u32> = (0..table.row_count() as u32).collect();
        Ok(Self::on(table, options, &rows))
    }

    /// Training on some rows of a table that is checked.
    pub(super) fn on(table: T, options: &Options, rows: &[u32]) -> Self {
        let chosen = |column: &[f32]| rows.iter().map(|&row| column[row as usize]).collect::<Vec<_>>();
        let features: Vec<Ranked> = table.columns.iter().map(|column| Ranked::of(&chosen(column))).collect();
        // The log-likelihood wants -1 and 1.
        let label = |label: f32| if table.is_binary() { 2.0 * label - 1.0 } else { label };
        let data: DataVec = chosen(&table.labels)
            .into_iter()
            .enumerate()
            .map(|(row, own)| {
                let ranks = features.iter().map(|feature| feature.ranks[row]).collect();
                Data::new_training_data(ranks, 1.0, label(own), None)
            })
            .collect();
        let sum: f64 = data.iter().map(|row| f64::from(row.label)).sum();
        let mean = (sum / data.len() as f64) as f32;
        let bias = if table.is_binary() { natural_logarithm((1.0 + mean) / (1.0 - mean)) / 2.0 } else { mean };
        Self {
            table,
            options: *options,
            cache: TrainingCache::get_cache(features.len(), &data, CACHE_LEVEL),
            margins: vec![bias; data.len()],
            gradients: vec![0.0; data.len()],
            features,
            data,
            bias,
            trees: Vec::new(),
        }
    }

    /// How many trees are grown.
    pub fn done(&self) -> usize {
        self.trees.len()
    }

    /// How many there will be.
    pub fn trees(&self) -> usize {
        self.options.trees
    }

    /// Grows the next tree, if one is still to be grown; how many there are then.
    ///
    /// # Errors
    /// `invalid_data` where the tree is none that can be used.
    pub fn step(&mut self) -> Result<usize> {
        if self.done() < self.trees() {
            let tree = self.grown()?;
            self.trees.push(tree);
        }
        Ok(self.done())
    }

    /// A tree for what the trees so far leave over.
    fn grown(&mut self) -> Result<SourceTree> {
        if self.table.is_binary() {
            // `logit_loss_gradient` of the crate.
            let powers = self.data.iter().zip(&self.margins).map(|(row, margin)| 2.0 * row.label * margin);
            self.gradients = powers.collect();
            wardian_kernels::exponential(&mut self.gradients);
            for (row, gradient) in self.data.iter().zip(&mut self.gradients) {
                *gradient = 2.0 * row.label / (1.0 + *gradient);
            }
        } else {
            for ((row, margin), gradient) in self.data.iter().zip(&self.margins).zip(&mut self.gradients) {
                *gradient = row.label - margin;
            }
        }
        let steps = steps(&self.gradients);
        for (row, &gradient) in self.data.iter_mut().zip(&self.gradients) {
            row.target = (f64::from(gradient) * steps).round_ties_even() as f32;
        }
        let mut tree = DecisionTree::new();
        tree.set_feature_size(self.features.len());
        tree.set_max_depth(self.options.depth);
        tree.set_min_leaf_size(self.options.smallest_leaf);
        // Splits are the same for each of its losses; leaves are made below.
        tree.set_loss(Loss::SquaredError);
        tree.fit(&self.data, &mut self.cache);
        self.with_leaves(published(&tree)?)
    }

    /// The tree with its leaves' values, as trainers' files have theirs; and the rows' margins with them.
    fn with_leaves(&mut self, nodes: Vec<PublishedNode>) -> Result<SourceTree> {
        let leaf_of = |row: &Data| {
            let mut place = 0;
            while !nodes[place].value.is_leaf {
                let node = &nodes[place];
                let is_left = row.feature[node.value.feature_index] < node.value.feature_value;
                place = if is_left { node.left } else { node.right } as usize;
            }
            place
        };
        let leaves: Vec<usize> = self.data.iter().map(leaf_of).collect();
        // As the crate's `average` and `logit_optimal_value`.
        let mut sums = vec![(0.0_f64, 0.0_f64); nodes.len()];
        for (&leaf, &gradient) in leaves.iter().zip(&self.gradients) {
            let (sum, weight) = &mut sums[leaf];
            let (gradient, size) = (f64::from(gradient), f64::from(gradient.abs()));
            *sum += gradient;
            *weight += if self.table.is_binary() { size * (2.0 - size) } else { 1.0 };
        }
        const NO_WEIGHT: f64 = 1e-10;
        let value = |(sum, weight): (f64, f64)| if weight < NO_WEIGHT { 0.0 } else { (sum / weight) as f32 };
        let added: Vec<f32> = sums.into_iter().map(|sum| self.options.shrinkage * value(sum)).collect();
        for (margin, &leaf) in self.margins.iter_mut().zip(&leaves) {
            *margin += added[leaf];
        }
        // The probability is 1 / (1 + exp(-2 margin)). Doubling a float is exact, so doubling every term of the sum gives a margin on
        // the common scale with no bit lost.
        let values = added.iter().map(|&added| f64::from(self.twice() * added)).collect();
        let nodes = nodes.iter().enumerate().map(|(index, node)| {
            if node.value.is_leaf {
                return SourceNode::Leaf { first_value: index };
            }
            let feature = node.value.feature_index;
            let cut = self.features[feature].cut(node.value.feature_value);
            SourceNode::split(feature as i64, SourceTest::Below(cut.into()), MissingSide::Right, node.left, node.right)
        });
        Ok(SourceTree { nodes: nodes.collect(), values, output: 0, covers: Vec::new() })
    }

    /// What makes a margin of the training's.
    fn twice(&self) -> f32 {
        if self.table.is_binary() { 2.0 } else { 1.0 }
    }

    /// What is known of the rows' answers.
    #[cfg(test)]
    pub(super) fn sums(&self) -> Vec<f32> {
        self.margins.iter().map(|margin| self.twice() * margin).collect()
    }

    /// The table, and the model of the trees that are grown, without covers.
    pub(super) fn model(self) -> Result<(T, Model)> {
        let link = if self.table.is_binary() { Link::Logistic } else { Link::Identity };
        let base = self.twice() * self.bias;
        let frame = Frame::single(self.features.len(), 1, &[base], Base::First, link);
        let model = Model::new(self.table.schema.clone(), source::forest(self.trees, frame)?.0)?;
        Ok((self.table, model))
    }

    /// The model of the trees that are grown.
    ///
    /// # Errors
    /// As [`Training::step`].
    pub fn finish(self) -> Result<Model> {
        let (table, model) = self.model()?;
        // `gbdt` keeps no counts of its training rows.
        let counts = leaf_counts(model.forest(), &table);
        model.with_covers(counts)
    }
}

/// How many steps a gradient has for each of its units: the largest has as many as leave the sum of all squares exact.
fn steps(gradients: &[f32]) -> f64 {
    /// Whole numbers up to 2 to this are exact.
    const EXACT: u32 = f64::MANTISSA_DIGITS;
    /// More than a gradient has itself.
    const MOST: u32 = f32::MANTISSA_DIGITS - 1;
    let largest = gradients.iter().fold(0.0_f32, |largest, gradient| largest.max(gradient.abs()));
    let digits = (EXACT - gradients.len().next_power_of_two().ilog2()) / 2;
    if largest > 0.0 { f64::from(1_u32 << digits.min(MOST)) / f64::from(largest) } else { 0.0 }
}

/// The nodes of a tree. They are private: what it serialises to is how it publishes them.
fn published(tree: &DecisionTree) -> Result<Vec<PublishedNode>> {
    let published: std::result::Result<Published, _> = serde_json::to_value(tree).and_then(serde_json::from_value);
    match published {
        Ok(published) => Ok(published.tree.tree),
        Err(error) => Err(Error::new(Code::InvalidData, format_args!("training gave no usable tree: {error}"))),
    }
}

/// How many rows of the table come to each leaf: its cover.
fn leaf_counts(forest: &Forest, table: &Table) -> Vec<f32> {
    let mut counts = vec![0_u32; forest.leaves().len()];
    let coders = Coders::new(forest);
    let mut codes = vec![0; coders.count()];
    let mut values = vec![0.0; table.columns.len()];
    for row in 0..table.row_count() {
        table.put_row(row, &mut values);
        coders.encode(&values, values.len(), Block { bytes: &mut codes, row_step: 1, column_step: 1 });
        for tree in forest.trees() {
            let mut index = tree.root as usize;
            loop {
                match forest.nodes()[index] {
                    Node::Split { split, right } => {
                        let goes_right = ByteSplit::from(split).goes_right(codes[split.column as usize]);
                        index = if goes_right { right as usize } else { index + 1 };
                    }
                    Node::Leaf { leaf } => break counts[leaf as usize] += 1,
                }
            }
        }
    }
    counts.into_iter().map(|count| count as f32).collect()
}

/// What a `DecisionTree` serialises to.
#[derive(Deserialize)]
struct Published {
    tree: PublishedNodes,
}

#[derive(Deserialize)]
struct PublishedNodes {
    tree: Vec<PublishedNode>,
}

#[derive(Deserialize)]
struct PublishedNode {
    value: PublishedValue,
    left: i64,
    right: i64,
}

#[derive(Deserialize)]
struct PublishedValue {
    feature_index: usize,
    feature_value: f32,
    is_leaf: bool,
}
