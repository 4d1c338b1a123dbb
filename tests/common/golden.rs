//! XGBoost's own answers, bit for bit.

use wardian::diabetes;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{EXAMPLE, data_rows, example_probability, expected_bits};

#[wasm_bindgen_test(unsupported = test)]
fn all_768_rows_are_xgboosts_bit_for_bit() {
    let mut compared = 0;
    for (row, (margin, probability)) in data_rows().zip(expected_bits()) {
        let row = diabetes().schema().row_from_text(row).expect("a good row");
        let ours = diabetes().predict(&row);
        assert_eq!(ours.margins.into_single()[0].to_bits(), margin, "margin of row {}", compared + 1);
        assert_eq!(ours.values.into_single()[0].to_bits(), probability, "probability of row {}", compared + 1);
        compared += 1;
    }
    assert_eq!(compared, 768);
}

#[wasm_bindgen_test(unsupported = test)]
fn many_rows_give_what_each_row_gives() {
    let mut values = Vec::new();
    for row in data_rows() {
        values.extend(row.split(',').map(|field| field.parse::<f32>().expect("a number")));
    }
    let predictions = diabetes().predict_many(&values).expect("whole rows").into_single();
    assert_eq!(predictions.len(), 768);
    for (ours, (_, probability)) in predictions.iter().zip(expected_bits()) {
        assert_eq!(ours.to_bits(), probability);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_example_is_a_low_risk() {
    let row = diabetes().schema().row_from_text(EXAMPLE).expect("a good row");
    let prediction = diabetes().predict(&row);
    assert_eq!(prediction.value(), f64::from(example_probability()));
    assert!((0.05..0.15).contains(&prediction.value()), "{}", prediction.value());
    assert_eq!(prediction.warnings, []);
}
