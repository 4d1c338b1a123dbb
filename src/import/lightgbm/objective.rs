//! LightGBM's objectives: what each makes of a raw score.

use super::header::{self, Header};
use crate::error::{Result, invalid, quoted, unsupported};
use crate::link::{Link, OtherLink};

/// The link of an objective, as `binary sigmoid:1` names it, and what a raw score is multiplied by before it. All that the oracle
/// has asked, and no other. Without an objective an answer is its raw score.
///
/// # Errors
/// `unsupported_model`, by name; `invalid_model` if it does not fit the outputs.
pub(super) fn link(objective: Option<&str>, header: &Header) -> Result<(Link, f64)> {
    let Some(objective) = objective else { return Ok((Link::Identity, 1.0)) };
    let mut words = objective.split_ascii_whitespace();
    let name = words.next().unwrap_or("");
    let (mut classes, mut sigmoid, mut takes_root) = (None, None, false);
    for word in words {
        let known = match word.split_once(':') {
            None if word == "sqrt" => !std::mem::replace(&mut takes_root, true),
            Some(("num_class", text)) => classes.replace(header::number("num_class", text)?).is_none(),
            Some(("sigmoid", text)) => sigmoid.replace(slope(text)?).is_none(),
            _ => false,
        };
        if !known {
            return Err(refused(objective));
        }
    }
    // What each must say, and what it may.
    let (link, is_multiclass, has_sigmoid) = match name {
        "regression" | "regression_l1" | "fair" | "quantile" | "mape" if takes_root => {
            (Link::Other(OtherLink::SignedSquare), false, false)
        }
        "regression" | "regression_l1" | "huber" | "fair" | "quantile" | "mape" => (Link::Identity, false, false),
        "poisson" | "gamma" | "tweedie" => (Link::Exponential, false, false),
        "binary" => (Link::Logistic, false, true),
        "multiclass" => (Link::Softmax, true, false),
        "multiclassova" => (Link::Logistic, true, true),
        "cross_entropy" | "xentropy" => (Link::Logistic, false, false),
        "cross_entropy_lambda" | "xentlambda" if header.version < 4 => {
            return Err(unsupported(format_args!(
                "the objective {name} of LightGBM before 4 is not supported: it computes otherwise in 3.3 than before, and the \
                 file does not say which it was; load it with LightGBM 4, and save it again"
            )));
        }
        "cross_entropy_lambda" => (Link::Other(OtherLink::Softplus), false, false),
        "lambdarank" | "rank_xendcg" => (Link::Identity, false, false),
        _ => return Err(refused(objective)),
    };
    if takes_root && link != Link::Other(OtherLink::SignedSquare)
        || sigmoid.is_some() != has_sigmoid
        || classes.is_some() != is_multiclass
    {
        return Err(refused(objective));
    }
    if classes.unwrap_or(1) != header.outputs {
        return Err(invalid(format_args!("the objective {} with {} outputs", quoted(objective), header.outputs)));
    }
    // Random forests of LightGBM before 2.2.3 have probabilities in their leaves already.
    if header.averages && header.version == 2 && link != Link::Identity {
        return Err(unsupported(format_args!(
            "a random forest of the objective {name} in a file of version v2 is not supported: LightGBM 2.2.3 computes otherwise \
             than those before, and the file does not say which it was"
        )));
    }
    Ok((link, sigmoid.unwrap_or(1.0)))
}

#[cold]
fn refused(objective: &str) -> crate::Error {
    unsupported(format_args!("the objective {} is not supported", quoted(objective)))
}

