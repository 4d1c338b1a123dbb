//! Files that gzip or zlib has packed: as people pack them, and joblib.
//!
//! What gzip puts around is read here: the crate that does so elsewhere brings 16 KiB of tables for a checksum that is the least of
//! the time, a ninth of all that the module that converts may be.

use std::borrow::Cow;

use flate2::{Decompress, FlushDecompress, Status};

use crate::error::{Code, Error, Result};
use crate::format::checksum;

/// How a file begins that gzip has packed, and one that joblib has packed with zlib; and what Windows puts before UTF-8.
const GZIP: &[u8] = b"\x1f\x8b";
const ZLIB: [&[u8]; 4] = [b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A file's own bytes: unpacked, where gzip or zlib has packed them, and without a byte order mark.
///
/// # Errors
/// `invalid_model` if they cannot be unpacked, or are many times more than any model's that is packed.
pub(super) fn plain(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    /// The most that a packed byte may become, beside what small files may: JSON of 32-bit floats becomes a tenth, of zeros
    /// alone a thousandth.
    const MOST: usize = 200;
    const SMALL: usize = 1 << 24;
    let most = bytes.len().saturating_mul(MOST).saturating_add(SMALL);
    let Some((packing, plain)) = unpacked(bytes, most)? else {
        return Ok(Cow::Borrowed(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)));
    };
    if plain.len() > most {
        let message =
            format_args!("it is packed with {packing}, and more than {MOST} times as large unpacked: no model is");
        return Err(Error::new(Code::InvalidModel, message));
    }
    Ok(Cow::Owned(plain))
}

/// The first bytes of a file's own, so many or more.
///
/// # Errors
/// `invalid_model` if they cannot be unpacked.
pub(super) fn beginning(bytes: &[u8], count: usize) -> Result<Cow<'_, [u8]>> {
    Ok(match unpacked(bytes, count)? {
        Some((_, start)) => Cow::Owned(start),
        None => Cow::Borrowed(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)),
    })
}

/// What a file is packed with, and its bytes unpacked: all of them, or some more than `most`.
fn unpacked(bytes: &[u8], most: usize) -> Result<Option<(&'static str, Vec<u8>)>> {
    let mut plain = Vec::new();
    let (packing, found) = if bytes.starts_with(GZIP) {
        ("gzip", members(bytes, &mut plain, most))
    } else if ZLIB.iter().any(|start| bytes.starts_with(start)) {
        ("zlib", inflate(bytes, true, &mut plain, most).map(|_| ()))
    } else {
        return Ok(None);
    };
    match found {
        Ok(()) => Ok(Some((packing, plain))),
        Err(fault) => {
            let message = format_args!("it is packed with {packing}, and cannot be unpacked: {fault}");
            Err(Error::new(Code::InvalidModel, message))
        }
    }
}

const ENDS: &str = "the file ends early: copy it again";

/// Unpacks what gzip has packed: one part after another.
fn members(mut bytes: &[u8], plain: &mut Vec<u8>, most: usize) -> std::result::Result<(), &'static str> {
    while !bytes.is_empty() {
        let packed = header(bytes).ok_or("its header is none of gzip's")?;
        let start = plain.len();
        let taken = inflate(packed, false, plain, most)?;
        if plain.len() > most {
            break;
        }
        let (trailer, rest) = packed[taken..].split_first_chunk::<8>().ok_or(ENDS)?;
        let [a, b, c, d, ..] = *trailer;
        if u32::from_le_bytes([a, b, c, d]) != checksum(&plain[start..]) {
            return Err("its checksum does not match");
        }
        bytes = rest;
    }
    Ok(())
}

