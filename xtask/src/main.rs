//! `cargo xtask …`: set-up, build, test, demonstration, oracle.
//!
//! Everything that a command needs and the machine lacks is installed by the command itself, and said in one line.

mod audit;
mod bench;
mod browser;
mod cases;
#[cfg(test)]
mod dependencies;
mod dependent;
mod docs;
mod engines;
mod figures;
mod fuzz;
mod lanes;
mod licenses;
mod manifests;
mod marks;
mod mutants;
mod mutants_js;
mod node;
mod oracle;
mod package;
mod page;
mod python;
mod r;
mod release;
mod roads;
mod sanitize;
mod seal;
mod seal_proof;
mod seen;
mod serve;
mod shell;
mod size;
mod studio;
#[cfg(test)]
mod support;
mod tables;
mod test;
mod trainers;
mod versions;
mod wasm;
mod wheels;

use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

/// Project tasks. Start with `cargo xtask demo`.
#[derive(Parser)]
#[command(name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the page, show the example's prediction and serve the page on this machine
    Demo {
        /// The first port to try
        #[arg(long, default_value_t = 8000)]
        port: u16,
        /// Stop after the prediction
        #[arg(long)]
        no_serve: bool,
    },
    /// Build the page into www/dist, the studio into www/dist/studio and the npm package into target/package
    #[command(visible_alias = "page")]
    Build,
    /// Print what the page downloads, in bytes
    Size {
        /// Print what the bytes of the package's module that converts are, by importer
        #[arg(long)]
        converter: bool,
    },
    /// Write the figures that documents quote into them: sizes of what is built here, the rest as benchmarks wrote it
    Figures,
    /// Run what docs/PROOF.md says how to ask, and write what was seen into it, with the date
    Seen(seen::Arguments),
    /// Run every check and every test
    Test {
        /// Run only these steps
        #[arg(long, value_enum, value_delimiter = ',')]
        only: Vec<test::Step>,
        /// For a change in src/ or kernels/: its form, and the crates' own tests; one to two minutes once they are built
        #[arg(long, conflicts_with = "only")]
        fast: bool,
    },
    /// Build the pages and test their readers' journeys in Firefox and WebKit
    Browsers,
    /// Take pictures of the built page, and of pages of every kind of answer, at three widths, light and dark
    Screenshots {
        /// Where to put them
        #[arg(default_value = "target/screenshots")]
        folder: std::path::PathBuf,
        /// Only the README's two: docs/studio.png and docs/page.png
        #[arg(long)]
        readme: bool,
    },
    /// Measure beside the peers, and write docs/BENCHMARKS.md and docs/PAGE.md
    Bench(bench::Arguments),
    /// Measure `wardian serve` beside the Flask service under load, and write docs/SERVICE.md
    BenchService,
    /// Measure a file of a million rows beside pandas and XGBoost, and write docs/FILES.md
    BenchFiles,
    /// Measure the Python package beside XGBoost, and in engines on this machine, and write the tables of docs/ENGINES.md (5 min)
    BenchPython,
    /// Feed every evaluator and every reader of files with what nobody has thought of (libFuzzer, AddressSanitizer)
    Fuzz {
        /// For how many seconds each
        #[arg(default_value_t = 60)]
        seconds: u32,
        /// Only these targets
        #[arg(long, value_delimiter = ',', value_parser = fuzz::names(), default_values = fuzz::names())]
        only: Vec<String>,
    },
    /// Break the code in one place after another, and see whether a test notices
    Mutants(mutants::Arguments),
    /// Run what `unsafe` stands in under valgrind, AddressSanitizer and Miri
    Sanitize {
        /// Only these
        #[arg(long, value_enum, value_delimiter = ',')]
        only: Vec<sanitize::Tool>,
    },
    /// Compare exp, log and their like with the C library for every argument, 2^32 or all that they can be given, and those of 64 bits for
    /// very many (4 min)
    Elementary,
    /// Compare with freshly trained XGBoost models and with the Flask service
    Oracle(oracle::Arguments),
    /// Ask every road for the same models: native, wasm in Node and three browsers, every importer, row by row and in batches
    Roads(roads::Arguments),
    /// Seal models of every kind and trainer, open each product in Chromium, and compare every answer with the trainer's
    SealProof(seal_proof::Arguments),
    /// Change the scripts of npm/, one thing at a time, and see whether the tests notice (Stryker; an hour or two)
    MutantsJs(mutants_js::Arguments),
    /// Train the models of the cases anew; the diabetes model is blessed then
    Train {
        /// Only these
        #[arg(value_parser = PossibleValuesParser::new(cases::names()))]
        cases: Vec<String>,
    },
    /// Write the golden files, diabetes.wardian and its hash anew
    Bless,
    /// Build the documentation as a site into target/site
    Docs,
    /// Build the wheels of the Python package into target/wheels
    Wheels,
    /// Ask the Python package's wheels for every model that `oracle` has trained
    WheelsProof,
    /// Score rows in Spark on a cluster of two executors, one of which is killed on the way (Java 17; some minutes)
    Spark {
        /// How many
        #[arg(long, default_value_t = 10_000_000)]
        rows: u64,
    },
    /// Judge licences and sources of all that is depended on, and the workflows (cargo-deny, zizmor)
    Audit {
        /// Ask for known faults too, which needs the network
        #[arg(long)]
        advisories: bool,
    },
    /// Write THIRD-PARTY.md anew: the licences of what is shipped (cargo-about)
    Licenses,
    /// Make everything that is published in a clean clone, and try it; publishes nothing
    Release(release::Arguments),
    /// Install all that `demo` and `test` need
    Setup,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    std::env::set_current_dir(shell::root())?;
    match command {
        Command::Demo { port, no_serve } => {
            page::build()?;
            page::show_example()?;
            if no_serve { Ok(()) } else { serve::serve(&page::folder(), port) }
        }
        Command::Build => build(),
        Command::Size { converter: false } => size::print(),
        Command::Size { converter: true } => size::converter::print(),
        Command::Figures => figures::write(),
        Command::Seen(arguments) => seen::write(&arguments),
        Command::Test { fast: true, .. } => test::run_fast(),
        Command::Test { only, .. } => test::run_steps(&only),
        Command::Browsers => test::run_steps(&[test::Step::Page, test::Step::Browsers]),
        Command::Screenshots { folder, readme } => {
            build()?;
            if readme { browser::pictures() } else { browser::screenshots(&folder) }
        }
        Command::Bench(arguments) => bench::measure(&arguments),
        Command::BenchService => bench::measure_service(),
        Command::BenchFiles => bench::measure_files(),
        Command::BenchPython => wheels::measure(),
        Command::Fuzz { seconds, only } => fuzz::run_targets(&only, seconds, fuzz::Compiled::Fast),
        Command::Mutants(arguments) => mutants::run_mutants(&arguments),
        Command::Sanitize { only } => sanitize::run_tools(&only),
        Command::Oracle(arguments) => {
            if arguments.needs_a_build() {
                build()?;
            }
            oracle::run(&arguments)
        }
        Command::Roads(arguments) => {
            build()?;
            roads::ask(&arguments)
        }
        Command::SealProof(arguments) => {
            build()?;
            seal_proof::prove(&arguments)
        }
        Command::MutantsJs(arguments) => {
            build()?;
            mutants_js::ask(&arguments)
        }
        Command::Elementary => shell::run(shell::cargo().args([
            "test",
            "--release",
            "--package=wardian",
            "--package=wardian-kernels",
            "--lib",
            "--",
            "--ignored",
            "--nocapture",
            "for_every_argument",
            "for_very_many",
        ])),
        Command::Train { cases } => oracle::train(&cases),
        Command::Bless => oracle::bless(),
        Command::Docs => docs::build(),
        Command::Wheels => {
            let wheels::Wheels { native, any, shell } = wheels::build()?;
            println!("{}\n{}\n{}", native.display(), any.display(), shell.display());
            Ok(())
        }
        Command::WheelsProof => wheels::prove(),
        Command::Spark { rows } => wheels::spark(rows),
        Command::Audit { advisories } => audit::judge(advisories),
        Command::Licenses => licenses::write(),
        Command::Release(arguments) => release::run_release(&arguments),
        Command::Setup => {
            wasm::Toolchain::ready()?;
            wasm::bindgen()?;
            node::ready()?;
            browser::ready()?;
            engines::ready()?;
            python::ready()?;
            docs::ready()?;
            Ok(())
        }
    }
}

/// Builds the page and the package, and the command with the page's shell in it.
fn build() -> Result<()> {
    page::build()?;
    package::build()?;
    studio::build()?;
    seal::command(&["--features", "cli"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wants_the_page_finds_what_builds_it() {
        for word in ["build", "page"] {
            let arguments = Arguments::try_parse_from(["cargo xtask", word]).expect("a command");
            assert!(matches!(arguments.command, Command::Build), "{word}");
        }
    }
}
