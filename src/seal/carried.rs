//! The shell that this build carries.

/// The packed shell for any model, if it was there when the crate was compiled: `cargo xtask build` makes it, and the published crate has
/// it.
pub fn carried() -> Option<&'static [u8]> {
    #[cfg(has_shell)]
    return Some(include_bytes!("../../shell/wardian.shell"));
    #[cfg(not(has_shell))]
    None
}
