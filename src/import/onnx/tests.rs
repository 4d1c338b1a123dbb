//! What onnxruntime 1.32 answers for small models.

use super::read;
use super::written::{
    Attribute, constant, constant_floats, doubles, file, float, floats, input, int, ints, operator, output, singles,
    tensor, text, texts,
};
use crate::import::{FileKind, Options};
use crate::model::Model;
use crate::numbers::Numbers;

/// A tree of one branch, at most 0.5 on the true side, for either classic operator.
fn stump() -> Vec<Attribute> {
    vec![
        ints("nodes_treeids", &[0, 0, 0]),
        ints("nodes_nodeids", &[0, 1, 2]),
        ints("nodes_featureids", &[0, 0, 0]),
        texts("nodes_modes", &["BRANCH_LEQ", "LEAF", "LEAF"]),
        ints("nodes_truenodeids", &[1, 0, 0]),
        ints("nodes_falsenodeids", &[2, 0, 0]),
        floats("nodes_values", &[0.5, 0.0, 0.0]),
    ]
}

pub(super) fn regressor() -> Vec<Attribute> {
    let mut attributes = stump();
    attributes.extend([
        ints("target_treeids", &[0, 0]),
        ints("target_nodeids", &[1, 2]),
        ints("target_ids", &[0, 0]),
        floats("target_weights", &[0.3, -0.6]),
        int("n_targets", 1),
    ]);
    attributes
}

/// The attributes with these in the place of those of the same names.
pub(super) fn with(mut attributes: Vec<Attribute>, changed: &[Attribute]) -> Vec<Attribute> {
    attributes.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    attributes.extend(changed.iter().cloned());
    attributes
}

pub(super) fn of_regressor(attributes: &[Attribute]) -> Vec<u8> {
    let ensemble = operator("TreeEnsembleRegressor", &["X"], &["Y"], attributes);
    file(&[ensemble, input("X", 1, Some(1)), output("Y")])
}

fn model(bytes: &[u8]) -> Model {
    assert_eq!(FileKind::of(bytes), Ok(FileKind::Onnx));
    read(bytes, &Options::default()).expect("a model").model
}

pub(super) fn fault(bytes: &[u8]) -> String {
    read(bytes, &Options::default()).expect_err("a fault").to_string()
}

fn answers(model: &Model, rows: &[f64]) -> Vec<f64> {
    model.predict_many(rows).expect("answers").iter().collect()
}

/// The answers in 32 bits for 0 and for 1.
fn both(model: &Model) -> Vec<f32> {
    match model.predict_many(&[0.0, 1.0]).expect("answers") {
        Numbers::Single(answers) => answers,
        Numbers::Double(_) => panic!("64 bits"),
    }
}

#[test]
fn a_regressor_answers() {
    let model = model(&of_regressor(&regressor()));
    assert_eq!(both(&model), [0.3, -0.6]);
    assert_eq!(model.schema().features()[0].name, "X");
    let with_base = with(regressor(), &[floats("base_values", &[0.1]), text("aggregate_function", "SUM")]);
    assert_eq!(both(&self::model(&of_regressor(&with_base))), [0.4, -0.5]);
    let note = read(&of_regressor(&regressor()), &Options::default()).expect("a model").notes.concat();
    assert!(note.contains("onnxruntime") && note.contains("\"a test\""), "{note}");
}

#[test]
fn the_trees_say_how_many_columns_there_are_where_the_file_does_not() {
    let third = with(regressor(), &[ints("nodes_featureids", &[2, 0, 0])]);
    let ensemble = operator("TreeEnsembleRegressor", &["scaled"], &["Y"], &third);
    let scaler = operator("Scaler", &["X"], &["scaled"], &[floats("offset", &[0.0; 3]), floats("scale", &[1.0; 3])]);
    let open = model(&file(&[scaler.clone(), ensemble.clone(), input("X", 1, None), output("Y")]));
    assert_eq!(answers(&open, &[9.0, 9.0, 0.5, 0.0, 0.0, 0.75]), [f64::from(0.3_f32), f64::from(-0.6_f32)]);
    let two = file(&[scaler, ensemble, input("X", 1, None), input("Z", 1, Some(1)), output("Y")]);
    let error = read(&two, &Options::default()).expect_err("a fault").to_string();
    assert_eq!(error, "the input \"X\" has the shape [?, ?]; inputs of rows and columns are supported");
}

