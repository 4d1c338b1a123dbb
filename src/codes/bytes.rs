//! Codes as bytes, for evaluators that compare sixteen at once.
//!
//! A feature's cuts, those of both missing sides together, make one column of codes. Up to 254 cuts fit a byte: value
//! codes 0 to 254 are the bytes 1 to 255, and missing is the byte 0. With the threshold `t = rank + 1`:
//!
//! - where missing goes left, a row goes right if `byte > t`: `code + 1 > rank + 1` for a value, and 0 never is;
//! - where missing goes right, a row goes right if `byte - 1 > rank`, the difference wrapping around: `code > rank` for
//!   a value, and 0 becomes 255, which always is.
//!
//! Of a feature with more cuts, the 254 that most splits ask for make one byte column and the others more: any of the
//! cuts by themselves are a column that answers for them. A set of categories is a column of codes 0 and 1. The columns
//! of rare cuts and of sets come last, so that most trees need only the first.
//!
//! Bytes are stored less 128, as signed numbers in the same order: comparing signed bytes is one instruction on every
//! machine, unsigned ones take up to four.

use wardian_kernels::buckets::{BUCKETS, Buckets, MOST_CUTS, Scale};
use wardian_kernels::{MISSING, biased};

use super::code;
use crate::forest::{Column, Forest, MissingSide, Node, Test};

/// How many ranks a byte tells apart.
const RANKS: usize = MOST_CUTS;

/// The byte columns of a forest, and how to find them and their values.
#[derive(Clone, Debug)]
pub(crate) struct ByteColumns {
    /// One for each byte column.
    coders: Vec<Coder>,
    /// For each code column and rank, the byte column and the rank there.
    places: Vec<Vec<(u32, u32)>>,
}

/// How a feature's values become the bytes of one column.
#[derive(Clone, Debug)]
struct Coder {
    column: Column,
    /// Where the column asks for cuts.
    buckets: Option<Buckets>,
}

/// A split as bytes see it: right if the byte of `column`, less 1 where `missing_right`, is above `threshold`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByteSplit {
    pub(crate) column: u32,
    pub(crate) threshold: i8,
    pub(crate) missing_right: bool,
}

/// Where the bytes of a block of rows are put.
pub(crate) struct Block<'a> {
    pub(crate) bytes: &'a mut [i8],
    /// From one row to the next in the same column.
    pub(crate) row_step: usize,
    /// From one column to the next in the same row.
    pub(crate) column_step: usize,
}

impl ByteColumns {
    pub(crate) fn new(forest: &Forest) -> Self {
        let columns = forest.columns();
        let mut places: Vec<Vec<(u32, u32)>> = columns.iter().map(|column| vec![(0, 0); column.rank_count()]).collect();
        let mut uses: Vec<Vec<u32>> = columns.iter().map(|column| vec![0; column.rank_count()]).collect();
        for node in forest.nodes() {
            if let Node::Split { column, rank, .. } = *node {
                uses[column as usize][rank as usize] += 1;
            }
        }
        let mut coders = Vec::new();
        // What is not among the first columns: cuts that few splits ask for, and sets.
        let mut last = Vec::new();
        let mut start = 0;
        while start < columns.len() {
            let feature = columns[start].feature;
            let end = start + columns[start..].iter().take_while(|column| column.feature == feature).count();
            let (common, rare) = most_wanted(feature_cuts(&columns[start..end], &uses[start..end]));
            if !common.is_empty() {
                let column = below(feature, common);
                place(columns, start..end, &column, coders.len() as u32, &mut places);
                coders.push(Coder::new(column));
            }
            last.extend(rare.chunks(RANKS).map(|cuts| (start..end, below(feature, cuts.to_vec()))));
            for (index, column) in columns.iter().enumerate().take(end).skip(start) {
                if let Test::InSet(_) = column.test {
                    last.push((index..index + 1, column.clone()));
                }
            }
            start = end;
        }
        for (served, column) in last {
            place(columns, served, &column, coders.len() as u32, &mut places);
            coders.push(Coder::new(column));
        }
        Self { coders, places }
    }

