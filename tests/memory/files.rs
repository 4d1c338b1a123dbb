//! Files of balanced trees, written as each trainer writes them, or as short as they may be.

use serde_json::{Value as Json, json};

use crate::flatbuffers::{Value, built};
use crate::pickles::{
    HISTOGRAM_NODE, Opcodes, array, bytes, call, dictionary, dtype, floats, integer, integers, list, none, object,
    pickle,
};
use crate::pickles::{records, text, with_state};
use crate::protobufs::{Attribute, field, file, int, operator, output};

/// Trees of so many levels each.
#[derive(Clone, Copy)]
pub(crate) struct Trees {
    pub(crate) count: usize,
    pub(crate) depth: usize,
    pub(crate) features: usize,
}

impl Trees {
    pub(crate) fn leaves(self) -> usize {
        self.count << self.depth
    }

    /// How many leaves and splits one tree has.
    fn of_one(self) -> [usize; 2] {
        [1 << self.depth, (1 << self.depth) - 1]
    }
}

/// Numbers that all differ, of as many digits as there are.
fn number(place: usize) -> f64 {
    (place as f64 + 1.0) * 0.618_033_988_749_894_9
}

fn joined<T: ToString>(count: usize, of: impl Fn(usize) -> T) -> String {
    (0..count).map(|place| of(place).to_string()).collect::<Vec<_>>().join(" ")
}

/// The node that is a child: a split, or behind these a leaf, which LightGBM counts below 0.
fn child(splits: usize, index: usize) -> i64 {
    if index < splits { index as i64 } else { !((index - splits) as i64) }
}

pub(crate) fn lightgbm(trees: Trees, is_trained: bool) -> Vec<u8> {
    let [leaves, splits] = trees.of_one();
    let names = joined(trees.features, |feature| format!("c{feature}"));
    let mut file = format!(
        "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx={}\nobjective=regression\n\
         feature_names={names}\n\n",
        trees.features - 1
    );
    for tree in 0..trees.count {
        file += &format!("Tree={tree}\nnum_leaves={leaves}\nnum_cat=0\n");
        if splits > 0 {
            file += &format!("split_feature={}\n", joined(splits, |split| split % trees.features));
            let cut =
                |split: usize| if is_trained { number(tree * splits + split).to_string() } else { "1".to_owned() };
            file += &format!("threshold={}\n", joined(splits, cut));
            file += &format!("decision_type={}\n", joined(splits, |_| 2));
            file += &format!("left_child={}\n", joined(splits, |split| child(splits, 2 * split + 1)));
            file += &format!("right_child={}\n", joined(splits, |split| child(splits, 2 * split + 2)));
        }
        let value = |leaf: usize| if is_trained { number(tree * leaves + leaf).to_string() } else { "1".to_owned() };
        file += &format!("leaf_value={}\n", joined(leaves, value));
        if is_trained {
            for (key, count) in [("leaf_weight", leaves), ("internal_value", splits), ("internal_weight", splits)] {
                file += &format!("{key}={}\n", joined(count, number));
            }
            file += &format!("leaf_count={}\n", joined(leaves, |_| 23));
            file +=
                &format!("internal_count={}\n", joined(splits, |split| 23 * leaves / (split + 1).next_power_of_two()));
            file += "is_linear=0\nshrinkage=0.1\n\n";
        }
        file += "\n";
    }
    (file + "end of trees\n").into_bytes()
}

pub(crate) fn lightgbm_json(trees: Trees) -> Vec<u8> {
    fn node(splits: usize, index: usize, features: usize) -> String {
        if index >= splits {
            return format!("{{\"leaf_index\":{},\"leaf_value\":{}}}", index - splits, index + 1);
        }
        format!(
            "{{\"split_index\":{index},\"split_feature\":{},\"threshold\":{},\"decision_type\":\"<=\",\"default_left\":true,\
             \"missing_type\":\"None\",\"left_child\":{},\"right_child\":{}}}",
            index % features,
            number(index),
            node(splits, 2 * index + 1, features),
            node(splits, 2 * index + 2, features)
        )
    }
    let [leaves, splits] = trees.of_one();
    let names: Vec<String> = (0..trees.features).map(|feature| format!("c{feature}")).collect();
    let all: Vec<String> = (0..trees.count)
        .map(|tree| {
            format!(
                "{{\"tree_index\":{tree},\"num_leaves\":{leaves},\"num_cat\":0,\"shrinkage\":1,\"tree_structure\":{}}}",
                node(splits, 0, trees.features)
            )
        })
        .collect();
    format!(
        "{{\"name\":\"tree\",\"version\":\"v4\",\"num_class\":1,\"num_tree_per_iteration\":1,\"label_index\":0,\"max_feature_idx\":{},\
         \"objective\":\"regression\",\"average_output\":false,\"feature_names\":{},\"monotone_constraints\":[],\"feature_infos\":{{}},\
         \"tree_info\":[{}],\"feature_importances\":{{}},\"pandas_categorical\":null}}",
        trees.features - 1,
        json!(names),
        all.join(",")
    )
    .into_bytes()
}

