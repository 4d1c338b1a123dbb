//! Rows of numbers → rows of 32-bit floats that answer every comparison as the trainer's own numbers do.
//!
//! Trees compare 32-bit floats (`codes.rs`). Trainers that compare 64-bit ones (LightGBM, scikit-learn's histogram trees) tell values
//! apart that one 32-bit float stands for, so a value is not just rounded. Let `n(x)` be the 32-bit float nearest to `x`; it never falls
//! where `x` rises. With a cut `c` of the trainer's, the trees have the cut `n(c)`:
//!
//! - if `n(x) < n(c)`, then `x < c`; and if `n(x) > n(c)`, then `x > c`;
//! - if both are the same float, `x` and `c` are compared themselves: of a value below the cut, the float before `n(x)` is taken.
//!
//! That float is below `n(c)`, and not below any lower cut's: so every comparison is answered right as long as no two cuts have one float.
//! Where two have (times in seconds, say), a feature's cuts are counted instead: a value becomes the number of cuts that are at most it, and
//! the cuts become 1, 2, 3 and so on.

use crate::error::{Result, broken};

/// How a feature's values are seen before trees compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Rounded to 32 bits: XGBoost, CatBoost, most of scikit-learn's trees, ONNX.
    Single,
    /// In 64 bits: LightGBM, scikit-learn's histogram trees, whatever a scaler has touched.
    Double {
        /// Whether zero is missing, and all that is so near to it that LightGBM takes it for zero.
        zero_is_missing: bool,
    },
    /// A category: a fraction is cut off first, so that -0.5 is category 0.
    Whole,
    /// A category, rounded to 32 bits; a number that has a fraction then is none: ONNX asks for equal numbers.
    Exact,
}

/// The greatest number that LightGBM takes for zero; its `kZeroThreshold`, a 32-bit float.
pub const NEARLY_ZERO: f64 = 1e-35_f32 as f64;

/// How the values of one feature are narrowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Wide {
    /// The feature.
    pub feature: u32,
    /// How its values are seen.
    pub input: Input,
    /// The trainer's cuts, strictly ascending; none of them is not a number, but the first and last may be infinite. Empty unless they
    /// are of 64 bits.
    pub cuts: Vec<f64>,
}

/// The greatest float that a narrowed value may be: those beyond stand for cuts that no value comes to.
const HIGHEST: f32 = f32::MAX.next_down();
/// Likewise.
const LOWEST: f32 = f32::MIN.next_up();

/// The nearest 32-bit float among those that values may be.
fn nearest(value: f64) -> f32 {
    (value as f32).clamp(LOWEST, HIGHEST)
}

/// The 32-bit cuts that stand for a feature's 64-bit ones, in their order.
pub(crate) fn narrowed(cuts: &[f64]) -> Vec<f32> {
    let floats: Vec<f32> = cuts
        .iter()
        .map(|&cut| match cut {
            f64::INFINITY => f32::MAX,
            f64::NEG_INFINITY => f32::MIN,
            _ => nearest(cut) + 0.0,
        })
        .collect();
    if floats.windows(2).all(|pair| pair[0] < pair[1]) {
        return floats;
    }
    (1..=cuts.len()).map(|count| count as f32).collect()
}

/// Whether values become counts of cuts, given what [`narrowed`] has made.
fn are_counted(cuts: &[f64], floats: &[f32]) -> bool {
    cuts.iter().zip(floats).any(|(&cut, &float)| cut.is_finite() && nearest(cut) != float)
}

/// How rows are narrowed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Narrowing(Vec<(usize, Way)>);

#[derive(Clone, Debug)]
enum Way {
    /// Kept below what stands for an infinite cut.
    Single,
    Near {
        cuts: Vec<(f32, f64)>,
        marks: Marks,
        zero_is_missing: bool,
    },
    Counted {
        cuts: Vec<f64>,
        zero_is_missing: bool,
    },
    Whole,
    Exact,
}

impl Narrowing {
    /// That of these features, which [`check`] has passed.
    pub(crate) fn new(wide: &[Wide]) -> Self {
        let way = |Wide { feature, input, cuts }: &Wide| {
            let way = match *input {
                Input::Single => Way::Single,
                Input::Whole => Way::Whole,
                Input::Exact => Way::Exact,
                Input::Double { zero_is_missing } => {
                    let floats = narrowed(cuts);
                    if are_counted(cuts, &floats) {
                        Way::Counted { cuts: cuts.clone(), zero_is_missing }
                    } else {
                        let marks = Marks::new(&floats);
                        Way::Near {
                            cuts: floats.into_iter().zip(cuts.iter().copied()).collect(),
                            marks,
                            zero_is_missing,
                        }
                    }
                }
            };
            (*feature as usize, way)
        };
        Self(wide.iter().map(way).collect())
    }

