//! LightGBM's models: the text that `save_model` and `model_to_string` write (v2, v3 and v4), and the JSON of `dump_model()`,
//! which holds the same numbers.
//!
//! All is 64-bit. What a split asks is `x <= threshold`, after every `x` from -1e-35 to 1e-35 has become 0.

mod categories;
mod header;
mod json;
mod objective;
#[cfg(test)]
mod tests;
mod text;
mod tree;

use self::header::Header;
use self::tree::Trees;
use super::draft::Draft;
use super::source::Frame;
use super::{Options, Origin};
use crate::error::{Result, invalid};
use crate::finish::Finish;
use crate::forest::Base;
use crate::numbers::Precision;
use crate::schema::{Feature, Schema};

/// Reads a text file.
pub(super) fn read_text(bytes: &[u8], options: &Options) -> Result<Draft> {
    read_best(bytes, None, options)
}

/// Reads a text of which only the iterations up to the best are predicted with, unless all are asked for: `save_model` leaves the
/// others out, and pickles do not.
pub(super) fn read_best(bytes: &[u8], best: Option<usize>, options: &Options) -> Result<Draft> {
    let (header, trees) = text::read(text(bytes)?)?;
    model(header, trees, best.filter(|_| !options.all_trees), options)
}

/// Reads what `dump_model()` gives, written as JSON.
pub(super) fn read_json(bytes: &[u8], options: &Options) -> Result<Draft> {
    let (header, trees) = json::read(text(bytes)?)?;
    model(header, trees, None, options)
}

/// Whether these are the first bytes of a text file.
pub(super) fn is_text(start: &[u8]) -> bool {
    [&b"tree\n"[..], b"tree\r\n"].iter().any(|line| start.starts_with(line))
}

/// Whether these are the first bytes of a `dump_model()` in JSON: an object with keys that no other format has.
pub(super) fn is_json(start: &[u8]) -> bool {
    const KEYS: [&[u8]; 3] = [b"\"num_tree_per_iteration\"", b"\"max_feature_idx\"", b"\"average_output\""];
    start.starts_with(b"{") && KEYS.iter().any(|key| start.windows(key.len()).any(|window| window == *key))
}

fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|error| invalid(format_args!("offset {}: it is not UTF-8", error.valid_up_to())))
}

fn model(header: Header, trees: Trees, best: Option<usize>, options: &Options) -> Result<Draft> {
    let mut notes = Vec::new();
    let (link, slope) = objective::link(header.objective.as_deref(), &header)?;
    if header.objective.is_none() {
        notes.push(String::from(
            "the file names no objective, as of one of the user's own: the answers are the raw scores, as LightGBM's are",
        ));
    }
    let (mut trees, inputs) = trees.finish(&header.feature_names)?;
    if trees.len() % header.outputs != 0 {
        return Err(invalid(format_args!("{} trees for {} outputs: some have one less", trees.len(), header.outputs)));
    }
    let all = trees.len() / header.outputs;
    let iterations = best.map_or(all, |best| best.min(all));
    if iterations < all {
        trees.truncate(iterations * header.outputs);
        notes.push(format!(
            "training was stopped early: {iterations} of {all} iterations are kept, those up to the best, as LightGBM predicts (all: \
             --all-trees, allTrees in JavaScript)"
        ));
    }
    if header.averages && iterations == 0 {
        return Err(invalid(format_args!("it answers the mean of its trees, and has none")));
    }
    for (index, tree) in trees.iter_mut().enumerate() {
        tree.output = (index % header.outputs) as u32;
    }
    let frame = Frame {
        feature_count: header.feature_names.len(),
        leaf_width: 1,
        precision: Precision::Double,
        base_margins: vec![0.0; header.outputs],
        base: Base::First,
        finish: Finish { divisor: if header.averages { iterations as f64 } else { 1.0 }, slope, ..Finish::PLAIN },
        link,
        inputs,
        steps: Vec::new(),
    };
    let origin = Origin::new("LightGBM", "", header.objective.as_deref().unwrap_or_default());
    let schema = schema(header, options, &mut notes)?;
    Ok(Draft { trees, frame, schema, notes, origin })
}

fn schema(header: Header, options: &Options, notes: &mut Vec<String>) -> Result<Schema> {
    let categories = categories::names(&header, notes)?;
    // What LightGBM calls features that nobody has named.
    let is_invented = |(index, name): (usize, &String)| name.strip_prefix("Column_") == Some(&*index.to_string());
    let names = match header.feature_names.iter().enumerate().all(is_invented) {
        true => Schema::invented_names(header.feature_names.len()),
        false => header.feature_names,
    };
    let missing = options.missing.filter(|missing| !missing.is_nan());
    let values = header.values.into_iter().map(Some).chain(std::iter::repeat(None));
    let features = names.into_iter().zip(categories).zip(values).map(|((name, categories), values)| {
        // The trainer takes what it did not see for what is missing. That goes where a category goes that no split names; where the codes are
        // numbers, as of a column that is ordered, the code of what was not seen has to say so.
        let is_number = matches!(values, Some(header::Values::Numbers { .. })) && !categories.is_empty();
        let unseen = is_number.then_some(categories.len() as f64);
        Feature {
            takes_unseen: !categories.is_empty(),
            missing_codes: missing.into_iter().chain(unseen).collect(),
            categories,
            ..Feature::named(name)
        }
    });
    Schema::new("", "", "", features.collect())
}
