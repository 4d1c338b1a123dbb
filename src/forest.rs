//! Trees over integer codes: the strict form that everything downstream evaluates.
//!
//! A [`Forest`] is checked once, when it is made, and cannot hold nonsense afterwards: every node's children exist
//! and come after it, every leaf belongs to exactly one tree, every rank is one of its column's. That is what
//! lets the evaluators walk without checks of their own and always stop.

use crate::dialect::Dialect;
use crate::error::{Error, Result, broken};
use crate::link::Link;
use crate::narrowing;
use crate::numbers::{Numbers, Precision};
use crate::sealed::IS_SEALED;

/// The most nodes, splits and leaves together, that a forest may have.
pub const MAX_NODES: usize = 1 << 28;
/// The most outputs that a forest may have.
pub const MAX_OUTPUTS: usize = 1 << 16;

/// The side that a missing value takes in a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MissingSide {
    /// It goes left.
    Left,
    /// It goes right.
    Right,
}

/// One column of codes: a feature, and what it is asked. A feature may have several.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The feature's index.
    pub feature: u32,
    /// What the column's splits ask.
    pub test: Test,
}

/// What the splits of one column ask of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Is it below the cut of some rank? Yes goes left. The cuts are strictly ascending and finite, at most
    /// [`MOST_CUTS`].
    Below(Vec<f32>),
    /// Is it one of these categories? Yes goes right. Strictly ascending, each below [`MAX_CATEGORY`]; there is one
    /// rank, 0. A fraction is cut off; a negative value, or one from [`MAX_CATEGORY`] up, is in no set.
    InSet(Vec<u32>),
}

/// The first whole number that is no category: XGBoost counts categories in 32-bit floats, exact to here.
pub const MAX_CATEGORY: u32 = 1 << 24;

/// The most cuts of a column: its codes, and missing, fit a byte.
pub const MOST_CUTS: usize = wardian_kernels::buckets::MOST_CUTS;

impl Column {
    /// How many ranks the column's splits may name.
    pub fn rank_count(&self) -> usize {
        match &self.test {
            Test::Below(cuts) => cuts.len(),
            Test::InSet(_) => 1,
        }
    }
}

/// A question that sends a row left or right: left if its value is below the cut, or in no set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// The code column's index.
    pub column: u32,
    /// The index of the threshold among the column's cuts.
    pub rank: u8,
    /// Where a missing value goes.
    pub missing: MissingSide,
}

/// One node. A tree is its nodes in pre-order: a split's left child is the next node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node {
    /// A split.
    Split {
        /// What it asks.
        split: Split,
        /// The right child's index, counted over all nodes of the forest.
        right: u32,
    },
    /// The end of a walk.
    Leaf {
        /// Which leaf: leaves are counted over all nodes of the forest.
        leaf: u32,
    },
}

/// Where base margins come into a sum, which makes its last bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// The sum begins with it, and the leaves are added one by one.
    #[default]
    First,
    /// The leaves are added up from 0, and their sum to it: XGBoost before 1.3.
    Last,
    /// As [`Base::First`]; but rows have none of their own, because the trainer has no answer that would be right:
    /// `dart` of XGBoost 1.7 to 3.2, which counts them once for every tree.
    Fixed,
}

/// What a [`Forest`] is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// The code columns. Those that few splits ask for should come last: tiles look up sixteen at a time.
    pub columns: Vec<Column>,
    /// The nodes of all trees one after another, each tree in pre-order, the left side of a split before its right; a leaf
    /// is `None`. Where a tree ends, and what is right of what, follows.
    pub nodes: Vec<Option<Split>>,
    /// What the leaves add to the margins: one number a leaf, or, where a leaf adds to every output, as many as there
    /// are outputs; of several estimators' trees together as many as each has. Their type is that of sums and answers.
    pub leaves: Numbers,
    /// The output that each tree adds to; all 0 where leaves add to every output.
    pub tree_outputs: Vec<u32>,
    /// The margin of each output of a row that no tree is added to; of the leaves' type.
    pub base_margins: Numbers,
    /// Where these, or a row's own, come into a sum.
    pub base: Base,
    /// What maps margins to predictions.
    pub link: Link,
    /// What the trainer does otherwise than XGBoost.
    pub dialect: Dialect,
}

/// Trees, the columns they compare, the margins they start from and the link at their end.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    columns: Vec<Column>,
    nodes: Vec<Node>,
    trees: Vec<Tree>,
    leaves: Numbers,
    leaf_width: usize,
    base_margins: Numbers,
    base: Base,
    link: Link,
    dialect: Dialect,
}

