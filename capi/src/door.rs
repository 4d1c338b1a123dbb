//! The C interface: addresses and lengths → [`Held`]. `include/wardian.h` says the same in C, and a test holds the two together.
//!
//! A function that fails gives null, or a status that is not zero, and [`wardian_failure`] tells why, on the same thread. No function
//! unwinds into its caller: what should never happen ends as the failure `panic`.

#![allow(unsafe_code)]

use std::cell::RefCell;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::slice;

use wardian::{Code, Precision, Series, Value};

use crate::fault::Fault;
use crate::held::{Held, What};
use crate::reading::Reading;
use crate::table::{Out, Table};

thread_local! {
    static FAILURE: RefCell<Option<Fault>> = const { RefCell::new(None) };
}

/// What an action gives; `failed`, and the failure kept, where it fails.
fn guarded<R>(failed: R, action: impl FnOnce() -> Result<R, Fault>) -> R {
    let fault = match catch_unwind(AssertUnwindSafe(action)) {
        Ok(Ok(given)) => return given,
        Ok(Err(fault)) => fault,
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            Fault { code: "panic", field: None, message: said.unwrap_or("this should not happen").to_owned() }
        }
    };
    FAILURE.with_borrow_mut(|kept| *kept = Some(fault));
    failed
}

/// # Safety
/// As [`slice::from_raw_parts`], but that an empty one may be anywhere.
unsafe fn slice_of<'a, T>(address: *const T, length: usize) -> &'a [T] {
    // SAFETY: as our own callers promise.
    if length == 0 { &[] } else { unsafe { slice::from_raw_parts(address, length) } }
}

/// # Safety
/// As [`slice_of`].
unsafe fn text_of<'a>(address: *const u8, length: usize) -> Result<&'a str, Fault> {
    // SAFETY: as our own callers promise.
    let bytes = unsafe { slice_of(address, length) };
    std::str::from_utf8(bytes).map_err(|_| Fault::new(Code::InvalidOption, "a text is not UTF-8".into()))
}

/// Hands bytes over: their address is given, their length written. [`wardian_free`] takes them back.
///
/// # Safety
/// `length` may be written to.
unsafe fn handed(bytes: Vec<u8>, length: *mut usize) -> *mut u8 {
    let bytes = bytes.into_boxed_slice();
    // SAFETY: as our own callers promise.
    unsafe { length.write(bytes.len()) };
    Box::into_raw(bytes).cast()
}

/// Memory of so many bytes, aligned for 64-bit floats: for callers whose own memory this module cannot see.
#[unsafe(no_mangle)]
pub extern "C" fn wardian_allocate(size: usize) -> *mut c_void {
    let words = vec![0_u64; size.div_ceil(8)].into_boxed_slice();
    Box::into_raw(words).cast()
}

/// Gives memory of [`wardian_allocate`] back; `size` is what was asked for.
///
/// # Safety
/// It is that memory, and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_release(memory: *mut c_void, size: usize) {
    if !memory.is_null() {
        // SAFETY: it was a boxed slice of so many words.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(memory.cast::<u64>(), size.div_ceil(8))) });
    }
}

/// Gives bytes back that a function of this interface has handed over.
///
/// # Safety
/// They are such, of this length, and are not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_free(bytes: *mut u8, length: usize) {
    if !bytes.is_null() {
        // SAFETY: they were a boxed slice of this length.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(bytes, length)) });
    }
}

/// What the last failure of this thread was: an object of JSON with `code`, `field` and `message`; null where nothing has failed.
///
/// # Safety
/// `length` may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_failure(length: *mut usize) -> *mut u8 {
    match FAILURE.with_borrow(|kept| kept.as_ref().map(|fault| fault.json().to_string())) {
        None => ptr::null_mut(),
        // SAFETY: as our own callers promise.
        Some(text) => unsafe { handed(text.into_bytes(), length) },
    }
}

/// The model in the bytes of a file: any that Wardian reads. `options` is a text of JSON ([`Reading`]), or empty. Null where it is refused.
///
/// # Safety
/// So many bytes are at these addresses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_open(
    bytes: *const u8,
    length: usize,
    options: *const u8,
    options_length: usize,
) -> *mut Held {
    guarded(ptr::null_mut(), || {
        // SAFETY: as our own callers promise.
        let (bytes, options) = unsafe { (slice_of(bytes, length), text_of(options, options_length)?) };
        let reading = Reading::of(options)?;
        Ok(Box::into_raw(Box::new(reading.open(bytes)?)))
    })
}

