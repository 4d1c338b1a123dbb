//! The npm package: `npm` and a module that opens any model, put together in `target/package`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::shell::{command, run, run_quietly, target};
use crate::wasm::{self, Module};
use crate::{page, seal};

/// Where the package is built.
pub(crate) fn folder() -> PathBuf {
    target().join("package")
}

/// The module for databases.
const UDF: &str = "udf.wasm";

/// The module that reads trainers' files.
pub(crate) const CONVERTER: &str = "convert_bg.wasm";

/// Builds the package.
pub(crate) fn build() -> Result<()> {
    let new = page::assemble(Module::Any, &folder())?;
    let bound = page::bound();
    page_shell(&new)?;
    add_converter(&new)?;
    fs::copy(new.join("convert.js"), bound.join("convert.js"))?;
    run(command("node").arg("xtask/package.mjs").args([&bound, &new]))?;
    page::put(&new, &folder())
}

/// Makes the page's shell for any model of the same modules and scripts, and has the command carry it.
fn page_shell(folder: &Path) -> Result<()> {
    let shell = seal::any();
    let new = shell.with_extension("new");
    if new.exists() {
        fs::remove_dir_all(&new)?;
    }
    fs::create_dir_all(&new)?;
    for entry in fs::read_dir(folder)?.flatten() {
        if entry.file_name() != page::SHIPPED_MODULE {
            fs::copy(entry.path(), new.join(entry.file_name()))?;
        }
    }
    page::shell_of(&new, "any")?;
    add_module_for_databases(&new)?;
    page::put(&new, &shell)?;
    seal::pack()
}

/// Adds the module that a model is set into for databases.
fn add_module_for_databases(shell: &Path) -> Result<()> {
    let module = wasm::Toolchain::ready()?.build_module(Module::Udf)?;
    page::optimise(&module, &shell.join(UDF))?;
    let path = shell.join("shell.json");
    let mut said: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
    said["udf"] = UDF.into();
    Ok(fs::write(&path, serde_json::to_vec_pretty(&said)?)?)
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
