//! What a native program answers for each model, in digests.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use wardian::import::{self, schema_file};
use wardian::{Error, Model, Row, format};

use crate::prepare::{floats, options, wide_floats};

/// Prints what `road` answers for every model of the index: all rows at once, and one by one.
pub(crate) fn answer(output: &Path, road: &str) -> Result<()> {
    let index: Vec<Value> = serde_json::from_slice(&fs::read(output.join("index.json"))?).context("index.json")?;
    // The first model that is answered for is answered for once more with one bit of each answer turned.
    let mut is_turned = false;
    for entry in &index {
        let name = entry["name"].as_str().context("a name")?;
        let line = |way: &str, more: Value| {
            let mut line = json!({ "road": format!("{road}: {way}"), "model": name });
            line.as_object_mut()
                .expect("an object was just made")
                .extend(more.as_object().cloned().unwrap_or_default());
            println!("{line}");
        };
        match ask(entry).with_context(|| name.to_owned())? {
            Asked::Refused(code) => ["batch", "one row"].iter().for_each(|way| line(way, json!({ "refused": code }))),
            Asked::Answered { margins, ways } => {
                for (way, answers) in &ways {
                    line(way, json!({ "margins": margins, "digests": digests(answers, false) }));
                    if !is_turned {
                        line(way, json!({ "margins": margins, "digests": digests(answers, true), "turned": true }));
                    }
                }
                is_turned = true;
            }
        }
    }
    Ok(())
}

/// The bytes of each kind of answer, or the code of the error that is the answer.
type Answers = Vec<(&'static str, Result<Vec<u8>, &'static str>)>;

enum Asked {
    Refused(&'static str),
    Answered { margins: usize, ways: [(&'static str, Answers); 2] },
}

fn digests(answers: &Answers, turned: bool) -> Map<String, Value> {
    let digest = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        if turned {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }
        Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    };
    let told = |answer: &Result<Vec<u8>, &'static str>| match answer {
        Ok(bytes) => digest(bytes),
        Err(code) => format!("refused: {code}"),
    };
    answers.iter().map(|(kind, answer)| ((*kind).to_owned(), told(answer).into())).collect()
}

fn ask(entry: &Value) -> Result<Asked> {
    let path = |kind: &str| entry[kind].as_str().map(Path::new);
    let bytes = fs::read(path("file").context("a file")?)?;
    let schema = path("schema").map(fs::read).transpose()?;
    let imported = match read(&bytes, entry["missing"].as_f64(), schema.as_deref()) {
        Ok(model) => model,
        Err(error) => return Ok(Asked::Refused(error.code().as_str())),
    };
    let (rows, explained) = (path("rows").context("rows")?, path("explained").context("rows to explain")?);
    match entry["wide"] == true {
        true => ask_model(&imported, &wide_floats(rows)?, &wide_floats(explained)?),
        false => ask_model(&imported, &floats(rows)?, &floats(explained)?),
    }
}

fn ask_model<T: wardian::Value>(imported: &Model, rows: &[T], explained: &[T]) -> Result<Asked> {
    let written = format::write(imported);
    // What is asked is what users have: the model after a round through our own format.
    let model = format::read(&written)?;
    let margins = model.margins_many(rows)?;
    let explainer = model.explainer();
    let batch = vec![
        ("file", Ok(written)),
        ("margins", Ok(narrow(&margins.clone().into_single()))),
        ("predictions", Ok(narrow(&model.predict_many(rows)?.into_single()))),
        (
            "contributions",
            match &explainer {
                Ok(explainer) => Ok(wide(&explainer.explain_many(explained)?)),
                Err(error) => Err(error.code().as_str()),
            },
        ),
    ];
    let (mut single_margins, mut predictions) = (Vec::new(), Vec::new());
    for row in each(&model, rows)? {
        let prediction = model.predict(&row);
        single_margins.extend(prediction.margins.into_single());
        predictions.extend(prediction.values.into_single());
    }
    let one_row = vec![
        ("margins", Ok(narrow(&single_margins))),
        ("predictions", Ok(narrow(&predictions))),
        (
            "contributions",
            match &explainer {
                Ok(explainer) => {
                    let mut contributions = Vec::new();
                    for row in each(&model, explained)? {
                        let margins = model.margins(&row);
                        for (explanation, margin) in explainer.explain(&row).into_iter().zip(margins.iter()) {
                            ensure!(
                                explanation.margin.to_bits() == margin.to_bits(),
                                "an explanation has another margin"
                            );
                            contributions.extend(explanation.contributions);
                            contributions.push(explanation.base);
                        }
                    }
                    Ok(wide(&contributions))
                }
                Err(error) => Err(error.code().as_str()),
            },
        ),
    ];
    Ok(Asked::Answered { margins: margins.len(), ways: [("batch", batch), ("one row", one_row)] })
}

fn read(bytes: &[u8], missing: Option<f64>, schema: Option<&[u8]>) -> Result<Model, Error> {
    let model = import::read_with(bytes, &options(missing))?;
    match schema {
        Some(schema) => model.with_schema(schema_file::read(schema)?),
        None => Ok(model),
    }
}

/// The rows one by one, in each form that a row may have in turn: values, by name, text. A single row has 64 bits.
fn each<T: wardian::Value>(model: &Model, values: &[T]) -> Result<Vec<Row>> {
    let schema = model.schema();
    let features = schema.features();
    let names: Vec<&str> = features.iter().map(|feature| feature.name.as_str()).collect();
    // A text has a category's name where there is one, and rows have what no category is.
    let has_text = features.iter().all(|feature| feature.categories.is_empty());
    let rows = values.chunks_exact(names.len()).enumerate().map(|(index, row)| {
        let wide = row.iter().map(|value| value.wide());
        match index % 3 {
            1 => schema.row_from_names(names.iter().copied().zip(wide)),
            2 if has_text => schema.row_from_text(&wide.map(|value| value.to_string()).collect::<Vec<_>>().join(",")),
            _ => schema.row_from_values(wide.collect()),
        }
    });
    Ok(rows.collect::<Result<_, _>>()?)
}

fn narrow(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn wide(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}
