//! CatBoost's binary files. Their header is written here: without the right length nothing behind it would be reached.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wardian::import::FileKind;

#[path = "../trainers.rs"]
mod trainers;

fuzz_target!(|body: &[u8]| {
    trainers::check(&[b"CBM1", &(body.len() as u32).to_le_bytes()[..], body].concat(), FileKind::CatboostCbm);
});
