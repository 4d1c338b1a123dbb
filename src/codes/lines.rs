//! Codes of 128 rows at a time, a line for each column: what is folded.

use wardian_kernels::compare::{self, Quarters};
use wardian_kernels::fold::{LANES, Line};
use wardian_kernels::has_shuffle;
use wardian_kernels::sets::{MOST_CATEGORIES, Sets};

use super::values::Values;
use super::{Coder, Set};
use crate::forest::{Forest, Test};

/// What turns rows into lines of codes.
#[derive(Clone, Debug)]
pub(crate) struct LineCoders {
    /// Feature after feature: what is made of a feature's values is made once.
    coders: Vec<LineCoder>,
    /// For each feature its sets of few categories, and the columns that they are.
    sets: Vec<(usize, Sets)>,
}

#[derive(Clone, Debug)]
struct LineCoder {
    feature: usize,
    column: usize,
    way: Way,
}

/// How a column's values become codes.
#[derive(Clone, Debug)]
enum Way {
    /// Few cuts are compared with many values at once, all of them,
    Each(Vec<f32>),
    /// or a fourth of them.
    Quarters(Quarters),
    /// Value by value.
    One(Coder),
}

impl LineCoders {
    pub(crate) fn new(forest: &Forest) -> Self {
        let (mut coders, mut all) = (Vec::new(), Vec::<(_, Sets)>::new());
        for (column, asked) in forest.columns().iter().enumerate() {
            let feature = asked.feature as usize;
            let way = match &asked.test {
                Test::Below(cuts) if cuts.len() <= compare::MOST_CUTS => Way::Each(cuts.clone()),
                Test::Below(cuts) if cuts.len() <= compare::MOST_QUARTERED && has_shuffle() => {
                    Way::Quarters(Quarters::new(cuts))
                }
                Test::InSet(set) if has_shuffle() && set[set.len() - 1] < MOST_CATEGORIES as u32 => {
                    let place = all.iter().position(|(other, _)| *other == feature).unwrap_or(all.len());
                    if place == all.len() {
                        all.push((feature, Sets::default()));
                    }
                    all[place].1.push(&Set::new(set).bits, column as u32);
                    continue;
                }
                _ => Way::One(Coder::new(asked)),
            };
            coders.push(LineCoder { feature, column, way });
        }
        coders.sort_unstable_by_key(|coder| coder.feature);
        Self { coders, sets: all }
    }

    /// Whether some column is of a feature.
    pub(crate) fn asks(&self, feature: usize) -> bool {
        self.coders.binary_search_by_key(&feature, |coder| coder.feature).is_ok()
            || self.sets.iter().any(|(own, _)| *own == feature)
    }

    /// Writes the codes of rows to every `count`th line, from that of their column on.
    pub(crate) fn encode(&self, rows: &mut dyn Values, lines: &mut [Line], count: usize) {
        let row_count = rows.row_count();
        for LineCoder { feature, column, way } in &self.coders {
            let values = rows.of(*feature);
            let lines = &mut lines[*column..];
            match way {
                Way::Each(cuts) => compare::encode(cuts, values, lines, count),
                Way::Quarters(quarters) => quarters.encode(values, lines, count),
                Way::One(coder) => {
                    for (line, values) in lines.iter_mut().step_by(count).zip(values[..row_count].chunks(LANES)) {
                        coder.encode(values.len(), values, 1, line.bytes_mut(), 1);
                    }
                }
            }
        }
        for (feature, sets) in &self.sets {
            for (place, block) in lines.chunks_exact_mut(count).enumerate() {
                rows.categories(*feature, place).encode(sets, block);
            }
        }
    }
}
