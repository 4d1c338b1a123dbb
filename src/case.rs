//! A case: a model of trees, and all that its products say about it. `docs/CASE.md` describes `case.json`.
//!
//! [`CaseFile`] is what people write; [`Case::read`] puts it together with the model, and with rows where they are given: what nobody says
//! follows from these. Files come as names and bytes, so that the same code serves the command line, npm and a page.

mod answers;
mod certain;
mod check;
mod cuts;
mod features;
mod figures;
mod file;
mod golden;
mod held_out;
mod kept;
mod kind;
mod names;
mod observed;
mod positive;
mod read;
mod table;
mod words;

use serde_json::Value;

#[cfg(feature = "seal")]
pub(crate) use self::check::colour;
pub use self::file::{CaseFile, FeatureEntry, FileOr, Judged, Kind, Look, Measure, UnitEntry, Zone};
pub use self::golden::Golden;
pub use self::held_out::{HeldOut, THRESHOLD};
pub use self::kept::Kept;
pub use self::names::label_of;
pub use self::observed::ObservedEntry;
pub(crate) use self::read::wrong;
pub use self::read::{CASE_FILE, Files, LARGEST_JSON, check_path};
#[cfg(feature = "seal")]
pub(crate) use self::read::{each_text, nearest};
pub use self::table::{RowsFile, plan_beside};

use self::table::Table;
use crate::error::{Error, Result, quoted, shown};
use crate::format;
use crate::import::{self, Imported, Origin};
use crate::model::Model;
use crate::rows::{Plan, Vocabulary};
use crate::schema::Schema;

/// What is said of a case beside its files.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Its title, in place of the file's.
    pub title: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What its answer is.
    pub kind: Option<Kind>,
    /// How the model's file is read.
    pub reading: import::Options,
    /// Rows of the training data, or of others like them.
    pub data: Option<RowsFile>,
    /// The column among them that was to be predicted; of several targets all, with commas between them. That of `held_out` as well.
    pub label: Option<String>,
    /// Where the labels of a risk are two texts: that which is the positive one.
    pub positive: Option<String>,
    /// Rows with labels that the model was not trained on: how sure its answers are, and how good.
    pub held_out: Option<RowsFile>,
    /// The column of `held_out` by which figures are told for each group.
    pub group: Option<String>,
    /// The trainer's answers to these rows, a line a row.
    pub predictions: Option<RowsFile>,
}

/// The rows that a case was put together with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How many there are.
    pub rows: usize,
    /// The names of the columns that are no feature's: one of them may be the label.
    pub others: Vec<String>,
}

/// A model's file, read once: cases may be made of it again and again.
#[derive(Clone, Debug)]
pub struct Opened {
    name: String,
    imported: Imported,
    /// The bytes of a file that is `.wardian` already: they are kept as they are.
    own: Option<Vec<u8>>,
}

impl Opened {
    /// Reads a model's file; `name` is the file's.
    ///
    /// # Errors
    /// What is wrong with the file, which is named.
    pub fn read(name: &str, bytes: &[u8], reading: &import::Options) -> Result<Self> {
        let read = || {
            let imported = import::read_noting(bytes, reading)?;
            let own = import::own_bytes(bytes)?;
            Ok(Self { name: name.to_owned(), imported, own })
        };
        // What was in memory has no name.
        read().map_err(|error: Error| if name.is_empty() { error } else { error.within(name.as_bytes()) })
    }

    /// The same file, its inputs described by another schema.
    ///
    /// # Errors
    /// As [`Model::with_schema`].
    pub fn with_schema(self, schema: Schema) -> Result<Self> {
        let model = self.imported.model.with_schema(schema)?;
        Ok(Self { imported: Imported { model, ..self.imported }, ..self })
    }

    /// The model, as its file or a schema describes it.
    pub fn model(&self) -> &Model {
        &self.imported.model
    }

    /// Where the model comes from.
    pub fn origin(&self) -> &Origin {
        &self.imported.origin
    }

    /// What its user should know of how it was read: a sentence each.
    pub fn notes(&self) -> &[String] {
        &self.imported.notes
    }