/// One tree of a [`Forest`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tree {
    /// The index of its root among the nodes.
    pub root: u32,
    /// The output that it adds to, or the first that its leaves' numbers add to: a multiple of how many these are.
    pub output: u32,
    /// The most splits between its root and a leaf.
    pub depth: u32,
}

impl Forest {
    /// A forest of these parts.
    ///
    /// # Errors
    /// `invalid_model`, naming the tree and node, unless: there are 1 to [`MAX_OUTPUTS`] outputs; columns hold at least
    /// one cut or category, finite and strictly ascending; splits name an existing column and rank; the nodes are whole trees; every tree has an output; there are as many leaf values as leaves,
    /// or so many for every output; leaves and base margins are finite.
    pub fn new(parts: Parts) -> Result<Self> {
        let Parts { columns, nodes, leaves, tree_outputs, base_margins, base, link, dialect } = parts;
        let outputs = base_margins.len();
        if nodes.len() > MAX_NODES || outputs == 0 || outputs > MAX_OUTPUTS {
            return Err(broken(
                "# nodes, # outputs; the limits are # and #",
                &[nodes.len(), outputs, MAX_NODES, MAX_OUTPUTS],
            ));
        }
        if !IS_SEALED {
            check_columns(&columns)?;
        }
        let (nodes, trees) = linked(&columns, &nodes, &tree_outputs)?;
        let leaf_count = (nodes.len() + trees.len()) / 2;
        let leaf_width = leaf_width(leaves.len(), leaf_count, outputs);
        // Where `usize` has 32 bits the product may wrap around to the right number.
        if leaves.len() as u64 != leaf_count as u64 * leaf_width as u64 {
            return Err(broken("# leaf values for # leaves, # outputs", &[leaves.len(), leaf_count, outputs]));
        }
        dialect.finish().check()?;
        #[cfg(feature = "double")]
        if let Some(combination) = dialect.combination() {
            if leaves.precision() != Precision::Double {
                return Err(broken("a combination is of 64 bits, and the leaves are not", &[]));
            }
            combination.check(outputs)?;
        }
        narrowing::check(dialect.wide())?;
        if leaves.precision() != base_margins.precision() {
            return Err(broken("leaves and base margins are of two types", &[]));
        }
        if !IS_SEALED {
            if let Some(index) = base_margins.first_endless() {
                return Err(broken("base margin # is not finite", &[index]));
            }
            if let Some(index) = leaves.first_endless() {
                return Err(broken("leaf # is not finite", &[index / leaf_width]));
            }
        }
        if link.precision().is_some_and(|precision| precision != leaves.precision()) {
            return Err(broken("the link is not of the leaves' type", &[]));
        }
        for (index, tree) in trees.iter().enumerate() {
            // Leaves of several numbers add to whole groups of outputs, so that no two trees' are added in another order than theirs.
            if tree.output as usize > outputs - leaf_width
                || cfg!(feature = "double") && !(tree.output as usize).is_multiple_of(leaf_width)
            {
                return Err(broken("output # does not exist", &[tree.output as usize]).place("tree #", &[index]));
            }
        }
        Ok(Self { columns, nodes, trees, leaves, leaf_width, base_margins, base, link, dialect })
    }

    /// The code columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The trees, in the order that their leaves are added.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// All nodes, tree after tree, each tree in pre-order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// What the leaves add: [`Forest::leaf_width`] numbers for each leaf, in the order of the nodes.
    pub fn leaves(&self) -> &Numbers {
        &self.leaves
    }

    /// The type of leaves, of their sums, and of answers.
    pub fn precision(&self) -> Precision {
        self.leaves.precision()
    }

    /// What one of a leaf's numbers adds to the margin, in 64 bits: of a forest whose sums are multiplied, its share of that.
    #[cfg(feature = "explain")]
    pub(crate) fn leaf(&self, leaf: u32, part: usize) -> f64 {
        let number = self.leaves.get(leaf as usize * self.leaf_width + part).unwrap_or_default();
        number * self.dialect.finish().scale
    }

    /// How many numbers a leaf has: 1, as many as there are outputs, or a part of these where trees are of several estimators.
    pub fn leaf_width(&self) -> usize {
        self.leaf_width
    }

    /// How many margins a row has.
    pub fn output_count(&self) -> usize {
        self.base_margins.len()
    }

    /// What a row without base margins of its own has, for each output.
    pub fn base_margins(&self) -> &Numbers {
        &self.base_margins
    }

    /// Where these, or a row's own, come into a sum.
    pub fn base(&self) -> Base {
        self.base
    }

    /// What maps margins to predictions.
    pub fn link(&self) -> Link {
        self.link
    }

