//! Gradient boosting: what a simple first estimator says, and each tree's answer times the learning rate, added in their order.

use wardian_kernels::exp64::exp;
use wardian_kernels::log64::log1p;

use super::logarithm::log;
use super::tree::Tree;
use super::{Decision, Estimator, Parts, SEVERAL_SUMS, Task};
use crate::error::{Result, invalid, quoted, unsupported};
use crate::finish::Finish;
use crate::import::pickle::{Array, Id};
use crate::link::{Link, OtherLink, numpy_sum};

/// Reads one.
pub(super) fn read(estimator: &Estimator, task: Task) -> Result<Parts> {
    let loss = Loss::of(estimator, task)?;
    let outputs = loss.outputs();
    let rate = estimator.number("learning_rate")?;
    let members = estimator.array("estimators_")?;
    if members.shape.get(1) != Some(&outputs) || members.shape.len() != 2 {
        return Err(invalid(format_args!(
            "estimators_ is of shape {:?}, and {outputs} outputs are due",
            members.shape
        )));
    }
    let members = members.objects().ok_or_else(|| invalid(format_args!("estimators_ has no trees")))?;
    estimator.once(&members)?;
    let mut trees = Vec::with_capacity(members.len());
    for (index, &member) in members.iter().enumerate() {
        let tree = Tree::of(estimator.values, member, estimator.feature_count).and_then(|tree| {
            if (tree.outputs, tree.width) != (1, 1) {
                return Err(invalid(format_args!("its values are not of one number each")));
            }
            // The rate times the answer is rounded before it is added.
            tree.source((index % outputs) as u32, 1, |answer, out| {
                out.extend(answer.iter().map(|answer| rate * answer))
            })
        });
        trees.push(tree.map_err(|error| error.at(format_args!("tree {index}")))?);
    }
    let mut notes = Vec::new();
    if let Loss::Multinomial(_) = loss {
        notes.extend(estimator.version.note_before(4));
    }
    Ok(Parts {
        trees,
        leaf_width: 1,
        base_margins: first(estimator, loss, &mut notes).map_err(|error| error.at(format_args!("init_")))?,
        finish: Finish { slope: if loss == Loss::Exponential { 2.0 } else { 1.0 }, ..Finish::PLAIN },
        link: loss.link(),
        inputs: Vec::new(),
        categories: Vec::new(),
        takes_missing: false,
        notes,
        steps: Vec::new(),
        decision: Decision::Margins,
    })
}

/// What was minimised, as far as it makes answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Loss {
    /// Of a regressor: whichever it is, answers are margins.
    Plain,
    Binomial,
    Exponential,
    /// Of so many classes.
    Multinomial(usize),
}

impl Loss {
    fn of(estimator: &Estimator, task: Task) -> Result<Self> {
        let name = estimator.text("loss")?;
        match (task, name) {
            (Task::Regression, "squared_error" | "absolute_error" | "huber" | "quantile" | "ls" | "lad") => {
                Ok(Self::Plain)
            }
            (Task::Classification, "log_loss" | "deviance") => Ok(match estimator.class_count()? {
                2 => Self::Binomial,
                count => Self::Multinomial(count),
            }),
            (Task::Classification, "exponential") if estimator.class_count()? == 2 => Ok(Self::Exponential),
            _ => Err(unsupported(format_args!("the loss {} is not supported", quoted(name)))),
        }
    }

    fn outputs(self) -> usize {
        match self {
            Self::Multinomial(count) => count,
            _ => 1,
        }
    }

    fn link(self) -> Link {
        match self {
            Self::Plain => Link::Identity,
            Self::Binomial | Self::Exponential => Link::Logistic,
            Self::Multinomial(SEVERAL_SUMS..) => Link::Other(OtherLink::SklearnSoftmax),
            Self::Multinomial(_) => Link::Softmax,
        }
    }
}

