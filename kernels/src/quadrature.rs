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

use wide::{f64x2, u8x16, u64x2};

use crate::fold::{LANES, Line};

/// The most points that are summed over at once.
pub const MOST_POINTS: usize = 4;
/// The most parts of a group.
pub const MOST_PARTS: usize = 3;

/// A split above many.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// The line with its answers.
    pub line: u32,
    /// The places of what is below it, left and right, counted in points. Its own place is its index.
    pub below: [u32; 2],
    /// The place of its part.
    pub part: u32,
    /// Where its numbers begin: for each answer `q` and `h` at each point.
    pub numbers: u32,
    /// How many answers there are.
    pub answers: u8,
}

/// A few splits that nothing but leaves is below, looked up together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The line with what their answers make together.
    pub line: u32,
    /// Its place, counted in points.
    pub place: u32,
    /// Where its numbers begin: for each combination of answers the mean at each point, and for each part what it is per
    /// product at each point.
    pub numbers: u32,
    /// The places of its parts.
    pub parts: [u32; MOST_PARTS],
    /// How many of them there are.
    pub count: u8,
    /// How many combinations there are.
    pub answers: u8,
}

/// A tree of splits, groups and leaves.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The splits, each before those below it.
    pub splits: Vec<Split>,
    /// The groups, by their counts, so that a processor guesses them; their places are behind those of the splits.
    pub groups: Vec<Group>,
    /// The leaves that are in no group; their places are behind those of the groups.
    pub leaves: Vec<f64>,
}

/// Some rows, and sums that are added to.
#[derive(Debug)]
pub struct Rows<'a> {
    /// What they answer.
    pub lines: &'a [Line],
    /// How many rows of the lines there are.
    pub count: usize,
    /// The sums of each two rows, `step` apart.
    pub sums: &'a mut [[f64; 2]],
    /// See [`Rows::sums`].
    pub step: usize,
    /// How many sums of each two rows are added to.
    pub width: usize,
}

/// Memory that is used again.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    means: Vec<[f64; 2]>,
    products: Vec<[f64; 2]>,
    /// Of each split `q`.
    shares: Vec<[f64; 2]>,
    /// Of each split `h` times the difference of the means below.
    differences: Vec<[f64; 2]>,
}

impl Scratch {
    /// None yet.
    pub const fn new() -> Self {
        Self { means: Vec::new(), products: Vec::new(), shares: Vec::new(), differences: Vec::new() }
    }
}

/// The two rows of each pair, of so many rows: the last of an odd number is with itself.
#[inline(always)]
fn pairs(rows: usize) -> impl Iterator<Item = [usize; 2]> {
    (0..rows.min(LANES)).step_by(2).map(move |row| [row, (row + 1).min(rows - 1)])
}

/// Adds parts that are all looked up by the number in the first line; there is one of each part for each number.
///
/// # Panics
/// If a place or a number is not there.
pub fn look_up(parts: &[u32], numbers: &[f64], rows: &mut Rows<'_>) {
    for ([first, second], sums) in pairs(rows.count).zip(rows.sums.chunks_mut(rows.step)) {
        let entry = |row: usize| &numbers[usize::from(rows.lines[0].byte(row) as u8) * parts.len()..][..parts.len()];
        for ((&part, &first), &second) in parts.iter().zip(entry(first)).zip(entry(second)) {
            let sum = &mut sums[part as usize];
            *sum = (f64x2::new(*sum) + f64x2::new([first, second])).to_array();
        }
    }
}

impl Tree {
    /// Adds all parts. The numbers are of as many points as there are weights: 2 to [`MOST_POINTS`].
    ///
    /// # Panics
    /// If a place or a number is not there.
    pub fn walk(&self, rows: &mut Rows<'_>, weights: &[f64], numbers: &[f64], scratch: &mut Scratch) {
        match weights.len() {
            2 => self.walk_all::<2>(rows, weights, numbers, scratch),
            3 => self.walk_all::<3>(rows, weights, numbers, scratch),
            _ => self.walk_all::<MOST_POINTS>(rows, weights, numbers, scratch),
        }
    }

