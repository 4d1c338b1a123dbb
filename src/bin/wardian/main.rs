//! The command line `wardian`.

mod back;
mod card;
mod columnar;
mod convert;
mod explain;
mod figures;
mod files;
mod format;
mod inspect;
mod predict;
mod question;
mod reading;
mod rows;
mod seal;
mod sources;
mod train;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Gradient-boosted trees in a sealed case: the trainer's own answer, bit for bit. This is the program of Rust; the
/// packages of Python and of npm have smaller commands of the same name.
#[derive(Parser)]
#[command(name = "wardian", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Predict one row, or every row of a file
    Predict(predict::Arguments),
    /// Say what each feature adds to one prediction, or to every one of a file
    Explain(explain::Arguments),
    /// Say how good and how sure a model's answers are, by rows with labels that it was not trained on
    Figures(figures::Arguments),
    /// Show what is inside a model file
    Inspect(inspect::Arguments),
    /// Print the shipped model's card, or what is known of another model
    Card(card::Arguments),
    /// Turn any supported model into a .wardian file
    Convert(convert::Arguments),
    /// Seal a model, and what its case says of it, into a page, a package or a module
    Seal(seal::Arguments),
    /// Train a model on a CSV file, in pure Rust
    Train(train::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Predict(arguments) => predict::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Figures(arguments) => figures::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Card(arguments) => card::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Seal(arguments) => seal::run(&arguments),
        Command::Train(arguments) => train::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output has had enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wardian: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
