//! Chrome or Chromium, and its driver.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::node;
use crate::shell::{command, install_debian_packages, run, target};

/// A browser and the driver of the same version.
pub(crate) struct Browser {
    /// The browser's program.
    pub(crate) program: PathBuf,
    /// Its WebDriver server.
    pub(crate) driver: PathBuf,
}

/// The browser, installed if need be. `CHROME` names another than those on the path.
pub(crate) fn ready() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    install_debian_packages(&["chromium", "chromium-driver"], "the page and the module are tested in a real browser")?;
    find().context("Chromium and chromedriver were installed, but are not on the path")
}

/// Pictures of the built page, and of a page of each kind that the built command seals, for looking at.
pub(crate) fn screenshots(folder: &Path) -> Result<()> {
    node::ready()?;
    let mut pictures = command("node");
    pictures.arg("tests/e2e/screenshots.mjs").arg(folder);
    pictures.env("WARDIAN_COMMAND", target().join("debug/wardian"));
    ready()?.lend_to(&mut pictures);
    run(&mut pictures)
}

/// The README's pictures, of what is built.
pub(crate) fn pictures() -> Result<()> {
    node::ready()?;
    let mut pictures = command("node");
    pictures.arg("tests/e2e/pictures.mjs");
    ready()?.lend_to(&mut pictures);
    run(&mut pictures)
}

fn find() -> Option<Browser> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let chosen = std::env::var_os("CHROME").map(PathBuf::from);
    let program = chosen.or_else(|| names.iter().find_map(|name| which::which(name).ok()))?;
    let driver = which::which("chromedriver").ok()?;
    // A driver refuses browsers of other major versions.
    (major(&program)? == major(&driver)?).then_some(Browser { program, driver })
}

fn major(program: &PathBuf) -> Option<String> {
    let output = command(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    version.split('.').next().map(str::to_owned)
}

impl Browser {
    /// Lets a command know of both.
    pub(crate) fn lend_to(&self, command: &mut Command) {
        command.env("WARDIAN_BROWSER", &self.program).env("CHROMEDRIVER", &self.driver);
    }
}
