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

#[cfg(feature = "import")]
pub(crate) mod columns;

use wardian_kernels::buckets::{BUCKETS, Buckets, MOST_CUTS, Scale};
use wardian_kernels::{MISSING, biased};

use crate::forest::{Column, Forest, MAX_CATEGORY, MissingSide, Split, Test};

/// What turns rows into codes: one coder for each code column of a forest.
#[derive(Clone, Debug)]
pub(crate) struct Coders(Vec<Coder>);

/// How a feature's values become the codes of one column.
#[derive(Clone, Debug)]
struct Coder {
    feature: usize,
    test: CoderTest,
}

#[derive(Clone, Debug)]
enum CoderTest {
    Below(Buckets),
    InSet(Vec<u32>),
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

impl ByteSplit {
    /// Whether a row of this code in the split's column goes right.
    pub(crate) fn goes_right(self, code: i8) -> bool {
        code.wrapping_sub(i8::from(self.missing_right)) > self.threshold
    }
}

/// Where the codes of a block of rows are put.
pub(crate) struct Block<'a> {
    pub(crate) bytes: &'a mut [i8],
    /// From one row to the next in the same column.
    pub(crate) row_step: usize,
    /// From one column to the next in the same row.
    pub(crate) column_step: usize,
}

impl Coders {
    pub(crate) fn new(forest: &Forest) -> Self {
        Self(forest.columns().iter().map(Coder::new).collect())
    }

    /// How many columns there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Writes the codes of whole `rows` of `width` values, `NaN` for missing. The values are 64-bit ones rounded to 32
    /// bits, as XGBoost does it; the thresholds were found on such values.
    pub(crate) fn encode(&self, rows: &[f32], width: usize, block: Block<'_>) {
        let Block { bytes, row_step, column_step } = block;
        for (index, coder) in self.0.iter().enumerate() {
            coder.encode(&rows[coder.feature..], width, &mut bytes[index * column_step..], row_step);
        }
    }
}

impl Coder {
    fn new(column: &Column) -> Self {
        let test = match &column.test {
            Test::Below(cuts) => CoderTest::Below(buckets(cuts)),
            Test::InSet(set) => CoderTest::InSet(set.clone()),
        };
        Self { feature: column.feature as usize, test }
    }

    /// Writes the codes of every `width`th value to every `row_step`th byte.
    fn encode(&self, values: &[f32], width: usize, bytes: &mut [i8], row_step: usize) {
        match &self.test {
            CoderTest::Below(buckets) => buckets.encode(values, width, bytes, row_step),
            CoderTest::InSet(set) => {
                for (value, byte) in values.iter().step_by(width).zip(bytes.iter_mut().step_by(row_step)) {
                    *byte = if value.is_nan() { MISSING } else { biased(1 + u32::from(is_member(set, *value))) };
                }
            }
        }
    }
}

/// Whether a value is one of a set of categories. A negative value must not become category 0; XGBoost asks for it before
/// it cuts off the fraction.
fn is_member(set: &[u32], value: f32) -> bool {
    value >= 0.0 && value < MAX_CATEGORY as f32 && set.contains(&(value as u32))
}

/// The buckets of ascending cuts, by their values or their bits: whichever crowds them less.
fn buckets(cuts: &[f32]) -> Buckets {
    let mut first = Box::new([0; BUCKETS]);
    let mut scale = scale(cuts, false);
    let crowd = spread(cuts, scale, &mut first);
    let by_bits = self::scale(cuts, true);
    let mut other = Box::new([0; BUCKETS]);
    if spread(cuts, by_bits, &mut other) < crowd {
        (scale, first) = (by_bits, other);
    }
    let mut places = Box::new([f32::NAN; MOST_CUTS + 6]);
    places[1..=cuts.len()].copy_from_slice(cuts);
    Buckets { scale, first, cuts: places }
}

