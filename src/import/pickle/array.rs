//! Arrays of numpy, as pickles and joblib hold them.

use std::borrow::Cow;

use super::broken;
use super::values::{Id, Value, Values};
use crate::error::{Result, quoted, unsupported};
use crate::import::draft::Labels;

/// What kind of thing an array has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Boolean,
    Signed,
    Unsigned,
    Float,
    /// Texts of one length, four bytes a character.
    Text,
    /// Records: the fields say of what.
    Record,
}

/// numpy's description of an array's items.
#[derive(Clone, Debug)]
pub(crate) struct Dtype {
    pub(crate) kind: Kind,
    /// The bytes of an item.
    pub(crate) size: usize,
    is_big_endian: bool,
    fields: Vec<Field>,
}

/// A part of a record.
#[derive(Clone, Debug)]
struct Field {
    name: String,
    offset: usize,
    dtype: Dtype,
}

/// One item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item {
    Boolean(bool),
    Integer(i64),
    Float(f64),
}

/// The names of numpy's class, as numpy before and since version 2 writes it, and of what reads its description.
const DTYPE: [&str; 1] = ["numpy.dtype"];
const RECONSTRUCT: [&str; 2] = ["numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"];
const FROM_BUFFER: [&str; 2] = ["numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer"];
const WRAPPER: &str = "joblib.numpy_pickle.NumpyArrayWrapper";

impl Dtype {
    /// Reads a description.
    ///
    /// # Errors
    /// `unsupported_model` for items that no model has, by numpy's name; `invalid_model` for what is no description.
    pub(super) fn of(values: &Values, id: Id) -> Result<Self> {
        Self::nested(values, id, true)
    }

    fn nested(values: &Values, id: Id, may_have_fields: bool) -> Result<Self> {
        /// A record of scikit-learn's has 13.
        const MOST_FIELDS: usize = 64;
        let fault = || broken(format_args!("a dtype is due, and here is {}", values.described(id)));
        let code = values.call(id, &DTYPE).and_then(|arguments| values.text(*arguments.first()?)).ok_or_else(fault)?;
        let state = match values.get(id) {
            Value::Object { state: Some(state), .. } => values.sequence(*state).unwrap_or_default(),
            _ => &[],
        };
        let part = |index: usize| state.get(index).copied().filter(|&part| !values.is_none(part));
        let is_big_endian = part(1).and_then(|order| values.text(order)) == Some(">");
        let unknown = || unsupported(format_args!("arrays of numpy's dtype {} are not read", quoted(code)));
        if part(2).is_some() {
            // An array within each item.
            return Err(unknown());
        }
        let names = part(3).and_then(|names| values.sequence(names)).unwrap_or_default();
        let digits = code.get(1..).unwrap_or_default();
        let number =
            || digits.parse::<usize>().ok().filter(|number| (1..=1 << 20).contains(number)).ok_or_else(unknown);
        let (kind, size) = match code.as_bytes() {
            [b'V', ..] if !names.is_empty() && may_have_fields => (Kind::Record, number()?),
            b"b1" | b"?" => (Kind::Boolean, 1),
            [b'i', b'1' | b'2' | b'4' | b'8'] => (Kind::Signed, number()?),
            [b'u', b'1' | b'2' | b'4' | b'8'] => (Kind::Unsigned, number()?),
            [b'f', b'4' | b'8'] => (Kind::Float, number()?),
            [b'U', b'0'..=b'9', ..] => (Kind::Text, 4 * number()?),
            _ => return Err(unknown()),
        };
        let mut fields = Vec::new();
        if kind == Kind::Record {
            if names.len() > MOST_FIELDS {
                return Err(unsupported(format_args!("a record of {} fields is not read", names.len())));
            }
            let table = part(4).ok_or_else(fault)?;
            for &name in names {
                let name = values.text(name).ok_or_else(fault)?;
                let field = values.entry(table, name)?.and_then(|field| values.sequence(field)).ok_or_else(fault)?;
                let [dtype, offset, ..] = *field else { return Err(fault()) };
                let dtype = Self::nested(values, dtype, false)?;
                let offset =
                    values.integer(offset).and_then(|offset| usize::try_from(offset).ok()).ok_or_else(fault)?;
                if offset.checked_add(dtype.size).is_none_or(|end| end > size) {
                    return Err(broken(format_args!("the field {} ends beyond its record", quoted(name))));
                }
                fields.push(Field { name: name.to_owned(), offset, dtype });
            }
        }
        Ok(Self { kind, size, is_big_endian, fields })
    }

