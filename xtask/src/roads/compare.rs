//! The roads' answers beside one another.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What all others are compared with.
const REFERENCE: &str = "native: batch";
const XGBOOST: &str = "XGBoost itself";

/// The models that every road is asked for.
pub(super) struct Index(Vec<Value>);

impl Index {
    pub(super) fn read(file: &Path) -> Result<Self> {
        let index = Self(serde_json::from_slice(&fs::read(file)?).context("index.json")?);
        let mut names = index.names()?;
        names.sort_unstable();
        names.dedup();
        ensure!(names.len() == index.len(), "two models have one name");
        Ok(index)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn names(&self) -> Result<Vec<&str>> {
        self.0.iter().map(|entry| entry["name"].as_str().context("an entry without a name")).collect()
    }

    /// The one model that the page's modules open.
    fn shipped(&self) -> Option<&str> {
        self.0.iter().find(|entry| !entry["schema"].is_null())?["name"].as_str()
    }

    pub(super) fn has_xgboosts(&self) -> bool {
        self.0.iter().any(|entry| entry["margins"].is_string())
    }

    /// What XGBoost answered when it had trained them.
    pub(super) fn xgboosts(&self) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for (name, entry) in self.names()?.into_iter().zip(&self.0) {
            let Some(file) = entry["margins"].as_str() else { continue };
            let mut bytes = fs::read(file).with_context(|| file.to_owned())?;
            let line = |bytes: &[u8], turned| Line {
                road: XGBOOST.to_owned(),
                model: name.to_owned(),
                turned,
                margins: bytes.len() / size_of::<f32>(),
                answer: Answer::Digests([("margins".to_owned(), digest(bytes))].into()),
            };
            lines.push(line(&bytes, false));
            if lines.len() == 1 {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                lines.push(line(&bytes, true));
            }
        }
        Ok(lines)
    }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a road answers for one model.
pub(super) struct Line {
    road: String,
    model: String,
    /// One bit of each answer is not the road's.
    turned: bool,
    margins: usize,
    answer: Answer,
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// The code of the error.
    Refused(String),
    /// By kind.
    Digests(BTreeMap<String, String>),
}

impl Line {
    pub(super) fn of(value: &Value) -> Result<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned).context("a text is due");
        let answer = match value.get("refused") {
            Some(code) => Answer::Refused(text(code)?),
            None => {
                let digests = value["digests"].as_object().context("neither digests nor a refusal")?;
                let digests: Result<BTreeMap<_, _>> =
                    digests.iter().map(|(kind, digest)| Ok((kind.clone(), text(digest)?))).collect();
                Answer::Digests(digests?)
            }
        };
        Ok(Self {
            road: text(&value["road"])?,
            model: text(&value["model"])?,
            turned: value["turned"] == true,
            margins: value["margins"].as_u64().unwrap_or(0) as usize,
            answer,
        })
    }

    /// The kinds of answers that the road must give: none may be left out unseen.
    fn kinds_due(&self) -> &'static [&'static str] {
        match self.road.as_str() {
            XGBOOST => &["margins"],
            road if road.ends_with(", sealed: batch") || road.ends_with(": one row") => {
                &["contributions", "margins", "predictions"]
            }
            road if road.ends_with(": batch") => &["contributions", "file", "margins", "predictions"],
            _ => &["margins", "predictions"],
        }
    }
}

/// What was compared of one road.
#[derive(Default)]
struct Tally {
    models: usize,
    margins: usize,
    refused: usize,
    /// The models that are answered for in another way, and in what.
    different: Vec<String>,
    is_turning_noticed: bool,
}

/// All roads.
pub(super) struct Comparison<'a> {
    index: &'a Index,
    reference: BTreeMap<String, Answer>,
    /// In the order in which they were asked.
    roads: Vec<(String, Tally)>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(index: &'a Index) -> Self {
        Self { index, reference: BTreeMap::new(), roads: Vec::new() }
    }

    /// Compares what one program has answered. The reference's answers come first.
    pub(super) fn take(&mut self, lines: Vec<Line>) -> Result<()> {
        let first = self.roads.len();
        for line in lines {
            self.take_line(line)?;
        }
        ensure!(self.roads.len() > first, "no answer at all");
        for (road, tally) in &self.roads[first..] {
            let due = match road.as_str() {
                XGBOOST => tally.models,
                road if road.contains(", sealed: ") => usize::from(self.index.shipped().is_some()),
                _ => self.index.len(),
            };
            ensure!(tally.models == due, "{road} has answered for {} of {due} models", tally.models);
            ensure!(tally.is_turning_noticed, "{road}: that a bit was turned is not noticed");
        }
        Ok(())
    }

    fn take_line(&mut self, line: Line) -> Result<()> {
        if let Answer::Digests(digests) = &line.answer {
            let kinds: Vec<&str> = digests.keys().map(String::as_str).collect();
            ensure!(kinds == line.kinds_due(), "{}: {kinds:?} is answered for {}", line.road, line.model);
        }
        let place = self.roads.iter().position(|(road, _)| *road == line.road).unwrap_or(self.roads.len());
        if place == self.roads.len() {
            self.roads.push((line.road.clone(), Tally::default()));
        }
        let tally = &mut self.roads[place].1;
        if line.road == REFERENCE && !line.turned && self.reference.contains_key(&line.model) {
            bail!("{REFERENCE} has answered for {} twice", line.model);
        }
        if line.road == REFERENCE && !line.turned {
            tally.models += 1;
            tally.margins += line.margins;
            tally.refused += usize::from(matches!(line.answer, Answer::Refused(_)));
            self.reference.insert(line.model, line.answer);
            return Ok(());
        }
        let expected = self.reference.get(&line.model).with_context(|| format!("{} was not asked for", line.model))?;
        let different = differences(expected, &line.answer);
        if line.turned {
            // Each answer, that is: a digest that does not change with what it is of would prove nothing. That there are no
            // contributions has no bit to turn.
            let Answer::Digests(turned) = &line.answer else { bail!("{}: a refusal with a bit turned", line.road) };
            let turnable = turned.values().filter(|digest| !digest.starts_with("refused")).count();
            tally.is_turning_noticed = different.len() == turnable;
            return Ok(());
        }
        tally.models += 1;
        tally.margins += line.margins;
        tally.refused += usize::from(matches!(line.answer, Answer::Refused(_)));
        if !different.is_empty() {
            tally.different.push(format!("{} ({})", line.model, different.join(", ")));
        }
        Ok(())
    }

    /// Prints the table, and which model differs first.
    pub(super) fn print(&self, not_asked: &[String]) {
        println!("{:36} {:>7} {:>9} {:>8} {:>10}", "road", "models", "margins", "refused", "different");
        for (road, tally) in &self.roads {
            let Tally { models, margins, refused, different, .. } = tally;
            println!("{road:36} {models:>7} {margins:>9} {refused:>8} {:>10}", different.len());
        }
        for line in not_asked {
            println!("{line}");
        }
        for (road, tally) in &self.roads {
            if let Some(first) = tally.different.first() {
                println!("{road}: {} models differ from {REFERENCE}; the first is {first}", tally.different.len());
            }
        }
    }

    /// A failure if anything differs.
    pub(super) fn verdict(&self) -> Result<()> {
        let refused = self.reference.values().filter(|answer| matches!(answer, Answer::Refused(_))).count();
        ensure!(refused * 10 <= self.index.len(), "{refused} of {} models are refused", self.index.len());
        let different: usize = self.roads.iter().map(|(_, tally)| tally.different.len()).sum();
        ensure!(different == 0, "the roads do not give the same answers: {different} differ");
        let margins: usize = self.roads.iter().map(|(_, tally)| tally.margins).sum();
        println!(
            "seen roads: {} models on {} roads, {margins} margins: 0 different",
            self.index.len(),
            self.roads.len()
        );
        Ok(())
    }
}

