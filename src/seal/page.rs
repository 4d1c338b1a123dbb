//! A case in the page's shell: one file, or a folder for any host of files.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::shell::Script;
use super::text::{base64, filled, gzip, html, integrity, json as json_text, short};
use super::{Sealed, Shell, accent};
use crate::case::wrong;
use crate::error::Result;

/// The names of files that are written beside the shell's.
const INDEX: &str = "index.html";
const SINGLE: &str = "page.html";
const SERVICE_WORKER: &str = "service-worker.js";
const MANIFEST: &str = "manifest.webmanifest";
pub(super) const MODEL: &str = "model.wardian";
const OPENAPI: &str = "openapi.json";
/// The ids of data blocks.
pub(super) const CASE_ID: &str = "case";
pub(super) const MODEL_ID: &str = "model";

/// Checks that a shell which opens the shipped model alone is asked for no other.
fn check_shell(sealed: &Sealed, shell: &Shell) -> Result<()> {
    let (own, shipped) = (&sealed.case.model, crate::shipped::diabetes());
    // The shipped model's covers are in a module of their own.
    let is_shipped = own.forest() == shipped.forest() && own.schema() == shipped.schema();
    if shell.is_sealed() && !is_shipped {
        return Err(wrong("the shell", "it is built around another model, and opens no other"));
    }
    Ok(())
}

/// The documents beside the page's own, by their keys; each the text of some JSON.
fn documents(sealed: &Sealed) -> BTreeMap<String, String> {
    let own = sealed.case.language();
    let pages = sealed.pages.iter().filter(|(language, _)| *language != own);
    let pages = pages.map(|(language, page)| (format!("page.{language}"), json_text(page)));
    let abouts = sealed.abouts.iter().map(|(language, about)| (format!("about.{language}"), json_text(about)));
    let others = [("golden", &sealed.golden), ("columns", &sealed.columns), ("openapi", &sealed.openapi)];
    let certainty = sealed.certainty.iter().map(|certainty| ("certainty", certainty));
    let observed = sealed.observed.iter().map(|observed| ("observed", observed));
    let others = others
        .into_iter()
        .chain(certainty)
        .chain(observed)
        .map(|(key, document)| (key.to_owned(), json_text(document)));
    pages.chain(abouts).chain(others).collect()
}

/// A block of data, which no browser takes for a script.
fn block(id: &str, kind: &str, content: &str) -> String {
    format!("<script type=\"{kind}\" id=\"{}\">{content}</script>", html(id))
}

/// The page document in the case's own language.
fn own_page(sealed: &Sealed) -> &Value {
    sealed.pages.get(sealed.case.language()).unwrap_or(&Value::Null)
}

/// The page in one file.
pub(super) fn single(sealed: &Sealed, shell: &Shell) -> Result<Vec<u8>> {
    check_shell(sealed, shell)?;
    let mut blocks = vec![block(CASE_ID, "application/json", &json_text(&json!({ "page": own_page(sealed) })))];
    for (key, document) in documents(sealed) {
        blocks.push(block(&key, "application/json", &document));
    }
    if !shell.is_sealed() {
        blocks.push(block(MODEL_ID, "application/gzip", &base64(&gzip(&sealed.case.model_bytes))));
    }
    let name = &shell.said.page.single;
    Ok(page(sealed, shell, name, &blocks.join("\n  "), "")?.into_bytes())
}

/// The page in a folder.
pub(super) fn folder(sealed: &Sealed, shell: &Shell) -> Result<BTreeMap<String, Vec<u8>>> {
    check_shell(sealed, shell)?;
    let parts = &shell.said.page;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for name in &parts.files {
        files.insert(name.clone(), shell.file(name)?.to_vec());
    }
    let mut own: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut addresses = Map::new();
    for (key, document) in documents(sealed) {
        let name = if key == "openapi" { OPENAPI.to_owned() } else { format!("case/{key}.json") };
        addresses.insert(key, address(&name, document.as_bytes()));
        own.insert(name, document.into_bytes());
    }
    if !shell.is_sealed() {
        addresses.insert(MODEL_ID.to_owned(), address(MODEL, &sealed.case.model_bytes));
        own.insert(MODEL.to_owned(), sealed.case.model_bytes.clone());
    }
    let data = json_text(&json!({ "page": own_page(sealed), "files": addresses }));
    let preload = preload(sealed, shell);
    let index = page(sealed, shell, &parts.index, &block(CASE_ID, "application/json", &data), &preload)?;
    own.insert(INDEX.to_owned(), index.into_bytes());
    own.insert(MANIFEST.to_owned(), manifest(sealed, shell)?.into_bytes());
    own.insert(SERVICE_WORKER.to_owned(), service_worker(sealed, shell, &own, &addresses)?.into_bytes());
    own.insert(SINGLE.to_owned(), single(sealed, shell)?);
    for (name, bytes) in own {
        if files.insert(name.clone(), bytes).is_some() {
            return Err(wrong("the shell", format!("its file {name} has a name that a case's file has")));
        }
    }
    Ok(files)
}

/// Where a file is, and its hash.
fn address(name: &str, bytes: &[u8]) -> Value {
    json!({ "file": format!("{name}?v={}", short(bytes)), "integrity": integrity(bytes) })
}

