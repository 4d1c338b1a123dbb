//! What a model's inputs are called, what they mean, and how raw input becomes a row of numbers.
//!
//! A [`Row`] holds one `f64` per feature, in feature order, `NaN` for "not measured". Everything that a person
//! or a program may supply (a CSV line, an array, named fields) comes through here, and every error about input
//! names the field at fault.

use std::collections::BinaryHeap;

use crate::error::{Code, Error, Result, filled, quoted};
use crate::field;
use crate::number::{self, shown};

/// The names, units and ranges of a model's inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    name: String,
    title: String,
    outcome: String,
    features: Vec<Feature>,
    classes: Vec<String>,
    classes_are_texts: bool,
}

/// One input of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// The name that programs use: `glucose`.
    pub name: String,
    /// The name that people read: `Glucose`.
    pub label: String,
    /// The unit, empty where there is none: `mg/dL`.
    pub unit: String,
    /// One sentence of help.
    pub description: String,
    /// The smallest and largest measured value among the training rows.
    pub range: Option<(f64, f64)>,
    /// How many digits after the point the training data has.
    pub decimals: Option<u8>,
    /// The values that mean "not measured": `0` for a blood pressure. Compared as numbers, so `-0.0` is `0`.
    pub missing_codes: Vec<f64>,
    /// Whether any training row lacked this value.
    pub may_be_missing: bool,
    /// The names of a categorical feature's categories, in the order of their codes 0, 1, …; empty where the feature
    /// is a number, or its categories have no names. In text a category is named, as a number it is its code.
    pub categories: Vec<String>,
    /// Whether a category that training did not see has an answer, which a pipeline's encoder may give: its code is the one after
    /// the last. Where it is false such a text is an error.
    pub takes_unseen: bool,
}

impl Feature {
    /// A feature of which nothing but the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            label: name.clone(),
            name,
            unit: String::new(),
            description: String::new(),
            range: None,
            decimals: None,
            missing_codes: Vec::new(),
            may_be_missing: true,
            categories: Vec::new(),
            takes_unseen: false,
        }
    }

    /// The code of a category that training did not see, where it has an answer.
    pub(crate) fn unseen(&self) -> Option<f64> {
        (self.takes_unseen && !self.categories.is_empty()).then_some(self.categories.len() as f64)
    }

    /// A text for the value of a category, as rows have it: its name, or one that is none for a category that training did not see.
    /// `None` where the value is no category's code.
    #[cfg(feature = "case")]
    pub(crate) fn category_text(&self, value: f64) -> Option<std::borrow::Cow<'_, str>> {
        if Some(value) == self.unseen() {
            let mut text = String::from("?");
            while field::category(&self.categories, &text).is_some() {
                text.push('?');
            }
            return Some(text.into());
        }
        let name = self.categories.get(value as usize).filter(|_| value >= 0.0 && value.fract() == 0.0);
        name.map(|name| name.as_str().into())
    }

    /// What is to be known of a value, a missing code among them, before a prediction by it is trusted.
    pub(crate) fn doubt(&self, value: f64) -> Option<Doubt> {
        // It may be a missing code as well, to a trainer that takes what it did not see for what is missing.
        if self.unseen() == Some(value) {
            return Some(Doubt::Unseen);
        }
        if value.is_nan() || self.missing_codes.contains(&value) {
            return (!self.may_be_missing).then_some(Doubt::Absent);
        }
        if self.unseen().is_some_and(|unseen| value >= unseen) {
            return Some(Doubt::Unseen);
        }
        let (low, high) = self.range.filter(|&(low, high)| value < low || value > high)?;
        Some(Doubt::Outside(low, high))
    }

    fn add_missing_code(&mut self, code: f64) {
        if !self.missing_codes.contains(&code) {
            self.missing_codes.push(code);
        }
    }

    /// The number that a text field holds, `NaN` where it means "not measured".
    ///
    /// Every accepted text has the value that Python's `float` gives it. Python also accepts `1_000` and non-ASCII
    /// digits; these are errors here.
    fn parse(&self, given: &str) -> Result<f64> {
        let text = given.trim();
        let fault = |code, wanted| Err(Error::in_field(code, &self.name, format_args!("{} is {wanted}", quoted(text))));
        if let Some(code) = field::category(&self.categories, given) {
            return Ok(code as f64);
        }
        if text.is_empty() || text.eq_ignore_ascii_case("na") {
            return Ok(f64::NAN);
        }
        match number::parse(text) {
            Some(value) if value.is_nan() => Ok(value),
            _ if !self.categories.is_empty() => match self.unseen() {
                Some(unseen) => Ok(unseen),
                None => fault(Code::UnknownCategory, "none of the feature's categories"),
            },
            None => fault(Code::NotANumber, "not a number"),
            Some(value) if value.is_infinite() => fault(Code::NotFinite, "not a finite number"),
            Some(value) => Ok(value),
        }
    }
}

