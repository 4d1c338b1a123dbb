//! What rows of the training data tell of a case's answer: of its labels, or for want of these of the model's own answers.

use super::figures::{self, Figures};
use super::file::{CaseFile, Kind, Measure};
use super::held_out::OF_TWO_TEXTS;
use super::kept::Memo;
use super::names::label_of;
use super::positive::Positive;
use super::read::wrong;
use super::table::Table;
use crate::error::Result;
use crate::model::Model;

/// Fills in what rows tell of the answer; whether it is what the model answers them, for want of labels.
pub(super) fn tell(
    file: &mut CaseFile,
    kind: Kind,
    model: &Model,
    table: &Table,
    (labels, positive): (&[String], Option<&str>),
    (memo, key): (&mut Memo<Vec<Option<Figures>>>, &str),
) -> Result<bool> {
    let count = if kind == Kind::Targets { model.prediction_count() } else { 1 };
    if kind == Kind::Classes {
        if let Some(label) = labels.first() {
            table.other(label, "--label", model.schema())?;
        }
        return Ok(false);
    }
    let figures = || -> Result<Vec<Option<Figures>>> {
        if labels.is_empty() {
            let answers = model.predict_many(&table.values)?;
            let numbers: Vec<f64> = answers.iter().collect();
            let of = |place: usize| {
                Figures::of(numbers.iter().skip(place).step_by(count).copied().filter(|number| number.is_finite()))
            };
            return Ok((0..count).map(of).collect());
        }
        if labels.len() != count {
            return Err(wrong("--label", format!("{} columns, and the model answers {count} numbers", labels.len())));
        }
        let positive = positive.map(|text| Positive::new(text, kind, model)).transpose()?;
        let of = |label: &String| {
            let column = table.other(label, "--label", model.schema())?;
            let numbers = figures::labels(table, column, model, positive.as_ref()).map_err(|error| {
                let is_of_texts =
                    kind == Kind::Risk && error.reason().is_some_and(|(reason, _)| reason == "label_text");
                let error = if is_of_texts { error.and(OF_TWO_TEXTS) } else { error };
                error.within(b"--label")
            })?;
            Ok(Figures::of(numbers))
        };
        labels.iter().map(of).collect()
    };
    let columns = memo.of(key, figures)?;
    let fill = |measure: &mut Measure, figures: &Figures| {
        let seen = figures.measure();
        // Of a float that was worked out any digits are as good.
        measure.decimals = measure.decimals.or(seen.decimals);
        measure.range = measure.range.or(seen.range);
        measure.quartiles = measure.quartiles.or(seen.quartiles);
        measure.mean = measure.mean.or(seen.mean);
    };
    match (kind, &columns[..]) {
        (Kind::Risk, [Some(figures)]) => {
            let [low, high] = figures.range;
            if !labels.is_empty() && (low < 0.0 || high > 1.0) {
                return Err(wrong(
                    "--label",
                    format!("its values go from {low} to {high}, and those of a risk are 0 and 1"),
                ));
            }
            file.base_rate.get_or_insert(figures.mean);
        }
        (Kind::Targets, columns) => {
            file.targets.resize_with(count, Measure::default);
            for (target, figures) in file.targets.iter_mut().zip(columns) {
                if let Some(figures) = figures {
                    fill(target, figures);
                }
            }
            for (target, label) in file.targets.iter_mut().zip(labels) {
                target.label.get_or_insert_with(|| label_of(label));
            }
        }
        (_, [Some(figures)]) => {
            fill(file.answer.get_or_insert_default(), figures);
            if let (Some(label), Some(answer)) = (labels.first(), &mut file.answer) {
                answer.label.get_or_insert_with(|| label_of(label));
            }
        }
        _ => {}
    }
    Ok(labels.is_empty())
}
