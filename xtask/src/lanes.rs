//! Steps of all tests in lanes beside each other: each step is a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::shell::{command, run_quietly};
use crate::test::{Step, next};

/// So many steps are taken beside each other, whatever the machine: tests that wait for a browser were tried with no more.
const BESIDE: usize = 2;

/// What is said by one lane.
enum Said {
    Line(String),
    /// Whether its step succeeded.
    End(bool),
}

/// A step that a lane takes, and the group of processes that it leads.
struct Taken {
    step: Step,
    group: u32,
}

/// Takes all steps by `program`, which is this one, each as soon as a lane is free and what it needs is there; how many tests have passed.
/// Lines are printed as they come, the lane's number before them. The first step that fails ends the others.
pub(crate) fn take(program: &Path, mut waiting: Vec<Step>, started: Instant) -> Result<usize> {
    let (sender, said) = mpsc::channel();
    let mut lanes: [Option<Taken>; BESIDE] = Default::default();
    let mut passed = 0;
    loop {
        for lane in 0..BESIDE {
            let running: Vec<Step> = lanes.iter().flatten().map(|taken| taken.step).collect();
            if lanes[lane].is_none()
                && let Some(place) = next(&waiting, &running)
            {
                lanes[lane] = Some(begin(program, waiting.remove(place), lane, &sender)?);
            }
        }
        if lanes.iter().all(Option::is_none) {
            return Ok(passed);
        }
        let (lane, said) = said.recv().context("a lane of tests")?;
        let number = lane + 1;
        match said {
            Said::Line(line) => {
                if let Some((name, _)) = line.strip_prefix(STEP).and_then(|rest| rest.split_once(' ')) {
                    println!("{number}│ {STEP}{name} ({} s)", started.elapsed().as_secs());
                } else if let Some(count) = line.strip_suffix(PASSED).and_then(|count| count.parse::<usize>().ok()) {
                    passed += count;
                } else {
                    println!("{number}│ {line}");
                }
            }
            Said::End(true) => lanes[lane] = None,
            Said::End(false) => {
                let failed = lanes[lane].take().map(|taken| name(taken.step)).unwrap_or_default();
                for Taken { group, .. } in lanes.iter().flatten() {
                    // It may have ended just now; then there is nothing to end.
                    let _ = run_quietly(command("kill").args(["-TERM", "--", &format!("-{group}")]));
                }
                bail!("{failed} failed; the lines of its lane begin with {number}│");
            }
        }
    }
}

/// Starts a step, and lets `sender` have what it prints and how it ended.
fn begin(program: &Path, step: Step, lane: usize, sender: &Sender<(usize, Said)>) -> Result<Taken> {
    let mut child = of_step(program, step).spawn().context("a lane of tests")?;
    let group = child.id();
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
    Ok(Taken { step, group })
}

/// What the line of a step begins with.
pub(crate) const STEP: &str = "── ";
/// What the last line ends with, after a number.
pub(crate) const PASSED: &str = " passed, 0 failed";

/// What a step is called.
fn name(step: Step) -> String {
    step.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// The program, told to take only this step, as the leader of a group that all belongs to which it starts.
fn of_step(program: &Path, step: Step) -> Command {
    let mut lane = command("nice");
    lane.args(["-n", if step.is_patient() { "10" } else { "0" }]);
    lane.arg(program).args(["test", "--only", &name(step)]);
    lane.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    lane
}
