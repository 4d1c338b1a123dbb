//! The virtual environment that the trainer and the oracle run in.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{command, install_debian_packages, is_stamped, root, run_quietly, say, target};

const REQUIREMENTS: &str = "models/diabetes/requirements.txt";

/// The Python that trains the shipped model, with the pinned packages installed.
pub(crate) fn ready() -> Result<PathBuf> {
    environment("oracle-venv", REQUIREMENTS, "XGBoost, Flask and what they need")
}

/// The Python of an environment in `target/`, with the packages of a requirements file installed.
pub(crate) fn environment(name: &str, requirements_path: &str, what: &str) -> Result<PathBuf> {
    let folder = target().join(name);
    let python = folder.join("bin/python");
    let stamp = folder.join("installed.txt");
    let requirements = fs::read_to_string(root().join(requirements_path)).context(requirements_path.to_owned())?;
    if is_stamped(&stamp, &requirements) && python.exists() {
        return Ok(python);
    }
    say(&format!("installing {what} into target/{name} (to compare with; about 1 min)"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let create = || run_quietly(command("python3").args(["-m", "venv"]).arg(&folder));
    create().or_else(|_| {
        install_debian_packages(&["python3", "python3-venv"], "the oracle runs in a virtual environment")?;
        create()
    })?;
    // The list is complete: a dependency that it lacks is one that is not wanted (XGBoost's 200 MB for other machines).
    run_quietly(
        command(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"])
            .arg(requirements_path),
    )
    .context("installing the Python packages")?;
    fs::write(&stamp, requirements)?;
    Ok(python)
}

/// A command that runs a script of the repository.
pub(crate) fn script(path: &str) -> Result<Command> {
    let mut script = command(ready()?);
    script.arg("-B").arg(path);
    Ok(script)
}
