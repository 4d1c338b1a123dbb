//! What is refused, by name and place.

use super::read;
use super::tests::{fault, of_regressor, regressor, with};
use super::written::{field, file, floats, input, int, ints, operator, output, text, texts, whole};
use crate::import::{FileKind, Options};

#[test]
fn sets_that_follow_each_other_too_often_are_refused() {
    // A chain over features, each with a number that is no category: what follows doubles each time.
    const DEPTH: i64 = 40;
    let ids: Vec<i64> = (0..=2 * DEPTH).collect();
    let branch = |id: &i64| id % 2 == 0 && *id < 2 * DEPTH;
    let per_node =
        |of: &dyn Fn(i64) -> i64| ids.iter().map(|id| if branch(id) { of(*id) } else { 0 }).collect::<Vec<_>>();
    let leaves: Vec<i64> = ids.iter().copied().filter(|id| !branch(id)).collect();
    let attributes = [
        ints("nodes_treeids", &vec![0; ids.len()]),
        ints("nodes_nodeids", &ids),
        ints("nodes_featureids", &per_node(&|id| id / 2 % 2)),
        texts("nodes_modes", &ids.iter().map(|id| if branch(id) { "BRANCH_EQ" } else { "LEAF" }).collect::<Vec<_>>()),
        ints("nodes_truenodeids", &per_node(&|id| id + 1)),
        ints("nodes_falsenodeids", &per_node(&|id| id + 2)),
        floats("nodes_values", &vec![0.5; ids.len()]),
        ints("target_treeids", &vec![0; leaves.len()]),
        ints("target_nodeids", &leaves),
        ints("target_ids", &vec![0; leaves.len()]),
        floats("target_weights", &vec![1.0; leaves.len()]),
        int("n_targets", 1),
    ];
    let ensemble = operator("TreeEnsembleRegressor", &["X"], &["Y"], &attributes);
    let error = fault(&file(&[ensemble, input("X", 1, Some(2)), output("Y")]));
    assert!(error.starts_with("tree 0: its splits that ask for equal numbers"), "{error}");
}

#[test]
fn a_leaf_before_trees_that_ask_for_equal_numbers_is_refused() {
    let trees = |mode| {
        let two = [
            ints("nodes_treeids", &[0, 1, 1, 1]),
            ints("nodes_nodeids", &[0, 0, 1, 2]),
            ints("nodes_featureids", &[0; 4]),
            texts("nodes_modes", &["LEAF", mode, "LEAF", "LEAF"]),
            ints("nodes_truenodeids", &[0, 1, 0, 0]),
            ints("nodes_falsenodeids", &[0, 2, 0, 0]),
            floats("nodes_values", &[0.0, 1.0, 0.0, 0.0]),
            ints("target_treeids", &[0, 1, 1]),
            ints("target_nodeids", &[0, 1, 2]),
            ints("target_ids", &[0; 3]),
            floats("target_weights", &[1.0, 2.0, 3.0]),
        ];
        read(&of_regressor(&with(regressor(), &two)), &Options::default()).map(|imported| imported.model)
    };
    let error = trees("BRANCH_EQ").expect_err("a fault").to_string();
    assert!(error.starts_with("the first tree is one leaf, and others ask for equal numbers"), "{error}");
    // What it makes no one node of is added up as it should be.
    for mode in ["BRANCH_NEQ", "BRANCH_LEQ"] {
        assert!(trees(mode).is_ok(), "{mode}");
    }
}

