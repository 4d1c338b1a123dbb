//! XGBoost and Flask themselves, and what is made with them.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::shell::{self, cargo, command, root, target};
use crate::{browser, node, package, page, python};

/// How much to compare.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many models to train with each version of XGBoost
    #[arg(long, default_value_t = 80)]
    models: usize,
    /// Other seeds train other models
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { models: 80, seed: 0 }
    }
}

/// The versions of XGBoost whose files and answers are compared.
const VERSIONS: [&str; 4] = ["1.7", "2.1", "3.0", SHIPPED_VERSION];
/// The one that trains the shipped model.
const SHIPPED_VERSION: &str = "3.2";

/// What training writes; the same versions must write the same bytes.
const TRAINED: [&str; 7] =
    ["diabetes.ubj", "diabetes.json", "schema.json", "card.json", "card.page.json", "CARD.md", "calibration.svg"];

/// Trains the shipped model anew and compares its bytes; compares margins of fresh models; replays requests against
/// Flask. The page and the package must be built.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = target().join("oracle");
    fs::create_dir_all(&folder)?;
    retrain(&folder.join("retrained"))?;

    let models = folder.join("models");
    let [count, seed] = [arguments.models as u64, arguments.seed].map(|number| number.to_string());
    for version in VERSIONS {
        let python = match version {
            SHIPPED_VERSION => python::ready()?,
            _ => python::environment(
                &format!("oracle-venv-{version}"),
                &format!("tests/oracle/requirements-{version}.txt"),
                &format!("XGBoost {version}"),
            )?,
        };
        shell::run(
            command(python)
                .args([
                    "-B",
                    "-W",
                    "ignore",
                    "tests/oracle/generate.py",
                    "--models",
                    &count,
                    "--seed",
                    &seed,
                    "--output",
                ])
                .arg(models.join(version)),
        )?;
    }
    shell::run(
        cargo()
            .args(["test", "--workspace", "--all-features", "--test", "oracle", "--", "--ignored", "--nocapture"])
            .env("WARDIAN_ORACLE", &models),
    )?;

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

/// Trains the shipped model anew, and writes all that follows from it.
pub(crate) fn train() -> Result<()> {
    shell::run(&mut python::script("models/diabetes/train.py")?)?;
    bless()
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