    /// What the answer is, as far as the file tells.
    pub fn kind(&self) -> Kind {
        kind::kind_of(self.model(), self.origin())
    }

    /// What its answers may be said to be.
    pub fn kinds(&self) -> Vec<Kind> {
        Kind::ALL.into_iter().filter(|&kind| kind::check(kind, self.model()).is_ok()).collect()
    }

    /// How much each feature matters over rows that are drawn by what the trees ask, in feature order: from 0 to 1 of that which matters
    /// most. How often trees ask for it, where the file has no covers.
    pub fn importance(&self) -> Vec<f64> {
        features::mattering(self.model(), &golden::drawn(self.model()))
    }

    /// The file's name without folder and ending.
    fn stem(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name).split('.').next().unwrap_or_default()
    }

    /// The `.wardian` bytes of a model: the file's own, if it holds just this one.
    fn bytes_of(&self, model: &Model) -> Vec<u8> {
        match &self.own {
            Some(bytes) if format::read(bytes).is_ok_and(|own| own == *model) => bytes.clone(),
            _ => format::write(model),
        }
    }
}

/// A case in which nothing is left open.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is said of the model: names, kind, language and title are there, every feature in the model's order with a label, and what was
    /// in other files.
    pub file: CaseFile,
    /// The model, its inputs described as the case does.
    pub model: Model,
    /// Its `.wardian` file.
    pub model_bytes: Vec<u8>,
    /// Who trained it: `XGBoost 3.2.0`; empty where nobody says.
    pub trainer: String,
    /// The golden rows.
    pub golden: Golden,
    /// The lowest and highest cut of each feature of which no range is known.
    pub split_ranges: Vec<Option<[f64; 2]>>,
    /// Of a model of many features how much each matters, from 0 to 1.
    pub importance: Option<Vec<f64>>,
    /// Whether the answer's figures are those of the model's own answers to the rows, for want of labels.
    pub figures_are_answers: bool,
    /// The contract's description that the case brings.
    pub openapi: Option<Value>,
    /// What the rows of the data are, where there are some.
    pub data: Option<Seen>,
    /// What its user should know: a sentence each.
    pub notes: Vec<String>,
}

impl Case {
    /// The case in some files: a `case.json` and what it names, or a model alone. `name` is that of the folder or of the model's file.
    ///
    /// # Errors
    /// `invalid_case`, naming the place; `different_answer` for a golden row that the model answers otherwise; what is wrong with the
    /// model's file or the rows.
    pub fn read(files: &Files, name: &str, asked: &Asked) -> Result<Self> {
        let (file, openapi) = said(files, asked)?;
        let (model_name, bytes) = model_file(&file, files)?;
        let opened = Opened::read(&model_name, bytes, &asked.reading)?;
        Self::together((file, openapi), files, &opened, name, asked, &mut Kept::default())
    }

