//! The wheels of the Python package: with native code for Linux, and with the engine as WebAssembly for every other machine; and the
//! shell that both set models into, a package of its own, so that it is there once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use zip::{ZipArchive, ZipWriter};

use crate::python::Environment;
use crate::shell::{cargo, command, root, run, run_quietly, say_building, target};
use crate::wasm::{Module, Toolchain, rustup_sysroot};
use crate::{licenses, package, page, python, release, seal, tables, versions};

/// What builds wheels, and what checks them.
const REQUIREMENTS: &str = "python/requirements-build.txt";

/// Every trainer, table and engine.
const TRIED_WITH: &str = "python/requirements-test.txt";

/// The wheels.
pub(crate) struct Wheels {
    /// With native code.
    pub(crate) native: PathBuf,
    /// With WebAssembly.
    pub(crate) any: PathBuf,
    /// The shell.
    pub(crate) shell: PathBuf,
}

/// Builds all into `target/wheels`. The shell is as it was built last; what has none builds it first.
pub(crate) fn build() -> Result<Wheels> {
    if !root().join(seal::SHELL).exists() {
        page::build()?;
        package::build()?;
    }
    let python = python::environment("python-build-venv", REQUIREMENTS, "what builds wheels")?;
    let wheels = target().join("wheels");
    if wheels.exists() {
        fs::remove_dir_all(&wheels)?;
    }
    fs::create_dir_all(&wheels)?;
    say_building("the native wheel (the first time 4 min)");
    native(&python, &wheels)?;
    say_building("the wheel of WebAssembly (a minute), and the shell's");
    any(&python, &wheels)?;
    shell(&python, &wheels)?;
    let of = |tag: &str| -> Result<PathBuf> {
        let mut found = fs::read_dir(&wheels)?.flatten().map(|entry| entry.path());
        found.find(|path| path.to_string_lossy().contains(tag)).with_context(|| format!("there is no wheel for {tag}"))
    };
    let version = release::version()?;
    Ok(Wheels {
        native: of(&format!("wardian-{version}-cp310"))?,
        any: of(&format!("wardian-{version}-py3"))?,
        shell: of("wardian_shell")?,
    })
}

/// The minor versions of Python 3 that each engine is tried on, and what is called so.
pub(crate) const ENDS: [(u32, &str); 2] = [(10, "oldest"), (13, "newest")];

/// The largest that wheels may be, in bytes: what people wait for.
const LARGEST: [(&str, u64); 3] = [("native", 2_000_000), ("WebAssembly", 1_000_000), ("the shell", 1_000_000)];

/// Builds the wheels, checks them, and tries them, installed: each engine on the oldest and newest Python that this machine has, and with
/// every trainer, table and engine. `counted` runs a test runner.
pub(crate) fn test(counted: impl Fn(&mut Command) -> Result<()>) -> Result<()> {
    let Wheels { native, any, shell } = build()?;
    for ((what, largest), wheel) in LARGEST.iter().zip([&native, &any, &shell]) {
        let bytes = fs::metadata(wheel)?.len();
        ensure!(bytes <= *largest, "the wheel of {what} has {bytes} bytes, and may have {largest}");
        println!("the wheel of {what}: {bytes} bytes");
    }
    checked(&[&native, &any, &shell])?;
    seal::tested_command()?;
    let all = python::environment("python-test-venv", TRIED_WITH, "what the Python package is tried with")?;
    types(&all)?;
    let pythons = versions::pythons();
    let absent = ENDS.iter().filter(|(minor, _)| !pythons.contains_key(minor)).map(|(minor, _)| format!("3.{minor}"));
    let absent: Vec<String> = absent.collect();
    if !absent.is_empty() {
        println!("not tried, as this machine has none: Python {}", absent.join(", "));
    }
    for (minor, python) in pythons.range(10..=13) {
        for (engine, wheel) in [("native", &native), ("wasm", &any)] {
            fresh(python, &format!("3.{minor}-{engine}"), &[wheel, &shell])?;
        }
    }
    for (minor, end) in ENDS {
        let Some(python) = pythons.get(&minor) else { continue };
        let environment = Environment {
            name: &format!("python-{end}-venv"),
            python,
            requirements: &format!("python/requirements-{end}.txt"),
            package: None,
            is_busy: true,
            what: "what the Python package needs",
        };
        let python = environment.ready()?;
        for (engine, wheel) in [("native", &native), ("wasm", &any)] {
            counted(&mut tests(&installed(&python, end, engine, &[wheel, &shell])?, engine, &["plain"]))?;
        }
    }
    for (engine, wheel) in [("native", &native), ("wasm", &any)] {
        let with = installed(&all, "all", engine, &[wheel, &shell])?;
        let mut folders = vec!["frames", "trainers"];
        // Nothing of the engines of others, nor of the examples, depends on ours but speed.
        if engine == "native" {
            folders.extend(["engines", "examples"]);
        }
        // What needs no other package has been asked above, where this machine has one of those Pythons.
        if absent.len() == ENDS.len() {
            folders.push("plain");
        }
        // A process each: what one imports another must do without.
        for folder in folders {
            counted(&mut tests(&with, engine, &[folder]))?;
        }
        let trained = target().join("oracle");
        if trained.exists() {
            run(with.script("oracle.py").arg(&trained).args(["--most", "20"]).env("WARDIAN_ENGINE", engine))?;
            if engine == "native" {
                run(with.script("engines/proof.py").arg(&trained).args(["--most", "3"]))?;
            }
        } else {
            println!("no model of the oracle's is asked, as it has trained none: cargo xtask oracle");
        }
    }
    Ok(())
}

