//! The names of categories, which files carry since XGBoost 3.1: a category's code is its place among them.
//!
//! All names of a feature are one text in UTF-8, and offsets say where each begins, in bytes. XGBoost 3.1 to 3.3 count
//! characters instead where the categories came from pandas, and cut the text off after as many bytes as it has
//! characters; from polars and pyarrow they count bytes. Of ASCII both are the same. Otherwise the last names are lost, and
//! what the others are depends on where they came from, which no file says.

use super::file::{Categories, FeatureCategories};
use super::version::Version;
use crate::error::{Result, invalid, quoted, unsupported};
use crate::import::CategoriesFrom;

/// The names of each feature's categories.
pub(super) struct Names {
    /// In the order of their codes; none for a feature without.
    pub(super) names: Vec<Vec<String>>,
    /// The features that lost names, and how many.
    pub(super) lost: Vec<(usize, usize)>,
}

/// Reads them.
///
/// # Errors
/// `invalid_model` for what is no list of names; `unsupported_model` for one that is two lists, unless it is said which.
pub(super) fn names(
    categories: Option<&Categories>,
    feature_count: usize,
    version: Version,
    from: Option<CategoriesFrom>,
) -> Result<Names> {
    let encodings = categories.map_or(&[][..], |categories| &categories.enc);
    if encodings.is_empty() {
        return Ok(Names { names: vec![Vec::new(); feature_count], lost: Vec::new() });
    }
    if encodings.len() != feature_count {
        return Err(invalid(format_args!("cats.enc has {} entries for {feature_count} features", encodings.len())));
    }
    let from = if version.may_count_characters() { from } else { Some(CategoriesFrom::Arrow) };
    let mut result = Names { names: Vec::with_capacity(feature_count), lost: Vec::new() };
    for (index, encoding) in encodings.iter().enumerate() {
        let names = of_feature(encoding, index, from).map_err(|error| error.at(format_args!("cats")))?;
        let lost = names.iter().filter(|name| name.is_none()).count();
        if lost > 0 {
            result.lost.push((index, lost));
        }
        let named = names.into_iter().enumerate().map(|(code, name)| name.unwrap_or_else(|| placeholder(code)));
        result.names.push(named.collect());
    }
    Ok(result)
}

/// What stands for a name that is lost: no row says it by chance.
fn placeholder(code: usize) -> String {
    format!("\u{fffd} (category {code}, whose name the file has lost)")
}

/// The names of one feature's categories; `None` for those that are lost.
fn of_feature(
    encoding: &FeatureCategories,
    feature: usize,
    from: Option<CategoriesFrom>,
) -> Result<Vec<Option<String>>> {
    let Some(offsets) = &encoding.offsets else {
        return Ok(encoding.values.iter().map(|value| Some(value.to_string())).collect());
    };
    let fault = || invalid(format_args!("the categories of feature {feature} are not texts or numbers"));
    let offsets = offsets.iter().map(|&offset| usize::try_from(offset).ok()).collect::<Option<Vec<usize>>>();
    let offsets = offsets.filter(|offsets| offsets.is_sorted()).ok_or_else(fault)?;
    // UTF-8 in signed bytes.
    let bytes: Vec<u8> = encoding.values.iter().map(|&value| value as i64 as u8).collect();
    let by_bytes = || by_bytes(&bytes, &offsets).ok_or_else(fault);
    if bytes.is_ascii() {
        return by_bytes();
    }
    match from {
        Some(CategoriesFrom::Arrow) => by_bytes(),
        Some(CategoriesFrom::Pandas) => by_characters(&bytes, &offsets).ok_or_else(fault),
        // Bytes that are no text are characters that were counted.
        None => match self::by_bytes(&bytes, &offsets) {
            None => by_characters(&bytes, &offsets).ok_or_else(fault),
            Some(names) => Err(two_readings(feature, &names, by_characters(&bytes, &offsets))),
        },
    }
}

fn two_readings(feature: usize, bytes: &[Option<String>], characters: Option<Vec<Option<String>>>) -> crate::Error {
    let listed = |names: &[Option<String>]| {
        let shown = names.iter().take(4).map(|name| name.as_ref().map_or("(lost)".to_owned(), |name| quoted(name)));
        shown.collect::<Vec<_>>().join(", ")
    };
    let (pandas, arrow) = (listed(&characters.unwrap_or_default()), listed(bytes));
    let error = unsupported(format_args!(
        "the categories of feature {feature} are not ASCII, and XGBoost 3.1 to 3.3 write such in two ways: say whether the \
         training data came from pandas ({pandas}, …) or from polars or pyarrow ({arrow}, …): --categories-from pandas or arrow, \
         categoriesFrom in JavaScript"
    ));
    #[cfg(feature = "case")]
    let error = error.because("categories_from", &[("pandas", &pandas), ("arrow", &arrow)]);
    error
}

