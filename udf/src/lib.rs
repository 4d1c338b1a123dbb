//! A sealed model for databases: a WebAssembly module that takes rows and gives answers, with nothing of JavaScript in it.
//!
//! It is built once, without a model. Sealing appends the model's `.wardian` bytes to the module's memory and writes their place to
//! `WARDIAN_MODEL`: `src/seal/udf.rs` of the crate `wardian`.
//!
//! The interface is ClickHouse's `BUFFERED_V1`, which any other host can speak as well: make a buffer with
//! `clickhouse_create_buffer`, write whole rows of little-endian floats to its data (ClickHouse's `RowBinary` of `Float32` columns, or
//! of `Float64` where `wardian_value_bits` says 64; `NaN` is "not measured", a category is its code), call `wardian_predict` or
//! `wardian_margin`, read the answers, and destroy both buffers. Whatever is wrong goes to the host's `env.clickhouse_throw`.
#![cfg(target_arch = "wasm32")]

use std::cell::OnceCell;
use std::slice;
use std::sync::atomic::{AtomicU32, Ordering};

use lol_alloc::{FreeListAllocator, LockedAllocator};
use wardian::{Model, Numbers, Precision};

/// It takes new pages alone, and never those that sealing has put the model in.
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// Address and length of the model's `.wardian` bytes in this module's memory: zeros until it is sealed.
#[unsafe(no_mangle)]
pub static WARDIAN_MODEL: [AtomicU32; 2] = [AtomicU32::new(0), AtomicU32::new(0)];

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    /// Ends the query with a message of so many bytes.
    fn clickhouse_throw(message: *const u8, size: u32);
}

fn refuse(message: &str) {
    // SAFETY: the address and length of a text.
    unsafe { clickhouse_throw(message.as_ptr(), message.len() as u32) }
}

/// Bytes that the database and this module hand to each other.
#[repr(C)]
#[derive(Debug)]
pub struct Buffer {
    data: *mut u64,
    /// In bytes.
    size: u32,
    /// In words.
    capacity: u32,
}

fn buffer(mut words: Vec<u64>, size: u32) -> *mut Buffer {
    let buffer = Buffer { data: words.as_mut_ptr(), size, capacity: words.capacity() as u32 };
    std::mem::forget(words);
    Box::into_raw(Box::new(buffer))
}

/// A buffer of so many bytes, aligned for 64-bit floats.
#[unsafe(no_mangle)]
pub extern "C" fn clickhouse_create_buffer(size: u32) -> *mut Buffer {
    buffer(vec![0; (size as usize).div_ceil(8)], size)
}

/// Gives a buffer's memory back.
///
/// # Safety
/// The buffer is one of this module's, and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clickhouse_destroy_buffer(buffer: *mut Buffer) {
    // SAFETY: it was made by `buffer` above, of a box and a vector of this capacity.
    unsafe {
        let Buffer { data, capacity, .. } = *Box::from_raw(buffer);
        drop(Vec::from_raw_parts(data, 0, capacity as usize));
    }
}

thread_local! {
    static MODEL: OnceCell<Result<Model, String>> = const { OnceCell::new() };
}

/// What `action` makes of the model; 0, and the host told why, where there is none.
fn count(action: impl FnOnce(&Model) -> usize) -> u32 {
    MODEL.with(|cell| match cell.get_or_init(opened) {
        Ok(model) => action(model) as u32,
        Err(error) => {
            refuse(error);
            0
        }
    })
}

fn opened() -> Result<Model, String> {
    let [address, length] = [0, 1].map(|place| WARDIAN_MODEL[place].load(Ordering::Relaxed) as usize);
    if length == 0 {
        return Err("no model is sealed into this module".into());
    }
    // SAFETY: sealing has written so many bytes there, and nothing else knows of them.
    let bytes = unsafe { slice::from_raw_parts(address as *const u8, length) };
    wardian::format::read(bytes).map_err(|error| error.to_string())
}

/// How many values a row has.
#[unsafe(no_mangle)]
pub extern "C" fn wardian_features() -> u32 {
    count(|model| model.schema().features().len())
}

/// How many predictions a row has.
#[unsafe(no_mangle)]
pub extern "C" fn wardian_predictions() -> u32 {
    count(Model::prediction_count)
}

