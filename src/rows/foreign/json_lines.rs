//! JSON lines → CSV: the first object's keys name the columns.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::push_record;
use crate::error::{Code, Error, Result, quoted};

/// The longest line, in bytes.
const LONGEST_LINE: usize = 1 << 20;

/// Makes CSV text of a file's bytes as they come: a line of names, and then one for each of the file's. Memory is a line's.
#[derive(Debug, Default)]
pub struct JsonLines {
    keys: Vec<String>,
    number: usize,
    /// The beginning of a line that has not ended.
    begun: Vec<u8>,
}

impl JsonLines {
    /// The text of what ends in the file's next bytes; `last` tells that no more come.
    ///
    /// # Errors
    /// `wrong_type` for a line that is no object of numbers and texts, or has a key that the first has not; it names the line. The
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
                return Err(self.wrong(format_args!("a line of more than {LONGEST_LINE} bytes")));
            }
            self.begun.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.line(text)?;
            }
        }
        if last && !self.begun.is_empty() {
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
        let members = serde_json::from_slice(line);
        let Members(members) =
            members.map_err(|error| self.wrong(format_args!("a line is one object, whole: {error}")))?;
        if self.keys.is_empty() {
            self.keys = members.iter().map(|(key, _)| key.clone()).collect();
            *text = push_record(std::mem::take(text), &self.keys);
        }
        let mut cells = vec![None; self.keys.len()];
        for (place, (key, value)) in members.iter().enumerate() {
            // Nearly always in the first line's order.
            let place = if self.keys.get(place) == Some(key) {
                Some(place)
            } else {
                self.keys.iter().position(|own| own == key)
            };
            let Some(place) = place else {
                return Err(self.wrong(format_args!("the first line has no {}", quoted(key))));
            };
            let cell = match value {
                Value::Null => String::new(),
                Value::Bool(true) => "True".to_owned(),
                Value::Bool(false) => "False".to_owned(),
                Value::Number(number) => number.to_string(),
                // A line of the file stays one of the text.
                Value::String(text) => text.replace(['\n', '\r'], " "),
                Value::Array(_) | Value::Object(_) => {
                    return Err(self.wrong(format_args!(
                        "{} is neither a number nor a text; pandas writes rows with to_json(orient=\"records\", \
                         lines=True)",
                        quoted(key)
                    )));
                }
            };
            if cells[place].replace(cell).is_some() {
                return Err(self.wrong(format_args!("{} is there twice", quoted(key))));
            }
        }
        *text = push_record(std::mem::take(text), cells.iter().map(|cell| cell.as_deref().unwrap_or("")));
        Ok(())
    }

    fn wrong(&self, message: std::fmt::Arguments<'_>) -> Error {
        Error::new(Code::WrongType, message).place("line #", &[self.number])
    }
}

/// An object's members in their order.
struct Members(Vec<(String, Value)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(source: D) -> std::result::Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("an object of names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        source.deserialize_map(InOrder)
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
        let error = lines.add(b"{\"a\":1}\n\n{\"b\":1}\n", true, &mut text).expect_err("no b");
        assert_eq!(error.to_string(), "line 3: the first line has no \"b\"");
        assert_eq!(text, b"a\n1\n\n");
        let long = format!("{{\"a\":\"{}\"}}\n", "x".repeat(LONGEST_LINE));
        for piece in [1 << 10, 1 << 22] {
            assert_eq!(read(&long, piece).expect_err("long").to_string(), "line 1: a line of more than 1048576 bytes");
        }
    }
}
