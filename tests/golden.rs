//! Golden models: what XGBoost 3.2 trained and answered, committed with its exact bits by `cargo xtask bless`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};
use wardian::{Model, Numbers, format, import};

const DIABETES: &str = "models/diabetes/diabetes";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn read_text(path: &str) -> String {
    String::from_utf8(read(path)).expect("UTF-8")
}

fn model(path: &str) -> Model {
    import::read(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The path of each golden model, without its ending.
fn golden_models() -> Vec<String> {
    let mut stems: Vec<PathBuf> = fs::read_dir(root().join("tests/golden"))
        .expect("the folder of golden files")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ubj"))
        .map(|path| path.with_extension(""))
        .collect();
    stems.sort();
    stems.iter().map(|stem| format!("tests/golden/{}", stem.file_name().expect("a name").display())).collect()
}

#[test]
fn each_golden_model_answers_as_xgboost_did() {
    let stems = golden_models();
    assert!(stems.len() >= 6, "{stems:?}");
    for stem in stems {
        let models = [model(&format!("{stem}.ubj")), model(&format!("{stem}.json"))];
        assert_eq!(models[0], models[1], "{stem}: UBJSON and JSON hold the same model");
        let (rows, expected) = (read_text(&format!("{stem}.rows.csv")), read_text(&format!("{stem}.expected.csv")));
        let [model, _] = models;
        let mut compared = 0;
        // The first line of the expectations names the columns; rows have none.
        for (row, line) in rows.lines().zip(expected.lines().skip(1)) {
            let fields: Vec<&str> = line.split(',').collect();
            let row = model.schema().row_from_text(row).unwrap_or_else(|error| panic!("{stem}: {error}"));
            let ours = model.predict(&row);
            let bits = [ours.margins, ours.values].map(|values| {
                values
                    .into_single()
                    .iter()
                    .map(|value| format!("{:08x}", value.to_bits()))
                    .collect::<Vec<_>>()
                    .join(" ")
            });
            assert_eq!(bits, fields[1..], "{stem}, row {compared}: margins and predictions");
            compared += 1;
        }
        assert_eq!(compared, rows.lines().count(), "{stem}");
        assert_eq!(compared, expected.lines().count() - 1, "{stem}");
        assert!(compared >= 20, "{stem} has {compared} rows");
    }
}

/// What each feature's splits gained, added up from the file's own lists without the importer.
fn gains_of(file: &serde_json::Value, trees: usize) -> Vec<f64> {
    let learner = &file["learner"];
    let count = learner["learner_model_param"]["num_feature"].as_str().expect("a text").parse().expect("a number");
    let gradient_booster = &learner["gradient_booster"];
    // A `dart` has its trees one level further down.
    let booster = gradient_booster.get("gbtree").unwrap_or(gradient_booster);
    let mut gains = vec![0.0; count];
    for tree in booster["model"]["trees"].as_array().expect("trees").iter().take(trees) {
        let numbers = |name: &str| tree[name].as_array().unwrap_or_else(|| panic!("{name}")).iter();
        let nodes = numbers("left_children").zip(numbers("split_indices")).zip(numbers("loss_changes"));
        for ((left, feature), gain) in nodes {
            if left.as_i64().expect("a number") != -1 {
                gains[feature.as_u64().expect("a number") as usize] += gain.as_f64().expect("a number") as f32 as f64;
            }
        }
    }
    gains
}

#[test]
fn gains_are_the_sums_of_what_the_file_says_of_its_splits() {
    let mut asked = 0;
    for stem in golden_models() {
        let json = read(&format!("{stem}.json"));
        let file: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        // A tree of vector leaves says nothing of its gains in some versions.
        let all = import::Options { all_trees: true, ..import::Options::default() };
        for (ending, bytes) in [("json", json), ("ubj", read(&format!("{stem}.ubj")))] {
            let Some(gains) = import::gains(&bytes, &all).expect("a model") else { continue };
            assert_eq!(gains, gains_of(&file, usize::MAX), "{stem}.{ending}");
            asked += usize::from(gains.iter().any(|&gain| gain > 0.0));
        }
    }
    assert!(asked >= 20, "{asked} files");
    // Of a model that was stopped early the trees that count, unless all are asked for.
    let path = "tests/cases/early-stopping-unsaid/model.json";
    let file: serde_json::Value = serde_json::from_slice(&read(path)).expect("JSON");
    let kept = import::gains(&read(path), &import::Options::default()).expect("a model").expect("gains");
    let trees = model(path).forest().trees().len();
    assert_eq!(kept, gains_of(&file, trees));
    assert_ne!(kept, gains_of(&file, usize::MAX));
    let wardian = read(&format!("{DIABETES}.wardian"));
    assert_eq!(import::gains(&wardian, &import::Options::default()).expect("a model"), None);
    // A tree that does not say it makes the file one that does not.
    let mut unsaid = file;
    unsaid["learner"]["gradient_booster"]["model"]["trees"][0]["loss_changes"] = serde_json::json!([]);
    let unsaid = import::gains(unsaid.to_string().as_bytes(), &import::Options::default());
    assert_eq!(unsaid.expect("a model"), None);
}

#[test]
fn kinds_of_files_are_told_by_their_bytes_and_named() {
    use import::FileKind::{self, Wardian, XgboostJson, XgboostUbjson};
    for (ending, kind, name) in [
        ("wardian", Wardian, "Wardian"),
        ("json", XgboostJson, "XGBoost JSON"),
        ("ubj", XgboostUbjson, "XGBoost UBJSON"),
    ] {
        let found = FileKind::of(&read(&format!("{DIABETES}.{ending}"))).expect("a kind");
        assert_eq!((found, found.name()), (kind, name));
    }
}

#[test]
fn a_wardian_file_takes_a_missing_code_that_is_a_number() {
    let bytes = read(&format!("{DIABETES}.wardian"));
    let codes = |missing| {
        let options = import::Options { missing, ..import::Options::default() };
        let model = import::read_with(&bytes, &options).expect("a model");
        model.schema().features().iter().map(|feature| feature.missing_codes.clone()).collect::<Vec<_>>()
    };
    let own = codes(None);
    assert_eq!(codes(Some(f64::NAN)), own);
    let more = codes(Some(-999.0));
    assert!(more.iter().zip(&own).all(|(more, own)| more[..] == [&own[..], &[-999.0]].concat()[..]), "{more:?}");
}

#[test]
fn what_a_schema_does_not_say_of_a_feature_may_be_missing() {
    let schema = r#"{"name":"n","features":[{"name":"a"},{"name":"b","may_be_missing":false}]}"#;
    let schema = import::schema_file::read(schema.as_bytes()).expect("a schema");
    assert_eq!(schema.features().iter().map(|feature| feature.may_be_missing).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_model_has_as_many_features_and_outputs_as_is_said_and_no_more() {
    let file = |features: usize, classes: usize, targets: usize, trees: bool| {
        let mut file: serde_json::Value =
            serde_json::from_slice(&read("tests/golden/depth6_missing.json")).expect("JSON");
        {
            let learner = &mut file["learner"];
            learner["feature_names"] = serde_json::json!([]);
            learner["feature_types"] = serde_json::json!([]);
            learner["learner_model_param"]["num_feature"] = serde_json::json!(features.to_string());
            learner["learner_model_param"]["num_class"] = serde_json::json!(classes.to_string());
            learner["learner_model_param"]["num_target"] = serde_json::json!(targets.to_string());
            learner["objective"]["name"] = serde_json::json!("reg:squarederror");
            if !trees {
                let model = &mut learner["gradient_booster"]["model"];
                model["trees"] = serde_json::json!([]);
                model["tree_info"] = serde_json::json!([]);
                model["iteration_indptr"] = serde_json::json!([0]);
                model["gbtree_model_param"]["num_trees"] = serde_json::json!("0");
            }
        }
        let model = import::read(file.to_string().as_bytes());
        model
            .map(|model| (model.schema().features().len(), model.forest().output_count()))
            .map_err(|error| error.to_string())
    };
    assert_eq!(file(wardian::MAX_FEATURES, 0, 1, true), Ok((wardian::MAX_FEATURES, 1)));
    let error =
        format!("num_feature is {}; a model has 1 to {} features", wardian::MAX_FEATURES + 1, wardian::MAX_FEATURES);
    assert_eq!(file(wardian::MAX_FEATURES + 1, 0, 1, true), Err(error));
    assert!(file(0, 0, 1, true).is_err());
    assert_eq!(file(8, wardian::MAX_OUTPUTS, 1, false), Ok((8, wardian::MAX_OUTPUTS)));
    assert_eq!(file(8, 0, wardian::MAX_OUTPUTS, false), Ok((8, wardian::MAX_OUTPUTS)));
    let error = format!("{} outputs; a model has 1 to {}", wardian::MAX_OUTPUTS + 1, wardian::MAX_OUTPUTS);
    assert_eq!(file(8, wardian::MAX_OUTPUTS + 1, 1, false), Err(error));
    assert_eq!(file(8, 2, 2, false), Err("num_class=2 with num_target=2 is not supported".to_owned()));
    assert_eq!(file(8, 1, 2, false), Ok((8, 2)));
    assert_eq!(file(8, 2, 1, false), Ok((8, 2)));
}

#[test]
fn the_shipped_model_is_what_convert_makes_of_the_trained_one() {
    let schema = import::schema_file::read(&read("models/diabetes/schema.json")).expect("the committed schema");
    for ending in ["ubj", "json"] {
        let trained = model(&format!("{DIABETES}.{ending}"));
        let names = |schema: &wardian::Schema| -> Vec<String> {
            schema.features().iter().map(|feature| feature.name.clone()).collect()
        };
        assert_eq!(names(trained.schema()), names(&schema));
        let model = trained.with_schema(schema.clone()).expect("the schema fits");
        assert!(
            format::write(&model.clone().without_covers()) == read(&format!("{DIABETES}.wardian")),
            "diabetes.wardian is stale: run cargo xtask bless"
        );
        assert!(&model == wardian::diabetes(), "diabetes.covers is stale: run cargo xtask bless");
    }
    let hash: String =
        Sha256::digest(read(&format!("{DIABETES}.wardian"))).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, wardian::diabetes_sha256(), "diabetes.sha256 is stale: run cargo xtask bless");
}

#[test]
fn what_is_written_reads_back_the_same() {
    for stem in golden_models() {
        let model = model(&format!("{stem}.ubj"));
        let bytes = format::write(&model);
        let read = format::read(&bytes).unwrap_or_else(|error| panic!("{stem}: {error}"));
        assert_eq!(read, model, "{stem}");
        assert!(read.covers().is_some(), "{stem}");
        assert_eq!(format::write(&read), bytes, "{stem}");
    }
}

#[test]
fn floats_are_written_as_python_writes_them() {
    let pairs: Vec<(u32, String)> = serde_json::from_slice(&read("tests/golden/decimals.json")).expect("pairs");
    assert!(pairs.len() > 800);
    for (bits, text) in pairs {
        assert_eq!(wardian::decimal(f32::from_bits(bits)), text, "{bits:08x}");
    }
}

#[test]
fn each_golden_model_of_another_trainer_answers_as_it_did() {
    let folder = root().join("tests/golden/trainers");
    let mut compared = 0;
    for entry in fs::read_dir(folder).expect("the folder of golden files") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.display();
        let facts: Value = serde_json::from_slice(&fs::read(&path).expect("the facts")).expect("JSON");
        let own = model(&format!("tests/golden/trainers/{}", facts["model"].as_str().expect("the file's name")));
        let rows: Vec<f64> = numbers(&facts["rows"]);
        let answers = own.predict_many(&rows).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(answers, Numbers::Double(numbers(&facts["answers"])), "{name}");
        if facts["margins"].is_array() {
            assert_eq!(own.margins_many(&rows), Ok(Numbers::Double(numbers(&facts["margins"]))), "{name}");
        }
        let labels = answers.all().chunks_exact(own.prediction_count()).map(|each| own.label(each));
        match facts["labels"].as_array() {
            Some(theirs) => assert!(labels.eq(theirs.iter().map(Value::as_str)), "{name}"),
            None => assert!(labels.eq(std::iter::repeat_n(None, answers.len())), "{name}"),
        }
        // The file that the model is converted to answers alike.
        assert_eq!(format::read(&format::write(&own)).as_ref(), Ok(&own), "{name}");
        compared += answers.len();
    }
    assert!(compared > 200, "{compared}");
}

/// The numbers in lists of a list; none for null.
fn numbers(lists: &Value) -> Vec<f64> {
    let rows = lists.as_array().expect("a list").iter();
    rows.flat_map(|row| row.as_array().expect("lists")).map(|number| number.as_f64().unwrap_or(f64::NAN)).collect()
}
