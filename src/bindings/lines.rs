//! The module that makes CSV text of JSON lines, as `wasm/sheets.rs` does of workbooks. A line is mostly followed by others, so that
//! text and failure are apart: what is before a line that is wrong is text all the same.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use super::texts;
use super::told::told;
use crate::rows::JsonLines;

struct State {
    lines: Option<JsonLines>,
    failure: Vec<u8>,
}

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State { lines: None, failure: Vec::new() }) };
}

/// The text of the lines that end in the room's bytes, which follow those of the last call; `last` tells that no more come, and
/// that the next call begins another file. `false` if a line is wrong: the text is that of the lines before it.
#[wasm_bindgen]
pub fn lines(last: bool) -> bool {
    STATE.with_borrow_mut(|State { lines, failure }| {
        let result = texts::with(|texts| {
            texts.answer.clear();
            lines.get_or_insert_default().add(&texts.room, last, &mut texts.answer)
        });
        if last || result.is_err() {
            *lines = None;
        }
        if let Err(error) = &result {
            *failure = told(error);
        }
        result.is_ok()
    })
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
