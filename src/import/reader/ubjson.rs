//! The markers of Universal Binary JSON (draft 12).
//!
//! The crates that read UBJSON are young (`serde-ubj` calls itself "not production ready", `ubjson` has had no release
//! since its first) and none bounds what a hostile file can claim, so this reads it itself. Every claimed length is
//! checked against the bytes that are left before anything is made of it; what is nested deep is refused.

use std::borrow::Cow;

use super::{Items, Reader, Token};
use crate::error::{Error, Result};

impl<'a> Reader<'a> {
    fn left(&self) -> usize {
        self.bytes.len() - self.offset
    }

    /// That the file is cut off.
    #[cold]
    fn ends(&self, what: std::fmt::Arguments<'_>) -> Error {
        self.fault(format_args!("{what}: the file ends early, at byte {}: copy it again", self.bytes.len()))
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        if count > self.left() {
            return Err(self.ends(format_args!("{count} bytes are due, {} are left", self.left())));
        }
        let taken = &self.bytes[self.offset..self.offset + count];
        self.offset += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn marker(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn peek(&self) -> Result<u8> {
        self.bytes.get(self.offset).copied().ok_or_else(|| self.ends(format_args!("no value ends")))
    }

    fn integer(&mut self, marker: u8) -> Result<i64> {
        Ok(match marker {
            b'i' => i64::from(i8::from_be_bytes(self.array()?)),
            b'U' => i64::from(self.marker()?),
            b'I' => i64::from(i16::from_be_bytes(self.array()?)),
            b'l' => i64::from(i32::from_be_bytes(self.array()?)),
            b'L' => i64::from_be_bytes(self.array()?),
            other => return Err(self.unexpected(other, "a whole number")),
        })
    }

    /// A length, of things that take at least `bytes` bytes each.
    fn length(&mut self, bytes: usize) -> Result<usize> {
        let marker = self.marker()?;
        let length = self.integer(marker)?;
        match usize::try_from(length).ok().filter(|&length| length <= self.left() / bytes) {
            Some(length) => Ok(length),
            None => Err(self.ends(format_args!("a length of {length} is claimed, {} bytes are left", self.left()))),
        }
    }

    pub(super) fn ubjson_text(&mut self) -> Result<&'a str> {
        let length = self.length(1)?;
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map_err(|_| self.fault(format_args!("a text is not UTF-8")))
    }

    #[cold]
    fn unexpected(&self, marker: u8, wanted: &str) -> Error {
        self.fault(format_args!("marker {:?} where {wanted} is due", char::from(marker)))
    }

    /// The element type and count that may follow `[` or `{`.
    fn header(&mut self, closing: u8) -> Result<Items> {
        let mut items = Items { closing, is_first: true, left: None, element: None };
        if self.peek()? == b'$' {
            self.offset += 1;
            let marker = self.marker()?;
            if width(marker).is_none() {
                // Elements of no bytes would let ten bytes claim any number of them.
                return Err(self.unexpected(marker, "a number's"));
            }
            items.element = Some(marker);
            if self.peek()? != b'#' {
                return Err(self.fault(format_args!("an element type without a count")));
            }
        }
        if self.peek()? == b'#' {
            self.offset += 1;
            items.left = Some(self.length(items.element.and_then(width).unwrap_or(1))?);
        }
        Ok(items)
    }

    pub(super) fn ubjson_token(&mut self) -> Result<Token<'a>> {
        let marker = match self.element.take() {
            Some(element) => element,
            None => self.marker()?,
        };
        Ok(match marker {
            b'Z' => Token::Null,
            b'T' => Token::Truth(true),
            b'F' => Token::Truth(false),
            b'd' => Token::Float(f32::from_be_bytes(self.array()?).into()),
            b'D' => Token::Float(f64::from_be_bytes(self.array()?)),
            b'S' => Token::Text(Cow::Borrowed(self.ubjson_text()?)),
            b'[' => Token::List(self.header(b']')?),
            b'{' => {
                let items = self.header(b'}')?;
                if items.element.is_some() {
                    return Err(self.fault(format_args!("objects of one type are not read")));
                }
                Token::Object(items)
            }
            _ => Token::Whole(self.integer(marker)?),
        })
    }

    pub(super) fn ubjson_null(&mut self) -> Result<bool> {
        let is_null = self.element.is_none() && self.peek()? == b'Z';
        self.offset += usize::from(is_null);
        Ok(is_null)
    }

