//! Training beside `gbdt`'s own, and what cannot be trained on.

use std::fmt::Write as _;

use super::*;

const DATA: &[u8] = include_bytes!("../../models/diabetes/pima-indians-diabetes.csv");
const SCHEMA: &[u8] = include_bytes!("../../models/diabetes/schema.json");

fn diabetes_table() -> Table {
    let schema = crate::import::schema_file::read(SCHEMA).expect("the committed schema");
    Table::read(DATA, "diabetes", Some(&schema)).expect("the committed data")
}

fn table(text: &str, label: &str) -> Table {
    Table::read(text.as_bytes(), label, None).expect("a table")
}

/// That a model answers each row as the trees had it while they were grown.
fn answers_as_it_was_trained(table: &Table, options: &Options) -> Model {
    let mut training = Training::new(table, options).expect("a table to train on");
    while training.step().expect("a tree") < training.trees() {}
    let margins = training.sums();
    let model = training.finish().expect("a model");
    let mut values = vec![0.0; table.columns.len()];
    for (row, margin) in margins.iter().enumerate() {
        table.put_row(row, &mut values);
        let ours = model.margins_many(&values).expect("an answer").get(0).expect("a margin") as f32;
        assert_eq!(ours.to_bits(), margin.to_bits(), "row {row}: {ours}, and {margin} while it was trained");
    }
    model
}

#[test]
fn a_binary_model_with_missing_values_answers_as_it_was_trained() {
    let table = diabetes_table();
    assert!(table.columns.iter().flatten().any(|value| value.is_nan()));
    answers_as_it_was_trained(&table, &Options { trees: 30, ..Options::default() });
}

#[test]
fn a_regression_answers_as_it_was_trained() {
    let table = Table::read(DATA, "glucose", None).expect("the committed data");
    answers_as_it_was_trained(&table, &Options { trees: 20, depth: 5, ..Options::default() });
}

/// What `gbdt` itself makes of the same table, by its own loop, with the values as they are.
fn gbdts_own(table: &Table, options: &Options) -> Vec<f32> {
    use gbdt::config::Config;
    use gbdt::decision_tree::{Data, DataVec};
    use gbdt::gradient_boost::GBDT;
    let mut config = Config::new();
    config.set_feature_size(table.columns.len());
    config.set_iterations(options.trees);
    config.set_max_depth(options.depth);
    config.set_shrinkage(options.shrinkage);
    config.set_min_leaf_size(options.smallest_leaf);
    config.set_loss(if table.is_binary() { "LogLikelyhood" } else { "SquaredError" });
    let mut data: DataVec = (0..table.row_count())
        .map(|row| {
            let values = table.columns.iter().map(|column| if column[row].is_nan() { 1e9 } else { column[row] });
            let label = table.labels[row];
            let label = if table.is_binary() { 2.0 * label - 1.0 } else { label };
            Data::new_training_data(values.collect(), 1.0, label, None)
        })
        .collect();
    let mut trained = GBDT::new(&config);
    trained.fit(&mut data);
    trained.predict(&data)
}

/// The splits are the crate's own, and the leaves are to the last digits that a float has: rounded gradients choose no others here.
#[test]
fn the_trees_are_the_crates_own() {
    for (table, within) in [(diabetes_table(), 1e-6), (Table::read(DATA, "glucose", None).expect("a table"), 1e-4)] {
        let options = Options { trees: 25, depth: 3, ..Options::default() };
        let model = train(&table, &options).expect("a model");
        let mut values = vec![0.0; table.columns.len()];
        for (row, theirs) in gbdts_own(&table, &options).into_iter().enumerate() {
            table.put_row(row, &mut values);
            let ours = model.predict_many(&values).expect("an answer").get(0).expect("a number");
            assert!((ours - f64::from(theirs)).abs() < within, "row {row}: ours {ours}, theirs {theirs}");
        }
    }
}

