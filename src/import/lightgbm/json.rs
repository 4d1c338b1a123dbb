//! The JSON of `dump_model()`: the numbers of the text, in trees of objects that may be as deep as LightGBM's trees are. They are
//! read token by token, without recursion; what is within braces and brackets of one level is the common reader's.

use std::str::FromStr;

use super::categories::Name;
use super::header::{self, Header, Values};
use super::tree::{self, Missing, Split, Test, Trees};
use crate::error::{Error, Result, invalid, quoted, shown, unsupported};
use crate::import::reader::take::{Fill, Skipped, record};
use crate::import::reader::{Reader, Token};
use crate::import::source::SourceNode;

record! {
    /// What a file says of the values of a feature that was of some use.
    struct Info {
        min_value: f64,
        max_value: f64,
        /// The categories; none of a feature of numbers.
        values: Vec<i64>,
    }
}

/// Reads a file.
pub(super) fn read(text: &str) -> Result<(Header, Trees)> {
    let mut source = Source { text, offset: 0 };
    let (mut version, mut objective, mut averages, mut infos) = (None::<String>, None, None, None);
    let (mut classes, mut outputs, mut largest) = (None::<u64>, None::<u64>, None::<u64>);
    let (mut names, mut categories, mut trees) = (None::<Vec<String>>, None, None);
    let mut booster = None::<String>;
    source.open(b'{')?;
    let mut is_first = true;
    while let Some(key) = source.key(&mut is_first)? {
        let start = source.offset;
        match &*key {
            "version" => set(&mut version, source.value()?, &key),
            "num_class" => set(&mut classes, source.value()?, &key),
            "num_tree_per_iteration" => set(&mut outputs, source.value()?, &key),
            "max_feature_idx" => set(&mut largest, source.value()?, &key),
            "objective" => set(&mut objective, source.value::<String>()?, &key),
            "average_output" => set(&mut averages, source.value::<bool>()?, &key),
            "feature_names" => set(&mut names, source.value()?, &key),
            "feature_infos" => set(&mut infos, source.value::<Vec<(String, Info)>>()?, &key),
            "pandas_categorical" => set(&mut categories, source.value::<Option<Vec<Vec<Name>>>>()?, &key),
            // Read when it is known how many features there are.
            "tree_info" => source.value::<Skipped>().and_then(|_| set(&mut trees, start, &key)),
            "name" => set(&mut booster, source.value()?, &key),
            // What it was trained with, and what people ask for.
            "label_index" | "monotone_constraints" | "feature_importances" => source.value::<Skipped>().map(|_| ()),
            _ => {
                return Err(unsupported(format_args!("{}, which is not known here, may change answers", quoted(&key))));
            }
        }?;
    }
    source.end()?;

    let needed = |number: Option<u64>, key| Ok::<_, Error>(number.ok_or_else(|| missing(key))?.to_string());
    if booster.as_deref() != Some("tree") {
        let booster = booster.unwrap_or_default();
        return Err(unsupported(format_args!("its name is {}, and not \"tree\"", quoted(&booster))));
    }
    let version = header::version(version.as_deref())?;
    let features = header::feature_count(&needed(largest, "max_feature_idx")?)?;
    let classes = needed(classes, "num_class")?;
    let outputs = header::outputs(&outputs.map_or(classes.clone(), |outputs| outputs.to_string()), &classes)?;
    let feature_names = names.ok_or_else(|| missing("feature_names"))?;
    header::one_for_each("feature_names", feature_names.len(), features)?;
    let averages = averages.ok_or_else(|| {
        unsupported(format_args!(
            "it has no average_output, as dumps of LightGBM before 2.2.3, which have no objective either: save the model by \
             save_model(\"model.txt\")"
        ))
    })?;
    let values = infos.map(|mut infos| {
        infos.sort_by(|(one, _), (other, _)| one.cmp(other));
        let info =
            |name: &String| infos.binary_search_by(|(other, _)| other.cmp(name)).ok().map(|place| &infos[place].1);
        feature_names.iter().map(|name| values(info(name))).collect()
    });
    let pandas_categories = categories.flatten().unwrap_or_default();
    let values = values.unwrap_or_default();
    let header = Header { version, outputs, objective, averages, feature_names, values, pandas_categories };

    let mut source = Source { text, offset: trees.ok_or_else(|| missing("tree_info"))? };
    let mut trees = Trees::new(features, text.len());
    source.open(b'[')?;
    let mut is_first = true;
    while source.item(&mut is_first)? {
        let index = trees.count();
        tree(&mut source, &mut trees).map_err(|error| error.at(format_args!("tree {index}")))?;
    }
    Ok((header, trees))
}

