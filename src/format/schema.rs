//! The section `SCHM`: numbers, then texts. Evaluating needs the numbers only, and JavaScript takes the texts apart by
//! itself, so that the page's module has no code for them.

use super::bytes::{Reader, put_number, put_varint};
use crate::error::{Result, broken};
use crate::schema::{Feature, MAX_FEATURES, Schema};

pub(crate) const HAS_RANGE: u8 = 1;
pub(crate) const HAS_DECIMALS: u8 = 2;
pub(crate) const MAY_BE_MISSING: u8 = 4;
pub(crate) const HAS_CATEGORIES: u8 = 8;
/// Only with [`HAS_CATEGORIES`].
pub(crate) const TAKES_UNSEEN: u8 = 16;
/// What stands between two texts.
const SEPARATOR: char = '\0';

/// How many places come before the numbers.
pub(crate) const FACTS: usize = 9;

/// What is in the section, still to be made into a [`Schema`].
pub(crate) struct RawSchema<'a> {
    pub(crate) feature_count: usize,
    /// [`FACTS`] places for what else is to be said with the same numbers; then for each feature minimum, maximum and decimals (`NaN` for none), its flags, the counts of
    /// its categories and of its missing codes, and these.
    pub(crate) numbers: Vec<f64>,
    /// All texts: name, title, outcome; for each feature name, label, unit, description, and its categories.
    pub(crate) texts: &'a [u8],
}

pub(super) fn write(schema: &Schema) -> Vec<u8> {
    let mut out = Vec::new();
    let mut texts = vec![schema.name(), schema.title(), schema.outcome()];
    put_varint(&mut out, schema.features().len() as u32);
    for feature in schema.features() {
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        out.push(
            flag(feature.range.is_some(), HAS_RANGE)
                | flag(feature.decimals.is_some(), HAS_DECIMALS)
                | flag(feature.may_be_missing, MAY_BE_MISSING)
                | flag(!feature.categories.is_empty(), HAS_CATEGORIES)
                | flag(feature.takes_unseen && !feature.categories.is_empty(), TAKES_UNSEEN),
        );
        if let Some((low, high)) = feature.range {
            put_number(&mut out, low);
            put_number(&mut out, high);
        }
        out.extend(feature.decimals);
        if !feature.categories.is_empty() {
            put_varint(&mut out, feature.categories.len() as u32);
        }
        put_varint(&mut out, feature.missing_codes.len() as u32);
        for &code in &feature.missing_codes {
            put_number(&mut out, code);
        }
        texts.extend([&*feature.name, &feature.label, &feature.unit, &feature.description]);
        texts.extend(feature.categories.iter().map(String::as_str));
    }
    out.extend(texts.join(&String::from(SEPARATOR)).into_bytes());
    out
}

pub(super) fn read<'a>(reader: &mut Reader<'a>) -> Result<RawSchema<'a>> {
    // The flags, no missing codes and the separators of four texts are the least that a feature takes.
    let feature_count = reader.count("features", 6 * 8);
    if feature_count > MAX_FEATURES {
        return Err(broken("# features; the limit is #", &[feature_count, MAX_FEATURES]));
    }
    let mut numbers = vec![0.0; FACTS];
    for _ in 0..feature_count {
        let offset = reader.offset();
        let flags = reader.u8();
        if flags >= if flags & HAS_CATEGORIES == 0 { TAKES_UNSEEN } else { 2 * TAKES_UNSEEN } {
            return Err(broken("the flags # have an unknown bit", &[flags as usize]).place("offset #", &[offset]));
        }
        let has = |bit| flags & bit != 0;
        for _ in 0..2 {
            numbers.push(if has(HAS_RANGE) { reader.number() } else { f64::NAN });
        }
        numbers.push(if has(HAS_DECIMALS) { f64::from(reader.u8()) } else { f64::NAN });
        numbers.push(f64::from(flags));
        // A separator for each text.
        numbers.push(if has(HAS_CATEGORIES) { reader.count("categories", 8) as f64 } else { 0.0 });
        let code_count = reader.count("missing codes", 16);
        numbers.push(code_count as f64);
        for _ in 0..code_count {
            numbers.push(reader.number());
        }
    }
    let texts = reader.rest();
    reader.check()?;
    Ok(RawSchema { feature_count, numbers, texts })
}

/// The section of the classes' names; `None` if there are none.
#[cfg(feature = "double")]
pub(super) fn write_classes(schema: &Schema) -> Option<Vec<u8>> {
    (!schema.classes().is_empty()).then(|| schema.classes().join(&String::from(SEPARATOR)).into_bytes())
}

/// The schema with the names in that section.
#[cfg(feature = "double")]
pub(super) fn with_classes(schema: Schema, section: Option<&[u8]>) -> Result<Schema> {
    let Some(bytes) = section else { return Ok(schema) };
    let Ok(texts) = std::str::from_utf8(bytes) else {
        return Err(broken("a text is not UTF-8", &[]));
    };
    schema.with_classes(texts.split(SEPARATOR).map(str::to_owned).collect())
}

/// The schema whose classes are texts, as the section [`super::TEXTS_TAG`] says.
#[cfg(feature = "import")]
pub(super) fn as_texts(schema: Schema) -> Result<Schema> {
    let schema = schema.with_classes_as_texts();
    if !schema.classes_are_texts() {
        return Err(broken("no class reads as anything but a text", &[]).within(&super::section(super::TEXTS_TAG)));
    }
    Ok(schema)
}

impl RawSchema<'_> {
    /// The schema, checked.
    ///
    /// # Errors
    /// `invalid_model` unless there are as many texts in UTF-8 as there should be, `invalid_schema` as
    /// [`Schema::new`].
    pub(super) fn schema(&self) -> Result<Schema> {
        let Ok(texts) = std::str::from_utf8(self.texts) else {
            return Err(broken("a text is not UTF-8", &[]));
        };
        let mut texts = texts.split(SEPARATOR);
        let mut text = || texts.next().map(str::to_owned).ok_or_else(|| broken("a text is absent", &[]));
        let mut numbers = self.numbers.iter().copied().skip(FACTS);
        let mut number = || numbers.next().expect("`read` gave them all");
        let (name, title, outcome) = (text()?, text()?, text()?);
        let mut features = Vec::with_capacity(self.feature_count);
        for _ in 0..self.feature_count {
            let (name, label, unit, description) = (text()?, text()?, text()?, text()?);
            let (low, high, decimals) = (number(), number(), number());
            let flags = number() as u8;
            let (category_count, code_count) = (number() as usize, number() as usize);
            features.push(Feature {
                name,
                label,
                unit,
                description,
                range: if low.is_nan() && high.is_nan() { None } else { Some((low, high)) },
                decimals: if decimals.is_nan() { None } else { Some(decimals as u8) },
                missing_codes: (0..code_count).map(|_| number()).collect(),
                may_be_missing: flags & MAY_BE_MISSING != 0,
                categories: (0..category_count).map(|_| text()).collect::<Result<_>>()?,
                takes_unseen: flags & TAKES_UNSEEN != 0,
            });
        }
        if texts.next().is_some() {
            return Err(broken("there are texts after the last", &[]));
        }
        Schema::new(name, title, outcome, features)
    }
}
