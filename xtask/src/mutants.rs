//! Tests that are tested: the code is broken in one place after another, and some test has to notice.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::sanitize;
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
    /// Where the lists of mutants that were caught and missed are put, in a folder for each room of the house
    #[arg(long, default_value = "target/mutants")]
    output: PathBuf,
}

/// Files that the same tests are nearest to. Those notice nine in ten, in a third of the time that all take; what they
/// miss, all are asked about.
struct Room {
    name: &'static str,
    files: &'static [&'static str],
    /// The programs of tests.
    nearest: &'static [&'static str],
    /// The tests in them whose names begin so; all, if none.
    tests: &'static [&'static str],
}

const ROOMS: [Room; 5] = [
    Room { name: "kernels", files: &["kernels/src/**"], nearest: &["--lib"], tests: &sanitize::TESTS },
    Room {
        name: "import",
        files: &["src/import.rs", "src/import/**"],
        nearest: &["--test=cases", "--test=versions", "--test=golden"],
        tests: &[],
    },
    Room { name: "explain", files: &["src/explain.rs", "src/explain/**"], nearest: &["--lib"], tests: &["explain::"] },
    Room {
        name: "format",
        files: &["src/format.rs", "src/format/**"],
        nearest: &["--test=format", "--test=hostile"],
        tests: &[],
    },
    Room {
        name: "answers",
        files: &[
            "src/codes.rs",
            "src/codes/**",
            "src/elementary.rs",
            "src/engine.rs",
            "src/forest.rs",
            "src/link.rs",
            "src/number.rs",
            "src/predict.rs",
            "src/predict/**",
            "src/schema.rs",
        ],
        nearest: &["--lib"],
        tests: &["predict::", "codes::", "elementary::", "forest::", "link::", "number::", "schema::"],
    },
];

/// The programs that look at answers, files and input; the others drive the same through a browser, an oracle or a
/// terminal.
const ALL: [&str; 7] =
    ["--lib", "--test=golden", "--test=hostile", "--test=format", "--test=native", "--test=versions", "--test=cases"];
/// Two that take 6 s each, unoptimised: what they ask, the properties ask of fewer rows.
const SLOW: [&str; 2] = ["columns_are_right_to_their_last_cut", "very_many_columns"];

/// Breaks the code and runs the tests, as `.cargo/mutants.toml` says. A mutant that is missed is no failure here: what
/// docs/MUTANTS.md says of it is for people to read.
pub(crate) fn run_mutants(arguments: &Arguments) -> Result<()> {
    let tool = program_of_crate("cargo-mutants", CARGO_MUTANTS, "", "breaks code to test the tests; 3 min")?;
    let (mut noticed, mut missed) = (0, 0);
    for room in &ROOMS {
        if arguments.list {
            run(of_room(&tool, arguments, room).arg("--list"))?;
            continue;
        }
        let output = arguments.output.join(room.name);
        let count = |list: &str| fs::read_to_string(output.join(list)).unwrap_or_default().lines().count();
        println!("── {}", room.name);
        // What is left of an earlier run would be counted where there is nothing to test.
        for old in ["mutants.out", "mutants.out.old"] {
            let _ = fs::remove_dir_all(output.join(old));
        }
        test(of_room(&tool, arguments, room), arguments, &output, room.nearest, room.tests)?;
        let mut caught = count("mutants.out/caught.txt");
        if count("mutants.out/missed.txt") + count("mutants.out/timeout.txt") > 0 {
            let mut second = of_room(&tool, arguments, room);
            // That they pass on the code as it is the first pass has seen; and the tool's own look at that leaves out packages
            // without mutants, and with them their tests.
            second.args(["--iterate", "--baseline", "skip", "--timeout", "60"]);
            test(second, arguments, &output, &ALL, &[])?;
            caught += count("mutants.out/caught.txt");
        }
        // A loop that never ends is noticed; neither pass counts it among the caught, and the second asks it again.
        let (slow, left) = (count("mutants.out/timeout.txt"), count("mutants.out/missed.txt"));
        println!("{}: {} of {} noticed ({slow} by a time-out)", room.name, caught + slow, caught + slow + left);
        noticed += caught + slow;
        missed += left;
    }
    if !arguments.list {
        println!(
            "{noticed} of {} noticed; those missed: {}/*/mutants.out/missed.txt",
            noticed + missed,
            arguments.output.display()
        );
    }
    Ok(())
}

/// The tool, for those mutants of a room that are asked for.
fn of_room(tool: &Path, arguments: &Arguments, room: &Room) -> Command {
    let mut mutants = command(tool);
    mutants.args(["mutants", "--package", "wardian", "--package", "wardian-kernels"]);
    for file in room.files {
        mutants.args(["--file", file]);
    }
    // A mutant's description begins with its file.
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
    mutants
}

/// Runs these tests over the mutants.
fn test(mut mutants: Command, arguments: &Arguments, output: &Path, programs: &[&str], tests: &[&str]) -> Result<()> {
    fs::create_dir_all(output)?;
    mutants.arg("--output").arg(output).args(["--caught", "--unviable", "--colors", "never"]);
    mutants.args(["--jobs", &arguments.jobs.to_string()]);
    mutants.args(programs.iter().map(|program| format!("--cargo-arg={program}")));
    mutants.arg("--cargo-test-arg=--").args(tests.iter().map(|test| format!("--cargo-test-arg={test}")));
    mutants.args(SLOW.map(|test| format!("--cargo-test-arg=--skip={test}")));
    // A dozen cases find what is broken everywhere; rarer faults have tests of their own.
    mutants.env("PROPTEST_CASES", "24").env("PROPTEST_FAILURE_PERSISTENCE", "off");
    if arguments.jobs == 1 {
        // What others wrote is built once, and not for each run of this command.
        mutants.env("CARGO_TARGET_DIR", target());
    }
    let status = mutants.status().context("cargo-mutants could not be started")?;
    // 2 is for missed ones, 3 for time-outs.
    ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo-mutants failed");
    Ok(())
}
