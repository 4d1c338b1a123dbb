//! Trees of any shape as steps, for `wardian_kernels::fold`; of large ones the upper parts.

use std::ops::Range;

use wardian_kernels::BLOCK;
use wardian_kernels::fold::{Codes, FIRST_FREE, FIRST_ROOT, Fold, MOST_LEAVES, PLACES, Places, Split, TREES};
use wardian_kernels::has_shuffle;
use wardian_kernels::tiles::{Exit, MOST_CHAINED, MOST_COLUMNS, Tile};

use super::cut::{Cut, leaf_count, push_tiles};
use super::lines::{Lines, MOST_LINES};
use crate::forest::{Forest, Node};
use crate::numbers::Number;

/// The trees in the order that they are taken: those of one output in the order of the forest.
#[derive(Clone, Debug)]
pub(super) struct Trees<N> {
    fold: Fold<N>,
    /// The output that each group of the fold adds to.
    outputs: Vec<u32>,
}

/// No place: of a node whose number no step of the first kind makes.
const NONE: u16 = u16::MAX;

impl<N: Number> Trees<N> {
    /// The forest in this form; `None` if there are more lines than steps can tell apart, or a tree has more leaves than a byte can count
    /// and there are no tiles for it.
    pub(super) fn new(forest: &Forest, lines: &Lines) -> Option<Self> {
        let mut leaves = (0..forest.trees().len()).map(|index| leaf_count(forest, index));
        if lines.count() > MOST_LINES || !can_tile(forest) && leaves.any(|leaves| leaves > MOST_LEAVES) {
            return None;
        }
        let mut trees = Self { fold: Fold::default(), outputs: Vec::new() };
        if by_place::<N>(forest) {
            trees.fold.numbers(N::all(forest.leaves()));
        }
        // For each output the trees that are not taken yet.
        let mut waiting: Vec<_> = (0..forest.output_count()).map(|_| (0, [0; TREES])).collect();
        for (index, tree) in forest.trees().iter().enumerate() {
            let (count, group) = &mut waiting[tree.output as usize];
            group[*count] = index;
            *count += 1;
            if *count == TREES {
                trees.push(forest, lines, tree.output, group);
                *count = 0;
            }
        }
        for (output, (count, group)) in waiting.iter().enumerate() {
            if *count > 0 {
                trees.push(forest, lines, output as u32, &group[..*count]);
            }
        }
        trees.fold.finish();
        Some(trees)
    }

    /// Appends a group of at most [`TREES`] trees.
    fn push(&mut self, forest: &Forest, lines: &Lines, output: u32, trees: &[usize]) {
        let width = forest.leaf_width();
        let splits: usize = trees.iter().map(|&index| leaf_count(forest, index) - 1).sum();
        // A tree of more leaves than a byte can count has so many splits that this is true.
        let is_tiled = can_tile(forest) && splits >= TILED_SPLITS * trees.len();
        #[cfg(feature = "double")]
        {
            let levels: Vec<_> = trees.iter().map_while(|&index| levels::<N>(forest, lines, index)).collect();
            if levels.len() == trees.len() {
                return self.push_levels(output, &levels);
            }
        }
        let mut are_chains = forest.columns().len() > MOST_COLUMNS || width > 1;
        let mut roots = [0; TREES];
        // The first leaf of each tree, and how many it has; or its first tile.
        let (mut leaves, mut tiles) = ([0..0, 0..0, 0..0, 0..0], [0; TREES]);
        let mut count = 0;
        let mut builder = Builder::new(forest, lines, &mut self.fold);
        for (place, &index) in trees.iter().enumerate() {
            let cut = Cut::new(forest, index, is_tiled);
            if count + cut.ends.len() > MOST_LEAVES {
                builder.end(&mut roots);
                count = 0;
            }
            count += cut.ends.len();
            if is_tiled {
                tiles[place] = builder.fold.tile_count();
                are_chains |= push_tiles::<N>(forest, cut.ends.clone(), builder.fold);
            } else if let Node::Leaf { leaf } = forest.nodes()[cut.ends[0] as usize] {
                // Leaves are counted in the order of the nodes.
                leaves[place] = leaf as usize..leaf as usize + cut.ends.len();
            }
            builder.begin(place, cut);
        }
        builder.end(&mut roots);
        if is_tiled {
            tiles[trees.len()..].fill(self.fold.tile_count());
            let mut nothing = Tile::NOTHING;
            if by_place::<N>(forest) {
                nothing.set_exit(0, Exit::Numbers(self.fold.numbers(&vec![N::NOTHING; width])));
            }
            self.fold.tile(nothing);
            if are_chains {
                self.fold.end_in_chains(tiles, width as u32);
            } else {
                self.fold.end_in_tiles(tiles);
            }
        } else {
            self.end_in_leaves(forest, leaves);
        }
        self.fold.end_group(roots);
        self.outputs.push(output);
    }

