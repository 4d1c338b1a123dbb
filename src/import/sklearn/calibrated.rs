//! Calibrated classifiers: curves over what other classifiers decide, and the mean of several of these.

use std::collections::HashMap;

use super::bagging::scattered;
use super::ensemble::{Answer, Joined, Member};
use super::{Decision, Estimator, Id, Parts, Task, name_of, places};
use crate::combination::Step;
use crate::error::{Result, invalid, quoted, unsupported};
use crate::import::pickle::Array;

/// The curves of one member.
struct Curves {
    /// Which of the joined estimators they are of.
    estimator: usize,
    /// The classes that it knows, by their places among all.
    classes: Vec<usize>,
    /// One for each class; of two classes one, for the second.
    curves: Vec<Curve>,
}

/// A curve: what becomes of a number.
enum Curve {
    Sigmoid { slope: f64, offset: f64 },
    Isotonic { places: Vec<f64>, values: Vec<f64> },
}

/// Reads one.
pub(super) fn read(estimator: &Estimator, _: Task) -> Result<Parts> {
    let values = estimator.values;
    let count = estimator.class_count()?;
    let names = estimator.classes()?.names;
    let ids = estimator.members("calibrated_classifiers_")?;
    // An estimator that was trained before is the same for all.
    let mut known: HashMap<Id, usize> = HashMap::new();
    let (mut members, mut curves) = (Vec::new(), Vec::new());
    for (index, &id) in ids.iter().enumerate() {
        let at = |error: crate::Error| error.at(format_args!("calibrated classifier {index}"));
        let calibrated = calibrated_estimator(estimator, id).map_err(at)?;
        let place = match known.get(&calibrated) {
            Some(&place) => place,
            None => {
                estimator.once(&[calibrated]).map_err(at)?;
                let (member, parts, task) = estimator.member(calibrated).map_err(at)?;
                if task != Task::Classification || member.feature_count != estimator.feature_count {
                    return Err(at(invalid(format_args!("its estimator is no classifier, or has other features"))));
                }
                members.push(Member::of(parts, None, true).map_err(at)?);
                known.insert(calibrated, members.len() - 1);
                members.len() - 1
            }
        };
        let classes = Array::of(values, values.required(calibrated, "classes_")?)?.and_then(|own| own.names(values));
        let classes = classes.and_then(|own| places(&names, &own));
        let classes = classes.filter(|classes| classes.windows(2).all(|pair| pair[0] < pair[1]));
        let classes = classes.ok_or_else(|| at(invalid(format_args!("its estimator has other classes"))))?;
        if classes.len() < count.min(3) {
            return Err(at(unsupported(format_args!(
                "its estimator was trained with {} of {count} classes: train with fewer folds (cv), or more rows of each class",
                classes.len()
            ))));
        }
        let due = if count == 2 { 1 } else { classes.len() };
        let own = calibrators(estimator, id, due).map_err(at)?;
        curves.push(Curves { estimator: place, classes, curves: own });
    }
    let mut joined = Joined::of(estimator.feature_count, members)?;
    let mut answers = Vec::with_capacity(curves.len());
    for (index, curves) in curves.into_iter().enumerate() {
        let answer = calibrate(&mut joined, curves, count);
        answers.push(answer.map_err(|error| error.at(format_args!("calibrated classifier {index}")))?);
    }
    joined.mean(&answers, Vec::new(), ids.len() as f64);
    Ok(joined.parts(Decision::None))
}

/// The estimator that one is of: what is frozen is unpacked.
fn calibrated_estimator(estimator: &Estimator, id: Id) -> Result<Id> {
    const FROZEN: &str = "sklearn.frozen._frozen.FrozenEstimator";
    let values = estimator.values;
    // Before 1.2 by its other name.
    let found = match values.attribute(id, "estimator")? {
        Some(found) => found,
        None => values.required(id, "base_estimator")?,
    };
    match values.class(found).as_deref() {
        Some(FROZEN) => values.required(found, "estimator"),
        _ => Ok(found),
    }
}

fn calibrators(estimator: &Estimator, id: Id, due: usize) -> Result<Vec<Curve>> {
    let values = estimator.values;
    let method = values.attribute(id, "method")?.and_then(|method| values.text(method));
    if let Some(method) = method.filter(|method| !["sigmoid", "isotonic"].contains(method)) {
        return Err(unsupported(format_args!(
            "calibration by method={} is not supported: use \"sigmoid\" or \"isotonic\"",
            quoted(method)
        )));
    }
    let list = values.required(id, "calibrators")?;
    let list = values.sequence(list).filter(|list| list.len() == due);
    let list = list.ok_or_else(|| invalid(format_args!("it has not {due} calibrators, one for each class")))?;
    list.iter().map(|&id| curve(estimator, id)).collect()
}

fn curve(estimator: &Estimator, id: Id) -> Result<Curve> {
    let values = estimator.values;
    let class = values.class(id).unwrap_or_default();
    match name_of(&class) {
        "_SigmoidCalibration" => {
            let number = |name: &str| {
                let number = values.number(values.required(id, name)?).filter(|number| number.is_finite());
                number.ok_or_else(|| invalid(format_args!("{name} is no finite number")))
            };
            Ok(Curve::Sigmoid { slope: number("a_")?, offset: number("b_")? })
        }
        "IsotonicRegression" => {
            let numbers = |name: &str| -> Result<Vec<f64>> {
                let array = Array::of(values, values.required(id, name)?)?;
                // Others are computed with in their own type.
                let numbers = array.filter(Array::is_double).and_then(|array| array.numbers());
                numbers.ok_or_else(|| unsupported(format_args!("{name} is no array of 64-bit floats")))
            };
            let (places, answers) = (numbers("X_thresholds_")?, numbers("y_thresholds_")?);
            let bounds = values.attribute(id, "out_of_bounds")?.and_then(|bounds| values.text(bounds));
            let end = |name: &str| Ok::<_, crate::Error>(values.number(values.required(id, name)?));
            let ends = (end("X_min_")?, end("X_max_")?);
            if bounds != Some("clip") || ends != (places.first().copied(), places.last().copied()) {
                return Err(unsupported(format_args!(
                    "its curve does not end where its thresholds do (out_of_bounds=\"clip\")"
                )));
            }
            Ok(Curve::Isotonic { places, values: answers })
        }
        _ => Err(unsupported(format_args!("the calibrator {} is not read", values.described(id)))),
    }
}

/// The steps of one: a curve for each class, and shares of what they say.
fn calibrate(joined: &mut Joined, curves: Curves, count: usize) -> Result<Answer> {
    let Answer { from, count: numbers } = joined.answers[curves.estimator];
    if numbers as usize != curves.curves.len() {
        return Err(invalid(format_args!(
            "it has {} calibrators for {numbers} numbers that its estimator decides by",
            curves.curves.len()
        )));
    }
    let mut first = None;
    for (place, curve) in curves.curves.into_iter().enumerate() {
        let from = from + place as u32;
        let made = joined.push(match curve {
            Curve::Sigmoid { slope, offset } => Step::Sigmoid { from, slope, offset },
            Curve::Isotonic { places, values } => Step::Isotonic { from, places, values },
        });
        first.get_or_insert(made.from);
    }
    let mut answer = Answer { from: first.unwrap_or_default(), count: numbers };
    if count > 2 {
        if curves.classes.len() < count {
            answer = scattered(joined, answer, &curves.classes, count);
        }
        answer = joined.push(Step::Shares { from: answer.from, count: answer.count });
    }
    Ok(joined.push(Step::Capped { from: answer.from, count: answer.count }))
}
