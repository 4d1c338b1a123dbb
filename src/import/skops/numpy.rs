//! numpy's `.npy` files: a description of what the items are, which is a Python literal, and the items.

use crate::error::{Error, Result, invalid};

/// An array, as its file describes it.
#[derive(Debug, PartialEq)]
pub(super) struct File<'f> {
    pub(super) items: Items,
    pub(super) is_fortran: bool,
    pub(super) shape: Vec<u32>,
    pub(super) data: &'f [u8],
}

/// What the items are: of one type, or records of several, by names.
#[derive(Debug, PartialEq)]
pub(super) enum Items {
    One(String),
    Records(Vec<(String, String)>),
}

impl<'f> File<'f> {
    /// Reads a file.
    ///
    /// # Errors
    /// `invalid_model` for what is none.
    pub(super) fn read(bytes: &'f [u8]) -> Result<Self> {
        let broken = || invalid(format_args!("it is no array of numpy"));
        let (start, length) = match bytes {
            [0x93, b'N', b'U', b'M', b'P', b'Y', 1, _, low, high, ..] => {
                (10, usize::from(u16::from_le_bytes([*low, *high])))
            }
            [0x93, b'N', b'U', b'M', b'P', b'Y', 2 | 3, _, a, b, c, d, ..] => {
                (12, u32::from_le_bytes([*a, *b, *c, *d]) as usize)
            }
            _ => return Err(broken()),
        };
        let header = bytes.get(start..).and_then(|rest| rest.get(..length)).ok_or_else(broken)?;
        let header = std::str::from_utf8(header).map_err(|_| broken())?;
        let mut literal = Literal { rest: header };
        let (mut items, mut is_fortran, mut shape) = (None, None, None);
        literal.due("{")?;
        while !literal.is("}") {
            let key = literal.text()?;
            literal.due(":")?;
            match key.as_str() {
                "descr" => items = Some(literal.items()?),
                "fortran_order" => is_fortran = Some(literal.flag()?),
                "shape" => shape = Some(literal.shape()?),
                _ => return Err(broken()),
            }
            if !literal.is(",") {
                literal.due("}")?;
                break;
            }
        }
        match (items, is_fortran, shape) {
            (Some(items), Some(is_fortran), Some(shape)) => {
                Ok(Self { items, is_fortran, shape, data: &bytes[start + length..] })
            }
            _ => Err(broken()),
        }
    }
}

/// What is left of a literal.
struct Literal<'l> {
    rest: &'l str,
}

impl Literal<'_> {
    fn broken(&self) -> Error {
        invalid(format_args!("its description ends unlike numpy's, {} bytes before its end", self.rest.len()))
    }

    fn is(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn due(&mut self, token: &str) -> Result<()> {
        if self.is(token) { Ok(()) } else { Err(self.broken()) }
    }

    /// A text in quotes, in which nothing is escaped.
    fn text(&mut self) -> Result<String> {
        let quote = if self.is("'") { '\'' } else { '"' };
        if quote == '"' {
            self.due("\"")?;
        }
        let end = self.rest.find(quote).ok_or_else(|| self.broken())?;
        let (text, rest) = self.rest.split_at(end);
        let text = text.to_owned();
        self.rest = &rest[1..];
        if text.contains('\\') { Err(self.broken()) } else { Ok(text) }
    }

    fn flag(&mut self) -> Result<bool> {
        if self.is("True") {
            return Ok(true);
        }
        self.due("False").map(|()| false)
    }

    fn shape(&mut self) -> Result<Vec<u32>> {
        let mut shape = Vec::new();
        self.due("(")?;
        while !self.is(")") {
            let end = self.rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(self.rest.len());
            let (digits, rest) = self.rest.split_at(end);
            shape.push(digits.parse().map_err(|_| self.broken())?);
            self.rest = rest;
            if !self.is(",") {
                self.due(")")?;
                break;
            }
        }
        Ok(shape)
    }

    fn items(&mut self) -> Result<Items> {
        if !self.is("[") {
            return self.text().map(Items::One);
        }
        let mut fields = Vec::new();
        while !self.is("]") {
            self.due("(")?;
            let name = self.text()?;
            self.due(",")?;
            let item = self.text()?;
            self.due(")")?;
            fields.push((name, item));
            if !self.is(",") {
                self.due("]")?;
                break;
            }
        }
        Ok(Items::Records(fields))
    }
}
