//! One opaque error: what went wrong, and where.

use std::fmt;

/// What kind of thing went wrong. The text of [`Code::as_str`] is stable across releases: programs may
/// branch on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// Nothing was supplied.
    EmptyInput,
    /// A row with more or fewer values than the model has features.
    WrongFieldCount,
    /// A value that is not a decimal number.
    NotANumber,
    /// An infinite value, or one too large for the trainer's 32-bit floats.
    NotFinite,
    /// A name that is no feature of the model.
    UnknownField,
    /// A text that is none of a feature's categories.
    UnknownCategory,
    /// A value of a type that cannot be a row.
    WrongType,
    /// Bytes that are not a model, or a model that contradicts itself.
    InvalidModel,
    /// A well-formed model that uses something Wardian does not evaluate (yet).
    UnsupportedModel,
    /// A schema file that is not a schema, or does not fit its model.
    InvalidSchema,
    /// Training data that cannot be trained on.
    InvalidData,
}

impl Code {
    /// The stable, machine-readable form, e.g. `wrong_field_count`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmptyInput => "empty_input",
            Self::WrongFieldCount => "wrong_field_count",
            Self::NotANumber => "not_a_number",
            Self::NotFinite => "not_finite",
            Self::UnknownField => "unknown_field",
            Self::UnknownCategory => "unknown_category",
            Self::WrongType => "wrong_type",
            Self::InvalidModel => "invalid_model",
            Self::UnsupportedModel => "unsupported_model",
            Self::InvalidSchema => "invalid_schema",
            Self::InvalidData => "invalid_data",
        }
    }
}

/// An error of this crate. Its `Display` is one line that names the place first:
/// `tree 12, node 3: child 99 does not exist`.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    code: Code,
    place: String,
    field: Option<String>,
    message: String,
}

/// The result of this crate's fallible functions.
pub type Result<T> = std::result::Result<T, Error>;

// Messages come as `fmt::Arguments` and are written out here, out of line: a hundred places make errors, and in the
// page's module each would otherwise carry its own copy of the formatting.
impl Error {
    /// An error about the input or the file as a whole.
    #[cold]
    #[inline(never)]
    pub(crate) fn new(code: Code, message: fmt::Arguments<'_>) -> Self {
        Self(Box::new(Inner { code, place: String::new(), field: None, message: message.to_string() }))
    }

    /// An error about one named field of a row.
    #[cold]
    #[inline(never)]
    pub(crate) fn in_field(code: Code, field: &str, message: fmt::Arguments<'_>) -> Self {
        let mut error = Self::new(code, message);
        field.clone_into(&mut error.0.place);
        error.0.field = Some(field.to_owned());
        error
    }

    /// The same error with an outer place put before it: `at("tree 12")` on `node 3: …` gives `tree 12, node 3: …`.
    #[cold]
    #[inline(never)]
    pub(crate) fn at(mut self, place: fmt::Arguments<'_>) -> Self {
        let inner = std::mem::take(&mut self.0.place);
        self.0.place = place.to_string();
        if !inner.is_empty() {
            self.0.place.push_str(", ");
            self.0.place.push_str(&inner);
        }
        self
    }

    /// What kind of error this is.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The feature at fault, where the error is about one.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// What went wrong, without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.place.is_empty() {
            write!(f, "{}: ", self.0.place)?;
        }
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}, {self})", self.0.code.as_str())
    }
}

impl std::error::Error for Error {}

/// The error for a model that contradicts itself.
#[cold]
pub(crate) fn invalid(message: fmt::Arguments<'_>) -> Error {
    Error::new(Code::InvalidModel, message)
}

/// The error for a model that uses something that is not evaluated.
#[cold]
pub(crate) fn unsupported(message: fmt::Arguments<'_>) -> Error {
    Error::new(Code::UnsupportedModel, message)
}

/// A foreign text made safe to print inside an error: at most 40 characters, quoted, what does not show escaped.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut out = String::from("\"");
    for (index, character) in text.chars().enumerate() {
        if index == LONGEST {
            out.push_str("\"…");
            return out;
        }
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => out += &format!("\\u{{{:x}}}", u32::from(character)),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
