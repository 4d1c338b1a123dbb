//! The binary, run as a user runs it.

mod binary;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use binary::{stderr, stdout, wardian};

const EXAMPLE: &str = "1,106,70,28,135,34.2,0.142,22";
const DATA: &str = "models/diabetes/pima-indians-diabetes.csv";

fn with_input(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wardian"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// One line on standard error, exit code 1, nothing on standard output.
fn assert_fails(output: &Output, message: &str) {
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(output), format!("wardian: {message}\n"));
}

/// A new folder for one test's files.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn bits(text: &str) -> Vec<String> {
    text.lines().map(|line| format!("{:08x}", line.parse::<f32>().expect("a number").to_bits())).collect()
}

#[test]
fn all_768_rows_have_xgboosts_bits() {
    let expected = fs::read_to_string("tests/golden/diabetes.expected.csv").expect("the golden file");
    let column = |index: usize| -> Vec<String> {
        let lines = expected.lines().skip(1);
        lines.map(|line| line.split(',').nth(index).expect("three columns").to_owned()).collect()
    };
    let margins = stdout(&wardian(&["predict", "--csv", DATA, "--margin"]));
    assert_eq!(bits(&margins), column(1));
    for model in ["models/diabetes/diabetes.wardian", "models/diabetes/diabetes.ubj", "models/diabetes/diabetes.json"] {
        // The trained files know no missing codes; the schema does.
        if model.ends_with(".wardian") {
            let predictions = stdout(&wardian(&["predict", "--model", model, "--csv", DATA]));
            assert_eq!(bits(&predictions), column(2), "{model}");
        } else {
            assert_eq!(stdout(&wardian(&["predict", "--model", model, "--csv", DATA])).lines().count(), 768);
        }
    }
}

#[test]
fn one_row_gives_the_rest_contracts_body() {
    let body = stdout(&wardian(&["predict", EXAMPLE]));
    assert!(body.starts_with("{\"prediction\":0.1") && body.ends_with("}\n"), "{body}");
    assert!(stdout(&wardian(&["predict", "--margin", EXAMPLE])).starts_with("{\"margin\":-2."));
    let warned = wardian(&["predict", "-1,400,70,28,135,34.2,0.142,22"]);
    assert!(stdout(&warned).starts_with("{\"prediction\":"));
    assert_eq!(
        stderr(&warned),
        "wardian: warning: times_pregnant: -1 is outside the range seen in training, 0 to 17\n\
         wardian: warning: glucose: 400 is outside the range seen in training, 44 to 199\n"
    );
}

/// A line of CSV without quotes.
fn numbers(line: &str) -> Vec<f64> {
    line.split(',').map(|field| field.parse().expect("a number")).collect()
}

#[test]
fn one_row_is_explained_in_json() {
    let text = stdout(&wardian(&["explain", EXAMPLE]));
    let body: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let contributions = body["contributions"].as_object().expect("an object");
    assert_eq!(contributions.len(), 8);
    let sum: f64 = contributions.values().map(|value| value.as_f64().expect("a number")).sum();
    let number = |name: &str| body[name].as_f64().expect("a number");
    assert!((number("base") + sum - number("margin")).abs() < 1e-6, "{text}");
    let margin = stdout(&wardian(&["predict", "--margin", EXAMPLE]));
    assert_eq!(margin, format!("{{\"margin\":{}}}\n", number("margin") as f32));
    assert!((number("prediction") - 0.1045).abs() < 1e-3);
    // In the order of the features.
    assert!(text.find("times_pregnant") < text.find("glucose") && text.find("glucose") < text.find("\"age\""));

    let classes = "tests/golden/classes.ubj";
    let rows = fs::read_to_string("tests/golden/classes.rows.csv").expect("rows");
    let text = stdout(&wardian(&["explain", "--model", classes, rows.lines().next().expect("a row")]));
    let body: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(body["prediction"].as_array().map(Vec::len), body["outputs"].as_array().map(Vec::len));
    assert!(body["outputs"][1]["contributions"].is_object());
}

