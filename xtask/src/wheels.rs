//! The wheels of the Python package: with native code for Linux, and with the engine as WebAssembly for every other machine; and the
//! shell that both set models into, a package of its own, so that it is there once.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::shell::{command, root, run_quietly, target};
use crate::wasm::{Module, Toolchain};
use crate::{page, python};

/// What builds wheels, and what checks them.
const REQUIREMENTS: &str = "python/requirements-build.txt";

/// The wheels.
pub(crate) struct Wheels {
    /// With native code.
    pub(crate) native: PathBuf,
    /// With WebAssembly.
    pub(crate) any: PathBuf,
    /// The shell.
    pub(crate) shell: PathBuf,
}

/// Builds all into `target/wheels`. The shell is as it was built last.
pub(crate) fn build() -> Result<Wheels> {
    let python = python::environment("python-build-venv", REQUIREMENTS, "what builds wheels")?;
    let wheels = target().join("wheels");
    if wheels.exists() {
        fs::remove_dir_all(&wheels)?;
    }
    fs::create_dir_all(&wheels)?;
    native(&python, &wheels)?;
    any(&python, &wheels)?;
    shell(&python, &wheels)?;
    let of = |tag: &str| -> Result<PathBuf> {
        let mut found = fs::read_dir(&wheels)?.flatten().map(|entry| entry.path());
        found.find(|path| path.to_string_lossy().contains(tag)).with_context(|| format!("there is no wheel for {tag}"))
    };
    Ok(Wheels { native: of("wardian-0.1.0-cp310")?, any: of("wardian-0.1.0-py3")?, shell: of("wardian_shell")? })
}

/// The one with native code: for every Python from 3.10 on, on this kind of machine.
fn native(python: &Path, wheels: &Path) -> Result<()> {
    let staged = staged("native")?;
    run_quietly(
        command(python)
            .args(["-m", "maturin", "build", "--release", "--quiet", "--auditwheel", "check", "--out"])
            .arg(wheels)
            .arg("--manifest-path")
            .arg(staged.join("Cargo.toml"))
            .arg("--interpreter")
            .arg(python)
            .env("CARGO_TARGET_DIR", target().join("python")),
    )
    .context("building the native wheel")?;
    Ok(())
}

/// The one with WebAssembly: for every machine.
fn any(python: &Path, wheels: &Path) -> Result<()> {
    let staged = staged("any")?;
    let module = Toolchain::ready()?.build_module(Module::Capi)?;
    page::optimise_once(&module, &staged.join("wardian/engine.wasm"))?;
    let said = fs::read_to_string(staged.join("pyproject.toml"))?;
    let said = replaced(&said, "requires = [\"maturin>=1.9,<2\"]", "requires = [\"flit_core>=3.12,<4\"]")?;
    let said = replaced(&said, "build-backend = \"maturin\"", "build-backend = \"flit_core.buildapi\"")?;
    // In a browser, Pyodide's, the engine is the browser's own.
    let said = replaced(
        &said,
        "dependencies = [",
        "dependencies = [\"wasmtime>=30; sys_platform != 'emscripten'\", ",
    )?;
    let (said, _) = said.split_once("[tool.maturin]").context("pyproject.toml says nothing of maturin")?;
    fs::write(staged.join("pyproject.toml"), said)?;
    packed(python, &staged, wheels).context("building the wheel of WebAssembly")
}

/// What makes one smaller file of a shell than its own packing: what is in it twice is far apart.
const REPACK: &str = "import gzip, lzma, sys; lzma_file = lzma.open(sys.argv[2], 'wb', preset=9 | lzma.PRESET_EXTREME); \
                      lzma_file.write(gzip.open(sys.argv[1]).read()); lzma_file.close()";

/// The shell.
fn shell(python: &Path, wheels: &Path) -> Result<()> {
    let shell = root().join("shell/wardian.shell");
    ensure!(shell.exists(), "there is no shell/wardian.shell: cargo xtask build makes it");
    let (from, to) = (root().join("python/shell"), emptied("shell")?);
    fs::create_dir_all(to.join("wardian_shell"))?;
    for name in ["pyproject.toml", "README.md", "wardian_shell/__init__.py"] {
        fs::copy(from.join(name), to.join(name))?;
    }
    licenses(&to)?;
    run_quietly(command(python).args(["-c", REPACK]).arg(shell).arg(to.join("wardian_shell/shell.tar.xz")))?;
    packed(python, &to, wheels).context("building the shell's wheel")
}

/// Makes a wheel of a folder that asks for no compiler.
fn packed(python: &Path, folder: &Path, wheels: &Path) -> Result<()> {
    run_quietly(
        command(python)
            .args(["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-w"])
            .arg(wheels)
            .arg(folder)
            // The files' times, so that the same files give the same bytes.
            .env("SOURCE_DATE_EPOCH", "1577836800"),
    )?;
    Ok(())
}

/// An empty folder to put together what becomes a wheel.
fn emptied(name: &str) -> Result<PathBuf> {
    let folder = target().join("python-staged").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn licenses(folder: &Path) -> Result<()> {
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(license), folder.join(license))?;
    }
    Ok(())
}

/// A folder with what both have.
fn staged(name: &str) -> Result<PathBuf> {
    let (from, to) = (root().join("python"), emptied(name)?);
    fs::create_dir_all(to.join("wardian"))?;
    for name in ["pyproject.toml", "README.md"] {
        fs::copy(from.join(name), to.join(name))?;
    }
    licenses(&to)?;
    for entry in fs::read_dir(from.join("wardian"))?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "py") || entry.file_name() == "py.typed" {
            fs::copy(&path, to.join("wardian").join(entry.file_name()))?;
        }
    }
    if name == "native" {
        // The crate beside it: paths in its manifest are those of this repository.
        let manifest = fs::read_to_string(from.join("Cargo.toml"))?;
        let capi = root().join("capi");
        fs::write(to.join("Cargo.toml"), replaced(&manifest, "../capi", &capi.to_string_lossy())?)?;
        fs::copy(from.join("Cargo.lock"), to.join("Cargo.lock"))?;
        fs::create_dir_all(to.join("src"))?;
        fs::copy(from.join("src/lib.rs"), to.join("src/lib.rs"))?;
    }
    Ok(to)
}

/// A text in the place of another, which is there once.
fn replaced(text: &str, old: &str, new: &str) -> Result<String> {
    ensure!(text.matches(old).count() == 1, "{old:?} is not there once");
    Ok(text.replace(old, new))
}
