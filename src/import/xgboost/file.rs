//! What XGBoost's JSON and UBJSON hold, as they hold it. Keys that no known version writes are refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
pub(super) struct Outline {
    pub(super) learner: LearnerOutline,
    pub(super) version: Option<Vec<i64>>,
}

#[derive(Deserialize)]
pub(super) struct LearnerOutline {
    pub(super) gradient_booster: Named,
    pub(super) objective: Named,
    pub(super) learner_model_param: LearnerParameters,
}

#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct LearnerParameters {
    pub(super) base_score: String,
    pub(super) num_class: Option<String>,
    pub(super) num_feature: String,
    pub(super) num_target: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) learner: Learner,
    #[serde(rename = "version")]
    _version: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Learner {
    #[serde(default)]
    pub(super) attributes: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) feature_names: Vec<String>,
    #[serde(rename = "feature_types")]
    _feature_types: Option<IgnoredAny>,
    pub(super) gradient_booster: Booster,
    #[serde(rename = "learner_model_param")]
    _learner_model_param: IgnoredAny,
    #[serde(rename = "objective")]
    _objective: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Booster {
    pub(super) model: Option<Trees>,
    /// Where versions before 3 keep the trees of `dart`, with `weight_drop` beside it.
    pub(super) gbtree: Option<Box<Booster>>,
    pub(super) weight_drop: Option<Vec<Number>>,
    #[serde(rename = "name")]
    _name: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trees {
    pub(super) gbtree_model_param: TreesParameters,
    pub(super) trees: Vec<Tree>,
    pub(super) tree_info: Vec<i64>,
    pub(super) iteration_indptr: Option<Vec<i64>>,
    pub(super) cats: Option<Categories>,
    pub(super) weight_drop: Option<Vec<Number>>,
}

#[derive(Deserialize)]
pub(super) struct TreesParameters {
    pub(super) num_trees: String,
    pub(super) num_parallel_tree: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Categories {
    #[serde(default)]
    pub(super) enc: Vec<FeatureCategories>,
    #[serde(rename = "feature_segments")]
    _feature_segments: Option<IgnoredAny>,
    #[serde(rename = "sorted_idx")]
    _sorted_idx: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tree {
    pub(super) tree_param: TreeParameters,
    pub(super) left_children: Vec<i64>,
    pub(super) right_children: Vec<i64>,
    pub(super) split_indices: Vec<i64>,
    /// Thresholds at splits, values at leaves.
    pub(super) split_conditions: Vec<Number>,
    pub(super) default_left: Vec<Flag>,
    #[serde(default)]
    pub(super) split_type: Vec<i64>,
    #[serde(default)]
    pub(super) categories: Vec<i64>,
    #[serde(default)]
    pub(super) categories_nodes: Vec<i64>,
    #[serde(default)]
    pub(super) categories_segments: Vec<i64>,
    #[serde(default)]
    pub(super) categories_sizes: Vec<i64>,
    /// Of every node, one number for each output: what versions before 3.1 keep vector leaves in.
    #[serde(default)]
    pub(super) base_weights: Vec<Number>,
    /// Of every leaf, one number for each output, in the order that `right_children` says.
    pub(super) leaf_weights: Option<Vec<Number>>,
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[serde(rename = "parents")]
    _parents: Option<IgnoredAny>,
    /// Of every split, its gain.
    #[serde(default)]
    pub(super) loss_changes: Vec<Number>,
    /// Of every node, its cover.
    #[serde(default)]
    pub(super) sum_hessian: Vec<Number>,
}

#[derive(Deserialize)]
pub(super) struct TreeParameters {
    pub(super) num_nodes: String,
    pub(super) size_leaf_vector: Option<String>,
}

/// The categories of one feature in the order of their codes; neither where the feature has none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeatureCategories {
    /// Where each text begins among the values; absent where the categories are numbers.
    pub(super) offsets: Option<Vec<i64>>,
    pub(super) values: Vec<f64>,
    #[serde(rename = "type")]
    _type: Option<IgnoredAny>,
}

/// A 32-bit float; `NaN` where the file has no number, as at the thresholds of categorical splits.
#[derive(Clone, Copy, Deserialize)]
#[serde(from = "Option<f32>")]
pub(super) struct Number(pub(super) f32);

impl From<Option<f32>> for Number {
    fn from(number: Option<f32>) -> Self {
        Self(number.unwrap_or(f32::NAN))
    }
}

/// `true` and `false` in the JSON of XGBoost 1.x, 1 and 0 since.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Flag {
    Boolean(bool),
    Number(i64),
}

impl Flag {
    pub(super) fn is_set(&self) -> bool {
        match self {
            Self::Boolean(flag) => *flag,
            Self::Number(number) => *number != 0,
        }
    }
}
