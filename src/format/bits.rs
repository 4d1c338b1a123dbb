//! A stream of bits, the first in the lowest bit of the first byte.

use crate::error::{Result, broken};

/// How many bits tell `count` things apart.
pub(super) fn width(count: usize) -> u32 {
    count.next_power_of_two().trailing_zeros()
}

#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    used: u32,
}

impl BitWriter {
    pub(super) fn put(&mut self, value: u32, width: u32) {
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

    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    used: usize,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, used: 0 }
    }

    pub(super) fn get(&mut self, width: u32) -> Result<u32> {
        if self.used + width as usize > self.bytes.len() * 8 {
            return Err(broken("the trees' bits end early", &[]));
        }
        let mut value = 0;
        for bit in 0..width {
            let byte = self.bytes[self.used / 8];
            value |= u32::from(byte >> (self.used % 8) & 1) << bit;
            self.used += 1;
        }
        Ok(value)
    }

    /// Checks that nothing but the zeros that fill the last byte is left.
    pub(super) fn finish(mut self) -> Result<()> {
        let left = self.bytes.len() * 8 - self.used;
        if left >= 8 || self.get(left as u32)? != 0 {
            return Err(broken("there are bits after the last tree", &[]));
        }
        Ok(())
    }
}
