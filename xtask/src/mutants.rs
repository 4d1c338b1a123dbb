//! Tests that are tested: the code is broken in one place after another, and some test has to notice.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::shell::{command, program_of_crate, run, target};

const CARGO_MUTANTS: &str = "27.1.0";

/// Which mutants.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only the `k`th of `n` parts: 0/8 to 7/8
    #[arg(long)]
    shard: Option<String>,
    /// Only those of files whose path begins so, as `kernels/` or `src/codes`
    #[arg(long)]
    file: Vec<String>,
    /// Only those whose description matches a regular expression, as in the list of those that were missed
    #[arg(long)]
    re: Vec<String>,
    /// How many at once: each is a build and a run of tests
    #[arg(long, default_value_t = 1)]
    jobs: u32,
    /// Only list them
    #[arg(long)]
    list: bool,
    /// Where the lists of mutants that were caught and missed are put, in a folder `mutants.out`
    #[arg(long, default_value = "target")]
    output: PathBuf,
}

/// Breaks the code and runs the tests, as `.cargo/mutants.toml` says. A mutant that is missed is no failure here: what
/// docs/MUTANTS.md says of it is for people to read.
pub(crate) fn run_mutants(arguments: &Arguments) -> Result<()> {
    let tool = program_of_crate("cargo-mutants", CARGO_MUTANTS, "breaks code to test the tests; 3 min")?;
    let mut mutants = command(&tool);
    mutants.args(["mutants", "--package", "wardian", "--package", "wardian-kernels"]);
    // The tool's own `--file` adds to the files of the configuration, and would take all of them. A mutant's description
    // begins with its file.
    for file in &arguments.file {
        mutants.args(["--re", &format!("^{}", file.replace('.', "\\."))]);
    }
    for expression in &arguments.re {
        mutants.args(["--re", expression]);
    }
    if let Some(shard) = &arguments.shard {
        // Neighbours are alike, so each part has some of every file.
        mutants.args(["--sharding", "round-robin", "--shard", shard]);
    }
    if arguments.list {
        return run(mutants.arg("--list"));
    }
    std::fs::create_dir_all(&arguments.output)?;
    mutants.arg("--output").arg(&arguments.output).args(["--caught", "--unviable", "--colors", "never"]);
    mutants.args(["--jobs", &arguments.jobs.to_string()]);
    // A dozen cases find what is broken everywhere; rarer faults have tests of their own.
    mutants.env("PROPTEST_CASES", "24").env("PROPTEST_FAILURE_PERSISTENCE", "off");
    if arguments.jobs == 1 {
        // What others wrote is built once, and not for each run of this command.
        mutants.env("CARGO_TARGET_DIR", target());
    }
    let status = mutants.status().context("cargo-mutants could not be started")?;
    let folder = arguments.output.join("mutants.out");
    let count = |list: &str| {
        let text = std::fs::read_to_string(folder.join(list)).unwrap_or_default();
        text.lines().count()
    };
    let (caught, missed, slow) = (count("caught.txt"), count("missed.txt"), count("timeout.txt"));
    let noticed = caught + slow;
    println!(
        "{noticed} of {} noticed ({slow} by a time-out), {missed} missed: {}",
        noticed + missed,
        folder.join("missed.txt").display()
    );
    // 2 is for missed ones, 3 for time-outs.
    match status.code() {
        Some(0 | 2 | 3) => Ok(()),
        _ => anyhow::bail!("cargo-mutants failed"),
    }
}