/// One row of inputs: as many finite numbers or `NaN`s ("not measured") as the schema has features. Only a
/// [`Schema`] makes one, so that its length and its values are known to fit.
#[derive(Clone, Debug)]
pub struct Row(Vec<f64>);

impl Row {
    /// The values in feature order; `NaN` for "not measured".
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

/// Why a value is not like those of the training data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Doubt {
    /// It is outside the range that was seen.
    Outside(f64, f64),
    /// It is a category that was not seen.
    Unseen,
    /// It was not measured, and always was.
    Absent,
}

/// Something to know about a row that is answered all the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// Stable: `outside_training_range`, `unseen_category` or `never_missing_in_training`.
    pub code: &'static str,
    /// The feature's name.
    pub field: String,
    /// One sentence for people.
    pub message: String,
}

/// A number that rows are made of: `f32` or `f64`.
pub trait Value: Copy + Sync + private::Sealed {
    /// The number in 64 bits.
    fn wide(self) -> f64;
    /// The number rounded to 32 bits.
    fn narrow(self) -> f32;
    /// What stands for "not measured".
    const MISSING: Self;
    /// The same numbers, if they are of 32 bits.
    #[doc(hidden)]
    fn as_narrow(values: &[Self]) -> Option<&[f32]>;
}

mod private {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

impl Value for f32 {
    const MISSING: Self = Self::NAN;

    fn wide(self) -> f64 {
        self.into()
    }

    fn narrow(self) -> f32 {
        self
    }

    fn as_narrow(values: &[Self]) -> Option<&[f32]> {
        Some(values)
    }
}

impl Value for f64 {
    const MISSING: Self = Self::NAN;

    fn wide(self) -> f64 {
        self
    }

    fn narrow(self) -> f32 {
        self as f32
    }

    fn as_narrow(_: &[Self]) -> Option<&[f32]> {
        None
    }
}

/// What a missing code is in 32 bits, in which trainers compare it: a value that is either is missing.
fn rounded(code: f64) -> f64 {
    f64::from(code as f32)
}

/// The most features a schema may have.
pub const MAX_FEATURES: usize = 1 << 16;

impl Schema {
    /// A schema of `features`, for a model that answers the probability or amount of `outcome`.
    ///
    /// # Errors
    /// `invalid_schema` for no or more than [`MAX_FEATURES`] features, an empty or repeated name, a range that is
    /// not finite and ascending, or a missing code that is not finite.
    pub fn new(
        name: impl Into<String>,
        title: impl Into<String>,
        outcome: impl Into<String>,
        features: Vec<Feature>,
    ) -> Result<Self> {
        Self::of_texts(name.into(), title.into(), outcome.into(), features)
    }

