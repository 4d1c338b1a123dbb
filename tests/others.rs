//! Small files of other trainers, kept, beside what their trainers answered: `tests/oracle/trainers/kept.py` writes both. The oracle asks far
//! more; this asks without Python.

use std::collections::BTreeMap;

use serde_json::Value;
use wardian::{Numbers, import};

const FOLDER: &str = "tests/golden/others";

/// The bits of numbers, as they are kept.
fn bits(numbers: &Numbers) -> Vec<String> {
    match numbers {
        Numbers::Single(numbers) => numbers.iter().map(|number| format!("{:x}", number.to_bits())).collect(),
        Numbers::Double(numbers) => numbers.iter().map(|number| format!("{:x}", number.to_bits())).collect(),
    }
}

#[test]
fn kept_files_answer_as_their_trainers_did() {
    let kept = std::fs::read(format!("{FOLDER}/answers.json")).expect("the answers");
    let kept: BTreeMap<String, Value> = serde_json::from_slice(&kept).expect("the answers");
    assert!(kept.len() >= 13, "{} files are kept", kept.len());
    let (files, mut compared) = (kept.len(), 0);
    for (name, kept) in kept {
        let file = std::fs::read(format!("{FOLDER}/{name}")).expect(&name);
        let model = import::read(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        let lists = |key: &str| kept[key].as_array().into_iter().flatten().filter_map(Value::as_array).flatten();
        // Nothing for what is missing.
        let rows: Vec<f64> = lists("rows").map(|value| value.as_f64().unwrap_or(f64::NAN)).collect();
        // The bits of each number, of the trainer's own type.
        let answers: Vec<&str> = lists("answers").filter_map(Value::as_str).collect();
        let ours = model.predict_many(&rows).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(bits(&ours), answers, "{name}");
        compared += answers.len();
    }
    println!("seen kept: {files} files, {compared} answers: 0 different");
}
