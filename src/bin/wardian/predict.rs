//! `wardian predict`.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use wardian::contract::prediction_body;
use wardian::import::Options;
use wardian::{Model, decimal};

use crate::{files, rows};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  wardian predict \"1,106,70,28,135,34.2,0.142,22\"
  wardian predict --csv people.csv > risks.txt
  wardian predict --model model.ubj --csv rows.csv --margin -o margins.txt

Empty fields, NA and nan mean \"not measured\". A CSV whose first line holds names is read by name, in any
order; one without is read by position. Columns that are no features are passed over. A row with several
outputs gives them all, joined by commas.")]
pub(crate) struct Arguments {
    /// One row: the values in feature order, separated by commas
    #[arg(required_unless_present = "csv", conflicts_with = "csv", allow_hyphen_values = true)]
    row: Option<String>,
    /// A CSV file of rows; - is standard input
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// A model: .wardian, XGBoost JSON or UBJSON (told by content, not by name) [default: the diabetes model]
    #[arg(short, long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Give the margin, the sum of the trees, instead of the prediction
    #[arg(long)]
    margin: bool,
    /// Use the trees after the best round too, where training was stopped early
    #[arg(long)]
    all_trees: bool,
    /// Write here instead of to standard output; the file appears whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let options = Options { all_trees: arguments.all_trees };
    files::answer_with(arguments.model.as_deref(), &options, arguments.output.as_deref(), |model, out| {
        answer(arguments, model, out)
    })
}

fn answer(arguments: &Arguments, model: &Model, out: &mut dyn Write) -> Result<()> {
    if let Some(row) = &arguments.row {
        return predict_row(model, row, arguments.margin, out);
    }
    let path = arguments.csv.as_deref().unwrap_or(Path::new("-"));
    let mut out = BufWriter::new(out);
    let result = rows::read(path, model.schema(), |rows| write_answers(model, rows, arguments.margin, &mut out));
    // What was answered before a bad row is true; it goes out before the error does.
    out.flush()?;
    result
}

fn predict_row(model: &Model, text: &str, margin: bool, out: &mut dyn Write) -> Result<()> {
    let row = model.schema().row_from_text(text)?;
    let prediction = model.predict(&row);
    for warning in &prediction.warnings {
        eprintln!("wardian: warning: {}: {}", warning.field, warning.message);
    }
    if margin {
        writeln!(out, "{{\"margin\":{}}}", json(&prediction.margins))?;
    } else if let [value] = prediction.values[..] {
        writeln!(out, "{}", prediction_body(value))?;
    } else {
        writeln!(out, "{{\"prediction\":{}}}", json(&prediction.values))?;
    }
    Ok(())
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

/// One line for each of these whole rows.
fn write_answers(model: &Model, rows: &[f64], margin: bool, out: &mut dyn Write) -> Result<()> {
    let (answers, width) = if margin {
        (model.margins_many(rows)?, model.forest().output_count())
    } else {
        (model.predict_many(rows)?, model.prediction_count())
    };
    for answer in answers.chunks_exact(width) {
        writeln!(out, "{}", joined(answer))?;
    }
    Ok(())
}
