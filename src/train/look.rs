//! A look at a file before anything is trained on it: what each of its columns is, and which may be predicted.

use std::collections::BTreeSet;

use serde::Serialize;

use super::dates::is_date;
use crate::error::{Code, Error, Result, quoted};
use crate::number;
use crate::rows::{Block, Cells, Options, Plan, Reader, SeenCell, Vocabulary};
use crate::schema::{Feature, Schema};

/// The most different texts that a column of choices has: what a person can choose from.
const MOST_CHOICES: usize = 50;
/// Different texts are counted up to here.
const MOST_COUNTED: usize = 1000;
/// Of so many cells one may be a text, and the column is one of numbers for all that: somebody's word for "not measured".
const ODD: usize = 10;
/// Of fewer rows what a model is worth wavers widely.
pub(super) const FEW: usize = 100;
/// Of fewer rows nothing is told from chance.
pub(super) const VERY_FEW: usize = 30;
/// The fewest rows in which numbers that go up by one are no coincidence.
const COUNTING: usize = 20;

/// What a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Numbers, or what stands for them.
    Number,
    /// A few texts, each of them a choice.
    Choices,
    /// One value in every row.
    Constant,
    /// No value in any row.
    Empty,
    /// Whole numbers, each one more than that of the row before: they count rows.
    Counter,
    /// Numbers, and a few texts that are none.
    Mixed,
    /// Texts, too many to choose from.
    Texts,
    /// Texts of which most stand in one row alone: names, or what else tells rows apart.
    Unique,
    /// Dates, with a time or without.
    Dates,
    /// A column without a name, as pandas writes its index.
    Unnamed,
}

/// What a column may be as a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// One of two: the model answers the probability of the second of its `choices`, or of 1.
    Binary,
    /// A number: the model answers an amount.
    Number,
    /// One of several texts: classes, which are not trained here.
    Classes,
    /// Nothing to be learnt: one value, none, or texts that differ from row to row.
    None,
}

/// A column of a file.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its place, from 0.
    pub place: usize,
    /// What it is.
    pub kind: Kind,
    /// What it may be as a label.
    pub label: LabelKind,
    /// In how many rows it has no value.
    pub missing: usize,
    /// How many different texts it has; 1000 where there are as many or more.
    pub distinct: usize,
    /// The texts of a column of choices in the order of their codes; of a label of two values the two.
    pub choices: Vec<String>,
    /// In how many rows it is zero, of a column that has other numbers, all above zero, than 1.
    pub zeros: usize,
    /// The smallest and the largest number.
    pub range: Option<(f64, f64)>,
    /// In how many rows there is a text that is no number, and the first of them.
    pub texts: usize,
    /// See `texts`.
    pub text: String,
}

impl Column {
    /// Whether it is a feature unless somebody says otherwise.
    pub fn is_taken(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Choices)
    }

    /// Why it is none, in a sentence.
    pub fn why_not(&self) -> Option<String> {
        Some(match self.kind {
            Kind::Number | Kind::Choices => return None,
            Kind::Constant => "it has one value in every row: nothing is learnt from it".to_owned(),
            Kind::Empty => "it has no value in any row".to_owned(),
            Kind::Counter => "it counts the rows: what is learnt from it holds for no other row".to_owned(),
            Kind::Mixed => format!(
                "it has numbers, and in {} {} a text that is none, such as {}: --missing-text with it says that it means \"not measured\"",
                self.texts,
                if self.texts == 1 { "row" } else { "rows" },
                quoted(&self.text)
            ),
            Kind::Unique => {
                "most of its texts stand in one row alone: what is learnt from them holds for no other row".to_owned()
            }
            Kind::Dates => {
                "it has dates, which are not learnt from: a column with the days from one date to another is".to_owned()
            }
            Kind::Texts => format!("it has more than {MOST_CHOICES} different texts: they are no choices"),
            Kind::Unnamed => "it has no name".to_owned(),
        })
    }
}

/// How few rows a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Few {
    /// Fewer than 100.
    Few,
    /// Fewer than 30.
    VeryFew,
}

impl Few {
    /// Of so many rows; nothing where these are enough for figures that mean something.
    pub(super) fn of(rows: usize) -> Option<Self> {
        match rows {
            ..VERY_FEW => Some(Self::VeryFew),
            VERY_FEW..FEW => Some(Self::Few),
            _ => None,
        }
    }

