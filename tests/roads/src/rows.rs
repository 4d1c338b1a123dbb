//! Rows for a model that came without: each value at a cut of its feature, beside one, or where comparing can go wrong.

use wardian::{Forest, Model, Test};

/// SplitMix64: the same rows for the same model, everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
}

/// Finite, or missing: a row with an infinite value is refused.
const ENDS: [f32; 13] = [
    0.0,
    -0.0,
    f32::MIN_POSITIVE,
    -f32::MIN_POSITIVE,
    1e-45,
    -1e-45,
    f32::MAX,
    f32::MIN,
    16_777_216.0,
    1.0,
    -1.0,
    // What stands for a missing value of some of the models: no 64-bit float is this one, but for what it is made of.
    MISSING as f32,
    f32::NAN,
];

/// No 32-bit float.
pub(crate) const MISSING: f64 = 0.1;

/// What is asked of each feature: its cuts and their neighbours, its categories and what is beside them.
fn values_of(forest: &Forest, width: usize) -> Vec<Vec<f32>> {
    let mut values = vec![Vec::new(); width];
    for column in forest.columns() {
        let own = &mut values[column.feature as usize];
        match &column.test {
            Test::Below(cuts) => own.extend(cuts.iter().flat_map(|cut| [*cut, cut.next_up(), cut.next_down()])),
            Test::InSet(set) => own.extend(set.iter().flat_map(|&code| [0.0, 0.5, 1.0].map(|more| code as f32 + more))),
        }
    }
    for own in &mut values {
        own.retain(|value| value.is_finite());
        // Half of the rows' values are cuts, however few a feature has.
        let times = own.len() / ENDS.len() + 1;
        (0..times).for_each(|_| own.extend(ENDS));
    }
    values
}

/// So many rows. Each value of a feature comes as often as the next, give or take one; of more values than rows, some. If
/// `wide`, many of them are no 32-bit floats, but round to those.
pub(crate) fn made(model: &Model, count: usize, wide: bool) -> Vec<f64> {
    let mut random = Random(7);
    let columns = values_of(model.forest(), model.schema().features().len()).into_iter().map(|own| {
        let length = own.len().max(count);
        let mut column: Vec<f32> = own.into_iter().cycle().take(length).collect();
        (1..column.len()).for_each(|place| column.swap(place, random.below(place + 1)));
        column
    });
    let columns: Vec<Vec<f32>> = columns.collect();
    let rows: Vec<f32> = (0..count).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
    let widened = |value: f32| {
        let exactly = f64::from(value);
        let beside =
            [exactly, exactly.next_up(), exactly.next_down(), if value == MISSING as f32 { MISSING } else { exactly }];
        let chosen = beside[random.below(beside.len())];
        // Beyond the largest 32-bit float is refused, as an infinite value is.
        if !wide || (chosen as f32).is_infinite() { exactly } else { chosen }
    };
    rows.into_iter().map(widened).collect()
}

/// The indices of `wanted` rows among `count`, evenly spread.
pub(crate) fn spread(count: usize, wanted: usize) -> impl Iterator<Item = usize> {
    let wanted = wanted.min(count);
    (0..wanted).map(move |index| index * count / wanted)
}

/// The rows of these indices, `width` values each.
pub(crate) fn chosen<T: Copy>(values: &[T], width: usize, indices: impl Iterator<Item = usize>) -> Vec<T> {
    indices.flat_map(|index| values[index * width..][..width].iter().copied()).collect()
}
