//! Rows with labels that a model was not trained on: how sure its answers are, and how good.

use std::collections::{BTreeMap, BTreeSet};

use super::file::Kind;
use super::positive::{Positive, is_missing, with_texts};
use super::read::wrong;
use super::table::{RowsFile, Table};
use super::{Asked, CaseFile, Files, class_names, golden};
use crate::certainty::{Certainty, Figures, GroupFigures, Labelled, NotKnown, Task, measures};
use crate::error::{Code, Error, Result, quoted};
use crate::field::boolean;
use crate::model::Model;
use crate::number;
use crate::numbers::Numbers;
use crate::rows::Vocabulary;

/// From this answer on a risk is told positive, where nobody says.
pub const THRESHOLD: f64 = 0.5;
/// What decides which of two texts is the positive one.
pub(super) const OF_TWO_TEXTS: &str = "; of two texts --positive says which one is 1";
/// The most groups that are told.
const MOST_GROUPS: usize = 20;

/// A model's answers to rows, and their labels: taken in block by block, so that of a large file no more is kept than these.
#[derive(Clone, Debug)]
pub struct HeldOut {
    kind: Kind,
    task: Task,
    width: usize,
    classes: Vec<String>,
    /// Whether the model has names for the classes.
    are_named: bool,
    answers: Vec<f64>,
    labels: Vec<f64>,
    /// Of each row, where groups are told: which of the names.
    groups: Vec<u32>,
    names: BTreeMap<String, u32>,
    /// Where labels are two texts: which of them is 1.
    positive: Option<Positive>,
}

impl HeldOut {
    /// None yet, of a model whose answers are of this kind.
    ///
    /// # Errors
    /// `invalid_option` for a kind that labels alone do not judge.
    pub fn new(kind: Kind, model: &Model) -> Result<Self> {
        let task = match kind {
            Kind::Risk => Task::Risk,
            Kind::Classes => Task::Classes,
            Kind::Count => Task::Count,
            Kind::Number | Kind::Time => Task::Number,
            Kind::Score | Kind::Hazard | Kind::Targets => {
                let why = match kind {
                    Kind::Score => "a score only puts rows in order, within groups that labels do not tell",
                    Kind::Hazard => "a hazard is relative to others, of times that may be censored",
                    _ => "each of several targets would need a label of its own",
                };
                let message = format!(
                    "the answer is {}: {why}. How sure and how good are told of risk, classes, number, count and time",
                    kind.as_str()
                );
                return Err(Error::of(Code::InvalidOption, message.into_bytes()));
            }
        };
        let are_named = !model.schema().classes().is_empty();
        let (classes, width) = (class_names(model), model.prediction_count());
        if task == Task::Classes && (classes.is_empty() || width > 1 && classes.len() != width) {
            let message = format!("the model names {} classes and answers {width} numbers a row", classes.len());
            return Err(Error::of(Code::InvalidOption, message.into_bytes()));
        }
        Ok(Self {
            kind,
            task,
            width,
            classes,
            are_named,
            answers: Vec::new(),
            labels: Vec::new(),
            groups: Vec::new(),
            names: BTreeMap::new(),
            positive: None,
        })
    }