/// Links to the scripts that this case's page will ask for.
fn preload(sealed: &Sealed, shell: &Shell) -> String {
    let preload = &shell.said.page.preload;
    let language = preload.languages.get(sealed.case.language()).or_else(|| preload.languages.get("en"));
    let name = sealed.case.kind().as_str();
    let kind = preload.kinds.get(name);
    let words = preload.words.get(name);
    let words = words.and_then(|words| words.get(sealed.case.language()).or_else(|| words.get("en")));
    let link = |script: &Script| {
        format!(
            "<link rel=\"modulepreload\" href=\"{}\" integrity=\"{}\">",
            html(&script.file),
            html(&script.integrity)
        )
    };
    let links: Vec<String> = kind.into_iter().chain(language).chain(words).flatten().map(link).collect();
    links.join("\n  ")
}

/// A word of the page that the case has its own of.
fn word<'a>(sealed: &'a Sealed, key: &str) -> Option<&'a str> {
    sealed.case.file.words.get(key).map(String::as_str).filter(|word| !word.is_empty())
}

/// A sentence of what it is, for search engines and stores of applications.
fn description(sealed: &Sealed) -> String {
    let case = &sealed.case;
    match (word(sealed, "app.description").or_else(|| word(sealed, "app.lede")), &case.file.outcome) {
        (Some(word), _) => word.to_owned(),
        (None, Some(outcome)) if !outcome.is_empty() => format!("{}: {outcome}", case.title()),
        _ => case.title().to_owned(),
    }
}

/// What is to be read before any script has come.
fn masthead(sealed: &Sealed, shell: &Shell) -> String {
    let case = &sealed.case;
    let card = case.card();
    let notice = word(sealed, "app.notice").or_else(|| card.as_ref()?.get("notice")?.as_str());
    let mut out = format!(
        "<header class=\"masthead\"><div class=\"topline\"><p class=\"brand\">Wardian</p></div><h1>{}</h1>",
        html(word(sealed, "app.heading").unwrap_or(case.title()))
    );
    let own = || Some(shell.said.page.lede.get(case.language()).or_else(|| shell.said.page.lede.get("en"))?.as_str());
    if let Some(lede) = word(sealed, "app.lede").or_else(own) {
        out += &format!("<p class=\"lede\">{}</p>", html(lede));
    }
    if let Some(notice) = notice {
        let population = word(sealed, "app.population").map_or_else(String::new, |text| format!(" {}", html(text)));
        out += &format!("<p class=\"caution\"><strong>{}</strong>{population}</p>", html(notice));
    }
    out + "</header>"
}

/// A template of the page's HTML, filled.
fn page(sealed: &Sealed, shell: &Shell, name: &str, data: &str, preload: &str) -> Result<String> {
    let case = &sealed.case;
    let colour = case.file.look.as_ref().and_then(|look| look.accent.as_deref());
    let style = colour.and_then(accent::style);
    let mut has_data = false;
    let filled = filled(shell.text(name)?, name, |token| {
        Some(match token {
            "lang" => html(case.language()),
            "title" => html(case.title()),
            "description" => html(&description(sealed)),
            "style-hash" => {
                style.as_ref().map_or_else(String::new, |style| format!(" '{}'", integrity(style.as_bytes())))
            }
            "preload" => preload.to_owned(),
            "style" => style.as_ref().map_or_else(String::new, |style| format!("<style>{style}</style>")),
            "data" => {
                has_data = true;
                data.to_owned()
            }
            "masthead" => masthead(sealed, shell),
            _ => return None,
        })
    })?;
    if has_data { Ok(filled) } else { Err(wrong("the shell", format!("{name} has no place for the case"))) }
}

/// The manifest of an application.
fn manifest(sealed: &Sealed, shell: &Shell) -> Result<String> {
    let name = &shell.said.page.manifest;
    let inside = |text: &str| {
        let text = json_text(&text);
        text[1..text.len() - 1].to_owned()
    };
    filled(shell.text(name)?, name, |token| match token {
        "title" => Some(inside(sealed.case.title())),
        "name" => Some(inside(sealed.case.name())),
        "description" => Some(inside(&description(sealed))),
        "lang" => Some(inside(sealed.case.language())),
        _ => None,
    })
}

/// The service worker, which is told what of the case it keeps.
fn service_worker(
    sealed: &Sealed,
    shell: &Shell,
    own: &BTreeMap<String, Vec<u8>>,
    addresses: &Map<String, Value>,
) -> Result<String> {
    const TOKEN: &str = "@@case@@";
    let name = &shell.said.page.service_worker;
    let precache: Vec<Value> = own
        .iter()
        .map(|(name, bytes)| json!({ "url": name, "revision": short(bytes), "integrity": integrity(bytes) }))
        .collect();
    let mut told = Map::new();
    told.insert("precache".to_owned(), precache.into());
    told.insert("rest".to_owned(), sealed.case.rest().into());
    told.insert("description".to_owned(), sealed.case.description_path().into());
    for key in [MODEL_ID, "openapi", "certainty", "observed"] {
        if let Some(address) = addresses.get(key) {
            told.insert(key.to_owned(), address["file"].clone());
        }
    }
    let template = shell.text(name)?;
    let literal = ["\"", "'", "`"]
        .map(|sign| format!("{sign}{TOKEN}{sign}"))
        .into_iter()
        .find(|literal| template.contains(literal));
    let Some((before, after)) = literal.as_ref().and_then(|literal| template.split_once(literal.as_str())) else {
        return Err(wrong("the shell", format!("{name} has no place for the case")));
    };
    Ok(format!("{before}{}{after}", json_text(&told)))
}
