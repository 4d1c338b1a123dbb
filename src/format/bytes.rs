//! Reading and writing of whole bytes: little-endian numbers, LEB128 counts, length-prefixed text.

use crate::error::{Code, Error, Result, broken, filled};

/// A position in a slice. Every read checks what is left, so no claimed length is believed.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// A reader of `bytes`, which begin at `offset` of the file.
    pub(super) fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset }
    }

    /// The offset in the file of the next byte.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn remaining(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn rest(&mut self) -> &'a [u8] {
        self.offset += self.bytes.len();
        std::mem::take(&mut self.bytes)
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let Some((taken, rest)) = self.bytes.split_at_checked(count) else {
            return Err(
                broken("# bytes are due, # are left", &[count, self.bytes.len()]).place("offset #", &[self.offset])
            );
        };
        self.bytes = rest;
        self.offset += count;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn floats(&mut self, count: usize) -> Result<Vec<f32>> {
        // The counts come from `count`, so they fit.
        let bytes = self.take(count * 4)?;
        Ok(bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
    }

    pub(super) fn f64(&mut self) -> Result<f64> {
        self.array().map(f64::from_le_bytes)
    }

    /// A number in LEB128, shortest form only.
    pub(super) fn varint(&mut self) -> Result<u32> {
        let start = self.offset;
        let mut value: u64 = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                if byte == 0 && shift > 0 {
                    break;
                }
                return u32::try_from(value)
                    .map_err(|_| broken("a number is larger than 32 bits", &[]).place("offset #", &[start]));
            }
        }
        Err(broken("a number is not in its shortest form", &[]).place("offset #", &[start]))
    }

    /// A count of items that take at least `bits` bits each: refused if they cannot fit in what is left.
    pub(super) fn count(&mut self, what: &str, bits: usize) -> Result<usize> {
        let start = self.offset;
        let count = self.varint()? as usize;
        let room = self.bytes.len() as u64 * 8;
        if count as u64 * bits as u64 > room {
            let claim = filled("# ", &[count]) + what;
            let error =
                Error::of(Code::InvalidModel, claim + &filled(" do not fit in the # bytes left", &[self.bytes.len()]));
            return Err(error.place("offset #", &[start]));
        }
        Ok(count)
    }

    pub(super) fn text(&mut self) -> Result<String> {
        let length = self.count("bytes of text", 8)?;
        let start = self.offset;
        let bytes = self.take(length)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(broken("a text is not UTF-8", &[]).place("offset #", &[start])),
        }
    }
}

pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u32);
    out.extend(text.as_bytes());
}
