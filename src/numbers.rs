//! Numbers in the type that a trainer computes in: what leaves add, sums, and answers.

use std::fmt;

/// The type of a model's leaves, of their sums, and of its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floats: XGBoost, ONNX.
    #[default]
    Single,
    /// 64-bit floats: LightGBM, CatBoost, scikit-learn.
    Double,
}

/// Numbers of one type.
#[derive(Clone, PartialEq)]
pub enum Numbers {
    /// 32-bit floats.
    Single(Vec<f32>),
    /// 64-bit floats.
    #[cfg(feature = "double")]
    Double(Vec<f64>),
}