    /// Whether values are only rounded.
    pub(crate) fn is_rounding(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes the floats of whole rows of values over what rounding has made of them. What that has made infinite, and what was
    /// said to be missing, is left: the first is refused.
    pub(crate) fn narrow(&self, width: usize, wide: impl Fn(usize) -> f64, rows: &mut [f32]) {
        for (feature, way) in &self.0 {
            let own = rows[*feature..].iter_mut().step_by(width);
            for (row, narrow) in own.enumerate() {
                if narrow.is_finite() {
                    *narrow = way.narrow(wide(row * width + feature));
                }
            }
        }
    }
}

impl Way {
    #[inline]
    fn narrow(&self, value: f64) -> f32 {
        match self {
            Self::Single => nearest(value),
            // Beyond the categories that any set may have a float need not be exact.
            Self::Whole => value.trunc() as f32,
            // What is below 0 is no category.
            Self::Exact => Some(value as f32).filter(|value| value.fract() == 0.0).unwrap_or(-1.0),
            Self::Near { zero_is_missing, .. } | Self::Counted { zero_is_missing, .. }
                if *zero_is_missing && value.abs() <= NEARLY_ZERO =>
            {
                f32::NAN
            }
            Self::Near { cuts, marks, .. } => {
                let near = nearest(value) + 0.0;
                if !marks.may_have(near) {
                    return near;
                }
                match cuts.binary_search_by(|(float, _)| float.total_cmp(&near)) {
                    Ok(place) if value < cuts[place].1 => near.next_down(),
                    _ => near,
                }
            }
            Self::Counted { cuts, .. } => cuts.partition_point(|&cut| cut <= value) as f32,
        }
    }
}

/// Which floats may be among some: a bit for each of many hashes, so that hardly any other is searched for.
#[derive(Clone, Debug)]
struct Marks {
    bits: Vec<u64>,
    /// How far a hash is shifted to be a bit's place.
    shift: u32,
}

impl Marks {
    fn new(floats: &[f32]) -> Self {
        let places = (16 * floats.len()).next_power_of_two().clamp(64, 1 << 20);
        let mut marks = Self { bits: vec![0; places / 64], shift: 32 - places.trailing_zeros() };
        for float in floats {
            let place = marks.place(*float);
            marks.bits[place / 64] |= 1 << (place % 64);
        }
        marks
    }

