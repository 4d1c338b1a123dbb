//! The values of a pickle, and how they are looked at.

use std::borrow::Cow;
use std::cell::Cell;

use super::array::{self, Dtype};
use super::broken;
use crate::error::{Result, invalid, quoted, shown};

/// A value's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Id(u32);

/// An inert value.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    None,
    Boolean(bool),
    Integer(i64),
    /// A whole number beyond 64 bits: seeds of random numbers have such, and no model.
    LargeInteger,
    Float(f64),
    Text(Cow<'a, str>),
    Bytes(&'a [u8]),
    List(Vec<Id>),
    Tuple(Vec<Id>),
    Set(Vec<Id>),
    Dictionary(Vec<(Id, Id)>),
    /// A class or function: two texts.
    Global {
        module: Id,
        name: Id,
    },
    /// What a call would have made, of a class or a function.
    Object {
        callable: Id,
        arguments: Id,
        state: Option<Id>,
        more: Option<Box<More>>,
    },
}

/// What few objects have.
#[derive(Clone, Debug, Default)]
pub(crate) struct More {
    /// What was appended to it, as to a list.
    pub(crate) items: Vec<Id>,
    /// What was set in it, as in a dictionary.
    pub(crate) entries: Vec<(Id, Id)>,
    /// Where the numbers of one of joblib's arrays are in the file.
    pub(crate) raw: Option<(usize, usize)>,
    /// The array that stands in the file after one of joblib's that holds objects.
    pub(crate) array: Option<Id>,
}

/// Everything that a pickle made.
#[derive(Debug)]
pub(crate) struct Values<'a> {
    values: Vec<Value<'a>>,
    /// The whole file: joblib's arrays are places in it.
    bytes: &'a [u8],
    /// How much may still be looked at.
    work: Cell<usize>,
}

impl Values<'static> {
    /// The numbers of the values that every pickle has: `None`, `False`, `True`, the empty tuple, and the numbers of a byte.
    pub(super) const NONE: Id = Id(0);
    pub(super) const FALSE: Id = Id(1);
    pub(super) const TRUE: Id = Id(2);
    pub(super) const EMPTY_TUPLE: Id = Id(3);

    /// The number of a byte's value.
    pub(super) const fn byte(byte: u8) -> Id {
        Id(4 + byte as u32)
    }
}

