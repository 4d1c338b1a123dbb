//! The model that the crate carries: diabetes risk, trained by `models/diabetes/train.py`.

use std::sync::LazyLock;

use crate::error::Result;
use crate::format;
use crate::model::Model;

pub(crate) static DIABETES_BYTES: &[u8] = include_bytes!("../models/diabetes/diabetes.wardian");

static DIABETES: LazyLock<Model> =
    LazyLock::new(|| read().expect("the shipped model is read by a test before every release"));

fn read() -> Result<Model> {
    let model = format::read(DIABETES_BYTES)?;
    #[cfg(feature = "explain")]
    let model = { model.with_covers(format::read_covers(diabetes_covers(), DIABETES_BYTES)?)? };
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

/// The SHA-256 of the shipped model's bytes, in hexadecimal.
pub fn diabetes_sha256() -> &'static str {
    include_str!("../models/diabetes/diabetes.sha256").trim_ascii_end()
}
