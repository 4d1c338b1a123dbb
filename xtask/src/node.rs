//! Node and the packages that building and testing the page need.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::shell::{command, is_stamped, root, run_quietly, say};

const OLDEST: u32 = 20;

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

/// The folder of the installed packages: `binaryen` for `wasm-opt`, `playwright-core` for the page's tests.
pub(crate) fn ready() -> Result<PathBuf> {
    check()?;
    let folder = root().join("tests/e2e");
    let lock = fs::read_to_string(folder.join("package-lock.json")).context("tests/e2e/package-lock.json")?;
    let modules = folder.join("node_modules");
    let stamp = modules.join(".installed");
    if !is_stamped(&stamp, &lock) {
        say(
            "installing npm packages into tests/e2e (wasm-opt makes the module smaller, playwright-core drives the browser)",
        );
        run_quietly(command("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&folder))?;
        fs::write(&stamp, lock)?;
    }
    Ok(modules)
}
