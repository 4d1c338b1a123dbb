//! Freshly trained models of every kind: our answers beside XGBoost's. Run by `cargo xtask oracle`, which trains them.

mod contributions;
mod margins;
mod models;
mod told;

use std::collections::BTreeMap;

use crate::contributions::Explained;
use crate::margins::{Outcome, Tally};
use crate::models::{cases, needed, on_all_cores};

/// How many failing models are named before the rest are only counted.
const NAMED_FAILURES: usize = 400;

/// Says what failed, at the end, where it is seen.
fn assert_none(failures: &[String], what: &str) {
    for failure in failures.iter().take(NAMED_FAILURES) {
        println!("  {failure}");
    }
    if failures.len() > NAMED_FAILURES {
        println!("  … and {} more", failures.len() - NAMED_FAILURES);
    }
    assert!(failures.is_empty(), "{what} of {} models differ, or there are none", failures.len());
}

#[test]
#[ignore = "needs the models that cargo xtask oracle trains"]
fn every_answer_is_xgboosts_bit_for_bit() {
    let cases = cases();
    let outcomes: Vec<Outcome> = on_all_cores(&cases, margins::compare);

    let mut sum = Tally::default();
    // Each with the length of what its heading sorts by: version and objective, kind of data, kind of model.
    let [mut objectives, mut versions, mut data, mut kinds] = [const { BTreeMap::<String, Tally>::new() }; 4];
    for (case, outcome) in cases.iter().zip(&outcomes) {
        sum += &outcome.tally;
        *objectives.entry(format!("{:6} {}", case.version(), case.text("objective"))).or_default() += &outcome.tally;
        *versions.entry(case.version().to_owned()).or_default() += &outcome.tally;
        *data.entry(case.text("data").to_owned()).or_default() += &outcome.tally;
        for kind in case.kinds() {
            *kinds.entry(kind.to_owned()).or_default() += &outcome.tally;
        }
    }
    for (heading, tallies) in
        [("version, objective", &objectives), ("version", &versions), ("data", &data), ("of these", &kinds)]
    {
        println!("{}", Tally::heading(heading));
        for (name, tally) in tallies {
            println!("{}", tally.line(name));
        }
    }
    let of_people = sum.margins - data.get("random normals").map_or(0, |tally| tally.margins);
    println!(
        "{}",
        told::Answers {
            models: sum.models,
            versions: versions.len(),
            refused: sum.refused,
            margins: sum.margins,
            different_margins: sum.different_margins,
            predictions: sum.predictions,
            different_predictions: sum.different_predictions,
            of_people,
        }
    );
    let failures: Vec<String> = outcomes.into_iter().flat_map(|outcome| outcome.failures).collect();
    assert_none(&failures, "answers");

    let (models, margins) = (needed("WARDIAN_ORACLE_MODELS"), needed("WARDIAN_ORACLE_MARGINS"));
    assert!(sum.models >= models && sum.margins >= margins, "at least {models} models and {margins} margins are due");
    assert!(of_people * 3 >= sum.margins, "a third of the margins is due on data as people have it");
    let named: std::collections::BTreeSet<&str> = cases.iter().map(|case| case.text("objective")).collect();
    // What only some versions have is due where they are there.
    let newer = |version| usize::from(cases.iter().any(|case| case.is_since(version)));
    let due = 18 + newer([1, 7]) + newer([2, 0]) + newer([3, 3]);
    assert!(named.len() >= due, "{due} objectives are due, not {}: {named:?}", named.len());
    assert_eq!(kinds.len(), 13, "every kind of model is due");
    assert_eq!(data.len(), 21, "every kind of data is due");
}

#[test]
#[ignore = "needs the models that cargo xtask oracle trains"]
fn contributions_are_xgboosts() {
    let cases = cases();
    let outcomes = on_all_cores(&cases, contributions::compare);

    let mut explained: BTreeMap<String, Explained> = BTreeMap::new();
    let mut all = Explained::default();
    let mut failures = Vec::new();
    for (case, outcome) in cases.iter().zip(outcomes) {
        match outcome {
            Ok(one) => {
                all.add(&one);
                let kinds = case.kinds();
                let kinds = if kinds.is_empty() { vec!["none of these"] } else { kinds };
                for name in kinds.into_iter().chain([case.text("objective"), case.version()]) {
                    explained.entry(name.to_owned()).or_default().add(&one);
                }
            }
            Err(message) => failures.push(message),
        }
    }
    println!("{}", Explained::heading());
    for (name, one) in &explained {
        println!("{}", one.line(name));
    }
    println!(
        "{}",
        told::Contributions {
            models: all.models,
            contributions: all.contributions,
            largest: all.largest,
            refused: all.refused,
        }
    );
    assert_none(&failures, "contributions");
    let due = needed("WARDIAN_ORACLE_EXPLAINED");
    assert!(all.models >= due, "{due} explained models are due");
}
