//! What a case may say. Every error names the place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::file::{CaseFile, FeatureEntry, FileOr, Kind, Measure, Zone};
use super::read::{each_text, nearest, wrong};
use super::{class_names, names, words};
use crate::error::{Error, Result, quoted};
use crate::model::Model;
use crate::schema::Feature;

/// The most characters of a text.
const LONGEST_TEXT: usize = 10_000;
/// The most entries of what is a list or an object, but for features.
const MOST: usize = 10_000;

/// Checks that no text is too long.
pub(super) fn texts(file: &CaseFile) -> Result<()> {
    let mut value = serde_json::to_value(file).unwrap_or_default();
    let mut longest = None;
    for (key, member) in value.as_object_mut().into_iter().flatten() {
        each_text(member, &mut |text| {
            if text.len() > LONGEST_TEXT && text.chars().count() > LONGEST_TEXT {
                longest.get_or_insert((key.clone(), text.clone(), "has more than 10000 characters"));
            }
            if text.contains('\0') {
                longest.get_or_insert((key.clone(), text.clone(), "has a null character"));
            }
        });
    }
    if let Some((place, text, what)) = longest {
        return Err(wrong(&place, format!("the text {} {what}", quoted(&text))));
    }
    let counts = [
        ("translations", file.translations.len(), 100),
        ("classes", file.classes.len(), 1 << 16),
        ("targets", file.targets.len(), 1 << 16),
        ("zones", file.zones.len(), 100),
        ("words", file.words.len(), MOST),
        ("features", file.features.len(), crate::schema::MAX_FEATURES),
    ];
    match counts.into_iter().find(|(_, count, most)| count > most) {
        Some((place, count, most)) => Err(wrong(place, format!("{count} entries; {most} are the most"))),
        None => Ok(()),
    }
}

/// Checks all but the features: the first fault.
pub(super) fn case(file: &CaseFile, model: &Model) -> Result<()> {
    faults(file, model).into_iter().next().map_or(Ok(()), Err)
}

/// All faults but those of the features, of each member the first.
pub(super) fn faults(file: &CaseFile, model: &Model) -> Vec<Error> {
    let kind = file.kind.unwrap_or(Kind::Number);
    let is = |place, text: &Option<String>, holds: fn(&str) -> bool, what: &str| match text {
        Some(text) if !holds(text) => Err(wrong(place, format!("{} is {what}", quoted(text)))),
        _ => Ok(()),
    };
    let accent = file.look.as_ref().and_then(|look| look.accent.clone());
    let mut checked = vec![
        is(
            "name",
            &file.name,
            names::is_package_name,
            "no name of a package: small letters, digits, -, _ and ., as in risk or @clinic/risk",
        ),
        is("version", &file.version, names::is_version, "no version, as 1.0.0 is"),
        is("language", &file.language, names::is_language, "no code of a language, as en, zh and pt-BR are (BCP 47)"),
        is(
            "rest",
            &file.rest,
            is_rest_path,
            "no path, as /api/v1.0/risk is: letters, digits, -, _, . and ~ between slashes",
        ),
        is("title", &file.title, |title| !title.trim().is_empty(), "empty"),
        is("look.accent", &accent, |accent| colour(accent).is_some(), "no colour, as #17603f is"),
    ];
    checked.extend(file.translations.iter().map(|(language, texts)| translation(language, texts)));
    checked.push(file.words.keys().try_for_each(|key| words::check(key)));
    checked.push(classes(file, model));
    checked.push(file.answer.as_ref().map_or(Ok(()), |answer| self::answer(answer, kind)));
    checked.push(targets(file, kind, model));
    checked.push(zones(&file.zones, kind));
    checked.push(match file.base_rate {
        Some(_) if kind != Kind::Risk => {
            Err(wrong("base_rate", format!("it is of a risk, and the case's kind is {}", kind.as_str())))
        }
        Some(rate) if !(0.0..=1.0).contains(&rate) => {
            Err(wrong("base_rate", format!("{rate} is no share, from 0 to 1")))
        }
        _ => Ok(()),
    });
    checked.into_iter().filter_map(Result::err).collect()
}

