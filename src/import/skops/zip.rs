//! The files in a zip: stored as they are, or packed with deflate. Anything that skops does not write is refused.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;

use flate2::read::DeflateDecoder;

use crate::error::{Result, invalid, quoted, unsupported};

/// How a file within begins, and how the list of all of them does, and its end.
const LOCAL: &[u8] = b"PK\x03\x04";
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
/// How long these are without names and the like.
const LOCAL_LENGTH: usize = 30;
const ENTRY_LENGTH: usize = 46;
const END_LENGTH: usize = 22;

/// The name of the first file.
pub(super) fn first_name(bytes: &[u8]) -> Option<&[u8]> {
    bytes.starts_with(LOCAL).then_some(())?;
    bytes.get(LOCAL_LENGTH..)?.get(..half(bytes, 26)?)
}

fn half(bytes: &[u8], place: usize) -> Option<usize> {
    Some(u16::from_le_bytes(bytes.get(place..)?.first_chunk().copied()?).into())
}

fn whole(bytes: &[u8], place: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(place..)?.first_chunk().copied()?)).ok()
}

/// All files, by name.
///
/// # Errors
/// `invalid_model` for a list that is none, or what unpacks to many times more than any model's; `unsupported_model` for
/// what skops does not write.
pub(super) fn files(bytes: &[u8]) -> Result<HashMap<String, Cow<'_, [u8]>>> {
    /// The most that all may become unpacked: as much as small files may, and for each byte.
    const SMALL: usize = 1 << 24;
    const A_BYTE: usize = 50;
    /// No comment at the end is longer.
    const COMMENT: usize = 1 << 16;
    let broken = || invalid(format_args!("its list of files is broken"));
    let start = bytes.len().saturating_sub(END_LENGTH + COMMENT);
    let end = bytes[start..].windows(END.len()).rposition(|window| window == END).ok_or_else(broken)? + start;
    if bytes.len() < end + END_LENGTH {
        return Err(broken());
    }
    let count = half(bytes, end + 10).ok_or_else(broken)?;
    let mut place = whole(bytes, end + 16).ok_or_else(broken)?;
    if count == usize::from(u16::MAX) || place == u32::MAX as usize {
        return Err(unsupported(format_args!("it is of the kind for more than 4 GB (zip64)")));
    }
    let mut left = SMALL + A_BYTE.saturating_mul(bytes.len());
    // Files that lie over each other could make much of little.
    let mut packed_left = bytes.len();
    let mut files = HashMap::with_capacity(count);
    for _ in 0..count {
        let entry = bytes.get(place..).filter(|entry| entry.starts_with(ENTRY)).ok_or_else(broken)?;
        let field = |place| half(entry, place).ok_or_else(broken);
        let (flags, method, name_length) = (field(8)?, field(10)?, field(28)?);
        let (packed, size) = (whole(entry, 20).ok_or_else(broken)?, whole(entry, 24).ok_or_else(broken)?);
        let name = entry.get(ENTRY_LENGTH..).and_then(|rest| rest.get(..name_length)).ok_or_else(broken)?;
        let name = String::from_utf8_lossy(name).into_owned();
        place += ENTRY_LENGTH + name_length + field(30)? + field(32)?;
        let at = |error: crate::Error| error.at(format_args!("{}", quoted(&name)));
        let local = whole(entry, 42).and_then(|local| bytes.get(local..)).filter(|local| local.starts_with(LOCAL));
        let data =
            local.and_then(|local| local.get(LOCAL_LENGTH + half(local, 26)? + half(local, 28)?..)?.get(..packed));
        let data = data.ok_or_else(|| at(invalid(format_args!("it is not within the zip"))))?;
        let fits = packed_left.checked_sub(packed).zip(left.checked_sub(size));
        let Some(rest) = fits else {
            return Err(at(invalid(format_args!("the files are many times as large unpacked: no model is"))));
        };
        (packed_left, left) = rest;
        let content = match (flags & 1, method) {
            (0, 0) if packed == size => Cow::Borrowed(data),
            (0, 8) => {
                let mut content = Vec::new();
                let unpacked = DeflateDecoder::new(data).take(size as u64 + 1).read_to_end(&mut content);
                if unpacked.is_err() || content.len() != size {
                    return Err(at(invalid(format_args!("it cannot be unpacked, or is not as long as the zip says"))));
                }
                Cow::Owned(content)
            }
            _ => return Err(at(unsupported(format_args!("it is neither stored nor packed with deflate")))),
        };
        if files.insert(name.clone(), content).is_some() {
            return Err(at(invalid(format_args!("it is there twice"))));
        }
    }
    Ok(files)
}