/// The kinds of answers that are not as expected; of those that are given.
fn differences(expected: &Answer, given: &Answer) -> Vec<String> {
    match (expected, given) {
        (Answer::Digests(expected), Answer::Digests(given)) => given
            .iter()
            .filter(|(kind, digest)| expected.get(*kind) != Some(digest))
            .map(|(kind, _)| kind.clone())
            .collect(),
        _ if expected == given => Vec::new(),
        (Answer::Refused(code), _) => vec![format!("not refused; there it is {code}")],
        (_, Answer::Refused(code)) => vec![format!("refused: {code}")],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(road: &str, model: &str, margins: &str, turned: bool) -> Line {
        let mut digests = json!({ "margins": margins, "predictions": margins });
        if road.ends_with("batch") || road.ends_with("row") {
            digests["contributions"] = margins.into();
        }
        if road.ends_with("batch") {
            digests["file"] = "bytes".into();
            if turned {
                digests["file"] = "other".into();
            }
        }
        Line::of(&json!({ "road": road, "model": model, "margins": 3, "digests": digests, "turned": turned })).unwrap()
    }

    fn both(road: &str, answers: [&str; 2]) -> Vec<Line> {
        vec![line(road, "a", answers[0], false), line(road, "a", "turned", true), line(road, "b", answers[1], false)]
    }

    fn index() -> Index {
        Index(vec![json!({ "name": "a" }), json!({ "name": "b" })])
    }

    #[test]
    fn an_answer_of_other_bits_is_found() {
        let index = index();
        let mut comparison = Comparison::new(&index);
        comparison.take(both(REFERENCE, ["1", "2"])).unwrap();
        comparison.take(both("Node: workers", ["1", "2"])).unwrap();
        comparison.verdict().unwrap();
        comparison.take(both("Chromium: one row", ["1", "3"])).unwrap();
        assert_eq!(comparison.roads[2].1.different, ["b (contributions, margins, predictions)"]);
        assert!(comparison.verdict().is_err());
    }

    #[test]
    fn a_road_that_leaves_a_model_or_an_answer_out_fails() {
        let index = index();
        let mut comparison = Comparison::new(&index);
        comparison.take(both(REFERENCE, ["1", "2"])).unwrap();
        assert!(comparison.take(Vec::new()).is_err());
        assert!(comparison.take(both("Node: workers", ["1", "2"]).into_iter().take(2).collect()).is_err());
        let mut partly = both("Node: one row", ["1", "2"]);
        if let Answer::Digests(digests) = &mut partly[2].answer {
            digests.remove("contributions");
        }
        assert!(comparison.take(partly).is_err());
    }

    #[test]
    fn a_road_that_does_not_notice_a_turned_bit_fails() {
        let index = index();
        let mut comparison = Comparison::new(&index);
        comparison.take(both(REFERENCE, ["1", "2"])).unwrap();
        let mut blind = both("Node: workers", ["1", "2"]);
        blind[1] = line("Node: workers", "a", "1", true);
        assert!(comparison.take(blind).is_err());
    }

    #[test]
    fn a_refusal_is_compared_as_an_answer_is() {
        let refusal = |code: &str| Answer::Refused(code.to_owned());
        assert!(differences(&refusal("invalid_model"), &refusal("invalid_model")).is_empty());
        assert!(!differences(&refusal("invalid_model"), &refusal("unsupported_model")).is_empty());
        assert!(!differences(&refusal("invalid_model"), &Answer::Digests(BTreeMap::new())).is_empty());
        assert!(!differences(&Answer::Digests(BTreeMap::new()), &refusal("invalid_model")).is_empty());
    }
}
