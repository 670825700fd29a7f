//! An object is cloned with a token only.
use npyo::{PyReadonlyArray1, prelude::*};
use pyo3::prelude::*;

fn first(array: &PyReadonlyArray1<'_, Py<PyAny>>) -> Py<PyAny> {
    let object: &Py<PyAny> = array.get(0).unwrap();
    object.clone_ref(array.py())
}

fn main() {
    Python::attach(|py| {
        let array = vec![py.None()].into_pyarray(py).readonly();
        assert!(first(&array).is_none(py));
    });
}
