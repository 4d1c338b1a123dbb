//! What each feature's splits gained in training: XGBoost's importance of the type `total_gain`.

use super::file::File;
use super::{Facts, rounds, trees};
use crate::error::Result;
use crate::import::Options;

/// The sum of the gains of each feature's splits in the trees that count; `None` if a tree does not say.
///
/// The file is one that the importer has read: what it finds wrong is not said again.
pub(super) fn gains(file: File, facts: &Facts, options: &Options) -> Result<Option<Vec<f64>>> {
    let (mut trees, _) = trees(file.learner.gradient_booster)?;
    rounds::keep(&mut trees, facts.base_margins.len(), &file.learner.attributes, facts.version, options)?;
    let mut sums = vec![0.0; facts.feature_count];
    for tree in &trees.trees {
        if tree.loss_changes.len() != tree.left_children.len() {
            return Ok(None);
        }
        for ((left, feature), gain) in tree.left_children.iter().zip(&tree.split_indices).zip(&tree.loss_changes) {
            // Neither leaves nor what was pruned have children.
            if *left >= 0
                && let Some(sum) = usize::try_from(*feature).ok().and_then(|feature| sums.get_mut(feature))
            {
                *sum += f64::from(gain.0);
            }
        }
    }
    Ok(Some(sums))
}
