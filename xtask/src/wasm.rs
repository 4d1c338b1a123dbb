//! The wasm target, on machines with rustup's and without, and the `wasm-bindgen` command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::shell::{
    TOOLS, alone, cargo, command, install_debian_packages, root, run_for_at_most, run_quietly, say, target,
};

const TARGET: &str = "wasm32-unknown-unknown";
/// Every engine has SIMD128 since Safari 16.4 (2023).
const TARGET_FEATURES: &str = "-C target-feature=+simd128";

/// What a module opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Module {
    /// Any `.wardian` file, whoever trained it: what the npm package opens files with.
    Any,
    /// The shipped model alone: what the page has, and the npm package for the shipped model.
    Sealed,
    /// Trainers' files, which it makes `.wardian` files of.
    Convert,
    /// Cases, which it makes products of.
    Seal,
    /// Files of rows, on which it trains models.
    Train,
    /// Any `.wardian` file, to measure it by rows with labels.
    Measure,
    /// Files of rows.
    Rows,
    /// Workbooks, which it makes files of rows of.
    Sheets,
    /// JSON lines, likewise.
    Lines,
    /// Any `.wardian` file with covers, to explain its rows: what the npm package has.
    ExplainAny,
    /// The shipped model alone, to explain its rows: what the page has.
    ExplainSealed,
    /// The model that is sealed into it, for databases: a crate of its own, in `udf/`.
    Udf,
    /// Any trainer's file, to answer, explain and seal: the C interface (`capi/`), which is Python's engine where there is no native one.
    Capi,
}

/// A way to build for wasm.
pub(crate) enum Toolchain {
    /// rustup's compiler has the target.
    Rustup,
    /// Debian's compiler, with a standard library built from Debian's source: for machines that rustup has no target
    /// for (air-gapped, mirrors only).
    Debian { sysroot: PathBuf, linker: PathBuf },
}

impl Toolchain {
    /// The toolchain, installed if need be. `WARDIAN_WASM_TOOLCHAIN` (`rustup` or `debian`) forces a way.
    pub(crate) fn ready() -> Result<Self> {
        let _alone = alone("wasm-toolchain")?;
        match std::env::var("WARDIAN_WASM_TOOLCHAIN").as_deref() {
            Ok("rustup") => Self::rustup(),
            Ok("debian") => Self::debian(),
            Ok(other) => bail!("WARDIAN_WASM_TOOLCHAIN is {other:?}; rustup and debian are known"),
            Err(_) if has_target(TARGET) => Ok(Self::Rustup),
            // Once built, Debian's is there at once; rustup would be asked in vain again.
            Err(_) if is_complete(&sysroot()) => Self::debian(),
            Err(_) => Self::rustup().or_else(|error| {
                say(&format!("{error:#}; trying Debian's packages instead"));
                Self::debian()
            }),
        }
    }

    fn rustup() -> Result<Self> {
        add_target(TARGET, "the page's module is compiled for it")?;
        Ok(Self::Rustup)
    }

    fn debian() -> Result<Self> {
        let sysroot = sysroot();
        if !is_complete(&sysroot) {
            let has = |path: &str| Path::new(path).exists();
            if !(has(DEBIAN_RUSTC) && has(DEBIAN_CARGO) && has(DEBIAN_SOURCE)) {
                install_debian_packages(
                    &["rustc-web", "cargo-web", "rust-web-src"],
                    "rustup has no wasm target here, Debian's compiler can make one",
                )?;
            }
            build_standard_library(&sysroot)?;
        }
        Ok(Self::Debian { sysroot, linker: linker()? })
    }

