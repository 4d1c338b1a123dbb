//! The module that makes CSV text of workbooks, for whoever has one: on a page, in Node. The module that reads files of rows takes
//! the text.
//!
//! As `wasm/rows.rs` it takes and gives what lies at addresses; texts are separated by null characters. What gives `false` has put
//! a failure into the answer: a code, and a line for people. `npm/rows/foreign.js` is the other side. The standard library's
//! allocator stays: a workbook is a million small texts.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use super::texts;
use super::told::told;
use crate::error::{Code, Error, Result};
use crate::rows::Book;

thread_local! {
    static BOOK: RefCell<Option<Book>> = const { RefCell::new(None) };
}

/// Opens the workbook that the room has, and keeps the room. The names of the sheets that have cells.
#[wasm_bindgen]
pub fn open() -> bool {
    answered(|room, opened| {
        let book = Book::open(std::mem::take(room))?;
        let names: Vec<&str> = book.sheets().collect();
        let answer = names.join("\0").into_bytes();
        *opened = Some(book);
        Ok(answer)
    })
}

/// The text of the workbook's sheet whose name the room has; with `is_only` of the only one.
#[wasm_bindgen]
pub fn csv(is_only: bool) -> bool {
    answered(|room, opened| {
        let name = String::from_utf8_lossy(room);
        let Some(book) = opened else {
            return Err(Error::plain(Code::InvalidOption, "no workbook is open", &[]));
        };
        book.csv((!is_only).then_some(&name))
    })
}

/// What a call makes of the room and the workbook is the answer.
fn answered(action: impl FnOnce(&mut Vec<u8>, &mut Option<Book>) -> Result<Vec<u8>>) -> bool {
    texts::with(|texts| {
        let result = BOOK.with_borrow_mut(|book| action(&mut texts.room, book));
        let is_well = result.is_ok();
        texts.answer = result.unwrap_or_else(|error| told(&error));
        is_well
    })
}