    /// The same of labels that are two texts, of which this one is the positive.
    ///
    /// # Errors
    /// `invalid_option` for a model whose answers are no risk, and for a class of which it answers the other.
    pub fn with_positive(self, text: &str, model: &Model) -> Result<Self> {
        let positive = Some(Positive::new(text, self.kind, model)?);
        Ok(Self { positive, ..self })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Takes in the answers to some whole rows, and for each its label and its group, if groups are told.
    ///
    /// # Errors
    /// `invalid_data`, naming the row, for one without a label, with another than there are, and for an answer that is no number.
    pub fn add<'a>(
        &mut self,
        answers: &Numbers,
        cells: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Result<()> {
        for ((label, group), place) in cells.zip(0..) {
            let row = self.len() + 1;
            let at = |message: String| Error::of(Code::InvalidData, message.into_bytes()).place("row #", &[row]);
            let width = self.width;
            let own = (0..width).map(move |column| answers.get(place * width + column).unwrap_or(f64::NAN));
            if own.clone().any(|answer| !answer.is_finite()) {
                return Err(at("the model's answer is no finite number, and cannot be judged".to_owned()));
            }
            let is_probability = self.task == Task::Risk || self.task == Task::Classes && self.width > 1;
            if is_probability && own.clone().any(|answer| !(0.0..=1.0).contains(&answer)) {
                let kind = self.kind.as_str();
                return Err(at(format!("the model's answer is no probability, and cannot be judged as {kind}")));
            }
            let label = self.label(label.trim()).map_err(|(reason, message)| {
                at(message).because(reason, &[("row", &row.to_string()), ("label", label.trim())])
            })?;
            self.answers.extend(own);
            self.labels.push(label);
            if let Some(group) = group {
                let next = self.names.len() as u32;
                let name = group.trim();
                let number = match self.names.get(name) {
                    Some(&number) => number,
                    None => *self.names.entry(name.to_owned()).or_insert(next),
                };
                self.groups.push(number);
            }
        }
        Ok(())
    }

    /// The number that a label is: a class is its index, true and false are 1 and 0, and so are two texts of which one is said to be positive.
    /// Of one that is none the fault's name, and a sentence.
    fn label(&mut self, text: &str) -> std::result::Result<f64, (&'static str, String)> {
        const TEXT: &str = "label_text";
        if let Some(positive) = self.positive.as_mut().filter(|_| !is_missing(text)) {
            return positive.number(text).map_err(|message| ("label_third", message));
        }
        if let Some(class) = self.classes.iter().position(|class| class.trim() == text).filter(|_| self.are_named) {
            return Ok(class as f64);
        }
        if is_missing(text) {
            return Err(("label_missing", "it has no label: only rows with one tell anything".to_owned()));
        }
        let number = number::parse(text).or_else(|| boolean(text)).filter(|number| number.is_finite());
        // As pandas writes whole numbers of a column that has gaps: 2.0 is the class 2.
        let same = |class: &String| number.is_some() && number::parse(class.trim()) == number;
        if let Some(class) = self.classes.iter().position(same).filter(|_| self.task != Task::Number) {
            return Ok(class as f64);
        }
        Err(match (self.task, number) {
            (Task::Number, Some(number)) => return Ok(number),
            (Task::Count, Some(number)) if number >= 0.0 => return Ok(number),
            (Task::Risk, Some(number)) if number == 0.0 || number == 1.0 => return Ok(number),
            (Task::Count, Some(number)) => {
                ("label_below_zero", format!("the label {number} is below 0, and a count is not"))
            }
            (Task::Risk, Some(number)) if number > 0.0 && number < 1.0 => (
                "label_answer",
                format!(
                    "the label {} is neither 0 nor 1: are these the model's answers? What was seen is wanted",
                    quoted(text)
                ),
            ),
            (Task::Risk, _) => {
                let names = if self.are_named { format!(" ({})", self.named()) } else { String::new() };
                let which = if number.is_none() { OF_TWO_TEXTS } else { "" };
                (TEXT, format!("the label {} is neither 0 nor 1{names}, as those of a risk are{which}", quoted(text)))
            }
            (Task::Classes, _) => {
                ("label_class", format!("the label {} is none of the model's classes: {}", quoted(text), self.named()))
            }
            (Task::Number | Task::Count, None) => ("label_number", format!("the label {} is no number", quoted(text))),
        })
    }

    /// The classes, the first of many.
    fn named(&self) -> String {
        const SOME: usize = 12;
        let names: Vec<String> = self.classes.iter().take(SOME).map(|class| quoted(class)).collect();
        names.join(", ") + if self.classes.len() > SOME { ", …" } else { "" }
    }

    fn rows(&self) -> Labelled<'_> {
        Labelled { task: self.task, answers: &self.answers, width: self.width, labels: &self.labels }
    }

