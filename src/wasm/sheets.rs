//! The module that makes CSV text of workbooks, for whoever has one: on a page, in Node. The module that reads files of rows takes
//! the text.
//!
//! As `wasm/rows.rs` it takes and gives what lies at addresses; texts are separated by null characters. What gives `false` has put
//! a failure into its [`answer`]: a code, and a line for people. `npm/foreign.js` is the other side. The standard library's
//! allocator stays: a workbook is a million small texts.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Code, Error, Result};
use crate::rows::Book;

struct State {
    room: Vec<u8>,
    answer: Vec<u8>,
    book: Option<Book>,
}

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State { room: Vec::new(), answer: Vec::new(), book: None }) };
}

/// Room for so many bytes; its address.
#[wasm_bindgen]
pub fn room(length: usize) -> usize {
    STATE.with_borrow_mut(|state| {
        state.room.resize(length, 0);
        state.room.as_ptr() as usize
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

/// Opens the workbook that the room has, and keeps the room. The names of the sheets that have cells.
#[wasm_bindgen]
pub fn open() -> bool {
    answered(|state| {
        let book = Book::open(std::mem::take(&mut state.room))?;
        let names: Vec<&str> = book.sheets().collect();
        state.answer = names.join("\0").into_bytes();
        state.book = Some(book);
        Ok(())
    })
}

/// The text of the workbook's sheet whose name the room has; with `is_only` of the only one.
#[wasm_bindgen]
pub fn csv(is_only: bool) -> bool {
    answered(|state| {
        let name = String::from_utf8_lossy(&state.room).into_owned();
        let Some(book) = &mut state.book else {
            return Err(Error::plain(Code::InvalidOption, "no workbook is open", &[]));
        };
        state.answer = book.csv((!is_only).then_some(&name))?;
        Ok(())
    })
}

/// What a call does, and what it has to say.
fn answered(action: impl FnOnce(&mut State) -> Result<()>) -> bool {
    STATE.with_borrow_mut(|state| {
        state.answer.clear();
        let result = action(state);
        if let Err(error) = &result {
            state.answer = error.code().as_str().as_bytes().to_vec();
            state.answer.push(0);
            state.answer.extend_from_slice(&error.line());
        }
        result.is_ok()
    })
}