    /// The same in a sentence.
    pub fn sentence(self, rows: usize) -> String {
        match self {
            Self::Few => format!("{rows} rows are few: of others like them the figures may be quite different"),
            Self::VeryFew => format!(
                "{rows} rows are too few: neither what is learnt from them nor what the figures say is to be told from chance"
            ),
        }
    }
}

/// What a file of rows is, before training.
#[derive(Clone, Debug, Serialize)]
pub struct Look {
    /// Its columns, in its order.
    pub columns: Vec<Column>,
    /// How many rows it has.
    pub rows: usize,
    /// What was decided about how the file is read, in sentences.
    pub notes: Vec<String>,
    #[serde(skip)]
    pub(super) plan: Plan,
}

impl Look {
    /// What is to be known before anything is made of so few rows.
    pub fn few(&self) -> Option<Few> {
        Few::of(self.rows)
    }

    /// The column of a name.
    ///
    /// # Errors
    /// `unknown_field`, naming the columns that there are.
    pub fn column(&self, name: &str) -> Result<&Column> {
        const SOME: usize = 20;
        self.columns.iter().find(|column| column.name == name.trim() && column.kind != Kind::Unnamed).ok_or_else(|| {
            let known: Vec<&str> = self.columns.iter().take(SOME).map(|column| &*column.name).collect();
            let more = if self.columns.len() > SOME { ", …" } else { "" };
            let message = format_args!("no such column; the header has {}{more}", known.join(", "));
            Error::in_field(Code::UnknownField, name, message)
        })
    }
}

/// Looks at a file, whose bytes come a part at a time.
pub struct Looking {
    plan: Plan,
    reader: Reader,
    cells: Cells,
    block: Block,
    gathered: Vec<Gathered>,
    rows: usize,
}

impl Looking {
    /// A look at a file that begins so; `is_whole` tells whether that is all of it. `options` win over what the file looks like.
    ///
    /// # Errors
    /// As [`Plan::new`] and [`Plan::settled`]; `invalid_data` where the first line does not name each column once.
    pub fn new(start: &[u8], is_whole: bool, options: &Options) -> Result<Self> {
        if options.header == Some(false) {
            return Err(nameless());
        }
        let named = Options { header: Some(true), ..options.clone() };
        let plan = Plan::new(start, is_whole, &Schema::of_model(Vec::new()), &Vocabulary::new(), &named)?;
        let names: Vec<&str> = plan.names.iter().map(|name| name.trim()).collect();
        if names.iter().all(|name| number::parse(name).is_some()) {
            return Err(nameless());
        }
        for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if let Some(first) = names[..place].iter().position(|other| other == name) {
                return Err(Error::new(
                    Code::InvalidData,
                    format_args!(
                        "columns {} and {} are both called {}: each needs a name of its own",
                        first + 1,
                        place + 1,
                        quoted(name)
                    ),
                ));
            }
        }
        // The decimal sign is told by the columns that are read: here all of them.
        let features: Vec<Feature> =
            names.iter().filter(|name| !name.is_empty()).map(|name| Feature::named(*name)).collect();
        let whole = Plan::new(start, is_whole, &Schema::of_model(features), &Vocabulary::new(), &named)?;
        whole.settled()?;
        let plan = Plan { decimal: whole.decimal, notes: whole.notes, ..plan };
        let none = Schema::of_model(Vec::new());
        Ok(Self {
            reader: Reader::new(&plan, &none)?.keeping_rows(),
            cells: Cells::new(&plan, &none),
            block: Block::new(),
            gathered: vec![Gathered::default(); plan.names.len()],
            rows: 0,
            plan,
        })
    }

    /// Takes the file's next bytes; `last` tells that no more come.
    ///
    /// # Errors
    /// As [`Reader::read`], naming the line.
    pub fn add(&mut self, bytes: &[u8], last: bool) -> Result<()> {
        let block = &mut self.block;
        block.clear();
        self.reader.read(bytes, last, block);
        if let Some(fault) = block.fault.take() {
            return Err(fault);
        }
        if let Some(fault) = block.kept.faults.first() {
            return Err(fault.error.clone().place("line #", &[fault.line as usize]));
        }
        let mut begins = 0;
        for &end in &block.kept.ends {
            for (text, gathered) in self.plan.cells(&block.kept.text[begins..end]).iter().zip(&mut self.gathered) {
                gathered.add(text.trim(), &self.cells.of_no_feature(text));
            }
            begins = end;
            self.rows += 1;
        }
        super::table::check_size(self.rows, self.plan.names.len())
    }

    /// What was seen.
    ///
    /// # Errors
    /// `empty_input` for a file without a row.
    pub fn finish(self) -> Result<Look> {
        if self.rows == 0 {
            return Err(Error::plain(Code::EmptyInput, "the file has no rows", &[]));
        }
        let named = self.plan.names.iter().zip(self.gathered).enumerate();
        let columns = named.map(|(place, (name, gathered))| gathered.column(name.trim(), place, self.rows)).collect();
        let notes = self.plan.notes.iter().map(|note| note.message.clone()).collect();
        Ok(Look { columns, rows: self.rows, notes, plan: self.plan })
    }
}

