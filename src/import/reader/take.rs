//! What is read of a file's values: a type says how one of it is filled.
//!
//! In its place, and without a type where a record's fields are filled: so one loop looks keys up for all records, and what a record
//! adds is the places of its fields.

use super::{Reader, Token};
use crate::error::{Code, Result, invalid, shown};
use crate::import::decimal::Decimal;

/// What can be filled with a value.
pub(in crate::import) trait Fill {
    /// Takes the value that is next.
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()>;
}

/// A value that nobody wants.
#[derive(Debug, Default, PartialEq)]
pub(in crate::import) struct Skipped;

impl Fill for Skipped {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        reader.skip()
    }
}

impl<T: Fill + Default> Fill for Option<T> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        if reader.takes_null()? { Ok(()) } else { self.insert(T::default()).fill(reader) }
    }
}

impl<T: Fill + Default> Fill for Vec<T> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        reader.list("a sequence", &mut |reader| {
            let mut value = T::default();
            value.fill(reader)?;
            self.push(value);
            Ok(())
        })
    }
}

/// An object of keys that are not known before; those that come twice are there twice.
impl<T: Fill + Default> Fill for Vec<(String, T)> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        reader.object("a map", &mut |reader, key| {
            let mut value = T::default();
            value.fill(reader)?;
            self.push((key.to_owned(), value));
            Ok(true)
        })
    }
}

impl<T: Fill> Fill for Box<T> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        (**self).fill(reader)
    }
}

impl Fill for String {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        match reader.token()? {
            Token::Text(text) => *self = text.into_owned(),
            other => return Err(reader.wrong(&other, "a string")),
        }
        Ok(())
    }
}

impl Fill for bool {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        match reader.token()? {
            Token::Truth(truth) => *self = truth,
            other => return Err(reader.wrong(&other, "a boolean")),
        }
        Ok(())
    }
}

impl Fill for i64 {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        *self = reader.whole("i64", i64::MIN..=i64::MAX)?;
        Ok(())
    }
}

impl Fill for i32 {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        *self = reader.whole("i32", i32::MIN.into()..=i32::MAX.into())? as i32;
        Ok(())
    }
}

impl Fill for u8 {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        *self = reader.whole("u8", 0..=u8::MAX.into())? as u8;
        Ok(())
    }
}

impl Fill for u64 {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        *self = reader.whole("u64", 0..=i64::MAX)? as u64;
        Ok(())
    }
}

impl Fill for usize {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        *self = reader.whole("usize", 0..=isize::MAX as i64)? as usize;
        Ok(())
    }
}

impl Fill for f64 {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        let token = reader.token()?;
        *self = reader.float(&token, "f64")?;
        Ok(())
    }
}

impl Fill for f32 {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        *self = match reader.token()? {
            // Rounded once: by way of 64 bits some would be rounded twice.
            Token::Decimal(text) => match f32::of_text(text) {
                Some(number) if number.is_finite() => number,
                _ => return Err(reader.said(format_args!("number out of range"))),
            },
            token => reader.float(&token, "f32")? as f32,
        };
        Ok(())
    }
}