    /// What makes predictions of margins, in the field's own terms: the link, or a combination of several.
    pub fn link_name(&self) -> String {
        #[cfg(feature = "double")]
        if let Some(combination) = self.dialect.combination() {
            return format!("a combination in {} steps", combination.steps().len());
        }
        self.link.name().to_owned()
    }

    /// What the trainer does otherwise than XGBoost.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Whether it computes as XGBoost does, in 32 bits throughout.
    pub fn is_xgboosts(&self) -> bool {
        #[cfg(not(feature = "double"))]
        return true;
        #[cfg(feature = "double")]
        self.is_plain()
    }

    #[cfg(feature = "double")]
    fn is_plain(&self) -> bool {
        let is_of_groups = self.leaf_width != 1 && self.leaf_width != self.output_count();
        let is_other = matches!(self.link, Link::Other(_)) || self.dialect != Dialect::default() || is_of_groups;
        self.precision() == Precision::Single && !is_other
    }

    /// Whether rows may begin with base margins of their own. Only XGBoost's do, and none of its [`Base::Fixed`].
    pub(crate) fn takes_base_margins(&self) -> bool {
        self.is_xgboosts() && self.base != Base::Fixed
    }

    /// How many splits all trees have.
    pub fn split_count(&self) -> usize {
        // Every tree has one leaf more than it has splits.
        (self.nodes.len() - self.trees.len()) / 2
    }

    /// The most splits between a root and a leaf.
    pub fn depth(&self) -> usize {
        self.trees.iter().map(|tree| tree.depth).max().unwrap_or(0) as usize
    }
}

/// How many numbers a leaf has.
#[cfg(not(feature = "double"))]
fn leaf_width(numbers: usize, leaves: usize, outputs: usize) -> usize {
    if numbers == leaves { 1 } else { outputs }
}

/// How many numbers a leaf has: a width that does not divide the outputs is not believed.
#[cfg(feature = "double")]
fn leaf_width(numbers: usize, leaves: usize, outputs: usize) -> usize {
    let width = numbers.checked_div(leaves).unwrap_or(1).max(1);
    if outputs.is_multiple_of(width) { width } else { outputs }
}

fn check_columns(columns: &[Column]) -> Result<()> {
    for (index, column) in columns.iter().enumerate() {
        let place = |error: Error| error.place("code column #", &[index]);
        let fault = match &column.test {
            Test::Below(cuts) if cuts.is_empty() => "it has no cuts",
            Test::Below(cuts) if cuts.len() > MOST_CUTS => "it has too many cuts",
            Test::Below(cuts) if cuts.iter().any(|cut| !cut.is_finite()) => "a cut is not finite",
            Test::Below(cuts) if cuts.windows(2).any(|pair| pair[0] >= pair[1]) => "it is not strictly ascending",
            Test::InSet(set) if set.is_empty() => "its set is empty",
            Test::InSet(set) if set.windows(2).any(|pair| pair[0] >= pair[1]) => "it is not strictly ascending",
            Test::InSet(set) if set.last().is_some_and(|&last| last >= MAX_CATEGORY) => "a category is too large",
            _ => continue,
        };
        return Err(place(broken(fault, &[])));
    }
    Ok(())
}

