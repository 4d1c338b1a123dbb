//! A file's bytes, as they come → rows, some at a time.

use csv_core::{ReadRecordResult, Reader as Parser};

use super::cells::Cells;
use super::plan::Plan;
use super::table;
use super::text::Decoding;
use crate::error::{Code, Error, Result};
use crate::schema::Schema;

/// The longest record, in bytes of UTF-8: a quote that is never closed would take the rest of the file for one cell.
/// The most features a model may have fit, with room for 250 bytes each.
const LONGEST_RECORD: usize = 1 << 24;

/// Rows that were read: one number for each feature and row, `NaN` for "not measured", missing codes as they are.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The rows that have values, one after the other.
    pub values: Vec<f64>,
    /// For each of these rows the numbers in the plan's columns of base margins.
    pub base_margins: Vec<f32>,
    /// The row that cannot be read, if one was met, and what is wrong with it. Nothing is read behind it.
    pub fault: Option<Error>,
}

/// Reads a file as its plan says. Memory is a record's, whatever the file's length.
pub struct Reader<'a> {
    plan: &'a Plan,
    cells: Cells<'a>,
    decoding: Decoding,
    parser: Parser,
    /// How many lines are still to be passed over, and whether the last byte passed over was `\r`, whose `\n` may follow.
    lines_to_skip: usize,
    after_return: bool,
    /// A record's cells, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    written: usize,
    ended: usize,
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
}

impl<'a> Reader<'a> {
    /// A reader of a file of rows of this schema.
    ///
    /// # Errors
    /// As [`Plan::check`].
    pub fn new(plan: &'a Plan, schema: &'a Schema) -> Result<Self> {
        plan.check(schema)?;
        Ok(Self {
            plan,
            cells: Cells::new(plan, schema),
            decoding: Decoding::new(plan.encoding),
            parser: table::parser(plan.delimiter),
            lines_to_skip: plan.skipped_lines,
            after_return: false,
            bytes: vec![0; 4096],
            ends: vec![0; 64],
            written: 0,
            ended: 0,
            begun: false,
            header_due: plan.header,
            newlines: 0,
            returns: 0,
            made_lines: 0,
            last_line: 0,
            first_line: 0,
        })
    }

    /// Tells that the text's first line, or more of them, were made of a file that has none: errors count the file's own.
    pub fn set_made_lines(&mut self, lines: u64) {
        self.made_lines = lines;
    }

