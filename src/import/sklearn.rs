//! scikit-learn's estimators of trees, out of pickles.
//!
//! What each estimator adds up, and in which order, is in its file. What differs between versions is in `version.rs`. An
//! estimator that is not here, and an option of one that changes its answers in a way that was never compared, is refused by
//! name.

mod boosting;
mod categories;
mod forest;
mod histogram;
mod logarithm;
mod tree;
mod version;

use self::version::Version;
use super::Options;
use super::draft::Draft;
use super::pickle::{Array, Id, Values};
use super::source::{Frame, SourceTree};
use crate::error::{Error, Result, invalid, shown, unsupported};
use crate::finish::Finish;
use crate::forest::{Base, MAX_OUTPUTS};
use crate::link::Link;
use crate::narrowing::Input;
use crate::numbers::Precision;
use crate::schema::{Feature, MAX_FEATURES, Schema};

/// What an estimator answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    Classification,
    Regression,
}

/// The note of an estimator that answers no row in which a value is missing.
pub(super) const REFUSES_MISSING: &str = "scikit-learn refuses rows in which a value is missing for this estimator: here such a value takes \
    the side that its tree's code would give it, and the row is warned of";

/// What an importer of one kind of estimator hands on.
struct Parts {
    trees: Vec<SourceTree>,
    /// How many numbers a leaf has.
    leaf_width: usize,
    base_margins: Vec<f64>,
    finish: Finish,
    link: Link,
    inputs: Vec<Input>,
    /// The names of each feature's categories; none where no feature has any.
    categories: Vec<Vec<String>>,
    /// Whether the estimator answers rows in which a value is missing.
    takes_missing: bool,
    notes: Vec<String>,
}

/// An estimator, and what all of them have.
struct Estimator<'p, 'a> {
    values: &'p Values<'a>,
    id: Id,
    version: Version,
    feature_count: usize,
}

/// Reads an estimator.
///
/// # Errors
/// `unsupported_model` for one that is not evaluated, by its class; `invalid_model` for what contradicts itself.
pub(super) fn read(values: &Values, id: Id, options: &Options) -> Result<Draft> {
    use Task::{Classification, Regression};
    let class = values.class(id).unwrap_or_default();
    let name = class.rsplit('.').next().unwrap_or_default();
    let read: fn(&Estimator, Task) -> Result<Parts> = match name {
        "DecisionTreeClassifier" | "DecisionTreeRegressor" | "ExtraTreeClassifier" | "ExtraTreeRegressor" => {
            forest::tree
        }
        "RandomForestClassifier" | "RandomForestRegressor" | "ExtraTreesClassifier" | "ExtraTreesRegressor" => {
            forest::forest
        }
        "GradientBoostingClassifier" | "GradientBoostingRegressor" => boosting::read,
        "HistGradientBoostingClassifier" | "HistGradientBoostingRegressor" => histogram::read,
        _ => return Err(refused(name, &class)),
    };
    let task = if name.ends_with("Classifier") { Classification } else { Regression };
    let at = |error: Error| error.at(format_args!("{name}"));
    let estimator = Estimator::of(values, id).map_err(at)?;
    let parts = read(&estimator, task).map_err(at)?;
    let classes = match task {
        Classification => estimator.classes().map_err(at)?,
        Regression => Vec::new(),
    };
    model(&estimator, parts, classes, options)
}

fn model(estimator: &Estimator, parts: Parts, classes: Vec<String>, options: &Options) -> Result<Draft> {
    let names = estimator.feature_names()?;
    let missing = options.missing.filter(|missing| !missing.is_nan());
    let mut categories = parts.categories.into_iter();
    let features = names
        .into_iter()
        .map(|name| Feature {
            categories: categories.next().unwrap_or_default(),
            missing_codes: missing.into_iter().collect(),
            may_be_missing: parts.takes_missing,
            ..Feature::named(name)
        })
        .collect();
    let mut schema = Schema::new("", "", "", features)?;
    let mut notes: Vec<String> = estimator.version.note().into_iter().collect();
    match schema.clone().with_classes(classes) {
        Ok(named) => schema = named,
        Err(error) => notes.push(format!("the classes have no names: {error}")),
    }
    if !parts.takes_missing {
        notes.push(String::from(REFUSES_MISSING));
    }
    notes.extend(parts.notes);
    let frame = Frame {
        feature_count: estimator.feature_count,
        leaf_width: parts.leaf_width,
        precision: Precision::Double,
        base_margins: parts.base_margins,
        base: Base::First,
        finish: parts.finish,
        link: parts.link,
        inputs: parts.inputs,
    };
    Ok(Draft { trees: parts.trees, frame, schema, notes })
}

