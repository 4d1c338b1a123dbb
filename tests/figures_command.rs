//! `wardian figures`, run as a user runs it.

mod binary;

use std::fs;
use std::path::{Path, PathBuf};

use binary::{stderr, stdout, wardian};
use serde_json::Value;

const MODEL: &str = "models/diabetes/diabetes.wardian";
const DATA: &str = "models/diabetes/pima-indians-diabetes.csv";

/// A new folder for one test's files.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

fn told(arguments: &[&str]) -> Value {
    let output = wardian(&[&["figures"], arguments, &["--json"]].concat());
    serde_json::from_str(&stdout(&output)).expect("JSON")
}

fn fault(arguments: &[&str]) -> String {
    let output = wardian(&[&["figures"], arguments].concat());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    stderr(&output)
}

#[test]
fn figures_are_told_in_words_and_in_json() {
    let text = stdout(&wardian(&["figures", MODEL, "--data", DATA, "--label", "diabetes"]));
    for wanted in [
        "768 rows: rows that you gave; if the model was trained on them these figures flatter it",
        "positive           268",
        "AUC                0.890604 (0.867649 to 0.91356)",
        "calibration        0.0",
        "Venn-Abers gives each risk a range",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let document =
        told(&[MODEL, "--data", DATA, "--label", "diabetes", "--threshold", "0.3", "--group", "times_pregnant"]);
    let confusion = &document["figures"]["all"]["risk"]["confusion"];
    assert_eq!(confusion["threshold"], 0.3);
    let told_positive = ["true_positive", "false_positive"].map(|name| confusion[name].as_u64().expect("a count"));
    let labels = fs::read_to_string(DATA).expect("rows");
    let labels = labels.lines().skip(1).map(|line| line.ends_with(",1"));
    let answers = stdout(&wardian(&["predict", "--csv", DATA]));
    let answers = answers.lines().map(|answer| answer.parse::<f32>().expect("a number") >= 0.3);
    let (right, wrong): (Vec<bool>, Vec<bool>) =
        labels.zip(answers).filter(|(_, is_told)| *is_told).map(|(is_positive, _)| is_positive).partition(|is| *is);
    assert_eq!(told_positive, [right.len() as u64, wrong.len() as u64]);
    assert_eq!(document["figures"]["groups"].as_array().expect("groups").len(), 17);
    assert_eq!(document["certainty"]["rows"], 768);
    assert_eq!(document["not_known"], Value::Null);
}

#[test]
fn labels_of_two_texts_are_told_with_the_positive_one() {
    let folder = folder("figures-texts");
    let csv = fs::read_to_string(DATA).expect("rows");
    let texts: Vec<String> = csv
        .lines()
        .map(|line| match line.rsplit_once(',') {
            Some((values, "1")) => format!("{values},sick"),
            Some((values, "0")) => format!("{values},well"),
            _ => line.to_owned(),
        })
        .collect();
    let file = written(&folder, "texts.csv", &texts.join("\n"));
    let own = told(&[MODEL, "--data", DATA, "--label", "diabetes"]);
    assert_eq!(told(&[MODEL, "--data", &file, "--label", "diabetes", "--positive", "sick"]), own);
    let which = fault(&[MODEL, "--data", &file, "--label", "diabetes"]);
    assert!(which.contains("row 1: the label \"sick\"") && which.contains("--positive says which one is 1"), "{which}");
    let none = fault(&[MODEL, "--data", &file, "--label", "diabetes", "--positive", "ill"]);
    assert!(none.contains("is neither \"ill\" nor"), "{none}");
    let number = fault(&["models/petal/petal.lightgbm.txt", "--data", &file, "--label", "x", "--positive", "sick"]);
    assert!(number.contains("--positive: it is of the labels of a risk"), "{number}");
}

#[test]
fn every_kind_of_file_tells_the_same() {
    let folder = folder("figures-files");
    let own = told(&[MODEL, "--data", DATA, "--label", "diabetes"]);
    let csv = fs::read_to_string(DATA).expect("rows");
    let mut lines = csv.lines();
    let names: Vec<&str> = lines.next().expect("names").split(',').collect();
    let object = |line: &str| {
        let members: Vec<String> =
            names.iter().zip(line.split(',')).map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}\n", members.join(","))
    };
    let json: String = lines.map(object).collect();
    let json = written(&folder, "rows.jsonl", &json);
    assert_eq!(told(&[MODEL, "--data", &json, "--label", "diabetes"]), own);
    let semicolons = written(&folder, "rows.csv", &csv.replace(',', ";"));
    assert_eq!(told(&[MODEL, "--data", &semicolons, "--label", "diabetes"]), own);
    #[cfg(feature = "columnar")]
    {
        let parquet = folder.join("rows.parquet").to_str().expect("UTF-8").to_owned();
        stdout(&wardian(&["predict", "--model", MODEL, "--csv", DATA, "--with-rows", "-o", &parquet]));
        assert_eq!(told(&[MODEL, "--data", &parquet, "--label", "diabetes"]), own);
    }
}

