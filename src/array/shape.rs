//! Other shapes of the same array.

use std::ptr;

use pyo3::prelude::*;

use crate::npyffi::{NPY_ORDER, PY_ARRAY_API, PyArray_Dims};

/// Lengths of axes, or numbers of axes, as NumPy's functions take them.
fn as_dims(numbers: &mut [usize]) -> PyArray_Dims {
    PyArray_Dims {
        ptr: numbers.as_mut_ptr().cast(),
        // More than fit a C int are more than NumPy allows; it says so.
        len: std::ffi::c_int::try_from(numbers.len()).unwrap_or(std::ffi::c_int::MAX),
    }
}

/// A view with the axes in another order, reversed if none is given.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`.
pub(crate) unsafe fn permute<'py>(
    array: &Bound<'py, PyAny>,
    axes: Option<&[usize]>,
) -> PyResult<Bound<'py, PyAny>> {
    let mut axes = axes.map(<[usize]>::to_vec);
    let mut dims = axes.as_deref_mut().map(as_dims);
    let dims = dims.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
    // SAFETY: an array, and NULL or numbers that outlive the call.
    let view = unsafe { PY_ARRAY_API.PyArray_Transpose(array.py(), array.as_ptr().cast(), dims) };
    // SAFETY: an owned reference, or NULL with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(array.py(), view) }
}

/// An array of another shape with the same elements: a view, or a copy where there is no view.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`.
pub(crate) unsafe fn reshape<'py>(
    array: &Bound<'py, PyAny>,
    shape: &[usize],
    order: NPY_ORDER,
) -> PyResult<Bound<'py, PyAny>> {
    let mut shape = shape.to_vec();
    let mut dims = as_dims(&mut shape);
    // SAFETY: an array and lengths that outlive the call, our own, as NumPy may write to them.
    let reshaped = unsafe {
        PY_ARRAY_API.PyArray_Newshape(array.py(), array.as_ptr().cast(), &mut dims, order)
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(array.py(), reshaped) }
}

/// Changes the length of the memory that an array owns.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`, and nothing refers to its elements.
pub(crate) unsafe fn resize(array: &Bound<'_, PyAny>, shape: &[usize]) -> PyResult<()> {
    let mut shape = shape.to_vec();
    let mut dims = as_dims(&mut shape);
    // SAFETY: an array and lengths that outlive the call; the rest is the caller's promise.
    let none = unsafe {
        PY_ARRAY_API.PyArray_Resize(
            array.py(),
            array.as_ptr().cast(),
            &mut dims,
            1,
            NPY_ORDER::NPY_ANYORDER,
        )
    };
    // SAFETY: an owned reference to None, or NULL with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(array.py(), none) }.map(drop)
}
