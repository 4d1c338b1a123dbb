//! Our native build and the `gbdt` crate, timed on request: a line `PEER MODEL KIND` on standard input gives a line of
//! JSON, as `benches/peers.py` does. Run by `cargo xtask bench`.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use gbdt::decision_tree::Data;
use gbdt::gradient_boost::GBDT;
use wardian::explain::Explainer;
use wardian::{Model, import};

const SINGLE_ROWS: usize = 1000;
/// As in benches/shapes.py.
const EXPLAINED_ROWS: usize = 256;
const EXPLAINED_SINGLE_ROWS: usize = 20;
/// As in benches/run.mjs.
const TURN: Duration = Duration::from_millis(50);

struct Case {
    model: &'static Model,
    /// Made once, as the model is loaded once.
    explainer: OnceCell<Explainer<'static>>,
    width: usize,
    rows: Vec<f32>,
}

fn load(folder: &std::path::Path, name: &str) -> Case {
    let model = import::read(&std::fs::read(folder.join(format!("{name}.ubj"))).expect("the model")).expect("a model");
    let bytes = std::fs::read(folder.join(format!("{name}.rows.f32"))).expect("the rows");
    let rows = bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    // Every model is needed to the end.
    let model: &Model = Box::leak(Box::new(model));
    Case { width: model.schema().features().len(), model, explainer: OnceCell::new(), rows }
}

fn ours(case: &Case, kind: &str) -> f64 {
    let explainer = || case.explainer.get_or_init(|| case.model.explainer().expect("covers"));
    match kind {
        "explain" => {
            let (explainer, rows) = (explainer(), &case.rows[..EXPLAINED_ROWS * case.width]);
            for_each_of(EXPLAINED_ROWS, || explainer.explain_many(rows).expect("good rows"), TURN)
        }
        "explain-one" => {
            let explainer = explainer();
            median(case, EXPLAINED_SINGLE_ROWS, |row| explainer.explain_many(row).expect("a good row").len())
        }
        "batch" => {
            let rows = case.rows.len() / case.width;
            for_each_of(rows, || case.model.predict_many(&case.rows).expect("good rows"), TURN)
        }
        _ => median(case, SINGLE_ROWS, |row| case.model.predict_many(row).expect("a good row").len()),
    }
}

/// The seconds for each of `rows` rows that `action` answers together: the median of all times in a turn.
fn for_each_of<T>(rows: usize, mut action: impl FnMut() -> T, turn: Duration) -> f64 {
    let started = Instant::now();
    let mut each = Vec::new();
    while each.is_empty() || started.elapsed() < turn {
        let started = Instant::now();
        std::hint::black_box(action());
        each.push(started.elapsed().as_secs_f64() / rows as f64);
    }
    each.sort_by(f64::total_cmp);
    each[each.len() / 2]
}

/// The median of the seconds for one row.
fn median(case: &Case, rows: usize, action: impl Fn(&[f32]) -> usize) -> f64 {
    let rows = case.rows.chunks_exact(case.width).take(rows);
    let mut each: Vec<f64> = rows.map(|row| for_each_of(1, || action(row), Duration::ZERO)).collect();
    each.sort_by(f64::total_cmp);
    each[each.len() / 2]
}

/// Its rows are objects of its own; making them is not timed.
fn gbdts(folder: &std::path::Path, name: &str, case: &Case) -> Result<f64, String> {
    let path = folder.join(format!("{name}.gbdt.txt"));
    let path = path.to_str().expect("a path in UTF-8");
    let model = GBDT::from_xgboost_dump(path, "binary:logistic").map_err(|error| error.to_string())?;
    let rows: Vec<Data> =
        case.rows.chunks_exact(case.width).map(|row| Data::new_test_data(row.to_vec(), None)).collect();
    Ok(for_each_of(rows.len(), || model.predict(&rows), TURN))
}

fn main() {
    let Some(folder) = std::env::args().nth(1).filter(|argument| !argument.starts_with("--")).map(PathBuf::from) else {
        // `cargo bench` and `cargo test --benches` come without a folder; the figures come from `cargo xtask bench`.
        println!("run cargo xtask bench");
        return;
    };
    let mut cases: HashMap<String, Case> = HashMap::new();
    let mut out = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("text");
        let [peer, name, kind] = line.split(' ').collect::<Vec<_>>()[..] else { continue };
        let case = cases.entry(name.to_owned()).or_insert_with(|| load(&folder, name));
        let result = if peer == "native" { Ok(ours(case, kind)) } else { gbdts(&folder, name, case) };
        match result {
            Ok(seconds) => writeln!(out, "{{\"seconds\":{seconds:e}}}"),
            Err(error) => writeln!(out, "{{\"cannot\":{}}}", serde_json::json!(error)),
        }
        .expect("standard output");
    }
}
