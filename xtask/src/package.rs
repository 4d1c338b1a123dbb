//! The npm package: `npm` and a module that opens any model, put together in `target/package`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::page;
use crate::shell::{command, run_quietly, target};
use crate::wasm::{self, Module};

/// Where the package is built.
pub(crate) fn folder() -> PathBuf {
    target().join("package")
}

/// Builds the package.
pub(crate) fn build() -> Result<()> {
    let new = page::assemble(Module::Any, &folder())?;
    add_converter(&new)?;
    page::put(&new, &folder())
}

/// Adds the entries that have everything inside. `bound` has the sources of `npm`, `new` what is built so far.
pub(crate) fn add_entries(bound: &Path, new: &Path) -> Result<()> {
    fs::copy(new.join(page::MODULE), bound.join(page::MODULE))?;
    page::bundle(&bound.join("index.js"), &new.join("index.js"), &[])
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
    page::optimise(&bound.join("convert_bg.wasm"), &folder.join("convert_bg.wasm"))?;
    fs::copy(bound.join("convert.js"), folder.join("convert.js"))?;
    Ok(())
}
