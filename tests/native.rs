//! The common cases, natively.

mod common;
