//! The C struct of a descriptor of NumPy 1.x.

use std::ffi::{c_char, c_int};

use pyo3::ffi::{PyObject, PyTypeObject};

use crate::npyffi::{
    objects::{arr_funcs::PyArray_ArrFuncs, descr::PyArray_ArrayDescr, memory::NpyAuxData},
    types::npy_hash_t,
};

/// A descriptor of NumPy 1.x; on NumPy 2 what `PyArray_RegisterDataType` takes.
#[repr(C)]
#[derive(Debug)]
pub struct PyArray_DescrProto {
    pub ob_base: PyObject,
    pub typeobj: *mut PyTypeObject,
    pub kind: c_char,
    pub type_: c_char,
    pub byteorder: c_char,
    pub flags: c_char,
    pub type_num: c_int,
    pub elsize: c_int,
    pub alignment: c_int,
    pub subarray: *mut PyArray_ArrayDescr,
    pub fields: *mut PyObject,
    pub names: *mut PyObject,
    pub f: *mut PyArray_ArrFuncs,
    pub metadata: *mut PyObject,
    pub c_metadata: *mut NpyAuxData,
    pub hash: npy_hash_t,
}
