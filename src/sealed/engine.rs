//! The engine of a module that opens the shipped model alone: shallow trees of one output, all of its memory of a size that
//! the compiler knows. It has no allocator, starts in a third of the time, and is a third smaller than one that reads any
//! file; codes are searched for, as the page reads the rows of a file more slowly than they are predicted.

use wardian_kernels::blend::{Tree, Trees};
use wardian_kernels::{BLOCK, ROWS, search};

use super::file::{
    BASE_MARGIN, COLUMN_COUNT, COLUMNS, CUT_COUNT, FEATURE_COUNT, LINK, TREE_COUNT, read_cuts, read_trees,
};

/// Trees and link, and memory for one batch after another: as `crate::engine`'s.
#[derive(Debug)]
pub(crate) struct Engine {
    cuts: [f32; CUT_COUNT],
    trees: Trees<[Tree; TREE_COUNT]>,
    /// The codes of a block, column after column, and the same less 1.
    codes: [i8; 2 * COLUMN_COUNT * BLOCK],
    results: [f32; BLOCK],
}

impl Engine {
    /// Zeros alone, which are no bytes of a module. To be opened before it runs.
    pub(crate) const CLOSED: Self = Self {
        cuts: [0.0; CUT_COUNT],
        trees: Trees::ZEROS,
        codes: [0; 2 * COLUMN_COUNT * BLOCK],
        results: [0.0; BLOCK],
    };

    /// Reads the model.
    pub(crate) fn open(&mut self) {
        read_cuts(&mut self.cuts);
        read_trees(&mut self.trees);
    }

    /// The predictions (or, unless `linked`, the margins) for whole rows, at most [`BLOCK`] of them: 32-bit floats, `NaN`
    /// for missing. `None` if one is infinite.
    pub(crate) fn run(&mut self, rows: &[f32], linked: bool) -> Option<&[f32]> {
        const { assert!(LINK.takes_each_by_itself(), "one output is linked by itself") }
        if wardian_kernels::has_infinite(rows) {
            return None;
        }
        let count = rows.len() / FEATURE_COUNT;
        for (column, codes) in COLUMNS.iter().zip(self.codes.chunks_exact_mut(BLOCK)) {
            let cuts = &self.cuts[column.first..][..column.count];
            search::encode(cuts, count, &rows[column.feature..], FEATURE_COUNT, codes, 1);
        }
        shift_columns(&mut self.codes, count);
        self.results[..count].fill(BASE_MARGIN);
        self.trees.add(&self.codes, &mut self.results[..count.next_multiple_of(ROWS)]);
        let results = &mut self.results[..count];
        if linked {
            LINK.apply(results);
        }
        Some(results)
    }
}

/// Fills the second half of the columns with the first half's codes less 1, which splits compare that send missing values
/// right: as many rows of each as are compared.
fn shift_columns(columns: &mut [i8], rows: usize) {
    let (columns, shifted) = columns.split_at_mut(columns.len() / 2);
    for (from, to) in columns.chunks_exact(BLOCK).zip(shifted.chunks_exact_mut(BLOCK)) {
        wardian_kernels::take_one(&from[..rows.next_multiple_of(ROWS)], to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Memory;
    use crate::random::Random;
    use crate::{engine, format, shipped};

    fn bits(numbers: &[f32]) -> Vec<u32> {
        numbers.iter().map(|number| number.to_bits()).collect()
    }

    #[test]
    fn it_gives_the_bits_of_the_engine_that_opens_any_model() {
        let contents = format::contents(shipped::diabetes_bytes()).unwrap();
        let open = engine::Engine::new(&contents.forest, FEATURE_COUNT);
        let mut sealed = Box::new(Engine::CLOSED);
        sealed.open();
        let mut random = Random(7);
        let cuts = sealed.cuts;
        for count in [1, 2, 15, 16, 17, 100, BLOCK - 1, BLOCK] {
            let mut rows = Vec::new();
            for _ in 0..count * FEATURE_COUNT {
                let cut = cuts[random.below(CUT_COUNT)];
                rows.push([cut, cut.next_up(), cut.next_down(), -cut, 0.0, -0.0, f32::NAN, f32::MAX][random.below(8)]);
            }
            for linked in [false, true] {
                let mut memory = Memory::default();
                let expected = open.run(&rows, None, &mut memory, linked).unwrap();
                assert_eq!(bits(sealed.run(&rows, linked).unwrap()), bits(expected), "{count} rows");
            }
        }
        assert!(sealed.run(&[f32::INFINITY; FEATURE_COUNT], true).is_none());
        assert!(open.run(&[f32::INFINITY; FEATURE_COUNT], None, &mut Memory::default(), true).is_none());
    }

    #[test]
    fn the_constants_are_what_the_file_says() {
        use crate::sealed::file::{NUMBERS, SPLIT_COUNT, texts};
        let format::Contents { schema, forest, .. } = format::contents(shipped::diabetes_bytes()).unwrap();
        assert_eq!(schema.feature_count, FEATURE_COUNT);
        assert_eq!(schema.texts, texts());
        let f64_bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
        assert_eq!(f64_bits(&schema.numbers), f64_bits(&NUMBERS));
        assert_eq!((forest.trees().len(), forest.split_count(), forest.link()), (TREE_COUNT, SPLIT_COUNT, LINK));
    }
}
