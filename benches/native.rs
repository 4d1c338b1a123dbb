//! Our native build and the `gbdt` crate, asked as benches/worker.mjs says. Run by `cargo xtask bench`.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use gbdt::decision_tree::{Data, VALUE_TYPE_UNKNOWN};
use gbdt::gradient_boost::GBDT;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use wardian::explain::Explainer;
use wardian::{Model, format, import};

/// As in benches/turns.mjs and benches/peers.py, in seconds.
const TURN: f64 = 0.05;
const LEAST_GROUP: f64 = 0.002;
/// As in benches/shapes.py.
const SINGLE_ROWS: usize = 1000;
const EXPLAINED_ROWS: usize = 256;
const EXPLAINED_SINGLE_ROWS: usize = 20;
/// The most rows that are asked together.
const BLOCK_ROWS: usize = 1_000_000;
const COPIES: usize = 4;

type Answer = Result<Value, String>;

struct Case {
    folder: PathBuf,
    name: String,
    model: &'static Model,
    /// Made once, as the model is loaded once.
    explainer: OnceCell<Explainer<'static>>,
    gbdt: OnceCell<Result<GBDT, String>>,
    objective: String,
    width: usize,
    rows: Vec<f32>,
}

/// The seconds of processor that this process has taken.
fn now() -> f64 {
    let time = Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).expect("after the start");
    time.as_secs_f64()
}

fn numbers(path: &Path) -> Vec<f32> {
    let bytes = std::fs::read(path).expect("numbers");
    bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
}

fn read(folder: &Path, name: &str) -> Model {
    format::read(&std::fs::read(folder.join(format!("{name}.wardian"))).expect("the model")).expect("a model")
}

