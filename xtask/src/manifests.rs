//! What the project's manifests ask for: of Cargo, npm and Python.

#[cfg(test)]
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell::root;
#[cfg(test)]
use crate::shell::{cargo, run_quietly};

/// The manifests that head a workspace of their own.
pub(crate) const CARGO: [&str; 3] = ["Cargo.toml", "python/Cargo.toml", "fuzz/Cargo.toml"];

/// The folders of npm's packages. The first is what the page is made of; the others only build, test, compare and show.
#[cfg(test)]
pub(crate) const NPM: [&str; 10] = [
    "www",
    "tests/e2e",
    "tests/package",
    "tests/mutants",
    "docs",
    "benches",
    "benches/first-load",
    "examples/vite",
    "examples/next",
    "examples/extension",
];

/// The Python packages.
pub(crate) const PYTHON: [&str; 2] = ["python/pyproject.toml", "python/shell/pyproject.toml"];

/// What depends on what, by the names of what is depended on: each with the manifests that ask for it.
#[cfg(test)]
pub(crate) type Asked = BTreeMap<String, BTreeSet<String>>;

/// What Cargo says of a workspace: its members alone, or with all that they depend on, for the machines that are tested.
#[cfg(test)]
pub(crate) fn cargo_metadata(manifest: &str, with_dependencies: bool) -> Result<Value> {
    let mut metadata = cargo();
    metadata.args(["metadata", "--format-version=1", "--locked", "--manifest-path", manifest]);
    if with_dependencies {
        metadata.args(["--all-features", "--filter-platform=x86_64-unknown-linux-gnu"]);
        metadata.arg("--filter-platform=wasm32-unknown-unknown");
    } else {
        metadata.arg("--no-deps");
    }
    let output = run_quietly(&mut metadata).with_context(|| format!("cargo metadata of {manifest}"))?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A list in JSON; nothing is none.
pub(crate) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A text in JSON; nothing is an empty one.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A TOML file of the repository.
pub(crate) fn toml(path: &str) -> Result<toml::Table> {
    fs::read_to_string(root().join(path)).context(path.to_owned())?.parse().with_context(|| path.to_owned())
}

/// A JSON file of the repository.
pub(crate) fn json(path: impl AsRef<Path>) -> Result<Value> {
    let place = || path.as_ref().display().to_string();
    serde_json::from_slice(&fs::read(root().join(&path)).with_context(place)?).with_context(place)
}

/// The crates that members of the workspaces ask for, but for each other.
#[cfg(test)]
pub(crate) fn crates() -> Result<Asked> {
    let mut asked = Asked::new();
    for manifest in CARGO {
        let metadata = cargo_metadata(manifest, false)?;
        for package in list(&metadata["packages"]) {
            for dependency in list(&package["dependencies"]).filter(|dependency| dependency["path"].is_null()) {
                let of = asked.entry(text(&dependency["name"]).to_owned()).or_default();
                of.insert(text(&package["name"]).to_owned());
            }
        }
    }
    Ok(asked)
}

/// The npm packages that are asked for, whatever they are called here.
#[cfg(test)]
pub(crate) fn npm_packages() -> Result<Asked> {
    let mut asked = Asked::new();
    for folder in NPM {
        let manifest = json(Path::new(folder).join("package.json"))?;
        for kind in ["dependencies", "devDependencies"] {
            for (name, version) in manifest[kind].as_object().into_iter().flatten() {
                // `"own": "npm:name@1"` is `name`.
                let name = text(version)
                    .strip_prefix("npm:")
                    .and_then(|real| real.rsplit_once('@'))
                    .map_or(&**name, |real| real.0);
                asked.entry(name.to_owned()).or_default().insert(folder.to_owned());
            }
        }
    }
    Ok(asked)
}

/// What the Python packages need, and what builds them, but for each other.
#[cfg(test)]
pub(crate) fn python_packages() -> Result<Asked> {
    let mut asked = Asked::new();
    for path in PYTHON {
        let manifest = toml(path)?;
        let of = |table: &str, member: &str| {
            manifest[table].get(member).and_then(toml::Value::as_array).cloned().unwrap_or_default()
        };
        for said in of("build-system", "requires").into_iter().chain(of("project", "dependencies")) {
            let said = said.as_str().context("a requirement is a text")?.to_owned();
            let name = said.split(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '_').next();
            asked.entry(name.unwrap_or_default().to_owned()).or_default().insert(path.to_owned());
        }
    }
    asked.remove("wardian-shell");
    // `xtask/src/wheels.rs` adds it to the wheel with WebAssembly.
    asked.entry("wasmtime".to_owned()).or_default().insert("xtask/src/wheels.rs".to_owned());
    Ok(asked)
}
