//! Texts that stand for something.

/// Texts, each with the number of what it stands for. A text that stands for two things stands for none. One kind of map for names,
/// categories and words: each kind of the standard library's would be a twentieth of a page's reader of rows.
pub(super) struct Index(Vec<(String, usize)>);

impl Index {
    pub(super) fn new(entries: &mut dyn Iterator<Item = (String, usize)>) -> Self {
        let mut index = Self(entries.collect());
        index.0.sort_unstable();
        // Those that are alike stand together.
        let mut single: Vec<(String, usize)> = Vec::new();
        let mut is_of_two = false;
        for (text, number) in index.0 {
            match single.last() {
                Some((last, other)) if *last == text => is_of_two |= *other != number,
                _ => {
                    if is_of_two {
                        single.pop();
                    }
                    is_of_two = false;
                    single.push((text, number));
                }
            }
        }
        if is_of_two {
            single.pop();
        }
        Self(single)
    }

    pub(super) fn get(&self, text: &str) -> Option<usize> {
        let place = self.0.binary_search_by(|(known, _)| known.as_str().cmp(text)).ok()?;
        Some(self.0[place].1)
    }

    /// Adds texts that stand for something only where they do not yet.
    pub(super) fn add(&mut self, more: Self) {
        let count = self.0.len();
        for (text, number) in more.0 {
            if self.0[..count].binary_search_by(|(known, _)| known.cmp(&text)).is_err() {
                self.0.push((text, number));
            }
        }
        self.0.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_two_things_stands_for_none() {
        let index =
            |texts: &[(&str, usize)]| Index::new(&mut texts.iter().map(|(text, number)| ((*text).to_owned(), *number)));
        let entries = index;
        let mut index = index(&[("b", 1), ("a", 0), ("c", 2), ("b", 3), ("d", 4), ("d", 4), ("c", 5), ("c", 6)]);
        assert_eq!(["a", "b", "c", "d", "e"].map(|text| index.get(text)), [Some(0), None, None, Some(4), None]);
        index.add(entries(&[("a", 7), ("b", 8), ("e", 9)]));
        assert_eq!(["a", "b", "e"].map(|text| index.get(text)), [Some(0), Some(8), Some(9)]);
    }
}
