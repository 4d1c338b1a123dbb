//! The section `covr`, and the file that holds it alone.

use super::bytes::{Reader, put_floats};
use super::{HEADER_LENGTH, VERSION, checksum};
use crate::covers::Covers;
use crate::error::{Code, Error, Result, broken};
use crate::model::Model;

/// The section's tag: in lower case, so that whoever explains nothing passes over it.
pub(super) const TAG: [u8; 4] = *b"covr";

/// The first seven bytes of a file of covers; the eighth is the version.
const MAGIC: [u8; 7] = *b"WARDCOV";

/// Where a `.wardian` file has the checksum of its sections.
const CHECKSUM: std::ops::Range<usize> = 12..16;

pub(super) fn write(covers: &Covers) -> Vec<u8> {
    let mut out = Vec::new();
    put_floats(&mut out, covers.leaves());
    out
}

pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Vec<f32>> {
    let leaves = reader.floats(reader.remaining() / 4);
    reader.check()?;
    Ok(leaves)
}

/// The covers of a model in a file of their own, which fits only the `.wardian` file that [`write()`](super::write) makes of
/// the model without them; `None` if the model has no covers.
pub fn write_covers(model: &Model) -> Option<Vec<u8>> {
    let payload = write(model.covers()?);
    let whole = super::write(&model.clone().without_covers());
    let mut file = MAGIC.to_vec();
    file.push(VERSION);
    file.extend(&whole[CHECKSUM]);
    file.extend(checksum(&payload).to_le_bytes());
    file.extend(payload);
    Some(file)
}

/// The covers of the leaves in `bytes`, a file of covers that belongs to the `.wardian` file `model`: for
/// [`Model::with_covers`].
///
/// # Errors
/// `invalid_model` if the bytes are damaged, are no file of covers, or belong to another model's file;
/// `unsupported_model` for another version.
pub fn read_covers(bytes: &[u8], model: &[u8]) -> Result<Vec<f32>> {
    let mut reader = Reader::new(bytes, 0);
    if !bytes.starts_with(&MAGIC) {
        return Err(broken("this is not a file of covers: it does not begin with WARDCOV", &[]));
    }
    reader.take(MAGIC.len());
    let version = reader.u8();
    let belongs_to = reader.take(4);
    let checksum = reader.u32();
    reader.check()?;
    if version != VERSION {
        return Err(Error::plain(
            Code::UnsupportedModel,
            "the covers are of format version #; this build reads version #",
            &[version as usize, VERSION as usize],
        ));
    }
    let mut payload = Reader::new(reader.rest(), HEADER_LENGTH);
    if super::checksum(&bytes[HEADER_LENGTH..]) != checksum {
        return Err(broken("the checksum does not match: the covers are damaged", &[]).place("offset 12", &[]));
    }
    if model.get(CHECKSUM) != Some(belongs_to) {
        return Err(broken("the covers belong to another model", &[]).place("offset 8", &[]));
    }
    let leaves = read(&mut payload)?;
    if !payload.is_empty() {
        return Err(broken("there are bytes after the last cover", &[]).place("offset #", &[payload.offset()]));
    }
    Ok(leaves)
}
