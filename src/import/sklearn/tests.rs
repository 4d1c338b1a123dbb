use super::super::pickle::Pickle;
use super::super::pickle::written::{
    HISTOGRAM_NODE, Opcodes, array, bytes, call, dictionary, float, floats, global, integer, integers, list,
};
use super::super::pickle::written::{none, object, objects, pickle, records, text, tuple, with_state};
use super::super::{Imported, Options};
use crate::error::Result;
use crate::numbers::Numbers;

/// A node of a tree: its children (-1 for none), feature, threshold, side of missing values.
pub(in crate::import) type Node = (i64, i64, i64, f64, u8);

/// Below 0.5 of the first feature left, else right; missing values left.
pub(in crate::import) const STUMP: [Node; 3] = [(1, 2, 0, 0.5, 1), (-1, -1, -2, -2.0, 0), (-1, -1, -2, -2.0, 0)];

/// scikit-learn's `Tree`.
pub(in crate::import) fn tree_of(nodes: &[Node], shape: &[i64], values: &[f64]) -> Opcodes {
    let fields = [
        ("left_child", "i8", 0),
        ("right_child", "i8", 8),
        ("feature", "i8", 16),
        ("threshold", "f8", 24),
        ("impurity", "f8", 32),
        ("n_node_samples", "i8", 40),
        ("weighted_n_node_samples", "f8", 48),
        ("missing_go_to_left", "u1", 56),
    ];
    let mut data = Vec::new();
    for (index, &(left, right, feature, threshold, missing_left)) in nodes.iter().enumerate() {
        data.extend([left, right, feature].iter().flat_map(|number| number.to_le_bytes()));
        data.extend([threshold, 0.0].iter().flat_map(|number| number.to_le_bytes()));
        data.extend(7_i64.to_le_bytes());
        data.extend((10.0 - index as f64).to_le_bytes());
        data.extend([missing_left, 0, 0, 0, 0, 0, 0, 0]);
    }
    let nodes = array(&[nodes.len() as i64], records(&fields, 64), false, bytes(&data));
    let made = call("sklearn.tree._tree.Tree", [integer(2), integers(&[2]), integer(1)]);
    with_state(made, dictionary([("max_depth", integer(1)), ("nodes", nodes), ("values", floats(shape, values))]))
}

/// The attributes of a classifier of two classes, with more.
fn classifier<'a>(version: &str, more: Vec<(&'a str, Opcodes)>) -> Vec<(&'a str, Opcodes)> {
    let mut attributes = vec![
        ("n_features_in_", integer(2)),
        ("n_outputs_", integer(1)),
        ("classes_", objects(&[2], [text("no"), text("yes")])),
        ("_sklearn_version", text(version)),
    ];
    attributes.extend(more);
    attributes
}

const TREE: &str = "sklearn.tree._classes.DecisionTreeClassifier";
const FOREST: &str = "sklearn.ensemble._forest.RandomForestClassifier";

/// A tree that has counts.
fn decision_tree(version: &str) -> Opcodes {
    let tree = tree_of(&STUMP, &[3, 1, 2], &[4.0, 4.0, 3.0, 1.0, 1.0, 4.0]);
    object(TREE, classifier(version, vec![("tree_", tree)]))
}

fn read_pickle(pickle: &Pickle) -> Result<Imported> {
    super::read(&pickle.values, pickle.root, &Options::default())?.imported()
}

fn read(value: Opcodes) -> Result<Imported> {
    let bytes = pickle(value);
    read_pickle(&Pickle::read(&bytes)?)
}

fn answers(imported: &Imported, rows: &[f64]) -> Vec<f64> {
    match imported.model.predict_many(rows) {
        Ok(Numbers::Double(numbers)) => numbers,
        other => panic!("{other:?}"),
    }
}

const ROWS: [f64; 6] = [0.5, 0.0, 0.500_001, 0.0, f64::NAN, 0.0];

#[test]
fn counts_become_shares_and_shares_stay_as_they_are() {
    let counts = read(decision_tree("1.3.2")).expect("a tree");
    assert_eq!(answers(&counts, &ROWS), [0.25, 0.8, 0.25]);
    assert_eq!(counts.model.schema().classes(), ["no", "yes"]);
    let shares = read(decision_tree("1.4.0")).expect("a tree");
    assert_eq!(answers(&shares, &ROWS), [1.0, 4.0, 1.0]);
}

#[test]
fn missing_values_that_the_version_refuses_are_warned_of() {
    let warned = |version| {
        let read = read(decision_tree(version)).expect("a tree");
        !read.model.schema().features()[0].may_be_missing
    };
    assert_eq!([warned("1.2.2"), warned("1.3.0")], [true, false]);
}