/// What has the tables that are written here, and their names there.
pub(crate) const ENGINES: &str = "docs/ENGINES.md";
#[cfg(test)]
pub(crate) const TABLES: [&str; 5] = ["python native", "python wasm", "engines", "spark", "proof"];

/// So many rows at least go through the engines of others, all of them together.
const PROVED: &str = "5000000";

/// Asks both engines for all models that the oracle has trained, the engines of others for the same, and Ray for one.
pub(crate) fn prove() -> Result<()> {
    let Wheels { native, any, shell } = build()?;
    let all = python::environment("python-test-venv", TRIED_WITH, "what the Python package is tried with")?;
    let trained = target().join("oracle");
    let mut table = Vec::new();
    for (engine, wheel) in [("native", &native), ("wasm", &any)] {
        let with = installed(&all, "all", engine, &[wheel, &shell])?;
        let own = tables::printed(with.script("oracle.py").arg(&trained).env("WARDIAN_ENGINE", engine))?;
        // Its heading is that of the first.
        table.extend(own.into_iter().skip(if engine == "native" { 0 } else { 2 }));
    }
    let with = installed(&all, "all", "native", &[&native, &shell])?;
    let others = tables::printed(with.script("engines/proof.py").arg(&trained).args(["--least", PROVED]))?;
    table.extend(others.into_iter().skip(2));
    tables::write(ENGINES, "proof", &table)?;
    let ray = python::environment("python-ray-venv", "python/requirements-ray.txt", "Ray Data, 1 GB")?;
    run(&mut installed(&ray, "ray", "native", &[&native, &shell])?.script("cluster/in_ray.py"))
}

/// Measures both engines beside XGBoost, and the native one in the engines of others, and writes what they print.
pub(crate) fn measure() -> Result<()> {
    let Wheels { native, any, shell } = build()?;
    let all = python::environment("python-test-venv", TRIED_WITH, "what the Python package is tried with")?;
    for (engine, wheel) in [("native", &native), ("wasm", &any)] {
        let with = installed(&all, "all", engine, &[wheel, &shell])?;
        let table = tables::printed(with.benchmark("python.py").env("WARDIAN_ENGINE", engine))?;
        tables::write(ENGINES, &format!("python {engine}"), &table)?;
    }
    seal::tested_command()?;
    let with = installed(&all, "all", "native", &[&native, &shell])?;
    let mut engines = with.benchmark("engines.py");
    // ClickHouse keeps a module in its store, and takes none of the same name again.
    engines.arg(emptied("bench-engines")?).arg(target().join("debug/wardian"));
    tables::write(ENGINES, "engines", &tables::printed(&mut engines)?)
}

/// Runs Spark on a cluster of two executors, one of which is killed on the way.
pub(crate) fn spark(rows: u64) -> Result<()> {
    let Wheels { native, shell, .. } = build()?;
    let python = python::environment("python-spark-venv", "python/requirements-spark.txt", "PySpark, 450 MB")?;
    let with = installed(&python, "spark", "native", &[&native, &shell])?;
    let folder = emptied("spark")?;
    let mut prove = with.script("cluster/prove.py");
    let table = tables::printed(prove.arg("--folder").arg(folder).args(["--rows", &rows.to_string()]))?;
    tables::write(ENGINES, "spark", &table)
}

