//! Running other programs, and saying what set-up does.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The repository's folder.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Where everything that is built or installed goes.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// Says what set-up installs, and why.
pub(crate) fn say(what: &str) {
    eprintln!("set-up: {what}");
}

/// Says what is built now, and how long that takes where nothing of it is built yet: minutes in which nothing else is said.
pub(crate) fn say_building(what: &str) {
    eprintln!("building {what}");
}

/// A command to be run in the repository's folder.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The cargo that runs this, asked to do something with all members of the workspace, with all their features. All but this program: with
/// the features that it asks of others they and it would be compiled once more than to run it.
pub(crate) fn cargo_of_all(subcommand: &str) -> Command {
    let mut cargo = cargo();
    cargo.args([subcommand, "--workspace", "--exclude", env!("CARGO_PKG_NAME"), "--all-features"]);
    cargo
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let first = command.get_args().take(3).map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = std::iter::once(program.to_string_lossy().into_owned()).chain(first).collect();
    words.join(" ")
}

/// Runs a command whose output is the user's to see.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{} could not be started", name(command)))?;
    if !status.success() {
        bail!("{} failed", name(command));
    }
    Ok(())
}

/// One of the two that a program prints to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Output,
    Errors,
}

/// As [`run`]; of the lines that it prints to a stream those come back that `take` wants, as it has them.
pub(crate) fn run_taking(
    command: &mut Command,
    from: Stream,
    mut take: impl FnMut(&str) -> Option<String>,
) -> Result<Vec<String>> {
    match from {
        Stream::Output => command.stdout(Stdio::piped()),
        Stream::Errors => command.stderr(Stdio::piped()),
    };
    let mut child = command.spawn().with_context(|| format!("{} could not be started", name(command)))?;
    let printed: Option<Box<dyn Read>> = match from {
        Stream::Output => child.stdout.take().map(|stream| Box::new(stream) as _),
        Stream::Errors => child.stderr.take().map(|stream| Box::new(stream) as _),
    };
    let (mut printed, mut taken) = (BufReader::new(printed.context("its output")?), Vec::new());
    let mut line = Vec::new();
    while printed.read_until(b'\n', &mut line)? > 0 {
        // A program under test may print any bytes.
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']);
        match from {
            Stream::Output => println!("{text}"),
            Stream::Errors => eprintln!("{text}"),
        }
        taken.extend(take(text));
        line.clear();
    }
    if !child.wait()?.success() {
        bail!("{} failed; its output is above", name(command));
    }
    Ok(taken)
}

/// Runs a command quietly; what it printed is shown only if it fails.
pub(crate) fn run_quietly(command: &mut Command) -> Result<Output> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("{} could not be started", name(command)))?;
    if !output.status.success() {
        bail!("{} failed: {}", name(command), last_line(&output));
    }
    Ok(output)
}

/// As [`run_quietly`], but ended after `limit`: some installers wait for ever for a network that is not there.
pub(crate) fn run_for_at_most(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{} could not be started", name(command)))?;
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                bail!("{} failed", name(command));
            }
            return Ok(());
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("{} did not end within {} s", name(command), limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The last line with something in it that a failed command printed: most say there what went wrong.
fn last_line(output: &Output) -> String {
    let text = [&output.stderr[..], &output.stdout[..]].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let errors = text.iter().flat_map(|text| text.lines()).filter(|line| !line.trim().is_empty());
    let lines: Vec<&str> = errors.collect();
    let telling = lines.iter().find(|line| line.to_lowercase().contains("error"));
    telling.or(lines.last()).map_or("it said nothing", |line| line.trim()).to_owned()
}

/// Waits until no other process of this repository does what is called `what`, and keeps them from it as long as the guard
/// is held: two steps of all tests run beside each other, and both may lack the same program.
pub(crate) fn alone(what: &str) -> Result<File> {
    let path = target().join(format!("{what}.lock"));
    std::fs::create_dir_all(target())?;
    let file = File::create(&path).with_context(|| path.display().to_string())?;
    file.lock().with_context(|| path.display().to_string())?;
    Ok(file)
}

/// Installs packages on a Debian-like machine. `why` completes the sentence "… are needed …".
pub(crate) fn install_debian_packages(packages: &[&str], why: &str) -> Result<()> {
    let list = packages.join(" ");
    if which::which("apt-get").is_err() {
        bail!("{why}; this machine has no apt-get, so install the like of {list} yourself");
    }
    let _alone = alone("debian-packages")?;
    let id = run_quietly(command("id").arg("-u"))?;
    let root = String::from_utf8_lossy(&id.stdout).trim() == "0";
    let apt = |arguments: &[&str]| {
        let mut apt = if root { command("apt-get") } else { command("sudo") };
        if !root {
            apt.args(["-n", "apt-get"]);
        }
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run_quietly(&mut apt)
    };
    say(&format!("installing Debian's {list} ({why})"));
    let install = [&["install", "-y", "-qq", "--no-install-recommends"], packages].concat();
    apt(&["update", "-qq"])
        .and_then(|_| apt(&install))
        .with_context(|| format!("{why}; as root, run: apt-get install {list}"))?;
    Ok(())
}

/// What installs into target/tools.
pub(crate) const TOOLS: &str = "tools";

/// The program of a crate that is one with these features beside its own, installed into target/tools if need be; `why` ends
/// what is said of it.
pub(crate) fn program_of_crate(name: &str, version: &str, features: &str, why: &str) -> Result<PathBuf> {
    let tools = target().join("tools");
    let program = tools.join("bin").join(name);
    let _alone = alone(TOOLS)?;
    if !program.is_file() {
        say(&format!("installing {name} {version} into target/tools ({why})"));
        let build = target().join("tools-build");
        let install = ["install", "--quiet", "--locked", name, "--version", version, "--features", features, "--root"];
        // They wait for other programs most of the time: to optimise them further takes longer than it saves.
        let hardly = [("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"), ("CARGO_PROFILE_RELEASE_LTO", "off")];
        run_quietly(cargo().args(install).arg(&tools).envs(hardly).env("CARGO_TARGET_DIR", &build))
            .with_context(|| format!("installing {name}"))?;
        if !program.is_file() {
            bail!("{name} {version} was installed, and has no program of its name with the features {features:?}");
        }
        // Hundreds of megabytes that nothing needs again.
        std::fs::remove_dir_all(&build)?;
    }
    Ok(program)
}

/// Whether the file `stamp` holds `content`: what was installed for other content is installed anew.
pub(crate) fn is_stamped(stamp: &Path, content: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|found| found == content)
}
