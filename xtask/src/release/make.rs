//! Makes everything that is published of the sources in this folder, by the functions that build it always.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{put, sbom, sha256, version};
use crate::python::PYTHON;
use crate::shell::{cargo, command, root, run, run_quietly, target};
use crate::{licenses, package, page, seal, studio, wheels};

/// Every file that is published, with its hash, as `sha256sum -c` reads it.
pub(crate) const SUMS: &str = "SHA256SUMS";
/// Every file that was packed into those, likewise: what says where a difference is.
pub(super) const PARTS: &str = "parts.sha256";
/// The files' times in what is packed here.
const TIME: &str = "@1577836800";

/// Makes everything, checks it, and puts it into `into`.
pub(super) fn everything(into: &Path) -> Result<()> {
    let version = version()?;
    if into.exists() {
        fs::remove_dir_all(into)?;
    }
    fs::create_dir_all(into)?;
    page::build()?;
    package::build()?;
    studio::build()?;
    licenses::check()?;
    // Asked by the npm package's tests.
    seal::command(&["--features", "cli"])?;
    crates(&version, into)?;
    npm(&version, into)?;
    let wheels = wheels::build()?;
    wheels::checked(&[&wheels.native, &wheels.any, &wheels.shell])?;
    for wheel in [&wheels.native, &wheels.any, &wheels.shell] {
        put(wheel, &into.join("wheels").join(wheel.file_name().unwrap_or_default()))?;
    }
    for (engine, wheel) in [("native", &wheels.native), ("wasm", &wheels.any)] {
        wheels::fresh(Path::new(PYTHON), engine, &[wheel, &wheels.shell])?;
    }
    pages(&version, into)?;
    for name in [licenses::FILE, "LICENSE-MIT", "LICENSE-APACHE"] {
        put(&root().join(name), &into.join("licenses").join(name))?;
    }
    sbom::write(&into.join("sbom"))?;
    fs::write(into.join(PARTS), parts()?)?;
    let files = seal::files_in(into)?;
    Ok(fs::write(into.join(SUMS), listed(&files))?)
}

/// A line a file: its hash and its name.
fn listed(files: &BTreeMap<String, Vec<u8>>) -> String {
    files.iter().fold(String::new(), |mut text, (name, bytes)| {
        writeln!(text, "{}  {name}", sha256(bytes)).unwrap_or_default();
        text
    })
}

/// The crates, packaged in the order in which they are published, each verified by building it of its own package.
fn crates(version: &str, into: &Path) -> Result<()> {
    let folder = target().join("packaged");
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    forget_unpacked(&home.context("there is no home directory, where cargo keeps packages")?, version)?;
    // The shell is made, and so not committed; cargo is told of it by `include`.
    run(cargo()
        .args(["package", "--quiet", "--allow-dirty", "-p", "wardian-kernels", "-p", "wardian", "--target-dir"])
        .arg(&folder))
    .context("packaging the crates")?;
    for name in ["wardian-kernels", "wardian"] {
        let file = format!("{name}-{version}.crate");
        put(&folder.join("package").join(&file), &into.join("crates").join(&file))?;
        with_licenses(&into.join("crates").join(&file), &["LICENSE-MIT", "LICENSE-APACHE"])?;
    }
    println!("wardian-kernels and wardian: built of their packages");
    Ok(())
}

/// Takes out of cargo's home what was unpacked of our crates at an earlier release from this folder: cargo takes what has the same name and
/// version for the same, and would build the one crate with the other's old sources.
fn forget_unpacked(home: &Path, version: &str) -> Result<()> {
    // There is no such folder where nothing was unpacked.
    for registry in fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten() {
        // One of this machine has no host in its name.
        if registry.file_name().to_string_lossy().starts_with('-') {
            for name in ["wardian-kernels", "wardian"] {
                let unpacked = registry.path().join(format!("{name}-{version}"));
                if unpacked.exists() {
                    fs::remove_dir_all(&unpacked).with_context(|| unpacked.display().to_string())?;
                }
            }
        }
    }
    Ok(())
}

/// The npm package, packed.
fn npm(version: &str, into: &Path) -> Result<()> {
    let place = into.join("npm");
    fs::create_dir_all(&place)?;
    run_quietly(
        command("npm").args(["pack", "--silent", "--pack-destination"]).arg(&place).current_dir(package::folder()),
    )?;
    let file = place.join(format!("wardian-{version}.tgz"));
    with_licenses(&file, &["LICENSE-MIT", "LICENSE-APACHE", licenses::FILE])
}

/// Asserts that these files are packed in a tarball.
fn with_licenses(tarball: &Path, names: &[&str]) -> Result<()> {
    let listed = run_quietly(command("tar").arg("-tzf").arg(tarball)).with_context(|| tarball.display().to_string())?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    for name in names {
        ensure!(listed.lines().any(|line| line.ends_with(&format!("/{name}"))), "{} has no {name}", tarball.display());
    }
    Ok(())
}

/// The page as a folder and as one file, and the studio as one file.
fn pages(version: &str, into: &Path) -> Result<()> {
    let place = into.join("page");
    fs::create_dir_all(&place)?;
    for (from, to) in [("page.html", "diabetes.html"), ("studio/studio.html", "studio.html")] {
        put(&page::folder().join(from), &place.join(to))?;
    }
    run_quietly(
        command("tar")
            .args([
                "--sort=name",
                "--owner=0",
                "--group=0",
                "--numeric-owner",
                "--mode=u=rwX,go=rX",
                "--mtime",
                TIME,
                "-C",
            ])
            .arg(page::folder())
            .arg("-czf")
            .arg(place.join(format!("wardian-page-{version}.tar.gz")))
            .arg("."),
    )?;
    Ok(())
}

/// What was packed, by where it was built.
fn parts() -> Result<String> {
    let mut files = BTreeMap::new();
    for (name, folder) in [("page", page::folder()), ("package", package::folder()), ("shell", seal::any())] {
        for (path, bytes) in seal::files_in(&folder)? {
            files.insert(format!("{name}/{path}"), bytes);
        }
    }
    Ok(listed(&files))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_cargo_has_unpacked_only_our_own_is_taken_out() {
        let home = target().join("tmp").join("cargo-home");
        let kept = ["index-1/wardian-1.2.3", "-1/wardian-1.2.4", "-1/wardian-kernels-1.2.3-rc", "-1/serde-1.2.3"];
        let taken = ["-1/wardian-1.2.3", "-2/wardian-kernels-1.2.3"];
        for path in kept.iter().chain(&taken) {
            fs::create_dir_all(home.join("registry/src").join(path)).expect("a folder");
        }
        forget_unpacked(&home, "1.2.3").expect("taken out");
        assert!(kept.iter().all(|path| home.join("registry/src").join(path).exists()));
        assert!(taken.iter().all(|path| !home.join("registry/src").join(path).exists()));
        forget_unpacked(&home.join("nowhere"), "1.2.3").expect("nothing is there");
        fs::remove_dir_all(home).expect("a folder");
    }
}
