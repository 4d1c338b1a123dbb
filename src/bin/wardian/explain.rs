//! `wardian explain`.

use std::io::{self, BufWriter, Write};

use anyhow::{Context, Result, anyhow, bail};
use clap::builder::RangedU64ValueParser;
use wardian::explain::{Block, Explainer};
use wardian::{Model, Row, Slice, decimal};

#[cfg(feature = "columnar")]
use crate::columnar::{Column, TableWriter};
#[cfg(feature = "columnar")]
use crate::format::distinct;
use crate::format::{Format, json};
use crate::predict::{predicted, predictions};
use crate::question::Question;
use crate::rows::Rows;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  wardian explain \"1,106,70,28,135,34.2,0.142,22\"
  wardian explain --model model.ubj --csv rows.csv -o contributions.csv
  wardian explain --csv people.csv --summary
  wardian explain \"1,106,70,28,135,34.2,0.142,22\" --curve glucose

Contributions are exact SHAP values, as XGBoost's pred_contribs gives them, on the scale of the
margin (log-odds for a binary model): base and contributions sum to the margin. One row gives
JSON; rows give CSV, one line a row and output, or what --format says. A summary gives, for each feature, how many splits
ask for it and the mean of its contributions without their signs. A curve gives the predictions
for one row as one feature takes every value that makes a difference.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    question: Question,
    /// Say what each feature does over all rows of the CSV file
    #[arg(long, requires = "csv", help_heading = None)]
    summary: bool,
    /// Say what the prediction would be at other values of this feature
    #[arg(long, value_name = "FEATURE", conflicts_with = "csv", help_heading = None)]
    curve: Option<String>,
    /// The most lines of a curve
    #[arg(long, value_name = "COUNT", default_value_t = 1000, value_parser = RangedU64ValueParser::<usize>::new().range(1..), help_heading = None)]
    points: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    arguments.question.answer_with(|model, out| answer(arguments, model, out))
}

fn answer(arguments: &Arguments, model: &Model, out: &mut dyn Write) -> Result<()> {
    let mut out = BufWriter::new(out);
    let format = arguments.question.format()?;
    if arguments.summary && format != Format::Csv {
        bail!("a summary is lines of CSV: --format csv");
    }
    let row = arguments.question.row.as_ref().map(|text| model.schema().row_from_text(text)).transpose()?;
    let base_margins = if row.is_some() { arguments.question.base_margins()? } else { None };
    if let (Some(row), Some(feature)) = (&row, &arguments.curve) {
        write_curve(model, row, base_margins.as_deref(), feature, arguments.points, &mut out)?;
        return Ok(out.flush()?);
    }
    let explainer = model.explainer();
    let explainer = match &arguments.question.model {
        Some(path) => explainer.with_context(|| path.display().to_string())?,
        None => explainer?,
    };
    let result = match row {
        Some(row) => write_row(model, &row, base_margins.as_deref(), &explainer, &mut out),
        None => match arguments.question.rows(model, &mut out)? {
            None => Ok(()),
            Some(rows) if arguments.summary => write_summary(model, &explainer, rows, &mut out),
            Some(rows) => write_rows(model, &explainer, rows, format, &mut out),
        },
    };
    // What was answered before a bad row is true; it goes out before the error does.
    out.flush()?;
    result
}

/// One row as JSON: of one output flat, of several a list.
fn write_row(
    model: &Model,
    row: &Row,
    base_margins: Option<&[f32]>,
    explainer: &Explainer<'_>,
    out: &mut dyn Write,
) -> Result<()> {
    let prediction = predicted(model, row, base_margins)?;
    for warning in &prediction.warnings {
        eprintln!("wardian: warning: {}: {}", warning.field, warning.message);
    }
    let explanations = match base_margins {
        Some(base_margins) => explainer.explain_from(row, base_margins)?,
        None => explainer.explain(row),
    };
    let described: Vec<String> =
        explanations.iter().map(|each| described(model, each.margin, each.base, &each.contributions)).collect();
    Ok(write_object(&prediction.values.to_string(), &described, out)?)
}

/// Of one output flat, of several a list.
fn write_object(prediction: &str, described: &[String], out: &mut dyn Write) -> io::Result<()> {
    match (prediction, described) {
        (prediction, [described]) if !prediction.starts_with('[') => {
            writeln!(out, "{{\"prediction\":{prediction},{described}}}")
        }
        _ => {
            let outputs: Vec<String> = described.iter().map(|described| format!("{{{described}}}")).collect();
            writeln!(out, "{{\"prediction\":{prediction},\"outputs\":[{}]}}", outputs.join(","))
        }
    }
}

