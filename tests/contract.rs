//! The contract's explained answers, of the repository's cases: JavaScript is asked for the same bytes (`tests/e2e/explained.test.mjs`).

use std::fs;

use serde_json::{Value, json};
use wardian::case::{Asked, Case, Files};
use wardian::contract::{CaseWhy, Contract, Payload, Request, Why, asks_why};

const CASES: [&str; 3] = ["diabetes", "petal", "wine"];
/// What is asked, and the bodies that are answered.
const KEPT: &str = "tests/certainty/explained.json";

fn case(name: &str) -> Case {
    let folder = format!("models/{name}");
    let mut files = Files::new();
    for entry in fs::read_dir(&folder).expect(&folder).flatten().filter(|entry| entry.path().is_file()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        files.add(&name, fs::read(entry.path()).expect(&name)).expect(&name);
    }
    Case::read(&files, &folder, &Asked::default()).unwrap_or_else(|error| panic!("{folder}: {error}"))
}

/// Rows of its golden file as texts; the same with a value, with several and with all of them missing.
fn rows(case: &Case, name: &str) -> Vec<String> {
    let text = fs::read_to_string(format!("models/{name}/golden.csv")).expect("golden rows");
    let width = case.model.schema().features().len();
    let mut rows = Vec::new();
    for (index, line) in text.lines().skip(1).take(3).enumerate() {
        let cells: Vec<&str> = line.split(',').take(width).collect();
        rows.push(cells.join(","));
        let lacking = |lacks: &dyn Fn(usize) -> bool| {
            let cells: Vec<&str> =
                cells.iter().enumerate().map(|(place, cell)| if lacks(place) { "" } else { *cell }).collect();
            cells.join(",")
        };
        rows.push(lacking(&|place| place == index % width));
        rows.push(lacking(&|place| place % 2 == index % 2));
    }
    rows.push(",".repeat(width - 1));
    rows
}

fn post<'a>(case: &'a Case, query: Option<&'a str>) -> Request<'a> {
    Request {
        method: "POST",
        path: case.rest(),
        query,
        content_type: Some("application/json"),
        requested_headers: None,
        body_length: 2,
    }
}

#[test]
fn explained_answers_are_kept_for_javascript_and_add_to_the_plain_ones() {
    let kept = CASES.map(|name| {
        let case = case(name);
        let description = case.description_path();
        let contract = Contract { path: case.rest(), description_path: &description, description: "" };
        let why = CaseWhy::new(&case);
        let ask = |query, payload: &Payload| {
            let response = contract.answer_with(&case.model, &post(&case, query), payload.clone(), &|| Some(&why));
            (response.status, response.body)
        };
        let rows = rows(&case, name);
        let many = Payload::Rows(rows.clone());
        let mut asked = Vec::new();
        for payload in rows.iter().map(|row| Payload::Data(row.clone())).chain([many]) {
            let (status, plain) = ask(None, &payload);
            assert_eq!(status, 200, "{plain}");
            for query in ["explain=false", "explain=0", "explained", "x=explain", ""] {
                assert_eq!(ask(Some(query), &payload), (200, plain.clone()), "{query}");
            }
            let (_, explained) = ask(Some("explain"), &payload);
            for query in ["explain=", "explain=true", "explain=1", "x=y&explain", "explain&explain=false"] {
                assert_eq!(ask(Some(query), &payload), (200, explained.clone()), "{query}");
            }
            // The plain members come first, as they are.
            assert!(explained.starts_with(plain.trim_end_matches('}')), "{explained} {plain}");
            adds_up(&explained);
            let data = match payload {
                Payload::Data(data) => json!(data),
                Payload::Rows(rows) => json!(rows),
                _ => Value::Null,
            };
            asked.push(json!({ "data": data, "plain": plain, "explained": explained }));
        }
        assert_eq!(ask(Some("explain=yes"), &Payload::Data(rows[0].clone())).0, 400);
        json!({ "name": name, "asked": asked })
    });
    let text = serde_json::to_string_pretty(&kept).expect("JSON") + "\n";
    if std::env::var_os("BLESS").is_some() {
        fs::write(KEPT, &text).expect("it is written");
    }
    assert!(
        fs::read_to_string(KEPT).unwrap_or_default() == text,
        "{KEPT} is another: BLESS=1 cargo test --features seal --test contract"
    );
}

/// That base and contributions make the margin, and reasons come in their order.
fn adds_up(body: &str) {
    let body: Value = serde_json::from_str(body).expect("JSON");
    let explanations = match &body["explanations"] {
        Value::Array(each) => each.clone(),
        _ => vec![body],
    };
    let numbers = |value: &Value| match value {
        Value::Array(values) => values.iter().filter_map(Value::as_f64).collect(),
        value => vec![value.as_f64().expect("a number")],
    };
    for explanation in &explanations {
        let (margin, mut sum) = (numbers(&explanation["margin"]), numbers(&explanation["base"]));
        let mut last = f64::INFINITY;
        for reason in explanation["reasons"].as_array().expect("reasons") {
            let parts = numbers(&reason["contribution"]);
            sum.iter_mut().zip(&parts).for_each(|(sum, part)| *sum += part);
            let most = parts.iter().map(|part| part.abs()).fold(0.0, f64::max);
            assert!(most > 0.0 && most <= last, "{explanation}");
            last = most;
        }
        assert_eq!(sum.len(), margin.len());
        for (sum, margin) in sum.iter().zip(margin) {
            // A margin of 32 bits is written in as many digits as it needs.
            assert!((sum - margin).abs() < 1e-6, "{explanation}");
        }
    }
}

#[test]
fn what_a_case_does_not_know_is_left_out() {
    let mut case = case("petal");
    case.file.certainty = None;
    case.file.observed = None;
    let row = case.model.schema().row_from_text(",2.8,1.2,versicolor").expect("a row");
    let prediction = case.model.predict(&row);
    let told = CaseWhy::new(&case).members(&row, &prediction);
    assert!(told.starts_with("\"margin\":") && !told.contains("unknown") && !told.contains("interval"), "{told}");
    case.model = case.model.without_covers();
    assert_eq!(CaseWhy::new(&case).members(&row, &prediction), "");
    let description = case.description_path();
    let contract = Contract { path: case.rest(), description_path: &description, description: "" };
    let body = |payload| contract.answer(&case.model, &post(&case, Some("explain")), payload).body;
    let plain = contract.answer(&case.model, &post(&case, None), Payload::Data("6,3,1,setosa".to_owned())).body;
    assert_eq!(body(Payload::Data("6,3,1,setosa".to_owned())), plain);
    assert!(body(Payload::Rows(vec!["6,3,1,setosa".to_owned(); 2])).ends_with(",\"explanations\":[{},{}]}"));
}

#[test]
fn a_query_asks_for_it_or_does_not() {
    let asked = ["explain", "explain=", "explain=true", "explain=1", "a&explain", "a=b&explain=1&c"];
    asked.into_iter().for_each(|query| assert_eq!(asks_why(Some(query)), Some(true), "{query}"));
    let not = ["", "a", "explain=false", "explain=0", "Explain", "explain2", "a=explain", "explain%20", "=explain"];
    not.into_iter().for_each(|query| assert_eq!(asks_why(Some(query)), Some(false), "{query}"));
    assert_eq!(asks_why(None), Some(false));
    for query in ["explain=yes", "explain=TRUE", "explain=%31", "explain=2", "explain==1", "explain=constructor"] {
        assert_eq!(asks_why(Some(query)), None, "{query}");
    }
}