/// Gives a model's memory back.
///
/// # Safety
/// It is one of [`wardian_open`]'s, and nobody asks it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_close(model: *mut Held) {
    if !model.is_null() {
        // SAFETY: it was a box.
        drop(unsafe { Box::from_raw(model) });
    }
}

/// What is to be known of a model: [`Held::description`], as text.
///
/// # Safety
/// It is a model of [`wardian_open`]'s; `length` may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_describe(model: *const Held, length: *mut usize) -> *mut u8 {
    // SAFETY: as our own callers promise.
    let model = unsafe { &*model };
    // SAFETY: likewise.
    guarded(ptr::null_mut(), || Ok(unsafe { handed(model.description().to_string().into_bytes(), length) }))
}

/// A model as a `.wardian` file.
///
/// # Safety
/// As [`wardian_describe`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_save(model: *const Held, length: *mut usize) -> *mut u8 {
    // SAFETY: as our own callers promise.
    let model = unsafe { &*model };
    // SAFETY: likewise.
    guarded(ptr::null_mut(), || Ok(unsafe { handed(model.bytes(), length) }))
}

/// The answer to a question about one row, both JSON: [`Held::ask`].
///
/// # Safety
/// As [`wardian_describe`]; so many bytes are at the question's address.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_ask(
    model: *const Held,
    question: *const u8,
    question_length: usize,
    length: *mut usize,
) -> *mut u8 {
    // SAFETY: as our own callers promise.
    let model = unsafe { &*model };
    guarded(ptr::null_mut(), || {
        // SAFETY: likewise.
        let question = unsafe { text_of(question, question_length)? };
        let answer = model.ask(question)?.to_string();
        // SAFETY: likewise.
        Ok(unsafe { handed(answer.into_bytes(), length) })
    })
}

/// The rows in the bytes of a file, CSV or the like or JSON lines: [`Held::rows`], its bytes those of [`crate::Read::bytes`].
///
/// # Safety
/// As [`wardian_ask`]; the file's bytes are at its address.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_rows(
    model: *const Held,
    file: *const u8,
    file_length: usize,
    options: *const u8,
    options_length: usize,
    length: *mut usize,
) -> *mut u8 {
    // SAFETY: as our own callers promise.
    let model = unsafe { &*model };
    guarded(ptr::null_mut(), || {
        // SAFETY: likewise.
        let (file, options) = unsafe { (slice_of(file, file_length), text_of(options, options_length)?) };
        let read = model.rows(file, options)?.bytes();
        // SAFETY: likewise.
        Ok(unsafe { handed(read, length) })
    })
}

/// A product of a model, as `wardian seal` makes it: [`Held::seal`], its bytes those of [`crate::Sealing::bytes`].
///
/// # Safety
/// As [`wardian_ask`]; the shell's bytes are at its address.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_seal(
    model: *const Held,
    request: *const u8,
    request_length: usize,
    shell: *const u8,
    shell_length: usize,
    length: *mut usize,
) -> *mut u8 {
    // SAFETY: as our own callers promise.
    let model = unsafe { &*model };
    guarded(ptr::null_mut(), || {
        // SAFETY: likewise.
        let (request, shell) = unsafe { (text_of(request, request_length)?, slice_of(shell, shell_length)) };
        let made = model.seal(request, shell)?.bytes();
        // SAFETY: likewise.
        Ok(unsafe { handed(made, length) })
    })
}

