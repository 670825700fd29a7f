//! The functions, on whichever library the module above names.

use std::hint::black_box;
use std::time::Instant;

use pyo3::prelude::*;

use super::library::{
    PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArrayDyn, PyReadwriteArray1, PyReadwriteArrayDyn,
};

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(any, module)?)?;
    module.add_function(wrap_pyfunction!(owned, module)?)?;
    module.add_function(wrap_pyfunction!(readonly, module)?)?;
    module.add_function(wrap_pyfunction!(readonly2, module)?)?;
    module.add_function(wrap_pyfunction!(readwrite, module)?)?;
    module.add_function(wrap_pyfunction!(hold, module)?)?;
    module.add_function(wrap_pyfunction!(time_readonly, module)?)?;
    module.add_function(wrap_pyfunction!(time_readwrite, module)?)
}

/// A call with an argument and nothing else.
#[pyfunction]
fn any(array: &Bound<'_, PyAny>) {
    black_box(array);
}

/// A call that takes a reference to its argument, as a guard has to.
#[pyfunction]
fn owned(array: Bound<'_, PyAny>) {
    black_box(&array);
}

#[pyfunction]
fn readonly(array: PyReadonlyArray1<'_, f64>) {
    black_box(&array);
}

#[pyfunction]
fn readonly2(array: PyReadonlyArray2<'_, f64>) {
    black_box(&array);
}

#[pyfunction]
fn readwrite(array: PyReadwriteArray1<'_, f64>) {
    black_box(&array);
}

/// Calls `callback` while all these arrays are borrowed; returns its result.
#[pyfunction]
fn hold<'py>(
    read: Vec<PyReadonlyArrayDyn<'py, f64>>,
    write: Vec<PyReadwriteArrayDyn<'py, f64>>,
    callback: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let result = callback.call0();
    drop((read, write));
    result
}

/// Nanoseconds for each of `n` guards to read, taken and released.
#[pyfunction]
fn time_readonly(array: &Bound<'_, PyAny>, n: u32) -> PyResult<f64> {
    let start = Instant::now();
    for _ in 0..n {
        black_box(black_box(array).extract::<PyReadonlyArray1<'_, f64>>()?);
    }
    Ok(start.elapsed().as_secs_f64() * 1e9 / f64::from(n))
}

/// Nanoseconds for each of `n` guards to write, taken and released.
#[pyfunction]
fn time_readwrite(array: &Bound<'_, PyAny>, n: u32) -> PyResult<f64> {
    let start = Instant::now();
    for _ in 0..n {
        black_box(black_box(array).extract::<PyReadwriteArray1<'_, f64>>()?);
    }
    Ok(start.elapsed().as_secs_f64() * 1e9 / f64::from(n))
}
