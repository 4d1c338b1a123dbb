//! Decimal text ↔ numbers, rounded correctly both ways.

/// The number that a text is: what Python's `float` gives it, for every text accepted here. `None` for what is no number
/// in ASCII; infinite for `inf` and for what is beyond 64-bit floats.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let (is_negative, rest) = signed(text.as_bytes());
    let magnitude = if rest.eq_ignore_ascii_case(b"nan") {
        f64::NAN
    } else if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        f64::INFINITY
    } else {
        magnitude_of(rest)?
    };
    Some(if is_negative { -magnitude } else { magnitude })
}

/// As [`parse`], the nearest float of 32 bits.
#[cfg(feature = "import")]
pub(crate) fn single(text: &str) -> Option<f32> {
    // Half way between two of 32 bits, of which the nearest of 64 bits does not tell on which side of it the number is; or below
    // those of full precision.
    const HALF: u64 = 1 << 28;
    let wide = parse(text)?;
    let is_half = wide.to_bits() & (2 * HALF - 1) == HALF;
    if wide == 0.0 || !wide.is_finite() || !is_half && wide.abs() >= f64::from(f32::MIN_POSITIVE) {
        return Some(wide as f32);
    }
    let (is_negative, rest) = signed(text.as_bytes());
    let (mantissa, power, _) = parts_of(rest)?;
    let magnitude = f32::from_bits(Whole::of_digits(mantissa, power, SINGLE) as u32);
    Some(if is_negative { -magnitude } else { magnitude })
}

/// Each is exact, and so is a whole number up to 2^53: of the two a multiplication or a division makes the nearest float.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// The finite number that a text of ASCII is, as [`parse`] reads it: what cells of tables are. `None` for other texts, some of which
/// [`parse`] reads.
#[cfg(feature = "rows")]
#[inline]
pub(crate) fn plain(text: &[u8]) -> Option<f64> {
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

/// The number that a decimal without a sign is: `12`, `12.`, `.5`, `1.5e-3`, the one form that every platform's parser takes alike.
fn magnitude_of(text: &[u8]) -> Option<f64> {
    let (mantissa, power, whole) = parts_of(text)?;
    let factor = POWERS.get(power.unsigned_abs() as usize);
    Some(match factor {
        Some(factor) if whole <= 1 << 53 => {
            if power < 0 {
                whole as f64 / factor
            } else {
                whole as f64 * factor
            }
        }
        _ => f64::from_bits(Whole::of_digits(mantissa, power, DOUBLE)),
    })
}

/// The digits of a decimal without a sign, a point among them or none; the power of ten that they are to be multiplied by as a whole
/// number; and the first of them as one.
#[inline(always)]
fn parts_of(text: &[u8]) -> Option<(&[u8], i32, u64)> {
    let (mut whole, mut power, mut count, mut is_fraction, mut mantissa) = (0_u64, 0, 0, false, text);
    for (place, &byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                count += 1;
                power -= i32::from(is_fraction);
                whole = whole.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
            }
            b'.' if !is_fraction => is_fraction = true,
            b'e' | b'E' => {
                mantissa = &text[..place];
                power += power_of(&text[place + 1..])?;
                break;
            }
            _ => return None,
        }
    }
    (count > 0).then_some((mantissa, power, whole))
}

/// What the text behind an `e` says; far beyond what a float holds if it says more. `None` if it is no whole number.
fn power_of(exponent: &[u8]) -> Option<i32> {
    let (is_negative, digits) = signed(exponent);
    let mut power = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        power = (10 * power + i32::from(digit - b'0')).min(100_000_000);
    }
    (!digits.is_empty()).then_some(if is_negative { -power } else { power })
}

/// How many bits a type of floats has behind the first one, and what its exponents are counted from.
#[derive(Clone, Copy)]
struct Type {
    bits: i32,
    bias: i32,
}

const DOUBLE: Type = Type { bits: 52, bias: 1023 };
#[cfg(feature = "import")]
const SINGLE: Type = Type { bits: 23, bias: 127 };

