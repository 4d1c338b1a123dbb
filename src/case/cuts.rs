//! What a model's trees ask, for those of whose values nothing else is known.

use crate::forest::Test;
use crate::model::Model;
use crate::narrowing::Input;

/// The finite cuts of each feature in the numbers of its values, ascending; none of one that no tree asks for, or asks for categories.
pub(super) fn of(model: &Model) -> Vec<Vec<f64>> {
    let forest = model.forest();
    let mut cuts: Vec<Vec<f64>> = vec![Vec::new(); model.schema().features().len()];
    for column in forest.columns() {
        if let (Test::Below(own), Some(cuts)) = (&column.test, cuts.get_mut(column.feature as usize)) {
            cuts.extend(own.iter().map(|&cut| f64::from(cut)));
        }
    }
    for wide in forest.dialect().wide() {
        if let (Input::Double { .. }, Some(cuts)) = (wide.input, cuts.get_mut(wide.feature as usize)) {
            // In the forest these are floats that stand for them, or their numbers.
            *cuts = wide.cuts.clone();
        }
    }
    for cuts in &mut cuts {
        cuts.retain(|cut| cut.is_finite());
        cuts.sort_unstable_by(f64::total_cmp);
        cuts.dedup();
    }
    cuts
}
