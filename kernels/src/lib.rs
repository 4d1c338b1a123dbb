//! The hot loops of `wardian`, over bytes and tables that it makes. They are a crate of their own for one reason: they
//! are compiled for speed, while everything else in the page's module is compiled for size. Compiled like the rest they
//! take 1.5 to 2 times as long; all compiled like them, the module would be a fifth larger.
//!
//! A byte is a rank code less 128, so that signed comparison orders it; `wardian`'s `codes/bytes.rs` has the proof that
//! bytes answer as the floats do.

pub mod blend;
pub mod search;
pub mod tiles;

/// The depth of the subtrees that are taken at once.
pub const DEPTH: usize = 3;
/// The splits of such a subtree.
pub const SPLITS: usize = (1 << DEPTH) - 1;
/// The ways out of it: its leaves, or what follows.
pub const SLOTS: usize = 1 << DEPTH;

/// The byte of code `code`.
#[inline(always)]
pub fn biased(code: u32) -> i8 {
    (code as u8 ^ 0x80) as i8
}

/// The byte of a missing value: that of code 0.
pub const MISSING: i8 = i8::MIN;

/// A threshold that no byte is above: every row goes left.
pub const ALWAYS_LEFT: i8 = i8::MAX;
