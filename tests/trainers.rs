//! Freshly trained models of other trainers than XGBoost: our answers beside theirs. Run by `cargo xtask oracle`, which trains them with
//! `tests/oracle/trainers/`; that folder's README says what the files are.

#[path = "trainers/contributions.rs"]
mod contributions;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wardian::import::{self, Options};
use wardian::{Model, Numbers, Precision, format};

use crate::contributions::Explained;

/// One model, and what its trainer answers.
struct Case {
    path: PathBuf,
    facts: Value,
}

impl Case {
    fn text(&self, name: &str) -> &str {
        self.facts[name].as_str().unwrap_or_default()
    }

    fn count(&self, name: &str) -> usize {
        self.facts[name].as_u64().unwrap_or_default() as usize
    }

    /// Numbers beside the facts, of the type that they say; `None` where there are none.
    fn numbers(&self, extension: &str, precision: Precision) -> Option<Numbers> {
        let bytes = fs::read(self.path.with_extension(extension)).ok()?;
        Some(match precision {
            Precision::Single => {
                Numbers::Single(bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect())
            }
            Precision::Double => {
                Numbers::Double(bytes.as_chunks().0.iter().map(|eight| f64::from_le_bytes(*eight)).collect())
            }
        })
    }
}

impl Case {
    /// The rows as the model takes them, of a trainer that is given columns by name: those that the model has, with its codes
    /// for categories.
    fn raw_rows(&self, rows: &[f64], model: &Model) -> Vec<f64> {
        let Some(columns) = self.facts["raw_columns"].as_array() else { return rows.to_vec() };
        let places: Vec<usize> = model
            .schema()
            .features()
            .iter()
            .map(|feature| columns.iter().position(|name| *name == feature.name).expect("a column of this name"))
            .collect();
        let code = |place: usize, value: f64| {
            let feature = &model.schema().features()[place];
            let names = &self.facts["raw_categories"][places[place]];
            if value.is_nan() || (names.is_null() && feature.categories.is_empty()) {
                return value;
            }
            // The category is known by its name, or is the number that this is; one beyond all is none that the model knows.
            let place = match names[value as usize].as_str() {
                Some(name) => feature.categories.iter().position(|category| category == name),
                None => feature.categories.iter().position(|category| match category.as_str() {
                    "False" => value == 0.0,
                    "True" => value == 1.0,
                    number => number.parse() == Ok(value),
                }),
            };
            place.unwrap_or(feature.categories.len()) as f64
        };
        let rows = rows.chunks_exact(columns.len());
        rows.flat_map(|row| places.iter().enumerate().map(|(place, &column)| code(place, row[column]))).collect()
    }
}

/// What was compared, and what differed.
#[derive(Clone, Default)]
struct Tally {
    models: usize,
    margins: usize,
    different_margins: usize,
    answers: usize,
    different_answers: usize,
    /// Of the answers those of a reference that wavers, and how many differ by one unit in the last place.
    wavering: usize,
    near: usize,
    explained: Explained,
    labels: usize,
}

impl std::ops::AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Self) {
        self.models += other.models;
        self.margins += other.margins;
        self.different_margins += other.different_margins;
        self.answers += other.answers;
        self.different_answers += other.different_answers;
        self.wavering += other.wavering;
        self.near += other.near;
        self.explained += &other.explained;
        self.labels += other.labels;
    }
}

impl Tally {
    const HEADING: &str = "models    margins  different    answers  different   wavering   1 ulp";

    fn line(&self) -> String {
        let Self { models, margins, different_margins, answers, different_answers, wavering, near, .. } = self;
        format!(
            "{models:6} {margins:10} {different_margins:10} {answers:10} {different_answers:10} {wavering:10} {near:7}"
        )
    }
}

/// How far apart two numbers are, in floats of their type; 0 for the same bits, and for two that are none.
fn distance(ours: &Numbers, theirs: &Numbers, index: usize) -> u64 {
    let ordered = |bits: i64| if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits };
    match (ours, theirs) {
        (Numbers::Single(ours), Numbers::Single(theirs)) => {
            let (one, other) = (ours[index], theirs[index]);
            if one.is_nan() && other.is_nan() || one.to_bits() == other.to_bits() {
                return 0;
            }
            u64::from(one.to_bits().abs_diff(other.to_bits())).max(1)
        }
        (Numbers::Double(ours), Numbers::Double(theirs)) => {
            let (one, other) = (ours[index], theirs[index]);
            if one.is_nan() && other.is_nan() || one.to_bits() == other.to_bits() {
                return 0;
            }
            ordered(one.to_bits() as i64).abs_diff(ordered(other.to_bits() as i64)).max(1)
        }
        _ => u64::MAX,
    }
}

