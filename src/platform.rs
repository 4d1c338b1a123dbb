//! What every platform has its own good version of. In the page's module the JavaScript engine's stands in
//! (`wasm/platform.rs`): the standard library's would be 14 KB of it.

/// The 64-bit float nearest to a decimal number in ASCII, whose form the caller has checked.
pub(crate) fn nearest_float(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}
