//! The figures that documents quote, written into them from where a command has measured them.
//!
//! In a document a figure stands between two comments that nobody sees: `<!-- figure: KB predict -->12.4 KB<!-- / -->`.
//! Sizes are those of what is built here; all others are in the documents that benchmarks and proofs write.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{command, root, run_quietly};
use crate::{marks, oracle, seal_proof, size};

mod quoted;

#[cfg(test)]
pub(crate) use quoted::of_oracle;

const KIND: &str = "figure";
/// Compilers differ by some bytes: how far a size may be from the one that is written, of a hundred.
const PERCENT: f64 = 2.0;

/// What figures are called and are. Sizes are known where everything is built.
pub(crate) struct Figures {
    quoted: BTreeMap<String, String>,
    sizes: BTreeMap<String, size::Measured>,
}

impl Figures {
    /// Those that are written down, and how much CI asks.
    fn quoted() -> Result<Self> {
        let mut quoted = quoted::all()?;
        quoted.extend(oracle::Arguments::share().told().map(|(name, count)| (name.to_owned(), grouped(count))));
        quoted.insert("ci/seal".to_owned(), grouped(seal_proof::SHARE.len()));
        Ok(Self { quoted, sizes: BTreeMap::new() })
    }

    /// Those that are written down, and the sizes of what is built here.
    fn all() -> Result<Self> {
        Ok(Self { sizes: size::measured()?, ..Self::quoted()? })
    }

    /// The text of a figure; none of a size where nothing was built.
    fn text(&self, name: &str) -> Result<Option<String>> {
        let Some((unit, part)) = name.split_once(' ') else {
            return self.quoted.get(name).cloned().map(Some).with_context(|| format!("no command measures {name}"));
        };
        if self.sizes.is_empty() {
            return Ok(None);
        }
        let size = self.sizes.get(part).with_context(|| format!("nothing that is built is called {part}"))?;
        let budget = || size.budget.with_context(|| format!("{part} has no budget"));
        Ok(Some(match unit {
            "KB" => kilobytes(size.packed),
            "bytes" => grouped(size.bytes),
            "gzip" => grouped(size.packed),
            "limit" => grouped(budget()?),
            "limit-KB" => kilobytes(budget()?),
            other => bail!("{other} is no unit of sizes: KB, bytes, gzip, limit, limit-KB"),
        }))
    }
}

/// Thousands of bytes: one decimal below a hundred.
fn kilobytes(bytes: usize) -> String {
    match bytes {
        100_000.. => format!("{} KB", (bytes + 500) / 1000),
        _ => format!("{}.{} KB", (bytes + 50) / 1000, (bytes + 50) % 1000 / 100),
    }
}

/// A number with commas between its thousands.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes every figure into the documents that quote it.
pub(crate) fn write() -> Result<()> {
    let figures = Figures::all()?;
    for path in documents()? {
        let text = fs::read_to_string(&path)?;
        let (written, count) = rewritten(&text, &figures).with_context(|| path.display().to_string())?;
        if written != text {
            fs::write(&path, written)?;
        }
        if count > 0 {
            println!("{}: {count} figures", path.strip_prefix(root()).unwrap_or(&path).display());
        }
    }
    Ok(())
}

/// Fails where a document quotes a size that what is built here has not.
pub(crate) fn check() -> Result<()> {
    check_with(&Figures::all()?)
}

fn check_with(figures: &Figures) -> Result<()> {
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in documents()? {
        let name = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        for (figure, quoted) in marks::marked(&fs::read_to_string(&path)?, KIND).with_context(|| name.clone())? {
            if let Some(text) = figures.text(&figure).with_context(|| name.clone())? {
                count += 1;
                let near = figure.contains(' ') && is_near(&text, &quoted);
                if text != quoted && !near {
                    wrong.push(format!("{name}: {figure} is {text}, not {quoted}"));
                }
            }
        }
    }
    ensure!(wrong.is_empty(), "{}\ncargo xtask figures writes them", wrong.join("\n"));
    ensure!(count > 0, "no document quotes a figure");
    println!("{count} figures that documents quote are what was measured");
    Ok(())
}

