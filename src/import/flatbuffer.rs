//! Flatbuffers: tables whose fields are found through offsets, read where they lie.
//!
//! Every offset is checked where it is followed. Many places of a file may refer to one: all that is read is counted, and more than the file
//! has is refused, so that time and memory stay linear in it.

use std::cell::Cell;

use crate::error::{Error, Result, invalid};

/// The bytes of a flatbuffer.
pub(super) struct Buffer<'a> {
    bytes: &'a [u8],
    /// How many may still be read.
    left: Cell<usize>,
}

/// One table.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    buffer: &'a Buffer<'a>,
    start: usize,
    /// How many bytes it takes.
    size: usize,
    /// Where in it each field begins, 0 where it has its default.
    fields: &'a [[u8; 2]],
}

fn fault(offset: usize, message: std::fmt::Arguments<'_>) -> Error {
    invalid(message).at(format_args!("offset {offset}"))
}

impl<'a> Buffer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, left: Cell::new(bytes.len()) }
    }

    /// The table that all others are reached from.
    pub(super) fn root(&'a self) -> Result<Table<'a>> {
        self.table(self.followed(0)?)
    }

    fn slice(&self, offset: usize, count: usize) -> Result<&'a [u8]> {
        let bytes = self.bytes.get(offset..).and_then(|bytes| bytes.get(..count));
        bytes.ok_or_else(|| {
            let left = self.bytes.len().saturating_sub(offset);
            fault(offset, format_args!("{count} bytes are due, {left} are left"))
        })
    }

    fn array<const N: usize>(&self, offset: usize) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.slice(offset, N)?);
        Ok(array)
    }

    /// Where the offset that lies here leads to.
    fn followed(&self, offset: usize) -> Result<usize> {
        let distance = u32::from_le_bytes(self.array(offset)?) as usize;
        let reached = offset.checked_add(distance).filter(|&reached| reached < self.bytes.len());
        reached.ok_or_else(|| fault(offset, format_args!("the offset {distance} leads beyond the end")))
    }

    /// Counts what is read.
    fn spend(&self, offset: usize, count: usize) -> Result<()> {
        let left = self.left.get().checked_sub(count);
        self.left.set(left.ok_or_else(|| fault(offset, format_args!("many places of the file refer to this one")))?);
        Ok(())
    }

    fn table(&'a self, start: usize) -> Result<Table<'a>> {
        let distance = i64::from(i32::from_le_bytes(self.array(start)?));
        let Ok(head) = usize::try_from(start as i64 - distance) else {
            return Err(fault(start, format_args!("the table's fields lie before the file")));
        };
        let [length, size] =
            [0, 2].map(|place| Ok::<_, Error>(u16::from_le_bytes(self.array(head.saturating_add(place))?)));
        let (length, size) = (usize::from(length?), usize::from(size?));
        let Some(length) = length.checked_sub(4) else {
            return Err(fault(head, format_args!("the list of a table's fields is too short")));
        };
        let (fields, []) = self.slice(head + 4, length)?.as_chunks() else {
            return Err(fault(head, format_args!("the list of a table's fields has half a field")));
        };
        self.slice(start, size)?;
        self.spend(start, size.max(1))?;
        Ok(Table { buffer: self, start, size, fields })
    }

    /// The elements of the vector that the offset here leads to, of `N` bytes each; and where they begin.
    fn vector<const N: usize>(&self, offset: usize) -> Result<(usize, &'a [[u8; N]])> {
        let start = self.followed(offset)?;
        let count = u32::from_le_bytes(self.array(start)?) as usize;
        let bytes = count.checked_mul(N).and_then(|bytes| self.slice(start + 4, bytes).ok());
        let Some(bytes) = bytes else {
            let left = self.bytes.len().saturating_sub(start + 4);
            return Err(fault(start, format_args!("{count} elements of {N} bytes are claimed, {left} bytes are left")));
        };
        self.spend(start, bytes.len())?;
        Ok((start + 4, bytes.as_chunks().0))
    }
}

impl<'a> Table<'a> {
    /// Where a field of so many bytes is, if the table has it.
    fn place(&self, field: usize, width: usize) -> Result<Option<usize>> {
        match self.fields.get(field).map(|&place| usize::from(u16::from_le_bytes(place))) {
            None | Some(0) => Ok(None),
            Some(place) if place < 4 || place + width > self.size => {
                Err(fault(self.start, format_args!("field {field} of the table is not within it")))
            }
            Some(place) => Ok(Some(self.start + place)),
        }
    }

    /// The first field that the table has of those from `end` on.
    pub(super) fn field_from(&self, end: usize) -> Option<usize> {
        (end..self.fields.len()).find(|&field| self.fields[field] != [0, 0])
    }

    /// The bytes of a number, if the table has it.
    pub(super) fn number<const N: usize>(&self, field: usize) -> Result<Option<[u8; N]>> {
        self.place(field, N)?.map(|place| self.buffer.array(place)).transpose()
    }

    pub(super) fn integer(&self, field: usize, default: i32) -> Result<i32> {
        Ok(self.number(field)?.map_or(default, i32::from_le_bytes))
    }

    pub(super) fn double(&self, field: usize, default: f64) -> Result<f64> {
        Ok(self.number(field)?.map_or(default, f64::from_le_bytes))
    }

    pub(super) fn byte(&self, field: usize, default: u8) -> Result<u8> {
        Ok(self.number(field)?.map_or(default, u8::from_le_bytes))
    }

