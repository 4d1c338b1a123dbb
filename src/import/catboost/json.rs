//! CatBoost's JSON. CatBoost itself reads some of its numbers off by the last bit; here each is the number nearest to its text.

use super::Content;
use super::categories::Categories;
use super::columns::{Columns, missing_side};
use super::info::Information;
use super::trees::{self, Question, Step};
use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::forest::MAX_OUTPUTS;
use crate::import::reader::take::{Fill, record, whole_file};
use crate::import::reader::{Reader, Token};
use crate::import::source::SourceTree;

record! {
    struct File {
        model_info: Information = Information::default(),
        /// `null` for a model of none.
        oblivious_trees: Option<Vec<SymmetricTree>> = None,
        trees: Option<Vec<AsymmetricTree>> = None,
        scale_and_bias: Option<Scale> = None,
    } [
        // The outline has it.
        "features_info"
        "ctr_data"
    ]
}

/// What all sums are multiplied by, and what is added then: one number before 0.25.
#[derive(Default)]
struct Scale {
    scale: f64,
    bias: Vec<f64>,
    is_one: bool,
}

impl Fill for Scale {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        let mut count = 0;
        reader.list("a scale and a bias", &mut |reader| {
            match count {
                0 => self.scale.fill(reader)?,
                1 => self.is_one = numbers(reader, &mut self.bias)?,
                _ => return Err(reader.said(format_args!("more than a scale and a bias"))),
            }
            count += 1;
            Ok(())
        })?;
        if count < 2 {
            return Err(reader.said(format_args!("invalid length {count}, expected a scale and a bias")));
        }
        Ok(())
    }
}

/// Reads a number, or several, to the end of these; whether it was one by itself.
fn numbers(reader: &mut Reader<'_>, values: &mut Vec<f64>) -> Result<bool> {
    match reader.token()? {
        Token::List(items) => {
            reader.items(items, &mut |reader| {
                let mut value = 0.0_f64;
                value.fill(reader)?;
                values.push(value);
                Ok(())
            })?;
            Ok(false)
        }
        number => {
            values.push(reader.float(&number, "a number or several")?);
            Ok(true)
        }
    }
}

record! {
    struct FeaturesInfo {
        float_features: Vec<Number> = Vec::new(),
        categorical_features: Vec<Category> = Vec::new(),
        ctrs: Vec<Statistic> = Vec::new(),
        /// `null` where there are none, and training data were given to look for some.
        cat_features_hash: Option<Vec<HashedName>> = None,
    }
}

record! {
    struct Number {
        feature_index: i32,
        flat_feature_index: i32,
        has_nans: bool = false,
        nan_value_treatment: Option<String> = None,
        feature_id: Option<String> = None,
        feature_name: Option<String> = None,
    } [
        // Each split has its own.
        "borders"
    ]
}

record! {
    struct Category {
        feature_index: i32,
        flat_feature_index: i32,
        feature_id: Option<String> = None,
        feature_name: Option<String> = None,
    } [
        "values" "string_values"
    ]
}

record! {
    struct Statistic {
        elements: Vec<StatisticElement> = Vec::new(),
    } ["*"]
}

record! {
    struct StatisticElement {
        cat_feature_index: Option<i32> = None,
    } ["*"]
}

record! {
    struct HashedName {
        /// Without a sign here, with one in splits.
        hash: i64,
        value: String,
    } ["*"]
}

record! {
    struct SymmetricTree {
        /// `null` for a tree that is one leaf.
        splits: Option<Vec<Split>> = None,
        leaf_values: Vec<f64>,
        leaf_weights: Option<Vec<f64>> = None,
    }
}

/// A split with the border or category that it asks for.
#[derive(Clone, Copy, Default)]
enum Split {
    #[default]
    None,
    Above {
        number: i32,
        border: f32,
    },
    Is {
        category: i32,
        hash: i64,
    },
}

record! {
    struct SplitEntry {
        split_type: String,
        border: Option<f64> = None,
        float_feature_index: Option<i32> = None,
        cat_feature_index: Option<i32> = None,
        value: Option<i64> = None,
    } [
        "split_index" "ctr_target_border_idx"
    ]
}

