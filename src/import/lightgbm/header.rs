//! What a file says beside its trees, in either form.

use std::fmt::Display;

use crate::error::{Result, invalid, quoted, unsupported};
use crate::forest::MAX_OUTPUTS;
use crate::schema::MAX_FEATURES;

/// What a file says beside its trees.
pub(super) struct Header {
    /// The version of the format: 2, 3 or 4.
    pub(super) version: u8,
    /// How many trees an iteration has, and how many outputs so.
    pub(super) outputs: usize,
    /// The objective and its parameters; none where the user had one of his own.
    pub(super) objective: Option<String>,
    /// Whether the answer is the mean of the iterations: a random forest.
    pub(super) averages: bool,
    pub(super) feature_names: Vec<String>,
    /// What is known of each feature's values; none of any where the file is older than that.
    pub(super) values: Vec<Values>,
    /// The categories of each of pandas' categorical columns.
    pub(super) pandas_categories: Vec<Vec<super::categories::Name>>,
}

/// What a file says of a feature's values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Values {
    /// Nothing: the feature was of no use.
    Unknown,
    /// They are numbers between these.
    Numbers { smallest: f64, largest: f64 },
    /// They are categories; this is the largest.
    Categories { largest: f64 },
}

/// The number of a version's name.
///
/// # Errors
/// `unsupported_model` for all but v2, v3 and v4.
pub(super) fn version(name: Option<&str>) -> Result<u8> {
    match name {
        Some("v2") => Ok(2),
        Some("v3") => Ok(3),
        Some("v4") => Ok(4),
        Some(other) => Err(unsupported(format_args!(
            "the file's version is {}; v2, v3 and v4 are read (LightGBM 2.1 to 4)",
            quoted(other)
        ))),
        None => Err(unsupported(format_args!(
            "the file says no version, as those of LightGBM before 2.1: load it with a newer one and save it again"
        ))),
    }
}

/// How many features there are.
pub(super) fn feature_count(largest: &str) -> Result<usize> {
    let largest: usize = number("max_feature_idx", largest)?;
    match largest.checked_add(1).filter(|&count| count <= MAX_FEATURES) {
        Some(count) => Ok(count),
        None => {
            Err(unsupported(format_args!("max_feature_idx is {largest}; a model has 1 to {MAX_FEATURES} features")))
        }
    }
}

/// How many outputs there are, from `num_tree_per_iteration` and `num_class`.
pub(super) fn outputs(trees: &str, classes: &str) -> Result<usize> {
    let (trees, classes) = (number("num_tree_per_iteration", trees)?, number("num_class", classes)?);
    if trees != classes {
        return Err(unsupported(format_args!("num_tree_per_iteration is {trees} and num_class {classes}")));
    }
    if trees == 0 || trees > MAX_OUTPUTS {
        return Err(invalid(format_args!("num_tree_per_iteration is {trees}; a model has 1 to {MAX_OUTPUTS} outputs")));
    }
    Ok(trees)
}

/// Checks that a list has an entry for each feature.
pub(super) fn one_for_each(key: &str, count: usize, features: usize) -> Result<()> {
    if count != features {
        return Err(invalid(format_args!("{key} has {count} entries for {features} features")));
    }
    Ok(())
}

/// A count that the file holds as text.
pub(super) fn number(key: impl Display, text: &str) -> Result<usize> {
    text.parse().map_err(|_| invalid(format_args!("{key} is {}, not a count", quoted(text))))
}