/// The members of one output's JSON object.
fn described(model: &Model, margin: f64, base: f64, contributions: &[f64]) -> String {
    let features = model.schema().features().iter().zip(contributions);
    // A name is a text, a contribution finite: both have a JSON form.
    let members = features.map(|(feature, contribution)| format!("{}:{contribution}", serde_json::json!(feature.name)));
    format!(
        "\"margin\":{},\"base\":{base},\"contributions\":{{{}}}",
        model.forest().precision().text(margin),
        members.collect::<Vec<_>>().join(",")
    )
}

/// One output of one row, explained.
struct Part<'a> {
    output: usize,
    /// The row's.
    predictions: Slice<'a>,
    margin: f64,
    base: f64,
    contributions: &'a [f64],
}

impl Part<'_> {
    /// Where the prediction is the best class there is one for all outputs.
    fn prediction(&self) -> f64 {
        self.predictions.get(self.output.min(self.predictions.len() - 1)).unwrap_or(f64::NAN)
    }
}

/// Gives each output of each of these rows to `visit`.
fn each_part(
    model: &Model,
    explainer: &Explainer<'_>,
    rows: &[f64],
    base_margins: Option<&[f32]>,
    mut visit: impl FnMut(Part<'_>) -> Result<()>,
) -> Result<()> {
    let (width, outputs) = (model.schema().features().len(), model.forest().output_count());
    let each = model.prediction_count();
    let predictions = predictions(model, rows, base_margins)?;
    let mut result = Ok(());
    let visit = |block: Block<'_>| {
        let parts = block.contributions.chunks_exact(width).zip(block.margins.iter()).enumerate();
        for (index, (contributions, margin)) in parts {
            let (row, output) = (block.first_row + index / outputs, index % outputs);
            let base = margin - contributions.iter().sum::<f64>();
            let predictions = predictions.all().part(row * each..(row + 1) * each);
            if result.is_ok() {
                result = visit(Part { output, predictions, margin, base, contributions });
            }
        }
    };
    match base_margins {
        Some(base_margins) => explainer.explain_blocks_from(rows, base_margins, visit)?,
        None => explainer.explain_blocks(rows, visit)?,
    }
    result
}

/// What is said of each row: for CSV a line of each output, for JSON an object of all, for columns a row of each output.
fn write_rows(model: &Model, explainer: &Explainer<'_>, rows: Rows, format: Format, out: &mut dyn Write) -> Result<()> {
    let names = model.schema().features().iter().map(|feature| feature.name.clone());
    let (outputs, precision) = (model.forest().output_count(), model.forest().precision());
    let several = if outputs > 1 { Some("output") } else { None };
    let named = several.into_iter().chain(["prediction", "margin", "base"]).map(str::to_owned);
    let names: Vec<String> = named.chain(names).collect();
    match format {
        Format::Csv => {
            let mut lines = csv::Writer::from_writer(out);
            lines.write_record(&names)?;
            rows.read(model, |rows, base_margins| {
                each_part(model, explainer, rows, base_margins, |part| {
                    let mut fields: Vec<String> = Vec::with_capacity(names.len());
                    fields.extend(several.map(|_| part.output.to_string()));
                    fields.extend([
                        precision.text(part.prediction()),
                        precision.text(part.margin),
                        part.base.to_string(),
                    ]);
                    fields.extend(part.contributions.iter().map(f64::to_string));
                    Ok(lines.write_record(&fields)?)
                })
            })?;
            Ok(lines.flush()?)
        }
        Format::Jsonl => {
            let mut row = Vec::with_capacity(outputs);
            rows.read(model, |rows, base_margins| {
                each_part(model, explainer, rows, base_margins, |part| {
                    row.push(described(model, part.margin, part.base, part.contributions));
                    if row.len() == outputs {
                        write_object(&json(part.predictions)?, &row, out)?;
                        row.clear();
                    }
                    Ok(())
                })
            })
        }
        #[cfg(feature = "columnar")]
        Format::Parquet | Format::Arrow => {
            // The output, if there are several, the prediction and the margin; the base and the contributions.
            let empty = |place| match place + usize::from(outputs == 1) {
                0 => Column::Int(Vec::new()),
                1 | 2 if precision == wardian::Precision::Single => Column::Float(Vec::new()),
                _ => Column::Double(Vec::new()),
            };
            let all_empty = || (0..names.len()).map(empty).collect::<Vec<_>>();
            let names = distinct(names.iter().cloned());
            let mut table = TableWriter::of_columns(format, &names, &all_empty(), out)?;
            rows.read(model, |rows, base_margins| {
                let mut columns = all_empty();
                each_part(model, explainer, rows, base_margins, |part| {
                    let first = [part.prediction(), part.margin, part.base];
                    let mut numbers = first.into_iter().chain(part.contributions.iter().copied());
                    for column in &mut columns {
                        match column {
                            Column::Int(values) => values.push(part.output as i32),
                            Column::Float(values) => values.extend(numbers.next().map(|number| number as f32)),
                            Column::Double(values) => values.extend(numbers.next()),
                        }
                    }
                    Ok(())
                })?;
                table.write_columns(columns)
            })?;
            table.finish()
        }
        #[cfg(not(feature = "columnar"))]
        Format::Parquet | Format::Arrow => Ok(()),
    }
}

