//! Cuts, sets, values and amounts that are hard to get right.

use std::collections::BTreeSet;

use super::shape::{Amounts, Kind, Spread};
use crate::forest::{Column, MAX_CATEGORY, Test};
use crate::random::Random;

/// A float's place among all floats, 0 for both zeros.
fn place(float: f32) -> i32 {
    let magnitude = float.abs().to_bits() as i32;
    if float < 0.0 { -magnitude } else { magnitude }
}

/// The float at a place.
fn float(place: i32) -> f32 {
    let magnitude = f32::from_bits(place.unsigned_abs());
    if place < 0 { -magnitude } else { magnitude }
}

/// A column that asks for `feature`.
pub(super) fn column(random: &mut Random, feature: u32, kind: Kind) -> Column {
    let test = match kind {
        Kind::Cuts(count, spread) => Test::Below(cuts(random, count, spread)),
        Kind::Set(size) => Test::InSet(set(random, size)),
    };
    Column { feature, test }
}

fn set(random: &mut Random, size: usize) -> Vec<u32> {
    const MOST: [usize; 4] = [8, 60, 2600, MAX_CATEGORY as usize];
    let most = MOST[random.below(MOST.len())];
    let mut set: BTreeSet<u32> = (0..size).map(|_| random.below(most) as u32).collect();
    if random.below(4) == 0 {
        set.insert(MAX_CATEGORY - 1);
    }
    set.into_iter().collect()
}

/// So many cuts, ascending.
fn cuts(random: &mut Random, count: usize, spread: Spread) -> Vec<f32> {
    const SIZES: [f32; 8] = [1.0, 1.0, 100.0, 1e-3, 1e6, 1e36, 1e-38, 1e-43];
    let size = SIZES[random.below(SIZES.len())] * (1 + random.below(9)) as f32;
    let from = [0.0, -0.5, -1.0, 1.0, 20.0, -20.0][random.below(6)] * size;
    let even = |share: f32| from + size * share;
    // How many crowd at an end, and in how small a part of the column's range.
    let crowd = 1 + random.below(12);
    let part = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3][random.below(5)];
    let share = |rank: usize| rank as f32 / count as f32;
    let low = |rank: usize| (rank < crowd).then(|| even(part * rank as f32));
    let high = |rank: usize| (rank + crowd >= count).then(|| even(1.0 - part * (count - rank) as f32));
    let within = |rank: usize| even(0.05 + 0.9 * share(rank));
    let first = place(from);
    let mut places = BTreeSet::new();
    for rank in 0..count {
        let cut = match spread {
            Spread::Even => even(share(rank)),
            Spread::CrowdedLow => low(rank).unwrap_or_else(|| within(rank)),
            Spread::CrowdedHigh => high(rank).unwrap_or_else(|| within(rank)),
            Spread::CrowdedEnds => low(rank).or_else(|| high(rank)).unwrap_or_else(|| within(rank)),
            Spread::Adjacent => float(first.saturating_add(rank as i32)),
            Spread::Sizes => random.of_any_size(),
            Spread::Bits => f32::from_bits(random.next() as u32),
            Spread::Decimals => (random.below(3000) as f32 - 500.0) / 100.0,
            Spread::Whole => random.below(300) as f32 - 40.0,
        };
        let cut = if cut.is_nan() { 0.0 } else { cut.clamp(f32::MIN, f32::MAX) };
        // The next float that is not taken; behind the last one the first.
        let mut free = place(cut);
        while !places.insert(free) {
            free = if free == place(f32::MAX) { place(f32::MIN) } else { free + 1 };
        }
    }
    let minus_zero = random.below(2) == 0;
    let sign = |cut: f32| if cut == 0.0 && minus_zero { -0.0 } else { cut };
    places.into_iter().map(float).map(sign).collect()
}

/// What rows and leaves are drawn by.
pub(super) trait Draw {
    /// A number of any size and sign: finite.
    fn of_any_size(&mut self) -> f32;
    /// A leaf or a base margin: finite.
    fn amount(&mut self, amounts: Amounts) -> f32;
    /// A missing value, of any payload.
    fn missing(&mut self) -> f32;
    /// A float, the one below, or the one above.
    fn beside(&mut self, float: f32) -> f32;
    /// A value that knows of no column.
    fn value(&mut self) -> f32;
    /// A value that a column's splits tell from its neighbours.
    fn value_for(&mut self, test: &Test) -> f32;
}

impl Draw for Random {
    fn of_any_size(&mut self) -> f32 {
        // Of few digits, so that sums of near ones are exact.
        let number = f32::from_bits(self.next() as u32 & 0xffff_0000);
        if number.is_finite() { number } else { 1.0 }
    }

    fn amount(&mut self, amounts: Amounts) -> f32 {
        const TINY: [f32; 8] = [0.0, -0.0, 1e-45, -1e-45, f32::MIN_POSITIVE, -f32::MIN_POSITIVE, 1e-30, -1e-30];
        let small = self.below(2001) as f32 / 977.0 - 1.0;
        match amounts {
            Amounts::Small => small,
            Amounts::Tiny => TINY[self.below(TINY.len())],
            Amounts::AnySize if self.below(64) == 0 => [f32::MAX, f32::MIN][self.below(2)],
            Amounts::AnySize if self.below(2) == 0 => small,
            Amounts::AnySize => self.of_any_size(),
        }
    }

    fn missing(&mut self) -> f32 {
        let payload = 1 + self.below(0x7f_ffff) as u32;
        f32::from_bits([0x7fc0_0000, 0xffc0_0000, 0x7f80_0000 | payload, 0xff80_0000 | payload][self.below(4)])
    }

    fn beside(&mut self, float: f32) -> f32 {
        [float, float, float.next_up(), float.next_down()][self.below(4)]
    }

    fn value(&mut self) -> f32 {
        const EDGES: [f32; 10] = [
            0.0,
            -0.0,
            1e-45,
            -1e-45,
            f32::MIN_POSITIVE,
            -f32::MIN_POSITIVE,
            f32::MAX,
            f32::MIN,
            f32::INFINITY,
            f32::NEG_INFINITY,
        ];
        match self.below(6) {
            0 => self.below(21) as f32 - 10.0,
            1 => f32::from_bits(self.next() as u32),
            2 => EDGES[self.below(EDGES.len())],
            3 => (self.below(3000) as f32 - 500.0) / 100.0,
            4 => self.missing(),
            _ => self.of_any_size(),
        }
    }

    fn value_for(&mut self, test: &Test) -> f32 {
        match test {
            Test::Below(cuts) => {
                let rank = self.rank(cuts.len());
                let cut = cuts[rank];
                match self.below(4) {
                    0 => cut / 2.0 + cuts.get(rank + 1).unwrap_or(&cut) / 2.0,
                    _ => self.beside(cut),
                }
            }
            Test::InSet(set) => {
                let category = set[self.below(set.len())] as f32;
                [category, category + 0.5, -category, -0.5, category - 1.0, category + 1.0, 16_777_216.0][self.below(7)]
            }
        }
    }
}
