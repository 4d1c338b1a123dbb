//! A file of rows that was looked at → features, labels and the schema that they show.

use super::look::{Column, Few, Kind, LabelKind, Look, Looking};
use super::ranked::MOST_ROWS;
use crate::error::{Code, Error, Result, quoted};
use crate::rows::{Block, Options, Plan, Reader, Vocabulary};
use crate::schema::{Feature, Schema};

/// The most values that are trained on: about forty bytes of memory each, of which a page has less than 4 GB.
pub const MOST_VALUES: usize = 50_000_000;

/// How many bytes of a file tell how it is read.
pub const START: usize = 1 << 18;

/// What is asked of a file that was looked at.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The column to predict.
    pub label: String,
    /// Of a label of two values the one whose probability is answered; else the last in the alphabet, or 1.
    pub positive: Option<String>,
    /// Columns that are no features, beside those that never are.
    pub without: Vec<String>,
    /// Labels, units and missing codes of features, by name.
    pub known: Option<Schema>,
}

/// Rows to train on, with their labels and the schema of their columns.
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) schema: Schema,
    /// For each feature its values, `NaN` for a missing one.
    pub(super) columns: Vec<Vec<f32>>,
    pub(super) labels: Vec<f32>,
    is_binary: bool,
    /// Columns that are no features, and why.
    left_out: Vec<(String, String)>,
    /// Features that are zero in some rows, and in how many.
    zeros: Vec<(String, usize)>,
}

/// Refuses what memory would not hold.
pub(super) fn check_size(rows: usize, columns: usize) -> Result<()> {
    if rows <= MOST_ROWS && rows.saturating_mul(columns) <= MOST_VALUES {
        return Ok(());
    }
    const TOO_MUCH: &str =
        "more than # rows of # columns: train on a part of them; at most # rows, and # values in all, are trained on";
    let most = MOST_ROWS.min(MOST_VALUES / columns.max(1));
    Err(Error::plain(Code::InvalidData, TOO_MUCH, &[most, columns, MOST_ROWS, MOST_VALUES]))
}

impl Table {
    /// Reads a whole file whose first line names the columns. The column `label` is what to predict; every other one is a feature,
    /// but for those that nothing is learnt from ([`Table::left_out`]). `known` may give labels, units and missing codes by name;
    /// ranges are taken from the rows.
    ///
    /// # Errors
    /// `invalid_data`, `unknown_field`, `not_a_number` …, naming the line or the row (the first after the header is row 1) and
    /// the field.
    pub fn read(bytes: &[u8], label: &str, known: Option<&Schema>) -> Result<Self> {
        let asked = Asked { label: label.to_owned(), known: known.cloned(), ..Asked::default() };
        Self::of(bytes, &Options::new(), &asked)
    }

    /// The same of what is asked, of a file read by these options.
    ///
    /// # Errors
    /// As [`Table::read`].
    pub fn of(bytes: &[u8], options: &Options, asked: &Asked) -> Result<Self> {
        let start = &bytes[..bytes.len().min(START)];
        let is_whole = start.len() == bytes.len();
        let mut looking = Looking::new(start, is_whole, options)?;
        for (part, last) in parts(bytes) {
            looking.add(part, last)?;
        }
        let mut reading = Reading::new(&looking.finish()?, start, is_whole, options, asked)?;
        for (part, last) in parts(bytes) {
            reading.add(part, last)?;
        }
        reading.finish()
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.labels.len()
    }

    /// The features.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The labels: numbers, or 0 and 1.
    pub fn labels(&self) -> &[f32] {
        &self.labels
    }

    /// Whether all labels are 0 or 1: a model then answers the probability of 1.
    pub fn is_binary(&self) -> bool {
        self.is_binary
    }

    /// Columns that are neither the label nor features, and why.
    pub fn left_out(&self) -> &[(String, String)] {
        &self.left_out
    }

