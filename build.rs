//! Tells the crate whether `shell/wardian.shell` is there, which `cargo xtask build` makes: `src/seal/carried.rs` carries it then.

use std::path::Path;

fn main() {
    const SHELL: &str = "shell/wardian.shell";
    println!("cargo:rerun-if-changed={SHELL}");
    println!("cargo:rerun-if-changed=build.rs");
    if Path::new(SHELL).exists() {
        println!("cargo:rustc-cfg=has_shell");
    }
}
