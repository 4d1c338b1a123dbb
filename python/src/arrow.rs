//! Tables of Arrow's, as their own package hands them over: all columns in one call, which costs less than one question about each. Of
//! arrow-rs only the structures of this interface are here: its arrays, of every type, would make the wheel a quarter larger.
//! <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>
#![allow(unsafe_code)]

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_data::ffi::FFI_ArrowArray;
use arrow_schema::ffi::FFI_ArrowSchema;
use numpy::ndarray::ArrayView1;
use numpy::{Element, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// What keeps a table's memory, for as long as numpy has an array of it.
#[pyclass(frozen, module = "wardian._native")]
struct Kept {
    _table: Arc<FFI_ArrowArray>,
}

/// The columns of a table, each an array, or one with its validity bitmap and the place of its first bit, as `Engine.answer` takes them:
/// nothing is copied. `None` if not all of them are 32-bit or 64-bit floats, each in one piece, or if the table cannot say.
#[pyfunction]
pub fn columns_of<'py>(table: &Bound<'py, PyAny>) -> PyResult<Option<Vec<Bound<'py, PyAny>>>> {
    let Some((kinds, batch)) = only_batch(table) else { return Ok(None) };
    let columns = kinds.iter().enumerate().map(|(place, kind)| match kind {
        Float::Single => lent::<f32>(table.py(), &batch, place),
        Float::Double => lent::<f64>(table.py(), &batch, place),
    });
    let columns: Option<Vec<_>> = columns.collect::<PyResult<_>>()?;
    Ok(columns)
}

/// What a column holds.
#[derive(Clone, Copy)]
enum Float {
    Single,
    Double,
}

/// The table's rows, a structure of columns, if these are floats in one piece.
fn only_batch(table: &Bound<'_, PyAny>) -> Option<(Vec<Float>, Arc<FFI_ArrowArray>)> {
    let given = table.call_method0("__arrow_c_stream__").ok()?;
    let capsule = given.cast::<PyCapsule>().ok()?;
    let stream = capsule.pointer_checked(Some(c"arrow_array_stream")).ok()?;
    // SAFETY: a capsule of this name holds an initialized stream, which is its consumer's to take; an empty one is left in its place.
    let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr().cast()) };
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: the stream's own function, given the stream and room for what it writes.
    let is_told = unsafe { stream.get_schema()?(&raw mut stream, &raw mut schema) } == 0;
    if !is_told || schema.format() != "+s" {
        return None;
    }
    let kinds = schema.children().map(|column| match column.format() {
        "f" => Some(Float::Single),
        "g" => Some(Float::Double),
        _ => None,
    });
    let kinds: Vec<Float> = kinds.collect::<Option<_>>()?;
    let mut next = || {
        let mut batch = FFI_ArrowArray::empty();
        // SAFETY: as above.
        let is_told = unsafe { stream.get_next()?(&raw mut stream, &raw mut batch) } == 0;
        is_told.then_some(batch)
    };
    let batch = next()?;
    let is_only = !batch.is_released() && next()?.is_released();
    let is_whole = batch.null_count_opt() == Some(0) && batch.num_children() == kinds.len();
    (is_only && is_whole).then(|| (kinds, Arc::new(batch)))
}

/// A column's memory as numpy's arrays; `None` if it is not laid out as Arrow says.
fn lent<'py, T: Element>(
    py: Python<'py>,
    batch: &Arc<FFI_ArrowArray>,
    place: usize,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let column = batch.child(place);
    // A structure's rows are its columns' from its own offset on.
    let (start, count) = (batch.offset() + column.offset(), batch.len());
    if column.num_buffers() != 2 || column.len() < batch.offset() + count {
        return Ok(None);
    }
    let values = column.buffer(1).cast::<T>();
    if values.is_null() || !values.is_aligned() {
        return Ok(None);
    }
    let keeper = Bound::new(py, Kept { _table: batch.clone() })?.into_any();
    // SAFETY: the second buffer has a value for each row up to the column's last, and lives as long as the batch.
    let values = unsafe { array_of(values.add(start), count, &keeper) }.into_any();
    let validity = column.buffer(0);
    if validity.is_null() || column.null_count_opt() == Some(0) {
        return Ok(Some(values));
    }
    let first = start % 8;
    // SAFETY: so too the first buffer, a bit for each.
    let bits = unsafe { array_of(validity.add(start / 8), (first + count).div_ceil(8), &keeper) };
    Ok(Some((values, bits, first).into_pyobject(py)?.into_any()))
}

/// An array of so many values from here on.
///
/// # Safety
///
/// They are there for as long as the keeper is, and nobody writes to them: nothing in the package does.
unsafe fn array_of<'py, T: Element>(
    first: *const T,
    count: usize,
    keeper: &Bound<'py, PyAny>,
) -> Bound<'py, PyArray1<T>> {
    // SAFETY: the caller's.
    unsafe { PyArray1::borrow_from_array(&ArrayView1::from_shape_ptr(count, first), keeper.clone()) }
}
