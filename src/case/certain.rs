//! What a case may say of how sure and how good answers are: its numbers are a stranger's. Every error names the place.

use super::class_names;
use super::file::{CaseFile, Kind};
use super::read::wrong;
use crate::certainty::{Certainty, Figures, Intervals, Measures, Steps};
use crate::error::Result;
use crate::model::Model;

/// The most steps and bounds: one more than the parts that ends of ranges are told in.
const MOST_STEPS: usize = 10_001;
const MOST_LEVELS: usize = 20;
const MOST_GROUPS: usize = 100;

/// Checks what is said.
pub(super) fn check(file: &CaseFile, kind: Kind, model: &Model) -> Result<()> {
    if let Some(certainty) = &file.certainty {
        check_certainty(certainty, kind, model)?;
    }
    match &file.figures {
        Some(figures) => check_figures(figures, kind, model),
        None => Ok(()),
    }
}

fn at(place: &str, member: &str) -> String {
    if member.starts_with('[') { format!("{place}{member}") } else { format!("{place}.{member}") }
}

/// That something is true of a place.
fn that(holds: bool, place: &str, member: &str, what: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(wrong(&at(place, member), what)) }
}

fn is_share(number: f64) -> bool {
    (0.0..=1.0).contains(&number)
}

fn is_positive(number: f64) -> bool {
    number.is_finite() && number >= 0.0
}

fn of_kind(place: &str, is_said: bool, fits: bool, kind: Kind) -> Result<()> {
    let message = format!("it is not of this case's kind, {}", kind.as_str());
    if is_said && !fits { Err(wrong(place, message)) } else { Ok(()) }
}

/// Levels: each once, ascending.
fn levels(levels: &[u8], place: &str) -> Result<()> {
    that(!levels.is_empty() && levels.len() <= MOST_LEVELS, place, "levels", "there are none, or more than 20")?;
    let are_levels = levels.iter().all(|level| (1..=99).contains(level));
    that(are_levels && levels.is_sorted_by(|one, next| one < next), place, "levels", "they do not ascend from 1 to 99")
}

fn check_certainty(said: &Certainty, kind: Kind, model: &Model) -> Result<()> {
    const PLACE: &str = "certainty";
    that(said.rows > 0, PLACE, "rows", "there is no row")?;
    that(said.folds > 1, PLACE, "folds", "there are fewer than 2")?;
    let is_number = matches!(kind, Kind::Number | Kind::Count | Kind::Time);
    of_kind("certainty.intervals", !said.intervals.is_empty(), is_number, kind)?;
    of_kind("certainty.risk", said.risk.is_some(), kind == Kind::Risk, kind)?;
    let has_probabilities = kind == Kind::Classes && model.prediction_count() > 1;
    of_kind("certainty.sets", !said.sets.is_empty(), has_probabilities, kind)?;
    let is_empty = said.intervals.is_empty() && said.risk.is_none() && said.sets.is_empty();
    that(!is_empty, PLACE, "rows", "nothing is said of what they tell: intervals, risk or sets")?;
    that(said.least.is_none_or(f64::is_finite), PLACE, "least", "it is no number")?;
    that(said.intervals.len() <= 2, PLACE, "intervals", "more than two methods")?;
    for (index, intervals) in said.intervals.iter().enumerate() {
        check_intervals(intervals, &format!("certainty.intervals[{index}]"))?;
    }
    if let Some(risk) = &said.risk {
        let place = "certainty.risk";
        steps(&risk.low, "certainty.risk.low")?;
        steps(&risk.high, "certainty.risk.high")?;
        that(risk.positive <= said.rows, place, "positive", "more than there are rows")?;
        let shares = [
            ("chosen", risk.chosen),
            ("standard_error", risk.standard_error),
            ("brier", risk.brier),
            ("brier_merged", risk.brier_merged),
        ];
        shares
            .into_iter()
            .try_for_each(|(member, share)| that(is_share(share), place, member, "it is no share, from 0 to 1"))?;
        that(risk.agreement.len() <= MOST_GROUPS, place, "agreement", "more than 100 groups")?;
        for (index, group) in risk.agreement.iter().enumerate() {
            let are_shares = [group.low, group.high, group.seen].into_iter().all(is_share);
            that(are_shares, &format!("{place}.agreement[{index}]"), "seen", "a share is not from 0 to 1")?;
        }
    }
    if !said.sets.is_empty() {
        levels(&said.sets.iter().map(|level| level.level).collect::<Vec<_>>(), "certainty.sets")?;
    }
    for (index, level) in said.sets.iter().enumerate() {
        let place = format!("certainty.sets[{index}]");
        that(is_share(level.least), &place, "least", "it is no probability")?;
        measured(level.coverage, level.standard_error, &place)?;
        that(is_positive(level.size), &place, "size", "it is no number of classes")?;
    }
    Ok(())
}

