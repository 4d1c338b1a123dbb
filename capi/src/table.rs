//! Rows as their owner has them: row after row, or a column each.

use std::ops::Range;

use wardian::{Series, Value};

/// Rows of numbers, `NaN` for "not measured".
#[derive(Clone, Copy, Debug)]
pub enum Table<'a, T> {
    /// Row after row, as long as the model has features.
    Rows(&'a [T]),
    /// A column for each feature, all of one length.
    Columns(&'a [Series<'a, T>]),
}

/// Where answers go: as many numbers as rows have answers, row after row.
#[derive(Debug)]
pub enum Out<'a> {
    /// 32-bit floats.
    Single(&'a mut [f32]),
    /// 64-bit floats.
    Double(&'a mut [f64]),
}

/// How many rows are asked for together at most: few enough that what is made of columns is still in the nearest memories, and enough that what
/// a call costs does not matter.
pub(crate) const GATHERED: usize = 4096;
/// How many columns are read side by side.
const BESIDE: usize = 16;

impl<'a, T: Value> Table<'a, T> {
    /// How many whole rows of `width` values there are.
    pub fn row_count(&self, width: usize) -> usize {
        match self {
            Self::Rows(values) => values.len() / width,
            Self::Columns(columns) => columns.first().map_or(0, |column| column.len()),
        }
    }

    /// Some of the rows, row after row: themselves, or made in `memory`.
    pub(crate) fn rows<'b>(&self, rows: Range<usize>, width: usize, memory: &'b mut Vec<T>) -> &'b [T]
    where
        'a: 'b,
    {
        match *self {
            Self::Rows(values) => &values[rows.start * width..rows.end * width],
            Self::Columns(columns) => {
                let Some(filling) = columns.first().and_then(|column| column.values().first()) else { return &[] };
                memory.resize(rows.len() * width, *filling);
                let values: Vec<&[T]> = columns.iter().map(|column| &column.values()[rows.clone()]).collect();
                turned(&values, memory);
                for (place, column) in columns.iter().enumerate().filter(|(_, column)| column.has_validity()) {
                    let own = rows.clone().zip(memory[place..].iter_mut().step_by(width));
                    own.filter(|(row, _)| !column.is_valid(*row)).for_each(|(_, value)| *value = T::MISSING);
                }
                memory
            }
        }
    }
}

/// Writes rows of columns one after another.
fn turned<T: Copy>(columns: &[&[T]], out: &mut [T]) {
    let width = columns.len();
    // Sixteen columns at a time, so that what is written to stays near for all of them.
    for (group, columns) in columns.chunks(BESIDE).enumerate() {
        let first = group * BESIDE;
        match <&[&[T]; BESIDE]>::try_from(columns) {
            Ok(columns) => {
                for (row, out) in out.chunks_exact_mut(width).enumerate() {
                    let out = &mut out[first..first + BESIDE];
                    for (to, column) in out.iter_mut().zip(columns) {
                        *to = column[row];
                    }
                }
            }
            Err(_) => {
                for (place, column) in columns.iter().enumerate() {
                    for (to, from) in out[first + place..].iter_mut().step_by(width).zip(*column) {
                        *to = *from;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_turned_into_rows() {
        for width in [1, 2, 15, 16, 17, 40] {
            let columns: Vec<Vec<f32>> =
                (0..width).map(|column| (0..9).map(|row| (row * 100 + column) as f32).collect()).collect();
            let columns: Vec<Series<'_, f32>> = columns.iter().map(|column| Series::new(column)).collect();
            let mut memory = Vec::new();
            let rows = Table::Columns(&columns).rows(3..8, width, &mut memory);
            let expected: Vec<f32> =
                (3..8).flat_map(|row| (0..width).map(move |column| (row * 100 + column) as f32)).collect();
            assert_eq!(rows, expected, "{width} columns");
            assert_eq!(Table::Rows(&expected).rows(1..3, width, &mut Vec::new()), &expected[width..3 * width]);
        }
    }
}
