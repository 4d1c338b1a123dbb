//! The module that explains the shipped model alone: `bindings/explain.rs` says what each function does for any model.

use std::cell::RefCell;
use std::mem;

use wasm_bindgen::prelude::wasm_bindgen;

use super::file::{FEATURE_COUNT, FOREST};
use crate::bindings::memory::grown;
use crate::covers::Covers;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::explain::{Scratch, Trees};
use crate::format::bytes::Reader;
use crate::format::{HEADER_LENGTH, covers, forest};
use crate::shipped::{DIABETES_LENGTH, diabetes_covers};

/// The number of the one model.
const SHIPPED: usize = 1;

struct State {
    room: Vec<f32>,
    scratch: Scratch,
    contributions: Vec<f64>,
    trees: Option<Trees>,
}

thread_local! {
    static STATE: RefCell<State> = const {
        RefCell::new(State {
            room: Vec::new(),
            scratch: Scratch::new(),
            contributions: Vec::new(),
            trees: None,
        })
    };
}

/// The address of room for `count` 32-bit floats, or as many bytes as they have.
#[wasm_bindgen]
pub fn room(count: usize) -> usize {
    STATE.with_borrow_mut(|state| grown(&mut state.room, count))
}

/// How many bytes the shipped model has.
#[wasm_bindgen]
pub fn shipped_length() -> usize {
    DIABETES_LENGTH
}

/// Opens the shipped model, whose file is in the first `length` bytes of the room; 0 for any other.
#[wasm_bindgen]
pub fn open(length: usize) -> usize {
    STATE.with_borrow_mut(|state| {
        if length != DIABETES_LENGTH {
            return 0;
        }
        let Ok(trees) = opened(&bytemuck::cast_slice(&state.room)[..length]) else {
            return 0;
        };
        // It is opened once; dropping one would be bytes of the module.
        mem::forget(state.trees.replace(trees));
        SHIPPED
    })
}

fn opened(file: &[u8]) -> Result<Trees> {
    let forest = forest::read(&mut Reader::new(&file[FOREST], 0), Dialect::default())?;
    let leaves = covers::read(&mut Reader::new(&diabetes_covers()[HEADER_LENGTH..], 0))?;
    Trees::new(&forest, &Covers::new(&forest, leaves)?)
}

/// Explains the `rows` rows in the room. The address of the contributions; 0 if the model is not open.
#[wasm_bindgen]
pub fn explain(_model: usize, rows: usize) -> usize {
    STATE.with_borrow_mut(|State { room, scratch, contributions, trees }| {
        let Some(trees) = trees else {
            return 0;
        };
        trees.explain_all(&room[..rows * FEATURE_COUNT], FEATURE_COUNT, scratch, contributions);
        contributions.as_ptr() as usize
    })
}
