//! Files that were answered wrongly once, with the trainer's own answers; each folder's README says what happened.

use std::fs;
use std::path::{Path, PathBuf};

use wardian::import::{self, CategoriesFrom, Imported, Options};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn try_reading(name: &str, options: &Options) -> wardian::Result<Imported> {
    import::read_noting(text(name).as_bytes(), options)
}

fn read(name: &str, options: &Options) -> Imported {
    try_reading(name, options).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The margins of the rows of a file, each as its text; the first line may be names.
fn margins(imported: &Imported, rows: &str) -> Vec<f32> {
    let schema = imported.model.schema();
    let is_row =
        |line: &&str| line.split(',').next().is_some_and(|field| field.is_empty() || field.parse::<f64>().is_ok());
    let row = |line| schema.row_from_text(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    text(rows).lines().filter(is_row).flat_map(|line| imported.model.margins(&row(line)).into_single()).collect()
}

/// A number a line.
fn numbers(lines: &str) -> Vec<f32> {
    lines.lines().filter_map(|line| line.parse().ok()).collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn assert_same(ours: &[f32], theirs: &[f32], place: &str) {
    assert!(!theirs.is_empty(), "{place}");
    assert_eq!(bits(ours), bits(theirs), "{place}: ours {ours:?}, XGBoost's {theirs:?}");
}

#[test]
fn categories_that_are_not_ascii_are_the_trainers_or_refused() {
    let pandas = Options { categories_from: Some(CategoriesFrom::Pandas), ..Options::default() };
    let model = read("categories-not-ascii/model.json", &pandas);
    let expected = numbers(&text("categories-not-ascii/expected.txt"));
    assert_same(&margins(&model, "categories-not-ascii/rows.csv"), &expected, "pandas");
    assert!(model.notes[0].contains("the names of the last 1 categories of feature 1"), "{:?}", model.notes);
    // Nothing in the file says that it came from pandas, and from polars it would hold other names.
    let error = try_reading("categories-not-ascii/model.json", &Options::default()).expect_err("two readings");
    assert_eq!(error.code().as_str(), "unsupported_model");
    assert!(error.to_string().contains("--categories-from pandas or arrow"), "{error}");
    // Here bytes would be no text, so it did come from pandas.
    let names = read("categories-not-ascii/model-refused.json", &Options::default()).model.schema().features()[1]
        .categories
        .clone();
    assert_eq!(names[0], "é");
    assert!(names[1].contains("category 1, whose name the file has lost"), "{names:?}");
}

#[test]
fn a_booster_without_rounds_has_its_versions_base() {
    for (version, margin, prediction) in [("1.7.6", -0.0, 0.5), ("3.2.0", 0.5, 0.622_459_35)] {
        let model = read(&format!("no-rounds/xgb-{version}.json"), &Options::default()).model;
        assert_same(&model.margins_many(&[1.0_f32, 2.0, 3.0]).expect("a row").into_single(), &[margin], version);
        assert_same(&model.predict_many(&[1.0_f32, 2.0, 3.0]).expect("a row").into_single(), &[prediction], version);
    }
}

#[test]
fn what_is_missing_can_be_said() {
    let expected = numbers(&text("missing-unsayable/expected.txt"));
    let said = read("missing-unsayable/model.json", &Options { missing: Some(0.0), ..Options::default() });
    assert_same(&margins(&said, "missing-unsayable/rows.csv"), &expected, "missing=0");
    // What is said stays with the model, and holds for a batch of either precision too.
    let kept = wardian::format::read(&wardian::format::write(&said.model)).expect("what was written");
    let rows = text("missing-unsayable/rows.csv");
    let fields: Vec<f64> =
        rows.lines().flat_map(|line| line.split(',').filter_map(|field| field.parse().ok())).collect();
    let singles: Vec<f32> = fields.iter().map(|&field| field as f32).collect();
    assert_same(&kept.margins_many(&fields).expect("rows").into_single(), &expected, "64 bits");
    assert_same(&kept.margins_many(&singles).expect("rows").into_single(), &expected, "32 bits");
    let unsaid = read("missing-unsayable/model.json", &Options::default());
    assert_ne!(bits(&margins(&unsaid, "missing-unsayable/rows.csv")), bits(&expected));
    let error =
        try_reading("missing-unsayable/model.json", &Options { missing: Some(f64::INFINITY), ..Options::default() });
    assert!(error.expect_err("no number").to_string().contains("a missing code is not a finite number"));
}

#[test]
fn what_a_file_says_is_missing_is() {
    for version in ["1.3.3", "1.7.6"] {
        let name = format!("missing-in-file/xgb-{version}.json");
        let model = read(&name, &Options::default());
        let expected = numbers(&text(&format!("missing-in-file/expected-{version}.txt")));
        assert_same(&margins(&model, "missing-in-file/rows.csv"), &expected, version);
        assert!(model.notes.iter().any(|note| note.starts_with("-999 is taken for missing")), "{:?}", model.notes);
        // Whoever says otherwise is heard, and not told.
        let none = read(&name, &Options { missing: Some(f64::NAN), ..Options::default() });
        assert!(none.model.schema().features().iter().all(|feature| feature.missing_codes.is_empty()));
        assert!(none.notes.iter().all(|note| !note.contains("missing")), "{:?}", none.notes);
        // A schema adds to what the trainer took for missing.
        let schema = r#"{"name":"n","features":[{"name":"f0","missing_codes":[-1]},{"name":"f1"}]}"#;
        let count = model.model.schema().features().len();
        if count == 2 && model.model.schema().has_invented_names() {
            let schema = import::schema_file::read(schema.as_bytes()).expect("a schema");
            let described = model.model.with_schema(schema).expect("it fits");
            assert_eq!(described.schema().features()[0].missing_codes, [-1.0, -999.0]);
            assert_eq!(described.schema().features()[1].missing_codes, [-999.0]);
        }
    }
}

#[test]
fn rounds_that_are_left_out_are_said() {
    let expected = numbers(&text("early-stopping-unsaid/expected.txt"));
    let (all, best) = expected.split_at(3);
    let model = read("early-stopping-unsaid/model.json", &Options::default());
    assert_same(&margins(&model, "early-stopping-unsaid/rows.csv"), best, "the best rounds");
    assert!(model.notes[0].starts_with("training was stopped early: 1 of 7 rounds are kept"), "{:?}", model.notes);
    let model = read("early-stopping-unsaid/model.json", &Options { all_trees: true, ..Options::default() });
    assert_same(&margins(&model, "early-stopping-unsaid/rows.csv"), all, "all rounds");
    assert!(model.notes.is_empty());
}

#[test]
fn which_of_xgboosts_two_answers_is_meant_is_said_of_a_dart() {
    let model = read("dart-dmatrix/model.json", &Options::default());
    assert!(
        model.notes[0].contains("its own predict(DMatrix) differs in the last bit of some rows"),
        "{:?}",
        model.notes
    );
    let ours = margins(&model, "dart-dmatrix/rows.csv");
    let theirs = numbers(&text("dart-dmatrix/expected.txt"));
    assert_eq!(ours.len(), theirs.len());
    let apart: Vec<u32> =
        bits(&ours).into_iter().zip(bits(&theirs)).map(|(ours, theirs)| ours.abs_diff(theirs)).collect();
    let different = apart.iter().filter(|&&apart| apart > 0).count();
    assert!((1..ours.len() / 2).contains(&different) && apart.iter().all(|&apart| apart <= 8), "{apart:?}");
}

#[test]
fn a_model_that_was_trained_from_base_margins_is_asked_from_base_margins() {
    let model = read("base-margin/model.json", &Options::default()).model;
    let expected = numbers(&text("base-margin/expected.txt"));
    let (mut values, mut base_margins) = (Vec::new(), Vec::new());
    for line in text("base-margin/rows.csv").lines().skip(1) {
        let numbers: Vec<f64> = line.split(',').map(|field| field.parse().expect("a number")).collect();
        values.extend_from_slice(&numbers[..3]);
        base_margins.push(numbers[3] as f32);
    }
    assert_same(&model.predict_many_from(&values, &base_margins).expect("rows").into_single(), &expected, "many");
    let explainer = model.explainer().expect("covers");
    // As pred_contribs of 3.2 has them; the last of four is the bias.
    let bias = [-0.910_003_4, 0.356_146_48, -0.206_982_89];
    let contributions = explainer.explain_many_from(&values, &base_margins).expect("rows");
    let plain = explainer.explain_many(&values).expect("rows");
    for (index, row) in values.chunks_exact(3).enumerate() {
        let row = model.schema().row_from_values(row.to_vec()).expect("a row");
        let own = &base_margins[index..][..1];
        let prediction = model.predict_from(&row, own).expect("a base margin");
        assert_same(&prediction.values.clone().into_single(), &expected[index..][..1], "one");
        let explanation = &explainer.explain_from(&row, own).expect("a base margin")[0];
        assert_eq!([explanation.margin], prediction.margins.iter().collect::<Vec<_>>()[..], "explained");
        assert!((explanation.base - bias[index]).abs() < 1e-6, "{}", explanation.base);
        assert_eq!(contributions[index * 4..][..3], explanation.contributions);
        assert_eq!(contributions[index * 4 + 3], explanation.base);
        // What a sum begins with is no feature's doing.
        assert_eq!(contributions[index * 4..][..3], plain[index * 4..][..3]);
        let curve = model.curve_from(&row, own, 0, 1000).expect("a curve");
        let value = row.values()[0];
        let step = curve.steps.iter().find(|step| (step.from..step.to).contains(&value)).expect("a step");
        assert_eq!(step.predictions, prediction.values, "a curve");
    }
}

#[test]
fn base_margins_that_are_none_are_refused() {
    let model = read("base-margin/model.json", &Options::default()).model;
    let values = [0.5_f32; 6];
    let error = |base_margins: &[f32]| model.margins_many_from(&values, base_margins).expect_err("no base margins");
    assert_eq!(error(&[0.5]).to_string(), "1 base margins for 2 rows of 1 outputs");
    assert_eq!(error(&[0.5; 3]).code().as_str(), "wrong_field_count");
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(error(&[0.5, bad]).to_string(), "row 2: a base margin is not a finite number");
        assert_eq!(error(&[0.5, bad]).code().as_str(), "not_finite");
    }
    let row = model.schema().row_from_values(vec![0.5; 3]).expect("a row");
    assert!(model.predict_from(&row, &[]).is_err() && model.margins_from(&row, &[0.5, 0.5]).is_err());
    let explainer = model.explainer().expect("covers");
    assert!(
        explainer.explain_from(&row, &[f32::NAN]).is_err() && explainer.explain_many_from(&values, &[0.5]).is_err()
    );
    assert!(model.curve_from(&row, &[0.5, 0.5], 0, 9).is_err());
}

#[test]
fn files_that_are_no_models_are_named() {
    let read = |name: &str| import::read(&fs::read(path(&format!("wrong-files/{name}"))).expect(name));
    let model = read("m.json").expect("a model");
    for name in ["bom.json", "m.json.gz"] {
        assert_eq!(read(name).expect(name), model, "{name}");
        let bytes = fs::read(path(&format!("wrong-files/{name}"))).expect(name);
        assert_eq!(import::FileKind::of(&bytes), Ok(import::FileKind::XgboostJson), "{name}");
        assert!(import::gains(&bytes, &Options::default()).expect(name).is_some(), "{name}");
    }
    assert_eq!(read("head.onnx").expect_err("half a file").to_string(), "the file has no graph");
    // Pickles of the same model, by joblib and by hand: nothing in them is run.
    for name in ["m.joblib", "m0.pkl"] {
        assert_eq!(read(name).expect(name).forest(), model.forest(), "{name}");
        let bytes = fs::read(path(&format!("wrong-files/{name}"))).expect(name);
        assert_eq!(import::FileKind::of(&bytes), Ok(import::FileKind::Pickle), "{name}");
        assert!(import::pickle_globals(&bytes).expect(name).contains(&"xgboost.core.Booster".to_owned()), "{name}");
    }
    for (name, what) in [
        ("config.json", "this is a booster's settings (save_config), without its trees"),
        ("dump.json", "this is a dump of the trees for people (dump_model)"),
        ("dump.txt", "this is a dump of the trees for people (dump_model)"),
        ("lfs.json", "this is a pointer of Git LFS"),
        ("saved-page.json", "this is a web page, as of a log-in, saved in the place of a file"),
        ("serialized.ubj", "this is a booster's memory, as pickles hold it"),
        ("utf16.json", "this is text in UTF-16"),
    ] {
        let error = read(name).expect_err(name);
        assert_eq!(error.code().as_str(), "unsupported_model", "{name}");
        assert!(error.to_string().starts_with(what), "{name}: {error}");
    }
}
