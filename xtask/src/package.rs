//! The npm package: `npm` and a module that opens any model, put together in `target/package`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::shell::{command, root, run, run_quietly, say_building, target};
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

/// Where the module that trains is built, `train_bg.wasm` with its glue `train.js`: for the studio.
pub(crate) fn trainer() -> PathBuf {
    glued("train")
}

/// The packed shell, in the package.
const SHELL: &str = "wardian.shell";

/// Builds the package, and the shells that cases are set into: the command and the package carry them.
pub(crate) fn build() -> Result<()> {
    say_building("the npm package and its modules (the first time 5 min)");
    let bound = page::bound();
    // What links a module, and what makes it smaller, has work for one core each: these two are made beside the others.
    let new = std::thread::scope(|scope| {
        let glued = scope.spawn(|| GLUED.into_iter().try_for_each(|(kind, name)| with_glue(kind, name)));
        let new = page::assemble(Module::Any, &folder());
        let new = new.and_then(|new| page_shell(&new).map(|()| new));
        glued.join().unwrap_or_else(|_| bail!("a thread panicked"))?;
        new
    })?;
    for (_, name) in GLUED.into_iter().filter(|(kind, _)| *kind != Module::Train) {
        for file in [format!("{name}.js"), format!("{name}_bg.wasm")] {
            fs::copy(glued(name).join(&file), new.join(&file))?;
        }
    }
    for glue in ["convert.js", "measuring.js"] {
        fs::copy(new.join(glue), bound.join(glue))?;
    }
    run(command("node").arg("xtask/package.mjs").args([&bound, &new]))?;
    package_shell()?;
    seal::pack()?;
    fs::copy(root().join(seal::SHELL), new.join(SHELL))?;
    page::put(&new, &folder())
}

/// Makes the page's shell for any model of the same modules and scripts.
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
    page::put(&new, &shell)
}

/// Adds the parts of a package, which `xtask/package-shell.mjs` has made, to the shell for any model.
fn package_shell() -> Result<()> {
    let (parts, shell) = (target().join("package-shell"), seal::any());
    let place = shell.join("package");
    fs::create_dir_all(&place)?;
    for entry in fs::read_dir(parts.join("package"))?.flatten() {
        fs::copy(entry.path(), place.join(entry.file_name()))?;
    }
    said_more(&shell, "package", serde_json::from_slice(&fs::read(parts.join("package.json"))?)?)
}

/// Adds a member to what a shell says of itself.
fn said_more(shell: &Path, name: &str, value: serde_json::Value) -> Result<()> {
    let path = shell.join("shell.json");
    let mut said: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
    said[name] = value;
    Ok(fs::write(&path, serde_json::to_vec_pretty(&said)?)?)
}

/// Adds the module that a model is set into for databases.
fn add_module_for_databases(shell: &Path) -> Result<()> {
    let module = wasm::Toolchain::ready()?.build_module(Module::Udf)?;
    page::optimise(&module, &shell.join(UDF))?;
    said_more(shell, "udf", UDF.into())
}

/// The modules with glue of wasm-bindgen's own: those that read trainers' files, seal, and measure; and that of the studio, which trains.
const GLUED: [(Module, &str); 4] =
    [(Module::Convert, "convert"), (Module::Seal, "seal"), (Module::Measure, "measuring"), (Module::Train, "train")];

/// Where such a module is, and its glue.
fn glued(name: &str) -> PathBuf {
    target().join(format!("glued-{name}"))
}

/// Makes one of [`GLUED`].
fn with_glue(kind: Module, name: &str) -> Result<()> {
    let module = wasm::Toolchain::ready()?.build_module(kind)?;
    let bound = target().join(format!("bound-{name}"));
    run_quietly(
        command(wasm::bindgen()?.join("wasm-bindgen"))
            .args(["--target", "web", "--out-name", name, "--out-dir"])
            .arg(&bound)
            .arg(module),
    )?;
    let place = glued(name);
    fs::create_dir_all(&place)?;
    let wasm = format!("{name}_bg.wasm");
    let optimise = if matches!(kind, Module::Seal | Module::Train) { page::optimise_once } else { page::optimise };
    optimise(&bound.join(&wasm), &place.join(&wasm))?;
    fs::copy(bound.join(format!("{name}.js")), place.join(format!("{name}.js")))?;
    Ok(())
}
