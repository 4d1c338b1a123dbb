//! Rows that are wrong, or strange: each gives the same error or answer everywhere.

use wardian::{Code, diabetes};
use wasm_bindgen_test::wasm_bindgen_test;

use super::EXAMPLE;

/// The error for the example with its third field replaced.
fn with_blood_pressure(text: &str) -> wardian::Result<wardian::Row> {
    diabetes().schema().row_from_text(&EXAMPLE.replacen(",70,", &format!(",{text},"), 1))
}

fn assert_error(result: wardian::Result<wardian::Row>, code: Code, field: Option<&str>, text: &str) {
    let error = result.expect_err(text);
    assert_eq!((error.code(), error.field()), (code, field), "{error}");
    assert_eq!(error.to_string(), text);
}

fn margin(row: &wardian::Row) -> u32 {
    diabetes().margins(row).into_single()[0].to_bits()
}

#[wasm_bindgen_test(unsupported = test)]
fn wrong_numbers_of_fields_are_counted() {
    let read = |text: &str| diabetes().schema().row_from_text(text);
    assert_error(
        read("1,106,70"),
        Code::WrongFieldCount,
        Some("skin_fold_thick"),
        "skin_fold_thick: 8 values are needed, 3 given; this is the first that is absent",
    );
    for (text, count) in [
        (format!("{EXAMPLE},"), 9),
        (format!("{EXAMPLE},1"), 9),
        (format!(",{EXAMPLE}"), 9),
        (",".repeat(100_000), 100_001),
    ] {
        assert_error(read(&text), Code::WrongFieldCount, None, &format!("8 values are needed, {count} given"));
    }
    for empty in ["", " ", "\r\n\t"] {
        assert_error(read(empty), Code::EmptyInput, None, "no values given; 8 are needed");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_no_number_is_named() {
    for text in ["abc", "7O", "0x46", "1_000", "٧٠", "７０", "7 0", "--7", "1e", "70\""] {
        assert_error(
            with_blood_pressure(text),
            Code::NotANumber,
            Some("blood_pressure"),
            &format!("blood_pressure: {text:?} is not a number"),
        );
    }
    let long = "9x".repeat(10_000);
    assert_error(
        with_blood_pressure(&long),
        Code::NotANumber,
        Some("blood_pressure"),
        &format!("blood_pressure: \"{}\"… is not a number", "9x".repeat(20)),
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_not_finite_is_named() {
    for text in ["inf", "-inf", "Infinity", "1e400", "-1e400"] {
        assert_error(
            with_blood_pressure(text),
            Code::NotFinite,
            Some("blood_pressure"),
            &format!("blood_pressure: {text:?} is not a finite number"),
        );
    }
    assert_error(
        with_blood_pressure("1e39"),
        Code::NotFinite,
        Some("blood_pressure"),
        "blood_pressure: the value is beyond the range of a 32-bit float",
    );
    let error =
        diabetes().predict_many(&[1.0, f32::INFINITY, 70.0, 28.0, 135.0, 34.2, 0.142, 22.0]).expect_err("infinite");
    assert_eq!(error.to_string(), "row 1, glucose: the value is infinite");
}

#[wasm_bindgen_test(unsupported = test)]
fn white_space_and_number_forms_change_nothing() {
    let plain = with_blood_pressure("70").expect("a good row");
    for text in [" 70", "70 ", "\t70\r\n", "70.0", "+70", "7e1", "070", "70.", "0.7E2", "\"70\"", " \" 70\" "] {
        let row = with_blood_pressure(text).expect("a good row");
        assert_eq!(margin(&row), margin(&plain), "{text:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn every_way_to_say_not_measured_is_the_same() {
    let missing = with_blood_pressure("nan").expect("a good row");
    assert!(missing.values()[2].is_nan());
    for text in ["", " ", "NA", "na", "NaN", "0", "-0", "0.000", "0e9"] {
        let row = with_blood_pressure(text).expect("a good row");
        assert!(row.values()[2].is_nan(), "{text:?}");
        assert_eq!(margin(&row), margin(&missing), "{text:?}");
    }
    // No pregnancies is a number of pregnancies.
    let none = diabetes().schema().row_from_text(&EXAMPLE.replacen('1', "0", 1)).expect("a good row");
    assert_eq!(none.values()[0], 0.0);
}

#[wasm_bindgen_test(unsupported = test)]
fn values_outside_the_training_range_are_answered_with_a_warning() {
    let row = with_blood_pressure("300").expect("a good row");
    let prediction = diabetes().predict(&row);
    assert!((0.0..=1.0).contains(&prediction.value()));
    let [warning] = &prediction.warnings[..] else {
        panic!("{:?}", prediction.warnings);
    };
    assert_eq!((warning.code, warning.field.as_str()), ("outside_training_range", "blood_pressure"));
    assert_eq!(warning.message, "300 is outside the range seen in training, 24 to 122");

    let row = diabetes().schema().row_from_text("1,106,70,28,135,34.2,0.142,").expect("a good row");
    let [warning] = &diabetes().predict(&row).warnings[..] else {
        panic!("one warning is due");
    };
    assert_eq!((warning.code, warning.field.as_str()), ("never_missing_in_training", "age"));
}

#[wasm_bindgen_test(unsupported = test)]
fn named_fields_are_checked_by_name() {
    let schema = diabetes().schema();
    assert_error(schema.row_from_names([]), Code::EmptyInput, None, "no values given; 8 are needed");
    assert_error(
        schema.row_from_names([("glucos", 106.0)]),
        Code::UnknownField,
        Some("glucos"),
        "glucos: no such feature; the model has times_pregnant, glucose, blood_pressure, skin_fold_thick, \
         serum_insulin, mass_index, diabetes_pedigree, age",
    );
    let row = schema.row_from_names([("glucose", 106.0)]).expect("a good row");
    assert_eq!(row.values().iter().filter(|value| value.is_nan()).count(), 7);
    assert_eq!(row.values()[1], 106.0);
}

#[wasm_bindgen_test(unsupported = test)]
fn half_a_row_is_no_row() {
    let error = diabetes().predict_many(&[1.0; 12]).expect_err("a row and a half");
    assert_eq!(error.to_string(), "12 values are not whole rows of 8");
    assert!(diabetes().predict_many::<f32>(&[]).expect("no rows").is_empty());
}
