//! `docs/DEPENDENCIES.md` has a row for every direct dependency, with its licence, and none for anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::manifests::{Asked, CARGO, NPM, cargo_metadata, crates, json, list, npm_packages, python_packages, text};
use crate::shell::root;

/// A row of a table: the names in its first cell, and its other cells.
type Row = (Vec<String>, Vec<String>);

/// The rows of the table below a heading.
fn rows(heading: &str) -> Vec<Row> {
    let document = fs::read_to_string(root().join("docs/DEPENDENCIES.md")).expect("the document");
    let (_, section) = document.split_once(&format!("\n## {heading}\n")).expect(heading);
    let section = section.split("\n## ").next().unwrap_or_default();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")).map(|line| format!("`{line}"));
    cells
        .map(|line| {
            let mut cells = line.trim_end_matches(" |").split(" | ").map(str::to_owned);
            let names = cells.next().unwrap_or_default();
            (names.split('`').skip(1).step_by(2).map(str::to_owned).collect(), cells.collect())
        })
        .collect()
}

/// Asserts that a table has what is asked for, once each, with who asks for it.
fn compare(rows: &[Row], asked: &Asked) {
    let named: Vec<&String> = rows.iter().flat_map(|(names, _)| names).collect();
    let once: BTreeSet<&String> = named.iter().copied().collect();
    assert_eq!(named.len(), once.len(), "a dependency has two rows");
    assert_eq!(
        once,
        asked.keys().collect::<BTreeSet<_>>(),
        "on the left what has a row, on the right what is asked for"
    );
    for (names, cells) in rows {
        let by: Vec<&str> = cells[1].split(", ").map(|name| name.trim_end_matches(" (tests)")).collect();
        let by: BTreeSet<String> = by.into_iter().map(str::to_owned).collect();
        assert_eq!(by, asked[&names[0]], "who asks for {}", names[0]);
    }
}

/// Asserts that a package has this licence, in one of its versions here.
fn assert_licensed(licences: &BTreeMap<String, BTreeSet<String>>, name: &str, licence: &str) {
    assert!(licences[name].contains(licence), "{name}: {:?}, and not {licence}", licences[name]);
}

#[test]
fn every_crate_that_is_asked_for_has_its_row() {
    let rows = rows("Rust");
    compare(&rows, &crates().expect("what is asked for"));
    let mut licences = BTreeMap::<String, BTreeSet<String>>::new();
    for manifest in CARGO {
        for package in list(&cargo_metadata(manifest, true).expect(manifest)["packages"]) {
            licences.entry(text(&package["name"]).to_owned()).or_default().insert(text(&package["license"]).to_owned());
        }
    }
    for (names, cells) in &rows {
        assert_licensed(&licences, &names[0], &cells[2]);
    }
}

#[test]
fn every_npm_package_that_is_asked_for_has_its_row() {
    let rows = rows("npm");
    compare(&rows, &npm_packages().expect("what is asked for"));
    let mut licences = BTreeMap::<String, BTreeSet<String>>::new();
    for folder in NPM {
        let lock = json(Path::new(folder).join("package-lock.json")).expect(folder);
        for (place, package) in lock["packages"].as_object().expect("packages") {
            let own = place.rsplit_once("node_modules/").map_or("", |(_, name)| name);
            let name = package["name"].as_str().unwrap_or(own);
            licences.entry(name.to_owned()).or_default().insert(text(&package["license"]).to_owned());
        }
    }
    for (names, cells) in &rows {
        for licence in cells[2].split(" or ") {
            assert_licensed(&licences, &names[0], licence);
        }
    }
}

#[test]
fn every_python_package_that_is_asked_for_has_its_row() {
    let named: BTreeSet<String> = rows("Python").into_iter().flat_map(|(names, _)| names).collect();
    for name in python_packages().expect("what is asked for").keys() {
        assert!(named.contains(name), "{name} has no row");
    }
    // What is not asked for by a package is pinned in a file of requirements.
    let asked = python_packages().expect("what is asked for");
    let pinned = requirements();
    for name in &named {
        assert!(asked.contains_key(name) || pinned.contains(name), "{name} is asked for by nothing");
    }
}

/// The names in all files of requirements.
fn requirements() -> BTreeSet<String> {
    let folders = [
        "python",
        "tests/oracle",
        "tests/oracle/trainers",
        "models/diabetes",
        "models/petal",
        "models/wine",
        "docs",
        "xtask",
    ];
    let mut names = BTreeSet::new();
    for folder in folders {
        for entry in fs::read_dir(root().join(folder)).expect(folder).flatten() {
            if entry.file_name().to_string_lossy().starts_with("requirements") {
                let text = fs::read_to_string(entry.path()).expect("a file of requirements");
                names.extend(text.lines().filter_map(|line| Some(line.split_once("==")?.0.to_owned())));
            }
        }
    }
    names
}
