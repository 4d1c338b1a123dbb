//! The section `TREE`.

use super::bits::{BitReader, BitWriter, width};
use super::bytes::{Reader, put_varint};
use crate::error::{Result, invalid};
use crate::forest::{Column, Forest, MAX_NODES, MissingSide, Node};
use crate::link::Link;

pub(super) fn write(forest: &Forest) -> Vec<u8> {
    let columns = forest.columns();
    let mut out = vec![match forest.link() {
        Link::Identity => 0,
        Link::Logistic => 1,
    }];
    out.extend(forest.base_margin().to_le_bytes());
    put_varint(&mut out, columns.len() as u32);
    for column in columns {
        put_varint(&mut out, column.feature);
        out.push(match column.missing {
            MissingSide::Left => 0,
            MissingSide::Right => 1,
        });
        put_varint(&mut out, column.cuts.len() as u32);
    }
    for cut in columns.iter().flat_map(|column| &column.cuts) {
        out.extend(cut.to_le_bytes());
    }
    put_varint(&mut out, forest.roots().len() as u32);
    put_varint(&mut out, forest.split_count() as u32);
    let mut bits = BitWriter::default();
    let mut leaves = Vec::new();
    for node in forest.nodes() {
        match *node {
            Node::Split { column, rank, .. } => {
                bits.put(1, 1);
                bits.put(column, width(columns.len()));
                bits.put(rank, width(columns[column as usize].cuts.len()));
            }
            Node::Leaf { value } => {
                bits.put(0, 1);
                leaves.extend(value.to_le_bytes());
            }
        }
    }
    let bits = bits.finish();
    put_varint(&mut out, bits.len() as u32);
    out.extend(bits);
    out.extend(leaves);
    out
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Forest> {
    let offset = reader.offset();
    let link = match reader.u8()? {
        0 => Link::Identity,
        1 => Link::Logistic,
        other => return Err(invalid(format_args!("link {other} is unknown")).at(format_args!("offset {offset}"))),
    };
    let base_margin = reader.f32()?;
    let columns = read_columns(reader)?;
    // A tree is at least the bit and the four bytes of one leaf; a split adds at least as much.
    let tree_count = reader.count("trees", 33)?;
    let split_count = reader.count("splits", 33)?;
    let node_count = 2 * split_count + tree_count;
    if node_count > MAX_NODES {
        return Err(invalid(format_args!("{node_count} nodes; the limit is {MAX_NODES}")));
    }
    let bit_bytes = reader.count("bytes of trees", 8)?;
    let bits = BitReader::new(reader.take(bit_bytes)?);
    let leaf_count = split_count + tree_count;
    if reader.remaining() != leaf_count * 4 {
        return Err(invalid(format_args!("{leaf_count} leaves are due, {} bytes are left", reader.remaining()))
            .at(format_args!("offset {}", reader.offset())));
    }
    let nodes = read_nodes(bits, node_count, &columns, reader)?;
    let forest = Forest::new(columns, nodes, base_margin, link)?;
    if forest.roots().len() != tree_count {
        return Err(invalid(format_args!("{tree_count} trees are due, the bits hold {}", forest.roots().len())));
    }
    Ok(forest)
}

fn read_columns(reader: &mut Reader<'_>) -> Result<Vec<Column>> {
    // Feature, side and count of cuts are a byte each at least, and so is a cut.
    let count = reader.count("code columns", 3 * 8)?;
    let mut columns = Vec::with_capacity(count);
    let mut cut_counts = Vec::with_capacity(count);
    for _ in 0..count {
        let feature = reader.varint()?;
        let offset = reader.offset();
        let missing = match reader.u8()? {
            0 => MissingSide::Left,
            1 => MissingSide::Right,
            other => {
                return Err(
                    invalid(format_args!("missing side {other} is unknown")).at(format_args!("offset {offset}"))
                );
            }
        };
        cut_counts.push(reader.count("cuts", 32)?);
        columns.push(Column { feature, missing, cuts: Vec::new() });
    }
    for (column, count) in columns.iter_mut().zip(cut_counts) {
        for bytes in reader.take(count * 4)?.as_chunks().0 {
            column.cuts.push(f32::from_le_bytes(*bytes));
        }
    }
    Ok(columns)
}

fn read_nodes(
    mut bits: BitReader<'_>,
    node_count: usize,
    columns: &[Column],
    leaves: &mut Reader<'_>,
) -> Result<Vec<Node>> {
    let column_width = width(columns.len());
    let mut nodes: Vec<Node> = Vec::with_capacity(node_count);
    // The splits whose right child is still to come, nearest last.
    let mut pending: Vec<usize> = Vec::new();
    for index in 0..node_count {
        let place = |error: crate::error::Error| error.at(format_args!("node {index}"));
        if bits.get(1).map_err(place)? == 1 {
            let column = bits.get(column_width).map_err(place)?;
            let Some(cuts) = columns.get(column as usize).map(|column| column.cuts.len()) else {
                return Err(place(invalid(format_args!("code column {column} does not exist"))));
            };
            let rank = bits.get(width(cuts)).map_err(place)?;
            pending.push(index);
            nodes.push(Node::Split { column, rank, right: 0 });
        } else {
            nodes.push(Node::Leaf { value: leaves.f32().map_err(place)? });
            if let Some(parent) = pending.pop()
                && let Node::Split { right, .. } = &mut nodes[parent]
            {
                *right = index as u32 + 1;
            }
        }
    }
    bits.finish()?;
    Ok(nodes)
}