/// A scale on which all but a few of the cuts at either end spread over all buckets: four share one at no cost.
fn scale(cuts: &[f32], by_bits: bool) -> Scale {
    let scale = Scale { by_bits, offset: 0.0, factor: 1.0 };
    let spare = (cuts.len() - 1).min(6) / 2;
    let [low, high] = [cuts[spare], cuts[cuts.len() - 1 - spare]].map(|cut| scale.key(cut));
    let factor = (BUCKETS - 2) as f32 / (high - low);
    // Few cuts, or ones so near or so far apart that floats fail: any factor will do.
    Scale { offset: low, factor: if factor.is_normal() { factor } else { 1.0 }, ..scale }
}

/// Fills in, for each bucket but that of missing values, 1 and how many cuts are in lower buckets. The most cuts that
/// share a bucket.
fn spread(cuts: &[f32], scale: Scale, first: &mut [u8; BUCKETS]) -> usize {
    let (mut rank, mut crowd) = (0, 0);
    for (bucket, first) in first.iter_mut().enumerate().skip(1) {
        *first = rank as u8 + 1;
        let start = rank;
        while cuts.get(rank).is_some_and(|&cut| scale.bucket(cut) as usize == bucket) {
            rank += 1;
        }
        crowd = crowd.max(rank - start);
    }
    crowd
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The code of `value` in `column`.
    fn code(column: &Column, value: f32) -> u8 {
        let mut bytes = [0];
        Coder::new(column).encode(&[value], 1, &mut bytes, 1);
        bytes[0] as u8 ^ 0x80
    }

    /// Whether a row of this code goes right at the split of rank `rank`.
    fn goes_right(code: u8, rank: usize, missing: MissingSide) -> bool {
        let split = ByteSplit::from(Split { column: 0, rank: rank as u8, missing });
        split.goes_right((code ^ 0x80) as i8)
    }

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
        let narrow = (0u32..400).prop_map(|step| f32::from_bits(1f32.to_bits() + step));
        prop::collection::vec(prop_oneof![finite, (-3i8..3).prop_map(f32::from), narrow], 1..300).prop_map(
            |mut cuts| {
                cuts.sort_by(f32::total_cmp);
                cuts.dedup_by(|a, b| a == b);
                cuts.truncate(MOST_CUTS);
                cuts
            },
        )
    }

    proptest! {
        #[test]
        fn a_code_answers_every_comparison_as_the_float_does(
            (cuts, value) in cuts().prop_flat_map(|cuts| (Just(cuts.clone()), values_near(cuts))),
            missing in prop::sample::select(vec![MissingSide::Left, MissingSide::Right]),
        ) {
            let column = Column { feature: 0, test: Test::Below(cuts.clone()) };
            let code = code(&column, value);
            for (rank, &cut) in cuts.iter().enumerate() {
                let right = if value.is_nan() { missing == MissingSide::Right } else { value >= cut };
                prop_assert_eq!(goes_right(code, rank, missing), right, "value {:e}, cut {:e}", value, cut);
            }
        }

        #[test]
        fn a_category_set_answers_as_xgboost_does(
            set in prop::collection::btree_set(prop_oneof![0u32..40, Just(MAX_CATEGORY - 1)], 1..20),
            value in prop_oneof![any::<u32>().prop_map(f32::from_bits), -2.0f32..42.0, Just(16_777_215.0), Just(-0.0)],
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

    fn logit(share: f32) -> f32 {
        (share / (1.0 - share)).ln()
    }

    #[test]
    fn cuts_of_every_distribution_are_spread_out() {
        let crowd = |cut: fn(f32) -> f32| {
            let cuts: Vec<f32> = (1..=254).map(|rank| cut(rank as f32 / 255.0)).collect();
            let first = buckets(&cuts).first.map(i32::from);
            first[1..].windows(2).map(|pair| pair[1] - pair[0]).max()
        };
        assert!(crowd(|share| 1e6 + 1e3 * share) <= Some(4), "even");
        assert!(crowd(logit) <= Some(4), "like measurements");
        assert!(crowd(|share| logit(share).exp()) <= Some(4), "like amounts");
        assert!(crowd(|share| (4.0 * logit(share)).exp()) <= Some(4), "like amounts of many sizes");
        assert!(crowd(|share| logit(share).powi(5)) <= Some(8), "far out on both sides");
    }
}
