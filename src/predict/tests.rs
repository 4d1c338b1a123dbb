//! Every evaluator gives the bits of a plain walk over the forest, and so does a model in all its ways.

use proptest::prelude::*;
use wardian_kernels::{by_each_width, has_shuffle};

use super::answers::{Amounts, Kind, LINKS, Shape, Spread, compare, walk};
use super::{Evaluator, Scratch};
use crate::forest::{Column, MOST_CUTS, Test};
use crate::numbers::Number;
use crate::random::{Random, cases, grown};

/// Half of the columns of cuts are full, or nearly.
fn kind() -> impl Strategy<Value = Kind> {
    let count = prop_oneof![1..=MOST_CUTS, 1..20_usize, 250..=MOST_CUTS, 250..=MOST_CUTS];
    let cuts = (count, prop::sample::select(&Spread::ALL[..])).prop_map(|(count, spread)| Kind::Cuts(count, spread));
    prop_oneof![5 => cuts, 1 => (1..20_usize).prop_map(Kind::Set)]
}

/// The most columns, splits of a path, and rows: Miri takes a second for what a processor does in a millisecond.
const MOST: (usize, u32, usize) = if cfg!(miri) { (9, 5, 20) } else { (60, 13, 1100) };

fn shape() -> impl Strategy<Value = Shape> {
    let (most_columns, most_depth, most_rows) = MOST;
    // Also more than one part of a row has, and more than a tile can name.
    let wide = if cfg!(miri) { 1..9 } else { 60..280 };
    let columns = prop_oneof![
        4 => prop::collection::vec(kind(), 1..9),
        4 => prop::collection::vec(kind(), 1..most_columns),
        1 => prop::collection::vec(kind(), wide),
    ];
    let trees = (1..12_usize, prop_oneof![0..4_u32, 0..most_depth], prop_oneof![Just(1_u32), 1..5_u32], any::<bool>());
    let ends = (prop::sample::select(&Amounts::ALL[..]), prop::sample::select(&LINKS[..]));
    let rows =
        (prop_oneof![9 => 1..most_rows.min(40), 1 => most_rows - most_rows / 11..most_rows], prop::bool::weighted(0.1));
    (any::<u64>(), columns, 1..60_usize, 0..3_usize, trees, ends, rows).prop_map(
        |(seed, columns, features, spare_features, trees, (amounts, link), (rows, infinite))| {
            let (trees, depth, outputs, vector_leaves) = trees;
            let features = features.min(columns.len());
            Shape {
                seed,
                columns,
                features,
                spare_features,
                trees,
                depth,
                outputs,
                vector_leaves,
                amounts,
                link,
                rows,
                infinite,
            }
        },
    )
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn every_way_to_an_answer_gives_the_bits_of_a_plain_walk(shape in shape()) {
        compare(&shape);
    }
}

/// A set of categories is a column of its own: a file of 10 MB may have millions.
#[test]
fn very_many_columns_take_memory_for_few_rows() {
    let columns = |count: usize| -> Vec<Column> {
        (0..count).map(|index| Column { feature: 0, test: Test::InSet(vec![index as u32]) }).collect()
    };
    let forest = |count| grown(&mut Random(5), columns(count), 300, 3, 1, false);
    let wide = forest((1 << 16) + 4000);
    let evaluator = Evaluator::new(&wide, 1);
    let rows: Vec<f32> = (0..1000).map(|row| (row * 71) as f32).collect();
    let (mut scratch, mut margins) = (Scratch::default(), vec![f32::all(wide.base_margins())[0]; rows.len()]);
    evaluator.margins(&rows, 1, &mut scratch, &mut margins);
    assert!(scratch.lines.capacity() <= 1 << 20, "{} lines of codes", scratch.lines.capacity());
    for (row, margin) in rows.iter().zip(&margins) {
        assert_eq!(margin.to_bits(), walk::<f32>(&wide, &[*row])[0].to_bits());
    }
}

#[test]
fn the_property_above_reaches_all_that_trees_end_in() {
    let reached = |depth, columns: u32, vector_leaves| {
        let columns: Vec<Column> =
            (0..columns).map(|feature| Column { feature, test: Test::Below(vec![0.0, 1.0]) }).collect();
        let width = columns.len();
        let forest = grown(&mut Random(1), columns, 10, depth, 3, vector_leaves);
        Evaluator::<f32>::new(&forest, width).steps.map(|steps| (steps.has_tiles(), steps.has_chains()))
    };
    by_each_width(|_| {
        // Few leaves, one tile each, several.
        assert_eq!(reached(3, 8, false), Some((false, false)));
        assert_eq!(reached(6, 8, true), Some((false, false)));
        if has_shuffle() {
            assert_eq!(reached(8, 8, false), Some((true, false)));
            assert_eq!(reached(12, 60, false), Some((true, true)));
            assert_eq!(reached(8, 65, false), Some((true, true)), "columns of which a chain has more");
            assert_eq!(reached(12, 256, false), Some((true, true)));
            assert_eq!(reached(12, 8, true), Some((true, true)), "leaves of several numbers");
        }
        // Walked.
        assert_eq!(reached(12, 257, false), None);
        assert_eq!(reached(8, 257, false), Some((false, false)), "folded whole");
    });
}