    /// A cargo command, `subcommand` first, for the wasm target.
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        let mut cargo = cargo();
        cargo.args([subcommand, "--target", TARGET]);
        match self {
            Self::Rustup => {
                cargo.env(FLAGS, TARGET_FEATURES);
            }
            Self::Debian { sysroot, linker } => {
                cargo
                    .env(FLAGS, format!("{TARGET_FEATURES} --sysroot {}", sysroot.display()))
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env("CARGO_TARGET_DIR", self.target());
            }
        }
        cargo
    }

    /// Where its artefacts are. Two compilers in one folder would each build everything anew after the other.
    pub(crate) fn target(&self) -> PathBuf {
        match self {
            Self::Rustup => target(),
            Self::Debian { .. } => target().join("debian"),
        }
    }

    /// The optimised module, freshly built, with a standard library of its own: one whose panics stop at once instead of
    /// composing a message that nobody would see. That is a tenth of the module, and stable compilers have no flag for it
    /// yet; `RUSTC_BOOTSTRAP` lets them take the unstable one. Only how the module stops depends on it, never what it
    /// answers.
    pub(crate) fn build_module(&self, kind: Module) -> Result<PathBuf> {
        self.build(kind, &[])
    }

    /// The same with the names of its functions, to see what its bytes are.
    pub(crate) fn build_named(&self, kind: Module) -> Result<PathBuf> {
        self.build(kind, &["--config", "profile.wasm.strip=false"])
    }

    fn build(&self, kind: Module, more: &[&str]) -> Result<PathBuf> {
        let features = match kind {
            Module::Any => "wasm,double",
            Module::Sealed => "sealed-predict",
            Module::Convert => "convert",
            Module::Seal => "sealer",
            Module::Train => "trainer",
            Module::Measure => "measurer",
            Module::Rows => "reader",
            Module::Sheets => "sheets",
            Module::Lines => "lines",
            Module::ExplainAny => "explainer,double",
            Module::ExplainSealed => "sealed-explain",
            Module::Capi => "c",
            Module::Udf => "",
        };
        let target = self.target().join("module");
        let package = match kind {
            Module::Udf => "wardian-udf",
            Module::Capi => "wardian-capi",
            _ => "wardian",
        };
        let mut build = self.cargo("rustc");
        build
            .args([
                "--quiet",
                "--lib",
                "--package",
                package,
                "--profile",
                "wasm",
                "--no-default-features",
                "--features",
                features,
            ])
            .args(["-Z", "build-std=std,panic_abort"])
            // Of the library's two ways to sort the smaller takes several times as long: who trains has hundreds of thousands of rows.
            .args([
                "-Z",
                if kind == Module::Train { "build-std-features=" } else { "build-std-features=optimize_for_size" },
            ])
            .args(more)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", &target)
            .env(
                FLAGS,
                // What is worth vectors is written with them; the compiler's own would be a tenth of the module. Without its
                // loop strength reduction an address is a base and a constant, which an instruction of wasm takes as it
                // is: 130 bytes fewer after gzip, and a batch of shallow trees takes a thirtieth less time. Loops that ask in
                // every turn what never changes are left as they are: unswitching has them twice. So are those whose number of turns is
                // not known: unrolled they are a seventieth of the module, and no batch takes less time.
                format!(
                    "{TARGET_FEATURES} -C no-vectorize-loops -C no-vectorize-slp -C llvm-args=-disable-lsr \
                     -C llvm-args=-unswitch-threshold=0 -C llvm-args=-unroll-runtime=0 \
                     -Z unstable-options -C panic=immediate-abort -Z location-detail=none"
                ),
            );
        match kind {
            // It has no trees to walk, and a table of exponents or logarithms is as fast.
            Module::Convert | Module::Seal | Module::Measure => {
                build.args(["--config", "profile.wasm.package.wardian-kernels.opt-level=\"z\""]);
            }
            // "s" is fewer bytes after gzip than the profile's "z", where the standard library has it too.
            Module::ExplainAny | Module::ExplainSealed => {
                build.env("CARGO_PROFILE_WASM_OPT_LEVEL", "s");
            }
            // Millions of rows go through it, and nobody loads it over a network each time.
            Module::Capi => {
                build.env("CARGO_PROFILE_WASM_OPT_LEVEL", "3");
            }
            _ => {}
        }
        // Told to this crate alone: the standard library is then the same for all.
        if matches!(kind, Module::Sealed | Module::ExplainSealed) {
            build.args(["--", "--cfg", "sealed"]);
        }
        // Cargo gives most of them one name: each is taken away before another takes its place.
        let _alone = alone("modules")?;
        // Debian's way came with the source.
        if let Self::Rustup = self {
            rustup_source()?;
        }
        crate::shell::run(&mut build)?;
        let made = target.join(TARGET).join("wasm").join(format!("{}.wasm", package.replace('-', "_")));
        let own = target.join(format!("{kind:?}.wasm").to_lowercase());
        fs::copy(made, &own)?;
        Ok(own)
    }
}

