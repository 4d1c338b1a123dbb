//! `wardian train`.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use wardian::format;
use wardian::train::{Options, Table, train};

use crate::files;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  wardian train data.csv --label diabetes -o out.wardian
  wardian train data.csv --label price -o price.wardian --trees 300 --depth 5

Labels that are all 0 or 1 give a model that answers the probability of 1; any others, a regression.")]
pub(crate) struct Arguments {
    /// A CSV file whose first line names the columns
    data: PathBuf,
    /// The column to predict; every other column is a feature
    #[arg(long, value_name = "COLUMN")]
    label: String,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
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
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let place = || arguments.data.display().to_string();
    let schema = arguments.schema.as_deref().map(files::read_schema).transpose()?;
    let table = Table::read(&files::read(&arguments.data)?, &arguments.label, schema.as_ref()).with_context(place)?;
    let options = Options {
        trees: arguments.trees,
        depth: arguments.depth,
        shrinkage: arguments.shrinkage,
        smallest_leaf: arguments.smallest_leaf,
    };
    // The trainer says nothing while it works, so this can only show that it does.
    let spinner = ProgressBar::new_spinner().with_message(format!("training on {} rows", table.row_count()));
    spinner.enable_steady_tick(Duration::from_millis(200));
    let model = train(&table, &options).with_context(place)?;
    spinner.finish_and_clear();
    let written = format::write(&model);
    files::write_whole(&arguments.output, |file| Ok(file.write_all(&written)?))?;
    eprintln!(
        "{}: {} trees on {} rows, {} bytes",
        arguments.output.display(),
        model.forest().trees().len(),
        table.row_count(),
        written.len()
    );
    Ok(())
}
