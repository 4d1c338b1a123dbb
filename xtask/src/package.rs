//! The npm package: `npm` and a module that opens any model, put together in `target/package`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::page;
use crate::shell::{command, root, run, target};
use crate::wasm::Module;

/// Where the package is built.
pub(crate) fn folder() -> PathBuf {
    target().join("package")
}

/// Builds the package.
pub(crate) fn build() -> Result<()> {
    let new = page::assemble(Module::Any, &folder())?;
    let bound = page::bound();
    add_converter(&new)?;
    fs::copy(new.join("convert.js"), bound.join("convert.js"))?;
    fs::copy(root().join("models/diabetes/card.page.json"), bound.join("card.page.json"))?;
    run(command("node").arg("xtask/package.mjs").args([&bound, &new]))?;
    page::put(&new, &folder())
}

/// Adds the module that reads trainers' files: `convert.js`, with glue of wasm-bindgen's own.
fn add_converter(folder: &Path) -> Result<()> {
    let bound = page::bind_with_objects(Module::Convert, "convert", folder)?;
    fs::copy(bound, folder.join("convert.js"))?;
    Ok(())
}
