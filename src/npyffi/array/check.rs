//! The functions that check the type of an object.

use std::ffi::c_int;

use pyo3::{
    Python,
    ffi::{self, PyObject},
};

use crate::npyffi::{
    import,
    type_objects::{NpyTypes, get_type_object},
};

/// Whether `op` is an array, of a subclass as well.
///
/// # Safety
///
/// `op` must point to a live object.
///
/// # Panics
///
/// If NumPy cannot be imported, with the `ImportError`'s text.
#[allow(non_snake_case)]
#[inline]
pub unsafe fn PyArray_Check<'py>(py: Python<'py>, op: *mut PyObject) -> c_int {
    let array_type = import::array_type_or_panic(py);
    // SAFETY: the object is live, and the type is NumPy's. The exact type is compared first.
    unsafe { ffi::PyObject_TypeCheck(op, array_type) }
}

/// Whether `op` is an array, and not of a subclass.
///
/// # Safety
///
/// `op` must point to a live object.
///
/// # Panics
///
/// If NumPy cannot be imported, with the `ImportError`'s text.
#[allow(non_snake_case)]
#[inline]
pub unsafe fn PyArray_CheckExact<'py>(py: Python<'py>, op: *mut PyObject) -> c_int {
    let array_type = import::array_type_or_panic(py);
    // SAFETY: the object is live.
    c_int::from(unsafe { ffi::Py_TYPE(op) } == array_type)
}

/// Whether `op` is a descriptor.
///
/// # Safety
///
/// `op` must point to a live object.
///
/// # Panics
///
/// If NumPy cannot be imported, with the `ImportError`'s text.
#[allow(non_snake_case)]
#[inline]
pub unsafe fn PyArray_DescrCheck(py: Python<'_>, op: *mut PyObject) -> c_int {
    let descr_type = import::descr_type_or_panic(py);
    // SAFETY: the object is live, and the type is NumPy's.
    unsafe { ffi::PyObject_TypeCheck(op, descr_type) }
}

/// Whether `op` is a flat iterator.
///
/// # Safety
///
/// `op` must point to a live object.
#[allow(non_snake_case)]
pub unsafe fn PyArrayIter_Check(py: Python<'_>, op: *mut PyObject) -> c_int {
    // SAFETY: the type is one that every NumPy has.
    let iter_type = unsafe { get_type_object(py, NpyTypes::PyArrayIter_Type) };
    // SAFETY: the object is live, and the type is NumPy's.
    unsafe { ffi::PyObject_TypeCheck(op, iter_type) }
}
