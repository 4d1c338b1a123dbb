//! `case.json`'s bytes → [`CaseFile`], and the files of a case's folder.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::file::{CaseFile, FileOr};
use crate::error::{Code, Error, Result, quoted, shown};

/// The file that says what a case is.
pub const CASE_FILE: &str = "case.json";
/// The most bytes of `case.json`, and of each other file of JSON that it names.
pub const LARGEST_JSON: usize = 1 << 24;

/// The error of a case, at a place in it.
pub(crate) fn wrong(place: &str, message: impl Into<String>) -> Error {
    let error = Error::of(Code::InvalidCase, message.into().into_bytes());
    if place.is_empty() { error } else { error.within(shown(place).as_bytes()) }
}

impl CaseFile {
    /// What the bytes of a `case.json` say.
    ///
    /// # Errors
    /// `invalid_case`, naming the place, and for a key that there is none of the nearest that there is.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let read = || {
            let read = json(bytes)?;
            objects(&json(bytes)?)?;
            Ok(read)
        };
        read().map_err(|error: Error| error.within(CASE_FILE.as_bytes()))
    }

    /// The files of the folder that it names.
    pub fn files(&self) -> Vec<&str> {
        let translations = self.translations.values().map(FileOr::file);
        let card = self.card.as_ref().and_then(FileOr::file);
        let observed = self.observed.as_ref().and_then(FileOr::file);
        let judged = self.judged.as_ref().map(|judged| judged.file.as_str());
        let named = [observed, judged, self.model.as_deref(), self.golden.as_deref(), self.openapi.as_deref(), card];
        named.into_iter().chain(translations).flatten().collect()
    }
}

impl<T> FileOr<T> {
    fn file(&self) -> Option<&str> {
        match self {
            Self::File(name) => Some(name),
            Self::Here(_) => None,
        }
    }
}

/// That what is an object is one: the library takes a list of its members for it, too.
fn objects(value: &Value) -> Result<()> {
    let object = |value: &Value, place: String| match value {
        Value::Array(_) => Err(wrong(&place, "it is a list, and an object is wanted")),
        _ => Ok(()),
    };
    let each = |value: &Value, place: &str| -> Result<()> {
        let values = value.as_array().into_iter().flatten().enumerate();
        values.into_iter().try_for_each(|(index, value)| object(value, format!("{place}[{index}]")))
    };
    object(value, String::new())?;
    for member in ["answer", "look", "certainty", "figures", "judged"] {
        object(&value[member], member.to_owned())?;
    }
    for member in ["features", "targets", "zones"] {
        each(&value[member], member)?;
    }
    for (index, feature) in value["features"].as_array().into_iter().flatten().enumerate() {
        each(&feature["units"], &format!("features[{index}].units"))?;
    }
    Ok(())
}

/// A value of JSON, errors with their places.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if bytes.len() > LARGEST_JSON {
        return Err(wrong("", format!("it has {} bytes; {LARGEST_JSON} are the most", bytes.len())));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let place = error.path().to_string();
        let place = if place == "." { "" } else { &place };
        wrong(place, said(&error.inner().to_string()))
    })?;
    reader.end().map_err(|error| wrong("", said(&error.to_string())))?;
    Ok(read)
}

/// What the library says, in our words: a key that there is none of with the nearest that there is.
fn said(message: &str) -> String {
    let Some(rest) = message.strip_prefix("unknown field `") else { return shown(message) };
    // A key may have backticks itself; what may be said follows the last "`, ".
    let Some((key, rest)) = rest.rsplit_once("`, expected ") else { return shown(message) };
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let place = rest.rsplit_once(" at line ").map_or_else(String::new, |(_, place)| format!(" (line {place})"));
    let nearest = nearest(key, &known).map_or_else(String::new, |nearest| format!("; is {nearest:?} meant?"));
    format!("there is no member {}{nearest}{place}", quoted(key))
}

/// The one of these that is written most like a text, if any is like it.
pub(crate) fn nearest<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    const LONGEST: usize = 100;
    /// Names that share nothing have less.
    const LIKE: f64 = 0.7;
    if text.len() > LONGEST {
        return None;
    }
    let lower = text.to_lowercase();
    let likeness = |known: &&str| strsim::jaro_winkler(&lower, &known.to_lowercase());
    let best = known.iter().map(|known| (likeness(known), *known)).max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(likeness, _)| *likeness >= LIKE).map(|(_, known)| known)
}

