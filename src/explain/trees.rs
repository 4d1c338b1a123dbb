//! Contributions of many rows at once, tree after tree.

use super::plan::{DEAD, Plan, plus, times};
use super::quadrature::{POINTS, Points, Rule, rules};
use crate::codes::{Block, Coders};
use crate::covers::Covers;
use crate::error::Result;
use crate::forest::Forest;

/// The most splits of a tree whose contributions are in a table, by the answers of all its splits: every tree of depth 3.
const TABLE_SPLITS: usize = 7;
/// The most numbers in all tables, and in all factors that are kept: 32 MB each. Trees beyond are worked out, or their
/// factors anew for each block of rows.
const MOST_NUMBERS: usize = 1 << 22;

/// A forest in the form that contributions are computed from.
#[derive(Clone, Debug)]
pub(crate) struct Trees {
    coders: Coders,
    bases: Vec<f64>,
    trees: Vec<Tree>,
    /// The rules of each count of points that a tree needs.
    rules: Vec<Vec<Rule>>,
}

#[derive(Clone, Debug)]
struct Tree {
    plan: Plan,
    /// For each combination of answers, the first split's in the lowest bit, the contribution of each feature of the
    /// tree; empty where the tree has too many splits.
    table: Vec<f64>,
    /// For each rule its factors, where they are kept.
    factors: Vec<Vec<Points>>,
}

/// Memory that is used again from call to call.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    codes: Vec<i8>,
    states: Vec<u8>,
    masks: Vec<u8>,
    sums: Vec<Points>,
    factors: Vec<Points>,
    parts: Vec<f64>,
}

impl Scratch {
    pub(crate) const fn new() -> Self {
        Self {
            codes: Vec::new(),
            states: Vec::new(),
            masks: Vec::new(),
            sums: Vec::new(),
            factors: Vec::new(),
            parts: Vec::new(),
        }
    }
}

impl Trees {
    /// The forest in this form.
    ///
    /// # Errors
    /// `unsupported_model` for a path that asks for more than 256 features.
    pub(crate) fn new(forest: &Forest, covers: &Covers) -> Result<Self> {
        let plans = Plan::all(forest, &covers.left_shares(forest))?;
        let mut bases: Vec<f64> = forest.base_margins().iter().map(|&margin| margin.into()).collect();
        let mut trees = Self { coders: Coders::new(forest), bases: Vec::new(), trees: Vec::new(), rules: Vec::new() };
        let (mut table_room, mut factor_room) = (MOST_NUMBERS, MOST_NUMBERS);
        let mut scratch = Scratch::new();
        for plan in plans {
            bases[plan.output as usize] += plan.mean;
            if plan.splits.is_empty() {
                continue;
            }
            let points = plan.points();
            while trees.rules.len() <= points {
                trees.rules.push(Vec::new());
            }
            if trees.rules[points].is_empty() {
                trees.rules[points] = rules(points);
            }
            let mut tree = Tree { plan, table: Vec::new(), factors: Vec::new() };
            let numbers = tree.plan.features.len() << tree.plan.splits.len().min(TABLE_SPLITS);
            if cfg!(sealed) || tree.plan.splits.len() <= TABLE_SPLITS && numbers <= table_room {
                table_room -= numbers;
                tree.table = tree.plan.table(&trees.rules[points], &mut scratch);
            } else {
                let rules = &trees.rules[points];
                let numbers = tree.plan.factor_count * rules.len() * POINTS;
                if numbers <= factor_room {
                    factor_room -= numbers;
                    tree.factors = rules.iter().map(|rule| tree.plan.factors(rule)).collect();
                }
            }
            trees.trees.push(tree);
        }
        trees.bases = bases;
        Ok(trees)
    }

    /// The mean margin of each output over the covers: what the model answers where nothing is known.
    pub(crate) fn bases(&self) -> &[f64] {
        &self.bases
    }