/// The names where offsets count bytes.
fn by_bytes(bytes: &[u8], offsets: &[usize]) -> Option<Vec<Option<String>>> {
    let name = |pair: &[usize]| Some(Some(String::from_utf8(bytes.get(pair[0]..pair[1])?.to_vec()).ok()?));
    offsets.windows(2).map(name).collect()
}

/// The names where offsets count characters: `None` for those that are not whole any more.
fn by_characters(bytes: &[u8], offsets: &[usize]) -> Option<Vec<Option<String>>> {
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        // Cut within its last character.
        Err(error) if error.error_len().is_none() => str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let places: Vec<usize> = text.char_indices().map(|(place, _)| place).chain([text.len()]).collect();
    let name = |pair: &[usize]| Some(text[*places.get(pair[0])?..*places.get(pair[1])?].to_owned());
    Some(offsets.windows(2).map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::reader::take::of_json;

    fn encoding(text: &str, offsets: &[i64]) -> FeatureCategories {
        let offsets = serde_json::json!({ "offsets": offsets, "values": text.bytes().map(|byte| byte as i8).collect::<Vec<_>>() });
        of_json(offsets.to_string().as_bytes()).expect("an encoding")
    }

    fn named(names: &[Option<&str>]) -> Vec<Option<String>> {
        names.iter().map(|name| name.map(str::to_owned)).collect()
    }

    #[test]
    fn offsets_count_bytes_or_what_is_said() {
        let cities = encoding("zürichbern", &[0, 7, 11]);
        let read = |from| of_feature(&cities, 0, from);
        assert_eq!(read(Some(CategoriesFrom::Arrow)), Ok(named(&[Some("zürich"), Some("bern")])));
        assert_eq!(read(Some(CategoriesFrom::Pandas)), Ok(named(&[Some("zürichb"), None])));
        let error = read(None).expect_err("two readings").to_string();
        assert!(error.contains("pandas (\"zürichb\", (lost), …)"), "{error}");
        assert!(error.contains("pyarrow (\"zürich\", \"bern\", …)"), "{error}");
    }

    #[test]
    fn bytes_that_are_no_text_are_characters_that_were_counted() {
        // What pandas and 3.2 make of é and ü: two characters, so two bytes, of which é takes both.
        let cut = encoding("é", &[0, 1, 2]);
        assert_eq!(of_feature(&cut, 0, None), Ok(named(&[Some("é"), None])));
        assert!(of_feature(&cut, 0, Some(CategoriesFrom::Arrow)).is_err());
    }

    #[test]
    fn ascii_and_broken_lists_need_nobody_to_say() {
        assert_eq!(of_feature(&encoding("ab", &[0, 1, 2]), 0, None), Ok(named(&[Some("a"), Some("b")])));
        assert!(of_feature(&encoding("ab", &[0, 1, 9]), 0, None).is_err());
        assert!(of_feature(&encoding("ab", &[2, 1, 2]), 0, None).is_err());
        assert!(of_feature(&encoding("äb", &[-1, 1, 2]), 0, None).is_err());
    }

    #[test]
    fn a_text_that_is_cut_within_a_character_has_those_before_it() {
        let of = |bytes: &[u8], offsets: &[i64], from| {
            let values: Vec<i8> = bytes.iter().map(|&byte| byte as i8).collect();
            let encoding = serde_json::json!({ "offsets": offsets, "values": values });
            of_feature(&of_json(encoding.to_string().as_bytes()).expect("an encoding"), 0, from)
        };
        let pandas = Some(CategoriesFrom::Pandas);
        assert_eq!(of(b"a\xc3", &[0, 1, 2], pandas), Ok(named(&[Some("a"), None])));
        assert_eq!(of(b"ab\xe2\x82", &[0, 2, 3], pandas), Ok(named(&[Some("ab"), None])));
        // What is no text anywhere but at its end was never one.
        assert!(of(b"\xc3a", &[0, 1, 2], pandas).is_err());
        assert!(of(b"\xffab", &[0, 1, 2], None).is_err());
    }
}
