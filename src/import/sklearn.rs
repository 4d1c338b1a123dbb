//! scikit-learn's estimators of trees, out of pickles.
//!
//! What each estimator adds up, and in which order, is in its file. What differs between versions is in `version.rs`. An
//! estimator that is not here, and an option of one that changes its answers in a way that was never compared, is refused by
//! name.

mod adaptive;
mod bagging;
mod boosting;
mod calibrated;
mod categories;
mod ensemble;
mod forest;
mod histogram;
mod isolation;
mod logarithm;
mod tree;
mod version;
mod voting;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use self::version::Version;
use super::draft::{Draft, Labels};
use super::pickle::{Array, Id, Values};
use super::pickled::unfitted;
use super::source::{Frame, SourceTree};
use super::{Options, Origin};
use crate::combination::Step;
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
    /// What makes answers of the sums, where finish and link do not.
    steps: Vec<Step>,
    /// What its `decision_function` is.
    decision: Decision,
}

/// What an estimator's `decision_function` is: what calibration asks for where there is one.
enum Decision {
    /// It has none.
    None,
    /// The sums.
    Margins,
    /// What these steps make of them.
    Steps(Vec<Step>),
    /// It has one, and it is not read.
    Other,
}

/// From so many numbers on numpy adds in several sums at once, where they are stored one after another.
const SEVERAL_SUMS: usize = 8;

/// What a user should know whose numpy computes other last bits than the C library, as `what` says.
fn note_of_avx_512(what: &str) -> String {
    format!(
        "{what} are those of the C library: on processors with AVX-512 numpy has others in the last bits, unless that is switched off \
         (NPY_DISABLE_CPU_FEATURES)"
    )
}

/// An estimator, and what all of them have.
struct Estimator<'p, 'a> {
    values: &'p Values<'a>,
    id: Id,
    version: Version,
    feature_count: usize,
    /// The trees and members that were read already, of all estimators of the file.
    seen: &'p RefCell<HashSet<Id>>,
    /// How many estimators it is within.
    depth: usize,
}

/// How deep estimators may be within others: a forest in a calibration in a vote has two about it.
const MOST_DEPTH: usize = 4;

/// Reads an estimator.
///
/// # Errors
/// `unsupported_model` for one that is not evaluated, by its class; `invalid_model` for what contradicts itself.
pub(super) fn read(values: &Values, id: Id, options: &Options) -> Result<Draft> {
    let class = values.class(id).unwrap_or_default();
    let name = name_of(&class);
    let read = reader(&class)?;
    let at = |error: Error| error.at(format_args!("{name}"));
    let seen = RefCell::default();
    let estimator = Estimator::of(values, id, &seen, 0).map_err(at)?;
    let task = task(name);
    let parts = read(&estimator, task).map_err(at)?;
    let classes = match task {
        Task::Classification => estimator.classes().map_err(at)?,
        Task::Regression => Labels::default(),
    };
    let said = values.attribute(id, "_sklearn_version")?.and_then(|version| values.text(version));
    let origin = Origin::new("scikit-learn", said.unwrap_or_default(), name);
    model(&estimator, parts, classes, origin, options)
}

/// The places of some classes among all; `None` if one is not there.
fn places(all: &[String], some: &[String]) -> Option<Vec<usize>> {
    let places: HashMap<&String, usize> = all.iter().zip(0..).collect();
    some.iter().map(|name| places.get(name).copied()).collect()
}

/// The name of a class without its module.
fn name_of(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or_default()
}

fn task(name: &str) -> Task {
    if name.ends_with("Classifier") || name == "CalibratedClassifierCV" {
        Task::Classification
    } else {
        Task::Regression
    }
}

/// Whether estimators of a class are read.
pub(super) fn is_read(class: &str) -> bool {
    class.starts_with("sklearn.") && reader(class).is_ok()
}

/// What reads an estimator of a class.
fn reader(class: &str) -> Result<fn(&Estimator, Task) -> Result<Parts>> {
    Ok(match name_of(class) {
        "DecisionTreeClassifier" | "DecisionTreeRegressor" | "ExtraTreeClassifier" | "ExtraTreeRegressor" => {
            forest::tree
        }
        "RandomForestClassifier" | "RandomForestRegressor" | "ExtraTreesClassifier" | "ExtraTreesRegressor" => {
            forest::forest
        }
        "GradientBoostingClassifier" | "GradientBoostingRegressor" => boosting::read,
        "HistGradientBoostingClassifier" | "HistGradientBoostingRegressor" => histogram::read,
        "AdaBoostClassifier" => adaptive::classifier,
        "AdaBoostRegressor" => adaptive::regressor,
        "IsolationForest" => isolation::read,
        "BaggingClassifier" | "BaggingRegressor" => bagging::read,
        "VotingClassifier" | "VotingRegressor" => voting::read,
        "CalibratedClassifierCV" => calibrated::read,
        name => return Err(refused(name, class)),
    })
}

fn model(estimator: &Estimator, parts: Parts, classes: Labels, origin: Origin, options: &Options) -> Result<Draft> {
    let names = estimator.feature_names()?;
    let missing = options.missing.filter(|missing| !missing.is_nan());
    let features = names
        .into_iter()
        .zip(parts.categories.into_iter().chain(std::iter::repeat(Vec::new())))
        .map(|(name, categories)| Feature {
            // The estimator's own encoder makes a missing value of what it never saw.
            takes_unseen: !categories.is_empty(),
            categories,
            missing_codes: missing.into_iter().collect(),
            may_be_missing: parts.takes_missing,
            ..Feature::named(name)
        })
        .collect();
    let mut schema = Schema::new("", "", "", features)?;
    let mut notes: Vec<String> = estimator.version.note().into_iter().collect();
    match classes.name(schema.clone()) {
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
        steps: parts.steps,
    };
    Ok(Draft { trees: parts.trees, frame, schema, notes, origin })
}

