//! `.cbm` files: `CBM1`, the size of the model in four bytes, the model as a flatbuffer, and what is not evaluated behind it.

use super::Content;
use super::categories::SAVE_WITH_NAMES;
use super::columns::{Columns, missing_side};
use super::info::{Information, parsed};
use super::trees::{self, DEEPEST, Question, Step};
use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::forest::MAX_OUTPUTS;
use crate::import::flatbuffer::{Buffer, Table};
use crate::import::source::SourceTree;

/// How a file begins.
pub(super) const BEGINNING: &[u8] = b"CBM1";

// The fields of the tables that are read, by number.
mod core {
    pub(super) const VERSION: usize = 0;
    pub(super) const TREES: usize = 1;
    pub(super) const INFORMATION: usize = 2;
    pub(super) const PARTS: usize = 3;
    pub(super) const END: usize = 4;
}
mod model {
    pub(super) const DIMENSION: usize = 0;
    pub(super) const SPLITS: usize = 1;
    pub(super) const SIZES: usize = 2;
    pub(super) const STARTS: usize = 3;
    pub(super) const CATEGORICAL: usize = 4;
    pub(super) const NUMERIC: usize = 5;
    pub(super) const ONE_HOT: usize = 6;
    pub(super) const STATISTICS: usize = 7;
    pub(super) const LEAVES: usize = 8;
    pub(super) const WEIGHTS: usize = 9;
    pub(super) const STEPS: usize = 10;
    pub(super) const LEAF_OF_STEP: usize = 11;
    pub(super) const TEXTS: usize = 12;
    pub(super) const ESTIMATED: usize = 13;
    pub(super) const SCALE: usize = 14;
    pub(super) const BIAS: usize = 15;
    pub(super) const BIASES: usize = 16;
    // 17 is what CatBoost makes of the splits anew.
    pub(super) const EMBEDDINGS: usize = 18;
    pub(super) const END: usize = 19;
}
/// Of a feature that is a category, a text or an embedding.
mod feature {
    pub(super) const INDEX: usize = 0;
    pub(super) const FLAT: usize = 1;
    pub(super) const NAME: usize = 2;
}
mod numeric {
    pub(super) const HAS_MISSING: usize = 0;
    pub(super) const INDEX: usize = 1;
    pub(super) const FLAT: usize = 2;
    pub(super) const BORDERS: usize = 3;
    pub(super) const NAME: usize = 4;
    pub(super) const MISSING: usize = 5;
    pub(super) const END: usize = 6;
}

/// What a file holds.
pub(super) fn read(bytes: &[u8]) -> Result<Content> {
    let body = bytes.strip_prefix(BEGINNING).unwrap_or(bytes);
    let Some((size, body)) = body.split_first_chunk() else {
        return Err(invalid(format_args!("the file ends early, before its size: copy it again")));
    };
    let size = u32::from_le_bytes(*size);
    if size == u32::MAX {
        return Err(unsupported(format_args!("models of 4 GB and more are not supported")));
    }
    let Some((body, parts)) = body.split_at_checked(size as usize) else {
        return Err(invalid(format_args!(
            "the file ends early: copy it again (the model takes {size} bytes, {} are left)",
            body.len()
        )));
    };
    let buffer = Buffer::new(body);
    let root = buffer.root()?;
    let version = root.text(core::VERSION)?.unwrap_or_default();
    // As CatBoost spells it.
    if version != "FlabuffersModel_v1" {
        return Err(unsupported(format_args!("the format {} is not supported", quoted(version))));
    }
    if root.texts(core::PARTS)?.len() == 0 && !parts.is_empty() {
        return Err(invalid(format_args!("{} bytes follow the end of the model", parts.len())));
    }
    let Some(model) = root.table(core::TREES)? else {
        return Err(invalid(format_args!("it has no trees")));
    };
    has_no_more(root, core::END, "the file")?;
    has_no_more(model, model::END, "the model")?;
    let information = information(root)?;
    let dimension = model.integer(model::DIMENSION, 0)?;
    let Some(dimension) = usize::try_from(dimension).ok().filter(|count| (1..=MAX_OUTPUTS).contains(count)) else {
        return Err(invalid(format_args!("it has {dimension} outputs; a model has 1 to {MAX_OUTPUTS}")));
    };
    let mut columns = Columns::default();
    let questions = questions(model, &mut columns)?;
    let mut bias: Vec<f64> = model.vector(model::BIASES)?.iter().map(|&bias| f64::from_le_bytes(bias)).collect();
    if bias.is_empty() {
        let one = model.double(model::BIAS, 0.0)?;
        if dimension > 1 && one != 0.0 {
            return Err(invalid(format_args!("one bias, for {dimension} outputs")));
        }
        bias = vec![one; dimension];
    }
    let trees = Trees::of(model, &questions, dimension)?;
    trees::check_single_leaves(trees.sizes.iter().filter(|&&size| size == [0; 4]).count(), body.len())?;
    let trees = trees.read()?;
    Ok(Content {
        columns,
        categories: Vec::new(),
        dimension,
        trees,
        scale: model.double(model::SCALE, 1.0)?,
        bias,
        information,
    })
}

