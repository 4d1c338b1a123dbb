//! The versions of XGBoost that the oracle asks, and a Python for each.

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::python::{self, Environment};
use crate::shell::command;

/// A version of XGBoost.
pub(crate) struct Version {
    pub(crate) number: &'static str,
    /// What is installed beside it.
    requirements: &'static str,
    /// The minor versions of Python 3 that take it and those packages.
    minors: RangeInclusive<u32>,
}

const fn version(number: &'static str, group: &Group) -> Version {
    let (oldest, newest) = group.minors;
    Version { number, requirements: group.requirements, minors: RangeInclusive::new(oldest, newest) }
}

/// Versions of XGBoost that go with the same packages.
struct Group {
    requirements: &'static str,
    minors: (u32, u32),
}

const FIRST: Group = Group { requirements: "tests/oracle/requirements-1.0-1.7.txt", minors: (8, 11) };
const SECOND: Group = Group { requirements: "tests/oracle/requirements-2.1-3.1.txt", minors: (10, 12) };
const NEWEST: Group = Group { requirements: "tests/oracle/requirements-3.3-3.4.txt", minors: (12, 14) };

/// Every minor version from 1.0 to 1.7, of the later ones those that changed what a model answers or its file.
static VERSIONS: [Version; 13] = [
    version("1.0.2", &FIRST),
    version("1.1.1", &FIRST),
    version("1.2.1", &FIRST),
    version("1.3.3", &FIRST),
    version("1.4.2", &FIRST),
    version("1.5.2", &FIRST),
    version("1.6.2", &FIRST),
    version("1.7.6", &FIRST),
    version("2.1.4", &SECOND),
    version("3.0.5", &SECOND),
    version("3.1.3", &SECOND),
    version("3.3.0", &NEWEST),
    version("3.4.1", &NEWEST),
];

/// The one that trains the shipped model, in an environment of its own: between 3.1.3 and 3.3.0.
const SHIPPED: &str = "3.2.0";

/// Python 3.11 alone serves twelve, 3.12 six. With fewer than this the run proves too little.
const LEAST: usize = 4;

/// The oldest version of XGBoost that is asked.
#[cfg(test)]
pub(crate) fn oldest() -> &'static str {
    VERSIONS[0].number
}

/// Each version that this machine has a Python for, and the Python of its environment, installed if need be; says which
/// are left out. What should install and does not ends the run.
pub(crate) fn ready() -> Result<Vec<(&'static str, PathBuf)>> {
    // First: it also installs what a bare Debian lacks to make environments.
    let shipped = python::ready()?;
    let pythons = pythons();
    let mut found = Vec::new();
    let mut left_out = Vec::new();
    for version in &VERSIONS {
        // The newest that will do.
        let Some((_, python)) = pythons.range(version.minors.clone()).next_back() else {
            left_out.push(format!(
                "{} (Python 3.{} to 3.{})",
                version.number,
                version.minors.start(),
                version.minors.end()
            ));
            continue;
        };
        let package = format!("xgboost=={}", version.number);
        let environment = Environment {
            name: &format!("oracle-venv-{}", version.number),
            python,
            requirements: version.requirements,
            package: Some(&package),
            is_busy: false,
            what: &format!("XGBoost {}", version.number),
        };
        found.push((version.number, environment.ready()?));
    }
    let place = found.iter().position(|(number, _)| *number > SHIPPED).unwrap_or(found.len());
    found.insert(place, (SHIPPED, shipped));
    if !left_out.is_empty() {
        println!("left out, as this machine has no Python for them: XGBoost {}", left_out.join(", "));
    }
    if found.len() < LEAST {
        bail!("{} versions of XGBoost are too few; Python 3.11 serves twelve", found.len());
    }
    Ok(found)
}

/// This machine's Pythons by minor version: those of the search path and pyenv's.
pub(crate) fn pythons() -> BTreeMap<u32, PathBuf> {
    let names = (7..=14).map(|minor| format!("python3.{minor}")).chain(["python3".to_owned()]);
    let mut candidates: Vec<PathBuf> = names.flat_map(|name| which::which_all(name).into_iter().flatten()).collect();
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv"));
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from).or(home);
    let versions = root.and_then(|root| fs::read_dir(root.join("versions")).ok());
    candidates.extend(versions.into_iter().flatten().flatten().map(|entry| entry.path().join("bin/python3")));
    candidates.sort();
    candidates.into_iter().filter_map(|python| minor(&python).map(|minor| (minor, python))).collect()
}

/// The minor version of a Python 3 that makes environments. pyenv's shims of versions that are not chosen do not start.
fn minor(python: &Path) -> Option<u32> {
    const QUESTION: &str = "import ensurepip, venv, sys; print(sys.version_info[0], sys.version_info[1])";
    let output = command(python).args(["-c", QUESTION]).output().ok().filter(|output| output.status.success())?;
    String::from_utf8_lossy(&output.stdout).trim().strip_prefix("3 ")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_3_11_serves_twelve_versions_and_3_12_six() {
        let served = |minor| VERSIONS.iter().filter(|version| version.minors.contains(&minor)).count() + 1;
        assert_eq!([served(11), served(12)], [12, 6]);
    }

    #[test]
    fn every_requirements_file_is_there_and_leaves_xgboost_to_the_table() {
        for version in &VERSIONS {
            let text = fs::read_to_string(crate::shell::root().join(version.requirements)).expect(version.requirements);
            assert!(text.contains("numpy==") && !text.contains("xgboost=="), "{}", version.requirements);
        }
    }
}