    /// How good the answers are; `by` is the column that groups are of, `threshold` that from which on a risk is told positive.
    ///
    /// # Errors
    /// `empty_input` if there is no row; `invalid_option` for a threshold that is no probability.
    pub fn figures(&self, by: Option<&str>, threshold: f64) -> Result<Figures> {
        if self.is_empty() {
            return Err(Error::plain(Code::EmptyInput, "the file has no rows", &[]));
        }
        self.positive.as_ref().map_or(Ok(()), Positive::check)?;
        if !(0.0..=1.0).contains(&threshold) {
            return Err(Error::of(
                Code::InvalidOption,
                format!("the threshold {threshold} is no probability, from 0 to 1").into_bytes(),
            ));
        }
        let all = measures(&self.rows(), threshold, &self.classes);
        let mut groups: Vec<(&String, Vec<u32>)> = self.names.keys().map(|name| (name, Vec::new())).collect();
        // By their numbers, which are those of their first rows.
        let mut places = vec![0; groups.len()];
        self.names.values().enumerate().for_each(|(place, &number)| places[number as usize] = place);
        for (row, &number) in self.groups.iter().enumerate() {
            groups[places[number as usize]].1.push(row as u32);
        }
        // Of as large ones by name.
        groups.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
        let group = |(name, rows): (&String, Vec<u32>)| {
            let of = |row: &u32| &self.answers[*row as usize * self.width..][..self.width];
            let answers: Vec<f64> = rows.iter().flat_map(of).copied().collect();
            let labels: Vec<f64> = rows.iter().map(|&row| self.labels[row as usize]).collect();
            let labelled = Labelled { task: self.task, answers: &answers, width: self.width, labels: &labels };
            let measures = measures(&labelled, threshold, &self.classes);
            GroupFigures { name: name.clone(), rows: rows.len() as u32, measures }
        };
        Ok(Figures {
            rows: self.len() as u32,
            source: None,
            all,
            by: by.map(str::to_owned),
            groups: groups.into_iter().take(MOST_GROUPS).map(group).collect(),
        })
    }

    /// How sure the answers are.
    ///
    /// # Errors
    /// Why the rows do not tell it: a sentence.
    pub fn certainty(&self) -> std::result::Result<Certainty, String> {
        if self.kind == Kind::Time {
            return Err("of times an interval is not told: a label may be the time when somebody was last seen (censored), which the rows do not \
                        say"
                .to_owned());
        }
        let least = (self.kind == Kind::Count).then_some(0.0);
        Certainty::of(&self.rows(), least).map_err(|not_known: NotKnown| not_known.to_string())
    }

    /// What its user should know.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let most_likely = |place: usize| {
            let row = &self.answers[place * self.width..][..self.width];
            let best = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            row.iter().position(|&probability| probability == best)
        };
        let are_all_right = match self.task {
            Task::Classes if self.width > 1 => {
                (0..self.len()).all(|place| most_likely(place) == Some(self.labels[place] as usize))
            }
            Task::Classes => self.labels == self.answers,
            _ => self.labels == self.answers,
        };
        if are_all_right {
            notes.push(
                "every label is what the model answers: if the column holds predictions, and not what was seen, the figures say nothing"
                    .to_owned(),
            );
        }
        if self.names.len() > MOST_GROUPS {
            notes.push(format!("there are {} groups: the {MOST_GROUPS} largest are told", self.names.len()));
        }
        notes
    }
}

/// What rows with labels tell of a model.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    figures: Figures,
    /// How sure its answers are; or why that is not known.
    certainty: std::result::Result<Certainty, String>,
    notes: Vec<String>,
}

impl Measured {
    fn of(rows: &HeldOut, place: &str, group: Option<&str>) -> Result<Self> {
        let (figures, certainty) = (rows.figures(group, THRESHOLD)?, rows.certainty());
        let mut notes = match &certainty {
            Ok(certainty) => certainty.sentences(),
            Err(why) => vec![format!("{place}: {why}; the page says that it is not known")],
        };
        notes.extend(rows.notes().into_iter().map(|note| format!("{place}: {note}")));
        Ok(Self { figures, certainty, notes })
    }

    /// Fills it in; `sources` are whose rows they are, of figures and of certainty.
    fn fill(self, file: &mut CaseFile, [of_figures, of_certainty]: [Option<String>; 2], notes: &mut Vec<String>) {
        file.figures = Some(Figures { source: of_figures, ..self.figures });
        file.certainty = self.certainty.ok().map(|certainty| Certainty { source: of_certainty, ..certainty });
        notes.extend(self.notes);
    }
}

