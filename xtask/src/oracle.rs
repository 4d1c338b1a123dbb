//! XGBoost and Flask themselves, and what is made with them.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::shell::{self, cargo, cargo_of_all, command, root, run_quietly, target};
use crate::{browser, cases, node, package, page, python, seal, trainers, versions};

/// How much to compare.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many models to train with each version of XGBoost
    #[arg(long, default_value_t = 50)]
    models: usize,
    /// How many margins of each model to compare, at most
    #[arg(long, default_value_t = 60_000)]
    margins: usize,
    /// Other seeds train other models
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many models to train with each version of another trainer
    #[arg(long, default_value_t = 60)]
    others: usize,
    /// How many rows each of those is asked: 25,000 make some ten million raw scores of 45 models a version
    #[arg(long, default_value_t = 400)]
    rows: usize,
    /// Of other trainers only those whose name or version has this in it, and nothing else than other trainers
    #[arg(long, conflicts_with = "models_only")]
    trainer: Option<String>,
    /// Compare other trainers' models, and nothing else
    #[arg(long, conflicts_with = "models_only")]
    others_only: bool,
    /// Compare how sure and how good models are told to be with scikit-learn and with rows that were never asked, and nothing else
    #[arg(long, conflicts_with_all = ["models_only", "others_only", "trainer"])]
    certainty_only: bool,
    /// How often the rows of each data set are dealt to measure coverage
    #[arg(long, default_value_t = 100)]
    splits: usize,
    /// Leave out what needs the page and the package: training the shipped model again, and Flask's answers
    #[arg(long)]
    models_only: bool,
}

impl Arguments {
    /// Whether what is asked for needs the page and the package.
    pub(crate) fn needs_a_build(&self) -> bool {
        !(self.models_only || self.certainty_only || self.is_of_others())
    }

    /// Whether only other trainers' models are compared.
    pub(crate) fn is_of_others(&self) -> bool {
        self.others_only || self.trainer.is_some()
    }

    fn of_others(&self) -> trainers::Wanted<'_> {
        let Self { others, rows, seed, ref trainer, .. } = *self;
        trainers::Wanted { models: others, rows, seed, trainer: trainer.as_deref() }
    }

    /// The share that is compared with every run of all tests: all versions, every kind and every objective, few of each.
    pub(crate) fn share() -> Self {
        Self {
            models: 16,
            margins: 10_000,
            others: 14,
            rows: 400,
            trainer: None,
            others_only: false,
            seed: 0,
            models_only: false,
            certainty_only: false,
            splits: 24,
        }
    }

    /// How much is asked of other trainers, for documents.
    pub(crate) fn told(&self) -> [(&'static str, usize); 2] {
        [("ci/others", self.others), ("ci/others/rows", self.rows)]
    }
}

/// What training writes; the same versions must write the same bytes.
const TRAINED: [&str; 7] =
    ["diabetes.ubj", "diabetes.json", "schema.json", "card.json", "card.page.json", "CARD.md", "calibration.svg"];

/// Trains the shipped model anew and compares its bytes; compares answers of fresh models; replays requests against
/// Flask. The page and the package must be built.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = target().join("oracle");
    fs::create_dir_all(&folder)?;
    if arguments.is_of_others() {
        return trainers::compare(&arguments.of_others(), &trainers::folder());
    }
    if arguments.certainty_only {
        return compare_certainty(arguments.splits);
    }
    if arguments.models_only {
        return compare_models(arguments, &folder.join("models"));
    }
    retrain(&folder.join("retrained"))?;
    for case in &cases::CASES {
        case.retrain(&folder.join("retrained").join(case.name))?;
    }
    compare_models(arguments, &folder.join("models"))?;
    trainers::compare(&arguments.of_others(), &trainers::folder())?;
    compare_certainty(arguments.splits)?;

    let corpus = folder.join("corpus.jsonl");
    shell::run(python::script("tests/oracle/corpus.py")?.arg("--output").arg(&corpus))?;
    let service = Service::start()?;
    node::ready()?;
    let mut replay = command("node");
    replay
        .arg("tests/oracle/replay.mjs")
        .args([&service.url, &corpus.display().to_string()])
        .args([page::folder(), package::folder()]);
    browser::ready()?.lend_to(&mut replay);
    shell::run(&mut replay)
}

/// What `wardian figures` tells, beside scikit-learn's own functions and rows that were never asked.
fn compare_certainty(splits: usize) -> Result<()> {
    seal::tested_command()?;
    let mut compare = python::script("tests/oracle/certainty.py")?;
    compare.arg("--wardian").arg(target().join("debug/wardian")).args(["--splits", &splits.to_string()]);
    shell::run(&mut compare)
}

