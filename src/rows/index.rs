//! Texts that stand for something.

/// Texts, each with the number of what it stands for. A text that stands for two things stands for none. One kind of map for names,
/// categories and words: each kind of the standard library's would be a twentieth of a page's reader of rows.
pub(super) struct Index(Vec<(String, usize)>);

impl Index {
    pub(super) fn new(mut entries: Vec<(String, usize)>) -> Self {
        entries.sort_unstable();
        entries.dedup();
        let is_of_two = |place: usize| {
            let same = |other: Option<&(String, usize)>| other.is_some_and(|(text, _)| *text == entries[place].0);
            same(place.checked_sub(1).and_then(|before| entries.get(before))) || same(entries.get(place + 1))
        };
        let two: Vec<bool> = (0..entries.len()).map(is_of_two).collect();
        let mut two = two.into_iter();
        entries.retain(|_| !two.next().unwrap_or_default());
        Self(entries)
    }

    pub(super) fn get(&self, text: &str) -> Option<usize> {
        let place = self.0.binary_search_by(|(known, _)| known.as_str().cmp(text)).ok()?;
        Some(self.0[place].1)
    }

    /// Adds texts that stand for something only where they do not yet.
    pub(super) fn add(&mut self, more: Self) {
        let new: Vec<_> = more.0.into_iter().filter(|(text, _)| self.get(text).is_none()).collect();
        self.0.extend(new);
        self.0.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_two_things_stands_for_none() {
        let entries =
            |texts: &[(&str, usize)]| texts.iter().map(|(text, number)| ((*text).to_owned(), *number)).collect();
        let mut index =
            Index::new(entries(&[("b", 1), ("a", 0), ("c", 2), ("b", 3), ("d", 4), ("d", 4), ("c", 5), ("c", 6)]));
        assert_eq!(["a", "b", "c", "d", "e"].map(|text| index.get(text)), [Some(0), None, None, Some(4), None]);
        index.add(Index::new(entries(&[("a", 7), ("b", 8), ("e", 9)])));
        assert_eq!(["a", "b", "e"].map(|text| index.get(text)), [Some(0), Some(8), Some(9)]);
    }
}