#[test]
fn a_forest_is_the_mean_of_its_trees_each_once() {
    let of = |members| object(FOREST, classifier("1.9.1", vec![("estimators_", list(members))]));
    let member = |left: f64| {
        let tree = tree_of(&STUMP, &[3, 1, 2], &[0.5, 0.5, 1.0 - left, left, 0.0, 1.0]);
        object(TREE, [("tree_", tree)])
    };
    let forest = read(of(vec![member(0.25), member(0.5)])).expect("a forest");
    assert_eq!(answers(&forest, &ROWS), [0.375, 1.0, 0.375]);
    // The second is the first again, out of the memo.
    let again = [member(0.25), b"\x94".to_vec()].concat();
    let error = read(of(vec![again, b"h\0".to_vec()])).expect_err("twice the same");
    assert_eq!(error.to_string(), "RandomForestClassifier: tree 1 is an earlier one again, as no training makes them");
}

fn boosting(init: Opcodes, loss: &str) -> Opcodes {
    let tree = tree_of(&STUMP, &[3, 1, 1], &[0.0, 2.0, -2.0]);
    let member = object("sklearn.tree._classes.DecisionTreeRegressor", [("tree_", tree)]);
    let attributes = vec![
        ("loss", text(loss)),
        ("learning_rate", float(0.25)),
        ("init_", init),
        ("estimators_", objects(&[1, 1], [member])),
    ];
    object("sklearn.ensemble._gb.GradientBoostingClassifier", classifier("1.2.2", attributes))
}

fn prior(strategy: &str, shares: &[f64]) -> Opcodes {
    let shares = floats(&[shares.len() as i64], shares);
    object("sklearn.dummy.DummyClassifier", [("strategy", text(strategy)), ("class_prior_", shares)])
}

#[test]
fn boosting_begins_with_zero_or_with_the_shares_of_the_classes() {
    let margins = |value| match read(value).expect("a model").model.margins_many(&ROWS[..4]) {
        Ok(Numbers::Double(margins)) => margins,
        other => panic!("{other:?}"),
    };
    assert_eq!(margins(boosting(text("zero"), "log_loss")), [0.5, -0.5]);
    let third = super::logarithm::log(0.75 / 0.25);
    assert_eq!(margins(boosting(prior("prior", &[0.25, 0.75]), "deviance")), [third + 0.5, third - 0.5]);
    assert_eq!(margins(boosting(prior("prior", &[0.25, 0.75]), "exponential")), [0.5 * third + 0.5, 0.5 * third - 0.5]);
    let fault = |init, loss| read(boosting(init, loss)).expect_err("refused").to_string();
    assert!(fault(prior("uniform", &[0.5, 0.5]), "log_loss").contains("the strategy \"uniform\""));
    let other = object("sklearn.linear_model._logistic.LogisticRegression", []);
    assert!(fault(other, "log_loss").contains("begins with sklearn.linear_model._logistic.LogisticRegression"));
    assert!(fault(text("zero"), "focal").contains("the loss \"focal\" is not supported"));
}

/// A node of a histogram tree: value, feature, threshold, missing left, children, whether it is a leaf, the set it asks.
type HistogramNode = (f64, i64, f64, u8, [u32; 2], u8, Option<u32>);

fn histogram(nodes: &[HistogramNode], sets: &[u32], categories: Option<Opcodes>) -> Opcodes {
    let mut data = Vec::new();
    for &(value, feature, threshold, missing_left, children, is_leaf, set) in nodes {
        data.extend([&value.to_le_bytes()[..], &9_u32.to_le_bytes(), &feature.to_le_bytes()].concat());
        data.extend([&threshold.to_le_bytes()[..], &[missing_left]].concat());
        data.extend(children.iter().flat_map(|child| child.to_le_bytes()));
        data.extend([0; 12]);
        data.extend([is_leaf, 0, u8::from(set.is_some())]);
        data.extend(set.unwrap_or(0).to_le_bytes());
    }
    let bits: Vec<u8> = sets.iter().flat_map(|&set| [set, 0, 0, 0, 0, 0, 0, 0]).flat_map(u32::to_le_bytes).collect();
    let sets = array(&[sets.len() as i64, 8], super::super::pickle::written::dtype("u4"), false, bytes(&bits));
    let nodes = array(&[nodes.len() as i64], records(&HISTOGRAM_NODE, 56), false, bytes(&data));
    let class = "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor";
    let tree = object(class, [("nodes", nodes), ("raw_left_cat_bitsets", sets)]);
    let flags = bytes(&[0, u8::from(categories.is_some())]);
    let flags = array(&[2], super::super::pickle::written::dtype("b1"), false, flags);
    let mapper = match &categories {
        Some(known) => object("m.Mapper", [("bin_thresholds_", list([floats(&[0], &[]), known.clone()]))]),
        None => none(),
    };
    let attributes = [
        ("n_features_in_", integer(2)),
        ("_sklearn_version", text("1.2.2")),
        ("loss", text("squared_error")),
        ("_baseline_prediction", floats(&[1, 1], &[10.0])),
        ("is_categorical_", if categories.is_some() { flags } else { none() }),
        ("_bin_mapper", mapper),
        ("_predictors", list([list([tree])])),
    ];
    object("sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingRegressor", attributes)
}

