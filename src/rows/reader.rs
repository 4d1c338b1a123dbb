//! A file's bytes, as they come → rows, some at a time.

use super::cells::Cells;
use super::plan::Plan;
use super::record::{LONGEST, Parser, Record};
use super::text::{Decoding, Encoding};
use super::words;
use crate::error::{Code, Error, Result};
use crate::number;
use crate::schema::Schema;

/// Rows that were read: one number for each feature and row, `NaN` for "not measured", missing codes as they are.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The rows that have values, one after the other.
    pub values: Vec<f64>,
    /// For each of these rows the numbers in the plan's columns of base margins.
    pub base_margins: Vec<f32>,
    /// The row that cannot be read, if one was met, and what is wrong with it. Nothing is read behind it.
    pub fault: Option<Error>,
    /// What a reader that keeps rows keeps of them.
    pub kept: Kept,
}

impl Block {
    /// Without rows.
    pub const fn new() -> Self {
        let kept = Kept { text: Vec::new(), ends: Vec::new(), faults: Vec::new() };
        Self { values: Vec::new(), base_margins: Vec::new(), fault: None, kept }
    }

    /// Forgets the rows, and keeps the memory for the next ones.
    pub fn clear(&mut self) {
        self.values.clear();
        self.base_margins.clear();
        self.kept.text.clear();
        self.kept.ends.clear();
        self.kept.faults.clear();
    }
}

/// Rows as they stand in the file, those that cannot be read among them.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Their text in UTF-8, one after the other, each with its line's end.
    pub text: Vec<u8>,
    /// Where in the text each ends.
    pub ends: Vec<usize>,
    /// Those that cannot be read.
    pub faults: Vec<Fault>,
}

/// A row that cannot be read.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Its place among the rows that were kept.
    pub row: usize,
    /// The line that it begins with, from 1, of what was read.
    pub line: u64,
    /// What is wrong with it.
    pub error: Error,
}

/// Reads a file as its plan says. Memory is a record's, whatever the file's length.
pub struct Reader {
    plan: Plan,
    cells: Cells,
    decoding: Decoding,
    parser: Parser,
    /// How many lines are still to be passed over, and whether the last byte passed over was `\r`, whose `\n` may follow.
    lines_to_skip: usize,
    after_return: bool,
    record: Record,
    /// Whether a record has begun.
    begun: bool,
    header_due: bool,
    /// How many `\n` and `\r` were passed.
    newlines: u64,
    returns: u64,
    /// How many lines of the text were made, and are none of the file's.
    made_lines: u64,
    /// Where the last record ended; 0 before the first.
    last_line: u64,
    first_line: u64,
    /// Whether the file's first records are somebody else's.
    is_part: bool,
    /// The text of the record so far, if rows are kept.
    text: Option<Vec<u8>>,
}

impl Reader {
    /// A reader of a file of rows of this schema.
    ///
    /// # Errors
    /// As [`Plan::check`].
    pub fn new(plan: &Plan, schema: &Schema) -> Result<Self> {
        plan.check(schema)?;
        Ok(Self {
            plan: plan.clone(),
            cells: Cells::new(plan, schema),
            decoding: Decoding::new(plan.encoding),
            parser: Parser::new(plan.delimiter),
            lines_to_skip: plan.skipped_lines,
            after_return: false,
            record: Record::default(),
            begun: false,
            header_due: plan.header,
            newlines: 0,
            returns: 0,
            made_lines: 0,
            last_line: 0,
            first_line: 0,
            is_part: false,
            text: None,
        })
    }

    /// A reader of text that has been made UTF-8 of already.
    #[must_use]
    pub fn of_text(mut self) -> Self {
        self.decoding = Decoding::new(Encoding::Utf8);
        self
    }

    /// A reader of whole records from somewhere behind the file's first: for who shares a file out. [`super::records_end`] finds the places.
    #[must_use]
    pub fn of_a_part(mut self) -> Self {
        (self.lines_to_skip, self.header_due, self.is_part) = (0, false, true);
        self
    }

    /// A reader that keeps the rows' text, and reads on behind a row that cannot be read: for who gives the rows back, each with its
    /// answer or with what is wrong with it. Errors do not name lines then.
    #[must_use]
    pub fn keeping_rows(mut self) -> Self {
        self.text = Some(Vec::new());
        self
    }

