//! Rows dealt into parts, so that each is judged by what the others gave.

/// How many parts there are.
pub const FOLDS: usize = 10;

/// The places of so many rows in an order that has nothing to do with theirs in the file, and is always the same: labels are often
/// sorted, or go up and down by some period.
pub(super) fn shuffled(rows: usize) -> Vec<u32> {
    // SplitMix64 of the place.
    let mixed = |place: u32| {
        let state = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(place) + 1);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let mut places: Vec<u32> = (0..rows as u32).collect();
    places.sort_unstable_by_key(|&place| mixed(place));
    places
}

/// For each part of so many rows: the places of the others, and its own.
pub(super) fn parts(rows: usize) -> impl Iterator<Item = (Vec<u32>, Vec<u32>)> {
    let places = shuffled(rows);
    (0..FOLDS).map(move |part| {
        let (own, others): (Vec<_>, Vec<_>) = places.iter().enumerate().partition(|(index, _)| index % FOLDS == part);
        let only = |pairs: Vec<(usize, &u32)>| pairs.into_iter().map(|(_, &place)| place).collect();
        (only(others), only(own))
    })
}

/// Which of so many scores, from the smallest, is at least as large as a new one in `level` cases of 100; none if none is.
pub(super) fn rank(count: usize, level: u8) -> Option<usize> {
    let rank = ((count + 1) * usize::from(level)).div_ceil(100);
    (rank <= count).then(|| rank - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_judged_once_and_never_by_itself() {
        let mut judged = [0; 53];
        for (others, own) in parts(53) {
            assert_eq!(others.len() + own.len(), 53);
            assert!((5..=6).contains(&own.len()));
            assert!(own.iter().all(|place| !others.contains(place)));
            own.iter().for_each(|&place| judged[place as usize] += 1);
        }
        assert_eq!(judged, [1; 53]);
        assert!(!shuffled(53).is_sorted());
    }

    #[test]
    fn ranks_are_exact() {
        // ceil(0.9 × 31) = 28 from 1; in floats 0.9 × 20 may be above 18.
        assert_eq!(rank(30, 90), Some(27));
        assert_eq!(rank(19, 90), Some(17));
        assert_eq!(rank(19, 95), Some(18));
        assert_eq!(rank(18, 95), None);
    }
}
