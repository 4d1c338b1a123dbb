//! How sure and how good, of rows with labels: what a case holds of it, and what it refuses.

use std::fs;

use serde_json::{Value, json};
use wardian::case::{Asked, Case, Files, HeldOut, Kind, RowsFile};
use wardian::certainty::{Certainty, LEVELS, Labelled, Method, Task, measures};
use wardian::seal::{Made, Product, Sealed};
use wardian::{Numbers, import};

fn read(path: &str) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn files(model: &str, said: &Value) -> Files {
    let mut files = Files::new();
    files.add("case.json", said.to_string().into_bytes()).expect("a name");
    files.add("model.bin", read(model)).expect("a name");
    files
}

fn rows(text: String) -> Option<RowsFile> {
    Some(RowsFile { place: "rows.csv".to_owned(), bytes: text.into_bytes(), ..RowsFile::default() })
}

const DIABETES: &str = "models/diabetes/diabetes.ubj";

/// The rows of the diabetes data, the first so many, with the label as column `y`.
fn people(count: usize) -> String {
    let data = String::from_utf8(read("models/diabetes/pima-indians-diabetes.csv")).expect("UTF-8");
    let names =
        "times_pregnant,glucose,blood_pressure,skin_fold_thick,serum_insulin,mass_index,diabetes_pedigree,age,y";
    let rows = data.lines().filter(|line| line.starts_with(|sign: char| sign.is_ascii_digit())).take(count);
    [names].into_iter().chain(rows).map(|line| format!("{line}\n")).collect()
}

fn asked(held_out: String) -> Asked {
    Asked { held_out: rows(held_out), label: Some("y".to_owned()), ..Asked::default() }
}

fn case(asked: &Asked) -> Case {
    Case::read(&files(DIABETES, &json!({})), "folder", asked).expect("a case")
}

fn fault(asked: &Asked) -> String {
    Case::read(&files(DIABETES, &json!({})), "folder", asked).expect_err("a fault").to_string()
}