fn values(info: Option<&Info>) -> Values {
    match info {
        None => Values::Unknown,
        Some(info) if info.values.is_empty() => Values::Numbers { smallest: info.min_value, largest: info.max_value },
        Some(info) => Values::Categories { largest: info.max_value },
    }
}

/// Reads the object of one tree.
fn tree(source: &mut Source<'_>, trees: &mut Trees) -> Result<()> {
    let (mut leaves, mut made) = (None::<usize>, None);
    source.open(b'{')?;
    let mut is_first = true;
    while let Some(key) = source.key(&mut is_first)? {
        match &*key {
            "num_leaves" => set(&mut leaves, source.value()?, &key),
            "tree_structure" => nodes(source, trees).and_then(|nodes| set(&mut made, nodes, &key)),
            "tree_index" | "num_cat" | "shrinkage" => source.value::<Skipped>().map(|_| ()),
            _ => return Err(unknown(source, &key)),
        }?;
    }
    let made = made.ok_or_else(|| missing("tree_structure"))?;
    if leaves.is_some_and(|leaves| leaves != made.values.len()) {
        return Err(invalid(format_args!("num_leaves is {}; it has {}", leaves.unwrap_or(0), made.values.len())));
    }
    let covers = made.covers();
    trees.add(made.nodes, made.values, covers);
    Ok(())
}

/// The nodes of one tree, each before its children, and the root first.
#[derive(Default)]
struct Nodes {
    nodes: Vec<SourceNode>,
    values: Vec<f64>,
    /// How many rows came to each node, and with which weight; `NaN` where the file does not say.
    counts: Vec<f64>,
    weights: Vec<f64>,
}

impl Nodes {
    fn covers(&self) -> Vec<f64> {
        if self.values.len() == 1 {
            // Whatever it is, a leaf by itself explains nothing; some versions leave it out.
            return vec![1.0];
        }
        let is_known = |covers: &&Vec<f64>| covers.iter().all(|cover| !cover.is_nan());
        [&self.counts, &self.weights].into_iter().find(is_known).cloned().unwrap_or_default()
    }
}

/// An object of a node, as far as it is read.
#[derive(Default)]
struct Open {
    /// Its index among the nodes.
    index: usize,
    has_keys: bool,
    feature: Option<i64>,
    threshold: Option<Threshold>,
    is_category: Option<bool>,
    default_left: Option<bool>,
    missing: Option<Missing>,
    left: Option<i64>,
    right: Option<i64>,
    /// Whether the child that is being read is the left one.
    is_left: bool,
    value: Option<f64>,
    count: Option<f64>,
    weight: Option<f64>,
}

/// A number, or the categories that go left, with two lines between them.
#[derive(Default)]
enum Threshold {
    #[default]
    None,
    Number(f64),
    Categories(String),
}

impl Fill for Threshold {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        *self = match reader.token()? {
            Token::Text(text) => Self::Categories(text.into_owned()),
            number => Self::Number(reader.float(&number, "a number, or categories in a text")?),
        };
        Ok(())
    }
}

/// Trees have at most 131072 leaves, and are as deep only where each split parts one row from the rest.
const DEEPEST: usize = 1 << 16;

