//! The opcodes of protocols 0 to 5, and what each does to the stack.

use super::{A_NUMBER, Desk, Machine};
use crate::error::{Error, Result, invalid, quoted, shown, unsupported};
use crate::import::decimal::Decimal;
use crate::import::pickle::text;
use crate::import::pickle::values::{Id, Value, Values};

impl Machine<'_> {
    /// One pickle to its end. An array of objects in joblib's is a pickle within, which is an ordinary one.
    pub(super) fn pickle(&mut self, outermost: bool) -> Result<Id> {
        /// The highest protocol that there is.
        const NEWEST: u8 = 5;
        let mut desk = Desk::default();
        loop {
            let start = self.offset;
            let made = match self.byte()? {
                b'.' => return self.pop(&mut desk),
                0x80 => {
                    let protocol = self.byte()?;
                    if protocol > NEWEST {
                        return Err(unsupported(format_args!(
                            "the pickle is of protocol {protocol}, and the newest that is read is {NEWEST}: pickle.dump(model, file, \
                             protocol=5)"
                        )));
                    }
                    continue;
                }
                // The length of a frame only says how much may be read at once.
                0x95 => {
                    self.take(8)?;
                    continue;
                }
                b'(' => {
                    self.take_memory(1, A_NUMBER)?;
                    desk.marks.push(desk.stack.len() as u32);
                    continue;
                }
                b'0' => {
                    if desk.marks.last().is_some_and(|&mark| mark as usize == desk.stack.len()) {
                        desk.marks.pop();
                    } else {
                        self.pop(&mut desk)?;
                    }
                    continue;
                }
                b'1' => {
                    self.pop_mark(&mut desk)?;
                    continue;
                }
                b'2' => self.last(&desk)?,
                b'N' => Values::NONE,
                0x88 => Values::TRUE,
                0x89 => Values::FALSE,
                b'K' => Values::byte(self.byte()?),
                b'M' => {
                    let number = u16::from_le_bytes(self.array()?);
                    self.make_number(number.into())?
                }
                b'J' => {
                    let number = i32::from_le_bytes(self.array()?);
                    self.make_number(number.into())?
                }
                b'I' => match self.word()?.trim_end() {
                    "00" => Values::FALSE,
                    "01" => Values::TRUE,
                    word => self.make_decimal(word)?,
                },
                b'L' => {
                    let word = self.word()?.trim_end();
                    self.make_decimal(word.strip_suffix('L').unwrap_or(word))?
                }
                0x8a => {
                    let bytes = self.counted(1)?;
                    self.make_integer(bytes)?
                }
                0x8b => {
                    let bytes = self.counted(4)?;
                    self.make_integer(bytes)?
                }
                b'F' => {
                    let word = self.word()?.trim_end();
                    match f64::of_text(word) {
                        Some(number) => self.make(Value::Float(number))?,
                        None => return Err(self.fault(format_args!("{} is not a number", quoted(word)))),
                    }
                }
                b'G' => {
                    let number = f64::from_be_bytes(self.array()?);
                    self.make(Value::Float(number))?
                }
                0x8c => {
                    let bytes = self.counted(1)?;
                    self.make_text(bytes)?
                }
                b'X' => {
                    let bytes = self.counted(4)?;
                    self.make_text(bytes)?
                }
                0x8d => {
                    let bytes = self.counted(8)?;
                    self.make_text(bytes)?
                }
                b'V' => {
                    let text = text::unescaped(self.line()?);
                    self.make_escaped(text)?
                }
                b'S' => {
                    let text = text::unquoted(self.line()?.trim_ascii_end());
                    self.make_escaped(text)?
                }
                // Texts of Python 2, bytes among them.
                b'U' => {
                    let text = text::latin_1(self.counted(1)?);
                    self.make_escaped(Some(text))?
                }
                b'T' => {
                    let text = text::latin_1(self.counted(4)?);
                    self.make_escaped(Some(text))?
                }
                b'C' => {
                    let bytes = self.counted(1)?;
                    self.make(Value::Bytes(bytes))?
                }
                b'B' => {
                    let bytes = self.counted(4)?;
                    self.make(Value::Bytes(bytes))?
                }
                // Bytes, and bytes that may be changed: here nobody does.
                0x8e | 0x96 => {
                    let bytes = self.counted(8)?;
                    self.make(Value::Bytes(bytes))?
                }
                b']' => self.make(Value::List(Vec::new()))?,
                b'l' => {
                    let items = self.pop_mark(&mut desk)?;
                    self.make(Value::List(items))?
                }
                b')' => Values::EMPTY_TUPLE,
                b't' => {
                    let items = self.pop_mark(&mut desk)?;
                    self.make(Value::Tuple(items))?
                }
                opcode @ 0x85..=0x87 => {
                    self.pop_tuple(&mut desk, usize::from(opcode - 0x84))?;
                    continue;
                }
                b'}' => self.make(Value::Dictionary(Vec::new()))?,
                b'd' => {
                    let pairs = self.pop_pairs(&mut desk)?;
                    self.make(Value::Dictionary(pairs))?
                }
                0x8f => self.make(Value::Set(Vec::new()))?,
                0x91 => {
                    let items = self.pop_mark(&mut desk)?;
                    self.make(Value::Set(items))?
                }
                0x90 => {
                    let mut items = self.pop_mark(&mut desk)?;
                    let set = self.last(&desk)?;
                    match self.values.get_mut(set) {
                        Some(Value::Set(members)) => members.append(&mut items),
                        _ => return Err(self.fault(format_args!("values are added to what is no set"))),
                    }
                    continue;
                }
                b'a' => {
                    let item = self.pop(&mut desk)?;
                    let list = self.last(&desk)?;
                    self.append(list, &[item])?;
                    continue;
                }
                b'e' => {
                    let items = self.pop_mark(&mut desk)?;
                    let list = self.last(&desk)?;
                    self.append(list, &items)?;
                    continue;
                }
                b's' => {
                    let (value, key) = (self.pop(&mut desk)?, self.pop(&mut desk)?);
                    let dictionary = self.last(&desk)?;
                    self.set(dictionary, &[(key, value)])?;
                    continue;
                }
                b'u' => {
                    let pairs = self.pop_pairs(&mut desk)?;
                    let dictionary = self.last(&desk)?;
                    self.set(dictionary, &pairs)?;
                    continue;
                }
                opcode @ (b'q' | b'r' | b'p') => {
                    let place = self.place(opcode)?;
                    self.remember(&mut desk, place)?;
                    continue;
                }
                0x94 => {
                    let place = desk.remembered;
                    self.remember(&mut desk, place)?;
                    continue;
                }
                opcode @ (b'h' | b'j' | b'g') => {
                    let place = self.place(opcode)?;
                    self.recall(&mut desk, place)?;
                    continue;
                }
                b'c' => self.global_of_lines()?,
                0x93 => {
                    let (name, module) = (self.pop(&mut desk)?, self.pop(&mut desk)?);
                    self.make_global(module, name)?
                }
                // A call, and an object of a class: here the same.
                b'R' | 0x81 => {
                    let (arguments, callable) = (self.pop(&mut desk)?, self.pop(&mut desk)?);
                    self.make_object(callable, arguments)?
                }
                0x92 => {
                    let (_keywords, arguments) = (self.pop(&mut desk)?, self.pop(&mut desk)?);
                    let class = self.pop(&mut desk)?;
                    self.make_object(class, arguments)?
                }
                b'o' => {
                    let mut items = self.pop_mark(&mut desk)?;
                    if items.is_empty() {
                        return Err(self.fault(format_args!("an object has no class")));
                    }
                    let class = items.remove(0);
                    let arguments = self.make(Value::Tuple(items))?;
                    self.make_object(class, arguments)?
                }
                b'i' => {
                    let class = self.global_of_lines()?;
                    let items = self.pop_mark(&mut desk)?;
                    let arguments = self.make(Value::Tuple(items))?;
                    self.make_object(class, arguments)?
                }
                b'b' => {
                    self.build(&mut desk, outermost)?;
                    continue;
                }
                opcode => return Err(refused(opcode).at(format_args!("offset {start}"))),
            };
            self.push(&mut desk, made)?;
        }
    }

    fn global_of_lines(&mut self) -> Result<Id> {
        let (module, name) = (self.line()?, self.line()?);
        let (module, name) = (self.make_text(module)?, self.make_text(name)?);
        self.make_global(module, name)
    }

    /// The place of the memo that follows an opcode: in a byte, in four, or as a line of text.
    fn place(&mut self, opcode: u8) -> Result<usize> {
        Ok(match opcode {
            b'q' | b'h' => self.byte()?.into(),
            b'r' | b'j' => u32::from_le_bytes(self.array()?) as usize,
            _ => {
                let word = self.word()?;
                let place = word.trim().parse();
                place.map_err(|_| self.fault(format_args!("{} is no place of the memo", quoted(word))))?
            }
        })
    }
}

/// Why an opcode is not run.
fn refused(opcode: u8) -> Error {
    match opcode {
        b'P' | b'Q' => unsupported(format_args!(
            "the pickle has persistent ids, which stand for objects outside the file (PyTorch writes such): no model of trees does"
        )),
        0x82..=0x84 => unsupported(format_args!(
            "the pickle has extension codes, which only the program that wrote it can read; write it with pickle.dump alone"
        )),
        0x97 | 0x98 => unsupported(format_args!(
            "the pickle keeps its arrays outside the file (buffer_callback); write it without, or with joblib.dump"
        )),
        other => invalid(format_args!("{} is no opcode of a pickle", shown(&format!("{:?}", char::from(other))))),
    }
}
