//! Ufuncs, which of the libraries only npyo makes.

use npyo::ndarray::{ArrayView1, ArrayView2, ArrayViewMut2, linalg::general_mat_mul};
use npyo::{gufunc, ufunc};
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

/// A polynomial of degree 20 by Horner's rule, 40 operations.
fn polynomial(x: f64) -> f64 {
    (0..20).fold(1.0, |sum, i| sum * x + f64::from(i))
}

#[ufunc]
fn ufunc_polynomial(x: f64) -> f64 {
    polynomial(x)
}

#[ufunc(parallel)]
fn ufunc_polynomial_parallel(x: f64) -> f64 {
    polynomial(x)
}

/// The logarithm of the gamma function by Stirling's series, some 30 operations and a logarithm.
fn log_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 8.0 {
        product *= x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = [
        1.0 / 1188.0,
        -1.0 / 1680.0,
        1.0 / 1260.0,
        -1.0 / 360.0,
        1.0 / 12.0,
    ];
    let series = series.iter().fold(0.0, |sum, term| sum * square + term) / x;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - f64::ln(product)
}

#[ufunc]
fn ufunc_log_gamma(x: f64) -> f64 {
    log_gamma(x)
}

#[ufunc(parallel)]
fn ufunc_log_gamma_parallel(x: f64) -> f64 {
    log_gamma(x)
}

#[ufunc]
fn ufunc_object_add(py: Python<'_>, a: Py<PyAny>, b: Py<PyAny>) -> PyResult<Py<PyAny>> {
    Ok(a.bind(py).add(b)?.unbind())
}

#[gufunc("(n),(n)->()")]
fn gufunc_inner(a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>) -> f64 {
    a.dot(&b)
}

#[gufunc("(m,n),(n,p)->(m,p)")]
fn gufunc_matmul(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) {
    general_mat_mul(1.0, &a, &b, 0.0, &mut out);
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    npyo::add_ufuncs!(
        module,
        ufunc_hypot,
        ufunc_length,
        ufunc_add,
        ufunc_polynomial,
        ufunc_polynomial_parallel,
        ufunc_log_gamma,
        ufunc_log_gamma_parallel,
        ufunc_object_add,
        gufunc_inner,
        gufunc_matmul
    )
}
