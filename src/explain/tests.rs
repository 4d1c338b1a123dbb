//! Contributions beside Shapley values worked out from their definition.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::codes::{Block as CodeBlock, ByteSplit, Coders};
use crate::covers::Covers;
use crate::error::Code;
use crate::forest::{Base, Column, Forest, MissingSide, Node, Parts, Split, Test};
use crate::link::Link;
use crate::random::{Random, cases, grown};
use crate::schema::{Feature, Schema};

/// A number on a cut, beside one, or missing.
fn value(random: &mut Random) -> f32 {
    if random.below(8) == 0 { f32::NAN } else { random.below(40) as f32 / 2.0 - 10.0 }
}

/// What a forest is drawn by.
#[derive(Clone, Copy, Debug)]
struct Shape {
    trees: usize,
    depth: u32,
    features: u32,
    outputs: u32,
    vector_leaves: bool,
}

/// A model with both missing sides, sets of categories, features repeated on a path, and leaves without cover.
fn model(seed: u64, shape: Shape) -> Model {
    let mut random = Random(seed);
    let mut columns = Vec::new();
    for feature in 0..shape.features {
        let cuts = (0..1 + random.below(5)).map(|cut| cut as f32 * 3.5 - 7.0).collect();
        columns.push(Column { feature, test: Test::Below(cuts) });
        if random.below(3) == 0 {
            let set = vec![0, 2 + random.below(3) as u32, 7];
            columns.push(Column { feature, test: Test::InSet(set) });
        }
    }
    let forest = grown(&mut random, columns, shape.trees, shape.depth, shape.outputs, shape.vector_leaves);
    let leaf_count = forest.leaves().len() / forest.leaf_width();
    let covers = (0..leaf_count).map(|_| if random.below(6) == 0 { 0.0 } else { random.below(900) as f32 / 7.0 });
    let covers = covers.collect();
    let schema = Schema::of_names((0..shape.features).map(|index| format!("f{index}"))).expect("a schema");
    Model::new(schema, forest).and_then(|model| model.with_covers(covers)).expect("a model")
}

/// The mean of the subtree at `index` where the features of `known` are as in the row, weighted by shares of the covers.
fn mean(model: &Model, shares: &[f64], codes: &[i8], index: usize, part: usize, known: u32) -> f64 {
    let forest = model.forest();
    match forest.nodes()[index] {
        Node::Leaf { leaf } => forest.leaf(leaf, part),
        Node::Split { split, right } => {
            let mean = |child| mean(model, shares, codes, child, part, known);
            if known >> forest.columns()[split.column as usize].feature & 1 == 1 {
                let goes_right = ByteSplit::from(split).goes_right(codes[split.column as usize]);
                return mean(if goes_right { right as usize } else { index + 1 });
            }
            shares[index] * mean(index + 1) + (1.0 - shares[index]) * mean(right as usize)
        }
    }
}

/// Shapley values by their definition, over all sets of features: for each output that of each feature, then the
/// interaction of each pair.
fn by_definition(model: &Model, row: &[f32]) -> Vec<(Vec<f64>, Vec<f64>)> {
    let forest = model.forest();
    let (features, outputs) = (row.len(), forest.output_count());
    let covers = model.covers().expect("covers");
    let shares = covers.left_shares(forest);
    let coders = Coders::new(forest);
    let mut codes = vec![0; coders.count()];
    coders.encode(row, features, CodeBlock { bytes: &mut codes, row_step: 1, column_step: 1 });
    let value = |known: u32, output: usize| -> f64 {
        let trees = forest.trees().iter();
        trees
            .filter(|tree| forest.leaf_width() > 1 || tree.output as usize == output)
            .map(|tree| {
                let part = if forest.leaf_width() > 1 { output } else { 0 };
                mean(model, &shares, &codes, tree.root as usize, part, known)
            })
            .sum()
    };
    let factorial = |number: usize| (1..=number).map(|factor| factor as f64).product::<f64>();
    let mut answers = vec![(vec![0.0; features], vec![0.0; features * features]); outputs];
    for (output, (contributions, interactions)) in answers.iter_mut().enumerate() {
        let values: Vec<f64> = (0..1 << features).map(|known| value(known, output)).collect();
        for (feature, contribution) in contributions.iter_mut().enumerate() {
            for known in (0..1_usize << features).filter(|known| known >> feature & 1 == 0) {
                let size = known.count_ones() as usize;
                let weight = factorial(size) * factorial(features - size - 1) / factorial(features);
                *contribution += weight * (values[known | 1 << feature] - values[known]);
            }
        }
        for (pair, interaction) in interactions.iter_mut().enumerate() {
            let both = 1_usize << (pair / features) | 1 << (pair % features);
            if both.count_ones() < 2 {
                continue;
            }
            let (one, other) = (1 << (pair / features), 1 << (pair % features));
            for known in (0..1_usize << features).filter(|known| known & both == 0) {
                let size = known.count_ones() as usize;
                let weight = factorial(size) * factorial(features - size - 2) / factorial(features - 1);
                let step = values[known | both] - values[known | one] - values[known | other] + values[known];
                *interaction += 0.5 * weight * step;
            }
        }
    }
    answers
}