    fn of_texts(name: String, title: String, outcome: String, features: Vec<Feature>) -> Result<Self> {
        let invalid = |message: &str, numbers: &[usize]| Error::plain(Code::InvalidSchema, message, numbers);
        if features.is_empty() || features.len() > MAX_FEATURES {
            return Err(invalid("# features; a model has 1 to #", &[features.len(), MAX_FEATURES]));
        }
        let texts = |feature: &Feature| {
            let own = [&feature.name, &feature.label, &feature.unit, &feature.description];
            own.into_iter().chain(&feature.categories).any(|text| text.contains('\0'))
        };
        if [&name, &title, &outcome].into_iter().any(|text| text.contains('\0')) || features.iter().any(texts) {
            // What stands between two texts in a file.
            return Err(invalid("a text holds a null character", &[]));
        }
        if let Some(name) = repeated(features.iter().map(|feature| feature.name.as_str())) {
            return Err(Error::new(Code::InvalidSchema, format_args!("two features are called {}", quoted(name))));
        }
        for (index, feature) in features.iter().enumerate() {
            let wrong = if feature.name.trim().is_empty() {
                "its name is empty"
            } else if feature.range.is_some_and(|(low, high)| !(low.is_finite() && high.is_finite() && low <= high)) {
                "its range is not two finite numbers in ascending order"
            } else if feature.missing_codes.iter().any(|code| !code.is_finite()) {
                "a missing code is not a finite number"
            } else if repeated(feature.categories.iter().map(String::as_str)).is_some() {
                "two of its categories have one name"
            } else {
                continue;
            };
            return Err(invalid(wrong, &[]).within(quoted(&feature.name).as_bytes()).place("feature #", &[index]));
        }
        Ok(Self { name, title, outcome, features, classes: Vec::new(), classes_are_texts: false })
    }

    /// The schema of features that a model has, which were checked when that was opened; or of none.
    #[cfg(any(feature = "reader", feature = "train"))]
    pub(crate) const fn of_model(features: Vec<Feature>) -> Self {
        Self {
            name: String::new(),
            title: String::new(),
            outcome: String::new(),
            features,
            classes: Vec::new(),
            classes_are_texts: false,
        }
    }

    /// One more of them.
    #[cfg(feature = "reader")]
    pub(crate) fn add_feature(&mut self, feature: Feature) {
        self.features.push(feature);
    }

    /// The last of them, to say more of it.
    #[cfg(feature = "reader")]
    pub(crate) fn last_feature(&mut self) -> Option<&mut Feature> {
        self.features.last_mut()
    }

    /// The names `f0`, `f1`, … for `count` features that have none.
    #[cfg(feature = "import")]
    pub(crate) fn invented_names(count: usize) -> Vec<String> {
        (0..count).map(invented_name).collect()
    }

    /// The schema of a model of which only the feature names are known.
    ///
    /// # Errors
    /// As [`Schema::new`].
    pub fn of_names(names: impl IntoIterator<Item = String>) -> Result<Self> {
        Self::new("", "", "", names.into_iter().map(Feature::named).collect())
    }

    /// The model's short name, empty where unknown: `diabetes`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The model's title for people, empty where unknown.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What the prediction is the probability or amount of, empty where unknown.
    pub fn outcome(&self) -> &str {
        &self.outcome
    }

    /// The inputs, in feature order.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The names of the classes: of several outputs one for each, of a binary model that of the negative and that of the positive one.
    /// Empty where they have none, or none are known.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The same schema with these names of the classes.
    ///
    /// # Errors
    /// `invalid_schema` for one class, a name that is empty or holds a null character, or two that are one.
    pub fn with_classes(self, classes: Vec<String>) -> Result<Self> {
        let invalid = |message: &str| Error::plain(Code::InvalidSchema, message, &[]);
        if classes.len() == 1 {
            return Err(invalid("a model has no or at least two classes"));
        }
        if classes.iter().any(|class| class.is_empty() || class.contains('\0')) {
            return Err(invalid("the name of a class is empty, or holds a null character"));
        }
        if let Some(name) = repeated(classes.iter().map(String::as_str)) {
            return Err(Error::new(Code::InvalidSchema, format_args!("two classes are called {}", quoted(name))));
        }
        Ok(Self { classes, classes_are_texts: false, ..self })
    }

    /// Whether the names of the classes are texts to the trainer, though they read as numbers or as truths: labels that were `"0"` and
    /// `"1"`, not 0 and 1. Where they read as neither it is not asked, and this is false.
    pub fn classes_are_texts(&self) -> bool {
        self.classes_are_texts
    }

    /// The same schema, whose classes are texts to the trainer.
    #[cfg(feature = "import")]
    pub(crate) fn with_classes_as_texts(self) -> Self {
        let are_numbers = self.classes.iter().all(|name| crate::number::parse(name).is_some());
        let is_told = !self.classes.is_empty() && (are_numbers || field::are_truths(&self.classes));
        Self { classes_are_texts: is_told, ..self }
    }

