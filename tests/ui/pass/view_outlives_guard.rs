//! A view lives no longer than the guard that it was taken from.
use npyo::{PyArray1, prelude::*};
use pyo3::Python;

fn main() {
    Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 3, false);
        let guard = array.readonly();
        let view = guard.as_array();
        let _ = &guard;
        assert_eq!(view.len(), 3);
    });
}