    /// How many lines have been read.
    pub fn line_count(&self) -> u64 {
        // Lines end with `\n`, or else with `\r` alone.
        if self.newlines > 0 { self.newlines } else { self.returns }
    }

    /// Tells that the text's first line, or more of them, were made of a file that has none: errors count the file's own.
    pub fn set_made_lines(&mut self, lines: u64) {
        self.made_lines = lines;
    }

    /// Reads the file's next bytes, and adds the rows that end in them to `block`; `last` tells that no more come.
    pub fn read(&mut self, bytes: &[u8], last: bool, block: &mut Block) {
        // Lent for as long as its text is read.
        let mut decoding = std::mem::replace(&mut self.decoding, Decoding::new(Encoding::Utf8));
        let result =
            self.text(decoding.next(bytes, last), block).and_then(|()| if last { self.end(block) } else { Ok(()) });
        self.decoding = decoding;
        if let Err(error) = result {
            block.fault = Some(error);
        }
    }

    fn text(&mut self, mut text: &[u8], block: &mut Block) -> Result<()> {
        while self.lines_to_skip > 0 || self.after_return {
            let Some((&byte, rest)) = text.split_first() else { return Ok(()) };
            let is_second = std::mem::replace(&mut self.after_return, false) && byte == b'\n';
            if !is_second && self.lines_to_skip == 0 {
                break;
            }
            self.count(&text[..1]);
            text = rest;
            if is_second {
                continue;
            }
            if matches!(byte, b'\n' | b'\r') {
                self.lines_to_skip -= 1;
                self.after_return = byte == b'\r';
            }
        }
        while !text.is_empty() {
            if !self.begun {
                // Empty lines, and the second sign of a line's end.
                let blank = text.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
                self.count(&text[..blank]);
                text = &text[blank..];
                if text.is_empty() {
                    return Ok(());
                }
                self.begun = true;
                self.first_line = 1 + self.line_count();
                let is_behind_another = self.is_part || self.last_line > 0;
                if self.plan.names.len() == 1 && is_behind_another && self.first_line > self.last_line + 1 {
                    self.first_line = self.last_line + 1;
                    let message = "an empty line, which in a file of one column may be a missing value or none: write NA, or \
                                   take it out";
                    self.keep(Err(words::fault(Code::AmbiguousInput, message, &[])), block)?;
                }
            }
            let (is_record, read) = self.step(text)?;
            // The second sign of a line's end belongs to the row, too.
            let is_second = is_record && text[..read].ends_with(b"\r") && text[read..].starts_with(b"\n");
            let read = read + usize::from(is_second);
            self.count(&text[..read]);
            if let Some(kept) = &mut self.text {
                kept.extend_from_slice(&text[..read]);
            }
            text = &text[read..];
            if is_record {
                self.record(block)?;
            }
        }
        Ok(())
    }

    fn count(&mut self, passed: &[u8]) {
        for &byte in passed {
            self.newlines += u64::from(byte == b'\n');
            self.returns += u64::from(byte == b'\r');
        }
    }

    /// Reads to the end of a record, or of the text: whether it is the record's, and how many bytes were read.
    fn step(&mut self, text: &[u8]) -> Result<(bool, usize)> {
        let (is_record, read) = self.parser.read(text, &mut self.record);
        if !is_record && read < text.len() {
            // Then it is full.
            let message = "a record of more than {} bytes; is a quote not closed?";
            return Err(self.at_line(words::fault(Code::UnclosedQuote, message, &[&words::count(LONGEST)])));
        }
        Ok((is_record, read))
    }

    /// What is left when no more bytes come.
    fn end(&mut self, block: &mut Block) -> Result<()> {
        if !self.begun {
            let is_empty = self.header_due || (!self.plan.header && !self.is_part && self.last_line == 0);
            return if is_empty { Err(words::fault(Code::EmptyInput, "the file has no rows", &[])) } else { Ok(()) };
        }
        // Whatever is outside of quotes is ended by a line's end; inside of them that is a character like any other.
        if self.step(b"\n")?.0 {
            return self.record(block);
        }
        self.record.clear();
        self.begun = false;
        if let Some(text) = &mut self.text {
            // What is written behind it is not to be in the quotes.
            text.push(b'"');
        }
        self.keep(Err(words::fault(Code::UnclosedQuote, "a quote is not closed", &[])), block)
    }

