//! The numbers that [`wardian_kernels::quadrature`] walks over, and where they are.


use wardian_kernels::answers::{DEAD, Digit};
use wardian_kernels::quadrature::{Group, Lookup, MOST_PARTS, Split, Tree};

use super::plan::Plan;
use super::quadrature::{POINTS, Points, Rule};

/// The most splits of a tree whose contributions are looked up by the answers of all its splits: every tree of depth 3.
const TABLE_SPLITS: usize = 7;
/// The most splits of a group.
const GROUP_SPLITS: u32 = MOST_PARTS as u32;
/// The most splits that the contributions of a group's splits depend on, where they are looked up: its own and those above.
const LOOKUP_SPLITS: usize = 7;

/// How a tree is walked over.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) tree: Tree,
    /// Of a tree whose contributions are all looked up, the features of its splits.
    pub(super) parts: Vec<u32>,
    /// The answers that each number is made of, one number after another: of each group, and then of each lookup.
    pub(super) digits: Vec<Digit>,
    /// Where each number's answers end.
    pub(super) ends: Vec<u32>,
    /// How many numbers there are for each rule.
    pub(super) count: usize,
}

impl Layout {
    /// Whether everything is looked up by the answers of all splits.
    pub(super) fn is_table(&self) -> bool {
        cfg!(sealed) || self.tree.splits.is_empty()
    }

    /// For rules of `points` points. Of a tree that is no table the groups' contributions are looked up where they do not
    /// depend on too much, if they `may` be.
    pub(super) fn new(plan: &Plan, points: usize, may: bool) -> Self {
        let mut layout = Self { tree: Tree::default(), parts: Vec::new(), digits: Vec::new(), ends: Vec::new(), count: 0 };
        let splits = plan.splits.len();
        if cfg!(sealed) || splits <= TABLE_SPLITS {
            layout.table(plan);
        } else {
            layout.place(plan, points, may);
        }
        layout
    }

