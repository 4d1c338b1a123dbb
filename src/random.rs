//! Random numbers and trees for tests and fuzzing, the same for the same seed.

use crate::dialect::Dialect;
use crate::forest::{Base, Column, MissingSide, Parts, Split};
use crate::link::Link;

/// A property's usual number of cases, of which `PROPTEST_CASES` asks for more than 256 or fewer: where each takes a
/// hundred times as long, as under valgrind and Miri, or where tests are run a thousand times, as mutants are.
#[cfg(test)]
pub(crate) fn cases(usual: u32) -> proptest::test_runner::Config {
    let asked = proptest::test_runner::Config::default();
    proptest::test_runner::Config { cases: (usual * asked.cases).div_ceil(256), ..asked }
}

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    /// One of so many ranks: half the time one of the first or last few, where columns begin and end.
    pub(crate) fn rank(&mut self, count: usize) -> usize {
        const FEW: usize = 6;
        match self.below(4) {
            0 => self.below(count.min(FEW)),
            1 => count - 1 - self.below(count.min(FEW)),
            _ => self.below(count),
        }
    }
}

/// A forest of `trees` trees no deeper than `depth` over these columns.
#[cfg(test)]
pub(crate) fn grown(
    random: &mut Random,
    columns: Vec<Column>,
    trees: usize,
    depth: u32,
    outputs: u32,
    vector_leaves: bool,
) -> crate::forest::Forest {
    crate::forest::Forest::new(grown_parts(random, columns, trees, depth, outputs, vector_leaves)).expect("a forest")
}

/// What such a forest is made of.
pub(crate) fn grown_parts(
    random: &mut Random,
    columns: Vec<Column>,
    trees: usize,
    depth: u32,
    outputs: u32,
    vector_leaves: bool,
) -> Parts {
    let (mut nodes, mut leaf_count) = (Vec::new(), 0);
    for _ in 0..trees {
        grow(random, &columns, depth, &mut nodes, &mut leaf_count);
    }
    let width = if vector_leaves { outputs } else { 1 };
    let output = |tree: usize| if vector_leaves { 0 } else { tree as u32 % outputs };
    let leaf = |random: &mut Random| random.below(2001) as f32 / 977.0 - 1.0;
    Parts {
        leaves: (0..leaf_count * width).map(|_| leaf(random)).collect::<Vec<_>>().into(),
        base_margins: (0..outputs).map(|_| leaf(random)).collect::<Vec<_>>().into(),
        base: Base::First,
        tree_outputs: (0..trees).map(output).collect(),
        columns,
        nodes,
        link: Link::Identity,
        dialect: Dialect::default(),
    }
}

fn grow(random: &mut Random, columns: &[Column], depth: u32, nodes: &mut Vec<Option<Split>>, leaf_count: &mut u32) {
    if depth == 0 || random.below(6) == 0 {
        nodes.push(None);
        *leaf_count += 1;
        return;
    }
    let column = random.below(columns.len());
    let rank = random.rank(columns[column].rank_count()) as u8;
    let missing = [MissingSide::Left, MissingSide::Right][random.below(2)];
    nodes.push(Some(Split { column: column as u32, rank, missing }));
    grow(random, columns, depth - 1, nodes, leaf_count);
    grow(random, columns, depth - 1, nodes, leaf_count);
}