/// The margins that the trees are added to.
fn first(estimator: &Estimator, loss: Loss, notes: &mut Vec<String>) -> Result<Vec<f64>> {
    const CLASSIFIER: &str = "sklearn.dummy.DummyClassifier";
    const REGRESSOR: &str = "sklearn.dummy.DummyRegressor";
    let values = estimator.values;
    let init = estimator.required("init_")?;
    if values.text(init) == Some("zero") {
        return Ok(vec![0.0; loss.outputs()]);
    }
    let class = values.class(init);
    match (class.as_deref(), loss) {
        (Some(REGRESSOR), Loss::Plain) => {
            let constant = numbers(estimator, init, "constant_")?;
            match *constant {
                [constant] if constant.is_finite() => Ok(vec![constant]),
                _ => Err(invalid(format_args!("constant_ is not one number"))),
            }
        }
        (Some(CLASSIFIER), _) if loss != Loss::Plain => {
            let strategy = values.attribute(init, "strategy")?.and_then(|strategy| values.text(strategy));
            if strategy != Some("prior") {
                return Err(unsupported(format_args!(
                    "the first estimator answers by the strategy {}; only \"prior\" is read",
                    quoted(strategy.unwrap_or_default())
                )));
            }
            let shares = numbers(estimator, init, "class_prior_")?;
            let due = if let Loss::Multinomial(count) = loss { count } else { 2 };
            if shares.len() != due || !shares.iter().all(|share| (0.0..=1.0).contains(share)) {
                return Err(invalid(format_args!("class_prior_ is not {due} shares")));
            }
            Ok(of_shares(estimator, loss, &shares, notes))
        }
        _ => Err(unsupported(format_args!(
            "boosting begins with {}, an estimator of its own, and only the one that scikit-learn takes by itself is read (init=None \
             or \"zero\")",
            values.described(init)
        ))),
    }
}

fn numbers(estimator: &Estimator, owner: Id, name: &str) -> Result<Vec<f64>> {
    let values = estimator.values;
    let numbers = Array::of(values, values.required(owner, name)?)?.and_then(|array| array.numbers());
    numbers.ok_or_else(|| invalid(format_args!("{name} is no array of numbers")))
}

/// Margins of the classes' shares. Before 1.4 logarithms of them; since then the inverse of what makes probabilities of margins.
fn of_shares(estimator: &Estimator, loss: Loss, shares: &[f64], notes: &mut Vec<String>) -> Vec<f64> {
    let version = estimator.version;
    // How far from 0 and 1 shares are kept.
    let gap = if version.is_from(8) { f64::EPSILON } else { f64::from(f32::EPSILON) };
    let shares: Vec<f64> = shares.iter().map(|share| share.clamp(gap, 1.0 - gap)).collect();
    let is_link = version.is_from(4);
    match loss {
        Loss::Plain => Vec::new(),
        Loss::Multinomial(_) if !is_link => shares.iter().map(|&share| log(share)).collect(),
        Loss::Multinomial(count) => {
            let logarithms: Vec<f64> = shares.iter().map(|&share| log(share)).collect();
            let middle = exp(numpy_sum(&logarithms) / count as f64);
            shares.iter().map(|share| log(share / middle)).collect()
        }
        Loss::Binomial | Loss::Exponential => {
            let share = shares[1];
            let plain = log(share / (1.0 - share));
            let precise = logit(share);
            let is_precise = version.is_from(6);
            if is_link && plain.to_bits() != precise.to_bits() {
                notes.push(format!(
                    "where the trees begin depends on the SciPy that scikit-learn runs with: margins are those of SciPy {}",
                    if is_precise { "1.15 and later" } else { "before 1.15" }
                ));
            }
            let margin = if is_link && is_precise { precise } else { plain };
            vec![if loss == Loss::Exponential { 0.5 * margin } else { margin }]
        }
    }
}

/// The logarithm of a share over the rest, as SciPy computes it since 1.15.
fn logit(share: f64) -> f64 {
    if !(0.3..=0.65).contains(&share) {
        return log(share / (1.0 - share));
    }
    let twice = 2.0 * (share - 0.5);
    log1p(twice) - log1p(-twice)
}
