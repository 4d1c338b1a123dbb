//! A sheet of a workbook → CSV: a line for each of its rows, so that an error's line is the row that people see.

use std::io::{Cursor, Read, Seek};

use calamine::{Data, ExcelDateTime, Range, Reader, Sheets, Xlsx, open_workbook_auto_from_rs};

use super::push_record;
use crate::error::{Code, Error, Result, quoted};

/// The largest workbook, in bytes: all of one is in memory at once, some ten times as large as its file.
pub const LARGEST_WORKBOOK: u64 = 100 << 20;
/// The most cells that a sheet may span: each takes memory, whether there is anything in it or not.
const MOST_CELLS: u64 = 1 << 24;

/// A workbook, open.
pub struct Book {
    sheets: Sheets<Cursor<Vec<u8>>>,
    /// All sheets' names.
    names: Vec<String>,
    /// Those that have cells.
    filled: Vec<String>,
    /// The cells of the first of these: mostly it is the only one. Others are read again, so that one is in memory at a time.
    first: Range<Data>,
}

impl Book {
    /// Opens the workbook in a file's bytes.
    ///
    /// # Errors
    /// `wrong_type` for what cannot be read as one, or is too large; `empty_input` for one without a cell.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        if bytes.len() as u64 > LARGEST_WORKBOOK {
            return Err(wrong(format_args!(
                "a spreadsheet of more than {} MB: save it as CSV UTF-8",
                LARGEST_WORKBOOK >> 20
            )));
        }
        let mut sheets: Sheets<_> = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| {
            wrong(format_args!("it looks like a spreadsheet (.xlsx, .xls, .ods) and cannot be read as one: {error}"))
        })?;
        let names = sheets.sheet_names();
        if let Sheets::Xlsx(book) = &mut sheets {
            check_size(book, &names)?;
        }
        let (mut filled, mut first) = (Vec::new(), None);
        for name in &names {
            let range = sheets.worksheet_range(name).map_err(|error| of_sheet(name, &error))?;
            if !range.is_empty() {
                filled.push(name.clone());
                first.get_or_insert(range);
            }
        }
        match first {
            None => Err(Error::plain(Code::EmptyInput, "the spreadsheet has no cells", &[])),
            Some(first) => Ok(Self { sheets, names, filled, first }),
        }
    }

    /// The sheets that have cells.
    pub fn sheets(&self) -> impl Iterator<Item = &str> {
        self.filled.iter().map(String::as_str)
    }

    /// The text of the sheet of this name; without a name of the only one that has cells.
    ///
    /// # Errors
    /// `invalid_option` if there is no such sheet; `ambiguous_input` if none is named and there are several; `wrong_type` for a
    /// formula that has no value.
    pub fn csv(&mut self, wanted: Option<&str>) -> Result<Vec<u8>> {
        let place = match wanted {
            Some(wanted) => self.sheets().position(|name| name == wanted).ok_or_else(|| {
                let message = format_args!(
                    "no sheet with cells is called {}; there are {}",
                    quoted(wanted),
                    listed(self.names.iter().map(String::as_str))
                )
                .to_string();
                Error::of(Code::InvalidOption, message.into_bytes())
            })?,
            None if self.filled.len() > 1 => {
                let message =
                    format!("the spreadsheet has several sheets, {}: --sheet says which", listed(self.sheets()));
                return Err(Error::of(Code::AmbiguousInput, message.into_bytes()));
            }
            None => 0,
        };
        let name = &self.filled[place];
        let other;
        let range = if place == 0 {
            &self.first
        } else {
            other = self.sheets.worksheet_range(name).map_err(|error| of_sheet(name, &error))?;
            &other
        };
        check_formulas(&mut self.sheets, name, range)?;
        let is_blank = |row: &[Data]| row.iter().all(|cell| text_of(cell).trim().is_empty());
        // Rows below the last that has anything in it are a form's.
        let count = range.rows().rposition(|row| !is_blank(row)).map_or(0, |last| last + 1);
        let mut text = "\n".repeat(range.start().map_or(0, |(row, _)| row as usize)).into_bytes();
        for row in range.rows().take(count) {
            push_record(&mut text, row.iter().map(text_of));
        }
        Ok(text)
    }
}

/// One cell far out would span all that are before it.
fn check_size<R: Read + Seek>(book: &mut Xlsx<R>, names: &[String]) -> Result<()> {
    for name in names {
        // A sheet of charts has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(name) else { continue };
        let (mut rows, mut columns) = (0, 0);
        while let Some(cell) = cells.next_cell().map_err(|error| of_sheet(name, &error))? {
            let (row, column) = cell.get_position();
            (rows, columns) = (rows.max(u64::from(row) + 1), columns.max(u64::from(column) + 1));
        }
        if rows * columns > MOST_CELLS {
            return Err(wrong(format_args!(
                "sheet {} spans {rows} rows and {columns} columns: save its table as CSV UTF-8",
                quoted(name)
            )));
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
            return Err(wrong(format_args!(
                "row {}, column {}: a formula that was never worked out; open the file in a spreadsheet and save it",
                place.0 + 1,
                place.1 + 1
            )));
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
        Data::DateTime(date) => shown_date(*date),
        Data::Error(error) => error.to_string(),
        other => other.to_string(),
    }
}

/// A date as people write it for programs; of a time alone that, and of a duration its days.
fn shown_date(date: ExcelDateTime) -> String {
    if !date.is_datetime() {
        return format!("{} days", date.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    let fraction = if milli > 0 { format!(".{milli:03}") } else { String::new() };
    let time = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
    match (date.as_f64() < 1.0, date.as_f64().fract() == 0.0) {
        (true, _) => time,
        (_, true) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {time}"),
    }
}

/// Names in a sentence.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(quoted).collect();
    format!("[{}]", names.join(", "))
}

fn wrong(message: std::fmt::Arguments<'_>) -> Error {
    Error::new(Code::WrongType, message)
}

fn of_sheet(name: &str, error: &dyn std::fmt::Display) -> Error {
    wrong(format_args!("sheet {}: {error}", quoted(name)))
}
