//! Other shapes of the same array.

use std::ffi::c_int;
use std::ptr;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::array::raw;
use crate::npyffi::{NPY_ORDER, PY_ARRAY_API, PyArray_Dims, is_numpy_2, npy_intp};

/// Lengths of axes, or numbers of axes, as NumPy's functions take them.
///
/// NumPy reads a length of -1 as "whatever is left", cuts the numbers of axes to a C int, and
/// does not count how many there are before it copies them to the stack.
fn checked(py: Python<'_>, numbers: &[usize], limit: usize) -> PyResult<Vec<npy_intp>> {
    let most = if is_numpy_2(py) { 64 } else { 32 };
    if numbers.len() > most {
        return Err(PyValueError::new_err(format!(
            "arrays have at most {most} dimensions, not {}",
            numbers.len()
        )));
    }
    let convert = |&number: &usize| match npy_intp::try_from(number) {
        Ok(converted) if number <= limit => Ok(converted),
        _ => Err(PyValueError::new_err(format!(
            "{number} is out of bounds: lengths and numbers of axes are at most {limit} here"
        ))),
    };
    numbers.iter().map(convert).collect()
}

/// The most that an axis can be long.
const MAX_LEN: usize = npy_intp::MAX as usize;

fn as_dims(numbers: &mut [npy_intp]) -> PyArray_Dims {
    PyArray_Dims {
        ptr: numbers.as_mut_ptr(),
        // `checked` allows at most 64 of them.
        len: numbers.len() as c_int,
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
    let py = array.py();
    // SAFETY: the caller's promise.
    let last = unsafe { raw::ndim(array) }.saturating_sub(1);
    let mut axes = axes.map(|axes| checked(py, axes, last)).transpose()?;
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
    let mut shape = checked(array.py(), shape, MAX_LEN)?;
    let mut dims = as_dims(&mut shape);
    // SAFETY: an array and lengths that outlive the call, of which none is negative.
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
    let mut shape = checked(array.py(), shape, MAX_LEN)?;
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
