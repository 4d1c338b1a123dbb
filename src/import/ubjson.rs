//! Universal Binary JSON (draft 12) → serde, so that XGBoost's two formats share one description.
//!
//! The crates that read UBJSON are young (`serde-ubj` calls itself "not production ready", `ubjson` has had no release
//! since its first) and none bounds what a hostile file can claim, so this reads it itself. Every claimed length is
//! checked against the bytes that are left before anything is made of it; nesting deeper than [`DEEPEST`] is refused.

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

/// XGBoost's own files nest 8 deep.
const DEEPEST: usize = 64;

/// What went wrong, and at which byte.
#[derive(Debug)]
pub(super) struct UbjsonError {
    message: String,
}

impl std::fmt::Display for UbjsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UbjsonError {}

impl de::Error for UbjsonError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self { message: message.to_string() }
    }
}

type Result<T> = std::result::Result<T, UbjsonError>;

/// A serde deserializer over UBJSON bytes.
pub(super) struct Deserializer<'de> {
    bytes: &'de [u8],
    offset: usize,
    depth: usize,
}

impl<'de> Deserializer<'de> {
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        Self { bytes, offset: 0, depth: 0 }
    }

    /// Checks that nothing follows the value.
    pub(super) fn end(&self) -> Result<()> {
        if self.offset < self.bytes.len() {
            return Err(self.fault("bytes follow the end of the value"));
        }
        Ok(())
    }

    /// Where the next byte is.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    fn fault(&self, message: impl std::fmt::Display) -> UbjsonError {
        UbjsonError { message: format!("offset {}: {message}", self.offset) }
    }

    fn left(&self) -> usize {
        self.bytes.len() - self.offset
    }

    fn take(&mut self, count: usize) -> Result<&'de [u8]> {
        if count > self.left() {
            return Err(self.fault(format_args!("{count} bytes are due, {} are left", self.left())));
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
        Ok(self.array::<1>()?[0])
    }

    fn peek(&self) -> Result<u8> {
        self.bytes.get(self.offset).copied().ok_or_else(|| self.fault("the file ends here"))
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
            None => Err(self.fault(format_args!("a length of {length} is claimed, {} bytes are left", self.left()))),
        }
    }

    fn text(&mut self) -> Result<&'de str> {
        let length = self.length(1)?;
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map_err(|_| self.fault("a text is not UTF-8"))
    }

    fn unexpected(&self, marker: u8, wanted: &str) -> UbjsonError {
        self.fault(format_args!("marker {:?} where {wanted} is due", char::from(marker)))
    }

    /// The element type and count that may follow `[` or `{`.
    fn header(&mut self) -> Result<(Option<u8>, Option<usize>)> {
        let mut element = None;
        if self.peek()? == b'$' {
            self.offset += 1;
            let marker = self.marker()?;
            if width(marker).is_none() {
                // Elements of no bytes would let ten bytes claim any number of them.
                return Err(self.unexpected(marker, "a number's"));
            }
            element = Some(marker);
            if self.peek()? != b'#' {
                return Err(self.fault("an element type without a count"));
            }
        }
        if self.peek()? == b'#' {
            self.offset += 1;
            let bytes = element.and_then(width).unwrap_or(1);
            return Ok((element, Some(self.length(bytes)?)));
        }
        Ok((element, None))
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == DEEPEST {
            return Err(self.fault(format_args!("nested more than {DEEPEST} deep")));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn value<V: Visitor<'de>>(&mut self, marker: u8, visitor: V) -> Result<V::Value> {
        match marker {
            b'Z' => visitor.visit_unit(),
            b'T' => visitor.visit_bool(true),
            b'F' => visitor.visit_bool(false),
            b'd' => visitor.visit_f32(f32::from_be_bytes(self.array()?)),
            b'D' => visitor.visit_f64(f64::from_be_bytes(self.array()?)),
            b'S' => visitor.visit_borrowed_str(self.text()?),
            b'[' => self.nested(|this| {
                let (element, count) = this.header()?;
                visitor.visit_seq(Items { source: this, element, left: count })
            }),
            b'{' => self.nested(|this| {
                let (element, count) = this.header()?;
                if element.is_some() {
                    return Err(this.fault("objects of one type are not read"));
                }
                visitor.visit_map(Items { source: this, element: None, left: count })
            }),
            _ => visitor.visit_i64(self.integer(marker)?),
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

impl<'de> de::Deserializer<'de> for &mut Deserializer<'de> {
    type Error = UbjsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let marker = self.marker()?;
        self.value(marker, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.peek()? == b'Z' {
            self.offset += 1;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

/// The items of an array or an object.
struct Items<'a, 'de> {
    source: &'a mut Deserializer<'de>,
    element: Option<u8>,
    /// How many are still to come, where a count was given; otherwise a closing bracket ends them.
    left: Option<usize>,
}

impl Items<'_, '_> {
    fn ended(&mut self, closing: u8) -> Result<bool> {
        match &mut self.left {
            Some(0) => Ok(true),
            Some(left) => {
                *left -= 1;
                Ok(false)
            }
            None if self.source.peek()? == closing => {
                self.source.offset += 1;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = UbjsonError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.ended(b']')? {
            return Ok(None);
        }
        match self.element {
            Some(marker) => seed.deserialize(Number { source: self.source, marker }),
            None => seed.deserialize(&mut *self.source),
        }
        .map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        self.left
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = UbjsonError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.ended(b'}')? {
            return Ok(None);
        }
        let key = self.source.text()?;
        seed.deserialize(de::value::BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        seed.deserialize(&mut *self.source)
    }
}

/// One element of an array whose elements have no markers of their own.
struct Number<'a, 'de> {
    source: &'a mut Deserializer<'de>,
    marker: u8,
}

impl<'de> de::Deserializer<'de> for Number<'_, 'de> {
    type Error = UbjsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.source.value(self.marker, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any newtype_struct
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn read<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> std::result::Result<T, String> {
        let mut source = Deserializer::new(bytes);
        let value = T::deserialize(&mut source).map_err(|error| error.to_string())?;
        source.end().map_err(|error| error.to_string())?;
        Ok(value)
    }

    #[test]
    fn every_marker_is_read() {
        assert_eq!(read(b"T"), Ok(true));
        assert_eq!(read(b"F"), Ok(false));
        assert_eq!(read(b"Z"), Ok(()));
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
        assert_eq!(read(b"{i\x01aT}"), Ok(std::collections::BTreeMap::from([("a".to_owned(), true)])));
    }

    #[test]
    fn what_is_wrong_has_its_offset() {
        for (bytes, message) in [
            (&b""[..], "offset 0: 1 bytes are due, 0 are left"),
            (b"I\x00", "offset 1: 2 bytes are due, 1 are left"),
            (b"i\x01\x02", "offset 2: bytes follow the end of the value"),
            (b"Si\x03ab", "offset 3: a length of 3 is claimed, 2 bytes are left"),
            (b"[$I#i\x02\x00\x01\x00", "offset 6: a length of 2 is claimed, 3 bytes are left"),
            (b"[$T#i\x02", "offset 3: marker 'T' where a number's is due"),
            (b"[$i]", "offset 3: an element type without a count"),
            (b"[i\x01", "offset 3: the file ends here"),
            (b"x", "offset 1: marker 'x' where a whole number is due"),
        ] {
            let found = read::<serde::de::IgnoredAny>(bytes).map(|_| ());
            assert_eq!(found, Err(message.to_owned()), "{bytes:?}");
        }
        let mut source = Deserializer::new(b"i\x01Z");
        assert_eq!((source.offset(), source.left()), (0, 3));
        i64::deserialize(&mut source).expect("a number");
        assert_eq!((source.offset(), source.left()), (2, 1));
    }

    #[test]
    fn how_many_items_come_is_told_where_it_is_known() {
        let mut source = Deserializer::new(b"[]");
        let mut hint = |left| SeqAccess::size_hint(&Items { source: &mut source, element: None, left });
        assert_eq!([hint(None), hint(Some(0)), hint(Some(7))], [None, Some(0), Some(7)]);
    }
}
