//! What answers are written as.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use wardian::rows::Fault;
use wardian::{Slice, decimal};

/// What answers are written as.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Lines of numbers, or the file's own lines with answers behind them
    Csv,
    /// A JSON object a line
    Jsonl,
    /// A Parquet file
    Parquet,
    /// An Arrow file, which is Feather, too
    Arrow,
}

impl Format {
    /// What was said; else what the file's name ends with; else lines.
    pub(crate) fn of(said: Option<Self>, output: Option<&Path>) -> Result<Self> {
        let ending = output.and_then(Path::extension).map(|ending| ending.to_ascii_lowercase());
        let format = said.unwrap_or_else(|| match ending.as_ref().and_then(|ending| ending.to_str()) {
            Some("jsonl" | "ndjson") => Self::Jsonl,
            Some("parquet") => Self::Parquet,
            Some("arrow" | "feather") => Self::Arrow,
            _ => Self::Csv,
        });
        if format.is_typed() {
            #[cfg(not(feature = "columnar"))]
            return Err(crate::columnar::refused("to be a file of columns with types"));
            #[cfg(feature = "columnar")]
            if output.is_none() && std::io::IsTerminal::is_terminal(&std::io::stdout()) {
                bail!("what would be written is no text: -o says to which file it goes");
            }
        }
        Ok(format)
    }

    /// Whether columns of it have types.
    pub(crate) fn is_typed(self) -> bool {
        matches!(self, Self::Parquet | Self::Arrow)
    }

    /// The names of the columns that answers are in. Of JSON it is one, whose value is a list where a row has several.
    pub(crate) fn answer_names(self, name: &str, width: usize) -> Vec<String> {
        match width {
            1 => vec![name.to_owned()],
            _ if self == Self::Jsonl => vec![name.to_owned()],
            _ => (0..width).map(|output| format!("{name}_{output}")).collect(),
        }
    }
}

/// An answer in JSON: a number, or a list of several.
pub(crate) fn json(values: Slice<'_>) -> Result<String> {
    if let Some(value) = values.wide().find(|value| !value.is_finite()) {
        bail!("an answer is {}, which JSON has no number for: --format csv writes it", decimal(value));
    }
    Ok(values.to_string())
}

/// The names, each made another where one before it is the same: `prediction`, `prediction_2`.
pub(crate) fn distinct(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut own: Vec<String> = Vec::new();
    let mut taken = std::collections::HashSet::new();
    for name in names {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let name = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
        taken.insert(name.clone());
        own.push(name);
    }
    own
}

/// A text in JSON.
pub(crate) fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The members that an answered row has more than the file's: its answer, and what is wrong with it.
pub(crate) struct Members {
    answer: String,
    error: String,
}

impl Members {
    pub(crate) fn new(answer: &str, error: &str) -> Self {
        Self { answer: format!("{}:", json_text(answer)), error: format!(",{}:", json_text(error)) }
    }

    /// Ends an object that has other members already, or none.
    pub(crate) fn end(&self, answer: Option<Slice<'_>>, fault: Option<&Fault>, out: &mut dyn Write) -> Result<()> {
        let answer = answer.map_or_else(|| Ok("null".to_owned()), json)?;
        let error = fault.map_or_else(|| "null".to_owned(), |fault| json_text(&fault.error.to_string()));
        Ok(writeln!(out, "{}{answer}{}{error}}}", self.answer, self.error)?)
    }
}
