//! The module that predicts: numbers in, numbers out. `sealed/predict.rs` stands for it where one model is all there is.
//!
//! Everything passes through this module's memory: JavaScript writes where [`room`] points, and reads where the others
//! point. Words (texts, names, forms of rows, the REST contract) are left to `npm/model/wardian.js`, where they take a third of
//! the bytes; `tests/e2e/module-cases.mjs` asks them what `tests/common` asks of Rust. Nothing here takes or gives an
//! object, so that there is hardly any glue to download: 0 is an address that nothing has, and stands for a failure.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use super::memory::grown;
use super::told::told;
use crate::engine::{Memories, Typed, check_width, with_engine};
use crate::error::Result;
use crate::format;
#[cfg(feature = "double")]
use crate::narrowing::Narrowing;
use crate::numbers::Number;
#[cfg(feature = "double")]
use crate::numbers::Precision;
use crate::shipped::{HASH_AND_BYTES, diabetes_bytes};

/// A model that JavaScript has a number for.
struct Opened {
    engine: Typed,
    #[cfg(feature = "double")]
    narrowing: Narrowing,
    /// See [`facts`].
    facts: Vec<f64>,
    /// What the facts point to.
    _texts: Vec<u8>,
}

/// Where rows come in and answers go out.
struct Rooms {
    room: Vec<f32>,
    #[cfg(feature = "double")]
    wide: Wide,
    memories: Memories,
}

/// Rows of 64-bit values, and what trees see of them.
#[cfg(feature = "double")]
struct Wide {
    room: Vec<f64>,
    narrowed: Vec<f32>,
}

struct State {
    rooms: Rooms,
    opened: Vec<Option<Opened>>,
    failure: Vec<u8>,
}

thread_local! {
    // Made when this is compiled: making it when first asked would be 1 KB of the module.
    static STATE: RefCell<State> = const {
        RefCell::new(State {
            rooms: Rooms {
                room: Vec::new(),
                #[cfg(feature = "double")]
                wide: Wide { room: Vec::new(), narrowed: Vec::new() },
                memories: Memories::new(),
            },
            opened: Vec::new(),
            failure: Vec::new(),
        })
    };
}

/// Room for `count` 32-bit floats, or as many bytes as they have; its address. What was there is kept, at the address of
/// the last call unless it must grow.
#[wasm_bindgen]
pub fn room(count: usize) -> usize {
    STATE.with_borrow_mut(|state| grown(&mut state.rooms.room, count))
}

/// Room for `count` 64-bit floats; its address.
#[cfg(feature = "double")]
#[wasm_bindgen]
pub fn wide_room(count: usize) -> usize {
    STATE.with_borrow_mut(|state| {
        let room = &mut state.rooms.wide.room;
        room.resize(count.max(room.len()), 0.0);
        room.as_ptr() as usize
    })
}

/// The address of the rows in the wide room as the trees of the model that was asked last see them: 32-bit floats.
#[cfg(feature = "double")]
#[wasm_bindgen]
pub fn narrowed() -> usize {
    STATE.with_borrow(|state| state.rooms.wide.narrowed.as_ptr() as usize)
}

