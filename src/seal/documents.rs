//! The documents that the page and the package read: `docs/CASE.md` names them.

use serde_json::{Map, Value, json};

use super::PAGE_LANGUAGES;
use crate::case::{Case, FeatureEntry, Kind, Measure, each_text};
use crate::schema::Feature;

/// The case's own language, and those of the page's that it has translations for.
pub(super) fn languages(case: &Case) -> Vec<String> {
    let own = case.language();
    let others =
        PAGE_LANGUAGES.into_iter().filter(|&language| language != own && case.file.translations.contains_key(language));
    [own].into_iter().chain(others).map(str::to_owned).collect()
}

/// Members of an object; what is empty is left out.
#[derive(Default)]
struct Members(Map<String, Value>);

impl Members {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        let is_empty = match &value {
            Value::Null => true,
            Value::Object(members) => members.is_empty(),
            Value::Array(values) => values.is_empty(),
            _ => false,
        };
        if !is_empty {
            self.0.insert(name.to_owned(), value);
        }
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// A number as JSON: without `.0` where it is a whole one.
pub(super) fn number(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_negative_zero = value == 0.0 && value.is_sign_negative();
    if value.fract() == 0.0 && value.abs() < EXACT && !is_negative_zero {
        return Value::from(value as i64);
    }
    serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number)
}

fn numbers<const N: usize>(values: Option<[f64; N]>) -> Value {
    values.map_or(Value::Null, |values| values.into_iter().map(number).collect())
}

/// What the first screen needs.
pub(super) fn page(case: &Case, language: &str, languages: &[String]) -> Value {
    let file = &case.file;
    let text = |text: &Option<String>| text.as_deref().map(|text| case.text(text, language).to_owned());
    let mut out = Members::default();
    out.put("wardian", env!("CARGO_PKG_VERSION"));
    out.put("name", case.name());
    out.put("version", file.version.clone());
    out.put("title", case.text(case.title(), language));
    out.put("outcome", text(&file.outcome));
    out.put("kind", case.kind().as_str());
    out.put("rest", case.rest());
    out.put("language", language);
    out.put("languages", languages);
    if !case.trainer.is_empty() {
        out.put("trainer", &*case.trainer);
    }
    out.put("example", file.example.clone());
    let mut words = words(case, language, true);
    // What the card warns of is to be seen before any answer.
    if let Some(notice) = case.card().as_ref().and_then(|card| card.get("notice")?.as_str()) {
        words.entry("app.notice").or_insert_with(|| case.text(notice, language).into());
    }
    out.put("words", Value::Object(words));
    let zones = file.zones.iter().map(|zone| {
        let mut out = Members::default();
        out.put("to", zone.to.map_or(Value::Null, number));
        out.put("name", text(&zone.name));
        out.put("text", text(&zone.text));
        out.done()
    });
    out.put("zones", zones.collect::<Value>());
    out.put("base_rate", file.base_rate.map_or(Value::Null, number));
    let measure = |measure: &Measure| self::measure(case, measure, language);
    out.put("answer", file.answer.as_ref().map_or(Value::Null, measure));
    out.put("targets", file.targets.iter().map(measure).collect::<Value>());
    if let Some(certainty) = &file.certainty {
        // How sure an answer is stands in a document of its own; whose rows tell it is said in the page's language.
        let mut source = Members::default();
        source.put("source", text(&certainty.source));
        out.0.insert("certainty".to_owned(), source.done());
    }
    if case.figures_are_answers {
        // The figures are those of the model's own answers.
        out.put("figures_of", "answers");
    }
    if case.kind() == Kind::Classes {
        let label = |class: String| {
            let label = file.classes.get(&class).unwrap_or(&class);
            let label = case.text(label, language).to_owned();
            (class, label.into())
        };
        out.put("classes", Value::Object(case.class_names().into_iter().map(label).collect()));
    }
    let features = case.model.schema().features().iter().zip(&file.features).zip(&case.split_ranges);
    let features: Vec<Value> =
        features.map(|((own, entry), range)| feature(case, own, entry, *range, language)).collect();
    let features = features.into_iter().enumerate().map(|(index, mut feature)| {
        if let Some(importance) = &case.importance {
            feature["importance"] = number(importance[index]);
        }
        feature
    });
    out.put("features", features.collect::<Value>());
    out.done()
}

fn measure(case: &Case, measure: &Measure, language: &str) -> Value {
    let text = |text: &Option<String>| text.as_deref().map(|text| case.text(text, language).to_owned());
    let mut out = Members::default();
    out.put("label", text(&measure.label));
    out.put("unit", text(&measure.unit));
    out.put("decimals", measure.decimals);
    out.put("range", numbers(measure.range));
    out.put("quartiles", numbers(measure.quartiles));
    out.put("mean", measure.mean.map_or(Value::Null, number));
    out.done()
}

/// What is said of a feature beside what the model's own schema says.
fn feature(case: &Case, own: &Feature, entry: &FeatureEntry, split_range: Option<[f64; 2]>, language: &str) -> Value {
    let tr = |text: &str| case.text(text, language).to_owned();
    let mut out = Members::default();
    out.put("name", &*own.name);
    let differing =
        |said: &Option<String>, own: &str| Some(tr(said.as_deref().unwrap_or(own))).filter(|text| text != own);
    out.put("label", differing(&entry.label, &own.label));
    out.put("help", differing(&entry.help, &own.description));
    out.put("unit", differing(&entry.unit, &own.unit));
    let units = entry.units.iter().map(|unit| {
        let mut out = Members::default();
        out.put("unit", &*unit.unit);
        out.put("label", Some(tr(&unit.unit)).filter(|label| *label != unit.unit));
        out.put("times", unit.times.map_or(Value::Null, number));
        out.put("per", unit.per.map_or(Value::Null, number));
        out.put("offset", unit.offset.map_or(Value::Null, number));
        out.put("decimals", unit.decimals);
        out.done()
    });
    out.put("units", units.collect::<Value>());
    let choices = entry.choices.iter().map(|(category, label)| (category.clone(), tr(label).into()));
    out.put("choices", Value::Object(choices.collect()));
    out.put("step", entry.step.map_or(Value::Null, number));
    out.put("whole", entry.whole);
    out.put("switch", entry.switch);
    out.put("group", entry.group.as_deref().map(tr));
    out.put("quartiles", numbers(entry.quartiles));
    out.put("split_range", numbers(split_range));
    out.done()
}

