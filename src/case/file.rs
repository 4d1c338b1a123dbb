//! `case.json` as people write it. `docs/case.schema.json` is made of these types, and their comments are its descriptions.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::observed::ObservedEntry;
use crate::certainty::{Certainty, Figures};

/// A case: a model of trees, and all that its products say about it. Only what differs from what follows from the model need be said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "case-schema", schemars(rename = "Case"))]
#[serde(deny_unknown_fields, default)]
pub struct CaseFile {
    /// The address of this schema, for editors.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// What programs call it, as npm names packages: `risk`, `@clinic/risk`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The version of the case, as npm has versions: `1.0.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The model's file in the folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What the answer is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The language that the case is written in, as BCP 47 has it: `en`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// By language: a text of the case → the same in that language; or a file of the folder that holds such an object.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<String, FileOr<BTreeMap<String, String>>>,
    /// The title for people: `Diabetes risk`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What a positive answer means, or what the number measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The model's inputs, in any order, of as many as there is something to say of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<FeatureEntry>,
    /// By class name, what people call it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub classes: BTreeMap<String, String>,
    /// What a number that is the answer measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Measure>,
    /// Of several targets what each measures, in the model's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Measure>,
    /// Bounds on the answer and what to say between them, from the lowest to the highest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<Zone>,
    /// The share of positive rows in training.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_rate: Option<f64>,
    /// Words of the page by their keys, in place of the page's own: `person.framing`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, String>,
    /// What the model's card says, or a file of the folder that says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<FileOr<BTreeMap<String, Value>>>,
    /// How sure answers are, by rows with labels that the model was not trained on: `wardian seal --held-out` makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certainty: Option<Certainty>,
    /// How good answers are, by the same rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
    /// Rows that were judged by models of the same training which had not seen them: figures and certainty follow from them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
    /// By feature, the values that were observed and how often: what is told where one is missing. An object, or a file of the folder
    /// that holds it; `wardian seal --data` makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<FileOr<BTreeMap<String, ObservedEntry>>>,
    /// A file of rows with the trainer's own answers, which every product replays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub golden: Option<String>,
    /// The row that “Example” fills in: values in the model's order with commas between them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// The path of the contract: `/api/v1.0/risk`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rest: Option<String>,
    /// A file of the folder that describes the contract, in place of the one that is made: OpenAPI 3.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openapi: Option<String>,
    /// What it looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
}

/// Rows with answers that are not the model's own, as those of cross-validation: of a model that was trained on all rows there are, models
/// of the same training on some of them tell how good and how sure such a model is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// The file of the folder that has the rows, with the answers beside them as a golden file has them.
    pub file: String,
    /// The column of what was seen.
    pub label: String,
    /// A column: figures are told for each of its values, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whose answers they are, in the case's words: it is said wherever the figures are.
    pub source: String,
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The probability of one outcome.
    Risk,
    /// The probability of each of several classes, or the class itself.
    Classes,
    /// A number of something measured.
    Number,
    /// How many of something are expected.
    Count,
    /// A score, by which rows are put in order.
    Score,
    /// A time until something happens.
    Time,
    /// A hazard, relative to that of others.
    Hazard,
    /// Several numbers.
    Targets,
}

impl Kind {
    /// As `case.json` has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Classes => "classes",
            Self::Number => "number",
            Self::Count => "count",
            Self::Score => "score",
            Self::Time => "time",
            Self::Hazard => "hazard",
            Self::Targets => "targets",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Risk, Self::Classes, Self::Number, Self::Count, Self::Score, Self::Time, Self::Hazard, Self::Targets];
}

/// An input of the model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "case-schema", schemars(rename = "Feature"))]
#[serde(deny_unknown_fields)]
pub struct FeatureEntry {
    /// The model's name for it.
    pub name: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The unit of the model's values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// A sentence of help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The smallest and the largest value of the training rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// The quartiles of the training rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quartiles: Option<[f64; 3]>,
    /// How many digits behind the point the training rows have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    /// Numbers that mean “not measured”.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_codes: Vec<f64>,
    /// Whether any training row lacked the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_be_missing: Option<bool>,
    /// Other units that people measure it in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitEntry>,
    /// What files of rows call it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// By category, what people call it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub choices: BTreeMap<String, String>,
    /// By how much one step changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<f64>,
    /// Whether it is whole numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<bool>,
    /// Whether 0 and 1 are no and yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<bool>,
    /// A heading that it shares with others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// Another unit. A value of the model's is what is shown × `times` + `offset`, or ÷ `per`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "case-schema", schemars(rename = "Unit"))]
#[serde(deny_unknown_fields)]
pub struct UnitEntry {
    /// Its name.
    pub unit: String,
    /// What a number in it is multiplied by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<f64>,
    /// What a number in it is divided by, where that is the exact one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<f64>,
    /// What is added then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<f64>,
    /// How many digits behind the point numbers in it have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
}

/// What a number that is an answer measures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Measure {
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How many digits behind the point are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    /// The smallest and the largest of the training rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// The quartiles of the training rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quartiles: Option<[f64; 3]>,
    /// The mean of the training rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
}

/// What to say of answers up to a bound.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Zone {
    /// Where it ends; the last has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// Its name: a zone with one is shaded, and owns its bounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What to say of an answer in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What the products look like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Look {
    /// A colour, as `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
}

/// Something that is said here, or in a file of the folder.
#[derive(Clone, Debug, PartialEq)]
pub enum FileOr<T> {
    /// The file's name.
    File(String),
    /// The thing itself.
    Here(T),
}

impl<T: Serialize> Serialize for FileOr<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::File(name) => name.serialize(serializer),
            Self::Here(thing) => thing.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for FileOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: DeserializeOwned> Visitor<'de> for Either<T> {
            type Value = FileOr<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a file's name or an object")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
                if name.is_empty() {
                    return Err(E::custom("the file's name is empty"));
                }
                Ok(FileOr::File(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(FileOr::Here).map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

#[cfg(feature = "case-schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for FileOr<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("FileOr{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let here = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [{ "type": "string" }, here] })
    }
}
