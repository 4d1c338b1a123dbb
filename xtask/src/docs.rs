//! The documentation as a site in `target/site`: the pages of `docs/` by Sphinx, and the references of Rust, JavaScript and Python.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell::{cargo, command, root, run, run_quietly, target};
use crate::{node, python, seal};

/// Where the site is.
pub(crate) fn folder() -> PathBuf {
    target().join("site")
}

/// rustdoc; what it warns of is an error.
pub(crate) fn rust() -> Result<()> {
    run(cargo()
        .args(["doc", "--quiet", "--workspace", "--no-deps", "--all-features"])
        .env("RUSTDOCFLAGS", "-D warnings"))
}

/// What makes the site, installed: the Python that has Sphinx.
pub(crate) fn ready() -> Result<PathBuf> {
    node::check()?;
    node::install("docs", "TypeDoc makes the JavaScript reference")?;
    python::environment("docs-venv", "docs/requirements.txt", "Sphinx and what it needs")
}

/// Builds the site. A link to a page, a heading or a picture that is not there is an error.
pub(crate) fn build() -> Result<()> {
    let python = ready()?;
    rust()?;
    let site = folder();
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    let sphinx = ["-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "--fresh-env", "--builder", "html"];
    run(command(python).args(sphinx).arg("-d").arg(target().join("site-read")).arg("docs").arg(&site))?;
    let types = target().join("site-types");
    run_quietly(command("node").arg("docs/reference.mjs").arg(types).arg(site.join("api/js")))?;
    let reference = site.join("api/rust");
    for (name, bytes) in seal::files_in(&target().join("doc"))? {
        let path = reference.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&reference))?;
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
    }
    mend_front(&reference.join("wardian"))?;
    // rustdoc's pages of help and of settings lead to it.
    fs::write(reference.join("index.html"), FRONT).context("the Rust reference's first page")?;
    println!("{}: open index.html", site.display());
    Ok(())
}

/// The Rust reference has a page for each crate, and none before them.
const FRONT: &str = r#"<!doctype html><meta charset="utf-8"><title>Rust</title><meta http-equiv="refresh" content="0; url=wardian/index.html"><a href="wardian/index.html">wardian</a>
"#;

/// The crate's first page is README.md, whose links are the repository's: those to pages of `docs/` lead to the site's, and pictures
/// are brought along.
fn mend_front(folder: &Path) -> Result<()> {
    let path = folder.join("index.html");
    let page = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mended = mended(&page, |name| folder.join(name).exists());
    for name in links(&mended).filter(|name| name.starts_with("docs/")) {
        let copy = folder.join(name);
        fs::create_dir_all(copy.parent().unwrap_or(folder))?;
        fs::copy(root().join(name), copy).with_context(|| name.to_owned())?;
    }
    fs::write(&path, mended)?;
    Ok(())
}

const LINKS: [&str; 2] = ["href=\"", "src=\""];

/// What a page links to beside itself, without anchors.
fn links(page: &str) -> impl Iterator<Item = &str> {
    LINKS.iter().flat_map(|link| page.split(link).skip(1)).filter_map(|rest| rest.split(['"', '#']).next())
}

/// A page whose links into the repository lead to pages of the site three folders above, or are words alone.
fn mended(page: &str, exists: impl Fn(&str) -> bool) -> String {
    let mut parts = page.split("href=\"");
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (link, rest) = part.split_once('"').unwrap_or((part, ""));
        let (name, anchor) = link.split_at(link.find('#').unwrap_or(link.len()));
        let of_site = name.strip_prefix("docs/").and_then(|name| name.strip_suffix(".md"));
        match of_site {
            Some(title) => made.push_str(&format!("href=\"../../../{title}.html{anchor}\"{rest}")),
            None if name.is_empty() || name.contains(':') || exists(name) => {
                made.push_str(&format!("href=\"{link}\"{rest}"));
            }
            // A place in the repository that the site has not: `<a>` without an address is its words.
            None => made.push_str(rest),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_into_the_repository_lead_into_the_site() {
        let page = r##"<a href="docs/CASE.md#words">a</a><a href="python/README.md">b</a><a href="#c">c</a><a href="https://d.e/f.md">d</a><img src="docs/page.png"><a href="struct.Model.html">m</a><a href="gone/x">x</a>"##;
        let expected = r##"<a href="../../../CASE.html#words">a</a><a >b</a><a href="#c">c</a><a href="https://d.e/f.md">d</a><img src="docs/page.png"><a href="struct.Model.html">m</a><a >x</a>"##;
        let made = mended(page, |name| name == "struct.Model.html");
        assert_eq!(made, expected);
        assert_eq!(links(&made).filter(|name| name.starts_with("docs/")).collect::<Vec<_>>(), ["docs/page.png"]);
    }
}
