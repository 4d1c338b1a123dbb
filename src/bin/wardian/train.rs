//! `wardian train`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use wardian::format;
use wardian::rows;
use wardian::train::{Asked, CrossValidation, FoldFigures, Options, Table, Training, Validated};

use crate::files;
use crate::sources::Source;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  wardian train data.csv --label diabetes -o out.wardian
  wardian train data.csv --label diabetes --folds 5
  wardian train data.csv --label price -o price.wardian --trees 300 --depth 5

Labels that are all 0 or 1, or two texts, give a model that answers the probability of 1, or of the
second text in the alphabet; other numbers, a regression. Columns of texts are choices where there
are at most 50 of them. docs/TRAINING.md has the rest.")]
pub(crate) struct Arguments {
    /// A CSV file, a workbook or JSON lines; the first line names the columns
    data: PathBuf,
    /// The column to predict; every other column is a feature
    #[arg(long, value_name = "COLUMN")]
    label: String,
    /// Of a label of two values the one whose probability is answered
    #[arg(long, value_name = "VALUE")]
    positive: Option<String>,
    /// A column that is no feature; may be given several times
    #[arg(long, value_name = "COLUMN")]
    without: Vec<String>,
    /// The file to write
    #[arg(short, long, value_name = "FILE", required_unless_present = "folds")]
    output: Option<PathBuf>,
    /// Tell what the model is worth on rows that it is not trained on, by so many folds
    #[arg(long, value_name = "COUNT")]
    folds: Option<usize>,
    /// Labels, units and missing codes of the inputs by name, as JSON
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// How many trees
    #[arg(long, default_value_t = Options::default().trees)]
    trees: usize,
    /// The most splits between a root and a leaf
    #[arg(long, default_value_t = Options::default().depth)]
    depth: u32,
    /// What each tree's leaves are multiplied by
    #[arg(long, default_value_t = Options::default().shrinkage)]
    shrinkage: f32,
    /// The fewest rows that are still split
    #[arg(long, default_value_t = Options::default().smallest_leaf)]
    smallest_leaf: usize,
    #[command(flatten)]
    form: Form,
}

/// How the rows are read, where the file does not say.
#[derive(clap::Args)]
#[command(next_help_heading = "How the file is read, where it does not say")]
struct Form {
    /// What ends a cell: a character, or tab
    #[arg(long, value_name = "SIGN")]
    delimiter: Option<String>,
    /// What stands before a number's fraction: . or ,
    #[arg(long, value_name = "SIGN")]
    decimal: Option<String>,
    /// What stands between each three digits of a number
    #[arg(long, value_name = "SIGN")]
    thousands: Option<String>,
    /// A text that means "not measured", instead of those that pandas knows; may be given several times
    #[arg(long = "missing-text", value_name = "TEXT")]
    missing_texts: Vec<String>,
    /// How characters are written: utf-8, utf-16le, utf-16be or windows-1252
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// How many lines stand before the table
    #[arg(long, value_name = "LINES")]
    skip: Option<String>,
    /// The sheet of a spreadsheet that has several
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

impl Form {
    fn options(&self) -> Result<rows::Options> {
        let said = [
            ("delimiter", &self.delimiter),
            ("decimal", &self.decimal),
            ("thousands", &self.thousands),
            ("encoding", &self.encoding),
            ("skip", &self.skip),
        ];
        let mut options = rows::Options::default();
        for (name, text) in said {
            text.iter().try_for_each(|text| options.set(name, text))?;
        }
        self.missing_texts.iter().try_for_each(|text| options.set("missing-text", text))?;
        Ok(options)
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let place = || arguments.data.display().to_string();
    let asked = Asked {
        label: arguments.label.clone(),
        positive: arguments.positive.clone(),
        without: arguments.without.clone(),
        known: arguments.schema.as_deref().map(files::read_schema).transpose()?,
    };
    let table = read(arguments, &asked).with_context(place)?;
    for (name, why) in table.left_out() {
        eprintln!("wardian: note: {}: the column {name:?} is no feature: {why}", place());
    }
    for warning in table.warnings() {
        eprintln!("wardian: note: {}: {warning}", place());
    }
    let options = Options {
        trees: arguments.trees,
        depth: arguments.depth,
        shrinkage: arguments.shrinkage,
        smallest_leaf: arguments.smallest_leaf,
    };
    if let Some(folds) = arguments.folds {
        let mut validation = CrossValidation::new(&table, &options, folds).with_context(place)?;
        stepped(validation.trees(), || Ok(validation.step()?)).with_context(place)?;
        tell(&validation.finish(), &table);
    }
    match &arguments.output {
        Some(output) => write(output, &table, &options).with_context(place),
        None => Ok(()),
    }
}

/// The rows of the file, which may be a sheet or JSON lines too.
fn read(arguments: &Arguments, asked: &Asked) -> Result<Table> {
    let mut source = Source::open(&arguments.data, arguments.form.sheet.as_deref())?;
    let options = source.options(arguments.form.options()?)?;
    let mut bytes = Vec::new();
    source.text.read_to_end(&mut bytes)?;
    Ok(Table::of(&bytes, &options, asked)?)
}

fn write(output: &Path, table: &Table, options: &Options) -> Result<()> {
    let mut training = Training::new(table, options)?;
    stepped(training.trees(), || Ok(training.step()?))?;
    let model = training.finish()?;
    let written = format::write(&model);
    files::write_whole(output, |file| Ok(file.write_all(&written)?))?;
    eprintln!(
        "{}: {} trees on {} rows, {} bytes",
        output.display(),
        model.forest().trees().len(),
        table.row_count(),
        written.len()
    );
    Ok(())
}

/// Grows trees until all are there, and shows how many there are.
fn stepped(trees: usize, mut step: impl FnMut() -> Result<usize>) -> Result<()> {
    let bar = ProgressBar::new(trees as u64);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {pos} of {len} trees, {eta} to go")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    loop {
        let done = step()?;
        bar.set_position(done as u64);
        if done == trees {
            break;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// What a cross-validation gave, on standard output: each figure's mean over the folds and its standard deviation, beside what the mean
/// label alone gives.
fn tell(validated: &Validated, table: &Table) {
    let line = |name: &str, figure: fn(&FoldFigures) -> f64, beside: Option<f64>| {
        let (mean, deviation) = validated.spread(figure);
        let beside = beside.map_or_else(String::new, |beside| format!("   the mean label alone: {beside:.4}"));
        println!("{name:<12} {mean:.4} ± {deviation:.4}{beside}");
    };
    println!(
        "{} rows in {} folds, each answered by a model that was trained on the others",
        table.row_count(),
        validated.folds.len()
    );
    let baseline = validated.spread(|fold| fold.baseline).0;
    if validated.is_binary {
        line("AUC", |fold| fold.auc, Some(0.5));
        line("Brier score", |fold| fold.error, Some(baseline));
    } else {
        line("RMSE", |fold| fold.error, Some(baseline));
        line("R²", |fold| fold.explained, Some(0.0));
    }
}
