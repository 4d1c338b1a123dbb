//! The page: `www` and a module that is sealed around the shipped model, put together in `www/dist`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::release::sha256;
use crate::shell::{command, root, run, run_quietly, say_building, target};
use crate::wasm::Module;
use crate::{node, seal, wasm};

/// Where the page is built.
pub(crate) fn folder() -> PathBuf {
    root().join("www/dist")
}

/// Where the page's build says which files are needed for what.
pub(crate) fn account() -> PathBuf {
    target().join("page.json")
}

/// Where a module and the sources of `npm` are put together.
pub(crate) fn bound() -> PathBuf {
    target().join("bound")
}

/// Builds the page: its shell around the sealed module, and the diabetes case set into it.
pub(crate) fn build() -> Result<()> {
    say_building("the page (the first time 3 min)");
    let shell = seal::around_the_shipped();
    let new = assemble(Module::Sealed, &shell)?;
    shell_of(&new, "sealed")?;
    put(&new, &shell)?;
    let new = folder().with_extension("new");
    seal::page(&root().join("models/diabetes"), &shell, &new)?;
    put(&new, &folder())?;
    account_for(&shell)
}

/// Makes the page's shell of a folder with modules and scripts.
pub(crate) fn shell_of(folder: &Path, kind: &str) -> Result<()> {
    for module in IN_SINGLE {
        pack(&fs::read(folder.join(module))?).context(module)?;
    }
    run_quietly(command("node").arg("xtask/page/build.mjs").arg(folder).arg(kind))?;
    Ok(())
}

/// Packs a module as the single file has it, in `target/packed` by its hash: a tenth of a minute each, and most stay as they are.
/// A file that is packed has no time and no name in it, and is the same however often it is made.
fn pack(module: &[u8]) -> Result<()> {
    let packed = target().join("packed").join(format!("{}.gz", sha256(module)));
    if packed.exists() {
        return Ok(());
    }
    let mut bytes = Vec::new();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, module, &mut bytes)?;
    fs::create_dir_all(target().join("packed"))?;
    // Whole, or not at all.
    let new = packed.with_extension("new");
    fs::write(&new, bytes)?;
    Ok(fs::rename(new, packed)?)
}

/// Writes down which files of the built page are needed for what: for the first answer, and offline.
fn account_for(shell: &Path) -> Result<()> {
    let said: Value = serde_json::from_slice(&fs::read(shell.join("shell.json"))?)?;
    let mut first = first_of(&said, "risk");
    first.push("index.html".into());
    first.sort();
    let later = names(&said, "/page/later");
    let mut offline = Vec::new();
    for (name, _) in seal::files_in(&folder())? {
        if name != SINGLE && !later.contains(&name) {
            offline.push(name);
        }
    }
    let lists = serde_json::json!({ "first": first, "offline": offline, "single": [SINGLE] });
    Ok(fs::write(account(), serde_json::to_vec_pretty(&lists)?)?)
}

