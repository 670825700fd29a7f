//! Only the library says of a type that it holds objects.
use npyo::{Element, PyArrayDescr};
use pyo3::prelude::*;

#[derive(Clone, Copy)]
#[repr(transparent)]
struct Pretender(usize);

// SAFETY: this is to show what is refused, and that by the compiler.
unsafe impl Element for Pretender {
    const IS_COPY: bool = true;
    const INTERNALS: npyo::element::internals::Internals = <Py<PyAny> as Element>::INTERNALS;
    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        PyArrayDescr::object(py)
    }
    fn clone_ref(&self, _py: Python<'_>) -> Self {
        *self
    }
}

fn main() {
    Python::attach(|py| assert!(PyArrayDescr::try_of::<Pretender>(py).is_err()));
}
