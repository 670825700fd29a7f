//! Arrays out of other objects, by NumPy's own conversions.

use pyo3::prelude::*;

use crate::array::order::Order;
use crate::array::raw;
use crate::array::untyped::{PyUntypedArray, PyUntypedArrayMethods};
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::dtype::fields::by_name;
use crate::error::BorrowError;
use crate::npyffi::{NPY_ARRAY_FORCECAST, PY_ARRAY_API};

/// What `numpy.asarray(ob, dtype)` makes of an object, where values are converted to the dtype
/// whether they fit or not.
///
/// # Errors
///
/// NumPy's.
pub(crate) fn from_any<'py>(
    ob: &Bound<'py, PyAny>,
    descr: Option<Bound<'py, PyArrayDescr>>,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    let py = ob.py();
    let (descr, flags) = match descr {
        Some(descr) => (descr.into_dtype_ptr(), NPY_ARRAY_FORCECAST),
        None => (std::ptr::null_mut(), 0),
    };
    // SAFETY: a live object, and NULL or a descriptor whose reference is given up, as the
    // function asks.
    let array = unsafe {
        PY_ARRAY_API.PyArray_FromAny(py, ob.as_ptr(), descr, 0, 0, flags, std::ptr::null_mut())
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    let array = unsafe { Bound::from_owned_ptr_or_err(py, array) }?;
    // SAFETY: the function returns arrays.
    Ok(unsafe { array.cast_into_unchecked() })
}

/// A copy of an array with its elements converted to another dtype, whether they fit or not.
///
/// # Errors
///
/// NumPy's.
pub(crate) fn cast<'py>(
    array: &Bound<'py, PyUntypedArray>,
    descr: Bound<'py, PyArrayDescr>,
    order: Order,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    let py = array.py();
    // SAFETY: an array, and a descriptor whose reference is given up, as the function asks.
    let array = unsafe {
        PY_ARRAY_API.PyArray_CastToType(
            py,
            array.as_ptr().cast(),
            descr.into_dtype_ptr(),
            order.is_fortran(),
        )
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    let array = unsafe { Bound::from_owned_ptr_or_err(py, array) }?;
    // SAFETY: the function returns arrays.
    Ok(unsafe { array.cast_into_unchecked() })
}

/// A copy of an array of records with the fields that `wanted` has, each found by its name and
/// converted.
///
/// # Errors
///
/// If a field is missing, or has a type that `wanted` cannot take unless `any_type`; and NumPy's.
pub(crate) fn cast_by_name<'py>(
    array: &Bound<'py, PyUntypedArray>,
    wanted: Bound<'py, PyArrayDescr>,
    any_type: bool,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    let py = array.py();
    let found = array.dtype();
    let descr = by_name(&found, &wanted, any_type)?;
    // SAFETY: an array; no Python code runs while the fields are in use.
    let parts = unsafe { raw::parts(array) };
    if !parts.descr.is(&found) {
        return Err(BorrowError::Changed.into());
    }
    // SAFETY: the fields of `descr` are some of those of the array's own dtype, and the new array,
    // which cannot be written to, does not outlive this function.
    let from = unsafe {
        let (data, strides) = (parts.data.cast(), parts.strides.as_ptr());
        raw::from_parts(descr, parts.shape, strides, data, 0)
    }?;
    let ndim = parts.shape.len() as std::ffi::c_int;
    // What belongs to no field is to be zero.
    // SAFETY: a shape of `ndim` lengths, and a descriptor whose reference is given up, as the
    // function asks.
    let to = unsafe {
        let dims = parts.shape.as_ptr().cast_mut().cast();
        PY_ARRAY_API.PyArray_Zeros(py, ndim, dims, wanted.into_dtype_ptr(), 0)
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    let to = unsafe { Bound::from_owned_ptr_or_err(py, to) }?;
    // SAFETY: an array.
    let from = unsafe { from.cast_into_unchecked() };
    // SAFETY: an array.
    let to = unsafe { to.cast_into_unchecked() };
    copy_into(&from, &to)?;
    Ok(to)
}

/// Copies the elements of one array to another, converting and broadcasting them.
///
/// # Errors
///
/// NumPy's.
pub(crate) fn copy_into(
    from: &Bound<'_, PyUntypedArray>,
    to: &Bound<'_, PyUntypedArray>,
) -> PyResult<()> {
    let py = from.py();
    // SAFETY: both are arrays.
    let rc = unsafe { PY_ARRAY_API.PyArray_CopyInto(py, to.as_ptr().cast(), from.as_ptr().cast()) };
    if rc < 0 {
        return Err(PyErr::fetch(py));
    }
    Ok(())
}

/// Whether every value of the first dtype is one of the second.
pub(crate) fn is_safe_cast(from: &Bound<'_, PyArrayDescr>, to: &Bound<'_, PyArrayDescr>) -> bool {
    // SAFETY: both are live descriptors.
    unsafe {
        PY_ARRAY_API.PyArray_CanCastTo(from.py(), from.as_dtype_ptr(), to.as_dtype_ptr()) != 0
    }
}