impl Case {
    fn load(folder: &Path, name: &str) -> Self {
        // Every model is needed to the end.
        let model: &Model = Box::leak(Box::new(read(folder, name)));
        let table = std::fs::read(folder.join("shapes.json")).expect("the table of shapes");
        let table: Value = serde_json::from_slice(&table).expect("JSON");
        Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            width: model.schema().features().len(),
            model,
            explainer: OnceCell::new(),
            gbdt: OnceCell::new(),
            objective: table["shapes"][name]["objective"].as_str().expect("an objective").to_owned(),
            rows: numbers(&folder.join(format!("{name}.rows.f32"))),
        }
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.name))
    }

    fn row(&self, index: usize) -> &[f32] {
        &self.rows[index * self.width..][..self.width]
    }

    /// The contributions come with the covers, which the benchmark's own files have not.
    fn explainer(&self) -> &Explainer<'static> {
        self.explainer.get_or_init(|| {
            let bytes = std::fs::read(self.file("ubj")).expect("the model");
            let model: &Model = Box::leak(Box::new(import::read(&bytes).expect("a model")));
            model.explainer().expect("covers")
        })
    }

    fn ours(&self, kind: &str) -> Answer {
        Ok(match kind {
            "batch" => json!(batch(self.model, &self.rows, self.width)),
            "one" => json!(one(self.model, &self.rows, self.width)),
            "explain" => {
                let (explainer, rows) = (self.explainer(), &self.rows[..EXPLAINED_ROWS * self.width]);
                json!(in_turn(EXPLAINED_ROWS, || explainer.explain_many(rows).expect("good rows")))
            }
            "explain-one" => {
                let explainer = self.explainer();
                json!(singles(EXPLAINED_SINGLE_ROWS, |index| {
                    explainer.explain_many(self.row(index)).expect("a good row")
                }))
            }
            "start" => start(|| {
                let model = read(&self.folder, &self.name);
                let answer = model.predict_many(self.row(0)).expect("a good row");
                (model, answer)
            }),
            "bits" => {
                let margins = self.model.margins_many(&self.rows).expect("good rows");
                if !same(&margins.into_single(), &numbers(&self.file("margins.f32"))).eq(&1.0) {
                    return Err("our margins are not XGBoost's".into());
                }
                let answers = self.model.predict_many(&self.rows).expect("good rows");
                json!(same(&answers.into_single(), &numbers(&self.file("predictions.f32"))))
            }
            other => match other.strip_prefix("rows-") {
                Some(count) => json!(self.many(count.parse().expect("a number"))),
                None => return Err(format!("{other} is not asked of it")),
            },
        })
    }

    /// The seconds for each of so many rows, asked in blocks: the rows there are, over and over.
    fn many(&self, count: usize) -> f64 {
        let block: Vec<f32> = self.rows.iter().copied().cycle().take(count.min(BLOCK_ROWS) * self.width).collect();
        let blocks = count.div_ceil(BLOCK_ROWS);
        in_turn(count, || {
            for _ in 0..blocks {
                std::hint::black_box(self.model.predict_many(&block).expect("good rows"));
            }
        })
    }

    /// Its rows are objects of its own, with a number for what is missing; making them is not timed.
    fn gbdt(&self, kind: &str) -> Answer {
        let known = |&value: &f32| if value.is_nan() { VALUE_TYPE_UNKNOWN } else { value };
        let data = |row: &[f32]| Data::new_test_data(row.iter().map(known).collect(), None);
        let rows = || -> Vec<Data> { self.rows.chunks_exact(self.width).map(data).collect() };
        let load = || -> Result<GBDT, String> {
            let path = self.file("gbdt.txt");
            if let Ok(reason) = std::fs::read_to_string(self.file("gbdt.txt.cannot")) {
                return Err(reason);
            }
            let objective = if self.objective == "reg:squarederror" { "reg:linear" } else { &self.objective };
            GBDT::from_xgboost_dump(path.to_str().expect("a path in UTF-8"), objective)
                .map_err(|error| error.to_string())
        };
        let model = || self.gbdt.get_or_init(load).as_ref().map_err(String::clone);
        Ok(match kind {
            "batch" => {
                let (model, rows) = (model()?, rows());
                json!(in_turn(rows.len(), || model.predict(&rows)))
            }
            "one" => {
                let (model, rows) = (model()?, rows());
                let rows: Vec<_> = rows.into_iter().take(SINGLE_ROWS).map(|row| vec![row]).collect();
                json!(singles(SINGLE_ROWS, |index| model.predict(&rows[index])))
            }
            "start" => {
                let first = vec![data(self.row(0))];
                model()?;
                start(|| load().map(|model| (model.predict(&first), model)))
            }
            "bits" => {
                let (answers, expected) = (model()?.predict(&rows()), numbers(&self.file("predictions.f32")));
                // Far from XGBoost's would be another model.
                let mut pairs = answers.iter().zip(&expected);
                if let Some((ours, theirs)) =
                    pairs.find(|(ours, theirs)| (**ours - **theirs).abs() > 1e-4 + 1e-3 * theirs.abs())
                {
                    return Err(format!("it answers {ours} where XGBoost answers {theirs}"));
                }
                json!(same(&answers, &expected))
            }
            other => return Err(format!("{other} is not asked of it")),
        })
    }
}

/// Another trainer's model, which benches/trainers.py has trained.
struct Other {
    model: Model,
    width: usize,
    rows: Vec<f64>,
    answers: Vec<f64>,
}

impl Other {
    fn load(folder: &Path, name: &str) -> Self {
        let bytes =
            |ending: &str| std::fs::read(folder.join(format!("{name}.{ending}"))).expect("the files of a model");
        let numbers = |ending: &str| -> Vec<f64> {
            bytes(ending).as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect()
        };
        let model = import::read(&bytes("model")).expect("a model");
        Self {
            width: model.schema().features().len(),
            model,
            rows: numbers("rows.f64"),
            answers: numbers("answers.f64"),
        }
    }

    fn answer(&self, kind: &str) -> Answer {
        Ok(match kind {
            "batch" => json!(batch(&self.model, &self.rows, self.width)),
            "one" => json!(one(&self.model, &self.rows, self.width)),
            "bits" => {
                let answers = self.model.predict_many(&self.rows).expect("good rows");
                let pairs = answers.iter().zip(&self.answers);
                let equal = pairs.filter(|(ours, theirs)| ours.to_bits() == theirs.to_bits()).count();
                json!(if answers.len() == self.answers.len() { equal as f64 / answers.len() as f64 } else { 0.0 })
            }
            other => return Err(format!("{other} is not asked of it")),
        })
    }
}

