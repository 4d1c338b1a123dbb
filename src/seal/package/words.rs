//! What a package's templates ask for: `xtask/case.mjs` has the same for this project's own package.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::case::{Case, Kind};
use crate::contract::prediction_body;
use crate::model::Prediction;
use crate::numbers::Precision;
use crate::schema::Feature;
use crate::seal::documents::number;
use crate::seal::{Sealed, pretty, replay};

/// The most categories of a feature whose names its type lists.
const MOST_LISTED: usize = 200;
/// The most inputs that are listed for people.
const MOST_INPUTS: usize = 500;

/// The parts by their tokens.
pub(super) fn of(sealed: &Sealed) -> BTreeMap<&'static str, String> {
    let case = &sealed.case;
    let schema = case.model.schema();
    let forest = case.model.forest();
    let name = case.name();
    let short = name.rsplit('/').next().unwrap_or(name);
    let card = case.card();
    let example = Example::of(case);
    let has_categories = schema.features().iter().any(|feature| !feature.categories.is_empty());
    let given = if has_categories { "Value | InUnit | Category" } else { "" };
    let one_output = forest.output_count() == 1;
    let predicted = if case.model.prediction_count() == 1 { "number" } else { "number[]" };
    let openapi = String::from_utf8(pretty(&sealed.openapi)).unwrap_or_default();
    let notice = card.as_ref().and_then(|card| card.get("notice")?.as_str()).unwrap_or_default();
    let outcome = case.file.outcome.as_deref().unwrap_or_default();
    let unit = UnitExample::of(sealed, &example);
    let license = license(card.as_ref());
    BTreeMap::from([
        ("name", name.to_owned()),
        ("bin", short.to_owned()),
        ("version", case.file.version.clone().unwrap_or_default()),
        ("wardian", env!("CARGO_PKG_VERSION").to_owned()),
        (
            "description",
            inside(&[case.title(), outcome].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ")),
        ),
        ("license", inside(license.as_deref().unwrap_or("SEE LICENSE IN README.md"))),
        (
            "license-line",
            license.unwrap_or_else(|| "The case says nothing of its licence: ask whom you have it from".to_owned()),
        ),
        ("contract", script(&json!({ "path": case.rest(), "description": openapi }))),
        ("card", card.as_ref().map_or_else(|| "undefined".to_owned(), script)),
        ("about", script(&about(case))),
        ("certainty", sealed.certainty.as_ref().map_or_else(|| "undefined".to_owned(), script)),
        ("observed", sealed.observed.as_ref().map_or_else(|| "undefined".to_owned(), script)),
        ("classes", script(&json!(case.class_names()))),
        (
            "figures",
            case.file.figures.as_ref().map_or_else(
                || "undefined".to_owned(),
                |figures| script(&serde_json::to_value(figures).unwrap_or_default()),
            ),
        ),
        (
            "sure-type",
            match (&case.file.certainty, case.kind()) {
                (None, _) => "undefined",
                (_, Kind::Risk) => "RiskRange",
                (_, Kind::Classes) => "ClassSet",
                _ => "Interval",
            }
            .to_owned(),
        ),
        ("units", script(&units(sealed))),
        (
            "command",
            script(
                &json!({ "name": short, "title": case.title(), "opens": false, "example": example.text, "unit": unit.said, "path": case.rest() }),
            ),
        ),
        (
            "feature-names",
            schema
                .features()
                .iter()
                .map(|feature| format!("| {}", literal(&feature.name)))
                .collect::<Vec<_>>()
                .join("\n  "),
        ),
        ("measurements", measurements(case, has_categories)),
        ("predicted", format!("Prediction<FeatureName> & {{ prediction: {predicted}{} }}", label_type(case))),
        ("explained", format!("Explanation<FeatureName, {}> & {{ prediction: {predicted} }}", !one_output)),
        (
            "answers",
            match forest.precision() {
                Precision::Single => "Float32Array",
                Precision::Double => "Float64Array",
            }
            .to_owned(),
        ),
        (
            "row",
            if has_categories {
                format!(
                    "string | {{ data: string }} | readonly ({given})[] | Numbers | ReadonlyMap<string, {given}> | FormData | URLSearchParams"
                )
            } else {
                "Input<FeatureName>".to_owned()
            },
        ),
        ("rows", if has_categories { format!("Rows<FeatureName, {given}>") } else { "Rows<FeatureName>".to_owned() }),
        ("text", literal(&example.text)),
        ("answer", example.answer(case)),
        ("array", example.array()),
        ("object", example.object(3)),
        ("columns", example.columns()),
        ("contribution", example.contribution(one_output)),
        (
            "explain",
            if case.model.covers().is_some() {
                format!(
                    "explain({}); // {{ prediction, margin, base, contributions, warnings }}",
                    literal(&example.text)
                )
            } else {
                "// explain(…) is not to be had: the model's file does not say how many rows came to each leaf"
                    .to_owned()
            },
        ),
        ("unit-key", key(&unit.feature)),
        ("unit-feature", literal(&unit.feature)),
        ("unit-given", format!("{}, {}", unit.value, literal(&unit.unit))),
        ("unit-object", format!("{{ value: {}, unit: {} }}", unit.value, literal(&unit.unit))),
        ("unit-answer", comment(&unit.answer)),
        ("card-type", if card.is_some() { "{ readonly [part: string]: unknown }" } else { "undefined" }.to_owned()),
        (
            "about-type",
            format!(
                " & {{ readonly version: string; readonly kind: \"{}\"; readonly language: string; readonly trainer?: string; readonly example?: string }}",
                case.kind().as_str()
            ),
        ),
        ("file", super::MODEL.to_owned()),
        ("title", markdown(case.title())),
        ("outcome", if outcome.is_empty() { String::new() } else { format!(": {}", markdown(outcome)) }),
        ("trainer", if case.trainer.is_empty() { String::new() } else { format!(" ({})", markdown(&case.trainer)) }),
        ("notice", if notice.is_empty() { String::new() } else { format!("\n**{}**\n", markdown(notice)) }),
        ("inputs", inputs(case)),
        ("shell-text", format!("'{}'", example.text.replace('\'', "'\\''"))),
        ("body", json!({ "data": example.text }).to_string().replace('\'', "'\\''")),
        ("path", case.rest().to_owned()),
        ("response", prediction_body(&case.model, example.prediction.values.all())),
    ])
}