#[test]
fn trees_that_lie_are_named() {
    for (changed, message) in [
        (ints("nodes_truenodeids", &[7, 0, 0]), "tree 0, node 0: child 7 does not exist; the tree has 3 nodes"),
        (ints("nodes_truenodeids", &[-1, 0, 0]), "tree 0, node 0: child -1 does not exist; the tree has 3 nodes"),
        (ints("nodes_nodeids", &[0, 1, 1]), "tree 0: two of its nodes have the id 1"),
        (ints("nodes_nodeids", &[0, 1]), "nodes_nodeids has 2 entries; nodes_treeids has 3"),
        (ints("nodes_treeids", &[-1, -1, -1]), "a tree has the id -1, which is below 0"),
        (ints("nodes_treeids", &[0, 1, 1]), "tree 0, node 0: child 1 does not exist; the tree has 1 nodes"),
        (ints("nodes_featureids", &[-3, 0, 0]), "tree 0, node 0: feature -3 does not exist"),
        (floats("nodes_values", &[f32::NAN, 0.0, 0.0]), "tree 0, node 0: the threshold is NaN"),
        (floats("nodes_values", &[0.5]), "nodes_values has 1 entries; nodes_treeids has 3"),
        (texts("nodes_modes", &["BRANCH_SO", "LEAF", "LEAF"]), "tree 0, node 0: the mode \"BRANCH_SO\" is not known"),
        (texts("nodes_modes", &["BRANCH_LT", "LEAF"]), "tree 0, node 2: the mode \"\" is not known"),
        (texts("nodes_modes", &["LEAF"; 4]), "nodes_modes has more entries than nodes_treeids"),
        (
            ints("nodes_missing_value_tracks_true", &[2]),
            "tree 0, node 0: nodes_missing_value_tracks_true is 2, neither 0 nor 1",
        ),
        (ints("target_nodeids", &[1, 3]), "tree 0, node 3: target_nodeids names it, and it does not exist"),
        (ints("target_treeids", &[0, 1]), "tree 1, node 2: target_nodeids names it, and it does not exist"),
        (ints("target_ids", &[0, 1]), "tree 0, node 2: target_ids 1 does not exist; there are 1"),
        (ints("target_nodeids", &[1, 1]), "tree 0, node 2: the leaf has no weight"),
        (floats("target_weights", &[0.3, f32::NAN]), "tree 0, node 2: its weight is NaN"),
        (floats("target_weights", &[0.3]), "target_weights has 1 entries; target_ids has 2"),
        (floats("base_values", &[1.0, 2.0]), "base_values has 2 entries for 1 scores"),
        (int("n_targets", 0), "0 target ids; a model has 1 to 65536"),
        (text("aggregate_function", "MAX"), "aggregate_function is \"MAX\"; SUM and AVERAGE are supported"),
        (text("post_transform", "LOGISTIC"), "post_transform is Logistic: of a regressor of one target"),
        (int("nodes_colour", 0), "the attribute \"nodes_colour\" is not known"),
    ] {
        let error = fault(&of_regressor(&with(regressor(), &[changed])));
        let own = error.strip_prefix("TreeEnsembleRegressor").map_or(error.as_str(), |rest| &rest[2..]);
        assert!(own.starts_with(message), "{error}");
    }
    let twice = [ints("target_treeids", &[0; 3]), ints("target_nodeids", &[1, 1, 2]), ints("target_ids", &[0; 3])];
    let twice = with(with(regressor(), &twice), &[floats("target_weights", &[1.0, 2.0, 3.0])]);
    assert!(fault(&of_regressor(&twice)).contains("tree 0, node 1: it has two weights for target 0"));
    let apart = [ints("nodes_treeids", &[0, 1, 0]), texts("nodes_modes", &["LEAF"; 3])];
    assert!(fault(&of_regressor(&with(regressor(), &apart))).contains("the nodes of tree 0 are not all together"));
    for (changed, message) in [
        (ints("nodes_falsenodeids", &[1, 0, 0]), "tree 0, node 0: child 1 is already a child of node 0"),
        (ints("nodes_falsenodeids", &[0, 0, 0]), "tree 0, node 0: its child is the root: a cycle"),
        (ints("nodes_featureids", &[1, 0, 0]), "tree 0, node 0: feature 1 does not exist; the trees get 1"),
    ] {
        assert_eq!(fault(&of_regressor(&with(regressor(), &[changed]))), message);
    }
}

#[test]
fn files_that_are_not_of_one_ensemble_are_refused() {
    let ensemble = |output: &str| operator("TreeEnsembleRegressor", &["X"], &[output], &regressor());
    let ending = [input("X", 1, Some(1)), output("Y")];
    let fault = |parts: &[Vec<u8>]| fault(&file(&[parts, &ending].concat()));
    assert!(
        fault(&[operator("Gemm", &["X"], &["Y"], &[])])
            .contains("no tree ensemble, of which the trees are read here; its operators are \"Gemm\"")
    );
    assert!(fault(&[]).contains("its operators are none"));
    assert!(fault(&[ensemble("Y"), ensemble("Z")]).contains("2 tree ensembles"));
    assert!(fault(&[ensemble("Z")]).contains("nothing makes the value \"Y\""));
    assert!(fault(&[ensemble("Y"), ensemble("Y")]).contains("two of the graph's values are called \"Y\""));
    assert!(
        fault(&[ensemble("Z"), operator("Identity", &["X"], &["Y"], &[])])
            .contains("none of the graph's outputs has the trees' scores")
    );

    let elsewhere = field(5, &[field(8, b"numbers"), field(13, b""), whole(14, 1)].concat());
    assert!(
        fault(&[ensemble("Y"), elsewhere])
            .starts_with("the numbers of \"numbers\" are in another file (external data)")
    );
    let mut functions = file(&[ensemble("Y"), ending.concat()]);
    functions.extend(field(25, b""));
    assert!(self::fault(&functions).contains("operators of its own (functions)"));
    assert_eq!(self::fault(&whole(1, 8)), "the file has no graph");
}

#[test]
fn broken_files_are_refused_and_none_takes_it_down() {
    let bytes = of_regressor(&regressor());
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length], &Options::default()).is_err(), "{length} bytes");
    }
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            // Whatever it is: another number is another model.
            if let Err(error) = read(&changed, &Options::default()) {
                let error = error.to_string();
                assert!(!error.contains('\n') && error.chars().count() < 400, "{error}");
            }
        }
    }
}

#[test]
fn the_beginning_tells_an_onnx_file() {
    let bytes = of_regressor(&regressor());
    assert!((16..bytes.len()).all(|length| FileKind::of(&bytes[..length]) == Ok(FileKind::Onnx)));
    for other in [
        &b"\x08\x08"[..],
        b"\x08\x00\x3a\x02\x0a\x00",
        b"\x3a\x02\x0a\x00",
        b"\x08\x08\x12\x01\xff\x3a\x00",
        b"\x08\x08\x4a\x00",
    ] {
        assert_ne!(FileKind::of(other).ok(), Some(FileKind::Onnx), "{other:?}");
    }
}
