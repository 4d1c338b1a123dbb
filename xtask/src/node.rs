//! Node and the packages that building and testing the page need.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::shell::{alone, command, is_stamped, root, run_quietly, say};

/// The oldest major version that builds and tests take.
pub(crate) const OLDEST: u32 = 20;

/// Whether a Node that is new enough is on the path.
pub(crate) fn check() -> Result<()> {
    let missing = || format!("Node {OLDEST} or later is needed; install it and put it on the path");
    let output = command("node").arg("--version").output().with_context(missing)?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST) {
        bail!("{}; found {version:?}", missing());
    }
    Ok(())
}

/// The folder of the installed tools: `binaryen` for `wasm-opt`, `esbuild`, `playwright-core` and others for the tests.
/// What the page itself is made of is installed beside it.
pub(crate) fn ready() -> Result<PathBuf> {
    check()?;
    install("www", "what the page is made of: preact, workbox-precaching")?;
    install("tests/e2e", "wasm-opt makes the module smaller, playwright-core drives the browser")
}

/// Installs the packages that a folder's lock file names into its `node_modules`, if they are not there yet.
pub(crate) fn install(folder: &str, purpose: &str) -> Result<PathBuf> {
    let inside = root().join(folder);
    let lock =
        fs::read_to_string(inside.join("package-lock.json")).with_context(|| format!("{folder}/package-lock.json"))?;
    let modules = inside.join("node_modules");
    let stamp = modules.join(".installed");
    let _alone = alone("npm-packages")?;
    if !is_stamped(&stamp, &lock) {
        say(&format!("installing npm packages into {folder} ({purpose})"));
        run_quietly(command("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&inside))?;
        fs::write(&stamp, lock)?;
    }
    Ok(modules)
}
