use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::{Value as Json, json};

use super::super::{FileKind, Options, read_with};
use super::numpy::{File, Items};
use super::*;
use crate::numbers::Numbers;

/// A zip of these files, packed or not.
fn zipped(files: &[(&str, &[u8])], is_packed: bool) -> Vec<u8> {
    let (mut zip, mut list) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut packed = content.to_vec();
        if is_packed {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(content).expect("memory");
            packed = encoder.finish().expect("memory");
        }
        let method = if is_packed { 8_u16 } else { 0 };
        let local = zip.len() as u32;
        let mut shared = Vec::new();
        shared.extend([20, 0, 0, 0]);
        shared.extend(method.to_le_bytes());
        shared.extend([0; 8]);
        shared.extend((packed.len() as u32).to_le_bytes());
        shared.extend((content.len() as u32).to_le_bytes());
        shared.extend((name.len() as u16).to_le_bytes());
        shared.extend([0; 2]);
        zip.extend([&b"PK\x03\x04"[..], &shared, name.as_bytes(), &packed].concat());
        list.extend([&b"PK\x01\x02\x14\0"[..], &shared, &[0; 10], &local.to_le_bytes(), name.as_bytes()].concat());
    }
    let place = zip.len() as u32;
    let count = (files.len() as u16).to_le_bytes();
    let length = (list.len() as u32).to_le_bytes();
    zip.extend(&list);
    zip.extend([&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &length, &place.to_le_bytes(), &[0, 0]].concat());
    zip
}

fn npy(description: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': {description}, 'fortran_order': False, 'shape': {shape}, }}\n");
    [&b"\x93NUMPY\x01\0"[..], &(header.len() as u16).to_le_bytes(), header.as_bytes(), data].concat()
}

fn node(module: &str, class: &str, loader: &str, content: Json) -> Json {
    json!({ "__class__": class, "__module__": module, "__loader__": loader, "content": content, "__id__": 7 })
}

fn said(value: Json) -> Json {
    let mut made = node("builtins", "str", "JsonNode", Json::String(value.to_string()));
    made["is_json"] = json!(true);
    made
}

fn array(file: &str) -> Json {
    json!({ "__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode", "type": "numpy", "file": file })
}

/// Below 0.5 left, which answers 1.5, else 2.5.
fn stump() -> Vec<(&'static str, Vec<u8>)> {
    let fields = "[('left_child', '<i8'), ('right_child', '<i8'), ('feature', '<i8'), ('threshold', '<f8'), ('impurity', '<f8'), \
        ('n_node_samples', '<i8'), ('weighted_n_node_samples', '<f8'), ('missing_go_to_left', 'u1'), ('', '|V7')]";
    let mut nodes = Vec::new();
    for (left, right, feature, threshold) in [(1_i64, 2_i64, 0_i64, 0.5_f64), (-1, -1, -2, -2.0), (-1, -1, -2, -2.0)] {
        nodes.extend([left, right, feature].iter().flat_map(|number| number.to_le_bytes()));
        nodes.extend([threshold, 0.0].iter().flat_map(|number| number.to_le_bytes()));
        nodes.extend(7_i64.to_le_bytes());
        nodes.extend([&3_f64.to_le_bytes()[..], &[0; 8]].concat());
    }
    let values: Vec<u8> = [0.0_f64, 1.5, 2.5].iter().flat_map(|number| number.to_le_bytes()).collect();
    let tree = node(
        "builtins",
        "dict",
        "DictNode",
        json!({ "max_depth": said(json!(1)), "nodes": array("nodes.npy"), "values": array("values.npy") }),
    );
    let mut tree = node("sklearn.tree._tree", "Tree", "TreeNode", tree);
    let counts = array("counts.npy");
    tree["__reduce__"] =
        json!({ "args": node("builtins", "tuple", "TupleNode", json!([said(json!(1)), counts, said(json!(1))])) });
    let attributes = json!({
        "n_features_in_": said(json!(1)), "n_outputs_": said(json!(1)), "_sklearn_version": said(json!("1.9.1")), "tree_": tree,
    });
    let attributes = node("builtins", "dict", "DictNode", attributes);
    let schema = node("sklearn.tree._classes", "DecisionTreeRegressor", "ObjectNode", attributes);
    vec![
        ("nodes.npy", npy(fields, "(3,)", &nodes)),
        ("values.npy", npy("'<f8'", "(3, 1, 1)", &values)),
        ("counts.npy", npy("'<i8'", "(1,)", &1_i64.to_le_bytes())),
        ("schema.json", schema.to_string().into_bytes()),
    ]
}

