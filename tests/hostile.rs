//! Model files that lie: each gives an error that names the place, in little time and memory.

use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use proptest::prelude::*;
use serde_json::{Value, json};
use wardian::{Code, Model, Result, format, import};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const JSON: &[u8] = include_bytes!("golden/depth6_missing.json");
const UBJSON: &[u8] = include_bytes!("golden/depth6_missing.ubj");

/// Runs `read`, which must fail, within bounds of time and memory.
fn refused(what: &str, read: impl FnOnce() -> Result<Model>) -> wardian::Error {
    let started = Instant::now();
    let error = read().expect_err(what);
    assert!(started.elapsed() < Duration::from_secs(5), "{what} took {:?}", started.elapsed());
    // All tests of this file together; the largest file here has 12 MB.
    assert!(ALLOCATOR.peak_usage_as_mb() < 256.0, "{what} took {} MB", ALLOCATOR.peak_usage_as_mb());
    let text = error.to_string();
    assert!(!text.contains('\n') && text.chars().count() < 300, "one short line: {text}");
    error
}

/// The error for the golden model with one part of its JSON changed.
fn edited(edit: impl FnOnce(&mut Value)) -> String {
    let mut file: Value = serde_json::from_slice(JSON).expect("the golden file");
    edit(&mut file);
    let bytes = serde_json::to_vec(&file).expect("JSON");
    refused("an edited file", || import::read(&bytes)).to_string()
}

fn trees(file: &mut Value) -> &mut Value {
    &mut file["learner"]["gradient_booster"]["model"]["trees"]
}

#[test]
fn names_that_a_file_makes_up_are_printed_safely() {
    let name = format!("a\nb\u{202e}\0{}", "c".repeat(10_000));
    let place = UBJSON.windows(13).position(|bytes| bytes == b"left_children").expect("a tree") - 9;
    let mut file = UBJSON[..place].to_vec();
    file.push(b'L');
    file.extend((name.len() as u64).to_be_bytes());
    file.extend(name.as_bytes());
    // No value begins so.
    file.push(b'?');
    file.extend(&UBJSON[place..]);
    let error = refused("a bad value of a made up name", || import::read(&file)).to_string();
    assert!(error.contains(r"trees[0].a\u{a}b\u{202e}\u{0}ccc") && error.contains("marker '?'"), "{error}");
}

#[test]
fn a_tree_that_lies_is_named() {
    for (edit, expected) in [
        (
            Box::new(|tree: &mut Value| tree["left_children"][0] = json!(99_999_999)) as Box<dyn Fn(&mut Value)>,
            "tree 2, node 0: child 99999999 does not exist; the tree has ",
        ),
        (
            Box::new(|tree| tree["right_children"][0] = json!(-7)),
            "tree 2, node 0: child -7 does not exist; the tree has ",
        ),
        (
            Box::new(|tree| tree["right_children"][0] = json!(-1)),
            "tree 2, node 0: child -1 does not exist; the tree has ",
        ),
        (Box::new(|tree| tree["left_children"][1] = json!(0)), "tree 2, node 1: its child is the root: a cycle"),
        (Box::new(|tree| tree["left_children"][1] = json!(1)), "tree 2, node 1: child 1 is already a child of node 0"),
        (
            Box::new(|tree| tree["right_children"][0] = tree["left_children"][0].clone()),
            "tree 2, node 0: child 1 is already a child of node 0",
        ),
        (
            Box::new(|tree| tree["split_indices"][0] = json!(2_000_000_000)),
            "tree 2, node 0: feature 2000000000 does not exist; the model has ",
        ),
        (
            Box::new(|tree| tree["split_indices"][0] = json!(-1)),
            "tree 2, node 0: feature -1 does not exist; the model has ",
        ),
        (
            Box::new(|tree| {
                tree["split_conditions"].as_array_mut().expect("an array").pop();
            }),
            "tree 2: split_conditions has ",
        ),
        (Box::new(|tree| tree["default_left"] = json!([])), "tree 2: default_left has 0 entries; num_nodes is "),
        (Box::new(|tree| tree["tree_param"]["num_nodes"] = json!("1000000000000")), "tree 2: left_children has "),
        (
            Box::new(|tree| {
                tree["sum_hessian"].as_array_mut().expect("an array").pop();
            }),
            "tree 2: sum_hessian has ",
        ),
        (
            Box::new(|tree| tree["tree_param"]["num_nodes"] = json!("many")),
            "tree 2: num_nodes is \"many\", not a count",
        ),
        (
            Box::new(|tree| tree["tree_param"]["size_leaf_vector"] = json!("3")),
            "tree 2: size_leaf_vector is 3; the model has 1 outputs",
        ),
        (Box::new(|tree| tree["split_type"][0] = json!(1)), "tree 2, node 0: it splits on categories and has none"),
        (
            Box::new(|tree| tree["split_conditions"][0] = json!("0.5")),
            "learner.gradient_booster.model.trees[2].split_conditions[0]: invalid type: string \"0.5\", expected f32",
        ),
        (
            Box::new(|tree| tree["left_children"] = json!({})),
            "learner.gradient_booster.model.trees[2].left_children: invalid type: map, expected a sequence",
        ),
        (Box::new(|tree| tree["leaf_weights"] = json!([])), "tree 2: leaf_weights beside leaves of one number"),
        (Box::new(|tree| *tree = json!({})), "learner.gradient_booster.model.trees[2]: missing field `tree_param`"),
    ] {
        let text = edited(|file| edit(&mut trees(file)[2]));
        assert!(text.starts_with(expected), "{text}\nshould begin with\n{expected}");
    }
}

