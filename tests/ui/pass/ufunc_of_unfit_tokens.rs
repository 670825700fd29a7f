//! A token is the first argument, stands beside elements, and stays on its thread.
use npyo::pyo3::{Py, PyAny, Python};

#[npyo::ufunc]
fn now(py: Python<'_>, _a: Py<PyAny>) -> Py<PyAny> {
    py.None()
}

#[npyo::ufunc]
fn same(_py: Python<'_>, a: Py<PyAny>) -> Py<PyAny> {
    a
}

#[npyo::ufunc]
fn none(py: Python<'_>, _a: Py<PyAny>) -> Py<PyAny> {
    py.None()
}

#[npyo::ufunc(types(f32, f64))]
fn first<'py, T: Copy>(_py: Python<'py>, a: T) -> T {
    a
}

#[npyo::ufunc]
fn negative(_py: Python<'_>, a: f64) -> f64 {
    -a
}

fn main() {}
