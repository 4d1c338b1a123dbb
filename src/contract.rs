//! The REST contract as a pure function: a request's parts → status, headers and body.
//!
//! It answers what a Flask service used to answer, so that a page, a service worker or an edge runtime can do so with
//! no server:
//!
//! ```text
//! POST /katana-ml/api/v1.0/diabetes   {"data": "1,106,70,28,135,34.2,0.142,22"}
//! 200                                 {"prediction":0.0910…}
//! ```
//!
//! An array of such texts, which the service did not take, is answered with `{"predictions":[…]}`, one a text. A model that knows its
//! classes' names adds the `label`, or `labels`, that the predictions speak for.
//!
//! `POST …?explain` is answered with more: how sure the answer is, why it is what it is, and what is not known of it, as far as a `Why`
//! tells it. The members of the plain answer stay as they are.
//!
//! `GET /katana-ml/api/v1.0/openapi.json` describes it. Errors are `application/problem+json` (RFC 9457) with the stable `code` and the `field` at fault.

use std::borrow::Cow;

use crate::error::{Code, Error, Result};
use crate::model::{Model, Prediction};
use crate::numbers::Slice;
use crate::schema::Row;

#[cfg(feature = "case")]
mod why;
#[cfg(feature = "case")]
pub use why::CaseWhy;

/// The path that predictions are asked at.
pub const PATH: &str = "/katana-ml/api/v1.0/diabetes";

/// The longest request body that is read, in bytes. The example's is 44.
pub const LONGEST_BODY: usize = 64 * 1024;

/// The path of the document that describes the contract.
pub const DESCRIPTION_PATH: &str = "/katana-ml/api/v1.0/openapi.json";

/// OpenAPI 3.1.
const DESCRIPTION: &str = include_str!("../models/diabetes/openapi.json");

/// The parts of a request that the contract looks at.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The path, without a query.
    pub path: &'a str,
    /// The query: what stands behind the path and a question mark, if there is one. Only `explain` of it is looked at.
    pub query: Option<&'a str>,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The `Access-Control-Request-Headers` header of a preflight.
    pub requested_headers: Option<&'a str>,
    /// How many bytes the body has.
    pub body_length: usize,
}

/// What a parser of JSON found in a request's body. The parser is the caller's: `JSON.parse` where there is one, so
/// that the wasm module carries none. A body longer than [`LONGEST_BODY`] need not be parsed.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// The body is not JSON.
    Malformed,
    /// It is JSON, but no object.
    NotAnObject,
    /// An object without the member `data`.
    WithoutData,
    /// `data` is no string, and no array of strings.
    DataNotText,
    /// `data`: a row.
    Data(String),
    /// `data`: an array of rows. One of none is answered as [`Payload::DataNotText`].
    Rows(Vec<String>),
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case, and values.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body's text, empty for none.
    pub body: String,
}

/// Where a model is asked, and what describes that.
#[derive(Clone, Copy, Debug)]
pub struct Contract<'a> {
    /// The path that predictions are asked at.
    pub path: &'a str,
    /// The path of the document that describes the contract.
    pub description_path: &'a str,
    /// That document: OpenAPI 3.1.
    pub description: &'a str,
}

/// The shipped model's.
pub const SHIPPED: Contract<'_> = Contract { path: PATH, description_path: DESCRIPTION_PATH, description: DESCRIPTION };

/// What tells more of an answer than its number, where `?explain` asks for it.
pub trait Why {
    /// The members of a JSON object that tell it of one row, without braces: `"interval":{…},"reasons":[…]`; empty where nothing is known.
    fn members(&self, row: &Row, prediction: &Prediction) -> String;
}

/// Answers `request`, whose body holds `payload`, with `model`, by the shipped model's contract.
pub fn answer(model: &Model, request: &Request<'_>, payload: Payload) -> Response {
    SHIPPED.answer(model, request, payload)
}

impl Contract<'_> {
    /// Answers `request`, whose body holds `payload`, with `model`. To who asks to have it explained, nothing more is known.
    pub fn answer(&self, model: &Model, request: &Request<'_>, payload: Payload) -> Response {
        self.answer_with(model, request, payload, &|| None)
    }

    /// As [`Contract::answer`]. `why` is asked for where the request asks to have the answer explained, and only then.
    pub fn answer_with<'w>(
        &self,
        model: &Model,
        request: &Request<'_>,
        payload: Payload,
        why: &dyn Fn() -> Option<&'w dyn Why>,
    ) -> Response {
        let is_description = request.path == self.description_path;
        let (allowed, only) = if request.path == self.path {
            ("OPTIONS, POST", "only POST is answered here")
        } else if is_description {
            ("GET, HEAD, OPTIONS", "only GET is answered here")
        } else {
            return problem(404, "Not Found", &format!("there is nothing here; ask POST {}", self.path), None);
        };
        match (is_description, request.method) {
            (_, "OPTIONS") => {
                let mut response = response(204, None, String::new());
                response.headers.extend([
                    ("access-control-allow-methods", allowed.into()),
                    (
                        "access-control-allow-headers",
                        request
                            .requested_headers
                            .filter(|names| !names.is_empty())
                            .map_or("content-type".into(), headers),
                    ),
                    ("access-control-max-age", "86400".into()),
                ]);
                return response;
            }
            (false, "POST") => {}
            (true, "GET") => return response(200, Some("application/json"), self.description.to_owned()),
            (true, "HEAD") => return response(200, Some("application/json"), String::new()),
            _ => {
                let mut response = problem(405, "Method Not Allowed", only, None);
                response.headers.push(("allow", allowed.into()));
                return response;
            }
        }
        if !request.content_type.is_some_and(is_json) {
            return problem(415, "Unsupported Media Type", "the body must be application/json", None);
        }
        if request.body_length > LONGEST_BODY {
            return problem(
                413,
                "Content Too Large",
                &format!("the body is longer than the {LONGEST_BODY} bytes that are read"),
                None,
            );
        }
        let bad_request = |detail: &str| problem(400, "Bad Request", detail, None);
        let why = match asks_why(request.query) {
            Some(true) => Some(why()),
            Some(false) => None,
            None => return bad_request("the parameter \"explain\" is neither true nor false"),
        };
        let body = match payload {
            Payload::Data(data) => one_body(model, &data, why),
            Payload::Rows(rows) if !rows.is_empty() => predictions_body(model, &rows, why),
            Payload::Malformed => return bad_request("the body is not JSON"),
            Payload::NotAnObject => return bad_request("the body is not a JSON object"),
            Payload::WithoutData => return bad_request("the member \"data\" is absent"),
            Payload::DataNotText | Payload::Rows(_) => {
                return bad_request("\"data\" is not a string of comma-separated values");
            }
        };
        match body {
            Ok(body) => response(200, Some("application/json"), body),
            Err(error) => problem(400, "Bad Request", &error.to_string(), Some(&error)),
        }
    }
}

