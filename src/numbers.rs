//! Numbers in the type that a trainer computes in: what leaves add, sums, and answers.

use std::fmt;
use std::ops::Range;

use wardian_kernels::tiles::Exit;

use crate::dialect::Dialect;
use crate::engine::{Memories, Memory};
use crate::forest::Forest;
use crate::link::Link;
use crate::number::decimal;

/// The type of a model's leaves, of their sums, and of its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floats: XGBoost, ONNX.
    #[default]
    Single,
    /// 64-bit floats: LightGBM, CatBoost, scikit-learn.
    #[cfg(feature = "double")]
    Double,
}

impl Precision {
    /// The shortest decimal that is read as the same number of this type, laid out as Python does it.
    pub fn text(self, number: f64) -> String {
        match self {
            Self::Single => decimal(number as f32),
            #[cfg(feature = "double")]
            Self::Double => decimal(number),
        }
    }
}

/// Numbers of one type.
#[derive(Clone, PartialEq)]
pub enum Numbers {
    /// 32-bit floats.
    Single(Vec<f32>),
    /// 64-bit floats.
    #[cfg(feature = "double")]
    Double(Vec<f64>),
}

impl From<Vec<f32>> for Numbers {
    fn from(numbers: Vec<f32>) -> Self {
        Self::Single(numbers)
    }
}

#[cfg(feature = "double")]
impl From<Vec<f64>> for Numbers {
    fn from(numbers: Vec<f64>) -> Self {
        Self::Double(numbers)
    }
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Single(Vec::new())
    }
}

impl Numbers {
    /// Numbers of a type, made of 64-bit ones: rounded, where they are none of that type.
    pub fn of(precision: Precision, numbers: impl IntoIterator<Item = f64>) -> Self {
        let numbers = numbers.into_iter();
        match precision {
            Precision::Single => Self::Single(numbers.map(|number| number as f32).collect()),
            #[cfg(feature = "double")]
            Precision::Double => Self::Double(numbers.collect()),
        }
    }

    /// Their type.
    pub fn precision(&self) -> Precision {
        match self {
            Self::Single(_) => Precision::Single,
            #[cfg(feature = "double")]
            Self::Double(_) => Precision::Double,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Single(numbers) => numbers.len(),
            #[cfg(feature = "double")]
            Self::Double(numbers) => numbers.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of the first that is infinite, or no number.
    pub(crate) fn first_endless(&self) -> Option<usize> {
        match self {
            Self::Single(numbers) => numbers.iter().position(|number| !number.is_finite()),
            #[cfg(feature = "double")]
            Self::Double(numbers) => numbers.iter().position(|number| !number.is_finite()),
        }
    }

    /// All of them.
    pub fn all(&self) -> Slice<'_> {
        match self {
            Self::Single(numbers) => Slice::Single(numbers),
            #[cfg(feature = "double")]
            Self::Double(numbers) => Slice::Double(numbers),
        }
    }

    /// One of them, in 64 bits; `None` where there are fewer.
    pub fn get(&self, index: usize) -> Option<f64> {
        self.all().get(index)
    }

    /// All of them, in 64 bits.
    pub fn iter(&self) -> impl Iterator<Item = f64> + '_ {
        self.all().wide()
    }

    /// The numbers, if they are 32-bit floats.
    pub fn as_single(&self) -> Option<&[f32]> {
        match self {
            Self::Single(numbers) => Some(numbers),
            #[cfg(feature = "double")]
            Self::Double(_) => None,
        }
    }

    /// The numbers as 32-bit floats: rounded, where they are 64-bit ones.
    pub fn into_single(self) -> Vec<f32> {
        match self {
            Self::Single(numbers) => numbers,
            #[cfg(feature = "double")]
            Self::Double(numbers) => numbers.into_iter().map(|number| number as f32).collect(),
        }
    }
}

impl fmt::Debug for Numbers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(numbers) => numbers.fmt(out),
            #[cfg(feature = "double")]
            Self::Double(numbers) => numbers.fmt(out),
        }
    }
}

/// A type of numbers.
pub(crate) trait Number: wardian_kernels::Number {
    /// The numbers, which are of this type; none if they are not.
    fn all(numbers: &Numbers) -> &[Self];

    /// Numbers of this type.
    fn numbers(numbers: Vec<Self>) -> Numbers;

    /// Rows' own base margins as numbers of this type: none but 32-bit ones, as only XGBoost's models take some.
    fn own(base_margins: &[f32]) -> Option<&[Self]>;

    /// The memory for numbers of this type.
    fn memory(memories: &mut Memories) -> &mut Memory<Self>;

    /// What a tile says of a leaf.
    fn exit(forest: &Forest, leaf: u32) -> Exit;

    /// The numbers that sums become before a base margin is added last.
    fn scale(dialect: &Dialect, sums: &mut [Self]);

    /// Turns the margins of one row into its predictions, in place.
    fn link(link: Link, dialect: &Dialect, margins: &mut [Self]);
}

