//! What XGBoost's JSON and UBJSON hold, as they hold it. Keys that no known version writes are refused.

use super::attributes::Attributes;
use crate::error::Result;
use crate::import::reader::take::{Fill, record};
use crate::import::reader::{Reader, Token};

record! {
    pub(super) struct Outline {
        pub(super) learner: LearnerOutline,
        pub(super) version: Option<Vec<i64>> = None,
    } ["*"]
}

record! {
    pub(super) struct LearnerOutline {
        pub(super) gradient_booster: BoosterOutline,
        pub(super) objective: Named,
        pub(super) learner_model_param: LearnerParameters,
    } ["*"]
}

record! {
    pub(super) struct Named {
        pub(super) name: String,
    } ["*"]
}

record! {
    pub(super) struct BoosterOutline {
        pub(super) name: String,
        pub(super) model: Option<TreesOutline> = None,
        /// Where versions before 3 keep the trees of `dart`.
        pub(super) gbtree: Option<Box<BoosterOutline>> = None,
    } ["*"]
}

record! {
    pub(super) struct TreesOutline {
        /// Of trees alone: what is no tree is refused by its name.
        pub(super) gbtree_model_param: Option<TreesParameters> = None,
    } ["*"]
}

record! {
    pub(super) struct LearnerParameters {
        pub(super) base_score: String,
        /// Since 1.7: 1 where the base score was to be found from the labels, 0 where the user gave it.
        pub(super) boost_from_average: Option<String> = None,
        pub(super) num_class: Option<String> = None,
        pub(super) num_feature: String,
        pub(super) num_target: Option<String> = None,
    }
}

record! {
    pub(super) struct File {
        pub(super) learner: Learner,
    } [
        "version"
    ]
}

record! {
    pub(super) struct Learner {
        pub(super) attributes: Attributes = Attributes::default(),
        pub(super) feature_names: Vec<String> = Vec::new(),
        pub(super) gradient_booster: Booster,
        #[allow(dead_code, reason = "the outline has it; here its keys are looked through")]
        objective: ObjectiveEntry,
    } [
        "feature_types"
        // The outline has it.
        "learner_model_param"
    ]
}

record! {
    /// An objective and what it was trained with. Nothing of that changes an answer, but the name: a parameter that is not
    /// listed here is refused, as nobody has looked whether it does.
    struct ObjectiveEntry {} [
        "name"
        // `scale_pos_weight`: weighs the training rows.
        "reg_loss_param"
        // `num_class`, which `learner_model_param` has too.
        "softmax_multiclass_param"
        // `max_delta_step`: limits what a leaf may be while training.
        "poisson_regression_param"
        // `tweedie_variance_power`: of the loss alone.
        "tweedie_regression_param"
        // `huber_slope`: of the loss alone; 1.x spells it so.
        "pseudo_huber_param" "pseduo_huber_param"
        // How pairs are drawn and weighed; of the loss alone.
        "lambdarank_param" "lambda_rank_param"
        // What positions were found to be worth, with `lambdarank_unbiased`; of the loss alone.
        "ti+"
        "tj-"
        // The distribution of what is left over; of the loss alone.
        "aft_loss_param"
        // `quantile_alpha`: one output each, and of the loss alone.
        "quantile_loss_param"
        // `expectile_alpha`: likewise; that outputs add up is the objective's.
        "expectile_loss_param"
    ]
}

record! {
    pub(super) struct Booster {
        pub(super) model: Option<Trees> = None,
        /// Where versions before 3 keep the trees of `dart`, with `weight_drop` beside it.
        pub(super) gbtree: Option<Box<Booster>> = None,
        pub(super) weight_drop: Option<Vec<Number>> = None,
    } [
        "name"
    ]
}

record! {
    pub(super) struct Trees {
        pub(super) gbtree_model_param: TreesParameters,
        pub(super) trees: Vec<Tree>,
        pub(super) tree_info: Vec<i64>,
        pub(super) iteration_indptr: Option<Vec<i64>> = None,
        pub(super) cats: Option<Categories> = None,
        pub(super) weight_drop: Option<Vec<Number>> = None,
    }
}

record! {
    pub(super) struct TreesParameters {
        pub(super) num_trees: String,
        /// Since 1.6.
        pub(super) num_parallel_tree: Option<String> = None,
    } [
        // 0 before 2.0: each tree's own is what counts.
        "size_leaf_vector"
    ]
}

record! {
    pub(super) struct Categories {
        pub(super) enc: Vec<FeatureCategories> = Vec::new(),
    } [
        "feature_segments"
        "sorted_idx"
    ]
}

record! {
    pub(super) struct Tree {
        pub(super) tree_param: TreeParameters,
        pub(super) left_children: Vec<i64>,
        pub(super) right_children: Vec<i64>,
        pub(super) split_indices: Vec<i64>,
        /// Thresholds at splits, values at leaves.
        pub(super) split_conditions: Vec<Number>,
        pub(super) default_left: Vec<Flag>,
        pub(super) split_type: Vec<i64> = Vec::new(),
        pub(super) categories: Vec<i64> = Vec::new(),
        pub(super) categories_nodes: Vec<i64> = Vec::new(),
        pub(super) categories_segments: Vec<i64> = Vec::new(),
        pub(super) categories_sizes: Vec<i64> = Vec::new(),
        /// Of every node, one number for each output: what versions before 3.1 keep vector leaves in.
        pub(super) base_weights: Vec<Number> = Vec::new(),
        /// Of every leaf, one number for each output, in the order that `right_children` says.
        pub(super) leaf_weights: Option<Vec<Number>> = None,
        /// Of every split, its gain.
        pub(super) loss_changes: Vec<Number> = Vec::new(),
        /// Of every node, its cover.
        pub(super) sum_hessian: Vec<Number> = Vec::new(),
    } [
        "id"
        "parents"
        // Of 1.0 to 1.2; always 0.
        "leaf_child_counts"
    ]
}

record! {
    pub(super) struct TreeParameters {
        pub(super) num_nodes: String,
        pub(super) size_leaf_vector: Option<String> = None,
    } [
        // How many of the nodes no path reaches; the walk from the root finds them.
        "num_deleted"
        "num_feature"
    ]
}

record! {
    /// The categories of one feature in the order of their codes; neither where the feature has none.
    pub(super) struct FeatureCategories {
        /// Where each text begins among the values; absent where the categories are numbers.
        pub(super) offsets: Option<Vec<i64>> = None,
        pub(super) values: Vec<f64>,
    } [
        "type"
    ]
}

/// A 32-bit float; `NaN` where the file has no number, as at the thresholds of categorical splits.
#[derive(Clone, Copy, Default)]
pub(super) struct Number(pub(super) f32);

impl Fill for Number {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        self.0 = f32::NAN;
        if reader.takes_null()? { Ok(()) } else { self.0.fill(reader) }
    }
}

/// `true` and `false` in the JSON of XGBoost 1.x, 1 and 0 since.
#[derive(Default)]
pub(super) struct Flag(bool);

impl Fill for Flag {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        self.0 = match reader.token()? {
            Token::Truth(flag) => flag,
            Token::Whole(number) => number != 0,
            other => return Err(reader.wrong(&other, "a boolean, or 0 or 1")),
        };
        Ok(())
    }
}

impl Flag {
    pub(super) fn is_set(&self) -> bool {
        self.0
    }
}
