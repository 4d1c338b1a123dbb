use super::super::pickle::Pickle;
use super::super::pickle::written::{
    Opcodes, call, dictionary, dtype, float, floats, global, integer, integers, list, none, object, objects, pickle,
    text, tuple,
};
use super::super::sklearn::tests::{Node, tree_of};
use super::super::{Imported, Options};
use super::*;
use crate::numbers::Numbers;

const TRUE: &[u8] = b"\x88";
const FALSE: &[u8] = b"\x89";

fn flag(value: bool) -> Opcodes {
    if value { TRUE } else { FALSE }.to_vec()
}

/// Below 0.5 of the first column left, then below 0.5 of the second left; a missing value of the first goes right, of the second
/// left. Leaves are 1, 2, 3 and 4, in order.
const TREE: [Node; 7] = [
    (1, 4, 0, 0.5, 0),
    (2, 3, 1, 0.5, 1),
    (-1, -1, -2, -2.0, 0),
    (-1, -1, -2, -2.0, 0),
    (5, 6, 1, 0.5, 1),
    (-1, -1, -2, -2.0, 0),
    (-1, -1, -2, -2.0, 0),
];

fn model() -> Opcodes {
    let attributes = [
        ("n_features_in_", integer(2)),
        ("n_outputs_", integer(1)),
        ("_sklearn_version", text("1.9.1")),
        ("tree_", tree_of(&TREE, &[7, 1, 1], &[0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0])),
    ];
    object("sklearn.tree._classes.DecisionTreeRegressor", attributes)
}

fn steps(steps: impl IntoIterator<Item = Opcodes>) -> Opcodes {
    list(steps.into_iter().enumerate().map(|(place, step)| tuple([text(&format!("step {place}")), step])))
}

fn pipeline(all: impl IntoIterator<Item = Opcodes>) -> Opcodes {
    object(CLASS, [("_sklearn_version", text("1.9.1")), ("steps", steps(all))])
}

fn read(value: Opcodes) -> Result<Imported> {
    read_bytes(&pickle(value))
}

fn read_bytes(bytes: &[u8]) -> Result<Imported> {
    let pickle = Pickle::read(bytes)?;
    super::read(&pickle.values, pickle.root, &Options::default(), bytes.len())?.imported()
}

fn fault(all: impl IntoIterator<Item = Opcodes>) -> String {
    read(pipeline(all)).expect_err("refused").to_string()
}

fn answers(imported: &Imported, rows: &[f64]) -> Vec<f64> {
    match imported.model.predict_many(rows) {
        Ok(Numbers::Double(numbers)) => numbers,
        other => panic!("{other:?}"),
    }
}

/// A step of scikit-learn's that takes two columns.
fn step<'a>(class: &str, attributes: impl IntoIterator<Item = (&'a str, Opcodes)>) -> Opcodes {
    object(&format!("sklearn.x.{class}"), attributes)
}

fn scaler(mean: [f64; 2], scale: [f64; 2]) -> Opcodes {
    let numbers = [("mean_", floats(&[2], &mean)), ("scale_", floats(&[2], &scale))];
    step(
        "StandardScaler",
        numbers.into_iter().chain([
            ("with_mean", flag(true)),
            ("with_std", flag(true)),
            ("n_features_in_", integer(2)),
        ]),
    )
}

fn imputer(missing: Opcodes, statistics: Opcodes) -> Opcodes {
    let attributes = [
        ("missing_values", missing),
        ("strategy", text("mean")),
        ("statistics_", statistics),
        ("n_features_in_", integer(2)),
    ];
    step("SimpleImputer", attributes)
}

fn one_hot(categories: Vec<Opcodes>, more: Vec<(&str, Opcodes)>) -> Opcodes {
    let mut attributes = vec![
        ("n_features_in_", integer(categories.len() as i64)),
        ("categories_", list(categories)),
        ("dtype", global("numpy.float64")),
        ("handle_unknown", text("ignore")),
    ];
    // Of two that are said the last counts.
    attributes.extend(more);
    step("OneHotEncoder", attributes)
}