    /// Whether a description is that of Python's objects.
    pub(super) fn is_object(values: &Values, id: Id) -> bool {
        let code = values.call(id, &DTYPE).and_then(|arguments| values.text(*arguments.first()?));
        code.is_some_and(|code| ["O", "O4", "O8"].contains(&code))
    }

    /// The item that these bytes are; as many as an item has.
    pub(super) fn item(&self, bytes: &[u8]) -> Option<Item> {
        let mut wide = [0; 8];
        let place = wide.get_mut(..self.size).filter(|place| place.len() == bytes.len())?;
        place.copy_from_slice(bytes);
        if self.is_big_endian {
            place.reverse();
        }
        let bits = u64::from_le_bytes(wide);
        Some(match (self.kind, self.size) {
            (Kind::Boolean, _) => Item::Boolean(bits != 0),
            (Kind::Signed, 1..=8) => {
                let above = 64 - 8 * self.size as u32;
                Item::Integer((bits << above) as i64 >> above)
            }
            (Kind::Unsigned, _) => Item::Integer(i64::try_from(bits).ok()?),
            (Kind::Float, 4) => Item::Float(f32::from_bits(bits as u32).into()),
            (Kind::Float, 8) => Item::Float(f64::from_bits(bits)),
            _ => return None,
        })
    }

    /// The characters of a text, without the zeros at its end.
    fn characters(&self, bytes: &[u8]) -> Option<String> {
        let (characters, _) = bytes.as_chunks::<4>();
        let of =
            |bytes: [u8; 4]| if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        let text = characters.iter().map(|&bytes| char::from_u32(of(bytes))).collect::<Option<String>>()?;
        Some(text.trim_end_matches('\0').to_owned())
    }
}

/// An array.
#[derive(Debug)]
pub(crate) struct Array<'v> {
    pub(crate) shape: Vec<usize>,
    /// Whether the first index is the one that changes fastest.
    is_fortran: bool,
    content: Content<'v>,
}

