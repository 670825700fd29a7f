//! The functions that read and change ufuncs.

use std::ffi::c_void;

use pyo3::prelude::*;

use crate::npyffi::{
    fields::item_data::item_data,
    import,
    objects::{PyUFunc_ProcessCoreDimsFunc, PyUFuncObject, PyUFuncObject_fields},
    version::Version,
};

#[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
use crate::npyffi::ufunc::PY_UFUNC_API;

item_data! {
    /// The fields of a ufunc.
    pub fn _PyUFuncObject_GET_ITEM_DATA(PyUFuncObject) -> PyUFuncObject_fields, PY_UFUNC_API
}

/// Sets the function that computes core dimensions of a generalised ufunc.
///
/// Since NumPy 2.1. An error that says so on an older one, whose ufuncs have no room for it.
///
/// # Safety
///
/// `ufunc` must point to a live ufunc that no other thread calls yet; `function` must be sound to
/// call for it.
#[allow(non_snake_case)]
pub unsafe fn PyUFunc_SET_PROCESS_CORE_DIMS_FUNC(
    py: Python<'_>,
    ufunc: *mut PyUFuncObject,
    function: PyUFunc_ProcessCoreDimsFunc,
) -> PyResult<()> {
    import::require(py, Version::V2_1, "process_core_dims_func")?;
    // SAFETY: the caller vouches for `ufunc`.
    let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(ufunc) };
    // Behind the identity come a cache, the loops, and this function.
    const OFFSET: usize =
        std::mem::offset_of!(PyUFuncObject_fields, identity_value) + 3 * size_of::<*mut c_void>();
    // SAFETY: from NumPy 2.1 on a ufunc has this field.
    let field = unsafe { fields.byte_add(OFFSET) }.cast::<PyUFunc_ProcessCoreDimsFunc>();
    // SAFETY: as above, and nobody else uses the ufunc yet.
    unsafe { field.write(function) };
    Ok(())
}