/// Fills in how sure and how good a case's answers are by rows that other models of the same training judged, as its file says.
///
/// # Errors
/// As [`tell`]; `invalid_case` for a file without answers or labels, and beside figures that are said already.
pub(super) fn tell_judged(
    file: &mut CaseFile,
    (kind, model): (Kind, &Model),
    (files, vocabulary): (&Files, &Vocabulary),
    notes: &mut Vec<String>,
) -> Result<()> {
    const PLACE: &str = "judged";
    let Some(judged) = file.judged.take() else { return Ok(()) };
    if file.figures.is_some() || file.certainty.is_some() {
        return Err(wrong(PLACE, "figures and certainty follow from it: they are not said beside it"));
    }
    let mut rows = HeldOut::new(kind, model).map_err(|error| error.within(PLACE.as_bytes()))?;
    let bytes = files.get(&judged.file).map_err(|error| error.within(PLACE.as_bytes()))?.to_vec();
    let of = RowsFile { place: judged.file.clone(), bytes, ..RowsFile::default() };
    let is_known =
        |name: &str| name == judged.label || judged.group.as_deref() == Some(name) || golden::is_answers(name, model);
    let table = Table::read(&of, model.schema(), vocabulary, &is_known)?;
    let places = golden::answer_columns(&table.others, model)
        .ok_or_else(|| wrong(PLACE, format!("{} has no column of answers, called as in a golden file", judged.file)))?;
    let label = table.other(&judged.label, "judged.label", model.schema())?;
    let group = judged.group.as_ref().map(|name| table.column(name, "judged.group", model.schema())).transpose()?;
    let mut answers = Vec::with_capacity(table.len() * places.len());
    let mut cells = Vec::with_capacity(table.len());
    for (row, own) in table.cells.iter().enumerate() {
        for &place in &places {
            let answer = number::parse(&own[place]).ok_or_else(|| {
                let message = format!("the answer {} is no number", quoted(&own[place]));
                Error::of(Code::InvalidData, message.into_bytes())
                    .place("row #", &[row + 1])
                    .within(judged.file.as_bytes())
            })?;
            answers.push(answer);
        }
        cells.push((own[label].as_str(), group.map(|column| table.text(column, row, model.schema()))));
    }
    let answers = Numbers::of(model.forest().precision(), answers);
    rows.add(&answers, cells.iter().map(|(label, group)| (*label, group.as_deref())))
        .map_err(|error| error.within(judged.file.as_bytes()))?;
    let sources = [Some(judged.source.clone()), Some(judged.source)];
    Measured::of(&rows, PLACE, judged.group.as_deref())?.fill(file, sources, notes);
    Ok(())
}

const PLACE: &str = "--held-out";

/// Measures a model by rows that were not trained on.
///
/// # Errors
/// As [`HeldOut::new`] and [`HeldOut::add`]; `invalid_option` if the label's column, or that of the groups, is not among the rows' own.
pub(super) fn measured(
    (kind, model): (Kind, &Model),
    (held_out, data): (&Table, Option<&Table>),
    asked: &Asked,
) -> Result<Measured> {
    let mut rows = HeldOut::new(kind, model).map_err(|error| error.within(PLACE.as_bytes()))?;
    if let Some(text) = &asked.positive {
        rows = rows.with_positive(text, model)?;
    }
    let Some(label) = &asked.label else {
        return Err(wrong(PLACE, "--label is not given, which says what column of it was to be predicted"));
    };
    let label = held_out.other(label, "--held-out, --label", model.schema())?;
    let group = asked.group.as_ref().map(|name| held_out.column(name, "--group", model.schema())).transpose()?;
    let cells = held_out.cells.iter().enumerate().map(|(row, cells)| {
        let group = group.map(|column| held_out.text(column, row, model.schema()));
        (cells[label].clone(), group)
    });
    let cells: Vec<(String, Option<String>)> = cells.collect();
    let answers = model.predict_many(&held_out.values)?;
    rows.add(&answers, cells.iter().map(|(label, group)| (label.as_str(), group.as_deref())))
        .map_err(|error| with_texts(error, held_out, label).within(PLACE.as_bytes()))?;
    let mut measured = Measured::of(&rows, PLACE, asked.group.as_deref())?;
    if let Some(data) = data {
        let bits = |row: &[f64]| row.iter().map(|value| (value + 0.0).to_bits()).collect::<Vec<u64>>();
        let known: BTreeSet<Vec<u64>> = data.rows().map(bits).collect();
        let count = held_out.rows().filter(|row| known.contains(&bits(row))).count();
        if count > 0 {
            measured.notes.push(format!(
                "{PLACE}: {count} of {} rows are among those of --data: if the model was trained on them, the figures flatter it",
                held_out.len()
            ));
        }
    }
    Ok(measured)
}

/// Fills in how sure and how good a case's answers are.
pub(super) fn tell(file: &mut CaseFile, measured: Measured, notes: &mut Vec<String>) {
    // Whose rows they are is the case's to say, and stays where they are judged anew.
    let source = |of: Option<Option<String>>| of.flatten();
    let sources = [
        source(file.figures.take().map(|figures| figures.source)),
        source(file.certainty.take().map(|certainty| certainty.source)),
    ];
    measured.fill(file, sources, notes);
}
