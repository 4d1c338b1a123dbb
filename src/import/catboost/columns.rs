//! The columns of rows: CatBoost counts numbers and categories by themselves, and all columns together by their flat indices.

use std::collections::BTreeMap;

use crate::error::{Result, invalid, quoted};
use crate::forest::MissingSide;
use crate::schema::MAX_FEATURES;

/// What a file says of its columns.
#[derive(Default)]
pub(super) struct Columns {
    /// The name and the kind of each that it speaks of, by flat index. The name is empty where it has none.
    columns: BTreeMap<u32, (String, Kind)>,
    /// The columns of numbers by their own indices, and where a missing value goes.
    numbers: BTreeMap<i32, (u32, MissingSide)>,
    /// The columns of categories by theirs.
    categories: BTreeMap<i32, u32>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Number,
    Category,
}

/// Where CatBoost sends a missing value: it stands for a number below or above all others in a column that had missing values in
/// training; in another it is above no border.
pub(super) fn missing_side(had_missing: bool, is_greatest: bool) -> MissingSide {
    if had_missing && is_greatest { MissingSide::Right } else { MissingSide::Left }
}

impl Columns {
    /// Another column of numbers; its flat index.
    pub(super) fn add_number(&mut self, index: i32, flat: i32, name: String, missing: MissingSide) -> Result<u32> {
        let flat = self.add(flat, name, Kind::Number)?;
        if self.numbers.insert(index, (flat, missing)).is_some() {
            return Err(invalid(format_args!("two columns of numbers have the index {index}")));
        }
        Ok(flat)
    }

    /// Another column of categories.
    pub(super) fn add_category(&mut self, index: i32, flat: i32, name: String) -> Result<()> {
        let flat = self.add(flat, name, Kind::Category)?;
        if self.categories.insert(index, flat).is_some() {
            return Err(invalid(format_args!("two columns of categories have the index {index}")));
        }
        Ok(())
    }

    fn add(&mut self, flat: i32, name: String, kind: Kind) -> Result<u32> {
        let Some(place) = u32::try_from(flat).ok().filter(|&place| (place as usize) < MAX_FEATURES) else {
            return Err(invalid(format_args!("a column has the flat index {flat}; there are at most {MAX_FEATURES}")));
        };
        if self.columns.insert(place, (name, kind)).is_some() {
            return Err(invalid(format_args!("two columns have the flat index {flat}")));
        }
        Ok(place)
    }

    /// The column of numbers with this index of its own, and where a missing value goes.
    pub(super) fn number(&self, index: i32) -> Result<(u32, MissingSide)> {
        let column = self.numbers.get(&index).copied();
        column.ok_or_else(|| invalid(format_args!("there is no column of numbers with the index {index}")))
    }

    /// The column of categories with this index of its own.
    pub(super) fn category(&self, index: i32) -> Result<u32> {
        let column = self.categories.get(&index).copied();
        column.ok_or_else(|| invalid(format_args!("there is no column of categories with the index {index}")))
    }

    /// How many columns a row has.
    pub(super) fn count(&self) -> usize {
        self.columns.last_key_value().map_or(0, |(&last, _)| last as usize + 1)
    }

    /// The names of all columns.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = (0..self.count()).map(invented_name).collect();
        for (&flat, (name, _)) in &self.columns {
            if !name.trim().is_empty() {
                names[flat as usize].clone_from(name);
            }
        }
        names
    }

    /// The columns of categories, in order.
    pub(super) fn categorical(&self) -> impl Iterator<Item = u32> {
        self.columns.iter().filter(|(_, (_, kind))| *kind == Kind::Category).map(|(&flat, _)| flat)
    }

    /// A column as an error names it.
    pub(super) fn called(&self, flat: u32) -> String {
        match self.columns.get(&flat) {
            Some((name, _)) if !name.trim().is_empty() => quoted(name),
            _ => format!("{flat}"),
        }
    }

    /// A column of categories by its own index, as an error names it.
    pub(super) fn category_called(&self, index: i32) -> String {
        self.categories
            .get(&index)
            .map_or_else(|| format!("{index} of the categorical ones"), |&flat| self.called(flat))
    }
}

/// The name of a column that has none.
fn invented_name(flat: usize) -> String {
    format!("f{flat}")
}