const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Where rustup's compiler has its libraries and tools.
pub(crate) fn rustup_sysroot() -> Result<PathBuf> {
    let output = run_quietly(command("rustc").args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// Gets the standard library's source from rustup, if it is not there.
fn rustup_source() -> Result<()> {
    if rustup_sysroot()?.join("lib/rustlib/src/rust/library/Cargo.lock").exists() {
        return Ok(());
    }
    say("adding rustup's component rust-src (the page's module is built with a standard library of its own)");
    run_for_at_most(command("rustup").args(["component", "add", "rust-src"]), Duration::from_secs(180))
}

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library";

fn sysroot() -> PathBuf {
    target().join("wasm-sysroot")
}

fn library_folder(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

/// Lets rustup's compiler have a target, if it has not.
pub(crate) fn add_target(target: &str, why: &str) -> Result<()> {
    if !has_target(target) {
        say(&format!("adding rustup's target {target} ({why})"));
        run_for_at_most(command("rustup").args(["target", "add", target]), Duration::from_secs(180))?;
        if !has_target(target) {
            bail!("rustup says that it added {target}, but the compiler does not find it");
        }
    }
    Ok(())
}

fn has_target(target: &str) -> bool {
    let found = command("rustc").args(["--print", "target-libdir", "--target", target]).output();
    found.is_ok_and(|output| has_standard_library(Path::new(String::from_utf8_lossy(&output.stdout).trim())))
}

fn has_standard_library(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// The library of another compiler than today's would not load.
fn is_complete(sysroot: &Path) -> bool {
    let Ok(version) = command(DEBIAN_RUSTC).arg("-vV").output() else {
        return false;
    };
    fs::read(sysroot.join("compiler")).is_ok_and(|stamp| stamp == version.stdout)
        && has_standard_library(&library_folder(sysroot))
}

fn build_standard_library(sysroot: &Path) -> Result<()> {
    say("building the wasm standard library with Debian's compiler into target/wasm-sysroot (about 2 min, once)");
    let work = target().join("wasm-std");
    fs::create_dir_all(work.join("src"))?;
    fs::write(
        work.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    fs::write(work.join("src/lib.rs"), "")?;
    run_quietly(
        Command::new(DEBIAN_CARGO)
            .current_dir(&work)
            .args(["build", "--release", "--target", TARGET])
            // `test` and `panic_unwind` are for `cargo test`.
            .args(["-Z", "build-std=std,panic_abort,panic_unwind,proc_macro,test"])
            .env("RUSTC", DEBIAN_RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            // The one cargo that runs this must not lend the other its own settings.
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("CARGO_TARGET_DIR"),
    )
    .context("building the wasm standard library")?;
    let library = library_folder(sysroot);
    fs::create_dir_all(&library)?;
    for entry in fs::read_dir(work.join("target").join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default();
        let is_empty_crate = file.to_string_lossy().starts_with("libempty");
        if path.extension().is_some_and(|extension| extension == "rlib") && !is_empty_crate {
            fs::copy(&path, library.join(file))?;
        }
    }
    let version = run_quietly(command(DEBIAN_RUSTC).arg("-vV"))?.stdout;
    fs::write(sysroot.join("compiler"), version)?;
    fs::remove_dir_all(&work)?;
    Ok(())
}

/// A linker for wasm: rustup's own, or Debian's.
fn linker() -> Result<PathBuf> {
    for entry in fs::read_dir(rustup_sysroot()?.join("lib/rustlib"))?.flatten() {
        let linker = entry.path().join("bin/rust-lld");
        if linker.exists() {
            return Ok(linker);
        }
    }
    which::which("wasm-ld").context("a linker for wasm is needed; as root, run: apt-get install lld")
}

/// The folder with `wasm-bindgen` and `wasm-bindgen-test-runner` of exactly the version in `Cargo.lock`: the two halves
/// of an interface that changes with every release.
pub(crate) fn bindgen() -> Result<PathBuf> {
    let version = locked_version("wasm-bindgen")?;
    let tools = target().join("tools");
    let folder = tools.join("bin");
    let _alone = alone(TOOLS)?;
    if is_bindgen(&folder.join("wasm-bindgen"), &version) && folder.join("wasm-bindgen-test-runner").exists() {
        return Ok(folder);
    }
    if let Ok(found) = which::which("wasm-bindgen")
        && is_bindgen(&found, &version)
        && let Some(folder) = found.parent()
        && folder.join("wasm-bindgen-test-runner").exists()
    {
        return Ok(folder.to_owned());
    }
    say(&format!(
        "installing wasm-bindgen {version} into target/tools (makes a JavaScript module of the wasm; up to 5 min)"
    ));
    let build = target().join("tools-build");
    let install = |locked: &[&str]| {
        let mut install = cargo();
        install.args(["install", "--quiet", "--force", "wasm-bindgen-cli", "--version"]).arg(format!("={version}"));
        install.arg("--root").arg(&tools).args(locked).env("CARGO_TARGET_DIR", &build);
        // To optimise it takes minutes, and for the largest module it takes a second as it is.
        run_quietly(install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"))
    };
    // A mirror may lack the very versions that the tool's own lock file names.
    install(&["--locked"]).or_else(|_| install(&[])).context("installing wasm-bindgen")?;
    // 300 MB that nothing needs again.
    fs::remove_dir_all(&build)?;
    Ok(folder)
}

fn is_bindgen(program: &Path, version: &str) -> bool {
    let output = command(program).arg("--version").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == format!("wasm-bindgen {version}"))
}

fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock")?;
    let header = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != header);
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = \""));
    let version = version.and_then(|rest| rest.strip_suffix('"'));
    Ok(version.with_context(|| format!("Cargo.lock has no {package}"))?.to_owned())
}