/// Finds the trees among nodes in pre-order, and what is right of each split.
fn linked(columns: &[Column], nodes: &[Option<Split>], outputs: &[u32]) -> Result<(Vec<Node>, Vec<Tree>)> {
    let mut linked: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut trees: Vec<Tree> = Vec::with_capacity(outputs.len());
    // The splits whose right side is still to come, nearest last, and their depths: after a leaf comes the nearest's.
    let mut pending: Vec<(u32, u32)> = Vec::new();
    let (mut depth, mut leaf, mut at_root) = (0, 0, true);
    for (index, node) in nodes.iter().enumerate() {
        if std::mem::take(&mut at_root) {
            let output = outputs.get(trees.len()).copied().unwrap_or(0);
            trees.push(Tree { root: index as u32, output, depth: 0 });
        }
        if let Some(split) = *node {
            let ranks = columns.get(split.column as usize).map_or(0, Column::rank_count);
            if split.rank as usize >= ranks {
                let numbers = [split.rank as usize, split.column as usize, ranks];
                let root = trees.last().map_or(0, |tree| tree.root as usize);
                return Err(broken("cut # of code column # does not exist: # do", &numbers)
                    .place("tree #, node #", &[trees.len() - 1, index - root]));
            }
            pending.push((index as u32, depth));
            depth += 1;
            linked.push(Node::Split { split, right: 0 });
            continue;
        }
        linked.push(Node::Leaf { leaf });
        leaf += 1;
        if let Some(tree) = trees.last_mut() {
            tree.depth = tree.depth.max(depth);
        }
        match pending.pop() {
            None => (depth, at_root) = (0, true),
            Some((parent, above)) => {
                depth = above + 1;
                if let Node::Split { right, .. } = &mut linked[parent as usize] {
                    *right = index as u32 + 1;
                }
            }
        }
    }
    if !at_root || trees.len() != outputs.len() {
        return Err(broken("the nodes are # trees or parts, # are due", &[trees.len(), outputs.len()]));
    }
    Ok((linked, trees))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUT: Option<Split> = Some(Split { column: 0, rank: 0, missing: MissingSide::Left });

    /// Trees of these nodes over one cut.
    fn parts(nodes: Vec<Option<Split>>, trees: usize) -> Parts {
        Parts {
            columns: vec![Column { feature: 0, test: Test::Below(vec![0.5]) }],
            leaves: Numbers::Single(vec![0.0; nodes.iter().filter(|node| node.is_none()).count()]),
            nodes,
            tree_outputs: vec![0; trees],
            base_margins: Numbers::Single(vec![0.0]),
            base: Base::First,
            link: Link::Identity,
            dialect: Dialect::default(),
        }
    }

    fn fault(parts: Parts) -> String {
        Forest::new(parts).expect_err("a fault").to_string()
    }

    #[test]
    fn a_column_that_evaluators_could_not_trust_is_named() {
        let most: Vec<f32> = (0..=MOST_CUTS as u16).map(f32::from).collect();
        let cases = [
            (Test::Below(vec![]), "it has no cuts"),
            (Test::Below(most.clone()), "it has too many cuts"),
            (Test::Below(vec![0.0, f32::INFINITY]), "a cut is not finite"),
            (Test::Below(vec![f32::NAN]), "a cut is not finite"),
            (Test::Below(vec![1.0, 1.0]), "it is not strictly ascending"),
            (Test::Below(vec![-0.0, 0.0]), "it is not strictly ascending"),
            (Test::InSet(vec![]), "its set is empty"),
            (Test::InSet(vec![3, 3]), "it is not strictly ascending"),
            (Test::InSet(vec![3, MAX_CATEGORY]), "a category is too large"),
        ];
        let with = |test| {
            let mut parts = parts(vec![CUT, None, None], 1);
            parts.columns.push(Column { feature: 1, test });
            parts
        };
        for (test, message) in cases {
            let fault = fault(with(test));
            assert!(fault.contains("code column 1") && fault.contains(message), "{fault}");
        }
        for test in [Test::Below(most[1..].to_vec()), Test::InSet(vec![0, MAX_CATEGORY - 1])] {
            assert!(Forest::new(with(test)).is_ok());
        }
    }

    #[test]
    fn a_cut_that_is_not_there_is_named_by_its_tree_and_node() {
        let absent = Some(Split { column: 0, rank: 1, missing: MissingSide::Left });
        let fault = fault(parts(vec![CUT, None, None, CUT, None, absent, None, None], 2));
        assert!(fault.contains("tree 1, node 2"), "{fault}");
    }

    #[test]
    fn nodes_are_whole_trees_and_as_many_as_are_due() {
        let of_trees = |nodes: Vec<Option<Split>>, trees| fault(parts(nodes, trees));
        for fault in [of_trees(vec![None, None], 1), of_trees(vec![None], 2), of_trees(vec![None, CUT, None], 2)] {
            assert!(fault.contains("trees"), "{fault}");
        }
        assert!(Forest::new(parts(vec![None, CUT, None, None], 2)).is_ok());
    }

    /// Nobody computes these of 64 bits, and nobody those of 32: what was never compared is not answered.
    #[test]
    #[cfg(feature = "double")]
    fn links_are_of_the_type_that_their_trainers_compute_in() {
        use crate::link::OtherLink;
        let of = |link, leaves: &Numbers, base_margins: &Numbers| {
            let (leaves, base_margins) = (leaves.clone(), base_margins.clone());
            Forest::new(Parts { link, leaves, base_margins, ..parts(vec![None], 1) }).is_ok()
        };
        let single = |link| of(link, &Numbers::Single(vec![0.5]), &Numbers::Single(vec![0.0]));
        let double = |link| of(link, &Numbers::Double(vec![0.5]), &Numbers::Double(vec![0.0]));
        for link in [Link::Class, Link::Hinge, Link::UncappedLogistic, Link::Expectiles, Link::Sorted] {
            assert!(single(link) && !double(link), "{link:?}");
        }
        for link in [Link::Identity, Link::Logistic, Link::Exponential, Link::Softmax] {
            assert!(single(link) && double(link), "{link:?}");
        }
        let softplus = Link::Other(OtherLink::Softplus);
        assert!(double(softplus) && !single(softplus));
    }
}
