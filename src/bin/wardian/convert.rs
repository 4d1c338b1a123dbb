//! `wardian convert`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use wardian::format;

use crate::files;
use crate::reading::Reading;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  wardian convert model.ubj -o model.wardian
  wardian convert model.json -o model.wardian --schema schema.json
  wardian convert model.json -o model.wardian --missing -999")]
pub(crate) struct Arguments {
    /// A model: .wardian, or a file of XGBoost, LightGBM, CatBoost, ONNX, a pickle (told by content, not by name)
    model: PathBuf,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Names, units, ranges and missing codes of the inputs, as JSON
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// Leave out the covers of the leaves: a smaller file, which `wardian explain` cannot explain
    #[arg(long)]
    no_covers: bool,
    /// Write the covers into a file of their own, which fits this output only, and leave them out of it
    #[arg(long, value_name = "FILE", conflicts_with = "no_covers")]
    covers: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let bytes = files::read(&arguments.model)?;
    let mut model = arguments.reading.model_of(&bytes, &arguments.model)?;
    if let Some(path) = &arguments.schema {
        let schema = files::read_schema(path)?;
        model = model.with_schema(schema).with_context(|| path.display().to_string())?;
    }
    if let Some(path) = &arguments.covers {
        let covers = format::write_covers(&model);
        let covers = covers.with_context(|| format!("{}: it has no covers", arguments.model.display()))?;
        files::write_whole(path, |file| Ok(file.write_all(&covers)?))?;
    }
    if arguments.no_covers || arguments.covers.is_some() {
        model = model.without_covers();
    }
    let written = format::write(&model);
    files::write_whole(&arguments.output, |file| Ok(file.write_all(&written)?))?;
    eprintln!("{}: {} bytes, from {}", arguments.output.display(), written.len(), bytes.len());
    Ok(())
}
