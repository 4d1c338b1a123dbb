//! Rows of numbers → predictions, in blocks: what a model does once its words are set aside. The page's module holds
//! nothing else.

use std::ops::Range;

use crate::columns::Blocks;
use crate::dialect::Dialect;
use crate::error::{Result, broken};
use crate::forest::{Base, Forest};
use crate::link::Link;
use crate::numbers::{Number, Precision};
use crate::predict::{Evaluator, Scratch};

/// Trees and link, for answers of type `N`.
#[derive(Clone, Debug)]
pub(crate) struct Engine<N> {
    feature_count: usize,
    evaluator: Evaluator<N>,
    base_margins: Vec<N>,
    base: Base,
    takes_base_margins: bool,
    link: Link,
    dialect: Dialect,
}

/// The engine for answers of a forest's type.
#[derive(Clone, Debug)]
pub(crate) enum Typed {
    Single(Box<Engine<f32>>),
    #[cfg(feature = "double")]
    Double(Box<Engine<f64>>),
}

impl Typed {
    /// As [`Engine::new`].
    pub(crate) fn new(forest: &Forest, feature_count: usize) -> Self {
        match forest.precision() {
            Precision::Single => Self::Single(Box::new(Engine::new(forest, feature_count))),
            #[cfg(feature = "double")]
            Precision::Double => Self::Double(Box::new(Engine::new(forest, feature_count))),
        }
    }
}

/// Does something with the engine, of whatever type it is.
macro_rules! with_engine {
    ($typed:expr, $engine:ident => $answer:expr) => {
        match $typed {
            $crate::engine::Typed::Single($engine) => $answer,
            #[cfg(feature = "double")]
            $crate::engine::Typed::Double($engine) => $answer,
        }
    };
}
pub(crate) use with_engine;

/// Memory for one batch after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory<N> {
    results: Vec<N>,
    scratch: Scratch<N>,
}

/// The same for answers of either type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memories {
    pub(crate) single: Memory<f32>,
    #[cfg(feature = "double")]
    pub(crate) double: Memory<f64>,
}

#[cfg(feature = "wasm")]
impl<N> Memory<N> {
    const fn new() -> Self {
        Self { results: Vec::new(), scratch: Scratch::new() }
    }
}

#[cfg(feature = "wasm")]
impl Memories {
    pub(crate) const fn new() -> Self {
        Self {
            single: Memory::new(),
            #[cfg(feature = "double")]
            double: Memory::new(),
        }
    }
}

/// Checks that no tree compares a feature that rows of so many values do not have.
///
/// # Errors
/// `invalid_model`, naming the feature.
pub(crate) fn check_width(forest: &Forest, feature_count: usize) -> Result<()> {
    for column in forest.columns() {
        if column.feature as usize >= feature_count {
            let numbers = [column.feature as usize, feature_count];
            return Err(broken("the trees compare feature #; the schema has #", &numbers));
        }
    }
    Ok(())
}

impl<N: Number> Engine<N> {
    /// The engine of a forest for rows of `feature_count` values, which [`check_width`] has found enough.
    pub(crate) fn new(forest: &Forest, feature_count: usize) -> Self {
        Self {
            feature_count,
            evaluator: Evaluator::new(forest, feature_count),
            base_margins: N::all(forest.base_margins()).to_vec(),
            base: forest.base(),
            takes_base_margins: forest.takes_base_margins(),
            link: forest.link(),
            dialect: forest.dialect().clone(),
        }
    }

    /// How many values a row has.
    #[cfg(feature = "wasm")]
    pub(crate) fn feature_count(&self) -> usize {
        self.feature_count
    }

    /// How many margins a row has.
    pub(crate) fn output_count(&self) -> usize {
        self.base_margins.len()
    }

    /// How many predictions a row has.
    pub(crate) fn prediction_count(&self) -> usize {
        self.dialect.prediction_count(self.link, self.output_count())
    }

    /// The predictions (or, unless `linked`, the margins) for whole rows of values as trainers see them: 32-bit floats,
    /// `NaN` for missing. They begin with the rows' own base margins, one for each output, where those are given. `None`
    /// if a value is infinite, or base margins are given to a model that takes none.
    pub(crate) fn run<'a>(
        &self,
        rows: &[f32],
        base_margins: Option<&[f32]>,
        memory: &'a mut Memory<N>,
        linked: bool,
    ) -> Option<&'a [N]> {
        if wardian_kernels::has_infinite(rows) || base_margins.is_some() && !self.takes_base_margins {
            return None;
        }
        let row_count = rows.len() / self.feature_count;
        self.answers(row_count, base_margins, memory, linked, |evaluator, scratch, margins| {
            evaluator.margins(rows, self.feature_count, scratch, margins);
            true
        })
    }

    /// As [`Engine::run`], of rows of columns. `None` as there, and where [`Evaluator::margins_of_columns`] does not ask for them.
    pub(crate) fn run_columns<'a>(
        &self,
        columns: &mut dyn Blocks,
        rows: Range<usize>,
        base_margins: Option<&[f32]>,
        memory: &'a mut Memory<N>,
        linked: bool,
    ) -> Option<&'a [N]> {
        if base_margins.is_some() && !self.takes_base_margins {
            return None;
        }
        self.answers(rows.len(), base_margins, memory, linked, |evaluator, scratch, margins| {
            evaluator.margins_of_columns(columns, self.feature_count, rows, scratch, margins)
        })
    }

    /// What becomes of what `add` adds to the sums of so many rows; `None` where it says that it has not.
    #[inline(always)]
    fn answers<'a>(
        &self,
        row_count: usize,
        base_margins: Option<&[f32]>,
        memory: &'a mut Memory<N>,
        linked: bool,
        add: impl FnOnce(&Evaluator<N>, &mut Scratch<N>, &mut [N]) -> bool,
    ) -> Option<&'a [N]> {
        let Memory { results, scratch } = memory;
        // Those of all rows, or one row's, again and again.
        let base = base_margins.and_then(N::own).unwrap_or(&self.base_margins);
        let add_base = |sums: &mut [N]| {
            for (sum, base) in sums.iter_mut().zip(base.iter().cycle()) {
                *sum += *base;
            }
        };
        let is_last = self.base == Base::Last;
        results.clear();
        // -0.0 and a number are that number, of whatever sign.
        results.resize(row_count * self.output_count(), if is_last { N::default() } else { N::NOTHING });
        if !is_last {
            add_base(results);
        }
        if !add(&self.evaluator, scratch, results) {
            return None;
        }
        if is_last {
            N::scale(&self.dialect, results);
            add_base(results);
        }
        if linked {
            self.linked(results);
        }
        Some(results)
    }

    /// As [`Engine::link`], in one place for all who ask.
    fn linked(&self, results: &mut Vec<N>) {
        self.link(results);
    }

    /// Turns the margins of whole rows into their predictions.
    #[inline(always)]
    pub(crate) fn link(&self, results: &mut Vec<N>) {
        #[cfg(feature = "double")]
        if let Some(combination) = self.dialect.combination() {
            return N::combine(combination, self.output_count(), results);
        }
        if self.link.takes_each_by_itself() {
            return N::link(self.link, &self.dialect, results);
        }
        let (outputs, kept) = (self.output_count(), self.prediction_count());
        let row_count = results.len() / outputs;
        for row in 0..row_count {
            N::link(self.link, &self.dialect, &mut results[row * outputs..][..outputs]);
            results.copy_within(row * outputs..row * outputs + kept, row * kept);
        }
        results.truncate(row_count * kept);
    }
}
