//! The C structs of arrays, and of what describes one.

use std::ffi::{c_char, c_int, c_void};

use pyo3::ffi::PyObject;

use crate::npyffi::{
    objects::{descr::PyArray_Descr, header::object_struct},
    types::npy_intp,
};

/// The fields of an array.
#[repr(C)]
#[cfg_attr(Py_3_15, repr(align(8)))]
#[derive(Debug)]
pub struct PyArrayObject_fields {
    /// The address of the first element.
    pub data: *mut c_char,
    /// The number of dimensions.
    pub nd: c_int,
    /// The shape: `nd` lengths.
    pub dimensions: *mut npy_intp,
    /// The strides: `nd` numbers of bytes.
    pub strides: *mut npy_intp,
    /// What keeps the data alive, or NULL.
    pub base: *mut PyObject,
    /// The dtype.
    pub descr: *mut PyArray_Descr,
    /// The `NPY_ARRAY_…` flags.
    pub flags: c_int,
    pub weakreflist: *mut PyObject,
    /// Private to NumPy.
    pub _buffer_info: *mut c_void,
}

object_struct! {
    /// An array.
    pub struct PyArrayObject { fields: PyArrayObject_fields }
}

/// What an `__array_finalize__` capsule holds: (array, the object it comes from).
pub type PyArray_FinalizeFunc =
    Option<unsafe extern "C" fn(*mut PyArrayObject, *mut PyObject) -> c_int>;

/// A shape, or another list of numbers.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PyArray_Dims {
    pub ptr: *mut npy_intp,
    pub len: c_int,
}

/// What `PyArray_BufferConverter` fills in.
#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
#[repr(C)]
#[derive(Debug)]
pub struct PyArray_Chunk {
    pub ob_base: PyObject,
    pub base: *mut PyObject,
    pub ptr: *mut c_void,
    pub len: npy_intp,
    pub flags: c_int,
}

/// What the capsule `__array_struct__` holds.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PyArrayInterface {
    /// Always 2.
    pub two: c_int,
    pub nd: c_int,
    pub typekind: c_char,
    pub itemsize: c_int,
    pub flags: c_int,
    pub shape: *mut npy_intp,
    pub strides: *mut npy_intp,
    pub data: *mut c_void,
    /// Only with the flag [`NPY_ARR_HAS_DESCR`](crate::npyffi::NPY_ARR_HAS_DESCR).
    pub descr: *mut PyObject,
}