/// The most that 32-bit sums in tree order are away from the exact: half a unit of the largest partial sum each.
fn rounding(model: &Model) -> f64 {
    let forest = model.forest();
    let largest = forest.leaves().iter().fold(0.0_f64, |largest, leaf| largest.max(leaf.abs()));
    let trees = forest.trees().len() as f64;
    trees * (trees * largest + 2.0) * f64::from(f32::EPSILON)
}

fn shapes() -> impl Strategy<Value = Shape> {
    (1_usize..12, prop_oneof![0_u32..4, 0_u32..12], 1_u32..7, prop_oneof![Just(1_u32), 1_u32..4], any::<bool>())
        .prop_map(|(trees, depth, features, outputs, vector_leaves)| Shape {
            trees,
            depth,
            features,
            outputs,
            vector_leaves,
        })
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn contributions_are_shapley_values(seed in any::<u64>(), shape in shapes()) {
        let model = model(seed, shape);
        let mut random = Random(seed ^ 0xabcd);
        let explainer = model.explainer().expect("covers");
        for _ in 0..3 {
            let row: Vec<f32> = (0..shape.features).map(|_| value(&mut random)).collect();
            let wide = row.iter().map(|&value| value.into()).collect();
            let wide = model.schema().row_from_values(wide).expect("a row");
            let explanations = explainer.explain(&wide);
            let matrices = explainer.interactions(&wide).expect("few features");
            let expected = by_definition(&model, &row);
            prop_assert_eq!([explanations.len(), matrices.len()], [expected.len(); 2]);
            prop_assert!(matrices.iter().all(|matrix| matrix.len() == row.len() * row.len()));
            for ((ours, matrix), (contributions, interactions)) in explanations.iter().zip(matrices).zip(&expected) {
                for (ours, expected) in ours.contributions.iter().zip(contributions) {
                    prop_assert!((ours - expected).abs() < 1e-10, "{} {}", ours, expected);
                }
                for (index, (ours, expected)) in matrix.iter().zip(interactions).enumerate() {
                    let is_pair = index / row.len() != index % row.len();
                    prop_assert!(!is_pair || (ours - expected).abs() < 1e-10, "{} {}", ours, expected);
                }
                for (part, own) in ours.contributions.iter().zip(matrix.chunks_exact(row.len())) {
                    prop_assert!((part - own.iter().sum::<f64>()).abs() < 1e-10);
                }
            }
        }
    }

    #[test]
    fn base_and_contributions_make_the_margin(
        seed in any::<u64>(),
        trees in prop_oneof![1_usize..12, 100_usize..400],
        shape in shapes(),
        features in 1_u32..40,
        count in prop_oneof![1_usize..20, 200_usize..600],
    ) {
        // A forest of many trees is shallow, or the test is long.
        let depth = if trees > 20 { shape.depth.min(4) } else { shape.depth };
        let shape = Shape { trees, features, depth, ..shape };
        let model = model(seed, shape);
        let mut random = Random(seed ^ 0xdcba);
        let rows: Vec<f32> = (0..count * features as usize).map(|_| value(&mut random)).collect();
        let explainer = model.explainer().expect("covers");
        let many = explainer.explain_many(&rows).expect("whole rows");
        let margins = model.margins_many(&rows).expect("whole rows");
        let width = features as usize + 1;
        prop_assert_eq!(many.len(), margins.len() * width);
        for (index, (parts, margin)) in many.chunks_exact(width).zip(margins.iter()).enumerate() {
            let sum: f64 = parts.iter().sum();
            prop_assert!((sum - margin).abs() < 1e-6, "{} {}", sum, margin);
            // What the base takes on is rounding, and nothing else.
            let exact = explainer.bases()[index % shape.outputs as usize];
            prop_assert!((parts[width - 1] - exact).abs() <= rounding(&model), "{:e}", parts[width - 1] - exact);
        }
        // One row by itself is what it is among others.
        let last = rows[rows.len() - features as usize..].iter().map(|&value| value.into()).collect();
        let alone = explainer.explain(&model.schema().row_from_values(last).expect("a row"));
        let tail = &many[many.len() - width * shape.outputs as usize..];
        for (alone, together) in alone.iter().zip(tail.chunks_exact(width)) {
            for (alone, together) in alone.contributions.iter().chain([&alone.base]).zip(together) {
                prop_assert_eq!(alone.to_bits(), together.to_bits());
            }
        }
    }
}

