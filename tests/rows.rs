//! Files of rows, read by their plans: what was once read wrongly, and the same rows in a thousand dresses.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::read::GzDecoder;
use proptest::prelude::*;
use wardian::rows::{Block, Book, JsonLines, Kind, Options, Plan, Reader, Vocabulary};
use wardian::{Model, import};

fn diabetes_vocabulary() -> Vocabulary {
    serde_json::from_str(wardian::diabetes_columns()).expect("JSON")
}

fn bytes(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn model(name: &str) -> Model {
    match name {
        "diabetes" => wardian::diabetes().clone(),
        name => import::read(&bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}")),
    }
}

/// All rows of a file, given `piece` bytes at a time, or why they are refused.
fn values(file: &[u8], piece: usize, model: &Model, options: &Options) -> Result<Vec<f64>, String> {
    block(file, piece, model, options).map(|block| block.values)
}

/// The same with their base margins.
fn block(file: &[u8], piece: usize, model: &Model, options: &Options) -> Result<Block, String> {
    let is_shipped = model.schema().name() == "diabetes";
    let vocabulary = if is_shipped { diabetes_vocabulary() } else { Vocabulary::default() };
    let plan = Plan::new(file, true, model.schema(), &vocabulary, options).map_err(|error| error.to_string())?;
    plan.settled().map_err(|error| error.to_string())?;
    // Whoever keeps the plan reads what it read.
    let kept = serde_json::to_string(&plan).expect("JSON");
    let kept: Plan = serde_json::from_str(&kept).expect("a plan");
    let mut reader = Reader::new(&kept, model.schema()).map_err(|error| error.to_string())?;
    let mut block = Block::default();
    for piece in file.chunks(piece) {
        reader.read(piece, false, &mut block);
    }
    reader.read(&[], true, &mut block);
    match block.fault {
        Some(fault) => Err(fault.to_string()),
        None => Ok(block),
    }
}

/// The CSV text of a file of any kind, and its options.
fn text_of(file: &[u8], piece: usize, sheet: Option<&str>, said: Options) -> wardian::Result<(Vec<u8>, Options)> {
    if file.starts_with(b"\x1f\x8b") {
        let mut unpacked = Vec::new();
        GzDecoder::new(file).read_to_end(&mut unpacked).expect("unpacked");
        return text_of(&unpacked, piece, sheet, said);
    }
    let Some(kind) = Kind::of(file)? else { return Ok((file.to_vec(), said)) };
    let text = match kind {
        Kind::Workbook => Book::open(file.to_vec())?.csv(sheet)?,
        Kind::JsonLines => {
            let (mut lines, mut text) = (JsonLines::default(), Vec::new());
            for piece in file.chunks(piece) {
                lines.add(piece, false, &mut text)?;
            }
            lines.add(&[], true, &mut text)?;
            text
        }
    };
    Ok((text, kind.options(said)?))
}

/// A case of `tests/cases/rows.json`, the table that every road is asked: a file, and what is to come of it.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    folder: String,
    /// Its file in the folder; `diabetes` is the shipped one.
    model: String,
    file: String,
    /// Options of the command line.
    options: Vec<(String, String)>,
    /// A file with the margins of the rows, a number a line.
    margins: Option<String>,
    /// Likewise predictions.
    predictions: Option<String>,
    /// A refusal with these words.
    refused: Option<String>,
}