fn leaf(value: f64) -> HistogramNode {
    (value, 0, 0.0, 0, [0, 0], 1, None)
}

#[test]
fn histogram_trees_compare_in_64_bits() {
    let model = |threshold| {
        let root = (0.0, 0, threshold, 0, [1, 2], 0, None);
        read(histogram(&[root, leaf(1.0), leaf(2.0)], &[], None)).expect("a model")
    };
    let third = 1.0 / 3.0_f64;
    let rows = [third, 0.0, third.next_up(), 0.0, f64::NAN, 0.0];
    assert_eq!(answers(&model(third), &rows), [11.0, 12.0, 12.0]);
    // Only what is missing is told apart.
    assert_eq!(answers(&model(f64::INFINITY), &rows), [11.0, 11.0, 12.0]);
}

#[test]
fn unknown_categories_go_where_missing_values_do() {
    for missing_left in [0, 1] {
        let root = (0.0, 1, 0.0, missing_left, [1, 2], 0, Some(1));
        let known = Some(floats(&[4], &[0.0, 2.0, 3.0, 5.0]));
        let model = read(histogram(&[root, leaf(1.0), leaf(2.0)], &[0b10, 0b10_0100], known)).expect("a model");
        let rows: Vec<f64> = [0.0, 2.0, 3.0, 5.0, 1.0, 200.0, -1.0, f64::NAN].iter().flat_map(|&x| [0.0, x]).collect();
        let other = if missing_left == 1 { 11.0 } else { 12.0 };
        assert_eq!(answers(&model, &rows), [12.0, 11.0, 12.0, 11.0, other, other, other, other]);
    }
}

#[test]
fn what_is_not_read_is_named() {
    let fault = |class: &str, attributes: Vec<(&str, Opcodes)>| {
        read(object(class, attributes)).expect_err("refused").to_string()
    };
    let stack = fault("sklearn.ensemble._stacking.StackingClassifier", vec![]);
    assert!(stack.starts_with("sklearn.ensemble._stacking.StackingClassifier is not supported: "), "{stack}");
    assert!(stack.contains("save its members"), "{stack}");
    assert!(fault("sklearn.pipeline.Pipeline", vec![]).contains("it is within another model"));
    assert!(fault("sklearn.model_selection._search.GridSearchCV", vec![]).contains("search.best_estimator_"));
    assert!(
        fault(TREE, vec![("_sklearn_version", text("1.9.1"))]).contains("the model was not fitted: call fit first")
    );
    assert!(fault(TREE, vec![]).contains("does not say which version"));
    assert!(fault(TREE, vec![("_sklearn_version", text("0.24.2"))]).contains("written by scikit-learn \"0.24.2\""));
    let one = vec![("classes_", objects(&[1], [text("only")]))];
    assert!(fault(TREE, classifier("1.9.1", one)).contains("one class only"));
    let several = vec![("classes_", list([objects(&[1], [text("a")]), objects(&[1], [text("b")])]))];
    assert!(fault(TREE, classifier("1.9.1", several)).contains("a classifier of several outputs"));
    let wrong = vec![("tree_", global("os.system"))];
    assert!(fault(TREE, classifier("1.9.1", wrong)).contains("tree_ is os.system, not a tree"));
    let text_for_count = vec![("n_features_in_", tuple([]))];
    assert!(fault(TREE, classifier("1.9.1", text_for_count)).contains("n_features_in_ is a tuple"));
}

#[test]
fn damaged_files_are_errors_and_nothing_worse() {
    let root = (0.0, 1, 0.0, 0, [1, 2], 0, Some(0));
    let histogram = histogram(&[root, leaf(1.0), leaf(2.0)], &[2], Some(floats(&[2], &[0.0, 1.0])));
    for value in [decision_tree("1.3.0"), boosting(prior("prior", &[0.5, 0.5]), "log_loss"), histogram] {
        never_panics(&pickle(value));
    }
}

/// Cut off anywhere, and with any byte changed, a file is read or refused in one line.
fn never_panics(whole: &[u8]) {
    let read = |bytes: &[u8]| Pickle::read(bytes).and_then(|pickle| read_pickle(&pickle));
    if let Err(error) = read(whole) {
        panic!("{error}");
    }
    for end in 0..whole.len() {
        let error = read(&whole[..end]).expect_err("cut off").to_string();
        assert!(!error.contains('\n'), "{error}");
    }
    let mut damaged = whole.to_vec();
    for place in 0..whole.len() {
        for flip in [1, 0x80, 0xff, b'.' ^ whole[place], b'h' ^ whole[place]] {
            damaged[place] ^= flip;
            if let Err(error) = read(&damaged) {
                assert!(!error.to_string().contains('\n'), "{error}");
            }
            damaged[place] = whole[place];
        }
    }
}

mod ensembles;