    fn walk_all<const POINTS: usize>(
        &self,
        rows: &mut Rows<'_>,
        weights: &[f64],
        numbers: &[f64],
        scratch: &mut Scratch,
    ) {
        let places = self.places();
        self.check(rows, POINTS, numbers.len());
        for memory in [&mut scratch.means, &mut scratch.products, &mut scratch.shares, &mut scratch.differences] {
            memory.resize(memory.len().max(places * POINTS), [0.0; 2]);
        }
        let leaves = scratch.means[(self.splits.len() + self.groups.len()) * POINTS..].chunks_exact_mut(POINTS);
        for (mean, &leaf) in leaves.zip(&self.leaves) {
            mean.fill([leaf; 2]);
        }
        for (product, &weight) in scratch.products.iter_mut().zip(weights) {
            *product = [weight; 2];
        }
        for (index, [first, second]) in pairs(rows.count).enumerate() {
            let answers = rows.lines.as_ptr().cast::<u8>();
            let walk = Walk::<POINTS> {
                answers: [answers.wrapping_add(first), answers.wrapping_add(second)],
                numbers: numbers.as_ptr(),
                means: scratch.means.as_mut_ptr(),
                products: scratch.products.as_mut_ptr(),
                shares: scratch.shares.as_mut_ptr(),
                differences: scratch.differences.as_mut_ptr(),
                sums: rows.sums[index * rows.step..][..rows.width].as_mut_ptr(),
            };
            // SAFETY: `check` has asserted that every place is one of `places`, for which there is memory, every part one of
            // `width` sums, every line there, and the numbers for each answer in it.
            #[allow(unsafe_code)]
            unsafe {
                for group in &self.groups {
                    let [first, second] = walk.entries(group.line, group.numbers, POINTS + group.step(POINTS));
                    Two::<POINTS>::pair(first, second).store(walk.means.add(group.place as usize));
                }
                for (index, split) in self.splits.iter().enumerate().rev() {
                    walk.up(index * POINTS, split);
                }
                for (index, split) in self.splits.iter().enumerate() {
                    walk.down(index * POINTS, split);
                }
                for group in &self.groups {
                    walk.weigh(group);
                }
            }
        }
    }

    fn places(&self) -> usize {
        self.splits.len() + self.groups.len() + self.leaves.len()
    }

    /// Asserts that everything is where the tree says.
    fn check(&self, rows: &Rows<'_>, points: usize, numbers: usize) {
        let (places, width, lines) = (self.places(), rows.width, rows.lines.len());
        assert!(!self.splits.is_empty() && rows.count <= LANES);
        let vectors = if rows.count == 1 { 0 } else { rows.count.div_ceil(16) };
        // What any answer is too large by.
        let mut over = u8x16::ZERO;
        let mut has = |line: u32, answers: u8| {
            assert!((line as usize) < lines && answers > 0);
            // By itself a row answers in the first byte alone.
            if vectors == 0 {
                assert!((rows.lines[line as usize].byte(0) as u8) < answers);
            }
            let most = u8x16::splat(answers - 1);
            for vector in 0..vectors {
                over |= rows.lines[line as usize].load(vector).max(most) ^ most;
            }
        };
        let is_part = |&part: &u32| (part as usize) < width;
        let is_place = |&place: &u32| place as usize <= (places - 1) * points;
        // No sum that could wrap around.
        let left = |first: u32| numbers.saturating_sub(first as usize);
        for split in &self.splits {
            has(split.line, split.answers);
            assert!(split.below.iter().all(is_place) && is_part(&split.part));
            assert!(2 * points * usize::from(split.answers) <= left(split.numbers));
        }
        for group in &self.groups {
            has(group.line, group.answers);
            assert!(is_place(&group.place) && group.parts[..group.count.into()].iter().all(is_part));
            let step = points + group.step(points);
            assert!(step * usize::from(group.answers) <= left(group.numbers));
        }
        assert!(over == u8x16::ZERO);
    }
}

impl Group {
    /// How many numbers its parts have for each combination of answers.
    #[inline(always)]
    fn step(&self, points: usize) -> usize {
        usize::from(self.count) * points
    }
}

/// Where everything is, for two rows.
struct Walk<const POINTS: usize> {
    /// Each row's byte in the first line.
    answers: [*const u8; 2],
    numbers: *const f64,
    means: *mut [f64; 2],
    products: *mut [f64; 2],
    shares: *mut [f64; 2],
    differences: *mut [f64; 2],
    sums: *mut [f64; 2],
}

#[allow(unsafe_code)]
impl<const POINTS: usize> Walk<POINTS> {
    /// Where the numbers for both rows' answers begin, of which there are `step` for each.
    ///
    /// # Safety
    /// As of all methods: everything is there, as [`Tree::check`] asserts.
    #[inline(always)]
    unsafe fn entries(&self, line: u32, numbers: u32, step: usize) -> [*const f64; 2] {
        unsafe {
            let line = line as usize * LANES;
            let numbers = self.numbers.add(numbers as usize);
            let [first, second] = self.answers;
            let (first, second) = (usize::from(*first.add(line)), usize::from(*second.add(line)));
            [numbers.add(first * step), numbers.add(second * step)]
        }
    }

