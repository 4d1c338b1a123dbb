//! The bindings, called with the values that JavaScript passes.

use js_sys::{Array, Float32Array, Float64Array, JSON, Object, Reflect};
use wardian::wasm::{answer, model, predict, predict_many};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{EXAMPLE, data_rows, example_probability, expected_bits};

const NAMES: [&str; 8] = [
    "times_pregnant",
    "glucose",
    "blood_pressure",
    "skin_fold_thick",
    "serum_insulin",
    "mass_index",
    "diabetes_pedigree",
    "age",
];

fn parse(json: &str) -> JsValue {
    JSON::parse(json).expect("JSON")
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("an object")
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

fn prediction(input: &JsValue) -> f64 {
    let result = predict(input).expect("a good row");
    get(&result, "prediction").as_f64().expect("a number")
}

fn numbers() -> Vec<f64> {
    EXAMPLE.split(',').map(|field| field.parse().expect("a number")).collect()
}

/// An object with the example's values under their names.
fn named() -> Object {
    let object = Object::new();
    for (name, value) in NAMES.iter().zip(numbers()) {
        Reflect::set(&object, &(*name).into(), &value.into()).expect("an object");
    }
    object
}

/// The error's class, `code`, `field` and message.
fn assert_thrown(result: Result<impl std::fmt::Debug, JsValue>, code: &str, field: Option<&str>, message: &str) {
    let thrown = result.expect_err(message);
    assert!(thrown.is_instance_of::<js_sys::Error>(), "{message}");
    assert_eq!(text(&thrown, "name").as_deref(), Some("WardianError"));
    assert_eq!(text(&thrown, "message").as_deref(), Some(message));
    assert_eq!(text(&thrown, "code").as_deref(), Some(code), "{message}");
    assert_eq!(text(&thrown, "field").as_deref(), field, "{message}");
}

#[wasm_bindgen_test]
fn every_form_of_a_row_gives_the_same_bits() {
    let expected = f64::from(example_probability());
    let body = Object::new();
    Reflect::set(&body, &"data".into(), &EXAMPLE.into()).expect("an object");
    let positional: Array = numbers().into_iter().map(JsValue::from).collect();
    let forms: [JsValue; 6] = [
        EXAMPLE.into(),
        body.into(),
        positional.into(),
        named().into(),
        Float64Array::from(&numbers()[..]).into(),
        Float32Array::from(&numbers().iter().map(|&value| value as f32).collect::<Vec<_>>()[..]).into(),
    ];
    for form in &forms {
        assert_eq!(prediction(form), expected, "{form:?}");
    }
}

#[wasm_bindgen_test]
fn nothing_null_undefined_and_nan_are_not_measured() {
    let expected = prediction(&"1,106,70,28,,34.2,0.142,22".into());
    let without = named();
    Reflect::delete_property(&without, &"serum_insulin".into()).expect("an object");
    assert_eq!(prediction(&without), expected);
    for nothing in [JsValue::NULL, JsValue::UNDEFINED, f64::NAN.into(), 0.into()] {
        let fields = named();
        Reflect::set(&fields, &"serum_insulin".into(), &nothing).expect("an object");
        assert_eq!(prediction(&fields), expected, "{nothing:?}");
        let values: Array = numbers().into_iter().map(JsValue::from).collect();
        values.set(4, nothing);
        assert_eq!(prediction(&values), expected);
    }
}

#[wasm_bindgen_test]
fn warnings_are_part_of_the_result() {
    let result = predict(&"1,400,70,28,135,34.2,0.142,22".into()).expect("a good row");
    let warnings: Array = get(&result, "warnings").unchecked_into();
    assert_eq!(warnings.length(), 1);
    assert_eq!(text(&warnings.get(0), "code").as_deref(), Some("outside_training_range"));
    assert_eq!(text(&warnings.get(0), "field").as_deref(), Some("glucose"));
    let calm = predict(&EXAMPLE.into()).expect("a good row");
    assert_eq!(get(&calm, "warnings").unchecked_into::<Array>().length(), 0);
}

#[wasm_bindgen_test]
fn errors_are_error_objects_with_code_and_field() {
    assert_thrown(predict(&"".into()), "empty_input", None, "no values given; 8 are needed");
    assert_thrown(predict(&parse("{}")), "empty_input", None, "no values given; 8 are needed");
    assert_thrown(
        predict(&parse("[1, 2]")),
        "wrong_field_count",
        Some("blood_pressure"),
        "blood_pressure: 8 values are needed, 2 given; this is the first that is absent",
    );
    assert_thrown(
        predict(&parse("{\"glucose\": \"106\"}")),
        "wrong_type",
        Some("glucose"),
        "glucose: a number, null or undefined is due, not a value of type string",
    );
    assert_thrown(
        predict(&parse("[1, 106, [], 28, 135, 34.2, 0.142, 22]")),
        "wrong_type",
        Some("blood_pressure"),
        "blood_pressure: a number, null or undefined is due, not a value of type object",
    );
    assert_thrown(predict(&parse("{\"age\": 1e400}")), "not_finite", Some("age"), "age: the value is infinite");
    for nothing in [JsValue::NULL, JsValue::UNDEFINED, JsValue::TRUE, 7.into()] {
        assert_thrown(predict(&nothing), "wrong_type", None, "a row is a string, an array or an object");
    }
    let unknown = predict(&parse("{\"Glucose\": 106}")).expect_err("unknown");
    assert_eq!(text(&unknown, "code").as_deref(), Some("unknown_field"));
    assert_eq!(text(&unknown, "field").as_deref(), Some("Glucose"));
}

#[wasm_bindgen_test]
fn every_form_of_many_rows_gives_the_same_bits() {
    let values: Vec<f64> =
        data_rows().flat_map(|row| row.split(',').map(|field| field.parse::<f64>().expect("a number"))).collect();
    let narrow: Vec<f32> = values.iter().map(|&value| value as f32).collect();
    let columns = Object::new();
    for (index, name) in NAMES.iter().enumerate() {
        let column: Vec<f64> = values.iter().copied().skip(index).step_by(8).collect();
        // Both kinds of column side by side.
        let column: JsValue = if index % 2 == 0 {
            Float64Array::from(&column[..]).into()
        } else {
            column.into_iter().map(JsValue::from).collect::<Array>().into()
        };
        Reflect::set(&columns, &(*name).into(), &column).expect("an object");
    }
    let texts: Array = data_rows().map(JsValue::from).collect();
    let forms: [JsValue; 4] =
        [texts.into(), Float64Array::from(&values[..]).into(), Float32Array::from(&narrow[..]).into(), columns.into()];
    for form in &forms {
        let predictions = predict_many(form).expect("good rows").to_vec();
        assert_eq!(predictions.len(), 768);
        for (ours, (_, probability)) in predictions.iter().zip(expected_bits()) {
            assert_eq!(ours.to_bits(), probability);
        }
    }
}

#[wasm_bindgen_test]
fn a_bad_row_among_many_is_named() {
    let rows: Array = [EXAMPLE, "1,x,70,28,135,34.2,0.142,22"].into_iter().map(JsValue::from).collect();
    assert_thrown(predict_many(&rows), "not_a_number", Some("glucose"), "row 2, glucose: \"x\" is not a number");
    assert_thrown(
        predict_many(&parse("{\"age\": [22, 23], \"glucose\": [106]}")),
        "wrong_field_count",
        Some("glucose"),
        "glucose: the column has 1 values; the one before it has 2",
    );
    assert_thrown(
        predict_many(&Float64Array::from(&[1.0; 9][..])),
        "wrong_field_count",
        None,
        "9 values are not whole rows of 8",
    );
    assert_thrown(predict_many(&parse("{}")), "empty_input", None, "no columns given");
    assert_eq!(predict_many(&Array::new()).expect("no rows").length(), 0);
}

#[wasm_bindgen_test]
fn the_model_describes_itself() {
    let model = model().expect("a description");
    let features: Array = get(&model, "features").unchecked_into();
    let names: Vec<String> = features.iter().filter_map(|feature| text(&feature, "name")).collect();
    assert_eq!(names, NAMES);
    let glucose = features.get(1);
    assert_eq!(text(&glucose, "unit").as_deref(), Some("mg/dL"));
    assert_eq!(get(&glucose, "minimum").as_f64(), Some(44.0));
    assert_eq!(get(&glucose, "mayBeMissing").as_bool(), Some(true));
    assert_eq!(get(&features.get(7), "mayBeMissing").as_bool(), Some(false));
    assert_eq!(text(&model, "sha256").map(|hash| hash.len()), Some(64));
}

#[wasm_bindgen_test]
fn the_contract_reads_bodies_with_the_engines_parser() {
    let ask = |body: &str| {
        let request = Object::new();
        for (name, value) in [
            ("method", "POST"),
            ("path", "/katana-ml/api/v1.0/diabetes"),
            ("contentType", "application/json"),
            ("body", body),
        ] {
            Reflect::set(&request, &name.into(), &value.into()).expect("an object");
        }
        let response = answer(&request).expect("a response");
        (get(&response, "status").as_f64().expect("a status"), text(&response, "body").expect("a body"))
    };
    let good = ask(&format!("{{\"data\": \"{EXAMPLE}\"}}"));
    assert_eq!(good, (200.0, format!("{{\"prediction\":{}}}", example_probability())));
    for (body, detail) in [
        ("", "the body is not JSON"),
        ("{\"data\": \"1", "the body is not JSON"),
        ("[]", "the body is not a JSON object"),
        ("null", "the body is not a JSON object"),
        ("\"1,2\"", "the body is not a JSON object"),
        ("{}", "the member \\\"data\\\" is absent"),
        ("{\"data\": [1]}", "\\\"data\\\" is not a string of comma-separated values"),
        ("{\"data\": null}", "\\\"data\\\" is not a string of comma-separated values"),
    ] {
        let (status, answer) = ask(body);
        assert_eq!(status, 400.0, "{body}");
        assert!(answer.contains(&format!("\"detail\":\"{detail}\"")), "{body}: {answer}");
    }
}
