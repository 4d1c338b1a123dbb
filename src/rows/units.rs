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
    kind: u8,
    zero: f64,
    size: f64,
}

/// Units whose factor does not depend on what is measured, each exact by definition: a line has the kind, the zero, the size and the
/// names. As a text they are a third of what they would be as a table.
const KNOWN: &str = "\
    0 0 12 year years yr yrs y a
    0 0 1 month months mo mos mon
    1 0 1 kg kilogram kilograms
    1 0 1e-3 g gram grams
    1 0 0.45359237 lb lbs pound pounds
    1 0 0.028349523125 oz ounce ounces
    2 0 1 m meter meters metre metres
    2 0 1e-2 cm
    2 0 1e-3 mm
    2 0 0.0254 in inch inches
    2 0 0.3048 ft foot feet
    3 0 133.322387415 mmhg
    3 0 1000 kpa
    3 0 1 pa
    4 0 1 °c degc celsius
    4 32 0.5555555555555556 °f degf fahrenheit
    4 273.15 1 k kelvin
    5 0 1e-2 % percent
    5 0 1 fraction share
    6 0 1 s sec second seconds
    6 0 60 min minute minutes
    6 0 3600 h hr hour hours
";

fn find(unit: &str) -> Option<Known> {
    let plain = plain(unit);
    for line in words::parts(KNOWN, '\n') {
        let parts = words::parts(line.trim_start(), ' ');
        if parts.iter().skip(3).any(|name| *name == plain) {
            let number = |place: usize| number::parse(&parts[place]).unwrap_or(f64::NAN);
            return Some(Known { kind: number(0) as u8, zero: number(1), size: number(2) });
        }
    }
    None
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
