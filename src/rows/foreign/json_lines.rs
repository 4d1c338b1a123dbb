//! JSON lines → CSV: the keys of the first objects name the columns.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::push_record;
use crate::error::{Code, Error, Result, quoted};

/// The longest line, in bytes.
const LONGEST_LINE: usize = 1 << 20;
/// How much of a file is looked through for its keys: whoever writes lines leaves out what has no value.
const FIRST_BYTES: usize = 1 << 18;

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
                return Err(self.wrong(format_args!("a line of more than {LONGEST_LINE} bytes")));
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
        for Members(members) in lines().filter_map(|line| serde_json::from_slice(line).ok()) {
            for (key, _) in members {
                if !self.keys.contains(&key) {
                    self.keys.push(key);
                }
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
        let members = serde_json::from_slice(line);
        let Members(members) =
            members.map_err(|error| self.wrong(format_args!("a line is one object, whole{}: {error}", hint(line))))?;
        if !self.is_named {
            self.is_named = true;
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
                return Err(self.wrong(format_args!(
                    "{} is in none of the first lines, {} KB: name it in one of them, null where it has no value",
                    quoted(key),
                    FIRST_BYTES >> 10
                )));
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

/// What many write, and JSON has not.
fn hint(line: &[u8]) -> &'static str {
    let has = |word: &[u8]| line.windows(word.len()).any(|part| part == word);
    if has(b"NaN") || has(b"Infinity") { " (JSON has no NaN and no Infinity: null is \"not measured\")" } else { "" }
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
        let error = lines.add(b"{\"a\":1}\n\n{\"a\":[]}\n", true, &mut text).expect_err("a list");
        assert!(error.to_string().starts_with("line 3: \"a\" is neither a number nor a text"), "{error}");
        assert_eq!(text, b"a\n1\n\n");
        let long = format!("{{\"a\":\"{}\"}}\n", "x".repeat(LONGEST_LINE));
        for piece in [1 << 10, 1 << 22] {
            assert_eq!(read(&long, piece).expect_err("long").to_string(), "line 1: a line of more than 1048576 bytes");
        }
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