#[derive(Debug)]
enum Content<'v> {
    Numbers(Dtype, Cow<'v, [u8]>),
    Objects(&'v [Id]),
}

/// How many items an array of this shape has.
pub(super) fn count(values: &Values, shape: Id) -> Result<usize> {
    Ok(dimensions(values, shape)?.iter().product())
}

/// The shape of an array; that its product is no overflow is checked.
fn dimensions(values: &Values, shape: Id) -> Result<Vec<usize>> {
    /// What numpy's own arrays may have.
    const MOST: usize = 64;
    let fault = || broken(format_args!("an array's shape is no list of counts"));
    let one = std::slice::from_ref(&shape);
    let lengths = values.sequence(shape).unwrap_or(one);
    if lengths.len() > MOST {
        return Err(fault());
    }
    let length = |&id: &Id| values.integer(id).and_then(|length| usize::try_from(length).ok());
    let lengths = lengths.iter().map(length).collect::<Option<Vec<usize>>>().ok_or_else(fault)?;
    // Zeros do not hide what would be too many.
    lengths.iter().try_fold(1_usize, |product, &length| product.checked_mul(length.max(1))).ok_or_else(fault)?;
    Ok(lengths)
}

impl<'v> Array<'v> {
    /// The array that a value is, if it is one.
    ///
    /// # Errors
    /// `invalid_model` for one whose data are not as long as its shape says; as [`Dtype::of`].
    pub(crate) fn of(values: &'v Values, id: Id) -> Result<Option<Self>> {
        if let Some(arguments) = values.call(id, &FROM_BUFFER) {
            let &[buffer, dtype, shape, order, ..] = arguments else {
                return Err(broken(format_args!("an array is made of {} arguments", arguments.len())));
            };
            let is_fortran = match values.text(order) {
                Some("C") => false,
                Some("F") => true,
                _ => {
                    return Err(unsupported(format_args!(
                        "an array in an order that is neither C's nor Fortran's is not read"
                    )));
                }
            };
            return Self::made(values, dimensions(values, shape)?, dtype, is_fortran, buffer).map(Some);
        }
        let &Value::Object { state, .. } = values.get(id) else { return Ok(None) };
        if values.call(id, &RECONSTRUCT).is_some() {
            let parts = state.and_then(|state| values.sequence(state)).unwrap_or_default();
            let &[.., shape, dtype, is_fortran, data] = parts else {
                return Err(broken(format_args!("an array has no state")));
            };
            let is_fortran = values.boolean(is_fortran).or_else(|| values.integer(is_fortran).map(|flag| flag != 0));
            return Self::made(values, dimensions(values, shape)?, dtype, is_fortran == Some(true), data).map(Some);
        }
        Self::of_joblib(values, id)
    }

    /// What joblib keeps: a description, and behind it the array as it is, or a pickle of it.
    fn of_joblib(values: &'v Values, id: Id) -> Result<Option<Self>> {
        let Value::Object { more: Some(more), .. } = values.get(id) else { return Ok(None) };
        if values.class(id).as_deref() != Some(WRAPPER) {
            return Ok(None);
        }
        if let Some(array) = more.array {
            // An ordinary pickle: no array of joblib's is within.
            return match values.call(array, &RECONSTRUCT) {
                Some(_) => Self::of(values, array),
                None => Ok(None),
            };
        }
        let Some(data) = more.raw.and_then(|raw| values.part(raw)) else { return Ok(None) };
        let shape = dimensions(values, values.required(id, "shape")?)?;
        let is_fortran = values.attribute(id, "order")?.and_then(|order| values.text(order)) == Some("F");
        let dtype = Dtype::of(values, values.required(id, "dtype")?)?;
        Self::checked(values, shape, is_fortran, Content::Numbers(dtype, Cow::Borrowed(data))).map(Some)
    }

    fn made(values: &'v Values, shape: Vec<usize>, dtype: Id, is_fortran: bool, data: Id) -> Result<Self> {
        let content = if Dtype::is_object(values, dtype) {
            let items = values.sequence(data);
            Content::Objects(items.ok_or_else(|| broken(format_args!("an array's objects are no list")))?)
        } else {
            let dtype = Dtype::of(values, dtype)?;
            let bytes = values.bytes(data)?;
            Content::Numbers(dtype, bytes.ok_or_else(|| broken(format_args!("an array's data are no bytes")))?)
        };
        Self::checked(values, shape, is_fortran, content)
    }

    fn checked(values: &Values, shape: Vec<usize>, is_fortran: bool, content: Content<'v>) -> Result<Self> {
        let count: usize = shape.iter().product();
        let (length, due) = match &content {
            Content::Numbers(dtype, bytes) => (bytes.len(), count.checked_mul(dtype.size)),
            Content::Objects(items) => (items.len(), Some(count)),
        };
        if due != Some(length) {
            return Err(broken(format_args!("an array of shape {shape:?} has {length} bytes or objects")));
        }
        values.look(length)?;
        Ok(Self { shape, is_fortran, content })
    }

    /// How many items there are.
    pub(crate) fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// The objects, the last index changing fastest; `None` if it has numbers.
    pub(crate) fn objects(&self) -> Option<Vec<Id>> {
        let Content::Objects(items) = self.content else { return None };
        Some(self.places().filter_map(|place| items.get(place).copied()).collect())
    }

    /// The numbers in 64 bits, the last index changing fastest; `None` if they are none. Truth values are 0 and 1.
    pub(crate) fn numbers(&self) -> Option<Vec<f64>> {
        self.items(None)?.map(|item| item.map(Item::number)).collect()
    }

    /// The whole numbers, likewise.
    pub(crate) fn integers(&self) -> Option<Vec<i64>> {
        self.items(None)?.map(|item| item?.integer()).collect()
    }

    /// The whole numbers, where all are indices of so many things.
    pub(crate) fn indices(&self, count: usize) -> Option<Vec<usize>> {
        let index = |number: i64| usize::try_from(number).ok().filter(|&index| index < count);
        self.integers()?.into_iter().map(index).collect()
    }

    /// Whether its items are truth values.
    pub(crate) fn is_boolean(&self) -> bool {
        matches!(&self.content, Content::Numbers(dtype, _) if dtype.kind == Kind::Boolean)
    }

    /// Whether its items are 64-bit floats.
    pub(crate) fn is_double(&self) -> bool {
        matches!(&self.content, Content::Numbers(dtype, _) if dtype.kind == Kind::Float && dtype.size == 8)
    }

    /// How many bytes each record has; 0 where its items are none.
    pub(crate) fn record_size(&self) -> usize {
        match &self.content {
            Content::Numbers(dtype, _) if dtype.kind == Kind::Record => dtype.size,
            _ => 0,
        }
    }

    /// Of each record the field of this name, as numbers in 64 bits; `None` if there is none such.
    pub(crate) fn field_numbers(&self, name: &str) -> Option<Vec<f64>> {
        self.items(Some(name))?.map(|item| item.map(Item::number)).collect()
    }

    /// Of each record the field of this name, as whole numbers.
    pub(crate) fn field_integers(&self, name: &str) -> Option<Vec<i64>> {
        self.items(Some(name))?.map(|item| item?.integer()).collect()
    }

    /// What each item is called: texts as they are, whole numbers and truth values as Python prints them.
    pub(crate) fn names(&self, values: &Values) -> Option<Vec<String>> {
        match &self.content {
            Content::Objects(_) => self.objects()?.into_iter().map(|id| name(values, id)).collect(),
            Content::Numbers(dtype, bytes) if dtype.kind == Kind::Text => {
                let item = |place: usize| dtype.characters(bytes.get(place * dtype.size..)?.get(..dtype.size)?);
                self.places().map(item).collect()
            }
            Content::Numbers(..) => self.items(None)?.map(|item| item.map(Item::name)).collect(),
        }
    }

    /// The same of a classifier's classes.
    pub(crate) fn labels(&self, values: &Values) -> Option<Labels> {
        let are_texts = match &self.content {
            Content::Objects(_) => self.objects()?.into_iter().all(|id| matches!(values.get(id), Value::Text(_))),
            Content::Numbers(dtype, _) => dtype.kind == Kind::Text,
        };
        Some(Labels { names: self.names(values)?, are_texts })
    }

    fn items(&self, field: Option<&str>) -> Option<impl Iterator<Item = Option<Item>>> {
        let Content::Numbers(dtype, bytes) = &self.content else { return None };
        let (offset, of) = match field {
            None => (0, dtype),
            Some(name) => {
                dtype.fields.iter().find(|field| field.name == name).map(|field| (field.offset, &field.dtype))?
            }
        };
        let item = move |place: usize| of.item(bytes.get(place * dtype.size + offset..)?.get(..of.size)?);
        Some(self.places().map(item))
    }

    /// Where the items are, in the order in which the last index changes fastest.
    fn places(&self) -> impl Iterator<Item = usize> {
        let strides: Vec<usize> = match self.is_fortran {
            true => {
                self.shape.iter().scan(1, |stride, &length| Some(std::mem::replace(stride, *stride * length))).collect()
            }
            false => Vec::new(),
        };
        (0..self.len()).map(move |index| {
            if !self.is_fortran {
                return index;
            }
            let (mut rest, mut place) = (index, 0);
            for (&length, &stride) in self.shape.iter().zip(&strides).rev() {
                place += rest % length * stride;
                rest /= length;
            }
            place
        })
    }
}

impl Item {
    fn number(self) -> f64 {
        match self {
            Self::Boolean(value) => f64::from(u8::from(value)),
            Self::Integer(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    fn integer(self) -> Option<i64> {
        match self {
            Self::Boolean(value) => Some(value.into()),
            Self::Integer(value) => Some(value),
            Self::Float(_) => None,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Boolean(true) => "True".to_owned(),
            Self::Boolean(false) => "False".to_owned(),
            Self::Integer(value) => value.to_string(),
            // As Python prints it: 1.0, where Rust prints 1.
            Self::Float(value) => format!("{value:?}"),
        }
    }
}

/// What an object is called that names something.
fn name(values: &Values, id: Id) -> Option<String> {
    Some(match values.get(id) {
        Value::Text(text) => text.clone().into_owned(),
        Value::Boolean(value) => Item::Boolean(*value).name(),
        Value::Integer(value) => Item::Integer(*value).name(),
        Value::Float(value) => Item::Float(*value).name(),
        _ => values.integer(id)?.to_string(),
    })
}
