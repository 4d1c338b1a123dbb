//! Reading models, and writing files whole or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use wardian::{Schema, import};

/// The schema in a `schema.json`.
pub(crate) fn read_schema(path: &Path) -> Result<Schema> {
    import::schema_file::read(&read(path)?).with_context(|| path.display().to_string())
}

/// A file's bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| path.display().to_string())
}

/// Writes a file that appears whole or not at all: `write` fills a temporary one beside it, which then takes its name.
pub(crate) fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let folder = folder_of(path)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: what the umask leaves. The library's own default is for secrets.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(without_place).with_context(|| path.display().to_string())?;
    write(&mut file)?;
    file.persist(path).map_err(|error| error.error).with_context(|| path.display().to_string())?;
    Ok(())
}

/// The folder that a path is in, which must be there.
fn folder_of(path: &Path) -> Result<&Path> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        bail!("{}: there is no folder {}; make it first", path.display(), folder.display());
    }
    Ok(folder)
}

/// An error without the name of the temporary file that it came from: nobody gave that.
fn without_place(error: io::Error) -> io::Error {
    error.kind().into()
}

/// Writes a folder that appears whole or not at all: a temporary one beside it takes its name, and the place of one that is there.
pub(crate) fn write_folder(path: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    let place = || path.display().to_string();
    let beside = folder_of(path)?;
    let new =
        tempfile::Builder::new().prefix(".sealing").tempdir_in(beside).map_err(without_place).with_context(place)?;
    let whole = new.path().join("new");
    for (name, bytes) in files {
        let file = whole.join(name);
        fs::create_dir_all(file.parent().unwrap_or(&whole)).with_context(place)?;
        fs::write(&file, bytes).with_context(|| file.display().to_string())?;
    }
    // The old one goes with the temporary folder, or comes back.
    let old = new.path().join("old");
    let is_there = path.exists();
    if is_there {
        fs::rename(path, &old).with_context(place)?;
    }
    if let Err(error) = fs::rename(&whole, path) {
        if is_there {
            fs::rename(&old, path).with_context(place)?;
        }
        return Err(error).with_context(place);
    }
    Ok(())
}
