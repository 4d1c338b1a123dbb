//! Numbers as texts: the nearest float of either type, or the whole number.
//!
//! The standard library reads floats by a table of powers of 10 KiB, which hardly gets smaller by packing. The module that converts
//! reads them by [`number`] instead, which divides where that looks up: the same floats, more slowly where they have more than 15 digits.

use std::str::FromStr;

use crate::number;

/// Whether the standard library's table is not to be had.
const IS_SMALL: bool = cfg!(feature = "convert");

/// A number that a text may be.
pub(super) trait Decimal: Sized {
    /// The number that a text is; infinite for a float beyond its type.
    fn of_text(text: &str) -> Option<Self>;
}

impl Decimal for f64 {
    fn of_text(text: &str) -> Option<Self> {
        if IS_SMALL { number::parse(text) } else { text.parse().ok() }
    }
}

impl Decimal for f32 {
    fn of_text(text: &str) -> Option<Self> {
        if IS_SMALL { number::single(text) } else { text.parse().ok() }
    }
}

macro_rules! whole {
    ($($type:ty)*) => {
        $(impl Decimal for $type {
            fn of_text(text: &str) -> Option<Self> {
                Self::from_str(text).ok()
            }
        })*
    };
}

whole!(u8 u32 usize i64);
