//! The common cases and the JavaScript bindings, in Node.
#![cfg(target_arch = "wasm32")]

mod common;
