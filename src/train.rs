//! Training in pure Rust, through the `gbdt` crate: a CSV with a header → [`Model`].
//!
//! `gbdt` only grows the trees; they are then read out of it and evaluated like any other trainer's. It knows no
//! `NaN`, and stops half-way down a tree at the value that it calls missing. Missing values are therefore given to it
//! as `f32::MAX / 2`, larger than any measured value: it learns splits that set them apart where that helps, and sends
//! them right everywhere else, which is exactly a code column whose missing side is right.

mod table;

use gbdt::config::Config;
use gbdt::decision_tree::{Data, DataVec};
use gbdt::gradient_boost::GBDT;
use serde::Deserialize;

use crate::codes::{Block, ByteSplit, Coders};
use crate::error::{Code, Error, Result};
use crate::forest::{Base, Forest, MissingSide, Node};
use crate::import::source::{self, Frame, SourceNode, SourceTest, SourceTree};
use crate::link::Link;
use crate::model::Model;
pub use table::Table;

/// What stands for "not measured" while `gbdt` trains. Its thresholds are means of two neighbours, so half of the
/// largest float keeps their sum finite.
const MISSING: f32 = f32::MAX / 2.0;

/// How to grow the trees.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many trees.
    pub trees: usize,
    /// The most splits between a root and a leaf.
    pub depth: u32,
    /// What each tree's leaves are multiplied by.
    pub shrinkage: f32,
    /// The fewest rows that are still split.
    pub smallest_leaf: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { trees: 100, depth: 3, shrinkage: 0.1, smallest_leaf: 10 }
    }
}

/// Trains on `table`. Labels that are all 0 or 1 give a binary model that answers the probability of 1; any others a
/// regression on squared error. The same table and options always give the same model.
///
/// # Errors
/// `invalid_data` where there is nothing to learn from (fewer than two rows, one label value only), for options out of
/// range, or for values beyond half the range of 32-bit floats.
pub fn train(table: &Table, options: &Options) -> Result<Model> {
    check(table, options)?;
    let trained = fit(table, options);
    let model = Model::new(table.schema.clone(), forest_of(&trained, table.schema.features().len())?)?;
    let counts = leaf_counts(model.forest(), table);
    model.with_covers(counts)
}

