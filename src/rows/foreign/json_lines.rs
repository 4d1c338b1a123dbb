//! JSON lines → CSV: the keys of the first objects name the columns.

use std::borrow::Cow;

use hifijson::num::LexWrite as _;
use hifijson::str::LexAlloc as _;
use hifijson::token::{Expect, Lex as _};
use hifijson::{SliceLexer, str as text};

use super::push_record;
use crate::error::{Code, Error, Result, filled, quoted};

/// The longest line, in bytes.
const LONGEST_LINE: usize = 1 << 20;
/// How much of a file is looked through for its keys: whoever writes lines leaves out what has no value.
const FIRST_BYTES: usize = 256 << 10;

/// Makes CSV text of a file's bytes as they come: a line of names, and then one for each of the file's. Memory is a line's.
#[derive(Debug, Default)]
pub struct JsonLines {
    keys: Vec<String>,
    /// The first lines, until their keys are known; and whether they are, and written.
    first: Vec<u8>,
    is_open: bool,
    is_named: bool,
    number: usize,
    /// The beginning of a line that has not ended.
    begun: Vec<u8>,
}

impl JsonLines {
    /// The text of what ends in the file's next bytes; `last` tells that no more come.
    ///
    /// # Errors
    /// `wrong_type` for a line that is no object of numbers and texts, or has a key that none of the first (256 KB) has; it names the line. The
    /// text of the lines before it is lost with that.
    pub fn read(&mut self, bytes: &[u8], last: bool) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        let fault = self.add(bytes, last, &mut text);
        fault.map(|()| text)
    }

    /// As [`JsonLines::read`], but the text of the lines before one that is wrong is kept, behind what `text` has.
    ///
    /// # Errors
    /// Likewise.
    pub fn add(&mut self, bytes: &[u8], last: bool, text: &mut Vec<u8>) -> Result<()> {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            let room = LONGEST_LINE.saturating_sub(self.begun.len());
            if piece.len() > room {
                self.number += 1;
                return Err(self.wrong(&filled("a line of more than # bytes", &[LONGEST_LINE])));
            }
            self.begun.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.ended(false, text)?;
            }
        }
        if last { self.ended(true, text) } else { Ok(()) }
    }

    /// Takes up the line that has just ended, or keeps it until there are enough to know their keys.
    fn ended(&mut self, last: bool, text: &mut Vec<u8>) -> Result<()> {
        if self.is_open {
            return if self.begun.is_empty() { Ok(()) } else { self.line(text) };
        }
        self.first.append(&mut self.begun);
        if !last && self.first.len() < FIRST_BYTES {
            return Ok(());
        }
        self.is_open = true;
        let first = std::mem::take(&mut self.first);
        let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
        let lines = || first.split_inclusive(|&byte| byte == b'\n');
        // What is wrong with a line is said when it is its turn.
        for (key, _) in lines().filter_map(|line| members(&mut SliceLexer::new(line)).ok()).flatten() {
            if !self.keys.iter().any(|own| *own == key) {
                self.keys.push(key.into_owned());
            }
        }
        for line in lines() {
            self.begun.extend_from_slice(line);
            self.line(text)?;
        }
        Ok(())
    }

    /// Takes up the line that has just ended.
    fn line(&mut self, text: &mut Vec<u8>) -> Result<()> {
        let line = std::mem::take(&mut self.begun);
        self.number += 1;
        if line.trim_ascii().is_empty() {
            // A line of the file is one of the text.
            text.push(b'\n');
        } else {
            self.record(&line, text)?;
        }
        // Its memory is the next one's.
        self.begun = line;
        self.begun.clear();
        Ok(())
    }

    fn record(&mut self, line: &[u8], text: &mut Vec<u8>) -> Result<()> {
        let mut rest = SliceLexer::new(line);
        let members = match members(&mut rest) {
            Ok(members) => members,
            Err(Fault::NoCell(key)) => {
                let message =
                    " is neither a number nor a text; pandas writes rows with to_json(orient=\"records\", lines=True)";
                return Err(self.wrong_with(&key, message.as_bytes()));
            }
            Err(Fault::NoJson(what)) => {
                let place = filled(" (byte #)", &[line.len() - rest.as_slice().len() + 1]);
                let parts = ["a line is one object, whole", hint(line), ": ", what].map(str::as_bytes);
                return Err(self.wrong(&[&parts.concat()[..], &place].concat()));
            }
        };
        if !self.is_named {
            self.is_named = true;
            push_record(text, &self.keys);
        }
        let mut cells = vec![None; self.keys.len()];
        for (place, (key, cell)) in members.into_iter().enumerate() {
            // Nearly always in the first line's order.
            let place = if self.keys.get(place).is_some_and(|own| *own == key) {
                Some(place)
            } else {
                self.keys.iter().position(|own| *own == key)
            };
            let Some(place) = place else {
                let message =
                    " is in none of the first lines, # KB: name it in one of them, null where it has no value";
                return Err(self.wrong_with(&key, &filled(message, &[FIRST_BYTES >> 10])));
            };
            if cells[place].replace(cell).is_some() {
                return Err(self.wrong_with(&key, b" is there twice"));
            }
        }
        push_record(text, cells.iter().map(|cell| cell.as_deref().unwrap_or_default()));
        Ok(())
    }

    // Without the standard library's formatting, which would be a third of the module that has this.
    fn wrong(&self, message: &[u8]) -> Error {
        Error::of(Code::WrongType, message.to_vec()).place("line #", &[self.number])
    }

    fn wrong_with(&self, key: &str, message: &[u8]) -> Error {
        self.wrong(&[quoted(key).as_bytes(), message].concat())
    }
}

