//! The module that reads files of rows, for whoever has one: on a page, in Node. It knows no trees: the rows' numbers go to the
//! module that predicts, and its answers come back to be written behind the rows.
//!
//! As `wasm.rs` it takes and gives what lies at addresses; texts are separated by null characters. What gives `false` has put a
//! failure into its [`answer`]: a code, the feature at fault or nothing, and a line for people. `npm/rows/rows.js` is the other side.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use super::memory::grown;
use crate::error::{Code, Error, Result};
use crate::number;
use crate::rows::{Block, Conversion, Note, Options, Plan, Reader, Vocabulary, Writer, parts, records_end, split};
use crate::schema::{Feature, Schema};

struct State {
    room: Vec<f32>,
    wide_room: Vec<f64>,
    answer: Vec<u8>,
    schema: Schema,
    vocabulary: Vocabulary,
    options: Options,
    file: Option<File>,
    block: Block,
}

/// A file that is planned.
struct File {
    plan: Plan,
    start: Vec<u8>,
    is_whole: bool,
    writer: Option<Writer>,
}

thread_local! {
    static STATE: RefCell<State> = const {
        RefCell::new(State {
            room: Vec::new(),
            wide_room: Vec::new(),
            answer: Vec::new(),
            schema: Schema::of_model(Vec::new()),
            vocabulary: Vocabulary::new(),
            options: Options::new(),
            file: None,
            block: Block::new(),
        })
    };
}

/// Room for `count` 32-bit floats, or as many bytes as they have; its address.
#[wasm_bindgen]
pub fn room(count: usize) -> usize {
    STATE.with_borrow_mut(|state| grown(&mut state.room, count))
}

/// Room for `count` 64-bit floats; its address.
#[wasm_bindgen]
pub fn wide_room(count: usize) -> usize {
    STATE.with_borrow_mut(|state| {
        state.wide_room.resize(count, 0.0);
        state.wide_room.as_ptr() as usize
    })
}

/// The address of what the last call had to say.
#[wasm_bindgen]
pub fn answer() -> usize {
    STATE.with_borrow(|state| state.answer.as_ptr() as usize)
}

/// How many bytes that has.
#[wasm_bindgen]
pub fn answer_length() -> usize {
    STATE.with_borrow(|state| state.answer.len())
}

/// Takes up what the texts in the first `length` bytes of the room say, each a word and what it is about: `feature` and its name;
/// `label`, `measured-in` (its unit), `decimals`, `code` (for a missing value), `category`, `unseen` (such that training did not see have an answer), `alias`, `known-unit` (a
/// conversion's `times` and `minus`, and the unit) of the last feature; and the options of a file.
#[wasm_bindgen]
pub fn tell(length: usize) -> bool {
    answered(|state| {
        for pair in texts(&state.room, length).chunks_exact(2) {
            if let Err(error) = state.tell(&pair[0], &pair[1]) {
                // What was said beside it is not the next file's.
                state.options = Options::new();
                return Err(error);
            }
        }
        Ok(())
    })
}

