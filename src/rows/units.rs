//! Units that a column may be in, and what makes the model's unit of them.

use serde::{Deserialize, Serialize};

use super::letters;
use super::words;
use crate::number;

/// What makes a number in the model's unit of one in another: `(value - minus) * times`, rounded to as many decimals as the
/// model's training data has. The trees' cuts are numbers of that data: 105.93 would be on another side of 106 than
/// the 106 that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// What is taken off first.
    #[serde(default)]
    pub minus: f64,
    /// What the difference is multiplied by.
    pub times: f64,
}

impl Conversion {
    /// The value in the model's unit, rounded to so many decimals if they are known. `NaN` stays what it is.
    pub fn convert(self, value: f64, decimals: Option<u8>) -> f64 {
        let exact = (value - self.minus) * self.times;
        match decimals {
            Some(decimals) if exact.is_finite() => rounded(exact, decimals),
            _ => exact,
        }
    }
}

/// The number of so many decimals that is nearest; of two as near, the one further from zero, as JavaScript's `toFixed` takes it.
fn rounded(value: f64, decimals: u8) -> f64 {
    let nearest = steps(value.abs(), decimals).and_then(|steps| {
        number::parse(&words::filled("{}e-{}", &[&number::digits_of(steps), &number::digits_of(decimals.into())]))
    });
    nearest.unwrap_or(value).copysign(value)
}

/// How many steps of so many decimals a number without a sign is, to the nearest, half a step up. None where it is as many that 64
/// bits do not hold them: its own steps are larger then, and it is the nearest itself; and where decimals are more than 22. In whole numbers, so exact; and what formats floats
/// would be a quarter of a page's reader of rows.
pub(super) fn steps(magnitude: f64, decimals: u8) -> Option<u64> {
    let bits = magnitude.to_bits();
    let (exponent, fraction) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
    // The number is `mantissa` times two to the power of `-shift`.
    let (mantissa, shift) = if exponent == 0 { (fraction, 1074) } else { (fraction | 1 << 52, 1075 - exponent) };
    if decimals > 22 || shift < 1 {
        // With these whole numbers are left as they are.
        return None;
    }
    // Less than 2^127.
    let scaled = u128::from(mantissa) * 10_u128.pow(decimals.into());
    let steps = if shift < 128 { (scaled + (1 << (shift - 1))) >> shift } else { 0 };
    steps.try_into().ok()
}

/// A unit's text reduced to what tells it from others.
pub(super) fn plain(unit: &str) -> String {
    let kept = unit.chars().map(|character| match character {
        // The two signs for micro, and the letter that stands for them.
        'µ' | 'μ' => 'u',
        '²' => '2',
        '³' => '3',
        other => letters::lower(other),
    });
    kept.filter(|character| !character.is_whitespace() && !matches!(character, '.' | '^' | '*')).collect()
}

/// A unit of this kind, and how much of the kind's first one unit of it is; of temperatures also where its zero is.
struct Known {
    names: &'static [&'static str],
    kind: u8,
    zero: f64,
    size: f64,
}

const fn known(names: &'static [&'static str], kind: u8, size: f64) -> Known {
    Known { names, kind, zero: 0.0, size }
}

/// Units whose factor does not depend on what is measured, each exact by definition.
const KNOWN: [Known; 22] = [
    known(&["year", "years", "yr", "yrs", "y", "a"], 0, 12.0),
    known(&["month", "months", "mo", "mos", "mon"], 0, 1.0),
    known(&["kg", "kilogram", "kilograms"], 1, 1.0),
    known(&["g", "gram", "grams"], 1, 1e-3),
    known(&["lb", "lbs", "pound", "pounds"], 1, 0.453_592_37),
    known(&["oz", "ounce", "ounces"], 1, 0.028_349_523_125),
    known(&["m", "meter", "meters", "metre", "metres"], 2, 1.0),
    known(&["cm"], 2, 1e-2),
    known(&["mm"], 2, 1e-3),
    known(&["in", "inch", "inches"], 2, 0.0254),
    known(&["ft", "foot", "feet"], 2, 0.3048),
    // The conventional millimetre of mercury.
    known(&["mmhg"], 3, 133.322_387_415),
    known(&["kpa"], 3, 1000.0),
    known(&["pa"], 3, 1.0),
    Known { names: &["°c", "degc", "celsius"], kind: 4, zero: 0.0, size: 1.0 },
    Known { names: &["°f", "degf", "fahrenheit"], kind: 4, zero: 32.0, size: 5.0 / 9.0 },
    Known { names: &["k", "kelvin"], kind: 4, zero: 273.15, size: 1.0 },
    known(&["%", "percent"], 5, 1e-2),
    known(&["fraction", "share"], 5, 1.0),
    known(&["s", "sec", "second", "seconds"], 6, 1.0),
    known(&["min", "minute", "minutes"], 6, 60.0),
    known(&["h", "hr", "hour", "hours"], 6, 3600.0),
];

fn find(unit: &str) -> Option<&'static Known> {
    let plain = plain(unit);
    KNOWN.iter().find(|known| known.names.contains(&plain.as_str()))
}

/// What makes `to` of `from`, where both are units of one kind, whatever is measured.
pub(super) fn between(from: &str, to: &str) -> Option<Conversion> {
    let (from, to) = (find(from)?, find(to)?);
    // Of two scales with zeros of their own the first's zero is counted in the first's degrees.
    (from.kind == to.kind)
        .then(|| Conversion { minus: from.zero - to.zero * to.size / from.size, times: from.size / to.size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_one_kind_are_converted() {
        let convert = |value, from, to| between(from, to).map(|conversion| conversion.convert(value, Some(4)));
        assert_eq!(convert(264.0, "months", "years"), Some(22.0));
        assert_eq!(convert(10.0, "kPa", "mm Hg"), Some(75.0062));
        assert_eq!(convert(150.0, "lb", "kg"), Some(68.0389));
        assert_eq!(convert(98.6, "°F", "°C"), Some(37.0));
        assert_eq!(convert(37.0, "°C", "°F"), Some(98.6));
        assert_eq!(convert(0.0, "K", "°C"), Some(-273.15));
        assert_eq!(convert(37.0, "C.", "°C"), None);
        assert_eq!(convert(1.0, "kg", "m"), None);
        assert_eq!(convert(1.0, "mmol/L", "mg/dL"), None);
        assert_eq!(convert(f64::NAN, "kg", "g").map(f64::is_nan), Some(true));
    }

    #[test]
    fn numbers_are_rounded_as_the_form_rounds_them() {
        for (value, decimals, expected) in [
            (106.294_4, 0, 106.0),
            (0.5, 0, 1.0),
            (2.5, 0, 3.0),
            (-2.5, 0, -3.0),
            (1.005, 2, 1.0),
            (0.125, 2, 0.13),
            (22.000_000_000_000_004, 0, 22.0),
            (1e300, 2, 1e300),
        ] {
            assert_eq!(rounded(value, decimals), expected, "{value} {decimals}");
        }
    }

    #[test]
    fn units_are_compared_without_their_writing() {
        for (one, other) in [("mm Hg", "mmHg"), ("µU/mL", "uU/ml"), ("μU/mL", "µu/mL"), ("kg/m²", "kg/m^2")] {
            assert_eq!(plain(one), plain(other));
        }
    }
}