#[test]
fn rows_are_explained_in_csv() {
    let csv = stdout(&wardian(&["explain", "--csv", DATA]));
    let mut lines = csv.lines();
    let header = "prediction,margin,base,times_pregnant,glucose,blood_pressure,skin_fold_thick,serum_insulin,\
                  mass_index,diabetes_pedigree,age";
    assert_eq!(lines.next(), Some(header));
    let predictions = stdout(&wardian(&["predict", "--csv", DATA]));
    let mut sums = [0.0; 8];
    for (line, prediction) in lines.by_ref().zip(predictions.lines()) {
        assert!(line.starts_with(&format!("{prediction},")), "{line}");
        let numbers = numbers(line);
        assert!((numbers[2..].iter().sum::<f64>() - numbers[1]).abs() < 1e-6, "{line}");
        sums.iter_mut().zip(&numbers[3..]).for_each(|(sum, part)| *sum += part.abs());
    }
    assert_eq!(csv.lines().count(), 769);

    let summary = stdout(&wardian(&["explain", "--csv", DATA, "--summary"]));
    assert_eq!(summary.lines().next(), Some("feature,splits,mean_absolute"));
    for (line, sum) in summary.lines().skip(1).zip(sums) {
        let (_, figures) = line.split_once(',').expect("three fields");
        assert!((numbers(figures)[1] - sum / 768.0).abs() < 1e-9, "{line}");
    }

    let rows = ["--csv", "tests/golden/classes.rows.csv"];
    let classes = stdout(&wardian(&[&["explain", "--model", "tests/golden/classes.ubj"][..], &rows].concat()));
    assert!(classes.starts_with("output,prediction,margin,base,"), "{classes}");
    assert!(classes.lines().nth(2).is_some_and(|line| line.starts_with("1,")), "{classes}");
}

#[test]
fn a_curve_shows_each_step() {
    let curve = stdout(&wardian(&["explain", EXAMPLE, "--curve", "glucose"]));
    assert!(curve.starts_with("from,to,value,prediction\n,"), "{curve}");
    let own = curve.lines().skip(1).find(|line| {
        let [from, to, ..] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let from = from.parse().unwrap_or(f64::NEG_INFINITY);
        let to = to.parse().unwrap_or(f64::INFINITY);
        (from..to).contains(&106.0)
    });
    let prediction = stdout(&wardian(&["predict", EXAMPLE]));
    let prediction = prediction.trim_end().trim_start_matches("{\"prediction\":").trim_end_matches('}');
    assert!(own.is_some_and(|line| line.ends_with(&format!(",{prediction}"))), "{own:?}");
    assert!(curve.lines().last().is_some_and(|line| line.starts_with(",,NA,")));
    let short = stdout(&wardian(&["explain", EXAMPLE, "--curve", "glucose", "--points", "5"]));
    assert_eq!(short.lines().count(), 7);
    assert_fails(
        &wardian(&["explain", EXAMPLE, "--curve", "sugar"]),
        "no feature is called \"sugar\"; there are times_pregnant, glucose, blood_pressure, skin_fold_thick, \
         serum_insulin, mass_index, diabetes_pedigree, age",
    );
}

