//! Freshly trained models: our margins beside XGBoost's. Run by `cargo xtask oracle`, which trains them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wardian::{format, import};

fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("WARDIAN_ORACLE").expect("cargo xtask oracle sets WARDIAN_ORACLE"))
}

/// A file of raw little-endian 32-bit floats.
fn floats(path: &Path) -> Vec<f32> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (values, rest) = bytes.as_chunks();
    assert!(rest.is_empty(), "{}", path.display());
    values.iter().map(|&value| f32::from_le_bytes(value)).collect()
}

#[test]
#[ignore = "needs the models that cargo xtask oracle trains"]
fn every_margin_is_xgboosts_bit_for_bit() {
    let folder = folder();
    let manifest: Value =
        serde_json::from_slice(&fs::read(folder.join("manifest.json")).expect("the manifest")).expect("JSON");
    let manifest = manifest.as_array().expect("a list of models");
    assert!(manifest.len() >= 50, "{} models", manifest.len());
    let (mut margins, mut probabilities, mut different_probabilities) = (0_usize, 0_usize, 0_usize);
    for entry in manifest {
        let text = |name: &str| entry[name].as_str().expect(name);
        let place = |kind: &str| folder.join(format!("{}.{kind}", text("name")));
        let bytes = fs::read(folder.join(text("file"))).expect("a model");
        let imported = import::read(&bytes).unwrap_or_else(|error| panic!("{entry}: {error}"));
        // What is compared is what users run: the model after a round through our own format.
        let model = format::read(&format::write(&imported)).unwrap_or_else(|error| panic!("{entry}: {error}"));
        let width = entry["columns"].as_u64().expect("columns") as usize;
        let (rows, theirs) = (floats(&place("rows")), floats(&place("margins")));
        assert_eq!(rows.len(), theirs.len() * width, "{entry}");
        for (index, (row, theirs)) in rows.chunks_exact(width).zip(theirs).enumerate() {
            let row = model
                .schema()
                .row_from_values(row.iter().map(|&value| f64::from(value)).collect())
                .unwrap_or_else(|error| panic!("{entry}: {error}"));
            let ours = model.margin(&row);
            assert_eq!(ours.to_bits(), theirs.to_bits(), "row {index}: ours {ours}, XGBoost's {theirs}\n{entry}");
            margins += 1;
        }
        let values = model.predict_many(&rows).expect("whole rows of finite values");
        for (ours, theirs) in values.iter().zip(floats(&place("probabilities"))) {
            let apart = ours.to_bits().abs_diff(theirs.to_bits());
            assert!(apart <= 1, "{apart} units apart: ours {ours:e}, XGBoost's {theirs:e}\n{entry}");
            different_probabilities += apart as usize;
            probabilities += 1;
        }
    }
    println!(
        "{} models, {margins} margins: 0 different; {probabilities} probabilities: {different_probabilities} different",
        manifest.len()
    );
    assert!(margins >= 1_000_000, "{margins} margins");
}
