//! Reading and writing of whole bytes: little-endian numbers, LEB128 counts, length-prefixed parts.

use crate::error::{Code, Error, Result, broken, filled};
use crate::numbers::{Numbers, Precision};

/// A position in a slice. Every read checks what is left, so no claimed length is believed.
///
/// What cannot be read is 0, or empty, and so is all that follows; [`Reader::check`] then gives the first error. A check
/// after every number would be a quarter of the page's module.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
    failure: Option<Error>,
}

impl<'a> Reader<'a> {
    /// A reader of `bytes`, which begin at `offset` of the file.
    pub(crate) fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset, failure: None }
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

    /// The first error of the reads until now, if there is one.
    pub(super) fn check(&mut self) -> Result<()> {
        self.failure.take().map_or(Ok(()), Err)
    }

    /// Notes what is wrong at `offset`; nothing more will be read.
    #[cold]
    #[inline(never)]
    fn fail(&mut self, offset: usize, template: &str, numbers: &[usize]) {
        self.refuse(broken(template, numbers).place("offset #", &[offset]));
    }

    /// Notes an error; nothing more will be read.
    #[cold]
    #[inline(never)]
    pub(super) fn refuse(&mut self, error: Error) {
        self.bytes = &[];
        self.failure.get_or_insert(error);
    }

    pub(super) fn rest(&mut self) -> &'a [u8] {
        self.take(self.bytes.len())
    }

    #[inline(never)]
    pub(super) fn take(&mut self, count: usize) -> &'a [u8] {
        let Some((taken, rest)) = self.bytes.split_at_checked(count) else {
            self.fail(self.offset, "# bytes are due, # are left", &[count, self.bytes.len()]);
            return &[];
        };
        self.bytes = rest;
        self.offset += count;
        taken
    }

    pub(super) fn u8(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    pub(super) fn u32(&mut self) -> u32 {
        self.take(4).first_chunk().copied().map_or(0, u32::from_le_bytes)
    }

    /// Floats as [`put_floats`] writes them.
    pub(super) fn floats(&mut self, count: usize) -> Vec<f32> {
        // The counts come from `count`, so they fit.
        let bytes = self.take(count * 4);
        let count = bytes.len() / 4;
        let mut floats = Vec::with_capacity(count);
        for index in 0..count {
            floats.push(float(bytes, index));
        }
        floats
    }

    /// Numbers of a type, as [`put_numbers`] writes them.
    pub(super) fn numbers(&mut self, precision: Precision, count: usize) -> Numbers {
        match precision {
            Precision::Single => Numbers::Single(self.floats(count)),
            #[cfg(feature = "double")]
            Precision::Double => Numbers::Double(self.doubles(count)),
        }
    }

    /// 64-bit floats as [`put_doubles`] writes them.
    #[cfg(feature = "double")]
    pub(super) fn doubles(&mut self, count: usize) -> Vec<f64> {
        let bytes = self.take(count * 8);
        let count = bytes.len() / 8;
        let double = |index| std::array::from_fn(|plane| bytes[plane * count + index]);
        (0..count).map(|index| f64::from_le_bytes(double(index))).collect()
    }

    /// A number in LEB128, shortest form only.
    #[inline(never)]
    pub(super) fn varint(&mut self) -> u32 {
        let start = self.offset;
        let mut value: u64 = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.u8();
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                if byte == 0 && shift > 0 {
                    break;
                }
                return u32::try_from(value).unwrap_or_else(|_| {
                    self.fail(start, "a number is larger than 32 bits", &[]);
                    0
                });
            }
        }
        self.fail(start, "a number is not in its shortest form", &[]);
        0
    }

    /// A count of items that take at least `bits` bits each: refused if they cannot fit in what is left.
    #[inline(never)]
    pub(super) fn count(&mut self, what: &str, bits: usize) -> usize {
        let start = self.offset;
        let count = self.varint() as usize;
        let left = self.bytes.len();
        if count as u64 * bits as u64 > left as u64 * 8 {
            let claim = [&filled("# ", &[count]), what.as_bytes(), &filled(" do not fit in # bytes", &[left])];
            self.refuse(Error::of(Code::InvalidModel, claim.concat()).place("offset #", &[start]));
            return 0;
        }
        count
    }

    /// A number as [`put_number`] writes it.
    pub(super) fn number(&mut self) -> f64 {
        let start = self.offset;
        match self.u8() {
            PLAIN => self.take(8).first_chunk().copied().map_or(0.0, f64::from_le_bytes),
            decimals if decimals <= MOST_DECIMALS => {
                let zigzag = self.varint();
                let whole = f64::from((zigzag >> 1) as i32 ^ -((zigzag & 1) as i32));
                whole / power_of_ten(decimals)
            }
            other => {
                self.fail(start, "numbers of kind # are unknown", &[other as usize]);
                0.0
            }
        }
    }
}

/// One of the floats that are all of `bytes`, as [`put_floats`] writes them.
pub(crate) fn float(bytes: &[u8], index: usize) -> f32 {
    let byte = |plane| bytes[plane * (bytes.len() / 4) + index];
    // Not `map`, which is a function of its own here.
    f32::from_le_bytes([byte(0), byte(1), byte(2), byte(3)])
}

/// The kind of a number that is eight bytes; any other kind is its count of decimals.
pub(crate) const PLAIN: u8 = 255;
pub(crate) const MOST_DECIMALS: u8 = 15;

/// Exact, like the whole number that is divided by it: so the quotient is the float nearest to the decimal number.
pub(crate) const fn power_of_ten(decimals: u8) -> f64 {
    let (mut power, mut times) = (1.0, 0);
    while times < decimals {
        power *= 10.0;
        times += 1;
    }
    power
}

/// Writes a number: its count of decimals and all its digits as a whole number where that gives the very same float, as
/// it does for numbers that people write; else [`PLAIN`] and the float.
pub(super) fn put_number(out: &mut Vec<u8>, number: f64) {
    for decimals in 0..=MOST_DECIMALS {
        let whole = (number * power_of_ten(decimals)).round();
        if whole.abs() < f64::from(1 << 30) && (whole / power_of_ten(decimals)).to_bits() == number.to_bits() {
            let whole = whole as i32;
            out.push(decimals);
            return put_varint(out, (whole << 1 ^ whole >> 31) as u32);
        }
    }
    out.push(PLAIN);
    out.extend(number.to_le_bytes());
}

/// Writes floats: the lowest byte of each, then the second of each, and so on. Signs and exponents, which are alike, come
/// together: after gzip the shipped model is a tenth smaller.
pub(super) fn put_floats(out: &mut Vec<u8>, floats: &[f32]) {
    for plane in 0..4 {
        out.extend(floats.iter().map(|float| float.to_le_bytes()[plane]));
    }
}

/// Writes 64-bit floats in the same manner.
#[cfg(feature = "double")]
pub(super) fn put_doubles(out: &mut Vec<u8>, doubles: &[f64]) {
    for plane in 0..8 {
        out.extend(doubles.iter().map(|double| double.to_le_bytes()[plane]));
    }
}

/// Writes numbers of either type.
pub(super) fn put_numbers(out: &mut Vec<u8>, numbers: &Numbers) {
    match numbers {
        Numbers::Single(floats) => put_floats(out, floats),
        #[cfg(feature = "double")]
        Numbers::Double(doubles) => put_doubles(out, doubles),
    }
}

pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
