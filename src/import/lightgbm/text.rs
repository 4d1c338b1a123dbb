//! The text that `save_model` and `model_to_string` write: lines of a key and its value, a block of them for each tree.

use std::str::SplitAsciiWhitespace;

use super::categories::Name;
use super::header::{self, Header, Values};
use super::tree::{self, Missing, Split, Test, Trees};
use crate::error::{Error, Result, invalid, quoted, shown, unsupported};
use crate::import::decimal::Decimal;
use crate::import::reader::take::of_json;
use crate::import::source::SourceNode;

/// The keys before the trees. A key that is not listed is refused, as nobody has looked whether it changes an answer.
const HEADER: [&str; 11] = [
    "version",
    "num_class",
    "num_tree_per_iteration",
    // Which column of a file that LightGBM reads by itself the label is.
    "label_index",
    "max_feature_idx",
    "objective",
    // A line by itself.
    "average_output",
    "feature_names",
    // Of training alone.
    "monotone_constraints",
    "feature_infos",
    // How many bytes each tree has; other line ends have other sizes.
    "tree_sizes",
];

/// The keys of a tree; likewise. Of those that are not asked for, the gains and the values of inner nodes are for people, the
/// shrinkage is in the leaves already, and the last four are of linear leaves.
const TREE: [&str; 22] = [
    "num_leaves",
    "num_cat",
    "split_feature",
    "split_gain",
    "threshold",
    "decision_type",
    "left_child",
    "right_child",
    "leaf_value",
    "leaf_weight",
    "leaf_count",
    "internal_value",
    "internal_weight",
    "internal_count",
    "cat_boundaries",
    "cat_threshold",
    "is_linear",
    "shrinkage",
    "leaf_const",
    "num_features",
    "leaf_features",
    "leaf_coeff",
];

/// Reads a file.
pub(super) fn read(text: &str) -> Result<(Header, Trees)> {
    let mut lines = Lines { rest: text, number: 0 };
    if lines.next() != Some("tree") {
        return Err(unsupported(format_args!("the first line is not \"tree\", which all models of LightGBM are")));
    }
    let mut entries = Entries::default();
    let mut line = loop {
        match lines.next() {
            None => {
                return Err(invalid(format_args!(
                    "the file ends early, at line {}, before its trees: copy it again",
                    lines.number
                )));
            }
            Some(line) if line.starts_with("Tree=") || is_end(line) => break line,
            Some(line) => entries.add(line, &HEADER).map_err(|error| lines.at(error))?,
        }
    };
    let mut header = of_entries(&entries)?;
    let claimed = entries.get("tree_sizes").map(|sizes| sizes.split_ascii_whitespace().count());
    let claim = || claimed.map_or(String::new(), |count| format!("; tree_sizes counts {count} trees"));

    let mut trees = Trees::new(header.feature_names.len(), text.len());
    while let Some(number) = line.strip_prefix("Tree=") {
        let index = trees.count();
        if number.parse() != Ok(index) {
            return Err(lines.at(invalid(format_args!("{} where tree {index} is due", quoted(line)))));
        }
        let first = lines.number;
        let mut entries = Entries::default();
        loop {
            match lines.next() {
                None => return Err(invalid(format_args!("the file ends within tree {index}{}", claim()))),
                Some("") => break,
                Some(line) => entries.add(line, &TREE).map_err(|error| lines.at(error))?,
            }
        }
        add(&mut trees, &entries).map_err(|error| error.at(format_args!("tree {index} (line {first})")))?;
        line = loop {
            match lines.next() {
                None => return Err(invalid(format_args!("the file ends after tree {index}{}", claim()))),
                Some("") => {}
                Some(line) => break line,
            }
        };
    }
    if !is_end(line) {
        return Err(lines.at(invalid(format_args!("{} where a tree or the end of the trees is due", quoted(line)))));
    }
    if claimed.is_some_and(|count| count != trees.count()) {
        return Err(invalid(format_args!("the file has {} trees{}", trees.count(), claim())));
    }
    header.pandas_categories = pandas_categories(&mut lines)?;
    Ok((header, trees))
}

/// Whether the trees end with this line: of versions before 2.2 it is the next section's title.
fn is_end(line: &str) -> bool {
    matches!(line, "end of trees" | "feature importances:")
}

fn of_entries(entries: &Entries<'_>) -> Result<Header> {
    let version = header::version(entries.get("version"))?;
    let features = header::feature_count(entries.needed("max_feature_idx")?)?;
    let classes = entries.needed("num_class")?;
    let outputs = header::outputs(entries.get("num_tree_per_iteration").unwrap_or(classes), classes)?;
    let averages = match entries.get("average_output") {
        None => false,
        Some("") => true,
        Some(value) => return Err(unsupported(format_args!("average_output is {}", quoted(value)))),
    };
    let names = entries.needed("feature_names")?.split(' ').filter(|name| !name.is_empty());
    let mut feature_names = Vec::new();
    feature_names.extend(names.take(features + 1).map(str::to_owned));
    header::one_for_each("feature_names", feature_names.len(), features)?;
    let values = match entries.get("feature_infos") {
        None => Vec::new(),
        Some(infos) => {
            let infos = infos.split(' ').filter(|info| !info.is_empty()).take(features + 1);
            let values: Vec<Values> = infos.map(values).collect::<Result<_>>()?;
            header::one_for_each("feature_infos", values.len(), features)?;
            values
        }
    };
    let objective = entries.get("objective").map(str::to_owned);
    Ok(Header { version, outputs, objective, averages, feature_names, values, pandas_categories: Vec::new() })
}

