//! What an answer is, where the case does not say: from what the model was trained for, or from its link.

use super::file::Kind;
use super::read::wrong;
use crate::error::Result;
use crate::import::Origin;
use crate::link::{Link, OtherLink};
use crate::model::Model;

/// The kind of a model's answers.
pub(super) fn kind_of(model: &Model, origin: &Origin) -> Kind {
    let count = model.prediction_count();
    let named = by_objective(origin);
    let is_several = count > 1;
    let kind = match (named, is_several) {
        // Several outputs of what is one number each.
        (Some(Kind::Classes), _) => Kind::Classes,
        (Some(Kind::Risk), true) if is_distribution(model) => Kind::Classes,
        (Some(_), true) => Kind::Targets,
        (Some(kind), false) => kind,
        (None, _) => by_link(model),
    };
    if fits(kind, model) { kind } else { by_link(model) }
}

/// By the trainer's word for what it was trained for.
fn by_objective(origin: &Origin) -> Option<Kind> {
    let objective = origin.objective.split_ascii_whitespace().next()?;
    Some(match (&*origin.trainer, objective) {
        ("XGBoost", "binary:logitraw") => Kind::Score,
        ("XGBoost", "binary:logistic" | "binary:hinge") => Kind::Risk,
        ("XGBoost", "multi:softprob" | "multi:softmax") => Kind::Classes,
        ("XGBoost", "count:poisson") => Kind::Count,
        ("XGBoost", "survival:cox") => Kind::Hazard,
        ("XGBoost", "survival:aft") => Kind::Time,
        ("XGBoost", other) if other.starts_with("rank:") => Kind::Score,
        ("XGBoost", other) if other.starts_with("reg:") => Kind::Number,
        ("LightGBM", "binary" | "cross_entropy" | "xentropy") => Kind::Risk,
        ("LightGBM", "multiclass" | "multiclassova") => Kind::Classes,
        ("LightGBM", "poisson") => Kind::Count,
        ("LightGBM", "lambdarank" | "rank_xendcg") => Kind::Score,
        ("LightGBM", _) => Kind::Number,
        ("CatBoost", "Logloss" | "CrossEntropy" | "Focal") => Kind::Risk,
        ("CatBoost", "MultiClass" | "MultiClassOneVsAll") => Kind::Classes,
        ("CatBoost", "Poisson") => Kind::Count,
        ("CatBoost", "Cox") => Kind::Hazard,
        ("CatBoost", "SurvivalAft") => Kind::Time,
        (
            "CatBoost",
            "PairLogit" | "PairLogitPairwise" | "YetiRank" | "YetiRankPairwise" | "QueryRMSE" | "QuerySoftMax"
            | "LambdaMart" | "StochasticRank" | "StochasticFilter",
        ) => Kind::Score,
        ("CatBoost", other) if other.starts_with("Multi") => Kind::Targets,
        ("CatBoost", _) => Kind::Number,
        ("scikit-learn", "IsolationForest") => Kind::Score,
        ("scikit-learn", other) if other.ends_with("Classifier") || other == "CalibratedClassifierCV" => Kind::Risk,
        ("scikit-learn", _) => Kind::Number,
        ("ONNX", "classifier") => Kind::Risk,
        _ => return None,
    })
}

/// Whether a row's predictions are a share for each class.
fn is_distribution(model: &Model) -> bool {
    let classes = model.schema().classes().len();
    classes == model.prediction_count() || is_softmax(model.forest().link())
}

fn is_softmax(link: Link) -> bool {
    use OtherLink::{CatboostSoftmax, OnnxSoftmax, SklearnSoftmax};
    matches!(link, Link::Softmax | Link::Class | Link::Other(CatboostSoftmax | OnnxSoftmax | SklearnSoftmax))
}

fn by_link(model: &Model) -> Kind {
    let (link, count) = (model.forest().link(), model.prediction_count());
    let classes = model.schema().classes().len();
    if is_softmax(link) && (count > 1 || link == Link::Class) || count > 1 && classes == count {
        return Kind::Classes;
    }
    if count > 1 {
        return Kind::Targets;
    }
    match link {
        Link::Logistic | Link::UncappedLogistic | Link::Hinge | Link::Other(OtherLink::OnnxLogistic) => Kind::Risk,
        // Whose answer is a probability, whatever comes before it.
        _ if classes == 2 => Kind::Risk,
        Link::Other(OtherLink::Isolation) => Kind::Score,
        _ => Kind::Number,
    }
}

/// Whether a model has such answers.
fn fits(kind: Kind, model: &Model) -> bool {
    let is_class = model.forest().link() == Link::Class;
    match kind {
        Kind::Classes => model.prediction_count() > 1 || is_class,
        Kind::Targets => model.prediction_count() > 1,
        _ => model.prediction_count() == 1,
    }
}

/// Checks that a model has answers of the kind that its case says.
pub(super) fn check(kind: Kind, model: &Model) -> Result<()> {
    if fits(kind, model) {
        return Ok(());
    }
    let count = model.prediction_count();
    let answers = if count == 1 { "one number a row".to_owned() } else { format!("{count} numbers a row") };
    Err(wrong("kind", format!("it is {}, and the model answers {answers}", kind.as_str())))
}
