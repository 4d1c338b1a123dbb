//! Bytes that nobody has thought of, for every reader of files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell::{command, program_of_crate, root, run, target};

const CARGO_FUZZ: &str = "0.13.2";
/// What an evaluator needs to be made of more than plain loops, as in `.cargo/config.toml`, whose flags cargo-fuzz sets
/// aside for its own.
const FLAGS: &str = if cfg!(target_arch = "x86_64") { "-C target-cpu=x86-64-v2" } else { "" };

/// Feeds each target for so many seconds; ends with the first input that it fails for.
pub(crate) fn run_targets(seconds: u32) -> Result<()> {
    let tool = program_of_crate("cargo-fuzz", CARGO_FUZZ, "drives libFuzzer; 1 min")?;
    for (name, seeds) in [("format", "wardian"), ("import", "json,ubj")] {
        let folder = target().join("fuzz").join(name);
        let (found, known) = (folder.join("found"), folder.join("known"));
        fs::create_dir_all(&found)?;
        fs::create_dir_all(&known)?;
        for ending in seeds.split(',') {
            for seed in golden(ending)? {
                let bytes = fs::read(&seed)?;
                // The target writes the header itself.
                let bytes = if ending == "wardian" { &bytes[16..] } else { &bytes };
                fs::write(known.join(seed.file_name().context("a file")?), bytes)?;
            }
        }
        println!("{name}: {seconds} s");
        run(command(&tool)
            .args(["fuzz", "run", "--target-dir"])
            .arg(target().join("fuzz/build"))
            .arg(name)
            .args([&found, &known])
            .args(["--", "-timeout=10", "-rss_limit_mb=2048", "-max_len=30000"])
            .arg(format!("-max_total_time={seconds}"))
            // The sanitizers' flags are unstable ones.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", FLAGS)
            .current_dir(root().join("fuzz")))?;
    }
    Ok(())
}

/// The golden files of this ending.
fn golden(ending: &str) -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(root().join("tests/golden"))?.map(|entry| Ok(entry?.path()));
    let files: Result<Vec<PathBuf>> = files.collect();
    Ok(files?.into_iter().filter(|file| file.extension() == Some(Path::new(ending).as_os_str())).collect())
}