/// Why an estimator is not read, and what to do.
fn refused(name: &str, class: &str) -> Error {
    let what = match name {
        "Pipeline" => "it is within another model; save it by itself",
        "ColumnTransformer" => "it is no model; save the pipeline that it is in",
        "GridSearchCV" | "RandomizedSearchCV" | "HalvingGridSearchCV" | "HalvingRandomSearchCV" => {
            "save what it found: search.best_estimator_"
        }
        _ => {
            "of scikit-learn, decision trees, random forests, extra trees, gradient boosting and histogram gradient boosting are \
             read"
        }
    };
    unsupported(format_args!("{} is not supported: {what}", shown(class)))
}

impl<'p, 'a> Estimator<'p, 'a> {
    fn of(values: &'p Values<'a>, id: Id) -> Result<Self> {
        let version = values.attribute(id, "_sklearn_version")?.and_then(|version| values.text(version));
        let version = Version::of(version)?;
        let fitted = values.attribute(id, "n_features_in_")?;
        let Some(fitted) = fitted else {
            return Err(invalid(format_args!("it was never fitted: it has no n_features_in_")));
        };
        let feature_count = values.integer(fitted).and_then(|count| usize::try_from(count).ok());
        match feature_count {
            Some(feature_count @ 1..=MAX_FEATURES) => Ok(Self { values, id, version, feature_count }),
            _ => Err(invalid(format_args!(
                "n_features_in_ is {}; a model has 1 to {MAX_FEATURES} features",
                values.described(fitted)
            ))),
        }
    }

    /// An attribute that it must have.
    fn required(&self, name: &str) -> Result<Id> {
        self.values.required(self.id, name)
    }

    /// An attribute that it must have, and that must be an array.
    fn array(&self, name: &str) -> Result<Array<'_>> {
        let id = self.required(name)?;
        let array = Array::of(self.values, id).map_err(|error| error.at(format_args!("{name}")))?;
        array.ok_or_else(|| invalid(format_args!("{name} is {}, not an array", self.values.described(id))))
    }

    /// An attribute that must be a text.
    fn text(&self, name: &str) -> Result<&str> {
        let id = self.required(name)?;
        match self.values.text(id) {
            Some(text) => Ok(text),
            None => Err(unsupported(format_args!("{name} is {}, not a name", self.values.described(id)))),
        }
    }

    /// An attribute that must be a number.
    fn number(&self, name: &str) -> Result<f64> {
        let id = self.required(name)?;
        let number = self.values.number(id);
        number.ok_or_else(|| invalid(format_args!("{name} is {}, not a number", self.values.described(id))))
    }

    /// The features' names; invented ones where it was fitted to an array.
    fn feature_names(&self) -> Result<Vec<String>> {
        if self.values.attribute(self.id, "feature_names_in_")?.is_none() {
            return Ok(Schema::invented_names(self.feature_count));
        }
        let names = self.array("feature_names_in_")?.names(self.values);
        let names = names.ok_or_else(|| invalid(format_args!("feature_names_in_ has what is no name")))?;
        if names.len() != self.feature_count {
            return Err(invalid(format_args!(
                "feature_names_in_ has {} names; n_features_in_ is {}",
                names.len(),
                self.feature_count
            )));
        }
        Ok(names)
    }

    /// The names of the classes.
    fn classes(&self) -> Result<Vec<String>> {
        let id = self.required("classes_")?;
        if self.values.sequence(id).is_some() {
            return Err(unsupported(format_args!(
                "a classifier of several outputs is not supported: train one for each output"
            )));
        }
        let names = self.array("classes_")?.names(self.values);
        names.ok_or_else(|| unsupported(format_args!("classes_ has what is neither text nor number")))
    }

    /// How many classes there are: two at least.
    fn class_count(&self) -> Result<usize> {
        match self.classes()?.len() {
            count @ 2..=MAX_OUTPUTS => Ok(count),
            1 => Err(unsupported(format_args!("it was trained with one class only: there is nothing to tell apart"))),
            count => Err(invalid(format_args!("it has {count} classes; a model has 2 to {MAX_OUTPUTS}"))),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
