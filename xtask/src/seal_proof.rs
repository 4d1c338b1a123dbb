//! Models of every kind and trainer, sealed, opened in Chromium, and asked for every row: `cargo xtask seal-proof`.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::shell::{command, run, target};
use crate::{browser, node, trainers};

/// Which models.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only these, by the names that tests/seal/models.py and public.py have for them
    only: Vec<String>,
    /// Other seeds train other models
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// What is sealed with every run of all tests: texts that are markup, categories, a pipeline, several targets; and two
/// public models, of which the files are in the repository.
pub(crate) const SHARE: [&str; 6] = [
    "lightgbm-markup",
    "xgboost-poisson",
    "sklearn-pipeline",
    "xgboost-targets",
    "public-kserve-classes",
    "public-mlserver-catboost",
];

/// What names of models begin with, the script that has them, and the environment that it runs in; the first that fits counts.
const SCRIPTS: [(&str, &str, &str); 3] = [
    // The oldest scikit-learn of which pipelines are read.
    ("public-pickle-", "tests/seal/public.py", "pipelines-1.2"),
    ("public-", "tests/seal/public.py", trainers::ALL_IN_ONE),
    ("", "tests/seal/models.py", trainers::ALL_IN_ONE),
];

/// CI's share.
pub(crate) fn share() -> Result<Command> {
    tests(&Arguments { only: SHARE.map(str::to_owned).to_vec(), seed: 0 })
}

/// All of them. The command must be built.
pub(crate) fn prove(arguments: &Arguments) -> Result<()> {
    run(&mut tests(arguments)?)
}

/// Trains the models, lets the trainers of public ones answer; the tests that seal and open them.
fn tests(arguments: &Arguments) -> Result<Command> {
    let models = target().join("seal-proof");
    if models.exists() {
        fs::remove_dir_all(&models)?;
    }
    let is_of =
        |script: usize, name: &str| SCRIPTS.iter().position(|(start, ..)| name.starts_with(start)) == Some(script);
    for (index, (_, script, environment)) in SCRIPTS.iter().enumerate() {
        let names: Vec<_> = arguments.only.iter().filter(|name| is_of(index, name)).collect();
        if names.is_empty() && !arguments.only.is_empty() {
            continue;
        }
        let Some(python) = trainers::python_of(environment)? else {
            println!("left out, as this machine has no Python for it: {script} with {environment}");
            continue;
        };
        let mut ask = command(python);
        ask.args(["-B", "-W", "ignore", script, "--output"]).arg(&models);
        ask.args(["--seed", &arguments.seed.to_string()]);
        if script.ends_with("public.py") {
            ask.args(["--environment", environment, "--packages"]).arg(target().join("seal-packages"));
        }
        if !names.is_empty() {
            ask.arg("--only").args(names);
        }
        run(&mut ask)?;
    }
    node::ready()?;
    let mut tests = command("node");
    tests.args(["--test", "--test-reporter=spec", "tests/seal/sealed.test.mjs", "tests/seal/studio.test.mjs"]);
    tests.env("WARDIAN_COMMAND", target().join("debug/wardian")).env("WARDIAN_SEAL_MODELS", &models);
    browser::ready()?.lend_to(&mut tests);
    Ok(tests)
}