/// Sections of the page's words that are said elsewhere than on the first screen, as `www/i18n/index.js` has them.
const ELSEWHERE: [&str; 5] = ["card", "console", "proof", "rows", "why"];

/// The case's own words that are said on the first screen, or elsewhere.
fn words(case: &Case, language: &str, is_first: bool) -> Map<String, Value> {
    let is_elsewhere = |key: &str| key.split('.').next().is_some_and(|section| ELSEWHERE.contains(&section));
    let words = case.file.words.iter().filter(|(key, _)| is_elsewhere(key) != is_first);
    words.map(|(key, word)| (key.clone(), case.text(word, language).into())).collect()
}

/// What is told of the model elsewhere than on the first screen.
pub(super) fn about(case: &Case, language: &str) -> Value {
    let mut out = Members::default();
    out.put("words", Value::Object(words(case, language, false)));
    if let Some(mut card) = case.card() {
        each_text(&mut card, &mut |text| {
            let other = case.text(text, language);
            if *text != other {
                *text = other.to_owned();
            }
        });
        out.put("card", card);
    }
    if !case.trainer.is_empty() {
        out.put("trainer", &*case.trainer);
    }
    if let Some(figures) = &case.file.figures {
        let mut figures = serde_json::to_value(figures).unwrap_or_default();
        translate_source(case, &mut figures, language);
        out.put("figures", figures);
    }
    out.put("names", columns(case));
    out.done()
}

/// How sure answers are, where the case tells it: the same in all languages.
pub(super) fn certainty(case: &Case) -> Option<Value> {
    serde_json::to_value(case.file.certainty.as_ref()?).ok()
}

/// What was observed of each feature, where the case tells it: the same in all languages.
pub(super) fn observed(case: &Case) -> Option<Value> {
    serde_json::to_value(case.file.observed.as_ref()?).ok()
}

/// Whose rows they are, in another language.
fn translate_source(case: &Case, said: &mut Value, language: &str) {
    if let Some(source) = said.get_mut("source").filter(|source| source.is_string()) {
        let translated = case.text(source.as_str().unwrap_or_default(), language).to_owned();
        *source = translated.into();
    }
}

/// What files of rows call the features, and the units that they may have: in all languages of the case.
pub(super) fn columns(case: &Case) -> Value {
    let mut out = Members::default();
    for entry in &case.file.features {
        let mut own = Members::default();
        let mut names: Vec<&str> = entry.names.iter().map(String::as_str).collect();
        let labels = entry.label.iter().flat_map(|label| {
            let translated = case.file.translations.keys().map(|language| case.text(label, language));
            [label.as_str()].into_iter().chain(translated)
        });
        for label in labels {
            if label != entry.name && !names.contains(&label) {
                names.push(label);
            }
        }
        own.put("names", names);
        let units = entry.units.iter().map(|unit| {
            let conversion = unit.conversion();
            let mut out = Members::default();
            out.put("times", number(conversion.times));
            if conversion.minus != 0.0 {
                out.put("minus", number(conversion.minus));
            }
            (unit.unit.clone(), out.done())
        });
        own.put("units", Value::Object(units.collect()));
        out.put(&entry.name, own.done());
    }
    out.done()
}

/// The golden rows, numbers of them such that they are read as the very bits.
pub(super) fn golden(case: &Case) -> Value {
    let features = case.model.schema().features();
    let golden = &case.golden;
    let cell = |(&value, feature): (&f64, &Feature)| {
        feature.category_text(value).map_or_else(|| number(value), |name| json!(name))
    };
    let rows: Vec<Value> =
        golden.values.chunks_exact(features.len()).map(|row| row.iter().zip(features).map(cell).collect()).collect();
    let answers = |numbers: &crate::numbers::Numbers, width: usize| {
        let numbers: Vec<Value> = numbers.iter().map(|value| answer(value, numbers.precision())).collect();
        numbers.chunks(width.max(1)).map(|row| row.iter().cloned().collect()).collect::<Vec<Value>>()
    };
    let mut out = Map::new();
    out.insert("by".to_owned(), (&*golden.by).into());
    out.insert("columns".to_owned(), features.iter().map(|feature| &*feature.name).collect());
    out.insert("rows".to_owned(), rows.into());
    out.insert("predictions".to_owned(), answers(&golden.predictions, case.model.prediction_count()).into());
    if let Some(margins) = &golden.margins {
        out.insert("margins".to_owned(), answers(margins, case.model.forest().output_count()).into());
    }
    Value::Object(out)
}

/// An answer in the fewest digits that are read as it: of 32 bits, where it is one of these.
fn answer(value: f64, precision: crate::numbers::Precision) -> Value {
    use crate::numbers::Precision;
    let short = || {
        precision.text(value).parse::<f64>().ok().filter(|short| f64::from(*short as f32).to_bits() == value.to_bits())
    };
    match precision {
        Precision::Single => number(short().unwrap_or(value)),
        Precision::Double => number(value),
    }
}
