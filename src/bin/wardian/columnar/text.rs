//! Columns → the CSV text that the reader of rows takes.

use std::collections::HashSet;
use std::fmt::Display;
use std::io::Write;
use std::ops::Range;

use anyhow::{Result, bail};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int64Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray, UInt64Array,
};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::DataType;
use wardian::rows::Plan;
use wardian::{Input, Model};

/// Texts that mean "not measured" whatever has been said, but where a category is called so.
const MISSING: [&str; 4] = ["NA", "", "nan", "-nan"];
/// The 32-bit floats whose fewest digits give them back also by way of a 64-bit float, as the reader reads them. All were asked, and one
/// elsewhere, 7.038531e-26, becomes its neighbour.
const SHORT: Range<f32> = 1e-10..1e10;
/// Up to here a whole number in 64 bits is a 64-bit float, too.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Whether a column of this type has cells that are numbers, booleans or texts.
pub(super) fn is_readable(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_readable(values),
        DataType::RunEndEncoded(_, values) => is_readable(values.data_type()),
        DataType::Null | DataType::Boolean | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        _ => kind.is_numeric(),
    }
}

/// Writes rows as lines: the cells of columns that are read, and nothing in those that are not.
pub(super) struct Text {
    columns: Vec<Option<Column>>,
}

struct Column {
    /// Its place in a batch.
    place: usize,
    /// What stands for a value that is missing.
    missing: &'static str,
    /// Whether its feature takes numbers, as other than names of categories.
    is_number: bool,
    /// Whether its numbers are compared in 64 bits.
    is_wide: bool,
    /// Numbers that mean "not measured".
    missing_numbers: Vec<f64>,
}

impl Text {
    /// `place_of` tells where a column of the file is in its batches.
    pub(super) fn new(plan: &Plan, model: &Model, place_of: impl Fn(usize) -> Option<usize>) -> Self {
        let numbers = plan.missing.iter().filter_map(|text| text.trim().parse::<f64>().ok());
        let missing_numbers: Vec<f64> = numbers.filter(|number| !number.is_nan()).collect();
        let mut columns: Vec<Option<Column>> = plan.names.iter().map(|_| None).collect();
        let wide = model.forest().dialect().wide().iter().filter(|wide| matches!(wide.input, Input::Double { .. }));
        let wide: HashSet<usize> = wide.map(|wide| wide.feature as usize).collect();
        let features = model.schema().features().iter().enumerate();
        let features = features.map(|(index, feature)| (&feature.categories[..], wide.contains(&index)));
        let of_features = plan.columns.iter().map(|column| column.column).zip(features);
        let of_base_margins = plan.base_margins.iter().map(|&place| (Some(place), (&[][..], false)));
        for (column, (categories, is_wide)) in of_features.chain(of_base_margins) {
            let Some((column, place)) = column.and_then(|column| Some((column, place_of(column)?))) else { continue };
            let is_category = |text: &&&str| categories.iter().any(|name| name.trim() == **text);
            let missing = MISSING.iter().find(|text| !is_category(text)).unwrap_or(&"");
            let (is_number, missing_numbers) = (categories.is_empty(), missing_numbers.clone());
            columns[column] = Some(Column { place, missing, is_number, is_wide, missing_numbers });
        }
        Self { columns }
    }

    pub(super) fn write(&self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let values = |column: &Column| Values::of(batch.column(column.place));
        let values: Vec<_> =
            self.columns.iter().map(|column| column.as_ref().map(values).transpose()).collect::<Result<_>>()?;
        for row in 0..batch.num_rows() {
            for (place, (column, values)) in self.columns.iter().zip(&values).enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                let start = out.len();
                if let (Some(column), Some(values)) = (column, values) {
                    column.write(values, row, out)?;
                }
                if self.columns.len() == 1 && out.len() == start {
                    // A line of nothing is none.
                    out.extend_from_slice(b"\"\"");
                }
            }
            out.push(b'\n');
        }
        Ok(())
    }
}

impl Column {
    fn write(&self, values: &Values, row: usize, out: &mut Vec<u8>) -> Result<()> {
        match values {
            Values::Float(values) if values.is_valid(row) => {
                let value = values.value(row);
                let is_word = |&word: &f64| word as f32 == value;
                self.write_number(f64::from(value), is_word, out, |out| {
                    let mut digits = ryu::Buffer::new();
                    let digits = match SHORT.contains(&value.abs()) {
                        true => digits.format_finite(value),
                        false => digits.format_finite(f64::from(value)),
                    };
                    out.extend_from_slice(digits.as_bytes());
                })
            }
            Values::Double(values) if values.is_valid(row) => {
                let value = values.value(row);
                self.write_number(
                    value,
                    |&word| word == value,
                    out,
                    |out| {
                        out.extend_from_slice(ryu::Buffer::new().format_finite(value).as_bytes());
                    },
                )
            }
            Values::Int(values) if values.is_valid(row) => {
                let value = values.value(row);
                self.write_whole(value, value as f64, value as f32, out)
            }
            Values::Unsigned(values) if values.is_valid(row) => {
                let value = values.value(row);
                self.write_whole(value, value as f64, value as f32, out)
            }
            Values::Boolean(values) if values.is_valid(row) => {
                out.extend_from_slice(if values.value(row) { b"True" } else { b"False" });
                Ok(())
            }
            Values::Text(values) if values.is_valid(row) => {
                push_text(values.value(row), out);
                Ok(())
            }
            _ => {
                out.extend_from_slice(self.missing.as_bytes());
                Ok(())
            }
        }
    }

