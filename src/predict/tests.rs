//! Every evaluator gives the bits of a plain walk over the forest, and so does a model in all its ways.

use proptest::prelude::*;
use wardian_kernels::{by_each_width, has_shuffle};

use super::answers::{Amounts, Kind, LINKS, Shape, Spread, compare, walk};
use super::{Evaluator, Scratch};
use crate::dialect::Dialect;
use crate::forest::{Base, Column, Forest, MOST_CUTS, MissingSide, Parts, Split, Test};
use crate::link::Link;
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
    assert!(scratch.folding.lines.capacity() <= 1 << 20, "{} lines of codes", scratch.folding.lines.capacity());
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

/// A tree of so many levels, each with a split of its own, its nodes in pre-order.
fn levels(splits: &[Split], nodes: &mut Vec<Option<Split>>) {
    let Some((first, below)) = splits.split_first() else { return nodes.push(None) };
    nodes.push(Some(*first));
    levels(below, nodes);
    levels(below, nodes);
}

/// CatBoost's trees, alone and among others, of as many levels as there may be, to leaves of 64 bits.
#[test]
fn trees_that_ask_the_same_on_all_paths_give_the_bits_of_a_plain_walk() {
    const WIDTH: usize = 5;
    let mut random = Random(9);
    let cuts = |count: u16| Test::Below((0..count).map(|cut| f32::from(cut) / 8.0).collect());
    let columns: Vec<Column> = (0..WIDTH as u32).map(|feature| Column { feature, test: cuts(40) }).collect();
    for (outputs, depths) in [(1, vec![0]), (1, vec![3; 9]), (3, vec![6; 14]), (1, vec![8, 8, 8, 8, 1, 2, 9, 9, 6, 6])]
    {
        for is_mixed in [false, true] {
            let (mut nodes, mut outputs_of) = (Vec::new(), Vec::new());
            for (tree, &depth) in depths.iter().enumerate() {
                let split = |random: &mut Random| Split {
                    column: random.below(WIDTH) as u32,
                    rank: random.below(40) as u8,
                    missing: [MissingSide::Left, MissingSide::Right][random.below(2)],
                };
                let mut splits: Vec<Split> = (0..depth).map(|_| split(&mut random)).collect();
                let first = nodes.len();
                levels(&splits, &mut nodes);
                if is_mixed && depth > 1 && tree % 3 == 0 {
                    // Another question on the last path.
                    splits[0].rank ^= 1;
                    let last = nodes[first..].iter().rposition(Option::is_some).unwrap_or_default();
                    nodes[first + last] = Some(splits[0]);
                }
                outputs_of.push(tree as u32 % outputs);
            }
            let leaves = nodes.iter().filter(|node| node.is_none()).count();
            let forest = Forest::new(Parts {
                columns: columns.clone(),
                nodes,
                leaves: (0..leaves).map(|_| random.below(1 << 30) as f64 * 0.37 - 1e8).collect::<Vec<_>>().into(),
                tree_outputs: outputs_of,
                base_margins: vec![0.1; outputs as usize].into(),
                base: Base::First,
                link: Link::Identity,
                dialect: Dialect::default(),
            });
            let forest = forest.expect("trees");
            let rows: Vec<f32> = (0..300 * WIDTH)
                .map(|_| if random.below(9) == 0 { f32::NAN } else { random.below(400) as f32 / 64.0 - 0.5 })
                .collect();
            by_each_width(|width| {
                let evaluator = Evaluator::<f64>::new(&forest, WIDTH);
                let count = evaluator.steps.as_ref().map_or(0, |steps| steps.count_of_levels());
                assert!(
                    is_mixed
                        || depths.contains(&9)
                        || count
                            == (0..outputs as usize)
                                .map(|output| (depths.len() - output).div_ceil(outputs as usize).div_ceil(4))
                                .sum::<usize>(),
                    "{count}"
                );
                let mut margins = vec![0.1; 300 * outputs as usize];
                evaluator.margins(&rows, WIDTH, &mut Scratch::default(), &mut margins);
                let expected: Vec<f64> = rows.chunks_exact(WIDTH).flat_map(|row| walk::<f64>(&forest, row)).collect();
                assert_eq!(margins, expected, "{depths:?}, {width}");
            });
        }
    }
}

/// Trees that the small nodes of walks side by side have no room for are walked as they are.
#[test]
fn trees_of_any_size_give_the_bits_of_a_plain_walk() {
    let column = |feature| Column { feature, test: Test::Below((0..200).map(|cut| cut as f32).collect()) };
    for (depth, feature, is_plain) in [(15, 0, false), (17, 0, true), (3, 65_000, false), (3, 65_535, true)] {
        let splits: Vec<Split> =
            (0..depth).map(|level| Split { column: 0, rank: 11 * level as u8, missing: MissingSide::Right }).collect();
        let mut nodes = Vec::new();
        levels(&splits, &mut nodes);
        let leaves: Vec<f32> = (0..1 << depth).map(|leaf| leaf as f32).collect();
        let forest = Forest::new(Parts {
            columns: vec![column(feature)],
            nodes,
            leaves: leaves.into(),
            tree_outputs: vec![0],
            base_margins: vec![0.5_f32].into(),
            base: Base::First,
            link: Link::Identity,
            dialect: Dialect::default(),
        });
        let (forest, width) = (forest.expect("a tree"), feature as usize + 1);
        let evaluator = Evaluator::<f32>::new(&forest, width).walked();
        assert_eq!(evaluator.walk.is_plain(), is_plain, "{depth} levels, feature {feature}");
        for value in [f32::NAN, -1.0, 0.0, 60.0, 111.0, 500.0] {
            let row = vec![value; width];
            let mut margins = [0.5];
            evaluator.margins(&row, width, &mut Scratch::default(), &mut margins);
            assert_eq!(margins[..], walk::<f32>(&forest, &row)[..], "{depth} levels, {value}");
        }
    }
}
