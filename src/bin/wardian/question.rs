//! What `predict` and `explain` are asked: rows, of which model, and where the answer goes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use wardian::Model;

use crate::files::write_whole;
use crate::reading::Reading;
use crate::rows::{FileForm, Rows};

#[derive(clap::Args)]
pub(crate) struct Question {
    /// One row: the values in feature order, separated by commas
    #[arg(required_unless_present = "csv", conflicts_with = "csv", allow_hyphen_values = true)]
    pub(crate) row: Option<String>,
    /// A file of rows: CSV and its like, JSON lines, a spreadsheet, packed with gzip or not; - is standard input
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// A model: .wardian, XGBoost JSON or UBJSON (told by content, not by name) [default: the diabetes model]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    form: FileForm,
    /// Write here instead of to standard output; the file appears whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = None)]
    output: Option<PathBuf>,
}

impl Question {
    /// The file of rows, open; nothing where only its plan was asked for, which is then written.
    pub(crate) fn rows(&self, model: &Model, out: &mut dyn Write) -> Result<Option<Rows>> {
        let path = self.csv.as_deref().unwrap_or(Path::new("-"));
        let rows = Rows::open(path, model, self.model.is_none(), &self.form)?;
        if self.form.show_plan {
            out.write_all(rows.plan()?.as_bytes())?;
            return Ok(None);
        }
        Ok(Some(rows))
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
        match &self.output {
            Some(path) => write_whole(path, |file| answer(model, file)),
            None => answer(model, &mut io::stdout().lock()),
        }
    }
}
