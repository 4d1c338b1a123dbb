//! `wardian inspect`.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use wardian::import::{self, FileKind};
use wardian::{Feature, Forest, Test, format};

use crate::files;
use crate::reading::Reading;

#[derive(clap::Args)]
#[command(after_help = "Example:
  wardian inspect model.ubj")]
pub(crate) struct Arguments {
    /// A model: .wardian, or a file of XGBoost, LightGBM, CatBoost, ONNX, a pickle (told by content, not by name)
    model: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let bytes = files::read(&arguments.model)?;
    let place = || arguments.model.display().to_string();
    let kind = FileKind::of(&bytes).with_context(place)?;
    let model = arguments.reading.model_of(&bytes, &arguments.model)?;
    let (schema, forest) = (model.schema(), model.forest());

    let mut out = io::stdout().lock();
    if !schema.title().is_empty() {
        writeln!(out, "{}", schema.title())?;
    }
    if !schema.outcome().is_empty() {
        writeln!(out, "predicts     {}", schema.outcome())?;
    }
    writeln!(out, "format       {}, {} bytes", kind.name(), bytes.len())?;
    if kind != FileKind::Wardian {
        writeln!(out, "as .wardian  {} bytes", format::write(&model).len())?;
    }
    writeln!(
        out,
        "trees        {}, {} splits, {} leaves, depth {}",
        forest.trees().len(),
        forest.split_count(),
        forest.split_count() + forest.trees().len(),
        forest.depth()
    )?;
    let base: Vec<String> = forest.base_margins().all().texts().take(8).collect();
    let more = if forest.output_count() > base.len() { ", …" } else { "" };
    writeln!(out, "base margin  {}{more}", base.join(", "))?;
    if forest.output_count() > 1 {
        let leaves = match forest.leaf_width() {
            1 => String::new(),
            all if all == forest.output_count() => String::from(", a leaf adds to all"),
            some => format!(", a leaf adds to {some}"),
        };
        writeln!(out, "outputs      {}{leaves}", forest.output_count())?;
    }
    writeln!(out, "link         {}", forest.link_name())?;
    if !schema.classes().is_empty() {
        writeln!(out, "classes      {}", schema.classes().join(", "))?;
    }
    if kind == FileKind::Pickle {
        let names = import::pickle_globals(&bytes).with_context(place)?;
        writeln!(out, "would call   {} (Python, if it loaded this pickle; nothing is called here)", names.join(", "))?;
    }
    writeln!(out, "covers       {}", if model.covers().is_some() { "yes: it can be explained" } else { "none" })?;
    writeln!(out, "features     {}", schema.features().len())?;
    let gains = import::gains(&bytes, &arguments.reading.options()).with_context(place)?;
    let splits = model.split_counts();
    let width = schema.features().iter().map(|feature| feature.name.chars().count()).max().unwrap_or(0);
    for (index, feature) in schema.features().iter().enumerate() {
        let (cuts, sets) = tests(forest, index);
        let sets = if sets > 0 { format!("  {sets} category sets") } else { String::new() };
        let gain = gains.as_ref().map_or(String::new(), |gains| format!("  {:10.2} gain", gains[index]));
        writeln!(
            out,
            "  {:width$}  {cuts:4} cuts{sets}  {:4} splits{gain}{}",
            feature.name,
            splits[index],
            describe(feature)
        )?;
    }
    Ok(())
}

/// How many cuts, and how many sets of categories, the trees compare a feature with.
pub(crate) fn tests(forest: &Forest, feature: usize) -> (usize, usize) {
    let (mut cuts, mut sets) = (0, 0);
    for column in forest.columns().iter().filter(|column| column.feature as usize == feature) {
        match &column.test {
            Test::Below(values) => cuts += values.len(),
            Test::InSet(_) => sets += 1,
        }
    }
    (cuts, sets)
}

fn describe(feature: &Feature) -> String {
    let mut text = String::new();
    if let Some((low, high)) = feature.range {
        text += &format!("  {low} to {high} {}", feature.unit);
    }
    if !feature.missing_codes.is_empty() {
        let codes: Vec<String> = feature.missing_codes.iter().map(f64::to_string).collect();
        text += &format!("  ({} means not measured)", codes.join(" or "));
    }
    if !feature.categories.is_empty() {
        text += &format!("  {} categories", feature.categories.len());
    }
    text.trim_end().to_owned()
}