#[test]
fn a_case_has_its_own_words_for_columns_and_classes() {
    let golden = fs::read_to_string("models/wine/golden.csv").expect("rows");
    let folder = folder("figures-wine");
    let mut lines = golden.lines();
    let header = lines.next().expect("names");
    let class_columns: Vec<&str> =
        header.split(',').filter(|name| ["barbera", "barolo", "grignolino"].contains(name)).collect();
    assert_eq!(class_columns.len(), 3, "{header}");
    // What the trainer holds most likely, every tenth row another.
    let labelled: String = lines
        .enumerate()
        .map(|(row, line)| {
            let cells: Vec<&str> = line.split(',').collect();
            let share = |name: &str| {
                let place = header.split(',').position(|own| own == name).expect("a column");
                cells[place].parse::<f64>().expect("a number")
            };
            let best =
                class_columns.iter().copied().max_by(|one, other| share(one).total_cmp(&share(other))).expect("one");
            let label = if row % 10 == 0 { class_columns[(row / 10) % 3] } else { best };
            format!("{line},{label}\n")
        })
        .collect();
    let rows = written(&folder, "rows.csv", &format!("{header},seen\n{labelled}"));
    let document = told(&["models/wine", "--data", &rows, "--label", "seen"]);
    let classes = &document["figures"]["all"]["classes"];
    assert_eq!(classes["classes"], serde_json::json!(["barbera", "barolo", "grignolino"]));
    let accuracy = classes["accuracy"]["value"].as_f64().expect("a number");
    assert!((0.9..1.0).contains(&accuracy), "{accuracy}");
    assert_eq!(document["certainty"]["sets"][0]["level"], 80);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let folder = folder("figures-faults");
    let missing = fault(&[MODEL, "--data", DATA, "--label", "sick"]);
    assert!(missing.contains(&format!("{DATA}: there is no column \"sick\", but \"times_pregnant\"")), "{missing}");
    let names =
        "times_pregnant,glucose,blood_pressure,skin_fold_thick,serum_insulin,mass_index,diabetes_pedigree,age,y\n";
    let row = "1,106,70,28,135,34.2,0.142,22";
    let faulty = written(&folder, "label.csv", &format!("{names}{row},0\n{row},\n"));
    let said = fault(&[MODEL, "--data", &faulty, "--label", "y"]);
    assert_eq!(said, format!("wardian: {faulty}: row 2: it has no label: only rows with one tell anything\n"));
    let unread = written(&folder, "row.csv", &format!("{names}{row},0\n1,x,70,28,135,34.2,0.142,22,1\n"));
    assert!(fault(&[MODEL, "--data", &unread, "--label", "y"]).contains(": line 3: glucose: \"x\" is not a number"));
    let answers = written(&folder, "answers.csv", &format!("{names}{row},0.10455212\n"));
    assert!(fault(&[MODEL, "--data", &answers, "--label", "y"]).contains("are these the model's answers?"));
    let empty = written(&folder, "empty.csv", names);
    assert!(fault(&[MODEL, "--data", &empty, "--label", "y"]).contains("the file has no rows"));
    assert!(
        fault(&[MODEL, "--data", DATA, "--label", "diabetes", "--threshold", "3"])
            .contains("the threshold 3 is no probability")
    );
    assert!(
        fault(&[MODEL, "--data", DATA, "--label", "diabetes", "--kind", "score"]).contains("the answer is score: ")
    );
    let few = written(&folder, "few.csv", &format!("{names}{row},0\n{row},1\n"));
    let few = told(&[MODEL, "--data", &few, "--label", "y"]);
    assert_eq!(few["certainty"], Value::Null);
    assert_eq!(few["not_known"], "2 rows are too few to tell how sure an answer is: 30 are the fewest");
}
