//! `THIRD-PARTY.md`: the licences of everything that is compiled or bundled into what is shipped.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::manifests::{json, list, text};
use crate::node;
use crate::shell::{command, program_of_crate, root, run_quietly};

const CARGO_ABOUT: &str = "0.9.3";

/// The file, in the repository.
pub(crate) const FILE: &str = "THIRD-PARTY.md";

/// What the modules are built with that are in the page, in the studio and in the npm package.
const MODULES: &str =
    "wasm,explainer,sealed-predict,sealed-explain,reader,sheets,lines,convert,sealer,measurer,trainer";

/// What is shipped compiled, with its manifest and its features. Crates are shipped as sources, without what they depend on.
const SHIPPED: [(&str, &str, &str); 3] =
    [(PAGE, "Cargo.toml", MODULES), (ANY, "capi/Cargo.toml", ""), (NATIVE, "python/Cargo.toml", "")];

/// The page, in whichever form, and what is in the npm package.
pub(crate) const PAGE: &str = "the page and the npm package";
/// The Python package's engines.
pub(crate) const ANY: &str = "the Python package as WebAssembly";
pub(crate) const NATIVE: &str = "the native Python package";

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

/// The part of the file that is about one product.
pub(crate) fn of(product: &str) -> Result<String> {
    let file = fs::read_to_string(root().join(FILE)).context(FILE)?;
    let mut sections = file.split("\n## ");
    let (mut names, mut part) = (BTreeSet::new(), String::new());
    for line in sections.next().unwrap_or_default().lines() {
        let row = line.strip_prefix("| ").and_then(|row| row.split_once(" | "));
        let row = row.filter(|(name, _)| *name != "what");
        if let Some((name, rest)) = row {
            if !rest.contains(product) {
                continue;
            }
            names.insert(name);
        }
        writeln!(part, "{line}")?;
    }
    for section in sections {
        // What it is called, whose it is, and its text.
        let whose = section.lines().nth(2).unwrap_or_default();
        if whose.split(", ").any(|name| names.contains(name)) {
            write!(part, "\n## {}\n", section.trim_end())?;
        }
    }
    ensure!(!names.is_empty(), "{FILE} says nothing of {product}");
    Ok(part)
}

fn made() -> Result<String> {
    let mut texts = Texts::new();
    let about = program_of_crate("cargo-about", CARGO_ABOUT, "cli", "collects licences of crates; up to 5 min")?;
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
        let of = texts.entry(said_by(text(&license["id"]), text(&license["text"]))).or_default();
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
        let of = texts.entry(said_by(text(&package["license"]), &found)).or_default();
        of.entry(format!("{name} {}", text(&package["version"]))).or_default().insert(PAGE);
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

/// A licence and its text. That of Apache's is beside the file wherever it is shipped: it is the project's own.
fn said_by(id: &str, text: &str) -> (String, String) {
    const APACHE: &str = "Apache-2.0";
    let is_apache = id == APACHE && text.contains("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION");
    let text = if is_apache { "The text is that of LICENSE-APACHE, beside this file.".to_owned() } else { tidy(text) };
    (id.to_owned(), text)
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
    use crate::manifests::{cargo_metadata, toml};

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
        // What only the command line, its tests and its documents ask for is shipped as sources.
        const SOURCES: [&str; 5] = ["case-schema", "cli", "columnar", "default", "threads"];
        let manifest = toml("Cargo.toml").expect("a manifest");
        let features = manifest["features"].as_table().expect("features");
        let mut needed = BTreeSet::from(["bytemuck", "pyo3", "self_cell", "wide"]);
        for (_, asked) in features.iter().filter(|(name, _)| !SOURCES.contains(&name.as_str())) {
            needed
                .extend(asked.as_array().into_iter().flatten().filter_map(|each| each.as_str()?.strip_prefix("dep:")));
        }
        let named = named();
        assert!(needed.len() > 15, "{needed:?}");
        for name in needed {
            assert!(
                named.iter().any(|each| each.starts_with(&format!("{name} "))),
                "{name} is in products, and not in {FILE}"
            );
        }
    }

    #[test]
    fn a_part_has_what_is_its_own() {
        let part = of(NATIVE).expect("a part");
        assert!(part.contains("| pyo3 ") && part.contains("\n## BSD-2-Clause\n\nnumpy ") && !part.contains("preact"));
        let part = of(ANY).expect("a part");
        assert!(part.contains("| self_cell ") && !part.contains("pyo3"));
    }
}