#[test]
fn a_file_that_lies_is_refused_by_name() {
    let cases: [(&str, Value, &str); 15] = [
        (
            "/learner/learner_model_param/base_score",
            json!("1.5"),
            "base_score \"1.5\" is not a probability between 0 and 1",
        ),
        (
            "/learner/learner_model_param/base_score",
            json!("-1E-9"),
            "base_score \"-1E-9\" is not a probability between 0 and 1",
        ),
        (
            "/learner/learner_model_param/base_score",
            json!("nan"),
            "base_score \"nan\" is not a finite number or a list of them",
        ),
        ("/learner/learner_model_param/base_score", json!("[5E-1"), "base_score \"[5E-1\" is not a list of numbers"),
        ("/learner/learner_model_param/base_score", json!("[5E-1,5E-1]"), "base_score has 2 numbers for 1 outputs"),
        ("/learner/learner_model_param/num_feature", json!("0"), "num_feature is 0; a model has 1 to 65536 features"),
        (
            "/learner/learner_model_param/num_feature",
            json!("4000000000"),
            "num_feature is 4000000000; a model has 1 to 65536 features",
        ),
        ("/learner/learner_model_param/num_class", json!("4000000000"), "4000000000 outputs; a model has 1 to 65536"),
        ("/learner/learner_model_param/num_target", json!("-2"), "num_target is \"-2\", not a count"),
        (
            "/learner/gradient_booster/name",
            json!("gblinear"),
            "the booster \"gblinear\" is not supported: it has no trees",
        ),
        (
            "/learner/objective/name",
            json!("my:objective"),
            "the objective \"my:objective\" is not supported; a custom one is in no file",
        ),
        (
            "/learner/gradient_booster/model/gbtree_model_param/num_trees",
            json!("7000"),
            "num_trees is 7000; the file has ",
        ),
        ("/learner/gradient_booster/model/tree_info", json!([0]), "tree_info has 1 entries for "),
        (
            "/learner/gradient_booster/model/iteration_indptr",
            json!([0, 9]),
            "iteration_indptr does not ascend from 0 to ",
        ),
        ("/version", json!([4, 0, 0]), "the file was written by XGBoost [4, 0, 0]; versions 1 to 3 are read"),
    ];
    for (pointer, value, expected) in cases {
        let text = edited(|file| *file.pointer_mut(pointer).expect(pointer) = value);
        assert!(text.starts_with(expected), "{text}\nshould begin with\n{expected}");
    }
    for (pointer, name, value, expected) in [
        ("/learner/gradient_booster/model", "weight_drop", json!([1.0]), "weight_drop has 1 entries for "),
        ("/learner/attributes", "best_iteration", json!("77"), "best_iteration is 77; the file has "),
        (
            "/learner/gradient_booster/model",
            "new_thing",
            json!(1),
            "learner.gradient_booster.model.new_thing: unknown field",
        ),
        ("/learner/gradient_booster/model/cats", "enc", json!([{"values": []}]), "cats.enc has 1 entries for "),
    ] {
        let text = edited(|file| file.pointer_mut(pointer).expect(pointer)[name] = value);
        assert!(text.starts_with(expected), "{text}\nshould begin with\n{expected}");
    }
    let text = edited(|file| file["learner"]["feature_names"] = json!(["a", "a", "b"]));
    assert!(text.starts_with("feature_names has 3 names; num_feature is "), "{text}");
}

