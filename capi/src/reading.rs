//! How a model's file is read.

use serde::Deserialize;
use wardian::Code;
use wardian::import::{self, CategoriesFrom};

use crate::fault::Fault;

/// What may be asked of reading a model's file: `{"name": …, "allTrees": …, "missing": …, "categoriesFrom": …}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Reading {
    /// What the file is called in errors.
    pub name: String,
    /// Keep the trees that were grown after the best round.
    pub all_trees: bool,
    /// The value that means "not measured" in every feature.
    pub missing: Option<f64>,
    /// `pandas` or `arrow`.
    pub categories_from: Option<String>,
}

impl Reading {
    /// The options in a text of JSON; none in an empty one.
    ///
    /// # Errors
    /// `invalid_option`, naming it.
    pub fn of(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(text).map_err(|error| Fault::new(Code::InvalidOption, format!("options: {error}")))
    }

    /// The options of [`import`].
    ///
    /// # Errors
    /// `invalid_option` for categories from elsewhere.
    pub fn options(&self) -> Result<import::Options, Fault> {
        let categories_from = match self.categories_from.as_deref() {
            None => None,
            Some("pandas") => Some(CategoriesFrom::Pandas),
            Some("arrow") => Some(CategoriesFrom::Arrow),
            Some(other) => {
                let message = format!("options: categories come from \"pandas\" or \"arrow\", not {other:?}");
                return Err(Fault::new(Code::InvalidOption, message));
            }
        };
        Ok(import::Options { all_trees: self.all_trees, missing: self.missing, categories_from })
    }
}
