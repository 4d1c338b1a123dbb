//! The native side of `cargo xtask roads`: which models are asked for which rows, and what a native program answers.
//!
//!     wardian-roads prepare OUTPUT MOST FOLDER...     writes OUTPUT/index.json and the rows that every road is asked for
//!     wardian-roads answer OUTPUT ROAD                prints one JSON line a model and way of asking: SHA-256 of the bits
//!     wardian-roads about                             prints the machine that this was compiled for
//!
//! `tests/roads/body.mjs` is the same in JavaScript; `xtask/src/roads.rs` compares the two.

mod answer;
mod prepare;
mod rows;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wardian-roads: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    match words {
        ["prepare", output, most, folders @ ..] => {
            let folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
            prepare::prepare(Path::new(output), most.parse().context("a count is due")?, &folders)
        }
        ["answer", output, road] => answer::answer(Path::new(output), road),
        ["about"] => {
            println!("{}", about());
            Ok(())
        }
        _ => bail!("prepare OUTPUT MOST FOLDER..., answer OUTPUT ROAD or about is due"),
    }
}

/// What settles which code runs: the name of a road is held against it, so that no road is taken for another.
fn about() -> String {
    // The same questions as the kernels ask: may the processor have wider vectors, and is shuffling sixteen bytes one instruction?
    let vectors = match cfg!(only_sixteen) {
        false => "as found",
        true if cfg!(any(target_feature = "ssse3", target_feature = "neon")) => "sixteen",
        true => "plain",
    };
    let library = if cfg!(target_env = "musl") { "musl" } else { "gnu" };
    format!("{} {library} {vectors}", std::env::consts::ARCH)
}
