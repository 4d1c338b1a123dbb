//! Trees as the rest of the crate takes them: what LightGBM's splits ask, and how each feature's values are seen so that the
//! answers are LightGBM's.

use crate::error::{Result, invalid, quoted, unsupported};
use crate::forest::{MAX_CATEGORY, MissingSide};
use crate::import::source::{SourceNode, SourceTest, SourceTree};
use crate::narrowing::{self, Input};

/// What LightGBM takes for zero: everything from -`ZERO` to `ZERO`, whatever a feature's missing type.
const ZERO: f64 = narrowing::NEARLY_ZERO;

/// A split as the file has it; its children by their index in the tree's nodes.
pub(super) struct Split {
    pub(super) feature: i64,
    pub(super) test: Test,
    pub(super) missing: Missing,
    /// Whether what is missing goes left.
    pub(super) default_left: bool,
    pub(super) left: i64,
    pub(super) right: i64,
}

/// What a split sends left.
pub(super) enum Test {
    /// All numbers up to this one.
    AtMost(f64),
    /// These categories, ascending; anything else goes right, what is missing too.
    OneOf(Vec<u32>),
}

/// What is missing to a split on numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Missing {
    /// Nothing: `NaN` is 0.
    None,
    /// 0 and `NaN`.
    Zero,
    /// `NaN`.
    Nan,
}

/// The trees of a file, and what their splits ask of the features.
pub(super) struct Trees {
    trees: Vec<SourceTree>,
    uses: Vec<Use>,
    /// How many more categories may be listed.
    categories_left: usize,
}

/// What the splits on one feature ask.
#[derive(Clone, Copy, Default)]
struct Use {
    numbers: bool,
    categories: bool,
    /// Zero goes with what is missing where its number would not.
    zero_is_missing: bool,
    /// `NaN` goes where zero does not.
    zero_is_not_missing: bool,
}

