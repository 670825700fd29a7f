//! The functions that read dates and times.

use pyo3::ffi::PyObject;

use crate::npyffi::{
    objects::PyArray_DatetimeMetaData,
    types::{npy_datetime, npy_timedelta},
};

#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
use crate::npyffi::objects::{PyDatetimeScalarObject, PyTimedeltaScalarObject};

#[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
use crate::npyffi::array::PY_ARRAY_API;

/// Declares the functions that read one field of a date or time scalar.
macro_rules! datetime_field {
    ($($(#[$attr:meta])* $name:ident: $object:ident.$field:ident as $type:ty;)*) => {$(
        $(#[$attr])*
        ///
        /// # Safety
        ///
        /// `obj` must point to a live scalar of this type, and the thread be attached.
        #[allow(non_snake_case)]
        #[inline]
        pub unsafe fn $name(obj: *mut PyObject) -> $type {
            #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
            {
                // SAFETY: the caller vouches for the type of `obj`.
                unsafe { (*obj.cast::<$object>()).$field }
            }
            #[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
            {
                // SAFETY: the caller's thread is attached.
                let py = unsafe { pyo3::Python::assume_attached() };
                // SAFETY: the caller vouches for the type of `obj`.
                match unsafe { PY_ARRAY_API.$name(py, obj) } {
                    Ok(value) => value,
                    Err(error) => panic!("{error}"),
                }
            }
        }
    )*};
}

datetime_field! {
    /// The unit of a datetime64.
    _PyDatetimeScalarObject_GetMetadata: PyDatetimeScalarObject.obmeta as PyArray_DatetimeMetaData;
    /// The unit of a timedelta64.
    _PyTimedeltaScalarObject_GetMetadata: PyTimedeltaScalarObject.obmeta as PyArray_DatetimeMetaData;
    /// The number of a datetime64.
    _PyDatetimeScalarObject_GetValue: PyDatetimeScalarObject.obval as npy_datetime;
    /// The number of a timedelta64.
    _PyTimedeltaScalarObject_GetValue: PyTimedeltaScalarObject.obval as npy_timedelta;
}
