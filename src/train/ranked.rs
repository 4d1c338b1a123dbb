//! A feature's values → their ranks, which `gbdt` is given instead, and its thresholds → cuts between values.
//!
//! `gbdt` takes two values less than 0.00001 apart for equal, however small all of them are. Ranks are whole numbers: values of any
//! size are told apart, and equal ones are equal.

/// The most rows that have ranks: all whole numbers up to here are floats, and so are those half way between two.
pub(super) const MOST_ROWS: usize = 4_000_000;
const _: () = assert!(MOST_ROWS < 1 << (f32::MANTISSA_DIGITS - 1));

/// One feature of the rows that are trained on.
pub(super) struct Ranked {
    /// The rank of each row's value.
    pub(super) ranks: Vec<f32>,
    /// The values, ascending; `NaN` behind all others where some are missing.
    values: Vec<f32>,
}

impl Ranked {
    /// The ranks of values, `NaN` for a missing one: it comes behind all measured ones.
    pub(super) fn of(column: &[f32]) -> Self {
        // Value and row in one number: what is sorted is all in one place.
        let pair = |(row, &value): (usize, &f32)| u64::from(ascending(value)) << 32 | row as u64;
        let mut order: Vec<u64> = column.iter().enumerate().map(pair).collect();
        order.sort_unstable();
        let mut ranked = Self { ranks: vec![0.0; column.len()], values: Vec::new() };
        for same in order.chunk_by(|one, other| one >> 32 == other >> 32) {
            let rank = ranked.values.len() as f32;
            let row = |pair: u64| (pair & u64::from(u32::MAX)) as usize;
            same.iter().for_each(|&pair| ranked.ranks[row(pair)] = rank);
            ranked.values.push(column[row(same[0])] + 0.0);
        }
        ranked
    }

    /// The cut between values that a threshold between ranks is: half way between two that are neighbours, so that the one is below
    /// it and the other is not.
    pub(super) fn cut(&self, threshold: f32) -> f32 {
        let above = threshold.ceil() as usize;
        let (below, above) = (self.values[above - 1], self.values[above]);
        if above.is_nan() {
            // All that is measured is below, larger values than those of training as well.
            return f32::MAX;
        }
        let middle = ((f64::from(below) + f64::from(above)) / 2.0) as f32;
        if middle > below { middle } else { above }
    }
}

/// A number that is larger for a larger value, and largest for all that are missing. Both zeros are one value.
fn ascending(value: f32) -> u32 {
    const SIGN: u32 = 1 << 31;
    match (value + 0.0).to_bits() {
        _ if value.is_nan() => u32::MAX,
        bits if bits & SIGN != 0 => !bits,
        bits => bits | SIGN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_values() {
        let ranked = Ranked::of(&[3.0, f32::NAN, -0.0, 3.0, 0.0, 1e-30, -f32::NAN, -7.0]);
        assert_eq!(ranked.ranks, [3.0, 4.0, 1.0, 3.0, 1.0, 2.0, 4.0, 0.0]);
    }

    #[test]
    fn a_cut_has_the_one_value_below_and_the_next_not() {
        let next = 1.0_f32.next_up();
        for (below, above) in [(1.0, next), (next, next.next_up()), (-1e30, 1e30), (1e-40, 2e-40), (f32::MIN, 3e38)] {
            let cut = Ranked::of(&[above, below, below]).cut(0.5);
            assert!(below < cut && cut <= above, "{below} {cut} {above}");
        }
        assert_eq!(Ranked::of(&[f32::NAN, 7.0]).cut(0.5), f32::MAX);
        // Between values of which one is not among a node's rows.
        assert_eq!([1.0, 1.5].map(|threshold| Ranked::of(&[1.0, 2.0, 4.0]).cut(threshold)), [1.5, 3.0]);
    }
}
