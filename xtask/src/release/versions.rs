//! One version everywhere: that of the crate `wardian`.

use std::fs;

use anyhow::{Result, bail};
use toml::Value;

use crate::manifests::{json, text, toml};
use crate::shell::root;

/// Cargo's manifests that have the version, by what is published with it.
const CARGO: [&str; 4] = ["kernels/Cargo.toml", "capi/Cargo.toml", "udf/Cargo.toml", "python/Cargo.toml"];

/// The version, if it is the same everywhere.
///
/// # Errors
/// Every place that has another is named at once.
pub(crate) fn checked() -> Result<String> {
    let manifest = toml("Cargo.toml")?;
    let version = string(&manifest["package"], "version");
    let found = places(&manifest)?;
    let wrong: Vec<String> = found
        .into_iter()
        .filter(|(_, found)| *found != version)
        .map(|(place, found)| format!("{place} has {found:?}"))
        .collect();
    if !wrong.is_empty() {
        bail!("the version in Cargo.toml is {version}, but {}", wrong.join(", "));
    }
    Ok(version)
}

/// Every place that says a version, and which. `npm/package.json` says none: `xtask/package.mjs` takes it from `Cargo.toml`.
fn places(manifest: &toml::Table) -> Result<Vec<(String, String)>> {
    let kernels = manifest["dependencies"].get("wardian-kernels");
    let mut found = vec![(
        "Cargo.toml, wardian-kernels".to_owned(),
        kernels.map(|kernels| string(kernels, "version")).unwrap_or_default(),
    )];
    for path in CARGO {
        found.push((path.to_owned(), string(&toml(path)?["package"], "version")));
    }
    for path in crate::manifests::PYTHON {
        let project = &toml(path)?["project"];
        found.push((path.to_owned(), string(project, "version")));
        let needed = project.get("dependencies").and_then(Value::as_array).into_iter().flatten();
        let shell = needed.filter_map(|each| each.as_str()?.strip_prefix("wardian-shell=="));
        found.extend(shell.map(|version| (format!("{path}, wardian-shell"), version.to_owned())));
    }
    for path in ["www/package.json", "www/package-lock.json"] {
        found.push((path.to_owned(), text(&json(path)?["version"]).to_owned()));
    }
    found.push((
        "python/wardian/__init__.py".to_owned(),
        between("python/wardian/__init__.py", "__version__ = \"", '"')?,
    ));
    found.push(("CHANGELOG.md".to_owned(), newest_in_changelog()?));
    Ok(found)
}

fn string(of: &Value, name: &str) -> String {
    of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The text that stands in a file between a beginning and the next `end`.
fn between(path: &str, beginning: &str, end: char) -> Result<String> {
    let text = fs::read_to_string(root().join(path))?;
    let found = text.split_once(beginning).and_then(|(_, rest)| rest.split_once(end));
    Ok(found.map(|(found, _)| found.to_owned()).unwrap_or_default())
}

/// The first version below what is not released.
fn newest_in_changelog() -> Result<String> {
    let text = fs::read_to_string(root().join("CHANGELOG.md"))?;
    let mut versions = text.lines().filter_map(|line| line.strip_prefix("## [")?.split_once(']'));
    Ok(versions.find(|(name, _)| *name != "Unreleased").map(|(name, _)| name.to_owned()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manifest_and_the_changelog_have_one_version() {
        let version = checked().expect("one version");
        let found = places(&toml("Cargo.toml").expect("a manifest")).expect("places");
        // A place where nothing was found would have another version: an empty one.
        assert_eq!(found.len(), 12, "{found:?}");
        assert!(found.iter().all(|(_, each)| *each == version && each.split('.').count() == 3), "{found:?}");
    }
}