/// How many rows of the table come to each leaf: its cover.
fn leaf_counts(forest: &Forest, table: &Table) -> Vec<f32> {
    let mut counts = vec![0_u32; forest.leaves().len()];
    let coders = Coders::new(forest);
    let mut codes = vec![0; coders.count()];
    for row in &table.rows {
        let values: Vec<f32> = row.values().iter().map(|&value| value as f32).collect();
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

fn check(table: &Table, options: &Options) -> Result<()> {
    let fault = |message: &str| Err(Error::new(Code::InvalidData, format_args!("{message}")));
    if options.trees == 0 || options.trees > 100_000 {
        return fault("the number of trees must be 1 to 100000");
    }
    if options.depth == 0 || options.depth > 30 {
        return fault("the depth must be 1 to 30");
    }
    if !(options.shrinkage > 0.0 && options.shrinkage <= 1.0) {
        return fault("the shrinkage must be above 0 and at most 1");
    }
    if table.labels.len() < 2 {
        return fault("at least two rows are needed to train");
    }
    if table.labels.iter().all(|label| *label == table.labels[0]) {
        return fault("all rows have the same label: there is nothing to learn");
    }
    for (index, row) in table.rows.iter().enumerate() {
        if let Some(feature) = row.values().iter().position(|value| value.abs() >= f64::from(MISSING)) {
            let name = &table.schema.features()[feature].name;
            return Err(Error::in_field(Code::InvalidData, name, format_args!("the value is too large to train on"))
                .at(format_args!("row {}", index + 1)));
        }
    }
    Ok(())
}

fn is_binary(labels: &[f32]) -> bool {
    labels.iter().all(|label| [0.0, 1.0].contains(label))
}

fn fit(table: &Table, options: &Options) -> GBDT {
    let binary = is_binary(&table.labels);
    let mut config = Config::new();
    config.set_feature_size(table.schema.features().len());
    config.set_iterations(options.trees);
    config.set_max_depth(options.depth);
    config.set_shrinkage(options.shrinkage);
    config.set_min_leaf_size(options.smallest_leaf);
    config.set_loss(if binary { "LogLikelyhood" } else { "SquaredError" });
    let mut data: DataVec = table
        .rows
        .iter()
        .zip(&table.labels)
        .map(|(row, &label)| {
            // Its log-likelihood wants -1 and 1.
            let label = if binary { 2.0 * label - 1.0 } else { label };
            Data::new_training_data(features(row.values()), 1.0, label, None)
        })
        .collect();
    let mut trained = GBDT::new(&config);
    trained.fit(&mut data);
    trained
}

/// A row as `gbdt` is given it.
fn features(row: &[f64]) -> Vec<f32> {
    row.iter().map(|&value| if value.is_nan() { MISSING } else { value as f32 }).collect()
}

/// What a trained `GBDT` serialises to: its trees are private, this is the way it publishes them.
#[derive(Deserialize)]
struct Published {
    conf: Config,
    trees: Vec<PublishedTree>,
    bias: f32,
}

#[derive(Deserialize)]
struct PublishedTree {
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
    feature_index: i64,
    feature_value: f32,
    pred: f32,
    is_leaf: bool,
}

fn forest_of(trained: &GBDT, feature_count: usize) -> Result<Forest> {
    let published: Published = serde_json::to_value(trained)
        .and_then(serde_json::from_value)
        .map_err(|error| Error::new(Code::InvalidData, format_args!("training gave no usable trees: {error}")))?;
    // For its log-likelihood the probability is 1 / (1 + exp(-2 margin)). Doubling a float is exact, so doubling every
    // term of the sum gives a margin on the common scale with no bit lost.
    let (scale, link) = if published.conf.loss == gbdt::config::Loss::LogLikelyhood {
        (2.0, Link::Logistic)
    } else {
        (1.0, Link::Identity)
    };
    let trees: Vec<SourceTree> =
        published.trees.into_iter().map(|tree| source_tree(tree.tree.tree, published.conf.shrinkage, scale)).collect();
    let frame = Frame::single(feature_count, 1, &[scale * published.bias], Base::First, link);
    // `gbdt` keeps no counts of its training rows: `leaf_counts` makes up for it.
    Ok(source::forest(trees, frame)?.0)
}

fn source_tree(published: Vec<PublishedNode>, shrinkage: f32, scale: f32) -> SourceTree {
    let values = published.iter().map(|node| f64::from(scale * (shrinkage * node.value.pred))).collect();
    let nodes = published.into_iter().enumerate().map(|(index, node)| {
        if node.value.is_leaf {
            return SourceNode::Leaf { first_value: index };
        }
        SourceNode::split(
            node.value.feature_index,
            SourceTest::Below(node.value.feature_value.into()),
            MissingSide::Right,
            node.left,
            node.right,
        )
    });
    SourceTree { nodes: nodes.collect(), values, output: 0, covers: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &[u8] = include_bytes!("../models/diabetes/pima-indians-diabetes.csv");
    const SCHEMA: &[u8] = include_bytes!("../models/diabetes/schema.json");

    fn diabetes_table() -> Table {
        let schema = crate::import::schema_file::read(SCHEMA).expect("the committed schema");
        Table::read(DATA, "diabetes", Some(&schema)).expect("the committed data")
    }

    /// What `gbdt` itself predicts for every row.
    fn judge(trained: &GBDT, table: &Table) -> Vec<f32> {
        let data = table.rows.iter().map(|row| Data::new_test_data(features(row.values()), None)).collect();
        trained.predict(&data)
    }

    fn agrees_bit_for_bit(table: &Table, options: &Options) {
        let trained = fit(table, options);
        let forest = forest_of(&trained, table.schema.features().len()).expect("a forest");
        let model = Model::new(table.schema.clone(), forest).expect("a model");
        for (index, (row, theirs)) in table.rows.iter().zip(judge(&trained, table)).enumerate() {
            let ours = model.predict(row).value() as f32;
            assert_eq!(ours.to_bits(), theirs.to_bits(), "row {index}: ours {ours}, gbdt's {theirs}");
        }
    }

    #[test]
    fn gbdt_agrees_on_a_binary_model_with_missing_values() {
        let table = diabetes_table();
        assert!(table.rows.iter().any(|row| row.values().iter().any(|value| value.is_nan())));
        agrees_bit_for_bit(&table, &Options { trees: 30, ..Options::default() });
    }

    #[test]
    fn gbdt_agrees_on_a_regression() {
        let table = Table::read(DATA, "glucose", None).expect("the committed data");
        agrees_bit_for_bit(&table, &Options { trees: 20, depth: 5, ..Options::default() });
    }

    #[test]
    fn one_label_only_is_an_error() {
        let table = Table::read(b"a,y\n1,1\n2,1\n", "y", None).expect("a table");
        let error = train(&table, &Options::default()).expect_err("nothing to learn");
        assert_eq!(error.to_string(), "all rows have the same label: there is nothing to learn");
    }
}
