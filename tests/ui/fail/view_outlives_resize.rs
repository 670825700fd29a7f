//! A view does not outlive the memory that a resize frees.
use npyo::{PyArray1, prelude::*};
use pyo3::Python;

fn main() {
    Python::attach(|py| {
        let guard = PyArray1::<f64>::zeros(py, 3, false).into_readwrite();
        let view = guard.as_array();
        let guard = guard.resize(1000).unwrap();
        assert_eq!(view.len() + guard.len(), 1003);
    });
}
