//! How a model's file is read, as a text of JSON says it.

use serde::Deserialize;
use wardian::Code;
use wardian::import::{self, CategoriesFrom, schema_file};

use crate::fault::Fault;
use crate::held::Held;

/// What may be asked of reading a model's file: `{"name": …, "allTrees": …, "missing": …, "categoriesFrom": …, "schema": …}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Reading {
    /// What the file is called in errors.
    pub name: String,
    /// Keep the trees that were grown after the best round.
    pub all_trees: bool,
    /// The value that means "not measured" in every feature; `"NaN"`, as JSON has no such number, for none beside NaN.
    pub missing: Option<serde_json::Value>,
    /// `pandas` or `arrow`.
    pub categories_from: Option<String>,
    /// Names, labels, units, ranges and missing codes of the inputs, as [`schema_file::read`] reads them.
    pub schema: Option<serde_json::Value>,
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
        let missing = match &self.missing {
            None => None,
            Some(serde_json::Value::String(text)) if text == "NaN" => Some(f64::NAN),
            Some(given) => Some(given.as_f64().ok_or_else(|| {
                Fault::new(Code::InvalidOption, format!("options: missing is a number, or \"NaN\", not {given}"))
            })?),
        };
        Ok(import::Options { all_trees: self.all_trees, missing, categories_from })
    }

    /// The model in a file of any kind that [`import::read`] reads.
    ///
    /// # Errors
    /// As [`import::read`]; of a schema as [`schema_file::read`] and [`wardian::Model::with_schema`].
    pub fn open(&self, bytes: &[u8]) -> Result<Held, Fault> {
        let schema = self.schema.as_ref().map(|schema| schema_file::read(schema.to_string().as_bytes())).transpose();
        let schema = schema.map_err(|error| Fault::from(error).of("schema"))?;
        Held::open(&self.name, bytes, &self.options()?, schema)
    }
}