fn is_near(measured: &str, quoted: &str) -> bool {
    let number = |text: &str| text.trim_end_matches(" KB").replace(',', "").parse::<f64>().ok();
    match (number(measured), number(quoted)) {
        (Some(measured), Some(quoted)) => (measured - quoted).abs() * 100.0 <= PERCENT * measured,
        _ => false,
    }
}

/// The document with each figure as it is, and how many there are.
fn rewritten(text: &str, figures: &Figures) -> Result<(String, usize)> {
    let mut count = 0;
    let written = marks::rewritten(text, KIND, |name, _| {
        count += 1;
        figures.text(name)
    })?;
    Ok((written, count))
}

/// Every document of the repository.
fn documents() -> Result<Vec<PathBuf>> {
    let listed = run_quietly(command("git").args(["ls-files", "-z", "*.md"]))?;
    let listed = String::from_utf8(listed.stdout).context("a document's name")?;
    Ok(listed
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(|name| root().join(name))
        .filter(|path| path.exists())
        .collect())
}

/// A document of the repository.
fn document(name: &str) -> Result<String> {
    let path: &Path = &root().join(name);
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quoted_figure_is_what_a_command_has_written() {
        check_with(&Figures::quoted().expect("figures")).expect("as written");
    }

    #[test]
    fn a_figure_is_written_between_its_comments_and_nothing_else_changes() {
        let figures = Figures {
            quoted: BTreeMap::from([("shapes".to_owned(), "18".to_owned())]),
            sizes: BTreeMap::from([(
                "predict".to_owned(),
                size::Measured { bytes: 22_121, packed: 12_408, budget: Some(20_000) },
            )]),
        };
        let text = "a <!-- figure: shapes -->17<!-- / --> b <!-- figure: KB predict -->11.3 KB<!-- / -->, <!-- figure: limit predict --><!-- / -->.";
        let (written, count) = rewritten(text, &figures).expect("written");
        assert_eq!(count, 3);
        assert_eq!(
            written,
            "a <!-- figure: shapes -->18<!-- / --> b <!-- figure: KB predict -->12.4 KB<!-- / -->, <!-- figure: limit predict -->20,000<!-- / -->."
        );
        for wrong in [
            "<!-- figure: trees -->1<!-- / -->",
            "<!-- figure: KB all -->1<!-- / -->",
            "<!-- figure: shapes -->1\n<!-- / -->",
        ] {
            rewritten(wrong, &figures).expect_err(wrong);
        }
    }

    #[test]
    fn sizes_are_written_as_people_read_them() {
        assert_eq!(kilobytes(12_449), "12.4 KB");
        assert_eq!(kilobytes(271_500), "272 KB");
        assert_eq!(grouped(3_727_448), "3,727,448");
        assert_eq!(grouped(999), "999");
        assert!(is_near("12,408", "12,218") && !is_near("12.4 KB", "11.3 KB") && !is_near("18", "many"));
    }

    /// What the front page says of speed, size and proof is none that somebody has typed.
    #[test]
    fn the_readme_says_no_figure_of_its_own_where_it_compares() {
        let text = document("README.md").expect("the README");
        let (_, section) = text.split_once("## How exact, how fast, how big").expect("the section");
        let section = section.split_once("\n## ").map_or(section, |(section, _)| section);
        for row in section.lines().filter(|line| line.starts_with('|')) {
            let bare = marks::bare(row, KIND).expect("figures");
            // Names of a network and of a peer.
            let bare = bare.replace("4G", "").replace("TL2cgen", "");
            assert!(!bare.contains(|character: char| character.is_ascii_digit()), "{bare}");
        }
    }
}