/// Plans how the file is read that begins with the first `length` bytes of the room, by the options that were told since the last
/// one; `is_whole` tells whether that is all of it. The answer: encoding, lines to skip, delimiter, decimal sign, sign between thousands,
/// `yes` if there is a header; how many columns there are, and their names; for each feature the place of its column (or
/// nothing) and the unit that it is in, where that is not the model's (what makes the model's of that is then in the wide room: two
/// numbers for each feature, `times` and `minus`); how many texts mean "not measured", and those; how many notes there
/// are, and of each a code and a sentence; and as many doubts; how many columns of base margins there are, and the place of each.
#[wasm_bindgen]
pub fn plan(length: usize, is_whole: bool) -> bool {
    answered(|state| {
        let start = bytemuck::cast_slice(&state.room)[..length].to_vec();
        let options = std::mem::replace(&mut state.options, Options::new());
        let plan = Plan::new(&start, is_whole, &state.schema, &state.vocabulary, &options)?;
        let answer = &mut state.answer;
        push(answer, plan.encoding.name());
        push_count(answer, plan.skipped_lines);
        for sign in [Some(plan.delimiter), Some(plan.decimal), plan.thousands] {
            push(answer, &sign.map(String::from).unwrap_or_default());
        }
        push(answer, if plan.header { "yes" } else { "" });
        push_all(answer, &plan.names);
        state.wide_room.clear();
        for column in &plan.columns {
            let conversion = column.conversion.unwrap_or(Conversion { times: 1.0, minus: 0.0 });
            state.wide_room.extend([conversion.times, conversion.minus]);
            match column.column {
                Some(place) => push_count(answer, place),
                None => push(answer, ""),
            }
            push(answer, column.unit.as_deref().unwrap_or_default());
        }
        push_all(answer, &plan.missing);
        push_notes(answer, &plan.notes);
        push_notes(answer, &plan.doubts);
        push_count(answer, plan.base_margins.len());
        for &place in &plan.base_margins {
            push_count(answer, place);
        }
        state.file = Some(File { plan, start, is_whole, writer: None });
        Ok(())
    })
}

/// The first rows of the file that was planned: of each how many cells it has, and those.
#[wasm_bindgen]
pub fn first_rows(most: usize) -> bool {
    answered(|State { file, answer, .. }| {
        let file = planned(file)?;
        file.plan.first_rows(&file.start, file.is_whole, most).iter().for_each(|row| push_all(answer, row));
        Ok(())
    })
}

/// Makes ready to write the file back with columns of predictions added, whose names are the first `length` bytes of the room, and
/// reasons if there are to be any. The answer is the line of names.
#[wasm_bindgen]
pub fn add_columns(length: usize, has_reasons: bool) -> bool {
    answered(|State { file, room, answer, schema, .. }| {
        let file = planned(file)?;
        let mut writer = Writer::new(&file.plan, schema, texts(room, length), has_reasons);
        *answer = writer.names(&file.start);
        file.writer = Some(writer);
        Ok(())
    })
}

/// Reads the whole records in the first `length` bytes of the room, in UTF-8; `is_start` tells that the file begins with them. The answer
/// has how many lines they are, and the rows that cannot be read: place, line, code, feature or nothing, and a line for people.
#[wasm_bindgen]
pub fn read(length: usize, is_start: bool) -> bool {
    answered(|State { file, room, answer, block, schema, .. }| {
        let file = planned(file)?;
        let reader = Reader::new(&file.plan, schema)?.of_text().keeping_rows();
        let mut reader = if is_start { reader } else { reader.of_a_part() };
        *block = Block::new();
        reader.read(&bytemuck::cast_slice(room)[..length], true, block);
        if let Some(error) = block.fault.take() {
            return Err(error);
        }
        push_count(answer, reader.line_count() as usize);
        for fault in &block.kept.faults {
            push_count(answer, fault.row);
            push_count(answer, fault.line as usize);
            push_error(answer, &fault.error);
        }
        Ok(())
    })
}

/// How many rows were read, those among them that could not be.
#[wasm_bindgen]
pub fn row_count() -> usize {
    STATE.with_borrow(|state| state.block.kept.ends.len())
}

/// The address of the numbers of the rows that could be read, 64-bit floats: one for each feature, row after row.
#[wasm_bindgen]
pub fn values() -> usize {
    STATE.with_borrow(|state| state.block.values.as_ptr() as usize)
}

/// The address of their base margins, 32-bit floats: as many for each row as there are columns of them.
#[wasm_bindgen]
pub fn base_margins() -> usize {
    STATE.with_borrow(|state| state.block.base_margins.as_ptr() as usize)
}

/// The cells of one of the rows.
#[wasm_bindgen]
pub fn cells(row: usize) -> bool {
    answered(|State { file, answer, block, .. }| {
        let (file, ends) = (planned(file)?, &block.kept.ends);
        let start = if row == 0 { 0 } else { ends[row - 1] };
        push_all(answer, &file.plan.cells(&block.kept.text[start..ends[row]]));
        Ok(())
    })
}

