//! XGBoost's booster as a pickle holds it: its settings and its model, of which the second is a model file.

use crate::error::{Result, invalid, unsupported};
use crate::import::draft::Draft;
use crate::import::reader::Reader;
use crate::import::{Options, xgboost};

/// Reads the model in a booster's memory.
pub(super) fn read(memory: &[u8], options: &Options) -> Result<Draft> {
    if memory.starts_with(b"CONFIG-offset:") || memory.starts_with(b"binf") {
        return Err(unsupported(format_args!(
            "the booster in the pickle is in XGBoost's old binary format; load it with the XGBoost that wrote it, and save the model \
             as .json or .ubj"
        )));
    }
    let model = within(memory).map_err(|error| error.at(format_args!("the booster's memory")))?;
    match model {
        Model::Binary(model) => xgboost::read_ubjson(model, options),
        Model::Text(model) => xgboost::read_json(model, options),
    }
}

/// A model file within a booster's memory.
#[derive(Debug, PartialEq)]
enum Model<'a> {
    Binary(&'a [u8]),
    Text(&'a [u8]),
}

/// The keys of both parts, in their order.
const SETTINGS: &str = "Config";
const MODEL: &str = "Model";

fn within(memory: &[u8]) -> Result<Model<'_>> {
    let fault = || invalid(format_args!("it is not {{\"Config\", \"Model\"}} in UBJSON or JSON, as XGBoost writes it"));
    if !memory.is_empty() && !memory.starts_with(b"{") {
        return Err(unsupported(format_args!(
            "it is in XGBoost's old binary format: load the pickle with the XGBoost that wrote it, and save the model by itself: \
             booster.save_model(\"model.json\")"
        )));
    }
    if let Some(rest) = binary_key(memory.strip_prefix(b"{").ok_or_else(fault)?, SETTINGS) {
        let length = binary_length(rest)?;
        let rest = binary_key(rest.get(length..).unwrap_or_default(), MODEL).ok_or_else(fault)?;
        let length = binary_length(rest)?;
        return rest.get(..length).map(Model::Binary).ok_or_else(fault);
    }
    let rest = memory.strip_prefix(b"{\"Config\":").ok_or_else(fault)?;
    let rest = rest.get(text_length(rest)?..).and_then(|rest| rest.strip_prefix(b",\"Model\":")).ok_or_else(fault)?;
    // What follows is the model and the closing brace; its reader knows words that JSON has not.
    rest.strip_suffix(b"}").map(Model::Text).ok_or_else(fault)
}

/// What follows this key in UBJSON.
fn binary_key<'a>(bytes: &'a [u8], key: &str) -> Option<&'a [u8]> {
    // XGBoost writes lengths in eight bytes.
    let (length, rest) = bytes.strip_prefix(b"L")?.split_first_chunk()?;
    (u64::from_be_bytes(*length) == key.len() as u64).then(|| rest.strip_prefix(key.as_bytes())).flatten()
}

/// How long the value is that these bytes of UBJSON begin with.
fn binary_length(bytes: &[u8]) -> Result<usize> {
    length(Reader::ubjson(bytes))
}

/// How long the value is that these bytes of JSON begin with.
fn text_length(bytes: &[u8]) -> Result<usize> {
    length(Reader::json(bytes))
}

fn length(mut reader: Reader<'_>) -> Result<usize> {
    reader.skip()?;
    Ok(reader.offset())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Vec<u8> {
        [b"L", &(name.len() as u64).to_be_bytes()[..], name.as_bytes()].concat()
    }

    #[test]
    fn the_model_is_what_follows_its_key() {
        let memory = [b"{", &key(SETTINGS)[..], b"{}", &key(MODEL), b"[$U#i\x02\x01\x02", b"}"].concat();
        assert_eq!(within(&memory), Ok(Model::Binary(b"[$U#i\x02\x01\x02")));
        let text = br#"{"Config":{"a":[1,{}]},"Model":{"b":NaN}}"#;
        assert_eq!(within(text), Ok(Model::Text(br#"{"b":NaN}"#)));
        for end in 0..memory.len() - 1 {
            assert!(within(&memory[..end]).is_err(), "{end}");
        }
        for bytes in [&b""[..], b"{", b"{\"Config\":", b"{\"Config\":{}", b"[]"] {
            assert!(within(bytes).is_err(), "{bytes:?}");
        }
    }
}