fn translation(language: &str, texts: &FileOr<BTreeMap<String, String>>) -> Result<()> {
    let place = format!("translations.{language}");
    if !names::is_language(language) {
        return Err(wrong(&place, format!("{} is no code of a language (BCP 47)", quoted(language))));
    }
    if let FileOr::Here(texts) = texts
        && let Some((text, _)) =
            texts.iter().find(|(_, text)| text.chars().count() > LONGEST_TEXT || text.contains('\0'))
    {
        return Err(wrong(
            &place,
            format!("the translation of {} has a null character, or more than 10000", quoted(text)),
        ));
    }
    Ok(())
}

fn answer(answer: &Measure, kind: Kind) -> Result<()> {
    if matches!(kind, Kind::Risk | Kind::Classes | Kind::Targets) {
        return Err(wrong("answer", format!("it is of a number, and the case's kind is {}", kind.as_str())));
    }
    measure(answer, "answer")
}

fn targets(file: &CaseFile, kind: Kind, model: &Model) -> Result<()> {
    if file.targets.is_empty() {
        return Ok(());
    }
    let count = model.prediction_count();
    if kind != Kind::Targets {
        return Err(wrong("targets", format!("they are of several targets, and the case's kind is {}", kind.as_str())));
    }
    if file.targets.len() != count {
        return Err(wrong("targets", format!("{} are said; the model has {count}", file.targets.len())));
    }
    file.targets.iter().enumerate().try_for_each(|(index, target)| measure(target, &format!("targets[{index}]")))
}

/// Whether a text is a path that can be asked for, and stands below the page's.
fn is_rest_path(path: &str) -> bool {
    let is_part = |part: &str| {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        !part.is_empty() && part.bytes().all(is_sign) && part.bytes().any(|byte| byte != b'.')
    };
    let parts = path.strip_prefix('/').map(|rest| rest.split('/'));
    path.len() <= 200 && parts.is_some_and(|mut parts| parts.all(is_part)) && !path.ends_with("/openapi.json")
}

/// The three parts of a colour.
pub(crate) fn colour(text: &str) -> Option<[u8; 3]> {
    let digits = text
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    Some([(number >> 16) as u8, (number >> 8) as u8, number as u8])
}

fn classes(file: &CaseFile, model: &Model) -> Result<()> {
    let known = class_names(model);
    for class in file.classes.keys() {
        if !known.contains(class) {
            return Err(wrong(&format!("classes.{class}"), none_of(class, &known, "class")));
        }
    }
    Ok(())
}

/// That something is none of some names.
fn none_of(name: &str, known: &[String], what: &str) -> String {
    const SOME: usize = 12;
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    if names.is_empty() {
        return format!("the model has no {what} {}: it names none", quoted(name));
    }
    let near = nearest(name, &names).map_or_else(String::new, |near| format!("; is {} meant?", quoted(near)));
    let some: Vec<String> = names.iter().take(SOME).map(|name| quoted(name)).collect();
    let more = if names.len() > SOME { ", …" } else { "" };
    format!("the model has no {what} {}, but {}{more}{near}", quoted(name), some.join(", "))
}

fn range(range: Option<[f64; 2]>, place: &str) -> Result<()> {
    match range {
        Some([low, high]) if !(low.is_finite() && high.is_finite()) => {
            Err(wrong(place, "its bounds are not two numbers"))
        }
        Some([low, high]) if low > high => Err(wrong(place, format!("it is upside down: {low} is more than {high}"))),
        _ => Ok(()),
    }
}

fn quartiles(quartiles: Option<[f64; 3]>, place: &str) -> Result<()> {
    match quartiles {
        Some([low, middle, high]) if !(low <= middle && middle <= high) => Err(wrong(place, "they do not ascend")),
        _ => Ok(()),
    }
}

fn decimals(decimals: Option<u8>, place: &str) -> Result<()> {
    match decimals {
        Some(decimals) if decimals > 15 => Err(wrong(place, format!("{decimals} digits; 15 are the most"))),
        _ => Ok(()),
    }
}

fn measure(measure: &Measure, place: &str) -> Result<()> {
    let at = |member: &str| format!("{place}.{member}");
    range(measure.range, &at("range"))?;
    quartiles(measure.quartiles, &at("quartiles"))?;
    decimals(measure.decimals, &at("decimals"))
}

