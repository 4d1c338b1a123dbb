//! How a model's file is to be read, where it does not say, and what is to be known of how it was.

use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use wardian::Model;
use wardian::import::{self, CategoriesFrom, Options};

use crate::files;

#[derive(clap::Args)]
pub(crate) struct Reading {
    /// Keep the trees after the best round too, where training was stopped early
    #[arg(long)]
    all_trees: bool,
    /// The number that means "not measured" in every feature: what the trainer was given as missing= [default: what the
    /// file says, which most do not]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, requires = "model")]
    missing: Option<f64>,
    /// Where the training data's categories came from: XGBoost 3.1 to 3.3 write names that are not ASCII otherwise for each
    #[arg(long, value_enum, value_name = "ORIGIN", requires = "model")]
    categories_from: Option<Origin>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Origin {
    /// A pandas data frame
    Pandas,
    /// Polars, pyarrow or the like
    Arrow,
}

impl Reading {
    pub(crate) fn options(&self) -> Options {
        Options {
            all_trees: self.all_trees,
            missing: self.missing,
            categories_from: self.categories_from.map(|origin| match origin {
                Origin::Pandas => CategoriesFrom::Pandas,
                Origin::Arrow => CategoriesFrom::Arrow,
            }),
        }
    }

    /// The model in a file; what is to be known of it goes to standard error.
    pub(crate) fn model(&self, path: &Path) -> Result<Model> {
        self.model_of(&files::read(path)?, path)
    }

    /// As [`Reading::model`], the file's bytes in hand.
    pub(crate) fn model_of(&self, bytes: &[u8], path: &Path) -> Result<Model> {
        let place = || path.display().to_string();
        let imported = import::read_noting(bytes, &self.options()).with_context(place)?;
        for note in &imported.notes {
            eprintln!("wardian: note: {}: {note}", path.display());
        }
        Ok(imported.model)
    }
}
