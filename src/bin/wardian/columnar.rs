//! Files of rows whose columns have types: Parquet and Arrow. Their cells become the CSV text that the reader of rows takes, each
//! number with the digits that give it back, so that one reader has all the rules of names, units and missing values.

#[cfg(feature = "columnar")]
mod arrow;
#[cfg(feature = "columnar")]
mod back;
#[cfg(feature = "columnar")]
mod table;
#[cfg(feature = "columnar")]
mod text;
#[cfg(feature = "columnar")]
mod writer;

use std::fmt;

use anyhow::{Result, bail};

#[cfg(feature = "columnar")]
pub(crate) use back::Back;
#[cfg(feature = "columnar")]
pub(crate) use table::Table;
#[cfg(feature = "columnar")]
pub(crate) use writer::{Column, TableWriter, answered, of_texts};

/// What a file with typed columns is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Parquet,
    ArrowFile,
    ArrowStream,
}

impl Kind {
    /// Told by a file's first bytes.
    pub(crate) fn of(start: &[u8]) -> Result<Option<Self>> {
        // An Arrow stream begins with a mark, and the length of what describes its columns.
        let is_stream = start.starts_with(b"\xff\xff\xff\xff") && start.get(7).is_some_and(|&byte| byte < 0x80);
        // A text's first column may be called PARENT or FEA1: in a file a length or zeros follow.
        let has_zeros = start.get(4..8).is_some_and(|bytes| bytes.contains(&0));
        Ok(match start {
            [b'P', b'A', b'R', b'1', ..] => Some(Self::Parquet),
            [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Some(Self::ArrowFile),
            _ if is_stream => Some(Self::ArrowStream),
            [b'P', b'A', b'R', b'E', ..] if has_zeros => {
                bail!("it is a Parquet file that is encrypted: write it without")
            }
            [b'F', b'E', b'A', b'1', ..] if has_zeros => {
                bail!("it is a Feather file of version 1: write it as version 2, which is Arrow's file, or as Parquet")
            }
            _ => None,
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Parquet => "a Parquet file",
            Self::ArrowFile => "an Arrow file",
            Self::ArrowStream => "an Arrow stream",
        })
    }
}

/// What a build without these kinds of files says of one.
#[cfg(not(feature = "columnar"))]
pub(crate) fn refused(kind: impl fmt::Display) -> anyhow::Error {
    anyhow::anyhow!(
        "it is {kind}, and this wardian was built without Parquet and Arrow: cargo install --path . --features columnar \
         builds one that has them"
    )
}

/// Runs what reads a file's bytes. Of damaged ones the libraries answer with an error, and here and there with a panic; that is
/// one, too.
#[cfg(feature = "columnar")]
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    use anyhow::anyhow;
    use arrow_schema::ArrowError;
    use parquet::errors::ParquetError;
    use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

    // What it would say of its place in a library helps nobody.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    // Nothing of what it was in the middle of is used again.
    let result = catch_unwind(AssertUnwindSafe(work));
    set_hook(hook);
    let result = result.unwrap_or_else(|_| bail!("it is damaged: its reader gave up"));
    result.map_err(|error| {
        if !(error.is::<ArrowError>() || error.is::<ParquetError>()) {
            return error;
        }
        anyhow!("it cannot be read: {}", first_line(&error))
    })
}

/// What a library says, in one line, and no account of its steps.
#[cfg(feature = "columnar")]
fn first_line(error: &impl fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or("").chars().take(160).collect()
}