/// JSON in a script: it ends no comment and no element of HTML.
fn script(value: &Value) -> String {
    super::super::text::json(value)
}

/// A text as a literal of JavaScript, which ends no comment either.
fn literal(text: &str) -> String {
    comment(&script(&json!(text)))
}

/// A text within a JSON string.
fn inside(text: &str) -> String {
    let quoted = script(&json!(text));
    quoted[1..quoted.len() - 1].to_owned()
}

/// A text within a comment of JavaScript.
fn comment(text: &str) -> String {
    text.replace("*/", "*\\/").replace(['\n', '\r'], " ")
}

/// A text in Markdown, one line, nothing in it marked up.
fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                out.push('\\');
                out.push(character);
            }
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out
}

/// Whether a name may stand in JavaScript without quotes.
fn is_identifier(name: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"_$".contains(&byte);
    name.bytes().all(is_sign) && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

/// A name as a key of an object.
fn key(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { literal(name) }
}

/// A licence that npm knows how to read, where the card says one: `MIT OR Apache-2.0`.
fn license(card: Option<&Value>) -> Option<String> {
    let card = card?;
    let said = [
        card.get("license"),
        card.get("licence"),
        card.get("model").and_then(|model| model.get("licence").or_else(|| model.get("license"))),
    ];
    let said = said.into_iter().flatten().find_map(Value::as_str)?;
    let short = said.split(" (").next().unwrap_or(said).trim();
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte))
    };
    let words: Vec<&str> = short.split(' ').collect();
    let is_expression = words
        .iter()
        .enumerate()
        .all(|(place, word)| if place % 2 == 0 { is_word(word) } else { matches!(*word, "OR" | "AND" | "WITH") });
    (is_expression && words.len() % 2 == 1 && short.len() < 200).then(|| short.to_owned())
}

/// What `model` says beside what the model's file does.
fn about(case: &Case) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    put("version", case.file.version.clone().into());
    put("kind", case.kind().as_str().into());
    put("language", case.language().into());
    if !case.trainer.is_empty() {
        put("trainer", (&*case.trainer).into());
    }
    if let Some(example) = &case.file.example {
        put("example", (&**example).into());
    }
    put("sha256", replay::sha256(&case.model_bytes).into());
    Value::Object(out)
}