/// A whole number as large as reading a float needs, in limbs of 32 bits, the lowest first.
struct Whole {
    limbs: [u32; 128],
    length: usize,
}

impl Type {
    fn infinity(self) -> u64 {
        (2 * self.bias as u64 + 1) << self.bits
    }
}

impl Whole {
    /// The bits of the float nearest to these digits, a point among them or none, times ten to this power; of two as near the even one. By
    /// division of whole numbers: a table of powers and what spares most divisions would be a twentieth of a page's reader of rows,
    /// and few numbers come here.
    #[cold]
    #[inline(never)]
    fn of_digits(digits: &[u8], mut power: i32, of: Type) -> u64 {
        /// Half way between two floats lies no number with more digits.
        const LONGEST: i32 = 770;
        const CHUNK: i32 = 9;
        let mut whole = Self { limbs: [0; 128], length: 0 };
        let (mut count, mut is_more) = (0, false);
        for digit in digits.iter().map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10) {
            if count == LONGEST {
                is_more |= digit > 0;
                power += 1;
            } else {
                whole.multiply(10, digit.into());
                count += i32::from(whole.length > 0);
            }
        }
        if whole.length == 0 || count + power < -330 {
            return 0;
        }
        if count + power > 310 {
            return of.infinity();
        }
        // So much longer that three limbs are left after the divisions, each by nine digits of less than a limb.
        let shift = (4 + (-power / CHUNK).max(0) as usize).saturating_sub(whole.length);
        whole.limbs.copy_within(..whole.length, shift);
        whole.limbs[..shift].fill(0);
        whole.length += shift;
        while power != 0 {
            let chunk = power.clamp(-CHUNK, CHUNK);
            let ten = 10_u32.pow(chunk.unsigned_abs());
            if power > 0 {
                whole.multiply(ten, 0);
            } else {
                is_more |= whole.divide(ten);
            }
            power -= chunk;
        }
        whole.float(32 * shift as i32, is_more, of)
    }

    fn multiply(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for limb in &mut self.limbs[..self.length] {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.limbs[self.length] = carry as u32;
            self.length += 1;
        }
    }

    /// Whether something is left over.
    fn divide(&mut self, divisor: u32) -> bool {
        let mut rest = 0;
        for limb in self.limbs[..self.length].iter_mut().rev() {
            let dividend = rest << 32 | u64::from(*limb);
            *limb = (dividend / u64::from(divisor)) as u32;
            rest = dividend % u64::from(divisor);
        }
        while self.length > 0 && self.limbs[self.length - 1] == 0 {
            self.length -= 1;
        }
        rest > 0
    }

    /// The bits of the float nearest to the number, of three limbs or more, divided by two to the power of `shift`; the number is a little larger if
    /// there is more.
    fn float(&self, shift: i32, mut is_more: bool, of: Type) -> u64 {
        let (low, high) = self.limbs[..self.length].split_at(self.length - 3);
        // The first 64 bits.
        let zeros = high[2].leading_zeros();
        let last = u64::from(high[0]) << zeros;
        let top = (u64::from(high[2]) << 32 | u64::from(high[1])) << zeros | last >> 32;
        is_more |= last as u32 > 0 || low.iter().any(|&limb| limb > 0);
        // The place of the first bit, as floats count it; those below 1 have fewer bits.
        let exponent = 32 * self.length as i32 - 1 - zeros as i32 - shift + of.bias;
        let dropped = 63 - of.bits + (1 - exponent).max(0);
        if dropped > 64 {
            return 0;
        }
        let kept = top >> 1 >> (dropped - 1);
        let half = top >> (dropped - 1);
        is_more |= half << (dropped - 1) != top;
        let is_up = half & 1 > 0 && (is_more || kept & 1 > 0);
        // The first bit, which is not written, is one more of the exponent; and so is what rounding up carries over. Beyond the
        // largest float that is infinity.
        let bits = ((exponent - 1).max(0) as u64) << of.bits;
        (bits + kept + u64::from(is_up)).min(of.infinity())
    }
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