impl Reader<'_> {
    fn whole(&mut self, wanted: &str, range: std::ops::RangeInclusive<i64>) -> Result<i64> {
        match self.token()? {
            Token::Whole(whole) if range.contains(&whole) => Ok(whole),
            Token::Whole(whole) => Err(self.said(format_args!("invalid value: integer `{whole}`, expected {wanted}"))),
            other => Err(self.wrong(&other, wanted)),
        }
    }

    /// The number that a token is.
    pub(in crate::import) fn float(&self, token: &Token<'_>, wanted: &str) -> Result<f64> {
        Ok(match token {
            Token::Whole(whole) => *whole as f64,
            Token::Large(whole) => *whole as f64,
            Token::Float(number) => *number,
            Token::Decimal(text) => match f64::of_text(text) {
                Some(number) if number.is_finite() => number,
                _ => return Err(self.said(format_args!("number out of range"))),
            },
            other => return Err(self.wrong(other, wanted)),
        })
    }

    /// Takes a value that nobody wants; true, as its key is known.
    pub(in crate::import) fn passed(&mut self) -> Result<bool> {
        self.skip().map(|()| true)
    }

    /// Fills an object's fields. Their `keys` stand in the fields' order, a space behind each, and a question mark where it need not be
    /// there; in `passed` those of values that nobody wants, or a star for all others.
    pub(in crate::import) fn record(
        &mut self,
        name: &str,
        keys: &str,
        passed: &str,
        fields: &mut [&mut dyn Fill],
    ) -> Result<()> {
        let mut seen = 0_u32;
        self.object(name, &mut |reader, key| {
            let place = keys.split(' ').position(|known| known.strip_suffix('?').unwrap_or(known) == key);
            let Some((field, place)) = place.and_then(|place| Some((fields.get_mut(place)?, place))) else {
                let is_passed = passed == "* " || passed.split(' ').any(|known| known == key);
                return if is_passed { reader.passed() } else { Ok(false) };
            };
            if seen >> place & 1 > 0 {
                return Err(reader.said(format_args!("duplicate field `{key}`")));
            }
            seen |= 1 << place;
            field.fill(reader)?;
            Ok(true)
        })?;
        for (place, key) in keys.split(' ').enumerate() {
            if seen >> place & 1 == 0 && !key.is_empty() && !key.ends_with('?') {
                return Err(self.said(format_args!("missing field `{key}`")));
            }
        }
        Ok(())
    }
}

/// The value of a whole file.
pub(in crate::import) fn whole_file<T: Fill + Default>(reader: Reader<'_>) -> Result<T> {
    let mut value = T::default();
    fill_all(&mut value, reader)?;
    Ok(value)
}

fn fill_all(value: &mut dyn Fill, mut reader: Reader<'_>) -> Result<()> {
    let read = value.fill(&mut reader).and_then(|()| reader.end());
    // A path of keys is as long as a file likes.
    read.map_err(|error| error.with_place(Code::InvalidModel, shown))
}

/// As [`whole_file`], of JSON within another file: a text's error has no place but its own line.
pub(in crate::import) fn of_json<T: Fill + Default>(bytes: &[u8]) -> Result<T> {
    let mut value = T::default();
    fill_json(&mut value, bytes)?;
    Ok(value)
}

pub(super) fn fill_json(value: &mut dyn Fill, bytes: &[u8]) -> Result<()> {
    fill_all(value, Reader::json(bytes)).map_err(|error| invalid(format_args!("{}", error.message())))
}

/// Records of these keys, 32 at most. What is `= …` where a key is not there comes behind its type; others are needed. Keys that are
/// known and not wanted follow in brackets, `"*"` for all others.
macro_rules! record {
    ($(#[$about:meta])* $vis:vis struct $name:ident {
        $($(#[$says:meta])* $field_vis:vis $field:ident: $type:ty $(= $default:expr)?,)*
    } $([$($passed:literal)*])?) => {
        $(#[$about])*
        $vis struct $name { $($(#[$says])* $field_vis $field: $type,)* }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: record!(@ $($default)?),)* }
            }
        }

        impl $crate::import::reader::take::Fill for $name {
            fn fill(&mut self, reader: &mut $crate::import::reader::Reader<'_>) -> $crate::error::Result<()> {
                let keys = concat!($(stringify!($field), record!(? $($default)?)),*);
                let passed = concat!($($($passed, " "),*)?);
                reader.record(concat!("struct ", stringify!($name)), keys, passed, &mut [$(&mut self.$field),*])
            }
        }
    };
    (@) => { Default::default() };
    (@ $default:expr) => { $default };
    (?) => { " " };
    (? $default:expr) => { "? " };
}
pub(in crate::import) use record;
