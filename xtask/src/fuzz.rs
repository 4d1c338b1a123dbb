//! Bytes that nobody has thought of, for every reader of files and every evaluator.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::shell::{Stream, command, program_of_crate, root, run_taking, target};

const CARGO_FUZZ: &str = "0.13.2";
/// A program that libFuzzer feeds.
struct Target {
    name: &'static str,
    /// The endings of the golden files that it begins with.
    seeds: &'static [&'static str],
    /// How many bytes of these the target writes itself.
    header: usize,
    /// The longest input, in bytes.
    longest: u32,
}

const TARGETS: [Target; 10] = [
    // Its bytes say what a forest is like, not what is in it: nothing there is to begin with, nor much to say.
    Target { name: "answers", seeds: &[], header: 0, longest: 1000 },
    Target { name: "format", seeds: &[".wardian"], header: 16, longest: 30_000 },
    Target { name: "import", seeds: &[".json", ".ubj"], header: 0, longest: 30_000 },
    Target { name: "rows", seeds: &[".csv"], header: 0, longest: 2000 },
    Target { name: "lightgbm_text", seeds: &[".lightgbm.txt"], header: "tree\n".len(), longest: 8000 },
    Target { name: "lightgbm_json", seeds: &[".lightgbm.json"], header: 0, longest: 10_000 },
    Target { name: "cbm", seeds: &[".cbm"], header: 8, longest: 8000 },
    Target { name: "catboost_json", seeds: &[".catboost.json"], header: 0, longest: 20_000 },
    Target { name: "onnx", seeds: &[".onnx"], header: 0, longest: 4000 },
    Target { name: "pickle", seeds: &[".pkl", ".joblib"], header: 0, longest: 14_000 },
];

/// Those of the readers of other trainers' files: each has its own, so that none is left out for another's sake.
pub(crate) const OTHERS: [&str; 6] = ["lightgbm_text", "lightgbm_json", "cbm", "catboost_json", "onnx", "pickle"];

/// The targets that may be asked for.
pub(crate) fn names() -> [&'static str; TARGETS.len()] {
    TARGETS.each_ref().map(|target| target.name)
}

/// How the targets are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compiled {
    /// To try the most inputs.
    Fast,
    /// In half the time, for who tries them for seconds.
    Soon,
}

/// Feeds each of these targets for so many seconds; ends with the first input that one fails for.
pub(crate) fn run_targets(names: &[impl AsRef<str>], seconds: u32, compiled: Compiled) -> Result<()> {
    let tool = program_of_crate("cargo-fuzz", CARGO_FUZZ, "", "drives libFuzzer; 1 min")?;
    for Target { name, seeds, header, longest } in TARGETS {
        if !names.iter().any(|wanted| wanted.as_ref() == name) {
            continue;
        }
        let folder = target().join("fuzz").join(name);
        let (found, known) = (folder.join("found"), folder.join("known"));
        fs::create_dir_all(&found)?;
        fs::create_dir_all(&known)?;
        for ending in seeds {
            for seed in golden(ending)? {
                let bytes = fs::read(&seed)?;
                let bytes = bytes.get(header..).with_context(|| format!("{} has no header", seed.display()))?;
                fs::write(known.join(seed.file_name().context("a file")?), bytes)?;
            }
        }
        println!("{name}: {seconds} s");
        let mut fuzz = command(&tool);
        fuzz.args(["fuzz", "run", "--target-dir"]).arg(target().join("fuzz/build")).arg(name).args([&found, &known]);
        fuzz.args(["--", "-timeout=10", "-rss_limit_mb=2048"]);
        fuzz.args([format!("-max_len={longest}"), format!("-max_total_time={seconds}")]);
        // The sanitizers' flags are unstable ones.
        fuzz.env("RUSTC_BOOTSTRAP", "1").current_dir(root().join("fuzz"));
        if compiled == Compiled::Soon {
            fuzz.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        }
        for runs in run_taking(&mut fuzz, Stream::Errors, runs)? {
            match name {
                "answers" => println!("seen fuzz-forests: {runs}, nothing found"),
                name => println!("seen fuzz-files: {name}: {runs}, nothing found"),
            }
        }
    }
    Ok(())
}

/// What libFuzzer says of itself at its end: `Done 1815000 runs in 301 second(s)`.
fn runs(line: &str) -> Option<String> {
    let (runs, rest) = line.strip_prefix("Done ")?.split_once(" runs in ")?;
    Some(format!("{runs} runs in {} s", rest.strip_suffix(" second(s)")?))
}

/// The golden files, and the shipped model's cases, of this ending.
fn golden(ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in ["tests/golden", "tests/golden/others", "tests/cases/csv-diabetes", "tests/cases/page-units"] {
        for entry in fs::read_dir(root().join(folder))? {
            files.push(entry?.path());
        }
    }
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    if files.is_empty() {
        bail!("no golden file ends with {ending}");
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fuzzer_says_at_its_end_is_understood() {
        assert_eq!(runs("Done 1815000 runs in 301 second(s)").as_deref(), Some("1815000 runs in 301 s"));
        assert_eq!(runs("#1815000\tDONE   cov: 1202 ft: 5118 corp: 900/2Mb lim: 8000 exec/s: 6029 rss: 521Mb"), None);
    }
}
