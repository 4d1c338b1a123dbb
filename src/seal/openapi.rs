//! The description of a case's contract, OpenAPI 3.1: the case's own, or made.

use serde_json::{Value, json};

use crate::case::{Case, Kind, wrong};
use crate::contract::LONGEST_BODY;
use crate::error::{Result, quoted};
use crate::link::Link;
use crate::schema::Feature;

/// The document.
pub(super) fn document(case: &Case) -> Result<Value> {
    let Some(own) = &case.openapi else { return Ok(made(case)) };
    let has = |path: &str| own.get("paths").is_some_and(|paths| paths.get(path).is_some());
    match [case.rest().to_owned(), case.description_path()].into_iter().find(|path| !has(path)) {
        None => Ok(own.clone()),
        Some(path) => Err(wrong("openapi", format!("it describes no path {}", quoted(&path)))),
    }
}

/// Where the paths begin, from where the document at `path` is served: a relative address, so that it is right below any path.
fn server(path: &str) -> String {
    let up: Vec<&str> = path.matches('/').skip(1).map(|_| "..").collect();
    if up.is_empty() { ".".to_owned() } else { up.join("/") }
}

/// A feature in the list of a row's values.
fn described(feature: &Feature) -> String {
    match feature.unit.as_str() {
        "" => feature.name.clone(),
        unit => format!("{} ({unit})", feature.name),
    }
}

fn row_description(case: &Case) -> String {
    /// As many are named.
    const SOME: usize = 100;
    let features = case.model.schema().features();
    let names: Vec<String> = features.iter().take(SOME).map(described).collect();
    let more = if features.len() > SOME { ", …" } else { "" };
    let (values, them) = if features.len() == 1 { ("value", "it is") } else { ("values", "they are") };
    let mut text = format!(
        "{} {values}, with commas between; {them} {}{more}. Empty, NA and nan are not measured",
        features.len(),
        names.join(", ")
    );
    let coded: Vec<&Feature> = features.iter().filter(|feature| !feature.missing_codes.is_empty()).collect();
    for feature in coded.iter().take(SOME) {
        let codes: Vec<String> = feature.missing_codes.iter().map(|&code| crate::number::shown(code)).collect();
        text += &format!("; nor is {} of {}", codes.join(" or "), feature.name);
    }
    text + ". Or an array of such texts."
}

fn prediction_schema(case: &Case) -> Value {
    let model = &case.model;
    let one = match (case.kind(), model.forest().link()) {
        (Kind::Classes, Link::Class) => {
            json!({ "type": "number", "minimum": 0, "description": "The class's place among the classes, from 0" })
        }
        (Kind::Risk | Kind::Classes, _) => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        (Kind::Count | Kind::Time | Kind::Hazard, Link::Exponential) => json!({ "type": "number", "minimum": 0 }),
        _ => json!({ "type": "number" }),
    };
    match model.prediction_count() {
        1 => one,
        count => json!({ "type": "array", "items": one, "minItems": count, "maxItems": count }),
    }
}

fn answer_description(case: &Case) -> String {
    let outcome = case.file.outcome.as_deref().unwrap_or_default();
    let of = if outcome.is_empty() { String::new() } else { format!(": {outcome}") };
    match case.kind() {
        Kind::Risk => format!("The probability of {}", if outcome.is_empty() { "the positive class" } else { outcome }),
        Kind::Classes => format!("The classes' probabilities{of}"),
        Kind::Targets => format!("A number for each target{of}"),
        kind => {
            let unit =
                case.file.answer.as_ref().and_then(|answer| answer.unit.as_deref()).filter(|unit| !unit.is_empty());
            format!("The {}{of}{}", kind.as_str(), unit.map_or_else(String::new, |unit| format!(" ({unit})")))
        }
    }
}

/// What `?explain` is.
fn explain_parameter() -> Value {
    json!({
        "name": "explain",
        "in": "query",
        "description": "Whether to tell more of each answer: how sure it is, why it is what it is, and what is not known for want of a value",
        "allowEmptyValue": true,
        "schema": { "enum": ["", "true", "1", "false", "0"], "default": "false" },
    })
}

/// What is told of an answer where that is asked for: what the case does not know is left out.
fn explanation_schema() -> Value {
    let numbers = |what: &str| json!({ "type": ["number", "array"], "items": { "type": "number" }, "description": format!("{what}; of several outputs a number for each") });
    json!({
        "type": "object",
        "description": "What ?explain tells of one answer; what is not known is left out",
        "properties": {
            "interval": {
                "type": "object",
                "description": "How sure the answer is, by rows with labels that the model was not trained on: of a number an interval, of a risk its range by Venn-Abers, of classes a set",
                "properties": {
                    "level": { "type": "integer", "description": "In how many cases of 100 it holds" },
                    "low": { "type": "number" },
                    "high": { "type": "number" },
                    "merged": { "type": "number", "description": "Of a risk: between both ends, what loses least" },
                    "outside": { "type": "boolean", "description": "Of a risk: whether the prediction lies outside of its range; the range is then to be gone by" },
                    "classes": { "type": "array", "items": { "type": "string" } },
                },
            },
            "margin": numbers("The sum of the trees before the link"),
            "base": numbers("The mean margin of the training rows: with all contributions it makes the margin"),
            "reasons": {
                "type": "array",
                "description": "What each feature adds to the margin (SHAP), the one that adds most first; one that adds nothing is left out",
                "items": {
                    "type": "object",
                    "required": ["feature", "contribution"],
                    "properties": { "feature": { "type": "string" }, "contribution": numbers("What it adds") },
                },
            },
            "unknown": {
                "type": "array",
                "description": "For each value that is missing, between which predictions this one lies if it is any that was observed; the one that would tell most first",
                "items": {
                    "type": "object",
                    "required": ["feature", "low", "high", "spread"],
                    "properties": {
                        "feature": { "type": "string" },
                        "low": numbers("The least prediction"),
                        "high": numbers("The largest"),
                        "spread": numbers("The standard deviation over the observed values"),
                    },
                },
            },
        },
    })
}