/// How many margins a row has: the sums of the trees, before the link.
#[unsafe(no_mangle)]
pub extern "C" fn wardian_margins() -> u32 {
    count(|model| model.forest().output_count())
}

/// How many bits the values of a row are to have: 32, or 64 where the trainer compares so many.
#[unsafe(no_mangle)]
pub extern "C" fn wardian_value_bits() -> u32 {
    count(|model| if has_wide_values(model) { 64 } else { 32 })
}

/// How many bits an answer has.
#[unsafe(no_mangle)]
pub extern "C" fn wardian_answer_bits() -> u32 {
    count(|model| if model.forest().precision() == Precision::Double { 64 } else { 32 })
}

fn has_wide_values(model: &Model) -> bool {
    !model.forest().dialect().wide().is_empty()
}

/// The predictions for `rows` rows: a float each; of a model that gives several, an array each, as `RowBinary` has it: how many, and the
/// floats.
///
/// # Safety
/// `input` is a buffer of this module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_predict(input: *const Buffer, rows: u32) -> *mut Buffer {
    // SAFETY: as our own callers promise.
    unsafe { answered(input, rows, true) }
}

/// The margins likewise.
///
/// # Safety
/// `input` is a buffer of this module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_margin(input: *const Buffer, rows: u32) -> *mut Buffer {
    // SAFETY: as our own callers promise.
    unsafe { answered(input, rows, false) }
}

/// # Safety
/// `input` is a buffer of this module.
unsafe fn answered(input: *const Buffer, rows: u32, linked: bool) -> *mut Buffer {
    // SAFETY: as our own callers promise.
    let input = unsafe { &*input };
    let answers = MODEL.with(|cell| match cell.get_or_init(opened) {
        Ok(model) => bytes_of(model, input, rows as usize, linked),
        Err(error) => Err(error.clone()),
    });
    match answers {
        Ok(bytes) => {
            let words = bytes.chunks(8).map(|chunk| {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                u64::from_le_bytes(word)
            });
            buffer(words.collect(), bytes.len() as u32)
        }
        Err(error) => {
            refuse(&error);
            std::ptr::null_mut()
        }
    }
}

fn bytes_of(model: &Model, input: &Buffer, rows: usize, linked: bool) -> Result<Vec<u8>, String> {
    let width = model.schema().features().len();
    let bytes = if has_wide_values(model) { 8 } else { 4 };
    let (count, size) = (rows * width, input.size as usize);
    if size != count * bytes {
        let (bits, due) = (8 * bytes, count * bytes);
        return Err(format!("{width} columns of Float{bits} are due: {due} bytes for {rows} rows, not {size}"));
    }
    // SAFETY: so many values are in the buffer, which is aligned for either type.
    let answers = unsafe {
        match (bytes, linked) {
            (8, true) => model.predict_many(slice::from_raw_parts(input.data.cast::<f64>(), count)),
            (8, false) => model.margins_many(slice::from_raw_parts(input.data.cast::<f64>(), count)),
            (_, true) => model.predict_many(slice::from_raw_parts(input.data.cast::<f32>(), count)),
            (_, false) => model.margins_many(slice::from_raw_parts(input.data.cast::<f32>(), count)),
        }
    };
    let width = if linked { model.prediction_count() } else { model.forest().output_count() };
    Ok(match answers.map_err(|error| error.to_string())? {
        Numbers::Single(answers) => written(&answers, width, f32::to_le_bytes),
        Numbers::Double(answers) => written(&answers, width, f64::to_le_bytes),
    })
}

/// Answers as bytes; of several a row, behind how many they are.
fn written<N: Copy, const WIDTH: usize>(answers: &[N], width: usize, bytes: impl Fn(N) -> [u8; WIDTH]) -> Vec<u8> {
    let mut out = Vec::with_capacity(answers.len() * WIDTH + answers.len() / width * 5);
    for row in answers.chunks(width) {
        if width > 1 {
            let mut count = width;
            while count >= 0x80 {
                out.push(count as u8 | 0x80);
                count >>= 7;
            }
            out.push(count as u8);
        }
        out.extend(row.iter().copied().flat_map(&bytes));
    }
    out
}
