//! Raw values → codes: every comparison rule lives here and only here.
//!
//! A code is a byte. In a column of cuts, a value's code is 1 and the number of cuts that are at most the value: at most
//! 254 cuts, so 1 to 255; the code of a missing value is 0. XGBoost sends `x` left of threshold `t` exactly if `x < t`,
//! both 32-bit floats. With the cuts ascending and `t` the cut of rank `r`:
//!
//! - if `x < t`, every cut that is at most `x` is below `t`, so the code is at most `1 + r`;
//! - if `x >= t`, the cuts of ranks `0..=r` are all at most `x`, so the code is at least `2 + r`.
//!
//! So `x < t` ⟺ `code <= r + 1`: the bytes answer every comparison as the floats do, and nothing is rounded. `-0.0` and
//! `0.0` compare equal and get the same code. A missing value goes the way of its split:
//!
//! - where it goes left, a row goes right if `code > r + 1`: 0 never is;
//! - where it goes right, a row goes right if `code - 1 > r`, the difference wrapping around: the same for a value, and
//!   0 becomes 255, which always is, as `r` is at most 253.
//!
//! A split on a set of categories sends a member right and everything else left: a column of its own, of code 2 or 1,
//! whose one rank is 0. A feature with more than 254 cuts has several columns: any of its cuts by themselves are a column
//! that answers for them.
//!
//! Bytes are stored less 128, as signed numbers in the same order: comparing signed bytes is one instruction on every
//! machine, unsigned ones take up to four.

#[cfg(not(all(feature = "explainer", target_arch = "wasm32")))]
mod bucketed;
#[cfg(feature = "import")]
pub(crate) mod columns;
pub(crate) mod lines;
#[cfg(any(feature = "explain", fuzzing, all(test, not(target_arch = "wasm32"))))]
mod rows;
#[cfg(all(feature = "explainer", any(test, target_arch = "wasm32")))]
mod searched;
pub(crate) mod values;

use wardian_kernels::sets::{Bits, MOST_CATEGORIES};
use wardian_kernels::{MISSING, biased};

#[cfg(not(all(feature = "explainer", target_arch = "wasm32")))]
use bucketed::Cuts;
// Explaining takes so long that finding codes fast is not worth its bytes to who downloads the module that does.
#[cfg(any(feature = "explain", fuzzing, all(test, not(target_arch = "wasm32"))))]
pub(crate) use rows::{Block, Coders};
#[cfg(all(feature = "explainer", target_arch = "wasm32"))]
use searched::Cuts;

use crate::forest::{Column, MAX_CATEGORY, MissingSide, Split, Test};

/// How a feature's values become the codes of one column.
#[derive(Clone, Debug)]
enum Coder {
    Below(Cuts),
    InSet(Set),
}

impl Coder {
    fn new(column: &Column) -> Self {
        match &column.test {
            Test::Below(cuts) => Self::Below(Cuts::new(cuts)),
            Test::InSet(set) => Self::InSet(Set::new(set)),
        }
    }

    /// Writes the codes of `rows` values, every `width`th, `NaN` for missing, to every `row_step`th byte. The values are 64-bit ones
    /// rounded to 32 bits, as XGBoost does it; the thresholds were found on such values.
    fn encode(&self, rows: usize, values: &[f32], width: usize, bytes: &mut [i8], row_step: usize) {
        match self {
            Self::Below(cuts) => cuts.encode(rows, values, width, bytes, row_step),
            Self::InSet(set) => {
                for (value, byte) in values.iter().step_by(width).zip(bytes.iter_mut().step_by(row_step)).take(rows) {
                    *byte = if value.is_nan() { MISSING } else { biased(1 + u32::from(set.contains(*value))) };
                }
            }
        }
    }
}

/// A split as evaluators see it: right if the code of `column`, less 1 where `missing_right`, is above `threshold`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByteSplit {
    pub(crate) column: u32,
    pub(crate) threshold: i8,
    pub(crate) missing_right: bool,
}

impl From<Split> for ByteSplit {
    fn from(Split { column, rank, missing }: Split) -> Self {
        let missing_right = missing == MissingSide::Right;
        Self { column, threshold: biased(u32::from(rank) + u32::from(!missing_right)), missing_right }
    }
}

/// A set of categories.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    /// A bit for each category that may have one.
    pub(crate) bits: Bits,
    /// The others, ascending.
    others: Vec<u32>,
}

impl Set {
    /// The set of these categories, which are ascending.
    pub(crate) fn new(categories: &[u32]) -> Self {
        let mut set = Self { bits: Bits::new(), others: Vec::new() };
        for &category in categories {
            match category as usize {
                small @ ..MOST_CATEGORIES => {
                    set.bits.resize(small / 128 + 1, [0; 16]);
                    set.bits[small / 128][small / 8 % 16] |= 1 << (small % 8);
                }
                _ => set.others.push(category),
            }
        }
        set
    }

