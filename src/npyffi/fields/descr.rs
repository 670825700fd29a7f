//! The functions that read descriptors (dtypes).
//!
//! Those that take a `Python` token look at the version that runs, on which the layout depends. Of
//! the fields, names, fields, subarray and metadata exist only where [`PyDataType_ISLEGACY`] holds.

use std::ffi::{c_char, c_int};

use pyo3::{
    ffi::{PyObject, PyTypeObject},
    prelude::*,
};

use crate::npyffi::{
    array::PY_ARRAY_API,
    fields::item_data::item_data,
    import::is_numpy_2,
    objects::{
        _PyArray_DescrNumPy2_fields, _PyArray_LegacyDescr, _PyArray_LegacyDescr_fields, NpyAuxData,
        PyArray_ArrFuncs, PyArray_ArrayDescr, PyArray_Descr, PyArray_Descr_fields,
    },
    types::{NPY_TYPES, npy_intp, npy_uint64},
};

#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
use crate::npyffi::objects::PyArray_DescrProto;

item_data! {
    /// The fields of a descriptor that are the same on every NumPy.
    pub fn _PyDataType_GET_ITEM_DATA(PyArray_Descr) -> PyArray_Descr_fields, PY_ARRAY_API
}

item_data! {
    /// The fields of a legacy descriptor, on NumPy 2 only.
    pub fn _PyArray_LegacyDescr_GET_ITEM_DATA(_PyArray_LegacyDescr)
        -> _PyArray_LegacyDescr_fields, PY_ARRAY_API
}

/// Declares the functions that read a field which is the same on every NumPy.
macro_rules! common_field {
    ($($(#[$attr:meta])* $name:ident: $field:ident as $type:ty;)*) => {$(
        $(#[$attr])*
        ///
        /// # Safety
        ///
        /// `dtype` must point to a live descriptor, and the thread be attached.
        #[allow(non_snake_case)]
        #[inline(always)]
        pub unsafe fn $name(dtype: *const PyArray_Descr) -> $type {
            // SAFETY: the caller vouches for `dtype`.
            let fields = unsafe { _PyDataType_GET_ITEM_DATA(dtype) };
            // SAFETY: the fields are those of a live descriptor.
            unsafe { (*fields).$field }
        }
    )*};
}

common_field! {
    /// The number of the dtype: one of [`NPY_TYPES`], from 256 on a registered one, -1 a new one.
    PyDataType_TYPENUM: type_num as c_int;
    /// The character of the kind.
    PyDataType_KIND: kind as c_char;
    /// The character of the dtype.
    PyDataType_TYPE: type_ as c_char;
    /// The byte order: `<`, `>`, `=` for native, `|` for none.
    PyDataType_BYTEORDER: byteorder as c_char;
    /// The type of the scalars, borrowed.
    PyDataType_TYPEOBJ: typeobj as *mut PyTypeObject;
}

/// Whether the descriptor has names, fields, a subarray and metadata, at least as NULL.
///
/// # Safety
///
/// `dtype` must point to a live descriptor, and the thread be attached.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyDataType_ISLEGACY(dtype: *const PyArray_Descr) -> bool {
    // SAFETY: the caller vouches for `dtype`.
    let type_num = unsafe { PyDataType_TYPENUM(dtype) };
    (0..NPY_TYPES::NPY_VSTRING as c_int).contains(&type_num)
}

/// Reads a field of `$dtype`, which must be live, by the layout that the running NumPy has.
macro_rules! versioned_field {
    ($py:ident, $dtype:ident, $numpy_2:ty, $get:ident, $field:ident $(, $unsigned:ty)?) => {
        if numpy_2_layout($py) {
            // SAFETY: the caller vouches for the descriptor, and this is NumPy 2.
            let fields = unsafe { $get($dtype.cast()) }.cast::<$numpy_2>();
            // SAFETY: the descriptor is live and has this field.
            unsafe { (*fields).$field }
        } else {
            #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
            {
                let proto = $dtype.cast::<PyArray_DescrProto>();
                // SAFETY: the caller vouches for the descriptor, and this is NumPy 1.x.
                let value = unsafe { (*proto).$field };
                value $(as $unsigned)? as _
            }
            #[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
            unreachable!("the import refuses a NumPy older than 2.5")
        }
    };
}

/// Whether descriptors have the layout of NumPy 2.
#[inline(always)]
fn numpy_2_layout(py: Python<'_>) -> bool {
    cfg!(all(Py_LIMITED_API, Py_GIL_DISABLED)) || is_numpy_2(py)
}

/// The `NPY_ITEM_…` flags.
///
/// # Safety
///
/// `dtype` must point to a live descriptor.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyDataType_FLAGS(py: Python<'_>, dtype: *const PyArray_Descr) -> npy_uint64 {
    versioned_field!(
        py,
        dtype,
        _PyArray_DescrNumPy2_fields,
        _PyDataType_GET_ITEM_DATA,
        flags,
        u8
    )
}