/// Opens the `.wardian` file in the first `length` bytes of the room, or the shipped one if there are none. The model's
/// number, from 1 up; 0 if it cannot be read: see [`failure`].
#[wasm_bindgen]
pub fn open(length: usize) -> usize {
    STATE.with_borrow_mut(|state| {
        let bytes = match length {
            0 => diabetes_bytes(),
            _ => &bytemuck::cast_slice(&state.rooms.room)[..length],
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
    let contents = format::contents(bytes)?;
    let (texts, beside_link) = (texts(&contents), beside_link(&contents));
    let format::Contents { schema, forest, .. } = contents;
    check_width(&forest, schema.feature_count)?;
    let engine = Typed::new(&forest, schema.feature_count);
    let (outputs, predictions) = with_engine!(&engine, engine => (engine.output_count(), engine.prediction_count()));
    let counts = [
        schema.numbers.len(),
        texts.as_ptr() as usize,
        texts.len(),
        outputs,
        predictions,
        forest.trees().len(),
        forest.split_count(),
        format::link_number(forest.link()) + beside_link,
        schema.feature_count,
    ];
    let mut facts = schema.numbers;
    for (place, count) in counts.into_iter().enumerate() {
        facts[place] = count as f64;
    }
    Ok(Opened {
        engine,
        #[cfg(feature = "double")]
        narrowing: Narrowing::new(forest.dialect().wide()),
        facts,
        _texts: texts,
    })
}

/// The model's texts, and behind them the names of its classes.
fn texts(contents: &format::Contents) -> Vec<u8> {
    let texts = contents.schema.texts.to_vec();
    #[cfg(feature = "double")]
    if let Some(classes) = contents.classes {
        return [&*texts, b"\0", classes].concat();
    }
    texts
}

/// What is added to the link's number: 256 if answers are 64-bit floats, 512 if values are, 1024 for each class that has a name; and 255 of a
/// combination, whose link has no other.
#[cfg(feature = "double")]
fn beside_link(contents: &format::Contents) -> usize {
    let classes = contents.classes.map_or(0, |names| names.split(|&byte| byte == 0).count());
    let has_wide_answers = contents.forest.precision() == Precision::Double;
    let has_wide_values = !contents.forest.dialect().wide().is_empty();
    let is_combination = contents.forest.dialect().combination().is_some();
    255 * usize::from(is_combination)
        + 256 * usize::from(has_wide_answers)
        + 512 * usize::from(has_wide_values)
        + 1024 * classes
}

/// Nothing: of this module's models there are none such.
#[cfg(not(feature = "double"))]
fn beside_link(_: &format::Contents) -> usize {
    0
}

/// The address of what is known of a model, 64-bit floats: how many they are; address and length of its texts; counts of margins,
/// predictions, trees and splits; the link's number in a file, and what `beside_link` adds; the count of features, and for each what
/// `format::RawSchema` says. 0 if there is no such model.
#[wasm_bindgen]
pub fn facts(model: usize) -> usize {
    with_model(model, |opened, _| opened.facts.as_ptr() as usize)
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

/// Predicts the `rows` rows in the room, `NaN` for what is missing; of a model whose values are of 64 bits they are in the wide room.
/// Margins unless `linked`. `with_base` says that the rows' own base margins stand behind them, one for each output. The address of the
/// results; 0 if a value is infinite, if base margins are given to a model that takes none, or if there is no such model.
#[wasm_bindgen]
pub fn run(model: usize, rows: usize, linked: bool, with_base: bool) -> usize {
    with_model(model, |opened, rooms| {
        with_engine!(&opened.engine, engine => {
            let count = rows * engine.feature_count();
            let room = &rooms.room;
            #[cfg(feature = "double")]
            let room = opened.narrowed(rows, engine.feature_count(), engine.output_count(), &mut rooms.wide).unwrap_or(room);
            let (values, rest) = room.split_at(count);
            let base_margins = with_base.then(|| &rest[..rows * engine.output_count()]);
            let results = engine.run(values, base_margins, Number::memory(&mut rooms.memories), linked);
            results.map_or(0, |results| results.as_ptr() as usize)
        })
    })
}

#[cfg(feature = "double")]
impl Opened {
    /// What the trees see of so many rows in the wide room, and behind them room for base margins, of which no such model takes any; `None`
    /// unless this model's values are of 64 bits.
    fn narrowed<'a>(&self, rows: usize, width: usize, outputs: usize, wide: &'a mut Wide) -> Option<&'a [f32]> {
        if self.narrowing.is_rounding() {
            return None;
        }
        let Wide { room, narrowed } = wide;
        narrowed.clear();
        narrowed.extend(room[..rows * width].iter().map(|&value| value as f32));
        self.narrowing.narrow(width, |place| room[place], narrowed);
        narrowed.resize(rows * (width + outputs), 0.0);
        Some(narrowed)
    }
}

fn with_model(model: usize, action: impl FnOnce(&Opened, &mut Rooms) -> usize) -> usize {
    STATE.with_borrow_mut(|State { rooms, opened, .. }| {
        let opened = opened.get(model.wrapping_sub(1)).and_then(Option::as_ref);
        opened.map_or(0, |opened| action(opened, rooms))
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
