//! The code columns of a forest that is being made.

use std::collections::BTreeMap;

use crate::forest::MOST_CUTS;
use crate::forest::{Column, Test};

/// How often splits ask for each threshold and each set of categories.
#[derive(Default)]
pub(crate) struct Wanted<'a> {
    /// For each feature, its cuts by their bits in the order of the floats, `-0.0` as `0.0`.
    cuts: BTreeMap<u32, BTreeMap<i32, usize>>,
    sets: BTreeMap<(u32, &'a [u32]), usize>,
}

/// The columns, and where each cut and set is among them.
pub(crate) struct Columns<'a> {
    pub(crate) columns: Vec<Column>,
    cuts: BTreeMap<(u32, i32), (u32, u8)>,
    sets: BTreeMap<(u32, &'a [u32]), u32>,
}

/// The bits of a float as a whole number in the order of the floats; `-0.0` and `0.0` compare alike and are one.
fn ordered(cut: f32) -> i32 {
    let bits = (cut + 0.0).to_bits() as i32;
    bits ^ ((bits >> 31) & i32::MAX)
}

fn from_ordered(ordered: i32) -> f32 {
    f32::from_bits((ordered ^ ((ordered >> 31) & i32::MAX)) as u32)
}

impl<'a> Wanted<'a> {
    pub(crate) fn cut(&mut self, feature: u32, cut: f32) {
        *self.cuts.entry(feature).or_default().entry(ordered(cut)).or_default() += 1;
    }

    pub(crate) fn set(&mut self, feature: u32, set: &'a [u32]) {
        *self.sets.entry((feature, set)).or_default() += 1;
    }

    /// One column for the cuts of each feature; of more than fit, those that most splits ask for. Behind these the other
    /// cuts, and the sets, the most wanted first: so that most trees need only the first columns.
    pub(crate) fn columns(self) -> Columns<'a> {
        let mut first = Vec::new();
        let mut last: Vec<(usize, u32, Vec<i32>)> = Vec::new();
        for (feature, cuts) in self.cuts {
            let mut by_use: Vec<(i32, usize)> = cuts.into_iter().collect();
            // Stable: of cuts that are wanted as often, the lower ones come first.
            by_use.sort_by_key(|&(_, uses)| std::cmp::Reverse(uses));
            for (part, cuts) in by_use.chunks(MOST_CUTS).enumerate() {
                let uses = cuts.iter().map(|&(_, uses)| uses).sum();
                let mut ascending: Vec<i32> = cuts.iter().map(|&(cut, _)| cut).collect();
                ascending.sort_unstable();
                if part == 0 { first.push((feature, ascending)) } else { last.push((uses, feature, ascending)) }
            }
        }
        let mut result = Columns { columns: Vec::new(), cuts: BTreeMap::new(), sets: BTreeMap::new() };
        first.into_iter().for_each(|(feature, cuts)| result.push_cuts(feature, &cuts));
        let mut sets: Vec<_> = self.sets.into_iter().map(|((feature, set), uses)| (uses, feature, set)).collect();
        last.sort_by_key(|&(uses, ..)| uses);
        sets.sort_by_key(|&(uses, ..)| uses);
        while let Some(next) = last.last().map(|&(uses, ..)| uses).max(sets.last().map(|&(uses, ..)| uses)) {
            if let Some((_, feature, cuts)) = last.pop_if(|&mut (uses, ..)| uses == next) {
                result.push_cuts(feature, &cuts);
            } else if let Some((_, feature, set)) = sets.pop() {
                result.sets.insert((feature, set), result.columns.len() as u32);
                result.columns.push(Column { feature, test: Test::InSet(set.to_vec()) });
            }
        }
        result
    }
}

impl Columns<'_> {
    fn push_cuts(&mut self, feature: u32, cuts: &[i32]) {
        let column = self.columns.len() as u32;
        self.cuts.extend(cuts.iter().zip(0..).map(|(&cut, rank)| ((feature, cut), (column, rank))));
        let cuts = cuts.iter().map(|&cut| from_ordered(cut)).collect();
        self.columns.push(Column { feature, test: Test::Below(cuts) });
    }

    /// The column and rank of a cut that was wanted.
    pub(crate) fn place(&self, feature: u32, cut: f32) -> (u32, u8) {
        self.cuts[&(feature, ordered(cut))]
    }

    /// The column of a set that was wanted.
    pub(crate) fn place_of_set(&self, feature: u32, set: &[u32]) -> u32 {
        self.sets[&(feature, set)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_cuts_and_sets_come_last() {
        let mut wanted = Wanted::default();
        for cut in 0..300u16 {
            for _ in 0..=u16::from(cut % 2 == 1 || cut > 100) {
                wanted.cut(3, f32::from(cut));
            }
        }
        wanted.cut(5, -0.0);
        wanted.set(1, &[2, 7]);
        let columns = wanted.columns();
        let shape: Vec<_> = columns.columns.iter().map(|column| (column.feature, column.rank_count())).collect();
        assert_eq!(shape, [(3, 254), (5, 1), (3, 46), (1, 1)]);
        assert_eq!(columns.place(3, 1.0).0, 0);
        assert_eq!(columns.place(3, 100.0), (2, 45), "asked for once, and not among the lowest of these");
        assert_eq!(columns.place(5, 0.0), columns.place(5, -0.0));
        assert_eq!(columns.place_of_set(1, &[2, 7]), 3);
    }
}
