//! Every check and every test: what finds most faults soonest comes first, but for what others wait for, and what is measured by the clock.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::fuzz::Compiled;
use crate::lanes::{self, PASSED, STEP};
use crate::shell::{cargo, cargo_of_all, command, run, target};
use crate::{
    browser, dependent, docs, engines, figures, fuzz, node, oracle, package, page, r, roads, seal, seal_proof, size,
    studio, wasm, wheels,
};

/// One part of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// rustfmt
    Format,
    /// This program's own tests
    Tasks,
    /// clippy, native and wasm, warnings are errors
    Lint,
    /// rustdoc and the documentation's site, warnings are errors
    Docs,
    /// All native tests but this program's, and R's through the C interface
    Native,
    /// The packaged crates in a crate that depends on them
    Dependent,
    /// The page, built
    Page,
    /// The bytes that predicting downloads, and the figures that documents quote
    Size,
    /// The module's tests in Node
    Node,
    /// The module's tests in a browser
    Browser,
    /// The page's tests in a browser
    E2e,
    /// The packed npm package in fresh consumers
    Package,
    /// Models of other trainers, sealed, opened and asked for every row: some of them
    Seal,
    /// The page's journeys in Firefox and WebKit
    Browsers,
    /// Every evaluator and reader under the fuzzer for a while
    Fuzz,
    /// XGBoost and Flask themselves
    Oracle,
    /// The same answer from every road, for some of the models that the oracle has trained
    Roads,
    /// The Python package's wheels, built
    Wheels,
    /// Those wheels, installed, on the oldest and the newest Python, and in the engines
    Python,
}

/// All steps, one phase after the other; those of a phase are begun in this order, two beside each other. Most of them wait for one thread
/// half of their time: that of a linker, of what makes modules smaller, of a trainer or a browser. What is measured by the clock is in
/// `E2e`, which has the machine to itself.
const PHASES: [&[Step]; 3] = [
    &[Step::Format],
    &[
        Step::Page,
        // It is compiled with the crate as it is now: once `Page` has made the shell, with the crate compiled anew.
        Step::Tasks,
        Step::Lint,
        Step::Docs,
        Step::Native,
        Step::Dependent,
        Step::Node,
        Step::Browser,
        Step::Size,
        // Of what is left the longest come first. A wheel is linked for four minutes on one thread, which the trainers beside it leave free.
        Step::Oracle,
        Step::Wheels,
        Step::Python,
        Step::Roads,
        Step::Fuzz,
        Step::Package,
        Step::Browsers,
        Step::Seal,
    ],
    &[Step::E2e],
];

impl Step {
    /// The steps of its phase that it waits for, where they are taken too.
    fn after(self) -> &'static [Self] {
        match self {
            // The crate carries the shell that is built there: without it all would be compiled, and then once more.
            Self::Native => &[Self::Page],
            // They ask the page, the package, or the command that carries the shell.
            Self::Size | Self::Oracle | Self::Wheels | Self::Package | Self::Browsers | Self::Seal => &[Self::Page],
            // They ask models that the oracle has trained; and the page's build, which is waited for also where no oracle is asked for.
            Self::Roads => &[Self::Page, Self::Oracle],
            Self::Python => &[Self::Page, Self::Wheels, Self::Oracle],
            _ => &[],
        }
    }

    /// Whether it leaves the processors to what others wait for, while `Page` is built by one thread after the other: it compiles, and
    /// nothing in it is measured by the clock.
    pub(crate) fn is_patient(self) -> bool {
        matches!(self, Self::Lint | Self::Docs | Self::Dependent)
    }
}

/// Which of the waiting steps is begun next: the first that has none to wait for.
pub(crate) fn next(waiting: &[Step], running: &[Step]) -> Option<usize> {
    let is_left = |step: &Step| waiting.contains(step) || running.contains(step);
    waiting.iter().position(|step| !step.after().iter().any(is_left))
}

