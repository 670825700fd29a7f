//! Five functions, on the library that a feature names.
#![cfg(any(feature = "npyo", feature = "numpy-crate"))]

#[cfg(feature = "npyo")]
use npyo as library;
#[cfg(all(feature = "numpy-crate", not(feature = "npyo")))]
use numpy as library;

use library::ndarray::Axis;
use library::{
    IntoPyArray, PyArray1, PyArray2, PyArrayLike1, PyReadonlyArray1, PyReadonlyArray2,
    PyReadwriteArray1, ToPyArray,
};
use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod npyo_bench_small {
    #[pymodule_export]
    use super::{axpy, mean, norm, scale, transposed};
}

#[pyfunction]
fn mean<'py>(py: Python<'py>, table: PyReadonlyArray2<'py, f64>) -> Bound<'py, PyArray1<f64>> {
    let table = table.as_array();
    (table.sum_axis(Axis(0)) / table.nrows() as f64).into_pyarray(py)
}

#[pyfunction]
fn norm(x: PyArrayLike1<'_, f64>) -> f64 {
    x.as_array().iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[pyfunction]
fn scale(factor: f64, mut x: PyReadwriteArray1<'_, f64>) {
    x.as_array_mut().mapv_inplace(|x| factor * x);
}

#[pyfunction]
fn axpy<'py>(
    py: Python<'py>,
    alpha: f64,
    x: PyReadonlyArray1<'py, f64>,
    y: PyReadonlyArray1<'py, f64>,
) -> Bound<'py, PyArray1<f64>> {
    (alpha * &x.as_array() + y.as_array()).into_pyarray(py)
}

#[pyfunction]
fn transposed<'py>(
    py: Python<'py>,
    table: PyReadonlyArray2<'py, f64>,
) -> Bound<'py, PyArray2<f64>> {
    table.as_array().t().to_pyarray(py)
}