/// Why an estimator is not read, and what to do.
fn refused(name: &str, class: &str) -> Error {
    let what = match name {
        "Pipeline" => "it is within another model; save it by itself, or make that model the pipeline's last step",
        "ColumnTransformer" => "it is no model; save the pipeline that it is in",
        "GridSearchCV" | "RandomizedSearchCV" | "HalvingGridSearchCV" | "HalvingRandomSearchCV" => {
            "save what it found: search.best_estimator_"
        }
        "StackingClassifier" | "StackingRegressor" => {
            "save its members (stack.estimators_) by themselves, and give what they answer to the last step yourself"
        }
        _ => {
            "of scikit-learn, decision trees, random forests, extra trees, gradient boosting, histogram gradient boosting, adaptive \
             boosting, isolation forests, and bagging, voting and calibration of these are read"
        }
    };
    unsupported(format_args!("{} is not supported: {what}", shown(class)))
}

impl<'p, 'a> Estimator<'p, 'a> {
    fn of(values: &'p Values<'a>, id: Id, seen: &'p RefCell<HashSet<Id>>, depth: usize) -> Result<Self> {
        if depth > MOST_DEPTH {
            return Err(unsupported(format_args!("estimators within estimators are read to a depth of {MOST_DEPTH}")));
        }
        let version = values.attribute(id, "_sklearn_version")?.and_then(|version| values.text(version));
        let version = Version::of(version)?;
        let fitted = match values.attribute(id, "n_features_in_")? {
            // Votes ask their first member.
            None => match values.attribute(id, "estimators_")?.and_then(|members| values.sequence(members)?.first()) {
                Some(&first) if values.class(id).is_some_and(|class| name_of(&class).starts_with("Voting")) => {
                    return Ok(Self { id, version, ..Self::of(values, first, seen, depth + 1)? }.at(depth));
                }
                _ => None,
            },
            fitted => fitted,
        };
        let Some(fitted) = fitted else {
            let class = values.class(id).unwrap_or_default();
            // It asks its first step.
            return Err(match name_of(&class) {
                "Pipeline" => refused("Pipeline", &class),
                _ => unfitted("", "n_features_in_"),
            });
        };
        let feature_count = values.integer(fitted).and_then(|count| usize::try_from(count).ok());
        match feature_count {
            Some(feature_count @ 1..=MAX_FEATURES) => Ok(Self { values, id, version, feature_count, seen, depth }),
            _ => Err(invalid(format_args!(
                "n_features_in_ is {}; a model has 1 to {MAX_FEATURES} features",
                values.described(fitted)
            ))),
        }
    }

    fn at(self, depth: usize) -> Self {
        Self { depth, ..self }
    }

    /// An estimator within this one, which is read as if it were by itself.
    fn member(&self, id: Id) -> Result<(Estimator<'p, 'a>, Parts, Task)> {
        let class = self.values.class(id).unwrap_or_default();
        if class.is_empty() {
            return Err(invalid(format_args!("it is {}, not an estimator", self.values.described(id))));
        }
        if !class.starts_with("sklearn.") {
            return Err(unsupported(format_args!(
                "{} within an estimator of scikit-learn's is not read: save it by itself",
                shown(&class)
            )));
        }
        let read = reader(&class)?;
        let name = name_of(&class);
        let at = |error: Error| error.at(format_args!("{name}"));
        let member = Estimator::of(self.values, id, self.seen, self.depth + 1).map_err(at)?;
        let task = task(name);
        let parts = read(&member, task).map_err(at)?;
        Ok((member, parts, task))
    }

    /// That none of these was read before: a few bytes could stand for any number of trees.
    fn once(&self, members: &[Id]) -> Result<()> {
        let mut seen = self.seen.borrow_mut();
        match members.iter().position(|member| !seen.insert(*member)) {
            Some(index) => {
                Err(unsupported(format_args!("tree {index} is an earlier one again, as no training makes them")))
            }
            None => Ok(()),
        }
    }

    /// The members of a list of estimators, each there once.
    fn members(&self, name: &str) -> Result<&'p [Id]> {
        let list = self.required(name)?;
        let members = self.values.sequence(list).filter(|members| !members.is_empty());
        let members = members.ok_or_else(|| invalid(format_args!("{name} is no list of estimators")))?;
        self.once(members)?;
        Ok(members)
    }

    /// The numbers of an attribute that is an array, a list or a tuple of them.
    fn numbers(&self, name: &str) -> Result<Vec<f64>> {
        let id = self.required(name)?;
        let numbers = match self.values.sequence(id) {
            Some(items) => items.iter().map(|&item| self.values.number(item)).collect(),
            None => Array::of(self.values, id)?.and_then(|array| array.numbers()),
        };
        numbers.ok_or_else(|| invalid(format_args!("{name} is {}, not numbers", self.values.described(id))))
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
    fn classes(&self) -> Result<Labels> {
        let id = self.required("classes_")?;
        if self.values.sequence(id).is_some() {
            return Err(unsupported(format_args!(
                "a classifier of several outputs is not supported: train one for each output"
            )));
        }
        let labels = self.array("classes_")?.labels(self.values);
        labels.ok_or_else(|| unsupported(format_args!("classes_ has what is neither text nor number")))
    }

    /// How many classes there are: two at least.
    fn class_count(&self) -> Result<usize> {
        match self.classes()?.names.len() {
            count @ 2..=MAX_OUTPUTS => Ok(count),
            1 => Err(unsupported(format_args!("it was trained with one class only: there is nothing to tell apart"))),
            count => Err(invalid(format_args!("it has {count} classes; a model has 2 to {MAX_OUTPUTS}"))),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
