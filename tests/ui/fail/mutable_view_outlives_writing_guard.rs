//! A view to write through does not outlive the guard to write.
use npyo::{PyArray1, PyReadonlyArray1, prelude::*};
use pyo3::Python;

fn main() {
    Python::attach(|py| {
        let mut guard = PyArray1::<f64>::zeros(py, 3, false).into_readwrite();
        let mut view = guard.as_array_mut();
        let guard = PyReadonlyArray1::from(guard);
        view[0] = 1.0;
        assert_eq!(guard.len(), 3);
    });
}
