//! Whether a text is a date.

/// The English names of months: three letters tell them apart.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Whether a text is a date, with a time behind it or without: 2026-11-28, 28/11/2026, 28.11.2026 10:15, 11/28/26, 28-Nov-2026,
/// 2026-11-28T10:15:00Z, and the like. Of three numbers in a row with points between them one has four digits: 1.2.3 is a version.
pub(super) fn is_date(text: &str) -> bool {
    const LONGEST: usize = 40;
    let text = text.trim();
    if text.len() > LONGEST || !text.is_ascii() {
        return false;
    }
    let behind = |at: usize| (&text[..at], Some(&text[at + 1..]));
    let blank = || text.find(':').and_then(|at| text[..at].rfind(' '));
    let (date, time) = text.find('T').filter(|&at| at >= 8).or_else(blank).map_or((text, None), behind);
    let is_of_time = |byte: u8| byte.is_ascii_digit() || b":.+-Z APMapm".contains(&byte);
    if time.is_some_and(|time| !time.contains(':') || !time.bytes().all(is_of_time)) {
        return false;
    }
    let parts: Vec<&str> = date.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts[..] else { return false };
    let number = |part: &str, least: u32, most: u32, digits: &[usize]| {
        let is_number = digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number && part.parse().is_ok_and(|number: u32| (least..=most).contains(&number))
    };
    let is_year = |part| number(part, 1000, 2999, &[4]);
    let is_short_year = |part| number(part, 0, 99, &[2]);
    let is_month = |part| number(part, 1, 12, &[1, 2]);
    let is_day = |part| number(part, 1, 31, &[1, 2]);
    let is_name = |part: &str| part.len() >= 3 && MONTHS.contains(&&*part[..3].to_ascii_lowercase());
    let are_day_and_month = |one, other| is_day(one) && is_month(other) || is_month(one) && is_day(other);
    is_year(first) && is_month(second) && is_day(third)
        || are_day_and_month(first, second) && (is_year(third) || is_short_year(third) && !date.contains('.'))
        || is_day(first) && is_name(second) && (is_year(third) || is_short_year(third))
        || is_name(first) && is_day(second) && is_year(third)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_other_texts() {
        for date in [
            "2026-11-28",
            "2026/1/2",
            "28/11/2026",
            "11/28/2026",
            "28.11.2026",
            "1.2.2026 10:15",
            "3/14/26",
            "2026-11-28T10:15:00Z",
            "2026-11-28 10:15:00.123+01:00",
            "28-Nov-2026",
            "Nov 28, 2026",
            "28 November 2026",
            " 2026-11-28 ",
        ] {
            assert!(is_date(date), "{date}");
        }
        for none in [
            "",
            "well",
            "1.2.3",
            "10.0.0.1",
            "2026-13-40",
            "40/40/2026",
            "192.168.1",
            "2026-11",
            "12:30",
            "a-b-2026",
            "28.11.2026 x",
            "٣/٤/٢٠٢٦",
            "1,5",
            "2026-11-28T",
        ] {
            assert!(!is_date(none), "{none}");
        }
    }
}