#[test]
fn small_and_large_numbers_are_learnt_alike() {
    let text = |by: f64, label_by: f64| {
        (0..80).fold("a,b,y\n".to_owned(), |mut text, row| {
            let (a, b) = (f64::from(row % 9) * by, f64::from(row % 5) * by);
            let y = (f64::from(row % 9) * 2.0 - f64::from(row % 5)) * label_by;
            writeln!(text, "{a:e},{b:e},{y:e}").expect("room");
            text
        })
    };
    // Powers of two: nothing is rounded.
    let options = Options { trees: 10, smallest_leaf: 4, ..Options::default() };
    let answers = |by: f64, label_by: f64| {
        let table = table(&text(by, label_by), "y");
        let model = answers_as_it_was_trained(&table, &options);
        let values: Vec<f32> = (0..80).flat_map(|row| table.columns.iter().map(move |column| column[row])).collect();
        let answers: Vec<f64> =
            model.predict_many(&values).expect("answers").iter().map(|answer| answer / label_by).collect();
        answers
    };
    let plain = answers(1.0, 1.0);
    assert!(plain.windows(2).any(|pair| pair[0] != pair[1]));
    let power = |power: i32| f64::from_bits(((power + 1023) as u64) << 52);
    for (by, label_by) in [(power(-60), power(-50)), (power(90), power(80)), (power(-100), power(60))] {
        assert_eq!(answers(by, label_by), plain);
    }
}

#[test]
fn a_column_that_differs_only_where_it_is_missing_is_learnt_from() {
    let mut text = "a,b,y\n".to_owned();
    for row in 0..60 {
        let a = if row % 3 == 0 { String::new() } else { (row % 4).to_string() };
        writeln!(text, "{a},{},{}", row % 7, u8::from(row % 3 == 0)).expect("room");
    }
    let table = table(&text, "y");
    let model = answers_as_it_was_trained(&table, &Options::default());
    let answer = |a: f32| model.predict_many(&[a, 3.0]).expect("an answer").get(0).expect("a number");
    assert!(answer(f32::NAN) > 0.9 && answer(2.0) < 0.1 && answer(1e30) < 0.1);
    let splits = model.covers().is_some();
    assert!(splits);
}

#[test]
fn columns_are_what_they_are_and_those_that_teach_nothing_are_left_out() {
    let mut text = "id,,one,none,city,note,odd,flag,x,y\n".to_owned();
    for row in 0..60 {
        let odd = if row == 7 { "?".to_owned() } else { row.to_string() };
        let (city, flag) = (["Oslo", "Rom", "<b>"][row % 3], ["True", "False"][row % 2]);
        writeln!(text, "{row},{row},7,NA,{city},text {row},{odd},{flag},{},{}", row * row % 11, ["no", "yes"][row % 2])
            .expect("room");
    }
    let options = crate::rows::Options::new();
    let mut looking = Looking::new(text.as_bytes(), true, &options).expect("a look");
    for (part, byte) in text.as_bytes().chunks(7).enumerate() {
        looking.add(byte, (part + 1) * 7 >= text.len()).expect("rows");
    }
    let look = looking.finish().expect("columns");
    let kinds: Vec<Kind> = look.columns.iter().map(|column| column.kind).collect();
    use Kind::{Choices, Constant, Counter, Empty, Mixed, Number, Unique, Unnamed};
    assert_eq!(kinds, [Counter, Unnamed, Constant, Empty, Choices, Unique, Mixed, Number, Number, Choices]);
    let labels: Vec<LabelKind> = look.columns.iter().map(|column| column.label).collect();
    use LabelKind::{Binary, Classes, None};
    assert_eq!(labels, [LabelKind::Number, None, None, None, Classes, None, None, Binary, LabelKind::Number, Binary]);
    let asked = Asked { label: "y".to_owned(), without: vec!["flag".to_owned()], ..Asked::default() };
    let table = Table::of(text.as_bytes(), &options, &asked).expect("a table");
    let names: Vec<&str> = table.schema.features().iter().map(|feature| &*feature.name).collect();
    assert_eq!((names, table.is_binary()), (vec!["city", "x"], true));
    assert_eq!(table.schema.features()[0].categories, ["<b>", "Oslo", "Rom"]);
    assert_eq!(
        (table.schema.classes(), &table.labels[..3]),
        (&["no".to_owned(), "yes".to_owned()][..], &[0.0, 1.0, 0.0][..])
    );
    assert_eq!(table.left_out().len(), 7);
    let odd = table.left_out().iter().find(|(name, _)| name == "odd").map(|(_, why)| &**why);
    assert_eq!(
        odd,
        Some(
            "it has numbers, and in 1 row a text that is none, such as \"?\": --missing-text with it says that it means \"not measured\""
        )
    );
    let other = Asked { positive: Some("no".to_owned()), ..asked };
    assert_eq!(Table::of(text.as_bytes(), &options, &other).expect("a table").labels[..3], [1.0, 0.0, 1.0]);
    answers_as_it_was_trained(&table, &Options { trees: 5, ..Options::default() });
}