#[test]
fn what_was_read_wrongly_is_right_or_refused() {
    let cases: Vec<Case> = serde_json::from_slice(&bytes("rows.json")).expect("the table of cases");
    assert!(cases.len() >= 27);
    let (all, refusals) = (cases.len(), cases.iter().filter(|case| case.refused.is_some()).count());
    for Case { folder, model: model_file, file, options: said, margins, predictions, refused } in cases {
        let place = format!("{folder}/{file} {said:?}");
        let model = model(&if model_file == "diabetes" { model_file } else { format!("{folder}/{model_file}") });
        let bytes = bytes(&format!("{folder}/{file}"));
        let (mut options, mut sheet) = (Options::default(), None);
        for (name, text) in &said {
            if name == "sheet" {
                sheet = Some(text.as_str());
            } else {
                options.set(name, text).expect("an option");
            }
        }
        let expected = |name: &str| -> Vec<f32> {
            let text = String::from_utf8(self::bytes(&format!("{folder}/{name}"))).expect("text");
            text.lines().map(|line| line.parse().expect("a number")).collect()
        };
        // However the file comes.
        for piece in [3, 7, 1 << 20] {
            let found = text_of(&bytes, piece, sheet, options.clone())
                .map_err(|error| error.to_string())
                .and_then(|(text, options)| block(&text, piece, &model, &options));
            match (&refused, found) {
                (Some(words), Err(message)) => assert!(message.contains(words), "{place}: {message}"),
                (Some(_), Ok(block)) => panic!("{place}: read as {:?}", block.values),
                (None, Err(message)) => panic!("{place}: {message}"),
                (None, Ok(Block { values, base_margins, .. })) => {
                    if let Some(name) = predictions.as_ref().filter(|_| !base_margins.is_empty()) {
                        let found = model.predict_many_from(&values, &base_margins).expect("rows").into_single();
                        assert_eq!(found, expected(name), "{place}");
                        continue;
                    }
                    if let Some(name) = &margins {
                        assert_eq!(model.margins_many(&values).expect("rows").into_single(), expected(name), "{place}");
                    }
                    if let Some(name) = &predictions {
                        assert_eq!(model.predict_many(&values).expect("rows").into_single(), expected(name), "{place}");
                    }
                    assert!(margins.is_some() || predictions.is_some(), "{place}");
                }
            }
        }
    }
    println!("seen misread: {all} files: {} right, {refusals} refused with the option that decides", all - refusals);
}

/// What a plan leaves open, or refuses, of a file for the shipped model.
fn refused(file: &str, options: &Options) -> String {
    values(file.as_bytes(), 1 << 20, wardian::diabetes(), options).expect_err(file)
}

const NAMES: &str =
    "times_pregnant,glucose,blood_pressure,skin_fold_thick,serum_insulin,mass_index,diabetes_pedigree,age";
const ROW: &str = "1,106,70,28,135,34.2,0.142,22";

#[test]
fn what_is_doubtful_names_what_decides() {
    let none = Options::default();
    for (file, words) in [
        // Titles above the names.
        (format!("Patients of March\n\n{NAMES}\n{ROW}\n"), "line 3 does: --skip 2 begins there"),
        // A unit that nobody knows.
        (
            format!("{}\n{ROW}\n", NAMES.replace("glucose", "glucose (g/dL)")),
            "\"g/dL\" is no unit of glucose that is known: mg/dL, mmol/L are",
        ),
        (format!("{}\n{ROW}\n", NAMES.replace("age", "years")), "no column is called \"age\""),
        (format!("{ROW};x\n"), "--header yes or no decides"),
        ("1;106;70;28;135;34,2;0.142;22\n".to_owned(), "--decimal , or . decides"),
        ("1;1,106;70;28;135;34;0;22\n".to_owned(), "--decimal , or --thousands , decides"),
        ("1,106,70,28,135,high,0.142,22\n".to_owned(), "--header yes or no decides"),
        (format!("{NAMES}\n\"1,106\n{ROW}\n"), "line 2: a quote is not closed"),
        (format!("{NAMES}\n{ROW},7\n"), "line 2: the line has 9 fields, more than the 8"),
        (format!("{NAMES}\n\n\n1,106\n"), "line 4: the line has 2 fields, fewer than the 8"),
        (String::new(), "no rows"),
        ("\0\0\0\0".to_owned(), "no text"),
    ] {
        let message = refused(&file, &none);
        assert!(message.contains(words), "{file:?}: {message}");
    }
    let option = |feature: &str, value: &str| vec![(feature.to_owned(), value.to_owned())];
    for (options, words) in [
        (Options { columns: option("sugar", "glucose"), ..Options::default() }, "sugar: no such feature"),
        (Options { columns: option("age", "years"), ..Options::default() }, "age: no column is called \"years\""),
        (Options { columns: option("age", "#9"), ..Options::default() }, "age: no column is called \"#9\""),
        (Options { units: option("age", "lb"), ..Options::default() }, "\"lb\" is no unit of age that is known"),
    ] {
        let message = refused(&format!("{NAMES}\n{ROW}\n"), &options);
        assert!(message.contains(words), "{message}");
    }
    let twice = Options { columns: option("age", "glucose"), ..Options::default() };
    let message = refused(&format!("{NAMES}\n{ROW}\n"), &twice);
    assert!(message.contains("column #2 is taken for \"glucose\" and for \"age\""), "{message}");
    // A line is counted whatever ends it.
    for ending in ["\n", "\r", "\r\n"] {
        let file = format!("{NAMES}{ending}{ROW}{ending}{ending}1,1e300,70,28,135,34.2,0.142,22");
        let message = refused(&file, &none);
        assert_eq!(message, "line 4, glucose: \"1e300\" is beyond the range of a 32-bit float");
    }
    // A row with a cell more may begin one early, as R's do, and its last cell be empty.
    let message = refused(&format!("{NAMES},outcome\n1,{ROW},\n"), &none);
    assert!(
        message.contains("10 fields, more than the 9 that the header names (a column of row names needs a name"),
        "{message}"
    );
    let titled = format!("Patients of March\r\n\r\n{NAMES}\r\n{ROW}\r\n");
    let skip = Options { skipped_lines: Some(2), ..Options::default() };
    assert_eq!(values(titled.as_bytes(), 1, wardian::diabetes(), &skip).expect("rows").len(), 8);
}

