//! What forests and rows are drawn by.

use super::draw::{self, Draw};
use crate::dialect::Dialect;
use crate::forest::{Base, Forest, Node, Parts, Split, Test};
use crate::link::{Link, OtherLink};
use crate::numbers::{Numbers, Precision};
use crate::random::{Random, grown_parts};

/// What a forest and its rows are drawn by: all that a fuzzer, or a property test, chooses.
#[derive(Clone, Debug)]
pub struct Shape {
    /// What everything is drawn from that is not said here.
    pub seed: u64,
    /// The columns, one at least.
    pub columns: Vec<Kind>,
    /// How many features share the columns, one at least.
    pub features: usize,
    /// How many features there are that no column asks for.
    pub spare_features: usize,
    /// How many trees, how deep at most, and how many outputs they add to, one at least.
    pub trees: usize,
    /// The most splits between a root and a leaf.
    pub depth: u32,
    /// How many outputs, one at least.
    pub outputs: u32,
    /// Whether each leaf adds to all outputs.
    pub vector_leaves: bool,
    /// What leaves and base margins are like.
    pub amounts: Amounts,
    /// What maps margins to predictions.
    pub link: Link,
    /// How many rows, one at least.
    pub rows: usize,
    /// Whether rows may have infinite values, which a model refuses.
    pub infinite: bool,
}

/// All links of 32 bits.
pub const LINKS: [Link; 12] = [
    Link::Identity,
    Link::Logistic,
    Link::UncappedLogistic,
    Link::Exponential,
    Link::Softmax,
    Link::Class,
    Link::Hinge,
    Link::Expectiles,
    Link::Sorted,
    Link::Other(OtherLink::Narrowed),
    Link::Other(OtherLink::OnnxLogistic),
    Link::Other(OtherLink::OnnxSoftmax),
];

/// What a column is like.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// So many cuts, 1 to 254.
    Cuts(usize, Spread),
    /// A set of so many categories, one at least.
    Set(usize),
}

/// How a column's cuts lie.
#[derive(Clone, Copy, Debug)]
pub enum Spread {
    /// At even distances.
    Even,
    /// At even distances, but some that crowd at the low end.
    CrowdedLow,
    /// The same at the high end.
    CrowdedHigh,
    /// The same at both.
    CrowdedEnds,
    /// Each the next float.
    Adjacent,
    /// Of all sizes, both signs.
    Sizes,
    /// Any finite floats.
    Bits,
    /// Of two decimals, like most measurements.
    Decimals,
    /// Small whole numbers, as far as there are enough.
    Whole,
}

impl Spread {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Even,
        Self::CrowdedLow,
        Self::CrowdedHigh,
        Self::CrowdedEnds,
        Self::Adjacent,
        Self::Sizes,
        Self::Bits,
        Self::Decimals,
        Self::Whole,
    ];
}

/// What leaves and base margins are like.
#[derive(Clone, Copy, Debug)]
pub enum Amounts {
    /// About 1, of either sign.
    Small,
    /// Zeros of either sign, subnormals, and the like.
    Tiny,
    /// Of all sizes: sums round, and may be infinite.
    AnySize,
}

impl Amounts {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Small, Self::Tiny, Self::AnySize];
}

impl Shape {
    /// How many values a row has.
    pub(super) fn width(&self) -> usize {
        self.features + self.spare_features
    }

    /// The forest.
    pub(super) fn forest(&self) -> Forest {
        let mut random = Random(self.seed);
        let columns = self.columns.iter().enumerate();
        let columns = columns.map(|(index, &kind)| draw::column(&mut random, (index % self.features) as u32, kind));
        let columns = columns.collect();
        let mut parts = grown_parts(&mut random, columns, self.trees, self.depth, self.outputs, self.vector_leaves);
        let mut amounts = |count| Numbers::Single((0..count).map(|_| random.amount(self.amounts)).collect());
        parts.leaves = amounts(parts.leaves.len());
        parts.base_margins = amounts(parts.base_margins.len());
        parts.base = [Base::First, Base::Last, Base::Fixed][self.of_base_margins().below(3)];
        parts.link = self.link;
        Forest::new(parts).expect("a forest")
    }

