//! What a file says of how its model was trained: what for, and what the classes are called.

use super::loss::Loss;
use crate::error::{Result, invalid, shown, unsupported};
use crate::import::draft::Labels;
use crate::import::reader::take::{Fill, of_json, record};
use crate::import::reader::{Reader, Token};

record! {
    /// What is looked at of a model's information; in a `.cbm`, and in JSON of old versions, each is JSON in a text.
    pub(super) struct Information {
        pub(super) params: Option<Within<Params>> = None,
        pub(super) class_params: Option<Within<ClassParams>> = None,
        /// What it is called to 0.20.
        pub(super) multiclass_params: Option<Within<ClassParams>> = None,
        /// What a sum of models has in the place of `params`: JSON in a text in both formats.
        pub(super) loss_function: Option<String> = None,
        pub(super) catboost_version_info: Option<String> = None,
        /// From which probability on its `predict` gives the second class.
        pub(super) binclass_probability_threshold: Option<Within<f64>> = None,
    } ["*"]
}

/// An object, or a text that is the JSON of one.
#[derive(Default)]
pub(super) struct Within<T>(pub(super) T);

impl<T: Fill> Fill for Within<T> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        reader.fill_within(&mut self.0)
    }
}

record! {
    /// The parameters of a training, of which few matter.
    pub(super) struct Params {
        loss_function: Option<LossFunction> = None,
        data_processing_options: Option<DataProcessing> = None,
    } ["*"]
}

#[derive(Default)]
struct LossFunction {
    name: String,
}

impl Fill for LossFunction {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        reader.record("struct LossFunction", "type ", "* ", &mut [&mut self.name])
    }
}

record! {
    struct DataProcessing {
        class_names: Vec<Label> = Vec::new(),
    } ["*"]
}

record! {
    /// How labels were made classes.
    pub(super) struct ClassParams {
        class_names: Vec<Label> = Vec::new(),
        class_to_label: Vec<f64> = Vec::new(),
        classes_count: usize = 0,
        class_label_type: Option<String> = None,
    } ["*"]
}

/// A class as the training data calls it.
#[derive(Default)]
enum Label {
    #[default]
    None,
    Truth(bool),
    Whole(i64),
    Number(f64),
    Text(String),
}

impl Fill for Label {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        *self = match reader.token()? {
            Token::Truth(truth) => Self::Truth(truth),
            Token::Whole(whole) => Self::Whole(whole),
            Token::Text(text) => Self::Text(text.into_owned()),
            number => Self::Number(reader.float(&number, "the name of a class")?),
        };
        Ok(())
    }
}

impl Label {
    /// As Python writes it. Of numbers that have fractions, the whole ones lack theirs in the file.
    fn text(&self, have_fractions: bool) -> String {
        match self {
            Self::None => String::new(),
            Self::Truth(true) => "True".to_owned(),
            Self::Truth(false) => "False".to_owned(),
            Self::Whole(whole) if have_fractions => format!("{:?}", *whole as f64),
            Self::Whole(whole) => whole.to_string(),
            Self::Number(number) => format!("{number:?}"),
            Self::Text(text) => text.clone(),
        }
    }
}

/// The JSON in a text of a `.cbm`'s information.
pub(super) fn parsed<T: Fill + Default>(key: &str, text: &str) -> Result<T> {
    of_json(text.as_bytes())
        .map_err(|error| invalid(format_args!("{}", shown(error.message()))).at(format_args!("information {key}")))
}

impl Information {
    /// The version that wrote the file; empty if it does not say.
    pub(super) fn version(&self) -> &str {
        let said = self.catboost_version_info.as_deref().unwrap_or_default();
        let version = said.split_once("tags/v").and_then(|(_, rest)| rest.split_ascii_whitespace().next());
        version.unwrap_or_default()
    }

    /// Refuses a model whose labels begin at another probability than a half: here they do at that.
    ///
    /// # Errors
    /// `unsupported_model` for one.
    pub(super) fn check_threshold(&self) -> Result<()> {
        match self.binclass_probability_threshold {
            Some(Within(threshold)) if threshold != 0.5 => Err(unsupported(format_args!(
                "its predict tells the classes apart at a probability of {threshold}, which is not supported: \
                 set_probability_threshold(0.5) before saving it, and compare the probabilities, which stay as they are, with {threshold}"
            ))),
            _ => Ok(()),
        }
    }

    /// What the model was trained for, if the file says so.
    pub(super) fn loss(&self) -> Result<Option<Loss>> {
        let stated = self.params.as_ref().and_then(|params| params.0.loss_function.as_ref());
        if let Some(stated) = stated {
            return Loss::named(&stated.name).map(Some);
        }
        let Some(text) = &self.loss_function else { return Ok(None) };
        Loss::named(&parsed::<LossFunction>("loss_function", text)?.name).map(Some)
    }

    /// The names of the classes of a model of so many outputs; empty if it has none.
    ///
    /// # Errors
    /// `unsupported_model` where some classes have no output: CatBoost answers for those too.
    pub(super) fn classes(&self, loss: Loss, outputs: usize) -> Result<Labels> {
        let wanted = loss.class_count(outputs);
        if wanted < 2 {
            return Ok(Labels::default());
        }
        let none = ClassParams::default();
        let params = self.class_params.as_ref().or(self.multiclass_params.as_ref()).map_or(&none, |within| &within.0);
        let lacks_some = || {
            unsupported(format_args!(
                "some classes were not in the training data and have no output: not supported; train without class_names and classes_count"
            ))
        };
        let are_given = !params.class_names.is_empty() || params.classes_count > 0;
        if are_given && outputs > 1 {
            let count = params.class_names.len().max(params.classes_count);
            let is_in_order = params.class_to_label.iter().enumerate().all(|(output, &label)| label == output as f64);
            if count > wanted || !is_in_order {
                return Err(lacks_some());
            }
        }
        let of_data = || self.params.as_ref().and_then(|params| params.0.data_processing_options.as_ref());
        let texts = |labels: &[Label]| {
            let have_fractions = params.class_label_type.as_deref() == Some("Float");
            Labels {
                names: labels.iter().map(|label| label.text(have_fractions)).collect(),
                are_texts: labels.iter().all(|label| matches!(label, Label::Text(_))),
            }
        };
        let numbers = |names: Vec<String>| Labels { names, are_texts: false };
        let labels = if !params.class_names.is_empty() {
            texts(&params.class_names)
        } else if params.classes_count == 0 && !params.class_to_label.is_empty() {
            numbers(params.class_to_label.iter().map(|&label| class_of(label)).collect())
        } else {
            match of_data() {
                Some(options) if !options.class_names.is_empty() => texts(&options.class_names),
                // As CatBoost counts classes that have no names.
                _ => numbers((0..wanted).map(|class| class.to_string()).collect()),
            }
        };
        if labels.names.len() != wanted {
            return Err(invalid(format_args!("it names {} classes, for {outputs} outputs", labels.names.len())));
        }
        Ok(labels)
    }
}

/// A class that is known by its label's number alone.
fn class_of(label: f64) -> String {
    if label.fract() == 0.0 && label.abs() < 1e15 { (label as i64).to_string() } else { format!("{label:?}") }
}
