//! The evaluators: codes → margins. Each adds the leaves of an output's trees in tree order in the trainer's own
//! precision, so all of them give the same bits; which one serves a forest is settled by its shape when the model is
//! made.

mod blend;
mod portable;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod tiles;

use wardian_kernels::{BLOCK, SLOTS, SPLITS};

use crate::codes::Coders;
use crate::forest::{Forest, Node};

/// Whether comparing and shuffling sixteen bytes is one instruction each on the machine compiled for.
const HAS_SIMD: bool = cfg!(any(target_feature = "simd128", target_feature = "ssse3", target_feature = "neon"));

/// A forest in the forms that are fastest to evaluate.
#[derive(Clone, Debug)]
pub(crate) struct Evaluator {
    base_margins: Vec<f32>,
    coders: Coders,
    /// For many rows of shallow trees.
    blend: Option<blend::Trees>,
    /// For any other rows.
    walk: Walk,
}

#[derive(Clone, Debug)]
enum Walk {
    Tiles(tiles::Trees),
    Portable(portable::Trees),
}

/// From so many rows on, comparing them sixteen at a time is faster than one by one.
const BLEND_ROWS: usize = 5;

/// Memory that evaluators reuse from call to call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) bytes: Vec<i8>,
    pub(crate) sums: Vec<f32>,
}

impl Evaluator {
    pub(crate) fn new(forest: &Forest) -> Self {
        let tiles = if HAS_SIMD { tiles::Trees::new(forest) } else { None };
        Self {
            base_margins: forest.base_margins().to_vec(),
            blend: if HAS_SIMD { blend::Trees::new(forest) } else { None },
            walk: tiles.map_or_else(|| Walk::Portable(portable::Trees::new(forest)), Walk::Tiles),
            coders: Coders::new(forest),
        }
    }

    /// Writes the margins of whole `rows` of `width` 32-bit floats, `NaN` for missing: as many for each row as the
    /// forest has outputs.
    pub(crate) fn margins(&self, rows: &[f32], width: usize, scratch: &mut Scratch, margins: &mut [f32]) {
        let outputs = self.base_margins.len();
        for (rows, margins) in rows.chunks(BLOCK * width).zip(margins.chunks_mut(BLOCK * outputs)) {
            let many = rows.len() >= BLEND_ROWS * width;
            let memory = Memory { scratch: &mut *scratch, margins };
            match (&self.blend, &self.walk) {
                (Some(trees), _) if many => trees.write(&self.coders, &self.base_margins, rows, width, memory),
                (_, Walk::Tiles(trees)) => trees.write(&self.coders, &self.base_margins, rows, width, memory),
                (_, Walk::Portable(trees)) => trees.write(&self.coders, &self.base_margins, rows, width, memory),
            }
        }
    }
}

/// What an evaluator works in, and what it writes.
struct Memory<'a> {
    scratch: &'a mut Scratch,
    /// As many for each row as there are outputs.
    margins: &'a mut [f32],
}

/// Takes sums that are output after output, [`BLOCK`] for each, apart into margins that are row after row.
fn scatter(sums: &[f32], margins: &mut [f32], outputs: usize) {
    for (output, sums) in sums.chunks_exact(BLOCK).enumerate() {
        for (margin, sum) in margins[output..].iter_mut().step_by(outputs).zip(sums) {
            *margin = *sum;
        }
    }
}

/// The nodes of the subtree at `root`, three splits deep, by position: the children of `p` are `2p + 1` and `2p + 2`, the
/// last eight are the ways out. A leaf higher up stays on the left all the way down.
fn subtree(forest: &Forest, root: u32) -> [Option<u32>; SPLITS + SLOTS] {
    let mut nodes = [None; SPLITS + SLOTS];
    nodes[0] = Some(root);
    for position in 0..SPLITS {
        let Some(node) = nodes[position] else { continue };
        match forest.nodes()[node as usize] {
            Node::Split { right, .. } => {
                nodes[2 * position + 1] = Some(node + 1);
                nodes[2 * position + 2] = Some(right);
            }
            Node::Leaf { .. } => nodes[2 * position + 1] = Some(node),
        }
    }
    nodes
}
