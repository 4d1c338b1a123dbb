//! The npm package: `npm` and a module that opens any model, put together in `target/package`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::page;
use crate::shell::{command, run, run_quietly, target};
use crate::wasm::{self, Module};

/// Where the package is built.
pub(crate) fn folder() -> PathBuf {
    target().join("package")
}

/// The module that reads trainers' files.
pub(crate) const CONVERTER: &str = "convert_bg.wasm";

/// Builds the package.
pub(crate) fn build() -> Result<()> {
    let new = page::assemble(Module::Any, &folder())?;
    let bound = page::bound();
    add_converter(&new)?;
    fs::copy(new.join("convert.js"), bound.join("convert.js"))?;
    run(command("node").arg("xtask/package.mjs").args([&bound, &new]))?;
    page::put(&new, &folder())
}

/// Adds the module that reads trainers' files: `convert.js`, with glue of wasm-bindgen's own.
fn add_converter(folder: &Path) -> Result<()> {
    let module = wasm::Toolchain::ready()?.build_module(Module::Convert)?;
    let bound = target().join("bound-convert");
    run_quietly(
        command(wasm::bindgen()?.join("wasm-bindgen"))
            .args(["--target", "web", "--out-name", "convert", "--out-dir"])
            .arg(&bound)
            .arg(module),
    )?;
    page::optimise(&bound.join(CONVERTER), &folder.join(CONVERTER))?;
    fs::copy(bound.join("convert.js"), folder.join("convert.js"))?;
    Ok(())
}
