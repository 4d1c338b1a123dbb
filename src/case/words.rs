//! The words of the page that a case may have its own of, by their keys.

use super::read::{nearest, wrong};
use crate::error::{Result, quoted};

/// Those that there are: the page's own, and some that only a case can say. One that ends in `.*` stands for a family, whose members a case
/// names. `tests/e2e/i18n.test.mjs` compares the list with the page's words.
const WORDS: &str = include_str!("words.txt");

/// Checks a key.
pub(super) fn check(key: &str) -> Result<()> {
    let is_known = WORDS.lines().any(|word| match word.strip_suffix('*') {
        Some(family) => key.strip_prefix(family).is_some_and(is_part),
        None => word == key,
    });
    if is_known {
        return Ok(());
    }
    let words: Vec<&str> = WORDS.lines().collect();
    let near = nearest(key, &words).map_or_else(String::new, |near| format!("; is {near:?} meant?"));
    Err(wrong(&format!("words.{key}"), format!("{} is no word of the page{near}", quoted(key))))
}

fn is_part(part: &str) -> bool {
    !part.is_empty()
        && part.len() <= 100
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
