//! A product is opened again before it is handed over: what is in it is what was meant, and its model answers its golden rows.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::page::{CASE_ID, MODEL, MODEL_ID};
use super::text::{integrity, of_base64};
use super::{Made, Product, Sealed, udf};
use crate::case::{Golden, wrong};
use crate::error::Result;
use crate::format;
use crate::model::Model;
use crate::numbers::{Numbers, Precision};

/// A hash in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Opens a product, and replays its golden rows by the model that is in it.
pub(super) fn check(sealed: &Sealed, product: Product, made: &Made) -> Result<()> {
    match (product, made) {
        (Product::Single, Made::File(bytes)) => single(sealed, bytes),
        (Product::Folder, Made::Folder(files)) => folder(sealed, files),
        (Product::Model, Made::File(bytes)) => model(sealed, bytes),
        (Product::Package, Made::File(bytes)) => model(sealed, &super::package::model_in(bytes)?),
        (Product::Module, Made::File(bytes)) => model(sealed, &udf::sealed_model(bytes)?),
        _ => Ok(()),
    }
    .map_err(|error| error.within(format!("{}, opened again", product.name()).as_bytes()))
}

fn model(sealed: &Sealed, bytes: &[u8]) -> Result<()> {
    if bytes != sealed.case.model_bytes {
        return Err(wrong("the model", "its bytes are not those that were sealed"));
    }
    sealed.case.golden.replay(&format::read(bytes)?).map(|_| ())
}

/// The content of a block of data.
fn block<'a>(page: &'a str, id: &str, kind: &str) -> Result<&'a str> {
    let begin = format!("<script type=\"{kind}\" id=\"{id}\">");
    let content = page.split_once(&begin).and_then(|(_, rest)| rest.split_once("</script>"));
    content.map(|(content, _)| content).ok_or_else(|| wrong(id, "there is no such block of data"))
}

fn parsed(text: &str, place: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| wrong(place, error.to_string()))
}

fn single(sealed: &Sealed, bytes: &[u8]) -> Result<()> {
    let page = std::str::from_utf8(bytes).map_err(|_| wrong("", "it is not UTF-8"))?;
    let data = |id: &str| parsed(block(page, id, "application/json")?, id);
    if data(CASE_ID)?["page"]["name"] != sealed.case.name() {
        return Err(wrong(CASE_ID, "it is of another case"));
    }
    data("openapi")?;
    data("columns")?;
    data(&format!("about.{}", sealed.case.language()))?;
    let own = match block(page, MODEL_ID, "application/gzip") {
        Ok(packed) => Some(crate::import::unpacked(&of_base64(packed)?)?),
        Err(_) => None,
    };
    replayed(sealed, own.as_deref(), &data("golden")?)
}

fn folder(sealed: &Sealed, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    let file = |name: &str| files.get(name).ok_or_else(|| wrong(name, "there is no such file"));
    let index = std::str::from_utf8(file("index.html")?).map_err(|_| wrong("index.html", "it is not UTF-8"))?;
    let case = parsed(block(index, CASE_ID, "application/json")?, CASE_ID)?;
    for (key, address) in case["files"].as_object().into_iter().flatten() {
        let name = address["file"].as_str().and_then(|address| address.split('?').next()).unwrap_or_default();
        if address["integrity"] != integrity(file(name)?) {
            return Err(wrong(key, "the hash is another file's"));
        }
    }
    let golden = parsed(&String::from_utf8_lossy(file("case/golden.json")?), "golden")?;
    replayed(sealed, files.get(MODEL).map(Vec::as_slice), &golden)
}

/// That the model in these bytes answers the rows of a golden document as that says; without any it is the shipped one, which is in the
/// module.
fn replayed(sealed: &Sealed, bytes: Option<&[u8]>, document: &Value) -> Result<()> {
    let own = match bytes {
        Some(bytes) => {
            model(sealed, bytes)?;
            format::read(bytes)?
        }
        None => crate::shipped::diabetes().clone(),
    };
    let golden = golden_of(document, &own).ok_or_else(|| wrong("golden", "it is no document of rows and answers"))?;
    golden.replay(&own).map(|_| ())
}

/// The rows of a golden document.
pub(crate) fn golden_of(document: &Value, model: &Model) -> Option<Golden> {
    let features = model.schema().features();
    let mut values = Vec::new();
    for row in document["rows"].as_array()? {
        let row = row.as_array().filter(|row| row.len() == features.len())?;
        for (cell, feature) in row.iter().zip(features) {
            values.push(match cell {
                Value::Null => f64::NAN,
                Value::String(name) => match feature.categories.iter().position(|category| category == name) {
                    Some(code) => code as f64,
                    None => feature.unseen()?,
                },
                cell => cell.as_f64()?,
            });
        }
    }
    let precision = model.forest().precision();
    let numbers = |member: &Value| -> Option<Numbers> {
        let rows = member.as_array()?.iter().map(Value::as_array).collect::<Option<Vec<_>>>()?;
        let numbers: Option<Vec<f64>> = rows.into_iter().flatten().map(Value::as_f64).collect();
        let numbers = numbers?.into_iter();
        Some(match precision {
            Precision::Single => Numbers::Single(numbers.map(|number| number as f32).collect()),
            Precision::Double => Numbers::Double(numbers.collect()),
        })
    };
    let margins = match &document["margins"] {
        Value::Null => None,
        margins => Some(numbers(margins)?),
    };
    let predictions = numbers(&document["predictions"])?;
    let compared = values.len() / features.len();
    Some(Golden { by: document["by"].as_str()?.to_owned(), values, predictions, margins, compared })
}
