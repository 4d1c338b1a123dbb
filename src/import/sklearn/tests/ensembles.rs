//! Estimators that are made of others.

use super::*;
use crate::format;

const CLASSIFIER: &str = "sklearn.tree._classes.DecisionTreeClassifier";
const REGRESSOR: &str = "sklearn.tree._classes.DecisionTreeRegressor";

/// A classifier's tree that gives the second class this share on the left, and all on the right.
fn share(left: f64) -> Opcodes {
    let tree = tree_of(&STUMP, &[3, 1, 2], &[0.5, 0.5, 1.0 - left, left, 0.0, 1.0]);
    object(CLASSIFIER, numbered(vec![("tree_", tree)]))
}

/// Attributes of a classifier whose classes are whole numbers, as members have them.
fn numbered(more: Vec<(&str, Opcodes)>) -> Vec<(&str, Opcodes)> {
    let mut attributes = classifier("1.9.1", more);
    attributes[2].1 = integers(&[0, 1]);
    attributes
}

/// A regressor's tree.
fn number(left: f64, right: f64) -> Opcodes {
    let tree = tree_of(&STUMP, &[3, 1, 1], &[0.0, left, right]);
    let attributes = [
        ("n_features_in_", integer(2)),
        ("n_outputs_", integer(1)),
        ("_sklearn_version", text("1.9.1")),
        ("tree_", tree),
    ];
    object(REGRESSOR, attributes)
}

fn regressor<'a>(version: &str, more: Vec<(&'a str, Opcodes)>) -> Vec<(&'a str, Opcodes)> {
    let mut attributes = vec![("n_features_in_", integer(2)), ("_sklearn_version", text(version))];
    attributes.extend(more);
    attributes
}

fn fault(value: Opcodes) -> String {
    read(value).expect_err("refused").to_string()
}

/// The answers for [`ROWS`], and of the file that is written of the model.
fn answered(value: Opcodes) -> Vec<f64> {
    let imported = read(value).expect("a model");
    let written = format::read(&format::write(&imported.model)).expect("what was written");
    assert!(written == imported.model, "written and read");
    let found = answers(&imported, &ROWS);
    let again = Imported { model: written, notes: Vec::new(), origin: Default::default() };
    assert_eq!(answers(&again, &ROWS), found);
    found
}

fn voting(members: Vec<Opcodes>, more: Vec<(&str, Opcodes)>) -> Opcodes {
    let mut attributes = classifier("1.9.1", vec![("estimators_", list(members))]);
    // It asks its first member.
    attributes.remove(0);
    attributes.extend(more);
    object("sklearn.ensemble._voting.VotingClassifier", attributes)
}

fn soft() -> (&'static str, Opcodes) {
    ("voting", text("soft"))
}

#[test]
fn a_vote_is_the_mean_of_its_members_by_their_weights() {
    let two = || vec![share(0.25), share(0.5)];
    assert_eq!(answered(voting(two(), vec![soft()])), [0.375, 1.0, 0.375]);
    let pair = |name: &str| tuple([text(name), text("an estimator")]);
    let estimators = |dropped| list([pair("a"), tuple([text("b"), text(dropped)]), pair("c")]);
    let weighted = |dropped| {
        let weights = list([float(1.0), float(7.0), integer(3)]);
        voting(two(), vec![soft(), ("weights", weights), ("estimators", estimators(dropped))])
    };
    assert_eq!(answered(weighted("drop")), [(0.25 + 1.5) / 4.0, 1.0, (0.25 + 1.5) / 4.0]);
    assert!(fault(weighted("kept")).contains("the weights are not one finite number for each estimator"));
    let hard = fault(voting(two(), vec![("voting", text("hard"))]));
    assert!(hard.contains("voting=\"hard\" counts classes") && hard.contains("voting='soft'"), "{hard}");
}