/// The number that LightGBM reads here, which need not be the nearest: it takes what is before the point and what is behind it for
/// whole numbers, and adds them up in 64 bits.
fn slope(text: &str) -> Result<f64> {
    let fault = || invalid(format_args!("sigmoid is {}, not a number above 0", quoted(text)));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // Six digits are what it writes.
    if mantissa.len() > 17 || whole.is_empty() {
        return Err(fault());
    }
    let digits = |digits: &str| {
        let digit = |sum: f64, byte: u8| byte.is_ascii_digit().then(|| sum * 10.0 + f64::from(byte - b'0'));
        digits.bytes().try_fold(0.0, digit).ok_or_else(fault)
    };
    let power = |power: usize| (0..power).fold(1.0, |product, _| product * 10.0);
    let value = digits(whole)? + digits(fraction)? / power(fraction.len());
    let exponent: i32 = exponent.parse().ok().filter(|power| (-22..=22).contains(power)).ok_or_else(fault)?;
    let scale = power(exponent.unsigned_abs() as usize);
    let value = if exponent < 0 { value / scale } else { value * scale };
    if value > 0.0 { Ok(value) } else { Err(fault()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(version: u8, outputs: usize, averages: bool) -> Header {
        Header {
            version,
            outputs,
            objective: None,
            averages,
            feature_names: Vec::new(),
            values: Vec::new(),
            pandas_categories: Vec::new(),
        }
    }

    fn of(objective: &str, version: u8, outputs: usize, averages: bool) -> std::result::Result<(Link, f64), String> {
        link(Some(objective), &header(version, outputs, averages)).map_err(|error| error.to_string())
    }

    #[test]
    fn each_objective_has_its_link() {
        for (objective, outputs, expected) in [
            ("regression", 1, (Link::Identity, 1.0)),
            ("regression sqrt", 1, (Link::Other(OtherLink::SignedSquare), 1.0)),
            ("regression_l1", 1, (Link::Identity, 1.0)),
            ("regression_l1 sqrt", 1, (Link::Other(OtherLink::SignedSquare), 1.0)),
            ("huber", 1, (Link::Identity, 1.0)),
            ("fair", 1, (Link::Identity, 1.0)),
            ("quantile", 1, (Link::Identity, 1.0)),
            ("mape", 1, (Link::Identity, 1.0)),
            ("poisson", 1, (Link::Exponential, 1.0)),
            ("gamma", 1, (Link::Exponential, 1.0)),
            ("tweedie", 1, (Link::Exponential, 1.0)),
            ("binary sigmoid:1", 1, (Link::Logistic, 1.0)),
            ("binary sigmoid:2.5", 1, (Link::Logistic, 2.5)),
            ("multiclass num_class:3", 3, (Link::Softmax, 1.0)),
            ("multiclassova num_class:4 sigmoid:0.7", 4, (Link::Logistic, 0.7)),
            ("cross_entropy", 1, (Link::Logistic, 1.0)),
            ("cross_entropy_lambda", 1, (Link::Other(OtherLink::Softplus), 1.0)),
            ("lambdarank", 1, (Link::Identity, 1.0)),
            ("rank_xendcg", 1, (Link::Identity, 1.0)),
        ] {
            assert_eq!(of(objective, 4, outputs, false), Ok(expected), "{objective}");
        }
        assert_eq!(link(None, &header(4, 3, false)), Ok((Link::Identity, 1.0)));
    }

    #[test]
    fn what_nobody_has_compared_is_refused_by_name() {
        for objective in [
            "",
            "custom",
            "mse",
            "huber sqrt",
            "poisson sqrt",
            "regression sqrt sqrt",
            "regression root",
            "binary",
            "binary sigmoid:1 sigmoid:1",
            "regression sigmoid:1",
            "multiclass",
            "lambdarank num_class:1",
        ] {
            assert_eq!(
                of(objective, 4, 1, false),
                Err(format!("the objective {} is not supported", quoted(objective)))
            );
        }
        let other = of("multiclass num_class:3", 4, 2, false).expect_err("two outputs");
        assert_eq!(other, "the objective \"multiclass num_class:3\" with 2 outputs");
        assert!(of("cross_entropy_lambda", 3, 1, false).expect_err("an old one").contains("3.3"));
        assert!(of("binary sigmoid:1", 2, 1, true).expect_err("an old one").contains("2.2.3"));
        assert_eq!(of("regression", 2, 1, true), Ok((Link::Identity, 1.0)));
    }

    #[test]
    fn the_slope_is_what_lightgbm_reads() {
        let read = |text| slope(text).map_err(|error| error.to_string());
        for (text, expected) in [("1", 1.0), ("0.1", 0.1), ("2.3", 2.3), ("1e-05", 1e-5), ("1.5e+06", 1.5e6)] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        for text in ["", "0", "-1", "nan", "1e", "1e99", "1.2.3", ".", "x", "1234567890123456789"] {
            assert_eq!(read(text), Err(format!("sigmoid is {}, not a number above 0", quoted(text))));
        }
    }
}