#[test]
fn rows_begin_with_base_margins_of_their_own() {
    let case = |more: &[&str]| {
        let model = ["--model", "tests/cases/base-margin/model.json"];
        wardian(&[&more[..1], &model, &more[1..]].concat())
    };
    let file = ["--csv", "tests/cases/base-margin/rows.csv", "--base-margin", "log_exposure"];
    let expected = fs::read_to_string("tests/cases/base-margin/expected.txt").expect("the trainer's answers");
    let answered = case(&[&["predict"], &file[..]].concat());
    assert_eq!(bits(&stdout(&answered)), bits(&expected));
    assert_eq!(stderr(&answered), "", "nothing is passed over");
    let by_number = case(&["predict", file[0], file[1], "--base-margin", "#4"]);
    assert_eq!(by_number.stdout, answered.stdout);
    let margins = stdout(&case(&[&["predict", "--margin"], &file[..]].concat()));
    assert_eq!(margins.lines().next(), Some("-1.0143678"));
    let answered = stdout(&answered);
    let first_answer = answered.lines().next().expect("a line");
    let (row, base_margin) = ("-1.3,-0.05,-0.08", "-0.8782269338753868");
    let one = stdout(&case(&["predict", row, "--base-margin", base_margin]));
    assert_eq!(one, format!("{{\"prediction\":{first_answer}}}\n"));
    assert_eq!(stdout(&case(&["predict", row, "--margin", "--base-margin", base_margin])), "{\"margin\":-1.0143678}\n");

    let explained = stdout(&case(&[&["explain"], &file[..]].concat()));
    let one = stdout(&case(&["explain", row, "--base-margin", base_margin]));
    let one: serde_json::Value = serde_json::from_str(&one).expect("JSON");
    let first = numbers(explained.lines().nth(1).expect("a row"));
    assert_eq!(first[1] as f32, -1.014_367_8);
    for (name, number) in ["prediction", "margin", "base"].into_iter().zip(&first) {
        assert_eq!(one[name].as_f64(), Some(*number), "{name}");
    }
    assert!((first[2] - -0.910_003_4).abs() < 1e-6, "{explained}");
    assert!((first[2..].iter().sum::<f64>() - first[1]).abs() < 1e-6, "{explained}");
    let summary = |more: &[&str]| stdout(&case(&[&["explain", "--summary"], &file[..2], more].concat()));
    assert_eq!(summary(&file[2..]), summary(&[]));
    let curve = stdout(&case(&["explain", row, "--base-margin", base_margin, "--curve", "f2"]));
    assert!(curve.contains(&format!(",{first_answer}\n")), "{curve}");

    let folder = folder("base-margins");
    let plan = folder.join("plan.json").display().to_string();
    stdout(&case(&[&["predict", "--show-plan", "-o", &plan], &file[..]].concat()));
    let shown: serde_json::Value = serde_json::from_slice(&fs::read(&plan).expect("a plan")).expect("JSON");
    assert_eq!(shown["base_margins"], serde_json::json!([3]));
    let again = case(&["predict", file[0], file[1], "--plan", &plan]);
    assert_eq!(stdout(&again), answered);
    let mut both = vec!["predict", "--plan", &plan];
    both.extend(file);
    assert_eq!(case(&both).status.code(), Some(2), "a plan has said it");

    for (arguments, message) in [
        (&["predict", row, "--base-margin", "x"][..], "--base-margin of a row is a finite number, not \"x\""),
        (&["explain", row, "--base-margin", "inf"], "--base-margin of a row is a finite number, not \"inf\""),
        (&["predict", row, "--base-margin", "1,2"], "2 base margins for 1 rows of 1 outputs"),
        (
            &["predict", file[0], file[1], "--base-margin", "log_exposure,#4"],
            "tests/cases/base-margin/rows.csv: --base-margin: two base margins are called \"#4\"",
        ),
    ] {
        assert_fails(&case(arguments), message);
    }
    // What stands before a row that has none is answered.
    let text = fs::read_to_string(file[1]).expect("rows").replace("0.38792295638275465", "NA");
    let model = ["predict", "--model", "tests/cases/base-margin/model.json", "--csv", "-", "--base-margin"];
    let refused = with_input(&[&model[..], &["log_exposure"]].concat(), &text);
    assert_eq!(refused.status.code(), Some(1));
    let message = "line 3: the base margin, \"NA\", is missing, and each row needs one";
    assert_eq!(stderr(&refused), format!("wardian: standard input: {message}\n"));
    assert_eq!(String::from_utf8(refused.stdout).expect("UTF-8").lines().count(), 1);
}

#[test]
fn a_row_of_several_outputs_has_a_base_margin_for_each() {
    let file = ["--model", "tests/golden/versions/1.2.1/classes.json"];
    let answers = fs::read_to_string("tests/golden/versions/1.2.1/classes.answers").expect("the golden file");
    let number = |bits: &str| f32::from_bits(u32::from_str_radix(bits, 16).expect("bits")).to_string();
    let (mut rows, mut expected) = ("f0,f1,f2,m0,m1,m2\n".to_owned(), Vec::new());
    for line in answers.lines() {
        let [values, _, _, base_margins, margins, _] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let base_margins: Vec<String> = base_margins.split(' ').map(number).collect();
        rows.push_str(&format!("{values},{}\n", base_margins.join(",")));
        expected.push(margins.replace(' ', "\n"));
    }
    let ask = |arguments: &[&str]| {
        with_input(&[&["predict", "--margin"], &file[..], &["--csv", "-"], arguments].concat(), &rows)
    };
    let answered = stdout(&ask(&["--base-margin", "m0,m1,m2"]));
    let lines: Vec<String> = answered.lines().map(|line| bits(&line.replace(',', "\n")).join("\n")).collect();
    assert_eq!(lines, expected);
    let apart = ask(&["--base-margin", "m0", "--base-margin", "m1", "--base-margin", "#6"]);
    assert_eq!(stdout(&apart), answered);
    assert_ne!(stdout(&ask(&["--base-margin", "m1,m0,m2"])), answered);
    let message = "columns of base margins: 2 are said, and the model has 3 outputs: one for each is due";
    assert_fails(&ask(&["--base-margin", "m0,m1"]), &format!("standard input: {message}"));
    let row = rows.lines().nth(1).expect("a row").splitn(4, ',').collect::<Vec<_>>();
    let one = stdout(&wardian(
        &[&["predict", "--margin"], &file[..], &[&row[..3].join(","), "--base-margin", row[3]]].concat(),
    ));
    assert_eq!(one, format!("{{\"margin\":[{}]}}\n", answered.lines().next().expect("a line")));
}

