//! Small files of other trainers, kept, beside what their trainers answered: `tests/oracle/trainers/kept.py` writes both. The oracle asks far
//! more; this asks without Python.

use std::collections::BTreeMap;

use serde::Deserialize;
use wardian::{Numbers, import};

const FOLDER: &str = "tests/golden/others";

#[derive(Deserialize)]
struct Kept {
    /// None for what is missing.
    rows: Vec<Vec<Option<f64>>>,
    /// The bits of each number, of the trainer's own type.
    answers: Vec<Vec<String>>,
}

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
    let kept: BTreeMap<String, Kept> = serde_json::from_slice(&kept).expect("the answers");
    assert!(kept.len() >= 13, "{} files are kept", kept.len());
    for (name, Kept { rows, answers }) in kept {
        let file = std::fs::read(format!("{FOLDER}/{name}")).expect(&name);
        let model = import::read(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        let rows: Vec<f64> = rows.into_iter().flatten().map(|value| value.unwrap_or(f64::NAN)).collect();
        let ours = model.predict_many(&rows).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(bits(&ours), answers.concat(), "{name}");
    }
}
