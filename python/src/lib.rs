//! Python's native module, `wardian._native`: [`wardian_capi::Held`] with numpy's arrays. All else, what rows may be and what answers look
//! like, is Python (`wardian/`), where the module of WebAssembly is asked in the same words.

mod arrow;

use numpy::{Element, IntoPyArray, PyArray1, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use wardian_capi::{Fault, Held, Out, Reading, Series, Table, What};

/// A fault as `ValueError(message, code, field)`, of which Python makes its own error.
fn raised(fault: Fault) -> PyErr {
    PyValueError::new_err((fault.message, fault.code, fault.field))
}

/// A model that is asked.
#[pyclass(frozen, module = "wardian._native")]
struct Engine(Held);

#[pymethods]
impl Engine {
    /// The model in the bytes of a file; options are a text of JSON.
    #[new]
    fn new(py: Python<'_>, bytes: &[u8], options: &str) -> PyResult<Self> {
        py.detach(|| Reading::of(options)?.open(bytes)).map(Self).map_err(raised)
    }

    /// What is to be known of the model, a text of JSON.
    fn describe(&self) -> String {
        self.0.description().to_string()
    }

    /// The model as a `.wardian` file.
    fn save<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &py.detach(|| self.0.bytes()))
    }

    /// The answer to a question about one row, both texts of JSON.
    fn ask(&self, py: Python<'_>, question: &str) -> PyResult<String> {
        py.detach(|| self.0.ask(question)).map(|answer| answer.to_string()).map_err(raised)
    }

    /// The rows in the bytes of a file, in one piece: [`wardian_capi::Read::bytes`]. Options are a text of JSON.
    fn rows<'py>(&self, py: Python<'py>, file: &[u8], options: &str) -> PyResult<Bound<'py, PyBytes>> {
        let read = py.detach(|| self.0.rows(file, options).map(|read| read.bytes())).map_err(raised)?;
        Ok(PyBytes::new(py, &read))
    }

    /// A product, in one piece: [`wardian_capi::Sealing::bytes`].
    fn seal<'py>(&self, py: Python<'py>, request: &str, shell: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let made = py.detach(|| self.0.seal(request, shell).map(|made| made.bytes())).map_err(raised)?;
        Ok(PyBytes::new(py, &made))
    }

    /// Predictions, margins or contributions (0, 1, 2), one row's numbers behind another's: of a matrix, row after row in memory, or of a
    /// list of columns, contiguous; 32-bit or 64-bit floats either. A column is an array, or one with Arrow's validity bitmap and the place
    /// of its first bit.
    #[pyo3(signature = (what, rows, base_margins=None, threads=1))]
    fn answer<'py>(
        &self,
        py: Python<'py>,
        what: u8,
        rows: &Bound<'py, PyAny>,
        base_margins: Option<PyReadonlyArray1<'py, f32>>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let what = match what {
            0 => What::Predictions,
            1 => What::Margins,
            _ => What::Contributions,
        };
        let base = base_margins.as_ref().map(PyReadonlyArray1::as_slice).transpose()?;
        if let Ok(columns) = rows.cast::<PyList>() {
            return match columns_of::<f32>(columns)? {
                Some(columns) => self.of_columns(py, what, &columns, base, threads),
                None => match columns_of::<f64>(columns)? {
                    Some(columns) => self.of_columns(py, what, &columns, base, threads),
                    None => Err(PyTypeError::new_err("columns of one type are due, float32 or float64")),
                },
            };
        }
        if let Ok(matrix) = rows.extract::<PyReadonlyArray2<'py, f32>>() {
            return self.of_matrix(py, what, &matrix, base, threads);
        }
        match rows.extract::<PyReadonlyArray2<'py, f64>>() {
            Ok(matrix) => self.of_matrix(py, what, &matrix, base, threads),
            Err(_) => Err(PyTypeError::new_err("a matrix or a list of columns is due, float32 or float64")),
        }
    }
}

/// A column, and which of its values are there.
type Given<'py, T> = (PyReadonlyArray1<'py, T>, Option<(PyReadonlyArray1<'py, u8>, usize)>);

/// Columns of one type; `None` where the first is of another.
fn columns_of<'py, T: Element>(list: &Bound<'py, PyList>) -> PyResult<Option<Vec<Given<'py, T>>>> {
    let mut columns = Vec::with_capacity(list.len());
    for column in list {
        if let Ok((values, bits, first)) = column.extract::<(Bound<'py, PyAny>, _, _)>() {
            match values.extract() {
                Ok(values) => columns.push((values, Some((bits, first)))),
                Err(_) if columns.is_empty() => return Ok(None),
                Err(error) => return Err(error),
            }
            continue;
        }
        match column.extract::<PyReadonlyArray1<'py, T>>() {
            Ok(column) => columns.push((column, None)),
            Err(_) if columns.is_empty() => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(columns))
}

impl Engine {
    fn of_matrix<'py, T: Element + wardian_capi::Value>(
        &self,
        py: Python<'py>,
        what: What,
        matrix: &PyReadonlyArray2<'py, T>,
        base: Option<&[f32]>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        if !matrix.is_c_contiguous() || matrix.shape()[1] != self.0.width() {
            return Err(PyTypeError::new_err(
                "rows are due, one after another in memory, as long as the model has features",
            ));
        }
        self.answered(py, what, Table::Rows(matrix.as_slice()?), base, threads)
    }

    fn of_columns<'py, T: Element + wardian_capi::Value>(
        &self,
        py: Python<'py>,
        what: What,
        columns: &[Given<'py, T>],
        base: Option<&[f32]>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = columns.iter().map(|(values, validity)| -> PyResult<_> {
            Ok(match validity {
                None => Some(Series::new(values.as_slice()?)),
                Some((bits, first)) => Series::with_validity(values.as_slice()?, bits.as_slice()?, *first),
            })
        });
        let columns = given.collect::<PyResult<Option<Vec<Series<'_, T>>>>>()?.unwrap_or_default();
        let is_even = columns.windows(2).all(|pair| pair[0].len() == pair[1].len());
        if columns.len() != self.0.width() || !is_even {
            return Err(PyTypeError::new_err("as many columns are due as the model has features, all of one length"));
        }
        self.answered(py, what, Table::Columns(&columns), base, threads)
    }

    fn answered<'py, T: wardian_capi::Value + Send>(
        &self,
        py: Python<'py>,
        what: What,
        table: Table<'_, T>,
        base: Option<&[f32]>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let length = table.row_count(self.0.width()) * self.0.answer_width(what);
        if self.0.is_double(what) {
            let mut out = vec![0.0; length];
            py.detach(|| self.0.answer(what, table, base, threads, Out::Double(&mut out))).map_err(raised)?;
            let out: Bound<'py, PyArray1<f64>> = out.into_pyarray(py);
            return Ok(out.into_any());
        }
        let mut out = vec![0.0; length];
        py.detach(|| self.0.answer(what, table, base, threads, Out::Single(&mut out))).map_err(raised)?;
        let out: Bound<'py, PyArray1<f32>> = out.into_pyarray(py);
        Ok(out.into_any())
    }
}

/// The native module.
#[pymodule(name = "_native", gil_used = false)]
fn native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Engine>()?;
    module.add_function(wrap_pyfunction!(arrow::columns_of, module)?)
}
