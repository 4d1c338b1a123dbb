//! The model that the crate carries: diabetes risk, trained by `models/diabetes/train.py`.

use std::sync::LazyLock;

use crate::error::Result;
use crate::format;
use crate::model::Model;

/// Its file, for constants that are made of it; when the program runs it is [`diabetes_bytes`].
pub(crate) const DIABETES_FILE: &[u8] = include_bytes!("../models/diabetes/diabetes.wardian");
/// How many bytes that has.
pub(crate) const DIABETES_LENGTH: usize = DIABETES_FILE.len();

/// Its SHA-256 in hexadecimal, and then the file itself: one after the other, so that one address tells JavaScript of both.
pub(crate) static HASH_AND_BYTES: [u8; 64 + DIABETES_LENGTH] = {
    let hash = include_bytes!("../models/diabetes/diabetes.sha256");
    let mut both = [0; 64 + DIABETES_LENGTH];
    both.split_at_mut(64).0.copy_from_slice(hash.split_at(64).0);
    both.split_at_mut(64).1.copy_from_slice(DIABETES_FILE);
    both
};

/// Its file.
pub(crate) fn diabetes_bytes() -> &'static [u8] {
    &HASH_AND_BYTES[64..]
}

static DIABETES: LazyLock<Model> =
    LazyLock::new(|| read().expect("the shipped model is read by a test before every release"));

fn read() -> Result<Model> {
    let model = format::read(diabetes_bytes())?;
    #[cfg(feature = "explain")]
    let model = { model.with_covers(format::read_covers(diabetes_covers(), diabetes_bytes())?)? };
    Ok(model)
}

/// The diabetes risk model: the probability that a woman of the study's population tests positive within five years.
/// A demonstration, not a medical device.
pub fn diabetes() -> &'static Model {
    &DIABETES
}

/// The file of covers that belongs to the shipped model's file, which explaining needs and predicting does not.
#[cfg(feature = "explain")]
pub fn diabetes_covers() -> &'static [u8] {
    include_bytes!("../models/diabetes/diabetes.covers")
}

/// What files of rows call the shipped model's features, as JSON: their names on the page in three languages and in the copies of
/// the data that go round (UCI, OpenML, Kaggle, R's mlbench), and the units that laboratories report.
///
/// Glucose has 180.16 g/mol. 1 µU of insulin is 6.00 pmol by the international standard of 1987; the 6.945 of many tables is of
/// an older, less pure preparation (Knopp, Holder-Pearson, Chase: J Diabetes Sci Technol 2019, 13:597).
#[cfg(feature = "rows")]
pub fn diabetes_columns() -> &'static str {
    include_str!("../models/diabetes/columns.json")
}

/// The SHA-256 of the shipped model's bytes, in hexadecimal.
pub fn diabetes_sha256() -> &'static str {
    std::str::from_utf8(&HASH_AND_BYTES[..64]).expect("hexadecimal digits")
}