fn vector(width: usize, numbers: impl Iterator<Item = Vec<u8>>) -> Value {
    Value::Vector(numbers.flatten().collect(), width)
}

fn wholes(numbers: impl Iterator<Item = i32>) -> Value {
    vector(4, numbers.map(|number| number.to_le_bytes().to_vec()))
}

fn doubles(count: usize, number: impl Fn(usize) -> f64) -> Value {
    vector(8, (0..count).map(|place| number(place).to_le_bytes().to_vec()))
}

/// How many borders each feature has.
const BORDERS: usize = 200;

fn cbm(trees: Trees, mut fields: Vec<(usize, Value)>) -> Vec<u8> {
    let feature = |index: usize| {
        let borders = (0..BORDERS).map(|place| (number(place) as f32).to_le_bytes().to_vec());
        vec![(1, Value::Integer(index as i32)), (2, Value::Integer(index as i32)), (3, vector(4, borders))]
    };
    fields.push((0, Value::Integer(1)));
    fields.push((5, Value::Tables((0..trees.features).map(feature).collect())));
    let params = vec![(0, Value::Text("params")), (1, Value::Text(r#"{"loss_function":{"type":"RMSE","params":{}}}"#))];
    let body =
        built(&[(0, Value::Text("FlabuffersModel_v1")), (1, Value::Table(fields)), (2, Value::Tables(vec![params]))]);
    [b"CBM1", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

pub(crate) fn catboost(trees: Trees, has_weights: bool) -> Vec<u8> {
    let splits = trees.count * trees.depth;
    let question = |split: usize| (split * 7919 % (BORDERS * trees.features)) as i32;
    let mut fields = vec![
        (1, wholes((0..splits).map(question))),
        (2, wholes((0..trees.count).map(|_| trees.depth as i32))),
        (8, doubles(trees.leaves(), number)),
    ];
    if has_weights {
        fields.push((9, doubles(trees.leaves(), |_| 5.0)));
    }
    cbm(trees, fields)
}

/// Each node asks for itself; children stand so near that their distances fit.
pub(crate) fn catboost_asymmetric(trees: Trees) -> Vec<u8> {
    let [leaves, splits] = trees.of_one();
    let nodes = leaves + splits;
    let question = |node: usize| (node * 7919 % (BORDERS * trees.features)) as i32;
    let step = |node: usize| {
        let distances = if node < splits { [node + 1, node + 2] } else { [0, 0] };
        distances.iter().flat_map(|&distance| (distance as u16).to_le_bytes()).collect::<Vec<u8>>()
    };
    let all = || (0..trees.count).flat_map(|tree| (0..nodes).map(move |node| (tree, node)));
    let leaf = |(tree, node): (usize, usize)| if node < splits { -1 } else { (tree * leaves + node - splits) as i32 };
    cbm(
        trees,
        vec![
            (1, wholes(all().map(|(tree, node)| question(tree + node)))),
            (2, wholes((0..trees.count).map(|_| nodes as i32))),
            (8, doubles(trees.leaves(), number)),
            (9, doubles(trees.leaves(), |_| 5.0)),
            (10, vector(4, all().map(|(_, node)| step(node)))),
            (11, wholes(all().map(leaf))),
        ],
    )
}

pub(crate) fn catboost_json(trees: Trees, is_trained: bool) -> Vec<u8> {
    let value = |place: usize| if is_trained { number(place) } else { 1.0 };
    let float_features: Vec<Json> = (0..trees.features)
        .map(|feature| {
            let borders: Vec<f32> = (0..BORDERS).map(|place| number(place) as f32).collect();
            json!({ "borders": borders, "feature_index": feature, "flat_feature_index": feature, "has_nans": false,
                    "nan_value_treatment": "AsIs" })
        })
        .collect();
    let tree = |tree: usize| {
        let leaves: Vec<f64> = (0..1 << trees.depth).map(|leaf| value(tree + leaf)).collect();
        let weights: Vec<u32> = leaves.iter().map(|_| 7).collect();
        let splits: Vec<Json> = (0..trees.depth)
            .map(|level| {
                let (feature, border) = ((tree + level) % trees.features, (tree + level * 31) % BORDERS);
                json!({ "border": number(border) as f32, "float_feature_index": feature, "split_index": feature * BORDERS + border,
                        "split_type": "FloatFeature" })
            })
            .collect();
        json!({ "leaf_values": leaves, "leaf_weights": weights, "splits": splits })
    };
    let all: Vec<Json> = (0..trees.count).map(tree).collect();
    json!({
        "features_info": { "float_features": float_features, "categorical_features": [] },
        "model_info": { "params": { "loss_function": { "type": "RMSE", "params": {} } } },
        "oblivious_trees": all,
        "scale_and_bias": [1, [0]]
    })
    .to_string()
    .into_bytes()
}

/// Whole numbers one behind the other, as Python's library packs them.
fn packed(name: &'static str, numbers: impl Iterator<Item = usize>) -> Attribute {
    let mut body = Vec::new();
    for mut number in numbers {
        while number > 0x7f {
            body.push(number as u8 | 0x80);
            number >>= 7;
        }
        body.push(number as u8);
    }
    (name, field(8, &body))
}

fn packed_floats(name: &'static str, numbers: impl Iterator<Item = f32>) -> Attribute {
    (name, field(7, &numbers.flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>()))
}

fn graph(kind: &str, features: usize, attributes: &[Attribute]) -> Vec<u8> {
    let ensemble = operator(kind, &["X"], &["Y"], attributes);
    file(&[ensemble, crate::protobufs::input("X", 1, Some(features as i64)), output("Y")])
}

pub(crate) fn onnx(trees: Trees) -> Vec<u8> {
    let [leaves, splits] = trees.of_one();
    let all = || (0..trees.count).flat_map(|tree| (0..leaves + splits).map(move |node| (tree, node)));
    let of_leaves = || all().filter(|&(_, node)| node >= splits);
    let below = |node: usize, side: usize| if node < splits { 2 * node + side } else { 0 };
    let mode = |(_, node): (usize, usize)| field(9, if node < splits { b"BRANCH_LEQ" } else { b"LEAF" });
    graph(
        "TreeEnsembleRegressor",
        trees.features,
        &[
            packed("nodes_treeids", all().map(|(tree, _)| tree)),
            packed("nodes_nodeids", all().map(|(_, node)| node)),
            packed("nodes_featureids", all().map(|(_, node)| node % trees.features)),
            ("nodes_modes", all().flat_map(mode).collect()),
            packed("nodes_truenodeids", all().map(|(_, node)| below(node, 1))),
            packed("nodes_falsenodeids", all().map(|(_, node)| below(node, 2))),
            packed_floats("nodes_values", all().map(|(_, node)| number(node) as f32)),
            packed("target_treeids", of_leaves().map(|(tree, _)| tree)),
            packed("target_nodeids", of_leaves().map(|(_, node)| node)),
            packed("target_ids", of_leaves().map(|_| 0)),
            packed_floats("target_weights", of_leaves().map(|(_, node)| number(node) as f32)),
            int("n_targets", 1),
        ],
    )
}

pub(crate) fn onnx_unified(trees: Trees) -> Vec<u8> {
    let [leaves, splits] = trees.of_one();
    let all = || (0..trees.count).flat_map(|tree| (0..splits).map(move |split| (tree, split)));
    let is_leaf = |split: usize, side: usize| 2 * split + side >= splits;
    let below = |(tree, split): (usize, usize), side: usize| {
        let child = 2 * split + side;
        if is_leaf(split, side) { tree * leaves + child - splits } else { tree * splits + child }
    };
    let singles = |name, numbers: Vec<f32>| crate::protobufs::singles(name, &numbers);
    graph(
        "TreeEnsemble",
        trees.features,
        &[
            packed("tree_roots", (0..trees.count).map(|tree| tree * splits)),
            packed("nodes_featureids", all().map(|(_, split)| split % trees.features)),
            crate::protobufs::tensor("nodes_modes", 2, trees.count * splits, &vec![0; trees.count * splits]),
            singles("nodes_splits", all().map(|(_, split)| number(split) as f32).collect()),
            packed("nodes_truenodeids", all().map(|place| below(place, 1))),
            packed("nodes_trueleafs", all().map(|(_, split)| is_leaf(split, 1).into())),
            packed("nodes_falsenodeids", all().map(|place| below(place, 2))),
            packed("nodes_falseleafs", all().map(|(_, split)| is_leaf(split, 2).into())),
            packed("leaf_targetids", (0..trees.leaves()).map(|_| 0)),
            singles("leaf_weights", (0..trees.leaves()).map(|leaf| number(leaf) as f32).collect()),
            int("n_targets", 1),
        ],
    )
}

/// Numbers as a field of records has them, or as one byte.
fn pushed(data: &mut Vec<u8>, code: &str, number: i64) {
    if code == "i1" { data.push(number as u8) } else { data.extend(number.to_le_bytes()) }
}

/// A forest of regressors; its records are of fields of this code, where they are whole numbers: `f8` for scikit-learn's own.
pub(crate) fn forest(trees: Trees, code: &str) -> Vec<u8> {
    let (whole, width) = if code == "i1" { ("i1", 1) } else { ("i8", 8) };
    let fields = [
        ("left_child", whole, 0),
        ("right_child", whole, width),
        ("feature", whole, 2 * width),
        ("threshold", code, 3 * width),
        ("impurity", code, 4 * width),
        ("n_node_samples", whole, 5 * width),
        ("weighted_n_node_samples", code, 6 * width),
        ("missing_go_to_left", "u1", 7 * width),
    ];
    let [leaves, splits] = trees.of_one();
    let tree = |tree: usize| {
        let mut data = Vec::new();
        for node in 0..leaves + splits {
            let is_split = node < splits;
            let index = |number: usize| if is_split { number as i64 } else { -1 };
            for number in [index(2 * node + 1), index(2 * node + 2), index(node % trees.features)] {
                pushed(&mut data, code, number);
            }
            let cut = if code == "i1" { 1 } else { number(tree + node).to_bits() as i64 };
            for number in [cut, 0, 9, if code == "i1" { 9 } else { 9.0_f64.to_bits() as i64 }] {
                pushed(&mut data, code, number);
            }
            data.push(0);
            data.resize(data.len().next_multiple_of(width as usize), 0);
        }
        let count = (leaves + splits) as i64;
        let nodes = array(&[count], records(&fields, 8 * width), false, bytes(&data));
        let values: Vec<f64> = (0..leaves + splits).map(number).collect();
        let values = if code == "i1" {
            array(&[count, 1, 1], dtype("i1"), false, bytes(&vec![1; leaves + splits]))
        } else {
            floats(&[count, 1, 1], &values)
        };
        let made = call("sklearn.tree._tree.Tree", [integer(trees.features as i64), integers(&[1]), integer(1)]);
        let state = dictionary([("max_depth", integer(1)), ("nodes", nodes), ("values", values)]);
        object("sklearn.tree._classes.DecisionTreeRegressor", [("tree_", with_state(made, state))])
    };
    let members: Vec<Opcodes> = (0..trees.count).map(tree).collect();
    pickle(object(
        "sklearn.ensemble._forest.RandomForestRegressor",
        [
            ("n_features_in_", integer(trees.features as i64)),
            ("n_outputs_", integer(1)),
            ("_sklearn_version", text("1.9.1")),
            ("estimators_", list(members)),
        ],
    ))
}

pub(crate) fn histograms(trees: Trees) -> Vec<u8> {
    let [leaves, splits] = trees.of_one();
    let tree = |tree: usize| {
        let mut data = Vec::new();
        for node in 0..leaves + splits {
            data.extend([&number(node).to_le_bytes()[..], &9_u32.to_le_bytes()].concat());
            data.extend(((node % trees.features) as i64).to_le_bytes());
            data.extend([&number(tree + node).to_le_bytes()[..], &[0]].concat());
            data.extend([2 * node + 1, 2 * node + 2].iter().flat_map(|&child| (child as u32).to_le_bytes()));
            data.extend([0; 12]);
            data.extend([u8::from(node >= splits), 0, 0, 0, 0, 0, 0]);
        }
        let nodes = array(&[(leaves + splits) as i64], records(&HISTOGRAM_NODE, 56), false, bytes(&data));
        object("sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor", [("nodes", nodes)])
    };
    let members = (0..trees.count).map(|index| list([tree(index)]));
    pickle(object(
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingRegressor",
        [
            ("n_features_in_", integer(trees.features as i64)),
            ("_sklearn_version", text("1.9.1")),
            ("loss", text("squared_error")),
            ("_baseline_prediction", floats(&[1, 1], &[10.0])),
            ("is_categorical_", none()),
            ("_bin_mapper", none()),
            ("_predictors", list(members)),
        ],
    ))
}