    /// How many rows of `width` values are best explained together.
    pub(crate) fn block_rows(&self, width: usize) -> usize {
        // Few enough that what they need stays in the processor's second memory; enough that making factors anew does
        // not show.
        ((1 << 17) / (width * self.bases.len() + self.coders.count())).clamp(1, 256)
    }

    /// Writes the contributions of whole `rows` of `width` 32-bit floats, `NaN` for missing: for each row and output, one
    /// for each feature. Memory is as long as the rows: give it [`Trees::block_rows`] at a time.
    pub(crate) fn explain(&self, rows: &[f32], width: usize, scratch: &mut Scratch, contributions: &mut [f64]) {
        let count = rows.len() / width;
        contributions.fill(0.0);
        let mut all_codes = std::mem::take(&mut scratch.codes);
        self.write_codes(rows, width, &mut all_codes);
        let row_step = self.bases.len() * width;
        for tree in &self.trees {
            let plan = &tree.plan;
            let first = plan.output as usize * width;
            // A module that is sealed around one model has what that model needs: the shipped one's trees are shallow.
            if cfg!(sealed) || !tree.table.is_empty() {
                let step = plan.features.len();
                let add = |row: &mut [f64], mask: u8| {
                    let entry = &tree.table[usize::from(mask) * step..][..step];
                    for (&feature, part) in plan.features.iter().zip(entry) {
                        row[first + feature as usize] += part;
                    }
                };
                if count == 1 {
                    // By itself a row takes half the time without the vector of masks.
                    let answers = plan.splits.iter().enumerate().map(|(index, split)| {
                        u8::from(split.asks.goes_right(all_codes[split.asks.column as usize])) << index
                    });
                    add(contributions, answers.fold(0, |mask, bit| mask | bit));
                } else {
                    plan.masks(&all_codes, count, &mut scratch.masks);
                    for (&mask, row) in scratch.masks.iter().zip(contributions.chunks_exact_mut(row_step)) {
                        add(row, mask);
                    }
                }
                continue;
            }
            plan.states(&all_codes, count, &mut scratch.states);
            scratch.sums.resize(scratch.sums.len().max(plan.node_count), [0.0; POINTS]);
            for (index, rule) in self.rules[plan.points()].iter().enumerate() {
                let factors = match tree.factors.get(index) {
                    Some(factors) => factors,
                    None => {
                        plan.write_factors(rule, &mut scratch.factors);
                        &scratch.factors
                    }
                };
                for (row, contributions) in contributions.chunks_exact_mut(row_step).enumerate() {
                    scratch.parts.clear();
                    scratch.parts.resize(plan.features.len(), 0.0);
                    let states = &scratch.states[row..];
                    plan.explain(states, count, factors, rule, &mut scratch.sums, &mut scratch.parts);
                    for (&feature, part) in plan.features.iter().zip(&scratch.parts) {
                        contributions[first + feature as usize] += part;
                    }
                }
            }
        }
        scratch.codes = all_codes;
    }
}

impl Trees {
    /// Writes the rows' codes, those of a column together.
    pub(super) fn write_codes(&self, rows: &[f32], width: usize, codes: &mut Vec<i8>) {
        let column_step = rows.len() / width;
        codes.resize(self.coders.count() * column_step, 0);
        self.coders.encode(rows, width, Block { bytes: codes, row_step: 1, column_step });
    }

    /// Every tree, and the rules that it needs.
    pub(super) fn plans(&self) -> impl Iterator<Item = (&Plan, &[Rule])> {
        self.trees.iter().map(|tree| (&tree.plan, &*self.rules[tree.plan.points()]))
    }
}

impl Plan {
    /// How many points its sums need.
    fn points(&self) -> usize {
        self.longest.div_ceil(2)
    }

    /// The factors of all splits at the points of `rule`.
    fn factors(&self, rule: &Rule) -> Vec<Points> {
        let mut factors = Vec::with_capacity(self.factor_count);
        self.write_factors(rule, &mut factors);
        factors
    }