#[test]
fn each_mode_sends_each_value_its_way() {
    const ROWS: [f64; 4] = [0.25, 0.5, 0.75, f64::NAN];
    for (mode, goes_true) in [
        ("BRANCH_LEQ", [true, true, false, false]),
        ("BRANCH_LT", [true, false, false, false]),
        ("BRANCH_GTE", [false, true, true, false]),
        ("BRANCH_GT", [false, false, true, false]),
        ("BRANCH_EQ", [false, true, false, false]),
        ("BRANCH_NEQ", [true, false, true, true]),
    ] {
        for tracks in [None, Some(0), Some(1)] {
            let mut changed = vec![texts("nodes_modes", &[mode, "LEAF", "LEAF"])];
            changed.extend(tracks.map(|tracks| ints("nodes_missing_value_tracks_true", &[tracks])));
            let answers = answers(&model(&of_regressor(&with(regressor(), &changed))), &ROWS);
            for (index, answer) in answers.into_iter().enumerate() {
                let goes_true = goes_true[index] || index == 3 && tracks == Some(1);
                assert_eq!(answer > 0.0, goes_true, "{mode} {tracks:?} {}", ROWS[index]);
            }
        }
    }
}

#[test]
fn labels_that_are_texts_stay_texts() {
    for (labels, are_texts) in
        [(ints("classlabels_int64s", &[0, 1]), false), (texts("classlabels_strings", &["0", "1"]), true)]
    {
        let mut attributes = stump();
        attributes.extend([
            ints("class_treeids", &[0, 0]),
            ints("class_nodeids", &[1, 2]),
            ints("class_ids", &[0, 0]),
            floats("class_weights", &[0.3, 0.6]),
            labels,
        ]);
        let ensemble = operator("TreeEnsembleClassifier", &["X"], &["L", "P"], &attributes);
        let model = model(&file(&[ensemble, input("X", 1, Some(1)), output("L"), output("P")]));
        assert_eq!(
            (model.schema().classes(), model.schema().classes_are_texts()),
            (&["0".to_owned(), "1".to_owned()][..], are_texts)
        );
    }
}

