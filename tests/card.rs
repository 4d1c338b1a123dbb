//! The shipped model's card, compared with the model that it is about. That its figures are what training finds, and that
//! the interval covers what it claims, is found by training anew: `cargo xtask oracle`.

// The interval is drawn as a browser draws it, by the platform's functions.
#![allow(clippy::disallowed_methods)]

use std::fs;

use serde_json::Value;
use sha2::{Digest, Sha256};
use wardian::{format, import};

fn bytes(name: &str) -> Vec<u8> {
    fs::read(format!("{}/models/diabetes/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a committed file")
}

fn json(name: &str) -> Value {
    serde_json::from_slice(&bytes(name)).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The ends of the interval around a prediction: the whole of the rule in `card.json`.
fn interval(prediction: f64, table: &Value) -> [f64; 2] {
    let margin = (prediction / (1.0 - prediction)).ln();
    let knots = numbers(&table["margins"]);
    let after = knots.partition_point(|&knot| knot <= margin);
    ["lower", "upper"].map(|side| {
        let offsets = numbers(&table[side]);
        let offset = if after == 0 {
            offsets[0]
        } else if after == knots.len() {
            offsets[after - 1]
        } else {
            let part = (margin - knots[after - 1]) / (knots[after] - knots[after - 1]);
            offsets[after - 1] + part * (offsets[after] - offsets[after - 1])
        };
        1.0 / (1.0 + (-(margin + offset)).exp())
    })
}

/// The card names the file that the trainer wrote, and the shipped file is made of that: neither has to know its own
/// hash.
#[test]
fn the_card_is_of_the_model_that_is_shipped() {
    let card = json("card.json");
    let trained = bytes("diabetes.ubj");
    assert_eq!(card["model"]["sha256"], sha256(&trained).as_str());
    let schema = import::schema_file::read(&bytes("schema.json")).expect("the schema");
    let model = import::read(&trained).expect("the model").with_schema(schema).expect("they fit").without_covers();
    assert_eq!(sha256(&format::write(&model)), wardian::diabetes_sha256());
    assert_eq!(sha256(&bytes("diabetes.wardian")), wardian::diabetes_sha256());

    assert_eq!(card["model"]["trees"], model.forest().trees().len());
    assert_eq!(card["model"]["splits"], model.forest().split_count());
    for feature in model.schema().features() {
        let range = feature.range.expect("a range");
        assert_eq!(numbers(&card["data"]["ranges"][&feature.name]), [range.0, range.1], "{}", feature.name);
        assert_eq!(card["data"]["missing"][&feature.name] != 0, feature.may_be_missing, "{}", feature.name);
    }
}

#[test]
fn the_intervals_of_the_card_follow_from_its_rule() {
    let table = &json("card.json")["interval"];
    let examples = table["examples"].as_array().expect("examples");
    assert!(examples.len() >= 5);
    for example in examples {
        let row = wardian::diabetes().schema().row_from_text(example["data"].as_str().expect("a row")).expect("a row");
        let prediction = wardian::diabetes().predict(&row).value();
        assert_eq!(prediction as f32, number(&example["prediction"]) as f32, "{example}");
        let ends = interval(prediction, table);
        for (found, name) in ends.into_iter().zip(["low", "high"]) {
            assert!((found - number(&example[name])).abs() < 2e-6, "{name} is {found}; {example}");
        }
    }
    // Wherever it is asked, it holds the prediction and rises with it.
    let mut last = [0.0; 2];
    for prediction in (1..1000).map(|thousandth| f64::from(thousandth) / 1000.0) {
        let ends = interval(prediction, table);
        assert!(ends[0] < prediction && prediction < ends[1], "{prediction}: {ends:?}");
        assert!(last[0] < ends[0] && last[1] < ends[1], "{prediction}: {ends:?} after {last:?}");
        last = ends;
    }
}

#[test]
fn the_interval_covers_what_it_claims() {
    let coverage = &json("card.json")["interval"]["coverage"];
    let [claimed, measured] = ["claimed", "measured"].map(|name| number(&coverage[name]));
    assert!((claimed - measured).abs() <= 0.02, "{coverage}");
}

#[test]
fn the_pages_part_is_small_and_of_the_same_card() {
    let (card, page) = (json("card.json"), json("card.page.json"));
    assert!(bytes("card.page.json").len() <= 6 * 1024);
    for name in ["title", "notice", "intended_use", "out_of_scope", "population", "limits"] {
        assert_eq!(page[name], card[name], "{name}");
    }
    for name in ["sentence", "caution", "level", "margins", "lower", "upper"] {
        assert_eq!(page["interval"][name], card["interval"][name], "{name}");
    }
    assert_eq!(page["model"]["sha256"], card["model"]["sha256"]);
    assert_eq!(page["warnings"]["many_missing"]["usual"], card["warnings"]["many_missing"]["usual"]);
}
