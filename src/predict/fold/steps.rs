//! Trees of any shape as steps, for `wardian_kernels::fold`; those of more leaves than a byte can count are walked.

use wardian_kernels::BLOCK;
use wardian_kernels::fold::{
    FIRST_FREE, FIRST_ROOT, Fold, Line, MOST_LEAVES, PLACES, Part, Places, Split, Steps, TREES,
};

use super::lines::Lines;
use super::walk;
use crate::forest::{Forest, Node, Tree};

/// The trees in the order that they are taken: those of one output in the order of the forest.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    fold: Fold,
    parts: Vec<Taken>,
}

/// What is taken at once, and the output that it adds to.
#[derive(Clone, Copy, Debug)]
struct Taken {
    output: u32,
    /// A tree that is walked; else it is the next group of the fold.
    walked: Option<u32>,
}

/// No place: of a node whose number no step of the first kinds makes.
const NONE: u16 = u16::MAX;

impl Trees {
    /// The forest in this form; `None` if leaves are vectors, or there are more lines than steps can tell apart.
    pub(super) fn new(forest: &Forest, lines: &Lines) -> Option<Self> {
        if forest.leaf_width() > 1 || lines.count() > usize::from(u16::MAX) {
            return None;
        }
        let mut trees = Self { fold: Fold::default(), parts: Vec::new() };
        // For each output the trees that are not taken yet.
        let mut waiting = vec![(0, [0; TREES]); forest.output_count()];
        for (index, tree) in forest.trees().iter().enumerate() {
            let (count, group) = &mut waiting[tree.output as usize];
            let is_walked = leaf_count(forest, index) > MOST_LEAVES;
            if !is_walked {
                group[*count] = index;
                *count += 1;
            }
            if *count == TREES || is_walked && *count > 0 {
                trees.push(forest, lines, tree.output, &group[..*count]);
                *count = 0;
            }
            if is_walked {
                trees.parts.push(Taken { output: tree.output, walked: Some(index as u32) });
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

    fn push(&mut self, forest: &Forest, lines: &Lines, output: u32, group: &[usize]) {
        self.fold.push(part(forest, lines, group));
        self.parts.push(Taken { output, walked: None });
    }

    /// Adds the leaves to the sums of blocks of rows, [`BLOCK`] sums for each output.
    pub(super) fn add(&self, walk: &walk::Trees, blocks: &[Line], lines: usize, places: &mut Places, sums: &mut [f32]) {
        let mut group = 0;
        for part in &self.parts {
            match part.walked {
                None => {
                    let sums = &mut sums[part.output as usize * BLOCK..][..BLOCK];
                    self.fold.add(group, blocks, lines, places, sums);
                    group += 1;
                }
                Some(tree) => walk.add_tree(tree as usize, blocks, lines, sums),
            }
        }
    }
}

/// How many leaves a tree has.
fn leaf_count(forest: &Forest, index: usize) -> usize {
    let end = forest.trees().get(index + 1).map_or(forest.nodes().len(), |next| next.root as usize);
    (end - forest.trees()[index].root as usize).div_ceil(2)
}

/// The steps and leaves of at most [`TREES`] trees.
fn part(forest: &Forest, lines: &Lines, trees: &[usize]) -> Part {
    let mut part = Part { batches: Vec::new(), roots: [0; TREES], leaves: [const { Vec::new() }; TREES] };
    let mut batch: Vec<(usize, Tree)> = Vec::new();
    let mut leaves = 0;
    for place in 0..TREES {
        let Some(&index) = trees.get(place) else {
            // Adding -0.0 changes no number, and no zero.
            part.leaves[place].push(-0.0);
            continue;
        };
        let count = leaf_count(forest, index);
        if leaves + count > MOST_LEAVES {
            part.batches.push(Builder::batch(forest, lines, &batch, &mut part.roots));
            (batch, leaves) = (Vec::new(), 0);
        }
        let tree = forest.trees()[index];
        let first = first_leaf(forest, tree.root);
        part.leaves[place].extend(&forest.leaves()[first as usize..][..count]);
        batch.push((place, tree));
        leaves += count;
    }
    part.batches.push(Builder::batch(forest, lines, &batch, &mut part.roots));
    part
}

/// The leaf that is furthest to the left below a node: leaves are counted in the order of the nodes.
fn first_leaf(forest: &Forest, mut node: u32) -> u32 {
    loop {
        match forest.nodes()[node as usize] {
            Node::Split { .. } => node += 1,
            Node::Leaf { leaf } => return leaf,
        }
    }
}

/// The steps of a batch of trees, as they are made.
struct Builder<'a> {
    forest: &'a Forest,
    lines: &'a Lines,
    steps: Steps,
    /// The places that are free.
    free: Vec<u16>,
    /// The tree's root, its first leaf, and where its number is to be.
    root: u32,
    first_leaf: u32,
    root_place: u16,
    /// For each node of the trees of the batch the place of its number, where a step of the first kinds makes it.
    made: Vec<Vec<u16>>,
}

impl<'a> Builder<'a> {
    fn batch(forest: &'a Forest, lines: &'a Lines, trees: &[(usize, Tree)], roots: &mut [u16; TREES]) -> Steps {
        let free = (FIRST_FREE..PLACES as u16).rev().collect();
        let mut builder = Self {
            forest,
            lines,
            steps: Steps::default(),
            free,
            root: 0,
            first_leaf: 0,
            root_place: 0,
            made: Vec::new(),
        };
        for &(place, tree) in trees {
            builder.begin(place, tree);
            builder.made.push(Vec::new());
            builder.first(tree.root);
        }
        // What is made first must not be written over by what another tree makes later: that has other places.
        for (index, &(place, tree)) in trees.iter().enumerate() {
            builder.begin(place, tree);
            roots[place] = builder.then(index, tree.root);
        }
        builder.steps
    }

    fn begin(&mut self, place: usize, tree: Tree) {
        self.root = tree.root;
        self.first_leaf = first_leaf(self.forest, tree.root);
        self.root_place = FIRST_ROOT + place as u16;
    }

    /// The sides of a split, and how it is compared.
    fn split(&self, node: u32) -> Option<(Split, [u32; 2])> {
        let Node::Split { split, right } = self.forest.nodes()[node as usize] else { return None };
        let (line, threshold) = self.lines.of(split);
        Some((Split { line: line as u16, threshold }, [node + 1, right]))
    }

    /// The split above two leaves.
    fn two(&self, node: u32) -> Option<Split> {
        let (split, sides) = self.split(node)?;
        sides.iter().all(|&side| self.split(side).is_none()).then_some(split)
    }

    fn place(&mut self, node: u32) -> u16 {
        if node == self.root {
            return self.root_place;
        }
        // A batch has at most as many splits as there are places.
        self.free.pop().unwrap_or_default()
    }

    /// The steps that need no number made before them, of the subtree at `node`.
    fn first(&mut self, node: u32) {
        let Some((split, [left, right])) = self.split(node) else { return };
        let number = (first_leaf(self.forest, node) - self.first_leaf) as u8;
        let to = match (self.two(node), self.two(left), self.two(right)) {
            (Some(split), ..) => {
                let to = self.place(node);
                self.steps.two(split, number, to);
                to
            }
            (_, Some(below_left), Some(below_right)) => {
                let to = self.place(node);
                self.steps.three([split, below_left, below_right], number, to);
                to
            }
            _ => {
                self.first(left);
                self.first(right);
                return;
            }
        };
        let place = (node - self.root) as usize;
        if let Some(made) = self.made.last_mut() {
            if made.len() <= place {
                made.resize(place + 1, NONE);
            }
            made[place] = to;
        }
    }

    /// The place of a node's number, once all steps are taken that are put in until then.
    fn then(&mut self, tree: usize, node: u32) -> u16 {
        let Some((split, sides)) = self.split(node) else {
            return (first_leaf(self.forest, node) - self.first_leaf) as u16;
        };
        let made = self.made[tree].get((node - self.root) as usize);
        if let Some(&place) = made.filter(|&&place| place != NONE) {
            return place;
        }
        let [left, right] = sides.map(|side| self.then(tree, side));
        self.free.extend([left, right].into_iter().filter(|&place| place >= FIRST_FREE));
        let to = self.place(node);
        self.steps.any(split, left, right, to);
        to
    }
}
