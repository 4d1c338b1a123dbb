//! What the modules that make CSV text have alike: a room that JavaScript writes to, and an answer that it reads.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

#[derive(Default)]
pub(crate) struct Texts {
    pub(crate) room: Vec<u8>,
    pub(crate) answer: Vec<u8>,
}

thread_local! {
    static TEXTS: RefCell<Texts> = const { RefCell::new(Texts { room: Vec::new(), answer: Vec::new() }) };
}

/// What a call does with them.
pub(crate) fn with<R>(action: impl FnOnce(&mut Texts) -> R) -> R {
    TEXTS.with_borrow_mut(action)
}

/// Room for so many bytes; its address.
#[wasm_bindgen]
pub fn room(length: usize) -> usize {
    with(|texts| {
        texts.room.resize(length, 0);
        texts.room.as_ptr() as usize
    })
}

/// The address of what the last call had to say.
#[wasm_bindgen]
pub fn answer() -> usize {
    with(|texts| texts.answer.as_ptr() as usize)
}

/// How many bytes that has.
#[wasm_bindgen]
pub fn answer_length() -> usize {
    with(|texts| texts.answer.len())
}