    /// As [`Self::read`], of a model that is open: that of the case is not looked for among the files, and not read again. What is `kept` of the
    /// same rows is not made again, and what is made is kept.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_opened(files: &Files, opened: &Opened, name: &str, asked: &Asked, kept: &mut Kept) -> Result<Self> {
        Self::together(said(files, asked)?, files, opened, name, asked, kept)
    }

    fn together(
        (mut file, openapi): (CaseFile, Option<Value>),
        files: &Files,
        opened: &Opened,
        name: &str,
        asked: &Asked,
        kept: &mut Kept,
    ) -> Result<Self> {
        let in_file = |error: Error| error.within(CASE_FILE.as_bytes());
        let Imported { model, mut notes, origin } = opened.imported.clone();
        let stem = opened.stem();
        let own_name = [model.schema().name(), name, stem].into_iter().find(|name| !name.is_empty()).unwrap_or("model");
        let own_name = names::package_name(own_name);
        let name = file.name.get_or_insert(own_name).clone();
        let short = name.rsplit('/').next().unwrap_or(&name).to_owned();
        file.version.get_or_insert_with(|| "1.0.0".to_owned());
        file.language.get_or_insert_with(|| "en".to_owned());
        let schema = model.schema();
        file.title.get_or_insert_with(|| match schema.title() {
            "" => label_of(&short),
            title => title.to_owned(),
        });
        if file.outcome.is_none() && !schema.outcome().is_empty() {
            file.outcome = Some(schema.outcome().to_owned());
        }
        file.rest.get_or_insert_with(|| format!("/api/v1.0/{short}"));
        let kind = *file.kind.get_or_insert_with(|| kind::kind_of(&model, &origin));
        kind::check(kind, &model).map_err(in_file)?;
        if file.outcome.is_none() && kind == Kind::Risk {
            file.outcome = positive::named(&model).or_else(|| asked.positive.clone());
        }
        check::case(&file, &model).map_err(in_file)?;
        certain::check(&file, kind, &model).map_err(in_file)?;

        let was = model.schema().clone();
        let entries = features::merged(&file.features, &was, &mut notes).map_err(in_file)?;
        let model = features::described(model, &file, &entries).map_err(in_file)?;
        let vocabulary = features::vocabulary(&entries);
        let labels: Vec<String> = match (&asked.label, kind) {
            (None, _) => Vec::new(),
            (Some(labels), Kind::Targets) => labels.split(',').map(|label| label.trim().to_owned()).collect(),
            (Some(label), _) => vec![label.clone()],
        };
        let is_label = |name: &str| labels.iter().any(|label| label == name);
        let read = asked.data.as_ref().map(|data| kept.data.read(data, model.schema(), &vocabulary, &is_label));
        let (table, rows_key) = read.transpose()?.unzip();
        let (table, rows_key) = (table.as_deref(), rows_key.unwrap_or_default());
        let seen = kept.seen.of(&rows_key, || Ok(golden::figures(table, &model)))?;
        let entries = features::with_figures(entries, &seen, model.schema(), table);
        let model = features::described(model, &file, &entries).map_err(in_file)?;
        let rows_key = format!("{rows_key} {}", kept::of_features(model.schema()));
        observed::tell(&mut file, &model, table, (&mut kept.observed, &rows_key), &mut notes).map_err(in_file)?;
        let said_key = format!("{kind:?} {labels:?} {:?} {:?}", asked.positive, asked.group);
        let answers_key = format!("{rows_key} {said_key}");
        let figures_are_answers = match table {
            None => false,
            Some(table) => {
                let memo = (&mut kept.answers, &*answers_key);
                answers::tell(&mut file, kind, &model, table, (&labels, asked.positive.as_deref()), memo)?
            }
        };
        if asked.held_out.is_none() {
            held_out::tell_judged(&mut file, (kind, &model), (files, &vocabulary), &mut notes).map_err(in_file)?;
        }
        file.judged = None;
        match &asked.held_out {
            Some(rows) => {
                let is_known = |name: &str| is_label(name) || asked.group.as_deref() == Some(name);
                let (held_out, key) = kept.held_out.read(rows, model.schema(), &vocabulary, &is_known)?;
                let measure = || held_out::measured((kind, &model), (&held_out, table), asked);
                let measured = kept.measured.of(&format!("{key} {answers_key}"), measure)?;
                held_out::tell(&mut file, measured, &mut notes);
            }
            None if asked.group.is_some() => {
                return Err(wrong("--group", "it is a column of the rows of --held-out, which is absent"));
            }
            None => {}
        }

        // Who trained it is the file's to say; the version, where it has none, the card's.
        let trainer = match (trained_with(&file), origin.name()) {
            (said, own) if origin.version.is_empty() && said.starts_with(&own) && !said.is_empty() => said,
            (_, own) => own,
        };
        let by = if trainer.is_empty() { "the trainer" } else { &trainer };
        let golden = match (&asked.predictions, &table, &file.golden) {
            (Some(_), None, _) => {
                return Err(wrong("--predictions", "they are answers to the rows of --data, which is absent"));
            }
            (Some(predictions), Some(table), _) => {
                let compare = || Golden::of_predictions(table, predictions, &model, by);
                kept.golden.of(&format!("{rows_key} {by} {}", predictions.place), compare)?
            }
            (None, _, Some(name)) => {
                let bytes = files.get(name).map_err(|error| in_file(error.within(b"golden")))?.to_vec();
                let rows = RowsFile { place: name.clone(), bytes, ..RowsFile::default() };
                Golden::read(&rows, &model, &vocabulary, by)?
            }
            (None, table, None) => Golden::own(*table, &model)?,
        };
        if let Some(example) = &file.example {
            model.schema().row_from_text(example).map_err(|error| in_file(error.within(b"example")))?;
        } else {
            let rows = table.map_or(&golden.values, |table| &table.values);
            file.example = features::example(rows, &model);
        }
        notes.extend(check::stale(&file, &entries));
        let model_bytes = if features::says_more(model.schema(), &was) {
            format::write(&model)
        } else {
            opened.bytes_of(&model.clone().with_schema(was)?)
        };
        let model = format::read(&model_bytes)?;
        let split_ranges = features::split_ranges(&model);
        let importance = features::importance(&model, table.map_or(&golden.values, |table| &table.values));
        file.features = entries;
        file.model = Some("model.wardian".to_owned());
        file.golden = None;
        Ok(Self {
            file,
            model,
            model_bytes,
            trainer,
            golden,
            split_ranges,
            importance,
            figures_are_answers,
            openapi,
            data: table.map(|table| Seen { rows: table.len(), others: table.others.clone() }),
            notes,
        })
    }

    /// All that is wrong with what is said of a case, of each member and of each feature the first: for a page, which shows each at its field.
    pub fn faults(files: &Files, opened: &Opened, asked: &Asked) -> Vec<Error> {
        let Ok((mut file, _)) = said(files, asked) else { return Vec::new() };
        file.kind.get_or_insert(opened.kind());
        let mut faults = check::faults(&file, opened.model());
        faults.extend(features::faults(&file.features, opened.model().schema()));
        faults
    }

    /// How a file of rows is read beside what is said of the case, as far as that is right; doubts and all.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub fn plan_of(rows: &RowsFile, files: &Files, opened: &Opened, asked: &Asked) -> Result<Plan> {
        /// Enough to know any file's header by.
        const START: usize = 1 << 18;
        let own = opened.model();
        let described = || {
            let (file, _) = said(files, asked)?;
            let entries = features::merged(&file.features, own.schema(), &mut Vec::new())?;
            Ok((features::described(own.clone(), &file, &entries)?, features::vocabulary(&entries)))
        };
        // What is said may be wrong, and the rows are what they are.
        let (model, vocabulary) = described().unwrap_or_else(|_: Error| (own.clone(), Vocabulary::new()));
        let start = (&rows.bytes[..rows.bytes.len().min(START)], rows.bytes.len() <= START);
        let is_known = |name: &str| [&asked.label, &asked.group].into_iter().flatten().any(|own| own == name);
        plan_beside(start, model.schema(), &vocabulary, &rows.options, &is_known)
            .map_err(|error| error.within(rows.place.as_bytes()))
    }

    /// What programs call it.
    pub fn name(&self) -> &str {
        self.file.name.as_deref().unwrap_or_default()
    }

    /// Its title.
    pub fn title(&self) -> &str {
        self.file.title.as_deref().unwrap_or_default()
    }

    /// The language that it is written in.
    pub fn language(&self) -> &str {
        self.file.language.as_deref().unwrap_or("en")
    }

    /// What its answer is.
    pub fn kind(&self) -> Kind {
        self.file.kind.unwrap_or(Kind::Number)
    }

    /// The path of the contract.
    pub fn rest(&self) -> &str {
        self.file.rest.as_deref().unwrap_or_default()
    }

    /// The path of the contract's description: beside it.
    pub fn description_path(&self) -> String {
        let folder = self.rest().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{folder}/openapi.json")
    }

    /// What the card says, where there is one.
    pub fn card(&self) -> Option<Value> {
        match self.file.card.as_ref()? {
            FileOr::Here(card) => Some(Value::Object(card.clone().into_iter().collect())),
            FileOr::File(_) => None,
        }
    }

    /// What files of rows may call the features, and the units that they may have.
    pub fn vocabulary(&self) -> Vocabulary {
        features::vocabulary(&self.file.features)
    }

    /// The names of the model's classes; their indices where they have none.
    pub fn class_names(&self) -> Vec<String> {
        class_names(&self.model)
    }

    /// A text of the case in another language: the text itself where that has none.
    pub fn text<'a>(&'a self, text: &'a str, language: &str) -> &'a str {
        match self.file.translations.get(language) {
            Some(FileOr::Here(texts)) => texts.get(text).map_or(text, String::as_str),
            _ => text,
        }
    }
}