/// The README's own lines in an environment of their own, in which nothing is installed but a wheel and what it asks for.
pub(crate) fn fresh(python: &Path, name: &str, wheels: &[&PathBuf]) -> Result<()> {
    let folder = emptied(&format!("fresh-{name}"))?;
    run_quietly(command(python).args(["-m", "venv", "--without-pip"]).arg(&folder))?;
    let own = folder.join("bin/python");
    // To give each a pip of its own takes as long as all else here.
    let pip = python::environment("python-build-venv", REQUIREMENTS, "what builds wheels")?;
    let mut install = command(pip);
    install.args(["-m", "pip", "--python"]).arg(&own).args(["install", "--quiet", "--disable-pip-version-check"]);
    run_quietly(install.args(wheels)).context("installing a wheel and what it asks for")?;
    run(command(&own).arg("-B").arg(root().join("python/tests/readme.py")))?;
    Ok(fs::remove_dir_all(&folder)?)
}

/// What packagers' own checkers say.
pub(crate) fn checked(wheels: &[&PathBuf]) -> Result<()> {
    let python = python::environment("python-build-venv", REQUIREMENTS, "what builds wheels")?;
    let check = |program: &[&str], wheels: &[&PathBuf]| {
        run_quietly(command(&python).args(["-m"]).args(program).args(wheels)).with_context(|| program.join(" "))
    };
    check(&["twine", "check", "--strict"], wheels)?;
    check(&["check_wheel_contents"], wheels)?;
    check(&["abi3audit", "--strict"], &wheels[..1])?;
    Ok(())
}

/// What checks types, and style: of Python's, and of the native module, which is a workspace of its own.
fn types(python: &Path) -> Result<()> {
    let folder = root().join("python");
    for arguments in [&["fmt", "--check"][..], &["clippy", "--quiet", "--release", "--", "-D", "warnings"]] {
        let mut asked = cargo();
        asked
            .args(arguments)
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", target().join("python"))
            .env("PYO3_PYTHON", python);
        run(&mut asked)?;
    }
    let own = python.to_string_lossy();
    let pyright = ["basedpyright", "--pythonpath", &own];
    for program in [&["mypy"][..], &pyright, &["ruff", "check"], &["ruff", "format", "--check"]] {
        run_quietly(command(python).arg("-m").args(program).current_dir(&folder)).with_context(|| program.join(" "))?;
    }
    Ok(())
}

/// An environment's Python, and a folder that wheels are unpacked into beside its packages: that of an engine, so that both are there.
struct Installed {
    python: PathBuf,
    folder: PathBuf,
}

impl Installed {
    /// A script of the tests', which sees the package that was installed.
    fn script(&self, name: &str) -> Command {
        self.of_folder(&root().join("python/tests"), name)
    }

    /// A benchmark, likewise.
    fn benchmark(&self, name: &str) -> Command {
        self.of_folder(&root().join("benches"), name)
    }

    fn of_folder(&self, folder: &Path, name: &str) -> Command {
        let mut script = command(&self.python);
        script.arg("-B").arg(folder.join(name));
        let paths =
            std::env::join_paths([&self.folder, folder]).expect("a path of the repository without the list's sign");
        script.current_dir(&self.folder).env("PYTHONPATH", paths);
        script
    }
}

fn installed(python: &Path, name: &str, engine: &str, wheels: &[&PathBuf]) -> Result<Installed> {
    let folder = emptied(&format!("installed-{name}-{engine}"))?;
    run_quietly(
        command(python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--no-index",
                "--disable-pip-version-check",
                "--target",
            ])
            .arg(&folder)
            .args(wheels),
    )
    .context("installing the wheels")?;
    Ok(Installed { python: python.to_owned(), folder })
}

/// The tests in some folders.
fn tests(installed: &Installed, engine: &str, folders: &[&str]) -> Command {
    let mut tests = command(&installed.python);
    tests
        .args(["-B", "-m", "pytest", "-q", "--tb=short", "--no-header", "-c"])
        .arg(root().join("python/pyproject.toml"));
    tests.args(folders.iter().map(|folder| root().join("python/tests").join(folder)));
    // Away from the repository's own folder of the package: what is tried is what was installed.
    tests.current_dir(&installed.folder).env("PYTHONPATH", &installed.folder).env("WARDIAN_ENGINE", engine);
    tests.env("WARDIAN_COMMAND", target().join("debug/wardian"));
    tests
}

