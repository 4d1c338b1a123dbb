//! Rows as columns: what data frames and Arrow hold. Codes are made of the columns themselves; rows are never put together.

use std::ops::Range;

use wardian_kernels::fold::LANES;
use wardian_kernels::sets::Categories;
use wardian_kernels::{BLOCK, blank, has_infinite};

use crate::codes::values::Values;
use crate::schema::Value;

/// The values of one feature, row after row.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a, T> {
    values: &'a [T],
    validity: Option<Validity<'a>>,
}

/// Which values are there, as Arrow tells it: a bit for each, the lowest of a byte first; where it is 0, none is.
#[derive(Clone, Copy, Debug)]
struct Validity<'a> {
    bits: &'a [u8],
    first: usize,
}

impl<'a, T: Value> Series<'a, T> {
    /// Values, `NaN` for "not measured".
    pub fn new(values: &'a [T]) -> Self {
        Self { values, validity: None }
    }

    /// Values of which those are not measured either whose bit is 0: Arrow's validity bitmap, in which that of the first value is the
    /// `first`th bit. What else lies where a value is not measured does not matter.
    ///
    /// `None` if there are fewer bits than values.
    pub fn with_validity(values: &'a [T], bits: &'a [u8], first: usize) -> Option<Self> {
        let due = first.checked_add(values.len())?.div_ceil(8);
        (bits.len() >= due).then_some(Self { values, validity: Some(Validity { bits, first }) })
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values, whether they are there or not.
    pub fn values(&self) -> &'a [T] {
        self.values
    }

    /// Whether a value is there, be it `NaN`.
    pub fn is_valid(&self, row: usize) -> bool {
        self.validity.is_none_or(|Validity { bits, first }| bits[(first + row) / 8] >> ((first + row) % 8) & 1 == 1)
    }

    /// Whether some value may be told not to be there.
    pub fn has_validity(&self) -> bool {
        self.validity.is_some()
    }
}

/// Some rows of columns, whose values are rounded to 32 bits.
#[derive(Debug)]
pub(crate) struct Block<'a, T> {
    columns: &'a [Series<'a, T>],
    /// The feature and the value of each missing code.
    missing_codes: &'a [(usize, f64)],
    rows: Range<usize>,
    /// A column's values, where they are no such block as they are.
    room: Box<[f32; BLOCK]>,
    has_infinite: bool,
}

impl<'a, T: Value> Block<'a, T> {
    pub(crate) fn new(columns: &'a [Series<'a, T>], missing_codes: &'a [(usize, f64)]) -> Self {
        Self { columns, missing_codes, rows: 0..0, room: Box::new([0.0; BLOCK]), has_infinite: false }
    }
}

/// [`Values`] of columns, block after block.
pub(crate) trait Blocks: Values {
    /// Goes to these rows, up to [`BLOCK`].
    fn go_to(&mut self, rows: Range<usize>);
    /// Whether a value that was asked for is infinite.
    fn has_infinite(&self) -> bool;
}

impl<T: Value> Blocks for Block<'_, T> {
    fn go_to(&mut self, rows: Range<usize>) {
        self.rows = rows;
    }

    fn has_infinite(&self) -> bool {
        self.has_infinite
    }
}