impl Fill for Split {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        let mut entry = SplitEntry::default();
        entry.fill(reader)?;
        *self =
            match (&*entry.split_type, entry.float_feature_index, entry.border, entry.cat_feature_index, entry.value) {
                ("FloatFeature", Some(number), Some(border), ..) => {
                    let border = border as f32;
                    if !border.is_finite() {
                        return Err(reader.said(format_args!("a border is not finite")));
                    }
                    Self::Above { number, border }
                }
                ("OneHotFeature", _, _, Some(category), Some(hash)) => Self::Is { category, hash },
                ("FloatFeature" | "OneHotFeature", ..) => {
                    return Err(reader.said(format_args!("a split lacks its feature, its border or its value")));
                }
                (other, ..) => {
                    return Err(reader.said(format_args!("splits of the type {} are not supported", quoted(other))));
                }
            };
        Ok(())
    }
}

/// A tree in which each node asks for itself, as nodes within nodes; read into one list, a node before what is below it.
#[derive(Default)]
struct AsymmetricTree {
    nodes: Vec<Node>,
    /// Of all leaves, in their order.
    values: Vec<f64>,
    /// How many of them each leaf has.
    width: usize,
}

#[derive(Clone, Copy)]
enum Node {
    Ask { split: Split, left: u32, right: u32 },
    Leaf { weight: Option<f64> },
}

impl Fill for AsymmetricTree {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        below(reader, self).map(|_| ())
    }
}

/// Reads a node and all below it into the tree; answers the node's index.
fn below(reader: &mut Reader<'_>, tree: &mut AsymmetricTree) -> Result<u32> {
    let index = tree.nodes.len();
    tree.nodes.push(Node::Leaf { weight: None });
    let (mut split, mut weight, mut sides, mut count) = (Split::None, None::<f64>, [None; 2], None);
    let mut seen = 0_u8;
    reader.object("a node", &mut |reader, key| {
        let Some(place) = ["split", "weight", "value", "left", "right"].iter().position(|known| *known == key) else {
            return Ok(false);
        };
        if seen >> place & 1 > 0 {
            return Err(reader.said(format_args!("a key comes twice")));
        }
        seen |= 1 << place;
        match place {
            0 => split.fill(reader)?,
            1 => weight.fill(reader)?,
            2 => {
                let before = tree.values.len();
                numbers(reader, &mut tree.values)?;
                count = Some(tree.values.len() - before);
            }
            _ => sides[place - 3] = Some(below(reader, tree)?),
        }
        Ok(true)
    })?;
    tree.nodes[index] = match (split, sides, count) {
        (split @ (Split::Above { .. } | Split::Is { .. }), [Some(left), Some(right)], None) => {
            Node::Ask { split, left, right }
        }
        (Split::None, [None, None], Some(count)) if count > 0 && (tree.width == 0 || tree.width == count) => {
            tree.width = count;
            Node::Leaf { weight }
        }
        (Split::None, [None, None], Some(count)) => {
            return Err(reader.said(format_args!("the leaf has {count} values, another has {}", tree.width)));
        }
        _ => return Err(reader.said(format_args!("the node is no split with two sides, and no leaf"))),
    };
    Ok(index as u32)
}

record! {
    /// What is refused by name before the trees are looked at.
    struct Outline {
        features_info: FeaturesInfo,
    } ["*"]
}