    /// A record is whole.
    fn record(&mut self, block: &mut Block) -> Result<()> {
        self.last_line = self.first_line + self.record.bytes().iter().filter(|&&byte| byte == b'\n').count() as u64;
        let result = if self.header_due {
            self.header()
        } else {
            let lengths = (block.values.len(), block.base_margins.len());
            let row = self.row(block);
            if row.is_err() {
                block.values.truncate(lengths.0);
                block.base_margins.truncate(lengths.1);
            }
            self.keep(row, block)
        };
        self.header_due = false;
        self.record.clear();
        self.begun = false;
        result
    }

    /// A row has been read, or cannot be.
    fn keep(&mut self, row: Result<()>, block: &mut Block) -> Result<()> {
        let Some(text) = &mut self.text else { return row.map_err(|error| self.at_line(error)) };
        let kept = &mut block.kept;
        if let Err(error) = row {
            kept.faults.push(Fault { row: kept.ends.len(), line: self.first_line, error });
        }
        kept.text.append(text);
        kept.ends.push(kept.text.len());
        Ok(())
    }

    /// A plan that was kept may be given with another file.
    fn header(&mut self) -> Result<()> {
        if let Some(text) = &mut self.text {
            text.clear();
        }
        let names = &self.plan.names;
        let is_plans = |place: usize| String::from_utf8_lossy(self.record.cell(place)) == names[place];
        if self.record.count() == names.len() && (0..self.record.count()).all(is_plans) {
            return Ok(());
        }
        let message = "the header names other columns than the plan does";
        Err(self.at_line(words::fault(Code::InvalidOption, message, &[])))
    }

    fn row(&self, block: &mut Block) -> Result<()> {
        let width = self.plan.names.len();
        // Neither more nor fewer: where a row has an empty cell more, its first may be a row's name, as R writes them, and each
        // value stand under the next one's name.
        if self.record.count() != width {
            return Err(self.wrong_count(self.record.count()));
        }
        if self.last_line > self.first_line
            && let Some(cell) = (0..width)
                .map(|place| self.record.cell(place))
                .find(|cell| cell.split(|&byte| byte == b'\n').nth(1).is_some())
        {
            self.check_lines(cell)?;
        }
        let cell = |place| self.record.cell(place);
        self.cells.read(cell, &mut block.values)?;
        self.cells.read_base_margins(cell, &mut block.base_margins)
    }

    /// A quote that was not meant as one takes the rows up to the next for a cell. Their cells' ends are in it then.
    fn check_lines(&self, cell: &[u8]) -> Result<()> {
        let ends = |line: &[u8]| line.iter().filter(|&&byte| char::from(byte) == self.plan.delimiter).count();
        if cell.split(|&byte| byte == b'\n').any(|line| ends(line) + 1 >= self.plan.names.len().max(2)) {
            let message = "a quote opens a cell that holds whole rows: is it meant as a character? Then double it and close the cell";
            return Err(words::fault(Code::AmbiguousInput, message, &[]));
        }
        Ok(())
    }

    fn wrong_count(&self, count: usize) -> Error {
        let width = self.plan.names.len();
        let (given, wanted) = (words::count(count), words::count(width));
        if self.plan.header {
            let than = if count < width { "fewer" } else { "more" };
            let names = if count == width + 1 { " (a column of row names needs a name, too)" } else { "" };
            let message = "the line has {} fields, {} than the {} that the header names{}";
            return words::fault(Code::WrongFieldCount, message, &[&given, than, &wanted, names]);
        }
        let absent = self.plan.columns.iter().find(|column| column.column == Some(count));
        let is_first = if absent.is_some() { "; this is the first that is absent" } else { "" };
        let message = "{} values are needed, {} given{}";
        let error = words::fault(Code::WrongFieldCount, message, &[&wanted, &given, is_first]);
        match absent {
            Some(column) => error.about(&column.feature),
            None => error,
        }
    }

    fn at_line(&self, error: Error) -> Error {
        let line = self.first_line.saturating_sub(self.made_lines).max(1);
        error.within(words::filled("line {}", &[&number::digits_of(line)]).as_bytes())
    }
}
