//! What a visitor downloads, and the budgets for it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::{package, page, seal};

pub(crate) mod converter;

/// A part of what is downloaded, and the most bytes that it may have after gzip.
struct Part {
    /// What documents call it.
    name: &'static str,
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

impl Part {
    /// The paths of its files in the page's folder.
    fn names(&self) -> Result<Vec<String>> {
        match self.files {
            Files::Named(names) => Ok(names.iter().map(|name| (*name).to_owned()).collect()),
            Files::Listed(list) => {
                let account = fs::read(page::account()).context("the page's build says nothing of itself")?;
                let mut lists: BTreeMap<String, Vec<String>> = serde_json::from_slice(&account)?;
                lists.remove(list).context(list)
            }
        }
    }
}

const PARTS: [Part; 6] = [
    // The module with the model inside it, and the API with its glue in it.
    Part {
        name: "predict",
        purpose: "to predict",
        files: Files::Named(&["engine_bg.wasm", "wardian.js"]),
        budget: 20_000,
    },
    // The module with the covers inside it, and its API: for who asks why.
    Part {
        name: "explain",
        purpose: "to explain as well",
        files: Files::Named(&["explain_bg.wasm", "explain.js"]),
        budget: 15_000,
    },
    // The module alone, the same on the page and in the package: for who has a file.
    Part { name: "rows", purpose: "to read files of rows", files: Files::Named(&["rows_bg.wasm"]), budget: 40_500 },
    // HTML, style, scripts, the words of one language, module: all before the first prediction is shown.
    Part { name: "first-load", purpose: "the page's first load", files: Files::Listed("first"), budget: 40_651 },
    Part { name: "offline", purpose: "the page, kept offline", files: Files::Listed("offline"), budget: 274_000 },
    Part { name: "single", purpose: "the page in one file", files: Files::Listed("single"), budget: 215_000 },
];

/// The page of any case, which is set into what is measured here: its one file.
const ANY_SINGLE_BUDGET: usize = 220_500;
/// And its first load, in English, of the kind of answer that takes most.
const ANY_FIRST_BUDGET: usize = 86_000;

/// Prints the bytes of each file of the built page, and of the page of any case.
pub(crate) fn print() -> Result<()> {
    measure()?;
    if seal::any().exists() { measure_any().map(|_| ()) } else { Ok(()) }
}

/// The module that reads all trainers' files: fetched by who converts in JavaScript. It is to come to 150 × 1024; `docs/SIZE.md` says what
/// stands between.
const CONVERTER_BUDGET: usize = 254_500;

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
    for (purpose, total, budget) in measure_any()? {
        if total > budget {
            bail!("{purpose} is {total} bytes after gzip, without the case; the budget is {budget}");
        }
    }
    Ok(())
}

/// How big a file is, or the files of a part together.
pub(crate) struct Measured {
    pub(crate) bytes: usize,
    /// After gzip -9.
    pub(crate) packed: usize,
    /// The most that a test lets it have after gzip.
    pub(crate) budget: Option<usize>,
}

/// Every part by its name, every file of the page by its path, and those of the npm package below `package/`.
pub(crate) fn measured() -> Result<BTreeMap<String, Measured>> {
    let mut all = BTreeMap::new();
    for (before, folder) in [("", page::folder()), ("package/", package::folder())] {
        for (name, bytes) in seal::files_in(&folder)? {
            let packed = packed(&bytes)?;
            all.insert(format!("{before}{name}"), Measured { bytes: bytes.len(), packed, budget: None });
        }
    }
    for part in &PARTS {
        let (mut bytes, mut packed) = (0, 0);
        for name in part.names()? {
            let file = all.get(&name).with_context(|| format!("{name} was not built"))?;
            bytes += file.bytes;
            packed += file.packed;
        }
        all.insert(part.name.to_owned(), Measured { bytes, packed, budget: Some(part.budget) });
    }
    for (name, (_, packed, budget)) in ["any-single", "any-first-load"].into_iter().zip(measure_any()?) {
        all.insert(name.to_owned(), Measured { bytes: packed, packed, budget: Some(budget) });
    }
    if let Some(converter) = all.get_mut(&format!("package/{}", package::CONVERTER)) {
        converter.budget = Some(CONVERTER_BUDGET);
    }
    Ok(all)
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
    let mut totals = Vec::new();
    for part in &PARTS {
        let mut total = 0;
        for name in part.names()? {
            total += sizes.get(&name).with_context(|| format!("{name} was not built"))?.1;
        }
        let Part { purpose, budget, .. } = part;
        println!("{purpose:24} {:>8} {total:>8} of {budget}", "");
        totals.push(total);
    }
    Ok(totals)
}

/// Prints the bytes after gzip of the page of any case, before a case is set into it.
fn measure_any() -> Result<[(&'static str, usize, usize); 2]> {
    let folder = seal::any();
    let file = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).with_context(|| path.display().to_string()).and_then(|bytes| packed(&bytes))
    };
    let said: Value =
        serde_json::from_slice(&fs::read(folder.join("shell.json")).context("a page for any case is not built")?)?;
    let place =
        |name: &str| said.pointer(name).and_then(Value::as_str).with_context(|| format!("the shell has no {name}"));
    let single = file(place("/page/single")?)?;
    let mut first = 0;
    for kind in said.pointer("/page/preload/kinds").and_then(Value::as_object).context("kinds")?.keys() {
        let mut total = file(place("/page/index")?)?;
        for name in page::first_of(&said, kind) {
            total += file(&name)?;
        }
        first = first.max(total);
    }
    let parts = [
        ("any case's page in one file", single, ANY_SINGLE_BUDGET),
        ("any case's first load", first, ANY_FIRST_BUDGET),
    ];
    for (purpose, total, budget) in parts {
        println!("{purpose:33} {total:>8} of {budget}");
    }
    Ok(parts)
}