#[test]
fn what_cannot_be_explained_is_said() {
    assert_fails(
        &wardian(&["explain", "--model", "models/diabetes/diabetes.wardian", EXAMPLE]),
        "models/diabetes/diabetes.wardian: the model cannot be explained: its file does not say how much of the training \
         data came to each leaf",
    );
    assert_fails(
        &wardian(&["explain", "1,2,x"]),
        "skin_fold_thick: 8 values are needed, 3 given; this is the first that is absent",
    );
    let bad_field = with_input(&["explain", "--csv", "-"], &format!("{EXAMPLE}\n1,106,70,x,135,34.2,0.142,22\n"));
    assert_eq!(bad_field.status.code(), Some(1));
    assert_eq!(stderr(&bad_field), "wardian: standard input: line 2, skin_fold_thick: \"x\" is not a number\n");
    assert_eq!(String::from_utf8_lossy(&bad_field.stdout).lines().count(), 2);
}

#[test]
fn columns_are_found_by_name_in_any_order() {
    let by_position = stdout(&with_input(&["predict", "--csv", "-"], &format!("{EXAMPLE}\n")));
    let by_name = with_input(
        &["predict", "--csv", "-"],
        "age,note,glucose,blood_pressure,skin_fold_thick,serum_insulin,mass_index,diabetes_pedigree,times_pregnant\n\
         22,\"a, b\",106,70,28,135,34.2,0.142,1\r\n",
    );
    assert_eq!(stdout(&by_name), by_position);
    let missing = stdout(&with_input(&["predict", "--csv", "-"], "1,106,,NA,nan,34.2,0.142,22\n"));
    let zero = stdout(&with_input(&["predict", "--csv", "-"], "1,106,0,0,0,34.2,0.142,22\n"));
    assert_eq!(missing, zero);
}