/// The other units of features, with what their own is.
fn units(sealed: &Sealed) -> Value {
    let features = sealed.case.model.schema().features().iter();
    let of = |feature: &Feature| {
        let others = sealed.columns.get(&feature.name)?.get("units")?;
        Some((feature.name.clone(), json!({ "own": feature.unit, "others": others })))
    };
    Value::Object(features.filter_map(of).collect())
}

/// The type of rows by name: of categories their names.
fn measurements(case: &Case, has_categories: bool) -> String {
    if !has_categories {
        return "{ readonly [name in FeatureName]?: Value }".to_owned();
    }
    let members = case.model.schema().features().iter().map(|feature| {
        let given = match &feature.categories[..] {
            [] => "Value | InUnit".to_owned(),
            many if many.len() > MOST_LISTED => "Category | number | null".to_owned(),
            some => {
                let are_numbers = some.iter().all(|name| crate::number::parse(name).is_some());
                let others_alike = match () {
                    () if are_numbers => "number | ",
                    () if crate::field::are_truths(some) => "boolean | ",
                    () => "",
                };
                let names: Vec<String> = some.iter().map(|name| literal(name)).collect();
                // An editor offers the names all the same.
                let others = if feature.takes_unseen { " | (string & {})" } else { "" };
                format!("{}{others} | {others_alike}{{ readonly code: number }} | null", names.join(" | "))
            }
        };
        format!("\n  readonly {}?: {given} | undefined;", key(&feature.name))
    });
    format!("{{{}\n}}", members.collect::<String>())
}

/// What an answer's type says of its label, where the model names its classes.
fn label_type(case: &Case) -> String {
    let classes = case.model.schema().classes();
    let count = case.model.prediction_count();
    if classes.is_empty()
        || classes.len() > MOST_LISTED
        || !matches!(case.kind(), Kind::Risk | Kind::Classes)
        || (count > 1 && count != classes.len())
    {
        return String::new();
    }
    let names: Vec<String> = classes.iter().map(|class| literal(class)).collect();
    format!("; label: {}", names.join(" | "))
}

/// A table of the inputs.
fn inputs(case: &Case) -> String {
    let row = |feature: &Feature| {
        let seen = match feature.range {
            Some((low, high)) => format!("{} to {}", crate::number::shown(low), crate::number::shown(high)),
            None => feature.categories.iter().take(20).map(|name| markdown(name)).collect::<Vec<_>>().join(", "),
        };
        let label =
            if feature.label == feature.name { String::new() } else { format!(": {}", markdown(&feature.label)) };
        format!("| {}{label} | {} | {seen} |", markdown(&feature.name), markdown(&feature.unit))
    };
    let features = case.model.schema().features();
    let mut lines: Vec<String> = features.iter().take(MOST_INPUTS).map(row).collect();
    if features.len() > MOST_INPUTS {
        lines.push(format!("| … and {} more | | |", features.len() - MOST_INPUTS));
    }
    lines.join("\n")
}

/// The row that is shown, in every form.
struct Example {
    text: String,
    /// The features' names with their values as JavaScript has them.
    cells: Vec<(String, String)>,
    prediction: Prediction,
}

impl Example {
    fn of(case: &Case) -> Self {
        let schema = case.model.schema();
        let empty = ",".repeat(schema.features().len().saturating_sub(1));
        let said = case.file.example.clone().unwrap_or_default();
        let row = schema.row_from_text(&said);
        // A row without a value, of one feature, is no text that is taken.
        let missing = || schema.row_from_values(vec![f64::NAN; schema.features().len()]);
        let (text, row) = match row {
            Ok(row) => (said, Some(row)),
            Err(_) => (empty, missing().ok()),
        };
        let values = row.as_ref().map(|row| row.values().to_vec()).unwrap_or_default();
        let cell = |(feature, &value): (&Feature, &f64)| {
            let text = match feature.category_text(value) {
                _ if value.is_nan() => "null".to_owned(),
                Some(name) => literal(&name),
                None => number(value).to_string(),
            };
            (feature.name.clone(), text)
        };
        let cells = schema.features().iter().zip(&values).map(cell).collect();
        let prediction = row.map(|row| case.model.predict(&row));
        let nothing = || Prediction {
            values: crate::numbers::Numbers::default(),
            margins: crate::numbers::Numbers::default(),
            warnings: Vec::new(),
        };
        Self { text, cells, prediction: prediction.unwrap_or_else(nothing) }
    }