    fn place(&self, float: f32) -> usize {
        // Knuth's multiplicative hashing: of a product the highest bits depend on all.
        (float.to_bits().wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }

    fn may_have(&self, float: f32) -> bool {
        let place = self.place(float);
        self.bits[place / 64] >> (place % 64) & 1 == 1
    }
}

/// Checks what a forest says of its features.
///
/// # Errors
/// `invalid_model`, naming the place in the list.
pub(crate) fn check(wide: &[Wide]) -> Result<()> {
    for (index, Wide { input, cuts, .. }) in wide.iter().enumerate() {
        let fault = if index > 0 && wide[index - 1].feature >= wide[index].feature {
            "its feature does not come after the one before"
        } else if cuts.iter().any(|cut| cut.is_nan()) || cuts.windows(2).any(|pair| pair[0] >= pair[1]) {
            "its cuts are not strictly ascending"
        } else if !cuts.is_empty() && !matches!(input, Input::Double { .. }) {
            "it has cuts of 64 bits, and its values are not"
        } else if cuts.len() > 1 << 24 {
            "it has too many cuts"
        } else {
            continue;
        };
        return Err(broken(fault, &[]).place("wide feature #", &[index]));
    }
    Ok(())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::random::cases;
    use proptest::prelude::*;

    /// Cuts as trainers have them: between data of two decimals, of whole numbers, of times; crowded; of any bits.
    fn cuts() -> impl Strategy<Value = Vec<f64>> {
        let cut = prop_oneof![
            (-500i32..3000).prop_map(|step| (f64::from(step) + 0.5) / 100.0),
            (-500i32..3000).prop_map(|step| f64::from(step) / 100.0),
            (-50i32..300).prop_map(|step| f64::from(step) + 0.5),
            (0i64..2000).prop_map(|step| 1.7e9 + step as f64),
            (0u64..400).prop_map(|step| f64::from_bits(1f64.to_bits() + step)),
            any::<u64>().prop_map(f64::from_bits).prop_filter("a number", |cut| !cut.is_nan()),
            Just(NEARLY_ZERO),
            Just(f64::INFINITY),
            Just(f64::NEG_INFINITY),
        ];
        prop::collection::vec(cut, 1..40).prop_map(|mut cuts| {
            cuts.sort_by(f64::total_cmp);
            cuts.dedup_by(|a, b| a == b);
            cuts
        })
    }

    fn values_near(cuts: &[f64]) -> impl Strategy<Value = f64> + use<> {
        let cuts = cuts.to_vec();
        let near = (0..cuts.len(), 0..7).prop_map(move |(rank, step)| {
            let cut = cuts[rank];
            match step {
                0 => cut,
                1 => cut.next_up(),
                2 => cut.next_down(),
                3 => f64::from(cut as f32),
                4 => f64::from((cut as f32).next_up()),
                5 => f64::from((cut as f32).next_down()),
                _ => f64::from((cut as f32).next_down()).midpoint(cut),
            }
        });
        prop_oneof![4 => near, 1 => any::<u64>().prop_map(f64::from_bits), 1 => Just(0.0), 1 => Just(-0.0)]
            .prop_filter("finite", |value| value.is_finite())
    }

    proptest! {
        #![proptest_config(cases(4096))]

        #[test]
        fn a_narrowed_value_answers_every_comparison_as_the_wide_one_does(
            (value, cuts) in cuts().prop_flat_map(|cuts| (values_near(&cuts), Just(cuts))),
        ) {
            let wide = Wide { feature: 0, input: Input::Double { zero_is_missing: false }, cuts: cuts.clone() };
            prop_assert!(check(std::slice::from_ref(&wide)).is_ok());
            let mut row = [value as f32];
            Narrowing::new(&[wide]).narrow(1, |_| value, &mut row);
            prop_assert!(row[0].is_finite());
            for (cut, float) in cuts.iter().zip(narrowed(&cuts)) {
                prop_assert!(float.is_finite());
                prop_assert_eq!(row[0] < float, value < *cut, "value {:e}, cut {:e}", value, cut);
            }
        }
    }

    fn narrow(input: Input, value: f64) -> f32 {
        let mut row = [value as f32];
        Narrowing::new(&[Wide { feature: 0, input, cuts: Vec::new() }]).narrow(1, |_| value, &mut row);
        row[0]
    }

    #[test]
    fn zero_is_missing_where_it_is_said_to_be() {
        for (value, is_missing) in [
            (0.0, true),
            (-0.0, true),
            (NEARLY_ZERO, true),
            (-1e-36, true),
            (NEARLY_ZERO.next_up(), false),
            (1.0, false),
        ] {
            assert_eq!(narrow(Input::Double { zero_is_missing: true }, value).is_nan(), is_missing, "{value:e}");
            assert!(!narrow(Input::Double { zero_is_missing: false }, value).is_nan());
        }
    }

    #[test]
    fn a_category_has_no_fraction() {
        for (value, whole) in
            [(-0.5, 0.0), (0.999_999_999_9, 0.0), (3.7, 3.0), (-1.0, -1.0), (16_777_215.5, 16_777_215.0)]
        {
            assert_eq!(narrow(Input::Whole, value), whole, "{value}");
        }
    }

    #[test]
    fn a_number_with_a_fraction_is_no_category_where_numbers_are_to_be_equal() {
        for (value, exact) in
            [(3.0, 3.0), (0.5, -1.0), (-0.5, -1.0), (-2.0, -2.0), (7.000_000_01, 7.0), (1e30, 1e30), (-0.0, 0.0)]
        {
            assert_eq!(narrow(Input::Exact, value), exact, "{value}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let wide = |feature, input, cuts: &[f64]| Wide { feature, input, cuts: cuts.to_vec() };
        let double = Input::Double { zero_is_missing: false };
        let fault = |wide: &[Wide]| check(wide).expect_err("a fault").to_string();
        assert!(fault(&[wide(1, double, &[]), wide(1, double, &[])]).contains("wide feature 1"));
        assert!(fault(&[wide(0, double, &[1.0, 1.0])]).contains("ascending"));
        assert!(fault(&[wide(0, double, &[f64::NAN])]).contains("ascending"));
        assert!(fault(&[wide(0, Input::Whole, &[1.0])]).contains("not"));
    }
}