    /// What is to be known before anything is made of these rows: a sentence each.
    pub fn warnings(&self) -> Vec<String> {
        const SOME: usize = 8;
        let mut warnings: Vec<String> =
            Few::of(self.row_count()).map(|few| few.sentence(self.row_count())).into_iter().collect();
        if !self.zeros.is_empty() {
            let some: Vec<String> =
                self.zeros.iter().take(SOME).map(|(name, rows)| format!("{} ({rows})", quoted(name))).collect();
            let more = if self.zeros.len() > SOME { ", …" } else { "" };
            warnings.push(format!(
                "zeros are taken for values, in as many rows of {}{more}: where they mean \"not measured\", missing_codes of --schema say so",
                some.join(", ")
            ));
        }
        warnings
    }

    /// Writes a row's values.
    pub(super) fn put_row(&self, row: usize, values: &mut [f32]) {
        values.iter_mut().zip(&self.columns).for_each(|(value, column)| *value = column[row]);
    }
}

/// A file's parts, and whether each is the last: what is read of it is not in memory twice.
fn parts(bytes: &[u8]) -> impl Iterator<Item = (&[u8], bool)> {
    const PART: usize = 1 << 20;
    let count = bytes.len().div_ceil(PART).max(1);
    (0..count).map(move |part| (&bytes[part * PART..bytes.len().min((part + 1) * PART)], part + 1 == count))
}

/// Reads the rows of a file that was looked at, whose bytes come a part at a time.
pub struct Reading {
    schema: Schema,
    outcome: String,
    reader: Reader,
    block: Block,
    columns: Vec<Vec<f32>>,
    /// For each feature the smallest and the largest value.
    ranges: Vec<Option<(f64, f64)>>,
    labels: Vec<f32>,
    classes: Vec<String>,
    left_out: Vec<(String, String)>,
    zeros: Vec<(String, usize)>,
}

