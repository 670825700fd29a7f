//! Reading the fields of an array object, and creating one from its parts.
//!
//! NumPy takes no lock when Python code changes the shape, strides, dtype or flags of an array.
//! With the GIL, what is read here in one go belongs together. On a free-threaded interpreter,
//! changing them while another thread uses the array is a data race that NumPy has as well.

use std::ffi::{c_int, c_void};
use std::ptr;

use pyo3::prelude::*;
use pyo3::{Borrowed, ffi};

use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::npyffi::{
    _PyArray_GET_ITEM_DATA, NpyTypes, PY_ARRAY_API, PyArrayObject, PyArrayObject_fields,
    get_type_object,
};

/// The fields of an array object.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`.
#[inline]
unsafe fn fields(array: &Bound<'_, PyAny>) -> *mut PyArrayObject_fields {
    // SAFETY: the caller's promise.
    unsafe { _PyArray_GET_ITEM_DATA(array.as_ptr().cast::<PyArrayObject>()) }
}

/// The address of the first element.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`.
#[inline]
pub(crate) unsafe fn data(array: &Bound<'_, PyAny>) -> *mut u8 {
    // SAFETY: the caller's promise.
    let fields = unsafe { fields(array) };
    // SAFETY: the fields of a live array.
    unsafe { (*fields).data }.cast()
}

/// The number of dimensions.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`.
#[inline]
pub(crate) unsafe fn ndim(array: &Bound<'_, PyAny>) -> usize {
    // SAFETY: the caller's promise.
    let fields = unsafe { fields(array) };
    // SAFETY: the fields of a live array.
    unsafe { (*fields).nd }.max(0) as usize
}

/// The flags `NPY_ARRAY_*`.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`.
#[inline]
pub(crate) unsafe fn flags(array: &Bound<'_, PyAny>) -> c_int {
    // SAFETY: the caller's promise.
    let fields = unsafe { fields(array) };
    // SAFETY: the fields of a live array.
    unsafe { (*fields).flags }
}

/// Sets flags.
///
/// # Safety
///
/// `array` is a `numpy.ndarray` of which the flags are true, and no other thread changes its flags.
pub(crate) unsafe fn set_flags(array: &Bound<'_, PyAny>, flags: c_int) {
    // SAFETY: the caller's promise.
    let fields = unsafe { fields(array) };
    // SAFETY: the fields of a live array.
    unsafe { (*fields).flags |= flags };
}

/// Clears flags.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`, and no other thread changes its flags.
pub(crate) unsafe fn clear_flags(array: &Bound<'_, PyAny>, flags: c_int) {
    // SAFETY: the caller's promise.
    let fields = unsafe { fields(array) };
    // SAFETY: the fields of a live array.
    unsafe { (*fields).flags &= !flags };
}

/// The lengths of the axes.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`, and nothing changes its shape while the slice is in use.
#[inline]
pub(crate) unsafe fn shape<'a>(array: &'a Bound<'_, PyAny>) -> &'a [usize] {
    // SAFETY: the caller's promise.
    let fields = unsafe { fields(array) };
    // SAFETY: the fields of a live array.
    let dims = unsafe { (*fields).dimensions };
    // SAFETY: the caller's promise.
    match unsafe { ndim(array) } {
        0 => &[],
        // SAFETY: NumPy keeps `ndim` numbers there, none of which is negative.
        ndim => unsafe { std::slice::from_raw_parts(dims.cast::<usize>(), ndim) },
    }
}

/// The distances of neighbours along each axis, in bytes.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`, and nothing changes its strides while the slice is in use.
#[inline]
pub(crate) unsafe fn strides<'a>(array: &'a Bound<'_, PyAny>) -> &'a [isize] {
    // SAFETY: the caller's promise.
    let fields = unsafe { fields(array) };
    // SAFETY: the fields of a live array.
    let strides = unsafe { (*fields).strides };
    // SAFETY: the caller's promise.
    match unsafe { ndim(array) } {
        0 => &[],
        // SAFETY: NumPy keeps `ndim` numbers there.
        ndim => unsafe { std::slice::from_raw_parts(strides.cast::<isize>(), ndim) },
    }
}

/// The type descriptor.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`, and nothing changes its dtype while the reference is in use.
#[inline]
pub(crate) unsafe fn descr<'a, 'py>(
    array: &'a Bound<'py, PyAny>,
) -> Borrowed<'a, 'py, PyArrayDescr> {
    // SAFETY: the caller's promise.
    let fields = unsafe { fields(array) };
    // SAFETY: the fields of a live array.
    let descr = unsafe { (*fields).descr };
    // SAFETY: an array holds a reference to its descriptor.
    let any = unsafe { Borrowed::from_ptr(array.py(), descr.cast()) };
    // SAFETY: as above.
    unsafe { any.cast_unchecked() }
}

/// The fields of an array that describe its elements.
pub(crate) struct Parts<'a, 'py> {
    pub(crate) data: *mut u8,
    pub(crate) shape: &'a [usize],
    pub(crate) strides: &'a [isize],
    pub(crate) flags: c_int,
    pub(crate) descr: Borrowed<'a, 'py, PyArrayDescr>,
}

/// Reads the fields in one go.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`, and nothing changes its fields while the result is in use.
#[inline]
pub(crate) unsafe fn parts<'a, 'py>(array: &'a Bound<'py, PyAny>) -> Parts<'a, 'py> {
    Parts {
        // SAFETY: the caller's promise.
        data: unsafe { data(array) },
        // SAFETY: the caller's promise.
        shape: unsafe { shape(array) },
        // SAFETY: the caller's promise.
        strides: unsafe { strides(array) },
        // SAFETY: the caller's promise.
        flags: unsafe { flags(array) },
        // SAFETY: the caller's promise.
        descr: unsafe { descr(array) },
    }
}

/// A new array over given memory, or over memory of its own where `data` is NULL.
///
/// Its own memory is uninitialised, except that object pointers are NULL.
///
/// # Errors
///
/// NumPy's `ValueError` for impossible shapes and its `MemoryError`.
///
/// # Safety
///
/// If `data` is not NULL, the elements with this shape and these strides starting there are
/// readable (and writeable, if `flags` says so) for as long as the array lives. `strides` is
/// NULL or points to as many strides as `shape` has lengths; `flags` is then the order of
/// memory to be allocated.
pub(crate) unsafe fn from_parts<'py>(
    descr: Bound<'py, PyArrayDescr>,
    shape: &[usize],
    strides: *const isize,
    data: *mut c_void,
    flags: c_int,
) -> PyResult<Bound<'py, PyAny>> {
    let py = descr.py();
    // SAFETY: the type is one of those that every NumPy exports.
    let ty = unsafe { get_type_object(py, NpyTypes::PyArray_Type) };
    // More dimensions than fit a C int are more than NumPy allows; it says so.
    let ndim = c_int::try_from(shape.len()).unwrap_or(c_int::MAX);
    // SAFETY: `descr` gives up its reference, as the function asks; shape and strides are `ndim`
    // numbers each, which NumPy copies (a length beyond `isize::MAX` is refused as negative);
    // the rest is the caller's promise.
    let array = unsafe {
        PY_ARRAY_API.PyArray_NewFromDescr(
            py,
            ty,
            descr.into_dtype_ptr(),
            ndim,
            shape.as_ptr().cast_mut().cast(),
            strides.cast_mut().cast(),
            data,
            flags,
            ptr::null_mut::<ffi::PyObject>(),
        )
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(py, array) }
}
