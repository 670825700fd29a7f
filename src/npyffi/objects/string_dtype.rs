//! The C structs of `StringDType`. Public from NumPy 2.0 on.

use std::ffi::c_char;

#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
use pyo3::ffi::PyObject;

#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
use crate::npyffi::objects::descr::_PyArray_DescrNumPy2;

/// An element of a `StringDType` array; opaque.
#[repr(C)]
#[derive(Debug)]
pub struct npy_packed_static_string([u8; 0]);

/// What holds the strings of a `StringDType`; opaque.
#[repr(C)]
#[derive(Debug)]
pub struct npy_string_allocator([u8; 0]);

/// A string in the memory of an array or its allocator. Not always valid UTF-8.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct npy_static_string {
    pub size: usize,
    pub buf: *const c_char,
}

/// A `StringDType` descriptor.
#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
#[repr(C)]
#[derive(Debug)]
pub struct PyArray_StringDTypeObject {
    pub base: _PyArray_DescrNumPy2,
    /// What stands for a missing value, or NULL.
    pub na_object: *mut PyObject,
    /// Whether other objects are turned into strings.
    pub coerce: c_char,
    /// Whether `na_object` is like a NaN.
    pub has_nan_na: c_char,
    /// Whether `na_object` is a string.
    pub has_string_na: c_char,
    /// Whether an array has this descriptor already.
    pub array_owned: c_char,
    pub default_string: npy_static_string,
    pub na_name: npy_static_string,
    /// To be used only between acquiring and releasing it.
    pub allocator: *mut npy_string_allocator,
}

/// A `StringDType` descriptor; opaque.
#[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
#[repr(C)]
#[derive(Debug)]
pub struct PyArray_StringDTypeObject {
    _data: (),
    _marker: std::marker::PhantomData<(*mut u8, std::marker::PhantomPinned)>,
}
