//! Rows in a CSV file, by name or by position.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use wardian::{Row, Schema};

/// How many rows are read before they are answered together.
const BATCH: usize = 1024;

/// Reads a CSV file, `-` for standard input, and gives its rows to `answer`, some whole rows at a time. Rows before a bad
/// one are given before the error is.
pub(crate) fn read(path: &Path, schema: &Schema, answer: impl FnMut(&[f64]) -> Result<()>) -> Result<()> {
    if path == Path::new("-") {
        return read_from(io::stdin().lock(), None, schema, answer).context("standard input");
    }
    let place = || path.display().to_string();
    let file = File::open(path).with_context(place)?;
    let length = file.metadata().with_context(place)?.len();
    read_from(file, Some(length), schema, answer).with_context(place)
}

fn read_from(
    source: impl Read,
    length: Option<u64>,
    schema: &Schema,
    mut answer: impl FnMut(&[f64]) -> Result<()>,
) -> Result<()> {
    let mut progress = Progress::new(length);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(source);
    let mut record = csv::StringRecord::new();
    let mut columns: Option<Vec<usize>> = None;
    let mut first = true;
    let mut rows = Vec::new();
    while reader.read_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        if std::mem::take(&mut first) && is_header(schema, &record) {
            columns = Some(columns_by_name(schema, &record).context("the header")?);
            continue;
        }
        match read_row(schema, &record, columns.as_deref()) {
            Ok(row) => rows.extend(row.values()),
            Err(error) => {
                answer(&rows)?;
                return Err(error).with_context(|| format!("line {line}"));
            }
        }
        if rows.len() == BATCH * schema.features().len() {
            answer(&rows)?;
            rows.clear();
            progress.at(reader.position().byte());
        }
    }
    answer(&rows)
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