/// Compares one model's answers.
fn compare(case: &Case) -> (Tally, Vec<String>) {
    let mut failures = Vec::new();
    let mut tally = Tally { models: 1, ..Tally::default() };
    let name = format!(
        "{} ({} {}, {})",
        case.path.display(),
        case.text("trainer"),
        case.text("version"),
        case.text("objective")
    );
    let bytes = fs::read(case.path.with_file_name(case.text("model"))).expect("the model's file");
    let model = match import::read_with(&bytes, &Options::default()) {
        Ok(model) => model,
        Err(error) => return (tally, vec![format!("{name}: {error}")]),
    };
    if format::read(&format::write(&model)).as_ref() != Ok(&model) {
        failures.push(format!("{name}: written and read again it is another model"));
    }
    let precision = if case.text("precision") == "f64" { Precision::Double } else { Precision::Single };
    let Some(Numbers::Double(rows)) = case.numbers("rows", Precision::Double) else { panic!("{name}: no rows") };
    let rows = case.raw_rows(&rows, &model);
    let exact = case.facts["exact_answers"].as_bool().unwrap_or(true);
    let outcomes = [
        ("margins", model.margins_many(&rows), case.numbers("margins", precision)),
        ("answers", model.predict_many(&rows), case.numbers("answers", precision)),
    ];
    for (what, ours, theirs) in outcomes {
        // A trainer that has no raw scores says so.
        let Some(theirs) = theirs else { continue };
        let ours = match ours {
            Ok(ours) if ours.len() == theirs.len() => ours,
            Ok(ours) => {
                failures.push(format!("{name}: {} {what}, theirs are {}", ours.len(), theirs.len()));
                continue;
            }
            Err(error) => {
                failures.push(format!("{name}: {error}"));
                continue;
            }
        };
        let distances: Vec<u64> = (0..ours.len()).map(|index| distance(&ours, &theirs, index)).collect();
        let allowed = u64::from(what == "answers" && !exact);
        let different = distances.iter().filter(|&&distance| distance > allowed).count();
        if let Some(first) = distances.iter().position(|&distance| distance > allowed) {
            let row = first / (ours.len() / case.count("rows").max(1)).max(1);
            failures.push(format!(
                "{name}: {different} of {} {what} differ, first in row {row}: {:?}, theirs is {:?}",
                ours.len(),
                ours.all().texts().nth(first),
                theirs.all().texts().nth(first)
            ));
        }
        if what == "margins" {
            (tally.margins, tally.different_margins) = (ours.len(), different);
        } else {
            (tally.answers, tally.different_answers) = (ours.len(), different);
            if !exact {
                (tally.wavering, tally.near) =
                    (ours.len(), distances.iter().filter(|&&distance| distance == 1).count());
            }
        }
    }
    tally.labels = match labels(case, &model, &rows) {
        Ok(compared) => compared,
        Err(error) => {
            failures.push(format!("{name}: {error}"));
            0
        }
    };
    if let Some(Numbers::Double(theirs)) = case.numbers("contributions", Precision::Double) {
        let has_exact_covers = case.facts["exact_covers"].as_bool().unwrap_or(true);
        match contributions::compare(&model, &rows, &theirs, has_exact_covers) {
            Ok(explained) => tally.explained = explained,
            Err(error) => failures.push(format!("{name}: {error}")),
        }
    }
    if let Some(classes) = case.facts["classes"].as_array() {
        let classes: Vec<&str> = classes.iter().filter_map(Value::as_str).collect();
        if model.schema().classes() != classes {
            failures.push(format!("{name}: classes {:?}, theirs are {classes:?}", model.schema().classes()));
        }
    }
    (tally, failures)
}

