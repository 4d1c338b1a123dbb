//! Deep trees as tiles, for `wardian_kernels::tiles`. A leaf above a tree's last level is followed by tiles that every
//! row leaves by slot 0.

use wardian_kernels::tiles::{GROUP, MOST_GROUPS, Pair, Tile, Tiles, pass};
use wardian_kernels::{ALWAYS_LEFT, BLOCK, ROWS, SLOTS, SPLITS};

use super::{Layout, shift_columns, subtree};
use crate::codes::ByteSplit;
use crate::forest::{Forest, Node};

/// The trees as tiles.
#[derive(Clone, Debug)]
pub(super) struct Trees(Tiles);

impl Trees {
    /// The forest as tiles; `None` where walking node by node is faster, or tiles would be many times the nodes.
    pub(super) fn new(forest: &Forest) -> Option<Self> {
        let groups = forest.columns().len().div_ceil(GROUP).max(1);
        if groups > MOST_GROUPS || forest.leaf_width() > 1 {
            return None;
        }
        // Never so many that the place of a leaf, eight for each tile, is no `u32`.
        let most_tiles = (8 * forest.nodes().len() + 64).min(1 << 28);
        let mut builder = Builder { forest, tiles: Vec::new(), leaves: Vec::new() };
        let mut pairs = Vec::new();
        let (mut passed, mut split_depths) = (0, 0);
        for trees in forest.trees().chunks(2) {
            let depth = trees.iter().map(|tree| tree.depth).max().unwrap_or(0);
            let levels = depth.div_ceil(3).max(1);
            let first = builder.tiles.len();
            let mut pair = Pair { roots: [0; 2], outputs: [0; 2], levels, groups: 0 };
            for place in 0..2 {
                let tree = trees.get(place);
                pair.roots[place] = builder.tiles.len() as u32;
                pair.outputs[place] = tree.map_or(0, |tree| tree.output);
                builder.tree(tree.map(|tree| tree.root), levels, most_tiles)?;
            }
            for tile in &builder.tiles[first..] {
                for column in tile.columns() {
                    pair.groups = pair.groups.max(u32::from(column) / GROUP as u32 + 1);
                }
            }
            passed += levels * (1 + groups as u32);
            split_depths += depth.max(1);
            pairs.push(pair);
        }
        // Measured: a node of the portable walk costs about as much as a tile of one group. Trees that are deep where few
        // rows go have passed `most_tiles`.
        if passed > 5 * split_depths {
            return None;
        }
        let Builder { tiles, leaves, .. } = builder;
        Some(Self(Tiles::new(forest.columns().len().max(1), tiles, pairs, leaves)))
    }
}

impl super::Trees for Trees {
    /// One row's codes as they are compared; those of several in columns, in columns less 1, and room for them in rows.
    fn layout(&self, columns: usize, rows: usize) -> Layout {
        let row_step = self.0.row_length();
        match rows {
            1 => Layout { length: row_step, row_step, column_step: 1 },
            _ => Layout { length: 2 * columns.max(1) * BLOCK + rows * row_step, row_step: 1, column_step: BLOCK },
        }
    }

    fn add(&self, codes: &mut [i8], rows: usize, sums: &mut [f32]) {
        let row_step = self.0.row_length();
        if rows == 1 {
            return self.0.add_row(codes, sums);
        }
        let (columns, in_rows) = codes.split_at_mut(codes.len() - rows * row_step);
        shift_columns(columns, rows);
        let unshifted = &columns[..columns.len() / 2];
        // Few rows at a time, so that those stay in the processor's nearest memory from column to column.
        for (place, in_rows) in in_rows.chunks_mut(ROWS * row_step).enumerate() {
            for (index, column) in unshifted.chunks_exact(BLOCK).enumerate() {
                for (to, from) in in_rows[index..].iter_mut().step_by(row_step).zip(&column[ROWS * place..]) {
                    *to = *from;
                }
            }
        }
        self.0.add(columns, in_rows, sums);
    }
}

struct Builder<'a> {
    forest: &'a Forest,
    tiles: Vec<Tile>,
    leaves: Vec<f32>,
}

impl Builder<'_> {
    /// Appends the tiles of the tree at `root`, level after level; without one, of a tree that adds nothing.
    fn tree(&mut self, root: Option<u32>, levels: u32, most_tiles: usize) -> Option<()> {
        // What each tile of the level begins with; `None` is a place that no row reaches, or where nothing is added.
        let mut level = vec![root];
        for depth in 0..levels {
            let next = self.tiles.len() + level.len();
            let mut following = Vec::new();
            for place in level {
                let (tile, slots) = match place {
                    Some(node) => self.tile(node),
                    None => (pass(), vec![None]),
                };
                let base = if depth + 1 < levels {
                    let base = next + following.len();
                    following.extend(slots);
                    base as u32
                } else {
                    let base = self.leaves.len();
                    self.leaves.extend(slots.iter().map(
                        |slot| match slot.map(|node| self.forest.nodes()[node as usize]) {
                            Some(Node::Leaf { leaf }) => self.forest.leaves()[leaf as usize],
                            // Adding -0.0 changes no number, and no zero.
                            _ => -0.0,
                        },
                    ));
                    base as u32
                };
                self.tiles.push(tile.followed_by(base));
                if self.tiles.len() + following.len() > most_tiles {
                    return None;
                }
            }
            level = following;
        }
        Some(())
    }

    /// The tile that begins with `node`, and what follows in each slot, up to the last that a row reaches.
    fn tile(&self, node: u32) -> (Tile, Vec<Option<u32>>) {
        let (mut columns, mut shifts) = ([0; SLOTS], [0; SLOTS]);
        let mut thresholds = [ALWAYS_LEFT; SLOTS];
        let nodes = subtree(self.forest, node);
        for (position, node) in nodes[..SPLITS].iter().enumerate() {
            if let Some(Node::Split { split, .. }) = node.map(|node| self.forest.nodes()[node as usize]) {
                let split = ByteSplit::from(split);
                columns[position] = split.column as u8;
                thresholds[position] = split.threshold;
                shifts[position] = u8::from(split.missing_right);
            }
        }
        let slots = &nodes[SPLITS..];
        let used = slots.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        (Tile::new(columns, thresholds, shifts), slots[..used].to_vec())
    }
}
