//! Files of rows → numbers, by the reader of `wardian predict`: delimiters, decimal commas, encodings, units, words for "not measured".

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;
use wardian::Code;
use wardian::case::plan_beside;
use wardian::rows::{Block, JsonLines, Kind, Options, Reader, Seen, Vocabulary};

use crate::fault::Fault;
use crate::held::Held;

/// How many bytes a plan is made from, and how many are read at a time.
const CHUNK: usize = 1 << 18;
/// A first line may be longer than [`CHUNK`], as that of tens of thousands of names is.
const LONGEST_START: usize = 64 * CHUNK;

/// What is said of an option: once, or several times.
#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Once(String),
    Often(Vec<String>),
}

/// The rows of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The features' values, one row's behind another's, in the model's order; `NaN` for "not measured", categories by their place.
    pub values: Vec<f64>,
    /// What was decided, a sentence each.
    pub notes: Vec<String>,
    /// What to know of the values before the answers are trusted, likewise.
    pub warnings: Vec<String>,
}

impl Held {
    /// The rows in the bytes of a file: CSV or the like, or JSON lines. `options` is a text of JSON, or empty: what the command line's options
    /// say, by their names, `{"delimiter": ";", "column": ["age=#9"]}`.
    ///
    /// # Errors
    /// As [`wardian::rows::Plan::new`], [`wardian::rows::Plan::settled`] and [`Reader::read`], naming the line.
    pub fn rows(&self, file: &[u8], options: &str) -> Result<Read, Fault> {
        let mut said = Options::default();
        if !options.is_empty() {
            let given: BTreeMap<String, Said> = serde_json::from_str(options)
                .map_err(|error| Fault::new(Code::InvalidOption, format!("what is said of the file: {error}")))?;
            for (name, text) in &given {
                match text {
                    Said::Once(text) => said.set(name, text)?,
                    Said::Often(texts) => texts.iter().try_for_each(|text| said.set(name, text))?,
                }
            }
        }
        let made_lines = kind_of(file)?.map_or(0, Kind::made_lines);
        let (text, said) = plain(file, said)?;
        let (model, schema) = (self.model(), self.model().schema());
        let start = beginning(&text);
        let is_whole = start.len() == text.len();
        let plan = plan_beside((start, is_whole), schema, &Vocabulary::default(), &said, &|_| false)?;
        plan.settled()?;
        let mut reader = Reader::new(&plan, schema)?;
        reader.set_made_lines(made_lines);
        let (mut block, mut values, mut seen) = (Block::default(), Vec::new(), Seen::new(schema));
        for chunk in text.chunks(CHUNK).chain([&[][..]]) {
            reader.read(chunk, chunk.is_empty(), &mut block);
            if let Some(fault) = block.fault.take() {
                return Err(fault.into());
            }
            seen.add(&block.values);
            values.extend_from_slice(&block.values);
            block.clear();
        }
        debug_assert!(values.len().is_multiple_of(model.schema().features().len().max(1)));
        let notes = plan.notes.iter().map(|note| note.message.clone()).collect();
        Ok(Read { values, notes, warnings: seen.sentences() })
    }
}

impl Read {
    /// All of it in one piece: the length of a text of JSON as four bytes, little-endian, that text (`notes` and `warnings`), and the values as
    /// 64-bit floats, little-endian.
    pub fn bytes(&self) -> Vec<u8> {
        let said = json!({"notes": self.notes, "warnings": self.warnings}).to_string();
        let mut out = Vec::with_capacity(4 + said.len() + 8 * self.values.len());
        out.extend_from_slice(&(said.len() as u32).to_le_bytes());
        out.extend_from_slice(said.as_bytes());
        self.values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
        out
    }
}

/// What text is made of, JSON lines alone; `None` for a file that is text itself.
fn kind_of(file: &[u8]) -> Result<Option<Kind>, Fault> {
    match Kind::of(file)? {
        Some(Kind::Workbook) => {
            let message = "it is a workbook, or another zip file, which is not read here: save the sheet as CSV UTF-8, or read it with pandas \
                           (read_excel) and give predict the data frame; the program wardian of Rust reads workbooks, too";
            Err(Fault::new(Code::WrongType, message.into()))
        }
        other => Ok(other),
    }
}

/// The text that the reader of rows takes, and what is then known of it.
pub(crate) fn plain(file: &[u8], said: Options) -> Result<(Cow<'_, [u8]>, Options), Fault> {
    Ok(match kind_of(file)? {
        Some(kind) => (Cow::Owned(JsonLines::default().read(file, true)?), kind.options(said)?),
        None => (Cow::Borrowed(file), said),
    })
}

/// What a plan is made from: a line at least.
fn beginning(text: &[u8]) -> &[u8] {
    let mut length = CHUNK.min(text.len());
    while length < text.len().min(LONGEST_START) && !text[..length].iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        length = (length + CHUNK).min(text.len());
    }
    &text[..length]
}