fn signed(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// The fewest digits that read back as the same float, of 32 bits or of 64, laid out as Python's `str` of a numpy `float32` or `float64`:
/// `0.5`, `3.0`, `9.1e-05`. Also a JSON number, where the value is finite.
///
/// Where two such decimals are equally near, numpy takes the even one and so does `ryu` (200,000 floats compared); the
/// standard library and JavaScript take the larger, in 2 floats of 1000.
pub fn decimal<T: ryu::Float + Into<f64>>(value: T) -> String {
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format(value);
    let value: f64 = value.into();
    // Between these both lay a number out alike; zero and what is beyond 1e13 have another way below.
    if !value.is_finite() || (1e-4..1e13).contains(&value.abs()) {
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
    point += power_of(exponent.as_bytes()).unwrap_or_default();

    let mut out = String::from(sign);
    let push_zeros = |out: &mut String, count: i32| (0..count).for_each(|_| out.push('0'));
    if digits.is_empty() {
        out.push_str("0.0");
    } else if value.abs() >= 1e-4 && point <= 16 {
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

    /// Of 32 bits too.
    #[cfg(feature = "import")]
    fn same_single(text: &str) {
        let standard: f32 = text.parse().expect("the standard library reads it");
        let ours = single(text).expect("so do we");
        let is_same = ours.to_bits() == standard.to_bits() || ours.is_nan() && standard.is_nan();
        assert!(is_same, "{text}: {ours:e}, {standard:e}");
    }

    #[test]
    #[cfg(feature = "import")]
    fn floats_of_32_bits_are_rounded_once() {
        let mut bits: Vec<u32> = (0..64).flat_map(|low| [low, 0x7fff_ff00 / 2 + low, 0x7f7f_ffff - low]).collect();
        bits.extend((0..2000).map(|step| 1_070_003 * step));
        for low in bits.into_iter().map(f32::from_bits) {
            let next = low.next_up();
            if !low.is_finite() {
                continue;
            }
            // Beyond the greatest float is what would be the next one, a power of two.
            let next = if next.is_finite() { f64::from(next) } else { (1_u128 << 127) as f64 * 2.0 };
            let half = (f64::from(low) + next) / 2.0;
            let text = format!("{half:.300}");
            let digits = text.trim_end_matches('0');
            for text in [digits.to_owned(), format!("{digits}1"), format!("-{digits}00000000000000000000000000000001")]
            {
                same_single(&text);
            }
            // A little less than half way.
            let mut less = digits.trim_end_matches('.').as_bytes().to_vec();
            if digits.contains('.') {
                let last = less.len() - 1;
                less[last] -= u8::from(less[last] > b'0');
                less.extend(b"999999999999999999999999");
                same_single(std::str::from_utf8(&less).expect("digits"));
            }
            same_single(&format!("{low}"));
        }
        for text in [
            "1e-46",
            "7e-46",
            "7.1e-46",
            "3.4028236e38",
            "3.4028235677973366e38",
            "1e39",
            "-1e400",
            "inf",
            "-nan",
            "0.0",
            "-0",
        ] {
            same_single(text);
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

        // What lies half way between two floats, and next to that.
        #[test]
        fn ties_are_parsed_as_in_the_standard_library(half in 1_u128 << 52..1_u128 << 53, shift in 0..70, power in -340..300) {
            let tie: u128 = (2 * half + 1) << shift;
            for text in [format!("{tie}"), format!("{tie}.{}1", "0".repeat(800)), format!("{}.9", tie - 1), format!("{tie}e{power}")] {
                same(&text);
            }
            let small = f64::from_bits(half as u64 >> (shift / 2));
            same(&format!("{small:.1100}"));
            same(&format!("{small:.1100}1"));
            same(&format!("{small:.17e}"));
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
