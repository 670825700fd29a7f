//! There is one slice to write through at a time.
use npyo::{PyArray1, prelude::*};
use pyo3::Python;

fn main() {
    Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 3, false);
        let mut guard = array.readwrite();
        let first = guard.as_slice_mut().unwrap();
        let _second = guard.as_slice_mut().unwrap();
        first[0] = 1.0;
    });
}
