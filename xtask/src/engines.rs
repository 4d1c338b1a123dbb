//! Firefox and WebKit, and the journeys of the page's readers in them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::node;
use crate::shell::{command, install_debian_packages, program_of_crate, target};

const GECKODRIVER: &str = "0.37.0";
const WHY: &str = "the page's readers have Firefox and Safari as well";

/// What drives each, installed if need be.
pub(crate) struct Engines {
    firefox: PathBuf,
    geckodriver: PathBuf,
    webkit_driver: PathBuf,
    /// WebKitGTK's own browser: Safari's engine, and little else.
    mini_browser: PathBuf,
    /// A display that nobody looks at: this browser has no other way to run.
    display: PathBuf,
}

/// The tests of the built page, and of the cases' pages that the built command seals, in both.
pub(crate) fn journeys() -> Result<Command> {
    node::ready()?;
    let mut tests = command("node");
    tests.args(["--test", "--test-reporter=spec"]);
    tests.args(["journeys", "cases", "studio"].map(|name| format!("tests/e2e/engines/{name}.mjs")));
    tests.env("WARDIAN_COMMAND", target().join("debug/wardian"));
    ready()?.lend_to(&mut tests);
    Ok(tests)
}

impl Engines {
    /// Lets a command know of all of them.
    pub(crate) fn lend_to(&self, command: &mut Command) {
        command
            .env("WARDIAN_FIREFOX", &self.firefox)
            .env("GECKODRIVER", &self.geckodriver)
            .env("WEBKIT_DRIVER", &self.webkit_driver)
            .env("WEBKIT_BROWSER", &self.mini_browser)
            .env("XVFB", &self.display);
    }
}

/// All of them, installed if need be.
pub(crate) fn ready() -> Result<Engines> {
    let missing: Vec<&str> = [
        ("firefox-esr", firefox().is_none()),
        ("webkit2gtk-driver", which::which("WebKitWebDriver").is_err() || mini_browser().is_none()),
        ("xvfb", which::which("Xvfb").is_err()),
    ]
    .into_iter()
    .filter_map(|(package, is_missing)| is_missing.then_some(package))
    .collect();
    if !missing.is_empty() {
        install_debian_packages(&missing, WHY)?;
    }
    let installed = "was installed, but is not found";
    Ok(Engines {
        firefox: firefox().with_context(|| format!("Firefox {installed}"))?,
        geckodriver: geckodriver()?,
        webkit_driver: which::which("WebKitWebDriver").with_context(|| format!("WebKitWebDriver {installed}"))?,
        mini_browser: mini_browser().with_context(|| format!("WebKit's MiniBrowser {installed}"))?,
        display: which::which("Xvfb").with_context(|| format!("Xvfb {installed}"))?,
    })
}

fn firefox() -> Option<PathBuf> {
    ["firefox-esr", "firefox"].iter().find_map(|name| which::which(name).ok())
}

/// `/usr/lib/<machine>/webkit2gtk-4.1/MiniBrowser`: it is on nobody's path.
fn mini_browser() -> Option<PathBuf> {
    let machines = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    machines
        .chain([PathBuf::from("/usr/libexec"), PathBuf::from("/usr/lib")])
        .map(|folder| folder.join("webkit2gtk-4.1/MiniBrowser"))
        .find(|program| program.is_file())
}

/// Firefox's driver: one on the path, or one in target/tools. Debian has none.
fn geckodriver() -> Result<PathBuf> {
    let own = target().join("tools/bin/geckodriver");
    if !own.is_file()
        && let Ok(found) = which::which("geckodriver")
    {
        return Ok(found);
    }
    program_of_crate("geckodriver", GECKODRIVER, "", &format!("{WHY}; up to 5 min"))
}