fn ordinal(categories: Vec<Opcodes>, unknown: Opcodes) -> Opcodes {
    let attributes = [
        ("n_features_in_", integer(categories.len() as i64)),
        ("categories_", list(categories)),
        ("dtype", global("numpy.float64")),
        ("handle_unknown", text("use_encoded_value")),
        ("unknown_value", unknown),
        ("encoded_missing_value", float(f64::NAN)),
    ];
    step("OrdinalEncoder", attributes)
}

/// A table of steps, each of some columns.
fn table(columns: &[&str], members: Vec<(&str, Opcodes, Vec<i64>)>) -> Opcodes {
    let places = |places: &[i64]| list(places.iter().map(|&place| integer(place)));
    let indices: Vec<(&str, Opcodes)> = members.iter().map(|(name, _, own)| (*name, places(own))).collect();
    let indices = dictionary(indices);
    let names = objects(&[columns.len() as i64], columns.iter().map(|name| text(name)));
    let members = list(members.into_iter().map(|(name, step, own)| tuple([text(name), step, places(&own)])));
    let attributes = [
        ("n_features_in_", integer(columns.len() as i64)),
        ("feature_names_in_", names),
        ("transformers_", members),
        ("_transformer_to_input_indices", indices),
        ("sparse_output_", flag(false)),
        ("transformer_weights", none()),
    ];
    step("ColumnTransformer", attributes)
}

fn texts(names: &[&str]) -> Opcodes {
    objects(&[names.len() as i64], names.iter().map(|name| text(name)))
}

#[test]
fn what_is_filled_and_scaled_is_asked_of_raw_numbers() {
    let filled = imputer(float(f64::NAN), floats(&[2], &[7.0, 0.0]));
    // (7 - 6) / 2 is 0.5 and goes left as trees ask for at most that; (0 - 1) / 4 goes left.
    let read = read(pipeline([filled, scaler([6.0, 1.0], [2.0, 4.0]), model()])).expect("a model");
    let next = 7_f64.next_up();
    let rows = [7.0, 3.0, 7.000_01, 3.0, next, 3.001, f64::NAN, 100.0, 100.0, f64::NAN];
    // In 32 bits what is but a little above 0.5 is 0.5.
    assert_eq!(answers(&read, &rows), [1.0, 3.0, 2.0, 2.0, 3.0]);
    assert!(
        read.model.schema().features().iter().all(|feature| feature.may_be_missing && feature.categories.is_empty())
    );
    assert!(!read.notes.iter().any(|note| note.contains("refuses rows")), "{:?}", read.notes);
}

#[test]
fn columns_are_the_users_own_and_what_comes_to_no_tree_is_left_out() {
    let encoder = one_hot(vec![texts(&["red", "green"])], vec![("drop", text("first")), ("drop_idx_", integers(&[0]))]);
    let columns = vec![("c", encoder, vec![2]), ("n", text("passthrough"), vec![1]), ("none", text("drop"), vec![0])];
    let read = read(pipeline([table(&["id", "age", "colour"], columns), model()])).expect("a model");
    let features = read.model.schema().features();
    assert_eq!([&features[0].name, &features[1].name], ["age", "colour"]);
    assert_eq!(features[1].categories, ["red", "green"]);
    assert!(read.notes.iter().any(|note| note.ends_with("left out: id")), "{:?}", read.notes);
    // Green is 1 in the first column that the tree sees; the age is the second. Unknown and missing colours are 0.
    let rows = [0.0, 0.0, 0.0, 1.0, 9.0, 1.0, 9.0, 2.0, 0.0, f64::NAN];
    assert_eq!(answers(&read, &rows), [1.0, 3.0, 4.0, 2.0, 1.0]);
}