/// What a stranger found who tried to break it.
#[test]
fn files_as_people_have_them_are_right_or_refused() {
    let option = |feature: &str, value: &str| vec![(feature.to_owned(), value.to_owned())];
    let read = |file: &str, options: &Options| {
        let values = values(file.as_bytes(), 5, wardian::diabetes(), options)?;
        Ok::<_, String>(wardian::diabetes().predict_many(&values).expect("rows").into_single())
    };
    let example = Ok(vec![0.104_552_12]);
    // A column that is said keeps the unit in its name.
    let months = format!("{}\n{}\n", NAMES.replace("age", "age (months)"), ROW.replace(",22", ",264"));
    for column in ["age (months)", "#8"] {
        assert_eq!(read(&months, &Options { columns: option("age", column), ..Options::default() }), example);
    }
    let german = format!("{}\n{}\n", NAMES.replace("glucose", "Glukose (mmol/L)"), ROW.replace("106", "5.9"));
    assert_eq!(read(&german, &Options { columns: option("glucose", "#2"), ..Options::default() }), example);
    let unnamed = refused(&german, &Options::default());
    assert!(unnamed.contains("the columns are \"times_pregnant\", \"Glukose (mmol/L)\""), "{unnamed}");
    let both = format!(
        "{}\n5.9,{ROW}\n",
        NAMES.replace("times", "Glucose (mmol/L),times").replace(",glucose", ",Glucose (mg/dL)")
    );
    for column in ["#1", "#3"] {
        let options = Options { columns: option("glucose", column), ..Options::default() };
        assert_eq!(read(&both, &options), example, "{column}");
    }
    let monate = months.replace("months", "Monate");
    let said = Options { columns: option("age", "#8"), ..Options::default() };
    assert!(refused(&monate, &said).contains("\"Monate\" is no unit of age that is known: years are"));
    // The model's own unit changes nothing.
    let fraction = format!("{NAMES}\n{}\n", ROW.replace(",22", ",28.5"));
    let years = Options { units: option("age", "years"), ..Options::default() };
    assert_eq!(read(&fraction, &years), read(&fraction, &Options::default()));
    // No header and more columns than features: which are they?
    let outcome = format!("{ROW},0\n{ROW},1\n");
    assert!(refused(&outcome, &Options::default()).contains("has 9 columns, and the model has 8 features: --column"));
    let columns =
        NAMES.split(',').enumerate().map(|(place, name)| (name.to_owned(), format!("#{}", place + 1))).collect();
    assert_eq!(read(&outcome, &Options { columns, ..Options::default() }), Ok(vec![0.104_552_12; 2]));
    // A number that means "not measured".
    let coded = format!("{NAMES}\n{}\n", ROW.replace("135", "-999"));
    let said = Options { missing: Some(vec!["-999".to_owned()]), ..Options::default() };
    assert_eq!(read(&coded, &said), read(&coded.replace("-999", ""), &Options::default()));
    // Quotes that are characters.
    for notes in [["\"fasting", "", "bmi 34\""], ["\"fasting", "6\" scar", ""]] {
        let rows: Vec<String> = notes.iter().map(|note| format!("{ROW},{note}")).collect();
        for file in [format!("{NAMES},note\n{}\n", rows.join("\n")), format!("note,{NAMES}\n{}\n", rows.join("\n"))] {
            let message = refused(&file, &Options::default());
            assert!(
                message.contains("line 2: a quote opens a cell that holds whole rows") || message.contains("fields"),
                "{message}"
            );
        }
    }
    let note = format!("{NAMES},note\n{ROW},\"two\nlines, and a comma\"\n");
    assert_eq!(read(&note, &Options::default()), example);
    // Rows of nothing.
    let blank = refused(&format!("{NAMES}\n{ROW}\n,,,,,,,\n"), &Options::default());
    assert!(blank.contains("line 3: no feature has a value"), "{blank}");
    let unknown = format!("{NAMES}\nNA,NA,NA,NA,NA,NA,NA,NA\n");
    assert_eq!(read(&unknown, &Options::default()).map(|answers| answers.len()), Ok(1));
    // Nothing at all, and a great deal to pass over.
    for file in ["", NAMES, ROW] {
        let options = Options { skipped_lines: Some(usize::MAX), ..Options::default() };
        assert!(refused(file, &options).contains("no rows"));
    }
    // Thousands as Germans write them.
    let german = ROW.replace(',', ";").replace("0.142", "1.142").replace("34.2", "34").replace("106", "1.106");
    assert!(refused(&german, &Options::default()).contains("--decimal . or --thousands . decides"));
    let thousands = Options { thousands: Some('.'), ..Options::default() };
    let values = values(german.as_bytes(), 9, wardian::diabetes(), &thousands).expect("a row");
    assert_eq!((values[1], values[6]), (1106.0, 1142.0));
    let none = Options { absent: true, ..Options::default() };
    assert!(refused("a,b\n1,2\n", &none).contains("no column is called \"times_pregnant\", and the columns are"));
}

