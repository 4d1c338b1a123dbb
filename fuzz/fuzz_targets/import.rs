//! Trainers' files: an error of one line, or a model that can be written and read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wardian::{format, import};

fuzz_target!(|bytes: &[u8]| {
    match import::read(bytes) {
        Ok(model) => {
            format::read(&format::write(&model)).expect("what was written");
        }
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
});
