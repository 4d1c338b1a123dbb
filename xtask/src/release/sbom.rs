//! What each product is made of, as CycloneDX has it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::shell::{command, program_of_crate, root, run_quietly};

const CARGO_CYCLONEDX: &str = "0.5.9";

/// By the manifest, what the file is called.
const CRATES: [(&str, &str); 2] = [("Cargo.toml", "wardian"), ("python/Cargo.toml", "wardian-python")];

/// Writes the bills of the crates, of the native Python module and of the page.
pub(super) fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let tool = program_of_crate("cargo-cyclonedx", CARGO_CYCLONEDX, "", "writes what crates are made of; 2 min")?;
    for (manifest, name) in CRATES {
        // It writes beside each manifest of the workspace.
        let mut bill = command(&tool);
        bill.args([
            "cyclonedx",
            "--quiet",
            "--format",
            "json",
            "--spec-version",
            "1.5",
            "--all-features",
            "--no-build-deps",
            "--override-filename",
            "bill",
            "--manifest-path",
            manifest,
        ]);
        run_quietly(bill.env("SOURCE_DATE_EPOCH", "1577836800"))
            .with_context(|| format!("what {manifest} is made of"))?;
        let written = root().join(manifest).with_file_name("bill.json");
        let text = fs::read_to_string(&written).with_context(|| written.display().to_string())?;
        // Of no machine.
        let text = text.replace(&*root().to_string_lossy(), "/wardian");
        fs::write(folder.join(format!("{name}.cdx.json")), text)?;
    }
    for member in ["", "capi", "kernels", "udf", "xtask", "tests/roads", "python"] {
        let written = root().join(member).join("bill.json");
        if written.exists() {
            fs::remove_file(written)?;
        }
    }
    let page = run_quietly(
        command("npm")
            .args(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev"])
            .current_dir(root().join("www")),
    )
    .context("what the page is made of")?;
    Ok(fs::write(folder.join("page.cdx.json"), page.stdout)?)
}