/// Checks that a table has no field that later versions may have added.
fn has_no_more(table: Table<'_>, end: usize, what: &str) -> Result<()> {
    match table.field_from(end) {
        None => Ok(()),
        Some(field) => Err(unsupported(format_args!("{what} has a field {field}, which no known version writes"))),
    }
}

fn information(root: Table<'_>) -> Result<Information> {
    let mut information = Information::default();
    for entry in root.tables(core::INFORMATION)? {
        let entry = entry?;
        let (key, value) = (entry.text(0)?.unwrap_or_default(), entry.text(1)?.unwrap_or_default());
        match key {
            _ if value.is_empty() => {}
            "params" => information.params = parsed(key, value)?,
            "class_params" => information.class_params = parsed(key, value)?,
            "multiclass_params" => information.multiclass_params = parsed(key, value)?,
            "binclass_probability_threshold" => information.binclass_probability_threshold = parsed(key, value)?,
            "loss_function" => information.loss_function = Some(value.to_owned()),
            "catboost_version_info" => information.catboost_version_info = Some(value.to_owned()),
            _ => {}
        }
    }
    Ok(information)
}

/// All that splits may ask, in the order in which they count it: number by number, border by border.
///
/// # Errors
/// `unsupported_model`, naming the feature, for categories, texts and embeddings that trees ask for.
fn questions(model: Table<'_>, columns: &mut Columns) -> Result<Vec<Question>> {
    let mut questions = Vec::new();
    for (count, number) in model.tables(model::NUMERIC)?.enumerate() {
        let place = |error: Error| error.at(format_args!("number {count}"));
        let number = number.map_err(place)?;
        add_number(number, columns, &mut questions).map_err(place)?;
    }
    for category in model.tables(model::CATEGORICAL)? {
        let category = category?;
        let name = category.text(feature::NAME)?.unwrap_or_default().to_owned();
        columns.add_category(category.integer(feature::INDEX, -1)?, category.integer(feature::FLAT, -1)?, name)?;
    }
    for (field, what) in [(model::TEXTS, "a text"), (model::EMBEDDINGS, "an embedding")] {
        if let Some(other) = model.tables(field)?.next() {
            let other = other?;
            let name = other.text(feature::NAME)?.filter(|name| !name.is_empty());
            let called = name.map_or_else(|| format!("{}", other.integer(feature::FLAT, -1).unwrap_or(-1)), quoted);
            return Err(unsupported(format_args!(
                "feature {called} is {what}, which is not evaluated: train the model without it"
            )));
        }
    }
    if model.tables(model::ESTIMATED)?.len() > 0 {
        return Err(unsupported(format_args!("the model estimates features of others, which is not supported")));
    }
    if let Some(statistic) = model.tables(model::STATISTICS)?.next() {
        return Err(super::uses_statistics(&statistic_of(statistic?)?, columns));
    }
    if let Some(one_hot) = model.tables(model::ONE_HOT)?.next() {
        let called = columns.category_called(one_hot?.integer(feature::INDEX, -1)?);
        return Err(unsupported(format_args!(
            "feature {called} is categorical, and a .cbm file has hashes in the place of its categories' names: {SAVE_WITH_NAMES}"
        )));
    }
    Ok(questions)
}

