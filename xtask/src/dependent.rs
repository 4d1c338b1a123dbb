//! The crates as a registry would hand them out, in a crate that depends on them: nothing of this workspace reaches it, no flags least of
//! all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::shell::{cargo, command, root, run_quietly, target};

/// What the crate that depends on them must print, whatever its processor has.
const ANSWER: &str = "0.10455212";

/// Packages both crates, builds a crate that depends on the packages, and runs it.
pub(crate) fn check() -> Result<()> {
    let outside = outside()?;
    let checked = check_in(&outside);
    if outside.exists() {
        fs::remove_dir_all(outside)?;
    }
    checked
}

fn check_in(outside: &Path) -> Result<()> {
    let folder = target().join("dependent");
    let packed = folder.join("target/package");
    run_quietly(
        cargo()
            .args(["package", "--quiet", "--no-verify", "--allow-dirty", "-p", "wardian-kernels", "-p", "wardian"])
            .arg("--target-dir")
            .arg(folder.join("target")),
    )?;
    for name in ["wardian", "wardian-kernels"] {
        let version = version_of(name)?;
        let unpacked = outside.join(name);
        fs::create_dir_all(&unpacked)?;
        let file = packed.join(format!("{name}-{version}.crate"));
        run_quietly(command("tar").arg("-xzf").arg(&file).args(["--strip-components=1", "-C"]).arg(&unpacked))
            .with_context(|| format!("unpacking {}", file.display()))?;
    }
    let consumer = outside.join("dependent");
    fs::create_dir_all(consumer.join("src"))?;
    fs::write(consumer.join("Cargo.toml"), include_str!("../dependent/dependent.toml"))?;
    fs::write(consumer.join("src/main.rs"), include_str!("../dependent/main.rs"))?;
    // The versions that everything else here was tested with; those that only the rest needs are dropped.
    fs::copy(root().join("Cargo.lock"), consumer.join("Cargo.lock"))?;
    let mut run = cargo();
    run.current_dir(&consumer).args(["run", "--quiet", "--release", "--target-dir"]).arg(folder.join("built"));
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"] {
        run.env_remove(variable);
    }
    let output = run_quietly(&mut run)?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(said.trim().ends_with(ANSWER), "the packaged crate said {said:?}, which does not end in {ANSWER}");
    println!("the packaged crate, without flags: {}", said.trim());
    Ok(())
}

/// A folder that the configuration of this repository does not reach.
fn outside() -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("wardian-dependent-{}", std::process::id()));
    ensure!(!folder.starts_with(root()), "{} is inside the repository", folder.display());
    Ok(folder)
}

fn version_of(name: &str) -> Result<String> {
    let output = run_quietly(cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let version =
        packages.iter().find(|package| package["name"] == name).and_then(|package| package["version"].as_str());
    Ok(version.with_context(|| format!("no package {name}"))?.to_owned())
}
