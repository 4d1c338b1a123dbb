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
//! `GET /katana-ml/api/v1.0/openapi.json` describes it. Errors are `application/problem+json` (RFC 9457) with the stable `code` and the `field` at fault.

use std::borrow::Cow;

use crate::error::{Code, Error, Result};
use crate::model::Model;
use crate::numbers::{Numbers, Slice};

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

/// Answers `request`, whose body holds `payload`, with `model`, by the shipped model's contract.
pub fn answer(model: &Model, request: &Request<'_>, payload: Payload) -> Response {
    SHIPPED.answer(model, request, payload)
}

impl Contract<'_> {
    /// Answers `request`, whose body holds `payload`, with `model`.
    pub fn answer(&self, model: &Model, request: &Request<'_>, payload: Payload) -> Response {
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
        let body = match payload {
            Payload::Data(data) => predicted(model, &data).map(|values| prediction_body(model, values.all())),
            Payload::Rows(rows) if !rows.is_empty() => predictions_body(model, &rows),
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

fn predicted(model: &Model, data: &str) -> Result<Numbers> {
    Ok(model.predict(&model.schema().row_from_text(data)?).values)
}

/// The body of a prediction of `model`: `{"prediction":0.0910…}`, or an array where a row has several; and the class's name where the
/// model knows it: `{"prediction":[0.1,0.9],"label":"setosa"}`.
pub fn prediction_body(model: &Model, predictions: Slice<'_>) -> String {
    let label = model.label(predictions).map(|label| format!(",\"label\":{}", json_text(label)));
    format!("{{\"prediction\":{predictions}{}}}", label.unwrap_or_default())
}

/// The body of many: `{"predictions":[0.0910…,0.4411…]}`, and `"labels"` likewise.
fn predictions_body(model: &Model, rows: &[String]) -> Result<String> {
    let (mut predictions, mut labels) = (Vec::with_capacity(rows.len()), Vec::new());
    for (index, data) in rows.iter().enumerate() {
        let values = predicted(model, data).map_err(|error| error.place("row #", &[index + 1]))?;
        labels.extend(model.label(values.all()).map(json_text));
        predictions.push(values.to_string());
    }
    let labels = if labels.is_empty() { String::new() } else { format!(",\"labels\":[{}]", labels.join(",")) };
    Ok(format!("{{\"predictions\":[{}]{labels}}}", predictions.join(",")))
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
