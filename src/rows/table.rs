//! Text → records: what ends a cell, and where the table begins.

use super::record::{Parser, Record};

/// What may end a cell, the likeliest first.
pub(super) const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];
/// How many records tell what a file is like.
const SAMPLE: usize = 200;

/// The first records of a text, `most` at most. Of a text that goes on the last one is left out, as it may be cut off.
pub(super) fn records(text: &str, is_whole: bool, delimiter: char, most: usize) -> Vec<Vec<String>> {
    let (mut parser, mut record) = (Parser::new(delimiter), Record::default());
    let mut text = text.as_bytes();
    let mut records = Vec::new();
    while records.len() < most {
        let (is_record, read) = parser.read(text, &mut record);
        text = &text[read..];
        if !(is_record || is_whole && parser.end(&mut record)) {
            break;
        }
        records.push(record.texts());
        record.clear();
    }
    records
}

/// Where the last whole record in these bytes ends, 0 if none does. They begin with so many lines that are none, and then a record;
/// what follows them is not known.
pub fn records_end(bytes: &[u8], delimiter: char, skipped_lines: usize) -> usize {
    let table = after_lines(bytes, skipped_lines);
    match end_of_table(table, delimiter) {
        0 => 0,
        end => bytes.len() - table.len() + end,
    }
}

fn end_of_table(bytes: &[u8], delimiter: char) -> usize {
    // The second sign of the line's end may be what follows.
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    if bytes.iter().all(|&byte| byte != b'"') {
        return bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |place| place + 1);
    }
    let (mut parser, mut record) = (Parser::new(delimiter), Record::default());
    let (mut passed, mut end) = (0, 0);
    while passed < bytes.len() {
        let (is_record, read) = parser.read(&bytes[passed..], &mut record);
        passed += read;
        if is_record {
            end = passed + usize::from(bytes[..passed].ends_with(b"\r") && bytes[passed..].starts_with(b"\n"));
        }
        record.clear();
    }
    end
}

/// The delimiter that a first line of Excel's names, `sep=;`, and the text behind that line.
pub(super) fn announced(text: &str) -> Option<(char, &str)> {
    let rest = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP="))?;
    let delimiter = rest.chars().next().filter(char::is_ascii)?;
    let rest = rest[1..].strip_prefix('\r').unwrap_or(&rest[1..]);
    Some((delimiter, rest.strip_prefix('\n')?))
}

/// A text without its first lines.
pub(super) fn without_lines(text: &str, count: usize) -> &str {
    &text[text.len() - after_lines(text.as_bytes(), count).len()..]
}

/// What stands behind so many lines.
fn after_lines(mut text: &[u8], count: usize) -> &[u8] {
    for _ in 0..count {
        text = match text.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(end) if text[end..].starts_with(b"\r\n") => &text[end + 2..],
            Some(end) => &text[end + 1..],
            None => return b"",
        };
    }
    text
}

/// The delimiter with which most cells have a meaning: most columns are known by name; or there are enough of them, and most
/// cells are values, in records of one length.
pub(super) fn delimiter(
    text: &str,
    is_whole: bool,
    wanted: usize,
    known: impl Fn(&str) -> bool,
    is_value: impl Fn(&str) -> bool,
) -> char {
    let score = |delimiter: char| {
        let records = records(text, is_whole, delimiter, SAMPLE);
        let Some((first, rest)) = records.split_first() else { return (0, false, 0, 0) };
        let named = first.iter().filter(|cell| known(cell)).count();
        let cells = rest.iter().chain(rest.is_empty().then_some(first)).flatten();
        let (mut values, mut all) = (0, 0);
        for cell in cells {
            all += 1;
            values += usize::from(is_value(cell));
        }
        let alike = records.iter().filter(|record| record.len() == first.len()).count();
        // Shares in hundredths, so that one odd cell in many decides nothing.
        let share = |part: usize, all: usize| 100 * part / all.max(1);
        (named, first.len() >= wanted, share(values, all) * share(alike, records.len()), first.len())
    };
    let (mut best, mut delimiter) = (score(DELIMITERS[0]), DELIMITERS[0]);
    for other in &DELIMITERS[1..] {
        // Of equals the first.
        let score = score(*other);
        if score > best {
            (best, delimiter) = (score, *other);
        }
    }
    delimiter
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(text: &str, wanted: usize) -> char {
        let is_value = |cell: &str| cell.is_empty() || cell.trim().replace(',', ".").parse::<f64>().is_ok();
        delimiter(text, true, wanted, |cell| ["a", "b"].contains(&cell.trim()), is_value)
    }

    #[test]
    fn records_are_whole() {
        let all = |text, is_whole| records(text, is_whole, ',', 9);
        assert_eq!(all("a,b\n1,\"2\n,\"\"3\"\r\n\n4", true), [vec!["a", "b"], vec!["1", "2\n,\"3"], vec!["4"]]);
        assert_eq!(all("a,b\n1,2", false), [["a", "b"]]);
        assert_eq!(all("", true), Vec::<Vec<String>>::new());
        assert_eq!(records("a\nb\nc\n", true, ',', 2), [["a"], ["b"]]);
        assert_eq!(all("a,b\r1,2\r", true), [["a", "b"], ["1", "2"]]);
    }

    #[test]
    fn the_delimiter_is_what_gives_cells_a_meaning() {
        assert_eq!(guessed("a,b\n1,2\n", 2), ',');
        assert_eq!(guessed("a;b\n1,5;2,5\n", 2), ';');
        assert_eq!(guessed("1,5;2,5\n3,5;4,5\n", 2), ';');
        assert_eq!(guessed("a\tb\n1,5\t2\n", 2), '\t');
        assert_eq!(guessed("a|b\n1|2\n", 2), '|');
        assert_eq!(guessed("a\n1\n", 1), ',');
        assert_eq!(guessed("", 1), ',');
        assert_eq!(guessed("note,a;b\nx,y,1;2\n", 2), ';');
    }

    #[test]
    fn parts_end_where_records_do() {
        let end = |text: &str| records_end(text.as_bytes(), ',', 0);
        assert_eq!(["", "1,2", "1,2\n", "1\n2", "1\r2", "1\r\n2", "1\r"].map(end), [0, 0, 4, 2, 2, 3, 0]);
        // The sign may be the first of two.
        assert_eq!(
            ["1\r\n2\r", "\"1\n2", "\"1\n2\"\n3", "a\"b\n\"c\n", "\"a\"\"\n\",1\r\n2"].map(end),
            [3, 0, 6, 4, 10]
        );
        assert_eq!(records_end(b"a \"title\r\n1,\"\n\"\n2", ',', 1), 16);
        assert_eq!(records_end(b"a \"title", ',', 1), 0);
        // Wherever a text is cut: in front of an end there are the same records as in the whole.
        let text = "a,\"b\n\"\"c\"\r\n1,2\r\n\r\n\"3\",\"4\"x\n5,6\n";
        let all = records(text, true, ',', 99);
        for cut in 0..=text.len() {
            let end = records_end(&text.as_bytes()[..cut], ',', 0);
            let (front, back) = text.split_at(end);
            let both = [records(front, true, ',', 99), records(back, true, ',', 99)].concat();
            assert_eq!(both, all, "{cut} {end}");
        }
    }

    #[test]
    fn lines_are_taken_off() {
        assert_eq!(without_lines("x\r\ny\nz", 2), "z");
        assert_eq!(without_lines("x", 2), "");
        assert_eq!(announced("sep=;\r\na;b\n"), Some((';', "a;b\n")));
        assert_eq!(announced("separate,b\n"), None);
    }
}
