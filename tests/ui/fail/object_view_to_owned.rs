//! A view of objects is made an array of its own with a token only.
use npyo::{PyReadonlyArray1, ndarray::Array1, prelude::*};
use pyo3::prelude::*;

fn all(array: &PyReadonlyArray1<'_, Py<PyAny>>) -> Array1<Py<PyAny>> {
    array.as_array().to_owned()
}

fn main() {
    Python::attach(|py| {
        let array = vec![py.None()].into_pyarray(py).readonly();
        assert_eq!(all(&array).len(), 1);
    });
}