/// What many write, and JSON has not.
fn hint(line: &[u8]) -> &'static str {
    let has = |word: &[u8]| line.windows(word.len()).any(|part| part == word);
    if has(b"NaN") || has(b"Infinity") { " (JSON has no NaN and no Infinity: null is \"not measured\")" } else { "" }
}

/// A key, and the text that its value is as a cell.
type Member<'a> = (Cow<'a, str>, Cow<'a, [u8]>);

/// What is wrong with a line.
enum Fault<'a> {
    /// It is no object of JSON.
    NoJson(&'static str),
    /// What this key has is a list or an object.
    NoCell(Cow<'a, str>),
}

/// The members of a line's object in their order. Numbers stay as they are written: the reader of rows has the rules for them.
fn members<'a>(line: &mut SliceLexer<'a>) -> std::result::Result<Vec<Member<'a>>, Fault<'a>> {
    let mut members = Vec::new();
    line.exactly_one(SliceLexer::ws_peek, |first, line| {
        if first != b'{' {
            return Err(Fault::NoJson("an object is expected"));
        }
        line.discarded().seq(b'}', SliceLexer::ws_peek, |next, line| {
            if next != b'"' {
                return Err(Expect::String.into());
            }
            let key = line.discarded().str_string()?;
            line.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
            let cell = match line.ws_peek() {
                Some(b'"') => cell_of(line.discarded().str_string()?),
                Some(b'-' | b'0'..=b'9') => match line.num_bytes().validated() {
                    Ok((number, _)) => Cow::Borrowed(number),
                    Err(_) => return Err(Fault::NoJson("a number lacks a digit")),
                },
                Some(b'[' | b'{') => return Err(Fault::NoCell(key)),
                _ => Cow::Borrowed(match line.null_or_bool().ok_or(Expect::Value)? {
                    None => &b""[..],
                    Some(true) => b"True",
                    Some(false) => b"False",
                }),
            };
            members.push((key, cell));
            Ok(())
        })
    })?;
    Ok(members)
}

/// A text as a cell: a line of the file stays one of the text.
fn cell_of(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    match text {
        Cow::Owned(text) if text.as_bytes().iter().any(is_end) => {
            text.bytes().map(|byte| if is_end(&byte) { b' ' } else { byte }).collect()
        }
        Cow::Owned(text) => text.into_bytes().into(),
        Cow::Borrowed(text) => text.as_bytes().into(),
    }
}

impl From<Expect> for Fault<'_> {
    fn from(expected: Expect) -> Self {
        Self::NoJson(match expected {
            Expect::Value => "a value of JSON is expected",
            Expect::ValueOrEnd | Expect::String => "a key in quotes is expected",
            Expect::CommaOrEnd => "a comma or the object's end is expected",
            Expect::Colon => "a colon is expected",
            Expect::Eof => "something follows the object",
        })
    }
}

