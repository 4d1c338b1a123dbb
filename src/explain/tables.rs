//! The numbers that [`wardian_kernels::quadrature`] walks over, and where they are.

use wardian_kernels::answers::{self, Answer, Codes, DEAD, Digit};
use wardian_kernels::fold::Line;
use wardian_kernels::quadrature::{self, Group, MOST_PARTS, Rows, Split, Tree};

use super::plan::Plan;
use super::quadrature::{POINTS, Points, Rule};
use crate::sealed::IS_SEALED;

/// The most splits of a tree whose contributions are looked up by the answers of all its splits: every tree of depth 3.
const TABLE_SPLITS: usize = 7;
/// The most splits of a group.
const GROUP_SPLITS: u32 = MOST_PARTS as u32;

/// How a tree is walked over.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) tree: Tree,
    /// Of a tree whose contributions are all looked up, the features of its splits.
    pub(super) parts: Vec<u32>,
    /// The answers that each number is made of, one number after another: of each group.
    pub(super) digits: Vec<Digit>,
    /// Where each number's answers end.
    pub(super) ends: Vec<u32>,
    /// How many numbers there are for each rule.
    pub(super) count: usize,
}

impl Layout {
    /// Whether everything is looked up by the answers of all splits.
    pub(super) fn is_table(&self) -> bool {
        IS_SEALED || self.tree.splits.is_empty()
    }

    /// For rules of `points` points.
    pub(super) fn new(plan: &Plan, points: usize) -> Self {
        let mut layout =
            Self { tree: Tree::default(), parts: Vec::new(), digits: Vec::new(), ends: Vec::new(), count: 0 };
        if IS_SEALED || plan.splits.len() <= TABLE_SPLITS {
            layout.parts.clone_from(&plan.features);
            layout.count = layout.parts.len() << plan.splits.len();
        } else {
            layout.place(plan, points);
        }
        layout
    }

    /// Places the splits above groups, the groups and the other leaves.
    fn place(&mut self, plan: &Plan, points: usize) {
        let is_above = |index: usize| plan.splits[index].size > GROUP_SPLITS;
        let above: Vec<usize> = (0..plan.splits.len()).filter(|&index| is_above(index)).collect();
        let groups =
            above.iter().flat_map(|&index| plan.below(index)).flatten().filter(|&index| !is_above(index)).count();
        // The place of each split that has one.
        let mut places = vec![0; plan.splits.len()];
        for (place, &index) in above.iter().enumerate() {
            places[index] = place as u32;
        }
        for &index in &above {
            let mut children = [0; 2];
            for (side, below) in plan.below(index).into_iter().enumerate() {
                children[side] = match below {
                    Some(below) if is_above(below) => places[below],
                    Some(below) => {
                        let place = (above.len() + self.tree.groups.len()) as u32;
                        self.group(plan, below, place, points);
                        place
                    }
                    None => {
                        self.tree.leaves.push(plan.splits[index].values[side]);
                        (above.len() + groups + self.tree.leaves.len()) as u32 - 1
                    }
                };
            }
            self.tree.splits.push(Split {
                line: index as u32,
                below: children.map(|place| place * points as u32),
                part: plan.feature(index),
                numbers: self.count as u32,
                answers: plan.states(index) as u8,
            });
            self.count += plan.states(index) * 2 * points;
        }
        self.tree.groups.sort_by_key(|group| group.count);
    }

    fn group(&mut self, plan: &Plan, first: usize, place: u32, points: usize) {
        let own = first..first + plan.splits[first].size as usize;
        let (mut parts, mut count, mut entries) = ([0; MOST_PARTS], 0, 1);
        for split in own.clone() {
            // Where the earlier split is in the group, its answer says as much.
            let is_whole = plan.states(split) > 2 && !own.contains(&(plan.answers[split].earlier as usize - 1));
            self.digits.push(Digit { split: split as u32, is_whole });
            entries *= 2 + u8::from(is_whole);
            let part = plan.feature(split);
            if !parts[..count].contains(&part) {
                parts[count] = part;
                count += 1;
            }
        }
        let (line, numbers) = ((plan.splits.len() + self.ends.len()) as u32, self.count as u32);
        self.ends.push(self.digits.len() as u32);
        let place = place * points as u32;
        self.tree.groups.push(Group { line, place, numbers, parts, count: count as u8, answers: entries });
        self.count += usize::from(entries) * (1 + count) * points;
    }

    /// Writes what some rows answer.
    pub(super) fn answer(&self, plan: &Plan, codes: Codes<'_>, rows: usize, lines: &mut [Line]) {
        let splits = plan.splits.len();
        // By itself a row takes half the time without the vectors.
        let bytes = codes.sixteens[codes.first..].as_flattened();
        let step = codes.step * codes.sixteens[0].len();
        // A module that is sealed around one model has what that model needs: the shipped one's trees are shallow.
        if self.is_table() {
            if rows == 1 {
                let right = |answer: &Answer| u8::from(answer.is_right(bytes[answer.column as usize * step]));
                lines[0].set_first(plan.answers.iter().fold(0, |number, answer| 2 * number + right(answer)));
            } else {
                answers::masks(&plan.answers, codes, &mut lines[0]);
            }
            return;
        }
        if rows == 1 {
            answers::answer_one(&plan.answers, bytes, step, lines);
        } else {
            answers::answer(&plan.answers, codes, lines);
        }
        let mut start = 0;
        for (line, &end) in (splits..).zip(&self.ends) {
            let digits = &self.digits[start..end as usize];
            if rows == 1 {
                answers::combine_one(digits, lines, line);
            } else {
                answers::combine(digits, codes.count, lines, line);
            }
            start = end as usize;
        }
    }