/// The one with native code: for every Python from 3.10 on, on this kind of machine.
fn native(python: &Path, wheels: &Path) -> Result<()> {
    let staged = staged("native")?;
    run_quietly(
        command(python)
            .args([
                "-m",
                "maturin",
                "build",
                "--release",
                "--quiet",
                "--zig",
                "--compatibility",
                "manylinux_2_17",
                "--compression-level",
                "9",
                "--out",
            ])
            .arg(wheels)
            .arg("--manifest-path")
            .arg(staged.join("Cargo.toml"))
            .arg("--interpreter")
            .arg(python)
            // Where maturin looks for zig.
            .env("PATH", with_first(python)?)
            .env("CARGO_TARGET_DIR", target().join("python"))
            .env("CARGO_ENCODED_RUSTFLAGS", without_paths()?)
            .env("SOURCE_DATE_EPOCH", TIME),
    )
    .context("building the native wheel")?;
    for wheel in fs::read_dir(wheels)?.flatten() {
        pressed(&wheel.path()).context("pressing the native wheel")?;
    }
    Ok(())
}

/// The files' times, so that the same files give the same bytes.
const TIME: &str = "1577836800";

/// Flags for the compiler, so that no path of this machine is in what it makes: panics name the files of crates and of the standard
/// library.
fn without_paths() -> Result<String> {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    let crates =
        std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home).context("neither CARGO_HOME nor HOME is set")?;
    let prefixes = [(crates, "/cargo"), (rustup_sysroot()?, "/rust")];
    let flags = prefixes.map(|(path, instead)| format!("--remap-path-prefix={}={instead}", path.display()));
    Ok(flags.join("\u{1f}"))
}

/// Packs a wheel anew by zopfli: a thirtieth smaller, for a minute. It is kept in `target/pressed`, by the hash of what it was made of: the
/// same wheel is built again by who asks for it next.
fn pressed(wheel: &Path) -> Result<()> {
    // zlib's levels end with 9; what is above is how often zopfli tries.
    const LEVEL: i64 = 9 + 3;
    let folder = target().join("pressed");
    let kept = folder.join(format!("{}-{LEVEL}.whl", release::sha256(&fs::read(wheel)?)));
    if !kept.exists() {
        let mut from = ZipArchive::new(fs::File::open(wheel)?)?;
        fs::create_dir_all(&folder)?;
        // Whole, or not at all.
        let new = kept.with_extension("new");
        let mut to = ZipWriter::new(fs::File::create(&new)?);
        for place in 0..from.len() {
            let mut file = from.by_index(place)?;
            let name = file.name()?.into_owned();
            to.start_file(name, file.options().compression_level(Some(LEVEL)))?;
            io::copy(&mut file, &mut to)?;
        }
        to.finish()?;
        fs::rename(&new, &kept)?;
    }
    fs::copy(&kept, wheel)?;
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
    let said = replaced(&said, "dependencies = [", "dependencies = [\"wasmtime>=30; sys_platform != 'emscripten'\", ")?;
    let (said, _) = said.split_once("[tool.maturin]").context("pyproject.toml says nothing of maturin")?;
    fs::write(staged.join("pyproject.toml"), said)?;
    packed(python, &staged, wheels).context("building the wheel of WebAssembly")
}

/// What makes one smaller file of a shell than its own packing: what is in it twice is far apart.
const REPACK: &str = "import gzip, lzma, sys; lzma_file = lzma.open(sys.argv[2], 'wb', preset=9 | lzma.PRESET_EXTREME); \
                      lzma_file.write(gzip.open(sys.argv[1]).read()); lzma_file.close()";

/// The shell.
fn shell(python: &Path, wheels: &Path) -> Result<()> {
    let shell = root().join(seal::SHELL);
    let (from, to) = (root().join("python/shell"), emptied("shell")?);
    fs::create_dir_all(to.join("wardian_shell"))?;
    for name in ["pyproject.toml", "README.md", "wardian_shell/__init__.py"] {
        fs::copy(from.join(name), to.join(name))?;
    }
    licenses(&to, licenses::PAGE)?;
    run_quietly(command(python).args(["-c", REPACK]).arg(shell).arg(to.join("wardian_shell/shell.tar.xz")))?;
    packed(python, &to, wheels).context("building the shell's wheel")
}

