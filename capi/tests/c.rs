//! The C interface from C: a program is compiled against `include/wardian.h` and asks for everything that is there.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of this test's own program, and of the library that was built with it.
fn built() -> PathBuf {
    let test = std::env::current_exe().expect("a test's own path");
    test.parent().expect("target/debug/deps").to_path_buf()
}

#[test]
fn a_program_in_c() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = built();
    let program = built.join("asks-in-c");
    let compiled = Command::new("cc")
        .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-O1"])
        .arg("-I")
        .arg(folder.join("include"))
        .arg(folder.join("tests/asks.c"))
        .arg("-L")
        .arg(&built)
        .args(["-lwardian_capi", "-lm", "-o"])
        .arg(&program)
        .output()
        .expect("a C compiler, which Rust links with");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let model = folder.join("../models/diabetes/diabetes.ubj");
    let asked = Command::new(&program).arg(model).env("LD_LIBRARY_PATH", &built).output().expect("the program");
    let said = String::from_utf8_lossy(&asked.stdout);
    assert!(asked.status.success(), "{:?}\n{said}", asked.status);
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("half: {\"code\":\"invalid_model\"") && lines[0].contains("model.ubj"), "{said}");
    let (prediction, rest) = lines[1].split_once(' ').expect("numbers");
    assert_eq!(prediction.parse::<f32>().expect("a number").to_string(), "0.10455212");
    assert!(rest.ends_with(" 1 1"), "{said}");
    assert_eq!(&lines[2..4], ["10000", "10000 1"]);
    assert!(lines[4].contains("\"not_finite\"") && lines[4].contains("row 7001, mass_index"), "{said}");
    assert!(lines[5].contains("room for 2 numbers; the answers are 1"), "{said}");
    assert!(lines[6].contains("7 is asked for"), "{said}");
    assert_eq!(lines[7], "[]");
    assert!(lines[8].contains("invalid_option"), "{said}");
    assert_eq!(lines[9], "1");
    assert!(lines[10].starts_with("no rows: ") && lines[10].contains("empty_input"), "{said}");
    assert_eq!(&lines[11..], ["1", "1"]);
}

#[test]
fn the_header_has_every_function() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file of this crate");
    let (header, program, door) = (read("include/wardian.h"), read("tests/asks.c"), read("src/door.rs"));
    let functions: Vec<&str> =
        door.split("extern \"C\" fn ").skip(1).filter_map(|rest| rest.split('(').next()).collect();
    assert!(functions.len() >= 10, "{functions:?}");
    for function in functions {
        assert!(header.contains(&format!("{function}(")), "the header lacks {function}");
        assert!(program.contains(&format!("{function}(")), "the program asks no {function}");
    }
}
