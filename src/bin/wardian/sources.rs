//! Files of rows of other kinds, as the CSV text that the reader of rows takes: one reader has all the rules.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use calamine::{Data, Reader, Sheets, open_workbook_auto_from_rs};
use flate2::bufread::MultiGzDecoder;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use wardian::rows::{Encoding, Options};

/// The longest line of JSON.
const LONGEST_LINE: usize = 1 << 20;
/// The largest spreadsheet: all of one is in memory at once, some ten times as large as its file.
const LARGEST_SHEET: u64 = 100 << 20;

/// A file of rows, open.
pub(crate) struct Source {
    /// CSV text, or what the file has.
    pub(crate) text: Box<dyn Read>,
    /// How many bytes it has, where that is known.
    pub(crate) length: Option<u64>,
    /// Whether it is text that was made here, so that nothing of its form is open.
    made: Option<Made>,
}

#[derive(Clone, Copy, PartialEq)]
enum Made {
    FromSheet,
    FromJson,
}

impl Source {
    /// Opens a file, `-` for standard input; `sheet` names the sheet of a spreadsheet that has several.
    pub(crate) fn open(path: &Path, sheet: Option<&str>) -> Result<Self> {
        let (file, length): (Box<dyn Read>, _) = if path == Path::new("-") {
            (Box::new(io::stdin()), None)
        } else {
            let file = File::open(path)?;
            let length = file.metadata()?.len();
            (Box::new(file), Some(length))
        };
        Self::of(Box::new(BufReader::with_capacity(1 << 16, file)), length, sheet)
    }

    fn of(mut file: Box<dyn BufRead>, length: Option<u64>, sheet: Option<&str>) -> Result<Self> {
        let start = file.fill_buf()?;
        if start.starts_with(b"\x1f\x8b") {
            let unpacked = BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file));
            // How far the packed file is read is not seen from here.
            return Self::of(Box::new(unpacked), None, sheet);
        }
        if start.starts_with(b"PK\x03\x04") || start.starts_with(b"\xd0\xcf\x11\xe0") {
            let text = csv_of_sheet(file, sheet)?;
            let length = Some(text.len() as u64);
            return Ok(Self { text: Box::new(Cursor::new(text)), length, made: Some(Made::FromSheet) });
        }
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Ok(Self { text: Box::new(JsonLines::new(file)), length: None, made: Some(Made::FromJson) }),
            Some(b'[') if looks_like_json(start) => {
                bail!(
                    "it is a JSON list: write an object a line, as pandas' to_json(orient=\"records\", lines=True) does"
                )
            }
            _ => Ok(Self { text: Box::new(file), length, made: None }),
        }
    }

    /// What is known of the text, over what was said of the file.
    pub(crate) fn options(&self, said: Options) -> Options {
        match self.made {
            None => said,
            Some(made) => Options {
                encoding: Some(Encoding::Utf8),
                delimiter: Some(','),
                decimal: Some(said.decimal.unwrap_or('.')),
                header: if made == Made::FromJson { Some(true) } else { said.header },
                ..said
            },
        }
    }
}

/// Whether a file that begins with a bracket is a list of objects or of lists.
fn looks_like_json(start: &[u8]) -> bool {
    let mut signs = start.iter().filter(|byte| !byte.is_ascii_whitespace());
    signs.next() == Some(&b'[') && matches!(signs.next(), Some(b'{' | b'['))
}

