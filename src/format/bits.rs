//! A stream of bits, the first in the lowest bit of the first byte.

use crate::error::{Result, broken};

/// How many bits tell `count` things apart.
pub(crate) const fn width(count: usize) -> u32 {
    count.next_power_of_two().trailing_zeros()
}

#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    used: u32,
}

impl BitWriter {
    pub(crate) fn put(&mut self, value: u32, width: u32) {
        for bit in 0..width {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> bit & 1) as u8) << (self.used % 8);
            }
            self.used += 1;
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads bits; behind the last one there are zeros, and [`BitReader::check`] says so.
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    used: usize,
}

impl<'a> BitReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, used: 0 }
    }

    /// The next `width` bits, at most 32.
    #[inline(never)]
    pub(crate) fn get(&mut self, width: u32) -> u32 {
        let rest = self.bytes.get(self.used / 8..).unwrap_or(&[]);
        let window = u64::from_le_bytes(rest.first_chunk().copied().unwrap_or_else(|| {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            last
        }));
        let value = window >> (self.used % 8) & ((1 << width) - 1);
        self.used += width as usize;
        value as u32
    }

    /// Checks that no more bits were read than there are.
    pub(crate) fn check(&self) -> Result<()> {
        if self.used > self.bytes.len() * 8 {
            return Err(broken("the trees' bits end early", &[]));
        }
        Ok(())
    }

    /// Checks that nothing but the zeros that fill the last byte is left.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.check()?;
        let left = self.bytes.len() * 8 - self.used;
        if left >= 8 || self.get(left as u32) != 0 {
            return Err(broken("there are bits after the last tree", &[]));
        }
        Ok(())
    }
}
