//! A cell's text → a value.

use super::index::Index;
use super::letters;
use super::plan::Plan;
use super::units::Conversion;
use super::words;
use crate::error::{Code, Result, quoted};
use crate::field::{self, MISSING, boolean};
use crate::number;
use crate::schema::{Feature, Schema};

/// What pandas reads as missing.
pub(super) fn missing() -> Vec<String> {
    words::parts(MISSING, ',')
}

/// Texts that mean "not measured".
pub(super) struct Missing(Index);

impl Missing {
    pub(super) fn new(words: &[String]) -> Self {
        Self(Index::new(&mut words.iter().map(|word| (word.trim().to_owned(), 0))))
    }

    /// Whether a text without white space around it is one.
    pub(super) fn has(&self, text: &str) -> bool {
        field::is_always_missing(text) || self.0.get(text).is_some()
    }
}

/// Whether a text is a number, whichever of the two decimal signs it is written with.
pub(super) fn looks_like_a_number(text: &str) -> bool {
    let number = match words::split(text, ',') {
        None => number::parse(text),
        Some((whole, fraction)) if !words::has(text, '.') => number::parse(&words::filled("{}.{}", &[whole, fraction])),
        Some(_) => None,
    };
    number.is_some()
}

/// Whether the sign of a number may stand between thousands: three digits follow it, and one to three go before.
pub(super) fn could_be_thousands(text: &str, sign: char) -> bool {
    let text = field::unsigned(text);
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    words::split(text, sign).is_some_and(|(before, after)| {
        (1..=3).contains(&before.len())
            && !before.starts_with('0')
            && after.len() == 3
            && are_digits(before)
            && are_digits(after)
    })
}

/// What a cell is, whatever it is of.
#[cfg(feature = "train")]
pub(crate) enum Seen {
    /// Nothing was measured.
    Missing,
    /// A number, or what stands for one.
    Number(f64),
    /// Anything else.
    Text,
}

/// How the cells of a file are read, by feature.
pub(crate) struct Cells {
    decimal: char,
    thousands: Option<char>,
    missing: Missing,
    /// Whether some text that means "not measured" would be a value, were it not said: then that is asked first. Pandas' own are
    /// asked last, as a category may be called `None`.
    missing_first: bool,
    columns: Vec<Reading>,
    /// The places of the base margins' cells in a record.
    base_margins: Vec<usize>,
}

struct Reading {
    /// Of the feature.
    name: String,
    decimals: Option<u8>,
    missing_codes: Vec<f64>,
    /// The place of the cell in a record.
    column: Option<usize>,
    conversion: Option<Conversion>,
    categories: Option<Categories>,
    /// Whether a number is the value as it stands.
    is_plain: bool,
}

/// The codes of categories, by their names.
struct Categories {
    exact: Index,
    /// Without white space around, where that is one category's.
    trimmed: Index,
    /// Those whose names are numbers: pandas writes 10 as 10.0 where another row of the column is missing.
    numbers: Vec<(f64, usize)>,
    /// Whether all names are truths.
    are_truths: bool,
    /// The code of all others, where they have an answer.
    unseen: Option<f64>,
}

impl Categories {
    fn new(feature: &Feature) -> Option<Self> {
        if feature.categories.is_empty() {
            return None;
        }
        let named = |name: fn(&str) -> &str| {
            Index::new(&mut feature.categories.iter().enumerate().map(|(code, each)| (name(each).to_owned(), code)))
        };
        let mut numbers = Vec::new();
        for (code, name) in feature.categories.iter().enumerate() {
            match number::parse(name.trim()) {
                Some(number) if number.is_finite() => numbers.push((number, code)),
                _ => {}
            }
        }
        let are_truths = field::are_truths(&feature.categories);
        let (exact, trimmed) = (named(|name| name), named(str::trim));
        Some(Self { exact, trimmed, numbers, are_truths, unseen: feature.unseen() })
    }