    /// The row that a comma-separated text describes: `1,106,70,28,135,34.2,0.142,22`. Fields may have white space
    /// around them, and quotes, as in a file of CSV: `"a, b"` is one field. An empty field, `NA` and `nan` mean "not measured". A
    /// category is named as in a file: also without the white space around its name, and as the number that it is.
    ///
    /// # Errors
    /// `empty_input`, `wrong_field_count`, `not_a_number`, `not_finite`; each names the field where there is one.
    pub fn row_from_text(&self, text: &str) -> Result<Row> {
        if text.trim().is_empty() {
            return Err(self.nothing_supplied());
        }
        let fields = field::separated(text);
        self.check_count(fields.len())?;
        self.row_from_fields(fields.iter().map(|field| &**field))
    }

    /// The row whose fields, in feature order, are these texts.
    ///
    /// # Errors
    /// As [`Schema::row_from_text`].
    pub fn row_from_fields<'a>(&self, fields: impl IntoIterator<Item = &'a str>) -> Result<Row> {
        let mut values = Vec::with_capacity(self.features.len());
        for (index, field) in fields.into_iter().enumerate() {
            let Some(feature) = self.features.get(index) else {
                return Err(self.wrong_count(None));
            };
            values.push(feature.parse(field)?);
        }
        self.row_from_values(values)
    }

    /// The row with these values in feature order; `NaN` for "not measured".
    ///
    /// # Errors
    /// `wrong_field_count`; `not_finite` for an infinite value or one beyond 32-bit floats, which every trainer we
    /// read from refuses or stores its thresholds in.
    pub fn row_from_values(&self, mut values: Vec<f64>) -> Result<Row> {
        self.check_count(values.len())?;
        for (value, feature) in values.iter_mut().zip(&self.features) {
            // What training did not see stays, to be warned of; the model takes it for missing nevertheless.
            if Some(*value) == feature.unseen() {
                continue;
            }
            if feature.missing_codes.iter().any(|&code| *value == code || *value == rounded(code)) {
                *value = f64::NAN;
            } else if (*value as f32).is_infinite() {
                let what = match value.is_infinite() {
                    true => "the value is infinite",
                    false => "the value is beyond the range of a 32-bit float",
                };
                return Err(Error::plain(Code::NotFinite, what, &[]).about(&feature.name));
            }
        }
        Ok(Row(values))
    }

    /// The feature and the value of each missing code, and what that value is in 32 bits where it is another one.
    pub(crate) fn missing_codes(&self) -> Vec<(usize, f64)> {
        let mut codes = Vec::new();
        for (index, feature) in self.features.iter().enumerate() {
            for &code in &feature.missing_codes {
                codes.push((index, code));
                if rounded(code) != code {
                    codes.push((index, rounded(code)));
                }
            }
        }
        codes
    }