#[test]
fn groups_of_seldom_categories_are_one_and_take_the_unknown() {
    let mapping = list([integers(&[1, 0, 1])]);
    let more = vec![
        ("_infrequent_enabled", flag(true)),
        ("_infrequent_indices", list([integers(&[0, 2])])),
        ("_default_to_infrequent_mappings", mapping),
        ("handle_unknown", text("infrequent_if_exist")),
    ];
    let columns = vec![("c", one_hot(vec![texts(&["a", "b", "c"])], more), vec![0])];
    let read = read(pipeline([table(&["colour"], columns), model()])).expect("a model");
    // Columns are "b" and the others.
    assert_eq!(answers(&read, &[0.0, 1.0, 2.0, 3.0, f64::NAN]), [2.0, 3.0, 2.0, 2.0, 2.0]);
}

#[test]
fn ordinal_codes_are_sets_and_whole_numbers_their_own_codes() {
    let encoder = ordinal(vec![floats(&[3], &[2.0, 5.0, f64::NAN]), texts(&["a", "b"])], float(-1.0));
    let read = read(pipeline([encoder, model()])).expect("a model");
    let features = read.model.schema().features();
    assert_eq!((features[0].categories.len(), &features[1].categories[..]), (0, &["a".to_owned(), "b".to_owned()][..]));
    // 2 is 0, 5 is 1; missing is NaN and goes right; unknown is -1 and goes left.
    let rows = [2.0, 0.0, 5.0, 0.0, f64::NAN, 0.0, 3.0, 1.0, 2.5, 7.0];
    assert_eq!(answers(&read, &rows), [1.0, 3.0, 3.0, 2.0, 1.0]);
}

/// A category that training did not see is answered where the encoder answers it, in every text of a row, and warned of.
#[test]
fn what_the_encoder_never_saw_is_its_unknown_category() {
    let names = || vec![texts(&["a", "b"]), texts(&["c", "d"])];
    let taken = read(pipeline([ordinal(names(), float(-1.0)), model()])).expect("a model");
    let schema = taken.model.schema();
    let row = schema.row_from_text("new, d").expect("a row");
    assert_eq!(row.values(), [2.0, 1.0]);
    let warned: Vec<(&str, String)> =
        schema.warnings(&row).into_iter().map(|warning| (warning.code, warning.field)).collect();
    assert_eq!(warned, [("unseen_category", schema.features()[0].name.clone())]);
    assert!(schema.warnings(&schema.row_from_text("b,d").expect("a row")).is_empty());
    assert!(schema.row_from_text("NA,d").expect("a row").values()[0].is_nan());
    let refusing = one_hot(vec![texts(&["a"]), texts(&["d"])], vec![("handle_unknown", text("error"))]);
    let refusing = read(pipeline([refusing, model()])).expect("a model");
    let fault = refusing.model.schema().row_from_text("new,d").expect_err("no category");
    assert_eq!(fault.code(), crate::error::Code::UnknownCategory);
    let written = crate::format::read(&crate::format::write(&taken.model)).expect("its own file");
    assert_eq!(written.schema(), schema);
}

#[test]
fn numbers_that_are_not_whole_are_categories_with_names() {
    let encoder = ordinal(vec![floats(&[2], &[-1.0, 0.5]), floats(&[1], &[0.0])], float(f64::NAN));
    let read = read(pipeline([encoder, model()])).expect("a model");
    assert_eq!(read.model.schema().features()[0].categories, ["-1", "0.5"]);
    assert_eq!(read.model.schema().row_from_text("-1.0,0").expect("a row").values()[0], 0.0);
    assert_eq!(answers(&read, &[0.0, 0.0, 1.0, 0.0, 2.0, 0.0]), [1.0, 3.0, 3.0]);
}

