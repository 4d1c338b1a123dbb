//! Small files, whole and broken.

use super::*;
use crate::error::Code;
use crate::import::Imported;
use crate::model::Model;

/// Of age, size and colour. The first tree parts colours 0 and 2 from the others, and these at an age of 4.5; the second has one leaf.
const TEXT: &str = "tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=2
objective=binary sigmoid:1
feature_names=age größe=cm colour
monotone_constraints=0 1 0
feature_infos=[0:9] none 2:0:1
tree_sizes=412 101

Tree=0
num_leaves=3
num_cat=1
split_feature=2 0
split_gain=5 1.5
threshold=0 4.5
decision_type=1 10
left_child=1 -1
right_child=-3 -2
leaf_value=0.10000000000000001 0.20000000000000001 -0.29999999999999999
leaf_weight=10 20 30
leaf_count=11 21 31
internal_value=0 0.1
internal_weight=60 30
internal_count=63 32
cat_boundaries=0 1
cat_threshold=5
is_linear=0
shrinkage=1


Tree=1
num_leaves=1
num_cat=0
split_feature=
split_gain=
threshold=
decision_type=
left_child=
right_child=
leaf_value=0.050000000000000003
leaf_weight=
leaf_count=
internal_value=
internal_weight=
internal_count=
is_linear=0
shrinkage=1


end of trees

feature_importances:
age=1
colour=1

