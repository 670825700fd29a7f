//! The C structs of NumPy's scalars, and the metadata of date and time dtypes.
//!
//! In a build for Python's free-threaded stable ABI (`abi3t`) the scalars are opaque: there are
//! only the functions that read a date or time.

use std::ffi::c_int;

#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
use std::ffi::{c_char, c_long, c_schar, c_short, c_uchar, c_uint, c_ulong, c_ushort, c_void};

#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
use pyo3::ffi::PyObject;

use crate::npyffi::{objects::memory::NpyAuxData, types::NPY_DATETIMEUNIT};

#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
use crate::npyffi::{
    objects::descr::PyArray_Descr,
    types::{
        npy_bool, npy_cdouble, npy_cfloat, npy_datetime, npy_half, npy_longlong, npy_timedelta,
        npy_ulonglong,
    },
};

/// The unit of a datetime64 or timedelta64, and how many of it: M8\[25s\] has 25.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PyArray_DatetimeMetaData {
    pub base: NPY_DATETIMEUNIT,
    pub num: c_int,
}

/// What [`PyDataType_C_METADATA`](super::PyDataType_C_METADATA) points to for a datetime64 or
/// timedelta64.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PyArray_DatetimeDTypeMetaData {
    pub base: NpyAuxData,
    pub meta: PyArray_DatetimeMetaData,
}

/// A datetime64.
#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
#[repr(C)]
#[derive(Debug)]
pub struct PyDatetimeScalarObject {
    pub ob_base: PyObject,
    pub obval: npy_datetime,
    pub obmeta: PyArray_DatetimeMetaData,
}

/// A timedelta64.
#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
#[repr(C)]
#[derive(Debug)]
pub struct PyTimedeltaScalarObject {
    pub ob_base: PyObject,
    pub obval: npy_timedelta,
    pub obmeta: PyArray_DatetimeMetaData,
}

/// A `numpy.void`: a record or raw bytes, often a view of an array's element.
#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
#[repr(C)]
#[derive(Debug)]
pub struct PyVoidScalarObject {
    pub ob_base: pyo3::ffi::PyVarObject,
    pub obval: *mut c_char,
    pub descr: *mut PyArray_Descr,
    pub flags: c_int,
    pub base: *mut PyObject,
    /// Private to NumPy.
    pub _buffer_info: *mut c_void,
}

/// Declares the structs of NumPy's scalars.
macro_rules! scalar_structs {
    ($($name:ident: $value:ty;)*) => {$(
        #[doc = concat!("A scalar that holds a `", stringify!($value), "`.")]
        #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name {
            pub ob_base: PyObject,
            pub obval: $value,
        }
    )*};
}

scalar_structs! {
    PyBoolScalarObject: npy_bool;
    PyByteScalarObject: c_schar;
    PyShortScalarObject: c_short;
    PyIntScalarObject: c_int;
    PyLongScalarObject: c_long;
    PyLongLongScalarObject: npy_longlong;
    PyUByteScalarObject: c_uchar;
    PyUShortScalarObject: c_ushort;
    PyUIntScalarObject: c_uint;
    PyULongScalarObject: c_ulong;
    PyULongLongScalarObject: npy_ulonglong;
    PyHalfScalarObject: npy_half;
    PyFloatScalarObject: f32;
    PyDoubleScalarObject: f64;
    PyCFloatScalarObject: npy_cfloat;
    PyCDoubleScalarObject: npy_cdouble;
    PyObjectScalarObject: *mut PyObject;
}
