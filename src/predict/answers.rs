//! Every evaluator beside a walk over the forest that a reader can check by eye: for the property tests, and for the fuzz
//! target `answers`, which is why it is there under `cfg(fuzzing)` too.
//!
//! What is drawn are forests that are valid and rows that lie where a comparison can go wrong: at a cut, one float beside
//! it, between two. That columns are full, and crowded at their ends, is half of it: models of random numbers never had
//! 254 cuts of which the last lie close together, and the codes of such a column were once wrong.

mod draw;
mod shape;

pub use shape::{Amounts, Kind, LINKS, Shape, Spread};

use wardian_kernels::{MISSING, biased, by_each_width, exponential, search};

use super::{Evaluator, Folding, Scratch};
use crate::codes::{Block, Coders};
use crate::elementary::{SMALLEST_GAP, softplus};
use crate::forest::{Base, Column, Forest, MissingSide, Node, Test};
use crate::format;
use crate::link::{Link, OtherLink};
use crate::model::Model;
use crate::numbers::{Number, Numbers};
use crate::schema::Schema;

/// Whether a value is to the right of a split of this rank.
fn goes_right(column: &Column, rank: u8, missing: MissingSide, value: f32) -> bool {
    match &column.test {
        _ if value.is_nan() => missing == MissingSide::Right,
        Test::Below(cuts) => value >= cuts[usize::from(rank)],
        Test::InSet(set) => value >= 0.0 && set.iter().any(|&category| f64::from(category) == f64::from(value).trunc()),
    }
}

/// A row's margins, as a model has them that is asked for no base margins of the row's own.
pub(super) fn walk<N: Number>(forest: &Forest, row: &[f32]) -> Vec<N> {
    walk_from(forest, row, N::all(forest.base_margins()))
}

/// The same from the row's own base margins.
fn walk_from<N: Number>(forest: &Forest, row: &[f32], base_margins: &[N]) -> Vec<N> {
    if forest.base() != Base::Last {
        return sums(forest, row, base_margins);
    }
    let mut sums = sums(forest, row, &vec![N::default(); base_margins.len()]);
    sums.iter_mut().zip(base_margins).for_each(|(sum, base)| *sum += *base);
    sums
}

/// A row's sums: from each root down to a leaf, the leaves added in the order of the trees to what they begin with.
fn sums<N: Number>(forest: &Forest, row: &[f32], first: &[N]) -> Vec<N> {
    let mut margins = first.to_vec();
    for tree in forest.trees() {
        let mut node = tree.root;
        while let Node::Split { split, right } = forest.nodes()[node as usize] {
            let column = &forest.columns()[split.column as usize];
            let is_right = goes_right(column, split.rank, split.missing, row[column.feature as usize]);
            node = if is_right { right } else { node + 1 };
        }
        let Node::Leaf { leaf } = forest.nodes()[node as usize] else { unreachable!("the walk ends at a leaf") };
        let values = N::all(forest.leaves()).chunks(forest.leaf_width()).nth(leaf as usize).expect("a leaf");
        for (margin, value) in margins[tree.output as usize..].iter_mut().zip(values) {
            *margin += *value;
        }
    }
    margins
}

/// What a walk makes of many rows, each with its own base margins.
fn each<N: Number>(
    walk: impl Fn(&Forest, &[f32], &[N]) -> Vec<N>,
    forest: &Forest,
    rows: &[f32],
    width: usize,
    own: &[N],
) -> Vec<N> {
    let rows = rows.chunks_exact(width).zip(own.chunks_exact(forest.output_count()));
    rows.flat_map(|(row, own)| walk(forest, row, own)).collect()
}

/// A row's predictions. That `e^x` and softplus have the C library's bits is other tests' to say.
fn linked(link: Link, margins: &[f32]) -> Vec<f32> {
    let power = |x: f32| {
        let mut number = [x];
        exponential(&mut number);
        number[0]
    };
    let largest = margins.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    match link {
        Link::Identity | Link::Other(OtherLink::Narrowed) => margins.to_vec(),
        Link::Other(OtherLink::OnnxLogistic) => {
            let of_distance = |margin: f32| 1.0 / (1.0 + power(-margin.abs()));
            let logistic = |&margin: &f32| if margin < 0.0 { 1.0 - of_distance(margin) } else { of_distance(margin) };
            margins.iter().map(logistic).collect()
        }
        Link::Other(OtherLink::OnnxSoftmax) => {
            let powers: Vec<f32> = margins.iter().map(|&margin| power(margin - largest)).collect();
            let sum = powers.iter().fold(0.0, |sum, power| sum + power);
            powers.iter().map(|power| power / sum).collect()
        }
        Link::Other(_) => panic!("of 64 bits only"),
        Link::Logistic => margins.iter().map(|&margin| 1.0 / (1.0 + power((-margin).min(88.7)))).collect(),
        Link::UncappedLogistic => margins.iter().map(|&margin| 1.0 / (1.0 + power(-margin))).collect(),
        Link::Exponential => margins.iter().map(|&margin| power(margin)).collect(),
        Link::Hinge => margins.iter().map(|&margin| if margin > 0.0 { 1.0 } else { 0.0 }).collect(),
        Link::Class => vec![margins.iter().position(|&margin| margin == largest).expect("an output") as f32],
        Link::Sorted => {
            let mut sorted = margins.to_vec();
            sorted.sort_by(|one, other| one.partial_cmp(other).expect("numbers"));
            sorted
        }
        Link::Expectiles => {
            let gaps = margins[1..].iter().map(|&margin| SMALLEST_GAP + softplus(margin));
            let mut last = margins[0];
            let further = gaps.map(|gap| {
                last += gap;
                last
            });
            [margins[0]].into_iter().chain(further).collect()
        }
        Link::Softmax => {
            let powers: Vec<f32> = margins.iter().map(|&margin| power(margin - largest)).collect();
            let sum: f64 = powers.iter().map(|&power| f64::from(power)).sum();
            powers.iter().map(|power| power / sum as f32).collect()
        }
    }
}

