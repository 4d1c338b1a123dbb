//! `wardian predict`.

use std::io::{BufWriter, Write};

use anyhow::Result;
use wardian::contract::prediction_body;
use wardian::{Model, Numbers, Prediction, Row, Slice};

#[cfg(feature = "columnar")]
use crate::columnar::TableWriter;
use crate::format::{Format, json};
use crate::question::Question;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  wardian predict \"1,106,70,28,135,34.2,0.142,22\"
  wardian predict --csv people.csv > risks.txt
  wardian predict --csv people.csv --with-rows -o answered.csv
  wardian predict --rows people.parquet -o risks.parquet
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
    /// Give the file's rows back as they came, each with its predictions, or with what is wrong with it
    #[arg(long, requires = "csv", help_heading = None)]
    with_rows: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    arguments.question.answer_with(|model, out| answer(arguments, model, out))
}

fn answer(arguments: &Arguments, model: &Model, out: &mut dyn Write) -> Result<()> {
    let format = arguments.question.format()?;
    if let Some(row) = &arguments.question.row {
        return predict_row(model, row, arguments.question.base_margins()?.as_deref(), arguments.margin, out);
    }
    let mut out = BufWriter::new(out);
    let Some(rows) = arguments.question.rows(model, &mut out)? else { return Ok(out.flush()?) };
    let (name, width) = if arguments.margin {
        ("margin", model.forest().output_count())
    } else {
        ("prediction", model.prediction_count())
    };
    let answer = |rows: &[f64], base_margins: Option<&[f32]>| answers(model, rows, base_margins, arguments.margin);
    if arguments.with_rows {
        let faults = rows.write_back(model, (name, width), format, answer, &mut out)?;
        if faults > 0 {
            eprintln!("wardian: warning: {faults} rows cannot be read, and have no answer: the last column says why");
        }
        return Ok(out.flush()?);
    }
    let result = match format {
        Format::Csv => {
            rows.read(model, |rows, base_margins| write_lines(answer(rows, base_margins)?.all(), width, &mut out))
        }
        Format::Jsonl => rows.read(model, |rows, base_margins| {
            let answers = answer(rows, base_margins)?;
            answers.all().chunks_exact(width).try_for_each(|each| Ok(writeln!(out, "{{\"{name}\":{}}}", json(each)?)?))
        }),
        #[cfg(feature = "columnar")]
        Format::Parquet | Format::Arrow => {
            let mut table = TableWriter::of_answers(
                format,
                model.forest().precision(),
                &format.answer_names(name, width),
                &mut out,
            )?;
            rows.read(model, |rows, base_margins| table.write_answers(answer(rows, base_margins)?.all()))
                .and_then(|()| table.finish())
        }
        #[cfg(not(feature = "columnar"))]
        Format::Parquet | Format::Arrow => Ok(()),
    };
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
        writeln!(out, "{{\"margin\":{}}}", prediction.margins)?;
    } else {
        writeln!(out, "{}", prediction_body(model, prediction.values.all()))?;
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

/// The predictions for whole rows, from their own base margins if they have them.
pub(crate) fn predictions(model: &Model, rows: &[f64], base_margins: Option<&[f32]>) -> Result<Numbers> {
    Ok(match base_margins {
        Some(base_margins) => model.predict_many_from(rows, base_margins)?,
        None => model.predict_many(rows)?,
    })
}

/// One line for each row's answers.
fn write_lines(answers: Slice<'_>, width: usize, out: &mut dyn Write) -> Result<()> {
    for answer in answers.chunks_exact(width) {
        for (place, value) in answer.texts().enumerate() {
            if place > 0 {
                out.write_all(b",")?;
            }
            out.write_all(value.as_bytes())?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The predictions of these whole rows, or their margins.
fn answers(model: &Model, rows: &[f64], base_margins: Option<&[f32]>, margin: bool) -> Result<Numbers> {
    Ok(match (margin, base_margins) {
        (true, None) => model.margins_many(rows)?,
        (true, Some(base_margins)) => model.margins_many_from(rows, base_margins)?,
        (false, _) => predictions(model, rows, base_margins)?,
    })
}