/// Runs the steps of `only`, or all of them; stops at the first that fails.
pub(crate) fn run_steps(only: &[Step]) -> Result<()> {
    let started = Instant::now();
    let passed = AtomicUsize::new(0);
    // Asked now: who builds this program while it runs puts another in its place, and the one that runs is then a file that was deleted.
    // The path stays right.
    let program = std::env::current_exe()?;
    let wanted = |step: &Step| only.is_empty() || only.contains(step);
    for phase in PHASES {
        let steps: Vec<Step> = phase.iter().copied().filter(wanted).collect();
        // One alone has nothing beside it.
        if let [step] = steps[..] {
            println!("{STEP}{} ({} s)", format!("{step:?}").to_lowercase(), started.elapsed().as_secs());
            run_step(step, &passed)?;
        } else {
            passed.fetch_add(lanes::take(&program, steps, started)?, Ordering::Relaxed);
        }
    }
    // Every step above stops at a failure, so what is counted here is all that ran.
    println!("{}{PASSED}", passed.into_inner());
    Ok(())
}

/// What is asked after every change in `src/` or `kernels/`: of what `Step::Native` builds, these crates' own.
pub(crate) fn run_fast() -> Result<()> {
    let passed = AtomicUsize::new(0);
    run_step(Step::Format, &passed)?;
    counted(cargo().args(["test", "--package", "wardian", "--package", "wardian-kernels", "--all-features"]), &passed)?;
    println!("{}{PASSED}; every check: cargo xtask test", passed.into_inner());
    Ok(())
}