/// 32-bit floats.
fn single(numbers: &Numbers) -> &[f32] {
    numbers.as_single().expect("32 bits")
}

/// The same bits, or both no numbers, which an infinite margin's softmax is.
fn assert_same<N: Number>(found: &[N], expected: &[N], width: usize, who: &str) {
    assert_eq!(found.len(), expected.len(), "{who}: how many numbers");
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        let (one, other) = (found.wide(), expected.wide());
        let is_same = one.to_bits() == other.to_bits() || one.is_nan() && other.is_nan();
        assert!(is_same, "{who}: {found:?} for {expected:?} in row {}, place {}", place / width, place % width);
    }
}

/// How many of so many rows are evaluated together: below, at and above what is walked, compared and folded at once, and all.
fn counts(rows: usize) -> impl Iterator<Item = usize> {
    [1, 2, 3, 15, 16, 17, 33, 64, 65, 127, 128, 129, 257].into_iter().filter(move |&count| count < rows).chain([rows])
}

/// Draws a forest and rows, and compares every way to an answer with the walk.
///
/// # Panics
/// If one of them gives something else.
pub fn compare(shape: &Shape) {
    let forest = shape.forest();
    let rows = shape.rows(&forest);
    let own = shape.base_margins();
    compare_codes(&forest, &rows, shape.width());
    by_each_width(|_| {
        compare_margins(&forest, &rows, &own, shape.width());
        compare_double(shape, &forest, &rows, &own);
        compare_model(forest.clone(), &rows, &own, shape.width());
    });
}