/// A model of features of these names that no tree asks for.
fn without_trees(names: impl Iterator<Item = String>) -> Model {
    let schema = wardian::Schema::of_names(names).expect("a schema");
    let forest = wardian::Forest::new(wardian::Parts {
        columns: Vec::new(),
        nodes: Vec::new(),
        leaves: Vec::<f32>::new().into(),
        tree_outputs: Vec::new(),
        base_margins: vec![0.0_f32].into(),
        base: wardian::Base::First,
        link: wardian::Link::Identity,
        dialect: Default::default(),
    });
    Model::new(schema, forest.expect("no trees")).expect("a model")
}

#[test]
fn files_of_one_column_and_of_no_names_are_told_apart() {
    let model = |names: &[&str]| without_trees(names.iter().map(|&name| name.to_owned()));
    let count = |names: &[&str], file: &str| {
        values(file.as_bytes(), 3, &model(names), &Options::default()).map(|values| values.len() / names.len())
    };
    assert_eq!(count(&["a"], "a\n1.5\n-0.5\n\n"), Ok(2));
    assert_eq!(count(&["a"], "a\r\n1.5\r\n\"\"\r\n-0.5\r\n"), Ok(3));
    let message = count(&["a"], "a\n1.5\n\n-0.5\n").expect_err("a row or none");
    assert!(message.starts_with("line 3: an empty line"), "{message}");
    for first in ["2019,2020,2021", "350.0,350.5,351.0", "0,1,2", ",0,1", "?,?,?", ".,,NA"] {
        let message = count(&["f0", "f1", "f2"], &format!("{first}\n1.5,,2\n")).expect_err(first);
        assert!(message.contains("--header yes or no decides"), "{first}: {message}");
    }
    let message = count(&["f0", "f1", "f2"], ",x,y\n0,1.5,2\n").expect_err("an index");
    assert!(message.contains("the first column has no name"), "{message}");
    assert_eq!(count(&["f0", "f1", "f2"], "1.5,7,2\n2.5,,3\n"), Ok(2));
    assert_eq!(count(&["f0", "f1", "f2"], "x,y,z\n2.5,,3\n"), Ok(1));
}