/// Answers rows: 0, or not where they are refused.
///
/// `what` is 0 for predictions, 1 for margins, 2 for contributions; `bits`, 32 or 64, the type of the values. `is_columns` is 0 where
/// `values` is the address of the rows, one after another, 1 where it is that of an array of the columns' addresses, and 2 where it is that of
/// an array of [`Nullable`] columns. `base_margins` is
/// null, or 32-bit floats, one for each row and output. `out` has room for all answers, 32-bit or 64-bit floats as the description's
/// `answerBits` says (contributions always have 64), `out_length` of them.
///
/// # Safety
/// All of that is at these addresses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_answer(
    model: *const Held,
    what: i32,
    bits: i32,
    is_columns: i32,
    values: *const c_void,
    rows: usize,
    base_margins: *const f32,
    threads: usize,
    out: *mut c_void,
    out_length: usize,
) -> i32 {
    // SAFETY: as our own callers promise.
    let model = unsafe { &*model };
    guarded(1, || {
        let what = match what {
            0 => What::Predictions,
            1 => What::Margins,
            2 => What::Contributions,
            _ => return Err(Fault::new(Code::InvalidOption, format!("{what} is asked for; 0 to 2 may be"))),
        };
        let due = rows * model.answer_width(what);
        if out_length != due {
            let message = format!("there is room for {out_length} numbers; the answers are {due}");
            return Err(Fault::new(Code::WrongFieldCount, message));
        }
        let outputs = model.model().forest().output_count();
        // SAFETY: as our own callers promise; with no rows nothing is read.
        let base_margins = (!base_margins.is_null()).then(|| unsafe { slice_of(base_margins, rows * outputs) });
        // SAFETY: the room was counted above.
        let out = unsafe {
            match model.precision(what) {
                _ if due == 0 => Out::Double(&mut []),
                Precision::Single => Out::Single(slice::from_raw_parts_mut(out.cast(), due)),
                Precision::Double => Out::Double(slice::from_raw_parts_mut(out.cast(), due)),
            }
        };
        if due == 0 {
            return Ok(0);
        }
        let asked = Asked { model, what, rows, base_margins, threads };
        // SAFETY: as our own callers promise.
        unsafe {
            match bits {
                32 => asked.answer(values.cast::<f32>(), is_columns, out)?,
                64 => asked.answer(values.cast::<f64>(), is_columns, out)?,
                _ => return Err(Fault::new(Code::InvalidOption, format!("values of {bits} bits; 32 or 64 are due"))),
            }
        }
        Ok(0)
    })
}

/// What [`wardian_answer`] is asked, in memory.
#[repr(C)]
#[derive(Debug)]
pub struct Question {
    model: *const Held,
    what: i32,
    bits: i32,
    is_columns: i32,
    values: *const c_void,
    rows: usize,
    base_margins: *const f32,
    threads: usize,
    out: *mut c_void,
    out_length: usize,
}

/// As [`wardian_answer`], for callers to whom each argument of a call is dear.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wardian_answer_question(question: *const Question) -> i32 {
    // SAFETY: as our own callers promise.
    let Question { model, what, bits, is_columns, values, rows, base_margins, threads, out, out_length } =
        unsafe { question.read() };
    // SAFETY: likewise.
    unsafe { wardian_answer(model, what, bits, is_columns, values, rows, base_margins, threads, out, out_length) }
}

/// A column some of whose values are not there.
#[repr(C)]
#[derive(Debug)]
pub struct Nullable {
    /// The values.
    values: *const c_void,
    /// A bit for each, the lowest of a byte first, 0 where the value is not there: Arrow's validity bitmap. Null where all are.
    validity: *const u8,
    /// The place of the first value's bit.
    first: usize,
}

struct Asked<'a> {
    model: &'a Held,
    what: What,
    rows: usize,
    base_margins: Option<&'a [f32]>,
    threads: usize,
}

impl Asked<'_> {
    /// # Safety
    /// The values are there.
    unsafe fn answer<T: Value>(&self, values: *const T, is_columns: i32, out: Out<'_>) -> Result<(), Fault> {
        let width = self.model.width();
        let (model, rows) = (self.model, self.rows);
        if is_columns == 2 {
            // SAFETY: as our own callers promise.
            let columns = unsafe { slice_of(values.cast::<Nullable>(), width) };
            let columns = columns.iter().map(|&Nullable { values, validity, first }| {
                // SAFETY: likewise.
                let values = unsafe { slice_of(values.cast::<T>(), rows) };
                if validity.is_null() {
                    return Some(Series::new(values));
                }
                // SAFETY: likewise.
                let bits = unsafe { slice_of(validity, first.checked_add(rows)?.div_ceil(8)) };
                Series::with_validity(values, bits, first)
            });
            let columns: Option<Vec<Series<'_, T>>> = columns.collect();
            let columns = columns
                .ok_or_else(|| Fault::new(Code::InvalidOption, "a validity bitmap begins beyond all memory".into()))?;
            return model.answer(self.what, Table::Columns(&columns), self.base_margins, self.threads, out);
        }
        if is_columns != 0 {
            // SAFETY: as our own callers promise.
            let addresses = unsafe { slice_of(values.cast::<*const T>(), width) };
            // SAFETY: likewise.
            let columns: Vec<Series<'_, T>> =
                addresses.iter().map(|&column| Series::new(unsafe { slice_of(column, rows) })).collect();
            return model.answer(self.what, Table::Columns(&columns), self.base_margins, self.threads, out);
        }
        // SAFETY: likewise.
        let values = unsafe { slice_of(values, rows * width) };
        model.answer(self.what, Table::Rows(values), self.base_margins, self.threads, out)
    }
}