/// What a file holds.
pub(super) fn read(bytes: &[u8]) -> Result<Content> {
    let features = whole_file::<Outline>(Reader::json(bytes))?.features_info;
    let columns = columns(&features)?;
    if let Some(statistic) = features.ctrs.first() {
        let indices: Vec<i32> =
            statistic.elements.iter().filter_map(|element| element.cat_feature_index).take(super::SOME).collect();
        return Err(super::uses_statistics(&indices, &columns));
    }
    let categories =
        Categories::of(features.cat_features_hash.into_iter().flatten().map(|entry| (entry.hash, entry.value)))?;
    let file: File = whole_file(Reader::json(bytes))?;
    let asks = |split: Split| -> Result<Question> {
        match split {
            Split::Above { number, border } => {
                let (column, missing) = columns.number(number)?;
                Ok(Question::Above { column, border, missing })
            }
            // None is left so by what reads it.
            Split::None => Err(invalid(format_args!("a split lacks its feature, its border or its value"))),
            Split::Is { category, hash } => {
                let column = columns.category(category)?;
                Ok(Question::Is { column, category: categories.code(hash, || columns.called(column))? })
            }
        }
    };
    let Scale { scale, mut bias, is_one } =
        file.scale_and_bias.unwrap_or(Scale { scale: 1.0, bias: vec![0.0], is_one: true });
    let mut dimension = (!is_one && !bias.is_empty()).then_some(bias.len());
    let mut fits = |width: usize| match *dimension.get_or_insert(width) {
        wanted if wanted == width => Ok(()),
        wanted => Err(invalid(format_args!("its leaves have {width} values, for {wanted} outputs"))),
    };
    let (mut trees, mut nodes) = (Vec::new(), 0);
    for tree in file.oblivious_trees.unwrap_or_default() {
        let place = |error: Error| error.at(format_args!("tree {}", trees.len()));
        let questions =
            tree.splits.unwrap_or_default().into_iter().map(asks).collect::<Result<Vec<_>>>().map_err(place)?;
        let weights = tree.leaf_weights.unwrap_or_default();
        let leaves = 1_usize << questions.len().min(trees::DEEPEST);
        fits(tree.leaf_values.len() / leaves).map_err(place)?;
        let tree = trees::symmetric(&questions, tree.leaf_values, &weights).map_err(place)?;
        nodes += tree.nodes.len();
        trees::check_size(nodes)?;
        trees.push(tree);
    }
    for tree in file.trees.unwrap_or_default() {
        let place = |error: Error| error.at(format_args!("tree {}", trees.len()));
        fits(tree.width).map_err(place)?;
        let tree = asymmetric(tree, asks).map_err(place)?;
        nodes += tree.nodes.len();
        trees::check_size(nodes)?;
        trees.push(tree);
    }
    let dimension = dimension.unwrap_or(1);
    if dimension > MAX_OUTPUTS {
        return Err(invalid(format_args!("it has {dimension} outputs; a model has 1 to {MAX_OUTPUTS}")));
    }
    if bias.is_empty() {
        bias = vec![0.0; dimension];
    } else if is_one {
        if dimension > 1 && bias[0] != 0.0 {
            return Err(invalid(format_args!("one bias, for {dimension} outputs")));
        }
        bias = vec![bias[0]; dimension];
    }
    let categories = categories.names;
    Ok(Content { columns, categories, dimension, trees, scale, bias, information: file.model_info })
}

fn columns(features: &FeaturesInfo) -> Result<Columns> {
    let mut columns = Columns::default();
    let name = |id: &Option<String>, name: &Option<String>| {
        id.as_ref().filter(|id| !id.is_empty()).or(name.as_ref()).cloned().unwrap_or_default()
    };
    for (count, number) in features.float_features.iter().enumerate() {
        let is_greatest = match number.nan_value_treatment.as_deref() {
            None | Some("AsIs" | "AsFalse") => false,
            Some("AsTrue") => true,
            Some(other) => {
                return Err(unsupported(format_args!(
                    "the treatment {} of missing values is not supported",
                    quoted(other)
                ))
                .at(format_args!("number {count}")));
            }
        };
        let missing = missing_side(number.has_nans, is_greatest);
        let name = name(&number.feature_id, &number.feature_name);
        columns.add_number(number.feature_index, number.flat_feature_index, name, missing)?;
    }
    for category in &features.categorical_features {
        let name = name(&category.feature_id, &category.feature_name);
        columns.add_category(category.feature_index, category.flat_feature_index, name)?;
    }
    Ok(columns)
}

fn asymmetric(tree: AsymmetricTree, asks: impl Fn(Split) -> Result<Question>) -> Result<SourceTree> {
    let mut steps = Vec::with_capacity(tree.nodes.len());
    for (index, node) in tree.nodes.into_iter().enumerate() {
        steps.push(match node {
            Node::Leaf { weight } => Step::Leaf { weight },
            Node::Ask { split, left, right } => {
                let question = asks(split).map_err(|error| error.at(format_args!("node {index}")))?;
                Step::Ask { question, left, right }
            }
        });
    }
    Ok(trees::asymmetric(steps.into_iter(), tree.values, tree.width))
}
