//! Text → records and their cells, a byte at a time.
//!
//! By hand: `csv-core` makes its table when it starts, and with what makes it would be a thirtieth of a page's reader of rows. A test
//! holds this one to it, byte for byte.

/// The longest record, in bytes of UTF-8: a quote that is never closed would take the rest of the file for one cell.
/// The most features a model may have fit, with room for 250 bytes each.
pub(super) const LONGEST: usize = 1 << 24;

/// A record's cells, without their quotes.
#[derive(Default)]
pub(super) struct Record {
    /// The cells' bytes one after the other, and room for more.
    bytes: Vec<u8>,
    written: usize,
    /// Where in the bytes each cell ends.
    ends: Vec<usize>,
}

impl Record {
    pub(super) fn clear(&mut self) {
        self.written = 0;
        self.ends.clear();
    }

    /// How many cells have ended.
    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn cell(&self, place: usize) -> &[u8] {
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.bytes[start..self.ends[place]]
    }

    /// The bytes of all cells.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.written]
    }

    /// The cells as texts.
    pub(super) fn texts(&self) -> Vec<String> {
        let mut texts = Vec::with_capacity(self.count());
        for place in 0..self.count() {
            texts.push(String::from_utf8_lossy(self.cell(place)).into_owned());
        }
        texts
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// In front of a record: line ends are passed over.
    Record,
    /// Behind a delimiter.
    Cell,
    /// In a cell without quotes, or behind the quote that has closed one.
    Plain,
    /// Inside of quotes.
    Quoted,
    /// Behind a quote inside of quotes: it closes them, or is the first of two.
    Quote,
}

/// Where in a text of records something stands. Nothing is an error to it.
pub(super) struct Parser {
    delimiter: u8,
    state: State,
    has_begun: bool,
}

impl Parser {
    pub(super) fn new(delimiter: char) -> Self {
        // A delimiter is one byte: options have been asked for no other.
        Self { delimiter: delimiter as u8, state: State::Record, has_begun: false }
    }

    /// Reads to the end of a record or of the text, and adds what it reads to `record`. Whether the record is whole, and how many bytes
    /// were read: all of them otherwise, unless the record is full.
    pub(super) fn read(&mut self, text: &[u8], record: &mut Record) -> (bool, usize) {
        let text = &text[..text.len().min(LONGEST - record.written)];
        if record.bytes.len() < record.written + text.len() {
            record.bytes.resize(record.written + text.len(), 0);
        }
        let (delimiter, mut state, mut is_record) = (self.delimiter, self.state, false);
        // There is a place for each byte.
        let mut free = record.bytes[record.written..].iter_mut();
        let room = free.len();
        let mut rest = text.iter();
        // What Windows puts before UTF-8.
        if !std::mem::replace(&mut self.has_begun, true) && text.starts_with(b"\xef\xbb\xbf") {
            rest = text[3..].iter();
        }
        while let Some(&byte) = rest.next() {
            let is_line_end = byte == b'\n' || byte == b'\r';
            state = match state {
                State::Plain | State::Cell | State::Quote if byte == delimiter || is_line_end => {
                    record.ends.push(record.written + room - free.len());
                    if is_line_end {
                        state = State::Record;
                        is_record = true;
                        break;
                    }
                    state = State::Cell;
                    continue;
                }
                State::Plain => State::Plain,
                State::Quoted if byte == b'"' => {
                    state = State::Quote;
                    continue;
                }
                State::Quoted => State::Quoted,
                State::Record if is_line_end => continue,
                State::Record if byte == delimiter => {
                    record.ends.push(record.written + room - free.len());
                    state = State::Cell;
                    continue;
                }
                State::Quote if byte == b'"' => State::Quoted,
                State::Record | State::Cell if byte == b'"' => {
                    state = State::Quoted;
                    continue;
                }
                _ => State::Plain,
            };
            if let Some(place) = free.next() {
                *place = byte;
            }
            // What follows mostly goes the same way.
            let is_quoted = state == State::Quoted;
            let mut ahead = rest.clone();
            while let Some(&byte) = ahead.next()
                && byte != b'"'
                && (is_quoted || byte != delimiter && byte != b'\n' && byte != b'\r')
                && let Some(place) = free.next()
            {
                *place = byte;
                rest = ahead.clone();
            }
        }
        record.written += room - free.len();
        self.state = state;
        (is_record, text.len() - rest.len())
    }

    /// The text has ended. Whether it does so within a record, which is whole with that.
    pub(super) fn end(&mut self, record: &mut Record) -> bool {
        let is_within = std::mem::replace(&mut self.state, State::Record) != State::Record;
        if is_within {
            record.ends.push(record.written);
        }
        is_within
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use csv_core::{ReadRecordResult, ReaderBuilder};
    use proptest::prelude::*;

    /// What `csv-core` reads of a text whose pieces come one after the other: of each piece, where in it records end, and they.
    fn peers(pieces: &[&[u8]], delimiter: u8) -> Vec<(usize, Vec<Vec<u8>>)> {
        let mut parser = ReaderBuilder::new().delimiter(delimiter).build();
        let (mut out, mut ends) = (vec![0; 1000], vec![0; 1000]);
        let (mut written, mut ended) = (0, 0);
        let mut records = Vec::new();
        for piece in pieces.iter().chain([&&b""[..]]) {
            let mut read = 0;
            loop {
                let (result, more, wrote, cells) =
                    parser.read_record(&piece[read..], &mut out[written..], &mut ends[ended..]);
                (read, written, ended) = (read + more, written + wrote, ended + cells);
                if result != ReadRecordResult::Record {
                    break;
                }
                let start = |place: usize| if place == 0 { 0 } else { ends[place - 1] };
                records.push((read, (0..ended).map(|place| out[start(place)..ends[place]].to_vec()).collect()));
                (written, ended) = (0, 0);
                if read == piece.len() {
                    break;
                }
            }
        }
        records
    }

    fn ours(pieces: &[&[u8]], delimiter: char) -> Vec<(usize, Vec<Vec<u8>>)> {
        let (mut parser, mut record) = (Parser::new(delimiter), Record::default());
        let mut records = Vec::new();
        let mut add = |read, record: &mut Record| {
            records.push((read, (0..record.count()).map(|place| record.cell(place).to_vec()).collect()));
            record.clear();
        };
        for piece in pieces {
            let mut read = 0;
            while read < piece.len() {
                let (is_whole, more) = parser.read(&piece[read..], &mut record);
                read += more;
                if is_whole {
                    add(read, &mut record);
                }
            }
        }
        if parser.end(&mut record) {
            add(0, &mut record);
        }
        records
    }

    proptest! {
        #[test]
        fn records_are_csv_cores(text in "(\u{feff})?[a\"\n\r,;é]{0,40}", cuts in prop::collection::vec(0_usize..40, 0..3)) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).chain([0, text.len()]).collect();
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
            // A piece without bytes ends the text, to the other.
            let pieces: Vec<&[u8]> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
            for delimiter in [',', ';'] {
                prop_assert_eq!(ours(&pieces, delimiter), peers(&pieces, delimiter as u8));
            }
        }
    }

    #[test]
    fn a_record_is_full_at_its_longest() {
        let (mut parser, mut record) = (Parser::new(','), Record::default());
        let text = vec![b'x'; LONGEST + 9];
        assert_eq!(parser.read(&text, &mut record), (false, LONGEST));
        assert_eq!(parser.read(b"\n", &mut record), (false, 0));
    }
}
