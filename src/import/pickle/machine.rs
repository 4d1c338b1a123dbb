//! The stack machine: opcodes → values.

mod opcodes;

use super::array::Dtype;
use super::values::{Id, More, Value, Values};
use super::{SPARE, broken};
use crate::error::{Error, Result, quoted, unsupported};

/// The values of a pickle, and the one that it leaves.
pub(super) fn run(bytes: &[u8]) -> Result<(Values<'_>, Id)> {
    let values = Values::new(bytes);
    let memory = SPARE.saturating_add(bytes.len().saturating_mul(8));
    let mut machine = Machine { bytes, offset: 0, values, memory };
    let root = machine.pickle(true)?;
    let left = bytes.len() - machine.offset;
    if left > 0 {
        return Err(unsupported(format_args!(
            "{left} bytes follow the first pickle, which ends at offset {}: several were written into one file; save the model by \
             itself",
            machine.offset
        )));
    }
    Ok((machine.values, root))
}

struct Machine<'a> {
    bytes: &'a [u8],
    /// Where the next byte is.
    offset: usize,
    values: Values<'a>,
    /// How many bytes may still be taken.
    memory: usize,
}

/// What one pickle works with.
#[derive(Default)]
struct Desk {
    stack: Vec<Id>,
    /// The heights of the stack at the marks on it.
    marks: Vec<u32>,
    memo: Vec<Option<Id>>,
    /// How many values the memo has.
    remembered: usize,
}

/// What a number, and a value, take in a list that grows by doubling: while it is moved both places are taken.
const A_NUMBER: usize = 3 * size_of::<Id>();
const A_VALUE: usize = 3 * size_of::<Value<'_>>();

impl<'a> Machine<'a> {
    fn fault(&self, message: std::fmt::Arguments<'_>) -> Error {
        broken(message).at(format_args!("offset {}", self.offset))
    }

