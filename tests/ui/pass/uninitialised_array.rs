//! An array whose elements nobody has written is made by unsafe code only.
use npyo::{PyArray1, prelude::*};
use pyo3::Python;

fn main() {
    Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 3, false);
        assert_eq!(array.len(), 3);
    });
}
