//! The names of categories, which Python's package notes where the training data was a pandas data frame: a list for each column
//! of the type `category`, in the columns' order, without saying which columns they are. A category's code is its place in its list.

use super::header::{Header, Values};
use crate::error::{Result, unsupported};
use crate::import::reader::take::Fill;
use crate::import::reader::{Reader, Token};

/// The name of a category, and whether it is a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) is_number: bool,
}

impl Fill for Name {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        (self.text, self.is_number) = match reader.token()? {
            Token::Text(text) => (text.into_owned(), false),
            // As pandas writes it.
            Token::Truth(truth) => (String::from(if truth { "True" } else { "False" }), false),
            Token::Whole(number) => (number.to_string(), true),
            Token::Large(number) => (number.to_string(), true),
            number => (reader.float(&number, "a text, a number, or true or false")?.to_string(), true),
        };
        Ok(())
    }
}

/// The names of each feature's categories, in the order of their codes; none for a feature without.
///
/// There is a list for each column that pandas calls categorical, and the file says which features are categories to LightGBM. These
/// need not be the same columns: an ordered `category` is a number to LightGBM, its code; one of a single value is nothing; and any
/// column of whole numbers may be made a category.
///
/// # Errors
/// `unsupported_model` if they cannot be paired and some names are numbers, as a row's numbers would be taken for codes.
pub(super) fn names(header: &Header, notes: &mut Vec<String>) -> Result<Vec<Vec<String>>> {
    let mut names = vec![Vec::new(); header.feature_names.len()];
    let lists = &header.pandas_categories;
    if lists.is_empty() {
        return Ok(names);
    }
    if let Some(pairs) = pairs(lists, &header.values) {
        for (feature, list) in pairs {
            names[feature] = lists[list].iter().map(|name| name.text.clone()).collect();
        }
        return Ok(names);
    }
    let count = header.values.iter().filter(|values| matches!(values, Values::Categories { .. })).count();
    let said = format!(
        "pandas_categorical names the categories of {} columns, and LightGBM took {} for categories: which names are whose the file \
         does not say",
        lists.len(),
        if header.values.is_empty() { String::from("an unknown number") } else { count.to_string() }
    );
    if lists.iter().flatten().any(|name| name.is_number) {
        return Err(unsupported(format_args!(
            "{said}, and some are numbers, which would be taken for codes; train with the codes (cat.codes) in the data frame"
        )));
    }
    notes.push(format!("{said}: give the codes of categories, from 0 in pandas' order, or name them in a schema"));
    Ok(names)
}