/// The files of a case, by their names in its folder.
#[derive(Clone, Debug, Default)]
pub struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    ///
    /// # Errors
    /// `invalid_case` for a name that [`check_path`] refuses.
    pub fn add(&mut self, name: impl Into<String>, bytes: Vec<u8>) -> Result<()> {
        let name = name.into();
        check_path(&name)?;
        self.0.insert(name, bytes);
        Ok(())
    }

    /// The names and bytes of all of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, bytes)| (&**name, &**bytes))
    }

    /// One file's bytes.
    ///
    /// # Errors
    /// `invalid_case` if there is none of that name.
    pub fn get(&self, name: &str) -> Result<&[u8]> {
        check_path(name)?;
        match self.0.get(name) {
            Some(bytes) => Ok(bytes),
            None => {
                let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
                let near = nearest(name, &known).map_or_else(String::new, |near| format!("; is {near:?} meant?"));
                Err(wrong("", format!("there is no file {} in the folder{near}", quoted(name))))
            }
        }
    }
}

/// Checks that a name is one of a file in the folder: it goes nowhere else.
///
/// # Errors
/// `invalid_case` for one that is empty or absolute, and for one with `..`, a backslash or a colon.
pub fn check_path(name: &str) -> Result<()> {
    const LONGEST: usize = 400;
    let is_part = |part: &str| !part.is_empty() && part != "." && part != "..";
    let has_others = name.chars().any(|character| character.is_control() || "\\:".contains(character));
    if name.len() > LONGEST || has_others || !name.split('/').all(is_part) {
        return Err(wrong("", format!("{} is no name of a file in the case's folder", quoted(name))));
    }
    Ok(())
}

/// What a member says, here or in a file.
pub(super) fn file_or<T: DeserializeOwned>(member: FileOr<T>, place: &str, files: &Files) -> Result<T> {
    match member {
        FileOr::Here(thing) => Ok(thing),
        FileOr::File(name) => {
            let bytes = files.get(&name).map_err(|error| error.within(place.as_bytes()))?;
            json(bytes).map_err(|error| error.within(shown(&name).as_bytes()))
        }
    }
}

/// Whether these bytes may be a model of a format that is recognised by its beginning, or XGBoost's JSON and no other JSON.
pub(super) fn may_be_model(bytes: &[u8]) -> bool {
    use crate::import::FileKind;
    match FileKind::of(bytes) {
        Ok(FileKind::XgboostJson) => serde_json::from_slice::<BTreeMap<String, serde::de::IgnoredAny>>(bytes)
            .map_or(true, |members| members.contains_key("learner")),
        Ok(_) => true,
        Err(_) => false,
    }
}

/// All texts of a JSON value, to be read or changed.
pub(crate) fn each_text(value: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(values) => values.iter_mut().for_each(|value| each_text(value, change)),
        Value::Object(members) => members.values_mut().for_each(|value| each_text(value, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        CaseFile::read(text.as_bytes()).expect_err(text).to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place_and_the_nearest() {
        assert_eq!(
            fault(r#"{"titel": "x"}"#),
            "case.json, titel: there is no member \"titel\"; is \"title\" meant? (line 1 column 8)"
        );
        let nested = fault(r#"{"features": [{"name": "a"}, {"name": "b", "lable": "B"}]}"#);
        assert!(
            nested.starts_with("case.json, features[1].lable: there is no member \"lable\"; is \"label\" meant?"),
            "{nested}"
        );
        let strange = fault(r#"{"__proto__": {}}"#);
        assert!(strange.contains("there is no member \"__proto__\"") && !strange.contains("meant"), "{strange}");
        assert!(fault("{\"a`, expected `b\": 1}").contains("there is no member"));
    }

    #[test]
    fn a_wrong_type_is_named_with_its_place() {
        let typed = fault(r#"{"features": [{"name": "a", "range": [1, "2"]}]}"#);
        assert!(typed.starts_with("case.json, features[0].range[1]: invalid type: string"), "{typed}");
        assert!(fault(r#"{"translations": {"zh": 3}}"#).starts_with("case.json, translations.zh: invalid type"));
        assert!(fault(r#"{"kind": "Risk"}"#).contains("kind: unknown variant `Risk`, expected one of `risk`"));
        assert!(fault(r#"{"base_rate": NaN}"#).contains("expected value"));
        for list in ["[]", r#"{"features": [["a"]]}"#, r#"{"look": ["x"]}"#, r#"{"zones": [[]]}"#] {
            assert!(fault(list).contains("it is a list, and an object is wanted"), "{list}");
        }
        assert!(fault(r#"{} {}"#).contains("trailing characters"));
        assert!(fault(r#"{"title": "a", "title": "b"}"#).contains("duplicate field `title`"));
    }

    #[test]
    fn paths_stay_in_the_folder() {
        for name in ["", "/etc/passwd", "../x", "a/../b", "a//b", "C:\\x", "a\\b", "a/", ".", "a\0b"] {
            assert!(check_path(name).is_err(), "{name:?}");
        }
        for name in ["a", "a/b.json", "模型.ubj", "a..b", ".hidden"] {
            assert!(check_path(name).is_ok(), "{name:?}");
        }
    }
}