#[test]
fn a_number_that_is_missing_is_a_missing_code() {
    let filled = imputer(integer(-999), floats(&[2], &[0.0, 9.0]));
    let read = read(pipeline([filled, model()])).expect("a model");
    assert_eq!(read.model.schema().features()[1].missing_codes, [-999.0]);
    let row = read.model.schema().row_from_values(vec![-999.0, -999.0]).expect("a row");
    assert_eq!(answers(&read, row.values()), [2.0]);
    let late = fault([scaler([0.0; 2], [1.0; 2]), imputer(integer(-999), floats(&[2], &[0.0, 9.0])), model()]);
    assert_eq!(
        late,
        "SimpleImputer, column 0: missing_values is -999.0 after another step: only as the first step of a column is it supported"
    );
}

#[test]
fn nested_pipelines_unions_and_steps_that_pass_are_followed() {
    let inner = pipeline([scaler([6.0, 1.0], [2.0, 4.0]), text("passthrough"), model()]);
    let read = read(pipeline([text("passthrough"), inner])).expect("a model");
    assert_eq!(answers(&read, &[7.0, 3.0, 9.0, 3.001]), [1.0, 4.0]);
    // Two columns, each of the one raw one.
    let one = |scale: f64| {
        step(
            "StandardScaler",
            [
                ("scale_", floats(&[1], &[scale])),
                ("with_mean", flag(false)),
                ("with_std", flag(true)),
                ("n_features_in_", integer(1)),
            ],
        )
    };
    let union = step("FeatureUnion", [("transformer_list", steps([one(2.0), text("drop"), one(4.0)]))]);
    let read = super::tests::read(pipeline([union, model()])).expect("a model");
    assert_eq!(read.model.schema().features().len(), 1);
    assert_eq!(answers(&read, &[1.0, 1.5, 2.5, f64::NAN]), [1.0, 3.0, 4.0, 3.0]);
}

#[test]
fn what_cannot_be_folded_is_named() {
    let other = step("PCA", []);
    let said = fault([other, model()]);
    assert!(said.starts_with("the step sklearn.x.PCA cannot be folded into the trees"), "{said}");
    assert!(said.chars().count() < 300, "{said}");
    assert!(fault([object("mine.Cleaner", []), model()]).starts_with("the step mine.Cleaner cannot be folded"));
    assert!(fault([scaler([0.0; 2], [1.0; 2])]).contains("StandardScaler is not supported"));
    assert!(fault([text("passthrough")]).contains("ends with \"passthrough\""));
    assert!(fault([]).contains("has no steps"));
    let negative = fault([scaler([0.0; 2], [1.0, -2.0]), model()]);
    assert_eq!(negative, "StandardScaler, column 1: it is scaled by -2.0, and only numbers above 0 are supported");
    let text_missing = fault([imputer(text("?"), floats(&[2], &[0.0; 2])), model()]);
    assert!(text_missing.contains("missing_values is the text \"?\""), "{text_missing}");
    let inexact = fault([imputer(float(0.1), floats(&[2], &[0.0; 2])), model()]);
    assert!(inexact.contains("missing_values is 0.1, which is no 32-bit float"), "{inexact}");
    let old = object(CLASS, [("_sklearn_version", text("1.1.3")), ("steps", steps([model()]))]);
    let old = read(old).expect_err("old").to_string();
    assert_eq!(old, "the pipeline was written by scikit-learn \"1.1.3\"; pipelines of 1.2 and later are read");
    let three = fault([one_hot(vec![texts(&["a", "b", "c"]), texts(&["d"])], vec![]), model()]);
    assert_eq!(three, "the steps before the model make 4 columns, and it has 2");
    let both = vec![("c", one_hot(vec![floats(&[1], &[1.0])], vec![]), vec![0]), ("n", text("passthrough"), vec![0])];
    let both = fault([table(&["age"], both), model()]);
    assert!(both.starts_with("the column \"age\": it is a category in some steps, and a number in others"), "{both}");
    let sparse = one_hot(vec![texts(&["a"]), texts(&["b"])], vec![("sparse_output", flag(true))]);
    assert!(fault([sparse, scaler([0.0; 2], [1.0; 2]), model()]).contains("StandardScaler after a sparse matrix"));
    let narrow = one_hot(vec![texts(&["a"]), texts(&["b"])], vec![("handle_unknown", text("warn"))]);
    assert!(fault([narrow, model()]).contains("handle_unknown is \"warn\", which is not read"));
    let scaled =
        fault([scaler([0.0; 2], [1.0; 2]), one_hot(vec![floats(&[1], &[1.0]), floats(&[1], &[1.0])], vec![]), model()]);
    assert!(scaled.contains("categories of what another step has computed"), "{scaled}");
    let fitted = [
        ("n_features_in_", integer(2)),
        ("missing_values", float(f64::NAN)),
        ("strategy", text("mean")),
        ("statistics_", floats(&[2], &[0.0; 2])),
        ("_fit_dtype", dtype("f4")),
    ];
    assert!(fault([step("SimpleImputer", fitted), model()]).contains("it was fitted to 32-bit floats"));
    let single = one_hot(vec![texts(&["a"]), texts(&["b"])], vec![("dtype", global("numpy.float32"))]);
    assert!(
        fault([single, scaler([0.0; 2], [1.0; 2]), model()]).contains("StandardScaler: it computes in 32-bit floats")
    );
}