#[test]
fn names_that_are_numbers_are_told_from_rows() {
    let names = |count: usize| without_trees((0..count).map(|index| index.to_string()));
    let read = |file: &str, count| values(file.as_bytes(), 99, &names(count), &Options::default());
    assert_eq!(read("0,1,2\n5,6,7\n", 3), Ok(vec![5.0, 6.0, 7.0]));
    assert_eq!(read("5,6,7\n0,1,2\n", 3), Ok(vec![5.0, 6.0, 7.0, 0.0, 1.0, 2.0]));
    for row in ["1,0,1\n", "2,1,0\n", "7,1,9\n"] {
        let message = read(row, 3).expect_err("names or a row");
        assert!(message.contains("--header yes or no decides"), "{message}");
    }
    // Tens of thousands of columns take no longer than their bytes.
    let wide: Vec<String> = (0..60_000).map(|index| index.to_string()).collect();
    assert_eq!(read(&format!("{0}\n{0}\n", wide.join(",")), 60_000).expect("a row").len(), 60_000);
}

#[test]
fn a_plan_that_was_kept_is_for_its_model_and_its_file() {
    let (schema, vocabulary) = (wardian::diabetes().schema(), diabetes_vocabulary());
    let file = format!("{NAMES}\n{ROW}\n");
    let plan = Plan::new(file.as_bytes(), true, schema, &vocabulary, &Options::default()).expect("a plan");
    let other = model("true-false/model.json");
    let error = plan.check(other.schema()).expect_err("another model").to_string();
    assert!(error.contains("the plan is for 8 features, and the model has 2"), "{error}");
    let mut reader = Reader::new(&plan, schema).expect("a reader");
    let mut block = Block::default();
    reader.read(file.replace("glucose", "sugar").as_bytes(), true, &mut block);
    let fault = block.fault.expect("another header").to_string();
    assert_eq!(fault, "line 1: the header names other columns than the plan does");
    for (from, to) in
        [("\"decimal\":\".\"", "\"decimal\":\"x\""), ("\"column\":7", "\"column\":8"), ("\"age\"", "\"old\"")]
    {
        let text = serde_json::to_string(&plan).expect("JSON").replacen(from, to, 9);
        let spoilt: Plan = serde_json::from_str(&text).expect("a plan");
        assert!(spoilt.check(schema).is_err(), "{from}");
    }
}

/// The values and base margins of a file for the model of `base-margin`, whose features are `f0`, `f1`, `f2`, or why it is
/// refused.
fn with_base_margins(file: &str, columns: &[&str], more: Options) -> Result<(Vec<f64>, Vec<f32>), String> {
    let model = model("base-margin/model.json");
    let base_margins = columns.iter().map(|&name| name.to_owned()).collect();
    let options = Options { base_margins, ..more };
    let plan = Plan::new(file.as_bytes(), true, model.schema(), &Vocabulary::default(), &options)
        .map_err(|error| error.to_string())?;
    plan.settled().map_err(|error| error.to_string())?;
    assert!(plan.notes.iter().all(|note| note.code != "passed_over"), "{:?}", plan.notes);
    let kept: Plan = serde_json::from_str(&serde_json::to_string(&plan).expect("JSON")).expect("a plan");
    assert_eq!(kept.base_margins.len(), columns.len());
    let mut reader = Reader::new(&kept, model.schema()).map_err(|error| error.to_string())?;
    let mut block = Block::default();
    reader.read(file.as_bytes(), true, &mut block);
    assert_eq!(block.values.len() * columns.len(), block.base_margins.len() * 3, "a row's, or none");
    block.fault.map_or(Ok((block.values, block.base_margins)), |fault| Err(fault.to_string()))
}

