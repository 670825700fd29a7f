//! Nothing is copied beside a view to write through.
use npyo::{PyArray1, prelude::*};
use pyo3::Python;

fn main() {
    Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 3, false);
        let mut guard = array.readwrite();
        let mut first = guard.as_array_mut();
        first[0] = 1.0;
        let _copy = guard.to_vec();
    });
}