#[test]
fn rows_come_in_files_of_many_kinds() {
    let folder = folder("kinds");
    let path = |name: &str| folder.join(name).display().to_string();
    let csv = fs::read(DATA).expect("the data");
    let expected = stdout(&wardian(&["predict", "--csv", DATA]));

    // Packed, in two parts as some tools write it.
    let mut packed = Vec::new();
    for part in csv.chunks(csv.len() / 2 + 1) {
        let mut out = flate2::write::GzEncoder::new(&mut packed, flate2::Compression::fast());
        out.write_all(part).expect("packed");
        out.finish().expect("packed");
    }
    fs::write(path("rows.csv.gz"), &packed).expect("written");
    assert_eq!(stdout(&wardian(&["predict", "--csv", &path("rows.csv.gz")])), expected);
    for end in [packed.len() / 4, packed.len() - 3] {
        fs::write(path("part.csv.gz"), &packed[..end]).expect("written");
        let said = stderr(&wardian(&["predict", "--csv", &path("part.csv.gz")]));
        assert!(said.contains("part.csv.gz"), "{said}");
        assert!(said.contains(": the file ends early: it was cut off, or is still being written ("), "{said}");
    }

    // JSON lines, the keys in any order.
    let text = String::from_utf8(csv).expect("UTF-8");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let mut json = String::from("\n");
    for (index, line) in lines.enumerate() {
        let members = names.iter().zip(line.split(',')).map(|(name, value)| format!("{name:?}:{value}"));
        let mut members: Vec<String> = members.collect();
        if index % 2 > 0 {
            members.reverse();
        }
        json += &format!("{{{}}}\n", members.join(","));
    }
    fs::write(path("rows.jsonl"), &json).expect("written");
    assert_eq!(stdout(&wardian(&["predict", "--csv", &path("rows.jsonl")])), expected);
    let missing = r#"{"times_pregnant":1,"glucose":106,"blood_pressure":70,"skin_fold_thick":null,"serum_insulin":"NA",
        "mass_index":34.2,"diabetes_pedigree":0.142,"age":"22"}"#
        .replace('\n', "");
    let by_text = stdout(&with_input(&["predict", "--csv", "-"], "1,106,70,,,34.2,0.142,22\n"));
    assert_eq!(stdout(&with_input(&["predict", "--csv", "-"], &missing)), by_text);
    for (from, to, message) in [
        ("\"age\":\"22\"", "\"age\":[22]", "line 2: \"age\" is neither a number nor a text"),
        ("\"age\"", "\"glucose\"", "line 2: \"glucose\" is there twice"),
        ("\"age\"", "age", "line 2: a line is one object, whole: a key in quotes is expected"),
    ] {
        let error =
            stderr(&with_input(&["predict", "--csv", "-"], &format!("{missing}\n{}", missing.replace(from, to))));
        assert!(error.starts_with("wardian: standard input: ") && error.contains(message), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let list = stderr(&with_input(&["predict", "--csv", "-"], &format!("[{missing}]")));
    assert!(list.contains("lines=True"), "{list}");

    // A spreadsheet; and what only looks like one.
    let forms = "tests/cases/cli-csv-forms";
    let scored = |file: &str, more: &[&str]| {
        let (model, file) = (format!("{forms}/model.json"), format!("{forms}/{file}"));
        wardian(&[&["predict", "--model", &model, "--margin", "--csv", &file], more].concat())
    };
    assert_eq!(stdout(&scored("book.xlsx", &[])), "-0.050352044\n");
    let several = stderr(&scored("two-sheets.xlsx", &[]));
    assert!(several.contains("the spreadsheet has several sheets, [\"Notes\", \"Rows\", "), "{several}");
    // A date is no number, and a line is the row that people see.
    let rows = scored("two-sheets.xlsx", &["--sheet", "Rows"]);
    assert_eq!(String::from_utf8_lossy(&rows.stdout), "-0.050352044\n0.74829155\n");
    assert!(stderr(&rows).contains("line 5, a: \"20"), "{}", stderr(&rows));
    // What is below a table is a form's; within it an empty row may be one.
    assert_eq!(stdout(&scored("two-sheets.xlsx", &["--sheet", "Blank"])), "-0.050352044\n");
    let gap = stderr(&scored("two-sheets.xlsx", &["--sheet", "Gap"]));
    assert!(gap.contains("line 2: no feature has a value"), "{gap}");
    let formula = stderr(&scored("two-sheets.xlsx", &["--sheet", "Formula"]));
    assert!(formula.contains("row 2, column 2: a formula that was never worked out"), "{formula}");
    let other = stderr(&scored("book.xlsx", &["--sheet", "none"]));
    assert!(other.contains("no sheet with cells is called \"none\"; there are [\"Rows\"]"), "{other}");
    for file in ["sheet.xlsx", "cut.xlsx"] {
        let book = fs::read(format!("{forms}/book.xlsx")).expect("a book");
        fs::write(path("cut.xlsx"), &book[..book.len() / 2]).expect("written");
        let file = if file == "cut.xlsx" { path(file) } else { format!("{forms}/{file}") };
        let error = stderr(&wardian(&["predict", "--model", &format!("{forms}/model.json"), "--csv", &file]));
        assert!(error.contains("it looks like a spreadsheet (.xlsx, .xls, .ods) and cannot be read as one"), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn a_files_plan_is_shown_kept_and_corrected() {
    let folder = folder("plan");
    let path = |name: &str| folder.join(name).display().to_string();
    let example = stdout(&with_input(&["predict", "--csv", "-"], &format!("{EXAMPLE}\n")));
    let mmol = "tests/cases/page-units/mmol.csv";
    let read = wardian(&["predict", "--csv", mmol]);
    assert_eq!(stdout(&read), example);
    assert_eq!(
        stderr(&read),
        format!(
            "wardian: note: {mmol}: \"glucose\" is converted from mmol/L to mg/dL\n\
             wardian: note: {mmol}: columns are taken by names that are nearly the features': \"Glucose (mmol/L)\" for \"glucose\"\n"
        )
    );
    let plan = path("plan.json");
    assert!(stdout(&wardian(&["predict", "--csv", mmol, "--show-plan", "-o", &plan])).is_empty());
    let shown: serde_json::Value = serde_json::from_slice(&fs::read(&plan).expect("a plan")).expect("JSON");
    assert_eq!(shown["columns"][1]["unit"], "mmol/L");
    let again = wardian(&["predict", "--csv", mmol, "--plan", &plan]);
    assert_eq!((stdout(&again), stderr(&again)), (example.clone(), String::new()));
    assert_fails(
        &wardian(&["predict", "--csv", DATA, "--plan", &plan]),
        &format!("{DATA}: line 1: the header names other columns than the plan does"),
    );
    // What is doubtful names its option, and the option decides.
    let text = fs::read_to_string(mmol).expect("a file").replace("mmol/L", "mmol per litre");
    let refused = with_input(&["predict", "--csv", "-"], &text);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("--unit glucose=mg/dL or the like says which it is"), "{}", stderr(&refused));
    assert_eq!(stdout(&with_input(&["predict", "--csv", "-", "--unit", "glucose=mmol/L"], &text)), example);
    let no_age = format!(
        "{}\n1,106,70,28,135,34.2,0.142\n",
        "times_pregnant,glucose,blood_pressure,skin_fold_thick,\
        serum_insulin,mass_index,diabetes_pedigree"
    );
    let refused = with_input(&["predict", "--csv", "-"], &no_age);
    let message = stderr(&refused);
    assert!(
        message.starts_with("wardian: standard input: the header: no column is called \"age\", and the columns are ")
    );
    assert!(message.ends_with(": --column age=NAME says which it is, --absent that there is none\n"), "{message}");
    let absent = stdout(&with_input(&["predict", "--csv", "-", "--absent"], &no_age));
    assert_eq!(absent, stdout(&with_input(&["predict", "--csv", "-"], "1,106,70,28,135,34.2,0.142,\n")));
    // A sign between thousands may be any.
    let french = "1;1\u{202f}106;70;28;135;34,2;0,142;22\n";
    let read = |sign| stdout(&with_input(&["predict", "--csv", "-", "--delimiter", ";", "--thousands", sign], french));
    assert_eq!(read("\u{202f}"), stdout(&with_input(&["predict", "--csv", "-"], "1,1106,70,28,135,34.2,0.142,22\n")));
    for (arguments, message) in [
        (&["--thousands", "x"][..], "--thousands is one sign, not \"x\""),
        (&["--delimiter", "xx"], "--delimiter is one sign, not \"xx\""),
        (&["--encoding", "ebcdic"], "--encoding is utf-8, utf-16le, utf-16be or windows-1252, not \"ebcdic\""),
        (&["--column", "age"], "--column is a feature and something of it, as age=…, not \"age\""),
    ] {
        assert_fails(&wardian(&[&["predict", "--csv", mmol], arguments].concat()), message);
    }
}

#[test]
fn errors_name_file_line_and_field() {
    let bad_field = with_input(&["predict", "--csv", "-"], &format!("{EXAMPLE}\n1,106,70,x,135,34.2,0.142,22\n"));
    assert_fails(&bad_field, "standard input: line 2, skin_fold_thick: \"x\" is not a number");
    let short = with_input(&["predict", "--csv", "-"], "1,106\n");
    assert_fails(
        &short,
        "standard input: line 1, blood_pressure: 8 values are needed, 2 given; this is the first that is absent",
    );
    let unnamed = with_input(&["predict", "--csv", "-"], "glucose,age\n106,22\n");
    assert_fails(
        &unnamed,
        "standard input: the header: no column is called \"times_pregnant\", and the columns are \"glucose\", \"age\": --column \
         times_pregnant=NAME says which it is, --absent that there is none",
    );
    assert_fails(
        &wardian(&["predict", "1,2,x"]),
        "skin_fold_thick: 8 values are needed, 3 given; this is the first that is absent",
    );
    let absent = stderr(&wardian(&["inspect", "no-such-file"]));
    assert!(absent.starts_with("wardian: no-such-file: "), "{absent}");
    assert_fails(
        &wardian(&["inspect", "Cargo.toml"]),
        "Cargo.toml: the file is none of the supported models: .wardian, XGBoost, LightGBM, CatBoost, ONNX, a pickle of these or \
         of scikit-learn's, or a file of skops",
    );
}

#[test]
fn a_failed_command_leaves_no_file() {
    let folder = folder("no-file");
    let path = |name: &str| folder.join(name).display().to_string();
    let rows = path("rows.csv");
    fs::write(&rows, format!("{EXAMPLE}\n1,2\n")).expect("written");
    let out = path("out");
    for arguments in [
        &["predict", "--csv", &rows, "--output", &out][..],
        &["convert", &rows, "--output", &out],
        &["convert", "models/diabetes/diabetes.ubj", "--output", &out, "--schema", "tests/e2e/package.json"],
        &["train", DATA, "--label", "no_such_column", "--output", &out],
    ] {
        let output = wardian(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(stderr(&output).lines().count(), 1, "{arguments:?}");
    }
    let left: Vec<_> = fs::read_dir(&folder).expect("the folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["rows.csv"]);
}

#[test]
fn convert_and_inspect_show_what_is_inside() {
    let folder = folder("convert");
    let out = folder.join("model.wardian").display().to_string();
    let schema = ["--schema", "models/diabetes/schema.json"];
    let convert = [&["convert", "models/diabetes/diabetes.json", "-o", &out][..], &schema].concat();
    assert!(wardian(&[&convert[..], &["--no-covers"]].concat()).status.success());
    assert_eq!(
        fs::read(&out).expect("the output"),
        fs::read("models/diabetes/diabetes.wardian").expect("the shipped model")
    );
    let covers = folder.join("model.covers").display().to_string();
    assert!(wardian(&[&convert[..], &["--covers", &covers]].concat()).status.success());
    assert_eq!(
        fs::read(&out).expect("the output"),
        fs::read("models/diabetes/diabetes.wardian").expect("the shipped model")
    );
    assert_eq!(fs::read(&covers).expect("the covers"), wardian::diabetes_covers());
    assert_fails(&wardian(&["convert", &out, "-o", &out, "--covers", &covers]), &format!("{out}: it has no covers"));
    let inspected = stdout(&wardian(&["inspect", &out]));
    for expected in [
        "Diabetes risk\n",
        "format       Wardian, ",
        "link         logistic\n",
        "serum_insulin",
        "(0 means not measured)",
        "covers       none\n",
        "100 splits",
    ] {
        assert!(inspected.contains(expected), "{expected:?} in\n{inspected}");
    }
    let trained = stdout(&wardian(&["inspect", "models/diabetes/diabetes.ubj"]));
    assert!(trained.contains("covers       yes") && trained.contains(" gain\n"), "{trained}");
    // A schema in another order would give each value to the wrong feature.
    let reversed = folder.join("reversed.json");
    let mut schema: serde_json::Value =
        serde_json::from_slice(&fs::read("models/diabetes/schema.json").expect("the schema")).expect("JSON");
    schema["features"].as_array_mut().expect("features").reverse();
    fs::write(&reversed, schema.to_string()).expect("written");
    let reversed = reversed.display().to_string();
    assert_fails(
        &wardian(&["convert", "models/diabetes/diabetes.ubj", "-o", &out, "--schema", &reversed]),
        &format!("{reversed}: feature 0 is \"age\"; in the model it is \"times_pregnant\""),
    );
}

#[test]
fn the_card_is_the_shipped_models_or_says_that_there_is_none() {
    let file = |name: &str| fs::read_to_string(Path::new("models/diabetes").join(name)).expect("a file");
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    assert_eq!(stdout(&wardian(&["card"])), file("CARD.md"));
    assert_eq!(stdout(&wardian(&["card", "--json"])), file("card.json"));
    // The shipped model is known by its bytes, wherever it lies.
    for model in ["diabetes.wardian", "diabetes.ubj"] {
        assert_eq!(stdout(&wardian(&["card", "--model", &format!("models/diabetes/{model}")])), file("CARD.md"));
    }
    let other = "tests/golden/categories.ubj";
    let card = stdout(&wardian(&["card", "--model", other]));
    for expected in ["**No card came with this model.", "| File | XGBoost UBJSON, ", "| SHA-256 | `", "| colour |"] {
        assert!(card.contains(expected), "{expected:?} in\n{card}");
    }
    let card = json(&stdout(&wardian(&["card", "--json", "--model", other])));
    assert_eq!(card["inputs"][0]["categories"].as_array().expect("categories").len(), 3);
    assert!(card["notice"].as_str().expect("a text").starts_with("No card came with this model."));
    assert_fails(
        &wardian(&["card", "--model", "Cargo.toml"]),
        "Cargo.toml: the file is none of the supported models: .wardian, XGBoost, LightGBM, CatBoost, ONNX, a pickle of these or \
         of scikit-learn's, or a file of skops",
    );
}

#[test]
fn training_in_pure_rust_gives_a_model_that_predicts() {
    let folder = folder("train");
    let paths = ["a", "b"].map(|name| folder.join(name).display().to_string());
    for path in &paths {
        let arguments = ["train", DATA, "--label", "diabetes", "-o", path, "--schema", "models/diabetes/schema.json"];
        assert!(wardian(&arguments).status.success());
    }
    assert_eq!(fs::read(&paths[0]).expect("a"), fs::read(&paths[1]).expect("b"), "training twice");
    let explained = stdout(&wardian(&["explain", "--model", &paths[0], EXAMPLE]));
    assert!(explained.contains("\"glucose\":"), "{explained}");
    let predictions = stdout(&wardian(&["predict", "--model", &paths[0], "--csv", DATA]));
    let labels = fs::read_to_string(DATA).expect("the data");
    let labels = labels.lines().skip(1).map(|line| line.ends_with(",1"));
    let right = predictions.lines().zip(labels);
    let right = right.filter(|(line, label)| (line.parse::<f32>().expect("a number") >= 0.5) == *label).count();
    assert!((600..768).contains(&right), "{right} of 768 training rows");
}

#[test]
fn help_has_examples() {
    for command in ["predict", "explain", "inspect", "card", "convert", "train"] {
        let help = stdout(&wardian(&[command, "--help"]));
        assert!(help.contains("Example") && help.contains(&format!("  wardian {command} ")), "{help}");
    }
}

#[test]
fn rows_come_back_as_they_were_with_their_answers() {
    let folder = folder("with_rows");
    let file = folder.join("rows.csv");
    let row = EXAMPLE.replace(',', ";").replace('.', ",");
    let names = "times_pregnant;glucose;blood_pressure;skin_fold_thick;serum_insulin;mass_index;diabetes_pedigree;age";
    let text = format!("{names};note\r\n{row};\"a;b\"\r\nx{row};\r\n{row};c\r\n");
    fs::write(&file, &text).expect("a file");
    let path = file.to_str().expect("UTF-8");
    let answered = wardian(&["predict", "--csv", path, "--with-rows"]);
    let expected = format!(
        "{names};note;prediction;error\r\n{row};\"a;b\";0,10455212;\r\nx{row};;;\"times_pregnant: \"\"x1\"\" is not a number\"\r\n\
         {row};c;0,10455212;\r\n"
    );
    assert_eq!(stdout(&answered), expected);
    assert!(stderr(&answered).contains("1 rows cannot be read"), "{}", stderr(&answered));
    // A column of that name is the file's own; margins have another.
    let margins = wardian(&["predict", "--csv", path, "--with-rows", "--margin"]);
    assert!(stdout(&margins).starts_with(&format!("{names};note;margin;error\r\n")));
    // However long the file: parts come back in its order.
    let many = folder.join("many.csv");
    let lines: String = (0..60_000).map(|index| format!("{EXAMPLE},{index}\n")).collect();
    fs::write(&many, format!("{},row\n{lines}", names.replace(';', ","))).expect("a file");
    let answered = stdout(&wardian(&["predict", "--csv", many.to_str().expect("UTF-8"), "--with-rows"]));
    assert_eq!(answered.lines().count(), 60_001);
    let is_right = |(index, line): (usize, &str)| line == format!("{EXAMPLE},{index},0.10455212,");
    assert!(answered.lines().skip(1).enumerate().all(is_right));
}

/// LightGBM's model and its answers, which are of 64 bits: in every command, from the trainer's file and from ours.
#[test]
fn a_model_of_64_bits_answers_in_64_bits() {
    const MODEL: &str = "tests/golden/others/amounts.lightgbm.txt";
    // By LightGBM 4.7, the second on a threshold's other side in 64 bits.
    const ROWS: &str = "amount,kind\n12.34,2\n20.005,0\n,4\n1e30,2\n";
    const ANSWERS: [&str; 4] = ["0.43594652663093164", "0.5633171719604024", "0.43594652663093164", "0.55206734256595"];
    let folder = folder("double");
    let [rows, ours] = ["rows.csv", "model.wardian"].map(|name| folder.join(name).display().to_string());
    fs::write(&rows, ROWS).expect("written");
    assert!(wardian(&["convert", MODEL, "--output", &ours]).status.success());
    for model in [MODEL, &ours] {
        let one = stdout(&wardian(&["predict", "--model", model, "12.34,2"]));
        assert_eq!(one, format!("{{\"prediction\":{}}}\n", ANSWERS[0]));
        assert_eq!(stdout(&wardian(&["predict", "--model", model, "--csv", &rows])), ANSWERS.join("\n") + "\n");
        let margin = stdout(&wardian(&["predict", "--margin", "--model", model, "20.005,0"]));
        assert_eq!(margin, "{\"margin\":0.2546356923898792}\n");
        let inspected = stdout(&wardian(&["inspect", model]));
        assert!(inspected.contains("trees        3, 9 splits") && inspected.contains("amount"), "{inspected}");
        let explained = stdout(&wardian(&["explain", "--model", model, "12.34,2"]));
        assert!(explained.contains("\"margin\":-0.257629467456271,"), "{explained}");
    }
    for command in [&["predict"][..], &["explain"], &["explain", "--curve", "amount"]] {
        assert_fails(
            &wardian(&[command, &["--model", MODEL, "12.34,2", "--base-margin", "0.5"]].concat()),
            "--base-margin is for XGBoost's models: to those of other trainers add it to what --margin answers",
        );
    }
    let back = stdout(&wardian(&["predict", "--model", MODEL, "--csv", &rows, "--with-rows"]));
    assert!(back.starts_with("amount,kind,prediction,error\n12.34,2,0.43594652663093164,\n"), "{back}");
}

#[test]
fn an_option_that_is_spelt_wrongly_is_not_taken_for_a_row() {
    for arguments in [
        &["predict", "--margn"][..],
        &["predict", "--csv", DATA, "--with-row"],
        &["predict", "--csv", DATA, "--formt=jsonl"],
        &["explain", "--sumary"],
        &["predict", "-x"],
    ] {
        let output = wardian(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("no option is called so: --help lists all"), "{}", stderr(&output));
    }
    // What begins with a hyphen and is a row.
    for row in
        ["-1,106,70,28,135,34.2,0.142,22", "-inf,106,70,28,135,34.2,0.142,22", "-nan,106,70,28,135,34.2,0.142,22"]
    {
        let said = stderr(&wardian(&["predict", row]));
        assert!(!said.contains("option"), "{said}");
    }
}