#[test]
fn members_of_several_classes_have_groups_of_outputs_each_explained_by_itself() {
    let of_three = |class: &str, more: Vec<(&str, Opcodes)>| {
        let mut attributes = classifier("1.9.1", more);
        attributes[2].1 = integers(&[0, 1, 2]);
        object(class, attributes)
    };
    let member = |left: [f64; 3], right: [f64; 3]| {
        let values = [[0.2, 0.3, 0.5], left, right].concat();
        of_three(CLASSIFIER, vec![("tree_", tree_of(&STUMP, &[3, 1, 3], &values))])
    };
    let members = || list([member([0.5, 0.25, 0.25], [0.0, 0.0, 1.0]), member([0.0, 1.0, 0.0], [0.25, 0.25, 0.5])]);
    let vote = || of_three("sklearn.ensemble._voting.VotingClassifier", vec![("estimators_", members()), soft()]);
    assert_eq!(answered(vote())[..6], [0.25, 0.625, 0.125, 0.125, 0.125, 0.75]);
    let model = read(vote()).expect("a model").model;
    assert_eq!((model.forest().output_count(), model.forest().leaf_width(), model.prediction_count()), (6, 3, 3));
    #[cfg(feature = "explain")]
    {
        let row = model.schema().row_from_values(vec![0.0, 0.0]).expect("a row");
        let explained = model.explainer().expect("covers").explain(&row);
        // Nine rows of the training data went left, eight right.
        let sides = [[0.5, 0.0], [0.25, 0.0], [0.25, 1.0], [0.0, 0.25], [1.0, 0.25], [0.0, 0.5]];
        for ([left, right], explanation) in sides.into_iter().zip(explained) {
            let expected = left - (9.0 * left + 8.0 * right) / 17.0;
            assert!((explanation.contributions[0] - expected).abs() < 1e-12, "{explanation:?}");
            assert_eq!((explanation.contributions[1], explanation.margin), (0.0, left));
        }
    }
}

#[test]
fn members_are_read_once_and_are_scikit_learns() {
    let again = [share(0.25), b"\x94".to_vec()].concat();
    assert!(fault(voting(vec![again, b"h\0".to_vec()], vec![soft()])).contains("an earlier one again"));
    let other = object("xgboost.sklearn.XGBClassifier", [("n_classes_", integer(2))]);
    let found = fault(voting(vec![share(0.25), other], vec![soft()]));
    assert!(found.contains("estimator 1: xgboost.sklearn.XGBClassifier within an estimator"), "{found}");
    assert!(fault(voting(vec![number(1.0, 2.0)], vec![soft()])).contains("it is of another kind"));
    assert!(fault(voting(vec![], vec![soft()])).contains("n_features_in_"));
    let nested = (0..6).fold(share(0.25), |inner, _| voting(vec![inner], vec![soft()]));
    assert!(fault(nested).contains("to a depth of 4"));
    let deep = (0..2).fold(share(0.25), |inner, _| voting(vec![inner], vec![soft()]));
    assert_eq!(answered(deep), [0.25, 1.0, 0.25]);
}

#[test]
fn trees_that_compare_in_32_bits_vote_with_those_that_compare_in_64() {
    let third = 1.0 / 3.0_f64;
    let root = (0.0, 0, third, 0, [1, 2], 0, None);
    let wide = histogram(&[root, leaf(1.0), leaf(2.0)], &[], None);
    let stump = [(1, 2, 0, third, 1), STUMP[1], STUMP[2]];
    let attributes = [
        ("n_features_in_", integer(2)),
        ("n_outputs_", integer(1)),
        ("_sklearn_version", text("1.9.1")),
        ("tree_", tree_of(&stump, &[3, 1, 1], &[0.0, 100.0, 200.0])),
    ];
    let members = list([wide, object(REGRESSOR, attributes)]);
    let attributes = regressor("1.9.1", vec![("estimators_", members)]);
    let model = read(object("sklearn.ensemble._voting.VotingRegressor", attributes)).expect("a model");
    // Rounded to 32 bits a third is above itself.
    let rows = [0.333_333_3, third, third.next_up(), 0.333_333_34].map(|value| [value, 0.0]).concat();
    let expected: Vec<f64> = rows
        .iter()
        .step_by(2)
        .map(|&value| {
            let narrow = if f64::from(value as f32) <= third { 100.0 } else { 200.0 };
            let wide = if value <= third { 11.0 } else { 12.0 };
            (narrow + wide) / 2.0
        })
        .collect();
    assert_eq!(answers(&model, &rows), expected);
}

