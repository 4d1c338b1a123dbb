//! Trees of any size, eight walks side by side: a processor waits for one walk's next node while it is at the others'.
//!
//! The two sides of a split stand side by side, so that a step is a number and an answer added, and no branch depends on the
//! row. A leaf leads to itself: all walks of a tree take as many steps as its deepest leaf needs.

use crate::fold::{LANES, Line};

/// How many walks go side by side.
pub const WALKS: usize = 8;
/// The most lines that nodes can tell apart.
pub const MOST_LINES: usize = 1 << 24;

/// A node in eight bytes: where its left side is, its line, and its threshold.
#[derive(Clone, Copy, Debug)]
pub struct Node(u64);

impl Node {
    /// A split on a line, its left side at `left` and its right side behind it.
    pub fn split(line: u32, threshold: i8, left: u32) -> Self {
        Self(u64::from(left) << 32 | u64::from(line) << 8 | u64::from(threshold as u8))
    }

    /// A leaf, which stands at `place`.
    pub fn leaf(place: u32) -> Self {
        Self::split(0, i8::MAX, place)
    }

    #[inline(always)]
    fn left(self) -> usize {
        (self.0 >> 32) as usize
    }

    #[inline(always)]
    fn line(self) -> usize {
        (self.0 as u32 >> 8) as usize
    }

    #[inline(always)]
    fn goes_right(self, byte: i8) -> usize {
        usize::from(byte > self.0 as i8)
    }
}

/// A tree among the nodes.
#[derive(Clone, Copy, Debug)]
pub struct Tree {
    /// Its root.
    pub root: u32,
    /// The most steps from there to a leaf.
    pub depth: u32,
}

/// The leaves that the rows of a block come to in a tree, as places of nodes.
///
/// # Panics
/// If a node or a line is not there.
pub fn rows(nodes: &[Node], tree: Tree, block: &[Line], leaves: &mut [u32; LANES]) {
    for (eight, leaves) in leaves.as_chunks_mut::<WALKS>().0.iter_mut().enumerate() {
        let mut places = [tree.root as usize; WALKS];
        for _ in 0..tree.depth {
            for (walk, place) in places.iter_mut().enumerate() {
                let node = nodes[*place];
                *place = node.left() + node.goes_right(block[node.line()].byte(eight * WALKS + walk));
            }
        }
        *leaves = places.map(|place| place as u32);
    }
}

/// The leaves that a row comes to in eight trees; `bytes` has one for each line.
///
/// # Panics
/// If a node or a line is not there.
pub fn trees(nodes: &[Node], trees: [Tree; WALKS], bytes: &[i8]) -> [u32; WALKS] {
    let mut places = trees.map(|tree| tree.root as usize);
    let depth = trees.iter().fold(0, |most, tree| most.max(tree.depth));
    for _ in 0..depth {
        for place in &mut places {
            let node = nodes[*place];
            *place = node.left() + node.goes_right(bytes[node.line()]);
        }
    }
    places.map(|place| place as u32)
}
