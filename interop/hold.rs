//! Functions that hold guards, the same on npyo and on the `numpy` crate: each module of this
//! folder has a copy of its own, with its crate under the name `numpy`.
//!
//! No guard outlives a call, so guards are held together by callbacks within callbacks.

use numpy::{
    PyArray1, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyReadwriteArray1,
    PyReadwriteArrayDyn,
};
use pyo3::prelude::*;

type Array<'a, 'py> = &'a Bound<'py, PyArrayDyn<f64>>;
type Result<'py> = PyResult<Bound<'py, PyAny>>;

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(read, module)?)?;
    module.add_function(wrap_pyfunction!(write, module)?)?;
    module.add_function(wrap_pyfunction!(hold_read, module)?)?;
    module.add_function(wrap_pyfunction!(hold_two_readers, module)?)?;
    module.add_function(wrap_pyfunction!(hold_write, module)?)?;
    module.add_function(wrap_pyfunction!(hold_nonwriteable, module)?)?;
    module.add_function(wrap_pyfunction!(hold_resized, module)?)
}

/// The sum of the elements, by a guard that is an argument.
#[pyfunction]
fn read(array: PyReadonlyArrayDyn<'_, f64>) -> f64 {
    array.as_array().sum()
}

/// Adds to each element, by a guard that is an argument.
#[pyfunction]
fn write(mut array: PyReadwriteArrayDyn<'_, f64>, value: f64) {
    array.as_array_mut().mapv_inplace(|element| element + value);
}

/// Calls `callback` under a guard to read, which no layout is refused; returns its result.
#[pyfunction]
fn hold_read<'py>(array: Array<'_, 'py>, callback: &Bound<'py, PyAny>) -> Result<'py> {
    let guard = array.try_readonly()?;
    let result = callback.call0();
    drop(guard);
    result
}

/// Calls `callback` under the second of two guards to read.
#[pyfunction]
fn hold_two_readers<'py>(array: Array<'_, 'py>, callback: &Bound<'py, PyAny>) -> Result<'py> {
    let first = array.try_readonly()?;
    let second = first.clone();
    drop(first);
    let result = callback.call0();
    drop(second);
    result
}

/// Calls `callback` under a guard to write, which no layout is refused; returns its result.
#[pyfunction]
fn hold_write<'py>(array: Array<'_, 'py>, callback: &Bound<'py, PyAny>) -> Result<'py> {
    let guard = array.try_readwrite()?;
    let result = callback.call0();
    drop(guard);
    result
}

/// Calls `callback` under a guard to write that has become one to read.
#[pyfunction]
fn hold_nonwriteable<'py>(array: Array<'_, 'py>, callback: &Bound<'py, PyAny>) -> Result<'py> {
    let guard = array.try_readwrite()?.make_nonwriteable();
    let result = callback.call0();
    drop(guard);
    result
}

/// Calls `callback` with an array that was resized, and so moved, under a guard to write.
#[pyfunction]
fn hold_resized<'py>(callback: &Bound<'py, PyAny>) -> Result<'py> {
    let guard = PyArray1::<f64>::zeros(callback.py(), 4, false).try_readwrite()?;
    let guard: PyReadwriteArray1<'_, f64> = guard.resize(100_000)?;
    let result = callback.call1((guard.as_any(),));
    drop(guard);
    result
}
