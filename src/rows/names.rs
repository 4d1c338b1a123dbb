//! What a column is called, and which feature that is.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::index::Index;
use super::letters;
use super::units::{self, Conversion};
use super::words;
use crate::schema::{Feature, Schema};

/// What files call a model's features beside the features' own names, and the units that they are in beside the model's. Read
/// from JSON as [`diabetes_columns`](crate::diabetes_columns) is, or made word by word.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "BTreeMap<String, Words>")]
pub struct Vocabulary(Vec<(String, Words)>);

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(default)]
    names: Vec<String>,
    #[serde(default, deserialize_with = "pairs")]
    units: Vec<(String, Conversion)>,
}

fn pairs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, Conversion)>, D::Error> {
    BTreeMap::deserialize(deserializer).map(|units| units.into_iter().collect())
}

impl From<BTreeMap<String, Words>> for Vocabulary {
    fn from(words: BTreeMap<String, Words>) -> Self {
        Self(words.into_iter().collect())
    }
}

impl Vocabulary {
    /// Without a word.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds another name of a feature.
    pub fn add_name(&mut self, feature: &str, name: impl Into<String>) {
        self.words(feature).names.push(name.into());
    }

    /// Adds a unit that a feature's values may be in, and what makes the model's unit of it.
    pub fn add_unit(&mut self, feature: &str, unit: impl Into<String>, conversion: Conversion) {
        self.words(feature).units.push((unit.into(), conversion));
    }