parameters:
[boosting: gbdt]
pandas_categorical:[[\"this is not it\"]]
end of parameters

pandas_categorical:[[\"red\", \"green\", \"dark blue\"]]
";

/// The same by `dump_model()`.
const JSON: &str = r#"{"name": "tree", "version": "v4", "num_class": 1, "num_tree_per_iteration": 1, "label_index": 0,
"max_feature_idx": 2, "objective": "binary sigmoid:1", "average_output": false, "feature_names": ["age", "größe=cm", "colour"],
"monotone_constraints": [0, 1, 0], "feature_infos": {"age": {"min_value": 0, "max_value": 9, "values": []},
"colour": {"min_value": 0, "max_value": 2, "values": [2, 0, 1]}}, "tree_info": [{"tree_index": 0, "num_leaves": 3, "num_cat": 1,
"shrinkage": 1, "tree_structure": {"split_index": 0, "split_feature": 2, "split_gain": 5, "threshold": "0||2",
"decision_type": "==", "default_left": false, "missing_type": "None", "internal_value": 0, "internal_weight": 60,
"internal_count": 63, "left_child": {"split_index": 1, "split_feature": 0, "split_gain": 1.5, "threshold": 4.5,
"decision_type": "<=", "default_left": true, "missing_type": "NaN", "internal_value": 0.1, "internal_weight": 30,
"internal_count": 32, "left_child": {"leaf_index": 0, "leaf_value": 0.1, "leaf_weight": 10, "leaf_count": 11},
"right_child": {"leaf_index": 1, "leaf_value": 0.2, "leaf_weight": 20, "leaf_count": 21}},
"right_child": {"leaf_index": 2, "leaf_value": -0.3, "leaf_weight": 30, "leaf_count": 31}}}, {"tree_index": 1, "num_leaves": 1,
"num_cat": 0, "shrinkage": 1, "tree_structure": {"leaf_value": 0.05}}], "feature_importances": {"age": 1, "colour": 1},
"pandas_categorical": [["red", "green", "dark blue"]]}"#;

fn read(text: &str) -> std::result::Result<Imported, String> {
    let read = if text.starts_with('{') { read_json } else { read_text };
    read(text.as_bytes(), &Options::default()).and_then(Draft::imported).map_err(|error| error.to_string())
}

/// The error of a file in which every `from` is `to`.
fn edited(file: &str, from: &str, to: &str) -> String {
    assert!(file.contains(from), "{from}");
    read(&file.replace(from, to)).map(|_| ()).expect_err(from)
}

fn margins(model: &Model, rows: &[[f64; 3]]) -> Vec<f64> {
    model.margins_many(rows.as_flattened()).expect("margins").iter().collect()
}

/// LightGBM takes an ordered column for numbers, its codes, and a category that training did not see for what is missing.
#[test]
fn what_training_did_not_see_of_an_ordered_column_is_missing() {
    // The list of names is of no other column.
    let ordered = JSON
        .replace(r#""colour": {"#, r#""größe=cm": {"min_value": 0.5, "max_value": 1.5, "values": []}, "colour": {"#);
    let ordered = ordered.replace(r#""values": [2, 0, 1]"#, r#""values": []"#);
    let ordered = ordered.replace("\"0||2\",\n\"decision_type\": \"==\"", "1.5,\n\"decision_type\": \"<=\"");
    let ordered = ordered
        .replace(r#""default_left": false, "missing_type": "None""#, r#""default_left": true, "missing_type": "NaN""#);
    for (file, codes) in [(&*ordered, &[3.0][..]), (JSON, &[])] {
        let model = read(file).expect("a model").model;
        assert_eq!(model.schema().features()[2].missing_codes, codes);
        let row = |text| model.schema().row_from_text(text).expect("a row");
        let of = |text| model.margins(&row(text));
        assert_eq!(of("3,0,pink"), of("3,0,"));
        assert_ne!(of("3,0,dark blue"), of("3,0,green"));
        let warnings = model.schema().warnings(&row("3,0,pink"));
        assert_eq!(warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), ["unseen_category"]);
    }
}

#[test]
fn both_forms_are_the_same_model() {
    let (text, json) = (read(TEXT).expect("a model"), read(JSON).expect("a model"));
    assert_eq!(text.model, json.model);
    assert!(text.notes.is_empty() && json.notes.is_empty());
    const NAN: f64 = f64::NAN;
    let rows = [
        [4.5, 0.0, 0.0],
        [4.5_f64.next_up(), 0.0, 2.9],
        [9.0, NAN, -0.5],
        [NAN, 0.0, 0.0],
        [3.0, 0.0, 1.0],
        [3.0, 0.0, 34.0],
        [3.0, 0.0, -1.0],
        [3.0, 0.0, NAN],
    ];
    let (left, right, other) = (0.1 + 0.05, 0.2 + 0.05, -0.3 + 0.05);
    assert_eq!(margins(&text.model, &rows), [left, right, right, left, other, other, other, other]);
    let features = text.model.schema().features();
    assert_eq!(features[1].name, "größe=cm");
    assert_eq!(features[2].categories, ["red", "green", "dark blue"]);
    #[cfg(feature = "explain")]
    assert!(text.model.covers().is_some());
}

#[test]
fn other_ends_of_lines_and_what_old_versions_leave_out_change_nothing() {
    let model = read(TEXT).expect("a model").model;
    for other in [
        TEXT.replace('\n', "\r\n"),
        TEXT.replace("tree_sizes=412 101\n", ""),
        TEXT.replace("is_linear=0\n", "").replace("=v4", "=v3"),
        TEXT.replace("leaf_count=11 21 31\n", "").replace("leaf_weight=10 20 30", "leaf_weight=11 21 31"),
        TEXT.replace("monotone_constraints=0 1 0\n", "").replace("end of trees\n\n", "").replace("e_imp", "e imp"),
    ] {
        assert_eq!(read(&other).expect("a model").model, model);
    }
    let unnamed = TEXT.replace("pandas_categorical", "something else");
    assert!(read(&unnamed).expect("a model").model.schema().features()[2].categories.is_empty());
    let invented = TEXT.replace("=age größe=cm colour", "=Column_0 Column_1 Column_2");
    assert!(read(&invented).expect("a model").model.schema().has_invented_names());
}

#[test]
fn outputs_take_turns_and_forests_answer_means() {
    let of_two = |text: &str| {
        text.replace("num_class=1", "num_class=2")
            .replace("iteration=1", "iteration=2")
            .replace("binary sigmoid:1", "multiclass num_class:2")
    };
    let model = read(&of_two(TEXT)).expect("a model").model;
    assert_eq!(margins(&model, &[[1.0, 0.0, 0.0]]), [0.1, 0.05]);
    let third = "Tree=2\nnum_leaves=1\nnum_cat=0\nleaf_value=1\n\nend of trees";
    let odd = edited(&of_two(TEXT).replace("412 101", "412 101 50"), "end of trees", third);
    assert_eq!(odd, "3 trees for 2 outputs: some have one less");
    let mean = read(&TEXT.replace("binary sigmoid:1", "regression\naverage_output")).expect("a model").model;
    assert_eq!(margins(&mean, &[[1.0, 0.0, 0.0]]), [0.1 + 0.05]);
    let answers: Vec<f64> = mean.predict_many(&[1.0, 0.0, 0.0]).expect("answers").iter().collect();
    assert_eq!(answers, [(0.1 + 0.05) / 2.0]);
}

#[test]
fn no_trees_answer_zero() {
    let begin = TEXT.find("Tree=0").expect("a tree");
    let end = TEXT.find("end of trees").expect("an end");
    let none = format!("{}{}", &TEXT[..begin], &TEXT[end..]).replace("412 101", "");
    let model = read(&none).expect("a model").model;
    assert_eq!(margins(&model, &[[1.0, 0.0, 0.0]]), [0.0]);
    let forest = edited(&none, "binary sigmoid:1", "regression\naverage_output");
    assert_eq!(forest, "it answers the mean of its trees, and has none");
}

#[test]
fn without_an_objective_answers_are_raw_scores() {
    let read = read(&TEXT.replace("objective=binary sigmoid:1\n", "")).expect("a model");
    assert!(read.notes[0].contains("no objective"), "{:?}", read.notes);
    assert_eq!(read.model.forest().link(), crate::link::Link::Identity);
}

#[test]
fn a_text_that_lies_is_named() {
    for (from, to, expected) in [
        ("tree\n", "tre\n", "the first line is not \"tree\", which all models of LightGBM are"),
        ("=v4", "=v5", "the file's version is \"v5\"; v2, v3 and v4 are read (LightGBM 2.1 to 4)"),
        ("label_index", "label_indices", "line 5: \"label_indices\", which is not known here, may change answers"),
        ("label_index=0", "version=v4", "line 5: version is there twice"),
        ("num_class=1\n", "", "num_class is missing"),
        ("num_class=1\n", "num_class=2\n", "num_tree_per_iteration is 1 and num_class 2"),
        ("num_class=1\n", "num_class=one\n", "num_class is \"one\", not a count"),
        ("idx=2", "idx=3", "feature_names has 3 entries for 4 features"),
        ("idx=2", "idx=99999999999", "max_feature_idx is 99999999999; a model has 1 to 65536 features"),
        ("[0:9] none", "[0:9]", "feature_infos has 2 entries for 3 features"),
        ("2:0:1", "2:x", "feature_infos has \"2:x\", which is no range and no categories"),
        ("412 101", "412", "the file has 2 trees; tree_sizes counts 1 trees"),
        ("Tree=1", "Tree=2", "line 34: \"Tree=2\" where tree 1 is due"),
        ("end of trees", "end of it", "line 53: \"end of it\" where a tree or the end of the trees is due"),
        ("end of parameters", "", "the file ends early, at line 64, before \"end of parameters\": copy it again"),
        ("dark blue", "green", "feature 2, \"colour\": two of its categories have one name"),
        (
            "[[\"red\"",
            "[[{}",
            "pandas_categorical: invalid type: map, expected a text, a number, or true or false at line 1 column 3",
        ),
        ("num_leaves=3", "num_leaves=0", "tree 0 (line 13): it has no leaves"),
        (
            "num_leaves=3",
            "num_leaves=99999999999",
            "tree 0 (line 13): leaf_value has 3 entries where 99999999999 are due",
        ),
        (
            "is_linear=0\n",
            "is_linear=1\n",
            "tree 0 (line 13): its leaves are linear models (linear_tree=true), which are not \
            supported; train without linear_tree",
        ),
        ("=5 1.5\nthreshold=0 4.5", "=5\nthreshold=0", "tree 0 (line 13): threshold has 1 entries where 2 are due"),
        ("=0 4.5", "=0 x", "tree 0 (line 13), node 1: threshold has \"x\""),
        ("=0 4.5", "=0 nan", "tree 0 (line 13), node 1: the threshold is NaN"),
        ("=0 4.5", "=1 4.5", "tree 0 (line 13), node 0: its set of categories is number 1; the tree has 1"),
        ("=0 4.5", "=nan 4.5", "tree 0 (line 13), node 0: its set of categories is number NaN; the tree has 1"),
        ("type=1 10", "type=1 12", "tree 0 (line 13), node 1: decision_type is 12, which no version writes"),
        ("type=1 10", "type=1 -1", "tree 0 (line 13), node 1: decision_type has \"-1\""),
        (
            "child=1 -1",
            "child=1 2",
            "tree 0 (line 13), node 1: child 2 does not exist; the tree has 2 splits and 3 leaves",
        ),
        (
            "child=1 -1",
            "child=1 -4",
            "tree 0 (line 13), node 1: child -4 does not exist; the tree has 2 splits and 3 leaves",
        ),
        ("child=1 -1", "child=1 0", "tree 0, node 1: its child is the root: a cycle"),
        ("child=-3 -2", "child=-3 -1", "tree 0, node 1: child 2 is already a child of node 1"),
        ("feature=2 0", "feature=2 3", "tree 0 (line 13), node 1: feature 3 does not exist; the model has 3"),
        ("feature=2 0", "feature=2 2", "the feature \"colour\" is a number in some splits, and a category in others"),
        (
            "boundaries=0 1",
            "boundaries=0 2",
            "tree 0 (line 13): cat_boundaries do not part the 1 entries of cat_threshold",
        ),
        ("boundaries=0 1", "boundaries=0", "tree 0 (line 13): cat_boundaries has 1 entries; num_cat is 1"),
        ("cat_threshold=5", "cat_threshold=0", "tree 0, node 0: its set of categories is empty"),
        ("cat_threshold=5", "cat_threshold=4294967296", "tree 0 (line 13): cat_threshold has \"4294967296\""),
        ("leaf_value=0.1", "leaf_value=1e999", "tree 0, node 2: the leaf is inf"),
    ] {
        assert_eq!(edited(TEXT, from, to), expected, "{from} -> {to}");
    }
}

#[test]
fn a_file_that_claims_more_trees_than_it_has_is_cut_off() {
    let claiming = TEXT.replace("412 101", &vec!["9"; 1000].join(" "));
    let cut = |at: &str| read(&claiming[..claiming.find(at).expect("a place")]).map(|_| ()).expect_err("half a file");
    assert_eq!(cut("leaf_count=\n"), "the file ends within tree 1; tree_sizes counts 1000 trees");
    assert_eq!(cut("end of trees"), "the file ends after tree 1; tree_sizes counts 1000 trees");
    assert_eq!(cut("Tree=0"), "the file ends early, at line 12, before its trees: copy it again");
}

#[test]
fn a_dump_that_lies_is_named() {
    for (from, to, expected) in [
        ("\"name\": \"tree\"", "\"name\": \"vine\"", "its name is \"vine\", and not \"tree\""),
        ("\"label_index\"", "\"labels\"", "\"labels\", which is not known here, may change answers"),
        ("\"label_index\": 0", "\"version\": \"v4\"", "version is there twice"),
        (
            "\"average_output\": false,",
            "",
            "it has no average_output, as dumps of LightGBM before 2.2.3, which have no objective \
            either: save the model by save_model(\"model.txt\")",
        ),
        ("\"num_leaves\": 3", "\"num_leaves\": 4", "tree 0: num_leaves is 4; it has 3"),
        ("\"0||2\"", "\"2||0\"", "tree 0, node 0: threshold is \"2||0\", no ascending categories"),
        ("\"0||2\"", "0", "tree 0, node 0: threshold and decision_type do not fit"),
        ("\"missing_type\": \"NaN\", ", "", "tree 0, node 1: missing_type is missing"),
        ("\"leaf_value\": 0.1", "\"left_child\": 0.1", "tree 0, offset 983: '{' is due"),
        ("\"leaf_value\": 0.1,", "", "tree 0, node 2: split_feature is missing"),
        (
            "\"leaf_index\": 0",
            "\"default_left\": 0",
            "tree 0, offset 967: invalid type: integer `0`, expected a boolean",
        ),
        (
            "\"leaf_index\": 0",
            "\"leaf_const\": 0",
            "tree 0: its leaves are linear models (linear_tree=true), which are not \
            supported; train without linear_tree",
        ),
        ("\"split_feature\": 0", "\"split_feature\": -1", "tree 0, node 1: feature -1 does not exist; the model has 3"),
    ] {
        assert_eq!(edited(JSON, from, to), expected, "{from} -> {to}");
    }
    assert!(read(&format!("{JSON} x")).is_err_and(|error| error.ends_with("text follows the end of the object")));
}

#[test]
fn trees_as_deep_as_a_stack_is_not_are_read() {
    let node = |left: &str| {
        format!(
            "{{\"split_feature\":0,\"threshold\":1,\"decision_type\":\"<=\",\"default_left\":true,\"missing_type\":\"None\",\
             \"right_child\":{{\"leaf_value\":1}},\"left_child\":{left}}}"
        )
    };
    let (open, close) =
        node("#").split_once('#').map(|(open, close)| (open.to_owned(), close.to_owned())).expect("a child");
    let begin = JSON.find("{\"split_index\": 0").expect("a root");
    let end = JSON.find("}, {\"tree_index\": 1").expect("an end");
    let of_depth = |depth: usize| {
        let tree = format!("{}{{\"leaf_value\":0}}{}", open.repeat(depth), close.repeat(depth));
        format!("{}{tree}{}", &JSON[..begin], &JSON[end..])
            .replace("\"num_leaves\": 3", &format!("\"num_leaves\": {}", depth + 1))
    };
    let model = read(&of_depth(20_000)).expect("a model").model;
    assert_eq!(margins(&model, &[[0.0; 3], [2.0, 0.0, 0.0]]), [0.05, 1.05]);
    assert!(read(&of_depth(70_000)).is_err_and(|error| error.ends_with("the tree is more than 65536 splits deep")));
}

#[test]
fn whatever_is_cut_or_changed_is_read_or_refused_in_words() {
    let check = |bytes: &[u8]| {
        let read = if bytes.starts_with(b"{") { read_json } else { read_text };
        if let Err(error) = read(bytes, &Options::default()).and_then(Draft::imported) {
            let text = error.to_string();
            assert!(
                matches!(error.code(), Code::InvalidModel | Code::UnsupportedModel | Code::InvalidSchema),
                "{error:?}"
            );
            assert!(!text.is_empty() && !text.contains('\n') && text.chars().count() < 300, "{text}");
            return false;
        }
        true
    };
    for file in [TEXT, JSON] {
        // What follows the trees need not be there: of a file that is cut there only the names of categories are lost.
        let trees = file.find("end of trees").map_or(file.len(), |place| place + "end of trees".len());
        for length in 0..file.len() {
            let read = check(&file.as_bytes()[..length]);
            assert!(!read || length >= trees, "read without its last {} bytes", file.len() - length);
        }
        for place in 0..file.len() {
            for bit in [0x01, 0x04, 0x10, 0x20, 0x80] {
                let mut bytes = file.as_bytes().to_vec();
                bytes[place] ^= bit;
                check(&bytes);
            }
        }
    }
}