    /// A group of trees that ask the same on all paths.
    #[cfg(feature = "double")]
    fn push_levels(&mut self, output: u32, trees: &[(Vec<Split>, &[N])]) {
        // Beside a tree that is not there stands a leaf that adds nothing.
        let nothing = [N::NOTHING];
        let own = |place: usize| trees.get(place).map_or((&[][..], &nothing[..]), |(splits, leaves)| (splits, leaves));
        self.fold.end_in_levels([own(0), own(1), own(2), own(3)]);
        self.fold.end_group([0; TREES]);
        self.outputs.push(output);
    }

    /// What the leaves of up to four trees add, output after output.
    #[inline(never)]
    fn end_in_leaves(&mut self, forest: &Forest, trees: [Range<usize>; TREES]) {
        let width = forest.leaf_width();
        for output in 0..width {
            let mut own = [const { Vec::new() }; TREES];
            for (own, leaves) in own.iter_mut().zip(&trees) {
                for leaf in leaves.clone() {
                    own.push(N::all(forest.leaves())[leaf * width + output]);
                }
                if own.is_empty() {
                    // Adding -0.0 changes no number, and no zero.
                    own.push(N::NOTHING);
                }
            }
            let [one, two, three, four] = &own;
            self.fold.end_in_leaves([one, two, three, four]);
        }
    }

    /// Whether codes are asked for row by row too.
    pub(super) fn has_tiles(&self) -> bool {
        self.fold.has_tiles()
    }

    /// How many groups are of trees that ask the same on all paths.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub(super) fn count_of_levels(&self) -> usize {
        self.fold.count_of_levels()
    }

    /// Whether some tile has others behind it.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub(super) fn has_chains(&self) -> bool {
        self.fold.has_chains()
    }

    /// Adds the leaves to the sums of blocks of rows, [`BLOCK`] sums for each output.
    pub(super) fn add(&self, codes: Codes<'_>, places: &mut Places, sums: &mut [N]) {
        for (group, output) in self.outputs.iter().enumerate() {
            N::fold(&self.fold, group, codes, places, &mut sums[*output as usize * BLOCK..], BLOCK);
        }
    }
}

/// The splits of a tree's levels, and its leaves, if it asks the same on all paths and is folded so: as CatBoost's do, by default.
#[cfg(feature = "double")]
fn levels<'a, N: Number>(forest: &'a Forest, lines: &Lines, index: usize) -> Option<(Vec<Split>, &'a [N])> {
    let tree = forest.trees()[index];
    let count = leaf_count(forest, index);
    if forest.leaf_width() > 1 || count != 1 << tree.depth.min(16) || count > MOST_LEAVES {
        return None;
    }
    let nodes = &forest.nodes()[tree.root as usize..][..2 * count - 1];
    // Left of every split is the next node: the first path has a split of each level.
    let split = |node: &Node| match node {
        Node::Split { split, .. } => Some(*split),
        Node::Leaf { .. } => None,
    };
    let first: Vec<_> = nodes.iter().map_while(split).collect();
    let (mut level, mut leaf) = (0, None);
    for node in nodes {
        match *node {
            Node::Split { split, .. } if first.get(level) == Some(&split) => level += 1,
            Node::Split { .. } => return None,
            Node::Leaf { leaf: own } => {
                let first_leaf = *leaf.get_or_insert(own);
                if level != first.len() {
                    return None;
                }
                // So many splits are left again as the count of leaves can be halved.
                level = first.len().saturating_sub((own - first_leaf + 1).trailing_zeros() as usize);
            }
        }
    }
    let first_leaf = leaf? as usize;
    let splits = first.into_iter().map(|split| {
        let (line, threshold) = lines.of(split);
        Split { line: line as u16, threshold }
    });
    Some((splits.collect(), &N::all(forest.leaves())[first_leaf..first_leaf + count]))
}

/// Whether trees may end in tiles: a byte names each column, and rows' codes are looked up by shuffles.
fn can_tile(forest: &Forest) -> bool {
    has_shuffle() && forest.columns().len() <= MOST_CHAINED
}

