//! A slice lives no longer than the guard that it was taken from.
use npyo::{PyArray1, prelude::*};
use pyo3::Python;

fn main() {
    Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 3, false);
        let mut guard = array.readwrite();
        let slice = guard.as_slice_mut().unwrap();
        let _ = &array;
        slice[0] = 1.0;
    });
}