impl Reading {
    /// The rows of a file that begins with `start`, as [`Looking::new`] was told of it.
    ///
    /// # Errors
    /// `unknown_field` for a column that there is none of; `invalid_data` for a label that nothing can be learnt of, and where no
    /// feature is left.
    pub fn new(look: &Look, start: &[u8], is_whole: bool, options: &Options, asked: &Asked) -> Result<Self> {
        let label = look.column(&asked.label)?;
        let classes = classes(label, asked)?;
        for name in &asked.without {
            look.column(name)?;
        }
        let known = asked.known.as_ref();
        let (mut features, mut places, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        let mut zeros = Vec::new();
        for column in look.columns.iter().filter(|column| column.place != label.place) {
            let why = match column.why_not() {
                _ if asked.without.iter().any(|name| name.trim() == column.name) => "it was left out",
                Some(why) => &why.clone(),
                None => {
                    let feature = feature(column, known)?;
                    if column.zeros > 0 && !feature.missing_codes.contains(&0.0) {
                        zeros.push((column.name.clone(), column.zeros));
                    }
                    features.push(feature);
                    places.push(column.place);
                    continue;
                }
            };
            left_out.push((column.name.clone(), why.to_owned()));
        }
        if features.is_empty() {
            let error = match left_out.first() {
                Some((name, why)) => format!("no column is left to learn from; of {}: {why}", quoted(name)),
                None => "there is no column beside the label to learn from".to_owned(),
            };
            return Err(Error::of(Code::InvalidData, error.into_bytes()));
        }
        let outcome = known.map_or(&*label.name, Schema::outcome).to_owned();
        // The label is read as the last of the features.
        places.push(label.place);
        features.push(Feature { categories: classes.clone(), ..Feature::named(&label.name) });
        let (name, title) = known.map_or(("", ""), |known| (known.name(), known.title()));
        let schema = Schema::new(name, title, &outcome, features)?;
        let said = schema.features().iter().zip(&places);
        let columns = said.map(|(feature, place)| (feature.name.clone(), format!("#{}", place + 1))).collect();
        let options = Options { columns, header: Some(true), ..options.clone() };
        let plan = Plan::new(start, is_whole, &schema, &Vocabulary::new(), &options)?;
        let plan = Plan { decimal: look.plan.decimal, ..plan };
        let width = schema.features().len() - 1;
        Ok(Self {
            reader: Reader::new(&plan, &schema)?,
            schema,
            outcome,
            block: Block::new(),
            columns: vec![Vec::new(); width],
            ranges: vec![None; width],
            labels: Vec::new(),
            classes,
            left_out,
            zeros,
        })
    }

    /// Takes the file's next bytes; `last` tells that no more come.
    ///
    /// # Errors
    /// Those of the file's rows, naming the line or the row, and the field.
    pub fn add(&mut self, bytes: &[u8], last: bool) -> Result<()> {
        self.block.clear();
        self.reader.read(bytes, last, &mut self.block);
        if let Some(fault) = self.block.fault.take() {
            return Err(fault);
        }
        let features = self.schema.features();
        for row in self.block.values.chunks_exact(features.len()) {
            let Some((&label, values)) = row.split_last() else { continue };
            if label.is_nan() {
                let field = &features[values.len()].name;
                let error =
                    Error::in_field(Code::InvalidData, field, format_args!("the row has no label: take it out"));
                return Err(error.place("row #", &[self.labels.len() + 1]));
            }
            self.labels.push(label as f32);
            for (index, &value) in values.iter().enumerate() {
                let is_code =
                    features[index].missing_codes.iter().any(|&code| value == code || value == f64::from(code as f32));
                let value = if is_code { f64::NAN } else { value };
                self.columns[index].push(value as f32);
                if !value.is_nan() {
                    let (low, high) = self.ranges[index].unwrap_or((value, value));
                    self.ranges[index] = Some((low.min(value), high.max(value)));
                }
            }
        }
        check_size(self.labels.len(), self.columns.len())
    }

    /// The table.
    ///
    /// # Errors
    /// As [`Schema::new`].
    pub fn finish(self) -> Result<Table> {
        let mut features = self.schema.features().to_vec();
        features.pop();
        for ((feature, column), range) in features.iter_mut().zip(&self.columns).zip(self.ranges) {
            feature.may_be_missing = column.iter().any(|value| value.is_nan());
            feature.range = range;
        }
        let schema = Schema::new(self.schema.name(), self.schema.title(), self.outcome, features)?;
        let schema = if self.classes.is_empty() { schema } else { schema.with_classes(self.classes)? };
        let is_binary = self.labels.iter().all(|label| [0.0, 1.0].contains(label));
        let Self { columns, labels, left_out, zeros, .. } = self;
        Ok(Table { schema, columns, labels, is_binary, left_out, zeros })
    }
}

/// The two classes of a label of texts, or of two values of which one is said to be the positive; none of numbers.
fn classes(label: &Column, asked: &Asked) -> Result<Vec<String>> {
    let fault = |message: String| Err(Error::in_field(Code::InvalidData, &label.name, format_args!("{message}")));
    match label.label {
        LabelKind::None | LabelKind::Classes => {
            return fault(match label.kind {
                Kind::Choices | Kind::Texts | Kind::Unique => format!(
                    "it has {}{} different texts, such as {}: of texts, two are learnt to be told apart (a model of classes can be \
                     trained elsewhere, and sealed)",
                    label.distinct,
                    if label.distinct == 1000 { " or more" } else { "" },
                    quoted(&label.text)
                ),
                Kind::Constant => "all rows have the same label: there is nothing to learn".to_owned(),
                _ => format!("no label: {}", label.why_not().unwrap_or_default()),
            });
        }
        LabelKind::Binary | LabelKind::Number => {}
    }
    let mut classes = label.choices.clone();
    match &asked.positive {
        Some(positive) => {
            let Some(place) = classes.iter().position(|class| class == positive.trim()).filter(|_| classes.len() == 2)
            else {
                return fault(match classes.len() {
                    2 => {
                        format!("it has {} and {}, not {}", quoted(&classes[0]), quoted(&classes[1]), quoted(positive))
                    }
                    _ => format!("it has other values than two, of which {} would be one", quoted(positive)),
                });
            };
            classes.swap(place, 1);
            Ok(classes)
        }
        None if label.kind == Kind::Choices => Ok(classes),
        None => Ok(Vec::new()),
    }
}

fn feature(column: &Column, known: Option<&Schema>) -> Result<Feature> {
    let mut feature = match known {
        Some(known) => known.features()[known.index_of(&column.name)?].clone(),
        None => Feature::named(&column.name),
    };
    if column.kind == Kind::Choices && feature.categories.is_empty() {
        feature.categories.clone_from(&column.choices);
    }
    Ok(feature)
}
