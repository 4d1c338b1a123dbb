//! Every version of XGBoost from 1.0 on: small models that it trained and saved, and what it answered, as exact bits
//! (`tests/oracle/versions.py`). `cargo xtask oracle` asks far more, of the versions that a machine can have.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use wardian::import;

/// The versions, each a folder.
fn versions() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/versions");
    let entries = fs::read_dir(folder).expect("the folder of versions");
    let mut versions: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    versions.sort();
    versions
}

/// A row, and what its version answers.
struct Answer {
    values: Vec<f32>,
    /// The bits of its margins and predictions.
    plain: [String; 2],
    /// Base margins of its own, and the same from these, where the version has an answer.
    own: Option<(Vec<f32>, [String; 2])>,
}

fn answers(text: &str) -> Vec<Answer> {
    let row = |line: &str| {
        let [values, margins, predictions, ref own @ ..] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let value = |text: &str| if text.is_empty() { f32::NAN } else { text.parse().expect("a number") };
        let number = |text: &str| f32::from_bits(u32::from_str_radix(text, 16).expect("bits"));
        let own = match *own {
            [] => None,
            [base_margins, margins, predictions] => {
                Some((base_margins.split(' ').map(number).collect(), [margins, predictions].map(str::to_owned)))
            }
            _ => panic!("{line}"),
        };
        let plain = [margins, predictions].map(str::to_owned);
        Answer { values: values.split(',').map(value).collect(), plain, own }
    };
    text.lines().map(row).collect()
}

fn bits(values: &[f32]) -> String {
    values.iter().map(|value| format!("{:08x}", value.to_bits())).collect::<Vec<_>>().join(" ")
}

#[test]
fn files_of_every_version_are_answered_as_it_answers() {
    let versions = versions();
    assert_eq!(versions.len(), 15, "{versions:?}");
    let (mut names, mut fixed) = (BTreeSet::new(), BTreeSet::new());
    let (mut files, mut compared, mut from_own) = (0, 0, 0);
    for version in &versions {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/versions").join(version);
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let place = format!("{name} of {version}");
            // Since 2.0 no file says what is missing.
            let is_silent = name == "stopped" && version.as_str() >= "2";
            let options = import::Options { missing: is_silent.then_some(-999.0), ..import::Options::default() };
            let bytes = fs::read(&path).expect("a model");
            let read = import::read_noting(&bytes, &options).unwrap_or_else(|error| panic!("{place}: {error}"));
            assert!(read.notes.iter().all(|note| !note.contains("never compared")), "{place}: {:?}", read.notes);
            let notes_stop = read.notes.iter().any(|note| note.contains("stopped early"));
            assert_eq!(notes_stop, name == "stopped", "{place}: {:?}", read.notes);
            let expected = answers(&fs::read_to_string(path.with_extension("answers")).expect("answers"));
            assert!(expected.len() >= 30, "{place}");
            for (row, Answer { values, plain, own }) in expected.iter().enumerate() {
                let margins = read.model.margins_many(values).expect("finite values").into_single();
                let predictions = read.model.predict_many(values).expect("finite values").into_single();
                assert_eq!(&[bits(&margins), bits(&predictions)], plain, "{place}, row {row}: {values:?}");
                compared += margins.len() + predictions.len();
                let Some((base_margins, own)) = own else {
                    let error = read.model.margins_many_from(values, &vec![0.5; margins.len()]).expect_err("fixed");
                    assert!(error.to_string().contains("load and save the model with XGBoost 3.3"), "{error}");
                    fixed.insert((name.clone(), version.clone()));
                    continue;
                };
                let margins = read.model.margins_many_from(values, base_margins).expect("finite values").into_single();
                let predictions =
                    read.model.predict_many_from(values, base_margins).expect("finite values").into_single();
                assert_eq!(&[bits(&margins), bits(&predictions)], own, "{place}, row {row} from {base_margins:?}");
                from_own += margins.len() + predictions.len();
            }
            names.insert(name);
            files += 1;
        }
    }
    assert!(names.len() >= 14 && compared + from_own >= 18_000, "{names:?}, {compared} and {from_own} numbers");
    let count = versions.len();
    println!("seen versions: {files} files of {count} versions, {compared} margins and predictions: 0 different");
    println!("seen base-margins: {from_own} margins and predictions of {count} versions: 0 different");
    let versions = ["1.7.6", "2.0.3", "2.1.4", "3.0.5", "3.1.3", "3.2.0"];
    assert!(fixed.into_iter().eq(versions.map(|version| ("dart".to_owned(), version.to_owned()))));
}

#[test]
fn a_version_that_nobody_compared_is_said_and_one_that_is_none_refused() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/versions/3.4.1/risk.json");
    let text = fs::read_to_string(path).expect("a model");
    let with = |version: &str| text.replace("\"version\":[3,4,1]", version);
    assert_ne!(with(""), text);
    let notes = |text: String| import::read_noting(text.as_bytes(), &import::Options::default()).map(|read| read.notes);
    assert_eq!(notes(text.clone()), Ok(vec![]));
    let note = &notes(with("\"version\":[3,7,0]")).expect("a model")[0];
    assert!(
        note.starts_with("the file was written by XGBoost 3.7, whose answers Wardian was never compared with"),
        "{note}"
    );
    let error = notes(with("\"version\":[4,0,0]")).expect_err("no version that is known");
    assert_eq!(error.to_string(), "the file was written by XGBoost [4, 0, 0]; versions 1 to 3 are read");
}
