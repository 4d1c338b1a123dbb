//! Decimal text ↔ numbers, rounded correctly both ways.

/// The number that a text is: what Python's `float` gives it, for every text accepted here. `None` for what is no number
/// in ASCII; infinite for `inf` and for what is beyond 64-bit floats.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let (negative, rest) = signed(text);
    let magnitude = if rest.eq_ignore_ascii_case("nan") {
        f64::NAN
    } else if rest.eq_ignore_ascii_case("inf") || rest.eq_ignore_ascii_case("infinity") {
        f64::INFINITY
    } else if is_decimal(rest) {
        magnitude_of(rest)
    } else {
        return None;
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// The finite number that a text of ASCII is, as [`parse`] reads it: what cells of tables are. `None` for other texts, some of which
/// [`parse`] reads.
#[cfg(feature = "rows")]
#[inline]
pub(crate) fn plain(text: &[u8]) -> Option<f64> {
    /// Each is exact, and so is a whole number below 2^53: of the two a division makes the nearest float.
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    // With at most fifteen digits.
    if digits.len() > 16 {
        return None;
    }
    let (mut whole, mut count, mut point) = (0_u64, 0, None);
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            whole = 10 * whole + u64::from(digit);
            count += 1;
        } else if byte == b'.' && point.is_none() {
            point = Some(count);
        } else {
            return None;
        }
    }
    if count == 0 || count > 15 {
        return None;
    }
    let magnitude = whole as f64 / POWERS[count - point.unwrap_or(count)];
    Some(if is_negative { -magnitude } else { magnitude })
}

/// The number that a decimal without a sign is.
fn magnitude_of(text: &str) -> f64 {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(end) => (&text[..end], &text[end + 1..]),
        None => (text, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // As the parser wants them.
    let whole = whole.trim_start_matches('0').as_bytes();
    let fraction = fraction.trim_end_matches('0').as_bytes();
    minimal_lexical::parse_float(whole.iter(), fraction.iter(), power_of(exponent))
}

/// What the text behind an `e` says; far beyond what a float holds if it says more.
fn power_of(exponent: &str) -> i32 {
    let (is_negative, digits) = signed(exponent);
    let power = digits.bytes().fold(0_i32, |power, digit| (10 * power + i32::from(digit - b'0')).min(100_000_000));
    if is_negative { -power } else { power }
}

/// A whole number in decimal. The standard library's way to it is most of what formats texts, which the page's modules do without.
pub(crate) fn push_digits(out: &mut Vec<u8>, number: u64) {
    if number > 9 {
        push_digits(out, number / 10);
    }
    out.push(b'0' + (number % 10) as u8);
}

/// The same as a text.
pub(crate) fn digits_of(number: u64) -> String {
    let mut out = Vec::new();
    push_digits(&mut out, number);
    out.into_iter().map(char::from).collect()
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// `12`, `12.`, `.5`, `1.5e-3`: the one form that every platform's parser takes alike.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(signed(exponent).1)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(whole)
        && are_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|digits| !digits.is_empty() && are_digits(digits))
}

/// The fewest digits that read back as the same 32-bit float, laid out as Python's `str` of a numpy `float32`:
/// `0.5`, `3.0`, `9.1e-05`. Also a JSON number, where the value is finite.
///
/// Where two such decimals are equally near, numpy takes the even one and so does `ryu` (200,000 floats compared); the
/// standard library and JavaScript take the larger, in 2 floats of 1000.
pub fn decimal(value: f32) -> String {
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format(value);
    // Between these both lay a number out alike; zero and what is beyond 1e13 have another way below.
    if !value.is_finite() || (1e-4..1e13).contains(&f64::from(value.abs())) {
        return text.to_owned();
    }
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => ("-", text),
        None => ("", text),
    };
    // All digits without zeros in front, and where the point is among them.
    let mut digits = String::new();
    let (mut point, mut fraction, mut exponent) = (0, false, "0");
    for (index, character) in text.char_indices() {
        match character {
            '.' => fraction = true,
            'e' => {
                exponent = text.get(index + 1..).unwrap_or("0");
                break;
            }
            '0' if digits.is_empty() => point -= i32::from(fraction),
            digit => {
                digits.push(digit);
                point += i32::from(!fraction);
            }
        }
    }
    let digits = digits.trim_end_matches('0');
    point += power_of(exponent);

    let mut out = String::from(sign);
    let push_zeros = |out: &mut String, count: i32| (0..count).for_each(|_| out.push('0'));
    if digits.is_empty() {
        out.push_str("0.0");
    } else if f64::from(value.abs()) >= 1e-4 && point <= 16 {
        // numpy's bounds: from 1e-4 up to below 1e16 there is no exponent. The float nearest to 1e-4 lies below it.
        let (whole, fraction) = digits.split_at_checked(point.max(0) as usize).unwrap_or((digits, ""));
        out.push_str(if point <= 0 { "0" } else { whole });
        push_zeros(&mut out, point - digits.len() as i32);
        out.push('.');
        push_zeros(&mut out, -point);
        out.push_str(if fraction.is_empty() { "0" } else { fraction });
    } else {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        let power = point - 1;
        out.push_str(if power < 0 { "e-" } else { "e+" });
        push_zeros(&mut out, i32::from(power.abs() < 10));
        out.push_str(&digits_of(power.unsigned_abs().into()));
    }
    out
}

