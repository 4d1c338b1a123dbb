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
//!
//! A split on a set of categories sends a member right and everything else left: a column of its own, of code 1 or 0,
//! whose one rank is 0.

pub(crate) mod bytes;

use crate::forest::{Column, MAX_CATEGORY, MissingSide, Test};

/// The code of `value`, `NaN` for missing, in `column`: 0 to the column's count of ranks.
///
/// The value is a 64-bit one rounded to 32 bits, as XGBoost does it; the thresholds were found on such values.
pub(crate) fn code(column: &Column, value: f32) -> u32 {
    if value.is_nan() {
        return match column.missing {
            MissingSide::Left => 0,
            MissingSide::Right => column.rank_count() as u32,
        };
    }
    match &column.test {
        Test::Below(cuts) => cuts.partition_point(|&cut| cut <= value) as u32,
        // A negative value must not become category 0; XGBoost asks for it before it cuts off the fraction.
        Test::InSet(set) => {
            let member = value >= 0.0 && value < MAX_CATEGORY as f32 && set.binary_search(&(value as u32)).is_ok();
            u32::from(member)
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any bit pattern, and often one right at a cut.
    pub(crate) fn values_near(cuts: Vec<f32>) -> impl Strategy<Value = f32> {
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

    pub(crate) fn cuts() -> impl Strategy<Value = Vec<f32>> {
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
            let column = Column { feature: 0, missing, test: Test::Below(cuts.clone()) };
            let code = code(&column, value);
            for (rank, &cut) in cuts.iter().enumerate() {
                let left = if value.is_nan() { missing == MissingSide::Left } else { value < cut };
                prop_assert_eq!(code <= rank as u32, left, "value {:e}, cut {:e}", value, cut);
            }
        }

        #[test]
        fn a_category_set_answers_as_xgboost_does(
            set in prop::collection::btree_set(prop_oneof![0u32..40, Just(MAX_CATEGORY - 1)], 1..20),
            value in prop_oneof![any::<u32>().prop_map(f32::from_bits), -2.0f32..42.0, Just(16_777_215.0), Just(-0.0)],
            missing in prop::sample::select(vec![MissingSide::Left, MissingSide::Right]),
        ) {
            let column = Column { feature: 0, missing, test: Test::InSet(set.iter().copied().collect()) };
            let goes_left = code(&column, value) == 0;
            let expected = if value.is_nan() {
                missing == MissingSide::Left
            } else if !(0.0..16_777_216.0).contains(&value) {
                true
            } else {
                !set.contains(&(value.trunc() as u32))
            };
            prop_assert_eq!(goes_left, expected, "{:e}", value);
        }
    }
}
