//! Ufuncs, which of the libraries only npyo makes.

use npyo::ufunc;
use pyo3::prelude::*;

#[ufunc]
fn ufunc_hypot(a: f64, b: f64) -> f64 {
    a.hypot(b)
}

/// By the formula, which can overflow, and which the compiler makes vector code of.
#[ufunc]
fn ufunc_length(a: f64, b: f64) -> f64 {
    (a * a + b * b).sqrt()
}

#[ufunc(identity = zero)]
fn ufunc_add(a: f64, b: f64) -> f64 {
    a + b
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    npyo::add_ufuncs!(module, ufunc_hypot, ufunc_length, ufunc_add)
}