impl Trees {
    /// None yet, of a model of so many features, in a file of so many bytes.
    pub(super) fn new(features: usize, bytes: usize) -> Self {
        /// Of categories, which a file can pack: eleven bytes of it may be 32.
        const MOST: usize = 1 << 23;
        Self {
            trees: Vec::new(),
            uses: vec![Use::default(); features],
            categories_left: bytes.saturating_mul(2).saturating_add(MOST),
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.trees.len()
    }

    /// One more of them.
    pub(super) fn add(&mut self, nodes: Vec<SourceNode>, values: Vec<f64>, covers: Vec<f64>) {
        self.trees.push(SourceTree { nodes, values, output: 0, covers });
    }

    /// The node that is this split.
    pub(super) fn node(&mut self, split: Split) -> Result<SourceNode> {
        let Split { feature, test, missing, default_left, left, right } = split;
        let Some(of_feature) = usize::try_from(feature).ok().and_then(|feature| self.uses.get_mut(feature)) else {
            return Err(invalid(format_args!("feature {feature} does not exist; the model has {}", self.uses.len())));
        };
        match test {
            Test::AtMost(threshold) => {
                // Up to infinity all numbers go left, as where only what is missing is told apart.
                if threshold.is_nan() {
                    return Err(invalid(format_args!("the threshold is {threshold}")));
                }
                let zero_goes_left = threshold >= 0.0;
                let missing_goes_left = if missing == Missing::None { zero_goes_left } else { default_left };
                let parts = missing_goes_left != zero_goes_left;
                of_feature.numbers = true;
                of_feature.zero_is_missing |= parts && missing == Missing::Zero;
                of_feature.zero_is_not_missing |= parts && missing == Missing::Nan;
                let side = if missing_goes_left { MissingSide::Left } else { MissingSide::Right };
                Ok(SourceNode::split(feature, SourceTest::Below(cut(threshold)), side, left, right))
            }
            Test::OneOf(categories) => {
                of_feature.categories = true;
                self.categories_left = match self.categories_left.checked_sub(categories.len()) {
                    Some(left) => left,
                    None => return Err(unsupported(format_args!("its sets hold more categories than can be listed"))),
                };
                if categories.last().is_some_and(|&last| last >= MAX_CATEGORY) {
                    return Err(unsupported(format_args!("a category is above {}", MAX_CATEGORY - 1)));
                }
                // Ours go right.
                let test = SourceTest::InSet(categories.into());
                Ok(SourceNode::split(feature, test, MissingSide::Left, right, left))
            }
        }
    }

    /// All of them, and how each feature's values are to be seen.
    ///
    /// # Errors
    /// `unsupported_model`, with the feature's name, for splits on one feature that see its values in two ways.
    pub(super) fn finish(self, names: &[String]) -> Result<(Vec<SourceTree>, Vec<Input>)> {
        let input = |(of_feature, name): (&Use, &String)| {
            let fault = |what| Err(unsupported(format_args!("the feature {} {what}", quoted(name))));
            match *of_feature {
                Use { numbers: true, categories: true, .. } => {
                    fault("is a number in some splits, and a category in others")
                }
                Use { zero_is_missing: true, zero_is_not_missing: true, .. } => {
                    fault("has a zero that is missing in some splits, and a number in others")
                }
                Use { categories: true, .. } => Ok(Input::Whole),
                Use { zero_is_missing, .. } => Ok(Input::Double { zero_is_missing }),
            }
        };
        let inputs = self.uses.iter().zip(names).map(input).collect::<Result<_>>()?;
        Ok((self.trees, inputs))
    }
}

/// The number below which all go left that LightGBM sends left: those up to the threshold, once what it takes for zero is 0.
fn cut(threshold: f64) -> f64 {
    if !(-ZERO..ZERO).contains(&threshold) {
        threshold.next_up()
    } else if threshold >= 0.0 {
        ZERO.next_up()
    } else {
        -ZERO
    }
}

/// The error for trees whose leaves are linear models.
#[cold]
pub(super) fn linear() -> crate::Error {
    unsupported(format_args!(
        "its leaves are linear models (linear_tree=true), which are not supported; train without linear_tree"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(threshold: f64, missing: Missing, default_left: bool) -> Split {
        Split { feature: 0, test: Test::AtMost(threshold), missing, default_left, left: 1, right: 2 }
    }

    fn category(categories: Vec<u32>) -> Split {
        Split { test: Test::OneOf(categories), ..number(0.0, Missing::None, false) }
    }

    /// The input of a feature that is asked so, or the error.
    fn input(splits: Vec<Split>) -> std::result::Result<Input, String> {
        let mut trees = Trees::new(1, 0);
        for split in splits {
            trees.node(split).map_err(|error| error.to_string())?;
        }
        trees.finish(&["age".to_owned()]).map(|(_, inputs)| inputs[0]).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_taken_for_zero_is_on_one_side() {
        assert_eq!(f64::from(ZERO as f32), ZERO);
        for threshold in
            [-1.0, -ZERO.next_up(), -ZERO, -1e-40, -0.0, 0.0, 1e-40, ZERO.next_down(), ZERO, ZERO.next_up(), 0.5]
        {
            let cut = cut(threshold);
            for x in [-2.0, -1.0, -ZERO.next_up(), -ZERO, -1e-36, -0.0, 0.0, 1e-39, ZERO, ZERO.next_up(), 0.5, 0.6_f64]
            {
                let seen = if x.abs() <= ZERO { 0.0 } else { x };
                assert_eq!(x < cut, seen <= threshold, "{x:e} at {threshold:e}");
            }
        }
    }

    #[test]
    fn what_is_missing_goes_where_lightgbm_sends_it() {
        let side = |split| match Trees::new(1, 0).node(split).expect("a split") {
            SourceNode::Split { missing, .. } => missing,
            _ => panic!("no split"),
        };
        // Where nothing is missing it is 0.
        assert_eq!(side(number(0.0, Missing::None, false)), MissingSide::Left);
        assert_eq!(side(number(-0.5, Missing::None, true)), MissingSide::Right);
        for missing in [Missing::Zero, Missing::Nan] {
            assert_eq!(side(number(0.5, missing, false)), MissingSide::Right);
            assert_eq!(side(number(-0.5, missing, true)), MissingSide::Left);
        }
    }

    #[test]
    fn zero_is_missing_where_some_split_needs_it() {
        let plain = Ok(Input::Double { zero_is_missing: false });
        let missing = Ok(Input::Double { zero_is_missing: true });
        assert_eq!(input(Vec::new()), plain);
        assert_eq!(input(vec![number(0.5, Missing::Zero, true), number(0.5, Missing::Nan, false)]), plain);
        assert_eq!(input(vec![number(0.5, Missing::Zero, false), number(-0.5, Missing::None, true)]), missing);
        assert_eq!(input(vec![number(0.5, Missing::Zero, false), number(0.5, Missing::Nan, true)]), missing);
        let refused = input(vec![number(0.5, Missing::Zero, false), number(0.5, Missing::Nan, false)]);
        let message = "the feature \"age\" has a zero that is missing in some splits, and a number in others";
        assert_eq!(refused, Err(message.to_owned()));
    }

    #[test]
    fn categories_go_right_with_us() {
        match Trees::new(1, 0).node(category(vec![1, 5])).expect("a split") {
            SourceNode::Split { test: SourceTest::InSet(set), missing, left, right, .. } => {
                assert_eq!((&*set, missing, left, right), (&[1, 5][..], MissingSide::Left, 2, 1));
            }
            _ => panic!("no set"),
        }
        assert_eq!(input(vec![category(vec![0])]), Ok(Input::Whole));
        let both = "the feature \"age\" is a number in some splits, and a category in others";
        assert_eq!(input(vec![category(vec![0]), number(0.0, Missing::None, true)]), Err(both.to_owned()));
        let large = input(vec![category(vec![MAX_CATEGORY])]);
        assert_eq!(large, Err("a category is above 16777215".to_owned()));
    }

    #[test]
    fn sets_are_no_longer_than_can_be_listed() {
        let mut trees = Trees::new(1, 0);
        trees.categories_left = 3;
        assert!(trees.node(category(vec![1, 2])).is_ok());
        let refused = trees.node(category(vec![1, 2])).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(refused, Err("its sets hold more categories than can be listed".to_owned()));
    }

    #[test]
    fn thresholds_are_numbers_and_features_exist() {
        let refused = input(vec![number(f64::NAN, Missing::None, true)]);
        assert_eq!(refused, Err("the threshold is NaN".to_owned()));
        assert_eq!([f64::INFINITY, f64::NEG_INFINITY].map(cut), [f64::INFINITY, f64::MIN]);
        for feature in [-1, 1] {
            let refused = input(vec![Split { feature, ..number(0.0, Missing::None, true) }]);
            assert_eq!(refused, Err(format!("feature {feature} does not exist; the model has 1")));
        }
    }
}
