//! `THIRD-PARTY.md`: the licences of everything that is compiled or bundled into what is shipped.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::manifests::{json, list, text};
use crate::node;
use crate::shell::{command, program_of_crate, root, run_quietly};

const CARGO_ABOUT: &str = "0.9.3";

/// The file, in the repository.
pub(crate) const FILE: &str = "THIRD-PARTY.md";

/// What is shipped of each workspace, and with which features: the command line and all modules; the native Python module.
const SHIPPED: [(&str, &str, &str); 3] = [
    ("the page, the npm package and the command line", "Cargo.toml", SHIPPED_FEATURES),
    ("the engine of the Python package as WebAssembly", "capi/Cargo.toml", ""),
    ("the native Python module", "python/Cargo.toml", ""),
];

/// Features that products are built with: all but the trainer's and tests' doubles.
const SHIPPED_FEATURES: &str =
    "columnar,threads,wasm,explainer,sealed-predict,sealed-explain,reader,sheets,lines,convert,sealer,measurer,trainer";

/// The npm packages within the page.
const BUNDLED: &str = "www";

/// A text, and whose it is: each with what it is shipped in.
type Texts = BTreeMap<(String, String), BTreeMap<String, BTreeSet<&'static str>>>;

/// Writes the file anew.
pub(crate) fn write() -> Result<()> {
    let text = made()?;
    fs::write(root().join(FILE), &text)?;
    println!("{FILE}: {} bytes", text.len());
    Ok(())
}

/// Compares the file with what it should be.
pub(crate) fn check() -> Result<()> {
    if fs::read_to_string(root().join(FILE)).context(FILE)? != made()? {
        bail!("{FILE} is not what is shipped: run cargo xtask licenses");
    }
    println!("{FILE}: as it should be");
    Ok(())
}

fn made() -> Result<String> {
    let mut texts = Texts::new();
    let about = program_of_crate("cargo-about", CARGO_ABOUT, "collects licences of crates; up to 5 min")?;
    for (what, manifest, features) in SHIPPED {
        let mut generate = command(&about);
        generate.args([
            "generate",
            "--locked",
            "--format",
            "json",
            "--config",
            "about.toml",
            "--manifest-path",
            manifest,
        ]);
        if !features.is_empty() {
            generate.args(["--features", features]);
        }
        let output = run_quietly(&mut generate).with_context(|| format!("the licences of {manifest}"))?;
        add_crates(&mut texts, what, &serde_json::from_slice(&output.stdout)?);
    }
    node::install(BUNDLED, "what the page is made of")?;
    add_packages(&mut texts)?;
    Ok(document(&texts))
}

/// Adds what cargo-about says.
fn add_crates(texts: &mut Texts, what: &'static str, said: &serde_json::Value) {
    for license in list(&said["licenses"]) {
        let of = texts.entry((text(&license["id"]).to_owned(), tidy(text(&license["text"])))).or_default();
        for used in list(&license["used_by"]) {
            let name = text(&used["crate"]["name"]);
            if !name.starts_with("wardian") {
                of.entry(format!("{name} {}", text(&used["crate"]["version"]))).or_default().insert(what);
            }
        }
    }
    texts.retain(|_, of| !of.is_empty());
}

/// Adds the npm packages within the page.
fn add_packages(texts: &mut Texts) -> Result<()> {
    let lock = json(Path::new(BUNDLED).join("package-lock.json"))?;
    for (place, package) in lock["packages"].as_object().into_iter().flatten() {
        let Some(name) = place.strip_prefix("node_modules/") else { continue };
        let path = license_in(&root().join(BUNDLED).join(place))?;
        let found = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let of = texts.entry((text(&package["license"]).to_owned(), tidy(&found))).or_default();
        of.entry(format!("{name} {}", text(&package["version"]))).or_default().insert("the page");
    }
    Ok(())
}

/// The file of a package's licence.
fn license_in(folder: &Path) -> Result<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let is_license = |path: &&PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().to_lowercase().starts_with("licen"))
    };
    files.iter().find(is_license).cloned().with_context(|| format!("{} has no licence in it", folder.display()))
}

/// A text without what ends its lines, so that the same licence is one.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn document(texts: &Texts) -> String {
    let mut made = String::from(
        "# Licences of what is shipped\n\n\
         Wardian is MIT OR Apache-2.0. Compiled or bundled into what is shipped are the following, under the licences whose texts are below.\n\
         Rust's standard library, which all of it has, is MIT OR Apache-2.0 too. Written by `cargo xtask licenses`.\n\n\
         | what | licence | in |\n|---|---|---|\n",
    );
    let mut rows = BTreeMap::<(&String, &String), BTreeSet<&str>>::new();
    for ((id, _), of) in texts {
        for (name, places) in of {
            rows.entry((name, id)).or_default().extend(places);
        }
    }
    for ((name, id), places) in rows {
        let places: Vec<&str> = places.into_iter().collect();
        writeln!(made, "| {name} | {id} | {} |", places.join("; ")).unwrap_or_default();
    }
    for ((id, text), of) in texts {
        let names: Vec<&str> = of.keys().map(String::as_str).collect();
        write!(made, "\n## {id}\n\n{}\n\n```text\n{text}\n```\n", names.join(", ")).unwrap_or_default();
    }
    made
}

/// What is named in the file: the test that compares it with the lock files.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifests::cargo_metadata;

    /// The names in the file's table, with their versions.
    fn named() -> BTreeSet<String> {
        let file = fs::read_to_string(root().join(FILE)).expect(FILE);
        let rows = file.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
        rows.map(|(name, _)| name.to_owned()).filter(|name| name != "what").collect()
    }

    #[test]
    fn what_is_named_is_what_is_locked() {
        let mut locked = BTreeSet::new();
        for manifest in ["Cargo.toml", "python/Cargo.toml"] {
            for package in list(&cargo_metadata(manifest, true).expect(manifest)["packages"]) {
                locked.insert(format!("{} {}", text(&package["name"]), text(&package["version"])));
            }
        }
        let lock = json("www/package-lock.json").expect("a lock file");
        let packages = lock["packages"].as_object().expect("packages");
        let bundled = packages.iter().filter_map(|(place, package)| {
            Some(format!("{} {}", place.strip_prefix("node_modules/")?, text(&package["version"])))
        });
        let bundled: BTreeSet<String> = bundled.collect();
        let named = named();
        assert!(named.len() > 40, "{} names", named.len());
        let stale: Vec<&String> =
            named.iter().filter(|name| !locked.contains(*name) && !bundled.contains(*name)).collect();
        assert!(stale.is_empty(), "named, and not locked: {stale:?}");
        let absent: Vec<&String> = bundled.difference(&named).collect();
        assert!(absent.is_empty(), "in the page, and not named: {absent:?}");
    }

    #[test]
    fn every_crate_of_a_product_is_named() {
        // What is a direct dependency of the library and of no test.
        let named = named();
        let metadata = cargo_metadata("Cargo.toml", false).expect("Cargo.toml");
        let shipped = list(&metadata["packages"])
            .filter(|package| ["wardian", "wardian-kernels", "wardian-capi"].contains(&text(&package["name"])));
        for dependency in shipped.flat_map(|package| list(&package["dependencies"])) {
            let name = text(&dependency["name"]);
            // The schema's library writes a file of the repository and is in no product.
            if dependency["kind"].is_null() && dependency["path"].is_null() && name != "schemars" {
                assert!(
                    named.iter().any(|each| each.starts_with(&format!("{name} "))),
                    "{name} is in products, and not in {FILE}"
                );
            }
        }
    }
}