    #[inline(always)]
    unsafe fn add(&self, part: u32, numbers: f64x2) {
        unsafe {
            let sum = &mut *self.sums.add(part as usize);
            *sum = (f64x2::new(*sum) + numbers).to_array();
        }
    }

    #[inline(always)]
    unsafe fn up(&self, place: usize, split: &Split) {
        unsafe {
            let [first, second] = self.entries(split.line, split.numbers, 2 * POINTS);
            let [left, right] = split.below;
            let right = Two::load(self.means.add(right as usize));
            let difference = Two::<POINTS>::load(self.means.add(left as usize)).minus(right);
            let (share, weight) = Two::both(first, second);
            share.times(difference).plus(right).store(self.means.add(place));
            share.store(self.shares.add(place));
            weight.times(difference).store(self.differences.add(place));
        }
    }

    #[inline(always)]
    unsafe fn down(&self, place: usize, split: &Split) {
        unsafe {
            let [left, right] = split.below;
            let product = Two::<POINTS>::load(self.products.add(place));
            let to_left = product.times(Two::load(self.shares.add(place)));
            to_left.store(self.products.add(left as usize));
            product.minus(to_left).store(self.products.add(right as usize));
            self.add(split.part, product.times(Two::load(self.differences.add(place))).sum());
        }
    }

    #[inline(always)]
    unsafe fn weigh(&self, group: &Group) {
        unsafe {
            let [first, second] = self.entries(group.line, group.numbers, POINTS + group.step(POINTS));
            let product = Two::<POINTS>::load(self.products.add(group.place as usize));
            for (place, &part) in (1..).zip(&group.parts).take(group.count.into()) {
                let numbers = Two::pair(first.add(place * POINTS), second.add(place * POINTS));
                self.add(part, product.times(numbers).sum());
            }
        }
    }
}

/// A number at each point of each of two rows.
#[derive(Clone, Copy)]
struct Two<const POINTS: usize>([f64x2; POINTS]);

impl<const POINTS: usize> Two<POINTS> {
    #[inline(always)]
    #[allow(unsafe_code)]
    unsafe fn pair(first: *const f64, second: *const f64) -> Self {
        let mut both = [f64x2::ZERO; POINTS];
        for (point, both) in both.iter_mut().enumerate() {
            *both = unsafe { f64x2::new([*first.add(point), *second.add(point)]) };
        }
        Self(both)
    }

    /// As twice [`Two::pair`], the second behind the first: whole vectors are loaded, and turned.
    #[inline(always)]
    #[allow(unsafe_code)]
    unsafe fn both(first: *const f64, second: *const f64) -> (Self, Self) {
        let mut all = [[f64x2::ZERO; POINTS]; 2];
        for vector in 0..POINTS {
            let (first, second) =
                unsafe { (&*first.add(2 * vector).cast::<[u64; 2]>(), &*second.add(2 * vector).cast::<[u64; 2]>()) };
            let (first, second) = (u64x2::new(*first), u64x2::new(*second));
            let place = 2 * vector;
            all[place / POINTS][place % POINTS] = bytemuck::cast(first.unpack_lo(second));
            all[(place + 1) / POINTS][(place + 1) % POINTS] = bytemuck::cast(first.unpack_hi(second));
        }
        (Self(all[0]), Self(all[1]))
    }

    #[inline(always)]
    #[allow(unsafe_code)]
    unsafe fn load(from: *const [f64; 2]) -> Self {
        let mut both = [f64x2::ZERO; POINTS];
        for (point, both) in both.iter_mut().enumerate() {
            *both = unsafe { f64x2::new(*from.add(point)) };
        }
        Self(both)
    }