fn nodes(source: &mut Source<'_>, trees: &mut Trees) -> Result<Nodes> {
    let mut made = Nodes::default();
    // The nodes between the root and the one that is being read.
    let mut open: Vec<Open> = Vec::new();
    source.open(b'{')?;
    let mut node = made.open();
    loop {
        let mut is_first = !std::mem::replace(&mut node.has_keys, true);
        let Some(key) = source.key(&mut is_first)? else {
            let child = made.close(&node, trees).map_err(|error| error.at(format_args!("node {}", node.index)))?;
            let Some(mut parent) = open.pop() else { return Ok(made) };
            if parent.is_left {
                parent.left = Some(child)
            } else {
                parent.right = Some(child)
            }
            node = parent;
            continue;
        };
        match &*key {
            "left_child" | "right_child" => {
                node.is_left = key == "left_child";
                let known = if node.is_left { node.left } else { node.right };
                if known.is_some() {
                    return Err(twice(&key));
                }
                if open.len() == DEEPEST {
                    return Err(source.at(unsupported(format_args!("the tree is more than {DEEPEST} splits deep"))));
                }
                source.open(b'{')?;
                open.push(std::mem::replace(&mut node, made.open()));
                Ok(())
            }
            "split_feature" => set(&mut node.feature, source.value()?, &key),
            "threshold" => set(&mut node.threshold, source.value()?, &key),
            "decision_type" => word(source, &[("<=", false), ("==", true)])
                .and_then(|is_category| set(&mut node.is_category, is_category, &key)),
            "missing_type" => word(source, &[("None", Missing::None), ("Zero", Missing::Zero), ("NaN", Missing::Nan)])
                .and_then(|missing| set(&mut node.missing, missing, &key)),
            "default_left" => set(&mut node.default_left, source.value()?, &key),
            "leaf_value" => set(&mut node.value, source.value()?, &key),
            "leaf_count" | "internal_count" => set(&mut node.count, source.value()?, &key),
            "leaf_weight" | "internal_weight" => set(&mut node.weight, source.value()?, &key),
            "leaf_const" | "leaf_features" | "leaf_coeff" => return Err(tree::linear()),
            "split_index" | "leaf_index" | "split_gain" | "internal_value" => source.value::<Skipped>().map(|_| ()),
            _ => return Err(unknown(source, &key)),
        }?;
    }
}

impl Nodes {
    /// One more node, of which nothing is known.
    fn open(&mut self) -> Open {
        self.nodes.push(SourceNode::Deleted);
        self.counts.push(f64::NAN);
        self.weights.push(f64::NAN);
        Open { index: self.nodes.len() - 1, ..Open::default() }
    }

    /// Makes the node of its object, and gives its index.
    fn close(&mut self, node: &Open, trees: &mut Trees) -> Result<i64> {
        self.counts[node.index] = node.count.unwrap_or(f64::NAN);
        self.weights[node.index] = node.weight.unwrap_or(f64::NAN);
        self.nodes[node.index] = match node.value {
            Some(value) => {
                if node.feature.is_some() || node.left.is_some() || node.right.is_some() {
                    return Err(invalid(format_args!("it is a leaf and a split")));
                }
                self.values.push(value);
                SourceNode::Leaf { first_value: self.values.len() - 1 }
            }
            None => trees.node(Split {
                feature: node.feature.ok_or_else(|| missing("split_feature"))?,
                test: test(node)?,
                missing: node.missing.ok_or_else(|| missing("missing_type"))?,
                default_left: node.default_left.ok_or_else(|| missing("default_left"))?,
                left: node.left.ok_or_else(|| missing("left_child"))?,
                right: node.right.ok_or_else(|| missing("right_child"))?,
            })?,
        };
        Ok(node.index as i64)
    }
}

