//! The virtual environments that the trainer and the oracle run in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result};

use crate::shell::{alone, command, install_debian_packages, is_stamped, root, run_quietly, say, target};

const REQUIREMENTS: &str = "models/diabetes/requirements.txt";

/// The Python that trains the shipped model, with the pinned packages installed.
pub(crate) fn ready() -> Result<PathBuf> {
    environment("oracle-venv", REQUIREMENTS, "XGBoost, Flask and what they need")
}

/// The Python of an environment in `target/`, made with this machine's, with the packages of a requirements file installed.
pub(crate) fn environment(name: &str, requirements: &str, what: &str) -> Result<PathBuf> {
    Environment { name, python: Path::new(PYTHON), requirements, package: None, is_busy: true, what }.ready()
}

/// Whichever comes first on the search path.
pub(crate) const PYTHON: &str = "python3";

/// A virtual environment in `target/`.
pub(crate) struct Environment<'a> {
    pub(crate) name: &'a str,
    /// The Python that makes it.
    pub(crate) python: &'a Path,
    /// The file of what is installed.
    pub(crate) requirements: &'a str,
    /// What is installed beside that.
    pub(crate) package: Option<&'a str>,
    /// Whether many programs run in it: all that they might import is then compiled once, in some seven seconds; to install it takes one.
    pub(crate) is_busy: bool,
    /// What is said of it.
    pub(crate) what: &'a str,
}

impl Environment<'_> {
    /// Its Python, with everything installed.
    pub(crate) fn ready(&self) -> Result<PathBuf> {
        let folder = target().join(self.name);
        let python = folder.join("bin/python");
        let stamp = folder.join("installed.txt");
        let mut content = fs::read_to_string(root().join(self.requirements)).context(self.requirements.to_owned())?;
        content.extend(self.package);
        let _alone = alone(self.name)?;
        if is_stamped(&stamp, &content) && python.exists() {
            return Ok(python);
        }
        say(&format!("installing {} into target/{} (up to a minute)", self.what, self.name));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        // Who needs pip has it among its requirements: Python's own way to give it takes six seconds, and all else here a tenth of one.
        let without = (self.requirements != UV).then_some("--without-pip");
        let create = || run_quietly(command(self.python).args(["-m", "venv"]).args(without).arg(&folder));
        create().or_else(|error| {
            // Any other was asked before whether it makes environments.
            if self.python != Path::new(PYTHON) {
                return Err(error);
            }
            install_debian_packages(&["python3", "python3-venv"], "the oracle runs in a virtual environment")?;
            create()
        })?;
        self.install(&python).with_context(|| format!("installing {}", self.what))?;
        fs::write(&stamp, content)?;
        Ok(python)
    }

    /// Installs the packages for its Python. The list is complete: a dependency that it lacks is one that is not wanted (XGBoost's 200 MB for
    /// other machines).
    fn install(&self, python: &Path) -> Result<()> {
        // What installs the others is itself installed by pip.
        if self.requirements != UV {
            let compiled = self.is_busy.then_some("--compile-bytecode");
            match uv(python, |uv| uv.args(compiled).args(["-r", self.requirements]).args(self.package)) {
                Ok(()) => return Ok(()),
                Err(error) => say(&format!("pip does it, as uv did not: {error:#}")),
            }
            run_quietly(command(python).args(["-m", "ensurepip"]))?;
        }
        run_quietly(
            command(python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"])
                .arg(self.requirements)
                .args(self.package),
        )?;
        Ok(())
    }
}

/// The file of what installs.
const UV: &str = "xtask/requirements-uv.txt";

/// Installs packages for a Python with uv, which has unpacked each once and links it into every environment: some thirty of them, most
/// with the same NumPy and SciPy, take 4 to 9 seconds each where pip takes 50 to 100.
fn uv(python: &Path, packages: impl FnOnce(&mut Command) -> &mut Command) -> Result<()> {
    let own = environment("uv-venv", UV, "uv, which installs Python's packages")?;
    let mut uv = command(own.with_file_name("uv"));
    uv.args(["pip", "install", "--quiet", "--no-deps", "--python"]).arg(python);
    // It does not read pip's files, in which a machine may name the registry that it reaches.
    static REGISTRY: OnceLock<Option<String>> = OnceLock::new();
    let told = |key| run_quietly(command(&own).args(["-m", "pip", "config", "get", key])).ok();
    let registry = REGISTRY.get_or_init(|| {
        let told = told(":env:.index-url").or_else(|| told("global.index-url"))?;
        Some(String::from_utf8_lossy(&told.stdout).trim().to_owned())
    });
    uv.envs(registry.iter().map(|registry| ("UV_DEFAULT_INDEX", registry)));
    run_quietly(packages(&mut uv))?;
    Ok(())
}

/// A command that runs a script of the repository.
pub(crate) fn script(path: &str) -> Result<Command> {
    let mut script = command(ready()?);
    script.arg("-B").arg(path);
    Ok(script)
}
