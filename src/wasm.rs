//! The bindings for JavaScript: the only file that names `wasm_bindgen`, `js_sys` and `serde_wasm_bindgen`.
//!
//! Numbers given back are the 32-bit floats of the model, widened exactly. Errors are `Error` objects with the stable
//! `code` of [`Code`] and the `field` at fault; nothing is ever thrown as a string.

use js_sys::{Array, Float32Array, Float64Array, JSON, JsString, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::contract::{self, Payload};
use crate::error::{Code, Error, Result};
use crate::model::Model;
use crate::schema::{Row, Schema};
use crate::shipped::{diabetes, diabetes_sha256};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("wasm.d.ts");

type JsResult<T> = std::result::Result<T, JsValue>;

#[derive(Serialize)]
struct PredictionView<'a> {
    prediction: f32,
    warnings: Vec<WarningView<'a>>,
}

#[derive(Serialize)]
struct WarningView<'a> {
    code: &'a str,
    field: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ModelView<'a> {
    name: &'a str,
    title: &'a str,
    outcome: &'a str,
    features: Vec<FeatureView<'a>>,
    tree_count: usize,
    split_count: usize,
    sha256: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FeatureView<'a> {
    name: &'a str,
    label: &'a str,
    unit: &'a str,
    description: &'a str,
    minimum: Option<f64>,
    maximum: Option<f64>,
    decimals: Option<u8>,
    missing_codes: &'a [f64],
    may_be_missing: bool,
}

#[derive(Serialize)]
struct ResponseView<'a> {
    status: u16,
    headers: &'a [(&'static str, &'static str)],
    body: &'a str,
}

/// The prediction for one row, in any of the forms of `wasm.d.ts`.
#[wasm_bindgen(skip_typescript)]
pub fn predict(input: &JsValue) -> JsResult<JsValue> {
    let model = diabetes();
    let row = row(model.schema(), input).map_err(thrown)?;
    let prediction = model.predict(&row);
    view(&PredictionView {
        prediction: prediction.value,
        warnings: prediction
            .warnings
            .iter()
            .map(|warning| WarningView { code: warning.code, field: &warning.field, message: &warning.message })
            .collect(),
    })
}

/// The predictions for many rows, in any of the forms of `wasm.d.ts`.
#[wasm_bindgen(js_name = predictMany, skip_typescript)]
pub fn predict_many(rows: &JsValue) -> JsResult<Float32Array> {
    let predictions = many(diabetes(), rows).map_err(thrown)?;
    Ok(Float32Array::from(predictions.as_slice()))
}

/// What the model is: its features, their units and ranges, its size and its hash.
#[wasm_bindgen(skip_typescript)]
pub fn model() -> JsResult<JsValue> {
    let model = diabetes();
    let schema = model.schema();
    view(&ModelView {
        name: schema.name(),
        title: schema.title(),
        outcome: schema.outcome(),
        features: schema
            .features()
            .iter()
            .map(|feature| FeatureView {
                name: &feature.name,
                label: &feature.label,
                unit: &feature.unit,
                description: &feature.description,
                minimum: feature.range.map(|(low, _)| low),
                maximum: feature.range.map(|(_, high)| high),
                decimals: feature.decimals,
                missing_codes: &feature.missing_codes,
                may_be_missing: feature.may_be_missing,
            })
            .collect(),
        tree_count: model.forest().roots().len(),
        split_count: model.forest().split_count(),
        sha256: diabetes_sha256(),
    })
}

/// The REST contract: a request's parts → status, headers and body.
#[wasm_bindgen(skip_typescript)]
pub fn answer(request: &JsValue) -> JsResult<JsValue> {
    let part = |name: &str| property(request, name).as_string();
    let response = contract::answer(
        diabetes(),
        &contract::Request {
            method: &part("method").unwrap_or_default(),
            path: &part("path").unwrap_or_default(),
            content_type: part("contentType").as_deref(),
            body: &part("body").unwrap_or_default(),
        },
        parse_payload,
    );
    view(&ResponseView { status: response.status, headers: &response.headers, body: &response.body })
}

fn parse_payload(body: &str) -> Payload {
    let Ok(value) = JSON::parse(body) else {
        return Payload::Malformed;
    };
    if !value.is_object() || Array::is_array(&value) {
        return Payload::NotAnObject;
    }
    let data = property(&value, "data");
    match data.as_string() {
        Some(text) => Payload::Data(text),
        None if data.is_undefined() => Payload::WithoutData,
        None => Payload::DataNotText,
    }
}

fn row(schema: &Schema, input: &JsValue) -> Result<Row> {
    if let Some(text) = input.as_string() {
        return schema.row_from_text(&text);
    }
    if Array::is_array(input) {
        return row_of_array(schema, input.unchecked_ref());
    }
    if let Some(values) = typed_array(input) {
        return schema.row_from_values(values);
    }
    if !input.is_object() {
        return Err(wrong_type("a row is a string, an array or an object"));
    }
    if let Some(text) = property(input, "data").as_string() {
        return schema.row_from_text(&text);
    }
    row_of_object(schema, input.unchecked_ref())
}