    /// The same trees with leaves and base margins that have digits behind those of 32 bits; `None` where the link has no such margins.
    pub(super) fn double(&self, forest: &Forest) -> Option<Forest> {
        let mut random = Random(self.seed.rotate_left(16));
        let mut longer = |numbers: &Numbers| {
            let longer = |number: f64| number * (1.0 + random.below(1 << 20) as f64 * f64::EPSILON);
            Numbers::Double(numbers.iter().map(longer).collect())
        };
        if self.link.precision() == Some(Precision::Single) {
            return None;
        }
        let parts = Parts {
            leaves: longer(forest.leaves()),
            base_margins: longer(forest.base_margins()),
            ..self.parts_of(forest)
        };
        Some(Forest::new(parts).expect("the same trees"))
    }

    /// The same trees for twice as many outputs, each for the first half or for the second; `None` unless a leaf has several numbers.
    pub(super) fn grouped(&self, forest: &Forest) -> Option<Forest> {
        let mut random = Random(self.seed.rotate_left(48));
        if forest.leaf_width() == 1 {
            return None;
        }
        let width = forest.leaf_width() as u32;
        let base: Vec<f64> = forest.base_margins().iter().collect();
        let parts = Parts {
            tree_outputs: forest.trees().iter().map(|_| random.below(2) as u32 * width).collect(),
            base_margins: Numbers::Double([&base[..], &base].concat()),
            ..self.parts_of(forest)
        };
        Some(Forest::new(parts).expect("the same trees"))
    }

    /// What a forest is made of, with the link as it was drawn.
    fn parts_of(&self, forest: &Forest) -> Parts {
        let leaf = |node: &Node| match node {
            Node::Split { split, .. } => Some(*split),
            Node::Leaf { .. } => None,
        };
        Parts {
            columns: forest.columns().to_vec(),
            nodes: forest.nodes().iter().map(leaf).collect(),
            leaves: forest.leaves().clone(),
            tree_outputs: forest.trees().iter().map(|tree| tree.output).collect(),
            base_margins: forest.base_margins().clone(),
            base: forest.base(),
            link: self.link,
            dialect: Dialect::default(),
        }
    }

    /// Base margins of the rows' own, one for each output.
    pub(super) fn base_margins(&self) -> Vec<f32> {
        let mut random = self.of_base_margins();
        random.next();
        (0..self.rows * self.outputs as usize).map(|_| random.amount(self.amounts)).collect()
    }

    /// What base margins are drawn by: apart, so that all else is what it was before there were any.
    fn of_base_margins(&self) -> Random {
        Random(self.seed.rotate_left(32))
    }

    /// The rows: half of their values are at a cut that some split asks for, or beside it.
    pub(super) fn rows(&self, forest: &Forest) -> Vec<f32> {
        let mut random = Random(!self.seed);
        let splits: Vec<Split> = forest
            .nodes()
            .iter()
            .filter_map(|node| match node {
                Node::Split { split, .. } => Some(*split),
                Node::Leaf { .. } => None,
            })
            .collect();
        let mut rows = vec![0.0; self.rows * self.width()];
        for row in rows.chunks_exact_mut(self.width()) {
            row.fill_with(|| random.value());
            for column in forest.columns() {
                if random.below(3) > 0 {
                    row[column.feature as usize] = random.value_for(&column.test);
                }
            }
            for _ in 0..row.len() {
                if !splits.is_empty() && random.below(2) == 0 {
                    let split = splits[random.below(splits.len())];
                    let column = &forest.columns()[split.column as usize];
                    if let Test::Below(cuts) = &column.test {
                        row[column.feature as usize] = random.beside(cuts[usize::from(split.rank)]);
                    }
                }
            }
            if random.below(4) == 0 {
                row[random.below(row.len())] = random.missing();
            }
        }
        if !self.infinite {
            for value in rows.iter_mut().filter(|value| value.is_infinite()) {
                *value = f32::MAX.copysign(*value);
            }
        }
        rows
    }
}