/// The headers that may be sent, as flask-cors answers: whichever are asked for.
fn headers(requested: &str) -> Cow<'static, str> {
    let mut names: Vec<&str> = requested.split(',').map(str::trim).collect();
    names.sort_unstable();
    names.join(", ").into()
}

/// Whether a query asks to have answers explained: by `explain`, alone, as `true` or as `1`. None if it says neither that nor the contrary.
/// Names and values are taken as they stand, with nothing decoded.
pub fn asks_why(query: Option<&str>) -> Option<bool> {
    let mut members = query.unwrap_or_default().split('&');
    match members.find_map(|member| match member.split_once('=').unwrap_or((member, "")) {
        ("explain", value) => Some(value),
        _ => None,
    }) {
        None | Some("false" | "0") => Some(false),
        Some("" | "true" | "1") => Some(true),
        Some(_) => None,
    }
}

/// What explains answers, where the request asks for that: nothing where it does not, and nothing within where nothing is known.
type Asked<'w> = Option<Option<&'w dyn Why>>;

fn predicted(model: &Model, data: &str) -> Result<(Row, Prediction)> {
    let row = model.schema().row_from_text(data)?;
    let prediction = model.predict(&row);
    Ok((row, prediction))
}

/// The body of a prediction of `model`: `{"prediction":0.0910…}`, or an array where a row has several; and the class's name where the
/// model knows it: `{"prediction":[0.1,0.9],"label":"setosa"}`.
pub fn prediction_body(model: &Model, predictions: Slice<'_>) -> String {
    let label = model.label(predictions).map(|label| format!(",\"label\":{}", json_text(label)));
    format!("{{\"prediction\":{predictions}{}}}", label.unwrap_or_default())
}

/// The body of one, with what explains it behind what it has anyhow.
fn one_body(model: &Model, data: &str, why: Asked<'_>) -> Result<String> {
    let (row, prediction) = predicted(model, data)?;
    let mut body = prediction_body(model, prediction.values.all());
    let more = why.flatten().map_or_else(String::new, |why| why.members(&row, &prediction));
    if !more.is_empty() {
        body.pop();
        body += &format!(",{more}}}");
    }
    Ok(body)
}

/// The body of many: `{"predictions":[0.0910…,0.4411…]}`, and `"labels"` likewise; `"explanations"` where they are asked for.
fn predictions_body(model: &Model, rows: &[String], why: Asked<'_>) -> Result<String> {
    let (mut predictions, mut labels, mut explanations) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
    for (index, data) in rows.iter().enumerate() {
        let (row, prediction) = predicted(model, data).map_err(|error| error.place("row #", &[index + 1]))?;
        labels.extend(model.label(prediction.values.all()).map(json_text));
        predictions.push(prediction.values.to_string());
        explanations.extend(
            why.map(|why| format!("{{{}}}", why.map_or_else(String::new, |why| why.members(&row, &prediction)))),
        );
    }
    let more = |name: &str, texts: &[String]| match texts {
        [] => String::new(),
        texts => format!(",\"{name}\":[{}]", texts.join(",")),
    };
    let more = more("labels", &labels) + &more("explanations", &explanations);
    Ok(format!("{{\"predictions\":[{}]{more}}}", predictions.join(",")))
}

/// `application/json` or any `application/…+json`, with or without parameters, as Flask takes it.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn response(status: u16, content_type: Option<&'static str>, body: String) -> Response {
    let mut headers = vec![("access-control-allow-origin", "*".into())];
    headers.extend(content_type.map(|value| ("content-type", value.into())));
    Response { status, headers, body }
}

fn problem(status: u16, title: &str, detail: &str, error: Option<&Error>) -> Response {
    let mut body = format!(
        "{{\"type\":\"about:blank\",\"title\":{},\"status\":{status},\"detail\":{}",
        json_text(title),
        json_text(detail)
    );
    if let Some(code) = error.map(Error::code).map(Code::as_str) {
        body += &format!(",\"code\":{}", json_text(code));
    }
    if let Some(field) = error.and_then(Error::field) {
        body += &format!(",\"field\":{}", json_text(field));
    }
    body.push('}');
    response(status, Some("application/problem+json"), body)
}

/// A JSON string. Written here because it is all the JSON that the wasm module would need a library for.
fn json_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\0'..='\x1f' => out += &format!("\\u{:04x}", character as u32),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
