//! Functions with the signatures that users write.

use npyo::{
    AllowTypeChange, PyArray1, PyArray2, PyArrayDyn, PyArrayLike0, PyArrayLike1, PyArrayLike2,
    PyArrayMethods, PyReadonlyArray0, PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArray3,
    PyReadonlyArray4, PyReadonlyArray5, PyReadonlyArray6, PyReadwriteArray1, PyReadwriteArray2,
    PyUntypedArray, PyUntypedArrayMethods,
};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    add_functions! { module:
        read_0d, read_1d, read_2d, read_3d, read_4d, read_5d, read_6d, write_1d,
        write_2d, read_optional, read_keyword, add_to, write_two, like_0d, like_1d,
        like_2d, like_cast_2d, bound_1d, bound_2d, bound_dyn, bound_owned, bound_py,
        untyped, panicking,
    }
    Ok(())
}

#[pyfunction]
fn read_0d(array: PyReadonlyArray0<'_, f64>) -> f64 {
    array.item()
}

#[pyfunction]
fn read_1d(array: PyReadonlyArray1<'_, f64>) -> f64 {
    array.as_array().sum()
}

#[pyfunction]
fn read_2d(array: PyReadonlyArray2<'_, f64>) -> f64 {
    array.as_array().sum()
}

#[pyfunction]
fn read_3d(array: PyReadonlyArray3<'_, f64>) -> f64 {
    array.as_array().sum()
}

#[pyfunction]
fn read_4d(array: PyReadonlyArray4<'_, f64>) -> f64 {
    array.as_array().sum()
}

#[pyfunction]
fn read_5d(array: PyReadonlyArray5<'_, f64>) -> f64 {
    array.as_array().sum()
}

#[pyfunction]
fn read_6d(array: PyReadonlyArray6<'_, f64>) -> f64 {
    array.as_array().sum()
}

#[pyfunction]
fn write_1d(mut array: PyReadwriteArray1<'_, f64>, value: f64) {
    array.as_array_mut().fill(value);
}

#[pyfunction]
fn write_2d(mut array: PyReadwriteArray2<'_, f64>, value: f64) {
    array.as_array_mut().fill(value);
}

#[pyfunction]
fn read_optional(array: Option<PyReadonlyArray1<'_, f64>>) -> Option<f64> {
    array.map(|array| array.as_array().sum())
}

#[pyfunction]
fn read_keyword(array: PyReadonlyArray1<'_, f64>, weights: PyReadonlyArray1<'_, f64>) -> f64 {
    array.as_array().dot(&weights.as_array())
}

/// Fails if the two share memory.
#[pyfunction]
fn add_to(mut to: PyReadwriteArray1<'_, f64>, from: PyReadonlyArray1<'_, f64>) {
    to.as_array_mut().scaled_add(1.0, &from.as_array());
}

#[pyfunction]
fn write_two(mut a: PyReadwriteArray1<'_, f64>, mut b: PyReadwriteArray1<'_, f64>) {
    a.as_array_mut().fill(1.0);
    b.as_array_mut().fill(2.0);
}

#[pyfunction]
fn like_0d(array: PyArrayLike0<'_, f64>) -> f64 {
    array.item()
}

#[pyfunction]
fn like_1d(array: PyArrayLike1<'_, f64>) -> f64 {
    array.as_array().sum()
}

#[pyfunction]
fn like_2d(array: PyArrayLike2<'_, f64>) -> f64 {
    array.as_array().sum()
}

#[pyfunction]
fn like_cast_2d(array: PyArrayLike2<'_, f64, AllowTypeChange>) -> f64 {
    array.as_array().sum()
}

#[pyfunction]
fn bound_1d(array: &Bound<'_, PyArray1<f64>>) -> usize {
    array.len()
}

#[pyfunction]
fn bound_2d(array: &Bound<'_, PyArray2<f64>>) -> usize {
    array.len()
}

#[pyfunction]
fn bound_dyn(array: &Bound<'_, PyArrayDyn<f64>>) -> usize {
    array.len()
}

#[pyfunction]
fn bound_owned(array: Bound<'_, PyArray1<f64>>) -> usize {
    array.len()
}

#[pyfunction]
fn bound_py(py: Python<'_>, array: Py<PyArray1<f64>>) -> usize {
    array.bind(py).len()
}

#[pyfunction]
fn untyped<'py>(array: &Bound<'py, PyUntypedArray>) -> PyResult<Bound<'py, PyTuple>> {
    let shape = PyTuple::new(array.py(), array.to_shape())?;
    let strides = PyTuple::new(array.py(), array.to_strides())?;
    (array.dtype(), shape, strides, array.len()).into_pyobject(array.py())
}

/// The methods without a Result, which panic.
#[pyfunction]
fn panicking<'py>(array: &Bound<'py, PyArrayDyn<f64>>, method: &str) {
    match method {
        "readonly" => drop(array.readonly()),
        "readwrite" => drop(array.readwrite()),
        "as_array" => drop(array.readonly().as_array().to_owned()),
        "as_array_mut" => array.readwrite().as_array_mut().fill(0.0),
        "to_owned_array" => drop(array.to_owned_array()),
        other => panic!("no method {other}"),
    }
}