fn add_number(number: Table<'_>, columns: &mut Columns, questions: &mut Vec<Question>) -> Result<()> {
    has_no_more(number, numeric::END, "it")?;
    let is_greatest = match number.byte(numeric::MISSING, 0)? {
        0 | 1 => false,
        2 => true,
        other => return Err(unsupported(format_args!("the treatment {other} of missing values is not supported"))),
    };
    let missing = missing_side(number.byte(numeric::HAS_MISSING, 0)? != 0, is_greatest);
    let name = number.text(numeric::NAME)?.unwrap_or_default().to_owned();
    let (index, flat) = (number.integer(numeric::INDEX, -1)?, number.integer(numeric::FLAT, -1)?);
    let column = columns.add_number(index, flat, name, missing)?;
    let borders = number.vector(numeric::BORDERS)?.iter().map(|&border| f32::from_le_bytes(border));
    let mut last = f32::NEG_INFINITY;
    for border in borders {
        if !border.is_finite() || border < last {
            return Err(invalid(format_args!("border {border} is not finite, or below the one before")));
        }
        last = border;
        questions.push(Question::Above { column, border, missing });
    }
    Ok(())
}

/// The categories that a statistic of the target is of, by their own indices.
fn statistic_of(statistic: Table<'_>) -> Result<Vec<i32>> {
    let base = statistic.table(0)?.map(|statistic| statistic.table(0)).transpose()?.flatten();
    let combination = base.map(|base| base.table(0)).transpose()?.flatten();
    let Some(combination) = combination else { return Ok(Vec::new()) };
    Ok(combination.vector(0)?.iter().take(super::SOME).map(|&index| i32::from_le_bytes(index)).collect())
}

/// The vectors that trees are cut out of.
struct Trees<'a> {
    questions: &'a [Question],
    dimension: usize,
    /// Whether each node asks for itself.
    are_asymmetric: bool,
    sizes: &'a [[u8; 4]],
    splits: &'a [[u8; 4]],
    /// Two distances each.
    steps: &'a [[u8; 4]],
    leaf_of_step: &'a [[u8; 4]],
    leaves: &'a [[u8; 8]],
    weights: &'a [[u8; 8]],
}

impl<'a> Trees<'a> {
    fn of(model: Table<'a>, questions: &'a [Question], dimension: usize) -> Result<Self> {
        let (steps, leaf_of_step) = (model.vector(model::STEPS)?, model.vector(model::LEAF_OF_STEP)?);
        let trees = Self {
            questions,
            dimension,
            are_asymmetric: !steps.is_empty() || !leaf_of_step.is_empty(),
            sizes: model.vector(model::SIZES)?,
            splits: model.vector(model::SPLITS)?,
            steps,
            leaf_of_step,
            leaves: model.vector(model::LEAVES)?,
            weights: model.vector(model::WEIGHTS)?,
        };
        let starts = model.vector::<4>(model::STARTS)?;
        let mut start = 0_i64;
        for (index, (&size, &said)) in trees.sizes.iter().zip(starts).enumerate() {
            if i64::from(i32::from_le_bytes(said)) != start {
                return Err(invalid(format_args!("it does not begin where the one before ends"))
                    .at(format_args!("tree {index}")));
            }
            start += i64::from(i32::from_le_bytes(size));
        }
        if !starts.is_empty() && starts.len() != trees.sizes.len() {
            return Err(invalid(format_args!("{} sizes of trees, {} beginnings", trees.sizes.len(), starts.len())));
        }
        if !trees.weights.is_empty() && trees.weights.len().checked_mul(dimension) != Some(trees.leaves.len()) {
            let [leaves, weights] = [trees.leaves.len(), trees.weights.len()];
            return Err(invalid(format_args!("{weights} leaf weights, {leaves} leaf values for {dimension} outputs")));
        }
        if trees.are_asymmetric && [trees.splits.len(), trees.leaf_of_step.len()] != [trees.steps.len(); 2] {
            let [steps, splits, leaves] = [trees.steps, trees.splits, trees.leaf_of_step].map(<[_]>::len);
            return Err(invalid(format_args!(
                "{steps} steps, {splits} splits and {leaves} leaves of steps: not as many each"
            )));
        }
        Ok(trees)
    }

    fn read(mut self) -> Result<Vec<SourceTree>> {
        // Leaves that several nodes name would make much of little.
        let mut leaves_left = self.leaves.len() / self.dimension;
        let (mut trees, mut nodes) = (Vec::with_capacity(self.sizes.len().min(leaves_left)), 0);
        for (index, &size) in self.sizes.iter().enumerate() {
            let size = i32::from_le_bytes(size);
            let splits = usize::try_from(size).ok().and_then(|size| self.splits.split_at_checked(size));
            let tree = match splits {
                None => Err(invalid(format_args!("it has {size} splits, {} are left", self.splits.len()))),
                Some((splits, rest)) => {
                    self.splits = rest;
                    if self.are_asymmetric { self.asymmetric(splits, &mut leaves_left) } else { self.symmetric(splits) }
                }
            };
            let tree = tree.map_err(|error| error.at(format_args!("tree {index}")))?;
            nodes += tree.nodes.len();
            trees::check_size(nodes)?;
            trees.push(tree);
        }
        if !self.splits.is_empty() || !self.are_asymmetric && !self.leaves.is_empty() {
            let [splits, leaves] = [self.splits.len(), self.leaves.len()];
            return Err(invalid(format_args!("{splits} splits and {leaves} leaf values are no tree's")));
        }
        Ok(trees)
    }

