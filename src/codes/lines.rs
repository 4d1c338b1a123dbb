//! Codes of 64 rows at a time, a line for each column: what is folded.

use wardian_kernels::compare::{self, Quarters, TURNED, Turned};
use wardian_kernels::fold::{LANES, Line};
use wardian_kernels::has_shuffle;

use super::Coder;
use crate::forest::{Column, Forest, Test};

/// What turns rows into lines of codes: a coder for each code column of a forest.
#[derive(Clone, Debug)]
pub(crate) struct LineCoders(Vec<LineCoder>);

#[derive(Clone, Debug)]
struct LineCoder {
    feature: usize,
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
        let coder = |column: &Column| LineCoder {
            feature: column.feature as usize,
            way: match &column.test {
                Test::Below(cuts) if cuts.len() <= compare::MOST_CUTS => Way::Each(cuts.clone()),
                Test::Below(cuts) if cuts.len() <= compare::MOST_QUARTERED && has_shuffle() => {
                    Way::Quarters(Quarters::new(cuts))
                }
                _ => Way::One(Coder::new(column)),
            },
        };
        Self(forest.columns().iter().map(coder).collect())
    }

    /// Writes the codes of whole `rows` of `width` values, `NaN` for missing, to every `count`th line, from that of their column on.
    pub(crate) fn encode(&self, rows: &[f32], width: usize, lines: &mut [Line], count: usize, turned: &mut Turned) {
        let row_count = rows.len() / width;
        let mut first = None;
        for (column, LineCoder { feature, way }) in self.0.iter().enumerate() {
            let wanted = feature / TURNED * TURNED;
            if first != Some(wanted) {
                turned.turn(rows, width, wanted);
                first = Some(wanted);
            }
            let values = turned.column(feature % TURNED);
            let lines = &mut lines[column..];
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
    }
}
