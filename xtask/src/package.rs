//! The npm package: `npm` and a module that opens any model, put together in `target/package`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::page::{self, Optimiser};
use crate::shell::{command, run_quietly, target};
use crate::wasm::{self, Module};

/// Where the package is built.
pub(crate) fn folder() -> PathBuf {
    target().join("package")
}

/// Builds the package.
pub(crate) fn build() -> Result<()> {
    page::assemble(Module::Any, None, &folder(), Optimiser::Required)?;
    add_converter(&folder())
}

/// The command line's scripts, which are nobody's download: they stay as they are.
const COMMAND_LINE: [&str; 3] = ["bin.js", "files.js", "serve.js"];

/// Adds the entries that have everything inside, and the command line. `bound` has the sources of `npm`, `new` what is built so far.
pub(crate) fn add_entries(bound: &Path, new: &Path) -> Result<()> {
    fs::copy(new.join(page::MODULE), bound.join(page::MODULE))?;
    for name in COMMAND_LINE {
        fs::copy(bound.join(name), new.join(name))?;
    }
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
