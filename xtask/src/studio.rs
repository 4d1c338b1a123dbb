//! The studio: `www/studio`, the module that seals, and the shell that it sets cases into, put together in `www/dist/studio`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell::{command, root, run_quietly, say_building, target};
use crate::{package, page, seal};

/// What it has of the package: modules, and the shell.
const PARTS: [&str; 4] = ["seal_bg.wasm", "sheets_bg.wasm", "lines_bg.wasm", "wardian.shell"];
/// The module that trains.
const TRAINER: &str = "train_bg.wasm";

/// Where it is in the built page.
pub(crate) fn folder() -> PathBuf {
    page::folder().join("studio")
}

/// Builds it of what the package was built of.
pub(crate) fn build() -> Result<()> {
    say_building("the studio (half a minute)");
    let new = target().join("studio");
    if new.exists() {
        fs::remove_dir_all(&new)?;
    }
    fs::create_dir_all(&new)?;
    for name in PARTS {
        copy(&package::folder().join(name), &new.join(name))?;
    }
    copy(&package::trainer().join(TRAINER), &new.join(TRAINER))?;
    // Glue of wasm-bindgen's own, for the worker.
    for (folder, name) in [(package::folder(), "seal.js"), (package::trainer(), "train.js")] {
        copy(&folder.join(name), &page::bound().join(name))?;
    }
    run_quietly(command("node").arg("xtask/page/studio.mjs").arg(&new).arg(page::bound()).arg(seal::any()))?;
    page::put(&new, &folder())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(drop).with_context(|| from.strip_prefix(root()).unwrap_or(from).display().to_string())
}
