//! The shell: a page and a package that are built once, and know no model.

use std::collections::BTreeMap;
use std::io::Read;

use serde::Deserialize;

use crate::case::{check_path, wrong};
use crate::error::Result;

/// A shell, unpacked.
#[derive(Clone, Debug)]
pub struct Shell {
    /// What it says of itself.
    pub(crate) said: Said,
    files: BTreeMap<String, Vec<u8>>,
}

/// `shell.json`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Said {
    pub(crate) version: String,
    /// Whether its module is built around the shipped model, and opens no other.
    #[serde(default)]
    pub(crate) sealed: bool,
    pub(crate) page: Page,
    /// The parts of a package.
    #[serde(default)]
    pub(crate) package: Option<super::package::Package>,
    /// The module for databases.
    #[serde(default)]
    pub(crate) udf: Option<String>,
}

/// The parts of a page.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Page {
    /// What is copied as it is.
    pub(crate) files: Vec<String>,
    pub(crate) index: String,
    pub(crate) single: String,
    pub(crate) service_worker: String,
    pub(crate) manifest: String,
    #[serde(default)]
    pub(crate) preload: Preload,
    /// What the page says below its title where the case says nothing, by language.
    #[serde(default)]
    pub(crate) lede: BTreeMap<String, String>,
}

/// Scripts that a case will ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Preload {
    pub(crate) kinds: BTreeMap<String, Vec<Script>>,
    pub(crate) languages: BTreeMap<String, Vec<Script>>,
    /// The words that a kind of answer has of its own, by kind and language.
    pub(crate) words: BTreeMap<String, BTreeMap<String, Vec<Script>>>,
}

/// A script's address and hash.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Script {
    pub(crate) file: String,
    pub(crate) integrity: String,
}

/// The most bytes of a shell, unpacked.
const LARGEST: u64 = 1 << 28;

impl Shell {
    /// The shell in a `.tar.gz`.
    ///
    /// # Errors
    /// `invalid_case` if it is none.
    pub fn read(packed: &[u8]) -> Result<Self> {
        let fault = |message: String| wrong("the shell", message);
        let plain = crate::import::unpacked(packed).map_err(|error| fault(error.to_string()))?;
        if plain.len() as u64 > LARGEST {
            return Err(fault(format!("it has more than {LARGEST} bytes")));
        }
        Self::of_files(unarchived(&plain)?)
    }

    /// The shell of these files.
    ///
    /// # Errors
    /// `invalid_case` without a `shell.json`, or without a file that it names.
    pub fn of_files(files: BTreeMap<String, Vec<u8>>) -> Result<Self> {
        let said = files.get("shell.json").ok_or_else(|| wrong("the shell", "it has no shell.json"))?;
        let said: Said =
            serde_json::from_slice(said).map_err(|error| wrong("the shell, shell.json", error.to_string()))?;
        let page = &said.page;
        let templates = [&page.index, &page.single, &page.service_worker, &page.manifest];
        let shell = Self { said: said.clone(), files };
        for name in templates.into_iter().chain(&page.files).chain(&said.udf) {
            check_path(name).map_err(|error| error.within(b"the shell"))?;
            shell.file(name)?;
        }
        Ok(shell)
    }

    /// One packed as the command line carries it: the same files give the same bytes.
    ///
    /// # Errors
    /// If a name is too long for the archive.
    pub fn pack(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>> {
        Ok(super::text::gzip(&archive(files)?))
    }

    /// A file's bytes.
    pub(crate) fn file(&self, name: &str) -> Result<&[u8]> {
        let bytes = self.files.get(name).map(Vec::as_slice);
        bytes.ok_or_else(|| wrong("the shell", format!("it has no file {name}")))
    }

    /// A file's text.
    pub(crate) fn text(&self, name: &str) -> Result<&str> {
        std::str::from_utf8(self.file(name)?).map_err(|_| wrong("the shell", format!("{name} is not UTF-8")))
    }

    /// The version of Wardian that it was built of.
    pub fn version(&self) -> &str {
        &self.said.version
    }

    /// Whether its module is built around the shipped model, and opens no other.
    pub fn is_sealed(&self) -> bool {
        self.said.sealed
    }
}

/// The files of an archive.
pub(crate) fn unarchived(plain: &[u8]) -> Result<BTreeMap<String, Vec<u8>>> {
    let fault = |error: std::io::Error| wrong("the archive", error.to_string());
    let mut files = BTreeMap::new();
    let mut archive = tar::Archive::new(plain);
    for entry in archive.entries().map_err(fault)? {
        let mut entry = entry.map_err(fault)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = path.strip_prefix("./").unwrap_or(&path).to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(fault)?;
        files.insert(name, bytes);
    }
    Ok(files)
}

/// An archive of files, the same for the same files: no times, no owners.
pub(crate) fn archive(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>> {
    let fault = |error: std::io::Error| wrong("the archive", error.to_string());
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        archive.append_data(&mut header, name, &**bytes).map_err(fault)?;
    }
    archive.into_inner().map_err(fault)
}
