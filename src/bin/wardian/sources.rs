//! Files of rows of every kind, as the text that the reader of rows takes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use anyhow::Result;
use flate2::bufread::MultiGzDecoder;
use wardian::rows::{Book, JsonLines, Kind, LARGEST_WORKBOOK, Options, Plan};

/// A file of rows, open.
pub(crate) struct Source {
    /// CSV text, or what the file has.
    pub(crate) text: Box<dyn Read>,
    /// How many bytes it has, where that is known.
    pub(crate) length: Option<u64>,
    /// What the text was made of, if it was made here, so that nothing of its form is open.
    made: Option<Kind>,
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
            let unpacked = BufReader::with_capacity(1 << 16, Unpacked(MultiGzDecoder::new(file)));
            // How far the packed file is read is not seen from here.
            return Self::of(Box::new(unpacked), None, sheet);
        }
        let made = Kind::of(start)?;
        let (text, length): (Box<dyn Read>, _) = match made {
            Some(Kind::Workbook) => {
                let mut bytes = Vec::new();
                file.take(LARGEST_WORKBOOK + 1).read_to_end(&mut bytes)?;
                let text = Book::open(bytes)?.csv(sheet)?;
                let length = Some(text.len() as u64);
                (Box::new(Cursor::new(text)), length)
            }
            Some(Kind::JsonLines) => (Box::new(Lines::new(file)), None),
            None => (Box::new(file), length),
        };
        Ok(Self { text, length, made })
    }

    /// How many lines of the text the file does not have.
    pub(crate) fn made_lines(&self) -> u64 {
        self.made.map_or(0, Kind::made_lines)
    }

    /// Whether a plan may be of this file.
    pub(crate) fn check(&self, plan: &Plan) -> Result<()> {
        Ok(self.made.map_or(Ok(()), |kind| kind.check(plan))?)
    }

    /// What is known of the text, over what was said of the file.
    pub(crate) fn options(&self, said: Options) -> Result<Options> {
        Ok(match self.made {
            None => said,
            Some(kind) => kind.options(said)?,
        })
    }
}

/// What is said of a file that ends before its end, and before what its reader says.
pub(crate) const ENDS_EARLY: &str = "the file ends early: it was cut off, or is still being written";

/// What gzip has packed.
struct Unpacked(MultiGzDecoder<Box<dyn BufRead>>);

impl Read for Unpacked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::other(format!("{ENDS_EARLY} ({error})")),
            _ => error,
        })
    }
}

/// The text of JSON lines, as their bytes come.
struct Lines {
    source: Box<dyn BufRead>,
    lines: JsonLines,
    text: Cursor<Vec<u8>>,
    /// What is due behind the text: the end, or what is wrong with a line.
    end: Option<io::Result<usize>>,
}

impl Lines {
    fn new(source: Box<dyn BufRead>) -> Self {
        Self { source, lines: JsonLines::default(), text: Cursor::default(), end: None }
    }
}

impl Read for Lines {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.text.read(out)?;
            if read > 0 || out.is_empty() {
                return Ok(read);
            }
            if let Some(end) = self.end.take() {
                // Asked again, it is at its end.
                self.end = Some(Ok(0));
                return end;
            }
            let bytes = self.source.fill_buf()?;
            let (length, is_last) = (bytes.len(), bytes.is_empty());
            let mut text = std::mem::take(&mut self.text).into_inner();
            text.clear();
            let result = self.lines.add(bytes, is_last, &mut text);
            self.source.consume(length);
            self.text = Cursor::new(text);
            match result {
                Err(error) => self.end = Some(Err(io::Error::other(error))),
                Ok(()) if is_last => self.end = Some(Ok(0)),
                Ok(()) => {}
            }
        }
    }
}
