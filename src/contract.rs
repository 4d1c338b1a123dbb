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
//! `GET /katana-ml/api/v1.0/openapi.json` describes it. Errors are `application/problem+json` (RFC 9457) with the stable `code` and the `field` at fault.

use crate::error::{Code, Error};
use crate::model::Model;
use crate::number::decimal;

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
    /// `data` is not a string.
    DataNotText,
    /// `data`.
    Data(String),
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case, and values.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The body's text, empty for none.
    pub body: String,
}

/// Answers `request`, whose body holds `payload`, with `model`.
pub fn answer(model: &Model, request: &Request<'_>, payload: Payload) -> Response {
    let (allowed, only) = match request.path {
        PATH => ("OPTIONS, POST", "only POST is answered here"),
        DESCRIPTION_PATH => ("GET, HEAD, OPTIONS", "only GET is answered here"),
        _ => return problem(404, "Not Found", &format!("there is nothing here; ask POST {PATH}"), None),
    };
    match (request.path, request.method) {
        (_, "OPTIONS") => {
            let mut response = response(204, None, String::new());
            response.headers.extend([
                ("access-control-allow-methods", allowed),
                ("access-control-allow-headers", "content-type"),
                ("access-control-max-age", "86400"),
            ]);
            return response;
        }
        (PATH, "POST") => {}
        (DESCRIPTION_PATH, "GET") => return response(200, Some("application/json"), DESCRIPTION.to_owned()),
        (DESCRIPTION_PATH, "HEAD") => return response(200, Some("application/json"), String::new()),
        _ => {
            let mut response = problem(405, "Method Not Allowed", only, None);
            response.headers.push(("allow", allowed));
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
    let data = match payload {
        Payload::Data(data) => data,
        Payload::Malformed => return bad_request("the body is not JSON"),
        Payload::NotAnObject => return bad_request("the body is not a JSON object"),
        Payload::WithoutData => return bad_request("the member \"data\" is absent"),
        Payload::DataNotText => {
            return bad_request("\"data\" is not a string of comma-separated values");
        }
    };
    match model.schema().row_from_text(&data) {
        Ok(row) => response(200, Some("application/json"), prediction_body(&model.predict(&row).values)),
        Err(error) => problem(400, "Bad Request", &error.to_string(), Some(&error)),
    }
}

/// The body of a prediction: `{"prediction":0.0910…}`, or an array where a row has several.
pub fn prediction_body(predictions: &[f32]) -> String {
    match predictions {
        [prediction] => format!("{{\"prediction\":{}}}", decimal(*prediction)),
        several => {
            let several: Vec<String> = several.iter().map(|&prediction| decimal(prediction)).collect();
            format!("{{\"prediction\":[{}]}}", several.join(","))
        }
    }
}

/// `application/json` or any `application/…+json`, with or without parameters, as Flask takes it.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn response(status: u16, content_type: Option<&'static str>, body: String) -> Response {
    let mut headers = vec![("access-control-allow-origin", "*")];
    headers.extend(content_type.map(|value| ("content-type", value)));
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
