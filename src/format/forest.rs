//! The section `TREE`.

use super::bits::{BitReader, BitWriter, width};
use super::bytes::{Reader, put_floats, put_numbers, put_varint};
use crate::dialect::Dialect;
use crate::error::{Result, broken};
use crate::forest::{Base, Column, Forest, MAX_NODES, MissingSide, Node, Parts, Split, Test};
use crate::link::Link;
#[cfg(feature = "double")]
use crate::link::OtherLink;
use crate::numbers::Precision;

/// The links in the order of their numbers in a file; behind them come other trainers'.
pub(crate) const LINKS: [Link; 9] = [
    Link::Identity,
    Link::Logistic,
    Link::Exponential,
    Link::Softmax,
    Link::Class,
    Link::Hinge,
    Link::UncappedLogistic,
    Link::Expectiles,
    Link::Sorted,
];

/// Where base margins come into a sum, in the order of the numbers in the two highest bits of the link's byte.
const BASES: [Base; 3] = [Base::First, Base::Fixed, Base::Last];

/// The bit of the link's byte that 64-bit leaves have. Who knows none takes it for an unknown link's.
#[cfg(feature = "double")]
const DOUBLE: u8 = 32;

/// The kind of leaves that have a number for each of a group of outputs, of which there are several.
const LEAVES_OF_GROUPS: u8 = 2;

/// The kinds of columns.
pub(crate) const BELOW: u8 = 0;
const IN_SET: u8 = 1;

/// The number of a link in a file.
pub(crate) fn link_number(link: Link) -> usize {
    #[cfg(feature = "double")]
    if let Link::Other(link) = link {
        return LINKS.len() + OtherLink::ALL.iter().position(|&other| other == link).unwrap_or_default();
    }
    LINKS.iter().position(|&other| other == link).unwrap_or_default()
}

/// The link of a number.
pub(super) fn link_of(number: usize) -> Option<Link> {
    let link = LINKS.get(number).copied();
    #[cfg(feature = "double")]
    let link = link.or_else(|| OtherLink::ALL.get(number - LINKS.len()).copied().map(Link::Other));
    link
}

impl Precision {
    /// What is added to the link's byte: a bit that only 64-bit leaves have.
    fn bit(self) -> u8 {
        match self {
            Self::Single => 0,
            #[cfg(feature = "double")]
            Self::Double => DOUBLE,
        }
    }

    /// What the link's byte says of it, and the rest of that.
    fn of_byte(byte: u8) -> (Self, u8) {
        #[cfg(feature = "double")]
        if byte & DOUBLE != 0 {
            return (Self::Double, byte & !DOUBLE);
        }
        (Self::Single, byte)
    }

    /// How many bytes a number has.
    fn bytes(self) -> u64 {
        match self {
            Self::Single => 4,
            #[cfg(feature = "double")]
            Self::Double => 8,
        }
    }
}

pub(super) fn write(forest: &Forest) -> Vec<u8> {
    let columns = forest.columns();
    let base = BASES.iter().position(|&other| other == forest.base()).unwrap_or_default();
    let precision = forest.precision().bit();
    let mut out = vec![link_number(forest.link()) as u8 | precision | (base << 6) as u8];
    put_varint(&mut out, forest.output_count() as u32);
    put_numbers(&mut out, forest.base_margins());
    put_varint(&mut out, columns.len() as u32);
    for column in columns {
        put_varint(&mut out, column.feature);
        let (kind, count) = match &column.test {
            Test::Below(cuts) => (BELOW, cuts.len()),
            Test::InSet(set) => (IN_SET, set.len()),
        };
        out.push(kind);
        put_varint(&mut out, count as u32);
    }
    for column in columns {
        match &column.test {
            Test::Below(cuts) => put_floats(&mut out, cuts),
            Test::InSet(set) => {
                let mut last = 0;
                for &category in set {
                    put_varint(&mut out, category - last);
                    last = category;
                }
            }
        }
    }
    put_varint(&mut out, forest.trees().len() as u32);
    put_varint(&mut out, forest.split_count() as u32);
    let leaf_width = forest.leaf_width();
    let groups = forest.output_count() / leaf_width;
    match leaf_width {
        1 => out.push(0),
        _ if groups == 1 => out.push(1),
        _ => {
            out.push(LEAVES_OF_GROUPS);
            put_varint(&mut out, leaf_width as u32);
        }
    }
    let output_width = width(groups);
    let mut bits = BitWriter::default();
    let mut trees = forest.trees().iter().peekable();
    for (index, node) in forest.nodes().iter().enumerate() {
        if let Some(tree) = trees.next_if(|tree| tree.root as usize == index) {
            bits.put(tree.output / leaf_width as u32, output_width);
        }
        match *node {
            Node::Split { split: Split { column, rank, missing }, .. } => {
                bits.put(1, 1);
                bits.put(u32::from(missing == MissingSide::Right), 1);
                bits.put(column, width(columns.len()));
                bits.put(rank.into(), width(columns[column as usize].rank_count()));
            }
            Node::Leaf { .. } => bits.put(0, 1),
        }
    }
    let bits = bits.finish();
    put_varint(&mut out, bits.len() as u32);
    out.extend(bits);
    put_numbers(&mut out, forest.leaves());
    out
}

