//! Shells that `xtask/page` builds: packed for the command line to carry, and with the repository's cases set into them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wardian::case::{Asked, CASE_FILE, Case, CaseFile, Files};
use wardian::seal::{Made, Product, Sealed, Shell};

use crate::shell::{cargo, cargo_of_all, root, run, target};

/// The shell that opens any model.
pub(crate) fn any() -> PathBuf {
    target().join("shell-any")
}

/// The shell that is built around the shipped model.
pub(crate) fn around_the_shipped() -> PathBuf {
    target().join("shell-sealed")
}

/// Where the packed shell is, which `package::build` makes.
pub(crate) const SHELL: &str = "shell/wardian.shell";

/// Packs the shell for any model into [`SHELL`], which the next build of the command carries.
pub(crate) fn pack() -> Result<()> {
    let packed = Shell::pack(&files_in(&any())?)?;
    // What cannot be read again is not carried.
    Shell::read(&packed)?;
    let path = root().join(SHELL);
    // What is the same is left as old as it is, so that nothing is compiled anew.
    if !fs::read(&path).is_ok_and(|kept| kept == packed) {
        fs::create_dir_all(path.with_file_name("")).context("shell")?;
        // Whole, or not at all: beside this the crate may be packed.
        let new = path.with_extension("new");
        fs::write(&new, &packed).with_context(|| new.display().to_string())?;
        fs::rename(&new, &path).with_context(|| path.display().to_string())?;
    }
    println!("{SHELL}: {} bytes", packed.len());
    Ok(())
}

/// Builds the command, with these features, around the packed shell.
pub(crate) fn command(features: &[&str]) -> Result<()> {
    run(cargo().args(["build", "--quiet", "--bin", "wardian"]).args(features))
}

/// Builds the command around the packed shell as `Step::Native` has built all that it depends on. A test beside it
/// makes cargo take the features that tests ask of their dependencies: without them clap, zip and what is made with them would be
/// compiled once more, and with features of this package alone all the rest.
pub(crate) fn tested_command() -> Result<()> {
    run(cargo_of_all("build").args(["--quiet", "--bin", "wardian", "--test", "cases"]))
}

/// Seals the case in a folder of the repository into the page of a shell, as the new folder `new`.
pub(crate) fn page(case: &Path, shell: &Path, new: &Path) -> Result<()> {
    let shell = Shell::of_files(files_in(shell)?)?;
    let sealed = read(case)?;
    let Made::Folder(files) = sealed.make(Product::Folder, Some(&shell))? else { bail!("a folder was to be made") };
    if new.exists() {
        fs::remove_dir_all(new)?;
    }
    for (name, bytes) in files {
        let path = new.join(name);
        fs::create_dir_all(path.parent().unwrap_or(new))?;
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// The case in a folder of the repository.
pub(crate) fn read(folder: &Path) -> Result<Sealed> {
    let file = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).with_context(|| path.display().to_string())
    };
    let said = file(CASE_FILE)?;
    let mut files = Files::new();
    for name in CaseFile::read(&said)?.files() {
        files.add(name, file(name)?)?;
    }
    files.add(CASE_FILE, said)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let case = Case::read(&files, &name, &Asked::default()).with_context(|| folder.display().to_string())?;
    for note in &case.notes {
        println!("{}: {note}", folder.display());
    }
    Ok(Sealed::new(case)?)
}

/// All files of a folder and of those in it, by their paths in it.
pub(crate) fn files_in(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let parts = path.strip_prefix(folder)?.components().map(|part| part.as_os_str().to_string_lossy());
            files.insert(parts.collect::<Vec<_>>().join("/"), fs::read(&path)?);
        }
    }
    Ok(files)
}
