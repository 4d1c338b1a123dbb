//! XGBoost's objectives: what each makes of a margin, and of `base_score`.

use super::version::Version;
use crate::elementary::SMALLEST_GAP;
use crate::error::{Result, invalid, quoted, unsupported};
use crate::import::decimal::Decimal;
use crate::import::elementary::{log, softplus_inverse};
use crate::link::Link;

/// One of XGBoost's objectives.
#[derive(Clone, Copy)]
pub(super) struct Objective {
    link: Link,
    base: Base,
}

/// What `base_score` is before it becomes a margin.
#[derive(Clone, Copy, PartialEq)]
enum Base {
    /// The margin itself.
    Margin,
    /// A probability.
    Probability,
    /// An amount, to which e to the margin is equal.
    Amount,
    /// The margin of the first output, and what the softplus of each further one's makes the next expectile of.
    Expectiles,
}

impl Objective {
    /// The objective of this name, as this version has it. All that the oracle has asked, and no other.
    ///
    /// # Errors
    /// `unsupported_model`, by name: a custom objective's link is in no file.
    pub(super) fn named(name: &str, version: Version) -> Result<Self> {
        let (link, base) = match name {
            "binary:logistic" | "reg:logistic" if !version.caps_logistic() => {
                (Link::UncappedLogistic, Base::Probability)
            }
            "binary:logistic" | "reg:logistic" => (Link::Logistic, Base::Probability),
            "binary:logitraw" if version.takes_raw_base_for_probability() => (Link::Identity, Base::Probability),
            "binary:logitraw" => (Link::Identity, Base::Margin),
            "binary:hinge" => (Link::Hinge, Base::Margin),
            "multi:softprob" => (Link::Softmax, Base::Margin),
            "multi:softmax" => (Link::Class, Base::Margin),
            "reg:quantileerror" if version.sorts_quantiles() => (Link::Sorted, Base::Margin),
            "reg:squarederror"
            | "reg:linear"
            | "reg:squaredlogerror"
            | "reg:pseudohubererror"
            | "reg:absoluteerror"
            | "reg:quantileerror"
            | "rank:pairwise"
            | "rank:ndcg"
            | "rank:map" => (Link::Identity, Base::Margin),
            "count:poisson" | "reg:gamma" | "reg:tweedie" | "survival:cox" | "survival:aft" => {
                (Link::Exponential, Base::Amount)
            }
            "reg:expectileerror" => (Link::Expectiles, Base::Expectiles),
            _ => {
                return Err(unsupported(format_args!(
                    "the objective {} is not supported; a custom one is in no file",
                    quoted(name)
                )));
            }
        };
        Ok(Self { link, base })
    }

    /// The link of a model of so many outputs.
    pub(super) fn link(self, output_count: usize) -> Link {
        match self.link {
            // The only one, or the first expectile, is its margin.
            Link::Expectiles | Link::Sorted if output_count == 1 => Link::Identity,
            link => link,
        }
    }