/// What `[0:12.5]`, `none` or `3:0:7` says.
fn values(info: &str) -> Result<Values> {
    if info == "none" {
        return Ok(Values::Unknown);
    }
    let fault = || invalid(format_args!("feature_infos has {}, which is no range and no categories", quoted(info)));
    let number = |text: &str| f64::of_text(text).ok_or_else(fault);
    if let Some(range) = info.strip_prefix('[').and_then(|info| info.strip_suffix(']')) {
        let (smallest, largest) = range.split_once(':').ok_or_else(fault)?;
        return Ok(Values::Numbers { smallest: number(smallest)?, largest: number(largest)? });
    }
    let largest = info.split(':').map(number).try_fold(f64::MIN, |largest, category| Ok(largest.max(category?)))?;
    Ok(Values::Categories { largest })
}

/// What Python's package has put after everything else; the last of such lines is its.
fn pandas_categories(lines: &mut Lines<'_>) -> Result<Vec<Vec<Name>>> {
    let (mut found, mut section) = (None, None);
    while let Some(line) = lines.next() {
        match (section, line) {
            (None, "parameters:") => section = Some("end of parameters"),
            (None, "parser:") => section = Some("end of parser"),
            (Some(end), line) if line == end => section = None,
            (None, line) => found = line.strip_prefix("pandas_categorical:").or(found),
            (Some(_), _) => {}
        }
    }
    if let Some(end) = section {
        return Err(invalid(format_args!(
            "the file ends early, at line {}, before {}: copy it again",
            lines.number,
            quoted(end)
        )));
    }
    let lists: Option<Vec<Vec<Name>>> = match found {
        None => None,
        Some(json) => of_json(json.as_bytes())
            .map_err(|error| invalid(format_args!("pandas_categorical: {}", shown(error.message()))))?,
    };
    Ok(lists.unwrap_or_default())
}

fn add(trees: &mut Trees, entries: &Entries<'_>) -> Result<()> {
    if entries.get("is_linear").is_some_and(|is_linear| is_linear != "0") {
        return Err(tree::linear());
    }
    let leaves = header::number("num_leaves", entries.needed("num_leaves")?)?;
    let splits = leaves.checked_sub(1).ok_or_else(|| invalid(format_args!("it has no leaves")))?;
    let array = |key, due| Array::of(key, entries.needed(key)?, due);
    let mut values = array("leaf_value", leaves)?;
    let values = (0..leaves).map(|_| values.next()).collect::<Result<_>>()?;
    let covers = covers(entries, splits)?;
    let sets = Sets::of(entries)?;

    let mut nodes = Vec::new();
    if splits > 0 {
        let [mut features, mut thresholds] = [array("split_feature", splits)?, array("threshold", splits)?];
        let [mut lefts, mut rights] = [array("left_child", splits)?, array("right_child", splits)?];
        let mut types = array("decision_type", splits)?;
        nodes.reserve_exact(splits + leaves);
        for index in 0..splits {
            let mut node = || {
                let [left, right] = [child(lefts.next()?, splits, leaves)?, child(rights.next()?, splits, leaves)?];
                let (threshold, kind): (f64, u8) = (thresholds.next()?, types.next()?);
                let test = if kind & 1 == 1 { Test::OneOf(sets.at(threshold)?) } else { Test::AtMost(threshold) };
                let missing = match kind >> 2 {
                    0 => Missing::None,
                    1 => Missing::Zero,
                    2 => Missing::Nan,
                    _ => return Err(invalid(format_args!("decision_type is {kind}, which no version writes"))),
                };
                trees.node(Split { feature: features.next()?, test, missing, default_left: kind & 2 == 2, left, right })
            };
            nodes.push(node().map_err(|error| error.at(format_args!("node {index}")))?);
        }
    }
    nodes.extend((0..leaves).map(|leaf| SourceNode::Leaf { first_value: leaf }));
    trees.add(nodes, values, covers);
    Ok(())
}

/// The node that a child's number means: from 0 on a split, below 0 a leaf.
fn child(number: i64, splits: usize, leaves: usize) -> Result<i64> {
    if number >= 0 && number < splits as i64 {
        return Ok(number);
    }
    if number < 0 && !number < leaves as i64 {
        return Ok(splits as i64 + !number);
    }
    Err(invalid(format_args!("child {number} does not exist; the tree has {splits} splits and {leaves} leaves")))
}

