//! Object elements are the library's own: no other crate implements them.
use npyo::{Element, PyArrayDescr};
use pyo3::prelude::*;

#[pyclass]
struct MyType(u64);

// SAFETY: this is to show what is refused, and that by the compiler.
unsafe impl Element for Py<MyType> {
    const IS_COPY: bool = false;
    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        npyo::dtype::<u64>(py)
    }
    fn clone_ref(&self, _py: Python<'_>) -> Self {
        unreachable!("this is never used")
    }
}

fn main() {
    assert_eq!(MyType(1).0, 1);
}