    #[inline(always)]
    #[allow(unsafe_code)]
    unsafe fn store(self, to: *mut [f64; 2]) {
        for point in 0..POINTS {
            unsafe { *to.add(point) = self.0[point].to_array() };
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A split above a group of two parts and another split, which is above a group without parts and a leaf.
    fn tree(points: u32) -> Tree {
        let group = |line, place: u32, numbers, parts, count| Group {
            line,
            place: place * points,
            numbers,
            parts,
            count,
            answers: 4,
        };
        let split = |line, left: u32, right: u32, part, numbers| Split {
            line,
            below: [left * points, right * points],
            part,
            numbers,
            answers: 3,
        };
        Tree {
            splits: vec![split(0, 2, 1, 4, 0), split(1, 3, 4, 0, 6 * points)],
            groups: vec![group(2, 2, 12 * points, [1, 4, 0], 2), group(3, 3, 24 * points, [0; 3], 0)],
            leaves: vec![0.75],
        }
    }

    /// Numbers between -1 and 1, of which no two are alike.
    fn number(index: usize) -> f64 {
        ((index * 7919 + 13) % 1009) as f64 / 504.5 - 1.0
    }

    fn lines() -> [Line; 4] {
        std::array::from_fn(|line| {
            let mut all = Line::splat(0);
            let most = if line < 2 { 3 } else { 4 };
            for (row, byte) in all.bytes_mut().iter_mut().enumerate() {
                *byte = ((row * (line + 3) + row / 5) % most) as i8;
            }
            all
        })
    }

    #[test]
    fn two_rows_at_once_are_what_one_is_by_itself() {
        for points in 2..=MOST_POINTS {
            let tree = tree(points as u32);
            let numbers: Vec<f64> = (0..28 * points).map(number).collect();
            let weights: Vec<f64> = (0..points).map(|point| 0.3 + point as f64 / 7.0).collect();
            let lines = lines();
            for count in [1, 2, 3, 16, 17, 63, LANES] {
                let mut sums = vec![[0.5; 2]; count.div_ceil(2) * 6];
                let mut rows = Rows { lines: &lines, count, sums: &mut sums, step: 6, width: 5 };
                tree.walk(&mut rows, &weights, &numbers, &mut Scratch::new());
                for row in 0..count {
                    let entry = |line: usize, first: usize, step: usize| {
                        &numbers[first * points + lines[line].byte(row) as usize * step * points..][..step * points]
                    };
                    let (root, below) = (entry(0, 0, 2), entry(1, 6, 2));
                    let (group, other) = (entry(2, 12, 3), entry(3, 24, 1));
                    let mut expected = [0.0; 6];
                    for point in 0..points {
                        let difference = other[point] - 0.75;
                        let mean = 0.75 + below[point] * difference;
                        let left = weights[point] * root[point];
                        expected[4] += weights[point] * root[points + point] * (group[point] - mean);
                        expected[0] += (weights[point] - left) * below[points + point] * difference;
                        expected[1] += left * group[points + point];
                        expected[4] += left * group[2 * points + point];
                    }
                    for (sum, expected) in sums[row / 2 * 6..].iter().zip(expected) {
                        assert!((sum[row % 2] - 0.5 - expected).abs() < 1e-14, "row {row} of {count}, {points} points");
                    }
                }
            }
        }
    }

    fn refused(count: usize, spoil: impl Fn(&mut Tree, &mut Vec<f64>)) {
        let (mut tree, mut numbers) = (tree(2), vec![0.0; 56]);
        spoil(&mut tree, &mut numbers);
        let (mut sums, lines) = (vec![[0.0; 2]; 5], lines());
        let mut rows = Rows { lines: &lines, count, sums: &mut sums, step: 5, width: 5 };
        tree.walk(&mut rows, &[0.5; 2], &numbers, &mut Scratch::new());
    }

    #[test]
    fn what_is_there_is_taken() {
        refused(2, |_, _| {});
    }

    #[test]
    #[should_panic(expected = "<= left")]
    fn numbers_that_are_not_there_are_refused() {
        refused(2, |_, numbers| numbers.truncate(55));
    }

    #[test]
    #[should_panic(expected = "is_place")]
    fn places_that_are_not_there_are_refused() {
        refused(2, |tree, _| tree.splits[1].below[1] = 9);
    }

    #[test]
    #[should_panic(expected = "is_part")]
    fn parts_that_are_not_there_are_refused() {
        refused(2, |tree, _| tree.groups[0].parts[1] = 5);
    }

    #[test]
    #[should_panic(expected = "< lines")]
    fn lines_that_are_not_there_are_refused() {
        refused(2, |tree, _| tree.groups[1].line = 4);
    }

    #[test]
    #[should_panic(expected = "over ==")]
    fn answers_that_have_no_numbers_are_refused() {
        refused(2, |tree, _| tree.splits[0].answers = 1);
    }

    #[test]
    #[should_panic(expected = "answers > 0")]
    fn no_answers_are_refused() {
        refused(1, |tree, _| tree.groups[0].answers = 0);
    }
}
