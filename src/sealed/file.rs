//! The shipped file, read by the compiler: for a module that opens no other.
//!
//! What [`crate::format::contents`] finds out when it runs (counts, places, the schema's numbers, the link) is a constant here, and
//! a file that such a module does not serve does not compile. Left to be read when the module starts are cuts, splits and
//! leaves: as constants they would be there twice, as the file itself is what the module that explains is given.

use std::ops::Range;

use wardian_kernels::SPLITS;
use wardian_kernels::blend::{Tree, Trees};

use crate::codes::ByteSplit;
use crate::forest::{MissingSide, Split};
use crate::format::bits::{BitReader, width};
use crate::format::bytes::{MOST_DECIMALS, PLAIN, float, power_of_ten};
use crate::format::forest::{BELOW, LINKS};
use crate::format::schema::{FACTS, HAS_CATEGORIES, HAS_DECIMALS, HAS_RANGE};
use crate::format::{FOREST_TAG, HEADER_LENGTH, SCHEMA_TAG};
use crate::link::Link;
use crate::shipped::{DIABETES_FILE, diabetes_bytes};

/// A place in the file.
#[derive(Clone, Copy)]
struct Cursor(usize);

impl Cursor {
    /// The first byte of a section's payload.
    const fn of_section(tag: [u8; 4]) -> Self {
        let mut cursor = Self(HEADER_LENGTH);
        loop {
            let found = cursor.u32();
            let length = cursor.u32();
            if found == u32::from_le_bytes(tag) {
                return cursor;
            }
            cursor.0 += length as usize;
        }
    }

    const fn u8(&mut self) -> u8 {
        self.0 += 1;
        DIABETES_FILE[self.0 - 1]
    }

    const fn u32(&mut self) -> u32 {
        u32::from_le_bytes([self.u8(), self.u8(), self.u8(), self.u8()])
    }

    /// As `Reader::varint`.
    const fn varint(&mut self) -> usize {
        let byte = self.u8() as usize;
        if byte < 0x80 { byte } else { (byte & 0x7f) | (self.varint() << 7) }
    }

    /// As `Reader::number`.
    const fn number(&mut self) -> f64 {
        match self.u8() {
            PLAIN => f64::from_bits(self.u32() as u64 | ((self.u32() as u64) << 32)),
            decimals => {
                assert!(decimals <= MOST_DECIMALS);
                let zigzag = self.varint() as u32;
                ((zigzag >> 1) as i32 ^ -((zigzag & 1) as i32)) as f64 / power_of_ten(decimals)
            }
        }
    }
}

/// As [`crate::format::RawSchema`].
struct Schema<const N: usize> {
    feature_count: usize,
    numbers: [f64; N],
    /// How many of the numbers are used.
    count: usize,
    /// Where the texts begin and end.
    texts: (usize, usize),
}

const fn schema<const N: usize>() -> Schema<N> {
    const fn number_if(present: bool, cursor: &mut Cursor) -> f64 {
        if present { cursor.number() } else { f64::NAN }
    }
    let mut cursor = Cursor::of_section(SCHEMA_TAG);
    let end = cursor.0 + Cursor(cursor.0 - 4).u32() as usize;
    let feature_count = cursor.varint();
    let (mut numbers, mut count) = ([0.0; N], FACTS);
    let mut feature = 0;
    while feature < feature_count {
        let flags = cursor.u8();
        numbers[count] = number_if(flags & HAS_RANGE != 0, &mut cursor);
        numbers[count + 1] = number_if(flags & HAS_RANGE != 0, &mut cursor);
        numbers[count + 2] = if flags & HAS_DECIMALS != 0 { cursor.u8() as f64 } else { f64::NAN };
        numbers[count + 3] = flags as f64;
        numbers[count + 4] = if flags & HAS_CATEGORIES != 0 { cursor.varint() as f64 } else { 0.0 };
        let codes = cursor.varint();
        numbers[count + 5] = codes as f64;
        count += 6;
        let mut code = 0;
        while code < codes {
            numbers[count] = cursor.number();
            count += 1;
            code += 1;
        }
        feature += 1;
    }
    Schema { feature_count, numbers, count, texts: (cursor.0, end) }
}

/// How many numbers the facts of the model are.
pub(crate) const FACT_COUNT: usize = schema::<{ DIABETES_FILE.len() }>().count;
const SCHEMA: Schema<FACT_COUNT> = schema();

/// How many values a row has.
pub(crate) const FEATURE_COUNT: usize = SCHEMA.feature_count;
/// As [`crate::format::RawSchema::numbers`].
pub(crate) static NUMBERS: [f64; FACT_COUNT] = SCHEMA.numbers;

/// As [`crate::format::RawSchema::texts`].
pub(crate) fn texts() -> &'static [u8] {
    let (start, end) = SCHEMA.texts;
    &diabetes_bytes()[start..end]
}

/// Where the section of the forest is.
pub(crate) const FOREST: Range<usize> = {
    let start = Cursor::of_section(FOREST_TAG).0;
    start..start + Cursor(start - 4).u32() as usize
};