    /// What `predict` gives of it.
    fn answer(&self, case: &Case) -> String {
        let numbers: Vec<String> = self.prediction.values.iter().map(|value| number(value).to_string()).collect();
        let prediction = if numbers.len() == 1 { numbers[0].clone() } else { format!("[{}]", numbers.join(", ")) };
        let label = case.model.label(self.prediction.values.all());
        let label = label.map_or_else(String::new, |label| format!(", label: {}", literal(label)));
        let warnings = if self.prediction.warnings.is_empty() { "[]" } else { "[…]" };
        format!("{{ prediction: {prediction}{label}, warnings: {warnings} }}")
    }

    fn array(&self) -> String {
        const SOME: usize = 40;
        let values: Vec<&str> = self.cells.iter().take(SOME).map(|(_, value)| value.as_str()).collect();
        let more = if self.cells.len() > SOME { ", …" } else { "" };
        format!("[{}{more}]", values.join(", "))
    }

    /// The first of the values that there are, by name.
    fn some(&self, most: usize) -> Vec<(&str, &str)> {
        let measured: Vec<_> = self.cells.iter().filter(|(_, value)| value != "null").collect();
        let cells = if measured.is_empty() { self.cells.iter().collect() } else { measured };
        cells.into_iter().take(most).map(|(name, value)| (&**name, &**value)).collect()
    }

    fn object(&self, most: usize) -> String {
        let members: Vec<String> =
            self.some(most).into_iter().map(|(name, value)| format!("{}: {value}", key(name))).collect();
        format!("{{ {} }}", members.join(", "))
    }

    fn columns(&self) -> String {
        let members: Vec<String> =
            self.some(2).into_iter().map(|(name, value)| format!("{}: [{value}, null]", key(name))).collect();
        format!("{{ {} }}", members.join(", "))
    }

    fn contribution(&self, one_output: bool) -> String {
        let output = if one_output { "" } else { "[0]" };
        match self.cells.first() {
            Some((name, _)) if is_identifier(name) => format!("{output}.{name}"),
            Some((name, _)) => format!("{output}[{}]", literal(name)),
            None => output.to_owned(),
        }
    }
}

/// A value in another unit, to show how that is given.
struct UnitExample {
    feature: String,
    value: String,
    unit: String,
    answer: String,
    /// As the command line takes it: `weight=lb`.
    said: String,
}

impl UnitExample {
    fn of(sealed: &Sealed, example: &Example) -> Self {
        let case = &sealed.case;
        let features = case.model.schema().features();
        let other =
            features.iter().zip(&case.file.features).find_map(|(feature, entry)| Some((feature, entry.units.first()?)));
        if let Some((feature, other)) = other {
            let conversion = other.conversion();
            let value =
                features.iter().position(|own| own.name == feature.name).and_then(|place| example.cells.get(place));
            let value: f64 = value.and_then(|(_, value)| value.parse().ok()).unwrap_or(1.0);
            let digits = usize::from(other.decimals.unwrap_or(2));
            let shown: f64 =
                format!("{:.digits$}", value / conversion.times + conversion.minus).parse().unwrap_or(value);
            let exact = (shown - conversion.minus) * conversion.times;
            let answer = feature
                .decimals
                .map_or_else(|| exact.to_string(), |decimals| format!("{exact:.*}", usize::from(decimals)));
            return Self {
                feature: feature.name.clone(),
                value: shown.to_string(),
                unit: other.unit.clone(),
                answer: format!("{answer} {}", feature.unit).trim().to_owned(),
                said: format!("{}={}", feature.name, other.unit),
            };
        }
        let own = features.iter().position(|feature| !feature.unit.is_empty() && feature.categories.is_empty());
        let place = own.unwrap_or(0);
        let (name, value) = example.cells.get(place).cloned().unwrap_or_default();
        let unit = features.get(place).map_or("", |feature| &feature.unit);
        let unit = if unit.is_empty() { "unit" } else { unit };
        Self {
            said: format!("{name}={unit}"),
            answer: format!("{value} {unit}"),
            feature: name,
            value,
            unit: unit.to_owned(),
        }
    }
}