impl<'a> Values<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        /// How much may be looked at of the smallest file, and of each byte: a model's reader looks at each value some few times.
        const LEAST: usize = 1 << 24;
        const A_BYTE: usize = 4;
        let mut values = vec![Value::None, Value::Boolean(false), Value::Boolean(true), Value::Tuple(Vec::new())];
        values.extend((0..=u8::MAX).map(|byte| Value::Integer(byte.into())));
        Self { values, bytes, work: Cell::new(LEAST + A_BYTE.saturating_mul(bytes.len())) }
    }

    /// Adds a value. The machine has seen to it that there are fewer than 2^32.
    pub(super) fn add(&mut self, value: Value<'a>) -> Id {
        let id = Id(self.values.len() as u32);
        self.values.push(value);
        id
    }

    /// None yet, of what is no pickle and is made into the same values: of a file of so many bytes.
    pub(in crate::import) fn of_parts(bytes: usize) -> Self {
        let values = Self::new(&[]);
        values.work.set(values.work.get() + 4 * bytes);
        values
    }

    /// Adds a value to these. Whoever does sees to it that there are fewer than 2^32.
    pub(in crate::import) fn add_part(&mut self, value: Value<'a>) -> Id {
        self.add(value)
    }

    /// Pays for looking at this many of them.
    pub(in crate::import) fn look_at(&self, amount: usize) -> Result<()> {
        self.look(amount)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The numbers of all values.
    pub(super) fn ids(&self) -> impl Iterator<Item = Id> + use<> {
        (0..self.values.len() as u32).map(Id)
    }

    /// The value of this number.
    pub(crate) fn get(&self, id: Id) -> &Value<'a> {
        // Numbers are made by `add` alone, and no value is ever taken away.
        self.values.get(id.0 as usize).unwrap_or(&Value::None)
    }

    pub(super) fn get_mut(&mut self, id: Id) -> Option<&mut Value<'a>> {
        self.values.get_mut(id.0 as usize)
    }

    /// Pays for looking at this many values or bytes.
    pub(super) fn look(&self, amount: usize) -> Result<()> {
        let left = self.work.get().checked_sub(amount);
        self.work.set(left.unwrap_or(0));
        match left {
            Some(_) => Ok(()),
            None => {
                Err(invalid(format_args!("the pickle refers to the same large values again and again: no model does")))
            }
        }
    }

    /// The text of a value that is one.
    pub(crate) fn text(&self, id: Id) -> Option<&str> {
        match self.get(id) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// `module.name` of a class or function; Python 2's names are turned into Python 3's.
    pub(crate) fn global(&self, id: Id) -> Option<String> {
        let &Value::Global { module, name } = self.get(id) else { return None };
        let module = match self.text(module)? {
            "copy_reg" => "copyreg",
            "__builtin__" => "builtins",
            module => module,
        };
        Some(format!("{module}.{}", self.text(name)?))
    }

    /// What an object would have been made by: its class, or the function called.
    pub(crate) fn class(&self, id: Id) -> Option<String> {
        let &Value::Object { callable, arguments, .. } = self.get(id) else { return None };
        let name = self.global(callable)?;
        // By these, protocols 0 and 1 make an object of the class that is their first argument.
        if ["copyreg._reconstructor", "copyreg.__newobj__", "copyreg.__newobj_ex__"].contains(&name.as_str()) {
            return self.global(*self.sequence(arguments)?.first()?);
        }
        Some(name)
    }

    /// The members of a list or tuple.
    pub(crate) fn sequence(&self, id: Id) -> Option<&[Id]> {
        match self.get(id) {
            Value::List(items) | Value::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The arguments of the call that would have made this, if it would have been a call of one of these.
    pub(crate) fn call(&self, id: Id, names: &[&str]) -> Option<&[Id]> {
        let &Value::Object { callable, arguments, .. } = self.get(id) else { return None };
        let name = self.global(callable)?;
        names.contains(&name.as_str()).then(|| self.sequence(arguments)).flatten()
    }

    /// What is said by this key in a dictionary, or in an object that is filled as one; the last, if it is said twice.
    ///
    /// # Errors
    /// `invalid_model` if too much was looked at already.
    pub(crate) fn entry(&self, id: Id, key: &str) -> Result<Option<Id>> {
        let entries = match self.get(id) {
            Value::Dictionary(entries) => entries,
            Value::Object { more: Some(more), .. } => &more.entries,
            _ => return Ok(None),
        };
        self.look(entries.len())?;
        Ok(entries.iter().rev().find(|(name, _)| self.text(*name) == Some(key)).map(|(_, value)| *value))
    }

    /// An attribute of an object: what its state says by this name.
    ///
    /// # Errors
    /// As [`Values::entry`].
    pub(crate) fn attribute(&self, id: Id, name: &str) -> Result<Option<Id>> {
        let Value::Object { state: Some(state), .. } = self.get(id) else { return Ok(None) };
        match self.get(*state) {
            // The second is of the attributes that are in slots.
            Value::Tuple(parts) if parts.len() == 2 => match self.entry(parts[1], name)? {
                Some(found) => Ok(Some(found)),
                None => self.entry(parts[0], name),
            },
            _ => self.entry(*state, name),
        }
    }

    /// An attribute that an object must have.
    ///
    /// # Errors
    /// `invalid_model` if it has none.
    pub(crate) fn required(&self, id: Id, name: &str) -> Result<Id> {
        match self.attribute(id, name)? {
            Some(found) => Ok(found),
            None => Err(broken(format_args!("{} has no {name}", self.described(id)))),
        }
    }

    /// Whether this is `None`.
    pub(crate) fn is_none(&self, id: Id) -> bool {
        matches!(self.get(id), Value::None)
    }

    /// A truth value, Python's or numpy's.
    pub(crate) fn boolean(&self, id: Id) -> Option<bool> {
        match self.get(id) {
            Value::Boolean(value) => Some(*value),
            _ => match self.scalar(id)? {
                array::Item::Boolean(value) => Some(value),
                _ => None,
            },
        }
    }

    /// A whole number, Python's or numpy's.
    pub(crate) fn integer(&self, id: Id) -> Option<i64> {
        match self.get(id) {
            Value::Integer(value) => Some(*value),
            _ => match self.scalar(id)? {
                array::Item::Integer(value) => Some(value),
                _ => None,
            },
        }
    }

    /// A number, Python's or numpy's, whole or not.
    pub(crate) fn number(&self, id: Id) -> Option<f64> {
        match self.get(id) {
            Value::Float(value) => Some(*value),
            Value::Integer(value) => Some(*value as f64),
            _ => match self.scalar(id)? {
                array::Item::Integer(value) => Some(value as f64),
                array::Item::Float(value) => Some(value),
                _ => None,
            },
        }
    }

    /// One of numpy's numbers by itself: a call of `scalar` with a dtype and bytes.
    fn scalar(&self, id: Id) -> Option<array::Item> {
        const SCALAR: [&str; 2] = ["numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"];
        let &[dtype, bytes] = self.call(id, &SCALAR)? else { return None };
        let dtype = Dtype::of(self, dtype).ok()?;
        // No number has more.
        const LONGEST: usize = 16;
        let bytes = self.short_bytes(bytes, LONGEST)?;
        (bytes.len() == dtype.size).then(|| dtype.item(&bytes)).flatten()
    }

    fn short_bytes(&self, id: Id, most: usize) -> Option<Cow<'_, [u8]>> {
        let bytes = self.bytes(id).ok()??;
        (bytes.len() <= most).then_some(bytes)
    }

    /// Bytes, also as old protocols write them: as text in Latin-1 that a call would have encoded.
    ///
    /// # Errors
    /// `invalid_model` if too much was looked at already.
    pub(crate) fn bytes(&self, id: Id) -> Result<Option<Cow<'_, [u8]>>> {
        const OF_TEXT: [&str; 2] = ["_codecs.encode", "builtins.bytearray"];
        const OF_BYTES: [&str; 2] = ["builtins.bytearray", "builtins.bytes"];
        if let Value::Bytes(bytes) = self.get(id) {
            return Ok(Some(Cow::Borrowed(bytes)));
        }
        if let Value::Text(text) = self.get(id) {
            return self.latin_1(text);
        }
        if let Some(&[text, encoding]) = self.call(id, &OF_TEXT) {
            let is_latin = self.text(encoding).is_some_and(|name| ["latin1", "latin-1"].contains(&name));
            return match self.text(text).filter(|_| is_latin) {
                Some(text) => self.latin_1(text),
                None => Ok(None),
            };
        }
        Ok(match self.call(id, &OF_BYTES) {
            Some([]) => Some(Cow::Borrowed(&[])),
            Some(&[inner]) => match self.get(inner) {
                Value::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
                // Protocol 2 has both calls: bytes of an encoded text.
                _ => match self.call(inner, &["_codecs.encode"]) {
                    Some(&[text, _]) => match self.text(text) {
                        Some(text) => return self.latin_1(text),
                        None => None,
                    },
                    _ => None,
                },
            },
            _ => None,
        })
    }

    fn latin_1(&self, text: &str) -> Result<Option<Cow<'_, [u8]>>> {
        self.look(text.len())?;
        Ok(text
            .chars()
            .map(|character| u8::try_from(u32::from(character)).ok())
            .collect::<Option<Vec<u8>>>()
            .map(Cow::Owned))
    }

    /// A part of the file.
    pub(super) fn part(&self, (start, end): (usize, usize)) -> Option<&'a [u8]> {
        self.bytes.get(start..end)
    }

    /// What a value is, for an error.
    pub(crate) fn described(&self, id: Id) -> String {
        let what = match self.get(id) {
            Value::None => "None",
            Value::Boolean(_) => "a truth value",
            Value::Integer(_) | Value::LargeInteger => "a whole number",
            Value::Float(_) => "a number",
            Value::Text(text) => return format!("the text {}", quoted(text)),
            Value::Bytes(_) => "bytes",
            Value::List(_) => "a list",
            Value::Tuple(_) => "a tuple",
            Value::Set(_) => "a set",
            Value::Dictionary(_) => "a dictionary",
            Value::Global { .. } => return shown(&self.global(id).unwrap_or_default()),
            Value::Object { .. } => match self.class(id) {
                Some(class) => return shown(&class),
                None => "an object of no known class",
            },
        };
        what.to_owned()
    }
}
