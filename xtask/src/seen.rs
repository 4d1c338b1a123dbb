//! What was compared, written into docs/PROOF.md by the commands that compare: `cargo xtask seen`.
//!
//! A command says what it has compared in lines `seen SUBJECT: 13 files, 400 answers: 0 different`. They are written as they are, behind
//! the date, between `<!-- seen: KEY -->` and `<!-- / -->`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::builder::PossibleValue;

use crate::figures::grouped;
use crate::marks;
use crate::shell::{self, Stream, command, root, run_quietly, run_taking};

pub(crate) const PROOF: &str = "docs/PROOF.md";
pub(crate) const KIND: &str = "seen";

/// A place in the document.
struct Row {
    key: &'static str,
    /// What finds it, as the document says it.
    command: &'static str,
    /// What the lines that belong here are about.
    subject: &'static str,
    /// The files that print them.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test looks whether they do"))]
    printed_by: &'static [&'static str],
}

const fn row(
    key: &'static str,
    command: &'static str,
    subject: &'static str,
    printed_by: &'static [&'static str],
) -> Row {
    Row { key, command, subject, printed_by }
}

const ORACLE: &str = "cargo xtask oracle";
const CI_ORACLE: &str = "cargo xtask test --only oracle";
const OTHERS: &str = "cargo xtask oracle --others-only";
const FUZZ: &str = "cargo xtask fuzz";
const ROWS: &str = "cargo test --features cli --test rows";
const VERSIONS: &str = "cargo test --test versions";

static SEEN: [Row; 21] = [
    row("oracle", ORACLE, "oracle", &["tests/oracle/told.rs"]),
    row("ci-oracle", CI_ORACLE, "oracle", &["tests/oracle/told.rs"]),
    row("contributions-xgboost", ORACLE, "contributions-xgboost", &["tests/oracle/told.rs"]),
    row("others", OTHERS, "others", &["tests/trainers.rs", "tests/oracle/trainers/package.mjs"]),
    row("contributions", OTHERS, "contributions", &["tests/trainers.rs"]),
    row("kept", "cargo test --test others", "kept", &["tests/others.rs"]),
    row("memory", "cargo test --test memory", "memory", &["tests/memory.rs"]),
    row("exp64", "cargo test -p wardian-kernels", "exp64", &["kernels/src/exp64.rs"]),
    row("versions", VERSIONS, "versions", &["tests/versions.rs"]),
    row("base-margins", VERSIONS, "base-margins", &["tests/versions.rs"]),
    row(
        "elementary",
        "cargo xtask elementary",
        "elementary",
        &[
            "kernels/src/exp.rs",
            "kernels/src/exp64.rs",
            "kernels/src/log64.rs",
            "src/elementary.rs",
            "src/import/elementary.rs",
        ],
    ),
    row("roads", "cargo xtask roads", "roads", &["xtask/src/roads/compare.rs"]),
    row("ci-roads", "cargo xtask test --only roads", "roads", &["xtask/src/roads/compare.rs"]),
    row("wheels", "cargo xtask wheels-proof", "wheels", &["python/tests/oracle.py", "python/tests/engines/proof.py"]),
    row(
        "ci-wheels",
        "cargo xtask test --only python",
        "wheels",
        &["python/tests/oracle.py", "python/tests/engines/proof.py"],
    ),
    row("seal", "cargo xtask seal-proof", "seal", &["tests/seal/sealed.test.mjs"]),
    row("fuzz-forests", FUZZ, "fuzz-forests", &["xtask/src/fuzz.rs"]),
    row("fuzz-files", FUZZ, "fuzz-files", &["xtask/src/fuzz.rs"]),
    row("dresses", ROWS, "dresses", &["tests/rows.rs"]),
    row("misread", ROWS, "misread", &["tests/rows.rs"]),
    row("sanitize", "cargo xtask sanitize", "sanitize", &["xtask/src/sanitize.rs"]),
];

/// What to run.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Which places of docs/PROOF.md; of none the keys of all are shown
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(keys()))]
    keys: Vec<String>,
    /// What the command is given beside what the document says; written behind the date
    #[arg(last = true)]
    more: Vec<String>,
}

fn keys() -> impl Iterator<Item = PossibleValue> {
    SEEN.iter().map(|row| PossibleValue::new(row.key).help(row.command))
}

