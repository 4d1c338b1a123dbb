//! What was made of rows, kept for when the same case is put together again with other words. What a part follows from is its key: where
//! that is the same, so is the part.

use std::sync::Arc;

use super::figures::Figures;
use super::golden::Golden;
use super::held_out::Measured;
use super::observed::Told;
use super::table::{RowsFile, Table};
use crate::error::{Error, Result};
use crate::rows::Vocabulary;
use crate::schema::{Feature, Schema};

/// What was made of the rows of one case. Whoever gives other rows begins with none.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub(super) data: Memo<Arc<Table>>,
    pub(super) held_out: Memo<Arc<Table>>,
    pub(super) seen: Memo<Vec<Option<Figures>>>,
    pub(super) observed: Memo<Told>,
    pub(super) answers: Memo<Vec<Option<Figures>>>,
    pub(super) measured: Memo<Measured>,
    pub(super) golden: Memo<Golden>,
}

impl Kept {
    /// How often each part was made: of the two tables, of what was seen, of what was observed, of the answers, of what was measured, and of the
    /// comparison with the trainer's answers.
    pub fn made(&self) -> [usize; 7] {
        [
            self.data.made,
            self.held_out.made,
            self.seen.made,
            self.observed.made,
            self.answers.made,
            self.measured.made,
            self.golden.made,
        ]
    }
}

/// Something, and what it follows from.
#[derive(Clone, Debug)]
pub(super) struct Memo<T> {
    kept: Option<(String, T)>,
    made: usize,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self { kept: None, made: 0 }
    }
}

impl<T: Clone> Memo<T> {
    /// What follows from this: as it is kept, or made.
    ///
    /// # Errors
    /// As of making it.
    pub(super) fn of(&mut self, key: &str, make: impl FnOnce() -> Result<T>) -> Result<T> {
        if let Some((own, kept)) = &self.kept
            && own == key
        {
            return Ok(kept.clone());
        }
        self.kept = None;
        self.made += 1;
        let made = make()?;
        self.kept = Some((key.to_owned(), made.clone()));
        Ok(made)
    }
}

impl Memo<Arc<Table>> {
    /// The most values of a table that is kept: 64 MB of them. A larger one is read anew.
    const MOST: usize = 1 << 23;

    /// The rows of a file, and what they follow from.
    ///
    /// # Errors
    /// As [`Table::read`].
    pub(super) fn read(
        &mut self,
        file: &RowsFile,
        schema: &Schema,
        vocabulary: &Vocabulary,
        beside: &dyn Fn(&str) -> bool,
    ) -> Result<(Arc<Table>, String)> {
        let at = |error: Error| error.within(file.place.as_bytes());
        let plan = Table::plan(file, schema, vocabulary, beside).map_err(at)?;
        let key = format!("{} {} {plan:?} {}", file.place, file.bytes.len(), of_features(schema));
        let table = self.of(&key, || Ok(Arc::new(Table::by_plan(file, &plan, schema).map_err(at)?)))?;
        if table.values.len() > Self::MOST {
            self.kept = None;
        }
        Ok((table, key))
    }
}

/// All of a schema's features but words: what answers and figures may follow from.
pub(super) fn of_features(schema: &Schema) -> String {
    let plain = |feature: &Feature| Feature {
        label: String::new(),
        unit: String::new(),
        description: String::new(),
        ..feature.clone()
    };
    format!("{:?}", schema.features().iter().map(plain).collect::<Vec<Feature>>())
}