#[test]
fn contributions_have_the_scale_of_the_margin() {
    use crate::dialect::Dialect;
    use crate::finish::Finish;
    let cut = |column| Some(Split { column, rank: 0, missing: MissingSide::Left });
    let columns = (0..2).map(|feature| Column { feature, test: Test::Below(vec![0.5]) }).collect();
    let parts = Parts {
        columns,
        nodes: vec![cut(0), None, cut(1), None, None],
        leaves: Numbers::Double(vec![1.0, 2.0, 5.0]),
        tree_outputs: vec![0],
        base_margins: Numbers::Double(vec![10.0]),
        base: Base::Last,
        link: Link::Identity,
        dialect: Dialect::new(Finish { scale: -2.0, ..Finish::PLAIN }, Vec::new()),
    };
    let schema = Schema::of_names(["a".to_owned(), "b".to_owned()]).expect("a schema");
    let model = Model::new(schema, Forest::new(parts).expect("a forest")).expect("a model");
    let model = model.with_covers(vec![2.0, 1.0, 1.0]).expect("covers");
    let explainer = model.explainer().expect("covers");
    // The mean of the leaves is 2.25; where a is known it is 3.5, where b is 3, where both are 5.
    assert_eq!(explainer.bases(), [10.0 - 2.0 * 2.25]);
    let row = model.schema().row_from_values(vec![1.0, 1.0]).expect("a row");
    let explanation = &explainer.explain(&row)[0];
    let shares = [(3.5 - 2.25 + 5.0 - 3.0) / 2.0, (3.0 - 2.25 + 5.0 - 3.5) / 2.0];
    for (ours, share) in explanation.contributions.iter().zip(shares) {
        assert!((ours + 2.0 * share).abs() < 1e-12, "{ours} {share}");
    }
    assert!((explanation.base - explainer.bases()[0]).abs() < 1e-12);
}

/// A chain that asks for a new feature at each split: `depth` distinct features on one path.
fn chain(depth: u32) -> Model {
    let columns = (0..depth).map(|feature| Column { feature, test: Test::Below(vec![0.0]) });
    let mut nodes = Vec::new();
    for index in 0..depth {
        nodes.push(Some(Split { column: index, rank: 0, missing: MissingSide::Left }));
        nodes.push(None);
    }
    nodes.push(None);
    let forest = Forest::new(Parts {
        columns: columns.collect(),
        nodes,
        leaves: (0..=depth).map(|leaf| (leaf % 5) as f32).collect::<Vec<_>>().into(),
        tree_outputs: vec![0],
        base_margins: vec![0.5_f32].into(),
        base: Base::First,
        link: Link::Identity,
        dialect: Default::default(),
    });
    let schema = Schema::of_names((0..depth).map(|index| format!("f{index}"))).expect("a schema");
    let model = Model::new(schema, forest.expect("a forest")).expect("a model");
    model.with_covers((0..=depth).map(|leaf| leaf as f32).collect()).expect("covers")
}