#[test]
fn base_margins_are_columns_that_are_said() {
    let none = Options::default;
    let both = Ok((vec![1.0, 2.0, 3.0], vec![0.25]));
    assert_eq!(with_base_margins("f0,f1,m,f2\n1,2,.25,3\n", &["m"], none()), both);
    assert_eq!(with_base_margins("f0,f1,m,f2\n1,2,.25,3\n", &[" m "], none()), both);
    assert_eq!(with_base_margins("f0,f1,m,f2\n1,2,.25,3\n", &["#3"], none()), both);
    // Columns without names are the features' in their order, but for this one.
    assert_eq!(with_base_margins("0.25,1,2,3\n", &["#1"], none()), both);
    assert_eq!(with_base_margins("a,b,c,d\n1,2,0.25,3\n", &["c"], none()), both);
    let two = Ok((vec![1.0, 2.0, 3.0], vec![-7.0, 0.25]));
    assert_eq!(with_base_margins("f0,m,f1,n,f2\n1,.25,2,-7,3\n", &["n", "m"], none()), two);
    // A file's signs are its base margins', too, and tell of them.
    assert_eq!(with_base_margins("f0;f1;f2;m\n1;2;3;0,25\n", &["m"], none()), both);
    let thousands = Options { thousands: Some(','), ..none() };
    let read = with_base_margins("f0;f1;f2;m\n1;2;3;1,000.5\n", &["m"], thousands);
    assert_eq!(read, Ok((vec![1.0, 2.0, 3.0], vec![1000.5])));
    for (file, columns, message) in [
        ("f0,f1,f2,m\n1,2,3,4\n1,2,3,\n", &["m"][..], "line 3: the base margin, \"\", is missing"),
        ("f0,f1,f2,m\n1,2,3,NA\n", &["m"], "line 2: the base margin, \"NA\", is missing, and each row needs one"),
        ("f0,f1,f2,m\n1,2,3,x\n", &["m"], "line 2: the base margin, \"x\", is not a number"),
        ("f0,f1,f2,m\n1,2,3,True\n", &["m"], "line 2: the base margin, \"True\", is not a number"),
        ("f0,f1,f2,m\n1,2,3,inf\n", &["m"], "line 2: the base margin, \"inf\", is not a finite"),
        ("f0,f1,f2,m\n1,2,3,1e39\n", &["m"], "line 2: the base margin, \"1e39\", is not a finite"),
        ("f0,f1,f2,m\n1,2,3,4\n", &["n"], "--base-margin: no column is called \"n\""),
        ("f0,f1,f2,m\n1,2,3,4\n", &["#5"], "--base-margin: no column is called \"#5\""),
        ("f0,f1,f2,m,m\n1,2,3,4,5\n", &["m"], "--base-margin: several columns are called \"m\""),
        ("f0,f1,f2,m\n1,2,3,4\n", &["m", "#4"], "--base-margin: two base margins are called \"#4\""),
        ("f0,f1,f2\n1,2,3\n", &["f1"], "column #2 is taken for a base margin and for \"f1\""),
        ("1,5,3\n", &["#1"], "line 1, f2: 4 values are needed, 3 given"),
        ("1,5,3,4,9\n", &["#1"], "4 columns beside the base margins, and the model has 3 features"),
    ] {
        let error = with_base_margins(file, columns, none()).expect_err(file);
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn a_plan_that_was_kept_before_there_were_base_margins_is_read() {
    let model = model("base-margin/model.json");
    let options = Options { base_margins: vec!["m".to_owned()], ..Options::default() };
    let new = |options: &Options| {
        let start = b"f0,f1,f2,m\n1,2,3,4\n";
        Plan::new(start, true, model.schema(), &Vocabulary::default(), options).expect("a plan")
    };
    assert!(!serde_json::to_string(&new(&Options::default())).expect("JSON").contains("base_margins"));
    let text = serde_json::to_string(&new(&options)).expect("JSON");
    assert!(text.contains("\"base_margins\":[3]"), "{text}");
    for spoilt in ["[4]", "[3,3]", "[0]"] {
        let plan: Plan = serde_json::from_str(&text.replace("[3]", spoilt)).expect("a plan");
        assert!(plan.check(model.schema()).expect_err(spoilt).to_string().contains("for a base margin"), "{spoilt}");
    }
}

/// How a file is dressed.
#[derive(Clone, Debug)]
struct Dress {
    delimiter: char,
    comma: bool,
    encoding: usize,
    ending: &'static str,
    header: usize,
    order: Vec<usize>,
    quoted: bool,
    spaces: bool,
    extra: bool,
    mmol: bool,
    months: bool,
    missing: &'static str,
    decimals: bool,
    rows: Vec<[u16; 8]>,
    piece: usize,
}

fn dress() -> impl Strategy<Value = Dress> {
    let signs = (
        prop::sample::select(&[',', ';', '\t', '|'][..]),
        any::<bool>(),
        0_usize..5,
        prop::sample::select(&["\n", "\r\n", "\r"][..]),
    );
    let names =
        (0_usize..6, Just((0..8).collect::<Vec<_>>()).prop_shuffle(), any::<bool>(), any::<bool>(), any::<bool>());
    let units =
        (any::<bool>(), any::<bool>(), prop::sample::select(&["", "NA", "NULL", "nan", "#N/A", "None", "n/a"][..]));
    let rows = (any::<bool>(), prop::collection::vec(any::<[u16; 8]>(), 1..40), 1_usize..200);
    (signs, names, units, rows).prop_map(|(signs, names, units, rows)| Dress {
        delimiter: signs.0,
        comma: signs.1 && signs.0 != ',',
        encoding: signs.2,
        ending: signs.3,
        header: names.0,
        order: names.1,
        quoted: names.2,
        spaces: names.3,
        extra: names.4,
        mmol: units.0,
        months: units.1,
        missing: units.2,
        decimals: rows.0,
        rows: rows.1,
        piece: rows.2,
    })
}

/// Other names of the eight features.
const OTHER: [[&str; 8]; 3] = [
    [
        "Times Pregnant",
        "GLUCOSE",
        "Blood Pressure",
        "Skin Fold Thick",
        "serum-insulin",
        "Mass index",
        "Diabetes Pedigree",
        "Age",
    ],
    ["Pregnancies", "Glucose", "BloodPressure", "SkinThickness", "Insulin", "BMI", "DiabetesPedigreeFunction", "Age"],
    ["怀孕次数", "血糖", "血压", "皮褶厚度", "胰岛素", "体重指数", "家族史评分", "年龄"],
];

impl Dress {
    fn has_header(&self) -> bool {
        self.header < 5
    }

    /// The values that are meant, `None` for one that is missing.
    fn meant(&self) -> Vec<[Option<f64>; 8]> {
        const HIGHEST: [f64; 8] = [17.0, 200.0, 120.0, 99.0, 846.0, 67.0, 2.4, 81.0];
        let value = |feature: usize, draw: u16| {
            if draw.is_multiple_of(9) {
                return None;
            }
            let share = f64::from(draw) / f64::from(u16::MAX) * HIGHEST[feature];
            Some(match feature {
                5 if self.decimals => (share * 10.0).round() / 10.0,
                6 if self.decimals => (share * 1000.0).round() / 1000.0,
                _ => share.ceil(),
            })
        };
        self.rows.iter().map(|draws| std::array::from_fn(|feature| value(feature, draws[feature]))).collect()
    }

    fn text(&self) -> String {
        let mut text = String::new();
        // Without names the order is the model's.
        let order: Vec<usize> = if self.has_header() { self.order.clone() } else { (0..8).collect() };
        let with_units = self.has_header() && self.header != 0;
        let mut line = |cells: Vec<String>, is_name: bool| {
            let dressed: Vec<String> = cells
                .into_iter()
                .map(|cell| {
                    let cell = if self.spaces && !is_name { format!(" {cell} ") } else { cell };
                    let needs = cell.contains(['"', self.delimiter, '\n', '\r']);
                    if needs || self.quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
                })
                .collect();
            write!(text, "{}{}", dressed.join(&self.delimiter.to_string()), self.ending).expect("a text");
        };
        if self.has_header() {
            let mut names: Vec<String> = order
                .iter()
                .map(|&feature| {
                    let name = match self.header {
                        0 => return NAMES.split(',').nth(feature).expect("a name").to_owned(),
                        1 => NAMES.split(',').nth(feature).expect("a name"),
                        other => OTHER[other - 2][feature],
                    };
                    match feature {
                        1 if self.mmol => format!("{name} (mmol/L)"),
                        1 if self.months => format!("{name} [mg/dl]"),
                        7 if self.months => format!("{name} (months)"),
                        _ => name.to_owned(),
                    }
                })
                .collect();
            if self.extra {
                names.insert(3, "a note, of \"some\" kind".to_owned());
            }
            line(names, true);
        }
        for row in self.meant() {
            let mut cells: Vec<String> = order
                .iter()
                .map(|&feature| {
                    let Some(value) = row[feature] else { return self.missing.to_owned() };
                    let text = match feature {
                        1 if with_units && self.mmol => format!("{:.2}", value / 18.016),
                        7 if with_units && self.months => (value * 12.0).to_string(),
                        _ => value.to_string(),
                    };
                    if self.comma { text.replace('.', ",") } else { text }
                })
                .collect();
            if self.extra && self.has_header() {
                cells.insert(3, format!("x{}y\"", self.delimiter));
            }
            line(cells, false);
        }
        text
    }

    fn bytes(&self) -> Vec<u8> {
        let text = self.text();
        match self.encoding {
            0 => text.into_bytes(),
            1 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            2 => [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
            3 => [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
            _ => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        }
    }
}

/// How many dresses were read, and how many refused.
static SAME: AtomicUsize = AtomicUsize::new(0);
static REFUSED: AtomicUsize = AtomicUsize::new(0);

/// The same rows in other clothes are the same bits, or refused: never another answer.
#[test]
fn clothes_do_not_make_another_answer() {
    other_clothes_are_the_same_bits_or_refused();
    let (same, refused) = (SAME.load(Ordering::Relaxed), REFUSED.load(Ordering::Relaxed));
    println!("seen dresses: {} dresses: {same} the same bits, {refused} refused", same + refused);
    // Whoever refuses everything makes no other answer either.
    assert!(same > 10 * refused, "{refused} are refused, {same} read");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    fn other_clothes_are_the_same_bits_or_refused(dress in dress()) {
        let model = wardian::diabetes();
        let meant: Vec<f64> = dress.meant().into_iter().flatten().map(|value| value.unwrap_or(f64::NAN)).collect();
        match values(&dress.bytes(), dress.piece, model, &Options::default()) {
            Ok(values) => {
                let bits = |values: &[f64]| -> Vec<u32> {
                    model.margins_many(values).expect("rows").into_single().into_iter().map(f32::to_bits).collect()
                };
                prop_assert_eq!(values.len(), meant.len(), "{}", dress.text());
                prop_assert_eq!(bits(&values), bits(&meant), "{}", dress.text());
                SAME.fetch_add(1, Ordering::Relaxed);
            }
            // A sign that all numbers have before three digits may be either; a row of empty cells may be none.
            Err(message) => {
                let is_thousands = ["--decimal , or --thousands , decides", "--decimal . or --thousands . decides"]
                    .iter()
                    .any(|words| message.contains(words));
                let is_empty = message.contains("no feature has a value") && dress.missing.is_empty();
                prop_assert!(is_thousands || is_empty, "{}\n{}", message, dress.text());
                REFUSED.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
