//! R's recipe through the C interface, `capi/r`, built and asked for the cases' golden rows.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{cargo_of_all, command, install_debian_packages, root, run_quietly, target};

/// Builds the recipe as its reader would, and runs its tests; `counted` runs a test runner. Where there is no R, and none can be had, it says
/// so and no more.
pub(crate) fn test(counted: impl Fn(&mut Command) -> Result<()>) -> Result<()> {
    if let Err(error) = ready() {
        println!("not tried, as this machine has none: R ({error:#})");
        return Ok(());
    }
    // As the tests have built it, for which a test is named, too (`seal::tested_command` says why): it is there.
    run_quietly(cargo_of_all("build").args(["--quiet", "--lib", "--test", "cases"]))?;
    let (folder, built) = (target().join("r"), target().join("debug"));
    fs::create_dir_all(&folder)?;
    let recipe = root().join("capi/r");
    fs::copy(recipe.join("wardian.c"), folder.join("wardian.c"))?;
    let library = built.display();
    run_quietly(
        command("R")
            .args(["CMD", "SHLIB", "-o", "wardian.so", "wardian.c"])
            .current_dir(&folder)
            .env("PKG_CPPFLAGS", format!("-I{}", root().join("capi/include").display()))
            .env("PKG_CFLAGS", "-Wall -Werror")
            .env("PKG_LIBS", format!("-L{library} -lwardian_capi -Wl,-rpath,{library}")),
    )
    .context("building capi/r/wardian.c")?;
    counted(command("Rscript").arg(recipe.join("test.R")).arg(&folder).arg(root().join("models")))
}

/// R with jsonlite, installed if need be.
fn ready() -> Result<()> {
    let has_all = || run_quietly(command("Rscript").args(["-e", "library(jsonlite)"])).map(drop);
    if which::which("Rscript").is_ok() && has_all().is_ok() {
        return Ok(());
    }
    install_debian_packages(&["r-base-core", "r-cran-jsonlite"], "R asks models through the C interface")?;
    has_all()
}
