//! JSON and UBJSON → records, one value after another: the formats of three trainers, read by one reader.
//!
//! serde makes a reader of every type for every format, and again for the path that an error tells: 90,000 of the 337,000 bytes that
//! the module that converts had after gzip. Here are one reader, one loop over objects and one over
//! lists; what differs by type is in `take.rs`. An error says its place as it comes back through the loops.

mod json;
pub(super) mod take;
mod ubjson;

use std::borrow::Cow;
use std::fmt;

use crate::error::{Error, Result, invalid, shown};

/// Reads one value after another.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
    depth: usize,
    form: Form,
    /// The type of the UBJSON value that is next, where its list has said it for all.
    element: Option<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Ubjson,
}

/// What is next: a value, or the beginning of a list or an object.
pub(super) enum Token<'a> {
    Null,
    Truth(bool),
    Whole(i64),
    /// A whole number beyond those.
    Large(u64),
    Float(f64),
    /// A number in decimal, to be rounded to the type that is wanted.
    Decimal(&'a str),
    Text(Cow<'a, str>),
    List(Items),
    Object(Items),
}

/// How far a list or an object is read.
#[derive(Clone, Copy)]
pub(super) struct Items {
    closing: u8,
    is_first: bool,
    /// How many items are still to come, where UBJSON has said it; otherwise a closing bracket ends them.
    left: Option<usize>,
    /// The type of all items, where UBJSON has said it.
    element: Option<u8>,
}

impl<'a> Reader<'a> {
    /// A reader of JSON.
    pub(super) fn json(bytes: &'a [u8]) -> Self {
        Self::json_at(bytes, 0)
    }

    /// A reader of JSON that begins at this byte.
    pub(super) fn json_at(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset, depth: 0, form: Form::Json, element: None }
    }

    /// A reader of UBJSON.
    pub(super) fn ubjson(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0, depth: 0, form: Form::Ubjson, element: None }
    }

    /// Where the next byte is.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// Takes a value, or the beginning of a list or an object.
    pub(super) fn token(&mut self) -> Result<Token<'a>> {
        match self.form {
            Form::Json => self.json_token(),
            Form::Ubjson => self.ubjson_token(),
        }
    }

    /// Whether `null` is next; then it is taken.
    pub(super) fn takes_null(&mut self) -> Result<bool> {
        match self.form {
            Form::Json => self.json_null(),
            Form::Ubjson => self.ubjson_null(),
        }
    }

    /// Whether there is another item; otherwise the end is taken.
    fn more(&mut self, items: &mut Items) -> Result<bool> {
        match self.form {
            Form::Json => self.json_more(items),
            Form::Ubjson => self.ubjson_more(items),
        }
    }

    fn key(&mut self) -> Result<Cow<'a, str>> {
        match self.form {
            Form::Json => self.json_key(),
            Form::Ubjson => self.ubjson_text().map(Cow::Borrowed),
        }
    }

    /// Takes a value of any kind, however deep.
    pub(super) fn skip(&mut self) -> Result<()> {
        match self.form {
            Form::Json => self.json_skip(),
            Form::Ubjson => self.ubjson_skip(),
        }
    }

    /// Checks that nothing follows the value.
    pub(super) fn end(&mut self) -> Result<()> {
        if self.form == Form::Json {
            self.white();
        }
        if self.offset < self.bytes.len() {
            return Err(self.fault(format_args!(
                "{}",
                ["trailing characters", "bytes follow the end of the value"][self.form as usize]
            )));
        }
        Ok(())
    }

    /// What lies within a list or an object, which may lie in as many others as the format's files do.
    fn nested(&mut self, read: &mut dyn FnMut(&mut Self) -> Result<()>) -> Result<()> {
        /// As many as `serde_json` reads; XGBoost's own files nest 8 deep.
        const DEEPEST: [usize; 2] = [128, 64];
        let deepest = DEEPEST[self.form as usize];
        if self.depth == deepest {
            return Err(self.fault(format_args!("nested more than {deepest} deep")));
        }
        self.depth += 1;
        read(self)?;
        self.depth -= 1;
        Ok(())
    }

    /// Reads an object, each value by what is told of its key; whether the key is known.
    pub(super) fn object(&mut self, wanted: &str, read: &mut dyn FnMut(&mut Self, &str) -> Result<bool>) -> Result<()> {
        match self.token()? {
            Token::Object(items) => self.entries(items, read),
            other => Err(self.wrong(&other, wanted)),
        }
    }

    /// Reads the entries of an object that has begun.
    pub(super) fn entries(
        &mut self,
        mut items: Items,
        read: &mut dyn FnMut(&mut Self, &str) -> Result<bool>,
    ) -> Result<()> {
        self.nested(&mut |reader| {
            while reader.more(&mut items)? {
                let key = reader.key()?;
                let below = |error: Error| error.below(&shown(&key));
                if !read(reader, &key).map_err(below)? {
                    return Err(below(reader.said(format_args!("unknown field `{}`", shown(&key)))));
                }
            }
            Ok(())
        })
    }

    /// Reads a list's items.
    pub(super) fn list(&mut self, wanted: &str, read: &mut dyn FnMut(&mut Self) -> Result<()>) -> Result<()> {
        match self.token()? {
            Token::List(items) => self.items(items, read),
            other => Err(self.wrong(&other, wanted)),
        }
    }

    /// Reads the items of a list that has begun.
    pub(super) fn items(&mut self, mut items: Items, read: &mut dyn FnMut(&mut Self) -> Result<()>) -> Result<()> {
        let mut index = 0_usize;
        self.nested(&mut |reader| {
            while reader.more(&mut items)? {
                read(reader).map_err(|error| error.below(&format!("[{index}]")))?;
                index += 1;
            }
            Ok(())
        })
    }

    /// The error of bytes that are not of the format.
    #[cold]
    fn fault(&self, message: fmt::Arguments<'_>) -> Error {
        match self.form {
            Form::Json => self.said(message),
            Form::Ubjson => invalid(format_args!("offset {}: {message}", self.offset)),
        }
    }

    /// The error of a value that is not what is wanted here.
    #[cold]
    pub(super) fn said(&self, message: fmt::Arguments<'_>) -> Error {
        match self.form {
            Form::Json => {
                let before = &self.bytes[..self.offset];
                let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
                let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count();
                invalid(format_args!("{message} at line {line} column {column}"))
            }
            Form::Ubjson => invalid(format_args!("{message} before offset {}", self.offset)),
        }
    }

    /// The error of a value of another type.
    #[cold]
    pub(super) fn wrong(&self, found: &Token<'_>, wanted: &str) -> Error {
        let found = match found {
            Token::Null => String::from("null"),
            Token::Truth(truth) => format!("boolean `{truth}`"),
            Token::Whole(whole) => format!("integer `{whole}`"),
            Token::Large(whole) => format!("integer `{whole}`"),
            Token::Float(number) => format!("floating point `{number}`"),
            Token::Decimal(number) => format!("floating point `{}`", shown(number)),
            Token::Text(text) => format!("string \"{}\"", shown(text)),
            Token::List(_) => String::from("sequence"),
            Token::Object(_) => String::from("map"),
        };
        self.said(format_args!("invalid type: {found}, expected {wanted}"))
    }
}
