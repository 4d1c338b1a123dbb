//! The schema as people write it, `schema.json` → [`Schema`]. `models/diabetes/schema.json` is an example.

use crate::error::{Code, Error, Result, shown};
use crate::import::reader::Reader;
use crate::import::reader::take::{record, whole_file};
use crate::schema::{Feature, Schema};

record! {
    struct SchemaFile {
        name: String,
        title: String = String::new(),
        outcome: String = String::new(),
        features: Vec<FeatureEntry>,
    }
}

record! {
    struct FeatureEntry {
        name: String,
        label: Option<String> = None,
        unit: String = String::new(),
        description: String = String::new(),
        minimum: Option<f64> = None,
        maximum: Option<f64> = None,
        decimals: Option<u8> = None,
        missing_codes: Vec<f64> = Vec::new(),
        may_be_missing: bool = true,
        categories: Vec<String> = Vec::new(),
        takes_unseen: bool = false,
    }
}

/// The schema that a JSON text describes: `{"name", "title", "outcome", "features": [{"name", "label", "unit",
/// "description", "minimum", "maximum", "decimals", "missing_codes", "may_be_missing",
/// "categories", "takes_unseen"}]}`; only the names are needed.
///
/// # Errors
/// `invalid_schema`, naming the place.
pub fn read(bytes: &[u8]) -> Result<Schema> {
    let file: SchemaFile =
        whole_file(Reader::json(bytes)).map_err(|error| error.with_place(Code::InvalidSchema, shown))?;
    let features = file
        .features
        .into_iter()
        .map(|entry| {
            let range = match (entry.minimum, entry.maximum) {
                (Some(low), Some(high)) => Some((low, high)),
                (None, None) => None,
                _ => {
                    return Err(Error::in_field(
                        Code::InvalidSchema,
                        &entry.name,
                        format_args!("minimum and maximum come together or not at all"),
                    ));
                }
            };
            Ok(Feature {
                label: entry.label.unwrap_or_else(|| entry.name.clone()),
                name: entry.name,
                unit: entry.unit,
                description: entry.description,
                range,
                decimals: entry.decimals,
                missing_codes: entry.missing_codes,
                may_be_missing: entry.may_be_missing,
                categories: entry.categories,
                takes_unseen: entry.takes_unseen,
            })
        })
        .collect::<Result<_>>()?;
    Schema::new(file.name, file.title, file.outcome, features)
}
