//! What XGBoost's JSON and UBJSON hold, as they hold it. Keys that no known version writes are refused.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::attributes::Attributes;

#[derive(Deserialize)]
pub(super) struct Outline {
    pub(super) learner: LearnerOutline,
    pub(super) version: Option<Vec<i64>>,
}

#[derive(Deserialize)]
pub(super) struct LearnerOutline {
    pub(super) gradient_booster: BoosterOutline,
    pub(super) objective: Named,
    pub(super) learner_model_param: LearnerParameters,
}

#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct BoosterOutline {
    pub(super) name: String,
    pub(super) model: Option<TreesOutline>,
    /// Where versions before 3 keep the trees of `dart`.
    pub(super) gbtree: Option<Box<BoosterOutline>>,
}

#[derive(Deserialize)]
pub(super) struct TreesOutline {
    pub(super) gbtree_model_param: TreesParameters,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LearnerParameters {
    pub(super) base_score: String,
    /// Since 1.7: 1 where the base score was to be found from the labels, 0 where the user gave it.
    pub(super) boost_from_average: Option<String>,
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
    pub(super) attributes: Attributes,
    #[serde(default)]
    pub(super) feature_names: Vec<String>,
    #[serde(rename = "feature_types")]
    _feature_types: Option<IgnoredAny>,
    pub(super) gradient_booster: Booster,
    /// The outline has it.
    #[serde(rename = "learner_model_param")]
    _learner_model_param: IgnoredAny,
    #[serde(rename = "objective")]
    _objective: ObjectiveEntry,
}

/// An objective and what it was trained with. Nothing of that changes an answer, but the name: a parameter that is not
/// listed here is refused, as nobody has looked whether it does.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObjectiveEntry {
    #[serde(rename = "name")]
    _name: String,
    /// `scale_pos_weight`: weighs the training rows.
    #[serde(rename = "reg_loss_param")]
    _regression: Option<IgnoredAny>,
    /// `num_class`, which `learner_model_param` has too.
    #[serde(rename = "softmax_multiclass_param")]
    _softmax: Option<IgnoredAny>,
    /// `max_delta_step`: limits what a leaf may be while training.
    #[serde(rename = "poisson_regression_param")]
    _poisson: Option<IgnoredAny>,
    /// `tweedie_variance_power`: of the loss alone.
    #[serde(rename = "tweedie_regression_param")]
    _tweedie: Option<IgnoredAny>,
    /// `huber_slope`: of the loss alone; 1.x spells it so.
    #[serde(rename = "pseudo_huber_param", alias = "pseduo_huber_param")]
    _huber: Option<IgnoredAny>,
    /// How pairs are drawn and weighed; of the loss alone.
    #[serde(rename = "lambdarank_param", alias = "lambda_rank_param")]
    _rank: Option<IgnoredAny>,
    /// What positions were found to be worth, with `lambdarank_unbiased`; of the loss alone.
    #[serde(rename = "ti+")]
    _clicked: Option<IgnoredAny>,
    #[serde(rename = "tj-")]
    _not_clicked: Option<IgnoredAny>,
    /// The distribution of what is left over; of the loss alone.
    #[serde(rename = "aft_loss_param")]
    _aft: Option<IgnoredAny>,
    /// `quantile_alpha`: one output each, and of the loss alone.
    #[serde(rename = "quantile_loss_param")]
    _quantiles: Option<IgnoredAny>,
    /// `expectile_alpha`: likewise; that outputs add up is the objective's.
    #[serde(rename = "expectile_loss_param")]
    _expectiles: Option<IgnoredAny>,
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
#[serde(deny_unknown_fields)]
pub(super) struct TreesParameters {
    pub(super) num_trees: String,
    /// Since 1.6.
    pub(super) num_parallel_tree: Option<String>,
    /// 0 before 2.0: each tree's own is what counts.
    #[serde(rename = "size_leaf_vector")]
    _size_leaf_vector: Option<String>,
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
    /// Of 1.0 to 1.2; always 0.
    #[serde(rename = "leaf_child_counts")]
    _leaf_child_counts: Option<IgnoredAny>,
    /// Of every split, its gain.
    #[serde(default)]
    pub(super) loss_changes: Vec<Number>,
    /// Of every node, its cover.
    #[serde(default)]
    pub(super) sum_hessian: Vec<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TreeParameters {
    pub(super) num_nodes: String,
    pub(super) size_leaf_vector: Option<String>,
    /// How many of the nodes no path reaches; the walk from the root finds them.
    #[serde(rename = "num_deleted")]
    _num_deleted: Option<IgnoredAny>,
    #[serde(rename = "num_feature")]
    _num_feature: Option<IgnoredAny>,
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
