//! What all steps of a pipeline have, and how it is looked at.

use crate::error::{Result, invalid, shown, unsupported};
use crate::import::pickle::{Array, Id, Value, Values};

/// A step.
#[derive(Clone, Copy)]
pub(super) struct Estimator<'p, 'a> {
    pub(super) values: &'p Values<'a>,
    pub(super) id: Id,
}

impl<'p, 'a> Estimator<'p, 'a> {
    /// The class's name, without its module.
    pub(super) fn name(&self) -> String {
        let class = self.values.class(self.id).unwrap_or_default();
        shown(class.rsplit('.').next().unwrap_or_default())
    }

    /// An attribute; `None` where it is Python's `None`, or there is none.
    pub(super) fn attribute(&self, name: &str) -> Result<Option<Id>> {
        Ok(self.values.attribute(self.id, name)?.filter(|&id| !self.values.is_none(id)))
    }

    pub(super) fn required(&self, name: &str) -> Result<Id> {
        self.values.required(self.id, name)
    }

    /// A setting that is on or off; off where there is none.
    pub(super) fn flag(&self, name: &str) -> Result<bool> {
        let Some(id) = self.attribute(name)? else { return Ok(false) };
        self.values.boolean(id).ok_or_else(|| self.unexpected(name, id))
    }

    /// A setting that has a name.
    pub(super) fn text(&self, name: &str) -> Result<&'p str> {
        let id = self.required(name)?;
        self.values.text(id).ok_or_else(|| self.unexpected(name, id))
    }

    /// The members of a list or tuple.
    pub(super) fn sequence(&self, name: &str) -> Result<&'p [Id]> {
        let id = self.required(name)?;
        self.values.sequence(id).ok_or_else(|| self.unexpected(name, id))
    }

    /// An array.
    pub(super) fn array(&self, name: &str) -> Result<Array<'p>> {
        let id = self.required(name)?;
        let array = Array::of(self.values, id).map_err(|error| error.at(format_args!("{name}")))?;
        array.ok_or_else(|| self.unexpected(name, id))
    }

    /// As many numbers as there are columns; `None` where there are none at all.
    pub(super) fn numbers(&self, name: &str, count: usize) -> Result<Option<Vec<f64>>> {
        if self.attribute(name)?.is_none() {
            return Ok(None);
        }
        match self.array(name)?.numbers() {
            Some(numbers) if numbers.len() == count => Ok(Some(numbers)),
            _ => Err(invalid(format_args!("{name} is not {count} numbers, one of each column"))),
        }
    }

    /// The error for a setting that is none of those that are read.
    pub(super) fn unexpected(&self, name: &str, id: Id) -> crate::Error {
        unsupported(format_args!("{name} is {}, which is not read", self.values.described(id)))
    }

    /// That a setting has its usual value, `None`.
    pub(super) fn none(&self, name: &str) -> Result<()> {
        match self.attribute(name)? {
            None => Ok(()),
            Some(id) => Err(self.unexpected(name, id)),
        }
    }

    /// That it was fitted to as many columns as come to it.
    pub(super) fn takes(&self, columns: usize) -> Result<()> {
        let Some(count) = self.attribute("n_features_in_")? else { return Ok(()) };
        match self.values.integer(count) {
            Some(count) if usize::try_from(count) == Ok(columns) => Ok(()),
            _ => Err(invalid(format_args!("{columns} columns come to it, and n_features_in_ is another number"))),
        }
    }
}

/// Whether a value is Python's `nan`.
pub(super) fn is_nan(values: &Values, id: Id) -> bool {
    matches!(values.get(id), Value::Float(number) if number.is_nan())
}
