//! Sums over a tree of products along its paths, at a few points, for two rows at once: one in each half of a vector.
//!
//! At each point a split has a share `q`, which is the left side's, and a weight `h`. Going up, the mean below a split is
//! `right + q · (left - right)`. Going down, the product that comes to a split is divided, `q` to the left and the rest to
//! the right; and `product · h · (left - right)`, summed over the points, is the split's own part. Both numbers depend on
//! the row by the row's answer alone, so that they are looked up. Near the leaves the means of a few splits, and what their
//! parts are per product, are looked up by all their answers together.
//!
//! Two rows in a vector take as many steps as there are points, where two points in a vector would leave half a vector
//! unused for three; and what is read to know the tree is read once for both.

use wide::f64x2;

use crate::fold::{LANES, Line};

/// The most points that are summed over at once.
pub const MOST_POINTS: usize = 4;

/// A split above many.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// The line with its answers.
    pub line: u32,
    /// The places of what is below it.
    pub left: u32,
    /// As [`Split::left`]. Its own place is its index.
    pub right: u32,
    /// The place of its part.
    pub part: u32,
    /// Where its numbers begin: for each answer `q` and `h` at each point.
    pub numbers: u32,
}

/// A few splits that nothing but leaves is below, looked up together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The line with what their answers make together.
    pub line: u32,
    /// Its place.
    pub place: u32,
    /// Where its numbers begin: for each combination of answers the mean at each point, and for each part what it is per
    /// product at each point.
    pub numbers: u32,
    /// The first of its parts' places.
    pub parts: u32,
    /// How many parts it has.
    pub count: u32,
}

/// Parts that are looked up by all answers that they depend on.
#[derive(Clone, Copy, Debug)]
pub struct Lookup {
    /// The line with what the answers make together.
    pub line: u32,
    /// Where the numbers begin: for each combination of answers one for each part.
    pub numbers: u32,
    /// The first of the parts' places.
    pub parts: u32,
    /// How many parts there are.
    pub count: u32,
}

/// A tree of splits, groups and leaves.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The splits, each before those below it.
    pub splits: Vec<Split>,
    /// The groups; their places are behind those of the splits.
    pub groups: Vec<Group>,
    /// The leaves that are in no group; their places are behind those of the groups.
    pub leaves: Vec<f64>,
    /// Parts that are looked up.
    pub lookups: Vec<Lookup>,
    /// Places of parts.
    pub parts: Vec<u32>,
}

/// Memory that is used again.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// The means at each place, and then the differences of each split's.
    sums: Vec<[f64; 2]>,
    products: Vec<[f64; 2]>,
}

impl Scratch {
    /// None yet.
    pub const fn new() -> Self {
        Self { sums: Vec::new(), products: Vec::new() }
    }
}

#[inline(always)]
fn add(sums: &mut [[f64; 2]], part: u32, numbers: f64x2) {
    let sum = &mut sums[part as usize];
    *sum = (f64x2::new(*sum) + numbers).to_array();
}

/// The two rows of each pair, of so many rows: the last of an odd number is with itself.
#[inline(always)]
fn pairs(rows: usize) -> impl Iterator<Item = [usize; 2]> {
    (0..rows.min(LANES)).step_by(2).map(move |row| [row, (row + 1).min(rows - 1)])
}

impl Tree {
    /// Adds the parts that are looked up, for the first `rows` rows of the lines, to sums of which each two rows have `step`.
    ///
    /// # Panics
    /// If a place or a number is not there.
    pub fn look_up(&self, lines: &[Line], rows: usize, numbers: &[f64], sums: &mut [[f64; 2]], step: usize) {
        for (rows, sums) in pairs(rows).zip(sums.chunks_mut(step)) {
            self.look_up_two(lines, rows, numbers, sums);
        }
    }

    #[inline(always)]
    fn look_up_two(&self, lines: &[Line], rows: [usize; 2], numbers: &[f64], sums: &mut [[f64; 2]]) {
        for lookup in &self.lookups {
            let line = &lines[lookup.line as usize];
            let count = lookup.count as usize;
            let entry = |row: usize| {
                let entry = usize::from(line.byte(row) as u8);
                &numbers[lookup.numbers as usize + entry * count..][..count]
            };
            let (first, second) = (entry(rows[0]), entry(rows[1]));
            let parts = &self.parts[lookup.parts as usize..][..count];
            for ((&part, &first), &second) in parts.iter().zip(first).zip(second) {
                add(sums, part, f64x2::new([first, second]));
            }
        }
    }

    /// Adds all parts, as [`Tree::look_up`] those that are looked up. The numbers are of as many points as there are weights.
    ///
    /// # Panics
    /// If a place or a number is not there.
    pub fn walk(
        &self,
        lines: &[Line],
        rows: usize,
        weights: &[f64],
        numbers: &[f64],
        scratch: &mut Scratch,
        sums: &mut [[f64; 2]],
        step: usize,
    ) {
        match weights.len() {
            2 => self.walk_all::<2>(lines, rows, weights, numbers, scratch, sums, step),
            3 => self.walk_all::<3>(lines, rows, weights, numbers, scratch, sums, step),
            _ => self.walk_all::<MOST_POINTS>(lines, rows, weights, numbers, scratch, sums, step),
        }
    }