    /// Reads the file's next bytes, and adds the rows that end in them to `block`; `last` tells that no more come.
    pub fn read(&mut self, bytes: &[u8], last: bool, block: &mut Block) {
        // Lent for as long as its text is read.
        let mut decoding = std::mem::replace(&mut self.decoding, Decoding::new(self.plan.encoding));
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
                // Lines end with `\n`, or else with `\r` alone.
                self.first_line = 1 + if self.newlines > 0 { self.newlines } else { self.returns };
                if self.plan.names.len() == 1 && self.last_line > 0 && self.first_line > self.last_line + 1 {
                    self.first_line = self.last_line + 1;
                    let message = "an empty line, which in a file of one column may be a missing value or none: write NA, or \
                                   take it out";
                    return Err(self.at_line(Error::new(Code::AmbiguousInput, format_args!("{message}"))));
                }
            }
            let (result, read) = self.step(text)?;
            self.count(&text[..read]);
            text = &text[read..];
            if result == ReadRecordResult::Record {
                self.record(block)?;
            }
        }
        Ok(())
    }

    fn count(&mut self, passed: &[u8]) {
        let count = |sign: u8| passed.iter().filter(|&&byte| byte == sign).count() as u64;
        self.newlines += count(b'\n');
        self.returns += count(b'\r');
    }

    /// One call of the parser: there is room for what it gives.
    fn step(&mut self, text: &[u8]) -> Result<(ReadRecordResult, usize)> {
        let (out, ends) = (&mut self.bytes[self.written..], &mut self.ends[self.ended..]);
        let (result, read, written, ended) = self.parser.read_record(text, out, ends);
        self.written += written;
        self.ended += ended;
        match result {
            ReadRecordResult::OutputFull if self.bytes.len() >= LONGEST_RECORD => {
                let message = format!("a record of more than {LONGEST_RECORD} bytes; is a quote not closed?");
                return Err(self.at_line(Error::new(Code::NotANumber, format_args!("{message}"))));
            }
            ReadRecordResult::OutputFull => self.bytes.resize(2 * self.bytes.len(), 0),
            // No more of them than bytes.
            ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
            _ => {}
        }
        Ok((result, read))
    }

    /// What is left when no more bytes come.
    fn end(&mut self, block: &mut Block) -> Result<()> {
        if !self.begun {
            let is_empty = self.header_due || (!self.plan.header && self.last_line == 0);
            return if is_empty {
                Err(Error::new(Code::EmptyInput, format_args!("the file has no rows")))
            } else {
                Ok(())
            };
        }
        // Whatever is outside of quotes is ended by a line's end; inside of them that is a character like any other.
        while self.begun {
            let (result, _) = self.step(b"\n")?;
            match result {
                ReadRecordResult::Record => return self.record(block),
                ReadRecordResult::InputEmpty => break,
                // More room was made.
                _ => {}
            }
        }
        Err(self.at_line(Error::new(Code::NotANumber, format_args!("a quote is not closed"))))
    }

    /// A record is whole.
    fn record(&mut self, block: &mut Block) -> Result<()> {
        let ends = &self.ends[..self.ended];
        self.last_line =
            self.first_line + self.bytes[..self.written].iter().filter(|&&byte| byte == b'\n').count() as u64;
        (self.written, self.ended, self.begun) = (0, 0, false);
        let width = self.plan.names.len();
        let start = |place: usize| if place == 0 { 0 } else { ends[place - 1] };
        let cell = |place: usize| &self.bytes[start(place)..ends[place]];
        if std::mem::take(&mut self.header_due) {
            // A plan that was kept may be given with another file.
            let is_plans = |place: usize| String::from_utf8_lossy(cell(place)) == self.plan.names[place];
            if ends.len() == width && (0..width).all(is_plans) {
                return Ok(());
            }
            let message = format_args!("the header names other columns than the plan does");
            return Err(self.at_line(Error::new(Code::InvalidOption, message)));
        }
        // Neither more nor fewer: where a row has an empty cell more, its first may be a row's name, as R writes them, and each
        // value stand under the next one's name.
        if ends.len() != width {
            return Err(self.at_line(self.wrong_count(ends.len())));
        }
        if let Some(cell) = (0..width).map(cell).find(|cell| cell.contains(&b'\n')) {
            self.check_lines(cell)?;
        }
        let lengths = (block.values.len(), block.base_margins.len());
        let read = self.cells.read(cell, &mut block.values);
        if let Err(error) = read.and_then(|()| self.cells.read_base_margins(cell, &mut block.base_margins)) {
            block.values.truncate(lengths.0);
            block.base_margins.truncate(lengths.1);
            return Err(self.at_line(error));
        }
        Ok(())
    }

    /// A quote that was not meant as one takes the rows up to the next for a cell. Their cells' ends are in it then.
    fn check_lines(&self, cell: &[u8]) -> Result<()> {
        let ends = |line: &[u8]| line.iter().filter(|&&byte| char::from(byte) == self.plan.delimiter).count();
        if cell.split(|&byte| byte == b'\n').any(|line| ends(line) + 1 >= self.plan.names.len().max(2)) {
            let message = "a quote opens a cell that holds whole rows: is it meant as a character? Then double it and close the cell";
            return Err(self.at_line(Error::new(Code::AmbiguousInput, format_args!("{message}"))));
        }
        Ok(())
    }

    fn wrong_count(&self, count: usize) -> Error {
        let width = self.plan.names.len();
        if self.plan.header {
            let than = if count < width { "fewer" } else { "more" };
            let names = if count == width + 1 { " (a column of row names needs a name, too)" } else { "" };
            return Error::new(
                Code::WrongFieldCount,
                format_args!("the line has {count} fields, {than} than the {width} that the header names{names}"),
            );
        }
        match self.plan.columns.iter().find(|column| column.column.is_some_and(|place| place == count)) {
            Some(column) => Error::in_field(
                Code::WrongFieldCount,
                &column.feature,
                format_args!("{width} values are needed, {count} given; this is the first that is absent"),
            ),
            None => Error::new(Code::WrongFieldCount, format_args!("{width} values are needed, {count} given")),
        }
    }

    fn at_line(&self, error: Error) -> Error {
        error.within(format!("line {}", self.first_line.saturating_sub(self.made_lines).max(1)).as_bytes())
    }
}
