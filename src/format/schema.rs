//! The section `SCHM`.

use super::bytes::{Reader, put_text, put_varint};
use crate::error::{Result, broken};
use crate::schema::{Feature, Schema};

const HAS_RANGE: u8 = 1;
const HAS_DECIMALS: u8 = 2;
const MAY_BE_MISSING: u8 = 4;
const HAS_CATEGORIES: u8 = 8;

pub(super) fn write(schema: &Schema) -> Vec<u8> {
    let mut out = Vec::new();
    put_text(&mut out, schema.name());
    put_text(&mut out, schema.title());
    put_text(&mut out, schema.outcome());
    put_varint(&mut out, schema.features().len() as u32);
    for feature in schema.features() {
        put_text(&mut out, &feature.name);
        put_text(&mut out, &feature.label);
        put_text(&mut out, &feature.unit);
        put_text(&mut out, &feature.description);
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        out.push(
            flag(feature.range.is_some(), HAS_RANGE)
                | flag(feature.decimals.is_some(), HAS_DECIMALS)
                | flag(feature.may_be_missing, MAY_BE_MISSING)
                | flag(!feature.categories.is_empty(), HAS_CATEGORIES),
        );
        if let Some((low, high)) = feature.range {
            out.extend(low.to_le_bytes());
            out.extend(high.to_le_bytes());
        }
        out.extend(feature.decimals);
        put_varint(&mut out, feature.missing_codes.len() as u32);
        for code in &feature.missing_codes {
            out.extend(code.to_le_bytes());
        }
        if !feature.categories.is_empty() {
            put_varint(&mut out, feature.categories.len() as u32);
            for name in &feature.categories {
                put_text(&mut out, name);
            }
        }
    }
    out
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Schema> {
    let (name, title, outcome) = (reader.text()?, reader.text()?, reader.text()?);
    // Four texts of no bytes, the flags and no missing codes are the least that a feature takes.
    let count = reader.count("features", 6 * 8)?;
    let mut features = Vec::with_capacity(count);
    for _ in 0..count {
        features.push(read_feature(reader)?);
    }
    Schema::new(name, title, outcome, features)
}

fn read_feature(reader: &mut Reader<'_>) -> Result<Feature> {
    let (name, label, unit, description) = (reader.text()?, reader.text()?, reader.text()?, reader.text()?);
    let offset = reader.offset();
    let flags = reader.u8()?;
    if flags & !(HAS_RANGE | HAS_DECIMALS | MAY_BE_MISSING | HAS_CATEGORIES) != 0 {
        return Err(broken("the flags # have an unknown bit", &[flags as usize]).place("offset #", &[offset]));
    }
    let range = if flags & HAS_RANGE != 0 { Some((reader.f64()?, reader.f64()?)) } else { None };
    let decimals = if flags & HAS_DECIMALS != 0 { Some(reader.u8()?) } else { None };
    let count = reader.count("missing codes", 64)?;
    let mut missing_codes = Vec::with_capacity(count);
    for _ in 0..count {
        missing_codes.push(reader.f64()?);
    }
    let mut categories = Vec::new();
    if flags & HAS_CATEGORIES != 0 {
        // The length of a name is a byte at least.
        for _ in 0..reader.count("categories", 8)? {
            categories.push(reader.text()?);
        }
    }
    Ok(Feature {
        name,
        label,
        unit,
        description,
        range,
        decimals,
        missing_codes,
        may_be_missing: flags & MAY_BE_MISSING != 0,
        categories,
    })
}