/// What follows a part's header.
fn header(bytes: &[u8]) -> Option<&[u8]> {
    const HEADER_SUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    let (&[_, _, method, flags, ..], mut rest) = bytes.strip_prefix(GZIP).map(|_| bytes)?.split_first_chunk::<10>()?;
    // Only one method was ever used.
    if method != 8 {
        return None;
    }
    if flags & EXTRA > 0 {
        let (length, after) = rest.split_first_chunk()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for flag in [NAME, COMMENT] {
        if flags & flag > 0 {
            let end = rest.iter().position(|&byte| byte == 0)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & HEADER_SUM > 0 { rest.get(2..) } else { Some(rest) }
}

/// Unpacks to the end, or until there is more than `most`; how many bytes were taken.
fn inflate(
    bytes: &[u8],
    has_zlib_header: bool,
    plain: &mut Vec<u8>,
    most: usize,
) -> std::result::Result<usize, &'static str> {
    const SMALL: usize = 1 << 12;
    let mut state = Decompress::new(has_zlib_header);
    loop {
        // As much again as there is by now, so that little is copied; and one more than the most at most.
        plain.reserve_exact(plain.len().max(SMALL).min(most.saturating_sub(plain.len()).saturating_add(1)));
        let (taken, length) = (state.total_in() as usize, plain.len());
        let status = state.decompress_vec(&bytes[taken..], plain, FlushDecompress::None);
        let is_end = status.map_err(|_| "it is damaged")? == Status::StreamEnd;
        let taken_now = state.total_in() as usize;
        if is_end || plain.len() > most {
            return Ok(taken_now);
        }
        if taken_now == taken && plain.len() == length {
            return Err(ENDS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A part as gzip writes it, with every field that a header may have; what is in it is stored as it is.
    fn part(text: &[u8], flags: u8) -> Vec<u8> {
        let mut bytes = vec![0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255];
        let fields: [(u8, &[u8]); 4] = [(4, b"\x03\0abc"), (8, b"name\0"), (16, b"comment\0"), (2, b"\x12\x34")];
        fields.iter().filter(|(flag, _)| flags & flag > 0).for_each(|(_, field)| bytes.extend_from_slice(field));
        let length = text.len() as u16;
        bytes.push(1);
        bytes.extend([length, !length].map(u16::to_le_bytes).concat());
        bytes.extend_from_slice(text);
        bytes.extend(checksum(text).to_le_bytes());
        bytes.extend(u32::from(length).to_le_bytes());
        bytes
    }

    #[test]
    fn the_checksum_is_gzips() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn parts_of_every_header_are_read_one_after_another() {
        for flags in 0..32 {
            let bytes = [part(b"one, ", flags), part(b"two", 0)].concat();
            assert_eq!(plain(&bytes).as_deref(), Ok(&b"one, two"[..]), "{flags}");
            assert_eq!(beginning(&bytes, 3).as_deref(), Ok(&b"one,"[..]), "{flags}");
            for end in 0..bytes.len() {
                // A whole part is a file.
                let is_whole = end < 2 || end == bytes.len() - part(b"two", 0).len();
                assert_eq!(plain(&bytes[..end]).is_ok(), is_whole, "{flags} {end}");
            }
        }
    }

    #[test]
    fn what_is_damaged_is_named() {
        let fault = |edit: fn(&mut Vec<u8>)| {
            let mut bytes = part(b"text", 0);
            edit(&mut bytes);
            plain(&bytes).expect_err("a fault").to_string()
        };
        let start = "it is packed with gzip, and cannot be unpacked: ";
        for (message, expected) in [
            (fault(|bytes| bytes[2] = 7), "its header is none of gzip's"),
            (fault(|bytes| bytes[10] = 7), "it is damaged"),
            (fault(|bytes| bytes[15] ^= 1), "its checksum does not match"),
            (fault(|bytes| bytes.push(0)), "its header is none of gzip's"),
            (fault(|bytes| bytes.truncate(12)), ENDS),
        ] {
            assert_eq!(message, format!("{start}{expected}"));
        }
        let zlib = plain(b"\x78\x9c\xff").expect_err("a fault").to_string();
        assert_eq!(zlib, "it is packed with zlib, and cannot be unpacked: it is damaged");
    }
}
