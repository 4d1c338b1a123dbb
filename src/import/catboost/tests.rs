//! Whole files, made by hand.

use serde_json::{Value as Json, json};

use super::*;
use crate::import::Imported;
use crate::import::flatbuffer::building::{Value, built};
use crate::import::reader::take::of_json;
use crate::model::Model;

fn integers(numbers: &[i32]) -> Value {
    Value::Vector(numbers.iter().flat_map(|number| number.to_le_bytes()).collect(), 4)
}

fn floats(numbers: &[f32]) -> Value {
    Value::Vector(numbers.iter().flat_map(|number| number.to_le_bytes()).collect(), 4)
}

fn doubles(numbers: &[f64]) -> Value {
    Value::Vector(numbers.iter().flat_map(|number| number.to_le_bytes()).collect(), 8)
}

/// Two distances each.
fn steps(distances: &[[u16; 2]]) -> Value {
    Value::Vector(distances.iter().flatten().flat_map(|distance| distance.to_le_bytes()).collect(), 4)
}

type Fields = Vec<(usize, Value)>;

/// A `.cbm` file of these trees and this information.
fn cbm(model: &[(usize, Value)], information: &[[&'static str; 2]]) -> Vec<u8> {
    let entries =
        information.iter().map(|&[key, value]| vec![(0, Value::Text(key)), (1, Value::Text(value))]).collect();
    let body = built(&[
        (0, Value::Text("FlabuffersModel_v1")),
        (1, Value::Table(model.to_vec())),
        (2, Value::Tables(entries)),
    ]);
    [b"CBM1", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

/// Two columns of numbers, a missing one of the second the greatest; a tree of two levels and one of none.
fn model() -> Fields {
    let age = vec![(1, Value::Integer(0)), (2, Value::Integer(0)), (3, floats(&[0.5, 1.5])), (4, Value::Text("age"))];
    let other = vec![
        (0, Value::Byte(1)),
        (1, Value::Integer(1)),
        (2, Value::Integer(2)),
        (3, floats(&[-1.0])),
        (5, Value::Byte(2)),
    ];
    vec![
        (0, Value::Integer(1)),
        (1, integers(&[1, 2])),
        (2, integers(&[2, 0])),
        (3, integers(&[0, 2])),
        (5, Value::Tables(vec![age, other])),
        (8, doubles(&[1.0, 2.0, 4.0, 8.0, 0.25])),
        (9, doubles(&[3.0, 1.0, 2.0, 5.0, 11.0])),
        (14, Value::Double(2.0)),
        (16, doubles(&[100.0])),
    ]
}

const LOGLOSS: [&str; 2] = ["params", r#"{"loss_function":{"type":"Logloss","params":{}},"depth":2}"#];
const CLASSES: [&str; 2] = [
    "class_params",
    r#"{"class_names":["no","yes"],"class_to_label":[0,1],"classes_count":0,"class_label_type":"String"}"#,
];

/// The same model with other fields.
fn with(changes: Fields) -> Fields {
    let mut fields = model();
    for (field, value) in changes {
        fields.retain(|(other, _)| *other != field);
        fields.push((field, value));
    }
    fields
}

fn read(bytes: &[u8]) -> Result<Imported> {
    read_cbm(bytes, &Options::default())?.imported()
}

fn fault(fields: Fields) -> String {
    read(&cbm(&fields, &[LOGLOSS, CLASSES])).expect_err("a fault").to_string()
}

fn margins(model: &Model, rows: &[f64]) -> Vec<f64> {
    model.margins_many(rows).expect("rows").iter().collect()
}

#[test]
fn a_file_answers_and_has_its_names() {
    let imported = read(&cbm(&model(), &[LOGLOSS, CLASSES])).expect("a model");
    let schema = imported.model.schema();
    let names: Vec<&str> = schema.features().iter().map(|feature| feature.name.as_str()).collect();
    // Nobody speaks of the second column.
    assert_eq!((names, schema.classes()), (vec!["age", "f1", "f2"], &["no".to_owned(), "yes".to_owned()][..]));
    assert_eq!(imported.model.forest().link(), Link::Logistic);
    let rows = [
        [1.5, 0.0, -1.0],
        [1.6, 0.0, -1.0],
        [f64::NAN, 0.0, -0.5],
        [2.0, 0.0, f64::NAN],
        // A 64-bit number that rounds to the border.
        [1.500_000_000_1, 0.0, -3.0],
    ];
    let expected = [1.0, 2.0, 4.0, 8.0, 1.0].map(|leaf| (leaf + 0.25) * 2.0 + 100.0);
    assert_eq!(margins(&imported.model, rows.as_flattened()), expected);
    #[cfg(feature = "explain")]
    assert!(imported.model.covers().is_some());
}

#[test]
fn a_missing_value_is_the_greatest_only_where_training_had_missing_ones() {
    let plain = vec![(1, Value::Integer(0)), (2, Value::Integer(0)), (3, floats(&[0.5])), (5, Value::Byte(2))];
    let fields = vec![
        (0, Value::Integer(1)),
        (1, integers(&[0])),
        (2, integers(&[1])),
        (5, Value::Tables(vec![plain])),
        (8, doubles(&[1.0, 2.0])),
    ];
    let imported = read(&cbm(&fields, &[])).expect("a model");
    assert_eq!(margins(&imported.model, &[f64::NAN, 1.0]), [1.0, 2.0]);
    assert!(imported.notes[0].contains("raw values"), "{:?}", imported.notes);
}

#[test]
fn trees_of_other_shapes_answer_from_the_node_that_a_walk_stops_at() {
    // The root's right side is a leaf of its own; the left has two leaves.
    let fields = with(vec![
        (1, integers(&[1, 0, 0, 0])),
        (2, integers(&[4])),
        (3, integers(&[0])),
        (8, doubles(&[1.0, 2.0, 4.0])),
        (9, doubles(&[3.0, 1.0, 2.0])),
        (10, steps(&[[1, 0], [1, 2], [0, 0], [0, 0]])),
        (11, integers(&[2, -1, 0, 1])),
    ]);
    let imported = read(&cbm(&fields, &[LOGLOSS, CLASSES])).expect("a model");
    let rows = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [2.0, 0.0, 0.0]];
    assert_eq!(margins(&imported.model, rows.as_flattened()), [1.0, 2.0, 4.0].map(|leaf| leaf * 2.0 + 100.0));
    let one_leaf = with(vec![
        (1, integers(&[0, 0, 0])),
        (2, integers(&[3])),
        (3, integers(&[0])),
        (8, doubles(&[1.0, 2.0])),
        (9, doubles(&[1.0, 2.0])),
        (10, steps(&[[1, 2], [0, 0], [0, 0]])),
    ]);
    let with_leaves = |leaves: &[i32]| fault([one_leaf.clone(), vec![(11, integers(leaves))]].concat());
    assert_eq!(
        with_leaves(&[-1, 0, 2]),
        "tree 0, node 2: leaf value 2 does not exist, or is not the first of its leaf"
    );
    assert_eq!(with_leaves(&[-1, 0]), "3 steps, 3 splits and 2 leaves of steps: not as many each");
    let shared = with(vec![
        (1, integers(&[0; 3])),
        (2, integers(&[3])),
        (3, integers(&[0])),
        (8, doubles(&[1.0])),
        (9, doubles(&[])),
        (10, steps(&[[1, 2], [0, 0], [0, 0]])),
        (11, integers(&[-1, 0, 0])),
    ]);
    assert_eq!(fault(shared), "tree 0, node 2: its leaf is another node's too");
}

#[test]
fn what_contradicts_itself_is_named() {
    for (field, value, message) in [
        (0, Value::Integer(0), "it has 0 outputs; a model has 1 to 65536"),
        (0, Value::Integer(2), "5 leaf weights, 5 leaf values for 2 outputs"),
        (1, integers(&[1, 3]), "tree 0: split 3 does not exist; the model has 3"),
        (1, integers(&[1]), "tree 0: it has 2 splits, 1 are left"),
        (1, integers(&[1, 2, 0]), "1 splits and 0 leaf values are no tree's"),
        (2, integers(&[2, -1]), "tree 1: it has -1 splits, 0 are left"),
        (2, integers(&[2, 0, 0]), "3 sizes of trees, 2 beginnings"),
        (3, integers(&[0, 1]), "tree 1: it does not begin where the one before ends"),
        (8, doubles(&[1.0]), "5 leaf weights, 1 leaf values for 1 outputs"),
        (14, Value::Double(f64::INFINITY), "the scale is inf"),
        (16, doubles(&[1.0, 2.0]), "2 biases, for 1 outputs"),
    ] {
        assert_eq!(fault(with(vec![(field, value)])), message);
    }
    let deep = with(vec![(1, integers(&[0; 17])), (2, integers(&[17])), (3, integers(&[0])), (9, doubles(&[]))]);
    assert_eq!(fault(deep), "tree 0: it has 17 levels; CatBoost's trees have at most 16");
    let few = with(vec![(8, doubles(&[1.0; 4])), (9, doubles(&[]))]);
    assert_eq!(fault(few), "tree 1: it has 1 leaves of 1 numbers, 0 numbers are left");
}

#[test]
fn columns_and_borders_that_cannot_be_are_named() {
    let number = |fields: Fields| fault(with(vec![(5, Value::Tables(vec![fields]))]));
    let at = |index: i32, flat: i32| vec![(1, Value::Integer(index)), (2, Value::Integer(flat))];
    let with_borders = |borders: &[f32]| number([at(0, 0), vec![(3, floats(borders))]].concat());
    assert_eq!(with_borders(&[1.0, 0.5]), "number 0: border 0.5 is not finite, or below the one before");
    assert_eq!(with_borders(&[f32::INFINITY]), "number 0: border inf is not finite, or below the one before");
    assert_eq!(number(at(0, -1)), "number 0: columns have the flat index -1; there are at most 65536 columns");
    assert_eq!(number(at(0, 65536)), "number 0: columns have the flat index 65536; there are at most 65536 columns");
    let treated = number([at(0, 0), vec![(5, Value::Byte(3))]].concat());
    assert_eq!(treated, "number 0: the treatment 3 of missing values is not supported");
    let two = fault(with(vec![(5, Value::Tables(vec![at(0, 0), at(1, 0)]))]));
    assert_eq!(two, "number 1: two columns have the flat index 0");
    let two = fault(with(vec![(5, Value::Tables(vec![at(0, 0), at(0, 1)]))]));
    assert_eq!(two, "number 1: two columns of numbers have the index 0");
}

#[test]
fn what_is_not_evaluated_is_refused_by_name() {
    let named = |name| vec![(0, Value::Integer(0)), (1, Value::Integer(5)), (2, Value::Text(name))];
    let city = (4, Value::Tables(vec![named("city")]));
    let combination = Value::Table(vec![(0, Value::Table(vec![(0, Value::Table(vec![(0, integers(&[0, 7]))]))]))]);
    let statistic = (7, Value::Tables(vec![vec![(0, combination)]]));
    for (fields, expected) in [
        (
            vec![city.clone(), statistic],
            "the categorical feature \"city\" with 7 of the categorical ones is replaced by statistics",
        ),
        (
            vec![city, (6, Value::Tables(vec![vec![(0, Value::Integer(0))]]))],
            "feature \"city\" is categorical, and a .cbm file has hashes",
        ),
        (vec![(12, Value::Tables(vec![named("title")]))], "feature \"title\" is a text, which is not evaluated"),
        (vec![(18, Value::Tables(vec![named("")]))], "feature 5 is an embedding, which is not evaluated"),
        (vec![(13, Value::Tables(vec![vec![]]))], "the model estimates features of others"),
    ] {
        let message = fault(with(fields));
        assert!(message.starts_with(expected), "{message}");
    }
    assert_eq!(fault(with(vec![(19, Value::Byte(1))])), "the model has a field 19, which no known version writes");
    let loss = ["params", r#"{"loss_function":{"type":"Newest"}}"#];
    let error = read(&cbm(&model(), &[loss])).expect_err("a loss").to_string();
    assert_eq!(error, "the loss function \"Newest\" is not supported");
    let poisson = ["loss_function", r#"{"type":"Poisson"}"#];
    assert_eq!(
        read(&cbm(&model(), &[poisson])).expect("a model").model.forest().link(),
        Link::Other(OtherLink::CatboostExponential)
    );
    let uncertain = ["params", r#"{"loss_function":{"type":"RMSEWithUncertainty"}}"#];
    let error = read(&cbm(&model(), &[uncertain])).expect_err("outputs").to_string();
    assert_eq!(error, "1 outputs, of the loss function RMSEWithUncertainty");
}

#[test]
fn a_file_is_whole_and_of_the_format() {
    let whole = cbm(&model(), &[LOGLOSS, CLASSES]);
    let error = |bytes: &[u8]| read(bytes).expect_err("a fault").to_string();
    assert_eq!(error(b"CBM1"), "the file ends early, before its size: copy it again");
    assert!(error(&whole[..whole.len() - 1]).ends_with(" are left)"));
    assert_eq!(error(b"CBM1\xff\xff\xff\xff"), "models of 4 GB and more are not supported");
    assert_eq!(error(&[&whole[..], b"xy"].concat()), "2 bytes follow the end of the model");
    let place = whole.windows(4).position(|bytes| bytes == b"Flab").expect("the version");
    let mut other = whole.clone();
    other[place] = b'f';
    assert_eq!(error(&other), "the format \"flabuffersModel_v1\" is not supported");
}

#[test]
fn a_file_that_is_cut_off_or_changed_anywhere_is_read_or_refused() {
    let others = with(vec![
        (1, integers(&[1, 0, 0, 0])),
        (2, integers(&[4])),
        (3, integers(&[0])),
        (8, doubles(&[1.0, 2.0, 4.0])),
        (9, doubles(&[])),
        (10, steps(&[[1, 0], [1, 2], [0, 0], [0, 0]])),
        (11, integers(&[2, -1, 0, 1])),
    ]);
    for fields in [model(), others] {
        let whole = cbm(&fields, &[LOGLOSS, CLASSES]);
        read(&whole).expect("a model");
        for length in 0..whole.len() {
            let mut bytes = whole[..length].to_vec();
            assert!(read(&bytes).is_err(), "{length}");
            // The size says that nothing is missing.
            if length > 8 {
                bytes[4..8].copy_from_slice(&(length as u32 - 8).to_le_bytes());
                let _ = read(&bytes);
            }
        }
        for place in 0..whole.len() {
            for flip in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
                let mut bytes = whole.clone();
                bytes[place] ^= flip;
                if let Err(error) = read(&bytes) {
                    assert!(!error.to_string().contains('\n'));
                }
            }
        }
    }
}

/// Two columns of numbers and one of categories, one tree.
fn json_file() -> Json {
    json!({
        "features_info": {
            "float_features": [
                { "feature_index": 0, "flat_feature_index": 0, "has_nans": false, "nan_value_treatment": "AsIs", "borders": [0.5] },
            ],
            "categorical_features": [{ "feature_index": 0, "flat_feature_index": 1, "feature_id": "colour", "values": [-5, 7] }],
            "cat_features_hash": [{ "hash": 4_294_967_291_u32, "value": "red" }, { "hash": 7, "value": "blue" }],
        },
        "model_info": { "params": { "loss_function": { "type": "RMSE" } }, "model_guid": "x" },
        "oblivious_trees": [{
            "leaf_values": [1, 0.1, 4.5, 8],
            "leaf_weights": [1, 2, 3, 4],
            "splits": [
                { "border": 0.5, "float_feature_index": 0, "split_index": 0, "split_type": "FloatFeature" },
                { "cat_feature_index": 0, "split_index": 1, "split_type": "OneHotFeature", "value": -5 },
            ],
        }],
        "scale_and_bias": [1, [0.5]],
    })
}

fn read_text(file: &Json) -> Result<Imported> {
    read_json(file.to_string().as_bytes(), &Options::default())?.imported()
}

fn text_fault(edit: impl FnOnce(&mut Json)) -> String {
    let mut file = json_file();
    edit(&mut file);
    read_text(&file).expect_err("a fault").to_string()
}

#[test]
fn categories_of_json_have_their_names() {
    let imported = read_text(&json_file()).expect("a model");
    let schema = imported.model.schema();
    assert_eq!(schema.features()[1].categories, ["blue", "red"]);
    let margin = |text| imported.model.margins(&schema.row_from_text(text).expect("a row")).get(0);
    assert_eq!(["0,blue", "1,blue", "0,red", "1,red", "1,"].map(margin), [1.5, 0.6, 5.0, 8.5, 0.6].map(Some));
    assert_eq!(["0,green", "1,green"].map(margin), [1.5, 0.6].map(Some));
    for none in [Json::Null, json!([])] {
        let without = text_fault(|file| file["features_info"]["cat_features_hash"] = none);
        let expected = "tree 0: feature \"colour\" is categorical, and the file has not the names of its categories";
        assert!(without.starts_with(expected), "{without}");
    }
    let without = text_fault(|file| file["features_info"]["cat_features_hash"][0]["hash"] = json!(8));
    assert!(
        without.starts_with("tree 0: feature \"colour\" is categorical, and the file has not the name of one"),
        "{without}"
    );
}

#[test]
fn json_of_nodes_within_nodes_is_read() {
    let mut file = json_file();
    let split = file["oblivious_trees"][0]["splits"][0].clone();
    let leaf = |value: Json| json!({ "value": value, "weight": 1 });
    file.as_object_mut().expect("a file").remove("oblivious_trees");
    let right = json!({ "split": split.clone(), "left": leaf(json!([3, 4])), "right": leaf(json!([5, 6])) });
    file["trees"] = json!([{ "left": leaf(json!([1, 2])), "right": right, "split": split }]);
    file["scale_and_bias"] = json!([2, [0, 1]]);
    let imported = read_text(&file).expect("a model");
    assert_eq!(margins(&imported.model, &[0.0, 0.0, 1.0, 0.0]), [2.0, 5.0, 10.0, 13.0]);
    let fault = |edit: &dyn Fn(&mut Json)| {
        let mut file = file.clone();
        edit(&mut file["trees"][0]);
        read_text(&file).expect_err("a fault").to_string()
    };
    let message = fault(&|tree| tree["left"]["value"] = json!([1]));
    assert!(message.contains("the leaf has 2 values, another has 1"), "{message}");
    let message = fault(&|tree| tree["value"] = json!(1));
    assert!(message.contains("the node is no split with two sides, and no leaf"), "{message}");
    let message = fault(&|tree| tree["leaf"] = json!(1));
    assert!(message.contains("unknown field `leaf`"), "{message}");
    let message = fault(&|tree| *tree = json!({ "value": 1 }));
    assert_eq!(message, "tree 0: its leaves have 1 values, for 2 outputs");
    let mut deep = leaf(json!([1, 2]));
    for _ in 0..200 {
        deep = json!({ "left": leaf(json!([1, 2])), "right": deep, "split": file["trees"][0]["split"] });
    }
    let message = fault(&|tree| *tree = deep.clone());
    assert!(message.contains("nested more than 128 deep"), "{message}");
}

#[test]
fn json_that_contradicts_itself_is_named() {
    for (edit, expected) in [
        (Box::new(|file: &mut Json| file["new"] = json!(1)) as Box<dyn FnOnce(&mut Json)>, "unknown field `new`"),
        (Box::new(|file| file["oblivious_trees"][0]["leaf_values"] = json!([1, 2, 3])), "tree 0: "),
        (
            Box::new(|file| file["oblivious_trees"][0]["splits"][0]["split_type"] = json!("OnlineCtr")),
            "the type \"OnlineCtr\" are not supported",
        ),
        (Box::new(|file| file["oblivious_trees"][0]["splits"][0]["border"] = Json::Null), "a split lacks its feature"),
        (Box::new(|file| file["oblivious_trees"][0]["splits"][0]["border"] = json!(1e300)), "a border is not finite"),
        (
            Box::new(|file| file["oblivious_trees"][0]["splits"][0]["float_feature_index"] = json!(9)),
            "no column of numbers with the index 9",
        ),
        (Box::new(|file| file["scale_and_bias"] = json!([1, [0, 0]])), "its leaves have 1 values, for 2 outputs"),
        (
            Box::new(|file| file["features_info"]["ctrs"] = json!([{ "elements": [{ "cat_feature_index": 0 }] }])),
            "the categorical feature \"colour\"",
        ),
        (
            Box::new(|file| file["features_info"]["float_features"][0]["nan_value_treatment"] = json!("AsLast")),
            "the treatment \"AsLast\"",
        ),
        (
            Box::new(|file| file["features_info"]["cat_features_hash"][1]["value"] = json!("red")),
            "the category \"red\" has two hashes",
        ),
        (
            Box::new(|file| file["features_info"]["cat_features_hash"][1]["hash"] = json!(-5)),
            "two categories have one hash",
        ),
        (
            Box::new(|file| file["features_info"]["cat_features_hash"][1]["hash"] = json!(1_i64 << 40)),
            "more than 32 bits",
        ),
    ] {
        let message = text_fault(edit);
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn json_is_known_by_its_first_key() {
    for text in ["{\"features_info\":{", "{ \n\"oblivious_trees\": [", "{\"ctr_data\":null", "{\"model_info\":{}"] {
        assert!(is_json(text.as_bytes()), "{text}");
    }
    for text in ["{\"learner\":{", "{\"trees\":[", "[\"features_info\"]", ""] {
        assert!(!is_json(text.as_bytes()), "{text}");
    }
}

#[test]
fn json_that_is_cut_off_or_changed_anywhere_is_read_or_refused() {
    let whole = json_file().to_string().into_bytes();
    for length in 0..whole.len() {
        assert!(read_json(&whole[..length], &Options::default()).and_then(Draft::imported).is_err(), "{length}");
    }
    for place in 0..whole.len() {
        for flip in [1, 2, 4, 16, 64] {
            let mut bytes = whole.clone();
            bytes[place] ^= flip;
            let _ = read_json(&bytes, &Options::default()).and_then(Draft::imported);
        }
    }
}

#[test]
fn labels_that_begin_at_another_probability_than_a_half_are_refused() {
    let threshold = |said: Json| {
        let file = json!({ "binclass_probability_threshold": said });
        let information: Information = of_json(file.to_string().as_bytes()).expect("information");
        information.check_threshold().map_err(|error| error.to_string())
    };
    assert_eq!(threshold(Json::Null), Ok(()));
    assert_eq!(threshold(json!(0.5)), Ok(()));
    // A `.cbm` has it in a text.
    for said in [json!(0.8), json!("0.8")] {
        assert!(threshold(said).expect_err("0.8").contains("tells the classes apart at a probability of 0.8"));
    }
}

#[test]
fn classes_are_named_as_training_knew_them() {
    let classes = |loss: &str, outputs: usize, params: Json| {
        let file = json!({ "params": { "loss_function": { "type": loss } }, "class_params": params });
        let information: Information = of_json(file.to_string().as_bytes()).expect("information");
        let loss = information.loss().expect("a loss").expect("a loss");
        information.classes(loss, outputs).map(|labels| labels.names).map_err(|error| error.to_string())
    };
    let names = |names: &[&str]| Ok(names.iter().map(|&name| name.to_owned()).collect());
    let labels =
        |labels: Json, kind: &str| json!({ "class_names": labels, "class_label_type": kind, "class_to_label": [0, 1] });
    assert_eq!(classes("Logloss", 1, labels(json!([-4, -1]), "Integer")), names(&["-4", "-1"]));
    assert_eq!(classes("Logloss", 1, labels(json!([0, 0.5]), "Float")), names(&["0.0", "0.5"]));
    assert_eq!(classes("Logloss", 1, labels(json!([false, true]), "Boolean")), names(&["False", "True"]));
    assert_eq!(classes("MultiClass", 2, labels(json!(["b", "a"]), "String")), names(&["b", "a"]));
    assert_eq!(classes("CrossEntropy", 1, json!({ "class_to_label": [0, 1] })), names(&["0", "1"]));
    assert_eq!(classes("MultiClass", 3, json!({ "class_to_label": [0, 2, 2.5] })), names(&["0", "2", "2.5"]));
    assert_eq!(classes("MultiClass", 3, json!({ "classes_count": 3 })), names(&["0", "1", "2"]));
    assert_eq!(classes("MultiClass", 2, Json::Null), names(&["0", "1"]));
    assert_eq!(classes("MultiLogloss", 1, Json::Null), Ok(Vec::new()));
    // Of several labels a row may have all: none is the row's class.
    assert_eq!(classes("MultiLogloss", 2, labels(json!([0, 1]), "Integer")), Ok(Vec::new()));
    assert_eq!(classes("MultiClassOneVsAll", 2, labels(json!(["b", "a"]), "String")), names(&["b", "a"]));
    assert_eq!(classes("RMSE", 1, Json::Null), Ok(Vec::new()));
    // JSON of old versions has it in a text.
    assert_eq!(classes("MultiClass", 2, json!("{\"class_names\":[\"x\",\"y\"]}")), names(&["x", "y"]));
    let lacking = classes("MultiClass", 2, json!({ "classes_count": 1_000_000_000, "class_to_label": [0, 1] }));
    assert!(lacking.expect_err("classes without outputs").starts_with("some classes were not in the training data"));
    let lacking = classes("MultiClass", 2, json!({ "class_names": ["a", "b"], "class_to_label": [1, 0] }));
    assert!(lacking.is_err());
    let few = classes("Logloss", 1, labels(json!(["a"]), "String"));
    assert_eq!(few, Err("it names 1 classes, for 1 outputs".to_owned()));
}