/// What is said of a case, without its model: `case.json` with what is asked, what it names in other files taken in; and the contract's
/// description that it brings.
fn said(files: &Files, asked: &Asked) -> Result<(CaseFile, Option<Value>)> {
    let in_file = |error: Error| error.within(CASE_FILE.as_bytes());
    let mut file = match files.get(CASE_FILE) {
        Ok(bytes) => CaseFile::read(bytes)?,
        Err(_) => CaseFile::default(),
    };
    check::texts(&file).map_err(in_file)?;
    for (said, own) in
        [(&asked.title, &mut file.title), (&asked.language, &mut file.language), (&asked.name, &mut file.name)]
    {
        if said.is_some() {
            own.clone_from(said);
        }
    }
    file.kind = asked.kind.or(file.kind);
    for (language, translation) in &mut file.translations {
        let place = format!("translations.{language}");
        let texts = read::file_or(translation.clone(), &place, files).map_err(in_file)?;
        *translation = FileOr::Here(texts);
    }
    if let Some(card) = file.card.take() {
        file.card = Some(FileOr::Here(read::file_or(card, "card", files).map_err(in_file)?));
    }
    observed::take_in(&mut file, files).map_err(in_file)?;
    let openapi = file.openapi.take().map(|name| read::file_or(FileOr::File(name), "openapi", files));
    let openapi: Option<Value> = openapi.transpose().map_err(in_file)?;
    Ok((file, openapi))
}