#[test]
fn other_formats_are_named() {
    // The binary files of 1.0 and 1.1 have no mark: parameters, the length of the objective's name, the name.
    let old = [&[0; 136][..], &16_u64.to_le_bytes(), b"reg:squarederror", &[0; 8]].concat();
    let cut = &old[..150];
    for (bytes, expected) in [
        (&old[..], "this is XGBoost's old binary format; load it with XGBoost 1.0 to 3.0"),
        (cut, "the file is none of the supported models"),
        (b"CONFIG-offset:\xdc\x04", "this is a booster's memory, as pickles hold it"),
        (b"{\"Config\":{\"learner\":{}}}", "this is a booster's memory, as pickles hold it"),
        (b"{L\0\0\0\0\0\0\0\x06Config{L", "this is a booster's memory, as pickles hold it"),
        (&b""[..], "the file is empty"),
        (b" \n", "the file is empty"),
        (b"binf\0\0\0\0", "this is XGBoost's old binary format"),
        (
            b"\x80\x04\x95",
            "the pickle: the file ends early, at byte 3: copy it again (8 bytes are due at byte 3, 0 are left)",
        ),
        (b"\x80\x04N.", "the pickle is None, and no model"),
        (
            b"\x80\x04}X\x01\0\0\0aNs.",
            "the pickle is a dictionary (\"a\"), and no model; save the model in it by itself",
        ),
        (b"\x80\x04cos\nsystem\n(X\x02\0\0\0lstR.", "the pickle is of the class os.system, which is not read"),
        (b"tree\nversion=v4\n", "the file ends early, at line 2, before its trees: copy it again"),
        // A dictionary, a list and a tuple that hold a model say where it is.
        (
            b"\x80\x04}X\x01\0\0\0acsklearn.tree\nDecisionTreeClassifier\n)Rs.",
            "the pickle is a dictionary (\"a\"), and no model: sklearn.tree.DecisionTreeClassifier is in it, which can be saved by itself: \
             joblib.dump(loaded[\"a\"], \"model.joblib\")",
        ),
        (
            b"\x80\x04]N\x61cxgboost.sklearn\nXGBModel\n)Ra.",
            "the pickle is a list, and no model: xgboost.sklearn.XGBModel is in it, which can be saved by itself: \
             joblib.dump(loaded[1], \"model.joblib\")",
        ),
        (
            b"\x80\x04]csklearn.preprocessing\nStandardScaler\n)Ra.",
            "the pickle is a list, and no model; save the model by itself",
        ),
        (b"\x80\x04N\x85.", "the pickle is a tuple, and no model; save the model by itself"),
        (b"c__main__\nModel\n.", "the pickle is __main__.Model, and no model"),
        (
            b"((cxgboost.core\nBooster\n",
            "the pickle: the file ends early, at byte 24: copy it again (1 bytes are due at byte 24, 0 are left)",
        ),
        (b"CBM1....", "the file ends early: copy it again (the model takes 774778414 bytes, 0 are left)"),
        (b"c'est la vie\n", "the file is none of the supported models"),
        (b"\xfd7zXZ\0\0", "this is packed with xz"),
        (b"BZh91AY", "this is packed with bzip2"),
        (b"\x28\xb5\x2f\xfd\0", "this is packed with zstd"),
        (b"PK\x03\x04archive/data.pkl", "this is a zip file, as PyTorch and Keras write models"),
        (b"\x89HDF\r\n", "this is an HDF5 file, as Keras writes models"),
        (b"<?xml version=\"1.0\"?>\n<PMML>", "PMML models are not supported"),
        (b"<?xml version=\"1.0\"?>\n<a/>", "this is XML"),
        (b"\n<HTML>", "this is a web page, as of a log-in, saved in the place of a file"),
        (b"0:leaf=0.5\n", "this is a dump of the trees"),
        (b"a,b\n1,2\n", "this is a table of rows"),
        (b"a;b\n1,5;2,5\n", "this is a table of rows"),
        (b"a b\n1 2\n", "the file is none of the supported models"),
        (b"PAR1\x15", "this is a Parquet file"),
        (b"\x93NUMPY\x01", "this is a numpy array"),
        (b"SQLite format 3\0", "this is a SQLite database"),
        (b"ARROW1\0\0", "this is an Arrow file"),
        (b"7z\xbc\xaf\x27\x1c\0", "this is packed with 7-Zip; unpack it first"),
        (b"Rar!\x1a\x07\x01\0", "this is packed with RAR; unpack it first"),
        (&[&[b'm'; 257][..], b"ustar\0"].concat(), "this is packed with tar; unpack it first"),
        (b"%PDF-1.7\n", "this is a PDF, and no model"),
        (b"{\\rtf1", "this is a text document (RTF), and no model"),
        (b"\x89PNG\r\n", "this is a picture (PNG), and no model"),
        (b"\xff\xd8\xff\xe0", "this is a picture (JPEG), and no model"),
        (b"\xd0\xcf\x11\xe0\xa1", "this is a workbook (.xls) or another file of Office, and no model"),
        (b"PK\x03\x04..[Content_Types].xml..xl/workbook.xml", "this is a workbook, and no model"),
        (b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "this is a workbook, and no model"),
        (b"PK\x03\x04..[Content_Types].xml..word/document.xml", "this is a text document (Word), and no model"),
        (b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.text", "this is an OpenDocument file, and no model"),
        (b"PK\x03\x04..model.weights.h5", "this is a zip file, as PyTorch and Keras write models"),
        (b"\x1f\x8b\x08\0", "it is packed with gzip, and cannot be unpacked"),
        (b"\x7fELF", "the file is none of the supported models"),
        (b"{}", "the JSON is no model that is read here: XGBoost's (save_model) has a \"learner\""),
        (b"{\"a\":NaN}", "the JSON is no model that is read here"),
        (b"{\"a\":\"learner\"}", "missing field `learner`"),
    ] {
        let error = refused("another format", || import::read(bytes));
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}

#[test]
fn what_is_packed_is_no_larger_than_models_are() {
    let packed = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut out, bytes).expect("packed");
        out.finish().expect("packed")
    };
    let file = std::fs::read("models/diabetes/diabetes.json").expect("the model");
    assert_eq!(import::read(&packed(&file)), import::read(&file));
    let bomb = packed(&vec![b' '; 100 << 20]);
    assert!(bomb.len() < 200_000);
    let error = refused("a bomb", || import::read(&bomb));
    assert_eq!(error.to_string(), "it is packed with gzip, and more than 200 times as large unpacked: no model is");
    let cut = packed(&file);
    let error = refused("a part", || import::read(&cut[..cut.len() / 2])).to_string();
    assert_eq!(error, "it is packed with gzip, and cannot be unpacked: the file ends early: copy it again");
    let twice = refused("packed twice", || import::read(&packed(&packed(&file)))).to_string();
    assert!(twice.starts_with("the file is none of the supported models"), "{twice}");
}