    fn question(&self, split: [u8; 4]) -> Result<Question> {
        let index = i32::from_le_bytes(split);
        let question = usize::try_from(index).ok().and_then(|index| self.questions.get(index));
        let count = self.questions.len();
        question.copied().ok_or_else(|| invalid(format_args!("split {index} does not exist; the model has {count}")))
    }

    /// Its leaves are the next ones.
    fn symmetric(&mut self, splits: &[[u8; 4]]) -> Result<SourceTree> {
        let leaves = 1_usize.checked_shl(splits.len() as u32).filter(|_| splits.len() <= DEEPEST);
        let leaves = leaves.unwrap_or_default();
        let values = leaves.checked_mul(self.dimension).and_then(|count| self.leaves.split_at_checked(count));
        let Some((values, rest)) = values else {
            let left = self.leaves.len();
            return Err(invalid(format_args!(
                "it has {leaves} leaves of {} numbers, {left} numbers are left",
                self.dimension
            )));
        };
        self.leaves = rest;
        let (weights, rest) = self.weights.split_at(leaves.min(self.weights.len()));
        self.weights = rest;
        let questions = splits.iter().map(|&split| self.question(split)).collect::<Result<Vec<_>>>()?;
        trees::symmetric(&questions, doubles(values), &doubles(weights))
    }

    /// Its nodes are the next ones; leaves are named by where they begin among all leaves' values.
    fn asymmetric(&mut self, splits: &[[u8; 4]], leaves_left: &mut usize) -> Result<SourceTree> {
        let count = splits.len();
        let (nodes, rest) = self.steps.split_at(count);
        self.steps = rest;
        let (leaf_of_node, rest) = self.leaf_of_step.split_at(count);
        self.leaf_of_step = rest;
        let mut values = Vec::new();
        let mut leaf = |node: usize| {
            let first = u32::from_le_bytes(leaf_of_node[node]) as usize;
            let numbers = self.leaves.get(first..).and_then(|leaves| leaves.get(..self.dimension));
            let Some(numbers) = numbers.filter(|_| first.is_multiple_of(self.dimension)) else {
                return Err(invalid(format_args!(
                    "leaf value {first} does not exist, or is not the first of its leaf"
                )));
            };
            let Some(left) = leaves_left.checked_sub(1) else {
                return Err(invalid(format_args!("its leaf is another node's too")));
            };
            *leaves_left = left;
            values.extend(numbers.iter().map(|&value| f64::from_le_bytes(value)));
            Ok(Step::Leaf {
                weight: self.weights.get(first / self.dimension).map(|&weight| f64::from_le_bytes(weight)),
            })
        };
        let mut steps = Vec::with_capacity(count);
        // Behind the nodes: the leaves of those that have a node on one side only.
        let mut sides = Vec::new();
        for (index, &[a, b, c, d]) in nodes.iter().enumerate() {
            let place = |error: Error| error.at(format_args!("node {index}"));
            let [left, right] = [[a, b], [c, d]].map(|distance| u32::from(u16::from_le_bytes(distance)));
            if left == 0 && right == 0 {
                steps.push(leaf(index).map_err(place)?);
                continue;
            }
            let mut child = |distance: u32| {
                if distance > 0 {
                    return index as u32 + distance;
                }
                sides.push(index);
                (count + sides.len() - 1) as u32
            };
            let (left, right) = (child(left), child(right));
            steps.push(Step::Ask { question: self.question(splits[index]).map_err(place)?, left, right });
        }
        for node in sides {
            steps.push(leaf(node).map_err(|error| error.at(format_args!("node {node}")))?);
        }
        Ok(trees::asymmetric(steps.into_iter(), values, self.dimension))
    }
}

fn doubles(numbers: &[[u8; 8]]) -> Vec<f64> {
    numbers.iter().map(|&number| f64::from_le_bytes(number)).collect()
}
