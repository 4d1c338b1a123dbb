//! Freshly trained models of every kind: our margins beside XGBoost's. Run by `cargo xtask oracle`, which trains them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wardian::import::Options;
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

/// What was compared of one objective.
#[derive(Default)]
struct Tally {
    models: usize,
    margins: usize,
    predictions: usize,
    /// By one unit in the last place; more is a failure.
    different: usize,
}

fn assert_same(ours: &[f32], theirs: &[f32], place: &str) {
    assert_eq!(ours.len(), theirs.len(), "{place}");
    let different = ours.iter().zip(theirs).filter(|(ours, theirs)| ours.to_bits() != theirs.to_bits()).count();
    let first = ours.iter().zip(theirs).position(|(ours, theirs)| ours.to_bits() != theirs.to_bits());
    if let Some(index) = first {
        panic!(
            "{different} of {} margins differ; number {index}: ours {}, XGBoost's {}\n{place}",
            ours.len(),
            ours[index],
            theirs[index]
        );
    }
}

fn compare(folder: &Path, entry: &Value, tally: &mut Tally) {
    let place = format!("{}: {entry}", folder.display());
    let file = folder.join(entry["file"].as_str().expect("file"));
    let bytes = fs::read(&file).expect("a model");
    let read = |all_trees| {
        let imported = import::read_with(&bytes, &Options { all_trees, ..Options::default() })
            .unwrap_or_else(|error| panic!("{error}\n{place}"));
        // What is compared is what users run: the model after a round through our own format.
        let model = format::read(&format::write(&imported)).unwrap_or_else(|error| panic!("{error}\n{place}"));
        assert!(model == imported, "{place}");
        model
    };
    let answers = |kind: &str| floats(&file.with_extension(kind));
    let (model, rows) = (read(false), answers("rows"));
    let margins = model.margins_many(&rows).unwrap_or_else(|error| panic!("{error}\n{place}"));
    assert_same(&margins, &answers("margins"), &place);
    tally.models += 1;
    tally.margins += margins.len();
    if entry["stopped"] == true {
        let margins = read(true).margins_many(&rows).expect("rows that were answered just now");
        assert_same(&margins, &answers("all"), &place);
        tally.margins += margins.len();
    }
    let (ours, theirs) = (model.predict_many(&rows).expect("the same rows"), answers("predictions"));
    assert_eq!(ours.len(), theirs.len(), "{place}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        let apart = ours.to_bits().abs_diff(theirs.to_bits());
        assert!(apart <= 1, "{apart} units apart: ours {ours:e}, XGBoost's {theirs:e}\n{place}");
        tally.different += apart as usize;
    }
    tally.predictions += ours.len();
}

/// What was explained of one kind.
#[derive(Default)]
struct Explained {
    models: usize,
    contributions: usize,
    /// Beside the largest margin of the model's rows.
    largest: f64,
    worst: String,
    /// Models that XGBoost does not explain.
    refused: usize,
}

impl Explained {
    fn line(&self, kind: &str) -> String {
        let Self { models, contributions, largest, worst, refused } = self;
        format!("{kind:24} {models:>7} {contributions:>13} {largest:>12.1e}  {worst:12} {refused:>7}")
    }
}

/// Our contributions beside XGBoost's, for the first rows.
fn explain(folder: &Path, entry: &Value, explained: &mut BTreeMap<String, Explained>) {
    let place = format!("{}: {entry}", folder.display());
    let mut kinds: Vec<&str> =
        entry["kinds"].as_array().expect("kinds").iter().map(|kind| kind.as_str().expect("a kind")).collect();
    if kinds.is_empty() {
        kinds.push("none of these");
    }
    kinds.extend(["all", entry["objective"].as_str().expect("objective")]);
    let file = folder.join(entry["file"].as_str().expect("file"));
    let model = import::read(&fs::read(&file).expect("a model")).expect("it was read before");
    if !entry["not explained"].is_null() {
        kinds.iter().for_each(|kind| explained.entry((*kind).to_owned()).or_default().refused += 1);
        return;
    }
    // Only of vector leaves do files lack the covers, before 3.1.
    let explainer = model.explainer().unwrap_or_else(|error| panic!("{error}\n{place}"));
    let theirs = floats(&file.with_extension("contributions"));
    let (width, outputs) = (model.schema().features().len(), model.forest().output_count());
    let rows = &floats(&file.with_extension("rows"))[..theirs.len() / ((width + 1) * outputs) * width];
    let ours = explainer.explain_many(rows).unwrap_or_else(|error| panic!("{error}\n{place}"));
    let margins = model.margins_many(rows).expect("the same rows");
    assert_eq!(ours.len(), theirs.len(), "{place}");
    for (parts, &margin) in ours.chunks_exact(width + 1).zip(&margins) {
        let sum: f64 = parts.iter().sum();
        assert!((sum - f64::from(margin)).abs() <= 1e-6, "{sum} is not the margin {margin}\n{place}");
    }
    let scale = margins.iter().fold(0.0_f64, |scale, margin| scale.max(f64::from(margin.abs())));
    let difference = ours.iter().zip(&theirs).map(|(ours, theirs)| (ours - f64::from(*theirs)).abs()).fold(
        0.0,
        |largest: f64, difference| if difference > largest || difference.is_nan() { difference } else { largest },
    );
    let relative = if difference == 0.0 { 0.0 } else { difference / scale };
    if std::env::var_os("WARDIAN_ORACLE_VERBOSE").is_some() {
        println!("{relative:9.1e} {place}");
    }
    for kind in kinds {
        let tally = explained.entry(kind.to_owned()).or_default();
        tally.models += 1;
        tally.contributions += ours.len();
        if tally.worst.is_empty() || relative > tally.largest || relative.is_nan() {
            tally.largest = relative;
            tally.worst = format!(
                "{}/{}",
                folder.file_name().unwrap_or_default().display(),
                file.file_stem().unwrap_or_default().display()
            );
        }
    }
}

