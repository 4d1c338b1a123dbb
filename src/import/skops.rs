//! skops' files: a zip with `schema.json`, which says what every object is made of, and arrays of numpy beside it.
//!
//! They become the same inert values as a pickle's, and the same readers make models of these. Nothing is imported or called,
//! whatever a file says.

mod numpy;
mod schema;
#[cfg(test)]
mod tests;
mod zip;

use super::{Imported, Options, pickled};
use crate::error::{Result, invalid};

/// Whether these are the first bytes of one: of a zip whose first file is an array, other bytes, or the schema itself.
pub(super) fn recognises(bytes: &[u8]) -> bool {
    zip::first_name(bytes).is_some_and(|name| {
        name == schema::NAME.as_bytes() || [&b".npy"[..], b".bin"].iter().any(|ending| name.ends_with(ending))
    })
}

/// Reads the model that a file is.
///
/// # Errors
/// As [`pickled::read`].
pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Imported> {
    let files = zip::files(bytes).map_err(|error| error.at(format_args!("the zip")))?;
    let Some(schema) = files.get(schema::NAME) else {
        return Err(invalid(format_args!("the zip has no {}, as skops' files have", schema::NAME)));
    };
    let (values, root) = schema::read(schema, &files, bytes.len())?;
    pickled::of_values(&values, root, options, bytes.len())
}
