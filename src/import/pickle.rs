//! Python's pickles, protocols 0 to 5, and joblib's: read without importing a class or calling a function.
//!
//! A pickle is a program for a small stack machine. This one runs its opcodes and makes inert values of them: a class or
//! function is its name, a call is a node that says what would have been called with what, and an object is such a node with
//! its state. Whoever reads a model out of them knows which names mean what; nothing else can happen.
//!
//! Values are in an arena and refer to each other by number. So they may be shared and may go round in circles, as Python's do,
//! and nothing here follows them recursively. Memory is at most eight times the file and [`SPARE`]; every look into a value is
//! paid for from a stock of work that is linear in the file.

mod array;
mod machine;
mod text;
mod values;

pub(crate) use self::array::Array;
pub(crate) use self::values::{Id, Value, Values};

use crate::error::{Result, invalid};

/// The memory, in bytes, that any file may take beside eight times its size.
const SPARE: usize = 1 << 26;

/// What a pickle holds.
#[derive(Debug)]
pub(crate) struct Pickle<'a> {
    /// All values, also those that nothing refers to any more.
    pub(crate) values: Values<'a>,
    /// The value that Python's `load` would return.
    pub(crate) root: Id,
}

impl<'a> Pickle<'a> {
    /// Runs the opcodes.
    ///
    /// # Errors
    /// `invalid_model` for what is no pickle, with the offset; `unsupported_model` for opcodes that need something from outside
    /// the file, by name.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self> {
        let (values, root) = machine::run(bytes)?;
        Ok(Self { values, root })
    }

    /// What the pickle would have imported, and could have called, in Python: `module.name`, sorted, each once.
    pub(crate) fn globals(&self) -> Vec<String> {
        let mut names: Vec<String> = self.values.ids().filter_map(|id| self.values.global(id)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// The error for what a pickle says of a value that cannot be so.
fn broken(what: std::fmt::Arguments<'_>) -> crate::Error {
    invalid(what)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod written;
