//! What a file says of how its model was trained: what for, and what the classes are called.

use serde::Deserialize;

use super::loss::{Answer, Loss};
use crate::error::{Result, invalid, shown, unsupported};
use crate::number;

/// What is looked at of a model's information; in a `.cbm` each is JSON in a text.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Information {
    pub(super) params: Option<Params>,
    pub(super) class_params: Option<ClassParams>,
    /// What it was called before 0.20.
    pub(super) multiclass_params: Option<ClassParams>,
    /// What a sum of models has in the place of `params`: JSON in a text in both formats.
    pub(super) loss_function: Option<String>,
}

/// The parameters of a training, of which few matter.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Params {
    loss_function: Option<LossFunction>,
    data_processing_options: Option<DataProcessing>,
}

#[derive(Deserialize)]
struct LossFunction {
    #[serde(rename = "type")]
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DataProcessing {
    class_names: Vec<Label>,
}

/// How labels were made classes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ClassParams {
    class_names: Vec<Label>,
    class_to_label: Vec<f64>,
    classes_count: usize,
}

/// A class as the training data calls it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Truth(bool),
    Whole(i64),
    Number(f64),
    Text(String),
}

impl Label {
    /// As Python writes it.
    fn text(&self) -> String {
        match self {
            Self::Truth(true) => "True".to_owned(),
            Self::Truth(false) => "False".to_owned(),
            Self::Whole(whole) => whole.to_string(),
            Self::Number(number) => number::shown(*number),
            Self::Text(text) => text.clone(),
        }
    }
}

/// The JSON in a text of a `.cbm`'s information.
pub(super) fn parsed<'de, T: Deserialize<'de>>(key: &str, text: &'de str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| invalid(format_args!("{}", shown(&error.to_string()))).at(format_args!("information {key}")))
}

impl Information {
    /// What the model was trained for, if the file says so.
    pub(super) fn loss(&self) -> Result<Option<Loss>> {
        let stated = self.params.as_ref().and_then(|params| params.loss_function.as_ref());
        if let Some(stated) = stated {
            return Loss::named(&stated.name).map(Some);
        }
        let Some(text) = &self.loss_function else { return Ok(None) };
        Loss::named(&parsed::<LossFunction>("loss_function", text)?.name).map(Some)
    }

    /// The names of the classes of a model of so many outputs; empty if it has none, or they are unknown.
    ///
    /// # Errors
    /// `unsupported_model` where some classes have no output: CatBoost answers for those too.
    pub(super) fn classes(&self, loss: Loss, outputs: usize) -> Result<Vec<String>> {
        let wanted = match loss.answer() {
            Answer::Probability if outputs == 1 => 2,
            Answer::Probability | Answer::Softmax => outputs,
            _ => return Ok(Vec::new()),
        };
        let numbered = |count| (0..count).map(|class: usize| class.to_string()).collect::<Vec<_>>();
        let params = self.class_params.as_ref().or(self.multiclass_params.as_ref());
        let (names, are_given) = match params {
            Some(params) if !params.class_names.is_empty() => (texts(&params.class_names), true),
            Some(params) if params.classes_count > wanted => (vec![String::new(); wanted + 1], true),
            Some(params) if params.classes_count > 0 => (numbered(params.classes_count), true),
            Some(params) => (params.class_to_label.iter().map(|&label| Label::Number(label).text()).collect(), false),
            None => {
                let options = self.params.as_ref().and_then(|params| params.data_processing_options.as_ref());
                (options.map_or_else(Vec::new, |options| texts(&options.class_names)), false)
            }
        };
        // CatBoost too counts classes that have no names.
        let names = if names.is_empty() { numbered(wanted) } else { names };
        let order = params.filter(|_| are_given && outputs > 1).map_or(&[][..], |params| &params.class_to_label);
        let is_plain = order.iter().enumerate().all(|(output, &label)| label == output as f64);
        if names.len() > wanted && outputs > 1 || !is_plain {
            return Err(unsupported(format_args!(
                "the model has outputs for some of its classes only, as the others were not in the training data: not supported; train \
                 without class_names and classes_count"
            )));
        }
        if names.len() != wanted {
            return Err(invalid(format_args!("it names {} classes, for {outputs} outputs", names.len())));
        }
        Ok(names)
    }
}

fn texts(labels: &[Label]) -> Vec<String> {
    labels.iter().map(Label::text).collect()
}