#[test]
#[ignore = "needs the models that cargo xtask oracle trains"]
fn contributions_are_xgboosts() {
    let mut explained: BTreeMap<String, Explained> = BTreeMap::new();
    for (folder, entry) in models() {
        explain(&folder, &entry, &mut explained);
    }
    println!("{:24} {:>7} {:>13} {:>12}  {:12} {:>7}", "kind", "models", "contributions", "largest", "in", "refused");
    let all = explained.remove("all").unwrap_or_default();
    for (kind, tally) in &explained {
        println!("{}", tally.line(kind));
    }
    println!(
        "{} models explained, {} contributions: the largest difference from XGBoost's is {:.1e} of the margins' scale; {} \
         models XGBoost does not explain",
        all.models, all.contributions, all.largest, all.refused
    );
    assert!(all.largest <= 1e-5, "{:e} in {}", all.largest, all.worst);
    assert!(all.models >= needed("WARDIAN_ORACLE_EXPLAINED", 250), "more models are due");
}

/// The folder and the manifest's entry of every model.
fn models() -> Vec<(PathBuf, Value)> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(folder()).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    let mut models = Vec::new();
    for folder in folders {
        let manifest = fs::read(folder.join("manifest.json")).expect("the manifest");
        let manifest: Vec<Value> = serde_json::from_slice(&manifest).expect("a list of models");
        models.extend(manifest.into_iter().map(|entry| (folder.clone(), entry)));
    }
    models
}

/// How many are due, unless the run asks for fewer.
fn needed(name: &str, default: usize) -> usize {
    std::env::var(name).ok().map_or(default, |text| text.parse().expect("a count"))
}

#[test]
#[ignore = "needs the models that cargo xtask oracle trains"]
fn every_margin_is_xgboosts_bit_for_bit() {
    let models = models();
    let mut versions: Vec<&PathBuf> = models.iter().map(|(folder, _)| folder).collect();
    versions.dedup();
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (folder, entry) in &models {
        let objective = entry["objective"].as_str().expect("objective");
        compare(folder, entry, tallies.entry(objective.to_owned()).or_default());
        for kind in entry["kinds"].as_array().expect("kinds") {
            *kinds.entry(kind.as_str().expect("a kind").to_owned()).or_default() += 1;
        }
    }
    println!(
        "{:24} {:>7} {:>10} {:>10} {:>12} {:>10}",
        "objective", "models", "margins", "different", "predictions", "1 ulp off"
    );
    let mut sum = Tally::default();
    for (objective, tally) in &tallies {
        // A margin that differs has ended the run.
        println!(
            "{objective:24} {:>7} {:>10} {:>10} {:>12} {:>10}",
            tally.models, tally.margins, 0, tally.predictions, tally.different
        );
        sum.models += tally.models;
        sum.margins += tally.margins;
        sum.predictions += tally.predictions;
        sum.different += tally.different;
    }
    println!("of these: {kinds:?}");
    println!(
        "{} models of {} versions, {} margins: 0 different; {} predictions: {} different",
        sum.models,
        versions.len(),
        sum.margins,
        sum.predictions,
        sum.different
    );
    let (models, margins) = (needed("WARDIAN_ORACLE_MODELS", 300), needed("WARDIAN_ORACLE_MARGINS", 10_000_000));
    assert!(sum.models >= models && sum.margins >= margins, "at least {models} models and {margins} margins are due");
    assert!(tallies.len() >= 19 && kinds.len() == 8, "every objective and every kind is due");
}
