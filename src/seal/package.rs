//! A case as an npm package: the shell's templates filled, and what is the case's alone beside them.

mod carried;
mod words;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::shell::archive;
use super::text::{filled, gzip};
use super::{Sealed, Shell, pretty};
use crate::case::{check_path, wrong};
use crate::error::Result;

/// The parts of a package in `shell.json`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Package {
    /// What is copied as it is.
    pub(crate) files: Vec<String>,
    /// What is filled.
    pub(crate) templates: Vec<String>,
}

/// The folder of an npm package in its archive, and of its parts in a shell.
const FOLDER: &str = "package";
const MODEL: &str = "model.wardian";
const MODEL_SCRIPT: &str = "model.text.js";

/// The package, a `.tgz` that npm installs: the same bytes for the same case.
///
/// # Errors
/// If the shell has no parts of a package, or a template asks for what there is not.
pub fn package(sealed: &Sealed, shell: &Shell) -> Result<Vec<u8>> {
    let archived = files(sealed, shell)?.into_iter().map(|(name, bytes)| (format!("{FOLDER}/{name}"), bytes)).collect();
    Ok(gzip(&archive(&archived)?))
}

/// The package's files by name.
fn files(sealed: &Sealed, shell: &Shell) -> Result<BTreeMap<String, Vec<u8>>> {
    let Some(parts) = &shell.said.package else { return Err(wrong("the shell", "it has no parts of a package")) };
    let place = |name: &str| format!("{FOLDER}/{name}");
    let mut files = BTreeMap::new();
    for name in &parts.files {
        files.insert(name.clone(), shell.file(&place(name))?.to_vec());
    }
    let words = words::of(sealed);
    for name in &parts.templates {
        let text = filled(shell.text(&place(name))?, &place(name), |token| words.get(token).cloned())?;
        files.insert(name.clone(), text.into_bytes());
    }
    let model = &sealed.case.model_bytes;
    let case = serde_json::to_value(&sealed.case.file).unwrap_or_default();
    let own = [
        (MODEL, model.clone()),
        (MODEL_SCRIPT, carried::module(model)),
        ("model.text.cjs", carried::required(model)),
        ("case.json", pretty(&case)),
        ("columns.json", pretty(&sealed.columns)),
        ("openapi.json", pretty(&sealed.openapi)),
    ];
    for (name, bytes) in own {
        if files.insert(name.to_owned(), bytes).is_some() {
            return Err(wrong("the shell", format!("its file {name} has a name that a case's file has")));
        }
    }
    for name in files.keys() {
        check_path(name).map_err(|error| error.within(b"the shell"))?;
    }
    Ok(files)
}

/// The model's bytes in a package, once as a file and once in the script that carries them; both are the same.
pub(super) fn model_in(package: &[u8]) -> Result<Vec<u8>> {
    let plain = crate::import::unpacked(package)?;
    let shell = super::shell::unarchived(&plain)?;
    let file = |name: &str| {
        let bytes = shell.get(&format!("{FOLDER}/{name}"));
        bytes.ok_or_else(|| wrong(name, "there is no such file"))
    };
    let model = file(MODEL)?;
    if carried::bytes_of(file(MODEL_SCRIPT)?).as_ref() != Some(model) {
        return Err(wrong(MODEL_SCRIPT, "it carries another model"));
    }
    Ok(model.clone())
}
