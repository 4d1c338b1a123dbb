//! Changes to the scripts of `npm/`, one at a time, and whether the tests notice: `cargo xtask mutants-js`.
//!
//! Stryker writes all changes into one copy of the scripts, each behind a question, so that the package is put together
//! once and a change costs one run of the tests in Node: `tests/mutants` says which for which script.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::shell::{command, root, run, target};
use crate::{node, seal};

/// Which scripts.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Groups of scripts, as tests/mutants/groups.mjs names them
    #[arg(default_values = ["model", "explain", "pool", "entries", "rest", "command"])]
    groups: Vec<String>,
    /// Only these lines, as Stryker names them: npm/model/wardian.js:100-200
    #[arg(long)]
    only: Option<String>,
}

/// Runs the tests for every change. The package must be built.
pub(crate) fn ask(arguments: &Arguments) -> Result<()> {
    let modules =
        node::install("tests/mutants", "Stryker changes the scripts of the npm package, one thing at a time")?;
    node::ready()?;
    // What JavaScript says is compared with what the command line says.
    seal::tested_command()?;
    let mut sum = Tally::default();
    for group in &arguments.groups {
        let report = target().join("mutants-js").join(group).join("report.json");
        let mut stryker = command("node");
        stryker
            .arg(modules.join("@stryker-mutator/core/bin/stryker.js"))
            .args(["run", "tests/mutants/stryker.config.mjs"])
            .args(arguments.only.iter().flat_map(|lines| ["--mutate", lines]))
            .env("WARDIAN_MUTANTS", group)
            .env("WARDIAN_ROOT", root())
            .env("WARDIAN_COMMAND", target().join("debug/wardian"));
        if report.exists() {
            fs::remove_file(&report)?;
        }
        run(&mut stryker)?;
        let text = fs::read_to_string(&report).with_context(|| format!("{group}: Stryker wrote no report"))?;
        sum.add(&serde_json::from_str(&text)?).with_context(|| group.clone())?;
    }
    sum.print()
}

/// How many changes of each script were noticed.
#[derive(Default)]
struct Tally(BTreeMap<String, [usize; 2]>);

impl Tally {
    /// Adds what a report says: noticed is what failed a test or never ended.
    fn add(&mut self, report: &Value) -> Result<()> {
        for (file, found) in report["files"].as_object().context("a report without files")? {
            let [noticed, all] = self.0.entry(file.clone()).or_default();
            for mutant in found["mutants"].as_array().context("a file without mutants")? {
                match mutant["status"].as_str() {
                    Some("Killed" | "Timeout") => *noticed += 1,
                    Some("Survived" | "NoCoverage") => {}
                    // Of what does not start nobody can say whether a test would have noticed.
                    Some("CompileError" | "Ignored") => continue,
                    other => bail!("{file}: a mutant is {other:?}"),
                }
                *all += 1;
            }
        }
        Ok(())
    }

    fn print(&self) -> Result<()> {
        let mut sum = [0, 0];
        for (file, [noticed, all]) in &self.0 {
            println!("{file:28} {noticed:>5} of {all:>5} noticed");
            sum = [sum[0] + noticed, sum[1] + all];
        }
        ensure!(sum[1] > 0, "there was nothing to change");
        println!("{} of {} changes are noticed: {:.1} %", sum[0], sum[1], 100.0 * sum[0] as f64 / sum[1] as f64);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_failed_a_test_or_never_ended_is_noticed() {
        let mutant = |status: &str| json!({ "status": status });
        let statuses = ["Killed", "Timeout", "Survived", "NoCoverage", "CompileError"].map(mutant);
        let mut tally = Tally::default();
        tally.add(&json!({ "files": { "npm/a.js": { "mutants": statuses } } })).unwrap();
        assert_eq!(tally.0["npm/a.js"], [2, 4]);
        let failed = json!({ "files": { "npm/a.js": { "mutants": [mutant("RuntimeError")] } } });
        assert!(tally.add(&failed).is_err());
        assert!(Tally::default().print().is_err());
    }
}
