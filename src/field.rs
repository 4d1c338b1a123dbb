//! What texts of rows mean.

use std::borrow::Cow;

use crate::number;

/// The fields between a text's commas. One in quotes holds commas, and a quote as two, as in a file of CSV. A quote that does not end
/// before a comma is a sign like any other.
pub(crate) fn separated(text: &str) -> Vec<Cow<'_, str>> {
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        let (field, after) = match in_quotes(rest) {
            Some((quoted, after)) => (Cow::Owned(quoted.replace("\"\"", "\"")), after),
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (Cow::Borrowed(&rest[..end]), &rest[end..])
            }
        };
        fields.push(field);
        match after.strip_prefix(',') {
            Some(after) => rest = after,
            None => return fields,
        }
    }
}

/// What is within the quotes that a text begins with, and what comes after them, if that is nothing or a comma.
fn in_quotes(text: &str) -> Option<(&str, &str)> {
    let inner = text.trim_start().strip_prefix('"')?;
    let mut from = 0;
    let end = loop {
        let end = from + inner[from..].find('"')?;
        match inner[end + 1..].starts_with('"') {
            true => from = end + 2,
            false => break end,
        }
    };
    let after = inner[end + 1..].trim_start();
    (after.is_empty() || after.starts_with(',')).then_some((&inner[..end], after))
}

/// With commas between them, what pandas reads as missing (2.2, `STR_NA_VALUES`), but for the empty text, which is always missing. `NA` and `nan` are
/// that in any case, as they have been in a row's text from the first version on.
#[cfg(feature = "rows")]
pub(crate) const MISSING: &str =
    "#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,NaN,None,n/a,nan,null";

/// Whether a text without white space around it is missing whatever a file says.
#[cfg(feature = "rows")]
pub(crate) fn is_always_missing(text: &str) -> bool {
    text.is_empty() || text.eq_ignore_ascii_case("na") || unsigned(text).eq_ignore_ascii_case("nan")
}

/// A text without the signs that it begins with.
#[cfg(feature = "rows")]
pub(crate) fn unsigned(text: &str) -> &str {
    text.trim_start_matches(['+', '-'])
}

/// What pandas writes of a column of booleans, and reads as one.
pub(crate) fn boolean(text: &str) -> Option<f64> {
    match text {
        "True" | "TRUE" | "true" => Some(1.0),
        "False" | "FALSE" | "false" => Some(0.0),
        _ => None,
    }
}

/// The code of the category that a text names: by the name as it is, else without white space around both, else as the number
/// that both are (pandas writes 10 as 10.0 where another row of the column is missing). A text that could be two names' is none's. Where
/// all names are truths as Python writes them, it is also the truth that pandas reads of the text: files and JSON have `true`.
pub(crate) fn category(categories: &[String], text: &str) -> Option<usize> {
    let only = |is_same: &dyn Fn(&str) -> bool| {
        let mut same = categories.iter().enumerate().filter(|(_, name)| is_same(name));
        let (code, _) = same.next()?;
        same.next().is_none().then_some(code)
    };
    let trimmed = text.trim();
    let by_number = || {
        let number = number::parse(trimmed).filter(|number| number.is_finite())?;
        only(&|name| number::parse(name.trim()) == Some(number))
    };
    let by_truth = || {
        let truth = boolean(trimmed).filter(|_| are_truths(categories))?;
        only(&|name| boolean(name) == Some(truth))
    };
    let exact = categories.iter().position(|name| name == text);
    exact.or_else(|| only(&|name| name.trim() == trimmed)).or_else(by_number).or_else(by_truth)
}

/// Whether these are what Python calls truths, and nothing else.
pub(crate) fn are_truths(names: &[String]) -> bool {
    !names.is_empty() && names.iter().all(|name| name == "True" || name == "False")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_commas_and_those_that_hold_nothing_are_signs() {
        for (text, fields) in [
            ("1,a, b ,", &["1", "a", " b ", ""] as &[&str]),
            (r#" "a, b" ,"say ""hi""","",1"#, &["a, b", r#"say "hi""#, "", "1"]),
            (r#""a" b,"c"#, &[r#""a" b"#, r#""c"#]),
            (r#"5",6"#, &["5\"", "6"]),
            ("\"\"\"\"", &["\""]),
            (r#""a"""#, &[r#""a"""#]),
            ("", &[""]),
        ] {
            assert_eq!(separated(text), fields, "{text}");
        }
    }

    #[test]
    fn a_category_is_found_by_its_name_or_its_number_where_it_is_one_alone() {
        let names = ["10", " a", "a", "b ", "1e1", "7.0"].map(str::to_owned);
        let code = |text| category(&names, text);
        assert_eq!(["10", "1e1", " a", "a", "b", " b ", "7", "+7.00"].map(code), [0, 4, 1, 2, 3, 3, 5, 5].map(Some));
        // Two are 10, and two are "a" with other spaces.
        assert_eq!(["10.0", "  a", "nan", "inf", "c", ""].map(code), [None; 6]);
    }

    #[test]
    fn a_truth_is_found_however_a_file_writes_it_where_all_names_are_truths() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let both = names(&["False", "True"]);
        let code = |text| category(&both, text);
        assert_eq!(["true", "TRUE", " true ", "True", "false", "FALSE"].map(code), [1, 1, 1, 1, 0, 0].map(Some));
        assert_eq!(["tRue", "1", "0", "yes", ""].map(code), [None; 5]);
        assert_eq!(category(&names(&["True"]), "true"), Some(0));
        assert_eq!(category(&names(&["True"]), "false"), None);
        for others in [&["True", "Unknown"] as &[_], &["TRUE", "FALSE"], &["a"]] {
            assert_eq!(category(&names(others), "true"), None, "{others:?}");
        }
    }
}
