//! Codes of 64 rows at a time, a line for each column: what is folded.

use wardian_kernels::BLOCK;
use wardian_kernels::compare::{self, Quarters, TURNED, Turned};
use wardian_kernels::fold::{LANES, Line};
use wardian_kernels::has_shuffle;
use wardian_kernels::sets::{Bits, Categories, MOST_CATEGORIES};

use super::{Coder, Set};
use crate::forest::{Forest, Test};

/// What turns rows into lines of codes: a coder for each code column of a forest, feature after feature.
#[derive(Clone, Debug)]
pub(crate) struct LineCoders(Vec<LineCoder>);

/// Memory that is used from call to call.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    turned: Turned,
    /// The categories of a feature, block after block of 64 rows.
    categories: [Categories; BLOCK / LANES],
}

impl Default for Scratch {
    fn default() -> Self {
        Self { turned: Turned::default(), categories: [Categories::NONE; BLOCK / LANES] }
    }
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
    /// Whether the category is in a set.
    Set(Box<Bits>),
    /// Value by value.
    One(Coder),
}

impl LineCoders {
    pub(crate) fn new(forest: &Forest) -> Self {
        let mut coders = Vec::new();
        for (column, asked) in forest.columns().iter().enumerate() {
            let way = match &asked.test {
                Test::Below(cuts) if cuts.len() <= compare::MOST_CUTS => Way::Each(cuts.clone()),
                Test::Below(cuts) if cuts.len() <= compare::MOST_QUARTERED && has_shuffle() => {
                    Way::Quarters(Quarters::new(cuts))
                }
                Test::InSet(set) if has_shuffle() && set[set.len() - 1] < MOST_CATEGORIES as u32 => {
                    Way::Set(Box::new(Set::new(set).bits))
                }
                _ => Way::One(Coder::new(asked)),
            };
            coders.push(LineCoder { feature: asked.feature as usize, column, way });
        }
        // What is made of a feature's values is made once.
        coders.sort_unstable_by_key(|coder| (coder.feature, coder.column));
        Self(coders)
    }

    /// Writes the codes of whole `rows` of `width` values, `NaN` for missing, to every `count`th line, from that of their column on.
    pub(crate) fn encode(&self, rows: &[f32], width: usize, lines: &mut [Line], count: usize, scratch: &mut Scratch) {
        let Scratch { turned, categories } = scratch;
        let row_count = rows.len() / width;
        let (mut first, mut categorical) = (None, None);
        for LineCoder { feature, column, way } in &self.0 {
            let wanted = feature / TURNED * TURNED;
            if first != Some(wanted) {
                turned.turn(rows, width, wanted);
                first = Some(wanted);
            }
            let values = turned.column(feature % TURNED);
            let lines = &mut lines[*column..];
            match way {
                Way::Each(cuts) => compare::encode(cuts, values, lines, count),
                Way::Quarters(quarters) => quarters.encode(values, lines, count),
                Way::Set(set) => {
                    let blocks = values[..row_count].chunks(LANES).zip(categories.iter_mut());
                    for ((values, own), line) in blocks.zip(lines.iter_mut().step_by(count)) {
                        if categorical != Some(*feature) {
                            own.take(values);
                        }
                        own.encode(set, line);
                    }
                    categorical = Some(*feature);
                }
                Way::One(coder) => {
                    for (line, values) in lines.iter_mut().step_by(count).zip(values[..row_count].chunks(LANES)) {
                        coder.encode(values.len(), values, 1, line.bytes_mut(), 1);
                    }
                }
            }
        }
    }
}
