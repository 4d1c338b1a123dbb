//! The module that predicts with the shipped model alone: `bindings/predict.rs` says what each function does for any model.

use std::cell::RefCell;

use wardian_kernels::BLOCK;
use wasm_bindgen::prelude::wasm_bindgen;

use super::engine::Engine;
use super::file::{FACT_COUNT, FEATURE_COUNT, LINK, NUMBERS, SPLIT_COUNT, TREE_COUNT, texts};
use crate::format::link_number;
use crate::format::schema::FACTS;
use crate::shipped::HASH_AND_BYTES;

/// The number of the one model.
const SHIPPED: usize = 1;

struct State {
    room: [f32; FEATURE_COUNT * BLOCK],
    facts: [f64; FACT_COUNT],
    engine: Engine,
    is_open: bool,
}

thread_local! {
    static STATE: RefCell<State> = const {
        RefCell::new(State {
            room: [0.0; FEATURE_COUNT * BLOCK],
            facts: [0.0; FACT_COUNT],
            engine: Engine::CLOSED,
            is_open: false,
        })
    };
}

/// The address of the room; 0 if it has not so many places.
#[wasm_bindgen]
pub fn room(count: usize) -> usize {
    STATE.with_borrow(|state| if count > state.room.len() { 0 } else { state.room.as_ptr() as usize })
}

/// Opens the shipped model; 0 for any other.
#[wasm_bindgen]
pub fn open(length: usize) -> usize {
    if length > 0 {
        return 0;
    }
    STATE.with_borrow_mut(|state| {
        if !state.is_open {
            state.engine.open();
            state.facts = NUMBERS;
            let (start, length) = (texts().as_ptr() as usize, texts().len());
            let counts: [usize; FACTS] =
                [FACT_COUNT, start, length, 1, 1, TREE_COUNT, SPLIT_COUNT, link_number(LINK), FEATURE_COUNT];
            for (fact, count) in state.facts.iter_mut().zip(counts) {
                *fact = count as f64;
            }
            state.is_open = true;
        }
    });
    SHIPPED
}

/// The address of what is known of the model.
#[wasm_bindgen]
pub fn facts(_model: usize) -> usize {
    STATE.with_borrow(|state| state.facts.as_ptr() as usize)
}

/// Nothing: the model stays.
#[wasm_bindgen]
pub fn close(_model: usize) {}

/// Predicts the `rows` rows in the room. The address of the results; 0 if a value is infinite, or there is no such model.
#[wasm_bindgen]
pub fn run(model: usize, rows: usize, linked: bool) -> usize {
    STATE.with_borrow_mut(|State { room, engine, is_open, .. }| {
        if model != SHIPPED || !*is_open {
            return 0;
        }
        engine.run(&room[..rows * FEATURE_COUNT], linked).map_or(0, |results| results.as_ptr() as usize)
    })
}

/// No text: there is one reason only, and JavaScript knows it.
#[wasm_bindgen]
pub fn failure() -> usize {
    0
}

/// As [`failure`].
#[wasm_bindgen]
pub fn failure_length() -> usize {
    0
}

/// The address of the SHA-256 of the model's bytes, and of these.
#[wasm_bindgen]
pub fn shipped() -> usize {
    HASH_AND_BYTES.as_ptr() as usize
}