impl Number for f32 {
    fn all(numbers: &Numbers) -> &[Self] {
        numbers.as_single().unwrap_or_default()
    }

    fn numbers(numbers: Vec<Self>) -> Numbers {
        Numbers::Single(numbers)
    }

    fn own(base_margins: &[f32]) -> Option<&[Self]> {
        Some(base_margins)
    }

    fn memory(memories: &mut Memories) -> &mut Memory<Self> {
        &mut memories.single
    }

    fn exit(forest: &Forest, leaf: u32) -> Exit {
        match forest.leaf_width() {
            1 => Exit::Leaf(Self::all(forest.leaves())[leaf as usize]),
            width => Exit::Numbers(leaf * width as u32),
        }
    }

    // Of these a forest of 32-bit leaves has none.
    fn scale(_: &Dialect, _: &mut [Self]) {}

    fn link(link: Link, dialect: &Dialect, margins: &mut [Self]) {
        let divisor = dialect.finish().divisor;
        if divisor != 1.0 {
            margins.iter_mut().for_each(|margin| *margin /= divisor as Self);
        }
        link.apply(margins);
    }
}

#[cfg(feature = "double")]
impl Number for f64 {
    fn all(numbers: &Numbers) -> &[Self] {
        match numbers {
            Numbers::Double(numbers) => numbers,
            Numbers::Single(_) => &[],
        }
    }

    fn numbers(numbers: Vec<Self>) -> Numbers {
        Numbers::Double(numbers)
    }

    fn own(_: &[f32]) -> Option<&[Self]> {
        None
    }

    fn memory(memories: &mut Memories) -> &mut Memory<Self> {
        &mut memories.double
    }

    fn exit(forest: &Forest, leaf: u32) -> Exit {
        Exit::Numbers(leaf * forest.leaf_width() as u32)
    }

    fn scale(dialect: &Dialect, sums: &mut [Self]) {
        let scale = dialect.finish().scale;
        if scale != 1.0 {
            sums.iter_mut().for_each(|sum| *sum *= scale);
        }
    }

    fn link(link: Link, dialect: &Dialect, margins: &mut [Self]) {
        link.apply_double(&dialect.finish(), margins);
    }
}

/// Numbers of one type beside each other: what a row is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slice<'a> {
    /// 32-bit floats.
    Single(&'a [f32]),
    /// 64-bit floats.
    #[cfg(feature = "double")]
    Double(&'a [f64]),
}

impl<'a> Slice<'a> {
    /// How many there are.
    pub fn len(self) -> usize {
        match self {
            Self::Single(numbers) => numbers.len(),
            #[cfg(feature = "double")]
            Self::Double(numbers) => numbers.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Their type.
    pub fn precision(self) -> Precision {
        match self {
            Self::Single(_) => Precision::Single,
            #[cfg(feature = "double")]
            Self::Double(_) => Precision::Double,
        }
    }

    /// One of them, in 64 bits; `None` where there are fewer.
    pub fn get(self, index: usize) -> Option<f64> {
        match self {
            Self::Single(numbers) => numbers.get(index).map(|&number| number.into()),
            #[cfg(feature = "double")]
            Self::Double(numbers) => numbers.get(index).copied(),
        }
    }

    /// Some of them.
    ///
    /// # Panics
    /// If there are not as many.
    pub fn part(self, range: Range<usize>) -> Self {
        match self {
            Self::Single(numbers) => Self::Single(&numbers[range]),
            #[cfg(feature = "double")]
            Self::Double(numbers) => Self::Double(&numbers[range]),
        }
    }

    /// The same, to be kept.
    pub fn to_numbers(self) -> Numbers {
        match self {
            Self::Single(numbers) => Numbers::Single(numbers.to_vec()),
            #[cfg(feature = "double")]
            Self::Double(numbers) => Numbers::Double(numbers.to_vec()),
        }
    }

    /// So many, and then as many, while there are enough.
    ///
    /// # Panics
    /// If `count` is 0.
    pub fn chunks_exact(self, count: usize) -> impl Iterator<Item = Self> + 'a {
        (0..self.len() / count).map(move |chunk| self.part(chunk * count..(chunk + 1) * count))
    }

    /// The numbers in 64 bits.
    pub fn wide(self) -> impl Iterator<Item = f64> + 'a {
        (0..self.len()).filter_map(move |index| self.get(index))
    }

    /// The shortest decimals that are read as the same numbers of their type, laid out as Python does it.
    pub fn texts(self) -> impl Iterator<Item = String> + 'a {
        self.wide().map(move |number| self.precision().text(number))
    }
}

/// One number as it is, several as a list in brackets: what JSON has for finite ones.
impl fmt::Display for Slice<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.len() == 1 {
            return self.texts().try_for_each(|text| out.write_str(&text));
        }
        out.write_str("[")?;
        for (place, text) in self.texts().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(out, "{comma}{text}")?;
        }
        out.write_str("]")
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.all().fmt(out)
    }
}
