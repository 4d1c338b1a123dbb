//! Other trainers than XGBoost, whose models are trained anew and whose answers ours are compared with.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::python::Environment;
use crate::shell::{self, cargo_of_all, command, run_quietly, target};
use crate::versions::pythons;
use crate::{node, package};

/// A trainer in one version: the script that trains with it, and where it finds the packages.
struct Trainer {
    what: &'static str,
    script: &'static str,
    requirements: &'static str,
    /// The minor versions of Python 3 that take the packages.
    minors: RangeInclusive<u32>,
}

const fn trainer(
    what: &'static str,
    script: &'static str,
    requirements: &'static str,
    (oldest, newest): (u32, u32),
) -> Trainer {
    Trainer { what, script, requirements, minors: RangeInclusive::new(oldest, newest) }
}

static TRAINERS: [Trainer; 11] = [
    trainer("LightGBM 2.2", "lightgbm", "lightgbm-2", (8, 11)),
    trainer("LightGBM 3.3", "lightgbm", "lightgbm-3", (8, 11)),
    trainer("LightGBM 4.7", "lightgbm", "lightgbm", (12, 14)),
    trainer("CatBoost 0.26", "catboost", "catboost-0.26", (8, 9)),
    trainer("CatBoost 1.2", "catboost", "catboost", (12, 12)),
    trainer("scikit-learn 1.2", "sklearn", "sklearn-1.2", (8, 11)),
    trainer("scikit-learn 1.9", "sklearn", "sklearn-1.9", (12, 14)),
    trainer("pickles of all trainers", "pickles", "pickles", (12, 12)),
    trainer("pipelines of scikit-learn 1.2", "pipelines", "pipelines-1.2", (8, 11)),
    trainer("pipelines of scikit-learn 1.9", "pipelines", "pickles", (12, 12)),
    trainer("onnxruntime", "onnx", "onnx", (12, 13)),
];

/// The Python of a trainer's environment, with its packages installed.
fn environment(what: &str, requirements: &str, python: &Path) -> Result<PathBuf> {
    Environment {
        name: &format!("oracle-venv-{requirements}"),
        python,
        requirements: &format!("tests/oracle/trainers/requirements-{requirements}.txt"),
        package: None,
        is_busy: false,
        what,
    }
    .ready()
}

/// The environment that has the newest of all trainers.
pub(crate) const ALL_IN_ONE: &str = "onnx";

/// The Python of the environment of these requirements, if this machine has one that takes them.
pub(crate) fn python_of(requirements: &str) -> Result<Option<PathBuf>> {
    let trainer =
        TRAINERS.iter().find(|trainer| trainer.requirements == requirements).context(requirements.to_owned())?;
    let pythons = pythons();
    let Some((_, python)) = pythons.range(trainer.minors.clone()).next_back() else {
        return Ok(None);
    };
    environment(trainer.what, requirements, python).map(Some)
}

/// What to ask of the trainers.
pub(crate) struct Wanted<'a> {
    /// How many models each version trains.
    pub(crate) models: usize,
    /// How many rows each model is asked, about.
    pub(crate) rows: usize,
    pub(crate) seed: u64,
    /// Of all trainers those whose name, version or script has this in it.
    pub(crate) trainer: Option<&'a str>,
}

/// Trains models with each trainer that this machine has a Python for, and compares every answer.
pub(crate) fn compare(wanted: &Wanted<'_>, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let pythons = pythons();
    let (mut asked, mut explained, mut left_out) = (0, 0, Vec::new());
    let is_wanted = |trainer: &&Trainer| {
        let wanted = wanted.trainer.unwrap_or_default().to_lowercase();
        [trainer.what, trainer.script, trainer.requirements].iter().any(|name| name.to_lowercase().contains(&wanted))
    };
    for Trainer { what, script, requirements, minors } in TRAINERS.iter().filter(is_wanted) {
        let Some((_, python)) = pythons.range(minors.clone()).next_back() else {
            left_out.push(format!("{what} (Python 3.{} to 3.{})", minors.start(), minors.end()));
            continue;
        };
        generate(&environment(what, requirements, python)?, script, wanted, &folder.join(script).join(requirements))
            .context(*what)?;
        asked += wanted.models;
        // Of ONNX files and pickles nothing, and of scikit-learn's models what is not too large for the definition.
        explained += if ["onnx", "pickles", "pipelines"].contains(script) { 0 } else { wanted.models / 4 };
    }
    if !left_out.is_empty() {
        println!("left out, as this machine has no Python for them: {}", left_out.join(", "));
    }
    if asked == 0 {
        bail!("no trainer is called so, or this machine has no Python for any; 3.11 and 3.12 serve all of them");
    }
    // Some that are drawn a trainer refuses.
    let due = asked * 3 / 4;
    shell::run(
        cargo_of_all("test")
            .args(["--test", "trainers", "--", "--ignored", "--nocapture"])
            .env("WARDIAN_TRAINERS", folder)
            .env("WARDIAN_TRAINERS_MODELS", due.to_string())
            .env("WARDIAN_TRAINERS_EXPLAINED", explained.to_string())
            .env("WARDIAN_TRAINERS_MARGINS", (due * wanted.rows / 4).to_string()),
    )?;
    in_package(folder)
}

/// The same of the npm package, if it is built.
fn in_package(folder: &Path) -> Result<()> {
    let package = package::folder();
    if !package.join("index.js").exists() {
        println!("the npm package is not asked, as it is not built: cargo xtask build");
        return Ok(());
    }
    node::ready()?;
    shell::run(command("node").arg("tests/oracle/trainers/package.mjs").args([&package, folder]))
}

fn generate(python: &PathBuf, script: &str, wanted: &Wanted<'_>, folder: &Path) -> Result<()> {
    let mut generate = command(python);
    generate.args(["-B", "-W", "ignore"]).arg(format!("tests/oracle/trainers/{script}.py")).arg("--output").arg(folder);
    generate.args(["--models", &wanted.models.to_string(), "--seed", &wanted.seed.to_string()]);
    generate.args(["--rows", &wanted.rows.to_string()]);
    let output = run_quietly(&mut generate)?;
    print!("{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// Where the models are.
pub(crate) fn folder() -> PathBuf {
    target().join("oracle/trainers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trainer_has_its_files() {
        let folder = crate::shell::root().join("tests/oracle/trainers");
        for Trainer { what, script, requirements, .. } in &TRAINERS {
            assert!(folder.join(format!("{script}.py")).exists(), "{what}");
            let text = fs::read_to_string(folder.join(format!("requirements-{requirements}.txt"))).expect(what);
            assert!(text.contains("numpy=="), "{what}");
        }
    }
}
