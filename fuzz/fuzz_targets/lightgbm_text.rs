//! LightGBM's text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wardian::import::FileKind;

#[path = "../trainers.rs"]
mod trainers;

fuzz_target!(|bytes: &[u8]| trainers::check(&[b"tree\n", bytes].concat(), FileKind::LightgbmText));