fn zones(zones: &[Zone], kind: Kind) -> Result<()> {
    if !zones.is_empty() && matches!(kind, Kind::Classes | Kind::Targets) {
        return Err(wrong("zones", format!("they are of one number, and the case's kind is {}", kind.as_str())));
    }
    let mut before = None;
    for (index, zone) in zones.iter().enumerate() {
        let place = format!("zones[{index}]");
        let is_last = index + 1 == zones.len();
        match (zone.to, before) {
            (None, _) if !is_last => return Err(wrong(&place, "it has no \"to\", which only the last may lack")),
            (Some(to), _) if kind == Kind::Risk && !(0.0..=1.0).contains(&to) => {
                return Err(wrong(&place, format!("its bound {to} is no probability")));
            }
            (Some(to), Some(before)) if to <= before => {
                return Err(wrong(&place, format!("its bound {to} is not above the one before, {before}")));
            }
            _ => before = zone.to,
        }
    }
    Ok(())
}

/// Checks what is said of a feature, the `index`th that is said anything of.
pub(super) fn feature(entry: &FeatureEntry, own: &Feature, index: usize) -> Result<()> {
    let at = |member: &str| format!("features[{index}].{member}");
    let about = |member: &str, message: String| wrong(&at(member), format!("{}: {message}", quoted(&entry.name)));
    range(entry.range, &at("range"))?;
    quartiles(entry.quartiles, &at("quartiles"))?;
    decimals(entry.decimals, &at("decimals"))?;
    if entry.step.is_some_and(|step| step.is_nan() || step <= 0.0) {
        return Err(about("step", "it is not above 0".to_owned()));
    }
    let is_category = !own.categories.is_empty();
    let numbers = [
        ("range", entry.range.is_some()),
        ("quartiles", entry.quartiles.is_some()),
        ("decimals", entry.decimals.is_some()),
        ("step", entry.step.is_some()),
        ("whole", entry.whole == Some(true)),
        ("switch", entry.switch == Some(true)),
        ("units", !entry.units.is_empty()),
    ];
    if let Some((member, _)) = numbers.into_iter().find(|(_, is_said)| is_category && *is_said) {
        return Err(about(member, "it is of a number, and the feature's values are categories".to_owned()));
    }
    for category in entry.choices.keys() {
        // Of numbers that have no names any may be a choice.
        let is_number = !is_category && crate::number::parse(category).is_some();
        if !is_number && !own.categories.contains(category) {
            return Err(about("choices", none_of(category, &own.categories, "category")));
        }
    }
    let mut seen: BTreeSet<&str> = entry.unit.iter().map(String::as_str).collect();
    for (place, unit) in entry.units.iter().enumerate() {
        let at = at(&format!("units[{place}]"));
        let factor = match (unit.times, unit.per) {
            (Some(times), None) => times,
            (None, Some(per)) => per,
            _ => return Err(wrong(&at, "it has \"times\" or \"per\", one of the two")),
        };
        if !(factor.is_finite() && factor != 0.0 && (1.0 / factor).is_finite()) {
            return Err(wrong(&at, format!("{factor} makes no unit of another")));
        }
        if unit.unit.trim().is_empty() || !seen.insert(&unit.unit) {
            return Err(wrong(&at, format!("the unit {} is empty, or there twice", quoted(&unit.unit))));
        }
        decimals(unit.decimals, &at)?;
    }
    Ok(())
}

/// Notes on translations of texts that the case does not have.
pub(super) fn stale(file: &CaseFile, entries: &[FeatureEntry]) -> Vec<String> {
    let mut value = serde_json::to_value(file).unwrap_or_default();
    let mut known = BTreeSet::new();
    let mut features = serde_json::to_value(entries).unwrap_or_default();
    if let Some(members) = value.as_object_mut() {
        members.remove("translations");
    }
    let mut add = |value: &mut Value| {
        each_text(value, &mut |text| {
            known.insert(text.clone());
        })
    };
    add(&mut value);
    add(&mut features);
    let mut notes = Vec::new();
    for (language, texts) in &file.translations {
        let FileOr::Here(texts) = texts else { continue };
        let unknown: Vec<&String> = texts.keys().filter(|text| !known.contains(*text)).collect();
        if let Some(first) = unknown.first() {
            notes.push(format!(
                "translations.{language}: {} of {} translate no text of the case, {} the first",
                unknown.len(),
                texts.len(),
                quoted(first)
            ));
        }
    }
    notes
}