/// A CSV line for each feature: its name, its splits, and its mean contribution without the sign to each output.
fn write_summary(model: &Model, explainer: &Explainer<'_>, rows: Rows, out: &mut dyn Write) -> Result<()> {
    let (width, outputs) = (model.schema().features().len(), model.forest().output_count());
    let (mut sums, mut count) = (vec![0.0; width * outputs], 0.0);
    // What a sum begins with is no feature's doing.
    rows.read(model, |rows, _| {
        let here = (rows.len() / width) as f64;
        for (sum, mean) in sums.iter_mut().zip(explainer.mean_absolute(rows)?) {
            *sum += mean * here;
        }
        count += here;
        Ok(())
    })?;
    let mut lines = csv::Writer::from_writer(out);
    let mut header = vec!["feature".to_owned(), "splits".to_owned()];
    match outputs {
        1 => header.push("mean_absolute".to_owned()),
        _ => header.extend((0..outputs).map(|output| format!("mean_absolute_{output}"))),
    }
    lines.write_record(&header)?;
    for (index, (feature, splits)) in model.schema().features().iter().zip(model.split_counts()).enumerate() {
        let mut fields = vec![feature.name.clone(), splits.to_string()];
        fields.extend(sums[index..].iter().step_by(width).map(|sum| (sum / f64::max(count, 1.0)).to_string()));
        lines.write_record(&fields)?;
    }
    Ok(lines.flush()?)
}

/// A CSV line for each step: where it begins and ends, the value asked, and the predictions; last for "not measured".
fn write_curve(
    model: &Model,
    row: &Row,
    base_margins: Option<&[f32]>,
    name: &str,
    points: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let features = model.schema().features();
    let feature = features.iter().position(|feature| feature.name == name);
    let feature = feature.ok_or_else(|| {
        let names: Vec<&str> = features.iter().map(|feature| feature.name.as_str()).take(20).collect();
        anyhow!("no feature is called {name:?}; there are {}", names.join(", "))
    })?;
    let curve = match base_margins {
        Some(base_margins) => model.curve_from(row, base_margins, feature, points)?,
        None => model.curve(row, feature, points)?,
    };
    let mut header = vec!["from".to_owned(), "to".to_owned(), "value".to_owned()];
    match model.prediction_count() {
        1 => header.push("prediction".to_owned()),
        count => header.extend((0..count).map(|output| format!("prediction_{output}"))),
    }
    let mut lines = csv::Writer::from_writer(out);
    lines.write_record(&header)?;
    for step in &curve.steps {
        // The 32-bit floats that they are, unless the trainer compares others; of an open end nothing.
        let shown = |value: f64| match value.is_finite() {
            true if f64::from(value as f32) == value => decimal(value as f32),
            true => decimal(value),
            false => String::new(),
        };
        let place = [shown(step.from), shown(step.to), shown(step.value)];
        lines.write_record(place.into_iter().chain(step.predictions.all().texts()))?;
    }
    let place = ["", "", "NA"].map(str::to_owned);
    lines.write_record(place.into_iter().chain(curve.missing.all().texts()))?;
    Ok(lines.flush()?)
}
