//! A model on the bench: read once, then put together with rows and words as often as these change, and made into products at the end.
//! The products are those that [`Case::read`] and [`Sealed::make`] make of the same files.

use serde_json::{Value, json};

use super::{Made, Product, Sealed, Shell, summary};
use crate::case::{Asked, CASE_FILE, Case, Files, HeldOut, Kept, Opened, RowsFile, THRESHOLD, nearest, wrong};
use crate::certainty::Certainty;
use crate::error::{Code, Error, Result};
use crate::import::{self, FileKind, Foreign};
use crate::number::decimal;
use crate::numbers::{Numbers, Precision};
use crate::rows::Plan;

/// A model that a case is made for.
#[derive(Clone, Debug)]
pub struct Studio {
    file: Value,
    opened: Opened,
    sealed: Option<Sealed>,
    shell: Option<Shell>,
    data: Option<RowsFile>,
    predictions: Option<RowsFile>,
    held_out: Option<RowsFile>,
    kept: Kept,
}

/// Which rows are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Those of the training data.
    Data,
    /// The trainer's answers to these.
    Predictions,
    /// Rows with labels that the model was not trained on.
    HeldOut,
}

/// Checks that a file which begins so may be one of rows, as far as its first bytes tell.
///
/// # Errors
/// What the file is, and what to do, by a name that the studio has words for.
pub fn may_be_rows(start: &[u8]) -> Result<()> {
    match FileKind::foreign(start) {
        Some((foreign, true)) => {
            Err(because(Error::of(Code::WrongType, foreign.what.as_bytes().to_vec()), foreign, "save_rows"))
        }
        _ => Ok(()),
    }
}

/// The error of a file of another kind, with its name, and how what is wanted is saved where that is to be said.
fn because(error: Error, foreign: Foreign, hint: &str) -> Error {
    let is_told = matches!(
        foreign.reason,
        "foreign_columns"
            | "foreign_document"
            | "foreign_dump"
            | "foreign_layers"
            | "foreign_memory"
            | "foreign_picture"
            | "foreign_pmml"
            | "foreign_settings"
            | "foreign_xml"
    );
    let values = [("format", foreign.format), ("hint", hint)];
    error.because(foreign.reason, if is_told { &values } else { &values[..1] })
}