    /// The row with these named values; a feature that is not named is "not measured".
    ///
    /// # Errors
    /// `empty_input` when nothing is named, `unknown_field`, `not_finite`.
    pub fn row_from_names<'a>(&self, named: impl IntoIterator<Item = (&'a str, f64)>) -> Result<Row> {
        let mut values = vec![f64::NAN; self.features.len()];
        let mut supplied = false;
        for (name, value) in named {
            values[self.index_of(name)?] = value;
            supplied = true;
        }
        if !supplied {
            return Err(self.nothing_supplied());
        }
        self.row_from_values(values)
    }

    /// The position of the feature called `name`.
    ///
    /// # Errors
    /// `unknown_field`, listing the names that exist.
    pub fn index_of(&self, name: &str) -> Result<usize> {
        self.features.iter().position(|f| f.name == name).ok_or_else(|| {
            let mut message = b"no such feature; the model has ".to_vec();
            for (index, feature) in self.features.iter().take(20).enumerate() {
                message.extend_from_slice(if index == 0 { b"" } else { b", " });
                message.extend_from_slice(feature.name.as_bytes());
            }
            message.extend_from_slice(if self.features.len() > 20 { ", …" } else { "" }.as_bytes());
            Error::of(Code::UnknownField, message).about(name)
        })
    }

    /// The same schema with what the trees were trained with: the categories of `other` for each feature that has none of
    /// its own, and its missing codes beside the own.
    pub(crate) fn with_training_of(mut self, other: &Self) -> Self {
        for (feature, other) in self.features.iter_mut().zip(&other.features) {
            if feature.categories.is_empty() {
                feature.categories.clone_from(&other.categories);
            }
            feature.takes_unseen |= other.takes_unseen;
            other.missing_codes.iter().for_each(|&code| feature.add_missing_code(code));
        }
        if self.classes.is_empty() {
            self.classes.clone_from(&other.classes);
            self.classes_are_texts = other.classes_are_texts;
        }
        self
    }

    /// The same schema with another value that means "not measured" in every feature.
    pub(crate) fn with_missing_code(mut self, code: f64) -> Self {
        self.features.iter_mut().for_each(|feature| feature.add_missing_code(code));
        self
    }

    /// Whether the names are the ones that stand for names nobody gave: `f0`, `f1`, …
    pub fn has_invented_names(&self) -> bool {
        self.features.iter().enumerate().all(|(index, feature)| feature.name == invented_name(index))
    }

    /// What to know about a row before trusting its prediction: values outside the training range, categories that training did
    /// not see, and values missing where no training row missed them.
    pub fn warnings(&self, row: &Row) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for (feature, &value) in self.features.iter().zip(&row.0) {
            let (code, message) = match feature.doubt(value) {
                None => continue,
                Some(Doubt::Absent) => {
                    ("never_missing_in_training", "not measured, but every training row had it".to_owned())
                }
                Some(Doubt::Unseen) => ("unseen_category", "a category that training did not see".to_owned()),
                Some(Doubt::Outside(low, high)) => {
                    let [value, low, high] = [value, low, high].map(shown);
                    (
                        "outside_training_range",
                        format!("{value} is outside the range seen in training, {low} to {high}"),
                    )
                }
            };
            warnings.push(Warning { code, field: feature.name.clone(), message });
        }
        warnings
    }

    /// Checks that a row of `count` values is as long as it should be.
    ///
    /// # Errors
    /// `wrong_field_count`, naming the first feature that is absent.
    pub fn check_count(&self, count: usize) -> Result<()> {
        if count == self.features.len() {
            return Ok(());
        }
        Err(self.wrong_count(Some(count)))
    }

    /// Checks that `count` values are whole rows.
    pub(crate) fn check_whole_rows(&self, count: usize) -> Result<()> {
        let width = self.features.len();
        if count.is_multiple_of(width) {
            return Ok(());
        }
        Err(Error::plain(Code::WrongFieldCount, "# values are not whole rows of #", &[count, width]))
    }

    fn wrong_count(&self, count: Option<usize>) -> Error {
        let wanted = self.features.len();
        let got = count.map_or_else(|| "more than that".to_owned(), |count| count.to_string());
        let message = format!("{wanted} values are needed, {got} given");
        // A row that is too short is at fault where it ends.
        match count.and_then(|count| self.features.get(count)) {
            Some(first_absent) => Error::in_field(
                Code::WrongFieldCount,
                &first_absent.name,
                format_args!("{message}; this is the first that is absent"),
            ),
            None => Error::new(Code::WrongFieldCount, format_args!("{message}")),
        }
    }

    fn nothing_supplied(&self) -> Error {
        Error::new(Code::EmptyInput, format_args!("no values given; {} are needed", self.features.len()))
    }
}

/// A text that comes twice. A heap gives them in order with a tenth of the code of a sort.
fn repeated<'a>(texts: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut texts: BinaryHeap<&str> = texts.collect();
    while let Some(text) = texts.pop() {
        if texts.peek() == Some(&text) {
            return Some(text);
        }
    }
    None
}

