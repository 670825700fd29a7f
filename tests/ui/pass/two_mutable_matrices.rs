//! There is one matrix to write through at a time.
use npyo::{PyArray2, prelude::*};
use pyo3::Python;

fn main() {
    Python::attach(|py| {
        let array = PyArray2::<f64>::zeros(py, [2, 2], false);
        let mut guard = array.readwrite();
        let mut first = guard.as_matrix_mut();
        first[(0, 0)] = 1.0;
        let _second = guard.as_matrix_mut();
    });
}