/// Runs the commands of these keys, each once, and writes what they say that they have compared; without keys shows all of them.
pub(crate) fn write(arguments: &Arguments) -> Result<()> {
    if arguments.keys.is_empty() {
        for Row { key, command, .. } in &SEEN {
            println!("{key:22} {command}");
        }
        return Ok(());
    }
    let asked: BTreeSet<&str> = arguments.keys.iter().map(String::as_str).collect();
    let commands: BTreeSet<&str> = SEEN.iter().filter(|row| asked.contains(row.key)).map(|row| row.command).collect();
    ensure!(
        arguments.more.is_empty() || commands.len() == 1,
        "these keys have several commands: what follows -- is for one"
    );
    for line in commands {
        let said =
            run_taking(&mut to_run(line, &arguments.more)?, Stream::Output, |line| taken(line).map(str::to_owned))
                .with_context(|| format!("{line}: {PROOF} stays as it is"))?;
        let now = now(line, &asked, &said)?;
        let start = started(&today()?, &arguments.more);
        let path = root().join(PROOF);
        let document = fs::read_to_string(&path).context(PROOF)?;
        let written =
            marks::rewritten(&document, KIND, |key, _| Ok(now.get(key).map(|text| format!("{start}: {text}"))))?;
        fs::write(&path, written)?;
        println!("written: {PROOF}, {}", now.keys().copied().collect::<Vec<_>>().join(", "));
    }
    Ok(())
}

/// What is to stand at the places of a command: all that it has said something of, and it must be those that were asked for.
fn now(line: &str, asked: &BTreeSet<&str>, said: &[String]) -> Result<BTreeMap<&'static str, String>> {
    let mut now = BTreeMap::new();
    for Row { key, subject, .. } in SEEN.iter().filter(|row| row.command == line) {
        let text = told(said, subject)?;
        ensure!(
            text.is_some() || !asked.contains(key),
            "{line} printed no line `seen {subject}: …`; {PROOF} stays as it is"
        );
        now.extend(text.map(|text| (*key, text)));
    }
    Ok(now)
}

/// The command of a line of the document.
fn to_run(line: &str, more: &[String]) -> Result<Command> {
    let words: Vec<&str> = line.split_whitespace().skip(1).collect();
    let mut run = match words.split_first() {
        // This program: cargo would wait for nothing but its own lock.
        Some((&"xtask", rest)) => {
            let mut own = command(std::env::current_exe()?);
            own.args(rest);
            own
        }
        _ => {
            let mut cargo = shell::cargo();
            cargo.args(words);
            cargo
        }
    };
    // Rust's test runner keeps what passing tests print to itself; several at once would print in any order.
    run.args(more).env("RUST_TEST_NOCAPTURE", "1").env("RUST_TEST_THREADS", "1");
    Ok(run)
}

/// What a line says was compared, from its subject on. Rust's test runner begins a line with the name of a test that is alone.
fn taken(line: &str) -> Option<&str> {
    line.strip_prefix("seen ").or_else(|| line.split_once(" ... seen ").map(|(_, rest)| rest))
}

/// All that was said of a subject, for a cell.
fn told(said: &[String], subject: &str) -> Result<Option<String>> {
    let start = format!("{subject}: ");
    let texts: Vec<&str> = said.iter().filter_map(|text| text.strip_prefix(&start)).collect();
    let text = with_commas(&texts.join("; "));
    ensure!(!text.contains(['|', '<', '\n']), "`{text}` does not fit into a cell of a table");
    Ok((!texts.is_empty()).then_some(text))
}