    /// Whether a value is one of them. A negative value must not become category 0; XGBoost asks for it before it cuts off the
    /// fraction.
    pub(crate) fn contains(&self, value: f32) -> bool {
        if !(0.0..MAX_CATEGORY as f32).contains(&value) {
            return false;
        }
        match value as usize {
            small @ ..MOST_CATEGORIES => {
                self.bits.get(small / 128).is_some_and(|bits| bits[small / 8 % 16] >> (small % 8) & 1 == 1)
            }
            category => self.others.binary_search(&(category as u32)).is_ok(),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::forest::MOST_CUTS;
    use crate::random::cases;
    use proptest::prelude::*;

    /// The code of `value` in `column`.
    fn code(column: &Column, value: f32) -> u8 {
        let mut bytes = [0];
        Coder::new(column).encode(1, &[value], 1, &mut bytes, 1);
        bytes[0] as u8 ^ 0x80
    }

    /// Whether a row of this code goes right at the split of rank `rank`.
    fn goes_right(code: u8, rank: usize, missing: MissingSide) -> bool {
        let split = ByteSplit::from(Split { column: 0, rank: rank as u8, missing });
        split.goes_right((code ^ 0x80) as i8)
    }

    /// Any bit pattern, and mostly one right at a cut.
    fn values_near(cuts: &[f32]) -> impl Strategy<Value = f32> + use<> {
        let cuts = cuts.to_vec();
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
        let near = (rank(cuts.len()), 0..3).prop_map(move |(rank, step)| match step {
            0 => cuts[rank],
            1 => cuts[rank].next_up(),
            _ => cuts[rank].next_down(),
        });
        prop_oneof![1 => any::<u32>().prop_map(f32::from_bits), 1 => special, 3 => near]
    }

    /// Cuts of any kind: up to all that a column may have.
    fn cuts() -> impl Strategy<Value = Vec<f32>> {
        let finite = any::<u32>().prop_map(f32::from_bits).prop_filter("finite", |cut| cut.is_finite());
        let narrow = (0u32..400).prop_map(|step| f32::from_bits(1f32.to_bits() + step));
        let scattered = prop::collection::vec(prop_oneof![finite, (-3i8..3).prop_map(f32::from), narrow], 1..600);
        prop_oneof![scattered, crowded_cuts()].prop_map(|mut cuts| {
            cuts.sort_by(f32::total_cmp);
            cuts.dedup_by(|a, b| a == b);
            cuts.truncate(MOST_CUTS);
            cuts
        })
    }

    /// A full column, or nearly, whose first and last cuts lie closer together than buckets can tell apart.
    fn crowded_cuts() -> impl Strategy<Value = Vec<f32>> {
        let crowd = || (0..12usize, prop::sample::select(vec![1e-7f32, 1e-5, 1e-3]));
        let scale = prop::sample::select(vec![1f32, -1.0, 1e-30, 1e30, 0.01]);
        (250..=MOST_CUTS, crowd(), crowd(), scale).prop_map(|(count, (low, near), (high, far), scale)| {
            let cut = |rank: usize| match count - rank {
                _ if rank < low => 1.0 + near * rank as f32,
                left if left <= high => 3.0 - far * left as f32,
                _ => 1.5 + rank as f32 / count as f32,
            };
            (0..count).map(|rank| scale * cut(rank)).collect()
        })
    }

    /// A cut, often one of the first or last few.
    fn rank(count: usize) -> impl Strategy<Value = usize> {
        prop_oneof![0..count, 0..count.min(6), count.saturating_sub(6)..count]
    }

    proptest! {
        #![proptest_config(cases(1024))]

        #[test]
        fn a_code_answers_every_comparison_as_the_float_does(
            (value, cuts) in cuts().prop_flat_map(|cuts| (values_near(&cuts), Just(cuts))),
            missing in prop::sample::select(vec![MissingSide::Left, MissingSide::Right]),
        ) {
            let column = Column { feature: 0, test: Test::Below(cuts.clone()) };
            let code = code(&column, value);
            for (rank, &cut) in cuts.iter().enumerate() {
                let right = if value.is_nan() { missing == MissingSide::Right } else { value >= cut };
                prop_assert_eq!(goes_right(code, rank, missing), right, "value {:e}, cut {:e}", value, cut);
            }
            #[cfg(feature = "explainer")]
            {
                let mut bytes = [0];
                searched::Cuts::new(&cuts).encode(1, &[value], 1, &mut bytes, 1);
                prop_assert_eq!(bytes[0] as u8 ^ 0x80, code);
            }
        }

        #[test]
        fn a_category_set_answers_as_xgboost_does(
            set in prop::collection::btree_set(prop_oneof![9 => 0u32..40, 2 => 250u32..262, 2 => 2030u32..2050, 1 => Just(MAX_CATEGORY - 1)], 1..20),
            value in prop_oneof![any::<u32>().prop_map(f32::from_bits), -2.0f32..42.0, 249.0f32..263.0, 2029.0f32..2051.0, Just(16_777_215.0), Just(-0.0)],
            missing in prop::sample::select(vec![MissingSide::Left, MissingSide::Right]),
        ) {
            let column = Column { feature: 0, test: Test::InSet(set.iter().copied().collect()) };
            let expected = if value.is_nan() {
                missing == MissingSide::Right
            } else if !(0.0..16_777_216.0).contains(&value) {
                false
            } else {
                set.contains(&(value.trunc() as u32))
            };
            prop_assert_eq!(goes_right(code(&column, value), 0, missing), expected, "{:e}", value);
        }
    }
}