#[test]
fn long_paths_are_exact_and_longer_ones_refused() {
    for depth in [5, 9, 17, 60, 256] {
        let model = chain(depth);
        let row: Vec<f32> = (0..depth).map(|index| if index % 7 == 6 { -1.0 } else { 1.0 }).collect();
        let explainer = model.explainer().expect("covers");
        let parts = explainer.explain_many(&row).expect("a row");
        let (base, exact) = (parts[depth as usize], explainer.bases()[0]);
        assert!((base - exact).abs() < 1e-9, "{depth}: {base} {exact}");
    }
    let error = chain(257).explainer().expect_err("too long");
    assert_eq!(error.code(), Code::UnsupportedModel);
    assert_eq!(error.to_string(), "tree 0: a path has 257 features; explained are up to 256");
}

#[test]
fn interactions_that_memory_is_not_there_for_are_refused() {
    let wide = |features: u32| {
        let forest = Forest::new(Parts {
            columns: Vec::new(),
            nodes: Vec::new(),
            leaves: Vec::<f32>::new().into(),
            tree_outputs: Vec::new(),
            base_margins: vec![0.5_f32].into(),
            base: Base::First,
            link: Link::Identity,
            dialect: Default::default(),
        });
        let schema = Schema::of_names((0..features).map(|index| format!("f{index}"))).expect("a schema");
        let model = Model::new(schema, forest.expect("no trees")).expect("a model");
        model.with_covers(Vec::new()).expect("no leaves, no covers")
    };
    let asked = |features: u32| {
        let model = wide(features);
        let row = vec![f64::NAN; features as usize];
        model.explainer().expect("covers").interactions(&model.schema().row_from_values(row).expect("a row"))
    };
    assert!(asked(100).expect("10,000 numbers")[0].iter().all(|&number| number == 0.0));
    let error = asked(8193).expect_err("over half a gigabyte");
    assert_eq!(error.code(), Code::UnsupportedModel);
    assert_eq!(error.to_string(), "the interactions of 8193 features, 1 outputs are too many");
}

#[test]
fn a_model_without_covers_says_so() {
    let model = chain(3).without_covers();
    assert_eq!(model.explainer().expect_err("no covers").code().as_str(), "no_covers");
    let forest = chain(3).forest().clone();
    for (covers, expected) in [
        (vec![1.0; 3], "3 covers for 4 leaves"),
        (vec![1.0, 1.0, -1.0, 1.0], "leaf 2: its cover is negative or not finite"),
        (vec![1.0, f32::NAN, 1.0, 1.0], "leaf 1: its cover is negative or not finite"),
    ] {
        assert_eq!(Covers::new(&forest, covers).expect_err("bad covers").to_string(), expected);
    }
}

#[test]
fn the_properties_reach_tables_and_walks() {
    let kinds = |depth, room| -> BTreeSet<&'static str> {
        let model = model(7, Shape { trees: 40, depth, features: 5, outputs: 1, vector_leaves: false });
        let covers = model.covers().expect("covers");
        Trees::with_room(model.forest(), covers, room).expect("short paths").kinds().collect()
    };
    assert_eq!(kinds(3, usize::MAX), BTreeSet::from(["table"]));
    assert_eq!(kinds(3, 0), BTreeSet::from(["table, anew"]));
    assert!(kinds(9, usize::MAX).contains("walk"));
    assert!(kinds(9, 0).contains("walk, anew"));
}

/// Every row of `rows` explained by itself, and together.
fn alone_and_together(trees: &Trees, rows: &[f32], width: usize) -> [Vec<u64>; 2] {
    let outputs = trees.bases().len();
    let mut scratch = Scratch::new();
    let mut explain = |rows: &[f32]| {
        // What was there before is no matter.
        let mut contributions = vec![7.0; rows.len() * outputs];
        trees.explain(rows, width, &mut scratch, &mut contributions);
        contributions.into_iter().map(f64::to_bits).collect::<Vec<_>>()
    };
    let together = explain(rows);
    [rows.chunks_exact(width).flat_map(explain).collect(), together]
}

proptest! {
    #![proptest_config(cases(24))]

    /// In a block of any size, and with numbers that are kept or made anew.
    #[test]
    fn a_row_has_the_same_bits_everywhere(
        seed in any::<u64>(),
        trees in 1_usize..5,
        depth in 0_u32..17,
        features in prop_oneof![1_u32..7, 20_u32..40],
        outputs in 1_u32..3,
        vector_leaves in any::<bool>(),
        count in prop_oneof![1_usize..5, 14_usize..20, 62_usize..68, 125_usize..132, 250_usize..260],
    ) {
        let model = model(seed, Shape { trees, depth, features, outputs, vector_leaves });
        let mut random = Random(seed ^ 0x1234);
        let rows: Vec<f32> = (0..count * features as usize).map(|_| value(&mut random)).collect();
        let covers = model.covers().expect("covers");
        let of_room = |room| {
            let trees = Trees::with_room(model.forest(), covers, room).expect("short paths");
            alone_and_together(&trees, &rows, features as usize)
        };
        let [alone, together] = of_room(usize::MAX);
        prop_assert_eq!(&alone, &together);
        prop_assert_eq!(of_room(2000), [together.clone(), together]);
    }
}

