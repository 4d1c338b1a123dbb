//! Models of every kind and trainer, sealed, opened in Chromium, and asked for every row: `cargo xtask seal-proof`.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::shell::{command, run, target};
use crate::{browser, node, trainers};

/// Which models.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only these, by the names that tests/seal/models.py has for them
    only: Vec<String>,
    /// Other seeds train other models
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// What is sealed with every run of all tests: texts that are markup, categories, a pipeline, several targets.
const SHARE: [&str; 4] = ["lightgbm-markup", "xgboost-poisson", "sklearn-pipeline", "xgboost-targets"];

/// CI's share.
pub(crate) fn share() -> Result<Command> {
    tests(&Arguments { only: SHARE.map(str::to_owned).to_vec(), seed: 0 })
}

/// All of them. The command must be built.
pub(crate) fn prove(arguments: &Arguments) -> Result<()> {
    run(&mut tests(arguments)?)
}

/// Trains the models; the tests that seal and open them.
fn tests(arguments: &Arguments) -> Result<Command> {
    let models = target().join("seal-proof");
    if models.exists() {
        fs::remove_dir_all(&models)?;
    }
    let mut train = command(trainers::all_in_one()?);
    train.args(["-B", "-W", "ignore", "tests/seal/models.py", "--output"]).arg(&models);
    train.args(["--seed", &arguments.seed.to_string()]);
    if !arguments.only.is_empty() {
        train.arg("--only").args(&arguments.only);
    }
    run(&mut train)?;
    node::ready()?;
    let mut tests = command("node");
    tests.args(["--test", "--test-reporter=spec", "tests/seal/sealed.test.mjs", "tests/seal/studio.test.mjs"]);
    tests.env("WARDIAN_COMMAND", target().join("debug/wardian")).env("WARDIAN_SEAL_MODELS", &models);
    browser::ready()?.lend_to(&mut tests);
    Ok(tests)
}
