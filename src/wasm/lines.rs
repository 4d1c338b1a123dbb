//! The module that makes CSV text of JSON lines, as `wasm/sheets.rs` does of workbooks. A line is mostly followed by others, so that
//! text and failure are apart: what is before a line that is wrong is text all the same.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::rows::JsonLines;

struct State {
    room: Vec<u8>,
    answer: Vec<u8>,
    failure: Vec<u8>,
    lines: Option<JsonLines>,
}

thread_local! {
    static STATE: RefCell<State> = const {
        RefCell::new(State { room: Vec::new(), answer: Vec::new(), failure: Vec::new(), lines: None })
    };
}

/// Room for so many bytes; its address.
#[wasm_bindgen]
pub fn room(length: usize) -> usize {
    STATE.with_borrow_mut(|state| {
        state.room.resize(length, 0);
        state.room.as_ptr() as usize
    })
}

/// The text of the lines that end in the room's bytes, which follow those of the last call; `last` tells that no more come, and
/// that the next call begins another file. `false` if a line is wrong.
#[wasm_bindgen]
pub fn lines(last: bool) -> bool {
    STATE.with_borrow_mut(|State { room, answer, failure, lines }| {
        answer.clear();
        let result = lines.get_or_insert_default().add(room, last, answer);
        if last || result.is_err() {
            *lines = None;
        }
        if let Err(error) = &result {
            *failure = error.code().as_str().as_bytes().to_vec();
            failure.push(0);
            failure.extend_from_slice(&error.line());
        }
        result.is_ok()
    })
}

/// The address of the text.
#[wasm_bindgen]
pub fn answer() -> usize {
    STATE.with_borrow(|state| state.answer.as_ptr() as usize)
}

/// How many bytes that has.
#[wasm_bindgen]
pub fn answer_length() -> usize {
    STATE.with_borrow(|state| state.answer.len())
}

/// The address of what is wrong with a line: a code, a null character, and a line for people.
#[wasm_bindgen]
pub fn failure() -> usize {
    STATE.with_borrow(|state| state.failure.as_ptr() as usize)
}

/// How many bytes that has.
#[wasm_bindgen]
pub fn failure_length() -> usize {
    STATE.with_borrow(|state| state.failure.len())
}
