//! `wardian predict`.

use std::io::{BufWriter, Write};

use anyhow::Result;
use wardian::contract::prediction_body;
use wardian::{Model, Prediction, Row, decimal};

use crate::question::Question;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  wardian predict \"1,106,70,28,135,34.2,0.142,22\"
  wardian predict --csv people.csv > risks.txt
  wardian predict --model model.ubj --csv rows.csv --margin -o margins.txt

A file whose first line holds names is read by name, in any order; one without is read by
position. Empty fields, and what pandas reads as missing, mean \"not measured\". What was decided
about a file is noted on standard error; what can be read in two ways is refused, and the option
named that decides. A row with several outputs gives them all, joined by commas.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    question: Question,
    /// Give the margin, the sum of the trees, instead of the prediction
    #[arg(long, help_heading = None)]
    margin: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    arguments.question.answer_with(|model, out| answer(arguments, model, out))
}

fn answer(arguments: &Arguments, model: &Model, out: &mut dyn Write) -> Result<()> {
    if let Some(row) = &arguments.question.row {
        return predict_row(model, row, arguments.question.base_margins()?.as_deref(), arguments.margin, out);
    }
    let mut out = BufWriter::new(out);
    let Some(rows) = arguments.question.rows(model, &mut out)? else { return Ok(out.flush()?) };
    let result =
        rows.read(model, |rows, base_margins| write_answers(model, rows, base_margins, arguments.margin, &mut out));
    // What was answered before a bad row is true; it goes out before the error does.
    out.flush()?;
    result
}

fn predict_row(
    model: &Model,
    text: &str,
    base_margins: Option<&[f32]>,
    margin: bool,
    out: &mut dyn Write,
) -> Result<()> {
    let row = model.schema().row_from_text(text)?;
    let prediction = predicted(model, &row, base_margins)?;
    for warning in &prediction.warnings {
        eprintln!("wardian: warning: {}: {}", warning.field, warning.message);
    }
    if margin {
        writeln!(out, "{{\"margin\":{}}}", json(&prediction.margins))?;
    } else {
        writeln!(out, "{}", prediction_body(&prediction.values))?;
    }
    Ok(())
}

/// The prediction for one row, from its own base margins if it has them.
pub(crate) fn predicted(model: &Model, row: &Row, base_margins: Option<&[f32]>) -> Result<Prediction> {
    Ok(match base_margins {
        Some(base_margins) => model.predict_from(row, base_margins)?,
        None => model.predict(row),
    })
}

fn joined(values: &[f32]) -> String {
    values.iter().map(|&value| decimal(value)).collect::<Vec<_>>().join(",")
}

/// A number, or an array of several.
fn json(values: &[f32]) -> String {
    match values {
        [value] => decimal(*value),
        values => format!("[{}]", joined(values)),
    }
}

/// The predictions for whole rows, from their own base margins if they have them.
pub(crate) fn predictions(model: &Model, rows: &[f64], base_margins: Option<&[f32]>) -> Result<Vec<f32>> {
    Ok(match base_margins {
        Some(base_margins) => model.predict_many_from(rows, base_margins)?,
        None => model.predict_many(rows)?,
    })
}

/// One line for each of these whole rows.
fn write_answers(
    model: &Model,
    rows: &[f64],
    base_margins: Option<&[f32]>,
    margin: bool,
    out: &mut dyn Write,
) -> Result<()> {
    let answers = match (margin, base_margins) {
        (true, None) => model.margins_many(rows)?,
        (true, Some(base_margins)) => model.margins_many_from(rows, base_margins)?,
        (false, _) => predictions(model, rows, base_margins)?,
    };
    let width = if margin { model.forest().output_count() } else { model.prediction_count() };
    for answer in answers.chunks_exact(width) {
        for (place, &value) in answer.iter().enumerate() {
            if place > 0 {
                out.write_all(b",")?;
            }
            out.write_all(decimal(value).as_bytes())?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}