    /// Places the splits above groups, the groups and the other leaves.
    fn place(&mut self, plan: &Plan, points: usize, may: bool) {
        let is_above = |index: usize| plan.splits[index].size > GROUP_SPLITS;
        let above: Vec<usize> = (0..plan.splits.len()).filter(|&index| is_above(index)).collect();
        let groups = above.iter().flat_map(|&index| plan.below(index)).flatten().filter(|&index| !is_above(index)).count();
        // The place of each split that has one, and the splits above it.
        let mut places = vec![0; plan.splits.len()];
        for (place, &index) in above.iter().enumerate() {
            places[index] = place as u32;
        }
        let mut path: Vec<usize> = Vec::new();
        for &index in &above {
            // The last of these that it is below: those behind are done.
            while path.last().is_some_and(|&last| last + plan.splits[last].size as usize <= index) {
                path.pop();
            }
            path.push(index);
            let mut children = [0; 2];
            for (side, below) in plan.below(index).into_iter().enumerate() {
                children[side] = match below {
                    Some(below) if is_above(below) => places[below],
                    Some(below) => {
                        let place = (above.len() + self.tree.groups.len()) as u32;
                        self.group(plan, &path, below, place, points, may);
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
                below: children,
                part: plan.feature(index),
                numbers: (self.count / points) as u32,
                answers: plan.states(index) as u8,
            });
            self.count += plan.states(index) * 2 * points;
        }
        self.tree.groups.sort_by_key(|group| group.count);
        self.tree.lookups.sort_by_key(|lookup| lookup.count);
    }

    fn group(&mut self, plan: &Plan, path: &[usize], first: usize, place: u32, points: usize, may: bool) {
        let own = first..first + plan.splits[first].size as usize;
        let mut entries = 1;
        for split in own.clone() {
            // Where the earlier split is in the group, its answer says as much.
            let is_whole = plan.states(split) > 2 && !own.contains(&(plan.answers[split].earlier as usize - 1));
            self.digits.push(Digit { split: split as u32, is_whole });
            entries *= 2 + usize::from(is_whole);
        }
        let line = self.end(plan);
        let numbers = (self.count / points) as u32;
        let (parts, count) = plan.parts(own.clone());
        let is_looked_up = may && path.len() + own.len() <= LOOKUP_SPLITS;
        let kept = if is_looked_up { 0 } else { count };
        self.tree.groups.push(Group { line, place, numbers, parts, count: kept, answers: entries as u8 });
        self.count += entries * (1 + usize::from(kept)) * points;
        if is_looked_up {
            let splits = path.iter().copied().chain(own);
            self.digits.extend(splits.map(|split| Digit { split: split as u32, is_whole: false }));
            let (line, numbers) = (self.end(plan), self.count as u32);
            let answers = 1 << (path.len() + plan.splits[first].size as usize);
            self.tree.lookups.push(Lookup { line, numbers, parts, count, answers });
            self.count += usize::from(count) * usize::from(answers);
            self.count = self.count.next_multiple_of(points);
        }
    }

    /// Looks everything up by the answers of all splits.
    fn table(&mut self, plan: &Plan) {
        let splits = 0..plan.splits.len();
        self.digits.extend(splits.clone().map(|split| Digit { split: split as u32, is_whole: false }));
        self.end(plan);
        self.parts.clone_from(&plan.features);
        self.count = self.parts.len() << splits.len();
    }

    /// Ends a number's answers; its line.
    fn end(&mut self, plan: &Plan) -> u32 {
        self.ends.push(self.digits.len() as u32);
        (plan.splits.len() + self.ends.len()) as u32 - 1
    }

    /// The answers of the number in a line.
    fn digits(&self, plan: &Plan, line: u32) -> &[Digit] {
        let number = line as usize - plan.splits.len();
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.digits[start..self.ends[number] as usize]
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
        };
        for split in &self.tree.splits {
            let to = &mut numbers[split.numbers as usize * rule.count..];
            let each = below.each[split.line as usize].iter().flatten();
            let each = each.take(2 * plan.states(split.line as usize));
            for (to, own) in to.chunks_exact_mut(rule.count).zip(each) {
                to.copy_from_slice(&own[..rule.count]);
            }
        }
        let mut entries = Vec::new();
        for group in &self.tree.groups {
            let digits = self.digits(plan, group.line);
            // It follows its group, where there is one.
            let lookup = self.tree.lookups.iter().find(|lookup| lookup.line == group.line + 1);
            let parts = lookup.map_or(&group.parts[..group.count.into()], |lookup| &lookup.parts[..lookup.count.into()]);
            entries.clear();
            for number in 0..group.answers.into() {
                below.set(digits, number);
                below.add(digits, parts, &mut entries);
            }
            let step = (1 + usize::from(group.count)) * rule.count;
            let to = numbers[group.numbers as usize * rule.count..].chunks_exact_mut(step);
            for (to, entry) in to.zip(entries.chunks_exact(1 + parts.len())) {
                for (to, own) in to.chunks_exact_mut(rule.count).zip(entry) {
                    to.copy_from_slice(&own[..rule.count]);
                }
            }
            if let Some(lookup) = lookup {
                let all = self.digits(plan, lookup.line);
                let to = numbers[lookup.numbers as usize..].chunks_exact_mut(parts.len());
                for (number, to) in to.take(lookup.answers.into()).enumerate() {
                    below.set(all, number);
                    let product = below.product(&all[..=all.len() - digits.len()], rule.weights);
                    let entry = &entries[below.number(digits) * (1 + parts.len())..];
                    for (to, part) in to.iter_mut().zip(&entry[1..]) {
                        *to = (0..POINTS).map(|point| product[point] * part[point]).sum();
                    }
                }
            }
        }
        if self.is_table() {
            for (number, to) in numbers.chunks_exact_mut(self.parts.len()).enumerate() {
                below.set(&self.digits, number);
                entries.clear();
                below.add(&self.digits, &self.parts, &mut entries);
                for (to, part) in to.iter_mut().zip(&entries[1..]) {
                    *to = (0..POINTS).map(|point| rule.weights[point] * part[point]).sum();
                }
            }
        }
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

    /// The number that the answers make.
    fn number(&self, digits: &[Digit]) -> usize {
        digits.iter().fold(0, |number, digit| {
            let answer = usize::from(self.answers[digit.split as usize]);
            if digit.is_whole { 3 * number + answer } else { 2 * number + (answer & 1) }
        })
    }

    /// What comes to the last of some splits, each of which is below the one before, of what comes to the first.
    fn product(&self, path: &[Digit], mut product: Points) -> Points {
        for pair in path.windows(2) {
            let split = pair[0].split as usize;
            let [q, _] = &self.each[split][usize::from(self.answers[split])];
            let is_right = self.plan.splits[split].right == pair[1].split;
            for (product, q) in product.iter_mut().zip(q) {
                let left = *product * q;
                *product = if is_right { *product - left } else { left };
            }
        }
        product
    }

    /// Appends the mean below the first of some splits, which are all that are there, and what each part is per product.
    fn add(&mut self, splits: &[Digit], parts: &[u32], entries: &mut Vec<Points>) {
        let own = entries.len();
        entries.resize(own + 1 + parts.len(), [0.0; POINTS]);
        for digit in splits.iter().rev() {
            let split = digit.split as usize;
            let [q, _] = &self.each[split][usize::from(self.answers[split])];
            let [left, right] = self.means_below(split);
            self.means[split] = std::array::from_fn(|point| right[point] + q[point] * (left[point] - right[point]));
        }
        let first = splits[0].split as usize;
        entries[own] = self.means[first];
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
            for (entry, &part) in entries[own + 1..].iter_mut().zip(parts) {
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
        std::array::from_fn(|side| below[side].map_or([f64::from(values[side]); POINTS], |below| self.means[below]))
    }
}