    fn code(&self, text: &str) -> Option<f64> {
        let by_number = || {
            let number = number::parse(text.trim())?;
            let mut same = self.numbers.iter().filter(|(name, _)| *name == number);
            let (_, code) = same.next()?;
            same.next().is_none().then_some(*code)
        };
        let by_truth = || {
            let truth = boolean(text.trim()).filter(|_| self.are_truths)?;
            self.exact.get(if truth > 0.0 { "True" } else { "False" })
        };
        let code = self.exact.get(text).or_else(|| self.trimmed.get(text.trim())).or_else(by_number).or_else(by_truth);
        code.map(|code| code as f64)
    }
}

impl Cells {
    pub(crate) fn new(plan: &Plan, schema: &Schema) -> Self {
        let columns = plan.columns.iter().zip(schema.features());
        let is_value = |word: &String| {
            number::parse(word.trim()).is_some_and(|number| !number.is_nan())
                || boolean(word.trim()).is_some()
                || schema.features().iter().any(|feature| feature.categories.contains(word))
        };
        let missing_first = plan.missing != missing() && plan.missing.iter().any(is_value);
        let has_points = plan.decimal == '.' && plan.thousands.is_none() && !missing_first;
        let columns = columns.map(|(column, feature)| Reading {
            name: feature.name.clone(),
            decimals: feature.decimals,
            missing_codes: feature.missing_codes.clone(),
            column: column.column,
            conversion: column.conversion,
            categories: Categories::new(feature),
            is_plain: has_points && column.conversion.is_none() && feature.categories.is_empty(),
        });
        Self {
            decimal: plan.decimal,
            thousands: plan.thousands,
            missing: Missing::new(&plan.missing),
            missing_first,
            columns: columns.collect(),
            base_margins: plan.base_margins.clone(),
        }
    }