/// What XGBoost itself calls a feature without a name.
fn invented_name(index: usize) -> String {
    String::from_utf8(filled("f#", &[index])).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(features: Vec<Feature>) -> Schema {
        Schema::new("", "", "", features).expect("a schema")
    }

    fn fault(features: Vec<Feature>) -> String {
        Schema::new("", "", "", features).expect_err("a fault").to_string()
    }

    #[test]
    fn a_name_that_comes_twice_is_refused() {
        let names = |names: &[&str]| names.iter().copied().map(Feature::named).collect::<Vec<_>>();
        assert!(fault(names(&["b", "a", "c", "a"])).contains("two features are called \"a\""));
        let categories = ["x", "y", "x"].map(str::to_owned).to_vec();
        let fault = fault(vec![Feature { categories, ..Feature::named("a") }]);
        assert!(fault.contains("two of its categories have one name"), "{fault}");
        schema(names(&["b", "a", "c"]));
    }

    #[test]
    fn only_what_is_outside_the_range_is_warned_of() {
        let schema = schema(vec![Feature { range: Some((1.0, 2.0)), ..Feature::named("a") }]);
        let warned = |value| !schema.warnings(&schema.row_from_values(vec![value]).expect("a row")).is_empty();
        let next = f64::EPSILON;
        assert_eq!([1.0 - next, 1.0, 1.5, 2.0, 2.0 + 2.0 * next].map(warned), [true, false, false, false, true]);
    }

    #[test]
    fn names_are_invented_where_all_are() {
        let are_invented =
            |names: &[&str]| schema(names.iter().copied().map(Feature::named).collect()).has_invented_names();
        assert!(are_invented(&["f0", "f1"]));
        assert!(!are_invented(&["f1", "f0"]));
        assert!(!are_invented(&["f0", "age"]));
    }

    #[test]
    fn of_many_names_some_are_listed() {
        let message = |count: usize| {
            let schema = schema((0..count).map(|index| Feature::named(format!("n{index}"))).collect());
            schema.index_of("age").expect_err("no such feature").to_string()
        };
        assert!(message(20).ends_with("n19"), "{}", message(20));
        assert!(message(21).ends_with("n19, …"), "{}", message(21));
    }

    #[test]
    fn a_categorical_feature_takes_its_names_and_missing() {
        let categories = ["red", "blue"].map(str::to_owned).to_vec();
        let schema = schema(vec![Feature { categories, ..Feature::named("a") }, Feature::named("b")]);
        let values = |text| schema.row_from_text(text).map(|row| row.values()[0]);
        assert_eq!(values("blue,1").expect("a category"), 1.0);
        for missing in [",1", "NA,1", "nan,1"] {
            assert!(values(missing).expect("missing").is_nan(), "{missing}");
        }
        for other in ["green,1", "1,1", "inf,1"] {
            assert_eq!(values(other).expect_err("no category").code(), Code::UnknownCategory, "{other}");
        }
    }

    #[test]
    fn a_missing_code_is_one_in_32_bits_too() {
        let schema = schema(vec![Feature { missing_codes: vec![0.1, -9.9], ..Feature::named("a") }]);
        let value = |value| schema.row_from_values(vec![value]).expect("a row").values()[0];
        for code in [0.1, f64::from(0.1_f32), -9.9, f64::from(-9.9_f32)] {
            assert!(value(code).is_nan(), "{code}");
        }
        assert_eq!([0.0, 1.0, -1.0, 0.100001].map(value), [0.0, 1.0, -1.0, 0.100001]);
        let codes = schema.missing_codes();
        assert_eq!(codes, [(0, 0.1), (0, f64::from(0.1_f32)), (0, -9.9), (0, f64::from(-9.9_f32))]);
    }

    #[test]
    fn a_value_of_64_bits_is_named_and_is_a_missing_code_as_one_of_32_is() {
        let model = crate::diabetes();
        let mut row = [1.0, 106.0, 70.0, 28.0, 135.0, 34.2, 0.142, 22.0];
        let index = model.schema().index_of("serum_insulin").expect("a feature");
        assert_eq!(model.schema().features()[index].missing_codes, [0.0]);
        let margins = |row: &[f64]| model.margins_many(row).expect("finite");
        row[index] = 0.0;
        let coded = margins(&row);
        row[index] = f64::NAN;
        assert_eq!(coded, margins(&row));
        row[index] = 1e300;
        let error = model.margins_many(&row).expect_err("beyond 32 bits").to_string();
        assert!(error.contains("insulin") && error.contains("row 1"), "{error}");
    }
}
