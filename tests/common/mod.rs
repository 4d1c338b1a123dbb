//! The cases that every platform answers alike: run natively by `native.rs`, in Node by `node.rs` and in a browser by
//! `browser.rs`.

mod bad_input;
mod contract;
mod golden;

/// The row that the original service's documentation shows. Training left it out.
pub(crate) const EXAMPLE: &str = "1,106,70,28,135,34.2,0.142,22";

/// A header and the 768 rows, the outcome last.
pub(crate) const DATA: &str = include_str!("../../models/diabetes/pima-indians-diabetes.csv");

/// `row,margin_bits,probability_bits` of XGBoost's answers to the 768 rows, in the same order.
pub(crate) const EXPECTED: &str = include_str!("../golden/diabetes.expected.csv");

/// The 768 rows as the contract's `data`.
pub(crate) fn data_rows() -> impl Iterator<Item = &'static str> {
    DATA.lines().skip(1).map(|line| line.rsplit_once(',').expect("a row has an outcome").0)
}

/// The bits of each row's margin and probability.
pub(crate) fn expected_bits() -> impl Iterator<Item = (u32, u32)> {
    EXPECTED.lines().skip(1).map(|line| {
        let mut fields = line.split(',').skip(1);
        let mut bits = || u32::from_str_radix(fields.next().expect("two columns of bits"), 16).expect("hexadecimal");
        (bits(), bits())
    })
}

/// XGBoost's probability for [`EXAMPLE`].
pub(crate) fn example_probability() -> f32 {
    let (_, bits) = data_rows()
        .zip(expected_bits())
        .find_map(|(row, bits)| (row == EXAMPLE).then_some(bits))
        .expect("the example is in the data");
    f32::from_bits(bits)
}
