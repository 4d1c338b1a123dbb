//! The columns that the trees of histogram gradient boosting count, and the categories in them.

use super::Estimator;
use crate::error::{Error, Result, invalid, unsupported};
use crate::forest::{MAX_CATEGORY, MissingSide};
use crate::import::pickle::{Array, Id, Value};
use crate::import::source::{SourceNode, SourceTest};
use crate::narrowing::Input;

/// The columns of an estimator.
pub(super) struct Columns {
    /// Of each column of the trees the feature that it is.
    features: Vec<usize>,
    /// Of each feature its categories; `None` where it is a number.
    categories: Vec<Option<Categories>>,
}

/// A feature's categories.
struct Categories {
    /// Of each number that the trees' sets have what a row has: the same, or the number that it was made of.
    values: Vec<u32>,
    /// Whether the trees know it.
    is_known: Vec<bool>,
    /// Their names, where the training data had names.
    names: Vec<String>,
}

/// A question about categories.
pub(super) struct Set {
    members: Vec<u32>,
    /// Whether they go where the trainer's tree goes left.
    is_left: bool,
}

/// How many numbers a set can have, and its words of 32.
const SET: usize = 256;
const WORDS: usize = SET / 32;

impl Columns {
    pub(super) fn of(estimator: &Estimator) -> Result<Self> {
        let values = estimator.values;
        let count = estimator.feature_count;
        let numbers = || Self { features: (0..count).collect(), categories: (0..count).map(|_| None).collect() };
        let said = values.attribute(estimator.id, "is_categorical_")?.filter(|&said| !values.is_none(said));
        let Some(said) = said else { return Ok(numbers()) };
        let flags = Array::of(values, said)?.and_then(|flags| flags.integers()).filter(|flags| flags.len() == count);
        let flags =
            flags.ok_or_else(|| invalid(format_args!("is_categorical_ does not say it of {count} features")))?;
        let categorical: Vec<usize> = (0..count).filter(|&feature| flags[feature] != 0).collect();
        let mut columns = numbers();
        let preprocessor = values.attribute(estimator.id, "_preprocessor")?.filter(|&id| !values.is_none(id));
        if let Some(preprocessor) = preprocessor {
            columns.features = categorical.clone();
            columns.features.extend((0..count).filter(|&feature| flags[feature] == 0));
            let tables = encoded(estimator, preprocessor).map_err(|error| error.at(format_args!("_preprocessor")))?;
            if tables.len() != categorical.len() {
                return Err(invalid(format_args!("the encoder has not as many columns as is_categorical_")));
            }
            for (&feature, table) in categorical.iter().zip(tables) {
                let table =
                    Categories::named(estimator, table).map_err(|error| error.at(format_args!("feature {feature}")))?;
                columns.categories[feature] = Some(table);
            }
            return Ok(columns);
        }
        let mapper = estimator.required("_bin_mapper")?;
        let known = values.required(mapper, "bin_thresholds_")?;
        let known = values.sequence(known).filter(|known| known.len() == count);
        let known = known.ok_or_else(|| invalid(format_args!("bin_thresholds_ is not of {count} features")))?;
        for feature in categorical {
            let table = Categories::numbered(estimator, known[feature])
                .map_err(|error| error.at(format_args!("feature {feature}")))?;
            columns.categories[feature] = Some(table);
        }
        Ok(columns)
    }

    /// The feature that a column of the trees is.
    pub(super) fn feature(&self, column: i64) -> Result<usize> {
        let feature = usize::try_from(column).ok().and_then(|column| self.features.get(column));
        feature.copied().ok_or_else(|| invalid(format_args!("feature {column} does not exist")))
    }

    pub(super) fn is_categorical(&self, feature: usize) -> bool {
        self.categories.get(feature).is_some_and(Option::is_some)
    }

    /// What a split asks whose set of categories that go left is this one among `bits`. Categories that the trainer never saw
    /// go where missing values do.
    pub(super) fn set(&self, feature: usize, bits: &[i64], set: i64, missing_goes_left: bool) -> Result<Set> {
        let Some(Some(categories)) = self.categories.get(feature) else {
            return Err(invalid(format_args!("it asks for a category of feature {feature}, which has none")));
        };
        let words = usize::try_from(set).ok().and_then(|set| bits.get(set.checked_mul(WORDS)?..)?.get(..WORDS));
        let words = words.ok_or_else(|| invalid(format_args!("its set of categories does not exist")))?;
        let goes_left = |number: usize| words[number / 32] >> (number % 32) & 1 != 0;
        let is_left = !missing_goes_left;
        let known = (0..SET).filter(|&number| categories.is_known.get(number) == Some(&true));
        let mut members: Vec<u32> = match is_left {
            true => (0..SET)
                .filter(|&number| goes_left(number))
                .map(|number| categories.value(number))
                .collect::<Result<_>>()?,
            false => known
                .filter(|&number| !goes_left(number))
                .map(|number| categories.value(number))
                .collect::<Result<_>>()?,
        };
        if members.is_empty() {
            return Err(invalid(format_args!("all categories that it asks for go one way")));
        }
        members.sort_unstable();
        Ok(Set { members, is_left })
    }

    /// How each feature's values are seen.
    pub(super) fn inputs(&self) -> Vec<Input> {
        let input = |categories: &Option<Categories>| match categories {
            // Unlike LightGBM's, a number between -1 and 0 is no category.
            Some(_) => Input::Single,
            None => Input::Double { zero_is_missing: false },
        };
        self.categories.iter().map(input).collect()
    }

