//! `wardian predict`.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use wardian::contract::prediction_body;
use wardian::import::Options;
use wardian::{Model, Row, Schema, decimal};

use crate::files;

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
    let read;
    let model = match &arguments.model {
        Some(path) => {
            read = files::read_model(path, &Options { all_trees: arguments.all_trees })?;
            &read
        }
        None => wardian::diabetes(),
    };
    match &arguments.output {
        Some(path) => files::write_whole(path, |file| answer(arguments, model, file)),
        None => answer(arguments, model, &mut io::stdout().lock()),
    }
}

fn answer(arguments: &Arguments, model: &Model, out: &mut dyn Write) -> Result<()> {
    if let Some(row) = &arguments.row {
        return predict_row(model, row, arguments.margin, out);
    }
    let path = arguments.csv.as_deref().unwrap_or(Path::new("-"));
    let mut out = BufWriter::new(out);
    let result = if path == Path::new("-") {
        predict_csv(model, io::stdin().lock(), None, arguments.margin, &mut out).context("standard input")
    } else {
        let place = || path.display().to_string();
        let file = File::open(path).with_context(place)?;
        let length = file.metadata().with_context(place)?.len();
        predict_csv(model, file, Some(length), arguments.margin, &mut out).with_context(place)
    };
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

/// How many rows are read before they are answered together.
const BATCH: usize = 1024;

fn predict_csv(model: &Model, source: impl Read, length: Option<u64>, margin: bool, out: &mut dyn Write) -> Result<()> {
    let mut progress = Progress::new(length);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(source);
    let mut record = csv::StringRecord::new();
    let mut columns: Option<Vec<usize>> = None;
    let mut first = true;
    let mut rows = Vec::new();
    while reader.read_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        if std::mem::take(&mut first) && is_header(model.schema(), &record) {
            columns = Some(columns_by_name(model.schema(), &record).context("the header")?);
            continue;
        }
        match read_row(model.schema(), &record, columns.as_deref()) {
            Ok(row) => rows.extend(row.values()),
            Err(error) => {
                write_answers(model, &rows, margin, out)?;
                return Err(error).with_context(|| format!("line {line}"));
            }
        }
        if rows.len() == BATCH * model.schema().features().len() {
            write_answers(model, &rows, margin, out)?;
            rows.clear();
            progress.at(reader.position().byte());
        }
    }
    write_answers(model, &rows, margin, out)
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

/// Whether the first line is names: all of the model's are there, or something is neither number nor category.
fn is_header(schema: &Schema, record: &csv::StringRecord) -> bool {
    let fields = || record.iter().map(str::trim);
    let is_value = |(index, field): (usize, &str)| {
        let categories = schema.features().get(index).map_or(&[][..], |feature| &feature.categories);
        field.is_empty()
            || field.eq_ignore_ascii_case("na")
            || field.parse::<f64>().is_ok()
            || categories.iter().any(|name| name == field)
    };
    schema.features().iter().all(|feature| fields().any(|field| field == feature.name))
        || !fields().enumerate().all(is_value)
}

/// For each feature, the position of its column.
fn columns_by_name(schema: &Schema, header: &csv::StringRecord) -> Result<Vec<usize>> {
    if schema.has_invented_names() && header.len() == schema.features().len() {
        return Ok((0..header.len()).collect());
    }
    let position = |name: &str| header.iter().position(|column| column.trim() == name);
    schema
        .features()
        .iter()
        .map(|feature| position(&feature.name).ok_or_else(|| anyhow!("no column is called {:?}", feature.name)))
        .collect()
}

fn read_row(schema: &Schema, record: &csv::StringRecord, columns: Option<&[usize]>) -> Result<Row> {
    let row = match columns {
        None => {
            schema.check_count(record.len())?;
            schema.row_from_fields(record)?
        }
        Some(columns) => {
            let fields = columns
                .iter()
                .map(|&column| record.get(column))
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| anyhow!("the line has {} fields, fewer than the header names", record.len()))?;
            schema.row_from_fields(fields)?
        }
    };
    Ok(row)
}

/// A bar on standard error, if that is a terminal, once the work has taken a second.
struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
}

impl Progress {
    fn new(length: Option<u64>) -> Self {
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta} left")
            && length.is_some()
        {
            bar.set_style(style);
        }
        Self { bar, started: Instant::now(), shown: false }
    }

    fn at(&mut self, bytes: u64) {
        if !self.shown && self.started.elapsed() > Duration::from_secs(1) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
        self.bar.set_position(bytes);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
