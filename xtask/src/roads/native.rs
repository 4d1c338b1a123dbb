//! Native programs: this machine's own, without SIMD, with another C library, and for another processor.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::compare::Line;
use super::lines_of;
use crate::shell::{cargo, command, install_debian_packages, run, run_quietly, target};
use crate::wasm;

/// `tests/roads`, built for some machine.
pub(super) struct Program {
    pub(super) program: PathBuf,
    /// What runs it, where this machine does not.
    emulator: Option<PathBuf>,
    pub(super) road: &'static str,
}

impl Program {
    /// What it answers for the models of the index in a folder.
    pub(super) fn answers(&self, asked: &Path) -> Result<Vec<Line>> {
        lines_of(self.command().arg("answer").arg(asked).arg(self.road))
    }

    fn command(&self) -> std::process::Command {
        let mut words = command(self.emulator.as_ref().unwrap_or(&self.program));
        if self.emulator.is_some() {
            words.arg(&self.program);
        }
        words
    }

    /// Itself, if it says that it was compiled for what the road is named after.
    fn checked(self, machine: &str) -> Result<Self> {
        let output = run_quietly(self.command().arg("about"))?;
        let about = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        ensure!(about == machine, "{}: the program is for {about}, not for {machine}", self.road);
        Ok(self)
    }
}

/// How one is built.
struct Build<'a> {
    /// The folder of what is built, in target/roads.
    folder: &'a str,
    /// In place of the flags of .cargo/config.toml.
    flags: Option<&'a str>,
    triple: Option<&'a str>,
    linker: Option<(&'a str, &'a str)>,
}

impl Build<'_> {
    fn program(&self) -> Result<PathBuf> {
        let folder = target().join("roads").join(self.folder);
        let mut build = cargo();
        build.args(["build", "--quiet", "--release", "--package", "wardian-roads", "--target-dir"]).arg(&folder);
        // Whoever runs this may have flags of their own; which code runs is what the roads are about.
        build.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        // A crate's parts that are optimised together take twice as long to compile, and answer nothing else.
        build.env("CARGO_PROFILE_RELEASE_LTO", "off");
        build.envs(self.flags.map(|flags| ("RUSTFLAGS", flags)));
        build.args(self.triple.iter().flat_map(|triple| ["--target", triple]));
        build.envs(self.linker);
        run(&mut build)?;
        Ok(folder.join(self.triple.unwrap_or_default()).join("release/wardian-roads"))
    }
}

const IS_X86: bool = cfg!(target_arch = "x86_64");
const LIBRARY: &str = if cfg!(target_env = "musl") { "musl" } else { "gnu" };

/// The one that who depends on the crate gets, without flags: with the vectors that the processor is found to have.
pub(super) fn own() -> Result<Program> {
    let program = Build { folder: "own", flags: None, triple: None, linker: None }.program()?;
    Program { program, emulator: None, road: "native" }
        .checked(&format!("{} {LIBRARY} as found", std::env::consts::ARCH))
}

/// Those that have narrower vectors than this machine may have: processors of x86-64 without AVX2, and such as have no instruction for
/// shuffling bytes either. Other machines have no such thing.
pub(super) fn narrow() -> Result<Vec<Program>> {
    if !IS_X86 {
        return Ok(Vec::new());
    }
    let kinds = [
        ("sixteen", "native, sixteen bytes", "-C target-cpu=x86-64-v2 --cfg only_sixteen"),
        ("plain", "native without SIMD", "-C target-cpu=x86-64 --cfg only_sixteen"),
    ];
    kinds
        .map(|(folder, road, flags)| {
            let program = Build { folder, flags: Some(flags), triple: None, linker: None }.program()?;
            Program { program, emulator: None, road }.checked(&format!("x86_64 {LIBRARY} {folder}"))
        })
        .into_iter()
        .collect()
}

/// What this machine may have no means for.
#[derive(Clone, Copy)]
pub(super) enum Foreign {
    /// Another C library: what of its functions is not the trainer's must not matter.
    Musl,
    /// Another processor, emulated.
    Aarch64,
}

impl Foreign {
    pub(super) const ALL: [Self; 2] = [Self::Musl, Self::Aarch64];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Musl => "native, musl",
            Self::Aarch64 => "aarch64, emulated",
        }
    }

    /// Its program, with what it needs installed; or why there is none.
    pub(super) fn ready(self) -> Result<Program> {
        ensure!(IS_X86 && cfg!(target_os = "linux"), "only tried on Linux on x86-64");
        let road = self.name();
        match self {
            Self::Musl => {
                let triple = "x86_64-unknown-linux-musl";
                wasm::add_target(triple, "another C library is tried")?;
                let program = Build { folder: "musl", flags: None, triple: Some(triple), linker: None }.program()?;
                Program { program, emulator: None, road }.checked("x86_64 musl as found")
            }
            Self::Aarch64 => {
                let triple = "aarch64-unknown-linux-gnu";
                wasm::add_target(triple, "another processor is tried")?;
                let tools = ["qemu-aarch64", "aarch64-linux-gnu-gcc"];
                if tools.iter().any(|name| which::which(name).is_err()) {
                    let packages = ["qemu-user", "gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"];
                    install_debian_packages(&packages, "another processor is tried")?;
                }
                let linker = Some(("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", tools[1]));
                // Static: the emulator has no libraries of that machine.
                let flags = Some("-C target-feature=+crt-static");
                let program = Build { folder: "aarch64", flags, triple: Some(triple), linker }.program()?;
                let emulator = which::which(tools[0]).context("qemu-aarch64")?;
                Program { program, emulator: Some(emulator), road }.checked("aarch64 gnu as found")
            }
        }
    }
}