#[test]
fn pickles_that_grow_are_refused() {
    const SIZE: usize = 8_000_000;
    for (first, again) in [
        (&b""[..], &b"]"[..]),
        (b"", b"}"),
        (b"", b"N"),
        (b"", b"("),
        (b"N", b"2"),
        (b"N", b"\x85"),
        (b"N", b"\x94"),
        (b"", b"\x8c\0"),
        (b"", b"X\0\0\0\0"),
        (b"", b"\x8c\x01\xff"),
        (b"", b"I300\n"),
        (b"", b"ca\nB\n"),
        (b"ca\nB\n", b")R"),
        (b"", b"(N)o"),
        (b"]", b"Na"),
        (b"]q\0", b"h\0a"),
        (b"}", b"NNs"),
        (b"ca\nB\n)R", b"Na"),
        (b"", b"ca\nB\n)RNa"),
        (b"\x8f", b"(N\x90"),
        (b"N", b"r\xff\xff\x70\0"),
        // An empty array of joblib's, again and again: each is written behind a state that says so.
        (b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(X\x05\0\0\0dtypecnumpy\ndtype\n(U\x02O8tRX\x05\0\0\0shape)u", b"bN."),
    ] {
        let mut bytes = b"\x80\x02".to_vec();
        bytes.extend(first);
        bytes.extend(again.iter().cycle().take(SIZE));
        refused(&format!("{again:?}"), || import::read(&bytes));
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let wardian = format::write(&import::read(UBJSON).expect("the golden file"));
    for (name, bytes) in [("JSON", JSON), ("UBJSON", UBJSON), (".wardian", &wardian)] {
        assert!(import::read(bytes).is_ok(), "{name}");
        for length in 0..bytes.trim_ascii_end().len() {
            assert!(import::read(&bytes[..length]).is_err(), "{name} cut to {length} bytes");
        }
        let mut longer = bytes.to_vec();
        longer.push(b'}');
        refused(name, || import::read(&longer));
    }
}

/// `bytes` as a `.wardian` file whose length and checksum are right, so that what comes after them is read.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let length = bytes.len() as u32;
    bytes[8..12].copy_from_slice(&length.to_le_bytes());
    let checksum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&bytes[16..]);
    bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

#[test]
fn a_resealed_file_cut_anywhere_is_refused() {
    let model = import::read(UBJSON).expect("the golden file");
    let (whole, without_covers) = (format::write(&model), format::write(&model.without_covers()));
    // A file without its optional section is a file.
    for length in (16..whole.len()).filter(|&length| length != without_covers.len()) {
        let error = refused(".wardian", || format::read(&sealed(whole[..length].to_vec())));
        assert_eq!(error.code(), Code::InvalidModel, "cut to {length}: {error}");
    }
}

#[test]
fn covers_that_are_none_explain_nothing_and_change_no_answer() {
    let whole = import::read(JSON).expect("the golden file");
    for cover in [json!(-0.5), Value::Null] {
        let mut file: Value = serde_json::from_slice(JSON).expect("JSON");
        file["learner"]["gradient_booster"]["model"]["trees"][2]["sum_hessian"][6] = cover;
        let model = import::read(&serde_json::to_vec(&file).expect("JSON")).expect("a model");
        assert_eq!(model, whole.clone().without_covers());
    }
}

#[test]
fn a_file_without_covers_predicts_and_does_not_explain() {
    let mut file: Value = serde_json::from_slice(JSON).expect("the golden file");
    for tree in trees(&mut file).as_array_mut().expect("trees") {
        tree.as_object_mut().expect("a tree").remove("sum_hessian");
    }
    let model = import::read(&serde_json::to_vec(&file).expect("JSON")).expect("a model");
    assert_eq!(model, import::read(JSON).expect("the golden file").without_covers());
    let error = model.explainer().expect_err("no covers");
    assert_eq!(error.code().as_str(), "no_covers");
    assert!(error.to_string().starts_with("the model cannot be explained: "), "{error}");
}

#[test]
fn lengths_that_no_file_has_cost_nothing() {
    let mut ubjson = UBJSON.to_vec();
    let count = ubjson.windows(4).position(|four| four == b"[$d#").expect("an array of floats") + 5;
    for claimed in [2 << 30, i64::MAX, -1, i64::MIN] {
        ubjson[count..count + 8].copy_from_slice(&claimed.to_be_bytes());
        let error = refused("UBJSON", || import::read(&ubjson)).to_string();
        assert!(error.contains(&format!("a length of {claimed} is claimed")), "{error}");
    }
    // Elements without bytes of their own.
    let error = refused("UBJSON", || import::read(b"{i\x07learner[$T#l\x7f\xff\xff\xff}")).to_string();
    assert!(error.contains("marker 'T' where a number's is due"), "{error}");

    let whole = format::write(&import::read(UBJSON).expect("the golden file"));
    // The length of the first section, then its first count.
    let mut long_section = whole.clone();
    long_section[20..24].copy_from_slice(&(2u32 << 30).to_le_bytes());
    let error = refused(".wardian", || format::read(&sealed(long_section))).to_string();
    assert!(error.starts_with("section \"SCHM\", offset 24: 2147483648 bytes are due"), "{error}");
    let mut long_count = whole[..24].to_vec();
    long_count.extend([0xff, 0xff, 0xff, 0xff, 0x07]);
    long_count[20..24].copy_from_slice(&5u32.to_le_bytes());
    let error = refused(".wardian", || format::read(&sealed(long_count))).to_string();
    assert!(error.starts_with("offset 24: 2147483647 features do not fit"), "{error}");
}

#[test]
fn deep_nesting_is_refused() {
    for depth in [200, 10_000, 1_000_000] {
        let json = format!("{{\"learner\":{}", "[".repeat(depth));
        let error = refused("JSON", || import::read(json.as_bytes()));
        assert_eq!(error.code(), Code::InvalidModel);
        let ignored = format!("{{\"version\":[3,0,0],\"other\":{}", "[{\"a\":".repeat(depth));
        refused("JSON", || import::read(ignored.as_bytes()));
        let mut ubjson = b"{i\x05other".to_vec();
        ubjson.extend(b"[".repeat(depth));
        let error = refused("UBJSON", || import::read(&ubjson)).to_string();
        assert!(error.contains("nested more than 64 deep"), "{error}");
    }
}

#[test]
fn a_tree_200_000_splits_deep_is_read_without_recursion() {
    const DEPTH: i64 = 200_000;
    let mut file: Value = serde_json::from_slice(JSON).expect("the golden file");
    // Node 2i is a split, 2i + 1 its left leaf and 2i + 2 its right child.
    let nodes = 2 * DEPTH + 1;
    let split = |node: i64| node % 2 == 0 && node < nodes - 1;
    let column = |value: &dyn Fn(i64) -> i64| (0..nodes).map(value).collect::<Vec<_>>();
    let model = &mut file["learner"]["gradient_booster"]["model"];
    model["trees"] = json!([{
        "tree_param": {"num_nodes": nodes.to_string(), "size_leaf_vector": "1"},
        "left_children": column(&|node| if split(node) { node + 1 } else { -1 }),
        "right_children": column(&|node| if split(node) { node + 2 } else { -1 }),
        "split_indices": column(&|_| 0),
        "split_conditions": column(&|node| -node),
        "default_left": column(&|_| 0),
    }]);
    model["tree_info"] = json!([0]);
    model["gbtree_model_param"]["num_trees"] = json!("1");
    model["iteration_indptr"] = json!([0, 1]);
    let model = import::read(&serde_json::to_vec(&file).expect("JSON")).expect("a deep tree is a tree");
    assert_eq!(model.forest().depth(), DEPTH as usize);
    let again = format::read(&format::write(&model)).expect("it reads back");
    let row = model.schema().row_from_values(vec![f64::NAN; model.schema().features().len()]).expect("a row");
    assert_eq!(again.margins(&row), model.margins(&row));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever bytes are changed, reading ends with a model or an error, and a model answers.
    #[test]
    fn changed_bytes_never_panic(
        format in 0..3,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = match format {
            0 => JSON.to_vec(),
            1 => UBJSON.to_vec(),
            _ => format::write(&import::read(UBJSON).expect("the golden file")),
        };
        for (index, byte) in changes {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        if format == 2 {
            bytes = sealed(bytes);
        }
        if let Ok(model) = import::read(&bytes) {
            let width = model.schema().features().len();
            let row = model.schema().row_from_values(vec![0.5; width]).expect("finite values");
            model.predict(&row);
        }
    }
}
