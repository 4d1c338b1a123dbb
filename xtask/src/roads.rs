//! The same models, asked for the same rows on every road that there is: `cargo xtask roads`.
//!
//! A road is a way from a trainer's file to an answer: which machine's code, which importer, a row alone or in a batch, in
//! whose engine. Each gives digests of its answers' bits (`tests/roads`), and all of them must be those of the native batch;
//! what XGBoost answered when the models were trained is held beside them. Each road answers for one model once more with a
//! bit of every answer turned, and it is a failure if that is not noticed.

mod compare;
mod native;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell::{command, run_quietly, target};
use crate::{browser, engines, node, package, page};
use compare::{Comparison, Index, Line};

/// Which models, and how many.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folders of models, or models: trained ones with their manifest and rows, or files alone, which are asked for rows at
    /// and beside their cuts [default: what cargo xtask oracle has trained]
    folders: Vec<PathBuf>,
    /// So many of the trained models at most, evenly spread
    #[arg(long, default_value_t = usize::MAX)]
    most: usize,
    /// Only what CI asks: this machine's own programs, Node and the browsers
    #[arg(long)]
    share: bool,
}

/// How many models one process of Node is asked for: what it has opened is given back when Node pleases.
const MODELS_A_PROCESS: usize = 100;

/// CI's share: some of the models that the oracle has just trained, and all that are kept.
pub(crate) fn share() -> Result<()> {
    ask(&Arguments { folders: vec![trained(), "tests/golden".into(), "tests/cases".into()], most: 24, share: true })
}

/// Asks every road. The page and the package must be built.
pub(crate) fn ask(arguments: &Arguments) -> Result<()> {
    let started = Instant::now();
    let folders = if arguments.folders.is_empty() { vec![trained()] } else { arguments.folders.clone() };
    if let Some(absent) = folders.iter().find(|folder| !folder.exists()) {
        bail!("{}: no such folder; cargo xtask oracle trains models", absent.display());
    }
    let asked = target().join("roads/asked");
    let own = native::own()?;
    run_quietly(command(&own.program).arg("prepare").arg(&asked).arg(arguments.most.to_string()).args(&folders))?;
    let index = Index::read(&asked.join("index.json"))?;
    println!("{} models", index.len());
    let mut comparison = Comparison::new(&index);
    let mut take = |name: &str, lines: Result<Vec<Line>>| {
        lines.and_then(|lines| comparison.take(lines)).with_context(|| name.to_owned())?;
        println!("{name} has answered ({} s)", started.elapsed().as_secs());
        anyhow::Ok(())
    };
    take("native", own.answers(&asked))?;
    if index.has_xgboosts() {
        take("XGBoost", index.xgboosts())?;
    }
    for narrow in native::narrow()? {
        take(narrow.road, narrow.answers(&asked))?;
    }
    take("Node", in_node(&asked, index.len()))?;
    for name in ["Chromium", "Firefox", "WebKit"] {
        take(name, in_browser(name, &asked))?;
    }
    let mut not_asked = Vec::new();
    if !arguments.share {
        for kind in native::Foreign::ALL {
            match kind.ready() {
                Ok(program) => take(kind.name(), program.answers(&asked))?,
                Err(error) => not_asked.push(format!("{}: not asked: {error:#}", kind.name())),
            }
        }
    }
    comparison.print(&not_asked);
    comparison.verdict()
}

fn trained() -> PathBuf {
    target().join("oracle/models")
}

fn in_node(asked: &Path, count: usize) -> Result<Vec<Line>> {
    node::ready()?;
    let mut lines = Vec::new();
    for first in (0..count).step_by(MODELS_A_PROCESS) {
        let mut node = command("node");
        node.arg("tests/roads/node.mjs").arg(asked).args([package::folder(), page::folder()]);
        lines.extend(lines_of(node.args([first, MODELS_A_PROCESS].map(|number| number.to_string())))?);
    }
    Ok(lines)
}

fn in_browser(name: &str, asked: &Path) -> Result<Vec<Line>> {
    let mut driver = command("node");
    driver.args(["tests/roads/browsers.mjs", name]).arg(asked).args([package::folder(), page::folder()]);
    if name == "Chromium" {
        browser::ready()?.lend_to(&mut driver);
    } else {
        engines::ready()?.lend_to(&mut driver);
    }
    lines_of(&mut driver)
}

/// The answers that a program prints.
fn lines_of(program: &mut Command) -> Result<Vec<Line>> {
    let mut child = program.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("the program has no output")?;
    let lines: Result<Vec<Line>> = BufReader::new(output)
        .lines()
        .map(|line| {
            let line = line?;
            let value: Value = serde_json::from_str(&line).with_context(|| line.clone())?;
            Line::of(&value).with_context(|| line)
        })
        .collect();
    let status = child.wait()?;
    if !status.success() {
        bail!("the program failed: {status}");
    }
    lines
}
