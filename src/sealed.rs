//! Sealed around the shipped model: the modules that the page and the package predict and explain it with, which open no other.
//!
//! Which model that is, and that a test has read it, is known when they are compiled: what finds it out when it runs, and what is only for
//! errors, is left out. `cargo xtask build` sets `--cfg sealed` for them; this room alone asks for it.

#[cfg(any(feature = "sealed-predict", all(test, not(target_arch = "wasm32"))))]
mod engine;
#[cfg(feature = "sealed-explain")]
pub mod explain;
#[cfg(any(feature = "sealed-predict", feature = "sealed-explain", all(test, not(target_arch = "wasm32"))))]
// Each of the two takes a part of it.
#[cfg_attr(not(all(feature = "sealed-predict", feature = "sealed-explain")), allow(dead_code))]
mod file;
#[cfg(feature = "sealed-predict")]
pub mod predict;

/// Whether this is such a module.
pub(crate) const IS_SEALED: bool = cfg!(sealed);
