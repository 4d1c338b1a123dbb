//! What a file says of how its model was trained: what for, and what the classes are called.

use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, de};

use super::loss::Loss;
use crate::error::{Result, invalid, shown, unsupported};

/// What is looked at of a model's information; in a `.cbm`, and in JSON of old versions, each is JSON in a text.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Information {
    #[serde(deserialize_with = "itself_or_text")]
    pub(super) params: Option<Params>,
    #[serde(deserialize_with = "itself_or_text")]
    pub(super) class_params: Option<ClassParams>,
    /// What it is called to 0.20.
    #[serde(deserialize_with = "itself_or_text")]
    pub(super) multiclass_params: Option<ClassParams>,
    /// What a sum of models has in the place of `params`: JSON in a text in both formats.
    pub(super) loss_function: Option<String>,
}

/// An object, or a text that is the JSON of one.
fn itself_or_text<'de, D: Deserializer<'de>, T: de::DeserializeOwned>(
    source: D,
) -> std::result::Result<Option<T>, D::Error> {
    struct Either<T>(PhantomData<T>);

    impl<'de, T: de::DeserializeOwned> Visitor<'de> for Either<T> {
        type Value = Option<T>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object, or its JSON in a text")
        }

        fn visit_unit<E: de::Error>(self) -> std::result::Result<Option<T>, E> {
            Ok(None)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> std::result::Result<Option<T>, E> {
            serde_json::from_slice(text.as_bytes()).map(Some).map_err(E::custom)
        }

        fn visit_map<A: MapAccess<'de>>(self, entries: A) -> std::result::Result<Option<T>, A::Error> {
            T::deserialize(MapAccessDeserializer::new(entries)).map(Some)
        }
    }

    source.deserialize_any(Either(PhantomData))
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
    class_label_type: Option<String>,
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
    /// As Python writes it. Of numbers that have fractions, the whole ones lack theirs in the file.
    fn text(&self, have_fractions: bool) -> String {
        match self {
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
pub(super) fn parsed<'de, T: Deserialize<'de>>(key: &str, text: &'de str) -> Result<T> {
    serde_json::from_slice(text.as_bytes())
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

    /// The names of the classes of a model of so many outputs; empty if it has none.
    ///
    /// # Errors
    /// `unsupported_model` where some classes have no output: CatBoost answers for those too.
    pub(super) fn classes(&self, loss: Loss, outputs: usize) -> Result<Vec<String>> {
        let wanted = loss.class_count(outputs);
        if wanted < 2 {
            return Ok(Vec::new());
        }
        let none = ClassParams::default();
        let params = self.class_params.as_ref().or(self.multiclass_params.as_ref()).unwrap_or(&none);
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
        let of_data = || self.params.as_ref().and_then(|params| params.data_processing_options.as_ref());
        let texts = |labels: &[Label]| {
            let have_fractions = params.class_label_type.as_deref() == Some("Float");
            labels.iter().map(|label| label.text(have_fractions)).collect::<Vec<_>>()
        };
        let names = if !params.class_names.is_empty() {
            texts(&params.class_names)
        } else if params.classes_count == 0 && !params.class_to_label.is_empty() {
            params.class_to_label.iter().map(|&label| class_of(label)).collect()
        } else {
            match of_data() {
                Some(options) if !options.class_names.is_empty() => texts(&options.class_names),
                // As CatBoost counts classes that have no names.
                _ => (0..wanted).map(|class| class.to_string()).collect(),
            }
        };
        if names.len() != wanted {
            return Err(invalid(format_args!("it names {} classes, for {outputs} outputs", names.len())));
        }
        Ok(names)
    }
}

/// A class that is known by its label's number alone.
fn class_of(label: f64) -> String {
    if label.fract() == 0.0 && label.abs() < 1e15 { (label as i64).to_string() } else { format!("{label:?}") }
}
