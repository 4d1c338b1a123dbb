//! The names of categories, which files carry since XGBoost 3.1: a category's code is its place among them.

use super::file::{Categories, FeatureCategories};
use crate::error::{Result, invalid};

/// The names of each feature's categories in the order of their codes; none for a feature without.
pub(super) fn names(categories: Option<&Categories>, feature_count: usize) -> Result<Vec<Vec<String>>> {
    let encodings = categories.map_or(&[][..], |categories| &categories.enc);
    if encodings.is_empty() {
        return Ok(vec![Vec::new(); feature_count]);
    }
    if encodings.len() != feature_count {
        return Err(invalid(format_args!("cats.enc has {} entries for {feature_count} features", encodings.len())));
    }
    encodings
        .iter()
        .enumerate()
        .map(|(index, encoding)| {
            of_feature(encoding).ok_or_else(|| {
                invalid(format_args!("the categories of feature {index} are not texts or numbers"))
                    .at(format_args!("cats"))
            })
        })
        .collect()
}

fn of_feature(encoding: &FeatureCategories) -> Option<Vec<String>> {
    let Some(offsets) = &encoding.offsets else {
        return Some(encoding.values.iter().map(f64::to_string).collect());
    };
    // UTF-8 in signed bytes.
    let bytes: Vec<u8> = encoding.values.iter().map(|&value| value as i64 as u8).collect();
    offsets
        .windows(2)
        .map(|pair| {
            let range = usize::try_from(pair[0]).ok()?..usize::try_from(pair[1]).ok()?;
            String::from_utf8(bytes.get(range)?.to_vec()).ok()
        })
        .collect()
}
