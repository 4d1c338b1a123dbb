//! Codes by the kernels' buckets: a few comparisons a value, however many cuts there are.

use wardian_kernels::buckets::{BUCKETS, Buckets, CODES, STEP, Scale};

/// The cuts of a column, spread over buckets.
#[derive(Clone, Debug)]
pub(super) struct Cuts(Buckets);

impl Cuts {
    /// The buckets of ascending cuts by their values; by their bits where values crowd more into one bucket than are
    /// compared at no cost, and bits fewer.
    pub(super) fn new(cuts: &[f32]) -> Self {
        let mut first = Box::new([0; BUCKETS]);
        let mut scale = scale(cuts, false);
        let crowd = spread(cuts, scale, &mut first);
        if crowd >= STEP {
            let by_bits = self::scale(cuts, true);
            let mut other = Box::new([0; BUCKETS]);
            if spread(cuts, by_bits, &mut other) < crowd {
                (scale, first) = (by_bits, other);
            }
        }
        // A value of code `c` is above the cuts of ranks below `c - 1`.
        let mut compared = Box::new([f32::NAN; CODES + STEP]);
        compared[1..=cuts.len()].copy_from_slice(cuts);
        Self(Buckets { scale, first, cuts: compared })
    }

    /// Writes the codes of `rows` values, every `width`th, to every `row_step`th byte.
    pub(super) fn encode(&self, rows: usize, values: &[f32], width: usize, bytes: &mut [i8], row_step: usize) {
        self.0.encode(rows, values, width, bytes, row_step);
    }
}

/// A scale on which all but two of the cuts at either end spread over all buckets: three share one at no cost.
fn scale(cuts: &[f32], by_bits: bool) -> Scale {
    let scale = Scale { by_bits, offset: 0.0, factor: 1.0 };
    let spare = (cuts.len() - 1).min(4) / 2;
    let (low, high) = (scale.key(cuts[spare]), scale.key(cuts[cuts.len() - 1 - spare]));
    let factor = (BUCKETS - 2) as f32 / (high - low);
    // Few cuts, or ones so near or so far apart that floats fail: any factor will do.
    Scale { offset: low, factor: if factor.is_normal() { factor } else { 1.0 }, ..scale }
}

/// Fills in, for each bucket but that of missing values, 1 and how many cuts are in lower buckets. The most
/// cuts that share a bucket.
fn spread(cuts: &[f32], scale: Scale, first: &mut [u8; BUCKETS]) -> usize {
    let (mut next, mut crowd, mut most) = (1, 0, 0);
    for (rank, &cut) in cuts.iter().enumerate() {
        let bucket = scale.bucket(cut) as usize;
        if bucket >= next {
            first[next..=bucket].fill(rank as u8 + 1);
            next = bucket + 1;
            crowd = 0;
        }
        crowd += 1;
        most = most.max(crowd);
    }
    first[next..].fill(cuts.len() as u8 + 1);
    most
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use wardian_kernels::biased;
    use wardian_kernels::buckets::MOST_CUTS;

    fn logit(share: f32) -> f32 {
        (share / (1.0 - share)).ln()
    }

    #[test]
    fn cuts_of_every_distribution_are_spread_out() {
        let crowd = |cut: fn(f32) -> f32| {
            let cuts: Vec<f32> = (1..=254).map(|rank| cut(rank as f32 / 255.0)).collect();
            let first = Cuts::new(&cuts).0.first.map(i32::from);
            first[1..].windows(2).map(|pair| pair[1] - pair[0]).max()
        };
        assert!(crowd(|share| 1e6 + 1e3 * share) <= Some(4), "even");
        assert!(crowd(logit) <= Some(4), "like measurements");
        assert!(crowd(|share| logit(share).exp()) <= Some(4), "like amounts");
        assert!(crowd(|share| (4.0 * logit(share)).exp()) <= Some(4), "like amounts of many sizes");
        assert!(crowd(|share| logit(share).powi(5)) <= Some(8), "far out on both sides");
    }

    /// The codes of a column's cuts, of what is next to them and of what is far off, by their definition.
    fn check_codes(cuts: &[f32]) {
        let near = cuts.iter().flat_map(|&cut| [cut.next_down(), cut, cut.next_up(), cut + 0.1]);
        let values: Vec<f32> = near.chain([f32::MIN, -0.0, 0.0, f32::MAX, f32::NAN]).collect();
        let mut bytes = vec![0; values.len()];
        Cuts::new(cuts).encode(values.len(), &values, 1, &mut bytes, 1);
        for (value, byte) in values.into_iter().zip(bytes) {
            let below = cuts.iter().filter(|&&cut| cut <= value).count() as u32;
            let code = if value.is_nan() { 0 } else { 1 + below };
            assert_eq!(byte, biased(code), "{value:e} among {} cuts from {:e}", cuts.len(), cuts[0]);
        }
    }

    /// Cuts that share a bucket are compared four at a time, from the first that does: past the last cut of a full column,
    /// where once a byte's turn led on to its first cuts.
    #[test]
    fn columns_are_right_to_their_last_cut_however_full() {
        for count in 1..=MOST_CUTS {
            for crowded in 0..=count.min(6) {
                let apart = (0..count - crowded).map(|place| place as f32);
                let end = (count - crowded) as f32;
                let cuts: Vec<f32> = apart.chain((0..crowded).map(|place| end + 0.1 * place as f32)).collect();
                check_codes(&cuts);
                // The same at the lower end, and on the scale of the bits.
                let mirrored: Vec<f32> = cuts.iter().rev().map(|cut| -cut).collect();
                check_codes(&mirrored);
                let powers: Vec<f32> = cuts.iter().map(|cut| (cut / 4.0).exp2()).collect();
                if powers.windows(2).all(|pair| pair[0] < pair[1]) {
                    check_codes(&powers);
                }
            }
        }
    }
}
