//! Codes of 64 rows at a time, a line for each column: what `predict/fold.rs` compares.

use wardian_kernels::compare::{self, Quarters, TURNED, Turned};
use wardian_kernels::fold::{LANES, Line};

use super::Coders;
use crate::forest::{Column, Forest, Test};

/// How the values of 64 rows become a line of codes, faster than one by one.
#[derive(Clone, Debug)]
pub(crate) struct LineCoders {
    coders: Vec<LineCoder>,
}

#[derive(Clone, Debug)]
struct LineCoder {
    column: usize,
    feature: usize,
    few: Option<Few>,
}

/// Few cuts, which are compared with many values at once.
#[derive(Clone, Debug)]
enum Few {
    Each(Vec<f32>),
    Quarters(Quarters),
}

impl LineCoders {
    pub(crate) fn new(forest: &Forest) -> Self {
        let coder = |(column, test): (usize, &Column)| LineCoder {
            column,
            feature: test.feature as usize,
            few: match &test.test {
                Test::Below(cuts) if cuts.len() <= compare::MOST_CUTS => Some(Few::Each(cuts.clone())),
                Test::Below(cuts) if cuts.len() <= compare::MOST_QUARTERED => Some(Few::Quarters(Quarters::new(cuts))),
                _ => None,
            },
        };
        Self { coders: forest.columns().iter().enumerate().map(coder).collect() }
    }

    /// Writes the codes of whole `rows` of `width` values to every `count`th line, from that of their column on.
    pub(crate) fn encode(
        &self,
        own: &Coders,
        rows: &[f32],
        width: usize,
        lines: &mut [Line],
        count: usize,
        turned: &mut Turned,
    ) {
        let row_count = rows.len() / width;
        let mut first = None;
        for LineCoder { column, feature, few } in &self.coders {
            let wanted = feature / TURNED * TURNED;
            if first != Some(wanted) {
                turned.turn(rows, width, wanted);
                first = Some(wanted);
            }
            let values = turned.column(feature % TURNED);
            let lines = lines[*column..].iter_mut().step_by(count);
            match few {
                Some(Few::Each(cuts)) => compare::encode(cuts, values, lines),
                Some(Few::Quarters(quarters)) => quarters.encode(values, lines),
                None => {
                    for (line, values) in lines.zip(values[..row_count].chunks(LANES)) {
                        own.0[*column].encode(values.len(), values, 1, line.bytes_mut(), 1);
                    }
                }
            }
        }
    }
}