    /// For each combination of answers the contribution of each feature.
    fn table(&self, rules: &[Rule], scratch: &mut Scratch) -> Vec<f64> {
        let (splits, step) = (self.splits.len(), self.features.len());
        let mut table = vec![0.0; step << splits];
        scratch.sums.resize(scratch.sums.len().max(self.node_count), [0.0; POINTS]);
        let mut states = vec![0; splits];
        for rule in rules {
            self.write_factors(rule, &mut scratch.factors);
            for (mask, parts) in table.chunks_exact_mut(step).enumerate() {
                for (index, split) in self.splits.iter().enumerate() {
                    let alive = split.earlier == 0 || states[split.earlier as usize - 1] == split.side;
                    states[index] = if alive { (mask >> index & 1) as u8 } else { DEAD };
                }
                self.explain(&states, 1, &scratch.factors, rule, &mut scratch.sums, parts);
            }
        }
        table
    }

    /// Writes which splits each row answers with right, the first in the lowest bit.
    fn masks(&self, codes: &[i8], rows: usize, masks: &mut Vec<u8>) {
        masks.clear();
        masks.resize(rows, 0);
        for (index, split) in self.splits.iter().enumerate() {
            let codes = &codes[split.asks.column as usize * rows..][..rows];
            for (mask, &code) in masks.iter_mut().zip(codes) {
                *mask |= u8::from(split.asks.goes_right(code)) << index;
            }
        }
    }

    /// Writes the state of each split for each row, the rows of a split together.
    pub(super) fn states(&self, codes: &[i8], rows: usize, states: &mut Vec<u8>) {
        states.resize(self.splits.len() * rows, 0);
        for (index, split) in self.splits.iter().enumerate() {
            let codes = &codes[split.asks.column as usize * rows..][..rows];
            let (above, own) = states.split_at_mut(index * rows);
            let own = &mut own[..rows];
            for (state, &code) in own.iter_mut().zip(codes) {
                *state = u8::from(split.asks.goes_right(code));
            }
            if split.earlier > 0 {
                let above = &above[(split.earlier as usize - 1) * rows..][..rows];
                for (state, &earlier) in own.iter_mut().zip(above) {
                    *state = if earlier == split.side { *state } else { DEAD };
                }
            }
        }
    }

    /// Adds one row's contributions at the points of `rule`; its states are `step` apart.
    fn explain(
        &self,
        states: &[u8],
        step: usize,
        factors: &[Points],
        rule: &Rule,
        sums: &mut [Points],
        parts: &mut [f64],
    ) {
        sums[0] = rule.weights;
        let state = |split: u32| usize::from(states[split as usize * step]);
        for split in &self.inner {
            let Some([left, right, ..]) = factors[split.factors as usize + 4 * state(split.split)..].first_chunk::<4>()
            else {
                return;
            };
            let own = sums[split.node as usize];
            sums[split.node as usize + 1] = times(own, left);
            sums[split.right as usize] = times(own, right);
        }
        for split in &self.last {
            let Some([sum, part]) = factors[split.factors as usize + 2 * state(split.split)..].first_chunk::<2>()
            else {
                return;
            };
            let own = sums[split.node as usize];
            sums[split.node as usize] = times(own, sum);
            parts[split.feature as usize] += total(times(own, part));
        }
        for split in self.inner.iter().rev() {
            let Some([.., left_up, right_up]) =
                factors[split.factors as usize + 4 * state(split.split)..].first_chunk::<4>()
            else {
                return;
            };
            let (left, right) = (sums[split.node as usize + 1], sums[split.right as usize]);
            sums[split.node as usize] = plus(left, &right);
            parts[split.feature as usize] += total(plus(times(left, left_up), &times(right, right_up)));
        }
    }
}

fn total(points: Points) -> f64 {
    (points[0] + points[2]) + (points[1] + points[3])
}

#[cfg(test)]
impl Trees {
    /// How each tree is explained.
    pub(super) fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.trees.iter().map(|tree| match (tree.table.is_empty(), tree.factors.is_empty()) {
            (false, _) => "table",
            (true, false) => "factors",
            (true, true) => "none",
        })
    }
}
