//! The names of categories, which Python's package notes where the training data was a pandas data frame: a list for each column
//! of the type `category`, in the columns' order, without saying which columns they are. A category's code is its place in its list.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

use super::header::{Header, Values};
use crate::error::{Result, unsupported};

/// The name of a category, and whether it is a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) is_number: bool,
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(source: D) -> std::result::Result<Self, D::Error> {
        struct Names;
        impl Visitor<'_> for Names {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, or true or false")
            }

            fn visit_str<E>(self, text: &str) -> std::result::Result<Name, E> {
                Ok(Name { text: text.to_owned(), is_number: false })
            }

            // As pandas writes it.
            fn visit_bool<E>(self, value: bool) -> std::result::Result<Name, E> {
                Ok(Name { text: String::from(if value { "True" } else { "False" }), is_number: false })
            }

            fn visit_i64<E>(self, number: i64) -> std::result::Result<Name, E> {
                Ok(Name { text: number.to_string(), is_number: true })
            }

            fn visit_u64<E>(self, number: u64) -> std::result::Result<Name, E> {
                Ok(Name { text: number.to_string(), is_number: true })
            }

            fn visit_f64<E>(self, number: f64) -> std::result::Result<Name, E> {
                Ok(Name { text: number.to_string(), is_number: true })
            }
        }
        source.deserialize_any(Names)
    }
}

/// The names of each feature's categories, in the order of their codes; none for a feature without.
///
/// There is a list for each column that pandas calls categorical, and the file says which features are categories to LightGBM. These
/// need not be the same columns: an ordered `category` is a number to LightGBM, one of a single value is nothing, and any
/// column of whole numbers may be made a category. Where there are as many of both, and no code is beyond its list, they are
/// paired in order.
///
/// # Errors
/// `unsupported_model` if they cannot be paired and some names are numbers, as a row's numbers would be taken for codes.
pub(super) fn names(header: &Header, notes: &mut Vec<String>) -> Result<Vec<Vec<String>>> {
    let mut names = vec![Vec::new(); header.feature_names.len()];
    let lists = &header.pandas_categories;
    if lists.is_empty() {
        return Ok(names);
    }
    let of_categories = |(feature, values): (usize, &Values)| match *values {
        Values::Categories { largest } => Some((feature, largest)),
        Values::Numbers | Values::Unknown => None,
    };
    let features: Vec<(usize, i64)> = header.values.iter().enumerate().filter_map(of_categories).collect();
    let fits = |(list, (_, largest)): (&Vec<Name>, &(usize, i64))| *largest < list.len() as i64;
    if lists.len() == features.len() && lists.iter().zip(&features).all(fits) {
        for (list, (feature, _)) in lists.iter().zip(&features) {
            names[*feature] = list.iter().map(|name| name.text.clone()).collect();
        }
        return Ok(names);
    }
    let said = format!(
        "pandas_categorical names the categories of {} columns, and LightGBM took {} for categories: which names are whose the file \
         does not say",
        lists.len(),
        if header.values.is_empty() { String::from("an unknown number") } else { features.len().to_string() }
    );
    if lists.iter().flatten().any(|name| name.is_number) {
        return Err(unsupported(format_args!(
            "{said}, and some are numbers, which would be taken for codes; train with the codes (cat.codes) in the data frame"
        )));
    }
    notes.push(format!("{said}: give the codes of categories, from 0 in pandas' order, or name them in a schema"));
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(lists: &str, values: &[Values]) -> Header {
        Header {
            version: 4,
            outputs: 1,
            objective: None,
            averages: false,
            feature_names: (0..3).map(|index| format!("Column_{index}")).collect(),
            values: values.to_vec(),
            pandas_categories: serde_json::from_str(lists).expect("lists"),
        }
    }

    fn named(lists: &str, values: &[Values]) -> (std::result::Result<[String; 3], String>, Vec<String>) {
        let mut notes = Vec::new();
        let names = names(&header(lists, values), &mut notes).map_err(|error| error.to_string());
        (names.map(|names| [0, 1, 2].map(|feature| names[feature].join(" "))), notes)
    }

    const UP_TO_1: Values = Values::Categories { largest: 1 };

    #[test]
    fn lists_and_columns_of_categories_are_paired_in_order() {
        let lists = r#"[["a b", "ä"], [10, 2.5, -1.0, true, false]]"#;
        let (names, notes) = named(lists, &[Values::Numbers, UP_TO_1, UP_TO_1]);
        assert_eq!(names, Ok(["", "a b ä", "10 2.5 -1 True False"].map(str::to_owned)));
        assert!(notes.is_empty());
        assert_eq!(named("[]", &[UP_TO_1; 3]), (Ok([const { String::new() }; 3]), Vec::new()));
    }

    #[test]
    fn what_cannot_be_paired_is_said_or_refused() {
        for values in [&[][..], &[UP_TO_1; 3], &[Values::Numbers, Values::Unknown, UP_TO_1]] {
            let (names, notes) = named(r#"[["a", "b"], ["c", "d"]]"#, values);
            assert_eq!(names, Ok([const { String::new() }; 3]));
            assert!(notes[0].contains("the categories of 2 columns"), "{notes:?}");
            let (refused, _) = named(r#"[["a", "b"], ["c", 1]]"#, values);
            assert!(refused.expect_err("numbers").contains("would be taken for codes"));
        }
        // A code that no name is for.
        let (_, notes) = named(r#"[["a"]]"#, &[Values::Numbers, Values::Numbers, UP_TO_1]);
        assert_eq!(notes.len(), 1);
    }
}