fn file(files: &[(&str, Vec<u8>)], is_packed: bool) -> Vec<u8> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, content)| (*name, &content[..])).collect();
    zipped(&files, is_packed)
}

#[test]
fn a_file_is_read_packed_or_not() {
    for is_packed in [false, true] {
        let bytes = file(&stump(), is_packed);
        assert_eq!(FileKind::of(&bytes), Ok(FileKind::Skops));
        let model = read_with(&bytes, &Options::default()).expect("a model");
        assert_eq!(model.predict_many(&[0.5, 0.75]).expect("rows"), Numbers::Double(vec![1.5, 2.5]));
    }
}

#[test]
fn descriptions_of_arrays_are_python_literals() {
    let bytes = npy("[('a', '<i8'), (\"b\", '|u1')]", "(2, 3)", b"xyz");
    let read = File::read(&bytes).expect("an array");
    assert_eq!((read.shape, read.is_fortran, read.data), (vec![2, 3], false, &b"xyz"[..]));
    let fields = [("a", "<i8"), ("b", "|u1")].map(|(name, code)| (name.to_owned(), code.to_owned()));
    assert_eq!(read.items, Items::Records(fields.to_vec()));
    assert_eq!(File::read(&npy("'<f8'", "()", b"")).expect("a number").shape, [0_u32; 0]);
    for (description, shape) in
        [("'<f8", "()"), ("'<f8'", "(99999999999,)"), ("[('a', '<i8', (2,))]", "()"), ("print()", "()")]
    {
        assert!(File::read(&npy(description, shape, b"")).is_err(), "{description} {shape}");
    }
    for end in 0..bytes.len() - 3 {
        assert!(File::read(&bytes[..end]).is_err(), "{end}");
    }
}

#[test]
fn what_is_no_such_file_is_named() {
    let fault = |files: &[(&str, Vec<u8>)]| {
        read_with(&file(files, false), &Options::default()).expect_err("refused").to_string()
    };
    let mut files = stump();
    files.pop();
    assert_eq!(fault(&files), "the zip has no schema.json, as skops' files have");
    let mut twice = stump();
    twice.push(twice[0].clone());
    assert!(fault(&twice).contains("\"nodes.npy\": it is there twice"));
    let mut lost = stump();
    lost.remove(0);
    assert!(fault(&lost).contains("the zip has no \"nodes.npy\""), "{}", fault(&lost));
    let unknown = node("posix", "system", "MethodNode", json!({}));
    assert!(fault(&[("schema.json", unknown.to_string().into_bytes())]).contains("the class posix.system"));
    // A thousandth of its size, packed.
    let zeros = vec![b' '; 1 << 25];
    let error =
        read_with(&zipped(&[("schema.json", &zeros)], true), &Options::default()).expect_err("a bomb").to_string();
    assert!(error.contains("many times as large unpacked"), "{error}");
    let deep = "[".repeat(100_000);
    assert!(fault(&[("schema.json", deep.into_bytes())]).contains("nested more than"));
}

#[test]
fn damaged_files_are_errors_and_nothing_worse() {
    for whole in [file(&stump(), false), file(&stump(), true)] {
        for end in (0..whole.len()).step_by(3) {
            assert!(read(&whole[..end], &Options::default()).is_err());
        }
        let mut damaged = whole.clone();
        for place in 0..whole.len() {
            for flip in [1, 0xff] {
                damaged[place] ^= flip;
                if let Err(error) = read(&damaged, &Options::default()) {
                    let error = error.to_string();
                    assert!(!error.contains('\n') && error.chars().count() < 400, "{error}");
                }
                damaged[place] = whole[place];
            }
        }
    }
}