    /// The margins that the trees are added to: one number in a string, since 3.1 a vector in a string, where one
    /// number serves every output. The logarithms are the C library's, as XGBoost's are.
    pub(super) fn base_margins(self, text: &str, output_count: usize, version: Version) -> Result<Vec<f32>> {
        let fault = |wanted| invalid(format_args!("base_score {} is not {wanted}", quoted(text)));
        let inner = match text.trim().strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').ok_or_else(|| fault("a list of numbers"))?,
            None => text,
        };
        let mut margins = Vec::new();
        for score in inner.split(',') {
            let score = f32::of_text(score.trim()).filter(|score| score.is_finite());
            let score = score.ok_or_else(|| fault("a finite number or a list of them"))?;
            margins.push(match self.base {
                Base::Margin | Base::Expectiles => score,
                Base::Probability if !(0.0..=1.0).contains(&score) => {
                    return Err(fault("a probability between 0 and 1"));
                }
                Base::Probability => {
                    const MARGIN_OF_SAFETY: f32 = 1e-6;
                    let score = if version.clamps_base() || score == 0.0 || score == 1.0 {
                        score.clamp(MARGIN_OF_SAFETY, 1.0 - MARGIN_OF_SAFETY)
                    } else {
                        score
                    };
                    -log(1.0 / score - 1.0)
                }
                Base::Amount if score <= 0.0 => return Err(fault("above 0, as the objective needs it")),
                Base::Amount => log(score),
            });
        }
        if margins.len() == 1 {
            margins.resize(output_count, margins[0]);
        }
        if margins.len() != output_count {
            return Err(invalid(format_args!("base_score has {} numbers for {output_count} outputs", margins.len())));
        }
        if self.base == Base::Expectiles {
            for place in (1..output_count).rev() {
                margins[place] = softplus_inverse((margins[place] - margins[place - 1]) - SMALLEST_GAP);
            }
        }
        Ok(margins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(numbers: [i64; 3]) -> Version {
        Version::of(Some(&numbers)).expect("a version")
    }

    /// What XGBoost 3.2 makes of these base scores in a file.
    #[test]
    fn base_scores_become_xgboosts_margins() {
        let logistic = Objective::named("binary:logistic", version([3, 2, 0])).expect("an objective");
        for (text, margin) in [
            ("[5E-1]", -0.0),
            ("5E-1", -0.0),
            ("[0]", -13.815_51),
            ("[1E-8]", -13.815_51),
            ("[1E-6]", -13.815_51),
            ("[1.1E-6]", -13.720_2),
            ("[9.9999E-1]", 11.511_568),
            ("[9.99999E-1]", 13.745_16),
            ("[1]", 13.745_16),
        ] {
            let margins = logistic.base_margins(text, 1, version([3, 2, 0])).expect("a base score");
            assert_eq!(margins[0].to_bits(), f32::to_bits(margin), "{text}");
        }
    }

    #[test]
    fn one_base_score_serves_every_output() {
        let softprob = Objective::named("multi:softprob", version([3, 2, 0])).expect("an objective");
        assert_eq!(softprob.base_margins("5E-1", 3, version([2, 1, 4])), Ok(vec![0.5; 3]));
        assert_eq!(softprob.base_margins("[1,2,3]", 3, version([3, 2, 0])), Ok(vec![1.0, 2.0, 3.0]));
        let error = softprob.base_margins("[1,2]", 3, version([3, 2, 0])).expect_err("two for three");
        assert_eq!(error.to_string(), "base_score has 2 numbers for 3 outputs");
    }

    #[test]
    fn each_objective_has_its_link() {
        let link = |name, numbers, outputs| Objective::named(name, version(numbers)).map(|named| named.link(outputs));
        for (name, expected) in [
            ("reg:squarederror", Link::Identity),
            ("reg:linear", Link::Identity),
            ("reg:squaredlogerror", Link::Identity),
            ("reg:pseudohubererror", Link::Identity),
            ("reg:absoluteerror", Link::Identity),
            ("reg:quantileerror", Link::Identity),
            ("rank:pairwise", Link::Identity),
            ("rank:ndcg", Link::Identity),
            ("rank:map", Link::Identity),
            ("binary:logitraw", Link::Identity),
            ("binary:logistic", Link::Logistic),
            ("reg:logistic", Link::Logistic),
            ("binary:hinge", Link::Hinge),
            ("multi:softprob", Link::Softmax),
            ("multi:softmax", Link::Class),
            ("count:poisson", Link::Exponential),
            ("reg:gamma", Link::Exponential),
            ("reg:tweedie", Link::Exponential),
            ("survival:cox", Link::Exponential),
            ("survival:aft", Link::Exponential),
            ("reg:expectileerror", Link::Expectiles),
        ] {
            assert_eq!(link(name, [3, 3, 0], 3), Ok(expected), "{name}");
        }
        for name in ["binary:logistic", "reg:logistic"] {
            assert_eq!(link(name, [1, 5, 2], 1), Ok(Link::UncappedLogistic));
            assert_eq!(link(name, [1, 6, 2], 1), Ok(Link::Logistic));
        }
        assert_eq!(link("reg:quantileerror", [3, 4, 0], 3), Ok(Link::Sorted));
        // One number is sorted, and adds up, by itself.
        assert_eq!(link("reg:quantileerror", [3, 4, 0], 1), Ok(Link::Identity));
        assert_eq!(link("reg:expectileerror", [3, 4, 0], 1), Ok(Link::Identity));
        assert_eq!(link("multi:softmax", [3, 4, 0], 1), Ok(Link::Class));
        for other in ["", "binary:logistics", "reg:SquaredError"] {
            assert!(link(other, [3, 4, 0], 1).is_err(), "{other}");
        }
    }

    #[test]
    fn base_scores_that_no_version_takes_are_refused() {
        let base = |name, text, numbers| {
            let version = version(numbers);
            let margins = Objective::named(name, version).and_then(|named| named.base_margins(text, 1, version));
            margins.map(|margins| margins[0]).map_err(|error| error.to_string())
        };
        for text in ["-1E-6", "1.1", "2"] {
            let expected = format!("base_score \"{text}\" is not a probability between 0 and 1");
            assert_eq!(base("binary:logistic", text, [3, 2, 0]), Err(expected));
        }
        for text in ["0", "-0.5"] {
            let expected = format!("base_score \"{text}\" is not above 0, as the objective needs it");
            assert_eq!(base("count:poisson", text, [3, 2, 0]), Err(expected));
        }
        assert_eq!(base("count:poisson", "1", [3, 2, 0]), Ok(0.0));
        for text in ["", "nan", "inf", "x", "[0.5,]"] {
            let error = base("reg:squarederror", text, [3, 2, 0]).expect_err(text);
            assert!(error.ends_with("is not a finite number or a list of them"), "{error}");
        }
        assert_eq!(
            base("reg:squarederror", "[1", [3, 2, 0]),
            Err("base_score \"[1\" is not a list of numbers".to_owned())
        );
        // The raw logit's was a probability, before 1.3.
        assert_eq!(base("binary:logitraw", "0.25", [1, 3, 3]), Ok(0.25));
        assert_eq!(base("binary:logitraw", "0.25", [1, 2, 1]), Ok(-1.098_612_3));
    }

    #[test]
    fn a_base_score_near_0_or_1_is_kept_away_since_3_2() {
        let base = |text, numbers| {
            let version = version(numbers);
            Objective::named("binary:logistic", version).and_then(|named| named.base_margins(text, 1, version))
        };
        // 0 and 1 themselves were refused before; a file that has them is read as later versions read it.
        for (text, before, since) in
            [("1E-8", -18.420_681, -13.815_51), ("0", -13.815_51, -13.815_51), ("1", 13.745_16, 13.745_16)]
        {
            assert_eq!(base(text, [3, 1, 3]), Ok(vec![before]), "{text}");
            assert_eq!(base(text, [3, 2, 0]), Ok(vec![since]), "{text}");
        }
    }
}
