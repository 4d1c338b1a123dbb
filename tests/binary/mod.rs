//! The binary, run as a user runs it.

use std::process::{Command, Output};

pub(crate) fn wardian(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wardian"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .expect("the binary runs")
}

#[allow(dead_code, reason = "not every test reads it")]
pub(crate) fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}