/// The evaluator as it is, and all by walks.
fn evaluators<N: Number>(forest: &Forest, width: usize) -> [(&'static str, Evaluator<N>); 2] {
    let evaluator = Evaluator::new(forest, width);
    [("walks side by side", evaluator.clone().walked()), ("chosen", evaluator)]
}

fn compare_margins<N: Number>(forest: &Forest, rows: &[f32], own: &[N], width: usize) {
    let outputs = forest.output_count();
    let expected = each(sums, forest, rows, width, own);
    for (name, evaluator) in evaluators(forest, width) {
        // What an earlier call has left must not matter.
        let mut scratch = Scratch {
            values: vec![77.0; 99],
            folding: Folding { sums: vec![own[0]; 2000], ..Folding::default() },
            ..Scratch::default()
        };
        for count in counts(rows.len() / width) {
            let mut margins = own[..count * outputs].to_vec();
            evaluator.margins(&rows[..count * width], width, &mut scratch, &mut margins);
            assert_same(&margins, &expected[..count * outputs], outputs, name);
        }
    }
}

/// The same trees with leaves of 64 bits: the evaluators, and a model of them, also of the file that is written.
fn compare_double(shape: &Shape, forest: &Forest, rows: &[f32], own: &[f32]) {
    let Some(forest) = shape.double(forest) else { return };
    let (width, outputs) = (shape.width(), forest.output_count());
    let own: Vec<f64> = own.iter().map(|&margin| margin.into()).collect();
    compare_margins(&forest, rows, &own, width);
    let schema = Schema::of_names((0..width).map(|index| format!("f{index}"))).expect("a schema");
    let written_and_read = |model: &Model| {
        let read = format::read(&format::write(model)).expect("what was written");
        assert!(*model == read, "written and read, 64 bits");
    };
    if let Some(grouped) = shape.grouped(&forest) {
        let own: Vec<f64> = own.chunks_exact(outputs).flat_map(|own| [own, own].concat()).collect();
        compare_margins(&grouped, rows, &own, width);
        written_and_read(&Model::new(schema.clone(), grouped).expect("a model"));
    }
    let model = Model::new(schema, forest).expect("a model");
    written_and_read(&model);
    if rows.iter().any(|value| value.is_infinite()) {
        return;
    }
    let margins: Vec<f64> = rows.chunks_exact(width).flat_map(|row| walk(model.forest(), row)).collect();
    let found = model.margins_many(rows).expect("finite values");
    assert_same(f64::all(&found), &margins, outputs, "margins of many, in 64 bits");
}

/// The codes that the evaluators compare, and those that are searched for.
fn compare_codes(forest: &Forest, rows: &[f32], width: usize) {
    let count = rows.len() / width;
    let mut bytes = vec![0; forest.columns().len() * count];
    Coders::new(forest).encode(rows, width, Block { bytes: &mut bytes, row_step: 1, column_step: count });
    let mut searched = vec![0; count];
    for (column, bytes) in forest.columns().iter().zip(bytes.chunks_exact(count)) {
        let Test::Below(cuts) = &column.test else { continue };
        let values = &rows[column.feature as usize..];
        search::encode(cuts, count, values, width, &mut searched, 1);
        for ((value, byte), searched) in values.iter().step_by(width).zip(bytes).zip(&searched) {
            let at_most = cuts.iter().filter(|cut| *cut <= value).count() as u32;
            let expected = if value.is_nan() { MISSING } else { biased(1 + at_most) };
            assert_eq!(*byte, expected, "the byte by buckets of {value:e} among {cuts:?}");
            assert_eq!(*searched, expected, "the byte by a search of {value:e} among {cuts:?}");
        }
    }
}

/// The public ways: many rows of either width of float, one row, and the model of the file that is written.
fn compare_model(forest: Forest, rows: &[f32], own: &[f32], width: usize) {
    let (outputs, link) = (forest.output_count(), forest.link());
    let schema = Schema::of_names((0..width).map(|index| format!("f{index}"))).expect("a schema");
    let model = Model::new(schema, forest).expect("a model");
    assert!(model == format::read(&format::write(&model)).expect("what was written"), "written and read");
    if let Some(infinite) = rows.chunks_exact(width).position(|row| row.iter().any(|value| value.is_infinite())) {
        let error = model.margins_many(rows).expect_err("an infinite value").to_string();
        assert!(error.contains(&format!("row {}", infinite + 1)), "{error}");
        return;
    }
    let margins: Vec<f32> = rows.chunks_exact(width).flat_map(|row| walk::<f32>(model.forest(), row)).collect();
    let expected: Vec<f32> = margins.chunks_exact(outputs).flat_map(|margins| linked(link, margins)).collect();
    let kept = model.prediction_count();
    assert_same(single(&model.margins_many(rows).expect("finite values")), &margins, outputs, "margins of many");
    assert_same(single(&model.predict_many(rows).expect("finite values")), &expected, kept, "predictions of many");
    let wide: Vec<f64> = rows.iter().map(|&value| value.into()).collect();
    assert_same(
        single(&model.margins_many(&wide).expect("finite values")),
        &margins,
        outputs,
        "margins of many, 64 bits",
    );
    for (index, row) in wide.chunks_exact(width).take(8).enumerate() {
        let prediction = model.predict(&model.schema().row_from_values(row.to_vec()).expect("finite values"));
        assert_same(single(&prediction.margins), &margins[index * outputs..][..outputs], outputs, "margins of one");
        assert_same(single(&prediction.values), &expected[index * kept..][..kept], kept, "predictions of one");
    }
    compare_own_base_margins(&model, rows, own, width);
}

/// The public ways with base margins of the rows' own, none of them infinite. Forests that are not XGBoost's take none.
fn compare_own_base_margins(model: &Model, rows: &[f32], own: &[f32], width: usize) {
    let (outputs, kept, link) = (model.forest().output_count(), model.prediction_count(), model.forest().link());
    if model.forest().base() == Base::Fixed || !model.forest().is_xgboosts() {
        model.margins_many_from(rows, own).expect_err("base margins that are fixed");
        return;
    }
    let margins = each(walk_from, model.forest(), rows, width, own);
    let expected: Vec<f32> = margins.chunks_exact(outputs).flat_map(|margins| linked(link, margins)).collect();
    let found = model.margins_many_from(rows, own).expect("finite values");
    assert_same(single(&found), &margins, outputs, "margins of many, from their own");
    let found = model.predict_many_from(rows, own).expect("finite values");
    assert_same(single(&found), &expected, kept, "predictions of many, from their own");
    for (index, row) in rows.chunks_exact(width).take(8).enumerate() {
        let row = row.iter().map(|&value| value.into()).collect();
        let row = model.schema().row_from_values(row).expect("finite values");
        let prediction = model.predict_from(&row, &own[index * outputs..][..outputs]).expect("finite base margins");
        assert_same(
            single(&prediction.margins),
            &margins[index * outputs..][..outputs],
            outputs,
            "margins of one, from its own",
        );
        assert_same(
            single(&prediction.values),
            &expected[index * kept..][..kept],
            kept,
            "predictions of one, from its own",
        );
    }
}
