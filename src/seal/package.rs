//! A case as an npm package.

use super::{Sealed, Shell};
use crate::case::wrong;
use crate::error::Result;

/// The package, a `.tgz` that npm installs.
///
/// # Errors
/// If the shell has no parts of a package.
pub fn package(_sealed: &Sealed, _shell: &Shell) -> Result<Vec<u8>> {
    Err(wrong("", "packages are not made yet: .html, a folder, .wardian and .wasm are"))
}