/// What a model's answers are, by the model alone: what it was trained for is not known of a `.wardian` file.
pub fn kind_of(model: &Model) -> Kind {
    kind::kind_of(model, &Origin::default())
}

/// The names of a model's classes; their indices where they have none.
fn class_names(model: &Model) -> Vec<String> {
    let named = model.schema().classes();
    let count = match model.forest().link() {
        crate::link::Link::Class => model.forest().output_count(),
        _ => model.prediction_count(),
    };
    match named {
        [] if count > 1 => (0..count).map(|class| class.to_string()).collect(),
        named => named.to_vec(),
    }
}

/// Who trained a model by its card.
fn trained_with(file: &CaseFile) -> String {
    let Some(FileOr::Here(card)) = &file.card else { return String::new() };
    let said = card.get("model").and_then(|model| model.get("trained_with")).and_then(Value::as_str);
    shown(said.unwrap_or_default())
}

/// The model's file among a case's, and its name.
fn model_file<'a>(file: &CaseFile, files: &'a Files) -> Result<(String, &'a [u8])> {
    if let Some(name) = &file.model {
        let bytes = files.get(name).map_err(|error| error.within(b"case.json, model"))?;
        return Ok((name.clone(), bytes));
    }
    let named = file.files();
    let mut models: Vec<(&str, &[u8])> =
        files.iter().filter(|(name, _)| *name != CASE_FILE && !named.contains(name)).collect();
    // What is wrong with the only one is said when it is read.
    if models.len() > 1 {
        models.retain(|(_, bytes)| read::may_be_model(bytes));
    }
    match models[..] {
        [(name, bytes)] => Ok((name.to_owned(), bytes)),
        [] => Err(wrong("model", "there is no file of a model in the folder")),
        _ => {
            let names: Vec<String> = models.iter().take(8).map(|(name, _)| quoted(name)).collect();
            let message = format!(
                "{} files in the folder are models ({}): case.json's \"model\" says which",
                models.len(),
                names.join(", ")
            );
            Err(wrong("model", message))
        }
    }
}
