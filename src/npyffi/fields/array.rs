//! The functions that read arrays.

use std::ffi::{c_char, c_int, c_void};

use pyo3::{ffi::PyObject, prelude::*};

use crate::npyffi::{
    fields::{
        descr::{PyDataType_ELSIZE, PyDataType_TYPENUM},
        item_data::item_data,
    },
    import,
    objects::{PyArray_Descr, PyArrayObject, PyArrayObject_fields},
    types::npy_intp,
    version::Version,
};

#[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
use crate::npyffi::array::PY_ARRAY_API;

item_data! {
    /// The fields of an array.
    pub fn _PyArray_GET_ITEM_DATA(PyArrayObject) -> PyArrayObject_fields, PY_ARRAY_API
}

/// Declares the functions that read one field of an array.
macro_rules! array_field {
    ($($(#[$attr:meta])* $name:ident: $field:ident as $type:ty;)*) => {$(
        $(#[$attr])*
        ///
        /// # Safety
        ///
        /// `arr` must point to a live array, and the thread be attached.
        #[allow(non_snake_case)]
        #[inline(always)]
        pub unsafe fn $name(arr: *const PyArrayObject) -> $type {
            // SAFETY: the caller vouches for `arr`.
            let fields = unsafe { _PyArray_GET_ITEM_DATA(arr) };
            // SAFETY: the fields are those of a live array.
            unsafe { (*fields).$field }.cast()
        }
    )*};
}

array_field! {
    /// The address of the first element.
    PyArray_DATA: data as *mut c_void;
    /// The address of the first element, as bytes.
    PyArray_BYTES: data as *mut c_char;
    /// The shape: [`PyArray_NDIM`] lengths, valid until somebody reshapes the array.
    PyArray_DIMS: dimensions as *mut npy_intp;
    /// The same as [`PyArray_DIMS`].
    PyArray_SHAPE: dimensions as *mut npy_intp;
    /// The strides in bytes: [`PyArray_NDIM`] of them, valid until somebody reshapes the array.
    PyArray_STRIDES: strides as *mut npy_intp;
    /// What keeps the data alive, borrowed; or NULL.
    PyArray_BASE: base as *mut PyObject;
    /// The dtype, borrowed.
    PyArray_DESCR: descr as *mut PyArray_Descr;
    /// The same as [`PyArray_DESCR`].
    PyArray_DTYPE: descr as *mut PyArray_Descr;
}

/// The number of dimensions.
///
/// # Safety
///
/// `arr` must point to a live array, and the thread be attached.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyArray_NDIM(arr: *const PyArrayObject) -> c_int {
    // SAFETY: the caller vouches for `arr`.
    let fields = unsafe { _PyArray_GET_ITEM_DATA(arr) };
    // SAFETY: the fields are those of a live array.
    unsafe { (*fields).nd }
}

/// The `NPY_ARRAY_…` flags.
///
/// # Safety
///
/// `arr` must point to a live array, and the thread be attached.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyArray_FLAGS(arr: *const PyArrayObject) -> c_int {
    // SAFETY: the caller vouches for `arr`.
    let fields = unsafe { _PyArray_GET_ITEM_DATA(arr) };
    // SAFETY: the fields are those of a live array.
    unsafe { (*fields).flags }
}

/// Whether all of `flags` are set.
///
/// # Safety
///
/// `arr` must point to a live array, and the thread be attached.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyArray_CHKFLAGS(arr: *const PyArrayObject, flags: c_int) -> bool {
    // SAFETY: the caller vouches for `arr`.
    unsafe { PyArray_FLAGS(arr) & flags == flags }
}

/// Sets flags, without a check.
///
/// # Safety
///
/// `arr` must point to a live array for which the flags are true, the thread be attached, and no
/// other thread access the flags.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyArray_ENABLEFLAGS(arr: *mut PyArrayObject, flags: c_int) {
    // SAFETY: the caller vouches for `arr`.
    let fields = unsafe { _PyArray_GET_ITEM_DATA(arr) };
    // SAFETY: the fields are those of a live array.
    unsafe { (*fields).flags |= flags };
}

/// Clears flags, without a check.
///
/// # Safety
///
/// `arr` must point to a live array, the thread be attached, and no other thread access the flags.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyArray_CLEARFLAGS(arr: *mut PyArrayObject, flags: c_int) {
    // SAFETY: the caller vouches for `arr`.
    let fields = unsafe { _PyArray_GET_ITEM_DATA(arr) };
    // SAFETY: the fields are those of a live array.
    unsafe { (*fields).flags &= !flags };
}

/// The number of the dtype.
///
/// # Safety
///
/// `arr` must point to a live array, and the thread be attached.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyArray_TYPE(arr: *const PyArrayObject) -> c_int {
    // SAFETY: the caller vouches for `arr`.
    let descr = unsafe { PyArray_DESCR(arr) };
    // SAFETY: the array keeps its descriptor alive.
    unsafe { PyDataType_TYPENUM(descr) }
}

/// The number of bytes of an element.
///
/// # Safety
///
/// `arr` must point to a live array.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyArray_ITEMSIZE(py: Python<'_>, arr: *const PyArrayObject) -> npy_intp {
    // SAFETY: the caller vouches for `arr`.
    let descr = unsafe { PyArray_DESCR(arr) };
    // SAFETY: the array keeps its descriptor alive.
    unsafe { PyDataType_ELSIZE(py, descr) }
}

/// The memory handler, borrowed, of an array that owns its data; NULL for another one.
///
/// Since NumPy 1.22. An error that says so on an older one.
///
/// # Safety
///
/// `arr` must point to a live array.
#[allow(non_snake_case)]
pub unsafe fn PyArray_HANDLER(
    py: Python<'_>,
    arr: *const PyArrayObject,
) -> PyResult<*mut PyObject> {
    import::require(py, Version::since("1.22"), "PyArray_HANDLER")?;
    // SAFETY: the caller vouches for `arr`.
    let fields = unsafe { _PyArray_GET_ITEM_DATA(arr) };
    const OFFSET: usize =
        std::mem::offset_of!(PyArrayObject_fields, _buffer_info) + size_of::<*mut c_void>();
    // SAFETY: from NumPy 1.22 on an array has this field behind the others.
    let handler = unsafe { fields.byte_add(OFFSET) }.cast::<*mut PyObject>();
    // SAFETY: as above.
    Ok(unsafe { handler.read() })
}
