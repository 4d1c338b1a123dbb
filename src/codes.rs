//! Raw values → codes: every comparison rule lives here and only here.
//!
//! The code of a value in a column is how many of the column's cuts are at most the value. XGBoost sends `x` left of
//! threshold `t` exactly if `x < t`, both 32-bit floats. With the cuts ascending and `t` the cut of rank `r`:
//!
//! - if `x < t`, every cut that is at most `x` is below `t`, so the code is at most `r`;
//! - if `x >= t`, the cuts of ranks `0..=r` are all at most `x`, so the code is at least `r + 1`.
//!
//! So `x < t` ⟺ `code <= r`: the integers answer every comparison as the floats do, and nothing is rounded. `-0.0`
//! and `0.0` compare equal and get the same code. A missing value has no place in the order; a column has one missing
//! side for all its splits, so code 0 (at most every rank) sends it left everywhere and the count of cuts (more than
//! every rank) sends it right everywhere. A feature whose splits disagree gets two columns.

use crate::forest::{Column, MissingSide};

/// Writes the code of each column for a row of values in feature order, `NaN` for missing, into `codes`.
///
/// Values are rounded to 32 bits first, as XGBoost does with 64-bit input; the thresholds were found on such values.
pub(crate) fn encode(columns: &[Column], row: &[f64], codes: &mut Vec<u32>) {
    codes.clear();
    codes.extend(columns.iter().map(|column| code(column, row[column.feature as usize] as f32)));
}

fn code(column: &Column, value: f32) -> u32 {
    if value.is_nan() {
        return match column.missing {
            MissingSide::Left => 0,
            MissingSide::Right => column.cuts.len() as u32,
        };
    }
    column.cuts.partition_point(|&cut| cut <= value) as u32
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any bit pattern, and often one right at a cut.
    fn values_near(cuts: Vec<f32>) -> impl Strategy<Value = f32> {
        let special = prop::sample::select(vec![
            0.0,
            -0.0,
            f32::MIN_POSITIVE,
            1e-45,
            -1e-45,
            f32::MAX,
            f32::MIN,
            f32::INFINITY,
            f32::NEG_INFINITY,
        ]);
        let near = (prop::sample::select(cuts), 0..3).prop_map(|(cut, step)| match step {
            0 => cut,
            1 => cut.next_up(),
            _ => cut.next_down(),
        });
        prop_oneof![any::<u32>().prop_map(f32::from_bits), special, near]
    }

    fn cuts() -> impl Strategy<Value = Vec<f32>> {
        let finite = any::<u32>().prop_map(f32::from_bits).prop_filter("finite", |cut| cut.is_finite());
        prop::collection::vec(prop_oneof![finite, (-3i8..3).prop_map(f32::from)], 1..300).prop_map(|mut cuts| {
            cuts.sort_by(f32::total_cmp);
            cuts.dedup_by(|a, b| a == b);
            cuts
        })
    }

    proptest! {
        #[test]
        fn a_code_answers_every_comparison_as_the_float_does(
            (cuts, value) in cuts().prop_flat_map(|cuts| (Just(cuts.clone()), values_near(cuts))),
            missing in prop::sample::select(vec![MissingSide::Left, MissingSide::Right]),
        ) {
            let column = Column { feature: 0, missing, cuts };
            let code = code(&column, value);
            for (rank, &cut) in column.cuts.iter().enumerate() {
                let left = if value.is_nan() { missing == MissingSide::Left } else { value < cut };
                prop_assert_eq!(code <= rank as u32, left, "value {:e}, cut {:e}", value, cut);
            }
        }
    }
}
