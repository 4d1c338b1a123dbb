//! How much memory it takes to read a trainer's file: at most eight times the file, and 64 MB beside. Of models as they are trained, and of
//! such as no trainer writes, in which every byte counts for as much as it can.

#[path = "memory/files.rs"]
mod files;
#[path = "../src/import/flatbuffer/building.rs"]
#[expect(dead_code, reason = "the reader's own tests need more of it")]
mod flatbuffers;
#[path = "../src/import/pickle/written.rs"]
#[expect(dead_code, reason = "the reader's own tests need more of it")]
mod pickles;
#[path = "../src/import/onnx/written.rs"]
#[expect(dead_code, reason = "the reader's own tests need more of it")]
mod protobufs;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use wardian::import;

use crate::files::Trees;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// One file at a time: memory is counted of all threads together.
static ONE: Mutex<()> = Mutex::new(());

/// What these files may take beside eight times their size: they are small, and so is this. Any file may take 64 MB.
const SPARE: usize = 1 << 23;

/// Reads a file that is made here, within the bound, and gives how many times its size that took. A model of so many leaves comes out, or,
/// where none are due, an error.
fn bounded(what: &str, leaves: usize, made: impl FnOnce() -> Vec<u8>) -> f64 {
    let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let file = made();
    ALLOCATOR.reset_peak_usage();
    let (before, started) = (ALLOCATOR.current_usage(), Instant::now());
    let read = import::read(&file);
    let (taken, time) = (ALLOCATOR.peak_usage() - before, started.elapsed());
    let times = taken as f64 / file.len() as f64;
    let outcome = match &read {
        Ok(model) => format!("{} leaves", model.forest().leaves().len() / model.forest().leaf_width()),
        Err(error) => error.to_string(),
    };
    println!("{what:40} {:10} bytes, {times:5.1} times as many taken, {time:.1?}: {outcome}", file.len());
    assert_eq!(
        read.map_or(0, |model| model.forest().leaves().len() / model.forest().leaf_width()),
        leaves,
        "{outcome}"
    );
    assert!(taken <= 8 * file.len() + SPARE, "{what} took {taken} bytes, {times:.1} times its {}", file.len());
    assert!(time < Duration::from_secs(60), "{what} took {time:?}");
    times
}

/// Says what the files of a kind took.
fn tell(what: &str, times: &[f64]) {
    println!("seen memory: {what} at most {:.1} times the file", times.iter().copied().fold(0.0, f64::max));
}

/// As many trees as a trainer grows, and one that is as deep as it can be kept balanced.
const GROWN: Trees = Trees { count: 400, depth: 8, features: 30 };
const ONE_TREE: Trees = Trees { count: 1, depth: 18, features: 1 };
const STUMPS: Trees = Trees { count: 60_000, depth: 1, features: 3 };

#[test]
fn lightgbms_text() {
    let leaves = Trees { count: 150_000, depth: 0, features: 1 };
    let times = [
        bounded("LightGBM, as trained", GROWN.leaves(), || files::lightgbm(GROWN, true)),
        bounded("LightGBM, one tree of few digits", ONE_TREE.leaves(), || files::lightgbm(ONE_TREE, false)),
        bounded("LightGBM, stumps of few digits", STUMPS.leaves(), || files::lightgbm(STUMPS, false)),
        bounded("LightGBM, trees of one leaf", leaves.leaves(), || files::lightgbm(leaves, false)),
    ];
    tell("LightGBM's text", &times);
}

#[test]
fn lightgbms_json() {
    let leaves = Trees { count: 150_000, depth: 0, features: 1 };
    let times = [
        bounded("LightGBM's JSON, as trained", GROWN.leaves(), || files::lightgbm_json(GROWN)),
        bounded("LightGBM's JSON, one tree", ONE_TREE.leaves(), || files::lightgbm_json(ONE_TREE)),
        bounded("LightGBM's JSON, trees of one leaf", leaves.leaves(), || files::lightgbm_json(leaves)),
    ];
    tell("LightGBM's JSON", &times);
}

#[test]
fn catboosts_cbm() {
    let deep = Trees { count: 500, depth: 10, features: 30 };
    let largest = Trees { count: 16, depth: 16, features: 1 };
    // A leaf and its tree take twelve bytes.
    let leaves = Trees { count: 2_000_000, depth: 0, features: 1 };
    let times = [
        bounded("CatBoost, symmetric", deep.leaves(), || files::catboost(deep, true)),
        bounded("CatBoost, shallow", STUMPS.leaves(), || files::catboost(STUMPS, true)),
        bounded("CatBoost, each node for itself", GROWN.leaves(), || files::catboost_asymmetric(GROWN)),
        bounded("CatBoost, deepest", largest.leaves(), || files::catboost(largest, true)),
        bounded("CatBoost, trees of one leaf", 0, || files::catboost(leaves, false)),
    ];
    tell("CatBoost's .cbm", &times);
}

#[test]
fn catboosts_json() {
    let deep = Trees { count: 100, depth: 10, features: 30 };
    let leaves = Trees { count: 200_000, depth: 0, features: 1 };
    let times = [
        bounded("CatBoost's JSON, symmetric", deep.leaves(), || files::catboost_json(deep, true)),
        bounded("CatBoost's JSON, trees of one leaf", leaves.leaves(), || files::catboost_json(leaves, false)),
    ];
    tell("CatBoost's JSON", &times);
}

#[test]
fn onnx() {
    let times = [
        bounded("ONNX, as exported", GROWN.leaves(), || files::onnx(GROWN)),
        bounded("ONNX, one tree", ONE_TREE.leaves(), || files::onnx(ONE_TREE)),
        bounded("ONNX, stumps", STUMPS.leaves(), || files::onnx(STUMPS)),
        bounded("ONNX, one operator for all", GROWN.leaves(), || files::onnx_unified(GROWN)),
        bounded("ONNX, one operator, one tree", ONE_TREE.leaves(), || files::onnx_unified(ONE_TREE)),
    ];
    tell("ONNX", &times);
}

#[test]
fn scikit_learns_pickles() {
    let forest = Trees { count: 60, depth: 12, features: 20 };
    let histograms = Trees { count: 300, depth: 8, features: 20 };
    let times = [
        bounded("scikit-learn, a forest", forest.leaves(), || files::forest(forest, "f8")),
        bounded("scikit-learn, one tree", ONE_TREE.leaves(), || files::forest(ONE_TREE, "f8")),
        // A node of eight bytes, where scikit-learn has 56 at least.
        bounded("scikit-learn, small numbers", 0, || files::forest(forest, "i1")),
        bounded("scikit-learn, histograms", histograms.leaves(), || files::histograms(histograms)),
    ];
    tell("scikit-learn's pickles", &times);
}
