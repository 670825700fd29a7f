//! The functions that read DType classes and what a loop is called with.

use std::{
    ffi::c_void,
    sync::atomic::{AtomicUsize, Ordering},
};

use pyo3::{prelude::*, types::PyType};

use crate::npyffi::{
    import,
    objects::{PyArray_DTypeMeta, PyArray_DTypeMeta_fields, PyArrayMethod_Context},
    types::npy_uint64,
    version::Version,
};

/// The fields of a DType class behind those of a Python type, wherever the running Python has them.
///
/// Since NumPy 2.0. An error that says so on an older one, whose DType classes have other fields.
///
/// # Safety
///
/// `dtype` must point to a live DType class.
#[allow(non_snake_case)]
pub unsafe fn PyArray_DTypeMeta_GET_FIELDS(
    py: Python<'_>,
    dtype: *mut PyArray_DTypeMeta,
) -> PyResult<*mut PyArray_DTypeMeta_fields> {
    /// The size of a Python type, zero until it is known.
    static TYPE_SIZE: AtomicUsize = AtomicUsize::new(0);

    import::require(py, Version::V2_0, "the layout of a DType class")?;
    let mut type_size = TYPE_SIZE.load(Ordering::Relaxed);
    if type_size == 0 {
        type_size = py
            .get_type::<PyType>()
            .getattr("__basicsize__")?
            .extract()?;
        TYPE_SIZE.store(type_size, Ordering::Relaxed);
    }
    // SAFETY: a DType class is a Python type with its fields directly behind.
    Ok(unsafe { dtype.byte_add(type_size) }.cast())
}

/// What is behind [`PyArrayMethod_Context`] from NumPy 2.4 on.
#[repr(C)]
struct PyArrayMethod_Context_2_4 {
    context: PyArrayMethod_Context,
    _reserved: *mut c_void,
    flags: u64,
    parameters: *mut c_void,
}

/// The flags of a context; none on a NumPy before 2.4. For loops: needs no attached thread.
///
/// # Safety
///
/// `context` must be what NumPy called a loop with.
#[allow(non_snake_case)]
pub unsafe fn PyArrayMethod_Context_FLAGS(context: *const PyArrayMethod_Context) -> npy_uint64 {
    if import::imported_version() < Version::V2_4 {
        return 0;
    }
    // SAFETY: the context is NumPy's, and has this field from 2.4 on.
    unsafe { (*context.cast::<PyArrayMethod_Context_2_4>()).flags }
}

/// The parameters of a context, for a sort a
/// [`PyArrayMethod_SortParameters`](crate::npyffi::PyArrayMethod_SortParameters); NULL on a NumPy
/// before 2.4. For loops: needs no attached thread.
///
/// # Safety
///
/// `context` must be what NumPy called a loop with.
#[allow(non_snake_case)]
pub unsafe fn PyArrayMethod_Context_PARAMETERS(
    context: *const PyArrayMethod_Context,
) -> *mut c_void {
    if import::imported_version() < Version::V2_4 {
        return std::ptr::null_mut();
    }
    // SAFETY: the context is NumPy's, and has this field from 2.4 on.
    unsafe { (*context.cast::<PyArrayMethod_Context_2_4>()).parameters }
}