/// How many rows came to each node, or their weights where the file does not count; none where it says neither.
fn covers(entries: &Entries<'_>, splits: usize) -> Result<Vec<f64>> {
    if splits == 0 {
        // Whatever it is, a leaf by itself explains nothing; some versions leave it out.
        return Ok(vec![1.0]);
    }
    for keys in [["internal_count", "leaf_count"], ["internal_weight", "leaf_weight"]] {
        let [Some(inner), Some(leaves)] = keys.map(|key| entries.get(key)) else { continue };
        let mut inner = Array::of(keys[0], inner, splits)?;
        let mut leaves = Array::of(keys[1], leaves, splits + 1)?;
        let inner = (0..splits).map(|_| inner.next());
        return inner.chain((0..=splits).map(|_| leaves.next())).collect();
    }
    Ok(Vec::new())
}

/// The sets of categories of one tree: bits in words of 32, and where each set begins among them.
struct Sets {
    boundaries: Vec<usize>,
    words: Vec<u32>,
}

impl Sets {
    fn of(entries: &Entries<'_>) -> Result<Self> {
        let count = header::number("num_cat", entries.needed("num_cat")?)?;
        if count == 0 {
            return Ok(Self { boundaries: Vec::new(), words: Vec::new() });
        }
        let boundaries: Vec<usize> = list("cat_boundaries", entries.needed("cat_boundaries")?)?;
        let words: Vec<u32> = list("cat_threshold", entries.needed("cat_threshold")?)?;
        if boundaries.len().checked_sub(1) != Some(count) {
            return Err(invalid(format_args!("cat_boundaries has {} entries; num_cat is {count}", boundaries.len())));
        }
        if !boundaries.is_sorted() || boundaries[0] != 0 || boundaries[count] != words.len() {
            return Err(invalid(format_args!(
                "cat_boundaries do not part the {} entries of cat_threshold",
                words.len()
            )));
        }
        Ok(Self { boundaries, words })
    }

    /// The set of a split, whose threshold is the set's number.
    fn at(&self, number: f64) -> Result<Vec<u32>> {
        let index = number as usize;
        let bounds = self.boundaries.get(index..).and_then(|bounds| bounds.get(..2));
        let Some(&[from, to]) = bounds.filter(|_| index as f64 == number) else {
            let count = self.boundaries.len().saturating_sub(1);
            return Err(invalid(format_args!("its set of categories is number {number}; the tree has {count}")));
        };
        let words = &self.words[from..to];
        let mut set = Vec::with_capacity(words.iter().map(|word| word.count_ones() as usize).sum());
        for (place, word) in words.iter().enumerate() {
            // A word whose categories are beyond 32 bits is beyond all that a set may hold.
            let first = u32::try_from(place * 32).unwrap_or(u32::MAX - 31);
            set.extend((0..32).filter(|bit| word >> bit & 1 == 1).map(|bit| first + bit));
        }
        Ok(set)
    }
}

fn list<T: Decimal>(key: &'static str, text: &str) -> Result<Vec<T>> {
    text.split_ascii_whitespace().map(|item| parsed(key, item)).collect()
}

fn parsed<T: Decimal>(key: &str, text: &str) -> Result<T> {
    T::of_text(text).ok_or_else(|| invalid(format_args!("{key} has {}", quoted(text))))
}

/// The numbers of one key.
struct Array<'a> {
    key: &'static str,
    items: SplitAsciiWhitespace<'a>,
}

impl<'a> Array<'a> {
    /// Those in this text, of which so many are due.
    fn of(key: &'static str, text: &'a str, due: usize) -> Result<Self> {
        let items = text.split_ascii_whitespace();
        let count = items.clone().count();
        if count != due {
            return Err(invalid(format_args!("{key} has {count} entries where {due} are due")));
        }
        Ok(Self { key, items })
    }

    fn next<T: Decimal>(&mut self) -> Result<T> {
        parsed(self.key, self.items.next().unwrap_or(""))
    }
}

/// The lines of a header, or of a tree.
#[derive(Default)]
struct Entries<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Entries<'a> {
    /// Adds what a line says, with one of these keys; nothing of an empty one.
    fn add(&mut self, line: &'a str, keys: &[&str]) -> Result<()> {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        if line.is_empty() {
            return Ok(());
        }
        if !keys.contains(&key) {
            return Err(unsupported(format_args!("{}, which is not known here, may change answers", quoted(key))));
        }
        if self.get(key).is_some() {
            return Err(invalid(format_args!("{key} is there twice")));
        }
        self.0.push((key, value));
        Ok(())
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    fn needed(&self, key: &str) -> Result<&'a str> {
        self.get(key).ok_or_else(|| invalid(format_args!("{key} is missing")))
    }
}

/// The lines of the file, of either kind of end.
struct Lines<'a> {
    rest: &'a str,
    /// Of the line that was taken last, from 1.
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.rest = rest;
        self.number += 1;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    /// The same error with the line's number before it.
    fn at(&self, error: Error) -> Error {
        error.at(format_args!("line {}", self.number))
    }
}
