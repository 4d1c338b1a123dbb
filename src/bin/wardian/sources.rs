//! Files of rows of other kinds, as the CSV text that the reader of rows takes: one reader has all the rules.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use calamine::{Data, Range, Reader, Sheets, Xlsx, open_workbook_auto_from_rs};
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

    /// How many lines of the text the file does not have.
    pub(crate) fn made_lines(&self) -> u64 {
        u64::from(self.made == Some(Made::FromJson))
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
    if let Sheets::Xlsx(book) = &mut book {
        check_size(book, &names)?;
    }
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
    let (name, range) = (filled[0].0, range);
    check_formulas(&mut book, name, range)?;
    let cells = |row: &[Data]| -> Vec<String> { row.iter().map(text_of).collect() };
    let is_blank = |row: &[Data]| row.iter().all(|cell| text_of(cell).trim().is_empty());
    // Rows below the last that has anything in it are a form's.
    let count = range.rows().rposition(|row| !is_blank(row)).map_or(0, |last| last + 1);
    let mut text = "\n".repeat(range.start().map_or(0, |(row, _)| row as usize)).into_bytes();
    for row in range.rows().take(count) {
        let mut line = csv::Writer::from_writer(Vec::new());
        line.write_record(cells(row))?;
        text.extend(line.into_inner()?);
    }
    Ok(text)
}

/// The most cells that a sheet may span: each takes memory, whether there is anything in it or not.
const MOST_CELLS: u64 = 1 << 24;

/// One cell far out would span all that are before it.
fn check_size<R: Read + Seek>(book: &mut Xlsx<R>, names: &[String]) -> Result<()> {
    for name in names {
        // A sheet of charts has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(name) else { continue };
        let (mut rows, mut columns) = (0, 0);
        while let Some(cell) = cells.next_cell().with_context(|| format!("sheet {name:?}"))? {
            let (row, column) = cell.get_position();
            (rows, columns) = (rows.max(u64::from(row) + 1), columns.max(u64::from(column) + 1));
        }
        if rows * columns > MOST_CELLS {
            bail!("sheet {name:?} spans {rows} rows and {columns} columns: save its table as CSV UTF-8");
        }
    }
    Ok(())
}

/// A formula that no spreadsheet has worked out yet has no value, and would be "not measured".
fn check_formulas<R: Read + Seek>(book: &mut Sheets<R>, name: &str, range: &Range<Data>) -> Result<()> {
    let Ok(formulas) = book.worksheet_formula(name) else { return Ok(()) };
    let Some((first_row, first_column)) = formulas.start() else { return Ok(()) };
    for (row, column, formula) in formulas.used_cells() {
        let place = (first_row + row as u32, first_column + column as u32);
        let value = range.get_value(place);
        if !formula.is_empty() && value.is_none_or(|value| text_of(value).is_empty()) {
            bail!(
                "row {}, column {}: a formula that was never worked out; open the file in a spreadsheet and save it",
                place.0 + 1,
                place.1 + 1
            );
        }
    }
    Ok(())
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
        let (mut line, mut blank) = (Vec::new(), Vec::new());
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
            // A line of the file is one of the text.
            blank.push(b'\n');
        }
        let Members(members) = serde_json::from_slice(&line).context("a line is one object, whole")?;
        let mut out = csv::Writer::from_writer(blank);
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
                // A line of the file stays one of the text.
                Value::String(text) => text.replace(['\n', '\r'], " "),
                Value::Array(_) | Value::Object(_) => bail!(
                    "{key:?} is neither a number nor a text; pandas writes rows with to_json(orient=\"records\", lines=True)"
                ),
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
