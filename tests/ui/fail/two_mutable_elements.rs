//! There is one element to write to at a time.
use npyo::{PyArray1, prelude::*};
use pyo3::Python;

fn main() {
    Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 3, false);
        let mut guard = array.readwrite();
        let first = guard.get_mut(0).unwrap();
        let _second = guard.get_mut(0).unwrap();
        *first = 1.0;
    });
}
