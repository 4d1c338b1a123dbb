//! The section `TREE`.

use super::bits::{BitReader, BitWriter, width};
use super::bytes::{Reader, put_varint};
use crate::error::{Error, Result, broken};
use crate::forest::{Column, Forest, MAX_NODES, MissingSide, Node, Parts, Test};
use crate::link::Link;

/// The links in the order of their numbers in a file.
const LINKS: [Link; 6] = [Link::Identity, Link::Logistic, Link::Exponential, Link::Softmax, Link::Class, Link::Hinge];

/// The bit of a column's flags for missing values that go right.
const MISSING_RIGHT: u8 = 1;
/// The bit of a column's flags for a set of categories.
const IN_SET: u8 = 2;

pub(super) fn write(forest: &Forest) -> Vec<u8> {
    let columns = forest.columns();
    let link = LINKS.iter().position(|&link| link == forest.link()).unwrap_or_default();
    let mut out = vec![link as u8];
    put_varint(&mut out, forest.output_count() as u32);
    out.extend(forest.base_margins().iter().flat_map(|margin| margin.to_le_bytes()));
    put_varint(&mut out, columns.len() as u32);
    for column in columns {
        put_varint(&mut out, column.feature);
        let side = if column.missing == MissingSide::Right { MISSING_RIGHT } else { 0 };
        let (kind, count) = match &column.test {
            Test::Below(cuts) => (0, cuts.len()),
            Test::InSet(set) => (IN_SET, set.len()),
        };
        out.push(side | kind);
        put_varint(&mut out, count as u32);
    }
    for column in columns {
        match &column.test {
            Test::Below(cuts) => out.extend(cuts.iter().flat_map(|cut| cut.to_le_bytes())),
            Test::InSet(set) => {
                let mut last = 0;
                for &category in set {
                    put_varint(&mut out, category - last);
                    last = category;
                }
            }
        }
    }
    put_varint(&mut out, forest.roots().len() as u32);
    put_varint(&mut out, forest.split_count() as u32);
    let vector_leaves = forest.leaf_width() > 1;
    out.push(u8::from(vector_leaves));
    let output_width = if vector_leaves { 0 } else { width(forest.output_count()) };
    let mut bits = BitWriter::default();
    let mut roots = forest.roots().iter().zip(forest.tree_outputs()).peekable();
    for (index, node) in forest.nodes().iter().enumerate() {
        if let Some((_, &output)) = roots.next_if(|(root, _)| **root as usize == index) {
            bits.put(output, output_width);
        }
        match *node {
            Node::Split { column, rank, .. } => {
                bits.put(1, 1);
                bits.put(column, width(columns.len()));
                bits.put(rank, width(columns[column as usize].rank_count()));
            }
            Node::Leaf { .. } => bits.put(0, 1),
        }
    }
    let bits = bits.finish();
    put_varint(&mut out, bits.len() as u32);
    out.extend(bits);
    out.extend(forest.leaves().iter().flat_map(|value| value.to_le_bytes()));
    out
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Forest> {
    let offset = reader.offset();
    let link = reader.u8()?;
    let Some(&link) = LINKS.get(usize::from(link)) else {
        return Err(broken("link # is unknown", &[link as usize]).place("offset #", &[offset]));
    };
    let output_count = reader.count("outputs", 32)?;
    let base_margins = reader.floats(output_count)?;
    let columns = read_columns(reader)?;
    // A tree is at least the bit and the four bytes of one leaf; a split adds at least as much.
    let tree_count = reader.count("trees", 33)?;
    let split_count = reader.count("splits", 33)?;
    let node_count = 2 * split_count + tree_count;
    if node_count > MAX_NODES {
        return Err(broken("# nodes; the limit is #", &[node_count, MAX_NODES]));
    }
    let (leaf_width, output_width) = match reader.u8()? {
        0 => (1, width(output_count)),
        1 => (output_count, 0),
        other => return Err(broken("leaves of kind # are unknown", &[other as usize])),
    };
    let bit_bytes = reader.count("bytes of trees", 8)?;
    let mut bits = BitReader::new(reader.take(bit_bytes)?);
    let leaf_count = split_count + tree_count;
    if reader.remaining() as u64 != 4 * leaf_count as u64 * leaf_width as u64 {
        return Err(broken("# leaves are due, # bytes are left", &[leaf_count, reader.remaining()])
            .place("offset #", &[reader.offset()]));
    }
    let leaves = reader.floats(leaf_count * leaf_width)?;
    let (nodes, tree_outputs) = read_nodes(&mut bits, node_count, &columns, output_width)?;
    bits.finish()?;
    let forest = Forest::new(Parts { columns, nodes, leaves, tree_outputs, base_margins, link })?;
    if forest.roots().len() != tree_count {
        return Err(broken("# trees are due, the bits hold #", &[tree_count, forest.roots().len()]));
    }
    Ok(forest)
}

fn read_columns(reader: &mut Reader<'_>) -> Result<Vec<Column>> {
    // Feature, flags and count are a byte each at least, and so is a cut.
    let count = reader.count("code columns", 3 * 8)?;
    let mut columns = Vec::with_capacity(count);
    let mut counts = Vec::with_capacity(count);
    for _ in 0..count {
        let feature = reader.varint()?;
        let offset = reader.offset();
        let flags = reader.u8()?;
        if flags > MISSING_RIGHT | IN_SET {
            return Err(broken("column flags # are unknown", &[flags as usize]).place("offset #", &[offset]));
        }
        let missing = if flags & MISSING_RIGHT != 0 { MissingSide::Right } else { MissingSide::Left };
        let in_set = flags & IN_SET != 0;
        counts.push(reader.count("cuts", if in_set { 8 } else { 32 })?);
        columns.push(Column {
            feature,
            missing,
            test: if in_set { Test::InSet(Vec::new()) } else { Test::Below(Vec::new()) },
        });
    }
    for (column, count) in columns.iter_mut().zip(counts) {
        match &mut column.test {
            Test::Below(cuts) => *cuts = reader.floats(count)?,
            Test::InSet(set) => {
                let mut last = 0_u32;
                for _ in 0..count {
                    last = last.saturating_add(reader.varint()?);
                    set.push(last);
                }
            }
        }
    }
    Ok(columns)
}

/// The nodes, and the output of each tree.
fn read_nodes(
    bits: &mut BitReader<'_>,
    node_count: usize,
    columns: &[Column],
    output_width: u32,
) -> Result<(Vec<Node>, Vec<u32>)> {
    let column_width = width(columns.len());
    let mut nodes: Vec<Node> = Vec::with_capacity(node_count);
    let mut tree_outputs = Vec::new();
    // The splits whose right child is still to come, nearest last.
    let mut pending: Vec<usize> = Vec::new();
    let mut leaf_count = 0;
    let mut at_root = true;
    for index in 0..node_count {
        let place = |error: Error| error.place("node #", &[index]);
        if std::mem::take(&mut at_root) {
            tree_outputs.push(bits.get(output_width).map_err(place)?);
        }
        if bits.get(1).map_err(place)? == 1 {
            let column = bits.get(column_width).map_err(place)?;
            let Some(ranks) = columns.get(column as usize).map(Column::rank_count) else {
                return Err(place(broken("code column # does not exist", &[column as usize])));
            };
            let rank = bits.get(width(ranks)).map_err(place)?;
            pending.push(index);
            nodes.push(Node::Split { column, rank, right: 0 });
            continue;
        }
        nodes.push(Node::Leaf { leaf: leaf_count });
        leaf_count += 1;
        match pending.pop() {
            None => at_root = true,
            Some(parent) => {
                if let Node::Split { right, .. } = &mut nodes[parent] {
                    *right = index as u32 + 1;
                }
            }
        }
    }
    Ok((nodes, tree_outputs))
}
