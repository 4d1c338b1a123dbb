//! `wardian figures`.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::json;
use wardian::case::{Asked, HeldOut, Kind, THRESHOLD};

use crate::predict::predictions;
use crate::reading::Reading;
use crate::rows::{FileForm, Rows};
use crate::seal::{kinds, read_case, together};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  wardian figures model.ubj --data test.csv --label y
  wardian figures model.ubj --data test.csv --label y --group sex --threshold 0.3
  wardian figures clinic/ --data test.parquet --label readmitted --json

The rows must be others than the model was trained on; if it was trained on them the figures flatter
it, which cannot be seen from here. Intervals are 95 % ones: DeLong's of an AUC, Wilson's of shares,
of means by the normal distribution. Figures equal scikit-learn's. The file is read as it comes; of a
model with one answer a million rows take 90 MB of memory, whatever the file has beside them.")]
pub(crate) struct Arguments {
    /// A model's file; or a case: a folder with case.json
    #[arg(value_name = "MODEL|CASE")]
    model: PathBuf,
    /// Rows with labels that the model was not trained on: any file that predict reads; - is standard input
    #[arg(id = "csv", long = "data", visible_alias = "held-out", value_name = "FILE", required = true)]
    data: PathBuf,
    /// The column of what was seen
    #[arg(long, value_name = "COLUMN")]
    label: String,
    /// Where the labels of a risk are two texts, as sick and well: the one whose probability is answered
    #[arg(long, value_name = "TEXT")]
    positive: Option<String>,
    /// A column: figures are told for each of its values, too
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,
    /// From this risk on a row is told positive
    #[arg(long, value_name = "RISK", default_value_t = THRESHOLD)]
    threshold: f64,
    /// Write a JSON object: `figures` and `certainty` as a case.json has them, `not_known` and `notes`
    #[arg(long)]
    json: bool,
    /// What the answer is, where the model's file does not say
    #[arg(long, value_parser = kinds())]
    kind: Option<Kind>,
    /// Where the sums of the trees begin: the columns that have them, of an XGBoost model
    #[arg(long = "base-margin", value_name = "COLUMN", value_delimiter = ',')]
    base_margins: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    form: FileForm,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let place = || arguments.model.display().to_string();
    let (files, name) = read_case(&arguments.model)?;
    let asked = Asked { kind: arguments.kind, reading: arguments.reading.options(), ..Asked::default() };
    let case = together(&arguments.model, &files, &name, &asked)?;
    for note in &case.notes {
        eprintln!("wardian: note: {}: {note}", place());
    }
    let model = &case.model;
    let mut held_out = HeldOut::new(case.kind(), model).with_context(place)?;
    if let Some(text) = &arguments.positive {
        held_out = held_out.with_positive(text, model)?;
    }
    let mut columns = vec![arguments.label.as_str()];
    columns.extend(arguments.group.as_deref());
    let rows =
        Rows::open(&arguments.data, model, &case.vocabulary(), &arguments.form, &arguments.base_margins, &columns)?;
    if arguments.form.show_plan {
        return Ok(io::stdout().write_all(rows.plan()?.as_bytes())?);
    }
    let data = arguments.data.display().to_string();
    rows.read_beside(model, &columns, |rows, base_margins, cells| {
        let answers = predictions(model, rows, base_margins)?;
        let cells = cells.iter().map(|cells| (cells[0].as_str(), cells.get(1).map(String::as_str)));
        Ok(held_out.add(&answers, cells)?)
    })?;
    let figures = held_out.figures(arguments.group.as_deref(), arguments.threshold).with_context(|| data)?;
    let (certainty, notes) = (held_out.certainty(), held_out.notes());
    let mut out = io::stdout().lock();
    if arguments.json {
        let not_known = certainty.as_ref().err();
        let document = json!({
            "figures": figures, "certainty": certainty.as_ref().ok(), "not_known": not_known, "notes": notes,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&document)?)?;
        return Ok(());
    }
    writeln!(out, "{}", figures.text())?;
    match certainty {
        Ok(certainty) => {
            writeln!(out, "How sure, by the same rows")?;
            certainty.sentences().iter().try_for_each(|sentence| writeln!(out, "  {sentence}"))?;
        }
        Err(why) => writeln!(out, "How sure is not known: {why}")?,
    }
    for note in notes {
        eprintln!("wardian: note: {note}");
    }
    Ok(())
}