    pub(super) fn ubjson_more(&mut self, items: &mut Items) -> Result<bool> {
        let is_more = match &mut items.left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None if self.peek()? == items.closing => {
                self.offset += 1;
                false
            }
            None => true,
        };
        self.element = items.element.filter(|_| is_more);
        Ok(is_more)
    }

    pub(super) fn ubjson_skip(&mut self) -> Result<()> {
        match self.ubjson_token()? {
            Token::List(Items { element: Some(element), left: Some(left), .. }) => {
                // No more than are left: a length was checked.
                self.offset += left * width(element).unwrap_or(0);
                Ok(())
            }
            Token::List(items) => self.items(items, &mut Self::ubjson_skip),
            Token::Object(items) => self.entries(items, &mut |reader, _| reader.passed()),
            _ => Ok(()),
        }
    }
}

/// How many bytes a number of this type takes.
fn width(marker: u8) -> Option<usize> {
    match marker {
        b'i' | b'U' => Some(1),
        b'I' => Some(2),
        b'l' | b'd' => Some(4),
        b'L' | b'D' => Some(8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::take::{Fill, Skipped};
    use super::*;

    fn read<T: Fill + Default>(bytes: &[u8]) -> std::result::Result<T, String> {
        let mut source = Reader::ubjson(bytes);
        let mut value = T::default();
        value.fill(&mut source).map_err(|error| error.to_string())?;
        source.end().map_err(|error| error.to_string())?;
        Ok(value)
    }

    #[test]
    fn every_marker_is_read() {
        assert_eq!(read(b"T"), Ok(true));
        assert_eq!(read(b"F"), Ok(false));
        assert_eq!(read(b"Z"), Ok(Skipped));
        assert_eq!(read::<Option<i64>>(b"Z"), Ok(None));
        assert_eq!(read(b"i\xff"), Ok(Some(-1_i64)));
        assert_eq!(read(b"U\xff"), Ok(255_i64));
        assert_eq!(read(b"I\x80\x01"), Ok(-32767_i64));
        assert_eq!(read(b"l\x00\x01\x00\x00"), Ok(65536_i64));
        assert_eq!(read(b"L\x00\x00\x00\x01\x00\x00\x00\x00"), Ok(1_i64 << 32));
        assert_eq!(read(b"d\x3f\x00\x00\x00"), Ok(0.5_f32));
        assert_eq!(read(b"D\x3f\xe0\x00\x00\x00\x00\x00\x00"), Ok(0.5_f64));
        assert_eq!(read(b"Si\x02ab"), Ok("ab".to_owned()));
        assert_eq!(read(b"[i\x01Zi\x02]"), Ok(vec![Some(1_i64), None, Some(2)]));
        // Numbers of one type, counted: of each width.
        assert_eq!(read(b"[$U#i\x02\x01\x02"), Ok(vec![1_i64, 2]));
        assert_eq!(read(b"[$I#i\x02\x00\x01\x00\x02"), Ok(vec![1_i64, 2]));
        assert_eq!(read(b"[$d#i\x01\x3f\x00\x00\x00"), Ok(vec![0.5_f32]));
        assert_eq!(read(b"[$D#i\x01\x3f\xe0\x00\x00\x00\x00\x00\x00"), Ok(vec![0.5_f64]));
        assert_eq!(read(b"{i\x01aT}"), Ok(vec![("a".to_owned(), true)]));
    }

    #[test]
    fn what_is_wrong_has_its_offset() {
        for (bytes, message) in [
            (&b""[..], "offset 0: 1 bytes are due, 0 are left: the file ends early, at byte 0: copy it again"),
            (b"I\x00", "offset 1: 2 bytes are due, 1 are left: the file ends early, at byte 2: copy it again"),
            (b"i\x01\x02", "offset 2: bytes follow the end of the value"),
            (
                b"Si\x03ab",
                "offset 3: a length of 3 is claimed, 2 bytes are left: the file ends early, at byte 5: copy it again",
            ),
            (
                b"[$I#i\x02\x00\x01\x00",
                "offset 6: a length of 2 is claimed, 3 bytes are left: the file ends early, at byte 9: copy it again",
            ),
            (b"[$T#i\x02", "offset 3: marker 'T' where a number's is due"),
            (b"[$i]", "offset 3: an element type without a count"),
            (b"[i\x01", "offset 3: no value ends: the file ends early, at byte 3: copy it again"),
            (b"x", "offset 1: marker 'x' where a whole number is due"),
        ] {
            let found = read::<Skipped>(bytes).map(|_| ());
            assert_eq!(found, Err(message.to_owned()), "{bytes:?}");
        }
        let mut source = Reader::ubjson(b"i\x01Z");
        assert_eq!((source.offset(), source.left()), (0, 3));
        Skipped.fill(&mut source).expect("a number");
        assert_eq!((source.offset(), source.left()), (2, 1));
    }
}
