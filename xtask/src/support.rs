//! `docs/SUPPORT.md` says what the manifests say, and what is tested is that.

use std::collections::BTreeMap;
use std::fs;

use crate::manifests::{CARGO, PYTHON, cargo_metadata, json, list, text, toml};
use crate::shell::root;
use crate::{Arguments, node, versions, wheels};
use clap::Parser;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect(path)
}

/// What the document says is the oldest of each.
fn said() -> BTreeMap<String, String> {
    let document = read("docs/SUPPORT.md");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    rows.filter_map(|(what, rest)| Some((what.to_owned(), rest.split_once(" | ")?.0.to_owned()))).collect()
}

/// The numbers of a version, for comparing.
fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or_else(|_| panic!("{version} is no version"))).collect()
}

#[test]
fn the_oldest_rust_is_the_manifests_and_the_workflows() {
    let oldest = &said()["Rust"];
    for manifest in CARGO {
        for package in list(&cargo_metadata(manifest, false).expect(manifest)["packages"]) {
            let name = text(&package["name"]);
            // The fuzzer's are not for others to build.
            if name != "wardian-fuzz" {
                assert_eq!(text(&package["rust_version"]), oldest, "{name}");
            }
        }
    }
    let workflow = read(".github/workflows/test.yml");
    assert!(workflow.contains(&format!("rustup toolchain install {oldest} ")), "the workflow installs {oldest}");
    assert!(workflow.contains(&format!("cargo +{oldest} check")), "the workflow checks with {oldest}");
}

#[test]
fn no_crate_asks_for_a_newer_rust() {
    let oldest = numbers(&said()["Rust"]);
    for manifest in ["Cargo.toml", "python/Cargo.toml"] {
        let metadata = cargo_metadata(manifest, true).expect(manifest);
        let mut asked = 0;
        for package in list(&metadata["packages"]) {
            if let Some(needed) = package["rust_version"].as_str() {
                asked += 1;
                assert!(
                    numbers(needed) <= [oldest.clone(), vec![u32::MAX]].concat(),
                    "{} needs Rust {needed}",
                    text(&package["name"])
                );
            }
        }
        assert!(asked > 20, "{asked} crates of {manifest} say which Rust they need");
    }
}

#[test]
fn the_oldest_node_is_the_packages_and_the_workflows() {
    let oldest = &said()["Node"];
    assert_eq!(text(&json("npm/package.json").expect("a manifest")["engines"]["node"]), format!(">={oldest}"));
    assert_eq!(numbers(oldest)[0], node::OLDEST);
    assert!(
        read(".github/workflows/test.yml").contains(&format!("node-version: \"{oldest}\"")),
        "a job has Node {oldest}"
    );
}

#[test]
fn the_oldest_python_is_the_packages_and_is_tried() {
    let oldest = &said()["Python"];
    for path in PYTHON {
        let manifest = toml(path).expect(path);
        let needed = manifest["project"].get("requires-python").and_then(toml::Value::as_str);
        assert_eq!(needed, Some(&*format!(">={oldest}")), "{path}");
    }
    let (minor, _) = wheels::ENDS[0];
    assert_eq!(format!("3.{minor}"), *oldest);
    let abi = format!("abi3-py{}", oldest.replace('.', ""));
    assert!(read("python/Cargo.toml").contains(&abi) && read("python/pyproject.toml").contains(&abi), "{abi}");
    let document = read("docs/SUPPORT.md");
    assert!(document.contains(&format!("3.{} and 3.{}", wheels::ENDS[0].0, wheels::ENDS[1].0)), "both ends are named");
    for (minor, _) in wheels::ENDS {
        assert!(
            read(".github/workflows/test.yml").contains(&format!("            3.{minor}\n")),
            "a job has Python 3.{minor}"
        );
    }
}

#[test]
fn the_oldest_numpy_is_the_packages_and_is_tried() {
    let oldest = &said()["NumPy"];
    assert!(read("python/pyproject.toml").contains(&format!("\"numpy>={oldest}\"")), "pyproject.toml");
    assert!(read("python/requirements-oldest.txt").contains(&format!("\nnumpy=={oldest}.")), "requirements-oldest.txt");
}

#[test]
fn the_oldest_xgboost_is_asked() {
    let oldest = &said()["XGBoost's files"];
    assert!(versions::oldest().starts_with(&format!("{oldest}.")), "{}", versions::oldest());
}

#[test]
fn pages_say_which_browsers_are_too_old() {
    let said = said();
    let page = format!(
        "Chrome {}, Firefox {}, Safari {}",
        said["Chrome and Edge, the page"], said["Firefox, the page"], said["Safari, the page"]
    );
    let studio = said["Chrome, Firefox, Safari, the studio"].split(", ").collect::<Vec<_>>();
    let studio = format!("Chrome {}, Firefox {}, Safari {}", studio[0], studio[1], studio[2]);
    for language in ["en", "es", "zh"] {
        for (path, browsers) in
            [(format!("www/i18n/{language}/app.js"), &page), (format!("www/studio/words/{language}.js"), &studio)]
        {
            let words = read(&path);
            // Each number beside its browser's name, in whichever language.
            for each in browsers.split(", ") {
                assert!(words.contains(each), "{path} does not say {each}");
            }
        }
    }
}

/// What newcomers read, and what runs for them.
const READ_FIRST: [&str; 7] = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/SUPPORT.md",
    "docs/DEPENDENCIES.md",
    ".github/pull_request_template.md",
    ".github/workflows/test.yml",
];

#[test]
fn every_place_that_newcomers_are_sent_to_is_there() {
    let mut places = 0;
    for document in [
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CODE_OF_CONDUCT.md",
        "CHANGELOG.md",
        "docs/SUPPORT.md",
        "docs/DEPENDENCIES.md",
    ] {
        let text = read(document);
        let quoted =
            text.split('`').skip(1).step_by(2).filter(|part| part.contains('/') && !part.starts_with("target/"));
        let quoted =
            quoted.filter(|part| part.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-./".contains(letter)));
        let folder = root().join(document).with_file_name("");
        let linked = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let linked = linked.filter(|address| !address.contains("://")).map(|address| folder.join(address));
        // What is no path but a package of npm's has its row in a table.
        let quoted = quoted
            .filter(|part| document != "docs/DEPENDENCIES.md" || !part.starts_with('@'))
            .map(|part| root().join(part));
        for path in quoted.chain(linked) {
            places += 1;
            assert!(path.exists(), "{document} names {}", path.display());
        }
    }
    assert!(places > 60, "{places} places");
}

#[test]
fn every_command_of_ours_that_is_named_is_one() {
    let mut commands = 0;
    for document in READ_FIRST.into_iter().chain([".github/workflows/release.yml"]) {
        for line in read(document).lines() {
            for rest in line.split("cargo xtask ").skip(1) {
                // To the end of the code or of what is said of it.
                let words: Vec<&str> =
                    rest.split(['`', '#', ';', '(', '|']).next().unwrap_or_default().split_whitespace().collect();
                let told = words.iter().map(|word| word.trim_end_matches([',', '.'])).collect::<Vec<_>>();
                let parsed = Arguments::try_parse_from(std::iter::once("xtask").chain(told.iter().copied()));
                // `--help` is told in the way of an error.
                let fault = parsed.err().filter(|error| error.use_stderr());
                assert!(fault.is_none(), "{document}: cargo xtask {}: {fault:?}", told.join(" "));
                commands += 1;
            }
        }
    }
    assert!(commands > 25, "{commands} commands");
}