    /// A number, with the fewest digits that give it back.
    fn write_number(
        &self,
        value: f64,
        is_word: impl Fn(&f64) -> bool,
        out: &mut Vec<u8>,
        digits: impl FnOnce(&mut Vec<u8>),
    ) -> Result<()> {
        const WHOLE: f64 = 1e15;
        if value.is_nan() || (self.is_number && self.missing_numbers.iter().any(is_word)) {
            out.extend_from_slice(self.missing.as_bytes());
        } else if value.is_infinite() {
            write!(out, "{value}")?;
        } else if value.trunc() == value && value.abs() < WHOLE && (value != 0.0 || value.is_sign_positive()) {
            write!(out, "{}", value as i64)?;
        } else {
            digits(out);
        }
        Ok(())
    }

    /// A whole number, and the floats that are nearest to it. Beyond what 64-bit floats hold, trainers that compare 32-bit floats make one
    /// at once, and so it is one here before its digits are read.
    fn write_whole(&self, value: impl Display, double: f64, float: f32, out: &mut Vec<u8>) -> Result<()> {
        if self.is_number && self.missing_numbers.contains(&double) {
            out.extend_from_slice(self.missing.as_bytes());
        } else if self.is_number && !self.is_wide && double.abs() > EXACT {
            out.extend_from_slice(ryu::Buffer::new().format(float).as_bytes());
        } else {
            write!(out, "{value}")?;
        }
        Ok(())
    }
}

fn push_text(text: &str, out: &mut Vec<u8>) {
    if !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// A column's values, in the widest type of their kind, which loses nothing.
enum Values {
    Nothing,
    Float(Float32Array),
    Double(Float64Array),
    Int(Int64Array),
    Unsigned(UInt64Array),
    Boolean(BooleanArray),
    Text(StringArray),
}

impl Values {
    fn of(array: &ArrayRef) -> Result<Self> {
        let to = |kind: &DataType| -> Result<ArrayRef> {
            let options = CastOptions { safe: false, ..CastOptions::default() };
            Ok(cast_with_options(array, kind, &options)?)
        };
        Ok(match array.data_type() {
            DataType::Null => Self::Nothing,
            DataType::Boolean => Self::Boolean(array.as_boolean().clone()),
            DataType::Float16 | DataType::Float32 => {
                Self::Float(to(&DataType::Float32)?.as_primitive::<Float32Type>().clone())
            }
            DataType::Float64 => Self::Double(array.as_primitive::<Float64Type>().clone()),
            kind if kind.is_signed_integer() => Self::Int(to(&DataType::Int64)?.as_primitive::<Int64Type>().clone()),
            kind if kind.is_unsigned_integer() => {
                Self::Unsigned(to(&DataType::UInt64)?.as_primitive::<UInt64Type>().clone())
            }
            DataType::Dictionary(_, values) => Self::of(&to(values)?)?,
            DataType::RunEndEncoded(_, values) => Self::of(&to(values.data_type())?)?,
            // A decimal is its digits.
            kind if is_readable(kind) => Self::Text(to(&DataType::Utf8)?.as_string::<i32>().clone()),
            kind => bail!("a column of the type {kind}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_give_a_float_back() {
        let by = |is_wide: bool, values: Values| {
            let column = Column { place: 0, missing: "NA", is_number: true, is_wide, missing_numbers: Vec::new() };
            let mut out = Vec::new();
            column.write(&values, 0, &mut out).expect("written");
            String::from_utf8(out).expect("UTF-8").parse::<f64>().expect("a number")
        };
        let of = |values: Values| by(false, values);
        let drawn = (1_u32..200_000).map(|number| f32::from_bits(number.wrapping_mul(2_654_435_761)));
        let chosen = [0.0, -0.0, 1e-45, f32::MIN_POSITIVE, f32::MAX, 7.038531e-26, 0.1, 16_777_216.0, 1e15, 3e15];
        for value in drawn.chain(chosen).filter(|value| value.is_finite()) {
            let back = of(Values::Float(Float32Array::from(vec![value])));
            assert_eq!((back as f32).to_bits(), value.to_bits(), "{value:e}");
            let double = f64::from(value) / 3.0;
            assert_eq!(of(Values::Double(Float64Array::from(vec![double]))).to_bits(), double.to_bits(), "{double:e}");
        }
        for value in [0, -1, i64::MIN, i64::MAX, (1 << 53) + (1 << 29) + 1] {
            let values = || Values::Int(Int64Array::from(vec![value]));
            assert_eq!(of(values()) as f32, value as f32);
            // What is compared in 64 bits is not rounded to 32.
            assert_eq!(by(true, values()), value as f64);
        }
        assert_eq!(of(Values::Unsigned(UInt64Array::from(vec![u64::MAX]))) as f32, u64::MAX as f32);
    }
}