fn nameless() -> Error {
    let message = "the first line of a file to train on names its columns; this one has numbers";
    Error::plain(Code::InvalidData, message, &[])
}

/// What is gathered of a column.
#[derive(Clone, Debug, Default)]
struct Gathered {
    missing: usize,
    numbers: usize,
    zeros: usize,
    texts: usize,
    dates: usize,
    text: String,
    distinct: BTreeSet<String>,
    /// Different numbers, up to three.
    few: Vec<f64>,
    range: Option<(f64, f64)>,
    last: Option<f64>,
    counts_no_rows: bool,
}

impl Gathered {
    fn add(&mut self, text: &str, seen: &SeenCell) {
        match *seen {
            SeenCell::Missing => {
                self.missing += 1;
                self.counts_no_rows = true;
                return;
            }
            SeenCell::Number(number) => {
                self.numbers += 1;
                self.zeros += usize::from(number == 0.0);
                if self.few.len() < 3 && !self.few.contains(&number) {
                    self.few.push(number);
                }
                let (low, high) = self.range.unwrap_or((number, number));
                self.range = Some((low.min(number), high.max(number)));
                let is_next = self.last.is_none_or(|last| number == last + 1.0) && number.fract() == 0.0;
                self.counts_no_rows |= !is_next;
                self.last = Some(number);
            }
            SeenCell::Text => {
                self.texts += 1;
                self.dates += usize::from(is_date(text));
                if self.text.is_empty() {
                    text.clone_into(&mut self.text);
                }
            }
        }
        if self.distinct.len() < MOST_COUNTED && !self.distinct.contains(text) {
            self.distinct.insert(text.to_owned());
        }
    }

    fn column(self, name: &str, place: usize, rows: usize) -> Column {
        let distinct = self.distinct.len();
        let are_numbers = self.texts == 0;
        let kind = if name.is_empty() {
            Kind::Unnamed
        } else if self.missing == rows {
            Kind::Empty
        } else if distinct == 1 || are_numbers && self.few.len() == 1 {
            Kind::Constant
        } else if are_numbers {
            if !self.counts_no_rows && rows >= COUNTING { Kind::Counter } else { Kind::Number }
        } else if self.dates == self.texts && self.numbers * ODD <= self.dates {
            Kind::Dates
        } else if self.numbers > 0 && self.texts * ODD <= self.numbers {
            Kind::Mixed
        } else if distinct > 2 && distinct < MOST_COUNTED && distinct * 2 > self.numbers + self.texts
            || distinct == rows
        {
            Kind::Unique
        } else if distinct <= MOST_CHOICES {
            Kind::Choices
        } else {
            Kind::Texts
        };
        let is_switch = self.few.len() == 2 && self.range == Some((0.0, 1.0));
        let label = match kind {
            Kind::Number if is_switch => LabelKind::Binary,
            Kind::Number | Kind::Counter => LabelKind::Number,
            Kind::Choices if distinct == 2 => LabelKind::Binary,
            Kind::Choices => LabelKind::Classes,
            Kind::Constant | Kind::Empty | Kind::Mixed | Kind::Texts | Kind::Unique | Kind::Dates | Kind::Unnamed => {
                LabelKind::None
            }
        };
        let are_choices = kind == Kind::Choices || kind == Kind::Number && self.few.len() == 2 && distinct == 2;
        Column {
            name: name.to_owned(),
            place,
            kind,
            label,
            missing: self.missing,
            distinct,
            choices: if are_choices { self.distinct.into_iter().collect() } else { Vec::new() },
            zeros: if are_numbers && self.few.len() > 2 && self.range.is_some_and(|(low, _)| low == 0.0) {
                self.zeros
            } else {
                0
            },
            range: self.range.filter(|_| are_numbers),
            texts: self.texts,
            text: self.text,
        }
    }
}