    /// A vector's elements, of `N` bytes each; none where the table has no such field.
    pub(super) fn vector<const N: usize>(&self, field: usize) -> Result<&'a [[u8; N]]> {
        Ok(self
            .place(field, 4)?
            .map(|place| self.buffer.vector(place))
            .transpose()?
            .map_or(&[], |(_, elements)| elements))
    }

    pub(super) fn text(&self, field: usize) -> Result<Option<&'a str>> {
        self.place(field, 4)?.map(|place| self.buffer.text(place)).transpose()
    }

    pub(super) fn table(&self, field: usize) -> Result<Option<Table<'a>>> {
        self.place(field, 4)?.map(|place| self.buffer.table(self.buffer.followed(place)?)).transpose()
    }

    /// The tables of a vector; none where the table has no such field.
    pub(super) fn tables(&self, field: usize) -> Result<impl ExactSizeIterator<Item = Result<Table<'a>>> + use<'a>> {
        let buffer = self.buffer;
        let places = self.places(field)?;
        Ok(places.map(move |place| buffer.table(buffer.followed(place)?)))
    }

    /// The texts of a vector; none where the table has no such field.
    pub(super) fn texts(&self, field: usize) -> Result<impl ExactSizeIterator<Item = Result<&'a str>> + use<'a>> {
        let buffer = self.buffer;
        let places = self.places(field)?;
        Ok(places.map(move |place| buffer.text(place)))
    }

    /// Where the offsets of a vector lie.
    fn places(&self, field: usize) -> Result<impl ExactSizeIterator<Item = usize> + use<>> {
        let (start, count) = match self.place(field, 4)? {
            None => (0, 0),
            Some(place) => {
                let (start, offsets) = self.buffer.vector::<4>(place)?;
                (start, offsets.len())
            }
        };
        Ok((0..count).map(move |index| start + 4 * index))
    }
}

impl<'a> Buffer<'a> {
    /// The text that the offset here leads to.
    fn text(&self, offset: usize) -> Result<&'a str> {
        let (start, bytes) = self.vector::<1>(offset)?;
        std::str::from_utf8(bytes.as_flattened()).map_err(|_| fault(start, format_args!("a text is not UTF-8")))
    }
}

#[cfg(test)]
pub(super) mod building;

#[cfg(test)]
mod tests {
    use super::building::{Value, built};
    use super::*;

    fn sample() -> Vec<u8> {
        built(&[
            (0, Value::Integer(-7)),
            (2, Value::Double(0.25)),
            (3, Value::Byte(9)),
            (4, Value::Text("größe")),
            (5, Value::Vector(vec![1, 0, 2, 0], 2)),
            (6, Value::Tables(vec![vec![(0, Value::Integer(3))], vec![]])),
            (7, Value::Table(vec![(1, Value::Texts(vec!["a", "bc"]))])),
        ])
    }

    /// All of it, or the first fault.
    fn walked(bytes: &[u8]) -> Result<String> {
        let buffer = Buffer::new(bytes);
        let root = buffer.root()?;
        let mut out =
            format!("{} {} {} {} ", root.integer(0, 1)?, root.integer(1, 1)?, root.double(2, 1.0)?, root.byte(3, 1)?);
        out.push_str(root.text(4)?.unwrap_or("none"));
        out.push_str(&format!(" {:?}", root.vector::<2>(5)?));
        for table in root.tables(6)? {
            out.push_str(&format!(" {}", table?.integer(0, -1)?));
        }
        if let Some(table) = root.table(7)? {
            for text in table.texts(1)? {
                out.push_str(&format!(" {}", text?));
            }
        }
        Ok(out)
    }

    #[test]
    fn every_kind_of_field_is_read_and_what_is_absent_has_its_default() {
        assert_eq!(walked(&sample()).expect("a flatbuffer"), "-7 1 0.25 9 größe [[1, 0], [2, 0]] 3 -1 a bc");
        assert_eq!(walked(&built(&[])).expect("a flatbuffer"), "1 1 1 1 none []");
    }

    #[test]
    fn a_file_that_is_cut_off_or_changed_anywhere_is_read_or_refused() {
        let whole = sample();
        for length in 0..whole.len() {
            if let Err(error) = walked(&whole[..length]) {
                assert!(error.to_string().starts_with("offset "), "{error}");
            }
        }
        for place in 0..whole.len() {
            for flip in 1..=255 {
                let mut bytes = whole.clone();
                bytes[place] ^= flip;
                let _ = walked(&bytes);
            }
        }
    }

    #[test]
    fn what_many_places_refer_to_is_refused() {
        // A vector of offsets, all of which lead to one table that has a vector of its own.
        let shared = |count: usize| {
            let tables = vec![vec![(0, Value::Vector(vec![0; 1000], 1))]; count];
            let mut bytes = built(&[(0, Value::Tables(tables))]);
            let start = bytes.len() - count * (4 + 2 + 8 + 4 + 1000);
            let first = start + 6;
            for index in 1..count {
                let place = start - 4 * (count - index);
                let distance = (first - place) as u32;
                bytes[place..place + 4].copy_from_slice(&distance.to_le_bytes());
            }
            bytes.truncate(start + 6 + 8 + 4 + 1000);
            bytes
        };
        let read = |bytes: &[u8]| -> Result<usize> {
            let buffer = Buffer::new(bytes);
            let mut count = 0;
            for table in buffer.root()?.tables(0)? {
                count += table?.vector::<1>(0)?.len();
            }
            Ok(count)
        };
        assert_eq!(read(&shared(1)).expect("one reference"), 1000);
        let error = read(&shared(5)).expect_err("five references").to_string();
        assert!(error.contains("many places of the file refer to this one"), "{error}");
    }
}
