//! Protocol buffers' wire format: a message is fields one after another, each a number, a kind and a value.
//!
//! Nothing is copied and nothing nests by itself: a message within a message is bytes until somebody asks for its fields, so that
//! no file decides how deep anything goes. Fields that nobody asks for are stepped over. Every length is compared with the
//! bytes that are left.

use std::marker::PhantomData;

use crate::error::{Error, Result, invalid};

/// The bytes of a message, and where in the file they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'a> {
    bytes: &'a [u8],
    offset: usize,
}

/// One field of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    pub(super) number: u64,
    value: Value<'a>,
    /// Where the field begins.
    offset: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Whole(u64),
    Eight([u8; 8]),
    Bytes(Message<'a>),
    Four([u8; 4]),
}

impl<'a> Message<'a> {
    /// A whole file.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    /// The bytes themselves.
    pub(super) fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The fields in the file's order; after an error there are none.
    pub(super) fn fields(self) -> Fields<'a> {
        Fields { rest: self }
    }

    /// The numbers of a field that may be there any number of times, and whose numbers may be packed into one: all are looked
    /// at, so that none is wrong when they are asked for.
    pub(super) fn numbers<N: Number>(self, number: u64) -> Result<Numbers<'a, N>> {
        let mut numbers = Numbers { number, fields: self.fields(), packed: None, left: 0, kind: PhantomData };
        let mut count = 0;
        while numbers.next_number()?.is_some() {
            count += 1;
        }
        numbers.fields = self.fields();
        numbers.left = count;
        Ok(numbers)
    }

    fn take(&mut self, count: u64) -> Result<&'a [u8]> {
        match usize::try_from(count).ok().and_then(|count| self.bytes.split_at_checked(count)) {
            Some((taken, rest)) => {
                *self = Self { bytes: rest, offset: self.offset + taken.len() };
                Ok(taken)
            }
            None => Err(self.fault(format_args!("{count} bytes are due, {} are left", self.bytes.len()))),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N as u64)?);
        Ok(array)
    }

    /// A number of seven bits a byte, the lowest first; all but the last byte have the eighth.
    fn varint(&mut self) -> Result<u64> {
        const MOST_BYTES: usize = 10;
        let start = *self;
        let mut value = 0;
        for index in 0..MOST_BYTES {
            let [byte] = self.array()?;
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(start.fault(format_args!("a number of more than {MOST_BYTES} bytes")))
    }

    fn fault(self, message: std::fmt::Arguments<'_>) -> Error {
        fault(self.offset, message)
    }
}

fn fault(offset: usize, message: std::fmt::Arguments<'_>) -> Error {
    invalid(format_args!("offset {offset}: {message}"))
}

/// The fields of a message.
#[derive(Clone)]
pub(super) struct Fields<'a> {
    rest: Message<'a>,
}

impl<'a> Fields<'a> {
    /// Whether the next field holds bytes and has this number; it may be longer than what is left.
    pub(super) fn is_next(&self, number: u64) -> bool {
        { self.rest }.varint().is_ok_and(|key| key == number << 3 | 2)
    }

    fn field(&mut self) -> Result<Field<'a>> {
        let offset = self.rest.offset;
        let key = self.rest.varint()?;
        let number = key >> 3;
        let value = match key & 7 {
            0 => Value::Whole(self.rest.varint()?),
            1 => Value::Eight(self.rest.array()?),
            2 => {
                let length = self.rest.varint()?;
                let begins = self.rest.offset;
                Value::Bytes(Message { bytes: self.rest.take(length)?, offset: begins })
            }
            5 => Value::Four(self.rest.array()?),
            kind => return Err(fault(offset, format_args!("field {number} is of kind {kind}, which is not read"))),
        };
        if number == 0 {
            return Err(fault(offset, format_args!("a field of number 0")));
        }
        Ok(Field { number, value, offset })
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.bytes.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest.bytes = &[];
        }
        Some(field)
    }
}

impl<'a> Field<'a> {
    /// The whole number that the field holds.
    pub(super) fn whole(self) -> Result<i64> {
        match self.value {
            Value::Whole(value) => Ok(value as i64),
            _ => Err(self.odd("a whole number")),
        }
    }

    /// The 32-bit float that the field holds.
    pub(super) fn single(self) -> Result<f32> {
        match self.value {
            Value::Four(bytes) => Ok(f32::from_le_bytes(bytes)),
            _ => Err(self.odd("a 32-bit float")),
        }
    }

    /// The message, or the bytes, that the field holds.
    pub(super) fn message(self) -> Result<Message<'a>> {
        match self.value {
            Value::Bytes(message) => Ok(message),
            _ => Err(self.odd("bytes")),
        }
    }

    /// The text that the field holds.
    pub(super) fn text(self) -> Result<&'a str> {
        let bytes = self.message()?.bytes;
        std::str::from_utf8(bytes).map_err(|_| fault(self.offset, format_args!("a text is not UTF-8")))
    }

    fn odd(self, wanted: &str) -> Error {
        fault(self.offset, format_args!("field {} is not {wanted}", self.number))
    }
}

/// A number that a field may have many of.
pub(super) trait Number: Sized {
    /// The one number that a field holds by itself.
    fn alone(value: Value<'_>) -> Option<Self>;
    /// The next of packed ones.
    fn next(packed: &mut Message<'_>) -> Result<Self>;
}

impl Number for i64 {
    fn alone(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Whole(value) => Some(value as i64),
            _ => None,
        }
    }

    fn next(packed: &mut Message<'_>) -> Result<Self> {
        packed.varint().map(|value| value as i64)
    }
}

impl Number for f32 {
    fn alone(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Four(bytes) => Some(Self::from_le_bytes(bytes)),
            _ => None,
        }
    }

