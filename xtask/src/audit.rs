//! Licences and sources of all that is depended on, and the workflows of the public CI, judged by programs made for that.

use anyhow::{Context, Result, bail};

use crate::manifests::{CARGO, json, text, toml};
use crate::python;
use crate::shell::{command, program_of_crate, root, run_quietly};

const CARGO_DENY: &str = "0.20.2";

/// Judges them. `advisories` asks for known faults too, which are in a repository on the network.
pub(crate) fn judge(advisories: bool) -> Result<()> {
    let deny = program_of_crate("cargo-deny", CARGO_DENY, "", "judges licences and sources of crates; up to 5 min")?;
    for manifest in CARGO {
        let mut check = command(&deny);
        check
            .args(["--locked", "--log-level", "error", "--manifest-path", manifest, "--config"])
            .arg(root().join("deny.toml"));
        check.args(["check", "licenses", "bans", "sources"]).args(advisories.then_some("advisories"));
        run_quietly(&mut check).with_context(|| format!("the crates of {manifest}: cargo deny check says more"))?;
        println!(
            "{manifest}: licences, bans and sources{} are as deny.toml has them",
            if advisories { ", advisories" } else { "" }
        );
    }
    if !advisories {
        println!("known faults were not asked for: cargo xtask audit --advisories, which needs the network");
    }
    shipped_npm()?;
    let python = python::environment("audit-venv", "xtask/requirements-audit.txt", "what judges the workflows")?;
    run_quietly(command(python.with_file_name("zizmor")).args(["--offline", "--pedantic", ".github"]))
        .context("the workflows: zizmor --offline --pedantic .github says more")?;
    println!(".github: zizmor has nothing to say");
    Ok(())
}

/// The npm packages that are shipped within the page have licences that `deny.toml` allows.
fn shipped_npm() -> Result<()> {
    let allowed = toml("deny.toml")?;
    let allowed: Vec<&str> =
        allowed["licenses"]["allow"].as_array().into_iter().flatten().filter_map(toml::Value::as_str).collect();
    let lock = json("www/package-lock.json")?;
    let packages = lock["packages"].as_object().context("www/package-lock.json has no packages")?;
    let mut judged = 0;
    for (place, package) in packages.iter().filter(|(place, _)| !place.is_empty()) {
        let licence = text(&package["license"]);
        if !allowed.contains(&licence) {
            bail!("{place} of www/package-lock.json has the licence {licence:?}, which deny.toml does not allow");
        }
        judged += 1;
    }
    println!("www/package-lock.json: the licences of {judged} packages are as deny.toml has them");
    Ok(())
}