/// Features and the list of each, if there is one way to pair them: lists in the order of columns, one for each feature of categories,
/// and no code beyond its list. A list more than that is of a feature without use, or of one whose numbers may be its codes.
fn pairs(lists: &[Vec<Name>], values: &[Values]) -> Option<Vec<(usize, usize)>> {
    /// Beyond so many steps they are not looked for.
    const MOST: usize = 1 << 24;
    let is_category = |values: &&Values| matches!(values, Values::Categories { .. });
    let more = lists.len().checked_sub(values.iter().filter(is_category).count())?;
    let width = more + 1;
    if (values.len() + 1).checked_mul(width)? > MOST {
        return None;
    }
    // How many lists those before each column have, without the lists that are more.
    let firsts = values.iter().scan(0, |count, values| {
        let first = *count;
        *count += usize::from(is_category(&values));
        Some(first)
    });
    let columns: Vec<(Values, usize)> = values.iter().copied().zip(firsts).collect();
    // Whether a column may come after so many of these, and the next after as many; and whether it may have one of them.
    let steps = |(values, first): (Values, usize), taken: usize| {
        let count = lists.get(first + taken).map_or(0, Vec::len) as f64;
        match values {
            Values::Categories { largest } => (largest < count, false),
            Values::Unknown => (true, taken < more),
            Values::Numbers { smallest, largest } => (
                true,
                taken < more && smallest.fract() == 0.0 && smallest >= 0.0 && largest.fract() == 0.0 && largest < count,
            ),
        }
    };
    let mut reached = vec![false; (columns.len() + 1) * width];
    reached[0] = true;
    for (place, &column) in columns.iter().enumerate() {
        for taken in 0..width {
            if reached[place * width + taken] {
                let (stays, goes) = steps(column, taken);
                reached[(place + 1) * width + taken] |= stays;
                if goes {
                    reached[(place + 1) * width + taken + 1] = true;
                }
            }
        }
    }
    if !reached[columns.len() * width + more] {
        return None;
    }
    let mut pairs = Vec::new();
    let mut ends = vec![false; width];
    ends[more] = true;
    for (place, &column) in columns.iter().enumerate().rev() {
        // The lists that it may have; none of them is a way too, unless it is of categories.
        let mut ways = Vec::new();
        for taken in 0..width {
            let (stays, goes) = steps(column, taken);
            let is_reached = reached[place * width + taken];
            // The end after this one is still the next column's.
            let [stays, goes] = [stays && ends[taken], goes && ends[taken + 1]];
            if is_reached && stays {
                ways.push(is_category(&&column.0).then_some(column.1 + taken));
            }
            if is_reached && goes {
                ways.push(Some(column.1 + taken));
            }
            ends[taken] = stays || goes;
        }
        ways.dedup();
        match (column.0, &ways[..]) {
            // Whatever its list, no split asks for it.
            (Values::Unknown, _) => {}
            (_, [None]) => {}
            (_, [Some(list)]) => pairs.push((place, *list)),
            _ => return None,
        }
    }
    Some(pairs)
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
            pandas_categories: crate::import::reader::take::of_json(lists.as_bytes()).expect("lists"),
        }
    }

    fn named(lists: &str, values: &[Values]) -> (std::result::Result<[String; 3], String>, Vec<String>) {
        let mut notes = Vec::new();
        let names = names(&header(lists, values), &mut notes).map_err(|error| error.to_string());
        (names.map(|names| [0, 1, 2].map(|feature| names[feature].join(" "))), notes)
    }

    const UP_TO_1: Values = Values::Categories { largest: 1.0 };
    const FRACTIONS: Values = Values::Numbers { smallest: 0.0, largest: 0.5 };

    #[test]
    fn lists_and_columns_of_categories_are_paired_in_order() {
        let lists = r#"[["a b", "ä"], [10, 2.5, -1.0, true, false]]"#;
        let (names, notes) = named(lists, &[FRACTIONS, UP_TO_1, UP_TO_1]);
        assert_eq!(names, Ok(["", "a b ä", "10 2.5 -1 True False"].map(str::to_owned)));
        assert!(notes.is_empty());
        assert_eq!(named("[]", &[UP_TO_1; 3]), (Ok([const { String::new() }; 3]), Vec::new()));
    }

    #[test]
    fn lists_of_columns_that_are_no_categories_to_lightgbm_are_left_over() {
        let lists = r#"[["a", "b", "c"], ["d", 1]]"#;
        let paired = |names: [&str; 3]| Ok(names.map(str::to_owned));
        // Of one value.
        let unknown = Values::Unknown;
        assert_eq!(named(lists, &[FRACTIONS, unknown, UP_TO_1]).0, paired(["", "", "d 1"]));
        assert_eq!(named(lists, &[UP_TO_1, FRACTIONS, unknown]).0, paired(["a b c", "", ""]));
        // Ordered, so that its codes are numbers.
        let codes = Values::Numbers { smallest: 0.0, largest: 2.0 };
        assert_eq!(named(lists, &[codes, UP_TO_1, FRACTIONS]).0, paired(["a b c", "d 1", ""]));
        assert_eq!(named(lists, &[codes, FRACTIONS, UP_TO_1]).0, paired(["a b c", "", "d 1"]));
        assert_eq!(named("[[1, 2, 3]]", &[FRACTIONS, codes, FRACTIONS]).0, paired(["", "1 2 3", ""]));
        // The one or the other.
        assert!(named(lists, &[codes, unknown, UP_TO_1]).0.is_err());
        assert!(named(lists, &[codes, codes, UP_TO_1]).0.is_err());
        // Two ways.
        assert!(named(lists, &[Values::Unknown, UP_TO_1, Values::Unknown]).0.is_err());
        // A code that only one of the lists has.
        let three = Values::Categories { largest: 2.0 };
        assert_eq!(named(lists, &[Values::Unknown, three, Values::Unknown]).0, paired(["", "a b c", ""]));
        // Numbers that are none of its codes: above them, below them, between them.
        for (smallest, largest) in [(0.0, 3.0), (-1.0, 1.0), (0.0, 0.5), (0.5, 1.0)] {
            let other = Values::Numbers { smallest, largest };
            assert!(named(lists, &[FRACTIONS, other, UP_TO_1]).0.is_err(), "{other:?}");
        }
    }

    #[test]
    fn what_cannot_be_paired_is_said_or_refused() {
        let nothing = [FRACTIONS, Values::Unknown, Values::Unknown];
        for values in
            [&[][..], &[UP_TO_1; 3], &[FRACTIONS, FRACTIONS, UP_TO_1], &[Values::Unknown, UP_TO_1, Values::Unknown]]
        {
            let (names, notes) = named(r#"[["a", "b"], ["c", "d"]]"#, values);
            assert_eq!(names, Ok([const { String::new() }; 3]));
            assert!(notes[0].contains("the categories of 2 columns"), "{notes:?}");
            let (refused, _) = named(r#"[["a", "b"], ["c", 1]]"#, values);
            assert!(refused.expect_err("numbers").contains("would be taken for codes"));
        }
        // Features that no split asks for.
        assert_eq!(named(r#"[["a", "b"], ["c", 1]]"#, &nothing), (Ok([const { String::new() }; 3]), Vec::new()));
        // A code that no name is for.
        let (_, notes) = named(r#"[["a"]]"#, &[FRACTIONS, FRACTIONS, UP_TO_1]);
        assert_eq!(notes.len(), 1);
    }
}