#[test]
fn memory_for_ten_thousand_trees_is_bounded() {
    let model = model(3, Shape { trees: 10_000, depth: 6, features: 28, outputs: 1, vector_leaves: false });
    let trees = Trees::new(model.forest(), model.covers().expect("covers")).expect("short paths");
    let kinds: BTreeSet<&str> = trees.kinds().collect();
    assert!(kinds.contains("walk") && kinds.contains("walk, anew"), "{kinds:?}");
    let splits = model.forest().split_count();
    assert!(splits > 200_000, "{splits}");
    // 32 MB of numbers, and what does not depend on the rule.
    let most = (32 << 20) + 10_000 * 400 + splits * 160;
    assert!(trees.bytes() < most, "{} of {most} for {splits} splits", trees.bytes());
}

#[test]
fn a_curve_has_every_step_and_no_other() {
    let model = crate::diabetes();
    let row = model.schema().row_from_text("1,106,70,28,135,34.2,0.142,22").expect("a row");
    for (feature, described) in model.schema().features().iter().enumerate() {
        let curve = model.curve(&row, feature, usize::MAX).expect("a feature");
        let at = |value: f64| {
            let mut values = row.values().to_vec();
            values[feature] = value;
            model.predict_many(&values).expect("a row")
        };
        assert_eq!(curve.missing, at(f64::NAN), "{}", described.name);
        for (index, step) in curve.steps.iter().enumerate() {
            assert!(step.from <= step.value && step.value < step.to, "{step:?}");
            assert_eq!(step.predictions, at(step.value));
            // Both ends of it, as 32-bit floats; a code for "not measured" is asked for by no other number.
            for end in [step.from, f64::from((step.to as f32).next_down())] {
                if end.is_finite() && !described.missing_codes.contains(&end) {
                    assert_eq!(step.predictions, at(end), "{} at {end}", described.name);
                }
            }
            assert!(index == 0 || curve.steps[index - 1].to == step.from);
        }
        let own = curve.steps.iter().find(|step| (step.from..step.to).contains(&row.values()[feature]));
        assert_eq!(own.expect("its own step").predictions, model.predict(&row).values);
        let thinned = model.curve(&row, feature, 5).expect("a feature").steps;
        assert!(thinned.len() == 5.min(curve.steps.len()));
        assert!(thinned.first() == curve.steps.first() && thinned.last() == curve.steps.last());
    }
    assert!(model.curve(&row, 0, 0).expect("no steps").steps.is_empty());
    assert_eq!(model.curve(&row, 8, 9).expect_err("eight features").code(), Code::UnknownField);
}

/// From, to and value of each step of one feature, whose columns and description these are.
fn steps(tests: &[Test], described: Feature) -> Vec<(f64, f64, f64)> {
    let columns: Vec<Column> = tests.iter().map(|test| Column { feature: 0, test: test.clone() }).collect();
    let forest = grown(&mut Random(3), columns, if tests.is_empty() { 0 } else { 4 }, 3, 1, false);
    let schema = Schema::new("", "", "", vec![described]).expect("a schema");
    let model = Model::new(schema, forest).expect("a model");
    let row = model.schema().row_from_values(vec![f64::NAN]).expect("a row");
    let steps = model.curve(&row, 0, usize::MAX).expect("a feature").steps;
    steps.iter().map(|step| (step.from, step.to, step.value)).collect()
}

