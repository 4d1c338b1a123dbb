//! The card as a page to be printed: no script, nothing to be fetched.

use std::fmt::Write;

use serde_json::Value;

use super::Sealed;
use super::text::html;
use crate::number::shown;

const STYLE: &str = "body{font:11pt/1.5 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#17201b;background:#fff}\
    h1{font-size:1.7em;line-height:1.2}h2{font-size:1.2em;margin-top:1.6em}h3{font-size:1em}table{border-collapse:collapse;width:100%;font-size:.9em}\
    td,th{text-align:left;vertical-align:top;padding:.2em .8em .2em 0;border-bottom:1px solid #dde2db}.notice{font-weight:bold}\
    @media print{body{margin:0}h2{break-after:avoid}tr{break-inside:avoid}}";

/// The most features whose inputs are listed.
const MOST_INPUTS: usize = 500;

/// The page.
pub(super) fn page(sealed: &Sealed) -> String {
    let case = &sealed.case;
    let (schema, forest) = (case.model.schema(), case.model.forest());
    let card = case.card().unwrap_or_default();
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'\"><title>{}</title><style>{STYLE}</style></head><body>\n",
        html(case.language()),
        super::text::integrity(STYLE.as_bytes()),
        html(case.title()),
    );
    let mut put = |text: String| out.push_str(&text);
    put(format!("<h1>{}</h1>\n", html(case.title())));
    if let Some(outcome) = &case.file.outcome {
        put(format!("<p>{}</p>\n", html(outcome)));
    }
    if let Some(notice) = card.get("notice").and_then(Value::as_str) {
        put(format!("<p class=\"notice\">{}</p>\n", html(notice)));
    }
    let golden = case.golden.len(&case.model);
    let replayed = if golden == 0 { String::new() } else { format!("{golden} rows, answers by {}", case.golden.by) };
    let facts = [
        ("Name", format!("{} {}", case.name(), case.file.version.as_deref().unwrap_or_default())),
        ("Kind", case.kind().as_str().to_owned()),
        ("Trained with", case.trainer.clone()),
        ("Size", format!("{} trees, {} splits, depth {}", forest.trees().len(), forest.split_count(), forest.depth())),
        ("Replayed bit for bit", replayed),
        ("SHA-256 of model.wardian", super::replay::sha256(&case.model_bytes)),
    ];
    put("<table>\n".to_owned());
    for (name, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
        put(format!("<tr><th>{name}</th><td>{}</td></tr>\n", html(fact)));
    }
    put("</table>\n<h2>Inputs</h2>\n<table><tr><th>Input</th><th>Unit</th><th>Range in training</th><th>Help</th></tr>\n".to_owned());
    for (feature, entry) in schema.features().iter().zip(&case.file.features).take(MOST_INPUTS) {
        let label = entry.label.as_ref().unwrap_or(&feature.label);
        let help = entry.help.as_ref().unwrap_or(&feature.description);
        let range = match feature.range {
            Some((low, high)) => format!("{} to {}", shown(low), shown(high)),
            None => feature.categories.join(", "),
        };
        put(format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            html(label),
            html(entry.unit.as_ref().unwrap_or(&feature.unit)),
            html(&range),
            html(help)
        ));
    }
    put("</table>\n".to_owned());
    if let Some(members) = card.as_object() {
        let others = members.iter().filter(|(name, _)| !matches!(name.as_str(), "title" | "notice"));
        for (name, value) in others {
            put(format!("<h2>{}</h2>\n", html(&crate::case::label_of(name))));
            let mut text = String::new();
            push(&mut text, value, 0);
            put(text);
        }
    }
    out + "</body></html>\n"
}

/// A value of the card, whatever it is.
fn push(out: &mut String, value: &Value, depth: usize) {
    const DEEPEST: usize = 6;
    // Writing into memory does not fail.
    let _ = match value {
        _ if depth > DEEPEST => Ok(()),
        Value::Null => Ok(()),
        Value::Array(values) if values.iter().all(|value| !value.is_object() && !value.is_array()) => {
            let is_long = values.iter().any(Value::is_string);
            let texts: Vec<String> = values.iter().map(|value| html(&plain(value))).collect();
            if is_long {
                writeln!(out, "<ul><li>{}</li></ul>", texts.join("</li><li>"))
            } else {
                writeln!(out, "<p>{}</p>", texts.join(", "))
            }
        }
        Value::Array(values) => {
            out.push_str("<table>\n");
            for value in values {
                out.push_str("<tr>");
                match value {
                    Value::Array(cells) => cells.iter().for_each(|cell| cell_of(out, cell, depth)),
                    other => cell_of(out, other, depth),
                }
                out.push_str("</tr>\n");
            }
            writeln!(out, "</table>")
        }
        Value::Object(members) => {
            out.push_str("<table>\n");
            for (name, value) in members {
                let _ = write!(out, "<tr><th>{}</th>", html(&crate::case::label_of(name)));
                cell_of(out, value, depth);
                out.push_str("</tr>\n");
            }
            writeln!(out, "</table>")
        }
        other => writeln!(out, "<p>{}</p>", html(&plain(other))),
    };
}

fn cell_of(out: &mut String, value: &Value, depth: usize) {
    out.push_str("<td>");
    match value {
        Value::Array(_) | Value::Object(_) => push(out, value, depth + 1),
        other => out.push_str(&html(&plain(other))),
    }
    out.push_str("</td>");
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}
