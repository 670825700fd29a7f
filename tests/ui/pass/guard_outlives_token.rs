//! A guard lives no longer than the token of the attached thread.
use npyo::{PyArray1, prelude::*};
use pyo3::Python;

fn main() {
    let guard = Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 3, false);
        array.readonly().to_owned_array()
    });
    drop(guard);
}