/// Random numbers from 0 to 1, always the same.
fn drawn() -> impl FnMut() -> f64 {
    let mut state = 3_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[test]
fn a_case_holds_what_its_rows_tell_and_keeps_it_when_it_is_sealed_again() {
    let case = case(&Asked { group: Some("times_pregnant".to_owned()), ..asked(people(400)) });
    let certainty = case.file.certainty.clone().expect("certainty");
    let figures = case.file.figures.clone().expect("figures");
    assert_eq!((certainty.rows, figures.rows), (400, 400));
    assert_eq!(figures.groups.iter().map(|group| group.rows).sum::<u32>(), 400);
    assert_eq!(figures.groups[0].name, "1");
    let range = certainty.risk(0.3).expect("a range");
    assert!(0.0 <= range.low && range.low <= range.merged && range.merged <= range.high && range.high <= 1.0);
    assert!(certainty.interval(0.3, 90).is_none() && certainty.set(&[0.3, 0.7], 90).is_none());
    let Made::File(bytes) = Sealed::new(case).expect("documents").make(Product::Case, None).expect("a case") else {
        panic!("a folder")
    };
    let said: Value = serde_json::from_slice(&bytes).expect("JSON");
    let again = Case::read(
        &files(DIABETES, &json!({ "certainty": said["certainty"], "figures": said["figures"] })),
        "x",
        &Asked::default(),
    );
    let again = again.expect("the same");
    assert_eq!((again.file.certainty, again.file.figures), (Some(certainty), Some(figures)));
}

#[test]
fn whose_rows_they_are_stays_when_they_are_judged_anew() {
    let said = json!({ "certainty": { "rows": 30, "folds": 10, "source": "A clinic", "risk": {
        "low": { "at": [], "values": [] }, "high": { "at": [], "values": [] }, "positive": 3, "chosen": 0.1, "standard_error": 0.1,
        "brier": 0.1, "brier_merged": 0.1, "agreement": [],
    } } });
    let case = Case::read(&files(DIABETES, &said), "x", &asked(people(100))).expect("a case");
    let certainty = case.file.certainty.expect("certainty");
    assert_eq!((certainty.rows, certainty.source.as_deref()), (100, Some("A clinic")));
}

/// A case whose rows were judged by others.
fn judged(rows: &str, said: Value) -> wardian::Result<Case> {
    let mut said = said;
    said["judged"]["file"] = json!("folds.csv");
    let mut files = files(DIABETES, &said);
    files.add("folds.csv", rows.as_bytes().to_vec()).expect("a name");
    Case::read(&files, "x", &Asked::default())
}

/// The same rows with answers of the column `prediction`.
fn answered(rows: &str, answer: impl Fn(usize) -> String) -> String {
    let lines = rows.lines().enumerate().map(|(row, line)| match row {
        0 => format!("{line},prediction\n"),
        row => format!("{line},{}\n", answer(row)),
    });
    lines.collect()
}

#[test]
fn rows_that_others_judged_tell_figures_of_their_answers_and_whose_they_are() {
    let answer = |row: usize| (row * 37 % 101) as f64 / 101.0;
    let rows = answered(&people(200), |row| answer(row).to_string());
    let said = json!({ "judged": { "label": "y", "group": "times_pregnant", "source": "Ten parts" } });
    let case = judged(&rows, said).expect("a case");
    let (figures, certainty) = (case.file.figures.clone().expect("figures"), case.file.certainty.clone().expect("one"));
    assert_eq!((figures.rows, figures.source.as_deref()), (200, Some("Ten parts")));
    assert_eq!((certainty.rows, certainty.source.as_deref()), (200, Some("Ten parts")));
    assert_eq!(figures.by.as_deref(), Some("times_pregnant"));
    // As the answers' own, not the model's.
    let answers: Vec<f64> = (1..=200).map(|row| f64::from(answer(row) as f32)).collect();
    let labels: Vec<f64> =
        people(200).lines().skip(1).map(|line| if line.ends_with(",1") { 1.0 } else { 0.0 }).collect();
    let own = Labelled { task: Task::Risk, answers: &answers, width: 1, labels: &labels };
    assert_eq!(figures.all, measures(&own, 0.5, &[]));
    assert!(case.file.judged.is_none(), "what is sealed has what comes of it");
}

#[test]
fn rows_that_others_judged_are_refused_by_name_where_they_tell_nothing() {
    let said = || json!({ "judged": { "label": "y", "source": "Ten parts" } });
    let fault = |rows: &str, said| judged(rows, said).expect_err("a fault").to_string();
    let good = answered(&people(40), |_| "0.5".to_owned());
    assert!(fault(&people(40), said()).contains("judged: folds.csv has no column of answers"));
    let bad = answered(&people(40), |row| if row == 7 { "high".to_owned() } else { "0.5".to_owned() });
    assert!(
        fault(&bad, said()).contains("folds.csv, row 7: the answer \"high\" is no number"),
        "{}",
        fault(&bad, said())
    );
    let beyond = answered(&people(40), |row| if row == 7 { "1.5".to_owned() } else { "0.5".to_owned() });
    assert!(fault(&beyond, said()).contains("row 7: the model's answer is no probability"));
    let label = json!({ "judged": { "label": "z", "source": "x" } });
    assert!(fault(&good, label).contains("judged.label: there is no column \"z\""));
    assert!(fault(&good, json!({ "judged": { "label": "y" } })).contains("source"));
    let figures = case(&asked(people(40))).file.figures;
    let both = json!({ "judged": { "label": "y", "source": "x" }, "figures": figures });
    assert!(fault(&good, both).contains("judged: figures and certainty follow from it"));
}

#[test]
fn rows_that_tell_nothing_are_refused_or_said_to_be_too_few() {
    assert_eq!(
        fault(&Asked { label: Some("z".to_owned()), ..asked(people(40)) }),
        "--held-out, --label: there is no column \"z\"; beside the features there are \"y\""
    );
    assert!(fault(&Asked { label: None, ..asked(people(40)) }).contains("--label is not given"));
    assert!(
        fault(&Asked { group: Some("sex".to_owned()), ..asked(people(40)) }).starts_with("--group: there is no column")
    );
    assert!(
        fault(&Asked { group: Some("sex".to_owned()), ..Asked::default() }).contains("--held-out, which is absent")
    );
    let few = case(&asked(people(29)));
    assert!(few.file.certainty.is_none() && few.file.figures.is_some());
    assert!(few.notes.iter().any(|note| note.contains("29 rows are too few")), "{:?}", few.notes);
    let with = |label: &str| {
        let text = people(40);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let begins = lines[7].rfind(',').expect("a label") + 1;
        lines[7].replace_range(begins.., label);
        lines.join("\n")
    };
    assert!(fault(&asked(with(""))).starts_with("--held-out, row 7: it has no label"), "{}", fault(&asked(with(""))));
    assert!(fault(&asked(with("NaN"))).contains("row 7: it has no label"));
    assert!(
        fault(&asked(with("0.25")))
            .contains("row 7: the label \"0.25\" is neither 0 nor 1: are these the model's answers?")
    );
    assert!(fault(&asked(with("2"))).contains("is neither 0 nor 1"));
    assert!(fault(&asked(with("sick"))).ends_with("; of two texts --positive says which one is 1"));
    let ones: String = people(40)
        .lines()
        .enumerate()
        .map(|(row, line)| match row {
            0 => format!("{line}\n"),
            _ => format!("{},1\n", line.rsplit_once(',').expect("a label").0),
        })
        .collect();
    let ones = case(&asked(ones));
    assert!(ones.file.certainty.is_none());
    assert!(ones.file.figures.expect("figures").all.risk.expect("of a risk").auc.is_none());
    assert!(ones.notes.iter().any(|note| note.contains("all labels are of one class")), "{:?}", ones.notes);
    let both = case(&Asked { data: rows(people(60)), ..asked(people(40)) });
    assert!(both.notes.iter().any(|note| note.contains("40 of 40 rows are among those of --data")), "{:?}", both.notes);
}

#[test]
fn of_two_texts_that_which_is_said_to_be_positive_is_one() {
    let numbers = people(100);
    let texts: String = numbers
        .lines()
        .enumerate()
        .map(|(row, line)| match (row, line.rsplit_once(',').expect("a label")) {
            (0, _) => format!("{line}\n"),
            (_, (values, label)) => format!("{values}, {} \n", if label == "1" { "sick" } else { "well" }),
        })
        .collect();
    let of = |text: &str, positive: &str| Asked { positive: Some(positive.to_owned()), ..asked(text.to_owned()) };
    let (plain, told) = (case(&asked(numbers.clone())), case(&of(&texts, "sick")));
    assert_eq!((plain.file.figures, plain.file.certainty), (told.file.figures, told.file.certainty));
    let other = case(&of(&texts, "well")).file.figures.expect("figures").all.risk.expect("of a risk");
    let own = case(&asked(numbers.clone())).file.figures.expect("figures").all.risk.expect("of a risk");
    assert!((own.auc.expect("AUC").value + other.auc.expect("AUC").value - 1.0).abs() < 1e-12);
    // Rows of the training data have the same labels.
    let data = |text: &str, positive: Option<&str>| {
        let asked = Asked { label: Some("y".to_owned()), positive: positive.map(str::to_owned), ..Asked::default() };
        Asked { data: rows(text.to_owned()), ..asked }
    };
    assert_eq!(case(&data(&numbers, None)).file.base_rate, case(&data(&texts, Some("sick"))).file.base_rate);
    assert!(fault(&data(&texts, None)).ends_with("; of two texts --positive says which one is 1"));
    assert!(
        fault(&of(&texts, "ill")).contains("\"well\" is neither")
            || fault(&of(&texts, "ill")).contains("neither \"ill\" nor")
    );
    assert!(fault(&of(&texts.replace("sick", "well"), "sick")).contains("--positive: no row has the label \"sick\""));
    let third = texts.replacen("well", "unknown", 1);
    assert!(fault(&of(&third, "sick")).contains("a risk has labels of two values"), "{}", fault(&of(&third, "sick")));
    assert!(fault(&of(&texts, " ")).starts_with("--positive: \"\" stands for no label"));
}

#[test]
fn kinds_that_labels_do_not_judge_are_refused_by_name() {
    let model = import::read(&read(DIABETES)).expect("a model");
    for kind in [Kind::Score, Kind::Hazard, Kind::Targets] {
        let refused = HeldOut::new(kind, &model).expect_err("refused").to_string();
        assert!(refused.starts_with(&format!("the answer is {}: ", kind.as_str())), "{refused}");
    }
    let mut times = HeldOut::new(Kind::Time, &model).expect("figures of times");
    times.add(&Numbers::from(vec![1.0_f32; 40]), (0..40).map(|_| ("2", None))).expect("rows");
    assert!(times.certainty().expect_err("refused").contains("censored"));
    assert_eq!(times.figures(None, 0.5).expect("figures").all.number.expect("of a number").rmse.value, 1.0);
    let mut counts = HeldOut::new(Kind::Count, &model).expect("figures of counts");
    let fault = counts.add(&Numbers::from(vec![1.0_f32]), [("-2", None)].into_iter()).expect_err("below 0").to_string();
    assert_eq!(fault, "row 1: the label -2 is below 0, and a count is not");
    let fault =
        counts.add(&Numbers::from(vec![f32::NAN]), [("2", None)].into_iter()).expect_err("no number").to_string();
    assert!(fault.contains("is no finite number"), "{fault}");
}

#[test]
fn of_thousands_of_classes_no_table_of_all_pairs_is_made() {
    let names: Vec<String> = (0..30_000).map(|class| class.to_string()).collect();
    let mut answers = vec![0.0; 30 * names.len()];
    (0..30).for_each(|row| answers[row * names.len() + row] = 1.0);
    let labels: Vec<f64> = (0..30).map(|row| f64::from(row.max(10))).collect();
    let rows = Labelled { task: Task::Classes, answers: &answers, width: names.len(), labels: &labels };
    let told = measures(&rows, 0.5, &names).classes.expect("classes");
    assert_eq!(told.accuracy.value, 20.0 / 30.0);
    assert!(told.confusion.is_empty() && told.auc.is_none() && told.log_loss.is_some());
    assert_eq!(Certainty::of(&rows, None).expect("certainty").sets.len(), LEVELS.len());
}

#[test]
fn labels_that_are_the_models_answers_tell_nothing() {
    let answers: Vec<f64> = (0..50).map(f64::from).collect();
    let own = Labelled { task: Task::Number, answers: &answers, width: 1, labels: &answers };
    assert!(Certainty::of(&own, None).expect_err("refused").to_string().contains("the model's own answer"));
}

#[test]
fn intervals_follow_what_rows_were_off_by() {
    let mut draw = drawn();
    let answers: Vec<f64> = (0..2000).map(|_| draw() * 10.0).collect();
    // Off by more where answers are larger.
    let labels: Vec<f64> = answers.iter().map(|answer| answer + (draw() - 0.5) * answer).collect();
    let rows = Labelled { task: Task::Count, answers: &answers, width: 1, labels: &labels };
    let certainty = Certainty::of(&rows, Some(0.0)).expect("certainty");
    assert_eq!(certainty.intervals.iter().map(|own| own.method).collect::<Vec<_>>(), [Method::Local, Method::Absolute]);
    for intervals in &certainty.intervals {
        for level in &intervals.levels {
            assert!((level.coverage - f64::from(level.level) / 100.0).abs() < 0.02, "{level:?}");
        }
    }
    let width = |answer: f64| certainty.interval(answer, 90).map(|[low, high]| high - low).expect("an interval");
    // At 90 of 100 the error is within 0.9 of half of the answer.
    assert!((width(9.5) - 0.9 * 9.5).abs() < 1.0, "{}", width(9.5));
    assert!(width(2.0) < 3.0, "{}", width(2.0));
    assert_eq!(certainty.interval(0.05, 95).expect("an interval")[0], 0.0, "no count is below 0");
    assert_eq!(certainty.interval(1.0, 85), None, "no such level is told");
    // The same rows, the same bits.
    assert_eq!(Certainty::of(&rows, Some(0.0)), Ok(certainty));
}

#[test]
fn sets_are_never_empty_and_have_the_class_as_often_as_they_claim() {
    let mut draw = drawn();
    let (mut answers, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..2000 {
        let one = draw();
        let other = draw() * (1.0 - one);
        answers.extend([one, other, 1.0 - one - other]);
        let drawn = draw();
        labels.push(if drawn < one {
            0.0
        } else if drawn < one + other {
            1.0
        } else {
            2.0
        });
    }
    let rows = Labelled { task: Task::Classes, answers: &answers, width: 3, labels: &labels };
    let certainty = Certainty::of(&rows, None).expect("certainty");
    assert_eq!(certainty.sets.iter().map(|level| level.level).collect::<Vec<_>>(), LEVELS);
    for level in &certainty.sets {
        assert!((level.coverage - f64::from(level.level) / 100.0).abs() < 0.02, "{level:?}");
        for row in answers.chunks_exact(3) {
            assert!(!certainty.set(row, level.level).expect("a set").is_empty());
        }
    }
    assert_eq!(certainty.set(&[0.34, 0.33, 0.33], 95), Some(vec![0, 1, 2]));
    assert_eq!(certainty.set(&[0.99, 0.01, 0.0], 80), Some(vec![0]));
}

#[test]
fn what_a_stranger_says_of_it_is_checked() {
    let good = case(&asked(people(200)));
    let good = json!({ "certainty": good.file.certainty, "figures": good.file.figures });
    let said = |path: &str, value: Value| {
        let mut said = good.clone();
        *said.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
        match Case::read(&files(DIABETES, &said), "x", &Asked::default()) {
            Ok(_) => "nothing".to_owned(),
            Err(error) => error.to_string(),
        }
    };
    for (path, value, wanted) in [
        ("/certainty/rows", json!(0), "case.json, certainty.rows: there is no row"),
        ("/certainty/rows", json!(-1), "case.json, certainty.rows: invalid value"),
        ("/certainty/folds", json!(1), "case.json, certainty.folds: "),
        ("/certainty/risk/low/at", json!([0.5, 0.2]), "case.json, certainty.risk.low.values: there are not as many"),
        (
            "/certainty/risk/low",
            json!({ "at": [0.5, 0.2], "values": [0.1, 0.2] }),
            "case.json, certainty.risk.low.at: they are not",
        ),
        (
            "/certainty/risk/high",
            json!({ "at": [0.2], "values": [1.5] }),
            "case.json, certainty.risk.high.values: they are not",
        ),
        (
            "/certainty/risk/high",
            json!({ "at": vec![0.1; 10_002], "values": vec![0.1; 10_002] }),
            "case.json, certainty.risk.high.at: there are more",
        ),
        ("/certainty/risk/chosen", json!(2), "case.json, certainty.risk.chosen: it is no share"),
        ("/certainty/risk", json!(null), "case.json, certainty.rows: nothing is said"),
        ("/certainty", json!([]), "case.json, certainty: it is a list"),
        (
            "/certainty",
            json!({ "rows": 40, "folds": 10, "sets": [{ "level": 90, "least": 0.1, "coverage": 0.9, "standard_error": 0.0, "size": 1 }] }),
            "case.json, certainty.sets: it is not of this case's kind, risk",
        ),
        (
            "/certainty",
            json!({ "rows": 40, "folds": 10, "sure": 1 }),
            "case.json, certainty.sure: there is no member \"sure\"",
        ),
        (
            "/figures/all",
            json!({ "number": { "rmse": { "value": 1 }, "mae": { "value": 1 }, "bias": { "value": 1 } } }),
            "case.json, figures.all.number: it is not of",
        ),
        (
            "/figures/all/risk/confusion/threshold",
            json!(7),
            "case.json, figures.all.risk.confusion.threshold: it is no probability",
        ),
        ("/figures/all/risk/brier", json!({ "value": "x" }), "case.json, figures.all.risk.brier.value: invalid type"),
    ] {
        let told = said(path, value);
        assert!(told.starts_with(wanted), "{path}: {told}");
    }
    // Of numbers, which have intervals.
    let intervals = |intervals: Value| {
        let said = json!({ "kind": "number", "certainty": { "rows": 40, "folds": 10, "intervals": [intervals] } });
        Case::read(&files(DIABETES, &said), "x", &Asked::default())
            .map_or_else(|error| error.to_string(), |_| "nothing".to_owned())
    };
    let level = |level: u8, score: f64| json!({ "level": level, "score": score, "coverage": 0.9, "standard_error": 0.01, "width": 2 });
    assert_eq!(
        intervals(json!({ "method": "absolute", "rows": 40, "levels": [level(80, 1.0), level(90, 2.0)] })),
        "nothing"
    );
    for (said, wanted) in [
        (
            json!({ "levels": [level(90, 1.0), level(80, 2.0)] }),
            "case.json, certainty.intervals[0].levels: they do not ascend",
        ),
        (json!({ "levels": [] }), "case.json, certainty.intervals[0].levels: there are none"),
        (json!({ "levels": [level(90, -1.0)] }), "case.json, certainty.intervals[0].levels[0].score: it is below 0"),
        (
            json!({ "bounds": [1, 2], "scales": [1, 2], "levels": [level(90, 1.0)] }),
            "case.json, certainty.intervals[0].scales: there is not one more",
        ),
        (
            json!({ "bounds": [2, 1], "scales": [1, 2, 3], "levels": [level(90, 1.0)] }),
            "case.json, certainty.intervals[0].bounds: they are not finite",
        ),
    ] {
        assert!(intervals(said.clone()).starts_with(wanted), "{said}: {}", intervals(said.clone()));
    }
}

#[test]
fn a_model_of_classes_is_judged_by_their_names() {
    let case = Case::read(&files("models/wine/wine.sklearn.pkl", &json!({})), "x", &Asked::default());
    let case = case.unwrap_or_else(|error| panic!("{error}"));
    let mut rows = HeldOut::new(Kind::Classes, &case.model).expect("classes");
    let names = case.class_names();
    let answers = Numbers::of(case.model.forest().precision(), [0.2, 0.5, 0.3]);
    rows.add(&answers, [(names[1].as_str(), None)].into_iter()).expect("a row");
    let unknown = rows.add(&answers, [("cider", None)].into_iter()).expect_err("no class").to_string();
    assert!(unknown.starts_with("row 2: the label \"cider\" is none of the model's classes: "), "{unknown}");
    assert_eq!(rows.figures(None, 0.5).expect("figures").all.classes.expect("classes").accuracy.value, 1.0);
}

/// The same documents and answers are asked of JavaScript: tests/e2e/certainty.test.mjs.
#[test]
fn what_is_said_of_new_answers_is_in_the_golden_file() {
    let mut draw = drawn();
    let numbers: Vec<f64> = (0..300).map(|_| draw() * 10.0).collect();
    let labels: Vec<f64> = numbers.iter().map(|answer| answer + (draw() - 0.5) * answer).collect();
    let of_numbers = Labelled { task: Task::Number, answers: &numbers, width: 1, labels: &labels };
    let risks: Vec<f64> = (0..300).map(|_| (draw() * 40.0).round() / 40.0).collect();
    let positive: Vec<f64> = risks.iter().map(|risk| f64::from(draw() < *risk)).collect();
    let of_risks = Labelled { task: Task::Risk, answers: &risks, width: 1, labels: &positive };
    let shares: Vec<f64> = (0..100).flat_map(|_| [draw(), draw(), draw()]).collect();
    let classes: Vec<f64> = (0..100).map(|row| f64::from(row % 3)).collect();
    let of_classes = Labelled { task: Task::Classes, answers: &shares, width: 3, labels: &classes };
    let documents = [(of_numbers, Some(0.0)), (of_risks, None), (of_classes, None)].map(|(rows, least)| {
        let certainty = Certainty::of(&rows, least).expect("certainty");
        let asked: Vec<Value> = (0..60)
            .map(|row| {
                // On a step or a bound, and beside one.
                let answers: Vec<f64> = match row % 2 {
                    0 => rows.answers[row * rows.width..][..rows.width].to_vec(),
                    _ => (0..rows.width).map(|_| draw() * if rows.task == Task::Number { 12.0 } else { 1.0 }).collect(),
                };
                let said: Vec<Value> = LEVELS
                    .iter()
                    .map(|&level| match rows.task {
                        Task::Risk => {
                            let range = certainty.risk(answers[0]).expect("a range");
                            json!([range.low, range.high, range.merged, range.outside])
                        }
                        Task::Classes => json!(certainty.set(&answers, level).expect("a set")),
                        _ => json!(certainty.interval(answers[0], level).expect("an interval")),
                    })
                    .collect();
                json!({ "answer": answers, "said": said })
            })
            .collect();
        json!({ "certainty": certainty, "asked": asked })
    });
    let text = serde_json::to_string(&json!({ "levels": LEVELS, "documents": documents })).expect("JSON") + "\n";
    let path = "tests/certainty/said.json";
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, &text).expect("it is written");
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    assert!(kept == text, "tests/certainty/said.json is another: BLESS=1 cargo test --features seal --test certainty");
}
