//! Arrays over memory that a Rust value owns.

use std::mem::{forget, needs_drop};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::ffi;
use pyo3::prelude::*;

use crate::array::raw;
use crate::dtype::descr::PyArrayDescr;
use crate::element::padding::clear_padding;
use crate::element::trait_::Element;
use crate::npyffi::{NPY_ARRAY_WRITEABLE, PY_ARRAY_API};

/// A writeable array over memory that `owner` owns; the array keeps `owner` alive.
///
/// # Errors
///
/// NumPy's, and `owner` is dropped.
///
/// # Safety
///
/// `locate` returns the address of the first element, and with this shape and these byte strides
/// all elements are initialised values of `descr`, readable and writeable for as long as `owner`
/// lives, wherever it is moved. What has to be done to drop `owner`, beyond freeing memory, is to
/// drop values of type `T`, which is sound on any attached thread.
pub(crate) unsafe fn array_over<'py, T: Element, O: Send>(
    descr: Bound<'py, PyArrayDescr>,
    shape: &[usize],
    strides: &[isize],
    owner: O,
    locate: impl FnOnce(&mut O) -> *mut u8,
) -> PyResult<Bound<'py, PyAny>> {
    let mut owner = Box::new(owner);
    let data = locate(&mut owner);
    // SAFETY: the caller's promise; nothing refers to the elements yet.
    unsafe { clear_padding::<T>(data, shape, strides) };
    let base = into_capsule::<T, O>(descr.py(), owner)?;
    // SAFETY: the caller's promise, and `base` keeps `owner` alive.
    unsafe { array_within(descr, shape, strides, data, base) }
}

/// Refers to memory that the Python object `base` keeps alive.
///
/// # Errors
///
/// NumPy's.
///
/// # Safety
///
/// The elements with this shape and these byte strides from `data` on are initialised values of
/// `descr`, readable for as long as `base` lives, and writeable if anything writes to the array.
pub(crate) unsafe fn array_within<'py>(
    descr: Bound<'py, PyArrayDescr>,
    shape: &[usize],
    strides: &[isize],
    data: *mut u8,
    base: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the caller's promise; until the base is set, the array does not leave this function,
    // and from then on it keeps the base alive.
    let array = unsafe {
        raw::from_parts(
            descr,
            shape,
            strides.as_ptr(),
            data.cast(),
            NPY_ARRAY_WRITEABLE,
        )
    }?;
    // SAFETY: both are live; the reference to `base` is given up, as the function asks, which
    // drops it on failure.
    let rc = unsafe {
        PY_ARRAY_API.PyArray_SetBaseObject(array.py(), array.as_ptr().cast(), base.into_ptr())
    };
    if rc < 0 {
        return Err(PyErr::fetch(array.py()));
    }
    Ok(array)
}

/// A Python object that drops the value when it dies.
fn into_capsule<T, O: Send>(py: Python<'_>, owner: Box<O>) -> PyResult<Bound<'_, PyAny>> {
    let pointer = Box::into_raw(owner);
    // SAFETY: the pointer is not NULL, and no name is needed by our own destructor.
    let capsule =
        unsafe { ffi::PyCapsule_New(pointer.cast(), std::ptr::null(), Some(drop_owner::<T, O>)) };
    if capsule.is_null() {
        // SAFETY: the capsule does not exist, so the box is still ours alone.
        drop(unsafe { Box::from_raw(pointer) });
        return Err(PyErr::fetch(py));
    }
    // SAFETY: an owned reference.
    Ok(unsafe { Bound::from_owned_ptr(py, capsule) })
}

/// The destructor of the capsules that `into_capsule` makes.
///
/// # Safety
///
/// Called once, by Python, with such a capsule for the same `O`.
unsafe extern "C" fn drop_owner<T, O>(capsule: *mut ffi::PyObject) {
    // SAFETY: the capsule is live and has no name.
    let pointer = unsafe { ffi::PyCapsule_GetPointer(capsule, std::ptr::null()) };
    // SAFETY: the pointer is that of a box of `O`, which nothing else owns.
    let owner = unsafe { Box::from_raw(pointer.cast::<O>()) };
    let drop_it = AssertUnwindSafe(|| {
        if needs_drop::<T>() {
            // Python calls this on an attached thread, but PyO3, which does not know, would put
            // off the release of objects to its next turn.
            Python::try_attach(|_| drop(owner));
        } else {
            drop(owner);
        }
    });
    // A panic must not unwind into Python, and there is nobody to report it to: the panic hook
    // has printed it. What the value owned beyond it is leaked, and so is the panic's payload,
    // which might panic in turn.
    if let Err(payload) = catch_unwind(drop_it) {
        forget(payload);
    }
}
