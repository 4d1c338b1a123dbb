//! One opaque error: what went wrong, and where.

use std::fmt;

use crate::sealed::IS_SEALED;

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
    /// A model without covers, of which explanations are made.
    #[cfg(feature = "explain")]
    NoCovers,
    /// A schema file that is not a schema, or does not fit its model.
    InvalidSchema,
    /// A quote that is opened and not closed, so that where a row ends is not known.
    #[cfg(feature = "rows")]
    UnclosedQuote,
    /// A file of rows that can be read in two ways.
    #[cfg(feature = "rows")]
    AmbiguousInput,
    /// An option, or a plan of a file of rows, that does not fit.
    #[cfg(feature = "rows")]
    InvalidOption,
    /// Training data that cannot be trained on.
    InvalidData,
    /// A case that says what cannot be, or of what its model does not have.
    #[cfg(feature = "case")]
    InvalidCase,
    /// A golden row that the model does not answer as its trainer did.
    #[cfg(feature = "case")]
    DifferentAnswer,
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
            #[cfg(feature = "explain")]
            Self::NoCovers => "no_covers",
            Self::InvalidSchema => "invalid_schema",
            #[cfg(feature = "rows")]
            Self::UnclosedQuote => "unclosed_quote",
            #[cfg(feature = "rows")]
            Self::AmbiguousInput => "ambiguous_input",
            #[cfg(feature = "rows")]
            Self::InvalidOption => "invalid_option",
            Self::InvalidData => "invalid_data",
            #[cfg(feature = "case")]
            Self::InvalidCase => "invalid_case",
            #[cfg(feature = "case")]
            Self::DifferentAnswer => "different_answer",
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
    /// In UTF-8, as bytes: putting characters into a `String` would take the page's module half a kilobyte.
    place: Vec<u8>,
    field: Option<String>,
    /// Likewise.
    message: Vec<u8>,
    /// What is wrong by a stable name, and what goes into a sentence about it.
    #[cfg(feature = "case")]
    reason: Option<(&'static str, Vec<(&'static str, String)>)>,
}

/// The result of this crate's fallible functions.
pub type Result<T> = std::result::Result<T, Error>;

// A hundred places make errors. What the page's module can reach says so by a fixed text and numbers: formatting by the
// standard library's macros would take it two thirds more bytes.
impl Error {
    /// An error of this text, a number of `numbers` in the place of each `#`.
    #[cold]
    #[inline(never)]
    pub(crate) fn plain(code: Code, template: &str, numbers: &[usize]) -> Self {
        sealed();
        Self::of(code, filled(template, numbers))
    }

    /// An error of this text in UTF-8.
    #[cold]
    #[inline(never)]
    pub(crate) fn of(code: Code, message: Vec<u8>) -> Self {
        sealed();
        Self(Box::new(Inner {
            code,
            place: Vec::new(),
            field: None,
            message,
            #[cfg(feature = "case")]
            reason: None,
        }))
    }

    /// The error of a model that cannot be explained.
    #[cfg(feature = "explain")]
    pub(crate) fn no_covers() -> Self {
        let message =
            "the model cannot be explained: its file does not say how much of the training data came to each leaf";
        Self::plain(Code::NoCovers, message, &[])
    }

    /// The same error about one named field of a row.
    #[cold]
    #[inline(never)]
    pub(crate) fn about(self, field: &str) -> Self {
        let mut error = self.within(field.as_bytes());
        error.0.field = Some(field.to_owned());
        error
    }

    /// As [`Error::at`], the place a text with a number in the place of each `#`.
    #[cold]
    #[inline(never)]
    pub(crate) fn place(self, template: &str, numbers: &[usize]) -> Self {
        self.within(&filled(template, numbers))
    }

    /// The same error with an outer place put before it.
    #[cold]
    #[inline(never)]
    pub(crate) fn within(mut self, place: &[u8]) -> Self {
        let inner = std::mem::replace(&mut self.0.place, place.to_vec());
        if !inner.is_empty() {
            self.0.place.extend_from_slice(b", ");
            self.0.place.extend_from_slice(&inner);
        }
        self
    }

    /// The same error a step further in: `below("trees")` on `[2].values: …` gives `trees[2].values: …`.
    #[cfg(feature = "import")]
    #[cold]
    #[inline(never)]
    pub(crate) fn below(mut self, step: &str) -> Self {
        let inner = std::mem::replace(&mut self.0.place, step.as_bytes().to_vec());
        if !(inner.is_empty() || inner.starts_with(b"[")) {
            self.0.place.push(b'.');
        }
        self.0.place.extend_from_slice(&inner);
        self
    }

    /// The same error at what this makes of its place, and of this kind.
    #[cfg(feature = "import")]
    pub(crate) fn with_place(mut self, code: Code, place: impl FnOnce(&str) -> String) -> Self {
        self.0.code = code;
        self.0.place = place(&String::from_utf8_lossy(&self.0.place)).into_bytes();
        self
    }