/// The number of bytes of an item.
///
/// # Safety
///
/// `dtype` must point to a live descriptor.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyDataType_ELSIZE(py: Python<'_>, dtype: *const PyArray_Descr) -> npy_intp {
    versioned_field!(
        py,
        dtype,
        _PyArray_DescrNumPy2_fields,
        _PyDataType_GET_ITEM_DATA,
        elsize
    )
}

/// The alignment in bytes.
///
/// # Safety
///
/// `dtype` must point to a live descriptor.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyDataType_ALIGNMENT(py: Python<'_>, dtype: *const PyArray_Descr) -> npy_intp {
    versioned_field!(
        py,
        dtype,
        _PyArray_DescrNumPy2_fields,
        _PyDataType_GET_ITEM_DATA,
        alignment
    )
}

/// Sets the number of bytes of an item.
///
/// # Safety
///
/// `dtype` must point to a live descriptor that nothing else uses yet and for which the size is
/// right. On NumPy 1.x the size must fit a `c_int`.
#[allow(non_snake_case)]
#[inline(always)]
pub unsafe fn PyDataType_SET_ELSIZE(py: Python<'_>, dtype: *mut PyArray_Descr, size: npy_intp) {
    if numpy_2_layout(py) {
        // SAFETY: the caller vouches for the descriptor.
        let fields = unsafe { _PyDataType_GET_ITEM_DATA(dtype) };
        let fields = fields.cast::<_PyArray_DescrNumPy2_fields>();
        // SAFETY: the descriptor is live, and this is NumPy 2.
        unsafe { (*fields).elsize = size };
    } else {
        #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
        {
            let proto = dtype.cast::<PyArray_DescrProto>();
            // SAFETY: the descriptor is live, and this is NumPy 1.x.
            unsafe { (*proto).elsize = size as c_int };
        }
    }
}

/// Declares the functions that read a field which only legacy descriptors have.
macro_rules! legacy_field {
    ($($(#[$attr:meta])* $name:ident: $field:ident as $type:ty;)*) => {$(
        $(#[$attr])*
        ///
        /// # Safety
        ///
        /// `dtype` must point to a live descriptor.
        #[allow(non_snake_case)]
        #[inline(always)]
        pub unsafe fn $name(py: Python<'_>, dtype: *const PyArray_Descr) -> $type {
            // SAFETY: the caller vouches for the descriptor.
            if unsafe { !PyDataType_ISLEGACY(dtype) } {
                return std::ptr::null_mut();
            }
            versioned_field!(
                py,
                dtype,
                _PyArray_LegacyDescr_fields,
                _PyArray_LegacyDescr_GET_ITEM_DATA,
                $field
            )
        }
    )*};
}

legacy_field! {
    /// The metadata dictionary, borrowed; or NULL.
    PyDataType_METADATA: metadata as *mut PyObject;
    /// The base and shape of a subarray dtype, or NULL.
    PyDataType_SUBARRAY: subarray as *mut PyArray_ArrayDescr;
    /// The tuple of the field names of a structured dtype, borrowed; or NULL.
    PyDataType_NAMES: names as *mut PyObject;
    /// The dictionary of the fields of a structured dtype, borrowed; or NULL.
    PyDataType_FIELDS: fields as *mut PyObject;
    /// The C metadata, for date and time dtypes a
    /// [`PyArray_DatetimeDTypeMetaData`](crate::npyffi::PyArray_DatetimeDTypeMetaData); or NULL.
    PyDataType_C_METADATA: c_metadata as *mut NpyAuxData;
}

/// The functions of the dtype from before NumPy's new dtypes.
///
/// # Safety
///
/// `dtype` must point to a live descriptor.
#[allow(non_snake_case)]
pub unsafe fn PyDataType_GetArrFuncs(
    py: Python<'_>,
    dtype: *const PyArray_Descr,
) -> *mut PyArray_ArrFuncs {
    if numpy_2_layout(py) {
        // SAFETY: the caller vouches for the descriptor.
        match unsafe { PY_ARRAY_API._PyDataType_GetArrFuncs(py, dtype) } {
            Ok(functions) => functions,
            Err(error) => panic!("{error}"),
        }
    } else {
        #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
        {
            let proto = dtype.cast::<PyArray_DescrProto>();
            // SAFETY: the caller vouches for the descriptor, and this is NumPy 1.x.
            unsafe { (*proto).f }
        }
        #[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
        unreachable!("the import refuses a NumPy older than 2.5")
    }
}
