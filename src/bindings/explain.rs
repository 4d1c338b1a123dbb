//! The module that explains: rows of numbers in, contributions out. A page fetches it when somebody asks why.
//!
//! As `predict.rs` it takes and gives numbers at addresses, and 0 stands for a failure. It knows no margins: `npm/model/explain.js`
//! asks the module that predicts for those, and hands over its model's bytes and its rows as they were prepared there.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use super::memory::grown;
use super::told::told;
use crate::covers::Covers;
use crate::error::{Error, Result};
use crate::explain::{Scratch, Trees};
use crate::format;
use crate::shipped::{DIABETES_LENGTH, diabetes_covers};

/// A model that JavaScript has a number for.
struct Opened {
    trees: Trees,
    feature_count: usize,
}

struct State {
    room: Vec<f32>,
    scratch: Scratch,
    contributions: Vec<f64>,
    opened: Vec<Option<Opened>>,
    failure: Vec<u8>,
}

thread_local! {
    static STATE: RefCell<State> = const {
        RefCell::new(State {
            room: Vec::new(),
            scratch: Scratch::new(),
            contributions: Vec::new(),
            opened: Vec::new(),
            failure: Vec::new(),
        })
    };
}

/// Room for `count` 32-bit floats, or as many bytes as they have; its address.
#[wasm_bindgen]
pub fn room(count: usize) -> usize {
    STATE.with_borrow_mut(|state| grown(&mut state.room, count))
}

/// How many bytes the shipped model has; it is not in this module, its covers are.
#[wasm_bindgen]
pub fn shipped_length() -> usize {
    DIABETES_LENGTH
}

/// Opens the `.wardian` file in the first `length` bytes of the room, with the covers in it, or, of the shipped model, those
/// that this module carries. The model's number, from 1 up; 0 if it cannot be explained: see [`failure`].
#[wasm_bindgen]
pub fn open(length: usize) -> usize {
    STATE.with_borrow_mut(|state| match opened(&bytemuck::cast_slice(&state.room)[..length]) {
        Ok(model) => {
            state.opened.push(Some(model));
            state.opened.len()
        }
        Err(error) => {
            state.failure = told(&error);
            0
        }
    })
}

fn opened(bytes: &[u8]) -> Result<Opened> {
    let format::Contents { schema, forest, leaf_covers, .. } = format::contents(bytes)?;
    let leaves = match leaf_covers {
        Some(leaves) => leaves,
        None => format::read_covers(diabetes_covers(), bytes).map_err(|_| Error::no_covers())?,
    };
    // Columns of features that a row does not have were refused by the module that predicts.
    Ok(Opened { trees: Trees::new(&forest, &Covers::new(&forest, leaves)?)?, feature_count: schema.feature_count })
}

/// Forgets a model. Its number is not given to another.
#[wasm_bindgen]
pub fn close(model: usize) {
    STATE.with_borrow_mut(|state| {
        if let Some(place) = state.opened.get_mut(model.wrapping_sub(1)) {
            *place = None;
        }
    });
}

/// Explains the `rows` rows in the room, `NaN` for what is missing. The address of the contributions, 64-bit floats: for
/// each row and output, one for each feature. 0 if there is no such model.
#[wasm_bindgen]
pub fn explain(model: usize, rows: usize) -> usize {
    STATE.with_borrow_mut(|State { room, scratch, contributions, opened, .. }| {
        let Some(Some(Opened { trees, feature_count })) = opened.get(model.wrapping_sub(1)) else {
            return 0;
        };
        trees.explain_all(&room[..rows * feature_count], *feature_count, scratch, contributions);
        contributions.as_ptr() as usize
    })
}

/// The address of the text that says why [`open`] gave 0: a stable code, a null character, and a line for people.
#[wasm_bindgen]
pub fn failure() -> usize {
    STATE.with_borrow(|state| state.failure.as_ptr() as usize)
}

/// How many bytes it has.
#[wasm_bindgen]
pub fn failure_length() -> usize {
    STATE.with_borrow(|state| state.failure.len())
}
