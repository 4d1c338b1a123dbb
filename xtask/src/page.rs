//! The page: `www` and the module, put together in `www/dist`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell::{command, root, run, run_quietly, say, target};
use crate::{node, wasm};

/// Whether the module must be made smaller after it is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Optimiser {
    /// It must.
    Required,
    /// If Node is there; the page works without.
    IfNode,
}

/// Where the page is built.
pub(crate) fn folder() -> PathBuf {
    root().join("www/dist")
}

/// Builds the page. The folder is replaced whole, once everything is in place.
pub(crate) fn build(optimiser: Optimiser) -> Result<()> {
    let toolchain = wasm::Toolchain::ready()?;
    let bindgen = wasm::bindgen()?.join("wasm-bindgen");
    let module = toolchain.build_module()?;
    let glue = target().join("wardian-web");
    run_quietly(
        command(bindgen).args(["--target", "web", "--out-name", "engine", "--out-dir"]).arg(&glue).arg(module),
    )?;
    let new = root().join("www/dist.new");
    if new.exists() {
        fs::remove_dir_all(&new)?;
    }
    copy_sources(&root().join("www"), &new)?;
    let npm = root().join("npm");
    let scripts: Vec<(PathBuf, PathBuf)> =
        [(&glue, "engine.js"), (&npm, "wardian.js"), (&npm, "rest.js"), (&npm, "pool.js"), (&npm, "worker.js")]
            .into_iter()
            .map(|(folder, name)| (folder.join(name), new.join(name)))
            .collect();
    let (compiled, shipped) = (glue.join("engine_bg.wasm"), new.join("engine_bg.wasm"));
    match (optimiser, node::check()) {
        (Optimiser::IfNode, Err(error)) => {
            say(&format!("{error:#}; the page is built with a larger module"));
            fs::copy(&compiled, &shipped)?;
            for (source, shipped) in scripts {
                fs::copy(source, shipped)?;
            }
        }
        (_, found) => {
            found?;
            optimise(&compiled, &shipped)?;
            for (source, shipped) in scripts {
                minify(&source, &shipped)?;
            }
        }
    }
    if folder().exists() {
        fs::remove_dir_all(folder())?;
    }
    fs::rename(&new, folder()).context("www/dist")?;
    Ok(())
}

fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, name) = (entry.path(), entry.file_name());
        if name.to_string_lossy().starts_with("dist") {
            continue;
        }
        if source.is_dir() {
            copy_sources(&source, &to.join(name))?;
        } else {
            fs::copy(&source, to.join(name))?;
        }
    }
    Ok(())
}

fn optimise(from: &Path, to: &Path) -> Result<()> {
    let wasm_opt = node::ready()?.join("binaryen/bin/wasm-opt");
    run_quietly(
        command("node")
            .arg(wasm_opt)
            .arg(from)
            // What Rust's compiler assumes of every engine, and the SIMD that we add.
            .args(["--enable-simd", "--enable-bulk-memory", "--enable-nontrapping-float-to-int"])
            .args(["--enable-sign-ext", "--enable-mutable-globals", "--enable-reference-types"])
            .args(["--enable-multivalue", "--strip-producers", "--strip-target-features"])
            .args(["-Oz", "--gufa-optimizing", "-Oz", "--converge", "-o"])
            .arg(to),
    )?;
    Ok(())
}

fn minify(from: &Path, to: &Path) -> Result<()> {
    let terser = node::ready()?.join("terser/bin/terser");
    run_quietly(
        command("node")
            .arg(terser)
            .arg(from)
            .args(["--module", "--compress", "passes=3,unsafe_arrows=true,pure_getters=true", "--mangle", "--output"])
            .arg(to),
    )?;
    Ok(())
}

/// Prints what the built page's own module answers to the example, if Node is there to ask it.
pub(crate) fn show_example() -> Result<()> {
    if let Err(error) = node::check() {
        say(&format!("{error:#}; open the page to see the example's prediction"));
        return Ok(());
    }
    run(command("node").arg("xtask/example.mjs").arg(folder()))
}