impl Studio {
    /// Reads a model's file; `name` is the file's.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn open(name: &str, bytes: &[u8], reading: &import::Options) -> Result<Self> {
        let opened = Opened::read(name, bytes, reading).map_err(|error| {
            if FileKind::of(bytes).is_ok() {
                return error;
            }
            if bytes.iter().all(u8::is_ascii_whitespace) {
                return error.because("model_empty", &[]);
            }
            match FileKind::foreign(bytes) {
                Some((foreign, _)) => because(error, foreign, "save_model"),
                None => error.because("model_unknown", &[("hint", "save_model")]),
            }
        })?;
        let kind = FileKind::of(bytes)?;
        let globals = if kind == FileKind::Pickle { import::pickle_globals(bytes)? } else { Vec::new() };
        let file = json!({ "name": name, "bytes": bytes.len(), "format": kind.name(), "globals": globals });
        Ok(Self {
            file,
            opened,
            sealed: None,
            shell: None,
            data: None,
            predictions: None,
            held_out: None,
            kept: Kept::default(),
        })
    }

    /// What the model is: `{ file: { name, bytes, format, globals }, trainer, objective, kind, kinds, trees, splits, depth, outputs, classes,
    /// explained, features: [{ name, categories, splits, importance }], notes }`. `globals` is what Python would have imported, had it loaded
    /// a pickle.
    pub fn about(&self) -> Value {
        let (model, origin) = (self.opened.model(), self.opened.origin());
        let forest = model.forest();
        let importance = self.opened.importance();
        let features = model.schema().features().iter().zip(model.split_counts()).zip(importance);
        let features = features.map(|((feature, splits), importance)| {
            json!({ "name": feature.name, "categories": feature.categories, "splits": splits, "importance": importance })
        });
        let kinds: Vec<&str> = self.opened.kinds().into_iter().map(|kind| kind.as_str()).collect();
        json!({
            "file": self.file,
            "trainer": origin.name(),
            "objective": origin.objective,
            "kind": self.opened.kind().as_str(),
            "kinds": kinds,
            "trees": forest.trees().len(),
            "splits": forest.split_count(),
            "depth": forest.depth(),
            "outputs": model.prediction_count(),
            "classes": model.schema().classes(),
            "explained": model.covers().is_some(),
            "features": features.collect::<Value>(),
            "notes": self.opened.notes(),
        })
    }

    /// Gives rows, or takes them away.
    pub fn give(&mut self, which: Given, rows: Option<RowsFile>) {
        self.kept = Kept::default();
        match which {
            Given::Data => self.data = rows,
            Given::Predictions => self.predictions = rows,
            Given::HeldOut => self.held_out = rows,
        }
    }

    /// What is kept of the rows since they were given.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The shell that products are set into.
    pub fn set_shell(&mut self, shell: Shell) {
        self.shell = Some(shell);
    }

    /// Whether there is a shell.
    pub fn has_shell(&self) -> bool {
        self.shell.is_some()
    }

    /// Puts a case together of the model, its rows, a `case.json`, and what is asked for (its rows are the studio's own). `{ case, summary,
    /// notes, rows, compared, by, page }`: the case with nothing left open; how many rows the data have; how many answers were compared, and
    /// whose they are; and what the page's first screen says. Rows that were held out are left out while nobody says which of their columns is the label. After an error the last case that was
    /// put together stays.
    ///
    /// # Errors
    /// As [`Case::read`].
    pub fn put_together(&mut self, case_json: Vec<u8>, name: &str, asked: &Asked) -> Result<Value> {
        let mut files = Files::new();
        files.add(CASE_FILE, case_json)?;
        // Lent, as rows are many.
        let mut asked = Asked { data: self.data.take(), predictions: self.predictions.take(), ..asked.clone() };
        if asked.label.is_some() {
            asked.held_out = self.held_out.take();
        }
        let case = Case::of_opened(&files, &self.opened, name, &asked, &mut self.kept);
        (self.data, self.predictions) = (asked.data.take(), asked.predictions.take());
        self.held_out = asked.held_out.take().or(self.held_out.take());
        let sealed = Sealed::new(case?)?;
        let case = &sealed.case;
        let out = json!({
            "case": case.file,
            "summary": summary(case),
            "notes": case.notes,
            "rows": case.data.as_ref().map(|seen| seen.rows),
            "compared": case.golden.compared,
            "by": case.golden.by,
            "page": sealed.pages.get(case.language()),
        });
        self.sealed = Some(sealed);
        Ok(out)
    }

    /// How sure and how good a model is by answers to rows that were not trained on, and what was seen of each: `{ certainty, figures, notes }`,
    /// the first two as `case.json` has them, `certainty` only where the rows tell it. `source` says whose rows they are: of a
    /// cross-validation the answers are those of models that were trained like this one, each without the rows that it answers.
    ///
    /// # Errors
    /// `invalid_option` for a model whose answers labels alone do not judge; `invalid_data`, naming the row, for a label that is none.
    pub fn judge(&self, answers: &[f32], labels: &[f32], source: &str) -> Result<Value> {
        let mut rows = HeldOut::new(self.opened.kind(), self.opened.model())?;
        let answers = Numbers::of(Precision::Single, answers.iter().map(|&answer| f64::from(answer)));
        let labels: Vec<String> = labels.iter().map(|&label| decimal(f64::from(label))).collect();
        rows.add(&answers, labels.iter().map(|label| (label.as_str(), None)))?;
        let mut figures = rows.figures(None, THRESHOLD)?;
        figures.source = Some(source.to_owned());
        let (certainty, notes) = match rows.certainty() {
            Ok(certainty) => (Some(Certainty { source: Some(source.to_owned()), ..certainty }), Vec::new()),
            Err(why) => (None, vec![why]),
        };
        Ok(json!({ "certainty": certainty, "figures": figures, "notes": notes }))
    }

    /// All that is wrong with what is said: each a place in `case.json`, and what is wrong there.
    pub fn faults(&self, case_json: &[u8], asked: &Asked) -> Vec<Error> {
        let mut files = Files::new();
        match files.add(CASE_FILE, case_json.to_vec()) {
            Ok(()) => Case::faults(&files, &self.opened, asked),
            Err(_) => Vec::new(),
        }
    }

    /// What the rows are that were given, as they are read beside what is said: `{ data, heldOut }`, each `{ names, free, others, absent, doubts }`
    /// or
    /// nothing. `names` are the columns'; `free` the places of those that are no feature's, `others` their names; `absent` the features that are found in none, `{ feature,
    /// proposed }`, `proposed` the place of a column of a similar name; `doubts` what has to be decided, `{ code, message }`.
    pub fn rows_given(&self, case_json: &[u8], asked: &Asked) -> Value {
        let of = |rows: &Option<RowsFile>| {
            let mut files = Files::new();
            files.add(CASE_FILE, case_json.to_vec()).ok()?;
            let plan = Case::plan_of(rows.as_ref()?, &files, &self.opened, asked).ok()?;
            Some(told_of(&plan))
        };
        json!({ "data": of(&self.data), "heldOut": of(&self.held_out) })
    }

    /// A product of the case that was put together last.
    ///
    /// # Errors
    /// `invalid_case` if there is none; else as [`Sealed::make`].
    pub fn make(&self, product: Product) -> Result<Made> {
        let sealed = self.sealed.as_ref().ok_or_else(|| wrong("", "no case has been put together"))?;
        sealed.make(product, self.shell.as_ref())
    }
}

/// What a plan says of a file's columns, for people who decide.
fn told_of(plan: &Plan) -> Value {
    let taken: Vec<usize> = plan.columns.iter().filter_map(|column| column.column).collect();
    let mut free: Vec<(usize, &str)> = plan
        .names
        .iter()
        .enumerate()
        .filter(|(place, _)| !taken.contains(place))
        .map(|(place, name)| (place, name.trim()))
        .collect();
    let others: Vec<&str> = free.iter().map(|(_, name)| *name).collect();
    let others = json!(others);
    let places: Vec<usize> = free.iter().map(|(place, _)| *place).collect();
    let absent: Vec<&str> =
        plan.columns.iter().filter(|column| column.column.is_none()).map(|column| &*column.feature).collect();
    let absent = absent.iter().map(|feature| {
        let names: Vec<&str> = free.iter().map(|(_, name)| *name).collect();
        let near = nearest(feature, &names).and_then(|near| free.iter().position(|(_, name)| *name == near));
        // A column is proposed for one feature.
        let proposed = near.map(|index| free.remove(index).0);
        json!({ "feature": feature, "proposed": proposed })
    });
    let absent: Vec<Value> = absent.collect();
    let doubts = plan.doubts.iter().map(|doubt| json!({ "code": doubt.code, "message": doubt.message }));
    json!({ "names": plan.names, "free": places, "others": others, "absent": absent, "doubts": doubts.collect::<Vec<Value>>() })
}
