//! What a visitor downloads, and the budgets for it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::{package, page, seal};

pub(crate) mod converter;

/// A part of what is downloaded, and the most bytes that it may have after gzip.
struct Part {
    purpose: &'static str,
    files: Files,
    budget: usize,
}

/// Which files a part has.
enum Files {
    Named(&'static [&'static str]),
    /// Those of a list in what the page's build says of itself.
    Listed(&'static str),
}

const PARTS: [Part; 6] = [
    // The module with the model inside it, and the API with its glue in it.
    Part { purpose: "to predict", files: Files::Named(&["engine_bg.wasm", "wardian.js"]), budget: 20_000 },
    // The module with the covers inside it, and its API: for who asks why.
    Part { purpose: "to explain as well", files: Files::Named(&["explain_bg.wasm", "explain.js"]), budget: 15_000 },
    // The module alone, the same on the page and in the package: for who has a file.
    Part { purpose: "to read files of rows", files: Files::Named(&["rows_bg.wasm"]), budget: 40_000 },
    // HTML, style, scripts, the words of one language, module: all before the first prediction is shown.
    Part { purpose: "the page's first load", files: Files::Listed("first"), budget: 40_651 },
    Part { purpose: "the page, kept offline", files: Files::Listed("offline"), budget: 250_000 },
    Part { purpose: "the page in one file", files: Files::Listed("single"), budget: 400_000 },
];

/// Prints the bytes of each file of the built page.
pub(crate) fn print() -> Result<()> {
    measure().map(|_| ())
}

/// The module that reads all trainers' files: fetched by who converts in JavaScript. It is to come to 150 × 1024; `docs/SIZE.md` says what
/// stands between.
const CONVERTER_BUDGET: usize = 252_000;

/// Prints them, and fails if a part takes more than its budget.
pub(crate) fn check() -> Result<()> {
    let converter = packed(&fs::read(package::folder().join(package::CONVERTER))?)?;
    println!("to convert: {converter} of {CONVERTER_BUDGET}");
    if converter > CONVERTER_BUDGET {
        bail!("the module that converts is {converter} bytes after gzip; the budget is {CONVERTER_BUDGET}");
    }
    for (Part { purpose, budget, .. }, total) in PARTS.iter().zip(measure()?) {
        if total > *budget {
            bail!("{purpose}, {total} bytes are downloaded; the budget is {budget}");
        }
    }
    Ok(())
}

/// How many bytes are left after gzip.
fn packed(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// Prints the bytes of each file and part; those of the parts after gzip.
fn measure() -> Result<Vec<usize>> {
    let mut sizes = BTreeMap::new();
    for (name, bytes) in seal::files_in(&page::folder())? {
        sizes.insert(name, (bytes.len(), packed(&bytes)?));
    }
    println!("{:24} {:>8} {:>8}", "file", "bytes", "gzip -9");
    for (name, (bytes, compressed)) in &sizes {
        println!("{name:24} {bytes:>8} {compressed:>8}");
    }
    let account = fs::read(page::account()).context("the page's build says nothing of itself")?;
    let lists: BTreeMap<String, Vec<String>> = serde_json::from_slice(&account)?;
    let mut totals = Vec::new();
    for Part { purpose, files, budget } in &PARTS {
        let names: Vec<&str> = match files {
            Files::Named(names) => names.to_vec(),
            Files::Listed(list) => lists.get(*list).context(*list)?.iter().map(String::as_str).collect(),
        };
        let mut total = 0;
        for name in names {
            total += sizes.get(name).with_context(|| format!("{name} was not built"))?.1;
        }
        println!("{purpose:24} {:>8} {total:>8} of {budget}", "");
        totals.push(total);
    }
    Ok(totals)
}