fn measured(coverage: f64, error: f64, place: &str) -> Result<()> {
    that(is_share(coverage), place, "coverage", "it is no share, from 0 to 1")?;
    that(is_share(error), place, "standard_error", "it is no share, from 0 to 1")
}

fn check_intervals(said: &Intervals, place: &str) -> Result<()> {
    that(said.bounds.len() < MOST_STEPS, place, "bounds", "there are more than 10000")?;
    let ascend = said.bounds.iter().all(|bound| bound.is_finite()) && said.bounds.is_sorted_by(|one, next| one < next);
    that(ascend, place, "bounds", "they are not finite numbers that ascend")?;
    let due = if said.scales.is_empty() { 0 } else { said.bounds.len() + 1 };
    that(
        said.scales.len() == due && (due > 0 || said.bounds.is_empty()),
        place,
        "scales",
        "there is not one more than bounds",
    )?;
    that(said.scales.iter().all(|&scale| is_positive(scale)), place, "scales", "one is below 0, or infinite")?;
    levels(&said.levels.iter().map(|level| level.level).collect::<Vec<_>>(), place)?;
    for (index, level) in said.levels.iter().enumerate() {
        let place = format!("{place}.levels[{index}]");
        that(is_positive(level.score), &place, "score", "it is below 0, or infinite")?;
        that(is_positive(level.width), &place, "width", "it is below 0, or infinite")?;
        measured(level.coverage, level.standard_error, &place)?;
    }
    Ok(())
}

fn steps(said: &Steps, place: &str) -> Result<()> {
    that(said.at.len() <= MOST_STEPS, place, "at", "there are more than 10001")?;
    that(said.values.len() == said.at.len(), place, "values", "there are not as many as answers")?;
    let ascend = said.at.iter().all(|&at| is_share(at)) && said.at.is_sorted_by(|one, next| one < next);
    that(ascend, place, "at", "they are not probabilities that ascend")?;
    let ascend = said.values.iter().all(|&value| is_share(value)) && said.values.is_sorted();
    that(ascend, place, "values", "they are not probabilities that ascend")
}

fn check_figures(said: &Figures, kind: Kind, model: &Model) -> Result<()> {
    that(said.rows > 0, "figures", "rows", "there is no row")?;
    that(said.groups.len() <= MOST_GROUPS, "figures", "groups", "there are more than 100")?;
    let classes = class_names(model).len();
    measures(&said.all, "figures.all", kind, classes)?;
    for (index, group) in said.groups.iter().enumerate() {
        measures(&group.measures, &format!("figures.groups[{index}].measures"), kind, classes)?;
    }
    Ok(())
}

fn measures(said: &Measures, place: &str, kind: Kind, classes: usize) -> Result<()> {
    of_kind(&at(place, "risk"), said.risk.is_some(), kind == Kind::Risk, kind)?;
    of_kind(&at(place, "classes"), said.classes.is_some(), kind == Kind::Classes, kind)?;
    let is_number = matches!(kind, Kind::Number | Kind::Count | Kind::Time);
    of_kind(&at(place, "number"), said.number.is_some(), is_number, kind)?;
    if let Some(risk) = &said.risk {
        that(risk.calibration.len() <= MOST_GROUPS, place, "risk.calibration", "more than 100 parts")?;
        let are_shares = risk.calibration.iter().all(|bin| is_share(bin.mean) && is_share(bin.seen.value));
        that(are_shares, place, "risk.calibration", "a share is not from 0 to 1")?;
        that(is_share(risk.confusion.threshold), place, "risk.confusion.threshold", "it is no probability")?;
    }
    if let Some(said) = &said.classes {
        that(said.classes.len() == classes, place, "classes.classes", "there are not as many as the model has")?;
        let is_square = said.confusion.len() == classes && said.confusion.iter().all(|row| row.len() == classes);
        that(
            is_square || said.confusion.is_empty(),
            place,
            "classes.confusion",
            "it has not a row and a column a class",
        )?;
    }
    Ok(())
}
