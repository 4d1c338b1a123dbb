//! Our figures and the peers', in one run.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell::{cargo, command, run, run_quietly, target};
use crate::{browser, node, package, page, python};

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only how soon the page answers: docs/PAGE.md
    #[arg(long, conflicts_with = "quick")]
    page: bool,
    /// Only other trainers' models, beside the trainers' own predictors: a section of docs/BENCHMARKS.md
    #[arg(long, conflicts_with_all = ["page", "quick"])]
    trainers: bool,
    /// Only the commonest shapes, ours beside XGBoost, with the ratios that were kept last: five minutes
    #[arg(long)]
    quick: bool,
    /// Keep the ratios of a quick run in benches/last.json, as a full run does
    #[arg(long, requires = "quick")]
    keep: bool,
}

/// The ratios to compare with.
const LAST: &str = "benches/last.json";

/// Measures what is asked for.
pub(crate) fn measure(arguments: &Arguments) -> Result<()> {
    if arguments.page {
        return measure_page();
    }
    if arguments.trainers {
        return measure_trainers();
    }
    let quick: &[&str] = if arguments.quick { &["--quick"] } else { &[] };
    if !arguments.quick {
        page::build()?;
    }
    package::build()?;
    node::ready()?;
    packages()?;
    let python = peers()?;
    let folder = target().join("bench");
    models(&python, &folder, quick)?;
    let ours = native(&target(), None)?;
    // As in any crate that depends on ours: neither this repository's flags nor anybody's.
    let plain = native(&target().join("plain"), Some(""))?;
    let mut measure = command("node");
    measure.arg("benches/run.mjs").args([&folder, &python, &ours, &plain, &package::folder()]).args(quick);
    if !arguments.quick {
        browser::ready()?.lend_to(&mut measure);
    }
    run(&mut measure)?;
    let results = folder.join(if arguments.quick { "quick.json" } else { "results.json" });
    let keep: &[&str] = if arguments.quick && !arguments.keep { &[] } else { &["--keep"] };
    run(command("node").arg("benches/ratios.mjs").arg(&results).arg(LAST).args(keep))?;
    if arguments.quick {
        return Ok(());
    }
    run(command(&python).args(["-B", "benches/report.py"]).arg(results).arg("docs"))?;
    println!("written: docs/BENCHMARKS.md, docs/benchmarks.svg, docs/benchmarks-curves.svg");
    measure_page()
}

/// The Python with the peers and their converters.
fn peers() -> Result<PathBuf> {
    python::environment("bench-venv", "benches/requirements.txt", "the peers and their converters")
}

/// Measures other trainers' models beside the trainers' own predictors, and writes their section of docs/BENCHMARKS.md.
fn measure_trainers() -> Result<()> {
    package::build()?;
    node::ready()?;
    let (python, folder) = (peers()?, target().join("bench-trainers"));
    run(command(&python).args(["-B", "-W", "ignore", "benches/trainers.py", "train"]).arg(&folder))?;
    let ours = native(&target(), None)?;
    let mut measure = command("node");
    run(measure
        .args(["--expose-gc", "benches/trainers.mjs"])
        .arg(&folder)
        .args([&python, &ours, &package::folder()])
        .arg("docs/BENCHMARKS.md"))
}

/// Measures how soon the page answers, and writes docs/PAGE.md.
fn measure_page() -> Result<()> {
    page::build()?;
    packages()?;
    let python = peers()?;
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

/// The models in every contender's format. Each is made once: training and converting all takes an hour.
fn models(python: &PathBuf, folder: &PathBuf, quick: &[&str]) -> Result<()> {
    let make = |script: &str| {
        let mut make = command(python);
        make.args(["-B", "-W", "ignore", script, "--output"]).arg(folder);
        make
    };
    run(make("benches/train.py").args(quick))?;
    if quick.is_empty() {
        run(&mut make("benches/convert.py"))?;
    }
    run(cargo().args(["build", "--quiet", "--release", "--features", "cli", "--bin", "wardian"]))?;
    for file in fs::read_dir(folder)? {
        let file = file?.path();
        if file.extension().is_some_and(|extension| extension == "ubj") {
            run_quietly(
                command(target().join("release/wardian"))
                    .arg("convert")
                    .arg(&file)
                    .args(["--no-covers", "--output"])
                    .arg(file.with_extension("wardian")),
            )?;
        }
    }
    Ok(())
}

/// The program of `benches/native.rs`; `flags` instead of this repository's own, into a folder of its own.
fn native(folder: &Path, flags: Option<&str>) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--release", "--bench", "native", "--features", "train", "--target-dir"]).arg(folder);
    if let Some(flags) = flags {
        build.env("CARGO_ENCODED_RUSTFLAGS", flags);
    }
    let output = run_quietly(build.arg("--message-format=json-render-diagnostics"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|line| line.split_once("\"executable\":\"")?.1.split_once('"'))
        .map(|(path, _)| PathBuf::from(path))
        .next_back()
        .context("cargo named no program for benches/native.rs")
}