#[test]
fn files_are_read_as_everywhere() {
    let one = table("a;b;y\n1,5;2;0\n2,25;;1\n3,5;1;1\n", "y");
    assert_eq!(one.columns[0], [1.5, 2.25, 3.5]);
    assert!(one.columns[1][1].is_nan());
    let other = Table::read(b"\xff\xfea\0,\0y\0\n\x001\0,\x000\0\n\x002\0,\x001\0\n\0", "y", None).expect("UTF-16");
    assert_eq!(other.columns[0], [1.0, 2.0]);
}

#[test]
fn what_cannot_be_trained_on_is_said_with_its_place() {
    let fault = |text: &str, label: &str| match Table::read(text.as_bytes(), label, None) {
        Ok(table) => train(&table, &Options::default()).expect_err(text).to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(fault("a,y\n1,1\n", "y"), "y: all rows have the same label: there is nothing to learn");
    assert_eq!(fault("a,b,y\n1,1,5\n", "y"), "y: all rows have the same label: there is nothing to learn");
    assert_eq!(fault("a,y\n1,1\n2,1\n", "y"), "y: all rows have the same label: there is nothing to learn");
    assert_eq!(fault("a,y\n1,1\n2,0\n", "z"), "z: no such column; the header has a, y");
    assert_eq!(fault("a,y\n1,1\n2,\n3,0\n", "y"), "row 2, y: the row has no label: take it out");
    assert_eq!(fault("a,b,y\n1,3,1\n2,1,inf\n3,2,0\n", "y"), "line 3, y: \"inf\" is not a finite number");
    assert_eq!(fault("a,y\n1,1\n2,0\n1e39,1\n", "y"), "line 4, a: \"1e39\" is beyond the range of a 32-bit float");
    assert_eq!(fault("a,y\n1,1\n2,0\n3.4028235e38,1\n", "y"), "row 3, a: the value is too large to train on");
    assert_eq!(fault("a,b,a,y\n1,1,1,1\n", "y"), "columns 1 and 3 are both called \"a\": each needs a name of its own");
    assert_eq!(
        fault("a,y\n1,red\n2,blue\n3,green\n4,red\n", "y"),
        "y: it has 3 different texts, such as \"red\": of texts, two are learnt to be told apart (a model of classes can be trained \
         elsewhere, and sealed)"
    );
    assert_eq!(
        fault("1,2\n3,4\n", "y"),
        "the first line of a file to train on names its columns; this one has numbers"
    );
    assert_eq!(fault("a,y\n", "y"), "the file has no rows");
    assert_eq!(fault("y\n1\n0\n", "y"), "there is no column beside the label to learn from");
    assert_eq!(
        fault("a,y\n5,1\n5,0\n", "y"),
        "no column is left to learn from; of \"a\": it has one value in every row: nothing is learnt from it"
    );
    assert_eq!(
        fault("a,b,y\n1,1,1\n2\n", "y"),
        "line 3: the line has 1 fields, fewer than the 3 that the header names"
    );
    assert_eq!(
        table::check_size(3_000_000, 100).expect_err("too much").to_string(),
        "more than 500000 rows of 100 columns: train on a part of them; at most 4000000 rows, and 50000000 values in all, are \
         trained on"
    );
}

#[test]
fn folds_are_honest() {
    let table = diabetes_table();
    let options = Options { trees: 15, ..Options::default() };
    let run = |folds| {
        let mut validation = CrossValidation::new(&table, &options, folds).expect("folds");
        let mut last = 0;
        while last < validation.trees() {
            let done = validation.step().expect("a tree");
            assert_eq!(done, last + 1);
            last = done;
        }
        validation.finish()
    };
    let validated = run(5);
    assert_eq!(validated.answers, run(5).answers);
    for fold in 0..5 {
        let own =
            |label: f32| (0..768).filter(|&row| validated.fold_of[row] == fold && table.labels[row] == label).count();
        assert_eq!((own(0.0), own(1.0)), (100, if fold < 3 { 54 } else { 53 }));
    }
    // A held-out row's answer is that of a model which knows nothing of it.
    let others: Vec<u32> = (0..768).filter(|&row| validated.fold_of[row as usize] != 2).collect();
    let mut training = Training::on(&table, &options, &others);
    while training.step().expect("a tree") < 15 {}
    let (_, model) = training.model().expect("a model");
    let mut values = vec![0.0; table.columns.len()];
    for row in (0..768).filter(|&row| validated.fold_of[row] == 2) {
        table.put_row(row, &mut values);
        let answer = model.predict_many(&values).expect("an answer").get(0).expect("a number") as f32;
        assert_eq!(answer.to_bits(), validated.answers[row].to_bits());
    }
    let (auc, spread) = validated.spread(|fold| fold.auc);
    assert!((0.78..0.88).contains(&auc) && (0.001..0.06).contains(&spread), "{auc} {spread}");
    let (brier, baseline) = (validated.spread(|fold| fold.error).0, validated.spread(|fold| fold.baseline).0);
    assert!(brier < 0.18 && (0.225..0.23).contains(&baseline), "{brier} {baseline}");
}

#[test]
fn figures_are_scikit_learns() {
    // roc_auc_score([0, 1, 1, 0, 1, 0], [.1, .4, .35, .4, .8, .05]) and brier_score_loss of the same.
    let pairs = [(0.1, 0.0), (0.4, 1.0), (0.35, 1.0), (0.4, 0.0), (0.8, 1.0), (0.05, 0.0)];
    let figures = FoldFigures::of(&pairs, 0.5, true);
    assert!((figures.auc - 7.5 / 9.0).abs() < 1e-15 && (figures.error - 0.995 / 6.0).abs() < 1e-15, "{figures:?}");
    assert_eq!(figures.baseline, 0.25);
    // mean_squared_error and r2_score of [3, -0.5, 2, 7] and [2.5, 0, 2, 8].
    let figures = FoldFigures::of(&[(2.5, 3.0), (0.0, -0.5), (2.0, 2.0), (8.0, 7.0)], 2.875, false);
    assert!(
        (figures.error - 0.375_f64.sqrt()).abs() < 1e-15 && (figures.explained - 0.948_608_137_044_967_9).abs() < 1e-15
    );
}

#[test]
fn folds_that_cannot_be_are_said() {
    let text = |ones: usize| {
        (0..40).fold("a,y\n".to_owned(), |text, row| format!("{text}{},{}\n", row * 7 % 13, u8::from(row < ones)))
    };
    let fault = |ones, folds| {
        let table = table(&text(ones), "y");
        CrossValidation::new(&table, &Options::default(), folds).err().expect("a fault").to_string()
    };
    assert_eq!(fault(20, 1), "the number of folds must be 2 to 20");
    assert_eq!(fault(3, 5), "3 rows with the label 1 are too few for 5 folds: at least 5 are needed, or fewer folds");
}

/// What a look says of a table's columns.
fn looked_at(text: &str) -> Look {
    let mut looking = Looking::new(text.as_bytes(), true, &crate::rows::Options::new()).expect("a header");
    looking.add(text.as_bytes(), true).expect("rows");
    looking.finish().expect("columns")
}

#[test]
fn texts_of_one_row_each_and_dates_are_left_out_with_the_reason_that_is_theirs() {
    let mut text = "born,who,ward,grams,sick\n".to_owned();
    for row in 0..25 {
        let _ = writeln!(
            text,
            "2026-11-{:02},patient {},{},{},{}",
            row + 1,
            row.min(22),
            ["a", "b"][row % 2],
            row % 5,
            row % 2
        );
    }
    let look = looked_at(&text);
    let kinds: Vec<Kind> = look.columns.iter().map(|column| column.kind).collect();
    assert_eq!(kinds, [Kind::Dates, Kind::Unique, Kind::Choices, Kind::Number, Kind::Number]);
    let why = |place: usize| look.columns[place].why_not().expect("a reason");
    assert!(why(0).starts_with("it has dates"), "{}", why(0));
    // There are 25 rows: it has not more than 50 texts.
    assert!(why(1).starts_with("most of its texts stand in one row alone"), "{}", why(1));
    assert_eq!((look.columns[3].zeros, look.columns[4].zeros), (5, 0));
    assert_eq!(look.few(), Some(Few::VeryFew));
    let warnings = table(&text, "sick").warnings();
    assert!(warnings[0].starts_with("25 rows are too few"), "{warnings:?}");
    assert!(warnings[1].starts_with("zeros are taken for values, in as many rows of \"grams\" (5)"), "{warnings:?}");
    // A table of enough rows has names of many, and is warned of nothing.
    let mut many = "who,ward,sick\n".to_owned();
    for row in 0..300 {
        let _ = writeln!(many, "ward {},{},{}", row % 60, ["a", "b", "c"][row % 3], row % 2);
    }
    let look = looked_at(&many);
    assert_eq!((look.columns[0].kind, look.columns[1].kind), (Kind::Texts, Kind::Choices));
    assert!(look.columns[0].why_not().expect("a reason").contains("more than 50 different texts"));
    assert_eq!((look.few(), table(&many, "sick").warnings()), (None, Vec::new()));
    let few: Vec<&str> = many.lines().take(76).collect();
    assert_eq!(looked_at(&few.join("\n")).few(), Some(Few::Few));
}
