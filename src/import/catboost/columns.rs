//! The columns of rows: CatBoost counts numbers and categories by themselves, and all columns together by their flat indices.

use crate::error::{Result, invalid, quoted};
use crate::forest::MissingSide;
use crate::schema::MAX_FEATURES;

/// What a file says of its columns.
#[derive(Default)]
pub(super) struct Columns {
    /// The name and the kind of each that it speaks of, by flat index. The name is empty where it has none.
    columns: Vec<Option<(String, Kind)>>,
    /// The columns of numbers by their own indices, and where a missing value goes.
    numbers: Vec<Option<(u32, MissingSide)>>,
    /// The columns of categories by theirs.
    categories: Vec<Option<u32>>,
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
        put(&mut self.columns, flat, (name, Kind::Number), "columns have the flat index")?;
        put(&mut self.numbers, index, (flat as u32, missing), "columns of numbers have the index")?;
        Ok(flat as u32)
    }

    /// Another column of categories.
    pub(super) fn add_category(&mut self, index: i32, flat: i32, name: String) -> Result<()> {
        put(&mut self.columns, flat, (name, Kind::Category), "columns have the flat index")?;
        put(&mut self.categories, index, flat as u32, "columns of categories have the index")
    }

    /// The column of numbers with this index of its own, and where a missing value goes.
    pub(super) fn number(&self, index: i32) -> Result<(u32, MissingSide)> {
        let column = at(&self.numbers, index).copied();
        column.ok_or_else(|| invalid(format_args!("there is no column of numbers with the index {index}")))
    }

    /// The column of categories with this index of its own.
    pub(super) fn category(&self, index: i32) -> Result<u32> {
        let column = at(&self.categories, index).copied();
        column.ok_or_else(|| invalid(format_args!("there is no column of categories with the index {index}")))
    }

    /// How many columns a row has.
    pub(super) fn count(&self) -> usize {
        self.columns.len()
    }

    /// The names of all columns.
    pub(super) fn names(&self) -> Vec<String> {
        let named = |(flat, column): (usize, &Option<(String, Kind)>)| match column {
            Some((name, _)) if !name.trim().is_empty() => name.clone(),
            // As `Schema::invented_names` calls it.
            _ => format!("f{flat}"),
        };
        self.columns.iter().enumerate().map(named).collect()
    }

    /// The columns of categories, in order.
    pub(super) fn categorical(&self) -> impl Iterator<Item = u32> {
        let columns = self.columns.iter().zip(0..);
        columns.filter(|(column, _)| matches!(column, Some((_, Kind::Category)))).map(|(_, flat)| flat)
    }

    /// A column as an error names it.
    pub(super) fn called(&self, flat: u32) -> String {
        match self.columns.get(flat as usize) {
            Some(Some((name, _))) if !name.trim().is_empty() => quoted(name),
            _ => format!("{flat}"),
        }
    }

    /// A column of categories by its own index, as an error names it.
    pub(super) fn category_called(&self, index: i32) -> String {
        at(&self.categories, index)
            .map_or_else(|| format!("{index} of the categorical ones"), |&flat| self.called(flat))
    }
}

fn at<T>(list: &[Option<T>], index: i32) -> Option<&T> {
    list.get(usize::try_from(index).ok()?)?.as_ref()
}

/// Puts a thing in its place, which no other has.
fn put<T>(list: &mut Vec<Option<T>>, index: i32, thing: T, what: &str) -> Result<()> {
    let Some(place) = usize::try_from(index).ok().filter(|&place| place < MAX_FEATURES) else {
        return Err(invalid(format_args!("{what} {index}; there are at most {MAX_FEATURES} columns")));
    };
    if list.len() <= place {
        list.resize_with(place + 1, || None);
    }
    if list[place].replace(thing).is_some() {
        return Err(invalid(format_args!("two {what} {index}")));
    }
    Ok(())
}
