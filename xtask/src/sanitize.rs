//! The tests of what `unsafe` stands in, where every access to memory is looked at.
//!
//! What is `unsafe` is in `kernels/`; the crate above drives it with drawn forests (`src/predict/answers.rs`). All three
//! tools run the same tests, on code for the processor that others run on too: two see the machine's code, the last also
//! what the language promises.

use std::process::Command;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum;

use crate::shell::{cargo, command, install_debian_packages, run, say, target};
use crate::test::counted;

/// Something that watches a program's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    /// Valgrind's memcheck: reads of what was never written, and outside of allocations
    Valgrind,
    /// AddressSanitizer: accesses beyond arrays, on the stack too
    Address,
    /// Miri: what the language promises, of pointers above all; on nightly
    Miri,
}

const PACKAGES: [&str; 5] = ["test", "-p", "wardian-kernels", "-p", "wardian"];
/// The tests that reach the kernels: those of the rooms that call them, and their own.
pub(crate) const TESTS: [&str; 15] = [
    "predict::",
    "codes::",
    "sealed::",
    "answers::",
    "blend::",
    "buckets::",
    "compare::",
    "exp::",
    "fold::",
    "quadrature::",
    "search::",
    "sets::",
    "subtree::",
    "tiles::",
    "walk::",
];

/// Runs the tests with the tools of `only`, or all of them; stops at the first that finds something.
pub(crate) fn run_tools(only: &[Tool]) -> Result<()> {
    for tool in Tool::value_variants() {
        if !only.is_empty() && !only.contains(tool) {
            continue;
        }
        let started = Instant::now();
        let name = match tool {
            Tool::Valgrind => "valgrind",
            Tool::Address => "AddressSanitizer",
            Tool::Miri => "Miri",
        };
        println!("── {name}");
        let passed = AtomicUsize::new(0);
        counted(&mut tests(*tool)?, &passed)?;
        let minutes = started.elapsed().as_secs().div_ceil(60);
        println!("seen sanitize: {name}: {} tests in {minutes} min, nothing found", passed.into_inner());
    }
    Ok(())
}

fn tests(tool: Tool) -> Result<Command> {
    let mut tests = match tool {
        Tool::Valgrind => {
            if which::which("valgrind").is_err() {
                install_debian_packages(&["valgrind"], "it runs a program and watches its memory")?;
            }
            let mut tests = cargo();
            tests.args(PACKAGES).args(["--lib", "--"]).args(TESTS);
            // Thirty times as slow.
            tests.env("PROPTEST_CASES", "64");
            let watch = "valgrind --quiet --error-exitcode=9 --leak-check=no";
            for target in ["X86_64", "AARCH64"] {
                tests.env(format!("CARGO_TARGET_{target}_UNKNOWN_LINUX_GNU_RUNNER"), watch);
            }
            tests
        }
        Tool::Address => {
            let mut tests = cargo();
            tests.args(PACKAGES).args(["--target", HOST, "--target-dir"]).arg(target().join("address"));
            tests.args(["--lib", "--"]).args(TESTS);
            // The sanitizers' flags are unstable ones.
            tests.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Zsanitizer=address");
            tests
        }
        Tool::Miri => {
            if command("cargo").args(["+nightly", "miri", "--version"]).output().is_ok_and(|it| !it.status.success()) {
                say(
                    "installing Rust's nightly toolchain and Miri (it interprets a program and checks each step; 1 min)",
                );
                let install = ["toolchain", "install", "nightly", "--profile", "minimal"];
                run(command("rustup").args(install).args(["--component", "miri", "--component", "rust-src"]))?;
            }
            let mut tests = command("cargo");
            tests.args(["+nightly", "miri"]).args(PACKAGES).arg("--target-dir").arg(target().join("miri"));
            tests.args(["--lib", "--"]).args(TESTS);
            // A thousand times as slow, and these have millions of steps; nothing in them is `unsafe` that is not reached
            // by the others.
            for slow in ["agrees_with_the_c_library", "columns_are_right", "very_many_columns", "it_gives_the_bits"] {
                tests.args(["--skip", slow]);
            }
            tests.env("PROPTEST_CASES", "3").env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1");
            // Cargo's own variables name the toolchain that runs this.
            for variable in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
                tests.env_remove(variable);
            }
            tests.env("MIRIFLAGS", "-Zmiri-disable-isolation");
            tests
        }
    };
    // What a run finds is the run's to say, not a file's.
    tests.env("PROPTEST_FAILURE_PERSISTENCE", "off");
    Ok(tests)
}

const HOST: &str = if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-gnu" } else { "x86_64-unknown-linux-gnu" };
