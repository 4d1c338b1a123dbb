//! Rows in parts: all at once, or, with the feature `threads`, a part for each thread in turn.

use std::ops::Range;

/// What `run` gives for each part of so many rows, in their order; `least` rows or more in each part but the last.
#[cfg(feature = "threads")]
pub(crate) fn in_parts<R: Send>(rows: usize, least: usize, run: impl Fn(Range<usize>) -> R + Sync) -> Vec<R> {
    use rayon::prelude::*;

    /// So many parts a thread, so that none waits long for the last.
    const PARTS: usize = 4;
    let length = rows.div_ceil(PARTS * rayon::current_num_threads()).next_multiple_of(least).max(least);
    let parts = (0..rows.div_ceil(length)).into_par_iter();
    parts.map(|part| run(part * length..rows.min((part + 1) * length))).collect()
}

/// What `run` gives for all rows.
#[cfg(not(feature = "threads"))]
pub(crate) fn in_parts<R>(rows: usize, _: usize, run: impl Fn(Range<usize>) -> R) -> Vec<R> {
    vec![run(0..rows)]
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn parts_are_all_rows_in_their_order() {
        for rows in [0, 1, 63, 64, 65, 1000, 100_000] {
            let parts = in_parts(rows, 64, |part| part);
            assert_eq!(parts.iter().map(Range::len).sum::<usize>(), rows);
            assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start && pair[0].len().is_multiple_of(64)));
        }
    }

    /// Enough rows for several parts: the same bits as some at a time, and of several faults the first.
    #[test]
    fn many_rows_are_as_few() {
        let model = crate::diabetes();
        let width = model.schema().features().len();
        let count = 5 * 1024 * 4 + 7;
        let mut random = crate::random::Random(3);
        let mut rows: Vec<f32> = (0..count * width).map(|_| random.below(200) as f32).collect();
        let bits = |numbers: Vec<f32>| numbers.into_iter().map(f32::to_bits).collect::<Vec<_>>();
        let few = rows.chunks(100 * width).flat_map(|rows| model.margins_many(rows).unwrap().into_single()).collect();
        assert_eq!(bits(model.margins_many(&rows).unwrap().into_single()), bits(few));
        #[cfg(feature = "explain")]
        {
            let explainer = model.explainer().unwrap();
            let some = &rows[..3000 * width];
            let few = some.chunks(7 * width).flat_map(|rows| explainer.explain_many(rows).unwrap()).collect::<Vec<_>>();
            assert_eq!(explainer.explain_many(some).unwrap(), few);
        }
        for faulty in [count - 1, 9000, 4000] {
            rows[faulty * width + 1] = f32::INFINITY;
            let error = model.predict_many(&rows).unwrap_err().to_string();
            assert!(error.contains(&format!("row {}", faulty + 1)), "{error}");
        }
    }
}
