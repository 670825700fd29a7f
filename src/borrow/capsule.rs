//! Publishing C structs to the other extension modules of a process.

use std::ffi::CStr;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3::{ffi, intern};

/// Publishes a struct under a name, unless there is one already; the address of what is there.
///
/// # Errors
///
/// If something else than a capsule of this name has the name.
pub(crate) fn publish<T: Sync>(
    namespace: &Bound<'_, PyDict>,
    name: &'static CStr,
    content: &'static T,
) -> PyResult<*const T> {
    let py = namespace.py();
    let address = std::ptr::from_ref(content).cast_mut();
    // SAFETY: neither pointer is NULL, and both are to statics.
    let capsule = unsafe { ffi::PyCapsule_New(address.cast(), name.as_ptr(), None) };
    // SAFETY: a new reference, or NULL with an exception.
    let capsule = unsafe { Bound::from_owned_ptr_or_err(py, capsule) }?;
    let arguments = (name.to_string_lossy(), capsule);
    // Python's own method does in one step what a look and a store would do in two.
    let published = namespace.call_method1(intern!(py, "setdefault"), arguments)?;
    // SAFETY: a live object and a C string.
    let address = unsafe { ffi::PyCapsule_GetPointer(published.as_ptr(), name.as_ptr()) };
    if address.is_null() {
        return Err(PyErr::fetch(py));
    }
    Ok(address.cast_const().cast())
}