#[test]
fn two_classes_are_answered_by_which_of_them_have_votes() {
    let of = |ids: &[i64], nodes: &[i64], weights: &[f32], base: &[f32], transform: &str| {
        let mut attributes = stump();
        attributes.extend([
            ints("class_treeids", &vec![0; ids.len()]),
            ints("class_nodeids", nodes),
            ints("class_ids", ids),
            floats("class_weights", weights),
            ints("classlabels_int64s", &[-1, 7]),
            text("post_transform", transform),
        ]);
        if !base.is_empty() {
            attributes.push(floats("base_values", base));
        }
        let ensemble = operator("TreeEnsembleClassifier", &["X"], &["L", "P"], &attributes);
        file(&[ensemble, input("X", 1, Some(1)), output("L"), output("P")])
    };
    let (nodes, four) = (&[1, 2][..], &[1, 1, 2, 2][..]);
    let both_classes = &[0, 1, 0, 1][..];
    for (ids, nodes, weights, base, transform, expected) in [
        (&[0, 0][..], nodes, &[0.3, 0.6][..], &[][..], "NONE", [0.3, 0.6]),
        (&[0, 0], nodes, &[0.3, 0.6], &[0.25], "NONE", [0.55, 0.85]),
        (&[0, 0], nodes, &[0.3, 0.6], &[], "LOGISTIC", [0.574_442_5, 0.645_656_3]),
        (&[0, 0], nodes, &[-0.3, 0.6], &[], "NONE", [-0.3, 0.6]),
        (&[0, 0], nodes, &[-0.3, 0.6], &[], "LOGISTIC", [0.425_557_5, 0.645_656_3]),
        (&[0, 0], nodes, &[-0.3, 0.6], &[0.25], "LOGISTIC", [0.487_502_58, 0.700_567_2]),
        (&[1, 1], nodes, &[-0.3, 0.6], &[], "NONE", [-0.3, 0.6]),
        (&[1, 1], nodes, &[-0.3, 0.6], &[], "LOGISTIC", [0.425_557_5, 0.645_656_3]),
        (both_classes, four, &[-0.3, -0.2, 0.6, 0.8], &[], "NONE", [-0.2, 0.8]),
        (both_classes, four, &[-0.3, -0.2, 0.6, 0.8], &[0.25], "LOGISTIC", [0.450_166_05, 0.689_974_5]),
    ] {
        let model = model(&of(ids, nodes, weights, base, transform));
        assert_eq!(both(&model), expected, "{ids:?} {weights:?} {base:?} {transform}");
        assert_eq!(model.schema().classes(), ["-1", "7"]);
        assert!(!model.schema().classes_are_texts());
    }
    let softmax = of(both_classes, four, &[-0.3, -0.2, 0.6, 0.8], &[0.25], "SOFTMAX");
    assert_eq!(both(&model(&softmax)), [0.537_429_8, 0.462_570_16, 0.512_497_4, 0.487_502_6]);
    for (ids, nodes, base, transform, message) in [
        (both_classes, four, &[0.25, 0.75][..], "LOGISTIC", "two base values with votes for both classes"),
        (&[0, 0], nodes, &[0.25, 0.75], "NONE", "two classes, votes for the first one, 2 base values"),
        (&[1, 1], nodes, &[0.25], "NONE", "two classes, votes for the second one, 1 base values"),
        (&[0, 0], nodes, &[], "SOFTMAX", "two classes, votes for the first one, 0 base values, post_transform Softmax"),
        (&[0, 1], nodes, &[], "NONE", "two classes, votes for the first and the second one"),
        (&[0, 0], nodes, &[], "PROBIT", "TreeEnsembleClassifier: post_transform is \"PROBIT\""),
    ] {
        let error = fault(&of(ids, nodes, &[0.3; 4][..ids.len()], base, transform));
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn several_outputs_are_summed_each_by_itself() {
    let attributes = with(
        regressor(),
        &[
            ints("target_treeids", &[0, 0, 0]),
            ints("target_nodeids", &[1, 2, 2]),
            ints("target_ids", &[0, 2, 1]),
            floats("target_weights", &[0.3, -0.6, 5.0]),
            int("n_targets", 3),
        ],
    );
    assert_eq!(both(&model(&of_regressor(&attributes))), [0.3, 0.0, 0.0, 0.0, 5.0, -0.6]);
    let logistic = with(attributes.clone(), &[text("post_transform", "LOGISTIC")]);
    assert_eq!(both(&model(&of_regressor(&logistic)))[..3], [0.574_442_5, 0.5, 0.5]);
    let lost = fault(&of_regressor(&with(attributes, &[floats("base_values", &[0.0, 0.0, 1.0])])));
    assert!(lost.starts_with("target 2 has a base value and is not in all leaves of any tree"), "{lost}");
}

#[test]
fn trees_of_64_bits_add_up_in_64_and_answer_in_32() {
    let attributes = with(
        stump(),
        &[
            ("nodes_values", Vec::new()),
            doubles("nodes_values_as_tensor", &[0.1, 0.0, 0.0]),
            ints("target_treeids", &[0, 0]),
            ints("target_nodeids", &[1, 2]),
            ints("target_ids", &[0, 0]),
            doubles("target_weights_as_tensor", &[1.0 / 3.0, -0.6]),
            doubles("base_values_as_tensor", &[1e-9]),
            int("n_targets", 1),
        ],
    );
    let ensemble = operator("TreeEnsembleRegressor", &["X"], &["Y"], &attributes);
    let model = model(&file(&[ensemble.clone(), input("X", 11, Some(1)), output("Y")]));
    let expected = [f64::from((1.0_f64 / 3.0 + 1e-9) as f32), f64::from(-0.6_f32), f64::from(-0.6_f32)];
    assert_eq!(answers(&model, &[0.1, 0.1_f32.into(), 0.1_f64.next_up()]), expected);
    let error = fault(&file(&[ensemble, input("X", 1, Some(1)), output("Y")]));
    assert!(error.contains("nodes_values_as_tensor holds double; onnxruntime wants float"), "{error}");
}

/// `TreeEnsemble`'s attributes: a branch of this mode with two leaves.
fn unified(mode: u8) -> Vec<Attribute> {
    vec![
        int("n_targets", 1),
        int("aggregate_function", 1),
        ints("tree_roots", &[0]),
        ints("nodes_featureids", &[0]),
        singles("nodes_splits", &[0.5]),
        tensor("nodes_modes", 2, 1, &[mode]),
        ints("nodes_truenodeids", &[0]),
        ints("nodes_trueleafs", &[1]),
        ints("nodes_falsenodeids", &[1]),
        ints("nodes_falseleafs", &[1]),
        ints("leaf_targetids", &[0, 0]),
        singles("leaf_weights", &[0.3, -0.6]),
    ]
}

fn of_unified(attributes: &[Attribute]) -> Vec<u8> {
    file(&[operator("TreeEnsemble", &["X"], &["Y"], attributes), input("X", 1, Some(1)), output("Y")])
}

#[test]
fn the_unified_operator_answers() {
    assert_eq!(both(&model(&of_unified(&unified(0)))), [0.3, -0.6]);
    let one_leaf = with(unified(0), &[ints("nodes_truenodeids", &[1])]);
    assert_eq!(both(&model(&of_unified(&one_leaf))), [-0.6, -0.6]);
    let set = with(unified(6), &[singles("membership_values", &[1.0, 1.5, 30.0, f32::NAN])]);
    let rows = [1.0, 1.5, 2.0, 30.0, -1.0, f64::NAN, 1e9];
    let goes_true = |answers: Vec<f64>| answers.into_iter().map(|answer| answer > 0.0).collect::<Vec<_>>();
    assert_eq!(goes_true(answers(&model(&of_unified(&set)), &rows)), [true, true, false, true, false, false, false]);
    let categories =
        with(unified(6), &[singles("membership_values", &[1.0, 3.0]), ints("nodes_missing_value_tracks_true", &[1])]);
    let rows = [1.0, 1.5, 3.0, 0.0, -3.0, f64::NAN, 1e9];
    assert_eq!(
        goes_true(answers(&model(&of_unified(&categories)), &rows)),
        [true, false, true, false, false, true, false]
    );
    for (changed, message) in [
        (int("post_transform", 1), "post_transform is 1; 0 (NONE) is supported"),
        (int("aggregate_function", 2), "aggregate_function is \"MIN\"; SUM and AVERAGE are supported"),
        (ints("tree_roots", &[1]), "tree 0: its root 1 does not exist; there are 1 branches"),
        (ints("tree_roots", &[0, 0]), "tree 1: branch 0 is reached twice"),
        (ints("nodes_falsenodeids", &[2]), "branch 0: leaf 2 does not exist; there are 2"),
        (ints("nodes_falseleafs", &[0]), "branch 0: branch 1 does not exist; there are 1"),
        (ints("nodes_falseleafs", &[2]), "branch 0: nodes_falseleafs is 2, neither 0 nor 1"),
        (ints("leaf_targetids", &[0, 1]), "leaf 1: target 1 does not exist; there are 1"),
        (ints("leaf_targetids", &[0]), "leaf_targetids has 1 entries; leaf_weights has 2"),
        (tensor("nodes_modes", 2, 1, &[7]), "branch 0: the mode 7 is not known"),
        (tensor("nodes_modes", 2, 1, &[6]), "branch 0: its set in membership_values is empty"),
        (singles("nodes_splits", &[f32::NAN]), "branch 0: the threshold is NaN"),
        (singles("leaf_weights", &[0.3, f32::INFINITY]), "tree 0, node 2: its weight is inf"),
        (int("n_targets", 0), "n_targets is 0; a model has 1 to 65536"),
        (int("nodes_colour", 0), "the attribute \"nodes_colour\" is not known"),
    ] {
        let error = fault(&of_unified(&with(unified(0), &[changed])));
        assert_eq!(error, format!("TreeEnsemble{}", at(message)));
    }
    let many: Vec<f32> = (0..31).map(|member| member as f32).collect();
    let error = fault(&of_unified(&with(unified(6), &[singles("membership_values", &many)])));
    assert!(error.contains("BRANCH_MEMBER of more than 30 numbers, or of others than 0 to 30"), "{error}");
}

/// A message behind an operator's name: its own place comes first, where it has one.
fn at(message: &str) -> String {
    let separator =
        if ["tree ", "branch ", "leaf "].iter().any(|place| message.starts_with(place)) { ", " } else { ": " };
    format!("{separator}{message}")
}

#[test]
fn sets_of_categories_are_read_as_exporters_write_them() {
    // 1 or 4, which lead to one node, or else 2: as a chain; missing values are the second's.
    let chain = [
        ints("nodes_treeids", &[0; 6]),
        ints("nodes_nodeids", &[0, 1, 2, 3, 4, 5]),
        ints("nodes_featureids", &[0; 6]),
        texts("nodes_modes", &["BRANCH_EQ", "LEAF", "BRANCH_EQ", "BRANCH_EQ", "LEAF", "LEAF"]),
        ints("nodes_truenodeids", &[1, 0, 1, 4, 0, 0]),
        ints("nodes_falsenodeids", &[2, 0, 3, 5, 0, 0]),
        floats("nodes_values", &[1.0, 0.0, 4.0, 2.0, 0.0, 0.0]),
        ints("nodes_missing_value_tracks_true", &[0, 0, 0, 1, 0, 0]),
        ints("target_treeids", &[0; 3]),
        ints("target_nodeids", &[1, 4, 5]),
        ints("target_ids", &[0; 3]),
        floats("target_weights", &[10.0, 20.0, 30.0]),
    ];
    let rows = [1.0, 4.0, 2.0, 3.0, 1.5, -1.0, f64::NAN];
    let expected = [10.0, 10.0, 20.0, 30.0, 30.0, 30.0, 20.0];
    let model = model(&of_regressor(&with(regressor(), &chain)));
    assert_eq!(answers(&model, &rows), expected);
    assert_eq!(model.forest().nodes().len(), 5, "two sets, three leaves");
    // As ranges, where a number has a fraction: 4.5 in the place of 4.
    let fraction = with(with(regressor(), &chain), &[floats("nodes_values", &[1.0, 0.0, 4.5, 2.0, 0.0, 0.0])]);
    let rows = [1.0, 4.5, 2.0, 4.0, f64::from(4.5_f32.next_up()), -1.0, f64::NAN];
    assert_eq!(answers(&self::model(&of_regressor(&fraction)), &rows), expected);
    // The second's numbers are all the first's.
    let shadowed = with(with(regressor(), &chain), &[floats("nodes_values", &[1.0, 0.0, 4.0, 4.0, 0.0, 0.0])]);
    let rows = [1.0, 4.0, 2.0, f64::NAN];
    assert_eq!(answers(&self::model(&of_regressor(&shadowed)), &rows), [10.0, 10.0, 30.0, 20.0]);
    // Only what one asks behind the other may lead to one node.
    let shared = with(with(regressor(), &chain), &[ints("nodes_falsenodeids", &[2, 0, 3, 1, 0, 0])]);
    assert!(fault(&of_regressor(&shared)).contains("tree 0, node 3: child 1 is already another node's"));
    let circle = with(with(regressor(), &chain), &[ints("nodes_falsenodeids", &[2, 0, 3, 2, 0, 0])]);
    assert!(fault(&of_regressor(&circle)).contains("tree 0, node 3: child 2 is already another node's"));
}

#[test]
fn what_stands_around_the_trees_is_folded_in_or_refused() {
    let ensemble = operator("TreeEnsembleRegressor", &["trees"], &["sums"], &regressor());
    let whole_file = |parts: &[Vec<u8>]| file(&[&[ensemble.clone(), output("Y")], parts].concat());
    let read = |parts: &[Vec<u8>]| read(&whole_file(parts), &Options::default()).map(|imported| imported.model);
    let named =
        |operator: &str, place: &str| format!("the operator \"{operator}\", between the {place}, is not evaluated");
    let ending = || operator("Identity", &["sums"], &["Y"], &[]);

    let scaled = [
        operator("Cast", &["X"], &["cast"], &[int("to", 1)]),
        operator("Scaler", &["cast"], &["scaled"], &[floats("offset", &[10.0]), floats("scale", &[0.5])]),
        operator("Identity", &["scaled"], &["trees"], &[]),
        ending(),
        input("X", 11, Some(1)),
    ];
    // (x − 10) · 0.5 is at most 0.5 up to 11.
    let model = read(&scaled).expect("a model");
    assert_eq!(answers(&model, &[11.0, 11.000_001]), [f64::from(0.3_f32), f64::from(-0.6_f32)]);

    let columns = [
        operator("Concat", &["a", "b"], &["both"], &[int("axis", 1)]),
        operator("ArrayFeatureExtractor", &["both", "places"], &["chosen"], &[]),
        operator("Add", &["one", "chosen"], &["sum"], &[]),
        operator(
            "Imputer",
            &["sum"],
            &["trees"],
            &[floats("imputed_value_floats", &[9.0]), float("replaced_value_float", f32::NAN)],
        ),
        constant("places", &[1, 0]),
        constant_floats("one", &[1.0]),
        ending(),
        input("a", 1, Some(1)),
        input("b", 1, Some(1)),
    ];
    let model = read(&columns).expect("a model");
    let names: Vec<&str> = model.schema().features().iter().map(|feature| feature.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    // Of b, to which 1 is added; and what is missing is 9.
    let (low, high) = (f64::from(0.3_f32), f64::from(-0.6_f32));
    assert_eq!(answers(&model, &[7.0, -0.5, 7.0, -0.25, -7.0, f64::NAN]), [low, high, high]);

    for (operator, place) in [
        (operator("Exp", &["sums"], &["Y"], &[]), named("Exp", "trees and the output")),
        (operator("Mul", &["sums", "two"], &["Y"], &[]), named("Mul", "trees and the output")),
        (operator("Softmax", &["sums"], &["Y"], &[]), named("Softmax", "trees and the output")),
    ] {
        let parts = [operator, constant_floats("two", &[2.0]), input("trees", 1, Some(1))];
        assert_eq!(read(&parts).expect_err("a fault").to_string(), place);
    }
    for (made, message) in [
        (operator("Relu", &["X"], &["trees"], &[]), named("Relu", "inputs and the trees")),
        (
            operator("Mul", &["X", "minus"], &["trees"], &[]),
            "is not evaluated with what it has for column 0: Multiply(-1.0)".to_owned(),
        ),
        (operator("Concat", &["X", "X"], &["trees"], &[int("axis", 0)]), "puts no columns side by side".to_owned()),
        (
            operator("Cast", &["X"], &["trees"], &[int("to", 7)]),
            "a Cast to int64, between the inputs and the trees".to_owned(),
        ),
        (operator("Identity", &["trees"], &["trees"], &[]), "nested more than 64 deep, or go in a circle".to_owned()),
        (operator("Identity", &["nothing"], &["trees"], &[]), "nothing makes the value \"nothing\"".to_owned()),
        (operator("Identity", &["minus"], &["trees"], &[]), "the constant \"minus\"".to_owned()),
    ] {
        let error =
            read(&[made, ending(), constant_floats("minus", &[-1.0]), input("X", 1, Some(1))]).expect_err("a fault");
        assert!(error.to_string().contains(&message), "{error}");
    }
    let divided = [
        operator("Div", &["sums", "three"], &["Y"], &[]),
        constant_floats("three", &[3.0]),
        input("trees", 1, Some(1)),
    ];
    assert_eq!(both(&read(&divided).expect("a model")), [0.3 / 3.0, -0.6 / 3.0]);
    for (element, message) in
        [(7, "its input is int64"), (8, "the input \"trees\" takes string"), (0, "takes undefined")]
    {
        let error = read(&[ending(), input("trees", element, Some(1))]).expect_err("a fault").to_string();
        assert!(error.contains(message), "{error}");
    }
}