/// The seconds for each of all rows together.
fn batch<T: wardian::Value>(model: &Model, rows: &[T], width: usize) -> f64 {
    in_turn(rows.len() / width, || model.predict_many(rows).expect("good rows"))
}

/// The seconds for a row by itself.
fn one<T: wardian::Value>(model: &Model, rows: &[T], width: usize) -> f64 {
    singles(SINGLE_ROWS, |index| model.predict_many(&rows[index * width..][..width]).expect("a good row"))
}

/// The share of answers with the same bits.
fn same(ours: &[f32], theirs: &[f32]) -> f64 {
    let equal = ours.iter().zip(theirs).filter(|(ours, theirs)| ours.to_bits() == theirs.to_bits()).count();
    if ours.len() == theirs.len() { equal as f64 / ours.len() as f64 } else { 0.0 }
}

/// What a model costs before it is asked: seconds, and bytes of memory. Of one model alone the allocator may have had the
/// memory already.
fn start<T>(load: impl Fn() -> T) -> Value {
    let (memory, started) = (resident(), now());
    let kept: Vec<T> = (0..COPIES).map(|_| load()).collect();
    let seconds = (now() - started) / kept.len() as f64;
    json!({ "seconds": seconds, "bytes": (resident() - memory) / kept.len() as i64 })
}

/// The bytes of memory that this process has.
fn resident() -> i64 {
    let pages = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<i64>().ok()).expect("a number") * 4096
}

/// The seconds for each of `rows` rows that `action` answers together: the median of all times in a turn.
fn in_turn<T>(rows: usize, mut action: impl FnMut() -> T) -> f64 {
    let turn = now();
    let mut each = Vec::new();
    while each.is_empty() || now() - turn < TURN {
        let started = now();
        std::hint::black_box(action());
        each.push((now() - started) / rows as f64);
    }
    median(each)
}

/// The seconds for one row, of the first `rows` over and over: the median of groups that are long enough for the clock.
fn singles<T>(rows: usize, action: impl Fn(usize) -> T) -> f64 {
    let (turn, mut next, mut group) = (now(), 0, 1);
    let mut each = Vec::new();
    loop {
        let started = now();
        for _ in 0..group {
            std::hint::black_box(action(next));
            next = (next + 1) % rows;
        }
        let took = now() - started;
        if took < LEAST_GROUP {
            group *= 2;
        } else {
            each.push(took / group as f64);
        }
        if !each.is_empty() && now() - turn > TURN {
            return median(each);
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Cycles a second: a step waits for the one before, and takes one cycle for its sum and one for its exclusive or.
fn clock() -> f64 {
    const STEPS: u64 = 200_000_000;
    let (sum, mask) = std::hint::black_box((0x9e37_79b9_7f4a_7c15_u64, 0x0123_4567_89ab_cdef_u64));
    let started = now();
    let last = (0..STEPS).fold(1_u64, |state, _| state.wrapping_add(sum) ^ mask);
    std::hint::black_box(last);
    2.0 * STEPS as f64 / (now() - started)
}

fn main() {
    let Some(folder) = std::env::args().nth(1).filter(|argument| !argument.starts_with("--")).map(PathBuf::from) else {
        // `cargo bench` and `cargo test --benches` come without a folder; the figures come from `cargo xtask bench`.
        println!("run cargo xtask bench");
        return;
    };
    let mut cases: HashMap<String, Case> = HashMap::new();
    let mut others: HashMap<String, Other> = HashMap::new();
    let mut out = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("text");
        let [peer, name, kind] = line.split(' ').collect::<Vec<_>>()[..] else { continue };
        let answer = match (peer, kind) {
            (_, "clock") => Ok(json!(clock())),
            ("other", _) => others.entry(name.to_owned()).or_insert_with(|| Other::load(&folder, name)).answer(kind),
            _ => {
                let case = cases.entry(name.to_owned()).or_insert_with(|| Case::load(&folder, name));
                if peer == "gbdt" { case.gbdt(kind) } else { case.ours(kind) }
            }
        };
        let answer = answer.map_or_else(|error| json!({ "cannot": error }), |value| json!({ "value": value }));
        writeln!(out, "{answer}").expect("standard output");
    }
}
