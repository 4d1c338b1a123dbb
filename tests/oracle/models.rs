//! What `generate.py` has written: the models, the rows they were asked, and XGBoost's answers.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;
use wardian::explain::Explainer;
use wardian::import::Options;
use wardian::{Model, format, import};

/// One model, and what the manifest says of it.
pub(crate) struct Case {
    folder: PathBuf,
    entry: Value,
}

/// A model's rows: float32, or float64 that nobody has rounded yet.
pub(crate) enum Rows {
    Single(Vec<f32>),
    Double(Vec<f64>),
}

/// Every model of every version, in the versions' order.
pub(crate) fn cases() -> Vec<Case> {
    let folder = std::env::var_os("WARDIAN_ORACLE").expect("cargo xtask oracle sets WARDIAN_ORACLE");
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    let mut cases = Vec::new();
    for folder in folders {
        let manifest = fs::read(folder.join("manifest.json")).expect("the manifest");
        let manifest: Vec<Value> = serde_json::from_slice(&manifest).expect("a list of models");
        cases.extend(manifest.into_iter().map(|entry| Case { folder: folder.clone(), entry }));
    }
    cases
}

/// How many are due: `cargo xtask oracle` knows how many it has asked for.
pub(crate) fn needed(name: &str) -> usize {
    let text = std::env::var(name).unwrap_or_else(|_| panic!("cargo xtask oracle sets {name}"));
    text.parse().expect("a count")
}

/// What `work` makes of every case, in their order. A panic ends the run, as it does on one thread.
pub(crate) fn on_all_cores<T: Send>(cases: &[Case], work: impl Fn(&Case) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut made: Vec<(usize, T)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let indices = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                    let indices = indices.take_while(|&index| index < cases.len());
                    indices.map(|index| (index, work(&cases[index]))).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread of cases")).collect()
    });
    made.sort_by_key(|&(index, _)| index);
    made.into_iter().map(|(_, one)| one).collect()
}

impl Case {
    pub(crate) fn text(&self, key: &str) -> &str {
        self.entry[key].as_str().unwrap_or_else(|| panic!("{}: {key}", self.entry))
    }

    pub(crate) fn version(&self) -> &str {
        self.text("version")
    }

    /// Whether this version of XGBoost, or a later one, trained it.
    pub(crate) fn is_since(&self, version: [u32; 2]) -> bool {
        let mut numbers = self.version().split('.').map(|number| number.parse::<u32>().expect("a number"));
        [(); 2].map(|()| numbers.next().expect("a version of three numbers")) >= version
    }

    pub(crate) fn kinds(&self) -> Vec<&str> {
        let kinds = self.entry["kinds"].as_array().expect("kinds");
        kinds.iter().map(|kind| kind.as_str().expect("a kind")).collect()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.entry["stopped"] == true
    }

    /// Whether XGBoost itself explains it.
    pub(crate) fn is_explained(&self) -> bool {
        self.entry["not explained"].is_null()
    }

    /// Whether it was asked from base margins of the rows' own, too.
    pub(crate) fn has_own_base_margins(&self) -> bool {
        self.file().with_extension("own").exists()
    }

    fn file(&self) -> PathBuf {
        self.folder.join(self.text("file"))
    }

    /// The version's folder and the file: what a message names.
    pub(crate) fn name(&self) -> String {
        let parameters = &self.entry["parameters"];
        let booster = parameters["booster"].as_str().unwrap_or("gbtree");
        format!(
            "{}/{} ({}, {booster}, {}, {})",
            self.version(),
            self.text("file"),
            self.text("objective"),
            self.text("data"),
            self.kinds().join(", ")
        )
    }

    /// XGBoost's answers of a kind: raw little-endian 32-bit floats.
    pub(crate) fn answers(&self, kind: &str) -> Vec<f32> {
        let path = self.file().with_extension(kind);
        let bytes = bytes_of(&path);
        let (values, rest) = bytes.as_chunks();
        assert!(rest.is_empty(), "{}", path.display());
        values.iter().map(|&value| f32::from_le_bytes(value)).collect()
    }

    /// What an importer has to be told. Where the wrapper's file says itself which value stands for missing ("missing in the
    /// file"), XGBoost's loader takes it up, and so must ours.
    fn options(&self, all_trees: bool) -> Options {
        Options { all_trees, missing: self.entry["missing"].as_f64(), ..Options::default() }
    }

    pub(crate) fn rows(&self) -> Rows {
        let double = self.file().with_extension("rows64");
        if double.exists() {
            let bytes = bytes_of(&double);
            let (values, rest) = bytes.as_chunks();
            assert!(rest.is_empty(), "{}", double.display());
            Rows::Double(values.iter().map(|&value| f64::from_le_bytes(value)).collect())
        } else {
            Rows::Single(self.answers("rows"))
        }
    }

    /// Our model, after a round through our own format: what users run.
    pub(crate) fn import(&self, all_trees: bool) -> Result<Model, String> {
        let bytes = bytes_of(&self.file());
        let read = || {
            let imported = import::read_with(&bytes, &self.options(all_trees)).map_err(|error| error.to_string())?;
            let model = format::read(&format::write(&imported)).map_err(|error| format!("read again: {error}"))?;
            if model == imported { Ok(model) } else { Err("written and read again it is another model".to_owned()) }
        };
        let read = catch_unwind(AssertUnwindSafe(read));
        read.unwrap_or_else(|_| Err("the importer panicked".to_owned()))
            .map_err(|message| format!("{}: refused: {message}", self.name()))
    }
}

fn bytes_of(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Rows {
    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Single(values) => values.len(),
            Self::Double(values) => values.len(),
        }
    }

    pub(crate) fn first(&self, count: usize) -> Self {
        match self {
            Self::Single(values) => Self::Single(values[..count].to_vec()),
            Self::Double(values) => Self::Double(values[..count].to_vec()),
        }
    }

    pub(crate) fn margins(&self, model: &Model) -> Result<Vec<f32>, String> {
        match self {
            Self::Single(values) => model.margins_many(values),
            Self::Double(values) => model.margins_many(values),
        }
        .map(wardian::Numbers::into_single)
        .map_err(|error| error.to_string())
    }

    pub(crate) fn margins_from(&self, model: &Model, own: &[f32]) -> Result<Vec<f32>, String> {
        match self {
            Self::Single(values) => model.margins_many_from(values, own),
            Self::Double(values) => model.margins_many_from(values, own),
        }
        .map(wardian::Numbers::into_single)
        .map_err(|error| error.to_string())
    }

    pub(crate) fn contributions(&self, explainer: &Explainer<'_>) -> Result<Vec<f64>, String> {
        match self {
            Self::Single(values) => explainer.explain_many(values),
            Self::Double(values) => explainer.explain_many(values),
        }
        .map_err(|error| error.to_string())
    }

    pub(crate) fn predictions(&self, model: &Model) -> Result<Vec<f32>, String> {
        match self {
            Self::Single(values) => model.predict_many(values),
            Self::Double(values) => model.predict_many(values),
        }
        .map(wardian::Numbers::into_single)
        .map_err(|error| error.to_string())
    }
}