fn run_step(step: Step, passed: &AtomicUsize) -> Result<()> {
    match step {
        Step::Format => run(cargo().args(["fmt", "--all", "--check"])),
        Step::Tasks => counted(cargo().args(["test", "--package", env!("CARGO_PKG_NAME")]), passed),
        Step::Lint => lint(),
        Step::Docs => docs::build(),
        Step::Native => {
            counted(&mut cargo_of_all("test"), passed)?;
            r::test(|tests| counted(tests, passed))
        }
        Step::Dependent => {
            dependent::check()?;
            passed.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
        // The evaluators' target finds the wrong codes that full columns once had in its first second; half a minute of it
        // is some 5,000 forests. What takes longer to find is `cargo xtask fuzz`'s.
        Step::Fuzz => {
            fuzz::run_targets(&["answers"], 30, Compiled::Soon)?;
            fuzz::run_targets(&["format", "import", "rows"], 10, Compiled::Soon)?;
            fuzz::run_targets(&fuzz::OTHERS, 5, Compiled::Soon)
        }
        Step::Page => {
            page::build()?;
            package::build()?;
            studio::build()?;
            seal::tested_command()?;
            page::show_example()
        }
        Step::Size => {
            size::check()?;
            figures::check()
        }
        Step::Node => module_tests("node", passed),
        Step::Browser => module_tests("browser", passed),
        Step::E2e => e2e(passed),
        Step::Browsers => counted(&mut engines::journeys()?, passed),
        Step::Package => package_tests(passed),
        Step::Wheels => wheels::build().map(|_| ()),
        // It builds them first, if that step was not taken before: they are then as they were.
        Step::Python => wheels::test(|tests| counted(tests, passed)),
        Step::Oracle => oracle::run(&oracle::Arguments::share()),
        Step::Roads => roads::share(),
        Step::Seal => counted(&mut seal_proof::share()?, passed),
    }
}

fn lint() -> Result<()> {
    const STRICT: [&str; 3] = ["--", "-D", "warnings"];
    run(cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--all-features"]).args(STRICT))?;
    // The published crate alone: nothing may lean on a feature that another one happens to bring.
    run(cargo().args(["clippy", "--quiet", "--no-default-features"]).args(STRICT))?;
    let toolchain = wasm::Toolchain::ready()?;
    // Debian's compiler comes without clippy; a plain check still finds what does not compile.
    let subcommand = match toolchain {
        wasm::Toolchain::Rustup => "clippy",
        wasm::Toolchain::Debian { .. } => {
            println!("wasm is checked, not linted: Debian's compiler has no clippy");
            "check"
        }
    };
    for (targets, features) in [
        ("--all-targets", "wasm"),
        ("--lib", "wasm,double"),
        ("--lib", "sealed-predict"),
        ("--lib", "sealed-explain"),
        ("--lib", "explainer"),
        ("--lib", "explainer,double"),
        ("--lib", "convert"),
        ("--lib", "sealer"),
        ("--lib", "trainer"),
        ("--lib", "reader"),
        ("--lib", "sheets"),
        ("--lib", "lines"),
        ("--lib", "seal"),
    ] {
        let mut lint = toolchain.cargo(subcommand);
        lint.args(["--quiet", targets, "--no-default-features", "--features", features]);
        if let wasm::Toolchain::Rustup = toolchain {
            lint.args(STRICT);
        }
        run(&mut lint)?;
    }
    Ok(())
}

/// `tests/<name>.rs`, compiled to wasm and run by wasm-bindgen's runner.
fn module_tests(name: &str, passed: &AtomicUsize) -> Result<()> {
    let runner = wasm::bindgen()?.join("wasm-bindgen-test-runner");
    node::check()?;
    let mut tests = wasm::Toolchain::ready()?.cargo("test");
    tests
        .args(["--no-default-features", "--features", "wasm", "--test", name])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    if name == "browser" {
        browser::ready()?.lend_to(&mut tests);
        // In seconds. A linker beside it may keep the browser and its driver waiting, which have 20 and 5.
        tests.env("WASM_BINDGEN_TEST_TIMEOUT", "120").env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    }
    counted(&mut tests, passed)
}

fn e2e(passed: &AtomicUsize) -> Result<()> {
    node::ready()?;
    let mut files: Vec<_> = fs::read_dir("tests/e2e")?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    // What JavaScript says is compared with what the command line says.
    seal::tested_command()?;
    // `Step::Docs` has built it, unless this step is asked for alone.
    if !docs::folder().exists() {
        docs::build()?;
    }
    let browser = browser::ready()?;
    let (clocked, others): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|path| CLOCKED.iter().any(|name| path.ends_with(name)));
    // The clock is for those alone: they come last, one after the other, however many cores there are.
    for (files, beside) in [(others, 2), (clocked, 1)] {
        let mut tests = command("node");
        tests.args(["--test", "--test-reporter=spec", &format!("--test-concurrency={beside}")]).args(files);
        tests.env("WARDIAN_COMMAND", target().join("debug/wardian"));
        browser.lend_to(&mut tests);
        counted(&mut tests, passed)?;
    }
    Ok(())
}

/// The files of tests that measure by the clock: Lighthouse, and how long the page's thread is kept busy.
const CLOCKED: [&str; 3] = ["lighthouse.test.mjs", "rows.test.mjs", "studio-large.test.mjs"];

/// The package that `Step::Page` built, packed and installed.
fn package_tests(passed: &AtomicUsize) -> Result<()> {
    node::install("tests/package", "the bundlers, runtimes and checkers that the npm package is tried with; 600 MB")?;
    for (example, size) in [("vite", "35 MB"), ("next", "340 MB"), ("extension", "12 MB")] {
        node::install(&format!("examples/{example}"), &format!("an example; {size}"))?;
    }
    node::ready()?;
    let mut tests = command("node");
    let files = ["examples", "package", "sealed", "types"].map(|name| format!("tests/package/{name}.test.mjs"));
    tests.args(["--test", "--test-reporter=spec"]).args(files);
    // The build of the package has built it, with the shell that it carries.
    tests.env("WARDIAN_COMMAND", target().join("debug/wardian"));
    browser::ready()?.lend_to(&mut tests);
    counted(&mut tests, passed)
}

/// Runs a test runner, shows what it prints, and adds the tests that it says have passed. None at all is a failure.
pub(crate) fn counted(runner: &mut Command, passed: &AtomicUsize) -> Result<()> {
    let mut child = runner.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let outputs: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|output| Box::new(output) as _),
        child.stderr.take().map(|output| Box::new(output) as _),
    ];
    let here = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for output in outputs.into_iter().flatten() {
            scope.spawn(|| {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    println!("{line}");
                    here.fetch_add(passed_in(&line), Ordering::Relaxed);
                }
            });
        }
    });
    let status = child.wait().context("the test runner")?;
    if !status.success() {
        bail!("a test failed; its output is above");
    }
    let count = here.into_inner();
    if count == 0 {
        bail!("the test runner ran no test");
    }
    passed.fetch_add(count, Ordering::Relaxed);
    Ok(())
}

