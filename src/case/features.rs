//! What a case says of features, put together with what its model says and with what rows tell.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::Figures;
use super::file::{CaseFile, FeatureEntry};
use super::names::label_of;
use super::read::{nearest, wrong};
use super::table::Table;
use super::{check, cuts};
use crate::error::{Error, Result, quoted};
use crate::model::Model;
use crate::number;
use crate::rows::{Conversion, Vocabulary};
use crate::schema::{Feature, Schema};

/// What a case says of each feature, in the model's order: nothing but the name, where it says nothing.
pub(super) fn merged(said: &[FeatureEntry], schema: &Schema, notes: &mut Vec<String>) -> Result<Vec<FeatureEntry>> {
    let own: BTreeMap<&str, usize> =
        schema.features().iter().enumerate().map(|(index, feature)| (&*feature.name, index)).collect();
    let mut seen = BTreeSet::new();
    if let Some(place) = said.iter().position(|entry| !seen.insert(&*entry.name)) {
        return Err(wrong(
            &format!("features[{place}].name"),
            format!("two features are called {}", quoted(&said[place].name)),
        ));
    }
    // Who trained on an array without names may give them, all of them in their order.
    let are_new = schema.has_invented_names()
        && said.len() == schema.features().len()
        && said.iter().all(|entry| !own.contains_key(&*entry.name));
    if are_new {
        notes.push("the model's features have no names: they are called as the case does, in its order".to_owned());
        for (index, entry) in said.iter().enumerate() {
            check::feature(entry, &schema.features()[index], index)?;
        }
        return Ok(said.to_vec());
    }
    let mut entries: Vec<FeatureEntry> = schema
        .features()
        .iter()
        .map(|feature| FeatureEntry { name: feature.name.clone(), ..FeatureEntry::default() })
        .collect();
    for (place, entry) in said.iter().enumerate() {
        let Some(&index) = own.get(&*entry.name) else {
            let known: Vec<&str> = own.keys().copied().collect();
            let near = nearest(&entry.name, &known).map_or_else(String::new, |near| format!("; is {near:?} meant?"));
            let message = format!("the model has no feature {}{near}", quoted(&entry.name));
            return Err(wrong(&format!("features[{place}].name"), message));
        };
        check::feature(entry, &schema.features()[index], place)?;
        entries[index] = entry.clone();
    }
    Ok(entries)
}

/// What is wrong with what is said of features, of each the first.
pub(super) fn faults(said: &[FeatureEntry], schema: &Schema) -> Vec<Error> {
    let checked = said.iter().enumerate().filter_map(|(place, entry)| {
        let index = schema.index_of(&entry.name).ok()?;
        check::feature(entry, &schema.features()[index], place).err()
    });
    checked.collect()
}

/// The model with its features described so.
pub(super) fn described(model: Model, file: &CaseFile, entries: &[FeatureEntry]) -> Result<Model> {
    let own = model.schema();
    let features = own.features().iter().zip(entries).map(|(own, entry)| {
        let mut missing_codes = own.missing_codes.clone();
        missing_codes.extend(entry.missing_codes.iter().filter(|code| !own.missing_codes.contains(code)));
        let text = |said: &Option<String>, own: &String| said.clone().unwrap_or_else(|| own.clone());
        Feature {
            name: entry.name.clone(),
            label: match &entry.label {
                Some(label) => label.clone(),
                None if own.label == own.name => entry.name.clone(),
                None => own.label.clone(),
            },
            unit: text(&entry.unit, &own.unit),
            description: text(&entry.help, &own.description),
            range: entry.range.map(|[low, high]| (low, high)).or(own.range),
            decimals: entry.decimals.or(own.decimals),
            missing_codes,
            may_be_missing: entry.may_be_missing.unwrap_or(own.may_be_missing),
            categories: own.categories.clone(),
            takes_unseen: own.takes_unseen,
        }
    });
    let said = |said: &Option<String>, own: &str| {
        if own.is_empty() { said.clone().unwrap_or_default() } else { own.to_owned() }
    };
    let schema = Schema::new(
        said(&file.name, own.name()),
        said(&file.title, own.title()),
        said(&file.outcome, own.outcome()),
        features.collect(),
    )?;
    model.with_schema(schema)
}

/// Whether a description says more of features than the model's own. A text in place of another says as much: pages have those beside.
pub(super) fn says_more(described: &Schema, own: &Schema) -> bool {
    let more = |text: &str, own: &str, absent: &str| own == absent && text != own;
    described.features().iter().zip(own.features()).any(|(now, own)| {
        now.name != own.name
            || more(&now.label, &own.label, &own.name)
            || more(&now.description, &own.description, "")
            || now.unit != own.unit
            || now.range != own.range
            || now.decimals != own.decimals
            || now.missing_codes != own.missing_codes
            || now.may_be_missing != own.may_be_missing
    })
}

/// What files of rows may call the features, and the units that they may have.
pub(super) fn vocabulary(entries: &[FeatureEntry]) -> Vocabulary {
    let mut vocabulary = Vocabulary::new();
    for entry in entries {
        let names = entry.names.iter().chain(entry.label.as_ref().filter(|label| **label != entry.name));
        for name in names {
            vocabulary.add_name(&entry.name, name.clone());
        }
        for unit in &entry.units {
            vocabulary.add_unit(&entry.name, unit.unit.clone(), unit.conversion());
        }
    }
    vocabulary
}