/// A number for people: as [`decimal`], without the `.0` of a whole one.
pub(crate) fn shown(value: f64) -> String {
    let text = decimal(value as f32);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_number_is_none() {
        for text in
            ["", ".", "+", "-", "e5", "1e", "1e+", "1.2.3", "1 2", "0x1", "1_0", "--1", "٧", "in", "infin", "1e5 "]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    fn same(text: &str) {
        let standard: f64 = text.parse().expect("the standard library reads it");
        let ours = parse(text).expect("so do we");
        assert!(
            ours.to_bits() == standard.to_bits() || ours.is_nan() && standard.is_nan(),
            "{text}: {ours:e}, {standard:e}"
        );
    }

    #[test]
    fn edges_are_as_in_the_standard_library() {
        for text in [
            "0",
            "-0",
            "0.0",
            "00",
            "5.",
            ".5",
            "+1",
            "1E5",
            "1e-5",
            "nan",
            "-NaN",
            "inf",
            "-Infinity",
            "1e400",
            "-1e400",
            "1e-400",
            "5e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "9007199254740993",
            "9007199254740992.99999999999999999999",
            "0e999999999999",
            "1e999999999999",
            "1e-999999999999",
            "0.000000000000000000000000000000000000000000000000001e51",
        ] {
            same(text);
        }
        same(&format!("{}e-400", "9".repeat(800)));
        same(&format!("0.{}1e700", "0".repeat(700)));
    }

    #[cfg(feature = "rows")]
    #[test]
    fn plain_numbers_are_what_cells_are_made_of() {
        for text in
            ["0", "-0", "1.", ".5", "106", "34.2", "-999", "123456789012345", "0.12345678901234", "-.00000000000001"]
        {
            assert_eq!(plain(text.as_bytes()).map(f64::to_bits), parse(text).map(f64::to_bits), "{text}");
        }
        for other in
            ["", "-", ".", "-.", "1e5", "+1", "1 ", "1.2.3", "1234567890123456", "0.1234567890123456", "nan", "--1"]
        {
            assert_eq!(plain(other.as_bytes()), None, "{other}");
        }
    }

    proptest! {
        #[cfg(feature = "rows")]
        #[test]
        fn plain_numbers_are_read_alike(text in "[-+]?[-+.eE0-9]{0,12}", long in "-?[0-9]{0,16}(\\.[0-9]{0,16})?") {
            for text in [text, long] {
                if let Some(number) = plain(text.as_bytes()) {
                    prop_assert_eq!(Some(number.to_bits()), parse(&text).map(f64::to_bits), "{}", text);
                }
            }
        }

        #[test]
        fn parsing_is_as_in_the_standard_library(text in "[+-]?[0-9]{0,25}[0-9](\\.[0-9]{0,25})?([eE][+-]?[0-9]{1,3})?") {
            same(&text);
        }

        #[test]
        fn every_float_reads_back(bits in any::<u32>()) {
            let value = f32::from_bits(bits);
            prop_assume!(value.is_finite());
            let text = decimal(value);
            prop_assert_eq!(text.parse::<f32>().expect("a number").to_bits(), bits, "{}", text);
            // No shorter than the standard library's shortest.
            let digits = |text: &str| {
                let mantissa = text.split('e').next().unwrap_or("").replace(['.', '-'], "");
                mantissa.trim_matches('0').len()
            };
            prop_assert_eq!(digits(&text), digits(&format!("{value:e}")), "{}", text);
            prop_assert_eq!(parse(&text).map(|wide| wide as f32), Some(value));
        }
    }
}
