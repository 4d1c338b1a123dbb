//! Tells the crate whether `shell/wardian.shell` is there, which `cargo xtask build` makes: `src/seal/carried.rs` carries it then.

use std::path::Path;

fn main() {
    const FOLDER: &str = "shell";
    // Of a file that is not there Cargo takes it that it has changed, and the crate is compiled anew each time. The folder always is.
    println!("cargo:rerun-if-changed={FOLDER}");
    println!("cargo:rerun-if-changed=build.rs");
    if Path::new(FOLDER).join("wardian.shell").exists() {
        println!("cargo:rustc-cfg=has_shell");
    }
}