/// Makes a wheel of a folder that asks for no compiler.
fn packed(python: &Path, folder: &Path, wheels: &Path) -> Result<()> {
    run_quietly(
        command(python)
            .args([
                "-m",
                "pip",
                "wheel",
                "--quiet",
                "--no-deps",
                "--no-build-isolation",
                "--disable-pip-version-check",
                "-w",
            ])
            .arg(wheels)
            .arg(folder)
            .env("SOURCE_DATE_EPOCH", TIME),
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

/// Its own licence, and those of what is compiled into a product.
fn licenses(folder: &Path, product: &str) -> Result<()> {
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(license), folder.join(license))?;
    }
    Ok(fs::write(folder.join(licenses::FILE), licenses::of(product)?)?)
}

/// A folder with what both have.
fn staged(name: &str) -> Result<PathBuf> {
    let (from, to) = (root().join("python"), emptied(name)?);
    fs::create_dir_all(to.join("wardian"))?;
    for name in ["pyproject.toml", "README.md"] {
        fs::copy(from.join(name), to.join(name))?;
    }
    licenses(&to, if name == "native" { licenses::NATIVE } else { licenses::ANY })?;
    for entry in fs::read_dir(from.join("wardian"))?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "py") || entry.file_name() == "py.typed" {
            fs::copy(&path, to.join("wardian").join(entry.file_name()))?;
        }
    }
    if name == "native" {
        // The crate that it depends on, as if it were below it: Cargo then knows it by a path that is the same wherever this
        // repository is, and so are the module's bytes.
        std::os::unix::fs::symlink(root(), to.join("core"))?;
        let manifest = fs::read_to_string(from.join("Cargo.toml"))?;
        let manifest = replaced(&manifest, "../capi", "core/capi")?;
        // It has a workspace of its own.
        let manifest = replaced(&manifest, "[workspace]", "[workspace]\nexclude = [\"core\"]")?;
        fs::write(to.join("Cargo.toml"), manifest)?;
        fs::copy(from.join("Cargo.lock"), to.join("Cargo.lock"))?;
        fs::create_dir_all(to.join("src"))?;
        for entry in fs::read_dir(from.join("src"))?.flatten() {
            copied(&entry.path(), &to.join("src").join(entry.file_name()))?;
        }
    }
    Ok(to)
}

/// Copies a source with the time of its last change, by which Cargo knows whether what is compiled of it is still right: with the time of
/// the copy, it would be compiled and linked again each time.
fn copied(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)?;
    Ok(fs::File::options().write(true).open(to)?.set_modified(fs::metadata(from)?.modified()?)?)
}

/// A text in the place of another, which is there once.
fn replaced(text: &str, old: &str, new: &str) -> Result<String> {
    ensure!(text.matches(old).count() == 1, "{old:?} is not there once");
    Ok(text.replace(old, new))
}

/// The search path with an environment's programs first.
fn with_first(python: &Path) -> Result<std::ffi::OsString> {
    let own = python.parent().context("an environment's Python is in a folder")?.to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&path)))?)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn what_is_pressed_is_the_same_and_smaller() {
        let wheel = std::env::temp_dir().join(format!("pressed-{}.whl", std::process::id()));
        let text: String = (0..20_000).map(|number| format!("{} ", number * number % 977)).collect();
        let mut zip = ZipWriter::new(fs::File::create(&wheel).expect("a file"));
        for name in ["a/b.py", "a/c.so"] {
            zip.start_file(name, SimpleFileOptions::default().unix_permissions(0o755)).expect("room");
            zip.write_all(text.as_bytes()).expect("room");
        }
        zip.finish().expect("a zip");
        let before = fs::metadata(&wheel).expect("a file").len();
        pressed(&wheel).expect("a zip");
        assert!(fs::metadata(&wheel).expect("a file").len() < before);
        let mut zip = ZipArchive::new(fs::File::open(&wheel).expect("a file")).expect("a zip");
        assert_eq!(zip.len(), 2);
        let mut file = zip.by_name("a/c.so").expect("it is there");
        let mut again = String::new();
        file.read_to_string(&mut again).expect("text");
        assert_eq!((again, file.unix_mode().map(|mode| mode & 0o777)), (text, Some(0o755)));
        fs::remove_file(&wheel).expect("it is there");
    }
}