/// Our answers of fresh models beside those of every version of XGBoost that this machine has a Python for.
fn compare_models(arguments: &Arguments, models: &Path) -> Result<()> {
    let versions = versions::ready()?;
    // Other versions may have been asked before.
    if models.exists() {
        fs::remove_dir_all(models)?;
    }
    generate(arguments, &versions, models)?;
    // Wide rows are few, and those of models that were stopped early are asked twice: of the margins asked for 98 % came up
    // with 50 models of each version. Of its models 94 % were explained.
    let asked = arguments.models * versions.len();
    let due = [asked, asked * arguments.margins * 3 / 4, asked * 4 / 5].map(|count| count.to_string());
    shell::run(
        cargo_of_all("test")
            .args(["--test", "oracle", "--", "--ignored", "--nocapture"])
            // Each compares on all cores.
            .args(["--test-threads", "1"])
            .env("WARDIAN_ORACLE", models)
            .envs(["WARDIAN_ORACLE_MODELS", "WARDIAN_ORACLE_MARGINS", "WARDIAN_ORACLE_EXPLAINED"].into_iter().zip(due)),
    )
}

/// Trains models with each version, on all cores, and writes XGBoost's answers.
fn generate(arguments: &Arguments, versions: &[(&str, PathBuf)], models: &Path) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some((number, python)) = versions.get(index) else { return Ok(()) };
            let mut generate = command(python);
            generate.args(["-B", "-W", "ignore", "tests/oracle/generate.py", "--output"]).arg(models.join(number));
            let offset = index * arguments.models;
            for (name, value) in [
                ("--models", arguments.models.to_string()),
                ("--margins", arguments.margins.to_string()),
                ("--seed", arguments.seed.to_string()),
                ("--offset", offset.to_string()),
            ] {
                generate.args([name, &value]);
            }
            let output = run_quietly(&mut generate).with_context(|| format!("XGBoost {number}"))?;
            print!("{}", String::from_utf8_lossy(&output.stdout));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| bail!("a thread panicked")))
    })
}

/// Trains twice with the same versions and compares the bytes, the card's too: once to commit, once here. The script
/// itself fails where the interval does not cover what it claims.
fn retrain(folder: &Path) -> Result<()> {
    shell::run(python::script("models/diabetes/train.py")?.arg("--output").arg(folder))?;
    for name in TRAINED {
        let committed = root().join("models/diabetes").join(name);
        if fs::read(folder.join(name))? != fs::read(committed)? {
            bail!("models/diabetes/{name} is not what train.py writes: run cargo xtask train");
        }
    }
    println!("training again gives the same bytes: {}", TRAINED.join(", "));
    Ok(())
}

/// Trains the cases' models anew, or those of `only`; of the shipped one all that follows from it is written.
pub(crate) fn train(only: &[String]) -> Result<()> {
    let is_wanted = |name: &str| only.is_empty() || only.iter().any(|wanted| wanted == name);
    for case in cases::CASES.iter().filter(|case| is_wanted(case.name)) {
        case.train(None)?;
    }
    if is_wanted(cases::SHIPPED) {
        shell::run(&mut python::script("models/diabetes/train.py")?)?;
        bless()?;
    }
    Ok(())
}

/// Writes the golden files, the shipped `.wardian`, its covers and its hash.
pub(crate) fn bless() -> Result<()> {
    shell::run(python::script("tests/oracle/golden.py")?.args(["--output", "tests/golden"]))?;
    shell::run(
        cargo().args(["run", "--quiet", "--features", "cli", "--", "convert", "models/diabetes/diabetes.ubj"]).args([
            "--schema",
            "models/diabetes/schema.json",
            "--output",
            SHIPPED,
            // Apart: a page that only predicts does without.
            "--covers",
            SHIPPED_COVERS,
        ]),
    )?;
    // What JavaScript reads in the tests of its own.
    for name in GOLDEN_FOR_JAVASCRIPT {
        let stem = format!("tests/golden/{name}");
        shell::run(cargo().args(["run", "--quiet", "--features", "cli", "--", "convert"]).args([
            &format!("{stem}.ubj"),
            "--output",
            &format!("{stem}.wardian"),
        ]))?;
    }
    let hash: String =
        Sha256::digest(fs::read(root().join(SHIPPED))?).iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(root().join("models/diabetes/diabetes.sha256"), hash + "\n")?;
    Ok(())
}

const GOLDEN_FOR_JAVASCRIPT: [&str; 4] = ["classes", "largest_class", "vector_leaves", "categories"];
const SHIPPED: &str = "models/diabetes/diabetes.wardian";
const SHIPPED_COVERS: &str = "models/diabetes/diabetes.covers";

/// The Flask service, ended when this is dropped.
struct Service {
    process: Child,
    url: String,
}

impl Service {
    fn start() -> Result<Self> {
        let mut process = python::script("tests/oracle/reference_service.py")?
            .stdout(Stdio::piped())
            .spawn()
            .context("the reference service")?;
        let output = process.stdout.take().context("the reference service has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ").map(str::to_owned);
        let service = Self { process, url: url.clone().unwrap_or_default() };
        if url.is_none() {
            bail!("the reference service did not start");
        }
        Ok(service)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
