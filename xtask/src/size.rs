//! What a visitor downloads to predict, and the budget for it.

use std::fs;
use std::io::Write;

use anyhow::{Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::page;

/// The most bytes, after gzip, of what predicting takes: the module with the model inside it, and the API with its glue in it.
const BUDGET: usize = 20_000;

const NEEDED: [&str; 2] = ["engine_bg.wasm", "wardian.js"];

/// Prints the bytes of each file of the built page.
pub(crate) fn print() -> Result<()> {
    measure().map(|_| ())
}

/// Prints them, and fails if predicting takes more than the budget.
pub(crate) fn check() -> Result<()> {
    let total = measure()?;
    if total > BUDGET {
        bail!("predicting downloads {total} bytes; the budget is {BUDGET}");
    }
    Ok(())
}

fn measure() -> Result<usize> {
    let mut names: Vec<String> =
        fs::read_dir(page::folder())?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort_by_key(|name| (!NEEDED.contains(&name.as_str()), name.clone()));
    println!("{:24} {:>8} {:>8}", "file", "bytes", "gzip -9");
    let mut total = 0;
    for name in names {
        let bytes = fs::read(page::folder().join(&name))?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        let compressed = encoder.finish()?.len();
        println!("{name:24} {:>8} {compressed:>8}", bytes.len());
        if NEEDED.contains(&name.as_str()) {
            total += compressed;
        }
    }
    println!("{:24} {:>8} {total:>8} of {BUDGET}", "to predict", "");
    Ok(total)
}