    /// The names of each feature's categories.
    pub(super) fn names(self) -> Vec<Vec<String>> {
        self.categories
            .into_iter()
            .map(|categories| categories.map_or_else(Vec::new, |categories| categories.names))
            .collect()
    }

    /// What the user should know.
    pub(super) fn note(&self) -> Option<String> {
        let is_numbered = |categories: &Categories| categories.names.is_empty();
        let features = self.categories.iter().enumerate();
        let numbered: Vec<String> = features
            .filter(|(_, categories)| categories.as_ref().is_some_and(is_numbered))
            .map(|(feature, _)| feature.to_string())
            .collect();
        (!numbered.is_empty()).then(|| {
            format!(
                "the categories of the features {} are whole numbers: the fraction of a number that is none is cut off",
                crate::error::shown(&numbered.join(", "))
            )
        })
    }
}

impl Set {
    /// The split: the members of a set go right here, whichever side that is in the trainer's tree.
    pub(super) fn split(self, feature: i64, missing: MissingSide, left: i64, right: i64) -> SourceNode {
        let test = SourceTest::InSet(self.members.into());
        if !self.is_left {
            return SourceNode::split(feature, test, missing, left, right);
        }
        let missing = match missing {
            MissingSide::Left => MissingSide::Right,
            MissingSide::Right => MissingSide::Left,
        };
        SourceNode::split(feature, test, missing, right, left)
    }
}

impl Categories {
    fn value(&self, number: usize) -> Result<u32> {
        let value = self.values.get(number).copied();
        value.ok_or_else(|| invalid(format_args!("its set has category {number}, which the feature has not")))
    }

    /// Of numbers as they are.
    fn numbered(estimator: &Estimator, known: Id) -> Result<Self> {
        let known = Array::of(estimator.values, known)?.and_then(|known| known.numbers());
        let known = known.ok_or_else(|| invalid(format_args!("its categories are no numbers")))?;
        let mut is_known = vec![false; SET];
        for category in known {
            let place = is_known.get_mut(category as usize).filter(|_| (0.0..SET as f64).contains(&category));
            *place.ok_or_else(|| invalid(format_args!("its category {category} is beyond those of a set")))? = true;
        }
        Ok(Self { values: (0..SET as u32).collect(), is_known, names: Vec::new() })
    }

    /// Of what an encoder makes numbers of, in the order of these.
    fn named(estimator: &Estimator, table: Id) -> Result<Self> {
        let values = estimator.values;
        let array = Array::of(values, table)?.ok_or_else(|| invalid(format_args!("its categories are no array")))?;
        if let Some(numbers) = array.numbers() {
            // What is missing comes last.
            return Self::of_numbers(
                numbers.split_last().filter(|(last, _)| last.is_nan()).map_or(&numbers, |(_, rest)| rest),
            );
        }
        let mut objects = array.objects().unwrap_or_default();
        if objects.last().is_some_and(|&last| matches!(values.get(last), Value::Float(number) if number.is_nan())) {
            objects.pop();
        }
        let numbers =
            objects.iter().map(|&object| values.number(object).or_else(|| values.boolean(object).map(f64::from)));
        if let Some(numbers) = numbers.collect::<Option<Vec<f64>>>().filter(|numbers| !numbers.is_empty()) {
            return Self::of_numbers(&numbers);
        }
        let names = match objects.is_empty() {
            true => array.names(values),
            false => objects.iter().map(|&object| values.text(object).map(str::to_owned)).collect(),
        };
        let names =
            names.ok_or_else(|| unsupported(format_args!("its categories are neither all texts nor all numbers")))?;
        check_count(names.len())?;
        Ok(Self { values: (0..names.len() as u32).collect(), is_known: vec![true; names.len()], names })
    }

    fn of_numbers(numbers: &[f64]) -> Result<Self> {
        check_count(numbers.len())?;
        let whole = |&number: &f64| {
            let is_category = number.fract() == 0.0 && (0.0..f64::from(MAX_CATEGORY)).contains(&number);
            is_category.then_some(number as u32)
        };
        let values = numbers.iter().map(whole).collect::<Option<Vec<u32>>>();
        let values = values.ok_or_else(|| {
            unsupported(format_args!(
                "its categories are numbers, and not all are whole ones from 0 to {}",
                MAX_CATEGORY - 1
            ))
        })?;
        Ok(Self { is_known: vec![true; values.len()], values, names: Vec::new() })
    }
}

fn check_count(count: usize) -> Result<()> {
    match count {
        1..=SET => Ok(()),
        _ => Err(invalid(format_args!("it has {count} categories; a set has 1 to {SET}"))),
    }
}

/// The categories of each column of the encoder that a table of columns begins with.
fn encoded(estimator: &Estimator, preprocessor: Id) -> Result<Vec<Id>> {
    const TABLE: &str = "sklearn.compose._column_transformer.ColumnTransformer";
    const ENCODER: &str = "sklearn.preprocessing._encoders.OrdinalEncoder";
    let values = estimator.values;
    let fault = |id: Id| -> Error { unsupported(format_args!("{} is none that is read", values.described(id))) };
    if values.class(preprocessor).as_deref() != Some(TABLE) {
        return Err(fault(preprocessor));
    }
    let transformers = values.required(preprocessor, "transformers_")?;
    let first = values.sequence(transformers).and_then(|transformers| values.sequence(*transformers.first()?));
    let Some(&[_, encoder, ..]) = first else { return Err(fault(transformers)) };
    if values.class(encoder).as_deref() != Some(ENCODER) {
        return Err(fault(encoder));
    }
    let categories = values.required(encoder, "categories_")?;
    Ok(values.sequence(categories).ok_or_else(|| fault(categories))?.to_vec())
}
