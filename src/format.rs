//! Bytes ↔ [`Model`]: the only reader and the only writer of `.wardian` files. `docs/FORMAT.md` is the description;
//! a test compares its offset table with the constants here.

pub(crate) mod bits;
pub(crate) mod bytes;
#[cfg(feature = "double")]
mod combination;
#[cfg(feature = "explain")]
pub(crate) mod covers;
#[cfg(feature = "double")]
mod dialect;
pub(crate) mod forest;
pub(crate) mod schema;

use crate::dialect::Dialect;
use crate::error::{Code, Error, Result, broken};
use crate::forest::Forest;
use crate::model::Model;
use bytes::Reader;
#[cfg(feature = "explain")]
pub use covers::{read_covers, write_covers};
#[cfg(any(feature = "wasm", feature = "sealed-predict"))]
pub(crate) use forest::link_number;
pub(crate) use schema::RawSchema;

/// The first seven bytes of every file; the eighth is the version.
pub(crate) const MAGIC: [u8; 7] = *b"WARDIAN";
/// The version written, and the only one read.
pub(crate) const VERSION: u8 = 1;
/// Where the sections begin: after magic, version, length and checksum.
pub(crate) const HEADER_LENGTH: usize = 16;

/// CRC-32 as in gzip, zip and PNG, half a byte at a time: the usual table would be a tenth of what a page downloads, and the crate `crc`
/// without one 300 bytes of it. A test compares the two.
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let mut table = [0_u32; 16];
    for (index, entry) in (0_u32..).zip(&mut table) {
        *entry = (0..4).fold(index, |sum, _| (sum >> 1) ^ (POLYNOMIAL * (sum & 1)));
    }
    let half = |sum: u32| (sum >> 4) ^ table[(sum & 15) as usize];
    !bytes.iter().fold(!0, |sum, &byte| half(half(sum ^ u32::from(byte))))
}

pub(crate) const SCHEMA_TAG: [u8; 4] = *b"SCHM";
pub(crate) const FOREST_TAG: [u8; 4] = *b"TREE";
/// Who does not know it answers all the same.
#[cfg(feature = "double")]
const CLASSES_TAG: [u8; 4] = *b"clas";
/// The names of the classes are texts to the trainer, though they read as something else: only who answers in the trainer's types asks.
#[cfg(feature = "import")]
const TEXTS_TAG: [u8; 4] = *b"text";

/// The `.wardian` bytes of a model, its covers with it if it has them. The same model always gives the same bytes.
pub fn write(model: &Model) -> Vec<u8> {
    let mut body = Vec::new();
    let sections = [(SCHEMA_TAG, schema::write(model.schema()))].into_iter();
    #[cfg(feature = "double")]
    let sections = sections.chain(dialect::write(model.forest().dialect()).map(|dialect| (dialect::TAG, dialect)));
    #[cfg(feature = "double")]
    let sections = {
        let combination = model.forest().dialect().combination();
        sections.chain(combination.map(|combination| (combination::TAG, combination::write(combination))))
    };
    let sections = sections.chain([(FOREST_TAG, forest::write(model.forest()))]);
    #[cfg(feature = "double")]
    let sections = sections.chain(schema::write_classes(model.schema()).map(|classes| (CLASSES_TAG, classes)));
    #[cfg(feature = "import")]
    let sections = sections.chain(model.schema().classes_are_texts().then(|| (TEXTS_TAG, Vec::new())));
    #[cfg(feature = "explain")]
    let sections = sections.chain(model.covers().map(|covers| (covers::TAG, covers::write(covers))));
    for (tag, payload) in sections {
        body.extend(tag);
        body.extend((payload.len() as u32).to_le_bytes());
        body.extend(payload);
    }
    let mut file = Vec::with_capacity(HEADER_LENGTH + body.len());
    file.extend(MAGIC);
    file.push(VERSION);
    file.extend(((HEADER_LENGTH + body.len()) as u32).to_le_bytes());
    file.extend(checksum(&body).to_le_bytes());
    file.extend(body);
    file
}

/// Whether these bytes claim to be a `.wardian` file.
pub fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// The model that `.wardian` bytes hold. Time and memory are linear in `bytes`, whatever lengths they claim.
///
/// # Errors
/// `invalid_model`, naming the section and the offset, for anything that [`write()`] could not have written;
/// `unsupported_model` for another version or an unknown section that must be understood.
pub fn read(bytes: &[u8]) -> Result<Model> {
    let contents = contents(bytes)?;
    let schema = contents.schema.schema().map_err(|error| error.within(&section(SCHEMA_TAG)))?;
    #[cfg(feature = "double")]
    let schema = schema::with_classes(schema, contents.classes).map_err(|error| error.within(&section(CLASSES_TAG)))?;
    #[cfg(feature = "import")]
    let schema = if contents.classes_are_texts { schema::as_texts(schema)? } else { schema };
    let model = Model::new(schema, contents.forest)?;
    #[cfg(feature = "explain")]
    if let Some(leaves) = contents.leaf_covers {
        return model.with_covers(leaves);
    }
    Ok(model)
}