/// One sheet of a spreadsheet, a line for each of its rows, so that an error's line is the row that people see.
fn csv_of_sheet(file: Box<dyn BufRead>, wanted: Option<&str>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(LARGEST_SHEET + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_SHEET {
        bail!("a spreadsheet of more than {} MB: save it as CSV UTF-8", LARGEST_SHEET >> 20);
    }
    let mut book: Sheets<_> = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| {
        anyhow!("it looks like a spreadsheet (.xlsx, .xls, .ods) and cannot be read as one: {error}")
    })?;
    let names = book.sheet_names();
    let mut filled = Vec::new();
    for name in &names {
        let range = book.worksheet_range(name).with_context(|| format!("sheet {name:?}"))?;
        if !range.is_empty() && wanted.is_none_or(|wanted| wanted == name) {
            filled.push((name, range));
        }
    }
    let range = match &filled[..] {
        [(_, range)] => range,
        [] if wanted.is_some() => {
            bail!("no sheet with cells is called {:?}; there are {names:?}", wanted.unwrap_or(""))
        }
        [] => bail!("the spreadsheet has no cells"),
        several => {
            let names: Vec<&String> = several.iter().map(|(name, _)| *name).collect();
            bail!("the spreadsheet has several sheets, {names:?}: --sheet says which")
        }
    };
    let mut text = "\n".repeat(range.start().map_or(0, |(row, _)| row as usize)).into_bytes();
    for row in range.rows() {
        let cells: Vec<String> = row.iter().map(text_of).collect();
        // A row without anything in it is a form's, and none of the table's.
        if cells.iter().any(|cell| !cell.is_empty()) {
            let mut line = csv::Writer::from_writer(Vec::new());
            line.write_record(&cells)?;
            text.extend(line.into_inner()?);
        } else {
            text.push(b'\n');
        }
    }
    Ok(text)
}

/// A cell as text. A date is none that is a number: Excel's days since 1900 are nobody else's.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(true) => "True".to_owned(),
        Data::Bool(false) => "False".to_owned(),
        Data::DateTime(date) => format!("date {date}"),
        Data::Error(error) => error.to_string(),
        other => other.to_string(),
    }
}

/// JSON lines → CSV: the first object's keys name the columns.
struct JsonLines {
    source: Box<dyn BufRead>,
    keys: Vec<String>,
    number: u64,
    text: Cursor<Vec<u8>>,
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

impl JsonLines {
    fn new(source: Box<dyn BufRead>) -> Self {
        Self { source, keys: Vec::new(), number: 0, text: Cursor::default() }
    }

    /// The next line's record; none at the end.
    fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = self.source.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if line.len() > LONGEST_LINE {
                bail!("a line of more than {LONGEST_LINE} bytes");
            }
            if !line.trim_ascii().is_empty() {
                break;
            }
        }
        let Members(members) = serde_json::from_slice(&line)?;
        let mut out = csv::Writer::from_writer(Vec::new());
        if self.keys.is_empty() {
            self.keys = members.iter().map(|(key, _)| key.clone()).collect();
            out.write_record(&self.keys)?;
        }
        let mut cells = vec![None; self.keys.len()];
        for (place, (key, value)) in members.iter().enumerate() {
            // Nearly always in the first line's order.
            let place = if self.keys.get(place) == Some(key) {
                Some(place)
            } else {
                self.keys.iter().position(|own| own == key)
            };
            let place = place.ok_or_else(|| anyhow!("the first line has no {key:?}"))?;
            let text = match value {
                Value::Null => String::new(),
                Value::Bool(true) => "True".to_owned(),
                Value::Bool(false) => "False".to_owned(),
                Value::Number(number) => number.to_string(),
                Value::String(text) => text.clone(),
                Value::Array(_) | Value::Object(_) => bail!("{key:?} is neither a number nor a text"),
            };
            if cells[place].replace(text).is_some() {
                bail!("{key:?} is there twice");
            }
        }
        out.write_record(cells.iter().map(|cell| cell.as_deref().unwrap_or("")))?;
        Ok(Some(out.into_inner()?))
    }
}

impl Read for JsonLines {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.text.read(out)?;
            if read > 0 || out.is_empty() {
                return Ok(read);
            }
            match self.next() {
                Ok(Some(text)) => self.text = Cursor::new(text),
                Ok(None) => return Ok(0),
                Err(error) => return Err(io::Error::other(format!("line {}: {error:#}", self.number))),
            }
        }
    }
}