fn row_of_array(schema: &Schema, array: &Array) -> Result<Row> {
    schema.check_count(array.length() as usize)?;
    let mut values = Vec::with_capacity(schema.features().len());
    for (feature, value) in schema.features().iter().zip(array.iter()) {
        values.push(number(&feature.name, &value)?);
    }
    schema.row_from_values(values)
}

fn row_of_object(schema: &Schema, fields: &Object) -> Result<Row> {
    let mut named = Vec::new();
    for name in Object::keys(fields).iter() {
        let name = String::from(name.unchecked_into::<JsString>());
        // An unknown name matters more than what it holds.
        schema.index_of(&name)?;
        let value = number(&name, &property(fields, &name))?;
        named.push((name, value));
    }
    schema.row_from_names(named.iter().map(|(name, value)| (name.as_str(), *value)))
}

fn many(model: &Model, rows: &JsValue) -> Result<Vec<f32>> {
    let schema = model.schema();
    let width = schema.features().len();
    // One loop for every form: each tells how many rows it has, and makes one of them.
    let (count, row_at): (usize, Box<dyn Fn(usize) -> Result<Row> + '_>) = if let Some(values) = typed_array(rows) {
        schema.check_whole_rows(values.len())?;
        let count = values.len() / width;
        let row_at = move |index| schema.row_from_values(values[index * width..][..width].to_vec());
        (count, Box::new(row_at))
    } else if Array::is_array(rows) {
        let rows: &Array = rows.unchecked_ref();
        let row_at = move |index| row(schema, &rows.get(index as u32));
        (rows.length() as usize, Box::new(row_at))
    } else if rows.is_object() {
        let (columns, count) = columns(schema, rows.unchecked_ref())?;
        let row_at = move |index: usize| {
            let values = columns.iter().map(|column| column.as_ref().map_or(f64::NAN, |values| values[index]));
            schema.row_from_values(values.collect())
        };
        (count, Box::new(row_at))
    } else {
        return Err(wrong_type("rows are an array of rows, a Float32Array, a Float64Array or an object of columns"));
    };
    let mut predictions = Vec::with_capacity(count);
    for index in 0..count {
        let row = row_at(index).map_err(|error| error.at(format_args!("row {}", index + 1)))?;
        predictions.push(model.predict_value(&row));
    }
    Ok(predictions)
}

/// The columns of `{ glucose: [106, …], … }` in feature order, `None` for one that is not given, and how many rows they
/// hold.
fn columns(schema: &Schema, named: &Object) -> Result<(Vec<Option<Vec<f64>>>, usize)> {
    let mut columns = vec![None; schema.features().len()];
    let mut count = None;
    for name in Object::keys(named).iter() {
        let name = String::from(name.unchecked_into::<JsString>());
        let index = schema.index_of(&name)?;
        let given = property(named, &name);
        let values = if Array::is_array(&given) {
            let given: &Array = given.unchecked_ref();
            let mut values = Vec::with_capacity(given.length() as usize);
            for value in given.iter() {
                values.push(number(&name, &value)?);
            }
            values
        } else {
            typed_array(&given).ok_or_else(|| {
                Error::in_field(Code::WrongType, &name, format_args!("a column is an array of numbers"))
            })?
        };
        let wanted = *count.get_or_insert(values.len());
        if values.len() != wanted {
            return Err(Error::in_field(
                Code::WrongFieldCount,
                &name,
                format_args!("the column has {} values; the one before it has {wanted}", values.len()),
            ));
        }
        columns[index] = Some(values);
    }
    match count {
        Some(count) => Ok((columns, count)),
        None => Err(Error::new(Code::EmptyInput, format_args!("no columns given"))),
    }
}

fn typed_array(value: &JsValue) -> Option<Vec<f64>> {
    if let Some(values) = value.dyn_ref::<Float64Array>() {
        return Some(values.to_vec());
    }
    let values = value.dyn_ref::<Float32Array>()?;
    Some(values.to_vec().into_iter().map(f64::from).collect())
}

/// A number, or `NaN` for what JavaScript has for "nothing here".
fn number(field: &str, value: &JsValue) -> Result<f64> {
    if value.is_null() || value.is_undefined() {
        return Ok(f64::NAN);
    }
    // `as_f64` is `None` for anything but a number: "106" is a mistake worth hearing of.
    value.as_f64().ok_or_else(|| {
        let kind = String::from(value.js_typeof().unchecked_into::<JsString>());
        Error::in_field(
            Code::WrongType,
            field,
            format_args!("a number, null or undefined is due, not a value of type {kind}"),
        )
    })
}

fn wrong_type(message: &str) -> Error {
    Error::new(Code::WrongType, format_args!("{message}"))
}

/// An object's property; `undefined` where there is none, and for what is no object.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

fn view(value: &impl Serialize) -> JsResult<JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::new())?)
}

fn thrown(error: Error) -> JsValue {
    let object = js_sys::Error::new(&error.to_string());
    object.set_name("WardianError");
    // Setting a property of an object just made cannot fail.
    let _ = Reflect::set(&object, &"code".into(), &error.code().as_str().into());
    if let Some(field) = error.field() {
        let _ = Reflect::set(&object, &"field".into(), &field.into());
    }
    object.into()
}
