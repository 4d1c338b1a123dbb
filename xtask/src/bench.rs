//! Our figures and the peers', in one run.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::shell::{cargo, command, is_stamped, root, run, run_quietly, say, target};
use crate::{browser, node, package, page, python};

/// Measures everything, and writes docs/BENCHMARKS.md and its picture.
pub(crate) fn measure() -> Result<()> {
    package::build()?;
    page::build()?;
    node::ready()?;
    packages()?;
    let python = python::environment("bench-venv", "benches/requirements.txt", "the peers and their converters")?;
    let folder = target().join("bench");
    fs::create_dir_all(&folder)?;
    models(&python, &folder)?;
    let native = native()?;
    let mut measure = command("node");
    measure.arg("benches/run.mjs").args([&folder, &python, &native, &package::folder()]);
    browser::ready()?.lend_to(&mut measure);
    run(&mut measure)?;
    run(command(&python).args(["-B", "benches/report.py"]).arg(folder.join("results.json")).arg("docs"))?;
    println!("written: docs/BENCHMARKS.md, docs/benchmarks.svg");
    measure_page()
}

/// Measures how soon the page answers, and writes docs/PAGE.md.
pub(crate) fn measure_page() -> Result<()> {
    page::build()?;
    packages()?;
    let python = python::environment("bench-venv", "benches/requirements.txt", "the peers and their converters")?;
    let folder = target().join("bench");
    fs::create_dir_all(&folder)?;
    let model = folder.join("diabetes.onnx");
    let convert = ["-B", "-W", "ignore", "benches/diabetes.py", "models/diabetes/diabetes.ubj"];
    run(command(python).args(convert).arg(&model))?;
    let mut measure = command("node");
    measure.arg("benches/arrival.mjs").args([page::folder(), model]).arg("docs/PAGE.md");
    browser::ready()?.lend_to(&mut measure);
    run(&mut measure)
}

/// Measures `wardian serve` beside the Flask service, and writes docs/SERVICE.md.
pub(crate) fn measure_service() -> Result<()> {
    package::build()?;
    packages()?;
    let requirements = "benches/requirements-service.txt";
    let python = python::environment("service-venv", requirements, "Flask, gunicorn and what they need")?;
    run(command("node").arg("benches/service.mjs").arg(python).arg(package::folder()).arg("docs/SERVICE.md"))
}

/// Measures `wardian predict --csv` beside pandas and XGBoost, and writes docs/FILES.md.
pub(crate) fn measure_files() -> Result<()> {
    run(cargo().args(["build", "--quiet", "--release", "--features", "cli", "--bin", "wardian"]))?;
    let wardian = target().join("release/wardian");
    let [model, rows] = ["models/diabetes/diabetes.ubj", "models/diabetes/pima-indians-diabetes.csv"];
    run(python::script("benches/files.py")?.arg(wardian).args([model, rows, "docs/FILES.md"]))
}

/// onnxruntime-web, YDF and autocannon, from npm.
fn packages() -> Result<()> {
    node::install("benches", "the peers to measure beside, autocannon for load")?;
    Ok(())
}

/// The models in every contender's format. Made once: training and converting take some minutes.
fn models(python: &PathBuf, folder: &PathBuf) -> Result<()> {
    let recipe = ["benches/shapes.py", "benches/train.py", "benches/convert.py", "benches/requirements.txt"]
        .iter()
        .map(|path| fs::read_to_string(root().join(path)).context(*path))
        .collect::<Result<String>>()?;
    let stamp = folder.join("made.txt");
    if !is_stamped(&stamp, &recipe) {
        say("training the models to measure and converting them for the peers (some 5 min, once)");
        for script in ["benches/train.py", "benches/convert.py"] {
            run(command(python).args(["-B", "-W", "ignore", script, "--output"]).arg(folder))?;
        }
        fs::write(&stamp, recipe)?;
    }
    for name in ["d3", "d6", "multi", "d8"] {
        let file = |ending: &str| folder.join(format!("{name}.{ending}"));
        run(cargo()
            .args(["run", "--quiet", "--release", "--features", "cli", "--", "convert"])
            .arg(file("ubj"))
            .args(["--no-covers", "--output"])
            .arg(file("wardian")))?;
    }
    Ok(())
}

/// The program of `benches/native.rs`.
fn native() -> Result<PathBuf> {
    let output = run_quietly(cargo().args([
        "build",
        "--release",
        "--bench",
        "native",
        "--features",
        "train",
        "--message-format=json-render-diagnostics",
    ]))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|line| line.split_once("\"executable\":\"")?.1.split_once('"'))
        .map(|(path, _)| PathBuf::from(path))
        .next_back()
        .context("cargo named no program for benches/native.rs")
}