    fn next(packed: &mut Message<'_>) -> Result<Self> {
        packed.array().map(Self::from_le_bytes)
    }
}

impl Number for f64 {
    fn alone(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Eight(bytes) => Some(Self::from_le_bytes(bytes)),
            _ => None,
        }
    }

    fn next(packed: &mut Message<'_>) -> Result<Self> {
        packed.array().map(Self::from_le_bytes)
    }
}

/// The numbers of a repeated field.
#[derive(Clone)]
pub(super) struct Numbers<'a, N> {
    number: u64,
    fields: Fields<'a>,
    packed: Option<Message<'a>>,
    left: usize,
    kind: PhantomData<N>,
}

impl<N: Number> Numbers<'_, N> {
    /// How many are still to come.
    pub(super) fn len(&self) -> usize {
        self.left
    }

    fn next_number(&mut self) -> Result<Option<N>> {
        loop {
            if let Some(packed) = self.packed.as_mut().filter(|packed| !packed.bytes.is_empty()) {
                return N::next(packed).map(Some);
            }
            let Some(field) = self.fields.next() else { return Ok(None) };
            let field = field?;
            if field.number != self.number {
                continue;
            }
            match field.value {
                Value::Bytes(packed) => self.packed = Some(packed),
                value => return N::alone(value).map(Some).ok_or_else(|| field.odd("numbers of its type")),
            }
        }
    }
}

impl<N: Number> Iterator for Numbers<'_, N> {
    type Item = N;

    fn next(&mut self) -> Option<N> {
        self.left = self.left.checked_sub(1)?;
        // All were looked at before.
        self.next_number().ok().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers<N: Number>(bytes: &[u8]) -> std::result::Result<Vec<N>, String> {
        let numbers = Message::new(bytes).numbers::<N>(1).map_err(|error| error.to_string())?;
        let count = numbers.len();
        let numbers: Vec<N> = numbers.collect();
        assert_eq!(numbers.len(), count);
        Ok(numbers)
    }

    fn first(bytes: &[u8]) -> Result<Field<'_>> {
        Message::new(bytes).fields().next().expect("a field")
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let whole = |bytes| first(bytes).and_then(Field::whole).map_err(|error| error.to_string());
        assert_eq!(whole(b"\x08\x00"), Ok(0));
        assert_eq!(whole(b"\x08\xac\x02"), Ok(300));
        assert_eq!(whole(b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), Ok(-1));
        assert_eq!(first(b"\x0d\0\0\x80\x3f").and_then(Field::single).map_err(|error| error.to_string()), Ok(1.0));
        assert_eq!(first(b"\x0a\x02ab").and_then(Field::text).map_err(|error| error.to_string()), Ok("ab"));
        let field = first(b"\xfa\x01\x02\x08\x07").expect("a message");
        assert_eq!(field.number, 31);
        let inner: Vec<_> =
            field.message().expect("a message").fields().map(|field| field.and_then(Field::whole)).collect();
        assert!(matches!(inner[..], [Ok(7)]));
    }

    #[test]
    fn numbers_are_packed_or_not() {
        assert_eq!(numbers::<i64>(b"\x08\x01\x08\x02"), Ok(vec![1, 2]));
        assert_eq!(numbers::<i64>(b"\x0a\x03\x01\xac\x02"), Ok(vec![1, 300]));
        assert_eq!(numbers::<i64>(b"\x0a\x00\x08\x05\x10\x09\x0a\x01\x06"), Ok(vec![5, 6]));
        assert_eq!(numbers::<f32>(b"\x0a\x08\0\0\x80\x3f\0\0\0\x40\x0d\0\0\x80\xbf"), Ok(vec![1.0, 2.0, -1.0]));
        assert_eq!(numbers::<f64>(b"\x09\0\0\0\0\0\0\xf0\x3f"), Ok(vec![1.0]));
        assert_eq!(numbers::<f64>(b""), Ok(vec![]));
    }

    #[test]
    fn what_is_wrong_has_its_offset() {
        for (bytes, message) in [
            (&b"\x08"[..], "offset 1: 1 bytes are due, 0 are left"),
            (b"\x08\x01\x0a\x05ab", "offset 4: 5 bytes are due, 2 are left"),
            (
                b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                "offset 11: 18446744073709551615 bytes are due, 0 are left",
            ),
            (b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "offset 1: a number of more than 10 bytes"),
            (b"\x0b", "offset 0: field 1 is of kind 3, which is not read"),
            (b"\x0f", "offset 0: field 1 is of kind 7, which is not read"),
            (b"\x00\x01", "offset 0: a field of number 0"),
            (b"\x0d\x01\x02\x03\x04", "offset 0: field 1 is not numbers of its type"),
            (b"\x0a\x01\x80", "offset 3: 1 bytes are due, 0 are left"),
        ] {
            assert_eq!(numbers::<i64>(bytes), Err(message.to_owned()), "{bytes:?}");
        }
        let texts = |bytes| first(bytes).and_then(Field::text).expect_err("no text").to_string();
        assert_eq!(texts(b"\x0a\x01\xff"), "offset 0: a text is not UTF-8");
        assert_eq!(texts(b"\x08\x01"), "offset 0: field 1 is not bytes");
        let mut fields = Message::new(b"\x0b\x08\x01").fields();
        assert!(fields.next().is_some_and(|field| field.is_err()) && fields.next().is_none());
    }
}
