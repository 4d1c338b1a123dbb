//! Every evaluator gives the portable one's bits, which the oracle compares with the trainer's.

use proptest::prelude::*;

use super::*;
use crate::forest::{Column, Forest, MOST_CUTS, Test};
use crate::random::{Random, grown};

/// A forest drawn from a seed: `trees` trees no deeper than `depth` over `features` features, with up to `cuts` cuts
/// each, both missing sides and category sets among them.
fn forest(
    seed: u64,
    trees: usize,
    depth: u32,
    features: u32,
    cuts: usize,
    outputs: u32,
    vector_leaves: bool,
) -> Forest {
    let mut random = Random(seed);
    let mut columns = Vec::new();
    for feature in 0..features {
        let mut drawn: Vec<f32> = (0..1 + random.below(cuts)).map(|_| value(&mut random)).collect();
        drawn.retain(|cut| cut.is_finite());
        drawn.push(0.0);
        drawn.sort_by(f32::total_cmp);
        drawn.dedup_by(|a, b| a == b);
        columns.extend(drawn.chunks(MOST_CUTS).map(|cuts| Column { feature, test: Test::Below(cuts.to_vec()) }));
        if random.below(5) == 0 {
            columns.push(Column { feature, test: Test::InSet(vec![0, 2 + random.below(3) as u32, 7]) });
        }
    }
    grown(&mut random, columns, trees, depth, outputs, vector_leaves)
}

/// A small number, any bit pattern, or something at the edge of the floats.
fn value(random: &mut Random) -> f32 {
    const EDGES: [f32; 8] = [0.0, -0.0, 1e-45, -1e-45, f32::MIN_POSITIVE, f32::MAX, f32::NEG_INFINITY, f32::INFINITY];
    match random.below(4) {
        0 => random.below(21) as f32 - 10.0,
        1 => f32::from_bits(random.next() as u32),
        2 => EDGES[random.below(EDGES.len())],
        _ => random.below(1 << 20) as f32 / 1e5,
    }
}

/// Rows on the forest's own cuts, one step beside them, and anywhere.
fn rows(seed: u64, forest: &Forest, features: usize, count: usize) -> Vec<f32> {
    let mut random = Random(seed ^ 0xabcd);
    let mut rows: Vec<f32> = (0..features * count).map(|_| value(&mut random)).collect();
    for row in rows.chunks_exact_mut(features) {
        for column in forest.columns() {
            if let Test::Below(cuts) = &column.test
                && random.below(2) == 0
            {
                let cut = cuts[random.below(cuts.len())];
                row[column.feature as usize] = [cut, cut.next_up(), cut.next_down()][random.below(3)];
            }
        }
        row[random.below(features)] = [f32::NAN, f32::from_bits(0xffc1_2345), -f32::NAN][random.below(3)];
    }
    rows
}

/// The bits of the margins by the evaluator that is asked for, whatever the count of rows.
fn margins_by(forest: &Forest, blend: Option<blend::Trees>, walk: Walk, rows: &[f32], width: usize) -> Vec<u32> {
    let coders = Coders::new(forest);
    let evaluator = Evaluator { base_margins: forest.base_margins().to_vec(), coders, blend, walk };
    margins_of(&evaluator, rows, width)
}

fn margins_of(evaluator: &Evaluator, rows: &[f32], width: usize) -> Vec<u32> {
    let mut margins = vec![f32::NAN; rows.len() / width * evaluator.base_margins.len()];
    // What an earlier call has left must not matter.
    let mut scratch = Scratch { bytes: vec![77; 99], sums: vec![f32::NAN; BLOCK] };
    evaluator.margins(rows, width, &mut scratch, &mut margins);
    margins.iter().map(|margin| margin.to_bits()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_evaluator_gives_the_same_bits(
        seed in any::<u64>(),
        trees in 1_usize..12,
        depth in prop_oneof![0_u32..4, 0_u32..12],
        features in prop_oneof![1_u32..9, 1_u32..40],
        cuts in prop_oneof![1_usize..20, 1_usize..300, 1_usize..1200],
        outputs in prop_oneof![Just(1_u32), 1_u32..5],
        vector_leaves in any::<bool>(),
        count in prop_oneof![1_usize..20, 200_usize..600],
    ) {
        let forest = forest(seed, trees, depth, features, cuts, outputs, vector_leaves);
        let width = features as usize;
        let rows = rows(seed, &forest, width, count);
        let portable = || Walk::Portable(portable::Trees::new(&forest));
        let expected = margins_by(&forest, None, portable(), &rows, width);
        if let Some(tiles) = tiles::Trees::new(&forest) {
            prop_assert_eq!(&margins_by(&forest, None, Walk::Tiles(tiles), &rows, width), &expected);
        }
        if let Some(blend) = blend::Trees::new(&forest) {
            prop_assert_eq!(&margins_by(&forest, Some(blend), portable(), &rows, width), &expected);
        }
        prop_assert_eq!(&margins_of(&Evaluator::new(&forest), &rows, width), &expected);
    }
}

#[test]
fn the_property_above_reaches_every_evaluator() {
    let reached = |forest: &Forest| (blend::Trees::new(forest).is_some(), tiles::Trees::new(forest).is_some());
    assert_eq!(reached(&forest(1, 10, 3, 8, 300, 1, false)), (true, true));
    assert_eq!(reached(&forest(2, 10, 8, 8, 300, 3, false)), (false, true));
    assert_eq!(reached(&forest(3, 10, 8, 80, 300, 1, false)), (false, false));
}