/// Compares the classes of the first rows, in words, where the trainer says some; how many.
fn labels(case: &Case, model: &Model, rows: &[f64]) -> Result<usize, String> {
    let Ok(file) = fs::read(case.path.with_extension("labels")) else { return Ok(0) };
    // onnxruntime tells two classes of one score apart at 0, or, where no weight is negative, at a half, whatever becomes of the score.
    if case.text("trainer") == "onnx" && model.prediction_count() == 1 {
        return Ok(0);
    }
    let theirs: Vec<String> = serde_json::from_slice(&file).map_err(|error| error.to_string())?;
    let rows = &rows[..theirs.len() * model.schema().features().len()];
    let answers = model.predict_many(rows).map_err(|error| error.to_string())?;
    for (row, (answer, theirs)) in answers.all().chunks_exact(model.prediction_count()).zip(&theirs).enumerate() {
        let ours = model.label(answer);
        // And several by their scores, also where these have become equal answers.
        let of = |label: &str| model.schema().classes().iter().position(|class| class == label);
        let is_equal =
            |ours: &str| of(ours).and_then(|ours| answer.get(ours)) == of(theirs).and_then(|theirs| answer.get(theirs));
        if case.text("trainer") == "onnx" && ours.is_some_and(is_equal) {
            continue;
        }
        if ours != Some(theirs.as_str()) {
            let texts: Vec<String> = answer.texts().collect();
            return Err(format!("row {row}: the label is {ours:?}, theirs {theirs:?}, of {texts:?}"));
        }
    }
    Ok(theirs.len())
}

fn cases(folder: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of models").flatten() {
        let path = entry.path();
        if path.is_dir() {
            cases.extend(self::cases(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let facts: Value = serde_json::from_slice(&fs::read(&path).expect("facts")).unwrap_or_default();
            // Models may be JSON too.
            if facts["trainer"].is_string() {
                cases.push(Case { path, facts });
            }
        }
    }
    cases.sort_by(|one, other| one.path.cmp(&other.path));
    cases
}

#[test]
#[ignore = "needs the models that cargo xtask oracle trains"]
fn every_answer_is_its_trainers_bit_for_bit() {
    let cases =
        cases(Path::new(&std::env::var("WARDIAN_TRAINERS").expect("WARDIAN_TRAINERS names a folder of models")));
    let (mut sum, mut groups, mut failures) = (Tally::default(), BTreeMap::<String, Tally>::new(), Vec::new());
    for case in &cases {
        let (tally, own) = compare(case);
        sum += &tally;
        let group = format!("{} {} {}", case.text("trainer"), case.text("version"), case.text("objective"));
        *groups.entry(group).or_default() += &tally;
        failures.extend(own);
    }
    println!("{} trainer, version, objective", Tally::HEADING);
    for (name, tally) in &groups {
        println!("{} {name}", tally.line());
    }
    println!("{} explained, of trainer, version, objective", Explained::HEADING);
    for (name, tally) in groups.iter().filter(|(_, tally)| tally.explained.models > 0) {
        println!("{} {name}", tally.explained.line());
    }
    println!("{} all", sum.explained.line());
    let trainers: BTreeSet<&str> = cases.iter().map(|case| case.text("trainer")).collect();
    println!(
        "seen others: {} models of {} trainers, {} raw scores: {} different; {} answers: {} different, {} of them of references \
         that waver: {} by one unit in the last place; {} classes by name",
        sum.models,
        trainers.len(),
        sum.margins,
        sum.different_margins,
        sum.answers,
        sum.different_answers,
        sum.wavering,
        sum.near,
        sum.labels
    );
    let Explained { models, contributions, largest: [exact, rounded] } = sum.explained;
    println!(
        "seen contributions: {models} models, {contributions} contributions: at most {exact:.1e} of a row's apart; {rounded:.1e} \
         where covers are rounded"
    );
    for failure in failures.iter().take(100) {
        println!("  {failure}");
    }
    assert!(failures.is_empty(), "{} of {} models differ", failures.len(), sum.models);
    let needed = |name| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
    assert!(
        sum.models > 0
            && sum.models >= needed("WARDIAN_TRAINERS_MODELS")
            && sum.margins >= needed("WARDIAN_TRAINERS_MARGINS")
    );
    let due = needed("WARDIAN_TRAINERS_EXPLAINED");
    assert!(sum.explained.models >= due, "{} models are explained, {due} are due", sum.explained.models);
}
