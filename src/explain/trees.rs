//! Contributions of many rows at once, tree after tree.

use wardian_kernels::answers::Codes;
use wardian_kernels::fold::{LANES, Line};
use wardian_kernels::quadrature::{self, Rows};

use super::plan::Plan;
use super::quadrature::{Rule, rules};
use super::tables::Layout;
use crate::codes::{Block, Coders};
use crate::covers::Covers;
use crate::error::Result;
use crate::forest::Forest;

/// The most numbers that are kept for all trees: 32 MB. Of trees beyond they are made anew for each block of rows.
const MOST_NUMBERS: usize = 1 << 22;
/// Codes are answered so many at a time.
const SIXTEEN: usize = 16;

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
    layout: Layout,
    /// For each rule its numbers, where they are kept.
    numbers: Vec<Vec<f64>>,
}

/// Memory that is used again from call to call.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    codes: Vec<i8>,
    lines: Vec<Line>,
    numbers: Vec<f64>,
    walk: quadrature::Scratch,
    /// For each two rows and each output and feature what both have so far.
    sums: Vec<[f64; 2]>,
}

impl Scratch {
    pub(crate) const fn new() -> Self {
        Self {
            codes: Vec::new(),
            lines: Vec::new(),
            numbers: Vec::new(),
            walk: quadrature::Scratch::new(),
            sums: Vec::new(),
        }
    }
}

impl Trees {
    /// The forest in this form.
    ///
    /// # Errors
    /// `unsupported_model` for a path that asks for more than 256 features.
    pub(crate) fn new(forest: &Forest, covers: &Covers) -> Result<Self> {
        Self::with_room(forest, covers, MOST_NUMBERS)
    }

    /// As [`Trees::new`], with room for so many numbers.
    pub(super) fn with_room(forest: &Forest, covers: &Covers, mut room: usize) -> Result<Self> {
        let plans = Plan::all(forest, &covers.left_shares(forest))?;
        let mut bases: Vec<f64> = forest.base_margins().iter().collect();
        let mut trees = Self { coders: Coders::new(forest), bases: Vec::new(), trees: Vec::new(), rules: Vec::new() };
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
            let rules = &trees.rules[points];
            let layout = Layout::new(&plan, rules[0].count);
            let mut tree = Tree { plan, layout, numbers: Vec::new() };
            let count = tree.layout.count * rules.len();
            if count <= room {
                room -= count;
                for rule in rules {
                    let mut numbers = Vec::new();
                    tree.layout.write(&tree.plan, rule, &mut numbers);
                    tree.numbers.push(numbers);
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
        // Few enough that what they need stays in the processor's second memory; enough that making numbers anew does
        // not show.
        ((1 << 17) / (width * self.bases.len() + self.coders.count())).clamp(1, 256)
    }

    /// As [`Trees::explain`] for any number of rows, a block at a time, with room made for the contributions.
    #[cfg(any(feature = "explainer", feature = "sealed-explain"))]
    pub(crate) fn explain_all(&self, rows: &[f32], width: usize, scratch: &mut Scratch, contributions: &mut Vec<f64>) {
        let (outputs, step) = (self.bases.len(), self.block_rows(width) * width);
        contributions.resize(rows.len() * outputs, 0.0);
        for (rows, contributions) in rows.chunks(step).zip(contributions.chunks_mut(step * outputs)) {
            self.explain(rows, width, scratch, contributions);
        }
    }

    /// Writes the contributions of whole `rows` of `width` 32-bit floats, `NaN` for missing: for each row and output, one
    /// for each feature. Memory is as long as the rows: give it [`Trees::block_rows`] at a time.
    pub(crate) fn explain(&self, rows: &[f32], width: usize, scratch: &mut Scratch, contributions: &mut [f64]) {
        let Scratch { codes, lines, numbers, walk, sums } = scratch;
        let count = rows.len() / width;
        let step = self.write_codes(rows, width, codes);
        let row_step = self.bases.len() * width;
        sums.clear();
        sums.resize(count.div_ceil(2) * row_step, [0.0; 2]);
        for Tree { plan, layout, numbers: kept } in &self.trees {
            lines.resize(lines.len().max(plan.splits.len() + layout.ends.len() + 1), Line::splat(0));
            for (index, rule) in self.rules[plan.points()].iter().enumerate() {
                let numbers = match kept.get(index) {
                    Some(numbers) => numbers,
                    None => {
                        layout.write(plan, rule, numbers);
                        &*numbers
                    }
                };
                for (block, sums) in sums.chunks_mut(LANES / 2 * row_step).enumerate() {
                    let rows = (count - block * LANES).min(LANES);
                    let codes = Codes {
                        sixteens: codes.as_chunks().0,
                        step: step / SIXTEEN,
                        first: block * LANES / SIXTEEN,
                        count: rows.div_ceil(SIXTEEN),
                    };
                    let sums = &mut sums[plan.output as usize * width..];
                    layout.answer(plan, codes, rows, lines);
                    layout.add(Rows { lines, count: rows, sums, step: row_step, width }, rule, numbers, walk);
                }
            }
        }
        for (row, contributions) in contributions.chunks_exact_mut(row_step).enumerate() {
            for (contribution, sum) in contributions.iter_mut().zip(&sums[row / 2 * row_step..]) {
                *contribution = sum[row % 2];
            }
        }
    }

    /// Writes the rows' codes, those of a column together; how far apart the columns are.
    pub(super) fn write_codes(&self, rows: &[f32], width: usize, codes: &mut Vec<i8>) -> usize {
        let column_step = (rows.len() / width).next_multiple_of(SIXTEEN);
        codes.resize(self.coders.count() * column_step, 0);
        self.coders.encode(rows, width, Block { bytes: codes, row_step: 1, column_step });
        column_step
    }

    /// Every tree, and the rules that it needs.
    pub(super) fn plans(&self) -> impl Iterator<Item = (&Plan, &[Rule])> {
        self.trees.iter().map(|tree| (&tree.plan, &*self.rules[tree.plan.points()]))
    }
}

#[cfg(test)]
impl Trees {
    /// How each tree is explained.
    pub(super) fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.trees.iter().map(|tree| match (tree.layout.is_table(), tree.numbers.is_empty()) {
            (true, false) => "table",
            (true, true) => "table, anew",
            (false, false) => "walk",
            (false, true) => "walk, anew",
        })
    }

    /// The bytes of all trees.
    pub(super) fn bytes(&self) -> usize {
        let own = |tree: &Tree| {
            let numbers = tree.numbers.iter().map(|numbers| numbers.capacity() * size_of::<f64>()).sum::<usize>();
            size_of::<Tree>() + tree.plan.bytes() + tree.layout.bytes() + numbers
        };
        self.trees.iter().map(own).sum()
    }
}