#[test]
fn columns_that_were_all_missing_are_dropped_or_lost() {
    let filled = imputer(float(f64::NAN), floats(&[2], &[f64::NAN, 0.0]));
    assert_eq!(fault([filled, model()]), "the steps before the model make 1 columns, and it has 2");
    // What is scaled by no number is missing ever after.
    let lost = read(pipeline([scaler([f64::NAN, 0.0], [f64::NAN, 1.0]), model()])).expect("a model");
    assert_eq!(answers(&lost, &[-1e30, 0.0, 1e30, 0.0]), [3.0, 3.0]);
}

#[test]
fn pipelines_within_themselves_end() {
    // Each union names the one before twice, out of the memo.
    let mut union = call("builtins.set", []);
    for _ in 0..40 {
        let one = [union, b"\x94".to_vec()].concat();
        union = step(
            "FeatureUnion",
            [("transformer_list", list([tuple([text("a"), one]), tuple([text("b"), b"h\0".to_vec()])]))],
        );
    }
    let said = fault([union, model()]);
    assert!(said.contains("more steps, one in the other") || said.contains("cannot be folded"), "{said}");
    let mut deep = pipeline([model()]);
    for _ in 0..40 {
        deep = pipeline([deep]);
    }
    assert!(read(deep).is_err());
}

#[test]
fn damaged_files_are_errors_and_nothing_worse() {
    let encoder = ordinal(vec![texts(&["a", "b"]), floats(&[2], &[1.0, 2.0])], float(-1.0));
    let columns = vec![("c", encoder, vec![1, 2])];
    for whole in [
        pipeline([table(&["x", "y", "z"], columns), model()]),
        pipeline([imputer(float(f64::NAN), floats(&[2], &[7.0, 0.0])), scaler([6.0, 1.0], [2.0, 4.0]), model()]),
        pipeline([one_hot(vec![texts(&["a", "b"])], vec![]), model()]),
    ]
    .map(pickle)
    {
        for end in 0..whole.len() {
            let error = read_bytes(&whole[..end]).expect_err("cut off").to_string();
            assert!(!error.contains('\n'), "{error}");
        }
        let mut damaged = whole.clone();
        for place in 0..whole.len() {
            for flip in [1, 0xff, b'h' ^ whole[place]] {
                damaged[place] ^= flip;
                if let Err(error) = read_bytes(&damaged) {
                    let error = error.to_string();
                    assert!(!error.contains('\n') && error.chars().count() < 400, "{error}");
                }
                damaged[place] = whole[place];
            }
        }
    }
}