fn test(node: &Open) -> Result<Test> {
    let is_category = node.is_category.ok_or_else(|| missing("decision_type"))?;
    match node.threshold.as_ref().ok_or_else(|| missing("threshold"))? {
        Threshold::Number(number) if !is_category => Ok(Test::AtMost(*number)),
        Threshold::Categories(text) if is_category => {
            let set = text.split("||").map(|category| u32::from_str(category).ok());
            match set.collect::<Option<Vec<u32>>>().filter(|set| set.is_sorted_by(|low, high| low < high)) {
                Some(set) => Ok(Test::OneOf(set)),
                None => Err(invalid(format_args!("threshold is {}, no ascending categories", quoted(text)))),
            }
        }
        _ => Err(invalid(format_args!("threshold and decision_type do not fit"))),
    }
}

/// What one of these words says.
fn word<T: Copy>(source: &mut Source<'_>, words: &[(&str, T)]) -> Result<T> {
    let said: String = source.value()?;
    match words.iter().find(|(word, _)| *word == said) {
        Some((_, meaning)) => Ok(*meaning),
        None => Err(source.at(unsupported(format_args!("{} is not known", quoted(&said))))),
    }
}

fn set<T>(slot: &mut Option<T>, value: T, key: &str) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(twice(key)),
    }
}

#[cold]
fn twice(key: &str) -> Error {
    invalid(format_args!("{key} is there twice"))
}

#[cold]
fn missing(key: &str) -> Error {
    invalid(format_args!("{key} is missing"))
}

#[cold]
fn unknown(source: &Source<'_>, key: &str) -> Error {
    source.at(unsupported(format_args!("{}, which is not known here, may change answers", quoted(key))))
}

/// JSON text, token by token.
struct Source<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Source<'a> {
    /// Takes white space, and tells the byte that follows.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.offset..];
        self.offset += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.text.as_bytes().get(self.offset).copied()
    }

    /// Takes a bracket.
    fn open(&mut self, bracket: u8) -> Result<()> {
        if self.peek() != Some(bracket) {
            return Err(self.fault(format_args!("{:?} is due", char::from(bracket))));
        }
        self.offset += 1;
        Ok(())
    }

    /// Takes the comma before all but the first of what is within brackets, or the closing one: then there is no more.
    fn more(&mut self, closing: u8, is_first: &mut bool) -> Result<bool> {
        match self.peek() {
            Some(byte) if byte == closing => {
                self.offset += 1;
                return Ok(false);
            }
            Some(b',') if !*is_first => self.offset += 1,
            Some(_) if *is_first => {}
            _ => return Err(self.fault(format_args!("a comma or {:?} is due", char::from(closing)))),
        }
        *is_first = false;
        Ok(true)
    }

    /// Whether there is another item in an array.
    fn item(&mut self, is_first: &mut bool) -> Result<bool> {
        self.more(b']', is_first)
    }

    /// The next key of an object, and the colon behind it.
    fn key(&mut self, is_first: &mut bool) -> Result<Option<String>> {
        if !self.more(b'}', is_first)? {
            return Ok(None);
        }
        let key = self.value()?;
        self.open(b':')?;
        Ok(Some(key))
    }

    /// A value that is not nested deep, or one of any depth that is not wanted.
    fn value<T: Fill + Default>(&mut self) -> Result<T> {
        let mut value = T::default();
        self.fill(&mut value)?;
        Ok(value)
    }

    fn fill(&mut self, value: &mut dyn Fill) -> Result<()> {
        let mut reader = Reader::json_at(self.text.as_bytes(), self.offset);
        match value.fill(&mut reader) {
            Ok(()) => {
                self.offset = reader.offset();
                Ok(())
            }
            Err(error) => {
                // It counts lines; here it is bytes.
                let message = error.message();
                let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
                Err(self.fault(format_args!("{}", shown(message))))
            }
        }
    }

    /// Checks that nothing but white space is left.
    fn end(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.fault(format_args!("text follows the end of the object"))),
        }
    }

    fn fault(&self, message: std::fmt::Arguments<'_>) -> Error {
        self.at(invalid(message))
    }

    fn at(&self, error: Error) -> Error {
        error.at(format_args!("offset {}", self.offset))
    }
}