impl From<text::Error> for Fault<'_> {
    fn from(error: text::Error) -> Self {
        Self::NoJson(match error {
            text::Error::Control => "a text has a control character in it",
            text::Error::Escape(_) => "a text has an escape that JSON has not",
            text::Error::Eof => "a text does not end",
            text::Error::Utf8(_) => "a text is not UTF-8",
        })
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn read(file: &str, piece: usize) -> Result<String> {
        let (mut lines, mut text) = (JsonLines::default(), Vec::new());
        for bytes in file.as_bytes().chunks(piece) {
            lines.add(bytes, false, &mut text)?;
        }
        lines.add(&[], true, &mut text)?;
        Ok(String::from_utf8(text).expect("UTF-8"))
    }

    #[test]
    fn a_line_is_a_line_however_the_file_comes() {
        let file =
            "\n{\"a\":1,\"b, c\":\"x\\ny\"}\r\n\n{\"b, c\":null,\"a\":true}\n{\"a\":1e400}".replace("1e400", "0.1");
        for piece in [1, 2, 7, 1 << 20] {
            assert_eq!(read(&file, piece).expect("rows"), "\na,\"b, c\"\n1,x y\n\nTrue,\n0.1,\n");
        }
        assert_eq!(read("", 1).expect("nothing"), "");
    }

    #[test]
    fn what_is_wrong_names_its_line_and_rows_before_it_are_kept() {
        let (mut lines, mut text) = (JsonLines::default(), Vec::new());
        let error = lines.add(b"{\"a\":1}\n\n{\"a\":[]}\n", true, &mut text).expect_err("a list");
        assert!(error.to_string().starts_with("line 3: \"a\" is neither a number nor a text"), "{error}");
        assert_eq!(text, b"a\n1\n\n");
        let long = format!("{{\"a\":\"{}\"}}\n", "x".repeat(LONGEST_LINE));
        for piece in [1 << 10, 1 << 22] {
            assert_eq!(read(&long, piece).expect_err("long").to_string(), "line 1: a line of more than 1048576 bytes");
        }
    }

    #[test]
    fn numbers_stay_as_they_are_written() {
        let numbers = "0,-0,1.50,1E5,1e400,12345678901234567890123,0.10000000000000000555";
        let members: Vec<String> =
            numbers.split(',').enumerate().map(|(place, number)| format!("\"{place}\":{number}")).collect();
        let text = read(&format!("{{{}}}", members.join(" , ")), 1 << 20).expect("numbers");
        assert_eq!(text, format!("0,1,2,3,4,5,6\n{numbers}\n"));
    }

    #[test]
    fn what_is_no_json_is_said_with_its_place() {
        for (line, message) in [
            ("7", "an object is expected (byte 1)"),
            ("{\"a\":1", "a comma or the object's end is expected (byte 7)"),
            ("{\"a\":1,}", "a key in quotes is expected (byte 8)"),
            ("{\"a\":01}", "a comma or the object's end is expected (byte 7)"),
            ("{\"a\":-}", "a number lacks a digit (byte 7)"),
            ("{\"a\":1.}", "a number lacks a digit (byte 8)"),
            ("{\"a\"1}", "a colon is expected (byte 5)"),
            ("{\"a\":}", "a value of JSON is expected (byte 7)"),
            ("{\"a\":\"\\x\"}", "a text has an escape that JSON has not (byte 9)"),
            ("{\"a\":\"\\ud800\"}", "a text has an escape that JSON has not (byte 13)"),
            ("{\"a\":\"\t\"}", "a text has a control character in it (byte 8)"),
            ("{\"a\":\"b", "a text does not end (byte 8)"),
            ("{\"a\":1} {\"a\":2}", "something follows the object (byte 9)"),
        ] {
            let error = read(line, 1 << 20).expect_err(line).to_string();
            assert_eq!(error, format!("line 1: a line is one object, whole: {message}"), "{line}");
        }
        let error = JsonLines::default().read(b"{\"a\":\"\xff\"}", true).expect_err("no UTF-8").to_string();
        assert!(error.contains("a text is not UTF-8"), "{error}");
        // However deep it goes on.
        let error = read(&format!("{{\"a\":{}", "[".repeat(1 << 19)), 1 << 20).expect_err("a list").to_string();
        assert!(error.starts_with("line 1: \"a\" is neither"), "{error}");
    }

    #[test]
    fn what_lines_leave_out_has_no_value() {
        let file = "\u{feff}{\"a\":1}\n{\"b\":2}\n{\"b\":3,\"a\":4}\n";
        for piece in [1, 5, 1 << 20] {
            assert_eq!(read(file, piece).expect("rows"), "a,b\n1,\n,2\n4,3\n");
        }
        let late = format!("{}{{\"b\":2}}\n", "{\"a\":1}\n".repeat(FIRST_BYTES / 8 + 1));
        let error = read(&late, 1 << 16).expect_err("too late").to_string();
        assert!(error.starts_with(&format!("line {}: \"b\" is in none", FIRST_BYTES / 8 + 2)), "{error}");
        let error = read("{\"a\":NaN}", 9).expect_err("no JSON").to_string();
        assert!(error.contains("null is \"not measured\""), "{error}");
    }
}
