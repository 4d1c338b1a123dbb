//! Everything that a release is made of, made in a clean clone of what is committed, and tried. Nothing is published: a person does that.

mod compare;
mod make;
mod sbom;
mod versions;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{cargo, command, root, run, run_quietly, say, target};

/// What `cargo xtask release` may be told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Make and try everything, and publish nothing: the only way there is
    #[arg(long)]
    dry_run: bool,
    /// Make everything in two folders, and compare every file
    #[arg(long)]
    twice: bool,
    /// Make everything without the tests of fresh consumers, which take some minutes
    #[arg(long)]
    untried: bool,
    /// Make everything here, of this folder as it is, and put it there: what is run in the clone
    #[arg(long, hide = true, value_name = "FOLDER")]
    into: Option<PathBuf>,
}

/// The version that is the same in every manifest.
pub(crate) fn version() -> Result<String> {
    versions::checked()
}

/// Makes a release, and tries it.
pub(crate) fn run_release(arguments: &Arguments) -> Result<()> {
    if let Some(into) = &arguments.into {
        return make::everything(into);
    }
    ensure!(
        arguments.dry_run,
        "publishing is for a person: cargo xtask release --dry-run makes and tries what they publish, and says how"
    );
    let version = version()?;
    let uncommitted = run_quietly(command("git").args(["status", "--porcelain"]))?;
    if !uncommitted.stdout.is_empty() {
        println!("what is not committed here is no part of the release");
    }
    // Asked once: what is committed while the first is made would be in the second alone.
    let commit = run_quietly(command("git").args(["rev-parse", "HEAD"]))?.stdout;
    let commit = String::from_utf8(commit)?.trim().to_owned();
    // One folder after the other, so that the disk needs room for one.
    let again = if arguments.twice { Some(made_once_more(&commit)?) } else { None };
    let (clone, made) = made_in_clone("one", &commit)?;
    if let Some(again) = again {
        compare::folders(&made, &again)?;
        fs::remove_dir_all(again)?;
    }
    if !arguments.untried {
        tried(&clone)?;
    }
    let kept = target().join(format!("release-{version}"));
    if kept.exists() {
        fs::remove_dir_all(&kept)?;
    }
    fs::rename(&made, &kept)?;
    fs::remove_dir_all(&clone)?;
    println!("{}:\n{}", kept.display(), fs::read_to_string(kept.join(make::SUMS))?);
    println!("{}", how_to_publish(&version));
    Ok(())
}

/// A clone of a commit, and the folder of everything that was made in it.
fn made_in_clone(name: &str, commit: &str) -> Result<(PathBuf, PathBuf)> {
    let clone = target().join("clean").join(name);
    if clone.exists() {
        fs::remove_dir_all(&clone)?;
    }
    fs::create_dir_all(&clone)?;
    run_quietly(command("git").args(["clone", "--quiet", "--shared"]).arg(root()).arg(&clone)).context("cloning")?;
    run_quietly(command("git").current_dir(&clone).args(["checkout", "--quiet", "--detach", commit]))
        .context("checking out")?;
    lend(&clone)?;
    let made = clone.join("target/made");
    say(&format!("making everything of {commit} in target/clean/{name} (about 15 min)"));
    run(xtask_of(&clone).args(["release", "--into"]).arg(&made))?;
    Ok((clone, made))
}

/// The folder of everything that was made in a clone that is gone again.
fn made_once_more(commit: &str) -> Result<PathBuf> {
    // A path of another length, so that none is in what is made.
    let (clone, made) = made_in_clone("another/place", commit)?;
    let kept = target().join("clean/made-in-another-place");
    if kept.exists() {
        fs::remove_dir_all(&kept)?;
    }
    fs::rename(made, &kept)?;
    fs::remove_dir_all(clone)?;
    Ok(kept)
}

/// Lends programs in pinned versions, and environments of Python, to a clone: what is installed, and nothing that is built of the sources.
fn lend(clone: &Path) -> Result<()> {
    fs::create_dir_all(clone.join("target"))?;
    for entry in fs::read_dir(target())?.flatten() {
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if entry.path().is_dir() && (text == "tools" || text.contains("-venv")) {
            std::os::unix::fs::symlink(fs::canonicalize(entry.path())?, clone.join("target").join(&name))?;
        }
    }
    Ok(())
}

/// The clone's own `cargo xtask`, which knows no other folder.
fn xtask_of(clone: &Path) -> std::process::Command {
    let mut xtask = cargo();
    xtask.current_dir(clone).args(["run", "--quiet", "--package", "xtask", "--"]);
    // What a caller sets for itself would be in what is made.
    for name in ["CARGO_TARGET_DIR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"] {
        xtask.env_remove(name);
    }
    xtask
}

/// Installs what was made into fresh consumers, and asks them.
fn tried(clone: &Path) -> Result<()> {
    run(xtask_of(clone).args(["test", "--only", "dependent,package"]))
        .context("the crates and the npm package in fresh consumers")?;
    println!("the crates and the npm package: tried in fresh consumers");
    Ok(())
}

fn how_to_publish(version: &str) -> String {
    format!(
        "Nothing was published. A person, with the date of {version} in CHANGELOG.md and its tag at this very commit, runs in a clean clone:\n\
         \x20 cargo publish -p wardian-kernels, then cargo publish -p wardian\n\
         \x20 npm publish npm/wardian-{version}.tgz --provenance\n\
         \x20 twine upload wheels/*\n\
         and puts page/, licenses/, sbom/ and SHA256SUMS beside the release's notes."
    )
}

/// The hash of bytes, as `sha256sum` writes it.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file of the repository or of a build, as a new file.
fn put(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    if !from.is_file() {
        bail!("{} was to be made, and was not", from.display());
    }
    fs::copy(from, to).map(drop).with_context(|| from.display().to_string())
}