    /// Reads a record, whose cells `cell` gives by their place, into one number for each feature; `NaN` for "not measured", a
    /// missing code as it is.
    ///
    /// # Errors
    /// `not_a_number`, `not_finite`, `unknown_category`, about the feature.
    pub(super) fn read<'c>(&self, cell: impl Fn(usize) -> &'c [u8], values: &mut Vec<f64>) -> Result<()> {
        let mut is_empty = true;
        for reading in &self.columns {
            let value = match reading.column {
                None => f64::NAN,
                Some(column) => {
                    let cell = cell(column);
                    is_empty = is_empty && cell.trim_ascii().is_empty();
                    self.value(reading, cell)?
                }
            };
            values.push(value);
        }
        // A form's empty lines, or what stands below a table: a row of which nothing is known says so with NA.
        if is_empty && self.columns.len() > 1 {
            let message = "no feature has a value: take the line out, or write NA for what was not measured";
            return Err(words::fault(Code::EmptyInput, message, &[]));
        }
        Ok(())
    }

    /// What a cell is of which no feature is known.
    #[cfg(feature = "train")]
    pub(crate) fn of_no_feature(&self, text: &str) -> Seen {
        let text = text.trim();
        if self.missing_first && self.missing.has(text) {
            return Seen::Missing;
        }
        match self.number(text) {
            Some(number) if !number.is_nan() => Seen::Number(number),
            _ if self.missing.has(text) => Seen::Missing,
            _ => boolean(text).map_or(Seen::Text, Seen::Number),
        }
    }

    /// Reads a record's base margins. Each row has them: nothing stands for one that is missing.
    ///
    /// # Errors
    /// `not_a_number`, `not_finite`.
    pub(super) fn read_base_margins<'c>(
        &self,
        cell: impl Fn(usize) -> &'c [u8],
        base_margins: &mut Vec<f32>,
    ) -> Result<()> {
        for &place in &self.base_margins {
            let text = String::from_utf8_lossy(cell(place));
            let fault =
                |code, wanted| Err(words::fault(code, "the base margin, {}, is {}", &[&quoted(text.trim()), wanted]));
            match self.number(text.trim()) {
                _ if self.missing.has(text.trim()) => {
                    return fault(Code::NotANumber, "missing, and each row needs one");
                }
                None => return fault(Code::NotANumber, self.not_a_number(text.trim())),
                Some(number) if !(number as f32).is_finite() => {
                    return fault(Code::NotFinite, "not a finite 32-bit float");
                }
                Some(number) => base_margins.push(number as f32),
            }
        }
        Ok(())
    }

    #[inline]
    fn value(&self, reading: &Reading, bytes: &[u8]) -> Result<f64> {
        match number::plain(bytes.trim_ascii()) {
            Some(number) if reading.is_plain && (number as f32).is_finite() => Ok(number),
            _ => self.other_value(reading, bytes),
        }
    }

    #[inline(never)]
    fn other_value(&self, reading: &Reading, bytes: &[u8]) -> Result<f64> {
        let fault = |code, text: &str, wanted: &str| {
            Err(words::fault(code, "{} is {}", &[&quoted(text.trim()), wanted]).about(&reading.name))
        };
        let Ok(text) = std::str::from_utf8(bytes) else {
            let shown = String::from_utf8_lossy(bytes);
            return fault(Code::NotANumber, &shown, "not UTF-8: --encoding says what it is");
        };
        let trimmed = text.trim();
        if self.missing_first && self.missing.has(trimmed) {
            return Ok(f64::NAN);
        }
        if let Some(categories) = &reading.categories {
            return match categories.code(text) {
                Some(code) => Ok(code),
                None if self.missing.has(trimmed) => Ok(f64::NAN),
                None => match categories.unseen {
                    Some(unseen) => Ok(unseen),
                    None => fault(Code::UnknownCategory, text, "none of the feature's categories"),
                },
            };
        }
        let number = match self.number(trimmed) {
            Some(number) => number,
            None if self.missing.has(trimmed) => return Ok(f64::NAN),
            None => match boolean(trimmed) {
                Some(number) => number,
                None => return fault(Code::NotANumber, text, self.not_a_number(trimmed)),
            },
        };
        if number.is_infinite() {
            return fault(Code::NotFinite, text, "not a finite number");
        }
        // A code is a code in any unit, and of any size.
        if reading.missing_codes.contains(&number) {
            return Ok(number);
        }
        let value = reading.conversion.map_or(number, |conversion| conversion.convert(number, reading.decimals));
        if (value as f32).is_infinite() {
            return fault(Code::NotFinite, text, "beyond the range of a 32-bit float");
        }
        Ok(value)
    }

    /// The number that a text is in this file's signs; infinite where it is beyond 64-bit floats.
    fn number(&self, text: &str) -> Option<f64> {
        if self.decimal == '.' && self.thousands.is_none() {
            return number::parse(text);
        }
        let ends_whole = |character: char| character == self.decimal || matches!(character, 'e' | 'E');
        let end = text.char_indices().find(|&(_, character)| ends_whole(character)).map_or(text.len(), |(end, _)| end);
        let (whole, rest) = text.split_at(end);
        let mut plain = String::with_capacity(text.len());
        match self.thousands {
            Some(sign) if words::has(whole, sign) => {
                let mut digits = field::unsigned(whole);
                let mut is_first = true;
                loop {
                    let (group, more) = words::split(digits, sign).unwrap_or((digits, ""));
                    let is_group = if is_first {
                        // 0.142 is no number of thousands.
                        (1..=3).contains(&group.len()) && !group.starts_with('0')
                    } else {
                        group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit())
                    };
                    if !is_group {
                        return None;
                    }
                    if group.len() == digits.len() {
                        break;
                    }
                    (digits, is_first) = (more, false);
                }
                plain.push_str(&words::without(whole, sign));
            }
            _ => plain.push_str(whole),
        }
        // A point that is not the file's decimal sign is none here.
        if self.decimal != '.' && words::has(text, '.') && self.thousands != Some('.') {
            return None;
        }
        if let Some(fraction) = rest.strip_prefix(self.decimal) {
            plain.push('.');
            plain.push_str(fraction);
        } else {
            plain.push_str(rest);
        }
        number::parse(&plain)
    }

    /// What is wrong with a text that is no number, and what to do if it is meant to be one.
    fn not_a_number(&self, text: &str) -> &'static str {
        let other = if self.decimal == '.' { ',' } else { '.' };
        if !text.chars().any(letters::is_letter_or_digit) || text.starts_with('#') {
            return "not a number: --missing-text with it says that it means \"not measured\"";
        }
        if !words::has(text, other) || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return "not a number";
        }
        match (other, text.chars().filter(|&character| character == other).count()) {
            (',', _) if words::has(text, '.') => "not a number: --thousands , says that commas stand between thousands",
            (',', 1) if could_be_thousands(text, ',') => {
                "not a number: --thousands , says that commas stand between thousands, --decimal , that they stand before \
                 fractions"
            }
            (',', 1) => "not a number: --decimal , says that commas stand before fractions",
            (',', _) => "not a number: --thousands , says that commas stand between thousands",
            _ => {
                "not a number: --decimal . says that points stand before fractions, --thousands . that they stand between \
                  thousands"
            }
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::rows::text::Encoding;

    fn plan(schema: &Schema, decimal: char, thousands: Option<char>) -> Plan {
        let columns = schema.features().iter().enumerate().map(|(place, feature)| crate::rows::plan::Column {
            feature: feature.name.clone(),
            column: Some(place),
            unit: None,
            conversion: None,
        });
        Plan {
            encoding: Encoding::Utf8,
            skipped_lines: 0,
            delimiter: ';',
            decimal,
            thousands,
            header: false,
            names: vec![String::new(); schema.features().len()],
            columns: columns.collect(),
            base_margins: Vec::new(),
            missing: missing(),
            notes: Vec::new(),
            doubts: Vec::new(),
        }
    }

    fn read(schema: &Schema, plan: &Plan, cell: &str) -> Result<f64> {
        let mut values = Vec::new();
        Cells::new(plan, schema).read(|_| cell.as_bytes(), &mut values).map(|()| values[0])
    }

    /// A file's cells are looked up, a row's text is compared with each name: by the same rule.
    #[test]
    fn a_cell_names_the_category_that_a_rows_text_does() {
        for names in [
            &["10", " a", "a", "b ", "1e1", "7.0", "-0", "c d", "inf", "None"] as &[&str],
            &["False", "True"],
            &["True"],
            &["True", "Unknown"],
            &["true", "false"],
        ] {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            let feature = Feature { categories: names.clone(), ..Feature::named("a") };
            let categories = Categories::new(&feature).expect("categories");
            for text in [
                "10", "10.0", "1e1", " 1e1 ", "a", " a", "  a", "b", " b", "7", "+7.00", "0", "c d", "c", "inf", "INF",
                "nan", "", "true", " TRUE", "True", "tRue", "false", "FALSE ", "1",
            ] {
                let code = field::category(&names, text).map(|code| code as f64);
                assert_eq!(categories.code(text), code, "{text:?} in {names:?}");
            }
        }
    }

    #[test]
    fn numbers_are_read_in_the_files_signs() {
        let schema = Schema::of_names(["a".to_owned()]).expect("a schema");
        let number = |decimal, thousands, cell| read(&schema, &plan(&schema, decimal, thousands), cell);
        for (decimal, thousands, cell, expected) in [
            ('.', None, " 1.5 ", 1.5),
            ('.', None, "-.5e1", -5.0),
            ('.', Some(','), "1,106.5", 1106.5),
            ('.', Some(','), "-12,106,000", -12_106_000.0),
            ('.', Some(','), "1106", 1106.0),
            (',', None, "34,2", 34.2),
            (',', None, "-0,5e-1", -0.05),
            (',', None, "7", 7.0),
            (',', Some('.'), "1.106,5", 1106.5),
            (',', Some(' '), "1 106,5", 1106.5),
            ('.', None, "True", 1.0),
            ('.', None, "false", 0.0),
        ] {
            assert_eq!(number(decimal, thousands, cell).expect(cell), expected, "{cell}");
        }
        for (decimal, thousands, cell, advice) in [
            ('.', None, "1,106", "--thousands ,"),
            ('.', None, "34,2", "--decimal ,"),
            ('.', None, "1,106,000", "--thousands ,"),
            ('.', Some(','), "11,06", "--decimal ,"),
            ('.', Some(','), "1106,000", "not a number"),
            (',', None, "34.2", "--decimal ."),
            (',', None, "3,4,2", "not a number"),
            ('.', None, "yes", "not a number"),
            ('.', None, "1_000", "not a number"),
            ('.', None, "tRUE", "not a number"),
        ] {
            let error = number(decimal, thousands, cell).expect_err(cell);
            assert_eq!((error.code(), error.field()), (Code::NotANumber, Some("a")), "{cell}");
            assert!(error.to_string().contains(advice), "{error}");
        }
        for large in ["1e999", "1e300", "-1e39", "inf"] {
            assert_eq!(number('.', None, large).expect_err("too large").code(), Code::NotFinite);
        }
    }

    #[test]
    fn what_pandas_reads_as_missing_is_missing() {
        let schema = Schema::of_names(["a".to_owned()]).expect("a schema");
        let plain = plan(&schema, '.', None);
        for word in MISSING.split(',').chain(["", "  ", "na", "nA", "NAN", "-nan", "+NaN", " NULL "]) {
            assert!(read(&schema, &plain, word).expect(word).is_nan(), "{word}");
        }
        let own = Plan { missing: vec!["-".to_owned(), "missing".to_owned()], ..plain };
        assert!(read(&schema, &own, "-").expect("said").is_nan());
        assert!(read(&schema, &own, "").expect("always").is_nan());
        assert!(read(&schema, &own, "NULL").is_err());
        // What is said wins over what it would be.
        let number = Plan { missing: vec!["-999".to_owned(), "True".to_owned()], ..own };
        assert!(read(&schema, &number, " -999 ").expect("said").is_nan());
        assert!(read(&schema, &number, "True").expect("said").is_nan());
        assert_eq!(read(&schema, &number, "-99").expect("a number"), -99.0);
        for text in [".", "?", "#DIV/0!", "-"] {
            let error = read(&schema, &number, text).expect_err(text).to_string();
            assert!(error.contains("--missing-text with it says"), "{error}");
        }
    }

    #[test]
    fn categories_are_named() {
        let feature = |names: &[&str]| {
            let categories = names.iter().map(|&name| name.to_owned()).collect();
            Schema::new("", "", "", vec![Feature { categories, ..Feature::named("a") }]).expect("a schema")
        };
        let code = |schema: &Schema, cell| read(schema, &plan(schema, '.', None), cell);
        let whole = feature(&["10", "20", "35"]);
        for (cell, expected) in [("10", 0.0), ("10.0", 0.0), (" 35 ", 2.0), ("2e1", 1.0)] {
            assert_eq!(code(&whole, cell).expect(cell), expected, "{cell}");
        }
        // A number is a category's name and never its place.
        for cell in ["0", "1", "10.5", "inf"] {
            assert_eq!(code(&whole, cell).expect_err(cell).code(), Code::UnknownCategory, "{cell}");
        }
        let spaced = feature(&[" Private", " State-gov", "x", " x", "None"]);
        for (cell, expected) in [(" Private", 0.0), ("State-gov", 1.0), ("x", 2.0), (" x", 3.0), ("None", 4.0)] {
            assert_eq!(code(&spaced, cell).expect(cell), expected, "{cell}");
        }
        assert!(code(&spaced, "  x").is_err(), "two categories but for white space");
        assert!(code(&spaced, "NULL").expect("missing").is_nan());
    }

    #[test]
    fn a_missing_code_is_one_in_any_unit() {
        let schema = crate::diabetes().schema();
        let mut plan = plan(schema, '.', None);
        plan.columns[1].conversion = Some(Conversion { minus: 0.0, times: 18.016 });
        let mut values = Vec::new();
        Cells::new(&plan, schema).read(|place| [&b"1"[..], b"5.9", b"0"][place.min(2)], &mut values).expect("numbers");
        assert_eq!(values[..3], [1.0, 106.0, 0.0]);
    }

    #[test]
    fn what_may_be_thousands_is_told_from_fractions() {
        let are = |text| could_be_thousands(text, ',');
        assert!(are("1,106") && are("-12,000") && are("999,999"));
        assert!(!are("0,142") && !are("1,10") && !are("1234,106") && !are(",106") && !are("1,1e5") && !are("1106"));
        assert!(looks_like_a_number("1,5") && looks_like_a_number("1.5e3"));
        assert!(!looks_like_a_number("1,5,5") && !looks_like_a_number("1.106,5") && !looks_like_a_number(""));
    }
}