fn made(case: &Case) -> Value {
    let model = &case.model;
    let card = case.card();
    let notice = card.as_ref().and_then(|card| card.get("notice")?.as_str());
    let description =
        ["The predictions of a model of trees, answered on the device that asks.", notice.unwrap_or_default()]
            .join(" ");
    let mut examples = (json!({}), json!({}));
    if let Some(example) = &case.file.example
        && let Ok(row) = model.schema().row_from_text(example)
    {
        let body = crate::contract::prediction_body(model, model.predict(&row).values.all());
        examples.0 = json!({ "one row": { "value": { "data": example } } });
        examples.1 = json!({ "one row": { "value": serde_json::from_str::<Value>(&body).unwrap_or_default() } });
    }
    let mut prediction = json!({
        "type": "object",
        "minProperties": 1,
        "properties": {
            "prediction": prediction_schema(case),
            "predictions": { "type": "array", "items": { "$ref": "#/components/schemas/Prediction/properties/prediction" } },
            "explanations": {
                "type": "array",
                "description": "One for each prediction, where they are asked for",
                "items": { "$ref": "#/components/schemas/Explanation" },
            },
        },
        "allOf": [{ "$ref": "#/components/schemas/Explanation" }],
    });
    let classes = model.schema().classes();
    if !classes.is_empty() {
        prediction["properties"]["label"] = json!({ "type": "string", "enum": classes });
        prediction["properties"]["labels"] =
            json!({ "type": "array", "items": { "$ref": "#/components/schemas/Prediction/properties/label" } });
    }
    let digits = if matches!(model.forest().precision(), crate::numbers::Precision::Single) { 32 } else { 64 };
    let origin = json!({ "Access-Control-Allow-Origin": { "schema": { "const": "*" } } });
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    json!({
        "openapi": "3.1.0",
        "info": { "title": format!("Wardian: {}", case.title()), "version": case.file.version, "description": description.trim() },
        "servers": [{ "url": server(&case.description_path()) }],
        "paths": {
            case.rest(): {
                "post": {
                    "operationId": "predict",
                    "summary": answer_description(case),
                    "security": [],
                    "parameters": [explain_parameter()],
                    "requestBody": {
                        "required": true,
                        "description": format!("At most {LONGEST_BODY} bytes"),
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Request" }, "examples": examples.0 } },
                    },
                    "responses": {
                        "200": {
                            "description": format!("{digits}-bit floats in the fewest digits that read back as them; of an array an answer for each text"),
                            "headers": origin.clone(),
                            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Prediction" }, "examples": examples.1 } },
                        },
                        "400": problem.clone(),
                        "413": problem.clone(),
                        "415": problem.clone(),
                        "503": problem.clone(),
                    },
                },
                "options": {
                    "operationId": "allow",
                    "summary": "What a page of another origin may ask",
                    "security": [],
                    "responses": { "204": { "description": "POST, with the headers that are asked for" }, "4XX": problem.clone() },
                },
            },
            case.description_path(): {
                "get": {
                    "operationId": "describe",
                    "summary": "This document",
                    "security": [],
                    "responses": {
                        "200": { "description": "This document", "content": { "application/json": { "schema": { "type": "object" } } } },
                        "4XX": problem,
                    },
                },
            },
        },
        "components": {
            "schemas": {
                "Request": {
                    "type": "object",
                    "required": ["data"],
                    "properties": {
                        "data": { "type": ["string", "array"], "minItems": 1, "items": { "type": "string" }, "description": row_description(case) },
                    },
                },
                "Prediction": prediction,
                "Explanation": explanation_schema(),
                "Problem": {
                    "type": "object",
                    "description": "RFC 9457",
                    "required": ["type", "title", "status", "detail"],
                    "properties": {
                        "type": { "const": "about:blank" },
                        "title": { "type": "string" },
                        "status": { "type": "integer" },
                        "detail": { "type": "string", "description": "What is wrong, and where" },
                        "code": { "type": "string", "description": "Of an error about the values: a stable name of its kind" },
                        "field": { "type": "string", "description": "The value at fault, where it is one" },
                    },
                },
            },
            "responses": {
                "Problem": {
                    "description": "What is wrong",
                    "headers": origin,
                    "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
                },
            },
        },
    })
}
