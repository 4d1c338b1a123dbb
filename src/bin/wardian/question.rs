//! What `predict` and `explain` are asked: rows, of which model, and where the answer goes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use wardian::Model;
use wardian::rows::Vocabulary;

use crate::files::write_whole;
use crate::format::Format;
use crate::reading::Reading;
use crate::rows::{FileForm, Rows};

#[derive(clap::Args)]
pub(crate) struct Question {
    /// One row: the values in feature order, separated by commas
    #[arg(required_unless_present = "csv", conflicts_with = "csv", allow_hyphen_values = true, value_parser = row_of)]
    pub(crate) row: Option<String>,
    /// A file of rows: CSV and its like, JSON lines, a spreadsheet, Parquet, Arrow, packed with gzip or not; - is standard input
    #[arg(long, visible_alias = "rows", value_name = "FILE")]
    csv: Option<PathBuf>,
    /// A model: .wardian, or a file of XGBoost, LightGBM, CatBoost, ONNX, a pickle (told by content, not by name) [default: the diabetes model]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Where the sums of the trees begin, in the place of the model's base score: of a row a number for each output, of a
    /// file the columns (names, or # and a number from 1) that have them. On the margin's scale: of an exposure the logarithm.
    /// XGBoost's models alone take any
    #[arg(long = "base-margin", value_name = "NUMBER|COLUMN", value_delimiter = ',', allow_hyphen_values = true)]
    base_margins: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    form: FileForm,
    /// Write here instead of to standard output; the file appears whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = None)]
    output: Option<PathBuf>,
    /// What answers to a file are written as: csv, jsonl (an object a line), parquet or arrow [default: what -o's file ends with,
    /// .jsonl, .ndjson, .parquet, .arrow or .feather; else csv]
    #[arg(long, value_enum, value_name = "FORMAT", requires = "csv", hide_possible_values = true, help_heading = None)]
    format: Option<Format>,
}

/// A row; it may begin with a negative number, and is not an option that is spelt wrongly.
fn row_of(text: &str) -> Result<String, &'static str> {
    let name = text.trim_start_matches('-');
    let is_option = name.starts_with(|sign: char| sign.is_ascii_alphabetic()) && name.parse::<f64>().is_err();
    // A category may begin with one hyphen.
    if is_option && (text.starts_with("--") || (text.starts_with('-') && !text.contains(','))) {
        return Err("no option is called so: --help lists all");
    }
    Ok(text.to_owned())
}

impl Question {
    /// The file of rows, open; nothing where only its plan was asked for, which is then written.
    pub(crate) fn rows(&self, model: &Model, out: &mut dyn Write) -> Result<Option<Rows>> {
        let path = self.csv.as_deref().unwrap_or(Path::new("-"));
        let is_shipped = self.model.is_none();
        let vocabulary =
            if is_shipped { serde_json::from_str(wardian::diabetes_columns())? } else { Vocabulary::default() };
        let rows = Rows::open(path, model, &vocabulary, &self.form, &self.base_margins, &[])?;
        if self.form.show_plan {
            out.write_all(rows.plan()?.as_bytes())?;
            return Ok(None);
        }
        Ok(Some(rows))
    }

    /// What answers to a file are written as.
    pub(crate) fn format(&self) -> Result<Format> {
        let format = Format::of(self.format, self.output.as_deref())?;
        if self.row.is_some() && format.is_typed() {
            bail!("the answer to one row is JSON; those to a file, --csv FILE, are also written as Parquet and Arrow");
        }
        Ok(format)
    }

    /// The base margins of the one row, if it has its own.
    pub(crate) fn base_margins(&self) -> Result<Option<Vec<f32>>> {
        let number = |text: &String| {
            let number = text.trim().parse::<f64>().map(|number| number as f32);
            match number {
                Ok(number) if number.is_finite() => Ok(number),
                _ => bail!("--base-margin of a row is a finite number, not {text:?}"),
            }
        };
        let numbers = self.base_margins.iter().map(number).collect::<Result<Vec<f32>>>()?;
        Ok(Some(numbers).filter(|numbers| !numbers.is_empty()))
    }

    /// Gives `answer` the model and where to write: a file that appears whole or not at all, or standard output.
    pub(crate) fn answer_with(&self, answer: impl FnOnce(&Model, &mut dyn Write) -> Result<()>) -> Result<()> {
        let read;
        let model = match &self.model {
            Some(path) => {
                read = self.reading.model(path)?;
                &read
            }
            None => wardian::diabetes(),
        };
        if !self.base_margins.is_empty() && !model.forest().is_xgboosts() {
            bail!("--base-margin is for XGBoost's models: to those of other trainers add it to what --margin answers");
        }
        match &self.output {
            Some(path) => write_whole(path, |file| answer(model, file)),
            None => answer(model, &mut io::stdout().lock()),
        }
    }
}
