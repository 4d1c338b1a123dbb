//! An error, for JavaScript.

use crate::error::Error;

/// An error as a text: a stable code, a null character, and a line for people.
pub(crate) fn told(error: &Error) -> Vec<u8> {
    let mut text = error.code().as_str().as_bytes().to_vec();
    text.push(0);
    text.extend_from_slice(&error.line());
    text
}