/// Whether tiles name leaves by their places: leaves of several numbers, and of numbers that tiles have no room for.
pub(super) fn by_place<N: Number>(forest: &Forest) -> bool {
    forest.leaf_width() > 1 || !N::IN_TILES
}

/// From so many splits a tree on, trees end in tiles: a row passes three of seven splits that are compared, and folding compares all.
/// Measured in wasm, ns a tree and row, folded and with tiles: 116 splits a tree 10.4 and 4.9, 190 splits 4.7 and 2.7.
const TILED_SPLITS: usize = 64;

/// The steps of a batch of trees, as they are made.
struct Builder<'a, N> {
    forest: &'a Forest,
    lines: &'a Lines,
    fold: &'a mut Fold<N>,
    /// The places that are free.
    free: Vec<u16>,
    /// The trees of the batch.
    trees: Vec<Begun>,
}

/// A tree whose steps of the first kind are made.
struct Begun {
    cut: Cut,
    place: usize,
    /// For each node the place of its number, where a step of the first kind makes it.
    made: Vec<u16>,
}

impl<'a, N: Number> Builder<'a, N> {
    fn new(forest: &'a Forest, lines: &'a Lines, fold: &'a mut Fold<N>) -> Self {
        Self { forest, lines, fold, free: all_free(), trees: Vec::new() }
    }

    /// Begins with a tree, which is the group's next.
    fn begin(&mut self, place: usize, cut: Cut) {
        let root = cut.root;
        let mut tree = Begun { cut, place, made: Vec::new() };
        self.first(&mut tree, root);
        self.trees.push(tree);
    }

    /// Ends the batch: the steps that need those of the first kind. What is made first must not be written over by what another
    /// tree makes later, so that has other places.
    fn end(&mut self, roots: &mut [u16; TREES]) {
        for tree in std::mem::take(&mut self.trees) {
            roots[tree.place] = self.then(&tree, tree.cut.root);
        }
        self.fold.end_batch();
        self.free = all_free();
    }

    /// The sides of a split that is folded, and how it is compared.
    fn split(&self, tree: &Begun, node: u32) -> Option<(Split, [u32; 2])> {
        if tree.cut.ends.binary_search(&node).is_ok() {
            return None;
        }
        let Node::Split { split, right } = self.forest.nodes()[node as usize] else { return None };
        let (line, threshold) = self.lines.of(split);
        Some((Split { line: line as u16, threshold }, [node + 1, right]))
    }

    /// The split above two ends.
    fn two(&self, tree: &Begun, node: u32) -> Option<Split> {
        let (split, [left, right]) = self.split(tree, node)?;
        (self.split(tree, left).is_none() && self.split(tree, right).is_none()).then_some(split)
    }

    fn place(&mut self, tree: &Begun, node: u32) -> u16 {
        if node == tree.cut.root {
            return FIRST_ROOT + tree.place as u16;
        }
        // A batch has at most as many splits as there are places.
        self.free.pop().unwrap_or_default()
    }

    /// The steps that need no number made before them, of the subtree at `node`.
    fn first(&mut self, tree: &mut Begun, node: u32) {
        let Some((split, [left, right])) = self.split(tree, node) else { return };
        let (Some(below_left), Some(below_right)) = (self.two(tree, left), self.two(tree, right)) else {
            self.first(tree, left);
            self.first(tree, right);
            return;
        };
        let (number, to) = (tree.cut.number(node) as u8, self.place(tree, node));
        self.fold.three([split, below_left, below_right], number, to);
        let place = (node - tree.cut.root) as usize;
        if tree.made.len() <= place {
            tree.made.resize(place + 1, NONE);
        }
        tree.made[place] = to;
    }

    /// The place of a node's number, once all steps are taken that are put in until then.
    fn then(&mut self, tree: &Begun, node: u32) -> u16 {
        let Some((split, [left, right])) = self.split(tree, node) else { return tree.cut.number(node) };
        let made = tree.made.get((node - tree.cut.root) as usize);
        if let Some(&place) = made.filter(|&&place| place != NONE) {
            return place;
        }
        let (left, right) = (self.then(tree, left), self.then(tree, right));
        for place in [left, right] {
            if place >= FIRST_FREE {
                self.free.push(place);
            }
        }
        let to = self.place(tree, node);
        self.fold.any(split, left, right, to);
        to
    }
}

/// All places of numbers that are no leaf's and no root's.
fn all_free() -> Vec<u16> {
    (FIRST_FREE..PLACES as u16).rev().collect()
}
