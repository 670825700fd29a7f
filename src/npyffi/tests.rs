//! Tests of the bindings against the NumPy that runs.

mod calls;
mod descr;
mod import;
mod layout;

use std::ffi::CString;

use pyo3::{ffi, prelude::*, types::PyDict};

use crate::npyffi::{PyArray_Descr, PyArrayObject};

/// Evaluates an expression with `np` for NumPy.
pub(super) fn eval<'py>(py: Python<'py>, code: &str) -> Bound<'py, PyAny> {
    let locals = PyDict::new(py);
    let numpy = py.import("numpy").expect("the tests need NumPy");
    locals
        .set_item("np", numpy)
        .expect("a dict takes any object");
    let code = CString::new(code).expect("code has no NUL");
    py.eval(&code, None, Some(&locals))
        .unwrap_or_else(|error| panic!("{code:?}: {error}"))
}

pub(super) fn number(object: &Bound<'_, PyAny>, name: &str) -> isize {
    object
        .getattr(name)
        .and_then(|value| value.extract())
        .unwrap_or_else(|error| panic!("{object}.{name}: {error}"))
}

pub(super) fn array(object: &Bound<'_, PyAny>) -> *mut PyArrayObject {
    object.as_ptr().cast()
}

pub(super) fn descr(object: &Bound<'_, PyAny>) -> *mut PyArray_Descr {
    object.as_ptr().cast()
}

pub(super) fn none(py: Python<'_>) -> *mut ffi::PyObject {
    py.None().as_ptr()
}
