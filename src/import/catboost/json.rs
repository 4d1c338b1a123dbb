//! CatBoost's JSON. CatBoost itself reads some of its numbers off by the last bit; here each is the number nearest to its text.

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Content;
use super::categories::Categories;
use super::columns::{Columns, missing_side};
use super::info::Information;
use super::trees::{self, Question, Step};
use crate::error::{Error, Result, invalid, quoted, shown, unsupported};
use crate::forest::MAX_OUTPUTS;
use crate::import::source::SourceTree;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    model_info: Information,
    #[serde(rename = "features_info")]
    _features_info: de::IgnoredAny,
    /// `null` for a model of none.
    oblivious_trees: Option<Vec<SymmetricTree>>,
    trees: Option<Vec<AsymmetricTree>>,
    scale_and_bias: Option<(f64, Bias)>,
    #[serde(default, rename = "ctr_data")]
    _ctr_data: de::IgnoredAny,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Bias {
    /// Before 0.25.
    One(f64),
    Each(Vec<f64>),
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FeaturesInfo {
    float_features: Vec<Number>,
    categorical_features: Vec<Category>,
    ctrs: Vec<Statistic>,
    /// `null` where there are none, and training data were given to look for some.
    cat_features_hash: Option<Vec<HashedName>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    /// Each split has its own.
    #[serde(default, rename = "borders")]
    _borders: de::IgnoredAny,
    feature_index: i32,
    flat_feature_index: i32,
    #[serde(default)]
    has_nans: bool,
    #[serde(default)]
    nan_value_treatment: Option<String>,
    #[serde(default)]
    feature_id: Option<String>,
    #[serde(default)]
    feature_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Category {
    #[serde(default, rename = "values")]
    _values: de::IgnoredAny,
    #[serde(default, rename = "string_values")]
    _string_values: de::IgnoredAny,
    feature_index: i32,
    flat_feature_index: i32,
    #[serde(default)]
    feature_id: Option<String>,
    #[serde(default)]
    feature_name: Option<String>,
}

#[derive(Deserialize)]
struct Statistic {
    #[serde(default)]
    elements: Vec<StatisticElement>,
}

#[derive(Deserialize)]
struct StatisticElement {
    cat_feature_index: Option<i32>,
}

#[derive(Deserialize)]
struct HashedName {
    /// Without a sign here, with one in splits.
    hash: i64,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SymmetricTree {
    /// `null` for a tree that is one leaf.
    splits: Option<Vec<Split>>,
    leaf_values: Vec<f64>,
    #[serde(default)]
    leaf_weights: Option<Vec<f64>>,
}

/// A split with the border or category that it asks for.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "SplitEntry")]
enum Split {
    Above { number: i32, border: f32 },
    Is { category: i32, hash: i64 },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SplitEntry<'a> {
    #[serde(default, rename = "split_index")]
    _split_index: de::IgnoredAny,
    #[serde(default, rename = "ctr_target_border_idx")]
    _statistic: de::IgnoredAny,
    #[serde(borrow)]
    split_type: std::borrow::Cow<'a, str>,
    border: Option<f64>,
    float_feature_index: Option<i32>,
    cat_feature_index: Option<i32>,
    value: Option<i64>,
}

impl TryFrom<SplitEntry<'_>> for Split {
    type Error = String;

    fn try_from(entry: SplitEntry<'_>) -> std::result::Result<Self, String> {
        match (&*entry.split_type, entry.float_feature_index, entry.border, entry.cat_feature_index, entry.value) {
            ("FloatFeature", Some(number), Some(border), ..) => {
                let border = border as f32;
                if border.is_finite() {
                    Ok(Self::Above { number, border })
                } else {
                    Err("a border is not finite".to_owned())
                }
            }
            ("OneHotFeature", _, _, Some(category), Some(hash)) => Ok(Self::Is { category, hash }),
            ("FloatFeature" | "OneHotFeature", ..) => {
                Err("a split lacks its feature, its border or its value".to_owned())
            }
            (other, ..) => Err(format!("splits of the type {} are not supported", quoted(other))),
        }
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

impl<'de> Deserialize<'de> for AsymmetricTree {
    fn deserialize<D: Deserializer<'de>>(source: D) -> std::result::Result<Self, D::Error> {
        let mut tree = Self::default();
        Below(&mut tree).deserialize(source)?;
        Ok(tree)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum NodeKey {
    Split,
    Left,
    Right,
    Value,
    Weight,
}

/// Reads a node and all below it into the tree; answers the node's index.
struct Below<'a>(&'a mut AsymmetricTree);

impl<'de> DeserializeSeed<'de> for Below<'_> {
    type Value = u32;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> std::result::Result<u32, D::Error> {
        source.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Below<'_> {
    type Value = u32;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a node")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<u32, A::Error> {
        let tree = self.0;
        let index = tree.nodes.len();
        tree.nodes.push(Node::Leaf { weight: None });
        let (mut split, mut left, mut right, mut values, mut weight) = (None, None, None, None, None);
        while let Some(key) = entries.next_key()? {
            match key {
                NodeKey::Split if split.is_none() => split = Some(entries.next_value()?),
                NodeKey::Left if left.is_none() => left = Some(entries.next_value_seed(Below(tree))?),
                NodeKey::Right if right.is_none() => right = Some(entries.next_value_seed(Below(tree))?),
                NodeKey::Value if values.is_none() => values = Some(entries.next_value_seed(Values(&mut tree.values))?),
                NodeKey::Weight if weight.is_none() => weight = Some(entries.next_value()?),
                _ => return Err(de::Error::custom("a key comes twice")),
            }
        }
        tree.nodes[index] = match (split, left, right, values) {
            (Some(split), Some(left), Some(right), None) => Node::Ask { split, left, right },
            (None, None, None, Some(count)) if count > 0 && (tree.width == 0 || tree.width == count) => {
                tree.width = count;
                Node::Leaf { weight }
            }
            (None, None, None, Some(count)) => {
                return Err(de::Error::custom(format_args!("the leaf has {count} values, another has {}", tree.width)));
            }
            _ => return Err(de::Error::custom("the node is no split with two sides, and no leaf")),
        };
        Ok(index as u32)
    }
}

/// Reads a leaf's value, or its several, to the end of these; answers how many.
struct Values<'a>(&'a mut Vec<f64>);

impl<'de> DeserializeSeed<'de> for Values<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> std::result::Result<usize, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Values<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number or several")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> std::result::Result<usize, E> {
        self.0.push(value);
        Ok(1)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> std::result::Result<usize, E> {
        self.visit_f64(value as f64)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> std::result::Result<usize, E> {
        self.visit_f64(value as f64)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<usize, A::Error> {
        let before = self.0.len();
        while let Some(value) = items.next_element()? {
            self.0.push(value);
        }
        Ok(self.0.len() - before)
    }
}

/// An error says the line and the column: paths of keys would take as much code again.
fn parsed<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| invalid(format_args!("{}", shown(&error.to_string()))))
}

/// What is refused by name before the trees are looked at.
#[derive(Deserialize)]
struct Outline {
    features_info: FeaturesInfo,
}

/// What a file holds.
pub(super) fn read(bytes: &[u8]) -> Result<Content> {
    let features = parsed::<Outline>(bytes)?.features_info;
    let columns = columns(&features)?;
    if let Some(statistic) = features.ctrs.first() {
        let indices: Vec<i32> =
            statistic.elements.iter().filter_map(|element| element.cat_feature_index).take(super::SOME).collect();
        return Err(super::uses_statistics(&indices, &columns));
    }
    let categories =
        Categories::of(features.cat_features_hash.into_iter().flatten().map(|entry| (entry.hash, entry.value)))?;
    let file: File = parsed(bytes)?;
    let asks = |split: Split| -> Result<Question> {
        match split {
            Split::Above { number, border } => {
                let (column, missing) = columns.number(number)?;
                Ok(Question::Above { column, border, missing })
            }
            Split::Is { category, hash } => {
                let column = columns.category(category)?;
                Ok(Question::Is { column, category: categories.code(hash, || columns.called(column))? })
            }
        }
    };
    let (scale, bias) = file.scale_and_bias.unwrap_or((1.0, Bias::One(0.0)));
    let mut dimension = match &bias {
        Bias::Each(bias) if !bias.is_empty() => Some(bias.len()),
        _ => None,
    };
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
    let bias = match bias {
        Bias::Each(bias) if !bias.is_empty() => bias,
        Bias::Each(_) => vec![0.0; dimension],
        Bias::One(bias) if dimension == 1 || bias == 0.0 => vec![bias; dimension],
        Bias::One(_) => return Err(invalid(format_args!("one bias, for {dimension} outputs"))),
    };
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