    fn words(&mut self, feature: &str) -> &mut Words {
        let place = self.0.iter().position(|(known, _)| known == feature).unwrap_or_else(|| {
            self.0.push((feature.to_owned(), Words::default()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }

    fn of(&self, feature: &str) -> Option<&Words> {
        self.0.iter().find(|(known, _)| known == feature).map(|(_, words)| words)
    }
}

/// A name reduced to what tells it from others: letters and digits, without case. An accent that is a character of its own, as
/// macOS writes file names, goes; one that is a part of its letter stays, and names with it stand in vocabularies both ways: what
/// takes them apart has tables as large as all the rest of a page's reader of rows.
///
/// Signs that mean something stay: `lag-1` is not `lag+1`, nor `q1_1` the same as `q11`, nor `[€]` as `[$]`.
fn plain(name: &str) -> String {
    let mut kept = String::new();
    let mut between = String::new();
    for character in name.chars().map(letters::lower) {
        if !letters::is_letter_or_digit(character) {
            between.push(character);
            continue;
        }
        let is_after_digit = kept.ends_with(|last: char| last.is_ascii_digit());
        if character.is_ascii_digit() && (words::has(&between, '-') || is_after_digit && !between.is_empty()) {
            kept.push(if words::has(&between, '-') { '-' } else { '_' });
        }
        kept.extend(between.drain(..).filter(|sign| words::has(MEANING, *sign)));
        kept.push(character);
    }
    kept.extend(between.chars().filter(|sign| words::has(MEANING, *sign)));
    kept
}

/// Signs that tell names apart: of sums and shares, and those that are units, or powers of them.
const MEANING: &str = "+*/<>=%#&$€£¥¢₹‰²³";

/// A name, and what stands in brackets behind it: `Glucose (mg/dL)`.
fn with_unit(name: &str) -> Option<(&str, &str)> {
    let name = name.trim_end();
    for (open, close) in [('(', ')'), ('[', ']'), ('（', '）')] {
        if let Some(inside) = name.strip_suffix(close)
            && let Some((before, unit)) = words::split_last(inside, open)
            && !before.trim().is_empty()
        {
            return Some((before, unit.trim()));
        }
    }
    None
}

/// How a column's name and a feature agree.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Match {
    /// They are the same, but for white space around.
    Exact,
    /// But for case, spaces, marks and signs; or the column has another name of the feature's. The unit is the model's.
    Near,
    /// As [`Match::Near`], and what stands in brackets is a unit that is converted.
    InUnit(String, Conversion),
    /// As [`Match::Near`], and what stands in brackets may be a unit, which nothing is known of.
    UnknownUnit(String),
}

/// What each feature may be called.
pub(super) struct Names<'a> {
    schema: &'a Schema,
    vocabulary: &'a Vocabulary,
    exact: Index,
    /// Without white space around, where that is one feature's.
    trimmed: Index,
    near: Index,
}

impl<'a> Names<'a> {
    pub(super) fn new(schema: &'a Schema, vocabulary: &'a Vocabulary) -> Self {
        let of = |text: &dyn Fn(&Feature) -> String| {
            let texts = schema.features().iter().enumerate().map(|(index, feature)| (text(feature), index));
            Index::new(&mut texts.filter(|(text, _)| !text.is_empty()))
        };
        // A feature's own name wins over its label, and that over what others call it.
        let mut near = of(&|feature| plain(&feature.name));
        near.add(of(&|feature| plain(&feature.label)));
        let mut others = Vec::new();
        for (index, feature) in schema.features().iter().enumerate() {
            for name in vocabulary.of(&feature.name).map_or(&[][..], |words| &words.names) {
                let plain = plain(name);
                if !plain.is_empty() {
                    others.push((plain, index));
                }
            }
        }
        near.add(Index::new(&mut others.into_iter()));
        let exact = of(&|feature| feature.name.clone());
        let trimmed = of(&|feature| feature.name.trim().to_owned());
        Self { schema, vocabulary, exact, trimmed, near }
    }

    /// The feature that a column of this name is, and how the two agree.
    pub(super) fn find(&self, column: &str) -> Option<(usize, Match)> {
        if let Some(index) = self.exact(column) {
            return Some((index, Match::Exact));
        }
        if let Some(index) = self.near.get(&plain(column)) {
            // `age_months` is a name of its own, and in nobody's list.
            return Some((index, Match::Near));
        }
        let (name, unit) = with_unit(column)?;
        let index = self.exact(name).or_else(|| self.near.get(&plain(name)))?;
        Some((index, self.unit(index, unit)))
    }

    /// What the brackets behind a column's name say, where the column is said to be this feature's; nothing of one whose unit
    /// nobody knows.
    pub(super) fn said(&self, index: usize, column: &str) -> Match {
        match with_unit(column) {
            Some((_, unit)) if self.exact(column) != Some(index) && !self.units(index).is_empty() => {
                self.unit(index, unit)
            }
            _ => Match::Near,
        }
    }

    fn exact(&self, column: &str) -> Option<usize> {
        self.exact.get(column).or_else(|| self.trimmed.get(column.trim()))
    }

    /// What a text in brackets says of a feature's column.
    fn unit(&self, index: usize, unit: &str) -> Match {
        let feature = &self.schema.features()[index];
        if units::plain(unit) == units::plain(&feature.unit) || self.near.get(&plain(unit)) == Some(index) {
            return Match::Near;
        }
        match self.conversion(index, unit) {
            Some(conversion) if conversion == SAME => Match::Near,
            Some(conversion) => Match::InUnit(unit.to_owned(), conversion),
            None => Match::UnknownUnit(unit.to_owned()),
        }
    }

    /// What makes the model's unit of another.
    pub(super) fn conversion(&self, index: usize, unit: &str) -> Option<Conversion> {
        let feature = &self.schema.features()[index];
        let own = self.vocabulary.of(&feature.name).and_then(|words| {
            words
                .units
                .iter()
                .find(|(name, _)| units::plain(name) == units::plain(unit))
                .map(|(_, conversion)| *conversion)
        });
        let is_models = units::plain(unit) == units::plain(&feature.unit);
        own.or_else(|| is_models.then_some(SAME)).or_else(|| units::between(unit, &feature.unit))
    }

    /// The units that a feature's column may be in, for a sentence.
    pub(super) fn units(&self, index: usize) -> Vec<&str> {
        let feature = &self.schema.features()[index];
        let own =
            self.vocabulary.of(&feature.name).into_iter().flat_map(|words| words.units.iter().map(|(unit, _)| unit));
        let model = Some(feature.unit.as_str()).filter(|unit| !unit.is_empty());
        model.into_iter().chain(own.map(String::as_str)).collect()
    }
}

/// The model's own unit.
pub(super) const SAME: Conversion = Conversion { minus: 0.0, times: 1.0 };

#[cfg(test)]
mod tests {
    use super::*;

    fn found(schema: &Schema, column: &str) -> Option<(String, Match)> {
        let vocabulary = serde_json::from_str(crate::diabetes_columns()).expect("JSON");
        let names = Names::new(schema, &vocabulary);
        names.find(column).map(|(index, how)| (schema.features()[index].name.clone(), how))
    }

    #[test]
    fn a_unit_that_is_a_sign_is_no_other() {
        let names = ["Umsatz [€]", "Fläche [m²]", "Temp [°C]", "Tarif (Klasse A)"];
        let schema = Schema::new("", "", "", names.into_iter().map(Feature::named).collect()).expect("a schema");
        let vocabulary = Vocabulary::new();
        let names = Names::new(&schema, &vocabulary);
        for near in ["umsatz (€)", "FLÄCHE [m²]", "temp (C)", "tarif (Klasse-A)"] {
            assert!(matches!(names.find(near), Some((_, Match::Near))), "{near}");
        }
        for other in ["Umsatz [$]", "Umsatz (£)", "Umsatz", "Fläche [m³]", "Fläche [m]", "Fläche"] {
            assert_eq!(names.find(other), None, "{other}");
        }
    }

    #[test]
    fn the_shipped_models_columns_are_known_by_many_names() {
        let schema = crate::diabetes().schema();
        let near = |column, feature: &str| {
            assert_eq!(found(schema, column), Some((feature.to_owned(), Match::Near)), "{column}")
        };
        assert_eq!(found(schema, " glucose "), Some(("glucose".to_owned(), Match::Exact)));
        near("Glucose", "glucose");
        near("GLUCOSE (mg/dL)", "glucose");
        near("Blood Pressure [mmHg]", "blood_pressure");
        near("BMI (body mass index)", "mass_index");
        near("血糖", "glucose");
        for name in ["Número de embarazos", "Nu\u{301}mero de embarazos", "NUMERO DE EMBARAZOS"] {
            near(name, "times_pregnant");
        }
        near("insulin (mU/L)".replace("mU/L", "μU/ml").as_str(), "serum_insulin");
        for (column, feature, unit, times) in [
            ("Glucose (mmol/l)", "glucose", "mmol/l", 18.016),
            ("血糖（mmol/L）", "glucose", "mmol/L", 18.016),
            ("insulin [pmol/L]", "serum_insulin", "pmol/L", 1.0 / 6.0),
            ("age (months)", "age", "months", 1.0 / 12.0),
        ] {
            let conversion = Conversion { minus: 0.0, times };
            assert_eq!(found(schema, column), Some((feature.to_owned(), Match::InUnit(unit.to_owned(), conversion))));
        }
        let unknown = Match::UnknownUnit("ounces per mile".to_owned());
        assert_eq!(found(schema, "glucose (ounces per mile)"), Some(("glucose".to_owned(), unknown)));
        let signs = Schema::of_names(["lag-1", "lag+1", "q11", "q1_1", "a_b"].map(str::to_owned)).expect("a schema");
        for (column, feature) in
            [("Lag-1", "lag-1"), ("LAG +1", "lag+1"), ("Q11", "q11"), ("q1.1", "q1_1"), ("A-B", "a_b")]
        {
            assert_eq!(super::tests::found(&signs, column), Some((feature.to_owned(), Match::Near)), "{column}");
        }
        for none in ["outcome", "age_months", "", "(mg/dL)", "f0"] {
            assert_eq!(found(schema, none), None, "{none}");
        }
    }

    #[test]
    fn a_unit_in_the_models_own_name_is_a_part_of_it() {
        let names = ["sepal length (cm)", "sepal length", "petal length (cm)", " age", "A b", "a B"];
        let schema = Schema::of_names(names.map(str::to_owned)).expect("a schema");
        let index = |column: &str| found(&schema, column);
        assert_eq!(index("sepal length (cm)"), Some(("sepal length (cm)".to_owned(), Match::Exact)));
        assert_eq!(index("Sepal Length (cm)"), Some(("sepal length (cm)".to_owned(), Match::Near)));
        assert_eq!(index("age"), Some((" age".to_owned(), Match::Exact)));
        // Nearly two features' name is no name.
        assert_eq!(index("a b"), None);
        assert_eq!(index("A b"), Some(("A b".to_owned(), Match::Exact)));
        // Whose unit is not known of a feature, nothing is known of another one.
        assert_eq!(index("sepal length (mm)").map(|found| found.1), Some(Match::UnknownUnit("mm".to_owned())));
        // What white space alone tells apart is told apart by it.
        let spaced = Schema::of_names([" a", "a", "b "].map(str::to_owned)).expect("a schema");
        let exact = |column: &str| found(&spaced, column).filter(|(_, how)| *how == Match::Exact).map(|(name, _)| name);
        assert_eq!(exact(" a").as_deref(), Some(" a"));
        assert_eq!(exact("a").as_deref(), Some("a"));
        assert_eq!(exact("b").as_deref(), Some("b "));
        assert_eq!(exact("  a"), None);
    }
}