impl<T: Value> Values for Block<'_, T> {
    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn of(&mut self, feature: usize) -> &[f32; BLOCK] {
        let Series { values, validity } = self.columns[feature];
        let (start, count) = (self.rows.start, self.rows.len());
        let mut codes = self.missing_codes.iter().filter(|(own, _)| *own == feature).peekable();
        if validity.is_none()
            && codes.peek().is_none()
            && let Some(narrow) = T::as_narrow(&values[start..])
            && let Some(block) = narrow.first_chunk()
        {
            self.has_infinite |= has_infinite(&block[..count]);
            return block;
        }
        let room = &mut self.room[..count];
        room.iter_mut().zip(&values[start..]).for_each(|(room, value)| *room = value.narrow());
        for (_, code) in codes {
            for (room, value) in room.iter_mut().zip(&values[start..]) {
                *room = if value.wide() == *code { f32::NAN } else { *room };
            }
        }
        self.has_infinite |= match validity {
            Some(Validity { bits, first }) => blank(room, bits, first + start),
            None => has_infinite(room),
        };
        &self.room
    }

    fn categories(&mut self, feature: usize, place: usize) -> Categories {
        let count = self.rows.len();
        Categories::of(self.of(feature)[..count][place * LANES..].iter())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::random::Random;

    /// Columns of some rows, as numbers of either type, give the bits that rows give.
    #[test]
    fn columns_give_the_bits_of_rows() {
        let model = crate::diabetes();
        let width = model.schema().features().len();
        let mut random = Random(11);
        let count = 2 * BLOCK + 77;
        let wide: Vec<Vec<f64>> =
            (0..width).map(|_| (0..count).map(|_| random.below(4000) as f64 / 20.0).collect()).collect();
        let narrow: Vec<Vec<f32>> =
            wide.iter().map(|column| column.iter().map(|&value| value as f32).collect()).collect();
        // From the third bit on; every other column has none.
        let bits: Vec<Vec<u8>> =
            (0..width).map(|_| (0..count / 8 + 2).map(|_| random.below(256) as u8).collect()).collect();
        for first in [0, 3] {
            check(model, &wide, &bits, first);
            check(model, &narrow, &bits, first);
        }
    }

    fn check<T: Value>(model: &Model, values: &[Vec<T>], bits: &[Vec<u8>], first: usize) {
        let columns: Vec<Series<'_, T>> = values
            .iter()
            .zip(bits)
            .enumerate()
            .map(|(place, (values, bits))| match place % 2 {
                0 => Series::new(values),
                _ => Series::with_validity(values, bits, first).expect("as many bits"),
            })
            .collect();
        let value = |row: usize, column: &Series<'_, T>| match column.is_valid(row) {
            true => column.values()[row].narrow(),
            false => f32::NAN,
        };
        for rows in [0..columns[0].len(), 5..5 + BLOCK, 1000..1033, 40..41] {
            let flat: Vec<f32> =
                rows.clone().flat_map(|row| columns.iter().map(move |column| value(row, column))).collect();
            for is_linked in [true, false] {
                let expected = if is_linked { model.predict_many(&flat) } else { model.margins_many(&flat) };
                // Few are left to rows.
                let found = model.of_columns(&columns, rows.clone(), None, is_linked);
                assert_eq!(found, expected.ok().filter(|_| rows.len() > 15), "{rows:?}");
            }
        }
    }

    #[test]
    fn what_columns_do_not_tell_is_left_to_rows() {
        let model = crate::diabetes();
        let mut values = vec![vec![50.0_f32; 3000]; model.schema().features().len()];
        let columns = |values: &[Vec<f32>]| -> Option<crate::Numbers> {
            let columns: Vec<_> = values.iter().map(|values| Series::new(values)).collect();
            model.of_columns(&columns, 0..3000, None, true)
        };
        assert!(columns(&values).is_some());
        for (feature, row) in [(0, 0), (3, 1024), (7, 2999)] {
            values[feature][row] = f32::NEG_INFINITY;
            assert_eq!(columns(&values), None, "feature {feature}");
            values[feature][row] = 50.0;
        }
        // Nor do infinities matter that are not there.
        let endless = vec![f32::INFINITY; 3000];
        let none = [0; 375];
        let mut hidden: Vec<_> = values.iter().map(|values| Series::new(values)).collect();
        hidden[2] = Series::with_validity(&endless, &none, 0).expect("as many bits");
        assert!(model.of_columns(&hidden, 0..3000, None, true).is_some());
        assert!(Series::with_validity(&endless, &none, 1).is_none(), "too few bits");
    }
}