#[test]
fn a_curve_asks_within_the_range_and_never_for_a_missing_code() {
    const INF: f64 = f64::INFINITY;
    let below = |cuts: &[f32]| Test::Below(cuts.to_vec());
    let plain = || Feature::named("x");
    let feature = |range, codes: &[f64]| Feature { range, missing_codes: codes.to_vec(), ..plain() };
    let two = [below(&[1.0, 3.0]), below(&[2.0, 3.0, 5.0])];
    let just_below_one = f64::from(1f32.next_down());
    let expected = |values: [f64; 5]| {
        let ends = [-INF, 1.0, 2.0, 3.0, 5.0, INF];
        (0..5).map(|step| (ends[step], ends[step + 1], values[step])).collect::<Vec<_>>()
    };
    let open = [just_below_one, 1.5, 2.5, 4.0, 5.0];
    assert_eq!(steps(&two, plain()), expected(open));
    assert_eq!(steps(&two, feature(Some((0.5, 9.0)), &[])), expected([0.5, 1.5, 2.5, 4.0, 9.0]));
    // A range that ends where the outer steps begin.
    assert_eq!(steps(&two, feature(Some((1.0, 5.0)), &[])), expected(open));
    assert_eq!(steps(&two, feature(Some((2.0, 3.0)), &[])), expected(open));
    // What stands for "not measured" is not asked for: the lower end is, which belongs to the step.
    assert_eq!(steps(&two, feature(Some((0.5, 9.0)), &[0.5, 4.0])), expected([just_below_one, 1.5, 2.5, 3.0, 9.0]));
    // The middle of neighbours rounds to the upper one, which is the next step's.
    let near = [1f32.next_up(), 1f32.next_up().next_up()];
    let [low, high] = near.map(f64::from);
    assert_eq!(steps(&[below(&near)], plain()), [(-INF, low, 1.0), (low, high, low), (high, INF, high)]);
    // No split asks for it.
    assert_eq!(steps(&[], feature(Some((7.0, 8.0)), &[])), [(-INF, INF, 7.0)]);
    assert_eq!(steps(&[], plain()), [(-INF, INF, 0.0)]);
}

#[test]
fn blocks_are_all_rows_and_an_error_names_its_row() {
    let shape = Shape { trees: 3, depth: 3, features: 6, outputs: 1, vector_leaves: false };
    let model = model(12, shape);
    let explainer = model.explainer().expect("covers");
    let mut rows = vec![0.0_f32; 6 * 700];
    let mut seen = Vec::new();
    explainer.explain_blocks(&rows, |block| seen.push((block.first_row, block.margins.len()))).expect("whole rows");
    assert!(seen.len() > 2 && seen.windows(2).all(|pair| pair[1].0 == pair[0].0 + pair[0].1), "{seen:?}");
    assert_eq!(seen.iter().map(|block| block.1).sum::<usize>(), 700);
    rows[6 * 600 + 2] = f32::INFINITY;
    let error = explainer.explain_many(&rows).expect_err("an infinite value").to_string();
    assert!(error.contains("row 601"), "{error}");
}

#[test]
fn a_curve_of_categories_has_each_once() {
    let sets = [Test::InSet(vec![1, 3]), Test::InSet(vec![3, 6]), Test::InSet(vec![0])];
    let codes = |described| steps(&sets, described).into_iter().map(|step| step.2).collect::<Vec<_>>();
    assert_eq!(codes(Feature::named("x")), [0.0, 1.0, 3.0, 6.0]);
    let names = ["a", "b", "c"].map(str::to_owned).to_vec();
    assert_eq!(codes(Feature { categories: names, ..Feature::named("x") }), [0.0, 1.0, 2.0]);
}

#[test]
fn means_and_counts_are_those_of_the_rows_and_splits() {
    let shape = Shape { trees: 9, depth: 5, features: 6, outputs: 3, vector_leaves: false };
    let model = model(11, shape);
    let mut random = Random(5);
    let rows: Vec<f32> = (0..6 * 300).map(|_| value(&mut random)).collect();
    let explainer = model.explainer().expect("covers");
    let means = explainer.mean_absolute(&rows).expect("whole rows");
    assert_eq!(means.len(), 6 * 3);
    let all = explainer.explain_many(&rows).expect("whole rows");
    for (index, mean) in means.iter().enumerate() {
        let (output, feature) = (index / 6, index % 6);
        let sum: f64 = all.chunks_exact(7).skip(output).step_by(3).map(|parts| parts[feature].abs()).sum();
        assert!((mean - sum / 300.0).abs() < 1e-12, "{mean} {}", sum / 300.0);
    }
    assert_eq!(model.split_counts().iter().sum::<usize>(), model.forest().split_count());
}