    /// The same error with more behind its message.
    #[cfg(feature = "case")]
    pub(crate) fn and(mut self, more: &str) -> Self {
        self.0.message.extend_from_slice(more.as_bytes());
        self
    }

    /// The same error with a stable name of what is wrong, and what goes into a sentence about it: for a page, which says it in the reader's
    /// language.
    #[cfg(feature = "case")]
    pub(crate) fn because(mut self, reason: &'static str, values: &[(&'static str, &str)]) -> Self {
        let values = values.iter().map(|&(name, value)| (name, value.to_owned())).collect();
        self.0.reason = Some((reason, values));
        self
    }

    /// What [`Error::because`] was told.
    #[cfg(feature = "case")]
    pub(crate) fn reason(&self) -> Option<(&'static str, &[(&'static str, String)])> {
        self.0.reason.as_ref().map(|(reason, values)| (*reason, &**values))
    }

    /// The place: empty where the error is about the whole.
    #[cfg(feature = "case")]
    pub fn location(&self) -> &str {
        std::str::from_utf8(&self.0.place).unwrap_or_default()
    }

    /// The line that [`Display`](fmt::Display) gives, in UTF-8.
    pub(crate) fn line(&self) -> Vec<u8> {
        let mut line = self.0.place.clone();
        if !line.is_empty() {
            line.extend_from_slice(b": ");
        }
        line.extend_from_slice(&self.0.message);
        line
    }

    /// An error about the input or the file as a whole.
    #[cold]
    #[inline(never)]
    pub(crate) fn new(code: Code, message: fmt::Arguments<'_>) -> Self {
        Self::of(code, message.to_string().into_bytes())
    }

    /// An error about one named field of a row.
    #[cold]
    #[inline(never)]
    pub(crate) fn in_field(code: Code, field: &str, message: fmt::Arguments<'_>) -> Self {
        Self::new(code, message).about(field)
    }

    /// The same error with an outer place put before it: `at("tree 12")` on `node 3: …` gives `tree 12, node 3: …`.
    #[cfg(feature = "import")]
    #[cold]
    #[inline(never)]
    pub(crate) fn at(self, place: fmt::Arguments<'_>) -> Self {
        self.within(place.to_string().as_bytes())
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
        std::str::from_utf8(&self.0.message).unwrap_or_default()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.line()))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}, {self})", self.0.code.as_str())
    }
}

impl std::error::Error for Error {}

/// A module that is sealed around one model reads only bytes that a test has read before it was built: there an error
/// cannot be, and all that is only for one is left out.
#[inline(always)]
fn sealed() {
    if IS_SEALED {
        panic!();
    }
}

/// `template` with a number in the place of each `#`.
#[inline(never)]
pub(crate) fn filled(template: &str, mut numbers: &[usize]) -> Vec<u8> {
    let mut out = Vec::new();
    for &byte in template.as_bytes() {
        match *numbers {
            [number, ref rest @ ..] if byte == b'#' => {
                numbers = rest;
                push_number(&mut out, number);
            }
            _ => out.push(byte),
        }
    }
    out
}

fn push_number(out: &mut Vec<u8>, number: usize) {
    if number > 9 {
        push_number(out, number / 10);
    }
    out.push(b'0' + (number % 10) as u8);
}

/// The error for a model that contradicts itself, as [`Error::plain`] says it.
#[cold]
pub(crate) fn broken(template: &str, numbers: &[usize]) -> Error {
    Error::plain(Code::InvalidModel, template, numbers)
}

/// The error for a model that contradicts itself.
#[cfg(feature = "import")]
#[cold]
pub(crate) fn invalid(message: fmt::Arguments<'_>) -> Error {
    Error::new(Code::InvalidModel, message)
}

/// The error for a model that uses something that is not evaluated.
#[cfg(feature = "import")]
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
            _ => push_shown(&mut out, character),
        }
    }
    out.push('"');
    out
}

/// A message with foreign texts in it made safe to print: at most 120 characters, what does not show escaped.
#[cfg(feature = "import")]
pub(crate) fn shown(message: &str) -> String {
    const LONGEST: usize = 120;
    let mut out = String::new();
    message.chars().take(LONGEST).for_each(|character| push_shown(&mut out, character));
    if message.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

fn push_shown(out: &mut String, character: char) {
    match character {
        '\0'..='\x1f'
        | '\x7f'..='\u{9f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => {
            out.push_str("\\u{");
            for shift in
                [16, 12, 8, 4, 0].into_iter().skip_while(|&shift| shift > 0 && u32::from(character) >> shift == 0)
            {
                out.push(char::from_digit(u32::from(character) >> shift & 15, 16).unwrap_or('0'));
            }
            out.push('}');
        }
        _ => out.push(character),
    }
}