/// What stands before the cuts.
struct Head {
    link: Link,
    base_margin: f32,
    column_count: usize,
    /// Where the columns are described.
    columns: Cursor,
}

const HEAD: Head = {
    let mut cursor = Cursor::of_section(FOREST_TAG);
    let link = LINKS[cursor.u8() as usize];
    assert!(cursor.varint() == 1, "the sealed module has one output");
    let base_margin = f32::from_bits(cursor.u32());
    let column_count = cursor.varint();
    Head { link, base_margin, column_count, columns: cursor }
};

pub(crate) const LINK: Link = HEAD.link;
pub(crate) const BASE_MARGIN: f32 = HEAD.base_margin;

/// A column of cuts.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    /// The index of its feature.
    pub(crate) feature: usize,
    /// Where its cuts begin among all columns', and how many they are.
    pub(crate) first: usize,
    pub(crate) count: usize,
    /// The first byte of its cuts in the file.
    place: usize,
}

/// How many columns there are.
pub(crate) const COLUMN_COUNT: usize = HEAD.column_count;
/// The columns, and where the last one's cuts end.
const TABLE: ([Column; COLUMN_COUNT], Cursor) = {
    let mut cursor = HEAD.columns;
    let mut columns = [Column { feature: 0, first: 0, count: 0, place: 0 }; COLUMN_COUNT];
    let (mut index, mut first) = (0, 0);
    while index < COLUMN_COUNT {
        let feature = cursor.varint();
        assert!(cursor.u8() == BELOW, "the sealed module knows no categories");
        let count = cursor.varint();
        columns[index] = Column { feature, first, count, place: 0 };
        first += count;
        index += 1;
    }
    index = 0;
    while index < COLUMN_COUNT {
        columns[index].place = cursor.0;
        cursor.0 += 4 * columns[index].count;
        index += 1;
    }
    (columns, cursor)
};
/// The columns.
pub(crate) static COLUMNS: [Column; COLUMN_COUNT] = TABLE.0;
/// How many cuts they have together.
pub(crate) const CUT_COUNT: usize = {
    let last = TABLE.0[COLUMN_COUNT - 1];
    last.first + last.count
};

/// What stands behind the cuts.
struct Tail {
    tree_count: usize,
    split_count: usize,
    /// Where the bits begin and end; the leaves follow.
    bits: (usize, usize),
}

const TAIL: Tail = {
    let mut cursor = TABLE.1;
    let (tree_count, split_count) = (cursor.varint(), cursor.varint());
    assert!(cursor.u8() == 0, "the sealed module has one output");
    let length = cursor.varint();
    Tail { tree_count, split_count, bits: (cursor.0, cursor.0 + length) }
};

/// How many trees there are.
pub(crate) const TREE_COUNT: usize = TAIL.tree_count;
/// How many splits they have.
pub(crate) const SPLIT_COUNT: usize = TAIL.split_count;

/// Writes the cuts, column after column.
pub(crate) fn read_cuts(cuts: &mut [f32; CUT_COUNT]) {
    for column in &COLUMNS {
        let bytes = &diabetes_bytes()[column.place..][..4 * column.count];
        for (index, cut) in cuts[column.first..][..column.count].iter_mut().enumerate() {
            *cut = float(bytes, index);
        }
    }
}

/// Puts the trees in their places.
///
/// # Panics
/// If one is deeper than [`DEPTH`](wardian_kernels::DEPTH), of which a test would hear first.
pub(crate) fn read_trees(trees: &mut Trees<[Tree; TREE_COUNT]>) {
    let (start, end) = TAIL.bits;
    let mut reader = TreeReader {
        bits: BitReader::new(&diabetes_bytes()[start..end]),
        leaves: &diabetes_bytes()[end..][..4 * (SPLIT_COUNT + TREE_COUNT)],
        leaf: 0,
    };
    for place in 0..TREE_COUNT {
        let mut tree = Tree::default();
        reader.node(&mut tree, 0);
        trees.set(place, tree);
    }
}

struct TreeReader<'a> {
    bits: BitReader<'a>,
    leaves: &'a [u8],
    /// The next leaf's index.
    leaf: usize,
}

impl TreeReader<'_> {
    /// Puts the next node and all below it into a place of a perfect tree, where the children of place `p` are at `2p + 1`
    /// and `2p + 2`. A leaf higher up stays on the left all the way down.
    fn node(&mut self, tree: &mut Tree, mut place: usize) {
        if self.bits.get(1) == 1 {
            let missing = if self.bits.get(1) == 1 { MissingSide::Right } else { MissingSide::Left };
            let column = self.bits.get(width(COLUMN_COUNT));
            let rank = self.bits.get(width(COLUMNS[column as usize].count)) as u8;
            let split = ByteSplit::from(Split { column, rank, missing });
            let shifted = if split.missing_right { COLUMN_COUNT as u32 } else { 0 };
            tree.set_split(place, column + shifted, split.threshold);
            self.node(tree, 2 * place + 1);
            self.node(tree, 2 * place + 2);
        } else {
            while place < SPLITS {
                place = 2 * place + 1;
            }
            tree.set_leaf(place - SPLITS, float(self.leaves, self.leaf));
            self.leaf += 1;
        }
    }
}