/// The rows as they came, each with its predictions, and with reasons if the wide room has `contributions`. The predictions are
/// so many 32-bit floats in the room; or, if `are_texts`, texts in its first so many bytes.
#[wasm_bindgen]
pub fn write(predictions: usize, are_texts: bool, contributions: usize) -> bool {
    answered(|State { file, room, wide_room, answer, block, .. }| {
        let Some(writer) = &mut planned(file)?.writer else { return Err(absent()) };
        let texts = if are_texts {
            texts(room, predictions)
        } else {
            room[..predictions].iter().map(|&number| number::decimal(number)).collect()
        };
        *answer = writer.rows(&block.kept, &texts, &wide_room[..contributions]);
        Ok(())
    })
}

/// Where the last whole record in the first `length` bytes of the room ends, 0 if none does. They begin with
/// so many lines that are none. `delimiter` is a byte.
#[wasm_bindgen]
pub fn end_of_records(length: usize, delimiter: u8, skipped_lines: usize) -> usize {
    STATE.with_borrow(|State { room, .. }| {
        records_end(&bytemuck::cast_slice(room)[..length], char::from(delimiter), skipped_lines)
    })
}

impl State {
    fn tell(&mut self, word: &str, text: &str) -> Result<()> {
        if word == "feature" {
            self.schema.add_feature(Feature::named(text));
            return Ok(());
        }
        let Some(feature) = self.schema.last_feature() else { return self.options.set(word, text) };
        match word {
            "label" => feature.label = text.to_owned(),
            "measured-in" => feature.unit = text.to_owned(),
            "decimals" => feature.decimals = text.parse().ok(),
            "code" => feature.missing_codes.extend(number::parse(text)),
            "category" => feature.categories.push(text.to_owned()),
            "unseen" => feature.takes_unseen = true,
            "alias" => self.vocabulary.add_name(&feature.name, text),
            "known-unit" => {
                let (times, rest) = split(text, ' ').unwrap_or_default();
                let (minus, unit) = split(rest, ' ').unwrap_or_default();
                let number = |text| number::parse(text).unwrap_or(f64::NAN);
                self.vocabulary.add_unit(
                    &feature.name,
                    unit,
                    Conversion { times: number(times), minus: number(minus) },
                );
            }
            _ => self.options.set(word, text)?,
        }
        Ok(())
    }
}

/// The texts in the first bytes of the room.
fn texts(room: &[f32], length: usize) -> Vec<String> {
    parts(&String::from_utf8_lossy(&bytemuck::cast_slice(room)[..length]), '\0')
}

/// What a call does, and what it has to say.
fn answered(action: impl FnOnce(&mut State) -> Result<()>) -> bool {
    STATE.with_borrow_mut(|state| {
        state.answer.clear();
        let result = action(state);
        if let Err(error) = &result {
            state.answer.clear();
            push_error(&mut state.answer, error);
        }
        result.is_ok()
    })
}

fn planned(file: &mut Option<File>) -> Result<&mut File> {
    file.as_mut().ok_or_else(absent)
}

fn absent() -> Error {
    Error::plain(Code::InvalidOption, "no file is planned", &[])
}

fn push(answer: &mut Vec<u8>, text: &str) {
    answer.extend_from_slice(text.as_bytes());
    answer.push(0);
}

fn push_count(answer: &mut Vec<u8>, count: usize) {
    answer.extend_from_slice(&crate::error::filled("#", &[count]));
    answer.push(0);
}

fn push_all(answer: &mut Vec<u8>, texts: &[String]) {
    push_count(answer, texts.len());
    texts.iter().for_each(|text| push(answer, text));
}

fn push_notes(answer: &mut Vec<u8>, notes: &[Note]) {
    push_count(answer, notes.len());
    for note in notes {
        push(answer, note.code);
        push(answer, &note.message);
    }
}

fn push_error(answer: &mut Vec<u8>, error: &Error) {
    push(answer, error.code().as_str());
    push(answer, error.field().unwrap_or_default());
    answer.extend_from_slice(&error.line());
    answer.push(0);
}