    fn take_memory(&mut self, count: usize, each: usize) -> Result<()> {
        match count.checked_mul(each).and_then(|bytes| self.memory.checked_sub(bytes)) {
            Some(left) => {
                self.memory = left;
                Ok(())
            }
            None => Err(self.fault(format_args!("it holds more small values than any model's file of its size"))),
        }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let left = self.bytes.len() - self.offset;
        match self.bytes.get(self.offset..).and_then(|rest| rest.get(..count)) {
            Some(taken) => {
                self.offset += count;
                Ok(taken)
            }
            None => {
                let (start, end) = (self.offset, self.bytes.len());
                Err(broken(format_args!(
                    "the file ends early, at byte {end}: copy it again ({count} bytes are due at byte {start}, {left} are left)"
                )))
            }
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    /// What follows a length of one byte, four or eight.
    fn counted(&mut self, width: usize) -> Result<&'a [u8]> {
        let count = match width {
            1 => u64::from(self.byte()?),
            4 => u64::from(u32::from_le_bytes(self.array()?)),
            _ => u64::from_le_bytes(self.array()?),
        };
        match usize::try_from(count) {
            Ok(count) => self.take(count),
            Err(_) => Err(self.fault(format_args!("a length of {count} is claimed"))),
        }
    }

    /// The rest of a line.
    fn line(&mut self) -> Result<&'a [u8]> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        match rest.iter().position(|&byte| byte == b'\n') {
            Some(end) => {
                self.offset += end + 1;
                Ok(&rest[..end])
            }
            None => {
                let (start, end) = (self.offset, self.bytes.len());
                Err(broken(format_args!(
                    "the file ends early, at byte {end}: copy it again (the line at byte {start} does not end)"
                )))
            }
        }
    }

    fn word(&mut self) -> Result<&'a str> {
        let line = self.line()?;
        std::str::from_utf8(line).map_err(|_| self.fault(format_args!("a line is not text")))
    }

    fn make(&mut self, value: Value<'a>) -> Result<Id> {
        /// Beyond it a number would have another's place; a file would have to be larger than 8 GB.
        const MOST: usize = i32::MAX as usize;
        self.take_memory(1, A_VALUE)?;
        if self.values.len() >= MOST {
            return Err(self.fault(format_args!("it holds more than {MOST} values")));
        }
        Ok(self.values.add(value))
    }

    fn make_text(&mut self, bytes: &'a [u8]) -> Result<Id> {
        let text = String::from_utf8_lossy(bytes);
        if let std::borrow::Cow::Owned(text) = &text {
            self.take_memory(text.len(), 1)?;
        }
        self.make(Value::Text(text))
    }

    fn make_escaped(&mut self, text: Option<std::borrow::Cow<'a, str>>) -> Result<Id> {
        let Some(text) = text else {
            return Err(self.fault(format_args!("a text is not written as Python writes one")));
        };
        if let std::borrow::Cow::Owned(text) = &text {
            self.take_memory(text.len(), 2)?;
        }
        self.make(Value::Text(text))
    }

    fn make_integer(&mut self, bytes: &[u8]) -> Result<Id> {
        // In two's complement, lowest byte first, as short as can be.
        if bytes.len() > size_of::<i64>() {
            return self.make(Value::LargeInteger);
        }
        let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
        let mut wide = if negative { [0xff; 8] } else { [0; 8] };
        wide[..bytes.len()].copy_from_slice(bytes);
        self.make_number(i64::from_le_bytes(wide))
    }

    fn make_number(&mut self, number: i64) -> Result<Id> {
        match u8::try_from(number) {
            Ok(byte) => Ok(Values::byte(byte)),
            Err(_) => self.make(Value::Integer(number)),
        }
    }

    fn make_decimal(&mut self, text: &str) -> Result<Id> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.fault(format_args!("{} is not a whole number", quoted(text))));
        }
        match text.parse() {
            Ok(number) => self.make_number(number),
            Err(_) => self.make(Value::LargeInteger),
        }
    }

    fn make_global(&mut self, module: Id, name: Id) -> Result<Id> {
        if self.values.text(module).is_none() || self.values.text(name).is_none() {
            return Err(self.fault(format_args!("a class is named by {}", self.values.described(name))));
        }
        self.make(Value::Global { module, name })
    }

    fn make_object(&mut self, callable: Id, arguments: Id) -> Result<Id> {
        self.make(Value::Object { callable, arguments, state: None, more: None })
    }

    fn push(&mut self, desk: &mut Desk, id: Id) -> Result<()> {
        if desk.stack.len() == desk.stack.capacity() {
            self.take_memory(desk.stack.len().max(16), A_NUMBER)?;
        }
        desk.stack.push(id);
        Ok(())
    }

    /// Takes the last value from the stack: none from below a mark.
    fn pop(&mut self, desk: &mut Desk) -> Result<Id> {
        let floor = desk.marks.last().map_or(0, |&mark| mark as usize);
        match desk.stack.pop() {
            Some(id) if desk.stack.len() >= floor => Ok(id),
            _ => Err(self.fault(format_args!("a value is due on the stack, and there is none"))),
        }
    }

    fn last(&self, desk: &Desk) -> Result<Id> {
        let floor = desk.marks.last().map_or(0, |&mark| mark as usize);
        match desk.stack.last() {
            Some(&id) if desk.stack.len() > floor => Ok(id),
            _ => Err(self.fault(format_args!("a value is due on the stack, and there is none"))),
        }
    }

    /// Takes all values down to the last mark, and the mark.
    fn pop_mark(&mut self, desk: &mut Desk) -> Result<Vec<Id>> {
        let mark = desk.marks.pop().filter(|&mark| mark as usize <= desk.stack.len());
        let Some(mark) = mark else {
            return Err(self.fault(format_args!("a mark is due on the stack, and there is none")));
        };
        self.take_memory(desk.stack.len() - mark as usize, A_NUMBER)?;
        Ok(desk.stack.split_off(mark as usize))
    }

    fn pop_pairs(&mut self, desk: &mut Desk) -> Result<Vec<(Id, Id)>> {
        let items = self.pop_mark(desk)?;
        let (pairs, rest) = items.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(self.fault(format_args!("a key has no value")));
        }
        self.take_memory(items.len(), A_NUMBER)?;
        Ok(pairs.iter().map(|&[key, value]| (key, value)).collect())
    }

    fn pop_tuple(&mut self, desk: &mut Desk, count: usize) -> Result<()> {
        let mut items = vec![Values::NONE; count];
        for item in items.iter_mut().rev() {
            *item = self.pop(desk)?;
        }
        self.take_memory(count, A_NUMBER)?;
        let tuple = self.make(Value::Tuple(items))?;
        self.push(desk, tuple)
    }

    fn append(&mut self, to: Id, items: &[Id]) -> Result<()> {
        self.take_memory(items.len(), A_NUMBER)?;
        if let Some(list) = self.list_of(to)? {
            list.extend_from_slice(items);
            return Ok(());
        }
        let what = self.values.described(to);
        Err(self.fault(format_args!("values are appended to {what}")))
    }

    fn list_of(&mut self, id: Id) -> Result<Option<&mut Vec<Id>>> {
        if matches!(self.values.get(id), Value::Object { .. }) {
            return Ok(self.more(id)?.map(|more| &mut more.items));
        }
        Ok(match self.values.get_mut(id) {
            Some(Value::List(items)) => Some(items),
            _ => None,
        })
    }

    /// What few objects have, of one that now has it.
    fn more(&mut self, id: Id) -> Result<Option<&mut More>> {
        if matches!(self.values.get(id), Value::Object { more: None, .. }) {
            self.take_memory(1, 2 * size_of::<More>())?;
        }
        Ok(match self.values.get_mut(id) {
            Some(Value::Object { more, .. }) => Some(more.get_or_insert_default()),
            _ => None,
        })
    }

    fn set(&mut self, to: Id, pairs: &[(Id, Id)]) -> Result<()> {
        self.take_memory(pairs.len(), 2 * A_NUMBER)?;
        if matches!(self.values.get(to), Value::Object { .. }) {
            if let Some(more) = self.more(to)? {
                more.entries.extend_from_slice(pairs);
            }
            return Ok(());
        }
        if let Some(Value::Dictionary(entries)) = self.values.get_mut(to) {
            entries.extend_from_slice(pairs);
            return Ok(());
        }
        let what = self.values.described(to);
        Err(self.fault(format_args!("a key is set in {what}")))
    }

    fn remember(&mut self, desk: &mut Desk, place: usize) -> Result<()> {
        let id = self.last(desk)?;
        if place >= desk.memo.len() {
            // Pickles number the places of the memo from 0, and each takes them a byte at least.
            if place > self.bytes.len() {
                return Err(
                    self.fault(format_args!("place {place} of the memo is beyond any that the file can have filled"))
                );
            }
            self.take_memory(place + 1 - desk.memo.len(), A_NUMBER)?;
            desk.memo.resize(place + 1, None);
        }
        desk.remembered += usize::from(desk.memo[place].is_none());
        desk.memo[place] = Some(id);
        Ok(())
    }

    fn recall(&mut self, desk: &mut Desk, place: usize) -> Result<()> {
        match desk.memo.get(place).copied().flatten() {
            Some(id) => self.push(desk, id),
            None => Err(self.fault(format_args!("place {place} of the memo is empty"))),
        }
    }

    fn build(&mut self, desk: &mut Desk, outermost: bool) -> Result<()> {
        let new = self.pop(desk)?;
        let id = self.last(desk)?;
        match self.values.get_mut(id) {
            Some(Value::Object { state, .. }) => *state = Some(new),
            _ => {
                let what = self.values.described(id);
                return Err(self.fault(format_args!("a state is given to {what}, which is no object")));
            }
        }
        // `class` makes a text: asked of few.
        if outermost
            && self.last_name(id) == Some("NumpyArrayWrapper")
            && self.values.class(id).as_deref() == Some("joblib.numpy_pickle.NumpyArrayWrapper")
        {
            self.raw_array(id)?;
        }
        Ok(())
    }

    /// The last part of the name of what an object would have been made by, where it is said outright.
    fn last_name(&self, id: Id) -> Option<&str> {
        let &Value::Object { callable, .. } = self.values.get(id) else { return None };
        let &Value::Global { name, .. } = self.values.get(callable) else { return None };
        self.values.text(name)
    }

    /// What joblib writes behind the description of an array: its numbers as they are, or a pickle of its objects.
    fn raw_array(&mut self, wrapper: Id) -> Result<()> {
        let start = self.offset;
        let place = |error: Error| error.at(format_args!("the array at offset {start}"));
        let dtype = self.values.required(wrapper, "dtype").map_err(place)?;
        if Dtype::is_object(&self.values, dtype) {
            let array = self.pickle(false)?;
            if let Some(more) = self.more(wrapper)? {
                more.array = Some(array);
            }
            return Ok(());
        }
        let dtype = Dtype::of(&self.values, dtype).map_err(place)?;
        let shape = self.values.required(wrapper, "shape").map_err(place)?;
        let count = super::array::count(&self.values, shape).map_err(place)?;
        let alignment = self.values.attribute(wrapper, "numpy_array_alignment_bytes")?;
        if alignment.is_some_and(|alignment| !self.values.is_none(alignment)) {
            let padding = self.byte()?;
            self.take(padding.into())?;
        }
        let start = self.offset;
        let Some(length) = count.checked_mul(dtype.size) else {
            return Err(self.fault(format_args!("an array of {count} numbers is claimed")));
        };
        self.take(length)?;
        let raw = Some((start, self.offset));
        if let Some(more) = self.more(wrapper)? {
            more.raw = raw;
        }
        Ok(())
    }
}