/// Numbers of five digits and more as people read them.
fn with_commas(text: &str) -> String {
    let is_number = |word: &&str| word.len() > 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let word = |word: &str| {
        let end = word.trim_end_matches([',', ';', ':', ')']).len();
        match Some(&word[..end]).filter(is_number).and_then(|digits| digits.parse().ok()) {
            Some(number) => format!("{}{}", grouped(number), &word[end..]),
            None => word.to_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The date, and what the command was given beside.
fn started(date: &str, more: &[String]) -> String {
    if more.is_empty() { date.to_owned() } else { format!("{date}, `{}`", more.join(" ")) }
}

fn today() -> Result<String> {
    let date = run_quietly(command("date").args(["-u", "+%F"]))?;
    Ok(String::from_utf8(date.stdout).context("the date")?.trim().to_owned())
}

/// What the oracle prints at its end.
#[cfg(test)]
#[path = "../../tests/oracle/told.rs"]
mod oracle_told;

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> String {
        fs::read_to_string(root().join(PROOF)).expect(PROOF)
    }

    fn cells(text: &str) -> impl Iterator<Item = [&str; 3]> {
        text.lines().filter(|line| line.starts_with("| ")).map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            <[&str; 5]>::try_from(cells).map(|[_, what, how, seen, _]| [what, how, seen]).expect(line)
        })
    }

    /// What is not written by a command: names in backquotes have digits.
    fn typed(cell: &str) -> String {
        let bare = marks::bare(&marks::bare(cell, KIND).expect(cell), "figure").expect(cell);
        bare.split('`').step_by(2).collect()
    }

    #[test]
    fn what_was_seen_last_has_no_figure_that_somebody_has_typed() {
        let text = document();
        let mut rows = 0;
        for [what, _, seen] in cells(&text).skip(1) {
            rows += 1;
            let typed = typed(seen);
            assert!(!typed.contains(|character: char| character.is_ascii_digit()), "{what}: {typed}");
        }
        assert!(rows > 15, "{rows} rows");
        assert_eq!(typed("CI: <!-- seen: a -->7 models<!-- / --> of `f32`, 9 others"), "CI:  of , 9 others");
    }

    #[test]
    fn every_place_is_in_the_row_of_its_command_once() {
        let text = document();
        let places = marks::marked(&text, KIND).expect("places");
        let names: BTreeSet<&str> = places.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(names, SEEN.iter().map(|row| row.key).collect());
        assert_eq!(places.len(), SEEN.len(), "a key has two places");
        for Row { key, command, .. } in &SEEN {
            let place = format!("<!-- seen: {key} -->");
            let [_, how, seen] = cells(&text).find(|cells| cells[2].contains(&place)).expect(key);
            let named = format!("`{command}`");
            assert!(how.contains(&named) || seen.contains(&named), "{key}: {command}");
        }
        for (key, said) in places {
            let is_dated = said.split(['-', ':', ',']).take(3).all(|part| part.parse::<u32>().is_ok());
            assert!(is_dated, "{key}: {said}");
        }
    }

    #[test]
    fn every_subject_is_printed_where_it_is_said_to_be() {
        for Row { key, subject, printed_by, .. } in &SEEN {
            for file in *printed_by {
                let text = fs::read_to_string(root().join(file)).expect(file);
                assert!(text.contains(&format!("seen {subject}: ")), "{key}: {file} does not print it");
            }
        }
    }

    #[test]
    fn lines_are_taken_as_test_runners_show_them() {
        let output = "
running 2 tests
test kept_files_answer_as_their_trainers_did ... seen kept: 31 files, 12480 answers: 0 different
ok
seen kept: the npm package: 2026.8.0, 4131 answers
seen keptness: no
as was seen kept: no
ℹ pass 9";
        let said: Vec<String> = output.lines().filter_map(taken).map(str::to_owned).collect();
        assert_eq!(
            told(&said, "kept").expect("a text").expect("lines"),
            "31 files, 12,480 answers: 0 different; the npm package: 2026.8.0, 4131 answers"
        );
        assert_eq!(told(&said, "roads").expect("nothing"), None);
        told(&["kept: a | b".to_owned()], "kept").expect_err("a cell's end");
        assert_eq!(started("2026-11-29", &[]), "2026-11-29");
        assert_eq!(started("2026-11-29", &["--seed".to_owned(), "5".to_owned()]), "2026-11-29, `--seed 5`");
        assert_eq!(with_commas("(12345) 54528459, 1.23456e-11 f12345"), "(12345) 54,528,459, 1.23456e-11 f12345");
    }

    #[test]
    fn a_command_writes_all_of_its_places_and_must_write_those_that_were_asked_for() {
        let asked = |key| BTreeSet::from([key]);
        let both = ["versions: 210 files".to_owned(), "base-margins: 9 margins".to_owned()];
        let expected = BTreeMap::from([("base-margins", "9 margins".to_owned()), ("versions", "210 files".to_owned())]);
        assert_eq!(now(VERSIONS, &asked("versions"), &both).expect("texts"), expected);
        assert_eq!(now(VERSIONS, &asked("versions"), &both[..1]).expect("a text").len(), 1);
        let fault = now(VERSIONS, &asked("versions"), &both[1..]).expect_err("nothing of it");
        assert!(fault.to_string().contains("printed no line `seen versions: …`"), "{fault}");
    }

    /// The README quotes them.
    #[test]
    fn the_oracles_words_are_understood_where_they_are_quoted() {
        let margins = oracle_told::Answers {
            models: 700,
            versions: 14,
            refused: 0,
            margins: 54_528_459,
            different_margins: 0,
            predictions: 39_020_320,
            different_predictions: 0,
            of_people: 35_000_000,
        };
        let contributions =
            oracle_told::Contributions { models: 660, contributions: 123_456, largest: 2.2e-5, refused: 40 };
        let output = format!("test a ... {margins}\nok\ntest b ... {contributions}\nok");
        let said: Vec<String> = output.lines().filter_map(taken).map(str::to_owned).collect();
        let of = |subject: &str| told(&said, subject).expect("a text").expect("a line");
        let proof = marks::rewritten(
            "<!-- seen: oracle --><!-- / --><!-- seen: contributions-xgboost --><!-- / -->",
            KIND,
            |key, _| Ok(Some(format!("2026-11-29: {}", of(key)))),
        );
        let quoted = crate::figures::of_oracle(&proof.expect("written")).expect("figures");
        let expected = [
            ("oracle/contributions", "2.2e-5"),
            ("oracle/margins", "54 million"),
            ("oracle/models", "700"),
            ("oracle/predictions", "39 million"),
            ("oracle/versions", "14"),
        ];
        assert_eq!(quoted, expected.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
    }
}
