//! The C structs of descriptors (dtypes).
//!
//! A descriptor has one layout on NumPy 1.x, `PyArray_DescrProto`, and another on NumPy 2. Only the
//! fields of [`PyArray_Descr`] are where they are on both.

use std::ffi::{c_char, c_int, c_void};

use pyo3::ffi::{PyObject, PyTypeObject};

use crate::npyffi::{
    objects::{header::object_struct, memory::NpyAuxData},
    types::{npy_hash_t, npy_intp, npy_uint64},
};

/// The fields of a descriptor that are the same on every NumPy.
#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
#[repr(C)]
#[cfg_attr(Py_3_15, repr(align(8)))]
#[derive(Debug)]
pub struct PyArray_Descr_fields {
    /// The type of the scalars.
    pub typeobj: *mut PyTypeObject,
    pub kind: c_char,
    pub type_: c_char,
    pub byteorder: c_char,
    /// Not to be read: flags on NumPy 1.x, see [`PyDataType_FLAGS`](super::PyDataType_FLAGS).
    pub _former_flags: c_char,
    pub type_num: c_int,
}

#[doc(inline)]
#[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
pub use _PyArray_DescrNumPy2_fields as PyArray_Descr_fields;

object_struct! {
    /// A descriptor, on every NumPy.
    pub struct PyArray_Descr { fields: PyArray_Descr_fields }
}

/// The fields of every descriptor of NumPy 2.
#[repr(C)]
#[cfg_attr(Py_3_15, repr(align(8)))]
#[derive(Debug)]
pub struct _PyArray_DescrNumPy2_fields {
    pub typeobj: *mut PyTypeObject,
    pub kind: c_char,
    pub type_: c_char,
    pub byteorder: c_char,
    pub _former_flags: c_char,
    pub type_num: c_int,
    pub flags: npy_uint64,
    pub elsize: npy_intp,
    pub alignment: npy_intp,
    pub metadata: *mut PyObject,
    pub hash: npy_hash_t,
    pub reserved_null: [*mut c_void; 2],
}

object_struct! {
    /// A descriptor of NumPy 2.
    pub struct _PyArray_DescrNumPy2 { fields: _PyArray_DescrNumPy2_fields }
}

/// The fields of a descriptor of NumPy 2 for which
/// [`PyDataType_ISLEGACY`](super::PyDataType_ISLEGACY) holds.
#[repr(C)]
#[cfg_attr(Py_3_15, repr(align(8)))]
#[derive(Debug)]
pub struct _PyArray_LegacyDescr_fields {
    pub typeobj: *mut PyTypeObject,
    pub kind: c_char,
    pub type_: c_char,
    pub byteorder: c_char,
    pub _former_flags: c_char,
    pub type_num: c_int,
    pub flags: npy_uint64,
    pub elsize: npy_intp,
    pub alignment: npy_intp,
    pub metadata: *mut PyObject,
    pub hash: npy_hash_t,
    pub reserved_null: [*mut c_void; 2],
    pub subarray: *mut PyArray_ArrayDescr,
    pub fields: *mut PyObject,
    pub names: *mut PyObject,
    pub c_metadata: *mut NpyAuxData,
}

object_struct! {
    /// A descriptor of NumPy 2 for which [`PyDataType_ISLEGACY`](super::PyDataType_ISLEGACY) holds.
    pub struct _PyArray_LegacyDescr { fields: _PyArray_LegacyDescr_fields }
}

/// The base dtype and the shape of a subarray dtype.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct PyArray_ArrayDescr {
    pub base: *mut PyArray_Descr,
    /// A tuple.
    pub shape: *mut PyObject,
}
