//! Steps of all tests in lanes beside each other: each is a process of its own, told which steps to take.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::shell::{command, run_quietly};
use crate::test::Step;

/// What is said by one lane.
enum Said {
    Line(String),
    /// Whether it succeeded.
    End(bool),
}

/// Takes the steps of all lanes by `program`, which is this one; how many tests have passed. Lines are printed as they come,
/// the lane's number before them. The first lane that fails ends the others.
pub(crate) fn take(program: &Path, lanes: &[Vec<Step>], started: Instant) -> Result<usize> {
    let mut groups = Vec::new();
    let (sender, said) = mpsc::channel();
    for (lane, steps) in lanes.iter().enumerate() {
        let mut child = of_steps(program, steps).spawn().context("a lane of tests")?;
        // It leads a group of its own, which all that it starts belong to.
        groups.push(child.id());
        let outputs: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|output| Box::new(output) as _),
            child.stderr.take().map(|output| Box::new(output) as _),
        ];
        let readers: Vec<_> = outputs
            .into_iter()
            .flatten()
            .map(|output| {
                let sender = sender.clone();
                std::thread::spawn(move || {
                    for line in BufReader::new(output).lines().map_while(Result::ok) {
                        // Nobody listens any more once another lane has failed.
                        let _ = sender.send((lane, Said::Line(line)));
                    }
                })
            })
            .collect();
        let sender = sender.clone();
        std::thread::spawn(move || {
            let is_success = child.wait().is_ok_and(|status| status.success());
            for reader in readers {
                let _ = reader.join();
            }
            let _ = sender.send((lane, Said::End(is_success)));
        });
    }
    let mut passed = 0;
    let mut step = vec![String::new(); lanes.len()];
    let mut left = lanes.len();
    while left > 0 {
        let (lane, said) = said.recv().context("a lane of tests")?;
        let number = lane + 1;
        match said {
            Said::Line(line) => {
                if let Some((name, _)) = line.strip_prefix(STEP).and_then(|rest| rest.split_once(' ')) {
                    name.clone_into(&mut step[lane]);
                    println!("{number}│ {STEP}{name} ({} s)", started.elapsed().as_secs());
                } else if let Some(count) = line.strip_suffix(PASSED).and_then(|count| count.parse::<usize>().ok()) {
                    passed += count;
                } else {
                    println!("{number}│ {line}");
                }
            }
            Said::End(true) => left -= 1,
            Said::End(false) => {
                for group in groups {
                    // Those that have ended already are not there to be ended.
                    let _ = run_quietly(command("kill").args(["-TERM", "--", &format!("-{group}")]));
                }
                bail!("{} failed; the lines of its lane begin with {number}│", step[lane]);
            }
        }
    }
    Ok(passed)
}

/// What the line of a step begins with.
pub(crate) const STEP: &str = "── ";
/// What the last line ends with, after a number.
pub(crate) const PASSED: &str = " passed, 0 failed";

/// The program, told to take only these steps.
fn of_steps(program: &Path, steps: &[Step]) -> Command {
    let names: Vec<_> =
        steps.iter().filter_map(Step::to_possible_value).map(|value| value.get_name().to_owned()).collect();
    let mut lane = command(program);
    lane.args(["test", "--only", &names.join(",")]);
    lane.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    lane
}
