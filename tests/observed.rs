//! The values that the repository's cases say were observed are those of their rows.

use std::fs;
use std::path::Path;

use wardian::case::{Asked, CASE_FILE, Case, CaseFile, FileOr, Files, RowsFile};

fn case(name: &str, data: Option<&str>) -> Case {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(name);
    let bytes = |file: &str| fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let said = CaseFile::read(&bytes(CASE_FILE)).expect("a case");
    let mut files = Files::new();
    let model = said.model.clone().expect("a model");
    for file in said.files().into_iter().chain([CASE_FILE, &model]) {
        files.add(file, bytes(file)).expect("a name");
    }
    let data = data.map(|file| RowsFile { place: file.to_owned(), bytes: bytes(file), ..RowsFile::default() });
    Case::read(&files, name, &Asked { data, ..Asked::default() }).expect("the case")
}

#[test]
fn what_was_observed_is_what_the_rows_have() {
    for (name, rows) in [("diabetes", "pima-indians-diabetes.csv"), ("petal", "golden.csv"), ("wine", "golden.csv")] {
        let told = case(name, Some(rows)).file.observed.expect("values");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(name).join("observed.json");
        if std::env::var_os("BLESS").is_some() {
            let FileOr::Here(own) = &told else { panic!("{name}: a file") };
            let lines = own.iter().map(|(name, own)| {
                format!("  {}: {}", serde_json::json!(name), serde_json::to_string(own).expect("JSON"))
            });
            let text = format!("{{\n{}\n}}\n", lines.collect::<Vec<_>>().join(",\n"));
            fs::write(&path, text).expect("the values are written");
        }
        assert_eq!(
            case(name, None).file.observed,
            Some(told),
            "{}: BLESS=1 cargo test --features seal --test observed",
            path.display()
        );
    }
}

#[test]
fn what_cannot_have_been_observed_is_said_with_its_place() {
    let fault = |observed: &str| {
        let mut files = Files::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/diabetes/diabetes.ubj");
        files.add("m.ubj", fs::read(folder).expect("a model")).expect("a name");
        let text = format!(r#"{{"model": "m.ubj", "observed": {observed}}}"#);
        files.add(CASE_FILE, text.into_bytes()).expect("a name");
        Case::read(&files, "m", &Asked::default()).expect_err(observed).to_string()
    };
    for (observed, wanted) in [
        (r#"{"x": {"values": [1], "counts": [1]}}"#, "case.json, observed.x: the model has no such feature"),
        (
            r#"{"age": {"values": [1, 2], "counts": [1]}}"#,
            "case.json, observed.age: there is not one count, of at least 1, for each value",
        ),
        (
            r#"{"age": {"values": [1, 2], "counts": [1, 0]}}"#,
            "case.json, observed.age: there is not one count, of at least 1, for each value",
        ),
        (
            r#"{"age": {"values": [2, 1], "counts": [1, 1]}}"#,
            "case.json, observed.age: its values are not finite numbers in ascending order",
        ),
        (
            r#"{"age": {"values": [1e39], "counts": [1]}}"#,
            "case.json, observed.age: its values are not finite numbers in ascending order",
        ),
        (
            r#""nowhere.json""#,
            "case.json, observed: there is no file \"nowhere.json\" in the folder; is \"case.json\" meant?",
        ),
    ] {
        assert_eq!(fault(observed), wanted);
    }
    assert!(fault(r#"{"age": [1]}"#).starts_with("case.json, observed"));
}