pub(crate) fn read(reader: &mut Reader<'_>, dialect: Dialect) -> Result<Forest> {
    let offset = reader.offset();
    let link = reader.u8();
    let output_count = reader.count("outputs", 32);
    let (precision, link) = Precision::of_byte(link);
    let base_margins = reader.numbers(precision, output_count);
    let columns = read_columns(reader)?;
    // A tree is at least the bit and the four bytes of one leaf; a split adds at least as much.
    let tree_count = reader.count("trees", 33);
    let split_count = reader.count("splits", 33);
    let leaf_kind = reader.u8();
    #[cfg(feature = "double")]
    let group = if leaf_kind == LEAVES_OF_GROUPS { reader.varint() as usize } else { 1 };
    let bit_bytes = reader.count("bytes of trees", 8);
    let bits = reader.take(bit_bytes);
    reader.check()?;
    let (Some(&base), Some(link)) = (BASES.get(usize::from(link >> 6)), link_of(usize::from(link & 63))) else {
        return Err(broken("link # is unknown", &[link as usize]).place("offset #", &[offset]));
    };
    let node_count = 2 * split_count + tree_count;
    if node_count > MAX_NODES {
        return Err(broken("# nodes; the limit is #", &[node_count, MAX_NODES]));
    }
    let (leaf_width, output_width) = match leaf_kind {
        0 => (1, width(output_count)),
        1 => (output_count, 0),
        #[cfg(feature = "double")]
        LEAVES_OF_GROUPS => {
            if group < 2 || !output_count.is_multiple_of(group) || output_count == group {
                return Err(broken("leaves of # numbers do not fit # outputs", &[group, output_count]));
            }
            (group, width(output_count / group))
        }
        other => return Err(broken("leaves of kind # are unknown", &[other as usize])),
    };
    let leaf_count = split_count + tree_count;
    if reader.remaining() as u64 != precision.bytes() * leaf_count as u64 * leaf_width as u64 {
        return Err(broken("# leaves are due, # bytes are left", &[leaf_count, reader.remaining()])
            .place("offset #", &[reader.offset()]));
    }
    let leaves = reader.numbers(precision, leaf_count * leaf_width);
    let (nodes, tree_outputs) = read_nodes(BitReader::new(bits), node_count, &columns, output_width)?;
    #[cfg(feature = "double")]
    let tree_outputs: Vec<u32> = match group {
        1 => tree_outputs,
        // Whether there is such a group, the forest will say.
        _ => tree_outputs.into_iter().map(|output| output.saturating_mul(group as u32)).collect(),
    };
    if tree_outputs.len() != tree_count {
        return Err(broken("# trees are due, the bits hold #", &[tree_count, tree_outputs.len()]));
    }
    Forest::new(Parts { columns, nodes, leaves, tree_outputs, base_margins, base, link, dialect })
}

fn read_columns(reader: &mut Reader<'_>) -> Result<Vec<Column>> {
    // Feature, kind and count are a byte each at least, and so is a cut.
    let count = reader.count("code columns", 3 * 8);
    let mut shapes = Vec::with_capacity(count);
    for _ in 0..count {
        let (feature, kind) = (reader.varint(), reader.u8());
        if kind > IN_SET {
            return Err(broken("columns of kind # are unknown", &[kind as usize]).place("offset #", &[reader.offset()]));
        }
        shapes.push((feature, kind, reader.count("cuts", if kind == IN_SET { 8 } else { 32 })));
    }
    let mut columns = Vec::with_capacity(count);
    for (feature, kind, count) in shapes {
        let test = if kind == BELOW {
            Test::Below(reader.floats(count))
        } else {
            let mut last = 0_u32;
            let mut next = || {
                last = last.saturating_add(reader.varint());
                last
            };
            Test::InSet((0..count).map(|_| next()).collect())
        };
        columns.push(Column { feature, test });
    }
    Ok(columns)
}

/// The nodes, and the output of each tree.
fn read_nodes(
    mut bits: BitReader<'_>,
    node_count: usize,
    columns: &[Column],
    output_width: u32,
) -> Result<(Vec<Option<Split>>, Vec<u32>)> {
    let column_width = width(columns.len());
    let rank_widths: Vec<u32> = columns.iter().map(|column| width(column.rank_count())).collect();
    let (mut nodes, mut tree_outputs) = (Vec::with_capacity(node_count), Vec::new());
    // How many nodes are still to come of the tree.
    let mut due = 0_usize;
    for _ in 0..node_count {
        if due == 0 {
            tree_outputs.push(bits.get(output_width));
            due = 1;
        }
        let split = if bits.get(1) == 1 {
            let missing = if bits.get(1) == 1 { MissingSide::Right } else { MissingSide::Left };
            let column = bits.get(column_width);
            // Whether there is such a column and rank, the forest will say.
            let rank = bits.get(rank_widths.get(column as usize).copied().unwrap_or(0)) as u8;
            due += 2;
            Some(Split { column, rank, missing })
        } else {
            None
        };
        nodes.push(split);
        due -= 1;
    }
    bits.finish()?;
    Ok((nodes, tree_outputs))
}