#[cfg(test)]
mod tests {
    use wardian::import;

    use super::*;

    fn held() -> Held {
        let file = include_bytes!("../../models/petal/petal.lightgbm.txt");
        Held::open("petal", file, &import::Options::default(), None).expect("a model")
    }

    const NAMES: [&str; 4] = ["sepal_length", "sepal_width", "petal_width", "species"];

    #[test]
    fn every_way_to_write_rows_gives_the_same_numbers() {
        let held = held();
        let order: Vec<&str> = held.model().schema().features().iter().map(|feature| &*feature.name).collect();
        let written = |cell: fn(&str) -> &str, delimiter: &str| {
            let row = |values: [&str; 4]| {
                let cell =
                    |name: &&str| cell(values[NAMES.iter().position(|own| own == name).expect("a feature")]).to_owned();
                order.iter().map(cell).collect::<Vec<_>>().join(delimiter)
            };
            [row(NAMES), row(["5.1", "", "0.2", "setosa"]), row(["6.5", "3.5", "1.5", "virginica"])].join("\n")
        };
        fn comma(cell: &str) -> &str {
            match cell {
                "5.1" => "5,1",
                "0.2" => "0,2",
                "6.5" => "6,5",
                "3.5" => "3,5",
                "1.5" => "1,5",
                other => other,
            }
        }
        let plain = written(|cell| cell, ",");
        let read = held.rows(plain.as_bytes(), "").expect("rows");
        assert_eq!(read.values.len(), 8);
        assert_eq!(read.values.iter().filter(|value| value.is_nan()).count(), 1);
        let bits = |read: Read| read.values.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        let due = bits(read);
        let semicolons = written(comma, ";");
        let wide: Vec<u8> = [0xfeff].into_iter().chain(semicolons.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let lines = concat!(
            "{\"sepal_length\": 5.1, \"petal_width\": 0.2, \"species\": \"setosa\", \"sepal_width\": null}\n",
            "{\"sepal_length\": 6.5, \"sepal_width\": 3.5, \"petal_width\": 1.5, \"species\": \"virginica\"}\n",
        );
        for file in [semicolons.as_bytes(), &wide, lines.as_bytes(), written(|cell| cell, "\t").as_bytes()] {
            assert_eq!(bits(held.rows(file, "").expect("rows")), due);
        }
        let piped = written(|cell| cell, "|").replace('\n', "\r\n");
        assert_eq!(
            bits(held.rows(piped.as_bytes(), "{\"delimiter\": \"|\", \"header\": [\"yes\"]}").expect("rows")),
            due
        );
        // As one piece: the text's length, the text, and the numbers.
        let bytes = held.rows(plain.as_bytes(), "").expect("rows").bytes();
        let length = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        assert!(serde_json::from_slice::<serde_json::Value>(&bytes[4..4 + length]).expect("JSON")["notes"].is_array());
        let (numbers, rest) = bytes[4 + length..].as_chunks::<8>();
        assert_eq!(numbers.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect::<Vec<_>>(), due);
        assert!(rest.is_empty());
    }

    #[test]
    fn a_file_of_many_pieces_is_read_whole() {
        let held = held();
        let row = "5.1,3.5,0.2,setosa\n";
        let text = NAMES.join(",") + "\n" + &row.repeat(3 * CHUNK / row.len());
        assert_eq!(held.rows(text.as_bytes(), "").expect("rows").values.len(), 4 * (3 * CHUNK / row.len()));
        let fault = held.rows((text + "5.1,wide,0.2,setosa\n").as_bytes(), "").expect_err("a fault");
        assert!(fault.message.starts_with(&format!("line {}", 3 * CHUNK / row.len() + 2)), "{}", fault.message);
        assert_eq!(fault.field.as_deref(), Some("sepal_width"));
    }

    #[test]
    fn what_holds_no_rows_is_refused() {
        let held = held();
        let fault = |file: &[u8], options: &str| held.rows(file, options).expect_err("a fault");
        assert!(fault(b"PK\x03\x04", "").message.contains("read_excel"));
        assert_eq!(fault(b"a\n1\n", "{\"sep\": \";\"}").code, "invalid_option");
        assert_eq!(fault(b"a\n1\n", "[").code, "invalid_option");
        assert_eq!(fault(b"[{\"a\": 1}]", "").code, "wrong_type");
        assert_eq!(fault(b"{\"sepal_length\": 1}\n{\n", "").code, "wrong_type");
        assert_eq!(fault(b"", "").code, "empty_input");
        assert!(fault(b"{\"sepal_length\": 1}\n", "{\"decimal\": \",\"}").message.contains("--decimal"));
    }
}
