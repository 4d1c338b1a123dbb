//! Whether two releases are the same, byte for byte.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};

use super::make::{PARTS, SUMS};
use super::sha256;
use crate::seal;

/// Bills of materials have a number and a time of their own: nobody installs them.
const OWN_TIME: &str = ".cdx.json";

/// Compares every file that is published, and every file that is packed into those.
pub(super) fn folders(one: &Path, other: &Path) -> Result<()> {
    let (one, other) = (seal::files_in(one)?, seal::files_in(other)?);
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let compared = names.into_iter().filter(|name| !name.ends_with(OWN_TIME) && *name != SUMS && *name != PARTS);
    let mut same = 0;
    let mut differing = Vec::new();
    for name in compared {
        match (one.get(name), other.get(name)) {
            (Some(one), Some(other)) if one == other => same += 1,
            (Some(one), Some(other)) => differing.push(format!("{name}: {} and {}", sha256(one), sha256(other))),
            _ => differing.push(format!("{name}: in one folder alone")),
        }
    }
    let lines = |bytes: Option<&Vec<u8>>| -> BTreeSet<String> {
        bytes.map(|bytes| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect()).unwrap_or_default()
    };
    let (one, other) = (lines(one.get(PARTS)), lines(other.get(PARTS)));
    differing.extend(one.symmetric_difference(&other).map(|line| format!("packed: {line}")));
    if !differing.is_empty() {
        bail!("{same} files are the same in both builds; these are not:\n{}", differing.join("\n"));
    }
    println!("both builds: {same} files and {} packed into them, the same bytes", one.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder(name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("wardian-compare-{}-{name}", std::process::id()));
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
            fs::write(path, text).expect("a new file");
        }
        folder
    }

    #[test]
    fn a_file_that_differs_is_named_and_a_bill_may() {
        let one =
            folder("one", &[("npm/a.tgz", "1"), ("sbom/a.cdx.json", "1"), (PARTS, "x  page/a.wasm\n"), (SUMS, "1")]);
        let same =
            folder("same", &[("npm/a.tgz", "1"), ("sbom/a.cdx.json", "2"), (PARTS, "x  page/a.wasm\n"), (SUMS, "2")]);
        let other = folder("other", &[("npm/a.tgz", "2"), ("npm/b.tgz", "2"), (PARTS, "y  page/a.wasm\n")]);
        folders(&one, &same).expect("the same");
        let error = folders(&one, &other).expect_err("others").to_string();
        for part in
            ["npm/a.tgz: ", "npm/b.tgz: in one folder alone", "packed: x  page/a.wasm", "packed: y  page/a.wasm"]
        {
            assert!(error.contains(part), "{part} is not in {error}");
        }
        for folder in [one, same, other] {
            fs::remove_dir_all(folder).expect("removed");
        }
    }
}
