#![doc = include_str!("../README.md")]

/// The guide's code, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../docs/start/rust.md")]
pub struct Guide;

pub mod bindings;
#[cfg(feature = "case")]
pub mod case;
#[cfg(feature = "certainty")]
pub mod certainty;
mod codes;
mod columns;
#[cfg(feature = "double")]
mod combination;
pub mod contract;
#[cfg(feature = "explain")]
mod covers;
mod dialect;
mod elementary;
mod engine;
mod error;
#[cfg(feature = "explain")]
pub mod explain;
mod field;
mod finish;
mod forest;
pub mod format;
#[cfg(feature = "import")]
pub mod import;
mod link;
mod model;
mod narrowing;
mod number;
mod numbers;
mod parts;
mod predict;
#[cfg(any(fuzzing, all(test, not(target_arch = "wasm32"))))]
mod random;
#[cfg(feature = "rows")]
pub mod rows;
mod schema;
#[cfg(feature = "seal")]
pub mod seal;
pub mod sealed;
mod shipped;
#[cfg(feature = "train")]
pub mod train;
#[cfg(feature = "explain")]
mod unknown;

#[cfg(feature = "explain")]
pub use unknown::{Observed, Unknown, Values};

pub use columns::Series;
#[cfg(feature = "double")]
pub use combination::{Combination, Step};
#[cfg(feature = "explain")]
pub use covers::Covers;
pub use dialect::Dialect;
pub use error::{Code, Error, Result};
pub use finish::Finish;
pub use forest::{
    Base, Column, Forest, MAX_CATEGORY, MAX_NODES, MAX_OUTPUTS, MOST_CUTS, MissingSide, Node, Parts, Test,
};
pub use link::Link;
#[cfg(feature = "double")]
pub use link::OtherLink;
pub use model::{Model, Prediction};
pub use narrowing::{Input, NEARLY_ZERO, Wide};
pub use number::decimal;
pub use numbers::{Numbers, Precision, Slice};
#[cfg(any(fuzzing, all(test, not(target_arch = "wasm32"))))]
#[doc(hidden)]
pub use predict::answers;
pub use schema::{Feature, MAX_FEATURES, Row, Schema, Value, Warning};
#[cfg(feature = "rows")]
pub use shipped::diabetes_columns;
#[cfg(feature = "explain")]
pub use shipped::diabetes_covers;
pub use shipped::{diabetes, diabetes_sha256};
pub use wardian_kernels::vector_bytes;
