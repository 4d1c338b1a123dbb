//! What is read of a file's values: a type says how it is taken.

use super::{Reader, Token};
use crate::error::{Code, Result, invalid, shown};

/// A type that is read of one value.
pub(in crate::import) trait Take: Sized {
    /// What a key that is not there stands for, if it need not be.
    fn absent() -> Option<Self> {
        None
    }

    /// Takes the value that is next.
    fn take(reader: &mut Reader<'_>) -> Result<Self>;
}

/// A value that nobody wants.
#[derive(Debug, Default, PartialEq)]
pub(in crate::import) struct Skipped;

impl Take for Skipped {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        reader.skip().map(|()| Self)
    }
}

impl<T: Take> Take for Option<T> {
    fn absent() -> Option<Self> {
        Some(None)
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        if reader.takes_null()? { Ok(None) } else { T::take(reader).map(Some) }
    }
}

impl<T: Take> Take for Vec<T> {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        let mut values = Self::new();
        reader.list("a sequence", &mut |reader| {
            values.push(T::take(reader)?);
            Ok(())
        })?;
        Ok(values)
    }
}

/// An object of keys that are not known before; those that come twice are there twice.
impl<T: Take> Take for Vec<(String, T)> {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        let mut entries = Self::new();
        reader.object("a map", &mut |reader, key| {
            let value = T::take(reader)?;
            entries.push((key.to_owned(), value));
            Ok(true)
        })?;
        Ok(entries)
    }
}

impl<T: Take> Take for Box<T> {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        T::take(reader).map(Self::new)
    }
}

impl Take for String {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.token()? {
            Token::Text(text) => Ok(text.into_owned()),
            other => Err(reader.wrong(&other, "a string")),
        }
    }
}

impl Take for bool {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.token()? {
            Token::Truth(truth) => Ok(truth),
            other => Err(reader.wrong(&other, "a boolean")),
        }
    }
}

impl Take for i64 {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        reader.whole("i64")
    }
}

impl Take for i32 {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        reader.whole_within("i32")
    }
}

impl Take for u8 {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        reader.whole_within("u8")
    }
}

impl Take for u64 {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        reader.whole_within("u64")
    }
}

impl Take for usize {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        reader.whole_within("usize")
    }
}

impl Take for f64 {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        let token = reader.token()?;
        reader.float(&token, "f64")
    }
}

impl Take for f32 {
    fn take(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.token()? {
            // Rounded once: by way of 64 bits some would be rounded twice.
            Token::Decimal(text) => match text.parse() {
                Ok(number) if f32::is_finite(number) => Ok(number),
                _ => Err(reader.said(format_args!("number out of range"))),
            },
            token => reader.float(&token, "f32").map(|number| number as f32),
        }
    }
}

impl Reader<'_> {
    fn whole(&mut self, wanted: &str) -> Result<i64> {
        match self.token()? {
            Token::Whole(whole) => Ok(whole),
            other => Err(self.wrong(&other, wanted)),
        }
    }

    fn whole_within<T: TryFrom<i64>>(&mut self, wanted: &str) -> Result<T> {
        let whole = self.whole(wanted)?;
        T::try_from(whole)
            .map_err(|_| self.said(format_args!("invalid value: integer `{whole}`, expected {wanted}")))
    }

    /// The number that a token is.
    pub(in crate::import) fn float(&self, token: &Token<'_>, wanted: &str) -> Result<f64> {
        Ok(match token {
            Token::Whole(whole) => *whole as f64,
            Token::Large(whole) => *whole as f64,
            Token::Float(number) => *number,
            Token::Decimal(text) => match text.parse() {
                Ok(number) if f64::is_finite(number) => number,
                _ => return Err(self.said(format_args!("number out of range"))),
            },
            other => return Err(self.wrong(other, wanted)),
        })
    }

    /// Puts the value that is next where its key's belongs.
    pub(in crate::import) fn put<T: Take>(&mut self, slot: &mut Option<T>, key: &str) -> Result<bool> {
        if slot.is_some() {
            return Err(self.said(format_args!("duplicate field `{key}`")));
        }
        *slot = Some(T::take(self)?);
        Ok(true)
    }

    /// Takes a value that nobody wants; true, as its key is known.
    pub(in crate::import) fn passed(&mut self) -> Result<bool> {
        self.skip().map(|()| true)
    }

    /// The value of a key that was read, or what stands for one that was not.
    pub(in crate::import) fn got<T: Take>(&self, slot: Option<T>, key: &str) -> Result<T> {
        match slot.or_else(T::absent) {
            Some(value) => Ok(value),
            None => Err(self.said(format_args!("missing field `{key}`"))),
        }
    }
}

/// The value of a whole file.
pub(in crate::import) fn whole_file<T: Take>(mut reader: Reader<'_>) -> Result<T> {
    let read = T::take(&mut reader).and_then(|value| reader.end().map(|()| value));
    // A path of keys is as long as a file likes.
    read.map_err(|error| error.with_place(Code::InvalidModel, shown))
}

/// As [`whole_file`], of JSON within another file: a text's error has no place but its own line.
pub(in crate::import) fn of_json<T: Take>(bytes: &[u8]) -> Result<T> {
    whole_file(Reader::json(bytes)).map_err(|error| invalid(format_args!("{}", error.message())))
}

/// Records of these keys. What is `= …` where a key is not there comes behind its type; others are needed, unless they are options.
/// Keys that are known and not wanted follow in brackets, `_` among them for all others.
macro_rules! record {
    ($(#[$about:meta])* $vis:vis struct $name:ident {
        $($(#[$says:meta])* $field_vis:vis $field:ident: $type:ty $(= $default:expr)?,)*
    } $([$($known:tt)*])?) => {
        $(#[$about])*
        $vis struct $name { $($(#[$says])* $field_vis $field: $type,)* }

        impl $crate::import::reader::take::Take for $name {
            fn take(reader: &mut $crate::import::reader::Reader<'_>) -> $crate::error::Result<Self> {
                $(let mut $field: Option<$type> = None;)*
                reader.object(concat!("struct ", stringify!($name)), &mut |reader, key| match key {
                    $(stringify!($field) => reader.put(&mut $field, key),)*
                    $($($known)* => reader.passed(),)?
                    #[allow(unreachable_patterns, reason = "what follows a pattern for all keys")]
                    _ => Ok(false),
                })?;
                Ok(Self { $($field: record!(@ reader $field $(= $default)?),)* })
            }
        }
    };
    (@ $reader:ident $field:ident) => { $reader.got($field, stringify!($field))? };
    (@ $reader:ident $field:ident = $default:expr) => { $field.unwrap_or_else(|| $default) };
}
pub(in crate::import) use record;
