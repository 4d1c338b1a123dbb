//! What texts of rows mean.

use crate::number;

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
#[cfg(feature = "rows")]
pub(crate) fn boolean(text: &str) -> Option<f64> {
    match text {
        "True" | "TRUE" | "true" => Some(1.0),
        "False" | "FALSE" | "false" => Some(0.0),
        _ => None,
    }
}

/// The code of the category that a text names: by the name as it is, else without white space around both, else as the number
/// that both are (pandas writes 10 as 10.0 where another row of the column is missing). A text that could be two names' is none's.
pub(crate) fn category(categories: &[String], text: &str) -> Option<usize> {
    let only = |is_same: &dyn Fn(&str) -> bool| {
        let mut same = categories.iter().enumerate().filter(|(_, name)| is_same(name));
        let (code, _) = same.next()?;
        same.next().is_none().then_some(code)
    };
    let trimmed = text.trim();
    categories.iter().position(|name| name == text).or_else(|| only(&|name| name.trim() == trimmed)).or_else(|| {
        let number = number::parse(trimmed).filter(|number| number.is_finite())?;
        only(&|name| number::parse(name.trim()) == Some(number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_found_by_its_name_or_its_number_where_it_is_one_alone() {
        let names = ["10", " a", "a", "b ", "1e1", "7.0"].map(str::to_owned);
        let code = |text| category(&names, text);
        assert_eq!(["10", "1e1", " a", "a", "b", " b ", "7", "+7.00"].map(code), [0, 4, 1, 2, 3, 3, 5, 5].map(Some));
        // Two are 10, and two are "a" with other spaces.
        assert_eq!(["10.0", "  a", "nan", "inf", "c", ""].map(code), [None; 6]);
    }
}
