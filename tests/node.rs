//! The common cases in wasm, in Node.
#![cfg(target_arch = "wasm32")]

mod common;