    /// Adds the contributions of some rows that have answered.
    pub(super) fn add(&self, mut rows: Rows<'_>, rule: &Rule, numbers: &[f64], scratch: &mut quadrature::Scratch) {
        if self.is_table() {
            quadrature::look_up(&self.parts, numbers, &mut rows);
        } else {
            self.tree.walk(&mut rows, &rule.weights[..rule.count], numbers, scratch);
        }
    }

    /// Writes the numbers for a rule.
    pub(super) fn write(&self, plan: &Plan, rule: &Rule, numbers: &mut Vec<f64>) {
        numbers.clear();
        numbers.resize(self.count, 0.0);
        let mut below = Below {
            plan,
            each: plan.splits.iter().map(|split| [0, 1, DEAD].map(|answer| split.numbers(rule, answer))).collect(),
            answers: vec![0; plan.splits.len()],
            means: vec![[0.0; POINTS]; plan.splits.len()],
            products: vec![[0.0; POINTS]; plan.splits.len()],
            entry: Vec::new(),
        };
        if self.is_table() {
            let splits = (0..plan.splits.len() as u32).map(|split| Digit { split, is_whole: false });
            let splits: Vec<Digit> = splits.collect();
            for (number, to) in numbers.chunks_exact_mut(self.parts.len()).enumerate() {
                below.set(&splits, number);
                below.add(&splits, &self.parts);
                for (to, part) in to.iter_mut().zip(&below.entry[1..]) {
                    *to = (0..POINTS).map(|point| rule.weights[point] * part[point]).sum();
                }
            }
            return;
        }
        for split in &self.tree.splits {
            let to = &mut numbers[split.numbers as usize..];
            let each = below.each[split.line as usize].iter().flatten();
            for (to, own) in to.chunks_exact_mut(rule.count).zip(each.take(2 * usize::from(split.answers))) {
                to.copy_from_slice(&own[..rule.count]);
            }
        }
        for group in &self.tree.groups {
            let number = group.line as usize - plan.splits.len();
            let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
            let digits = &self.digits[start..self.ends[number] as usize];
            let parts = &group.parts[..group.count.into()];
            let to = numbers[group.numbers as usize..].chunks_exact_mut((1 + parts.len()) * rule.count);
            for (number, to) in to.take(group.answers.into()).enumerate() {
                below.set(digits, number);
                below.add(digits, parts);
                for (to, own) in to.chunks_exact_mut(rule.count).zip(&below.entry) {
                    to.copy_from_slice(&own[..rule.count]);
                }
            }
        }
    }
}

#[cfg(test)]
impl Layout {
    /// The bytes of its lists.
    pub(super) fn bytes(&self) -> usize {
        self.tree.splits.capacity() * size_of::<Split>()
            + self.tree.groups.capacity() * size_of::<Group>()
            + (self.tree.leaves.capacity() + self.parts.capacity() + self.ends.capacity()) * size_of::<u32>()
            + self.digits.capacity() * size_of::<Digit>()
    }
}

/// What is below some splits whose answers are known.
struct Below<'p> {
    plan: &'p Plan,
    /// For each split and answer its numbers at each point.
    each: Vec<[[Points; 2]; 3]>,
    answers: Vec<u8>,
    means: Vec<Points>,
    products: Vec<Points>,
    /// What [`Below::add`] gave.
    entry: Vec<Points>,
}

impl Below<'_> {
    /// Sets the answers to those that a number is made of.
    fn set(&mut self, digits: &[Digit], mut number: usize) {
        for digit in digits.iter().rev() {
            let radix = 2 + usize::from(digit.is_whole);
            self.answers[digit.split as usize] = (number % radix) as u8;
            number /= radix;
        }
        for digit in digits.iter().filter(|digit| !digit.is_whole) {
            let answer = &self.plan.answers[digit.split as usize];
            if answer.earlier > 0 && self.answers[answer.earlier as usize - 1] != answer.side {
                self.answers[digit.split as usize] = DEAD;
            }
        }
    }

    /// Writes the mean below the first of some splits, which are all that are there, and what each part is per product.
    fn add(&mut self, splits: &[Digit], parts: &[u32]) {
        self.entry.clear();
        self.entry.resize(1 + parts.len(), [0.0; POINTS]);
        for digit in splits.iter().rev() {
            let split = digit.split as usize;
            let [q, _] = &self.each[split][usize::from(self.answers[split])];
            let [left, right] = self.means_below(split);
            self.means[split] = std::array::from_fn(|point| right[point] + q[point] * (left[point] - right[point]));
        }
        let first = splits[0].split as usize;
        self.entry[0] = self.means[first];
        self.products[first] = [1.0; POINTS];
        for digit in splits {
            let split = digit.split as usize;
            let [q, h] = &self.each[split][usize::from(self.answers[split])];
            let [left, right] = self.means_below(split);
            let product = self.products[split];
            let to_left: Points = std::array::from_fn(|point| product[point] * q[point]);
            let [left_split, right_split] = self.plan.below(split);
            if let Some(below) = left_split {
                self.products[below] = to_left;
            }
            if let Some(below) = right_split {
                self.products[below] = std::array::from_fn(|point| product[point] - to_left[point]);
            }
            let feature = self.plan.feature(split);
            for (entry, &part) in self.entry[1..].iter_mut().zip(parts) {
                if part == feature {
                    for point in 0..POINTS {
                        entry[point] += product[point] * h[point] * (left[point] - right[point]);
                    }
                }
            }
        }
    }

    fn means_below(&self, split: usize) -> [Points; 2] {
        let values = self.plan.splits[split].values;
        let below = self.plan.below(split);
        std::array::from_fn(|side| below[side].map_or([values[side]; POINTS], |below| self.means[below]))
    }
}
