//! The schema as people write it, `schema.json` → [`Schema`]. `models/diabetes/schema.json` is an example.

use serde::Deserialize;

use crate::error::{Code, Error, Result, shown};
use crate::schema::{Feature, Schema};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaFile {
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    outcome: String,
    features: Vec<FeatureEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureEntry {
    name: String,
    label: Option<String>,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    description: String,
    minimum: Option<f64>,
    maximum: Option<f64>,
    decimals: Option<u8>,
    #[serde(default)]
    missing_codes: Vec<f64>,
    #[serde(default = "yes")]
    may_be_missing: bool,
    #[serde(default)]
    categories: Vec<String>,
}

fn yes() -> bool {
    true
}

/// The schema that a JSON text describes: `{"name", "title", "outcome", "features": [{"name", "label", "unit",
/// "description", "minimum", "maximum", "decimals", "missing_codes", "may_be_missing",
/// "categories"}]}`; only the names are needed.
///
/// # Errors
/// `invalid_schema`, naming the place.
pub fn read(bytes: &[u8]) -> Result<Schema> {
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let file: SchemaFile = serde_path_to_error::deserialize(&mut source).map_err(|error| {
        let [message, path] = [error.inner().to_string(), error.path().to_string()].map(|text| shown(&text));
        Error::new(Code::InvalidSchema, format_args!("{message}")).at(format_args!("{path}"))
    })?;
    source.end().map_err(|error| Error::new(Code::InvalidSchema, format_args!("{error}")))?;
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
            })
        })
        .collect::<Result<_>>()?;
    Schema::new(file.name, file.title, file.outcome, features)
}