fn bagging(class: &str, members: Vec<Opcodes>, features: Vec<Opcodes>, more: Vec<(&str, Opcodes)>) -> Opcodes {
    let count = integer(members.len() as i64);
    let mut attributes =
        vec![("estimators_", list(members)), ("estimators_features_", list(features)), ("n_estimators", count)];
    attributes.extend(more);
    let attributes = if class.ends_with("Classifier") { numbered(attributes) } else { regressor("1.9.1", attributes) };
    object(&format!("sklearn.ensemble._bagging.{class}"), attributes)
}

#[test]
fn a_bag_gives_each_member_its_features() {
    let bag = |features: [&[i64]; 2]| {
        let features = features.map(integers).to_vec();
        bagging("BaggingRegressor", vec![number(2.0, 4.0), number(8.0, 16.0)], features, vec![])
    };
    let rows = |value: Opcodes| answers(&read(value).expect("a model"), &[0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
    assert_eq!(rows(bag([&[0, 1], &[0, 1]])), [5.0, 10.0, 5.0]);
    assert_eq!(rows(bag([&[0, 1], &[1, 0]])), [5.0, 6.0, 9.0]);
    assert!(fault(bag([&[0, 1], &[1, 2]])).contains("estimators_features_ of estimator 1: it is no list of features"));
    assert!(fault(bag([&[0, 1], &[-1, 0]])).contains("it is no list of features"));
    assert!(fault(bag([&[0, 1], &[1]])).contains("another number of features"));
    let jobs =
        bagging("BaggingRegressor", vec![number(2.0, 4.0)], vec![integers(&[0, 1])], vec![("n_jobs", integer(4))]);
    assert!(read(jobs).expect("a model").notes.iter().any(|note| note.contains("n_jobs=1")));
    let changed = vec![("n_estimators", integer(7))];
    let changed = bagging("BaggingRegressor", vec![number(2.0, 4.0)], vec![integers(&[0, 1])], changed);
    assert!(fault(changed).contains("n_estimators was changed"));
}

#[test]
fn a_tree_of_a_bag_that_never_saw_a_class_says_nothing_of_it() {
    let tree = tree_of(&STUMP, &[3, 1, 1], &[1.0, 1.0, 1.0]);
    let mut attributes = numbered(vec![("tree_", tree)]);
    attributes[2].1 = integers(&[1]);
    let one = object(CLASSIFIER, attributes);
    let features = || vec![integers(&[0, 1]); 2];
    assert_eq!(answered(bagging("BaggingClassifier", vec![share(0.25), one], features(), vec![])), [0.625, 1.0, 0.625]);
}

#[test]
fn a_bag_of_forests_is_the_mean_of_their_means() {
    let member = |left| object(FOREST, numbered(vec![("estimators_", list([share(left), share(0.5)]))]));
    let features = vec![integers(&[0, 1]); 2];
    let bag = bagging("BaggingClassifier", vec![member(0.25), member(0.75)], features, vec![]);
    assert_eq!(answered(bag), [0.5, 1.0, 0.5]);
}

fn calibrated(method: &str, calibrators: Vec<Opcodes>, inner: Opcodes) -> Opcodes {
    let attributes = [("estimator", inner), ("method", text(method)), ("calibrators", list(calibrators))];
    object("sklearn.calibration._CalibratedClassifier", attributes)
}

fn calibration(members: Vec<Opcodes>) -> Opcodes {
    let mut attributes = numbered(vec![("calibrated_classifiers_", list(members))]);
    attributes.remove(1);
    object("sklearn.calibration.CalibratedClassifierCV", attributes)
}

fn isotonic(places: &[f64], values: &[f64], most: f64) -> Opcodes {
    let count = [places.len() as i64];
    let attributes = [
        ("X_thresholds_", floats(&count, places)),
        ("y_thresholds_", floats(&count, values)),
        ("X_min_", float(places[0])),
        ("X_max_", float(most)),
        ("out_of_bounds", text("clip")),
    ];
    object("sklearn.isotonic.IsotonicRegression", attributes)
}

#[test]
fn calibration_is_a_curve_over_what_its_estimator_says() {
    let curve = || isotonic(&[0.0, 0.5, 1.0], &[0.0, 0.25, 1.0], 1.0);
    let one = calibrated("isotonic", vec![curve()], share(0.25));
    assert_eq!(answered(calibration(vec![one])), [0.125, 1.0, 0.125]);
    let sigmoid = || object("sklearn.calibration._SigmoidCalibration", [("a_", float(-4.0)), ("b_", float(1.0))]);
    let both =
        vec![calibrated("isotonic", vec![curve()], share(0.25)), calibrated("sigmoid", vec![sigmoid()], share(0.25))];
    let right = 1.0 / (1.0 + wardian_kernels::exp64::exp(-3.0));
    assert_eq!(answered(calibration(both)), [(0.125 + 0.5) / 2.0, (1.0 + right) / 2.0, (0.125 + 0.5) / 2.0]);
    let fault = |method, calibrators| fault(calibration(vec![calibrated(method, calibrators, share(0.25))]));
    assert!(fault("temperature", vec![sigmoid()]).contains("method=\"temperature\" is not supported: use \"sigmoid\""));
    assert!(fault("sigmoid", vec![]).contains("it has not 1 calibrators"));
    assert!(fault("isotonic", vec![isotonic(&[0.0, 1.0], &[0.0, 1.0], 2.0)]).contains("does not end where"));
    assert!(fault("isotonic", vec![isotonic(&[0.5, 0.5], &[0.0, 1.0], 0.5)]).contains("is not finite and ascending"));
    assert!(fault("sigmoid", vec![share(0.5)]).contains("is not read"));
}

#[test]
fn a_frozen_estimator_of_several_curves_is_read_once() {
    let frozen = |inner| object("sklearn.frozen._frozen.FrozenEstimator", [("estimator", inner)]);
    let curve = |last| isotonic(&[0.0, 1.0], &[0.0, last], 1.0);
    let first = calibrated("isotonic", vec![curve(1.0)], frozen([share(0.25), b"\x94".to_vec()].concat()));
    let second = calibrated("isotonic", vec![curve(0.5)], frozen(b"h\0".to_vec()));
    let imported = read(calibration(vec![first, second])).expect("a model");
    assert_eq!(imported.model.forest().trees().len(), 1);
    assert_eq!(answers(&imported, &ROWS[..4]), [0.1875, 0.75]);
}

#[test]
fn adaptive_boosting_of_classes_adds_weights_or_logarithms() {
    let of = |version: &str, algorithm: Option<&str>, weights: &[f64]| {
        let members = list([share(0.25), share(0.75)]);
        let mut attributes = classifier(
            version,
            vec![("estimators_", members), ("estimator_weights_", floats(&[weights.len() as i64], weights))],
        );
        attributes[2].1 = integers(&[0, 1]);
        attributes.extend(algorithm.map(|algorithm| ("algorithm", text(algorithm))));
        object("sklearn.ensemble._weight_boosting.AdaBoostClassifier", attributes)
    };
    let exp = wardian_kernels::exp64::exp;
    // Left the first tree says the first class, right both say the second.
    let left = (3.0 - 1.0) / 4.0;
    let expected = [exp(left - left) / (exp(-2.0 * left) + 1.0), 1.0 / (exp(-2.0) + 1.0)];
    assert_eq!(answered(of("1.9.1", None, &[1.0, 3.0]))[..2], expected);
    // Of the first class a fourth of the weights, of the second three, and their difference is halved.
    assert_eq!(answered(of("1.3.0", Some("SAMME"), &[1.0, 3.0]))[0], 1.0 / (exp(-left) + 1.0));
    // With logarithms of shares that are each other's opposites nothing is known.
    let shares = answered(of("1.4.2", Some("SAMME.R"), &[1.0, 1.0]));
    assert!(shares[0] == 0.5 && shares[1] > 0.999, "{shares:?}");
    assert!(fault(of("1.9.1", None, &[1.0])).contains("estimator_weights_"));
    assert!(fault(of("1.9.1", None, &[1.0, -1.0])).contains("come to 0"));
    assert!(fault(of("1.2.2", Some("other"), &[1.0, 1.0])).contains("algorithm=\"other\""));
}

#[test]
fn adaptive_boosting_of_numbers_answers_the_median_tree() {
    let members = list([number(3.0, 0.0), number(1.0, 0.0), number(2.0, 7.0)]);
    let weights = floats(&[4], &[1.0, 1.0, 1.5, 0.0]);
    let attributes = regressor("1.9.1", vec![("estimators_", members), ("estimator_weights_", weights)]);
    let value = object("sklearn.ensemble._weight_boosting.AdaBoostRegressor", attributes);
    assert_eq!(answered(value), [2.0, 0.0, 2.0]);
}

fn isolation(version: &str, more: Vec<(&str, Opcodes)>) -> Opcodes {
    let members = list([number(0.0, 0.0), number(0.0, 0.0)]);
    let mut attributes = vec![
        ("estimators_", members),
        ("estimators_features_", list([integers(&[0, 1]), integers(&[1, 0])])),
        ("max_samples_", integer(2)),
        ("offset_", float(-0.5)),
    ];
    attributes.extend(more);
    object("sklearn.ensemble._iforest.IsolationForest", regressor(version, attributes))
}

#[test]
fn isolation_is_how_short_the_paths_are() {
    // A leaf of seven rows would go on for so long.
    let seven = 2.0 * (super::super::logarithm::log(6.0) + 0.577_215_664_901_532_9) - 2.0 * 6.0 / 7.0;
    let length = 2.0 + seven - 1.0;
    let score = -wardian_kernels::exp64::power_of_two(-(length + length) / 2.0);
    assert_eq!(answered(isolation("1.2.2", vec![])), [score + 0.5; 3]);
    // Later versions keep what they add.
    let kept = |numbers: &[f64]| {
        let trees = [floats(&[numbers.len() as i64], numbers), floats(&[3], &[0.0, 3.0, 3.0])];
        ("_average_path_length_per_tree", tuple(trees))
    };
    let score = |sum: f64| -wardian_kernels::exp64::power_of_two(-sum / 2.0) + 0.5;
    assert_eq!(answered(isolation("1.9.1", vec![kept(&[0.0, 1.0, 2.0])])), [score(6.0), score(7.0), score(6.0)]);
    assert!(fault(isolation("1.9.1", vec![kept(&[0.0])])).contains("is not a number for each node"));
    let one = isolation("1.9.1", vec![("max_samples_", integer(1))]);
    assert!(fault(one).contains("each tree was trained with one row"));
}

#[test]
fn damaged_estimators_of_estimators_are_errors_and_nothing_worse() {
    let pairs = list(["a", "b"].map(|name| tuple([text(name), none()])));
    let weights = ("weights", floats(&[2], &[1.0, 2.0]));
    let vote = voting(vec![share(0.25), share(0.5)], vec![soft(), weights, ("estimators", pairs)]);
    let curve = isotonic(&[0.0, 0.5, 1.0], &[0.0, 0.25, 1.0], 1.0);
    let calibration = calibration(vec![calibrated("isotonic", vec![curve], share(0.25))]);
    let features = vec![integers(&[0, 1]); 2];
    let bag = bagging("BaggingRegressor", vec![number(2.0, 4.0), number(8.0, 16.0)], features, vec![]);
    for value in [vote, calibration, bag, isolation("1.2.2", vec![])] {
        never_panics(&pickle(value));
    }
}