    /// How many byte columns there are.
    pub(crate) fn count(&self) -> usize {
        self.coders.len()
    }

    /// The split of `forest` at `rank` of its code column `column`.
    pub(crate) fn split(&self, forest: &Forest, column: u32, rank: u32) -> ByteSplit {
        let (place, rank) = self.places[column as usize][rank as usize];
        let missing_right = forest.columns()[column as usize].missing == MissingSide::Right;
        ByteSplit { column: place, threshold: biased(rank + u32::from(!missing_right)), missing_right }
    }

    /// Writes the bytes of whole `rows` of `width` values, `NaN` for missing.
    pub(crate) fn encode(&self, rows: &[f32], width: usize, block: &mut Block<'_>) {
        for (index, coder) in self.coders.iter().enumerate() {
            coder.encode(rows, width, index * block.column_step, block);
        }
    }
}

fn below(feature: u32, cuts: Vec<f32>) -> Column {
    Column { feature, missing: MissingSide::Left, test: Test::Below(cuts) }
}

/// The cuts of a feature's columns, ascending, and how many splits ask for each.
fn feature_cuts(columns: &[Column], uses: &[Vec<u32>]) -> Vec<(f32, u32)> {
    let mut all: Vec<(f32, u32)> = Vec::new();
    for (column, uses) in columns.iter().zip(uses) {
        let Test::Below(own) = &column.test else { continue };
        // Both lists ascend; merging them needs no sort, which would be a fifth of the page's module.
        let mut merged = Vec::with_capacity(all.len() + own.len());
        let mut rest = all.as_slice();
        for (&cut, &uses) in own.iter().zip(uses) {
            let before = rest.partition_point(|&(other, _)| other < cut);
            merged.extend_from_slice(&rest[..before]);
            rest = &rest[before..];
            let mut uses = uses;
            if let [(same, more), others @ ..] = rest
                && *same == cut
            {
                uses += more;
                rest = others;
            }
            merged.push((cut, uses));
        }
        merged.extend_from_slice(rest);
        all = merged;
    }
    all
}