/// What a file holds.
pub(crate) struct Contents<'a> {
    pub(crate) schema: RawSchema<'a>,
    pub(crate) forest: Forest,
    /// The classes' names, still to be taken apart.
    #[cfg(feature = "double")]
    pub(crate) classes: Option<&'a [u8]>,
    #[cfg(feature = "import")]
    classes_are_texts: bool,
    #[cfg(feature = "explain")]
    pub(crate) leaf_covers: Option<Vec<f32>>,
}

/// What a file holds, its schema still to be made: all that evaluating needs.
pub(crate) fn contents(bytes: &[u8]) -> Result<Contents<'_>> {
    if !recognises(bytes) {
        return Err(broken("this is not a .wardian file: it does not begin with WARDIAN", &[]));
    }
    let mut header = Reader::new(bytes, 0);
    header.take(MAGIC.len());
    let version = header.u8();
    let length = header.u32() as usize;
    let checksum = header.u32();
    header.check()?;
    if version != VERSION {
        return Err(Error::plain(
            Code::UnsupportedModel,
            "format version # is not read, # is",
            &[version as usize, VERSION as usize],
        ));
    }
    if length != bytes.len() {
        return Err(broken("the file says it is # bytes; it is #", &[length, bytes.len()]).place("offset 8", &[]));
    }
    let body = header.rest();
    if self::checksum(body) != checksum {
        return Err(broken("the checksum does not match: the file is damaged", &[]).place("offset 12", &[]));
    }

    let (mut schema, mut forest) = (None, None);
    // Before the forest, which needs it.
    let mut dialect: Option<Dialect> = None;
    #[cfg(feature = "double")]
    let mut combination = None;
    #[cfg(feature = "double")]
    let mut classes = None;
    #[cfg(feature = "import")]
    let mut classes_are_texts = false;
    #[cfg(feature = "explain")]
    let mut leaf_covers = None;
    let mut sections = Reader::new(body, HEADER_LENGTH);
    while !sections.is_empty() {
        let start = sections.offset();
        let tag: [u8; 4] = sections.take(4).first_chunk().copied().unwrap_or_default();
        let length = sections.u32() as usize;
        let offset = sections.offset();
        let payload = sections.take(length);
        sections.check().map_err(|error| error.within(&section(tag)))?;
        let mut reader = Reader::new(payload, offset);
        let repeated = match tag {
            SCHEMA_TAG => schema.replace(schema::read(&mut reader)?).is_some(),
            FOREST_TAG => {
                let dialect = dialect.take().unwrap_or_default();
                #[cfg(feature = "double")]
                let dialect = dialect.with_combination(combination.take());
                forest.replace(forest::read(&mut reader, dialect)?).is_some()
            }
            #[cfg(feature = "double")]
            dialect::TAG => dialect.replace(dialect::read(&mut reader)?).is_some() || forest.is_some(),
            #[cfg(feature = "double")]
            combination::TAG => combination.replace(combination::read(&mut reader)?).is_some() || forest.is_some(),
            #[cfg(feature = "explain")]
            covers::TAG => leaf_covers.replace(covers::read(&mut reader)?).is_some(),
            #[cfg(feature = "double")]
            CLASSES_TAG => classes.replace(reader.rest()).is_some(),
            #[cfg(feature = "import")]
            TEXTS_TAG => std::mem::replace(&mut classes_are_texts, true),
            // As in PNG: a reader may skip what is marked as optional, and only that.
            [first, ..] if first.is_ascii_lowercase() => continue,
            _ => {
                let unknown = Error::plain(Code::UnsupportedModel, "it is unknown", &[]);
                return Err(unknown.within(&section(tag)).place("offset #", &[start]));
            }
        };
        if repeated || !reader.is_empty() {
            let fault = if repeated { "it comes twice" } else { "there are bytes after its end" };
            return Err(broken(fault, &[]).within(&section(tag)).place("offset #", &[reader.offset()]));
        }
    }
    match (schema, forest) {
        (Some(schema), Some(forest)) => Ok(Contents {
            schema,
            forest,
            #[cfg(feature = "double")]
            classes,
            #[cfg(feature = "import")]
            classes_are_texts,
            #[cfg(feature = "explain")]
            leaf_covers,
        }),
        (None, _) => Err(broken("the schema section is absent", &[])),
        (_, None) => Err(broken("the forest section is absent", &[])),
    }
}

/// A section's name in an error.
fn section(tag: [u8; 4]) -> Vec<u8> {
    let mut name = b"section \"".to_vec();
    for byte in tag {
        name.push(if byte.is_ascii_graphic() { byte } else { b'?' });
    }
    name.push(b'"');
    name
}