impl super::UnitEntry {
    /// What makes the model's unit of it.
    pub(crate) fn conversion(&self) -> Conversion {
        let times = self.times.unwrap_or_else(|| 1.0 / self.per.unwrap_or(1.0));
        let offset = self.offset.unwrap_or(0.0);
        Conversion { minus: if offset == 0.0 { 0.0 } else { -offset / times }, times }
    }
}

/// The same with what rows tell, where neither case nor model says it.
pub(super) fn with_figures(
    mut entries: Vec<FeatureEntry>,
    figures: &[Option<Figures>],
    schema: &Schema,
    table: Option<&Table>,
) -> Vec<FeatureEntry> {
    for (index, ((entry, figures), own)) in entries.iter_mut().zip(figures).zip(schema.features()).enumerate() {
        if let Some(figures) = figures {
            let is_category = !own.categories.is_empty();
            // A model that says nothing of missing values says that there may be some.
            if own.may_be_missing && !figures.some_missing {
                entry.may_be_missing.get_or_insert(false);
            }
            if !is_category {
                if own.range.is_none() {
                    entry.range.get_or_insert(figures.range);
                }
                if own.decimals.is_none() && entry.decimals.is_none() {
                    entry.decimals = figures.decimals;
                }
                entry.quartiles.get_or_insert(figures.quartiles);
                if figures.are_switches {
                    entry.switch.get_or_insert(true);
                }
                if figures.decimals == Some(0) {
                    entry.whole.get_or_insert(true);
                }
            }
        }
        if entry.label.is_none() {
            // The rows' own name, of a feature that the model has none for.
            let called = table.and_then(|table| table.called.get(index)?.as_deref());
            entry.label =
                Some(if own.label == own.name { label_of(called.unwrap_or(&entry.name)) } else { own.label.clone() });
        }
    }
    entries
}

/// The lowest and highest cut of each feature whose range is not known.
pub(super) fn split_ranges(model: &Model) -> Vec<Option<[f64; 2]>> {
    let cuts = cuts::of(model);
    let range = |(feature, cuts): (&Feature, Vec<f64>)| match (feature.range, cuts.first(), cuts.last()) {
        (None, Some(&low), Some(&high)) => Some([low, high]),
        _ => None,
    };
    model.schema().features().iter().zip(cuts).map(range).collect()
}

/// From so many features on those that matter most are to come first.
const MANY: usize = 20;

/// How much each feature matters over some rows, of a model of many: those that matter most come first then.
pub(super) fn importance(model: &Model, rows: &[f64]) -> Option<Vec<f64>> {
    (model.schema().features().len() > MANY).then(|| mattering(model, rows))
}

/// How much each feature matters over some rows: the mean size of its contributions, or how often trees ask for it where there are no
/// covers, divided by the largest.
pub(super) fn mattering(model: &Model, rows: &[f64]) -> Vec<f64> {
    /// As many rows tell enough.
    const ROWS: usize = 500;
    let width = model.schema().features().len();
    let mut sizes = vec![0.0; width];
    let rows = &rows[..rows.len().min(ROWS * width)];
    let means = model.explainer().and_then(|explainer| explainer.mean_absolute(rows));
    match means.ok().filter(|_| !rows.is_empty()) {
        // Of several outputs all together.
        Some(means) => means.iter().enumerate().for_each(|(place, mean)| sizes[place % width] += mean),
        None => sizes = model.split_counts().into_iter().map(|count| count as f64).collect(),
    }
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let share = |size: f64| if largest > 0.0 { (size / largest * 1000.0).round() / 1000.0 } else { 0.0 };
    sizes.into_iter().map(share).collect()
}

/// The first row that has all values, or else the first, as a text.
pub(super) fn example(rows: &[f64], model: &Model) -> Option<String> {
    let features = model.schema().features();
    let mut all = rows.chunks_exact(features.len());
    // The form has no choice for a category that training did not see.
    let is_measured = |(value, feature): (&f64, &Feature)| {
        !value.is_nan()
            && !feature.missing_codes.contains(value)
            && feature.unseen().is_none_or(|unseen| *value < unseen)
    };
    let complete = all.clone().find(|row| row.iter().zip(features).all(is_measured));
    let row = complete.or_else(|| all.next())?;
    let cell = |(&value, feature): (&f64, &Feature)| {
        let text = cell_text(value, feature);
        if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    let cells: Vec<String> = row.iter().zip(features).map(cell).collect();
    // A row of one value that is missing is none.
    Some(cells.join(",")).filter(|text| model.schema().row_from_text(text).is_ok())
}

/// A value as text: a category's name, a number, or nothing where it is missing.
pub(super) fn cell_text(value: f64, feature: &Feature) -> String {
    if value.is_nan() {
        return String::new();
    }
    match feature.category_text(value) {
        Some(name) => name.into_owned(),
        None => {
            let text = number::decimal(value);
            text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
        }
    }
}