    fn walk_all<const POINTS: usize>(
        &self,
        lines: &[Line],
        rows: usize,
        weights: &[f64],
        numbers: &[f64],
        scratch: &mut Scratch,
        sums: &mut [[f64; 2]],
        step: usize,
    ) {
        let places = self.splits.len() + self.groups.len() + self.leaves.len();
        scratch.sums.clear();
        scratch.sums.resize((places + self.splits.len()) * POINTS, [0.0; 2]);
        let (means, differences) = scratch.sums.split_at_mut(places * POINTS);
        let means = means.as_chunks_mut::<POINTS>().0;
        let differences = differences.as_chunks_mut::<POINTS>().0;
        for (mean, &leaf) in means[self.splits.len() + self.groups.len()..].iter_mut().zip(&self.leaves) {
            *mean = [[leaf; 2]; POINTS];
        }
        scratch.products.resize(scratch.products.len().max(places * POINTS), [0.0; 2]);
        let products = &mut scratch.products.as_chunks_mut::<POINTS>().0[..places];
        for (product, &weight) in products[0].iter_mut().zip(weights) {
            *product = [weight; 2];
        }
        let points = numbers.as_chunks::<POINTS>().0;
        for (rows, sums) in pairs(rows).zip(sums.chunks_mut(step)) {
            for group in &self.groups {
                let [first, second] = group.entries(lines, rows, points);
                Two::pair(&first[0], &second[0]).store(&mut means[group.place as usize]);
            }
            for (index, split) in self.splits.iter().enumerate().rev() {
                let [first, second] = split.entries(lines, rows, points);
                let right = Two::load(&means[split.right as usize]);
                let difference = Two::load(&means[split.left as usize]).minus(right);
                difference.store(&mut differences[index]);
                Two::pair(&first[0], &second[0]).times(difference).plus(right).store(&mut means[index]);
            }
            for (index, split) in self.splits.iter().enumerate() {
                let [first, second] = split.entries(lines, rows, points);
                let product = Two::load(&products[index]);
                let left = product.times(Two::pair(&first[0], &second[0]));
                left.store(&mut products[split.left as usize]);
                product.minus(left).store(&mut products[split.right as usize]);
                let weighed = product.times(Two::pair(&first[1], &second[1]));
                add(sums, split.part, weighed.times(Two::load(&differences[index])).sum());
            }
            for group in &self.groups {
                let [first, second] = group.entries(lines, rows, points);
                let product = Two::load(&products[group.place as usize]);
                let parts = &self.parts[group.parts as usize..][..group.count as usize];
                for ((&part, first), second) in parts.iter().zip(&first[1..]).zip(&second[1..]) {
                    add(sums, part, product.times(Two::pair(first, second)).sum());
                }
            }
            self.look_up_two(lines, rows, numbers, sums);
        }
    }
}

/// A number at each point of each of two rows.
#[derive(Clone, Copy)]
struct Two<const POINTS: usize>([f64x2; POINTS]);

impl<const POINTS: usize> Two<POINTS> {
    #[inline(always)]
    fn pair(first: &[f64; POINTS], second: &[f64; POINTS]) -> Self {
        let mut both = [f64x2::ZERO; POINTS];
        for point in 0..POINTS {
            both[point] = f64x2::new([first[point], second[point]]);
        }
        Self(both)
    }

    #[inline(always)]
    fn load(from: &[[f64; 2]; POINTS]) -> Self {
        let mut both = [f64x2::ZERO; POINTS];
        for point in 0..POINTS {
            both[point] = f64x2::new(from[point]);
        }
        Self(both)
    }

    #[inline(always)]
    fn store(self, to: &mut [[f64; 2]; POINTS]) {
        for point in 0..POINTS {
            to[point] = self.0[point].to_array();
        }
    }

    #[inline(always)]
    fn times(mut self, other: Self) -> Self {
        for point in 0..POINTS {
            self.0[point] *= other.0[point];
        }
        self
    }

    #[inline(always)]
    fn plus(mut self, other: Self) -> Self {
        for point in 0..POINTS {
            self.0[point] += other.0[point];
        }
        self
    }

    #[inline(always)]
    fn minus(mut self, other: Self) -> Self {
        for point in 0..POINTS {
            self.0[point] -= other.0[point];
        }
        self
    }

    #[inline(always)]
    fn sum(self) -> f64x2 {
        let mut sum = self.0[0];
        for point in 1..POINTS {
            sum += self.0[point];
        }
        sum
    }
}

impl Split {
    #[inline(always)]
    fn entries<'n, const POINTS: usize>(
        &self,
        lines: &[Line],
        [first, second]: [usize; 2],
        numbers: &'n [[f64; POINTS]],
    ) -> [&'n [[f64; POINTS]; 2]; 2] {
        let line = &lines[self.line as usize];
        let entry = |row: usize| {
            let answer = usize::from(line.byte(row) as u8);
            numbers[self.numbers as usize + answer * 2..].first_chunk::<2>().expect("a number for each answer")
        };
        [entry(first), entry(second)]
    }
}

impl Group {
    #[inline(always)]
    fn entries<'n, const POINTS: usize>(
        &self,
        lines: &[Line],
        [first, second]: [usize; 2],
        numbers: &'n [[f64; POINTS]],
    ) -> [&'n [[f64; POINTS]]; 2] {
        let line = &lines[self.line as usize];
        let length = 1 + self.count as usize;
        let entry = |row: usize| {
            let number = usize::from(line.byte(row) as u8);
            &numbers[self.numbers as usize + number * length..][..length]
        };
        [entry(first), entry(second)]
    }
}