/// What a page in English for this kind of answer needs before its first one, beside its HTML, by what its shell says.
pub(crate) fn first_of(said: &Value, kind: &str) -> Vec<String> {
    let places = [
        "/page/first".to_owned(),
        format!("/page/preload/kinds/{kind}"),
        "/page/preload/languages/en".to_owned(),
        format!("/page/preload/words/{kind}/en"),
    ];
    places.iter().flat_map(|place| names(said, place)).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The files that a shell names in this place.
fn names(said: &Value, place: &str) -> Vec<String> {
    let found = said.pointer(place).and_then(Value::as_array).into_iter().flatten();
    found.filter_map(|value| value.as_str().or_else(|| value["file"].as_str())).map(bare).collect()
}

/// A file's name without what an address has behind it.
fn bare(address: &str) -> String {
    address.split('?').next().unwrap_or(address).to_owned()
}

/// Puts a module and its scripts into a new folder, which is to replace `folder` once everything is in place.
pub(crate) fn assemble(kind: Module, folder: &Path) -> Result<PathBuf> {
    node::ready()?;
    let toolchain = wasm::Toolchain::ready()?;
    let bindgen = wasm::bindgen()?.join("wasm-bindgen");
    let module = toolchain.build_module(kind)?;
    let new = folder.with_extension("new");
    if new.exists() {
        fs::remove_dir_all(&new)?;
    }
    fs::create_dir_all(&new)?;
    let bound = bound();
    bind(&bindgen, &module, &bound)?;
    run_quietly(command("node").arg("xtask/flat.mjs").arg(root().join("npm")).arg(&bound))?;
    let explaining = match kind {
        Module::Sealed => Module::ExplainSealed,
        _ => Module::ExplainAny,
    };
    let shipped = (kind != Module::Sealed).then_some((Module::Sealed, SHIPPED_MODULE));
    let others = [(explaining, EXPLAIN_MODULE), (Module::Rows, ROWS_MODULE)].into_iter().chain(shipped);
    for (kind, name) in others.clone() {
        // Of the same name, so that all modules ask for the same glue; in a folder of its own.
        let own = target().join("bound-other");
        bind(&bindgen, &toolchain.build_module(kind)?, &own)?;
        fs::copy(own.join(MODULE), bound.join(name))?;
    }
    for module in others.map(|(_, name)| name).chain([MODULE]) {
        optimise(&bound.join(module), &new.join(module))?;
    }
    for (kind, name) in [(Module::Sheets, SHEETS_MODULE), (Module::Lines, LINES_MODULE)] {
        let own = target().join("bound-foreign");
        bind(&bindgen, &toolchain.build_module(kind)?, &own)?;
        optimise(&own.join(MODULE), &new.join(name))?;
    }
    for name in SCRIPTS {
        bundle(&bound.join(name), &new.join(name), &SCRIPTS)?;
    }
    Ok(new)
}

/// Puts a module and its glue, as [`MODULE`] and beside it, into a folder.
fn bind(bindgen: &Path, module: &Path, folder: &Path) -> Result<()> {
    let mut bind = command(bindgen);
    bind.args(["--target", "bundler", "--out-name", "engine", "--out-dir"]).arg(folder).arg(module);
    run_quietly(&mut bind).map(drop)
}

/// Replaces a folder whole by the new one.
pub(crate) fn put(new: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::rename(new, folder).with_context(|| folder.display().to_string())
}

/// Makes a module smaller. Its blocks and loops are made anew: a thirtieth fewer bytes after gzip, and batches take as long or less.
pub(crate) fn optimise(from: &Path, to: &Path) -> Result<()> {
    optimise_with(from, to, &[])
}

/// The same with options of its own.
pub(crate) fn optimise_with(from: &Path, to: &Path, options: &[&str]) -> Result<()> {
    let smallest = ["-Oz", "--flatten", "--rereloop", "-Oz", "--converge"];
    optimise_by(from, to, &[&smallest, options].concat())
}

/// Makes a module smaller that no page downloads before its first answer: in a minute less, where it is large.
pub(crate) fn optimise_once(from: &Path, to: &Path) -> Result<()> {
    optimise_by(from, to, &["-Oz"])
}

/// What is made smaller is kept in `target/optimised`, by the hash of all that it follows from: page and package have four modules in common,
/// and some take a minute.
fn optimise_by(from: &Path, to: &Path, options: &[&str]) -> Result<()> {
    let binaryen = node::ready()?.join("binaryen");
    let mut follows_from = fs::read(binaryen.join("package.json"))?;
    for option in SMALLER.iter().chain(options) {
        follows_from.extend_from_slice(option.as_bytes());
        follows_from.push(0);
    }
    follows_from.extend(fs::read(from).with_context(|| from.display().to_string())?);
    let kept = target().join("optimised");
    fs::create_dir_all(&kept)?;
    let kept = kept.join(format!("{}.wasm", sha256(&follows_from)));
    if !kept.exists() {
        // Whole, or not at all.
        let new = kept.with_extension("new");
        run_quietly(
            command("node")
                .arg(binaryen.join("bin/wasm-opt"))
                .arg(from)
                .args(SMALLER)
                .args(options)
                .arg("-o")
                .arg(&new),
        )?;
        fs::rename(&new, &kept)?;
    }
    fs::copy(&kept, to).with_context(|| to.display().to_string())?;
    Ok(())
}

/// How every module is made smaller.
const SMALLER: [&str; 12] = [
    // What Rust's compiler assumes of every engine, and the SIMD that we add.
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-producers",
    "--strip-target-features",
    "--traps-never-happen",
    "--low-memory-unused",
    // A large function put into its one caller is fewer bytes, but more after gzip, and the loops that are kept apart for the processor's
    // registers would come together again.
    "--one-caller-inline-max-function-size=30",
];

/// Makes one small script of a script and what it imports, but for the scripts that stand beside it.
pub(crate) fn bundle(from: &Path, to: &Path, beside: &[&str]) -> Result<()> {
    let tools = node::ready()?;
    run_quietly(
        command(tools.join("esbuild/bin/esbuild"))
            .arg(from)
            .args(["--bundle", "--format=esm", "--target=es2022", "--log-level=warning"])
            .args(beside.iter().map(|name| format!("--external:./{name}")))
            .args(["--external:node:*", "--loader:.wasm=binary", "--loader:.json=text"])
            .arg(format!("--outfile={}", to.display())),
    )?;
    run_quietly(
        command("node")
            .arg(tools.join("terser/bin/terser"))
            .arg(to)
            .args(["--module", "--compress", "passes=3,unsafe_arrows=true,pure_getters=true", "--mangle", "--output"])
            .arg(to),
    )?;
    Ok(())
}

/// What of `npm/` page and package have, each a script of its own.
const SCRIPTS: [&str; 8] =
    ["wardian.js", "rest.js", "pool.js", "worker.js", "explain.js", "card.js", "handle.js", "rows.js"];
pub(crate) const MODULE: &str = "engine_bg.wasm";
/// The page as one file.
const SINGLE: &str = "page.html";
pub(crate) const SHIPPED_MODULE: &str = "shipped_bg.wasm";
const EXPLAIN_MODULE: &str = "explain_bg.wasm";
const ROWS_MODULE: &str = "rows_bg.wasm";
const SHEETS_MODULE: &str = "sheets_bg.wasm";
const LINES_MODULE: &str = "lines_bg.wasm";
/// Those that the single file has within it.
const IN_SINGLE: [&str; 4] = [MODULE, EXPLAIN_MODULE, ROWS_MODULE, LINES_MODULE];

/// Prints what the built page's own module answers to the example.
pub(crate) fn show_example() -> Result<()> {
    run(command("node").arg("xtask/example.mjs").arg(folder()))
}