/// How many tests a runner's closing line says have passed: `test result: ok. 7 passed; …` of Rust's, `ℹ pass 7` of
/// Node's, `7 passed in 3.21s` of pytest's.
fn passed_in(line: &str) -> usize {
    let number = |text: &str| text.split_whitespace().next().and_then(|word| word.parse().ok());
    let line = line.trim();
    let rust = line.strip_prefix("test result: ok. ").and_then(number);
    let node = line.strip_prefix("ℹ pass ").or_else(|| line.strip_prefix("# pass ")).and_then(number);
    // `7 passed in 3.21s`, or with more between: a failure would have ended the runner with a status.
    let pytest = line.split_once(" passed").filter(|(_, rest)| rest.contains(" in ") && rest.ends_with(['s', ')']));
    let pytest = pytest.and_then(|(count, _)| count.trim_start_matches('=').trim().parse().ok());
    rust.or(node).or(pytest).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted() {
        assert_eq!(passed_in("test result: ok. 16 passed; 0 failed; 0 ignored"), 16);
        assert_eq!(passed_in("ℹ pass 9"), 9);
        assert_eq!(passed_in("test result: FAILED. 16 passed; 1 failed"), 0);
        assert_eq!(passed_in("test a ... ok"), 0);
        assert_eq!(passed_in("96 passed in 6.93s"), 96);
        assert_eq!(passed_in("41 passed, 3 warnings in 36.21s"), 41);
        assert_eq!(passed_in("95 passed, 1 skipped in 106.97s (0:01:46)"), 95);
        assert_eq!(passed_in("1 failed, 41 passed in 36.21s"), 0);
    }

    #[test]
    fn what_is_measured_by_the_clock_is_there() {
        for name in CLOCKED {
            assert!(crate::shell::root().join("tests/e2e").join(name).exists(), "{name}");
        }
    }

    #[test]
    fn phases_have_every_step_once_and_the_clock_for_one_of_them_alone() {
        let mut left = Step::value_variants().to_vec();
        for step in PHASES.iter().copied().flatten() {
            let place = left.iter().position(|other| other == step).expect("it is there once");
            left.remove(place);
        }
        assert_eq!(left, []);
        assert!(PHASES.contains(&&[Step::E2e][..]));
    }

    #[test]
    fn a_step_waits_for_those_that_it_needs_and_for_no_other() {
        let phase = [Step::Oracle, Step::Wheels, Step::Python, Step::Roads, Step::Fuzz];
        assert_eq!(next(&phase, &[]), Some(0));
        assert_eq!(next(&phase[2..], &[Step::Oracle, Step::Wheels]), Some(2), "the fuzzer waits for nothing");
        assert_eq!(next(&phase[2..], &[Step::Wheels]), Some(1), "roads ask the oracle's models alone");
        assert_eq!(next(&phase[2..], &[Step::Fuzz]), Some(0));
        assert_eq!(next(&[Step::Python], &[]), Some(0), "what is not taken is not waited for");
        assert_eq!(next(&[Step::Python], &[Step::Oracle]), None);
        assert_eq!(next(&[Step::Roads], &[Step::Page]), None, "with the page alone beside them, roads wait for it");
        assert_eq!(next(&[], &[Step::Python]), None);
    }

    #[test]
    fn every_phase_comes_to_its_end() {
        for phase in PHASES {
            let mut waiting = phase.to_vec();
            while !waiting.is_empty() {
                waiting.remove(next(&waiting, &[]).expect("one of them waits for none of the others"));
            }
            for step in phase {
                assert!(step.after().iter().all(|earlier| phase.contains(earlier)), "{step:?}");
            }
        }
    }
}
