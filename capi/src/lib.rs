//! Wardian's models behind plain data: bytes, texts and arrays of numbers, and nothing of Rust's in what is handed over. Two kinds of
//! callers lean on it: those that load it as a C library (`include/wardian.h`: R, databases) or as a module of WebAssembly (the
//! Python package where there is no compiler), and the Python package's native module, which depends on it as a crate.
//!
//! [`Held`] is a model that is asked; [`Table`] what it is asked of. [`door`] is the C interface over them.

#[cfg(feature = "c")]
pub mod door;
mod fault;
mod held;
mod questions;
mod reading;
mod rows;
mod sealing;
mod table;

pub use fault::Fault;
pub use held::{Held, What};
pub use reading::Reading;
pub use rows::Read;
pub use sealing::Sealing;
pub use table::{Out, Table};
pub use wardian::{Series, Value};
