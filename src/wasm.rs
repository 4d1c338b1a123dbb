//! The module that predicts: numbers in, numbers out. `wasm/sealed.rs` stands for it where one model is all there is.
//!
//! Everything passes through this module's memory: JavaScript writes where [`room`] points, and reads where the others
//! point. Words (texts, names, forms of rows, the REST contract) are left to `npm/wardian.js`, where they take a third of
//! the bytes; `tests/e2e/module-cases.mjs` asks them what `tests/common` asks of Rust. Nothing here takes or gives an
//! object, so that there is hardly any glue to download: 0 is an address that nothing has, and stands for a failure.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::{Engine, Memory, check_width};
use crate::error::Result;
use crate::format;
use crate::shipped::{HASH_AND_BYTES, diabetes_bytes};
use crate::wasm_memory::grown;
use crate::wasm_told::told;

/// A model that JavaScript has a number for.
struct Opened {
    engine: Engine<f32>,
    /// See [`facts`].
    facts: Vec<f64>,
    /// What the facts point to.
    _texts: Vec<u8>,
}

struct State {
    room: Vec<f32>,
    memory: Memory<f32>,
    opened: Vec<Option<Opened>>,
    failure: Vec<u8>,
}

thread_local! {
    // Made when this is compiled: making it when first asked would be 1 KB of the module.
    static STATE: RefCell<State> = const {
        RefCell::new(State { room: Vec::new(), memory: Memory::new(), opened: Vec::new(), failure: Vec::new() })
    };
}

/// Room for `count` 32-bit floats, or as many bytes as they have; its address. What was there is kept, at the address of
/// the last call unless it must grow.
#[wasm_bindgen]
pub fn room(count: usize) -> usize {
    STATE.with_borrow_mut(|state| grown(&mut state.room, count))
}

/// Opens the `.wardian` file in the first `length` bytes of the room, or the shipped one if there are none. The model's
/// number, from 1 up; 0 if it cannot be read: see [`failure`].
#[wasm_bindgen]
pub fn open(length: usize) -> usize {
    STATE.with_borrow_mut(|state| {
        let bytes = match length {
            0 => diabetes_bytes(),
            _ => &bytemuck::cast_slice(&state.room)[..length],
        };
        match opened(bytes) {
            Ok(model) => {
                state.opened.push(Some(model));
                state.opened.len()
            }
            Err(error) => {
                state.failure = told(&error);
                0
            }
        }
    })
}

fn opened(bytes: &[u8]) -> Result<Opened> {
    let format::Contents { schema, forest, .. } = format::contents(bytes)?;
    check_width(&forest, schema.feature_count)?;
    let engine = Engine::new(&forest, schema.feature_count);
    let texts = schema.texts.to_vec();
    let counts = [
        schema.numbers.len(),
        texts.as_ptr() as usize,
        texts.len(),
        engine.output_count(),
        engine.prediction_count(),
        forest.trees().len(),
        forest.split_count(),
        format::link_number(forest.link()),
        schema.feature_count,
    ];
    let mut facts = schema.numbers;
    for (place, count) in counts.into_iter().enumerate() {
        facts[place] = count as f64;
    }
    Ok(Opened { engine, facts, _texts: texts })
}

/// The address of what is known of a model, 64-bit floats: how many they are; address and length of its texts; counts of margins,
/// predictions, trees and splits; the link's number in a file; the count of features, and for each what
/// `format::RawSchema` says. 0 if there is no such model.
#[wasm_bindgen]
pub fn facts(model: usize) -> usize {
    with_model(model, |opened, _, _| opened.facts.as_ptr() as usize)
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

/// Predicts the `rows` rows in the room, `NaN` for what is missing; margins unless `linked`. `with_base` says that the rows' own base
/// margins stand behind them, one for each output. The address of the results, 32-bit floats; 0 if a value is infinite, if the
/// model's base margins are fixed and others are given, or if there is no such model.
#[wasm_bindgen]
pub fn run(model: usize, rows: usize, linked: bool, with_base: bool) -> usize {
    with_model(model, |opened, room, memory| {
        let (values, rest) = room.split_at(rows * opened.engine.feature_count());
        let base_margins = with_base.then(|| &rest[..rows * opened.engine.output_count()]);
        let results = opened.engine.run(values, base_margins, memory, linked);
        results.map_or(0, |results| results.as_ptr() as usize)
    })
}

fn with_model(model: usize, action: impl FnOnce(&Opened, &[f32], &mut Memory<f32>) -> usize) -> usize {
    STATE.with_borrow_mut(|State { room, memory, opened, .. }| {
        let opened = opened.get(model.wrapping_sub(1)).and_then(Option::as_ref);
        opened.map_or(0, |opened| action(opened, room, memory))
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

/// The address of the SHA-256 of the shipped model's bytes, 64 hexadecimal digits, and after them of those bytes.
#[wasm_bindgen]
pub fn shipped() -> usize {
    HASH_AND_BYTES.as_ptr() as usize
}