/// The [`RANKS`] cuts that most splits ask for, and the others; each ascending.
fn most_wanted(cuts: Vec<(f32, u32)>) -> (Vec<f32>, Vec<f32>) {
    let above = |least: u32| cuts.iter().filter(|&&(_, uses)| uses > least).count();
    // The smallest count that at most `RANKS` cuts are above.
    let (mut low, mut high) = (0, u32::MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        if above(middle) <= RANKS {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let mut room = RANKS - above(low);
    let (mut common, mut rare) = (Vec::new(), Vec::new());
    for &(cut, uses) in &cuts {
        let is_common = uses > low || (uses == low && room > 0);
        if uses <= low && is_common {
            room -= 1;
        }
        if is_common { common.push(cut) } else { rare.push(cut) }
    }
    (common, rare)
}

/// Notes that byte column `place` serves what `column` asks of the forest's columns `served`.
fn place(
    columns: &[Column],
    served: std::ops::Range<usize>,
    column: &Column,
    place: u32,
    places: &mut [Vec<(u32, u32)>],
) {
    for index in served {
        match (&columns[index].test, &column.test) {
            (Test::Below(own), Test::Below(cuts)) => {
                for (entry, cut) in places[index].iter_mut().zip(own) {
                    // As numbers: one column may have 0.0 where another has -0.0.
                    let rank = cuts.partition_point(|other| other < cut);
                    if cuts.get(rank) == Some(cut) {
                        *entry = (place, rank as u32);
                    }
                }
            }
            (Test::InSet(_), Test::InSet(_)) => places[index][0] = (place, 0),
            _ => {}
        }
    }
}

impl Coder {
    fn new(column: Column) -> Self {
        let buckets = match &column.test {
            Test::Below(cuts) => Some(buckets(cuts)),
            Test::InSet(_) => None,
        };
        Self { column, buckets }
    }

    fn encode(&self, rows: &[f32], width: usize, first: usize, block: &mut Block<'_>) {
        let values = &rows[self.column.feature as usize..];
        let bytes = &mut block.bytes[first..];
        if let Some(buckets) = &self.buckets {
            return buckets.encode(values, width, bytes, block.row_step);
        }
        for (value, byte) in values.iter().step_by(width).zip(bytes.iter_mut().step_by(block.row_step)) {
            *byte = if value.is_nan() { MISSING } else { biased(code(&self.column, *value) + 1) };
        }
    }
}

/// The buckets of ascending cuts, by their values or their bits: whichever crowds them less.
fn buckets(cuts: &[f32]) -> Buckets {
    let (scale, lower) = [false, true]
        .map(|by_bits| {
            let scale = scale(cuts, by_bits);
            (scale, lower_cuts(cuts, scale))
        })
        .into_iter()
        .min_by_key(|(_, lower)| lower.windows(2).map(|pair| pair[1] - pair[0]).max())
        .expect("there are two");
    let (mut first, mut places) = ([0; BUCKETS], [f32::NAN; MOST_CUTS + 6]);
    for (first, lower) in first[1..].iter_mut().zip(&lower) {
        *first = lower + 1;
    }
    places[1..=cuts.len()].copy_from_slice(cuts);
    Buckets { scale, first: Box::new(first), cuts: Box::new(places) }
}

/// A scale on which all but a few of the cuts at either end spread over all buckets: four share one at no cost.
fn scale(cuts: &[f32], by_bits: bool) -> Scale {
    let scale = Scale { by_bits, offset: 0.0, factor: 1.0 };
    let spare = (cuts.len() - 1).min(6) / 2;
    let [low, high] = [cuts[spare], cuts[cuts.len() - 1 - spare]].map(|cut| scale.key(cut));
    let factor = (BUCKETS - 2) as f32 / (high - low);
    // Few cuts, or ones so near or so far apart that floats fail: any factor will do.
    Scale { offset: low, factor: if factor.is_normal() { factor } else { 1.0 }, ..scale }
}

/// For each bucket but that of missing values, and for the one behind the last, how many cuts are in lower ones.
fn lower_cuts(cuts: &[f32], scale: Scale) -> Vec<u8> {
    let mut lower = vec![0; BUCKETS];
    for &cut in cuts {
        lower[scale.bucket(cut) as usize] += 1;
    }
    // From counts in each bucket, the one of missing values empty, to counts in all lower ones.
    for bucket in 1..BUCKETS {
        lower[bucket] += lower[bucket - 1];
    }
    lower
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::codes::tests::{cuts, values_near};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_byte_is_the_code_and_one(
            (cuts, values) in cuts().prop_flat_map(|mut cuts| {
                cuts.truncate(RANKS);
                (Just(cuts.clone()), prop::collection::vec(values_near(cuts), 1..9))
            }),
        ) {
            let column = below(0, cuts);
            let coder = Coder::new(column.clone());
            let mut bytes = vec![0; values.len()];
            coder.encode(&values, 1, 0, &mut Block { bytes: &mut bytes, row_step: 1, column_step: 1 });
            for (&value, byte) in values.iter().zip(bytes) {
                let expected = if value.is_nan() { MISSING } else { biased(code(&column, value) + 1) };
                prop_assert_eq!(byte, expected, "{:e}", value);
            }
        }
    }

    fn logit(share: f32) -> f32 {
        (share / (1.0 - share)).ln()
    }

    #[test]
    fn cuts_of_every_distribution_are_spread_out() {
        let crowd = |cut: fn(f32) -> f32| {
            let cuts: Vec<f32> = (1..=254).map(|rank| cut(rank as f32 / 255.0)).collect();
            let lower = buckets(&cuts).first.map(i32::from);
            lower[1..].windows(2).map(|pair| pair[1] - pair[0]).max()
        };
        assert!(crowd(|share| 1e6 + 1e3 * share) <= Some(4), "even");
        assert!(crowd(logit) <= Some(4), "like measurements");
        assert!(crowd(|share| logit(share).exp()) <= Some(4), "like amounts");
        assert!(crowd(|share| (4.0 * logit(share)).exp()) <= Some(4), "like amounts of many sizes");
        assert!(crowd(|share| logit(share).powi(5)) <= Some(8), "far out on both sides");
    }
}
