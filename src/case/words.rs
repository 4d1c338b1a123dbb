//! The words of the page that a case may have its own of, by their keys.

use super::read::{nearest, wrong};
use crate::error::{Result, quoted};

/// The sections of the page's words.
const SECTIONS: [&str; 10] =
    ["app", "person", "why", "card", "console", "proof", "rows", "service", "classes", "number"];

/// Checks a key.
pub(super) fn check(key: &str) -> Result<()> {
    let place = format!("words.{key}");
    let (section, word) = key.split_once('.').unwrap_or((key, ""));
    if !SECTIONS.contains(&section) {
        let near = nearest(section, &SECTIONS).map_or_else(String::new, |near| format!("; is {near:?} meant?"));
        let message = format!("{} is none of the page's sections, {}{near}", quoted(section), SECTIONS.join(", "));
        return Err(wrong(&place, message));
    }
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if word.len() > 100 || !word.split('.').all(is_part) {
        return Err(wrong(&place, format!("{} is no key of a word, as person.framing", quoted(key))));
    }
    Ok(())
}
